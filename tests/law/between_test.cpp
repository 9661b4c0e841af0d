// What binds whom, on the real data and the invented countries, as a lawyer would look it up: one
// row, a pair, a day, and the instruments that bind for any offence or for the offence named.
#include "support/law_library.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <random>
#include <set>

using namespace comity;
using namespace comity::law;
using test::day;
using test::real_library;

namespace {

using Ids = std::set<std::string>;

Ids bonds(
    std::string_view a, std::string_view b, std::string_view on, const Question& question = {}) {
    Ids out;
    const auto found_there = real_library().between(a, b, day(on), question);
    for (const auto& bond : found_there.bonds)
        if (question.offence || bond.instrument->scope != Scope::offence_limited)
            out.insert(bond.instrument->id);
    return out;
}

std::optional<NearMiss> missed(
    std::string_view a, std::string_view b, std::string_view on, std::string_view id,
    const Question& question = {}) {
    const auto found_there = real_library().between(a, b, day(on), question);
    for (const auto& miss : found_there.misses)
        if (miss.instrument->id == id) return miss;
    return std::nullopt;
}

struct Row {
    const char* a;
    const char* b;
    const char* on;
    Ids expected;
};

} // namespace

TEST_CASE("R5 the instruments between two countries on a day, for any offence") {
    const std::vector<Row> rows{
        // Budapest since France and the United States are both parties, beside the bilateral treaty
        // and the agreement of the Union.
        {"FR", "US", "2026-03-01", {"budapest-185", "eu-us-mla-2003", "bilateral-fr-us"}},
        {"FR", "US", "2010-02-01", {"budapest-185", "eu-us-mla-2003", "bilateral-fr-us"}},
        {"FR", "US", "2010-01-31", {"budapest-185", "bilateral-fr-us"}},
        {"FR", "US", "2006-12-31", {"bilateral-fr-us"}},
        {"FR", "US", "2001-12-01", {"bilateral-fr-us"}},
        {"FR", "US", "2001-11-30", {}},
        // Hub countries: the agreements of the Union bind no two member states.
        {"GB", "US", "2026-03-01", {"budapest-185", "bilateral-gb-us", "cloud-us-uk-2019"}},
        {"GB", "US", "2022-10-03", {"budapest-185", "bilateral-gb-us", "cloud-us-uk-2019"}},
        {"GB", "US", "2022-10-02", {"budapest-185", "bilateral-gb-us"}},
        {"AU", "US", "2024-01-30", {"budapest-185", "bilateral-au-us"}},
        {"AU", "US", "2024-01-31", {"budapest-185", "bilateral-au-us", "cloud-us-au-2021"}},
        // Suspended in 2020.
        {"HK", "US", "2026-03-01", {}},
        {"AU", "HK", "2026-03-01", {}},
        // Invented countries.
        {"XA", "XB", "2012-03-01", {"xa-xb-mlat-2011"}},
        {"XA", "XB", "2012-02-29", {}},
        {"XB", "XC", "2016-04-01", {"northern-mla-1998"}},
        {"XB", "XC", "2016-03-31", {}},
        {"XA", "XC", "2026-03-01", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.a);
        CAPTURE(row.b);
        CAPTURE(row.on);
        const auto found = bonds(row.a, row.b, row.on);
        CHECK_MESSAGE(found == row.expected, fmt::format("{}", fmt::join(found, " ")));
    }
}

TEST_CASE("R5 why an instrument that has to do with both countries does not bind them") {
    struct MissRow {
        const char* a;
        const char* b;
        const char* on;
        const char* instrument;
        Miss reason;
    };

    const std::vector<MissRow> rows{
        {"IE", "FR", "2026-03-01", "budapest-185", Miss::signed_only},
        {"ZA", "FR", "2026-03-01", "budapest-185", Miss::signed_only},
        {"KE", "FR", "2026-03-01", "budapest-185", Miss::status_unknown},
        {"FR", "US", "2006-12-31", "budapest-185", Miss::not_yet},
        {"JP", "RS", "2026-03-01", "budapest-2ap-224", Miss::not_in_force},
        {"FR", "US", "2026-03-01", "budapest-2ap-224", Miss::signed_only},
        {"GB", "US", "2026-03-01", "eu-us-mla-2003", Miss::former_party},
        {"FR", "DE", "2026-03-01", "eu-us-mla-2003", Miss::hub_missing},
        {"FR", "DE", "2026-08-17", "eu-eevidence-2023", Miss::not_yet},
        {"FR", "DE", "2017-05-21", "eu-eio-2014", Miss::not_yet},
        {"FR", "DK", "2026-08-18", "eu-eevidence-2023", Miss::non_participant},
        {"HK", "US", "2026-03-01", "bilateral-hk-us", Miss::suspended},
        {"CN", "HK", "2026-03-01", "untoc-2000", Miss::not_between},
        {"GB", "US", "2026-03-01", "bilateral-gb-us-ky", Miss::other_territory},
        {"GB", "IN", "2026-03-01", "harare-scheme", Miss::not_a_basis},
        {"XA", "XC", "2026-03-01", "northern-mla-1998", Miss::signed_only},
    };
    for (const auto& row : rows) {
        CAPTURE(row.a);
        CAPTURE(row.b);
        CAPTURE(row.instrument);
        const auto found = missed(row.a, row.b, row.on, row.instrument);
        REQUIRE(found);
        CHECK_MESSAGE(found->reason == row.reason, found->because);
        CHECK(!found->because.empty());
        CHECK(bonds(row.a, row.b, row.on, {{}, "terrorism", {}}).count(row.instrument) == 0);
    }
}

