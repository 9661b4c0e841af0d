// The sqlite3 C API behind three small types: a connection that keeps its prepared statements, a
// cursor over one running statement, and the translation of SQLite's codes into faults.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace comity::store {

/// SQL with a name. Each exists once (queries.hpp); its address is the key of the statement cache.
struct Query {
    std::string_view name;
    std::string_view sql;
};

/// Bytes to be bound as a BLOB; plain strings are bound as TEXT.
struct Blob {
    BytesView bytes;
};

class Cursor;

/// One connection, used by one thread at a time.
class Connection {
public:
    enum class Mode { read, write };

    /// Opens a database that exists. `vfs` empty: SQLite's own.
    Connection(const std::string& path, Mode mode, const std::string& vfs);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Binds the arguments in order and returns the cursor before its first row. What is bound is
    /// copied, so temporaries may be passed.
    template <class... Args>
    Cursor query(const Query& query, const Args&... args);
    /// For statements without rows. What is bound is read where it lies.
    template <class... Args>
    void run(const Query& query, const Args&... args);
    /// One or more statements from text that is ours (pragmas, migrations).
    void exec(const std::string& sql);
    /// The first column of the first row of a statement that is ours.
    std::int64_t number(const std::string& sql);

    [[nodiscard]] bool in_transaction() const;

    /// While demanded, no statement runs outside a transaction: on a full or failing disk SQLite
    /// may undo and end the transaction by itself, and what came after would be committed alone.
    void demand_transaction(bool demanded) { demanded_ = demanded; }

    [[nodiscard]] std::int64_t last_row() const;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// Throws StorageFault for a disk that is full, read-only or failing, Fault for the rest.
    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    friend class Cursor;
    sqlite3_stmt* prepared(const Query& query);

    std::string path_;
    sqlite3* handle_ = nullptr;
    bool demanded_ = false;
    std::unordered_map<const Query*, sqlite3_stmt*> statements_;
};

/// A running statement; the statement is reset when the cursor goes.
class Cursor {
public:
    /// How long what is bound stays where it is: until the next statement of the caller, who may
    /// have passed temporaries, or until this cursor has gone.
    enum class Bound { copied, in_place };

    template <class... Args>
    Cursor(Connection& connection, const Query& query, Bound bound, const Args&... args)
        : Cursor(connection, query, bound, Prepared{}) {
        (bind(args), ...);
    }

    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    void bind(std::int64_t value);
    void bind(std::string_view text);
    void bind(Blob blob);

    void bind(Instant instant) {
        bind(static_cast<std::int64_t>(instant.time_since_epoch().count()));
    }

    void bind(const Digest& digest) { bind(Blob{view(digest)}); }

    void bind(const std::optional<Instant>& instant);
    void bind(const std::optional<std::int64_t>& number);
    void bind(const std::optional<Digest>& digest);
    void bind(const std::optional<Blob>& blob);

    template <class Tag>
    void bind(const Id<Tag>& id) {
        bind(std::string_view(id.str()));
    }

    /// Steps to the next row; false at the end.
    bool step();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    [[nodiscard]] Digest digest(int column) const;

    [[nodiscard]] Instant instant(int column) const {
        return Instant(Milliseconds(integer(column)));
    }

    [[nodiscard]] bool is_null(int column) const;

private:
    struct Prepared {};

    Cursor(Connection& connection, const Query& query, Bound bound, Prepared prepared);
    void check(int code);

    Connection& connection_;
    const Query& query_;
    sqlite3_stmt* statement_;
    sqlite3_destructor_type keep_;
    int bound_ = 0;
};

template <class... Args>
Cursor Connection::query(const Query& query, const Args&... args) {
    return Cursor(*this, query, Cursor::Bound::copied, args...);
}

template <class... Args>
void Connection::run(const Query& query, const Args&... args) {
    Cursor cursor(*this, query, Cursor::Bound::in_place, args...);
    while (cursor.step()) {
    }
}

} // namespace comity::store
