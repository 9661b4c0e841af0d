// Sightings, acts by the keys behind them, and refusals at the gate, in both stores.
#include "base/fault.hpp"
#include "support/store_both.hpp"
#include "support/store_samples.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace comity;
using namespace comity::test;
using node::StoreReader;
using node::StoreWriter;

namespace {

constexpr std::int64_t day = 86'400'000;

node::SightingRow sighting(std::uint32_t number, std::int64_t when, const std::string& person) {
    node::SightingRow row;
    row.hash = digest_number(number);
    row.case_id = case_number(1);
    row.participant = ParticipantId("nimbus");
    row.office = OfficeId("desk");
    row.role = "response-officer";
    row.at = at(when);
    row.last = at(when);
    row.text = "{}";
    row.person = PersonId(person);
    if (!person.empty()) {
        row.nonce = Bytes(32, '\x07');
        row.leaf = number;
    }
    return row;
}

node::ActRow keyed(std::uint32_t number, std::uint32_t seal, std::optional<std::uint32_t> entry) {
    auto row = sample_act(number, case_number(1), number);
    row.sealed_by = digest_number(seal);
    if (entry) row.approved_by = digest_number(*entry);
    return row;
}

template <class Row>
std::vector<Digest> hashes(const std::vector<Row>& rows) {
    std::vector<Digest> out;
    for (const auto& row : rows)
        out.push_back(row.hash);
    return out;
}

using Hashes = std::vector<Digest>;

} // namespace

TEST_CASE_TEMPLATE(
    "T28_ a person has one sighting a case and day; others' are told apart by their statements", T,
    InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.put_case(sample_case(1));
        w.put_sighting(sighting(1, 10, "dina"));
        w.put_sighting(sighting(2, 10, "")); // at the same instant, of another participant
        w.put_sighting(sighting(3, day - 1, "ivo"));
        w.put_sighting(sighting(4, day, "dina")); // the next day
        w.put_sighting(sighting(5, 20, ""));
        auto later = sighting(1, 10, "dina");
        later.last = at(500);
        w.put_sighting(later);
    });
    const auto mine = [&](const char* who, std::int64_t when) {
        return ask(subject.store, [&](auto& r) {
            return r.own_sighting(case_number(1), PersonId(who), at(when));
        });
    };
    REQUIRE(mine("dina", day - 1));
    CHECK(mine("dina", day - 1)->hash == digest_number(1));
    CHECK(mine("dina", day - 1)->last == at(500));
    CHECK(mine("dina", day - 1)->nonce == Bytes(32, '\x07'));
    CHECK(mine("dina", day)->hash == digest_number(4));
    CHECK_FALSE(mine("dina", 2 * day));
    CHECK_FALSE(mine("", 10)); // nobody's is nobody's
    CHECK_FALSE(mine("ivo", day));
    CHECK_THROWS_AS(
        subject.store.write([](StoreWriter& w) { w.put_sighting(sighting(6, 11, "dina")); }),
        Fault);
    CHECK_THROWS_AS(
        subject.store.write([](StoreWriter& w) {
            auto stray = sighting(7, 11, "");
            stray.case_id = case_number(2);
            w.put_sighting(stray);
        }),
        Fault);
    const auto page = [&](const std::optional<node::TimePlace>& before, std::size_t limit) {
        return hashes(ask(
            subject.store, [&](auto& r) { return r.sightings(case_number(1), before, limit); }));
    };
    CHECK(
        page({}, 9) == Hashes{
                           digest_number(4), digest_number(3), digest_number(5), digest_number(2),
                           digest_number(1)});
    CHECK(page(node::TimePlace(at(20), digest_number(5)), 1) == Hashes{digest_number(2)});
    CHECK(page(node::TimePlace(at(10), digest_number(2)), 9) == Hashes{digest_number(1)});
    CHECK(hashes(ask(subject.store, [](auto& r) {
              return r.own_sightings({}, 9);
          })) == Hashes{digest_number(4), digest_number(3), digest_number(1)});
    CHECK(ask(subject.store, [](auto& r) { return r.count_sightings(case_number(1), 9); }) == 5);
    CHECK(ask(subject.store, [](auto& r) { return r.count_sightings(case_number(1), 3); }) == 3);
    CHECK(
        ask(subject.store, [](auto& r) { return r.find_sighting(digest_number(5)); }).has_value());
}

