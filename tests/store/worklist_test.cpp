// The worklist in both stores: what a filter and a time ask for, page by page, in the one order;
// the counts beside it; and that the two answer alike whatever is asked.
#include "base/fault.hpp"
#include "support/store_work.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace comity;
using namespace comity::test;
using node::StoreReader;
using node::StoreWriter;
using By = node::WorkRange::By;

namespace {

node::WorkRow work_number(std::uint32_t number, std::optional<std::int64_t> due) {
    auto row = sample_work(number);
    row.state = "waiting";
    row.holder = ParticipantId("borealis");
    row.act = due ? "acknowledge" : "";
    row.side = due ? "requested" : "";
    row.role = due ? "central-authority-officer" : "";
    if (due) row.due = at(*due);
    row.acts = 3;
    return row;
}

/// A row out of few values, so that filters meet many and few.
node::WorkRow random_work(std::mt19937& random, std::uint32_t id) {
    const auto pick = [&](std::initializer_list<const char*> from) {
        return std::string(*(from.begin() + random() % from.size()));
    };
    const auto some = [&](std::int64_t most) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(most));
    };
    auto row = work_number(id, random() % 4 == 0 ? std::nullopt : std::optional(some(60)));
    row.direction = pick({"outgoing", "incoming", "incoming"});
    row.partner = ParticipantId(pick({"a", "b", "b", "b", "c"}));
    row.procedure = pick({"mla", "mla", "mla", "emergency"});
    row.category = pick({"access", "content"});
    row.state = row.act.empty() ? "at-rest" : pick({"open", "waiting"});
    row.holder = ParticipantId(pick({"a", "b"}));
    row.role = row.act.empty() ? "" : pick({"judge", "issuing-officer"});
    row.ours = !row.act.empty() && random() % 2 == 0;
    for (const auto* role : {"central-authority-officer", "issuing-officer", "judge"})
        if (!row.act.empty() && random() % 3 == 0)
            row.duties.push_back(
                {role, pick({"notify", "delete"}), "requesting",
                 random() % 5 == 0 ? std::nullopt : std::optional(at(some(60))), at(some(99))});
    if (row.due && random() % 3 == 0) row.stuck = *row.due + Milliseconds{some(20)};
    if (random() % 5 == 0) row.seal_end = at(some(60));
    row.acts = some(9);
    row.opened = at(some(60));
    row.updated = at(some(60));
    row.sealed = "sealed";
    if (random() % 3 == 0) row.token = digest_number(static_cast<std::uint32_t>(some(5)));
    return row;
}

} // namespace

TEST_CASE_TEMPLATE(
    "the worklist goes by deadline, what has none comes last, and pages neither lose nor repeat a case",
    T, InSqlite, InMemory) {
    T subject;
    put(subject.store, {work_number(1, 30), work_number(2, std::nullopt), work_number(3, 10),
                        work_number(4, 30), work_number(5, -5), work_number(6, std::nullopt)});
    const std::vector<std::string> all{number(5), number(3), number(1),
                                       number(4), number(2), number(6)};
    for (const std::size_t page : {1U, 2U, 3U, 5U, 6U, 7U})
        CHECK(ids(subject.store, {}, {By::due, {}, {}}, page) == all);
    const std::vector<std::string> newest{number(6), number(5), number(4),
                                          number(3), number(2), number(1)};
    for (const std::size_t page : {1U, 2U, 6U, 7U})
        CHECK(ids(subject.store, {}, {By::updated, {}, {}}, page) == newest);
    // At rest is of no age.
    CHECK(
        ids(subject.store, {}, {By::opened, {}, {}}) ==
        std::vector<std::string>{number(1), number(3), number(4), number(5)});
}

TEST_CASE_TEMPLATE(
    "a stretch holds its first instant and not its last, below, at and above", T, InSqlite,
    InMemory) {
    T subject;
    put(subject.store, {work_number(1, 99), work_number(2, 100), work_number(3, 101),
                        work_number(4, std::nullopt)});
    const auto due = [&](std::optional<Instant> from, std::optional<Instant> before) {
        CHECK(
            count(subject.store, {}, {By::due, from, before}) ==
            ids(subject.store, {}, {By::due, from, before}).size());
        return ids(subject.store, {}, {By::due, from, before}).size();
    };
    CHECK(due({}, at(99)) == 0);
    CHECK(due({}, at(100)) == 1);
    CHECK(due({}, at(101)) == 2);
    CHECK(due(at(100), at(101)) == 1);
    CHECK(due(at(101), at(101)) == 0);
    CHECK(due(at(101), {}) == 2); // the one without a deadline too
    CHECK(due({}, {}) == 4);
}

