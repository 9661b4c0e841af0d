// Running migrations, with a copy made before.
#include "store/migrations.hpp"

#include "base/fault.hpp"
#include "store/posix.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace comity::store {

namespace {

constexpr auto built_in = std::to_array<Migration>({
#include "store/schema.inc"
});

constexpr Query note_version{
    "note_version",
    "INSERT INTO schema_version (version, name, applied) VALUES (?, ?, unixepoch() * 1000)"};
constexpr Query vacuum_into{"vacuum_into", "VACUUM INTO ?"};

void run_one(Connection& connection, const Migration& migration) {
    connection.exec("BEGIN IMMEDIATE");
    try {
        connection.exec(std::string(migration.sql));
        connection.run(note_version, migration.version, migration.name);
        if (connection.number("SELECT count(*) FROM pragma_foreign_key_check") != 0)
            throw Fault("rows without the row they refer to are left");
        connection.exec("COMMIT");
    } catch (const StorageFault&) {
        if (connection.in_transaction()) connection.exec("ROLLBACK");
        throw;
    } catch (const Fault& fault) {
        if (connection.in_transaction()) connection.exec("ROLLBACK");
        throw Fault(fmt::format(
            "Migration {} ({}) of {} failed, and the database is as it was: {}", migration.version,
            migration.name, connection.path(), fault.what()));
    }
}

std::string backup_name(const Connection& connection, std::int64_t version) {
    const std::string base = fmt::format("{}.before-{:03}", connection.path(), version);
    struct stat found{};
    std::string name = base;
    // A copy from an earlier try is never overwritten.
    for (int i = 1; ::lstat(name.c_str(), &found) == 0; ++i)
        name = fmt::format("{}-{}", base, i);
    return name;
}

} // namespace

std::span<const Migration> migrations() {
    return built_in;
}

std::int64_t schema_version(Connection& connection) {
    if (connection.number("PRAGMA application_id") != application_id) return 0;
    return connection.number("SELECT max(version) FROM schema_version");
}

Result<std::int64_t> migrate(Connection& connection, std::span<const Migration> all) {
    const std::int64_t newest = all.empty() ? 0 : all.back().version;
    const std::int64_t present = schema_version(connection);
    if (present > newest) {
        return refuse(
            Code::schema_newer, fmt::format(
                                    "{} has schema {}; this program knows up to {}.",
                                    connection.path(), present, newest));
    }
    if (present == newest) return present;
    if (present > 0) back_up(connection, backup_name(connection, present + 1));
    // Tables may be rebuilt, which would cascade; foreign_key_check looks at the result instead.
    connection.exec("PRAGMA foreign_keys = OFF");
    for (const auto& migration : all) {
        if (migration.version > present) run_one(connection, migration);
    }
    connection.exec("PRAGMA foreign_keys = ON");
    return newest;
}

void back_up(Connection& connection, const std::string& to) {
    // SQLite writes into an empty file that is there: so it is ours alone from the first byte on.
    const Descriptor file(::open(to.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) fail_call(errno, "create the copy", to);
    try {
        connection.run(vacuum_into, to);
        sync_file(file, to);
    } catch (...) {
        ::unlink(to.c_str());
        throw;
    }
    sync_directory(directory_of(to));
}

} // namespace comity::store
