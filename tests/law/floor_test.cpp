// Joining profiles with the floor: the stricter wins in each field, what is not known stays so, and
// no profile whatever makes the result weaker than the floor (random profiles).
#include "support/law_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace comity;
using namespace comity::law;
using test::real_library;

namespace {

Profile random_profile(std::mt19937& random) {
    const auto below = [&](unsigned most) {
        return random() % most;
    };
    Profile out;
    out.country = "XB";
    for (auto& rule : out.categories) {
        if (below(4) > 0) {
            rule.authority.emplace();
            for (std::size_t i = 0; i < authority_words.size(); ++i)
                if (below(2) == 0) rule.authority->push_back(static_cast<Authority>(i));
            if (rule.authority->empty()) rule.authority.reset();
        }
        if (below(4) > 0) {
            rule.minimum_penalty_months = below(80);
            rule.listed_offences.emplace();
            if (below(3) == 0) rule.listed_offences->emplace_back("words of a law");
        }
    }
    if (below(2) == 0) out.preservation.days = below(400);
    if (below(2) == 0) out.preservation.renewals = below(4);
    if (below(2) == 0) out.user_notice.by_default = static_cast<Notice>(below(3));
    if (below(2) == 0)
        out.user_notice.maximum_deferral_days = Period{0, 0, static_cast<int>(below(181)), 0};
    if (below(2) == 0) out.retention.maximum_days = Period{0, 0, static_cast<int>(below(1827)), 0};
    if (below(2) == 0) out.death_penalty_assurance.required = static_cast<Assurance>(below(3));
    return out;
}

} // namespace

TEST_CASE("X4_ a profile joined with the floor is never weaker than the floor, whatever it says") {
    const auto& floor = real_library().floor();
    std::mt19937 random(20260302);
    MESSAGE("seed 20260302");
    for (int round = 0; round < 2'000; ++round) {
        const auto profile = random_profile(random);
        const auto category = static_cast<Category>(random() % 5);
        const auto* procedure = random() % 2 == 0 ? "mla" : "extraordinary";
        const auto joined = join("XB", &profile, floor, category, procedure);
        const auto& least = floor.rule(category);
        const auto& route = floor.route(procedure);
        REQUIRE(!joined.authority.value->empty());
        for (const auto one : *joined.authority.value)
            CHECK(
                std::find(least.authority.begin(), least.authority.end(), one) !=
                least.authority.end());
        CHECK_FALSE(is_longer(*joined.retention.value, route.retention));
        CHECK_FALSE(is_longer(*joined.deferral.value, route.deferral));
        CHECK_FALSE(is_longer(*joined.preservation.value, floor.preservation));
        CHECK(*joined.preservation_renewals.value <= floor.preservation_renewals);
        CHECK(joined.notice.value == Notice::notice);
        CHECK(joined.death_penalty_assurance.value == Assurance::required);
        // Stricter than the profile too, where it says a number.
        if (profile.retention.maximum_days)
            CHECK_FALSE(is_longer(*joined.retention.value, *profile.retention.maximum_days));
        const auto months = static_cast<std::int64_t>(random() % 100);
        if (months < least.minimum_penalty_months)
            CHECK(joined.serious("rape", months) == Answer::no);
        const auto& own = profile.rule(category);
        if (own.minimum_penalty_months && own.listed_offences->empty() &&
            months < *own.minimum_penalty_months)
            CHECK(joined.serious("terrorism", months) == Answer::no);
        if (!own.minimum_penalty_months) CHECK(joined.serious("terrorism", months) != Answer::yes);
    }
}

