// Tallies and reports: the sums are those of the leaves, whatever is left out, added, moved or
// rounded away is found, and what a report hides cannot be computed from it.
#include "record/leaf.hpp"
#include "record/tally.hpp"
#include "record_support.hpp"

#include <fmt/format.h>

#include <set>

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

const Bytes secret(32, 's');
const TallyPlace place{"arcadia.example/record", "requesting", "2026-Q1"};

Tally tally(
    std::uint64_t number, std::vector<std::size_t> categories, const TallyPlace& at = place) {
    const Bytes id = Bytes(view(crypto::sha256(std::to_string(number)))).substr(0, tally_id_bytes);
    return make_tally(secret, at, id, categories);
}

using Categories = std::vector<std::size_t>;

/// Categories of schema 2 whose first attribute is `first`.
Categories of(std::size_t first) {
    return {first, 0, 0, 1, 2, 0, 3, 9, 0};
}

/// `counts[j]` cases whose first attribute is j; the others alike.
std::vector<Tally> cases(const std::vector<int>& counts) {
    std::vector<Tally> out;
    for (std::size_t j = 0; j < counts.size(); ++j)
        for (int i = 0; i < counts[j]; ++i)
            out.push_back(tally(out.size(), of(j)));
    return out;
}

/// `counts[j]` cases of which one attribute is j; the others alike.
std::vector<Tally> cases_by(std::size_t attribute, const std::vector<int>& counts) {
    std::vector<Tally> out;
    for (std::size_t j = 0; j < counts.size(); ++j)
        for (int i = 0; i < counts[j]; ++i) {
            auto categories = of(0);
            categories[attribute] = j;
            out.push_back(tally(out.size(), categories));
        }
    return out;
}

std::string told(const std::vector<Tally>& tallies, const std::string& what) {
    const auto report = make_report(secret, place, tallies);
    REQUIRE(report.has_value());
    // As a file would carry it.
    const auto read = json::parse_object(json::pretty(*report), 1'000'000);
    const auto checked = verify_report(*read, place.origin, tallies);
    REQUIRE_MESSAGE(checked.has_value(), (checked ? "" : checked.error().text()));
    const auto at = checked->find(what);
    return at == checked->end() ? "-" : at->second;
}

} // namespace

