// The table of gaps agrees with the question about each pair, and the difference of two packs names
// what was changed and nothing else.
#include "law/answer.hpp"
#include "law/diff.hpp"
#include "law/gaps.hpp"
#include "support/law_library.hpp"

#include <map>
#include <random>

using namespace comity;
using namespace comity::law;
using test::day;
using test::real_library;

namespace {

Joined joined(std::string_view a, std::string_view b, Day on) {
    auto out = Joined::none;
    const auto found_there = real_library().between(a, b, on);
    for (const auto& bond : found_there.bonds)
        out = std::max(
            out, bond.instrument->scope == Scope::offence_limited ? Joined::only_listed
                                                                  : Joined::any_offence);
    return out;
}

Pack pack_of(test::LawFiles files) {
    return Pack::from_files(std::move(files), crypto::sha256).value();
}

} // namespace

TEST_CASE("R5 the gap table has the 19,503 pairs of real countries and agrees with each question") {
    const auto on = day("2026-03-01");
    const auto table = gaps(real_library(), on);
    CHECK(table.pairs == 198 * 197 / 2);
    CHECK(table.joined[0] + table.joined[1] + table.joined[2] == table.pairs);
    CHECK(table.list.size() == table.joined[0] + table.joined[1]);
    std::size_t in_groups = 0;
    for (const auto& group : table.groups)
        in_groups += group.pairs;
    CHECK(in_groups == table.pairs);
    // The figures of law/NOTES.md: a few hundred with nothing, about 15,000 for listed offences.
    CHECK(table.joined[0] == 436);
    CHECK(table.joined[1] == 15188);
    std::map<std::pair<std::string, std::string>, Joined> gap;
    for (const auto& one : table.list) {
        CHECK_FALSE(one.a->invented);
        gap[{one.a->code, one.b->code}] = one.joined;
    }
    std::mt19937 random(99);
    const auto& countries = real_library().countries();
    for (int round = 0; round < 2'000; ++round) {
        const auto& a = countries[random() % countries.size()];
        const auto& b = countries[random() % countries.size()];
        if (a.invented || b.invented || a.code >= b.code) continue;
        const auto at = gap.find({a.code, b.code});
        CAPTURE(a.code);
        CAPTURE(b.code);
        CHECK((at == gap.end() ? Joined::any_offence : at->second) == joined(a.code, b.code, on));
    }
}

TEST_CASE("R5 the gap table of one country, and the order by published figures") {
    auto table = gaps(real_library(), day("2026-03-01"), "US");
    CHECK(table.pairs == 197);
    for (const auto& one : table.list)
        CHECK((one.a->code == "US" || one.b->code == "US"));
    auto all = gaps(real_library(), day("2026-03-01"));
    by_demand(all);
    REQUIRE(!all.list.empty());
    CHECK(all.list.front().demand.front()->country.has_value());
    CHECK(all.list.back().demand.empty());
    // Before most treaties were made there were more gaps.
    CHECK(gaps(real_library(), day("1990-01-01")).list.size() > all.list.size());
}

TEST_CASE(
    "the difference of two packs: files, records and fields, and nothing where nothing changed") {
    const auto before = pack_of(test::law_files());
    CHECK(diff(before, pack_of(test::law_files())).empty());
    const auto one = diff(before, pack_of(test::changed("instruments.json", [](json::Object& file) {
                              auto& record = test::record_of(file, "id", "budapest-185");
                              record["note"] = "other";
                              for (auto& party : record.at("parties").as_array())
                                  if (party.at("country") == "FR")
                                      party.as_object()["in_force_for_it"] = "2006-05-02";
                          })));
    REQUIRE(one.size() == 2);
    CHECK(one[0].file == "instruments.json");
    CHECK(one[0].record == "budapest-185");
    CHECK(one[0].field == "note");
    CHECK(one[1].field == "parties[FR]/in_force_for_it");
    CHECK(one[1].after == "\"2006-05-02\"");
    auto files = test::law_files();
    files.erase("profiles/fr.json");
    auto removed = diff(before, pack_of(files));
    REQUIRE(removed.size() == 1);
    CHECK(removed[0].kind == ChangeKind::removed);
    CHECK(removed[0].file == "profiles/fr.json");
    auto added = diff(pack_of(files), before);
    REQUIRE(added.size() == 1);
    CHECK(added[0].kind == ChangeKind::added);
    const auto record =
        diff(before, pack_of(test::changed("offences.json", [](json::Object& file) {
                 file.at("records").as_array().erase(file.at("records").as_array().begin());
             })));
    REQUIRE(record.size() == 1);
    CHECK(record[0].kind == ChangeKind::removed);
    CHECK(record[0].record == "criminal-organisation");
    CHECK(record[0].field.empty());
}

TEST_CASE(
    "M3 one answer holds who asks whom, on what basis, who approves, clocks, notice, retention, remedy") {
    const auto& library = real_library();
    const auto pack = pack_of(test::law_files());
    const auto all = answer(
        library, pack,
        {"XA", "XB", day("2026-03-01"), {Category::access, "computer-fraud", std::nullopt}});
    CHECK(all.at("binds").as_array().at(0).at("id") == "xa-xb-mlat-2011");
    CHECK(all.at("binds").as_array().at(0).at("articles").at("emergency") == "13");
    CHECK(
        all.at("central_authorities").at("requested").at("authority") ==
        "Federal Office of Justice of Borealis");
    CHECK(!all.at("clocks").as_array().empty());
    std::map<std::string, json::Value> demands;
    for (const auto& demand : all.at("requirements").as_array().at(0).at("demands").as_array())
        demands[std::string(demand.at("demand").as_string())] = demand;
    CHECK(demands.at("who_may_authorise").at("value") == json::Array{"investigating_judge"});
    CHECK(demands.at("notice_within").at("value") == "P30D");
    CHECK(demands.at("longest_retention").at("value") == "P548D");
    CHECK(demands.at("remedy_court").at("value") == "Chambre d’accusation");
    for (const auto& [name, demand] : demands) {
        CAPTURE(name);
        CHECK((demand.at("origin") == "unknown" || !demand.at("sources").as_array().empty()));
    }
    CHECK(country_named(library, "france")->code == "FR");
    CHECK(country_named(library, "Boréalie")->code == "XB");
    CHECK(country_named(library, "xc")->code == "XC");
    CHECK_FALSE(country_named(library, "Atlantis"));
}
