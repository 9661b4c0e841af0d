// Whose hands cases are in, in both stores: what a case keeps through its acts, how lists pick by
// it, and that the two answer alike whatever is asked.
#include "base/fault.hpp"
#include "support/store_work.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace comity;
using namespace comity::test;
using node::StoreReader;
using node::StoreWriter;
using By = node::WorkRange::By;

namespace {

const PersonId ada("ada");
const PersonId bram("bram");
const PersonId nobody;

node::WorkRow row_number(std::uint32_t number, std::int64_t due) {
    auto row = sample_work(number);
    row.state = "open";
    row.holder = ParticipantId("arcadia");
    row.act = "notify";
    row.side = "requesting";
    row.role = "judge";
    row.due = at(due);
    return row;
}

/// Three cases, due at 30, 10 and 20, and a statement to hand them over by.
void put_three(node::Store& store) {
    put(store, {row_number(1, 30), row_number(2, 10), row_number(3, 20)});
    store.write([](StoreWriter& w) { w.add_hand_statement({digest_number(1), at(5), "{}"}); });
}

void give(node::Store& store, std::uint32_t number, const PersonId& to, std::int64_t when = 5) {
    store.write([&](StoreWriter& w) {
        w.put_hands({case_number(number), at(when), nobody, to, digest_number(1)});
    });
}

node::WorkFilter in_hands_of(const std::vector<node::WorkHands::Of>& of) {
    node::WorkFilter filter;
    filter.hands = node::WorkHands{of};
    return filter;
}

} // namespace

TEST_CASE_TEMPLATE(
    "S02_ a list picks what is in somebody's hands, in those of several, and in nobody's", T,
    InSqlite, InMemory) {
    T subject;
    put_three(subject.store);
    using Ids = std::vector<std::string>;
    CHECK(ids(subject.store, in_hands_of({})) == Ids{number(2), number(3), number(1)});
    CHECK(ids(subject.store, in_hands_of({{ada, {}}})).empty());
    give(subject.store, 1, ada);
    give(subject.store, 2, ada);
    give(subject.store, 3, bram);
    for (const std::size_t page : {1U, 2U, 9U})
        CHECK(ids(subject.store, in_hands_of({{ada, {}}}), {}, page) == Ids{number(2), number(1)});
    CHECK(
        ids(subject.store, in_hands_of({{ada, {}}}), {By::updated, {}, {}}) ==
        Ids{number(2), number(1)});
    CHECK(ids(subject.store, in_hands_of({})).empty());
    CHECK(count(subject.store, in_hands_of({})) == 0);
    CHECK(count(subject.store, in_hands_of({{ada, {}}})) == 2);
    CHECK(count(subject.store, in_hands_of({{ada, {}}}), {}, 1) == 1);
    CHECK(count(subject.store, in_hands_of({{ada, {}}}), {By::due, {}, at(30)}) == 1);
    // Bram's, and of Ada's the chosen one; what is chosen and not hers is not met.
    const auto his = in_hands_of({{bram, {}}, {ada, {{case_number(1), case_number(3)}}}});
    CHECK(ids(subject.store, his) == Ids{number(3), number(1)});
    CHECK(count(subject.store, his) == 2);
    auto narrowed = in_hands_of({{ada, {}}});
    narrowed.partner = "elsewhere";
    CHECK(ids(subject.store, narrowed).empty());
    CHECK(count(subject.store, narrowed) == 0);
}

TEST_CASE_TEMPLATE(
    "an act leaves a case in the hands it is in, and each change of hands is kept", T, InSqlite,
    InMemory) {
    T subject;
    put_three(subject.store);
    give(subject.store, 1, ada, 5);
    auto moved = row_number(1, 40);
    moved.state = "waiting";
    moved.hands = bram; // what the caller says of hands is not heard
    put(subject.store, {moved});
    const auto row = ask(subject.store, [](auto& r) { return r.find_work(case_number(1)); });
    REQUIRE(row);
    CHECK(row->hands == ada);
    CHECK(row->state == "waiting");
    CHECK(count(subject.store, in_hands_of({})) == 2);
    give(subject.store, 1, bram, 6);
    subject.store.write([](StoreWriter& w) {
        w.put_hands({case_number(1), at(7), bram, nobody, std::nullopt}); // he left
    });
    const auto id = case_number(1);
    CHECK(
        ask(subject.store, [&](auto& r) { return r.hands_of(id, 9); }) ==
        std::vector<node::HandsRow>{
            {id, at(7), bram, nobody, std::nullopt},
            {id, at(6), ada, bram, digest_number(1)},
            {id, at(5), nobody, ada, digest_number(1)}});
    CHECK(ask(subject.store, [&](auto& r) { return r.hands_of(id, 1); }).size() == 1);
    CHECK(ask(subject.store, [&](auto& r) { return r.hands_of(case_number(2), 9); }).empty());
    CHECK(count(subject.store, in_hands_of({})) == 3);
    CHECK_THROWS_AS(give(subject.store, 99, ada), Fault); // no such case
    CHECK_THROWS_AS(
        subject.store.write([](StoreWriter& w) {
            w.put_hands({case_number(1), at(8), nobody, ada, digest_number(77)});
        }),
        Fault); // no such statement
}

