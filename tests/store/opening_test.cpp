// Making, opening, migrating and copying a database: starting never creates, two processes never
// share, and no migration runs without a copy made first.
#include "base/fault.hpp"
#include "store/migrations.hpp"
#include "store/queries.hpp"
#include "store/sqlite_store.hpp"
#include "support/store_samples.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

using namespace comity;
using namespace comity::test;
using store::Connection;
using store::Migration;
using store::SqliteOptions;
using store::SqliteStore;

namespace {

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string dump_of(SqliteStore& store) {
    std::string out;
    store.read([&](node::StoreReader& reader) { out = dump(reader, 4); });
    return out;
}

/// How the copy is named that is made before a migration after the last one of today.
std::string before_next() {
    return fmt::format(".before-{:03}", store::migrations().size() + 1);
}

/// Rows at the edges of what columns hold.
void fill_with_edges(SqliteStore& store) {
    store.write([](node::StoreWriter& w) {
        auto row = sample_case(1);
        using namespace std::string_literals;
        row.state = "\0nul, \xc3\xa9, \xf0\x9f\x97\x82, 'quote\", \xff broken"s;
        row.changed = Instant(Milliseconds(std::numeric_limits<std::int64_t>::max()));
        row.wakes = Instant(Milliseconds(std::numeric_limits<std::int64_t>::min()));
        w.put_case(row);
        w.put_case(sample_case(2));
        w.add_act(sample_act(1, case_number(1), std::numeric_limits<std::int64_t>::max()));
        w.put_part(digest_number(1), 1, Bytes("\0\0\0", 3));
        w.put_part(digest_number(2), 1, "gone");
        w.destroy_parts(digest_number(2));
        w.put_draft({.hash = digest_number(3), .header = "", .parts = {{0, ""}}, .created = at(0)});
        w.add_outbox(sample_outbox("", 1, 0));
        w.put_obligations(
            case_number(1), {{case_number(1), "", "", "", std::nullopt, std::nullopt}});
        w.put_setting("", "");
        w.add_leaf(Bytes(65'535, '\xee'));
    });
}

std::vector<Migration> with_next(std::string_view sql) {
    std::vector<Migration> list(store::migrations().begin(), store::migrations().end());
    list.push_back({list.back().version + 1, "next", sql});
    return list;
}

SqliteOptions options_with(const std::span<const Migration>& list) {
    SqliteOptions options;
    options.migrations = &list;
    return options;
}

/// A database as the program of so many migrations left it, with these rows.
void make_old(
    const std::string& path, std::size_t migrations, std::initializer_list<const char*> rows) {
    const auto old = store::migrations().first(migrations);
    REQUIRE(SqliteStore::create(path, options_with(old)));
    Connection connection(path, Connection::Mode::write, "");
    for (const auto* row : rows)
        connection.exec(row);
}

} // namespace

TEST_CASE("a database is created once and starting never creates") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    const auto missing = SqliteStore::open(path);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Code::not_initialised);
    CHECK(std::filesystem::is_empty(directory.path()));
    {
        REQUIRE(SqliteStore::create(path));
    }
    const auto again = SqliteStore::create(path);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Code::already_exists);
    CHECK(SqliteStore::open(path));
}

TEST_CASE("the files of a database are readable by their owner only") {
    TemporaryDirectory directory;
    const auto store = SqliteStore::create(directory / "node.db").value();
    store->write([](node::StoreWriter& w) { w.add_leaf("x"); });
    store->back_up(directory / "copy.db");
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
        CAPTURE(entry.path().string());
        CHECK(
            (entry.status().permissions() & std::filesystem::perms(0077)) ==
            std::filesystem::perms::none);
        ++seen;
    }
    CHECK(seen == 5); // database, log, its index, lock, copy
}

TEST_CASE("what an interrupted creation left does not stand in the way") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    for (const char* end : {"~", "~-wal", "~-journal"})
        std::ofstream(path + end) << "half";
    REQUIRE(SqliteStore::create(path));
    CHECK_FALSE(std::filesystem::exists(path + "~"));
    CHECK_FALSE(std::filesystem::exists(path + "~-wal"));
}

TEST_CASE("what is not a database of a node is not opened and not changed") {
    TemporaryDirectory directory;
    const std::string empty = directory / "empty.db";
    std::ofstream(empty).close();
    const auto refused = SqliteStore::open(empty);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::not_initialised);
    const std::string text = directory / "text.db";
    std::ofstream(text) << std::string(5000, 'x');
    CHECK_THROWS_AS(static_cast<void>(SqliteStore::open(text)), Fault);
    CHECK(contents(text) == std::string(5000, 'x'));
}