TEST_CASE(
    "R5 acts of the Union bind from the day they apply, and only member states that take part") {
    const auto binds = [](std::string_view a, std::string_view b, std::string_view on,
                          std::string_view id) {
        return real_library().between(a, b, day(on)).find(id) != nullptr;
    };
    CHECK_FALSE(binds("FR", "DE", "2017-05-21", "eu-eio-2014"));
    CHECK(binds("FR", "DE", "2017-05-22", "eu-eio-2014"));
    CHECK_FALSE(binds("FR", "DE", "2026-08-17", "eu-eevidence-2023"));
    CHECK(binds("FR", "DE", "2026-08-18", "eu-eevidence-2023"));
    CHECK(binds("FR", "DE", "2026-08-19", "eu-eevidence-2023"));
    CHECK_FALSE(binds("FR", "IE", "2026-08-18", "eu-eio-2014"));
    CHECK_FALSE(binds("FR", "CH", "2026-08-18", "eu-eio-2014"));
}

TEST_CASE("R5 an instrument limited to listed offences binds for those alone") {
    const auto binds = [](std::string_view a, std::string_view b, std::string_view offence,
                          std::string_view id) {
        return bonds(a, b, "2026-03-01", {{}, std::string(offence), {}}).count(std::string(id)) ==
               1;
    };
    CHECK(binds("AO", "US", "corruption", "uncac-2003"));
    CHECK_FALSE(binds("AO", "US", "fraud", "uncac-2003"));
    CHECK(binds("AO", "US", "drug-trafficking", "un-drugs-1988"));
    CHECK_FALSE(binds("AO", "US", "corruption", "un-drugs-1988"));
    CHECK(binds("XA", "XC", "kidnapping", "three-shores-2024"));
    CHECK_FALSE(binds("XA", "XC", "fraud", "three-shores-2024"));
    CHECK(
        missed("XA", "XC", "2026-03-01", "three-shores-2024", {{}, "fraud", {}})->reason ==
        Miss::offence_not_listed);
    // Asked without an offence it binds, and says for what.
    const auto open = real_library().between("XA", "XC", day("2026-03-01"));
    REQUIRE(open.find("three-shores-2024"));
    CHECK(
        open.find("three-shores-2024")->caveats.front().text().find("only for the offences it lists") !=
        std::string::npos);
}

TEST_CASE("R5 a category that an instrument does not cover, or that is reserved, is not bound") {
    const auto ask_for = [](std::string_view a, std::string_view b, Category category) {
        return bonds(a, b, "2026-03-01", {category, {}, {}});
    };
    CHECK(ask_for("XA", "XB", Category::preservation) == Ids{"xa-xb-mlat-2011"});
    CHECK(ask_for("XB", "XC", Category::preservation).empty());
    CHECK(ask_for("XB", "XC", Category::content) == Ids{"northern-mla-1998"});
    // Access data are traffic data, so the Budapest Convention covers them.
    CHECK(ask_for("FR", "JP", Category::access).count("budapest-185") == 1);
    // A bilateral treaty whose text was not read is not known to provide for preservation.
    CHECK(ask_for("FR", "US", Category::preservation) == Ids{"budapest-185"});
}

TEST_CASE("R5 thresholds and dual criminality depend on category and offence") {
    const auto bond = [](const Question& question) {
        return *real_library()
                    .between("FR", "DE", day("2026-09-01"), question)
                    .find("eu-eevidence-2023");
    };
    CHECK(bond({Category::subscriber, "fraud", {}}).minimum_penalty_months == 0);
    CHECK(bond({Category::content, "fraud", {}}).minimum_penalty_months == 36);
    CHECK(bond({Category::content, "illegal-access", {}}).minimum_penalty_months == 0);
    CHECK(bond({Category::content, "terrorism", {}}).minimum_penalty_months == 0);
    CHECK(
        bond({Category::content, "fraud", {}}).dual_criminality ==
        DualRule::not_required_for_listed);
    CHECK(bond({Category::content, "grooming", {}}).dual_criminality == DualRule::required);
    CHECK(bond({Category::content, "fraud", {}}).direct_to_provider);
    CHECK_FALSE(real_library()
                    .between("XA", "XB", day("2026-03-01"), {Category::content, {}, {}})
                    .find("xa-xb-mlat-2011")
                    ->direct_to_provider);
    CHECK(real_library()
              .between("XA", "XB", day("2026-03-01"), {Category::content, "kidnapping", {}})
              .find("three-shores-2024")
              ->direct_to_provider);
    // Nothing of a treaty that was not read is guessed.
    const auto unread =
        *real_library().between("FR", "US", day("2026-03-01")).find("bilateral-fr-us");
    CHECK_FALSE(unread.minimum_penalty_months);
    CHECK_FALSE(unread.dual_criminality);
}