TEST_CASE_TEMPLATE("caseloads count what everybody has", T, InSqlite, InMemory) {
    T subject;
    put_three(subject.store);
    give(subject.store, 1, ada);
    give(subject.store, 2, ada);
    give(subject.store, 3, bram);
    using Loads = std::vector<std::pair<PersonId, std::int64_t>>;
    const auto loads = [&](const PersonId& after, std::size_t limit) {
        return ask(subject.store, [&](auto& r) { return r.caseloads(after, limit); });
    };
    CHECK(loads({}, 9) == Loads{{ada, 2}, {bram, 1}});
    CHECK(loads({}, 1) == Loads{{ada, 2}});
    CHECK(loads(ada, 9) == Loads{{bram, 1}});
    give(subject.store, 3, ada);
    give(subject.store, 1, nobody);
    CHECK(loads({}, 9) == Loads{{ada, 2}});
    CHECK(ask(subject.store, [](auto& r) { return r.caseload(ada); }) == 2);
    CHECK(ask(subject.store, [](auto& r) { return r.caseload(bram); }) == 0);
    CHECK(ask(subject.store, [](auto& r) { return r.caseload(PersonId("carmen")); }) == 0);
    CHECK(ask(subject.store, [](auto& r) {
              return r.in_hands_of(ada, {}, 9);
          }) == std::vector{case_number(2), case_number(3)});
    CHECK(ask(subject.store, [](auto& r) {
              return r.in_hands_of(ada, case_number(2), 9);
          }) == std::vector{case_number(3)});
    CHECK(ask(subject.store, [](auto& r) { return r.in_hands_of(ada, {}, 1); }).size() == 1);
}

TEST_CASE_TEMPLATE(
    "statements are kept once and listed from the latest; stand-ins by who is away and who is there",
    T, InSqlite, InMemory) {
    T subject;
    const auto statement = [](std::uint32_t hash, std::int64_t when) {
        return node::HandStatementRow{digest_number(hash), at(when), "{\"a\":1}"};
    };
    const node::StandInRow week{digest_number(1),
                                ada,
                                bram,
                                at(10),
                                at(20),
                                std::nullopt,
                                {case_number(1), case_number(2)}};
    node::StandInRow month{digest_number(2), ada, PersonId("cleo"), at(10), at(30),
                           std::nullopt,     {}};
    subject.store.write([&](StoreWriter& w) {
        for (const auto& row : {statement(1, 5), statement(2, 5), statement(3, 9)})
            w.add_hand_statement(row);
        w.put_stand_in(week);
        w.put_stand_in(month);
    });
    const auto listed = [&](const std::optional<std::pair<Instant, Digest>>& before,
                            std::size_t limit) {
        return ask(subject.store, [&](auto& r) { return r.hand_statements(before, limit); });
    };
    CHECK(listed({}, 9) == std::vector{statement(3, 9), statement(2, 5), statement(1, 5)});
    CHECK(listed({}, 1) == std::vector{statement(3, 9)});
    CHECK(
        listed(std::pair(at(9), digest_number(3)), 9) ==
        std::vector{statement(2, 5), statement(1, 5)});
    CHECK(listed(std::pair(at(5), digest_number(2)), 9) == std::vector{statement(1, 5)});
    CHECK(ask(subject.store, [](auto& r) {
              return r.find_hand_statement(digest_number(3));
          }) == statement(3, 9));
    CHECK_FALSE(
        ask(subject.store, [](auto& r) { return r.find_hand_statement(digest_number(4)); }));
    CHECK_THROWS_AS(
        subject.store.write([&](StoreWriter& w) { w.add_hand_statement(statement(1, 6)); }), Fault);
    using Rows = std::vector<node::StandInRow>;
    const auto away = [&](Instant after) {
        return ask(subject.store, [&](auto& r) { return r.stand_ins_for(ada, after, 9); });
    };
    CHECK(away(at(19)) == Rows{week, month});
    CHECK(away(at(20)) == Rows{month}); // its end is not in it
    CHECK(away(at(30)).empty());
    CHECK(ask(subject.store, [](auto& r) { return r.stand_ins_by(bram, at(0), 9); }) == Rows{week});
    CHECK(ask(subject.store, [](auto& r) { return r.stand_ins_by(ada, at(0), 9); }).empty());
    CHECK(ask(subject.store, [](auto& r) { return r.stand_ins(at(0), 9); }) == Rows{week, month});
    month.until = at(15);
    month.ended = digest_number(3);
    subject.store.write([&](StoreWriter& w) { w.put_stand_in(month); });
    CHECK(away(at(0)) == Rows{month, week});
    CHECK(ask(subject.store, [](auto& r) { return r.find_stand_in(digest_number(2)); }) == month);
    CHECK_FALSE(ask(subject.store, [](auto& r) { return r.find_stand_in(digest_number(9)); }));
    month.statement = digest_number(9); // not there
    CHECK_THROWS_AS(subject.store.write([&](StoreWriter& w) { w.put_stand_in(month); }), Fault);
}

