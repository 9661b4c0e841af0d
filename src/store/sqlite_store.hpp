// The store on SQLite: one file, one process, one writer's thread that commits in groups, and a
// few connections for readers, which never wait for the writer (write-ahead log).
#pragma once

#include "base/limits.hpp"
#include "base/refusal.hpp"
#include "node/ports.hpp"

#include <memory>
#include <span>
#include <string>

namespace comity::store {

struct Migration;

struct SqliteOptions {
    std::size_t group =
        limits::store_group_writes; ///< writes that one fsync makes durable, at most
    std::size_t queue =
        limits::store_queue_writes;              ///< writes that wait; more callers are held back
    std::size_t readers = limits::store_readers; ///< reads at the same time; more callers wait
    const std::span<const Migration>* migrations = nullptr; ///< null: those of src/store/schema
    std::string vfs; ///< the name of a SQLite VFS; empty: the system's
};

class SqliteStore final : public node::Store {
public:
    /// Makes a new database and opens it. Refuses already_exists, store_in_use. Either the whole
    /// database is there afterwards or nothing is: it is built beside and then named.
    static Result<std::unique_ptr<SqliteStore>> create(
        const std::string& path, const SqliteOptions& options = {});
    /// Opens what create made; starting never creates. Refuses not_initialised, store_in_use,
    /// schema_newer. Runs missing migrations, after a copy of the file was made beside it.
    static Result<std::unique_ptr<SqliteStore>> open(
        const std::string& path, const SqliteOptions& options = {});
    /// Finishes the writes that wait, then closes. No call may be running or come later.
    ~SqliteStore() override;
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    /// A read inside a read on the same thread sees the same view.
    void read(const std::function<void(node::StoreReader&)>& work) override;
    /// A read inside `work` sees what was committed before, not what `work` wrote.
    void write(const std::function<void(node::StoreWriter&)>& work) override;

    /// A consistent copy of the database as one new file; does not stop anybody.
    void back_up(const std::string& to);

private:
    class Impl;
    explicit SqliteStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace comity::store