TEST_CASE_TEMPLATE(
    "T28_ sightings wait in a line of their own: acts do not wait for them, nor they for acts", T,
    InSqlite, InMemory) {
    T subject;
    const auto put = [&](node::OutboxRow::Kind kind, bool failed) {
        std::int64_t id = 0;
        subject.store.write([&](StoreWriter& w) {
            auto row = sample_outbox("borealis", 1, 0);
            row.kind = kind;
            row.failed = failed;
            id = w.add_outbox(row);
        });
        return id;
    };
    const auto due = [&] {
        std::vector<std::int64_t> ids;
        for (const auto& row : ask(subject.store, [](auto& r) {
                 return r.outbox_due(ParticipantId("borealis"), at(0), 9);
             }))
            ids.push_back(row.id);
        return ids;
    };
    using Ids = std::vector<std::int64_t>;
    using Kind = node::OutboxRow::Kind;
    const auto refused = put(Kind::sighting, true);
    const auto act = put(Kind::admitted, false);
    put(Kind::sighting, false);
    put(Kind::submit, false);
    CHECK(due() == Ids{act}); // in order: the second sighting behind the first, the second act too
    subject.store.write([&](StoreWriter& w) { w.remove_outbox(refused); });
    CHECK(due() == Ids{act, act + 1});
    subject.store.write([&](StoreWriter& w) { w.remove_outbox(act); });
    CHECK(due() == Ids{act + 1, act + 2});
}

TEST_CASE_TEMPLATE(
    "T13_ acts are found by the seal's certificate and by the passkey's entry, the latest first, in pages",
    T, InSqlite, InMemory) {
    T subject;
    subject.store.write([](StoreWriter& w) {
        w.put_case(sample_case(1));
        w.add_act(keyed(1, 100, 200));
        w.add_act(keyed(2, 100, 201));
        w.add_act(keyed(3, 101, 200));
        w.add_act(keyed(4, 100, std::nullopt));
        w.add_act(keyed(5, 100, 200));
        w.add_act(sample_act(6, case_number(1), 6)); // of before keys were noted
    });
    const auto sealed = [&](std::int64_t since, const std::optional<node::TimePlace>& before = {},
                            std::size_t limit = 9) {
        return hashes(ask(subject.store, [&](auto& r) {
            return r.acts_sealed_by(digest_number(100), at(since), before, limit);
        }));
    };
    CHECK(
        sealed(0) ==
        Hashes{digest_number(5), digest_number(4), digest_number(2), digest_number(1)});
    CHECK(sealed(4) == Hashes{digest_number(5), digest_number(4)});
    CHECK(sealed(5) == Hashes{digest_number(5)});
    CHECK(sealed(6).empty());
    CHECK(sealed(0, node::TimePlace(at(4), digest_number(4)), 1) == Hashes{digest_number(2)});
    const auto approved = [&](std::uint32_t entry) {
        return hashes(ask(subject.store, [&](auto& r) {
            return r.acts_approved_by(digest_number(entry), at(0), {}, 9);
        }));
    };
    CHECK(approved(200) == Hashes{digest_number(5), digest_number(3), digest_number(1)});
    CHECK(approved(202).empty());
    CHECK(hashes(ask(subject.store, [](auto& r) {
              return r.acts_without_keys(9);
          })) == Hashes{digest_number(6)});
    subject.store.write([](StoreWriter& w) {
        w.put_act_keys(digest_number(6), digest_number(100), digest_number(202));
    });
    CHECK(approved(202) == Hashes{digest_number(6)});
    CHECK(sealed(6) == Hashes{digest_number(6)});
    CHECK(ask(subject.store, [](auto& r) { return r.acts_without_keys(9); }).empty());
    const auto row = ask(subject.store, [](auto& r) { return r.find_act(digest_number(3)); });
    REQUIRE(row);
    CHECK(row->sealed_by == digest_number(101));
    CHECK(row->approved_by == digest_number(200));
}

TEST_CASE_TEMPLATE(
    "refusals at the gate add up by week, participant and code, and old weeks go", T, InSqlite,
    InMemory) {
    T subject;
    const auto count = [&](std::int64_t week, const char* who, const char* code,
                           std::int64_t times) {
        subject.store.write([&](StoreWriter& w) {
            w.count_gate_refusals({at(week * 7 * day), ParticipantId(who), code, times});
        });
    };
    count(1, "b", "seal_signature", 2);
    count(1, "b", "seal_signature", 3);
    count(1, "a", "office_not_competent", 1);
    count(2, "b", "seal_signature", 7);
    const auto of = [&](std::int64_t week) {
        return ask(subject.store, [&](auto& r) { return r.gate_refusals(at(week * 7 * day), 9); });
    };
    CHECK(
        of(1) == std::vector<node::GateRefusalRow>{
                     {at(7 * day), ParticipantId("a"), "office_not_competent", 1},
                     {at(7 * day), ParticipantId("b"), "seal_signature", 5}});
    subject.store.write([](StoreWriter& w) { w.forget_gate_refusals(at(14 * day)); });
    CHECK(of(1).empty());
    CHECK(of(2).size() == 1);
}