TEST_CASE_TEMPLATE("a count goes up to what is asked and no further", T, InSqlite, InMemory) {
    T subject;
    std::vector<node::WorkRow> rows;
    for (std::uint32_t i = 1; i <= 12; ++i) {
        rows.push_back(work_number(i, i));
        rows.back().partner = ParticipantId(i % 2 == 0 ? "a" : "b");
    }
    put(subject.store, rows);
    node::WorkFilter a;
    a.partner = "a";
    for (const auto& [filter, there] :
         {std::pair{node::WorkFilter{}, std::size_t{12}}, std::pair{a, std::size_t{6}}})
        for (const auto by : {By::due, By::updated, By::opened}) {
            CHECK(count(subject.store, filter, {by, {}, {}}, there - 1) == there - 1);
            CHECK(count(subject.store, filter, {by, {}, {}}, there) == there);
            CHECK(count(subject.store, filter, {by, {}, {}}, there + 1) == there);
        }
}

TEST_CASE_TEMPLATE(
    "a case is one row: put again it moves, and keeps its file number and opening", T, InSqlite,
    InMemory) {
    T subject;
    auto row = work_number(1, 10);
    row.sealed = "number";
    row.token = digest_number(7);
    put(subject.store, {row, work_number(2, 20)});
    auto later = work_number(1, std::nullopt);
    later.state = "at-rest";
    later.opened = at(999);
    later.sealed = "another";
    later.token = digest_number(8);
    later.acts = 4;
    put(subject.store, {later});
    std::optional<node::WorkRow> found;
    subject.store.read([&](StoreReader& r) { found = r.find_work(case_number(1)); });
    REQUIRE(found);
    later.opened = row.opened;
    later.sealed = row.sealed;
    later.token = row.token;
    CHECK(show(*found) == show(later));
    CHECK(
        ids(subject.store, {}, {By::due, {}, {}}) ==
        std::vector<std::string>{number(2), number(1)});
    node::WorkFilter waiting;
    waiting.state = "waiting";
    CHECK(count(subject.store, waiting, {}) == 1);
    subject.store.read([](StoreReader& r) {
        CHECK(r.work_named(digest_number(7), 5).size() == 1);
        CHECK(r.work_named(digest_number(8), 5).empty());
        CHECK(r.work_like("case-00000", 5).size() == 2);
        CHECK(r.work_like("case-00000", 1).size() == 1);
        CHECK(r.work_like("case-000001", 5).size() == 1);
        CHECK(r.work_like("case-0000011", 5).empty());
    });
    CHECK_THROWS_AS(
        subject.store.write([](StoreWriter& w) { w.put_work(work_number(99, 1)); }), Fault);
}

