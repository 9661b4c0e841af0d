// What was acknowledged stays, whatever happens: many writers at once, writes that throw, kill -9,
// loss of power, a full disk, a failing one, a read-only one.
#include "base/fault.hpp"
#include "store/file_store.hpp"
#include "store/sqlite_store.hpp"
#include "support/store_disk.hpp"
#include "support/store_samples.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <random>
#include <set>
#include <thread>

using namespace comity;
using namespace comity::test;
using node::StoreReader;
using node::StoreWriter;
using store::SqliteOptions;
using store::SqliteStore;

namespace {

/// One transaction over two tables: a leaf, and a setting that must always tell the same count.
std::int64_t add(node::Store& store, const Bytes& entry) {
    std::int64_t index = -1;
    store.write([&](StoreWriter& w) {
        index = w.add_leaf(entry);
        w.put_setting("count", std::to_string(index + 1));
    });
    return index;
}

std::vector<Bytes> leaves(node::Store& store) {
    std::vector<Bytes> result;
    store.read([&](StoreReader& r) {
        result = r.leaves(0, 1'000'000);
        REQUIRE(static_cast<std::int64_t>(result.size()) == r.leaf_count());
        REQUIRE(
            r.setting("count").value_or("0") ==
            std::to_string(result.size())); // never half a transaction
    });
    return result;
}

/// A small file system in memory, where the machine lets us mount one.
class SmallDisk {
public:
    explicit SmallDisk(const std::string& path, const char* size) : path_(path) {
        std::filesystem::create_directory(path);
        mounted_ = ::mount("comity-test", path.c_str(), "tmpfs", 0, size) == 0;
        if (!mounted_)
            MESSAGE(
                "SKIPPED: a small file system could not be mounted (needs root); the test with a failing disk stands in");
    }

    ~SmallDisk() {
        if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    }

    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }

    void remount(unsigned long flags, const char* size) const {
        REQUIRE(::mount("comity-test", path_.c_str(), "tmpfs", MS_REMOUNT | flags, size) == 0);
    }

private:
    std::string path_;
    bool mounted_ = false;
};

} // namespace

