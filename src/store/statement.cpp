// Connections, cursors and the words for a disk that fails.
#include "store/statement.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace comity::store {

namespace {

constexpr std::string_view nothing_written =
    "nothing of this was written, and what was acknowledged before is safe";

std::string disk_text(int code, int system_error) {
    const int primary = code & 0xff;
    if (primary == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT)
        return fmt::format("The disk is full: {}. Free some space and try again", nothing_written);
    if (primary == SQLITE_READONLY || system_error == EROFS)
        return fmt::format(
            "The disk is read-only: {}. Make it writable and try again", nothing_written);
    return fmt::format(
        "The disk does not work: {}. Look at the disk and the system's log", nothing_written);
}

bool is_disk(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: return true;
    default: return false;
    }
}

// SQLite counts every allocation under one lock for all threads; nobody reads those figures. Only
// before its first use can it be told.
void leave_memory_uncounted() {
    static const int told = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)told;
}

} // namespace

Connection::Connection(const std::string& path, Mode mode, const std::string& vfs) : path_(path) {
    leave_memory_uncounted();
    const int access = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(
        path.c_str(), &handle_, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        vfs.empty() ? nullptr : vfs.c_str());
    try {
        if (code != SQLITE_OK) fail(code, "open");
        sqlite3_busy_timeout(handle_, 10'000);
        // Nothing of a case may reach a temporary directory that is not ours.
        exec("PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
        if (mode == Mode::write) {
            // 32 MiB for pages: a group changes hundreds, and what does not fit is written twice.
            exec("PRAGMA cache_size = -32768; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                 // 64 MiB: the pages that every act touches are copied back once for many acts.
                 "PRAGMA wal_autocheckpoint = 16000;");
        }
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

Connection::~Connection() {
    for (const auto& [query, statement] : statements_)
        sqlite3_finalize(statement);
    const int code = sqlite3_close(handle_);
    CHECK_THAT(code == SQLITE_OK);
}

sqlite3_stmt* Connection::prepared(const Query& query) {
    if (demanded_ && !in_transaction()) {
        throw StorageFault(fmt::format(
            "The disk failed inside a transaction: {}. Try again. ({}, {})", nothing_written, path_,
            query.name));
    }
    if (const auto found = statements_.find(&query); found != statements_.end())
        return found->second;
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(
        handle_, query.sql.data(), static_cast<int>(query.sql.size()), SQLITE_PREPARE_PERSISTENT,
        &statement, nullptr);
    if (code != SQLITE_OK) fail(code, query.name);
    statements_.emplace(&query, statement);
    return statement;
}

void Connection::exec(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql.substr(0, 60));
}

std::int64_t Connection::number(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr);
    if (code != SQLITE_OK) fail(code, sql.substr(0, 60));
    code = sqlite3_step(statement);
    const std::int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code, sql.substr(0, 60));
    return value;
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

std::int64_t Connection::last_row() const {
    return sqlite3_last_insert_rowid(handle_);
}

void Connection::fail(int code, std::string_view doing) const {
    const std::string message = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    const std::string where = fmt::format("({}, {}: {}, code {})", path_, doing, message, code);
    if (is_disk(code)) {
        const int system_error = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
        throw StorageFault(fmt::format("{}. {}", disk_text(code, system_error), where));
    }
    throw Fault(fmt::format("The database refused a statement {}", where));
}

Cursor::Cursor(Connection& connection, const Query& query, Bound bound, Prepared /*prepared*/)
    : connection_(connection),
      query_(query),
      statement_(connection.prepared(query)),
      keep_(bound == Bound::copied ? SQLITE_TRANSIENT : SQLITE_STATIC) {
    // A statement serves one cursor at a time.
    CHECK_THAT(sqlite3_stmt_busy(statement_) == 0);
}

Cursor::~Cursor() {
    sqlite3_reset(statement_);
    // Parts and evidence can be large, and what was bound in place goes its own way: nothing of it
    // is kept.
    sqlite3_clear_bindings(statement_);
}

void Cursor::check(int code) {
    if (code != SQLITE_OK) connection_.fail(code, query_.name);
}

void Cursor::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, ++bound_, value));
}

void Cursor::bind(std::string_view text) {
    // A null pointer would be bound as NULL; an empty text is a value.
    const char* data = text.data() == nullptr ? "" : text.data();
    check(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), keep_, SQLITE_UTF8));
}

void Cursor::bind(Blob blob) {
    const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
    check(sqlite3_bind_blob64(statement_, ++bound_, data, blob.bytes.size(), keep_));
}

void Cursor::bind(const std::optional<Instant>& instant) {
    if (instant)
        bind(*instant);
    else
        check(sqlite3_bind_null(statement_, ++bound_));
}

void Cursor::bind(const std::optional<std::int64_t>& number) {
    if (number)
        bind(*number);
    else
        check(sqlite3_bind_null(statement_, ++bound_));
}

void Cursor::bind(const std::optional<Digest>& digest) {
    if (digest)
        bind(*digest);
    else
        check(sqlite3_bind_null(statement_, ++bound_));
}

void Cursor::bind(const std::optional<Blob>& blob) {
    if (blob)
        bind(*blob);
    else
        check(sqlite3_bind_null(statement_, ++bound_));
}

bool Cursor::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) connection_.fail(code, query_.name);
    return false;
}

std::int64_t Cursor::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string Cursor::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Bytes Cursor::blob(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Digest Cursor::digest(int column) const {
    const auto value = digest_from(blob(column));
    if (!value) connection_.fail(SQLITE_CORRUPT, query_.name);
    return *value;
}

bool Cursor::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

} // namespace comity::store