TEST_CASE("R5 a territory has only the treaties that were made for it") {
    const auto of = [](std::optional<std::string> territory) {
        return bonds("GB", "US", "2026-03-01", {{}, {}, std::move(territory)});
    };
    CHECK(of("KY") == Ids{"bilateral-gb-us-ky"});
    CHECK(of("BM") == Ids{"bilateral-gb-us-bm"});
    CHECK(of("FK").empty());
    CHECK(of({}).count("bilateral-gb-us-ky") == 0);
}

TEST_CASE("R5 a day of which only the year is sure counts from the end of that year") {
    const Since* since = nullptr;
    const Instrument* one = nullptr;
    for (const auto& instrument : real_library().instruments())
        if (instrument.in_force.year_only && !one) {
            one = &instrument;
            since = &instrument.in_force;
        }
    REQUIRE(one);
    const auto& a = one->participants.front().country;
    const auto& b = one->participants.back().country;
    const auto bound = [&](Day on) {
        return binding(*one, a, b, on, one->territory).state == Binding::State::binds;
    };
    CHECK(bound(*since->day));
    CHECK_FALSE(bound(*since->day - std::chrono::days{1}));
    CHECK_FALSE(binding(*one, a, b, *since->day, one->territory).since_is_exact);
}

TEST_CASE("R5 a party whose day is not known is bound from the day to which the record speaks") {
    const auto on = [](std::string_view text) -> std::optional<Bond> {
        const auto found = real_library().between("DE", "NL", day(text));
        const auto* bond = found.find("coe-mla-ap1-099");
        return bond ? std::optional(*bond) : std::nullopt;
    };
    const auto as_of = real_library().instrument("coe-mla-ap1-099")->source.as_of;
    REQUIRE(on(to_text(as_of)));
    CHECK_FALSE(on(to_text(as_of))->since_is_exact);
    CHECK_FALSE(on(to_text(as_of - std::chrono::days{1})));
    CHECK(missed("DE", "NL", "2010-01-01", "coe-mla-ap1-099")->reason == Miss::date_unknown);
}

TEST_CASE(
    "X1_ what binds a country to another binds the other to it, whatever the pair and the day") {
    const auto& library = real_library();
    std::mt19937 random(4711);
    MESSAGE("seed 4711");
    const auto& countries = library.countries();
    for (int round = 0; round < 3'000; ++round) {
        const auto& a = countries[random() % countries.size()].code;
        const auto& b = countries[random() % countries.size()].code;
        const Day on = day("1990-01-01") + std::chrono::days{random() % 14'000};
        Question question;
        if (random() % 2 == 0) question.category = static_cast<Category>(random() % 5);
        if (random() % 2 == 0)
            question.offence = library.offences()[random() % library.offences().size()].id;
        const auto there = library.between(a, b, on, question);
        const auto back = library.between(b, a, on, question);
        REQUIRE(there.bonds.size() == back.bonds.size());
        REQUIRE(there.misses.size() == back.misses.size());
        for (std::size_t i = 0; i < there.bonds.size(); ++i) {
            CHECK(there.bonds[i].instrument == back.bonds[i].instrument);
            CHECK(there.bonds[i].since == back.bonds[i].since);
            CHECK(there.bonds[i].since <= on);
            CHECK(there.bonds[i].caveats == back.bonds[i].caveats);
        }
        for (std::size_t i = 0; i < there.misses.size(); ++i) {
            CHECK(there.misses[i].instrument == back.misses[i].instrument);
            CHECK(there.misses[i].because == back.misses[i].because);
        }
        // Time only adds: no bond of an earlier day is lost later.
        const auto later = library.between(a, b, on + std::chrono::days{400}, question);
        for (const auto& bond : there.bonds)
            CHECK(later.find(bond.instrument->id));
    }
}

TEST_CASE("X4_ human-rights standards bind each country from its own day, and found no request") {
    const auto ids = [](std::string_view country, std::string_view on) {
        Ids out;
        for (const auto* one : real_library().human_rights(country, day(on)))
            out.insert(one->id);
        return out;
    };
    CHECK(ids("XC", "2026-03-01") == Ids{"three-shores-rights-1975"});
    CHECK(ids("XA", "2026-03-01") == Ids{"three-shores-rights-1975", "three-shores-dp-2009"});
    CHECK(ids("XC", "1991-06-30").empty());
    CHECK(ids("FR", "2026-03-01").count("iccpr-1966") == 1);
    CHECK(ids("RU", "2026-03-01").count("echr-1950") == 0); // it left in 2022
    const auto found_there = real_library().between("XA", "XB", day("2026-03-01"));
    for (const auto& bond : found_there.bonds)
        CHECK(bond.instrument->scope != Scope::human_rights);
}