TEST_CASE(
    "64 callers at once: every write is there, each caller's in his order, and one that throws harms no other") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    constexpr int callers = 64;
    constexpr int each = 25;
    std::vector<std::vector<std::int64_t>> places(callers);
    {
        SqliteOptions options;
        options.queue = 20; // so that callers are held back too
        options.group = 16;
        const auto store = SqliteStore::create(path, options).value();
        std::latch start(callers);
        std::vector<std::thread> threads;
        std::atomic<int> thrown = 0;
        for (int i = 0; i < callers; ++i) {
            threads.emplace_back([&, i] {
                start.arrive_and_wait();
                for (int n = 0; n < each; ++n) {
                    places[static_cast<std::size_t>(i)].push_back(
                        add(*store, fmt::format("{}/{}", i, n)));
                    if (n % 5 != i % 5) continue;
                    try {
                        store->write([&](StoreWriter& w) {
                            w.add_leaf("never");
                            throw i;
                        });
                    } catch (int mine) {
                        if (mine == i) ++thrown;
                    }
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        CHECK(thrown == callers * each / 5);
    }
    const auto store = SqliteStore::open(path).value();
    const auto all = leaves(*store);
    REQUIRE(all.size() == callers * each);
    for (std::size_t i = 0; i < callers; ++i) {
        REQUIRE(std::is_sorted(places[i].begin(), places[i].end()));
        for (std::size_t n = 0; n < each; ++n)
            REQUIRE(all.at(static_cast<std::size_t>(places[i][n])) == fmt::format("{}/{}", i, n));
    }
}

TEST_CASE("a write that breaks a rule of the database harms no other of its group") {
    TemporaryDirectory directory;
    const auto store = SqliteStore::create(directory / "node.db").value();
    std::vector<std::thread> threads;
    std::atomic<int> faults = 0;
    for (int i = 0; i < 32; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 10; ++n) {
                add(*store, "x");
                if (i % 4 != 0) continue;
                try {
                    store->write([&](StoreWriter& w) {
                        w.add_leaf("never");
                        w.add_act(sample_act(1, case_number(9), 1)); // no such case
                    });
                } catch (const StorageFault&) {
                    FAIL_CHECK("the disk is well");
                } catch (const Fault&) {
                    ++faults;
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(faults == 80);
    CHECK(leaves(*store).size() == 320);
}

TEST_CASE("a process that is killed has lost nothing that it acknowledged") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        TemporaryDirectory directory;
        const std::string path = directory / "node.db";
        {
            REQUIRE(SqliteStore::create(path));
        }
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            const auto store = SqliteStore::open(path).value();
            std::vector<std::thread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    while (true) {
                        const std::int64_t index = add(*store, Bytes(200, 'k'));
                        if (::write(ends[1], &index, sizeof index) != sizeof index) ::_exit(1);
                    }
                });
            for (auto& thread : threads)
                thread.join();
        }
        ::close(ends[1]);
        std::set<std::int64_t> acknowledged;
        const std::size_t enough = 1 + random() % 300;
        std::int64_t index = 0;
        while (::read(ends[0], &index, sizeof index) == sizeof index) {
            acknowledged.insert(index);
            if (acknowledged.size() == enough) ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        REQUIRE(acknowledged.size() >= enough);
        const auto store = SqliteStore::open(path).value();
        const auto all = leaves(*store);
        REQUIRE(all.size() >= acknowledged.size());
        REQUIRE(static_cast<std::int64_t>(all.size()) > *acknowledged.rbegin());
        REQUIRE(add(*store, "goes on") == static_cast<std::int64_t>(all.size()));
    }
}

TEST_CASE("after a loss of power what was synced holds every acknowledged write") {
    SqliteOptions options;
    options.vfs = test_disk();
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        TemporaryDirectory directory;
        TemporaryDirectory synced;
        keep_synced(synced.path());
        const auto store = SqliteStore::create(directory / "node.db", options).value();
        // The database itself was renamed and synced when it was made; from then on only syncs
        // count.
        std::filesystem::copy_file(
            directory / "node.db", synced / "node.db",
            std::filesystem::copy_options::overwrite_existing);
        std::size_t acknowledged = 0;
        for (std::uint64_t n = 1 + random() % 60; n > 0; --n, ++acknowledged)
            add(*store, Bytes(random() % 60'000, 'p'));
        keep_synced("");
        for (const char* name : {"node.db~", "node.db~-wal", "node.db~-journal"})
            std::filesystem::remove(synced / name);
        const auto after = SqliteStore::open(synced / "node.db").value();
        REQUIRE(leaves(*after).size() == acknowledged);
    }
}

TEST_CASE(
    "a disk that fails at any write or sync: the caller hears it, nothing acknowledged is lost, and it works again after") {
    SqliteOptions options;
    options.vfs = test_disk();

    struct Row {
        int code;
        const char* text;
    };

    for (const Row& row :
         {Row{SQLITE_FULL, "The disk is full"}, Row{SQLITE_READONLY, "The disk is read-only"},
          Row{SQLITE_IOERR_WRITE, "The disk does not work"},
          Row{SQLITE_IOERR_FSYNC, "The disk does not work"}}) {
        for (const bool lasting : {false, true}) {
            TemporaryDirectory directory;
            const std::string path = directory / "node.db";
            std::vector<Bytes> expected;
            int faults = 0;
            auto store = SqliteStore::create(path, options).value();
            for (std::int64_t nth = 1; nth <= 14; ++nth) {
                CAPTURE(row.code);
                CAPTURE(nth);
                const Bytes entry = fmt::format("{}:{}", nth, std::string(9000, 'e'));
                fail_disk(nth, row.code, lasting);
                try {
                    add(*store, entry);
                    expected.push_back(entry);
                } catch (const StorageFault& fault) {
                    ++faults;
                    REQUIRE(std::string(fault.what()).find(row.text) != std::string::npos);
                    REQUIRE(
                        std::string(fault.what()).find("nothing of this was written") !=
                        std::string::npos);
                }
                REQUIRE(leaves(*store) == expected); // readers go on meanwhile
                mend_disk();
                add(*store, "mended");
                expected.emplace_back("mended");
                REQUIRE(leaves(*store) == expected);
            }
            REQUIRE(faults >= 4);
            store.reset();
            store = SqliteStore::open(path, options).value();
            REQUIRE(leaves(*store) == expected);
        }
    }
}

TEST_CASE("a failing disk fails a whole group with one voice") {
    SqliteOptions options;
    options.vfs = test_disk();
    TemporaryDirectory directory;
    const auto store = SqliteStore::create(directory / "node.db", options).value();
    std::vector<std::thread> threads;
    std::atomic<int> heard = 0;
    std::atomic<int> done = 0;
    fail_disk(1, SQLITE_FULL, true);
    for (int i = 0; i < 32; ++i) {
        threads.emplace_back([&] {
            try {
                add(*store, "x");
                ++done;
            } catch (const StorageFault&) {
                ++heard;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(heard == 32);
    CHECK(done == 0);
    mend_disk();
    CHECK(add(*store, "y") == 0);
}

TEST_CASE("a write that swallows the failure of the disk is not taken for done") {
    SqliteOptions options;
    options.vfs = test_disk();
    TemporaryDirectory directory;
    const auto store = SqliteStore::create(directory / "node.db", options).value();
    add(*store, "before");
    // More than SQLite keeps in memory, so that the disk fails in the middle and not at the commit.
    fail_disk(3, SQLITE_FULL, false);
    int swallowed = 0;
    CHECK_THROWS_AS(
        store->write([&](StoreWriter& w) {
            for (int i = 0; i < 1'000; ++i) {
                try {
                    w.add_leaf(Bytes(60'000, 'l'));
                } catch (const StorageFault&) {
                    ++swallowed;
                }
            }
        }),
        StorageFault);
    CHECK(swallowed > 1); // once SQLite has undone the transaction, nothing runs outside of it
    CHECK(mend_disk());
    CHECK(leaves(*store) == std::vector<Bytes>{"before"});
    CHECK(add(*store, "after") == 1);
}

TEST_CASE(
    "a disk that is really full: a clear word, nothing lost, and it goes on when there is space") {
    TemporaryDirectory directory;
    const SmallDisk disk(directory / "disk", "size=1m");
    if (!disk.mounted()) return;
    const std::string path = directory / "disk/node.db";
    std::size_t acknowledged = 0;
    {
        const auto store = SqliteStore::create(path).value();
        std::string told;
        while (told.empty() && acknowledged < 10'000) {
            try {
                add(*store, Bytes(10'000, 'f'));
                ++acknowledged;
            } catch (const StorageFault& fault) {
                told = fault.what();
            }
        }
        CHECK(told.find("The disk is full: nothing of this was written") == 0);
        CHECK(acknowledged > 10);
        CHECK(leaves(*store).size() == acknowledged);
        CHECK_THROWS_AS(add(*store, Bytes(100'000, 'f')), StorageFault);
        store::FileStore files(directory / "disk");
        CHECK_THROWS_AS(files.replace("file", Bytes(2'000'000, 'f')), StorageFault);
        CHECK_FALSE(files.read("file"));
        CHECK_THROWS_AS(files.append("other", 0, Bytes(2'000'000, 'f')), StorageFault);
        CHECK(files.size("other") == 0);
        disk.remount(0, "size=16m");
        add(*store, Bytes(10'000, 'f'));
        CHECK(leaves(*store).size() == acknowledged + 1);
        files.replace("file", Bytes(2'000'000, 'f'));
        CHECK(files.size("file") == 2'000'000);
        CHECK(files.append("other", 0, "kept") == 4);
        CHECK_THROWS_AS(
            files.append("other", 4, Bytes(30'000'000, 'f')), StorageFault); // cut short
        CHECK(files.read("other") == "kept");
        CHECK(files.append("other", 4, "!") == 5);
    }
    CHECK(leaves(*SqliteStore::open(path).value()).size() == acknowledged + 1);
}

TEST_CASE("a read-only disk: a clear word at the start and for files") {
    TemporaryDirectory directory;
    const SmallDisk disk(directory / "disk", "size=8m");
    if (!disk.mounted()) return;
    const std::string path = directory / "disk/node.db";
    {
        REQUIRE(SqliteStore::create(path));
    }
    store::FileStore files(directory / "disk");
    files.replace("file", "here");
    disk.remount(MS_RDONLY, "size=8m");
    const auto told = [](const std::function<void()>& work) -> std::string {
        try {
            work();
        } catch (const StorageFault& fault) {
            return fault.what();
        }
        return "nothing";
    };
    const std::string words = "The disk is read-only: nothing of this was written";
    CHECK(told([&] { static_cast<void>(SqliteStore::open(path)); }).find(words) == 0);
    CHECK(told([&] { static_cast<void>(SqliteStore::create(path + "2")); }).find(words) == 0);
    CHECK(told([&] { files.replace("file", "new"); }).find(words) == 0);
    CHECK(told([&] { files.append("file", 4, "new"); }).find(words) == 0);
    CHECK(told([&] { files.destroy("file"); }).find(words) == 0);
    CHECK(told([&] { files.rename("file", "other"); }).find(words) == 0);
    CHECK(files.read("file") == "here");
    disk.remount(0, "size=8m");
    files.replace("file", "new");
    CHECK(add(*SqliteStore::open(path).value(), "x") == 0);
}

TEST_CASE("a write inside a write is a bug and stops the process before it waits for itself") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    {
        REQUIRE(SqliteStore::create(path));
    }
    const pid_t child = ::fork();
    if (child == 0) {
        static_cast<void>(::freopen("/dev/null", "w", stderr));
        ::signal(SIGABRT, SIG_DFL); // doctest's own handler would report it as a failed test
        const auto store = SqliteStore::open(path).value();
        store->write([&](StoreWriter& w) {
            w.add_leaf("x");
            store->write([](StoreWriter&) {});
        });
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK_FALSE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    CHECK(leaves(*SqliteStore::open(path).value()).empty());
}
