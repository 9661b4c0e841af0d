// What a record owes, as anybody computes it from the leaves: which discharges count, when
// something is overdue, and that no extension goes nowhere.
#include "record/obligations.hpp"
#include "record_support.hpp"

#include <algorithm>

using namespace comity;
using namespace comity::record;

namespace {

Instant day(std::string_view text) {
    return day_from(text).value();
}

Leaf owes(Duty duty, std::string_view on, std::string_view case_ = "a") {
    return {Leaf::Kind::obligation, crypto::sha256(case_), 0, duty, day(on)};
}

Leaf ends(std::int64_t closes, Ending ending, std::string_view until = {}) {
    return {
        Leaf::Kind::discharge,
        crypto::sha256("reason"),
        0,
        Duty::notice,
        until.empty() ? Instant{} : day(until),
        closes,
        ending};
}

/// Leaves from index 0 on; gives the indexes that were refused.
struct Ledger {
    Obligations fold;
    std::vector<std::uint64_t> refused;
    std::uint64_t size = 0;

    Ledger& operator<<(const Leaf& leaf) {
        // Through the bytes, as a monitor reads them.
        if (!fold.add(size, Leaf::parse(leaf.print()).value())) refused.push_back(size);
        ++size;
        return *this;
    }
};

std::string code_name(const Result<void>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

} // namespace

TEST_CASE("T33 a notice is overdue from the day after its day on, until it is discharged") {
    Ledger ledger;
    ledger << Leaf{} << owes(Duty::notice, "2028-02-29");
    CHECK(ledger.fold.overdue(day("2028-02-28")).empty());
    CHECK(ledger.fold.overdue(day("2028-02-29")).empty());
    // To the last millisecond of its day.
    CHECK(ledger.fold.overdue(day("2028-03-01") - Milliseconds{1}).empty());
    REQUIRE(ledger.fold.overdue(day("2028-03-01")).size() == 1);
    CHECK(ledger.fold.overdue(day("2030-01-01")).front().index == 1);
    ledger << ends(1, Ending::done);
    CHECK(ledger.fold.overdue(day("2030-01-01")).empty());
    CHECK(ledger.fold.ended(Duty::notice, Ending::done) == 1);
    CHECK(ledger.refused.empty());
    CHECK(ledger.fold.whole());
}

TEST_CASE("T33 an extension counts only with the obligation that takes its place at once") {
    Ledger good;
    good << owes(Duty::notice, "2026-03-01") << ends(0, Ending::extended, "2026-08-01");
    CHECK(code_name(good.fold.whole()) == "leaf_malformed"); // the record must not end here
    good << owes(Duty::notice, "2026-08-01");
    CHECK(good.fold.whole());
    CHECK(good.refused.empty());
    CHECK(good.fold.overdue(day("2026-08-01")).empty());
    REQUIRE(good.fold.overdue(day("2026-08-02")).size() == 1);
    CHECK(good.fold.open().at(2).extensions == 1);
    good << ends(2, Ending::extended, "2026-12-01") << owes(Duty::notice, "2026-12-01");
    CHECK(good.fold.open().at(4).extensions == 2);
    // Another day, another case, another duty, an act or a discharge in its place: refused.
    for (const Leaf& wrong :
         {owes(Duty::notice, "2026-08-02"), owes(Duty::notice, "2026-08-01", "b"),
          owes(Duty::deletion, "2026-08-01"), Leaf{}, ends(0, Ending::done)}) {
        Ledger bad;
        bad << owes(Duty::notice, "2026-03-01") << ends(0, Ending::extended, "2026-08-01") << wrong;
        CHECK(bad.refused == std::vector<std::uint64_t>{2});
    }
}

TEST_CASE("T20 a discharge closes an open obligation once, and nothing else") {
    Ledger ledger;
    ledger << Leaf{} << owes(Duty::deletion, "2026-03-01") << ends(0, Ending::done) // an act
           << ends(7, Ending::done)                                                 // later
           << ends(1, Ending::lifted) << ends(1, Ending::done);                     // twice
    CHECK(ledger.refused == std::vector<std::uint64_t>{2, 3, 5});
    CHECK(ledger.fold.open().empty());
    CHECK(ledger.fold.ended(Duty::deletion, Ending::lifted) == 1);
    CHECK(ledger.fold.ended(Duty::deletion, Ending::done) == 0);
}

TEST_CASE("of a case and kind one obligation is open at a time") {
    Ledger ledger;
    ledger << owes(Duty::notice, "2026-03-01") << owes(Duty::deletion, "2026-03-01")
           << owes(Duty::notice, "2026-03-01", "b") << owes(Duty::notice, "2026-04-01");
    CHECK(ledger.refused == std::vector<std::uint64_t>{3});
    ledger << ends(0, Ending::done) << owes(Duty::notice, "2026-04-01");
    CHECK(ledger.refused.size() == 1);
}

TEST_CASE("the fold is the same whether it is kept in a state or made anew, at every place") {
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    const auto pick = [&](int below) {
        return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    Ledger ledger;
    Obligations kept;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        Leaf leaf;
        const std::string on =
            "2026-0" + std::to_string(1 + pick(9)) + "-1" + std::to_string(pick(9));
        const auto open = ledger.fold.open().size();
        if (pick(3) == 0)
            leaf = owes(static_cast<Duty>(pick(3)), on, "case " + std::to_string(pick(400)));
        else if (pick(2) == 0 && open > 0)
            leaf = ends(
                static_cast<std::int64_t>(
                    std::next(ledger.fold.open().begin(), pick(static_cast<int>(open)))->first),
                static_cast<Ending>(pick(4)), on);
        kept = Obligations::parse(kept.print()).value();
        static_cast<void>(kept.add(i, Leaf::parse(leaf.print()).value()));
        ledger << leaf;
        REQUIRE(kept == ledger.fold);
    }
    CHECK(ledger.fold.ended(Duty::notice, Ending::done) > 0);
    CHECK(!Obligations::parse("{}").has_value());
    auto text = kept.print();
    CHECK(!Obligations::parse(text + " x").has_value());
    text.replace(text.find("\"ended\":["), 9, "\"ended\":[-1"); // before a digit: never zero
    CHECK(!Obligations::parse(text).has_value());
}