TEST_CASE("two stores on one database: the second refuses, in this process and in another") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    auto store = SqliteStore::create(path).value();
    const auto second = SqliteStore::open(path);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::store_in_use);
    CHECK(second.error().facts.text().find(std::to_string(::getpid())) != std::string::npos);
    CHECK_FALSE(SqliteStore::create(path));
    store.reset();
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = SqliteStore::open(path);
        static_cast<void>(::write(ready[1], held ? "y" : "n", 1));
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    REQUIRE(::read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    const auto third = SqliteStore::open(path);
    REQUIRE_FALSE(third);
    CHECK(third.error().code == Code::store_in_use);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(SqliteStore::open(path)); // the lock goes with the process
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("a migration keeps every row, ugly ones too, after a copy of the database was made") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    std::string before;
    {
        const auto store = SqliteStore::create(path).value();
        fill_with_edges(*store);
        before = dump_of(*store);
    }
    const auto list = with_next(
        "ALTER TABLE cases ADD COLUMN label TEXT NOT NULL DEFAULT ''; CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;");
    const std::span<const Migration> all(list);
    {
        const auto store = SqliteStore::open(path, options_with(all)).value();
        CHECK(dump_of(*store) == before);
        store->write([](node::StoreWriter& w) { w.add_leaf("after"); });
    }
    {
        CHECK(SqliteStore::open(path, options_with(all)));
    } // nothing to do, no further copy
    const auto older = SqliteStore::open(path);
    REQUIRE_FALSE(older);
    CHECK(older.error().code == Code::schema_newer);
    const std::string copy = path + before_next();
    REQUIRE(std::filesystem::exists(copy));
    CHECK_FALSE(std::filesystem::exists(copy + "-1"));
    const auto store = SqliteStore::open(copy).value(); // by the program of before
    CHECK(dump_of(*store) == before);
}

TEST_CASE("marks of before the places were ordered are found, counted and removed as ever") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    make_old(
        path, 5,
        {"INSERT INTO cases VALUES ('b', 'mla', '{}', 2, NULL, 10), "
         "('a', 'mla', '{}', 2, NULL, 20)",
         "INSERT INTO marks VALUES (zeroblob(32), 'b', 10, 1), "
         "(zeroblob(32), 'a', 20, 0)"});
    const auto store = SqliteStore::open(path).value();
    const Digest token{};
    store->write([&](node::StoreWriter& w) {
        const auto second = w.find_mark(token, CaseId("a"));
        REQUIRE(second);
        CHECK(second->at == at(20));
        CHECK_FALSE(second->pending);
        CHECK(w.marks_before(*second, Instant{}, 10) == 1);
        CHECK(w.cases(10).front().id == CaseId("a"));
        w.remove_pending_marks(CaseId("a"));
        w.remove_pending_marks(CaseId("b"));
        CHECK(w.find_mark(token, CaseId("a")));
        CHECK_FALSE(w.find_mark(token, CaseId("b")));
    });
}