TEST_CASE("the two stores answer alike to every filter, time and page") {
    std::mt19937 random(20'261'124);
    InSqlite sqlite;
    InMemory memory;
    // Enough for the walk along the deadlines to give up where few match.
    for (int round = 0; round < 3; ++round) {
        std::vector<node::WorkRow> rows;
        for (std::uint32_t i = 0; i < 500; ++i)
            rows.push_back(random_work(random, round == 0 ? i : random() % 500));
        put(sqlite.store, rows);
        put(memory.store, rows);
        for (int question = 0; question < 250; ++question) {
            const auto one_of = [&](std::initializer_list<const char*> from) {
                return std::string(
                    random() % 2 == 0 ? "" : *(from.begin() + random() % from.size()));
            };
            node::WorkFilter filter;
            filter.direction = one_of({"outgoing", "incoming"});
            filter.partner = one_of({"a", "b", "c", "nobody"});
            filter.procedure = one_of({"mla", "emergency"});
            filter.category = one_of({"access", "content"});
            filter.state = one_of({"open", "waiting", "at-rest"});
            filter.holder = one_of({"a", "b"});
            if (random() % 4 == 0) filter.mine = std::vector<std::string>{"judge"};
            if (random() % 4 == 0)
                filter.mine =
                    std::vector<std::string>{"judge", "issuing-officer", "nobody", "judge"};
            if (random() % 8 == 0) filter.mine = std::vector<std::string>{};
            node::WorkRange range;
            range.by = static_cast<By>(random() % 5);
            if (random() % 2 == 0) range.from = at(random() % 60);
            if (random() % 2 == 0) range.before = at(random() % 70);
            CAPTURE(question);
            CAPTURE(static_cast<int>(range.by));
            const auto page = 1 + random() % 9;
            const auto there = ids(sqlite.store, filter, range, page);
            CHECK(there == ids(memory.store, filter, range, 1'000));
            sqlite.store.read([&](StoreReader& ours) {
                memory.store.read([&](StoreReader& theirs) {
                    CHECK(
                        show(ours.work(filter, range, {}, 5)) ==
                        show(theirs.work(filter, range, {}, 5)));
                });
            });
            CHECK(count(sqlite.store, filter, range) == there.size());
            CHECK(count(sqlite.store, filter, range, 3) == std::min<std::size_t>(3, there.size()));
        }
    }
}

namespace {

// More rows than are gathered at once; one of twenty is of partner a.
void put_many(std::uint32_t seed, node::Store& one, node::Store& other) {
    std::mt19937 random(seed);
    std::vector<node::WorkRow> rows;
    for (std::uint32_t i = 0; i < 8'000; ++i) {
        rows.push_back(random_work(random, i));
        rows.back().partner = ParticipantId(i % 20 == 0 ? "a" : "b");
    }
    put(one, rows);
    put(other, rows);
}

} // namespace

TEST_CASE("more matching rows than are gathered are found by walking, in the same order") {
    InSqlite sqlite;
    InMemory memory;
    put_many(5, sqlite.store, memory.store);
    node::WorkFilter filter;
    filter.partner = "b"; // 7,600 of them
    for (const auto by : {By::due, By::updated, By::stuck, By::opened, By::seal_end}) {
        CAPTURE(static_cast<int>(by));
        CHECK(
            ids(sqlite.store, filter, {by, {}, {}}, 900) ==
            ids(memory.store, filter, {by, {}, {}}));
        CHECK(
            count(sqlite.store, filter, {by, at(9), at(20)}) ==
            count(memory.store, filter, {by, at(9), at(20)}));
    }
    // Few that match among many: the walk gives up and the groups are asked.
    filter.partner = "a";
    const node::WorkRange whole{By::due, at(0), {}};
    CHECK(count(sqlite.store, filter, whole) == 400);
    CHECK(count(sqlite.store, filter, whole, 399) == 399);
    CHECK(ids(sqlite.store, filter, whole, 7) == ids(memory.store, filter, whole));
}

TEST_CASE("what two roles owe is found by walking and out of the groups, each case once") {
    InSqlite sqlite;
    InMemory memory;
    put_many(7, sqlite.store, memory.store);
    for (const std::string partner : {"", "a", "b"})
        for (const std::vector<std::string>& mine :
             {std::vector<std::string>{"judge"}, {"judge", "issuing-officer"}}) {
            node::WorkFilter filter;
            filter.partner = partner;
            filter.mine = mine;
            CAPTURE(partner);
            CAPTURE(mine.size());
            for (const node::WorkRange& range :
                 {node::WorkRange{}, {By::due, at(0), {}}, {By::due, at(20), at(40)}}) {
                const auto there = ids(memory.store, filter, range);
                CHECK(ids(sqlite.store, filter, range, 900) == there);
                CHECK(ids(sqlite.store, filter, range, 7) == there);
                CHECK(count(sqlite.store, filter, range) == there.size());
                CHECK(count(sqlite.store, filter, range, there.size() - 1) == there.size() - 1);
            }
        }
}

TEST_CASE_TEMPLATE(
    "each role finds a case by its own deadline, until it owes nothing there any more", T, InSqlite,
    InMemory) {
    T subject;
    auto row = work_number(1, 10); // acknowledge, of another country, is next
    row.duties = {
        {"central-authority-officer", "notify", "requesting", at(20), at(1)},
        {"judge", "dismiss-challenge", "requesting", at(30), at(2)}};
    auto other = work_number(2, 25);
    other.duties = {{"judge", "authorise", "requesting", at(25), at(3)}};
    put(subject.store, {row, other, work_number(3, 1)});
    const auto of = [&](std::vector<std::string> roles, const node::WorkRange& range) {
        node::WorkFilter filter;
        filter.mine = std::move(roles);
        CHECK(count(subject.store, filter, range) == ids(subject.store, filter, range).size());
        return ids(subject.store, filter, range);
    };
    using Ids = std::vector<std::string>;
    CHECK(of({"judge"}, {}) == Ids{number(2), number(1)});
    CHECK(of({"judge"}, {By::due, at(26), {}}) == Ids{number(1)});
    CHECK(of({"central-authority-officer"}, {}) == Ids{number(1)});
    // Who is both meets the case once, by the earlier of the two.
    CHECK(of({"central-authority-officer", "judge"}, {}) == Ids{number(1), number(2)});
    CHECK(of({"central-authority-officer", "judge"}, {By::due, at(26), {}}).empty());
    CHECK(of({"central-authority-officer", "judge"}, {By::updated, {}, {}}).size() == 2);
    CHECK(of({"inspector"}, {}).empty());
    CHECK(of({}, {}).empty());
    subject.store.read([](StoreReader& r) {
        CHECK(r.count_duties("judge", at(1), 9) == 2);
        CHECK(r.count_duties("judge", at(2), 9) == 1);
        CHECK(r.count_duties("judge", at(3), 9) == 0);
        CHECK(r.count_duties("judge", at(1), 1) == 1);
        CHECK(r.count_duties("inspector", at(0), 9) == 0);
    });
    // The ruling is put off: it is the same duty. Another act is another.
    row.duties = {
        {"central-authority-officer", "delete", "requesting", at(99), at(50)},
        {"judge", "dismiss-challenge", "requesting", at(40), at(50)}};
    put(subject.store, {row});
    subject.store.read([&](StoreReader& r) {
        const auto found = r.find_work(case_number(1));
        REQUIRE(found);
        REQUIRE(found->duties.size() == 2);
        CHECK(found->duties[0].since == at(50));
        CHECK(found->duties[1].since == at(2));
        CHECK(found->duties[1].due == at(40));
        CHECK(r.work_like(number(1), 5).front().duties == found->duties);
    });
    row.duties.clear();
    put(subject.store, {row});
    CHECK(of({"judge"}, {}) == Ids{number(2)});
    CHECK(of({"central-authority-officer"}, {}).empty());
}

TEST_CASE_TEMPLATE("what is kept belongs to its owner, and comes by name", T, InSqlite, InMemory) {
    T subject;
    const auto kept = [](const std::string& owner, const std::string& name, std::int64_t version) {
        return node::KeptRow{"view", owner, name, version, at(version), "sealed"};
    };
    subject.store.write([&](StoreWriter& w) {
        w.put_kept(kept("ada", "b", 1));
        w.put_kept(kept("ada", "a", 1));
        w.put_kept(kept("ada", "a", 2));
        w.put_kept(kept("bram", "c", 1));
        w.remove_kept("view", "bram", "a"); // not there: nothing to do
        w.remove_kept("draft", "ada", "a");
    });
    subject.store.read([&](StoreReader& r) {
        const auto rows = r.kept("view", "ada", "", 10);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0] == kept("ada", "a", 2));
        CHECK(rows[1].name == "b");
        CHECK(r.kept("view", "ada", "a", 10).size() == 1);
        CHECK(r.kept("view", "ada", "", 1).size() == 1);
        CHECK(r.kept("draft", "ada", "", 10).empty());
        CHECK(r.find_kept("view", "bram", "c").has_value());
        CHECK_FALSE(r.find_kept("view", "bram", "a").has_value());
    });
    subject.store.write([](StoreWriter& w) { w.remove_kept("view", "ada", "a"); });
    subject.store.read([](StoreReader& r) { CHECK(r.kept("view", "ada", "", 10).size() == 1); });
}

TEST_CASE_TEMPLATE("counters add up and are found by how they begin", T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.count("cases/2026-11/a/sent", 1);
        w.count("cases/2026-11/a/sent", 2);
        w.count("cases/2026-11/b/sent", 5);
        w.count("cases/2026-12/a/sent", 7);
        w.count("returned/2026/missing", 1);
    });
    subject.store.read([](StoreReader& r) {
        using Counter = std::pair<std::string, std::int64_t>;
        CHECK(
            r.counters("cases/2026-11/", "", 10) ==
            std::vector<Counter>{{"cases/2026-11/a/sent", 3}, {"cases/2026-11/b/sent", 5}});
        CHECK(r.counters("cases/", "", 2).size() == 2);
        CHECK(r.counters("cases/", "cases/2026-11/b/sent", 10).size() == 1);
        CHECK(r.counters("nothing", "", 10).empty());
    });
}
