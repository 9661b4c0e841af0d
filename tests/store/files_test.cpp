// Files: one suite for the real ones and those in memory, then what only a disk can show.
#include "base/fault.hpp"
#include "store/file_store.hpp"
#include "support/memory_store.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <random>
#include <thread>

using namespace comity;
using namespace comity::test;

namespace {

struct OnDisk {
    TemporaryDirectory directory;
    store::FileStore owned{directory.path()};
    node::Files& files = owned;
};

struct InMemory {
    MemoryFiles owned;
    node::Files& files = owned;
};

std::size_t files_below(const std::string& path) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
        count += entry.is_regular_file() ? 1U : 0U;
    return count;
}

} // namespace

TEST_CASE_TEMPLATE("files are replaced whole, alone and together", T, OnDisk, InMemory) {
    T subject;
    Bytes every;
    for (int i = 0; i < 256; ++i)
        every += static_cast<char>(i);
    CHECK_FALSE(subject.files.read("tile/0/x001/067"));
    subject.files.replace("tile/0/x001/067", every);
    CHECK(subject.files.read("tile/0/x001/067") == every);
    subject.files.replace_all(
        {{"tile/0/x001/067", ""}, {"tile/1/000.p/5", "b"}, {"checkpoint", "c"}});
    CHECK(subject.files.read("tile/0/x001/067") == Bytes());
    CHECK(subject.files.read("tile/1/000.p/5") == "b");
    CHECK(subject.files.read("checkpoint") == "c");
    CHECK(subject.files.size("checkpoint") == 1);
    CHECK(subject.files.size("nothing") == 0);
    CHECK_FALSE(subject.files.read("checkpoint/below-a-file"));
    subject.files.replace_all({});
}

TEST_CASE_TEMPLATE("appending goes on exactly where the file ends", T, OnDisk, InMemory) {
    T subject;
    CHECK_THROWS_AS(subject.files.append("evidence/a", 1, "x"), Fault); // there is no file yet
    CHECK(subject.files.append("evidence/a", 0, "abc") == 3);
    CHECK_THROWS_AS(subject.files.append("evidence/a", 0, "x"), Fault); // the chunk came already
    CHECK_THROWS_AS(subject.files.append("evidence/a", 2, "x"), Fault);
    CHECK_THROWS_AS(subject.files.append("evidence/a", 4, "x"), Fault); // a hole
    CHECK(subject.files.append("evidence/a", 3, "") == 3);
    CHECK(subject.files.append("evidence/a", 3, "def") == 6);
    subject.files.flush("evidence/a");
    CHECK(subject.files.read("evidence/a") == "abcdef");
    CHECK_THROWS_AS(subject.files.flush("evidence/b"), Fault);
}

TEST_CASE_TEMPLATE("a range is cut at the end of the file", T, OnDisk, InMemory) {
    T subject;
    subject.files.replace("file", "0123456789");
    CHECK(subject.files.read_range("file", 0, 3) == "012");
    CHECK(subject.files.read_range("file", 8, 2) == "89");
    CHECK(subject.files.read_range("file", 8, 3) == "89");
    CHECK(subject.files.read_range("file", 9, std::numeric_limits<std::size_t>::max()) == "9");
    CHECK(subject.files.read_range("file", 10, 1) == Bytes());
    CHECK(
        subject.files.read_range("file", std::numeric_limits<std::uint64_t>::max(), 5) == Bytes());
    CHECK_FALSE(subject.files.read_range("other", 0, 1));
}

TEST_CASE_TEMPLATE(
    "files are renamed over others, and destroyed without a word when there are none", T, OnDisk,
    InMemory) {
    T subject;
    subject.files.replace("new/a", "a");
    subject.files.replace("old/b", "b");
    subject.files.rename("new/a", "old/b");
    CHECK_FALSE(subject.files.read("new/a"));
    CHECK(subject.files.read("old/b") == "a");
    subject.files.rename("old/b", "other/place/c");
    CHECK(subject.files.read("other/place/c") == "a");
    CHECK_THROWS_AS(subject.files.rename("old/b", "x"), Fault);
    subject.files.destroy("other/place/c");
    subject.files.destroy("other/place/c");
    subject.files.destroy("never/was");
    CHECK_FALSE(subject.files.read("other/place/c"));
}

TEST_CASE_TEMPLATE(
    "T51 names that could lead elsewhere are refused by every function", T, OnDisk, InMemory) {
    T subject;
    for (const std::string& name :
         {std::string(), std::string("/"), std::string("/etc/passwd"), std::string("a/"),
          std::string("a//b"), std::string(".."), std::string("a/../b"), std::string("."),
          std::string(".hidden"), std::string("a/.b"), std::string("A"), std::string("a b"),
          std::string("a~"), std::string("a\\b"), std::string("a\0b", 3), std::string("\xc3\xa9"),
          std::string(201, 'a'), std::string("1/2/3/4/5/6/7/8/9")}) {
        CAPTURE(name);
        CHECK_FALSE(store::is_file_name(name));
        CHECK_THROWS_AS(subject.files.replace(name, "x"), Fault);
        CHECK_THROWS_AS(subject.files.replace_all({{"good", "x"}, {name, "x"}}), Fault);
        CHECK_THROWS_AS(static_cast<void>(subject.files.read(name)), Fault);
        CHECK_THROWS_AS(static_cast<void>(subject.files.read_range(name, 0, 1)), Fault);
        CHECK_THROWS_AS(subject.files.append(name, 0, "x"), Fault);
        CHECK_THROWS_AS(static_cast<void>(subject.files.size(name)), Fault);
        CHECK_THROWS_AS(subject.files.flush(name), Fault);
        CHECK_THROWS_AS(subject.files.destroy(name), Fault);
        CHECK_THROWS_AS(subject.files.rename("good", name), Fault);
        CHECK_THROWS_AS(subject.files.rename(name, "good"), Fault);
    }
    CHECK_FALSE(subject.files.read("good")); // nothing of a list with one bad name was written
    for (const std::string& name :
         {std::string("a"), std::string("0/1/2/3/4/5/6/7"), std::string("a..b"), std::string("-_"),
          std::string(200, 'z')}) {
        CAPTURE(name);
        CHECK(store::is_file_name(name));
        subject.files.replace(name, "x");
        subject.files.destroy(name);
    }
}