TEST_CASE("R4_ a tally is one leaf in one spelling, and counts one category of each attribute") {
    const auto one = tally(1, {0, 1, 2, 3, 4, 0, 5, 12, 1});
    const Bytes entry = one.print();
    CHECK(entry.starts_with(
        R"({"leaf":"tally","v":1,"class":"requesting","period":"2026-Q1","schema":2,"id":")"));
    CHECK(Tally::parse(entry).value() == one);
    const auto leaf = Leaf::parse(entry);
    REQUIRE(leaf.has_value());
    CHECK(leaf->kind == Leaf::Kind::tally);
    CHECK(leaf->print() == entry);
    CHECK(verify_tally(one, place.origin));
    // No other record, class, period or id.
    CHECK(!verify_tally(one, "borealia.example/record"));
    for (auto change : {0, 1, 2}) {
        auto other = one;
        if (change == 0) other.group = "requested";
        if (change == 1) other.period = "2026-Q2";
        if (change == 2) other.id[0] = static_cast<char>(other.id[0] ^ 1);
        CHECK(!verify_tally(other, place.origin));
    }
    for (const auto& bad : {entry + " ", entry.substr(1), std::string(R"({"leaf":"tally","v":1})")})
        CHECK(code_of(Leaf::parse(bad)) == Code::leaf_malformed);
    auto other = entry;
    other.replace(other.find("\"schema\":2"), 10, "\"schema\":3");
    CHECK(code_of(Leaf::parse(other)) == Code::leaf_unknown);
    other = entry; // the attributes of one schema under the name of the other
    other.replace(other.find("\"schema\":2"), 10, "\"schema\":1");
    CHECK(code_of(Leaf::parse(other)) == Code::leaf_malformed);
    other = entry;
    other.replace(other.find("2026-Q1"), 7, "2026-Q5");
    CHECK(code_of(Leaf::parse(other)) == Code::leaf_malformed);
    // A commitment put in the place of another attribute's is no proof.
    auto swapped = one;
    std::swap(swapped.commitments[0], swapped.commitments[5]);
    CHECK(!verify_tally(swapped, place.origin));
}

TEST_CASE("quarters begin and end with their days") {
    const auto at = [](const char* text) {
        return instant_from(text).value();
    };
    CHECK(quarter_of(at("2026-01-01T00:00:00.000Z")) == "2026-Q1");
    CHECK(quarter_of(at("2026-03-31T23:59:59.999Z")) == "2026-Q1");
    CHECK(quarter_of(at("2026-04-01T00:00:00.000Z")) == "2026-Q2");
    CHECK(quarter_of(at("2026-12-31T23:59:59.999Z")) == "2026-Q4");
    CHECK(quarter_end("2026-Q1") == at("2026-04-01T00:00:00.000Z"));
    CHECK(quarter_end("2026-Q4") == at("2027-01-01T00:00:00.000Z"));
    for (const char* bad : {"", "2026-Q0", "2026-Q5", "2026-q1", "26-Q1", "2026-Q1 ", "0001-Q1"})
        CHECK_FALSE(is_quarter(bad));
}

TEST_CASE("R4_ a report tells the sums of the leaves") {
    const auto all = cases({20, 6, 9, 5});
    CHECK(told(all, "procedure/mla") == "20");
    CHECK(told(all, "procedure/emergency") == "6");
    CHECK(told(all, "procedure/extraordinary") == "9");
    CHECK(told(all, "procedure/other") == "5");
}

TEST_CASE("T40 small cells are hidden, and never one alone") {
    const auto all = cases({20, 4, 9, 5});
    CHECK(told(all, "procedure/emergency") == "under 5");
    CHECK(told(all, "procedure/mla") == "20");
    CHECK(told(all, "procedure/other").starts_with("about"));
    CHECK(told(all, "procedure/extraordinary") == "9");
    // Below ten cases nothing is opened; at ten it is.
    CHECK(told(cases({9}), "procedure") == "withheld");
    CHECK(told(cases({10}), "procedure/mla") == "about 10");
    CHECK(told(cases({3, 3, 2, 2}), "procedure/mla") == "under 5");
}

TEST_CASE("T40 from no report can a small cell be computed, whatever the counts") {
    // The reader knows the total, what is told, that a hidden cell is under five, and that a
    // rounded one is not: for each hidden cell at least two values must remain.
    std::size_t hidden_cells = 0;
    for (int a = 0; a <= 12; ++a)
        for (int b = 0; b <= 6; ++b)
            for (int c : {0, 1, 4, 5}) {
                const std::vector<int> counts{a, b, c, 0};
                const int total = a + b + c;
                if (total < 10 || (a * 7 + b * 3 + c) % 17 != 0) continue; // a part of them
                const auto tallies = cases(counts);
                const auto report = make_report(secret, place, tallies).value();
                const auto checked = verify_report(report, place.origin, tallies).value();
                if (checked.contains("procedure")) continue; // withheld
                std::vector<std::pair<int, int>> ranges;
                std::vector<bool> hidden;
                for (const auto name : tally_attributes()[0].categories) {
                    const auto& text = checked.at("procedure/" + std::string(name));
                    hidden.push_back(text == "under 5");
                    if (text == "under 5")
                        ranges.emplace_back(0, 4);
                    else if (text.starts_with("about "))
                        ranges.emplace_back(
                            std::max(5, std::stoi(text.substr(6)) - 4),
                            std::stoi(text.substr(6)) + 4);
                    else
                        ranges.emplace_back(std::stoi(text), std::stoi(text));
                }
                std::vector<std::set<int>> possible(4);
                for (int w = ranges[0].first; w <= ranges[0].second; ++w)
                    for (int x = ranges[1].first; x <= ranges[1].second; ++x)
                        for (int y = ranges[2].first; y <= ranges[2].second; ++y) {
                            const int z = total - w - x - y;
                            if (z < ranges[3].first || z > ranges[3].second) continue;
                            possible[0].insert(w);
                            possible[1].insert(x);
                            possible[2].insert(y);
                            possible[3].insert(z);
                        }
                for (std::size_t j = 0; j < 4; ++j) {
                    if (!hidden[j]) continue;
                    ++hidden_cells;
                    CHECK_MESSAGE(possible[j].size() >= 2, a, " ", b, " ", c, " cell ", j);
                }
            }
    CHECK(hidden_cells > 10);
}

TEST_CASE("R4_ a case left out, added, counted twice or of another period is found") {
    const auto all = cases({6, 5, 5, 0});
    const auto report = make_report(secret, place, all).value();
    CHECK(verify_report(report, place.origin, all));
    auto fewer = all;
    fewer.pop_back();
    CHECK(code_of(verify_report(report, place.origin, fewer)) == Code::proof_wrong);
    auto more = all;
    more.push_back(tally(1'000, of(0)));
    CHECK(code_of(verify_report(report, place.origin, more)) == Code::proof_wrong);
    auto other = all; // the same number, another case
    other.back() = tally(1'000, of(0));
    CHECK(code_of(verify_report(report, place.origin, other)) == Code::proof_wrong);
    auto twice = all;
    twice.push_back(all.front());
    CHECK(code_of(verify_report(report, place.origin, twice)) == Code::proof_wrong);
    CHECK(code_of(make_report(secret, place, twice)) == Code::proof_wrong);
    auto late = all;
    late.back() = tally(15, of(2), {place.origin, place.group, "2026-Q2"});
    CHECK(code_of(verify_report(report, place.origin, late)) == Code::proof_wrong);
    CHECK(code_of(verify_report(report, "x.example/record", all)) == Code::proof_wrong);
    CHECK(code_of(make_report(Bytes(32, 'x'), place, all)) == Code::proof_wrong);
}

TEST_CASE("R4_ a report with a count that was changed is found, the hidden ones too") {
    const auto all = cases({20, 4, 9, 5});
    const auto report = make_report(secret, place, all).value();
    const auto changed = [&](std::size_t cell, const char* member, json::Value value) {
        json::Object copy = report;
        copy["attributes"].as_array()[0].as_object()["cells"].as_array()[cell].as_object()[member] =
            std::move(value);
        return code_of(verify_report(copy, place.origin, all));
    };
    CHECK(changed(0, "count", 19) == Code::proof_wrong);
    CHECK(changed(0, "count", 21) == Code::proof_wrong);
    CHECK(changed(3, "about", 10) == Code::proof_wrong);
    CHECK(changed(3, "about", 6) == Code::proof_malformed);
    CHECK(changed(1, "about", 5) == Code::proof_wrong); // a hidden one as if it were rounded
    CHECK(changed(1, "category", "mla") == Code::proof_malformed);
    CHECK(changed(1, "count", 4) == Code::proof_malformed); // told and hidden at once
    // One hidden and one told change places: each proof belongs to its cell.
    json::Object copy = report;
    auto& cells = copy["attributes"].as_array()[0].as_object()["cells"].as_array();
    std::swap(cells[0].as_object()["commitment"], cells[2].as_object()["commitment"]);
    CHECK(code_of(verify_report(copy, place.origin, all)) == Code::proof_wrong);
    copy = report;
    copy["cases"] = 37;
    CHECK(code_of(verify_report(copy, place.origin, all)) == Code::proof_wrong);
}

TEST_CASE("R4_ partner, offence and ground of refusal are counted and told like the rest") {
    CHECK(told(cases_by(6, {12, 0, 0, 9, 7}), "partner/africa") == "12");
    CHECK(told(cases_by(6, {12, 0, 0, 9, 7}), "partner/europe") == "9");
    CHECK(told(cases_by(7, {8, 0, 0, 0, 0, 0, 20, 0, 0, 6}), "offence/fraud") == "20");
    CHECK(told(cases_by(8, {30, 6, 0, 0, 0, 0, 0, 5}), "ground/rights") == "5");
}

TEST_CASE("T40 the one case with a partner, an offence or a ground is told in no report") {
    for (const std::size_t attribute : {6u, 7u, 8u}) {
        const auto& names = tally_attributes()[attribute];
        std::vector<int> counts(names.categories.size());
        counts[0] = 20;
        counts[1] = 1;
        const auto all = cases_by(attribute, counts);
        const auto report = make_report(secret, place, all).value();
        const auto checked = verify_report(report, place.origin, all).value();
        const auto name = std::string(names.name);
        if (checked.contains(name)) continue; // the whole attribute is withheld
        CHECK(checked.at(fmt::format("{}/{}", name, names.categories[1])) == "under 5");
        CHECK(checked.at(fmt::format("{}/{}", name, names.categories[2])) == "under 5");
        CHECK(checked.at(fmt::format("{}/{}", name, names.categories[0])).starts_with("about"));
    }
}

TEST_CASE("R4_ leaves and reports of the first schema stay good beside those of the second") {
    TallyPlace before = place;
    before.schema = 1;
    std::vector<Tally> old;
    for (std::size_t i = 0; i < 24; ++i)
        old.push_back(tally(i, {i % 4, 0, 0, 1, 2, 0}, before));
    const auto entry = old.front().print();
    CHECK(entry.find("\"schema\":1") != Bytes::npos);
    CHECK(Tally::parse(entry).value() == old.front());
    CHECK(verify_tally(old.front(), place.origin));
    const auto report = make_report(secret, before, old).value();
    CHECK(report.at("schema") == 1);
    const auto checked = verify_report(report, place.origin, old);
    REQUIRE_MESSAGE(checked.has_value(), (checked ? "" : checked.error().text()));
    CHECK(checked->at("procedure/mla") == "6");
    CHECK_FALSE(checked->contains("partner/africa"));
    // Neither stands for the other, and no report mixes them.
    auto renamed = old.front();
    renamed.schema = 2;
    CHECK_FALSE(verify_tally(renamed, place.origin));
    const auto now = cases({6, 6});
    CHECK(code_of(verify_report(report, place.origin, now)) == Code::proof_wrong);
    auto mixed = old;
    mixed.push_back(now.front());
    CHECK(code_of(make_report(secret, before, mixed)) == Code::proof_wrong);
    json::Object claimed = report;
    claimed["schema"] = 2;
    CHECK(code_of(verify_report(claimed, place.origin, old)) == Code::proof_malformed);
    claimed["schema"] = 3;
    CHECK(code_of(verify_report(claimed, place.origin, old)) == Code::proof_malformed);
}