TEST_CASE("a worklist of before each role had its own deadline is carried over") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    make_old(
        path, 6,
        {"INSERT INTO cases VALUES ('a', 'mla', '{}', 2, NULL, 10), "
         "('b', 'mla', '{}', 2, NULL, 10), ('c', 'mla', '{}', 2, NULL, 10)",
         "INSERT INTO work_groups VALUES "
         "(1, 'outgoing', 'x', 'mla', 'access', 'open', 'us', 'judge', 1, 1), "
         "(2, 'outgoing', 'x', 'mla', 'access', 'waiting', 'x', 'judge', 0, 1), "
         "(3, 'outgoing', 'x', 'mla', 'access', 'waiting', 'x', 'officer', 0, 1), "
         "(4, 'outgoing', 'x', 'mla', 'access', 'at-rest', 'x', '', 0, 0)",
         "INSERT INTO work VALUES "
         "('a', 1, 'authorise', 'requesting', 30, 40, 50, 1, 2, 3, x'aa', NULL), "
         "('b', 2, 'order', 'requested', 20, NULL, NULL, 4, 5, 6, x'', NULL), "
         "('c', 3, 'accept', 'requested', 10, NULL, NULL, 7, 8, 9, x'', NULL)"});
    const auto store = SqliteStore::open(path).value();
    store->write([&](node::StoreWriter& w) {
        const auto own = w.find_work(CaseId("a"));
        REQUIRE(own);
        CHECK(own->ours);
        CHECK(own->role == "judge");
        CHECK(own->stuck == at(40));
        CHECK(own->sealed == "\xaa");
        CHECK(
            own->duties ==
            std::vector<node::WorkDuty>{{"judge", "authorise", "requesting", at(30), at(3)}});
        const auto other = w.find_work(CaseId("b"));
        REQUIRE(other);
        CHECK_FALSE(other->ours);
        CHECK(other->role == "judge");
        CHECK(other->duties.empty());
        CHECK(w.find_work(CaseId("c"))->role == "officer");
        node::WorkFilter filter;
        filter.state = "waiting";
        CHECK(w.count_work(filter, {}, 10) == 2); // the two groups became one
        filter.state = "open";
        filter.mine = std::vector<std::string>{"judge"};
        CHECK(w.count_work(filter, {}, 10) == 1);
        // And goes on as any other: the counts of its groups hold.
        auto moved = *other;
        moved.state = "at-rest";
        w.put_work(moved);
    });
    store->read([](node::StoreReader& r) {
        node::WorkFilter filter;
        filter.state = "waiting";
        CHECK(r.count_work(filter, {}, 10) == 1);
    });
}

TEST_CASE("a worklist of before cases were in people's hands is carried over, in nobody's") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    make_old(
        path, 7,
        {"INSERT INTO cases VALUES ('a', 'mla', '{}', 2, NULL, 10), "
         "('b', 'mla', '{}', 2, NULL, 10)",
         "INSERT INTO work_groups VALUES "
         "(3, 'outgoing', 'x', 'mla', 'access', 'open', 'us', 'judge ', 1), "
         "(7, 'outgoing', 'x', 'mla', 'access', 'waiting', 'x', '', 1)",
         "INSERT INTO work (case_id, grp, act, side, due, stuck, seal_end, acts, "
         "opened, updated, sealed, token, role, ours) VALUES "
         "('a', 3, 'authorise', 'requesting', 30, 40, 50, 1, 2, 3, x'aa', NULL, "
         "'judge', 1), "
         "('b', 7, 'order', 'requested', 20, NULL, NULL, 4, 5, 6, x'', NULL, "
         "'judge', 0)",
         "INSERT INTO work_duties VALUES "
         "('a', 'judge', 'authorise', 'requesting', 30, 3, 3)"});
    const auto store = SqliteStore::open(path).value();
    node::WorkFilter nobodys;
    nobodys.hands = node::WorkHands{};
    store->write([&](node::StoreWriter& w) {
        const auto own = w.find_work(CaseId("a"));
        REQUIRE(own);
        CHECK(own->hands.empty());
        CHECK(own->state == "open");
        CHECK(own->duties.size() == 1);
        CHECK(w.count_work(nobodys, {}, 10) == 2);
        w.add_hand_statement({digest_number(1), at(1), "{}"});
        w.put_hands({CaseId("a"), at(1), {}, PersonId("ada"), digest_number(1)});
    });
    store->read([&](node::StoreReader& r) {
        CHECK(r.count_work(nobodys, {}, 10) == 1);
        node::WorkFilter judges;
        judges.mine = std::vector<std::string>{"judge"};
        CHECK(r.work(judges, {}, {}, 10).size() == 1); // found by what it owes, in its new group
        CHECK(r.hands_of(CaseId("a"), 9).size() == 1);
    });
}

TEST_CASE("an outbox and acts of before sightings and keys were noted are carried over") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    make_old(
        path, 9,
        {"INSERT INTO cases VALUES ('a', 'mla', '{}', 2, NULL, 10)",
         "INSERT INTO acts VALUES (zeroblob(32), 'a', 1, 'request', 'seal', 'receipt', 5, x'', 3)",
         "INSERT INTO outbox VALUES (7, 'b', 1, 'a', zeroblob(32), 2, 30, 'away', 0), "
         "(9, 'b', 0, 'a', zeroblob(32), 0, 0, '', 1)",
         "DELETE FROM outbox WHERE id = 9"});
    const auto store = SqliteStore::open(path).value();
    store->write([&](node::StoreWriter& w) {
        const auto rows = w.outbox(9);
        REQUIRE(rows.size() == 1);
        CHECK(rows.front().id == 7);
        CHECK(rows.front().kind == node::OutboxRow::Kind::admitted);
        CHECK(rows.front().problem.text() == "away");
        CHECK(w.add_outbox(sample_outbox("b", 1, 0)) == 10); // 9 was given once
        const auto act = w.find_act(Digest{});
        REQUIRE(act);
        CHECK(act->leaf == 3);
        CHECK_FALSE(act->sealed_by);
        CHECK(w.acts_without_keys(9).size() == 1);
        w.put_act_keys(Digest{}, digest_number(1), std::nullopt);
        CHECK(w.acts_sealed_by(digest_number(1), at(5), {}, 9).size() == 1);
    });
}