TEST_CASE("files on disk and in memory answer alike after any calls") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        OnDisk disk;
        InMemory memory;
        std::mt19937_64 random(seed);
        const auto name = [&random] {
            return "d" + std::to_string(random() % 2) + "/f" + std::to_string(random() % 4);
        };
        for (int n = 0; n < 120; ++n) {
            const std::string one = name();
            const std::string two = name();
            const std::uint64_t kind = random() % 5;
            const std::uint64_t offset = random() % 3 == 0 ? random() % 8 : disk.files.size(one);
            const Bytes bytes(random() % 6, static_cast<char>('a' + random() % 26));
            const auto run = [&](node::Files& files) -> std::string {
                try {
                    if (kind == 0) files.replace(one, bytes);
                    if (kind == 1) files.replace_all({{one, bytes}, {two, "two"}});
                    if (kind == 2) return std::to_string(files.append(one, offset, bytes));
                    if (kind == 3) files.rename(one, two);
                    if (kind == 4) files.destroy(one);
                } catch (const Fault&) {
                    return "fault";
                }
                return "done";
            };
            REQUIRE(run(disk.files) == run(memory.files));
            REQUIRE(disk.files.read(one) == memory.files.read(one));
            REQUIRE(disk.files.read(two) == memory.files.read(two));
        }
        std::size_t left = 0;
        for (int d = 0; d < 2; ++d)
            for (int f = 0; f < 4; ++f)
                left += memory.files.read(fmt::format("d{}/f{}", d, f)) ? 1U : 0U;
        CHECK(files_below(disk.directory.path()) == left); // no leftovers
    }
}

TEST_CASE("a list of files that can not be written whole leaves no file and no leftover") {
    OnDisk subject;
    subject.files.replace("old", "stays");
    std::filesystem::create_directories(subject.directory / "taken/by-a-directory");
    CHECK_THROWS_AS(subject.files.replace_all({{"old", "new"}, {"old/below-a-file", "x"}}), Fault);
    CHECK(subject.files.read("old") == "stays");
    CHECK(files_below(subject.directory.path()) == 1);
    CHECK_THROWS_AS(subject.files.replace("taken", "x"), Fault); // a directory has the name
    CHECK(files_below(subject.directory.path()) == 1);
}

TEST_CASE("destroyed bytes are overwritten before the name goes") {
    OnDisk subject;
    const Bytes secret(3 * 1024 * 1024 + 17, 's');
    subject.files.replace("evidence/e", secret);
    // A second name of the same file shows what became of its bytes.
    std::filesystem::create_hard_link(
        subject.directory / "evidence/e", subject.directory / "witness");
    subject.files.destroy("evidence/e");
    std::ifstream file(subject.directory / "witness", std::ios::binary);
    const Bytes left{std::istreambuf_iterator<char>(file), {}};
    CHECK(left == Bytes(secret.size(), '\0'));
}

TEST_CASE("files are readable by their owner only and links are not followed") {
    OnDisk subject;
    subject.files.replace("dir/file", "x");
    subject.files.append("dir/other", 0, "x");
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(subject.directory.path())) {
        CAPTURE(entry.path().string());
        CHECK(
            (entry.status().permissions() & std::filesystem::perms(0077)) ==
            std::filesystem::perms::none);
    }
    std::filesystem::create_symlink(subject.directory / "dir/file", subject.directory / "link");
    CHECK_THROWS_AS(static_cast<void>(subject.files.read("link")), Fault);
    CHECK_THROWS_AS(subject.files.append("link", 0, "y"), Fault);
    CHECK_THROWS_AS(subject.files.destroy("link"), Fault);
    subject.files.replace("link", "mine"); // the link is replaced, not its target
    CHECK(subject.files.read("dir/file") == "x");
    CHECK_THROWS_AS(store::FileStore(subject.directory / "missing"), Fault);
}

TEST_CASE("of those who append at the same place one is heard and the others are told") {
    OnDisk subject;
    std::atomic<std::uint64_t> heard = 0;
    for (int round = 0; round < 200; ++round) {
        const std::uint64_t size = subject.files.size("log");
        std::latch start(4);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                try {
                    subject.files.append("log", size, "x");
                    ++heard;
                } catch (const Fault&) {
                    // Somebody was first.
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
    }
    CHECK(heard == 200);
    CHECK(subject.files.size("log") == 200);
}

TEST_CASE("many threads append and replace without losing a byte") {
    OnDisk subject;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 20; ++n) {
                subject.files.replace("shared", Bytes(1000, static_cast<char>('a' + i)));
                const auto seen = subject.files.read("shared");
                if (seen != Bytes(1000, seen->front()))
                    throw std::runtime_error("torn"); // ends the process
                while (true) {
                    try {
                        subject.files.append("log", subject.files.size("log"), "12345678");
                        break;
                    } catch (const Fault&) {
                        // Somebody was first; the size is asked for again.
                    }
                }
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(subject.files.size("log") == 8 * 20 * 8);
}
