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
    for (const auto& bond : real_library().between(a, b, day(on), question).bonds)
        if (question.offence || bond.instrument->scope != Scope::offence_limited)
            out.insert(bond.instrument->id);
    return out;
}

std::optional<NearMiss> missed(
    std::string_view a, std::string_view b, std::string_view on, std::string_view id,
    const Question& question = {}) {
    for (const auto& miss : real_library().between(a, b, day(on), question).misses)
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