TEST_CASE("a migration that fails leaves the database as it was") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    std::string before;
    {
        const auto store = SqliteStore::create(path).value();
        fill_with_edges(*store);
        before = dump_of(*store);
    }
    for (const std::string_view sql :
         {"CREATE TABLE extra (id INTEGER) STRICT; UPDATE cases SET nothing = 1;",
          "CREATE TABLE extra (id INTEGER) STRICT; DELETE FROM cases;"}) { // acts without their
                                                                           // case
        CAPTURE(sql);
        const auto list = with_next(sql);
        const std::span<const Migration> all(list);
        CHECK_THROWS_AS(static_cast<void>(SqliteStore::open(path, options_with(all))), Fault);
        const auto store = SqliteStore::open(path).value();
        CHECK(dump_of(*store) == before);
    }
    CHECK(std::filesystem::exists(path + before_next()));
    CHECK(std::filesystem::exists(path + before_next() + "-1")); // never overwritten
}

TEST_CASE("a copy made while the node runs is whole and opens as a database") {
    TemporaryDirectory directory;
    const auto store = SqliteStore::create(directory / "node.db").value();
    fill_with_edges(*store);
    store->back_up(directory / "copy.db");
    const std::string before = dump_of(*store);
    store->write([](node::StoreWriter& w) { w.add_leaf("later"); });
    CHECK_THROWS_AS(store->back_up(directory / "copy.db"), Fault); // no copy is overwritten
    const auto copy = SqliteStore::open(directory / "copy.db").value();
    CHECK(dump_of(*copy) == before);
}

TEST_CASE("destroyed parts are in no file of the database any more") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    const auto store = SqliteStore::create(path).value();
    const std::string secret = "a sealed part that has to go";
    std::string large;
    for (int i = 0; i < 2000; ++i)
        large += secret; // overflow pages as well as a row
    store->write([&](node::StoreWriter& w) {
        w.put_part(digest_number(1), 0, secret);
        w.put_part(digest_number(1), 1, large);
        w.put_part(digest_number(2), 0, "a part that stays");
    });
    const auto holds = [&](const std::string& what) {
        return contents(path).find(what) != std::string::npos ||
               contents(path + "-wal").find(what) != std::string::npos;
    };
    CHECK(holds(secret));
    store->write([](node::StoreWriter& w) { w.destroy_parts(digest_number(1)); });
    CHECK_FALSE(holds(secret));
    CHECK(holds("a part that stays"));
}

TEST_CASE("no statement scans a table or sorts, whatever the number of cases") {
    TemporaryDirectory directory;
    const std::string path = directory / "node.db";
    {
        REQUIRE(SqliteStore::create(path));
    }
    Connection connection(path, Connection::Mode::read, "");
    std::size_t explained = 0;
    for (const store::Query* query : store::sql::all) {
        CAPTURE(query->name);
        const std::string sql = "EXPLAIN QUERY PLAN " + std::string(query->sql);
        const store::Query explain{query->name, sql};
        Connection own(path, Connection::Mode::read, "");
        auto cursor = own.query(explain);
        while (cursor.step()) {
            const std::string step = cursor.text(3);
            CAPTURE(step);
            ++explained;
            CHECK(step.find("TEMP B-TREE") == std::string::npos);
            // Walking an index, or the rows in their order, is what a LIMIT or a short table ends.
            const bool scan = step.starts_with("SCAN") && step.find("USING") == std::string::npos &&
                              step != "SCAN CONSTANT ROW" &&
                              !step.starts_with("SCAN (subquery"); // of what an index gave
            const bool in_order =
                query == &store::sql::outbox || query == &store::sql::roll ||
                query == &store::sql::roll_notes || query == &store::sql::newest_directory ||
                query == &store::sql::leaf_count || query == &store::sql::work_groups;
            CHECK((!scan || in_order));
        }
    }
    CHECK(explained > 30);
}
