// Making and opening the database, and its readers; the writing is in group_writer.cpp.
#include "store/sqlite_store.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "store/group_writer.hpp"
#include "store/lock_file.hpp"
#include "store/migrations.hpp"
#include "store/queries.hpp"
#include "store/tables.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace comity::store {

namespace {

constexpr Query use_log{"use_log", "PRAGMA journal_mode = WAL"};

bool exists(const std::string& path) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) == 0) return true;
    if (errno != ENOENT && errno != ENOTDIR) fail_call(errno, "look for the database", path);
    return false;
}

/// Without the write-ahead log readers would wait for the writer; some network file systems
/// cannot have it, and a node must not find that out under load.
void demand_log(Connection& connection) {
    Cursor cursor = connection.query(use_log);
    if (!cursor.step() || cursor.text(0) != "wal")
        throw Fault(
            fmt::format("{}: this file system cannot hold a write-ahead log", connection.path()));
}

std::span<const Migration> migrations_of(const SqliteOptions& options) {
    return options.migrations != nullptr ? *options.migrations : migrations();
}

void remove_leftovers(const std::string& path) {
    for (const char* end : {"", "-journal", "-wal", "-shm"}) {
        if (::unlink((path + end).c_str()) != 0 && errno != ENOENT)
            fail_call(errno, "remove a leftover", path + end);
    }
}

/// The whole schema in a file of another name, closed and synced.
Result<std::int64_t> build(const std::string& path, const SqliteOptions& options) {
    {
        const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!file.is_open()) fail_call(errno, "create", path);
    }
    Connection connection(path, Connection::Mode::write, options.vfs);
    TRY(const auto version, migrate(connection, migrations_of(options)));
    connection.exec(fmt::format("PRAGMA application_id = {}", application_id));
    demand_log(connection);
    return version;
}

/// The reader that this thread is inside of, if any: a read inside a read is the same read.
struct Current {
    const void* store = nullptr;
    node::StoreReader* reader = nullptr;
};

thread_local Current current; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

} // namespace

class SqliteStore::Impl {
public:
    Impl(Descriptor lock, std::string path, SqliteOptions options);

    void read(const std::function<void(node::StoreReader&)>& work);

    void write(const GroupWriter::Work& work) { writer_.write(work); }

    void back_up(const std::string& to);

private:
    std::unique_ptr<Connection> connect(Connection::Mode mode) const;
    std::unique_ptr<Connection> take_reader();
    void give_reader(std::unique_ptr<Connection> connection);

    Descriptor lock_; // first made, last given back
    std::string path_;
    SqliteOptions options_;
    GroupWriter writer_;

    std::mutex mutex_;
    std::condition_variable reader_came_;
    std::vector<std::unique_ptr<Connection>> idle_; // guarded by mutex_
    std::size_t taken_ = 0;                         // guarded by mutex_
};

SqliteStore::Impl::Impl(Descriptor lock, std::string path, SqliteOptions options)
    : lock_(std::move(lock)),
      path_(std::move(path)),
      options_(std::move(options)),
      writer_([this] { return connect(Connection::Mode::write); }, options_.group, options_.queue) {
    CHECK_THAT(options_.readers > 0);
    // One reader is opened now, before any write, and kept. While any connection is, SQLite keeps
    // its index of the log, and a commit that failed at its fsync is overwritten and never found
    // again by a recovery.
    auto first = connect(Connection::Mode::read);
    ReadTables(*first).leaf_count();
    idle_.push_back(std::move(first));
}

std::unique_ptr<Connection> SqliteStore::Impl::connect(Connection::Mode mode) const {
    return std::make_unique<Connection>(path_, mode, options_.vfs);
}

std::unique_ptr<Connection> SqliteStore::Impl::take_reader() {
    std::unique_lock lock(mutex_);
    reader_came_.wait(lock, [&] { return taken_ < options_.readers; });
    ++taken_;
    if (idle_.empty()) return nullptr;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
}

void SqliteStore::Impl::give_reader(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        --taken_;
        if (connection) idle_.push_back(std::move(connection));
    }
    reader_came_.notify_one();
}

void SqliteStore::Impl::read(const std::function<void(node::StoreReader&)>& work) {
    if (current.store == this) {
        work(*current.reader);
        return;
    }
    auto connection = take_reader();
    const Current outer = current;
    try {
        if (!connection) connection = connect(Connection::Mode::read);
        ReadTables tables(*connection);
        connection->run(sql::begin_read);
        current = {this, &tables};
        work(tables);
        current = outer;
        connection->run(sql::commit);
    } catch (...) {
        current = outer;
        try {
            if (connection && connection->in_transaction()) connection->run(sql::rollback);
        } catch (const Fault&) {
            // A reader that cannot even end its view is closed, and another one opened when needed.
            connection.reset();
        }
        give_reader(std::move(connection));
        throw;
    }
    give_reader(std::move(connection));
}

void SqliteStore::Impl::back_up(const std::string& to) {
    // A connection of its own, so that readers and the writer go on.
    store::back_up(*connect(Connection::Mode::read), to);
}

SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::create(
    const std::string& path, const SqliteOptions& options) {
    {
        TRY(const Descriptor lock, take_lock(path));
        if (exists(path)) return refuse(Code::already_exists, fmt::format("{} exists.", path));
        const std::string fresh = path + "~";
        remove_leftovers(fresh);
        TRY_VOID(build(fresh, options));
        // link and not rename: what came meanwhile under the name is not overwritten.
        if (::link(fresh.c_str(), path.c_str()) != 0) {
            if (errno == EEXIST)
                return refuse(Code::already_exists, fmt::format("{} exists.", path));
            fail_call(errno, "name the new database", path);
        }
        remove_leftovers(fresh);
        sync_directory(directory_of(path));
    }
    return open(path, options);
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(
    const std::string& path, const SqliteOptions& options) {
    if (!exists(path)) return refuse(Code::not_initialised, fmt::format("There is no {}.", path));
    TRY(Descriptor lock, take_lock(path));
    {
        Connection connection(path, Connection::Mode::write, options.vfs);
        if (schema_version(connection) == 0) {
            return refuse(
                Code::not_initialised, fmt::format("{} is not a database of a node.", path));
        }
        demand_log(connection);
        TRY_VOID(migrate(connection, migrations_of(options)));
    }
    auto impl = std::make_unique<Impl>(std::move(lock), path, options);
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(impl)));
}

void SqliteStore::read(const std::function<void(node::StoreReader&)>& work) {
    impl_->read(work);
}

void SqliteStore::write(const std::function<void(node::StoreWriter&)>& work) {
    impl_->write(work);
}

void SqliteStore::back_up(const std::string& to) {
    impl_->back_up(to);
}

} // namespace comity::store