TEST_CASE("the two stores answer alike to whose hands cases are in, with every other filter") {
    std::mt19937 random(20'261'130);
    InSqlite sqlite;
    InMemory memory;
    const std::vector<PersonId> people{nobody, ada, bram, PersonId("cleo")};
    std::vector<node::WorkRow> rows;
    for (std::uint32_t i = 0; i < 400; ++i) {
        auto row = row_number(i, random() % 60);
        row.state = random() % 2 == 0 ? "open" : "waiting";
        row.partner = ParticipantId(random() % 3 == 0 ? "a" : "b");
        if (random() % 4 == 0) row.due.reset();
        if (random() % 4 == 0) row.act.clear();
        if (random() % 3 == 0) row.stuck = at(random() % 60);
        if (random() % 3 == 0) row.seal_end = at(random() % 60);
        for (const auto* role : {"issuing-officer", "judge"})
            if (!row.act.empty() && random() % 2 == 0)
                row.duties.push_back(
                    {role, "notify", "requesting",
                     random() % 5 == 0 ? std::nullopt : std::optional(at(random() % 60)), at(1)});
        rows.push_back(std::move(row));
    }
    for (auto* store : {&sqlite.store, &memory.store}) {
        put(*store, rows);
        store->write([](StoreWriter& w) { w.add_hand_statement({digest_number(1), at(5), "{}"}); });
    }
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 150; ++i) {
            const auto id = static_cast<std::uint32_t>(random() % 400);
            const auto& to = people[random() % people.size()];
            give(sqlite.store, id, to);
            give(memory.store, id, to);
            if (random() % 3 != 0) continue;
            auto& row = rows[random() % 400]; // and an act happens in another
            row.state = row.state == "open" ? "waiting" : "open";
            put(sqlite.store, {row});
            put(memory.store, {row});
        }
        for (int question = 0; question < 150; ++question) {
            node::WorkFilter filter;
            if (random() % 2 == 0) filter.state = "open";
            if (random() % 3 == 0) filter.partner = "a";
            if (random() % 3 == 0) filter.mine = std::vector<std::string>{"judge"};
            if (random() % 6 == 0)
                filter.mine = std::vector<std::string>{"judge", "issuing-officer"};
            filter.hands = node::WorkHands{};
            for (const auto& person : {ada, bram, PersonId("gone")}) {
                if (random() % 2 == 0) continue;
                node::WorkHands::Of of{person, {}};
                if (random() % 3 == 0) {
                    std::set<CaseId> chosen;
                    for (int n = 0; n < 60; ++n)
                        chosen.insert(case_number(static_cast<std::uint32_t>(random() % 420)));
                    of.cases.emplace(chosen.begin(), chosen.end());
                }
                filter.hands->of.push_back(std::move(of));
            }
            node::WorkRange range;
            range.by = static_cast<By>(random() % 5);
            if (random() % 2 == 0) range.from = at(random() % 60);
            if (random() % 2 == 0) range.before = at(random() % 70);
            CAPTURE(question);
            CAPTURE(static_cast<int>(range.by));
            const auto there = ids(memory.store, filter, range);
            CHECK(ids(sqlite.store, filter, range, 1 + random() % 9) == there);
            CHECK(count(sqlite.store, filter, range) == there.size());
            CHECK(count(memory.store, filter, range) == there.size());
        }
        CHECK(ask(sqlite.store, [](auto& r) {
                  return r.caseloads({}, 9);
              }) == ask(memory.store, [](auto& r) { return r.caseloads({}, 9); }));
    }
}