TEST_CASE("X4_ a country that lets police or prosecutors order is asked for a court all the same") {
    using Courts = std::vector<Authority>;
    const auto& library = real_library();
    const auto of = [&](const char* country, Category category) {
        return library.requirements(country, category).authority;
    };
    // France: police, prosecutor or investigating judge.
    CHECK(of("FR", Category::traffic).value == Courts{Authority::investigating_judge});
    CHECK(of("FR", Category::traffic).origin == Origin::both);
    // Cordia: a prosecutor alone, so the floor alone speaks.
    CHECK(
        of("XC", Category::traffic).value ==
        Courts{Authority::court, Authority::investigating_judge});
    CHECK(of("XC", Category::traffic).origin == Origin::floor);
    // Arcadia: a court.
    CHECK(of("XA", Category::content).value == Courts{Authority::court});
    // Andorra: no profile, and that is said.
    CHECK(of("AD", Category::content).unknown);
    CHECK_FALSE(library.requirements("AD", Category::content).has_profile);
    CHECK_FALSE(library.requirements("AD", Category::content).languages.value);
    CHECK(library.requirements("AD", Category::content).languages.unknown);
}

TEST_CASE("the shorter of two times holds, with where it comes from") {
    const auto& library = real_library();
    const auto cordia = library.requirements("XC", Category::subscriber, "mla");
    CHECK(cordia.retention.value == Period{0, 0, 180, 0});
    CHECK(cordia.retention.origin == Origin::profile);
    CHECK(cordia.retention.sources == std::vector<std::string>{"Ley de Cooperación art. 18"});
    CHECK(cordia.deferral.value == Period{0, 0, 180, 0});
    CHECK(cordia.deferral.origin == Origin::floor);
    CHECK(cordia.notice.value == Notice::notice);
    CHECK(cordia.notice.origin == Origin::floor);
    // In the extraordinary procedure the floor is stricter than Borealis' year and a half.
    const auto borealis = library.requirements("XB", Category::subscriber, "extraordinary");
    CHECK(borealis.retention.value == Period{1, 0, 0, 0});
    CHECK(borealis.retention.origin == Origin::floor);
    CHECK(
        library.requirements("XB", Category::subscriber, "mla").retention.value ==
        Period{0, 0, 548, 0});
    CHECK(
        library.requirements("XB", Category::subscriber, "a-new-one").retention.value ==
        Period{0, 0, 548, 0});
    // France keeps preserved data for a year; the floor's ninety days hold.
    CHECK(
        library.requirements("FR", Category::preservation).preservation.value ==
        Period{0, 0, 90, 0});
}

TEST_CASE("an offence is serious enough when floor and profile both say so: below, at and above") {
    struct Row {
        const char* country;
        Category category;
        const char* offence;
        std::int64_t months;
        Answer expected;
    };

    const std::vector<Row> rows{
        {"XA", Category::subscriber, "fraud", 11, Answer::no},
        {"XA", Category::subscriber, "fraud", 12, Answer::yes},
        {"XA", Category::subscriber, "fraud", 13, Answer::yes},
        {"XA", Category::traffic, "fraud", 35, Answer::no},
        {"XA", Category::traffic, "fraud", 36, Answer::yes},
        {"XA", Category::content, "fraud", 59, Answer::no},
        {"XA", Category::content, "fraud", 60, Answer::yes},
        // On the floor's list, but not on the country's.
        {"XA", Category::content, "terrorism", 59, Answer::no},
        // Borealis' own list is words of a law: a person reads them.
        {"XB", Category::traffic, "illegal-access", 24, Answer::unknown},
        {"XB", Category::traffic, "fraud", 24, Answer::no},
        {"XB", Category::traffic, "fraud", 36, Answer::yes},
        // Cordia: content only for offences on its list.
        {"XC", Category::content, "fraud", 120, Answer::unknown},
        {"XC", Category::content, "fraud", 35, Answer::no},
        {"XC", Category::subscriber, "fraud", 0, Answer::yes},
        // No profile: beyond the floor nothing is known.
        {"AD", Category::content, "fraud", 36, Answer::unknown},
        {"AD", Category::content, "fraud", 35, Answer::no},
    };
    for (const auto& row : rows) {
        CAPTURE(row.country);
        CAPTURE(row.offence);
        CAPTURE(row.months);
        CHECK(
            real_library()
                .requirements(row.country, row.category)
                .serious(row.offence, row.months) == row.expected);
    }
}
