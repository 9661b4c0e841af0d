// The connection analysis: the rule as a table, the countries that are to be heard, and the
// properties that hold whatever the facts are.
#include "support/assess_matter.hpp"

#include <random>

using namespace comity;
using namespace comity::assess;
using test::World;

namespace {

constexpr Factor location = Factor::data_location;
constexpr Factor holder = Factor::holder;
constexpr Factor person = Factor::data_subject;
constexpr Factor victim = Factor::victim_or_harm;
constexpr Factor conduct = Factor::conduct;
constexpr Factor nationality = Factor::nationality;
constexpr Standing unknown = Standing::unknown;
constexpr Standing stated = Standing::stated;
constexpr Standing documented = Standing::documented;

ConnectionFact fact(std::string_view country, Factor factor, Standing standing) {
    return {factor, country, standing, "as the file shows", 0};
}

Connection connected(
    const std::vector<ConnectionFact>& facts, const std::vector<Person>& persons = {},
    const std::vector<ThirdCountry>& thirds = {}) {
    return connect({facts, persons, thirds, "XA", "XB"});
}

std::string heard(const Connection& table) {
    std::string out;
    for (const auto& item : table.concerned)
        out += (out.empty() ? "" : " ") + item.country;
    return out;
}

constexpr std::array<std::string_view, 4> countries{"XA", "XB", "XC", "XD"};

std::vector<ConnectionFact> random_facts(std::mt19937_64& random) {
    std::vector<ConnectionFact> out(random() % 9);
    std::size_t row = 0;
    for (auto& item : out)
        item = {
            static_cast<Factor>(random() % factor_count), countries.at(random() % countries.size()),
            static_cast<Standing>(random() % 3), "evidence", row++};
    return out;
}

Tie conclusion_of(const std::vector<ConnectionFact>& facts, std::string_view country) {
    const auto table = connected(facts);
    const auto* row = table.find(country);
    return row ? row->conclusion : Tie::not_shown;
}

std::uint64_t seed() {
    const std::uint64_t out = std::random_device{}();
    MESSAGE("seed ", out);
    return out;
}

} // namespace

TEST_CASE("R10_ what a country has shown follows from its factors by one stated rule") {
    struct Case {
        std::string facts;
        std::vector<std::pair<Factor, Standing>> given;
        std::string_view conclusion;
    };

    const std::vector<Case> table = {
        {"nothing", {}, "not_shown"},
        {"everything unknown",
         {{person, unknown}, {victim, unknown}, {conduct, unknown}},
         "not_shown"},
        {"the data is stored there", {{location, documented}}, "not_shown"},
        {"the provider has its seat there", {{holder, documented}}, "not_shown"},
        {"seat and storage, both documented",
         {{location, documented}, {holder, documented}},
         "not_shown"},
        {"nationality alone", {{nationality, documented}}, "not_shown"},
        {"nationality and storage", {{nationality, stated}, {location, stated}}, "partial"},
        {"nationality and an unknown", {{nationality, documented}, {holder, unknown}}, "not_shown"},
        {"the victim, stated", {{victim, stated}}, "partial"},
        {"the victim, documented, and nothing else", {{victim, documented}}, "partial"},
        {"victim and conduct, only stated", {{victim, stated}, {conduct, stated}}, "partial"},
        {"all but documented",
         {{person, stated},
          {victim, stated},
          {conduct, stated},
          {nationality, documented},
          {holder, documented}},
         "partial"},
        {"victim documented, conduct stated",
         {{victim, documented}, {conduct, stated}},
         "demonstrated"},
        {"victim documented, conduct unknown",
         {{victim, documented}, {conduct, unknown}},
         "partial"},
        {"person documented, seat of the provider stated",
         {{person, documented}, {holder, stated}},
         "demonstrated"},
        {"conduct documented, nationality stated",
         {{conduct, documented}, {nationality, stated}},
         "demonstrated"},
        {"the victim twice is one kind", {{victim, documented}, {victim, stated}}, "partial"},
    };
    for (const auto& item : table) {
        INFO(item.facts);
        std::vector<ConnectionFact> facts;
        for (const auto& [factor, standing] : item.given)
            facts.push_back(fact("XA", factor, standing));
        CHECK(name(connected(facts).conclusion) == item.conclusion);
    }
}

TEST_CASE("R9_ the table shows for each country which factors tie it, on what evidence, and why") {
    const World world;
    const auto table = world.assess().connection;
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].country == "XA");
    CHECK(table.rows[1].country == "XB");
    CHECK(table.rows[0].conclusion == Tie::demonstrated);
    CHECK(table.rows[1].conclusion == Tie::not_shown);
    const auto& cell = table.rows[0].cells.at(static_cast<std::size_t>(victim));
    REQUIRE(cell.size() == 1);
    CHECK(cell[0].standing == documented);
    CHECK(cell[0].where == "/connection/0");
    CHECK(cell[0].text.find("pages 31 to 36") != std::string::npos);
    CHECK(table.rows[0].reason.text().find("victim or harm (documented)") != std::string::npos);
    CHECK(table.rows[1].reason.text().find("where a company keeps data") != std::string::npos);
    CHECK(table.sentence.text().find(table.rows[0].reason.text()) == 0);
    // What is said to be unknown stays in the table, and carries nothing.
    CHECK(table.rows[0].cells.at(static_cast<std::size_t>(nationality)).size() == 1);
    CHECK(table.rows[0].standings.at(static_cast<std::size_t>(nationality)) == unknown);
}

TEST_CASE("N3_ whoever may be the person's country is heard, and what is documented narrows it") {
    const std::vector<ConnectionFact> own{
        fact("XA", victim, documented), fact("XA", conduct, stated)};
    const auto with = [&](const std::vector<ConnectionFact>& more,
                          const std::vector<Person>& persons = {},
                          const std::vector<ThirdCountry>& thirds = {}) {
        auto facts = own;
        facts.insert(facts.end(), more.begin(), more.end());
        return heard(connected(facts, persons, thirds));
    };
    CHECK(with({}) == "");
    CHECK(with({fact("XC", person, stated)}) == "XC");
    CHECK(with({fact("XC", person, unknown)}) == "XC");
    CHECK(with({fact("XC", nationality, stated)}) == "XC");
    CHECK(with({fact("XC", victim, unknown)}) == "XC");
    // Where data lies or a company sits says nothing about a person.
    CHECK(with({fact("XC", location, documented), fact("XC", holder, documented)}) == "");
    // A residence that is only stated shuts nobody out; a documented one does.
    CHECK(with({fact("XA", person, stated), fact("XC", nationality, stated)}) == "XC");
    CHECK(with({fact("XA", person, documented), fact("XC", nationality, stated)}) == "");
    CHECK(with({fact("XA", person, documented), fact("XC", person, unknown)}) == "XC");
    // A connection as strong as that of who asks is heard whatever it rests on.
    CHECK(
        with(
            {fact("XA", person, documented), fact("XC", victim, documented),
             fact("XC", holder, stated)}) == "XC");
    CHECK(with({fact("XA", person, documented), fact("XC", victim, documented)}) == "");
    CHECK(with({}, {{"suspect", "XD", {}}}) == "XD");
    CHECK(with({}, {{"suspect", "", {"XC", "XD"}}}) == "XC XD");
    CHECK(with({fact("XA", person, documented)}, {{"suspect", "", {"XC"}}}) == "");
    CHECK(with({}, {{"victim", "XD", {"XC"}}}) == "");
    CHECK(with({}, {}, {{"XD", "the language of the account", "", false}}) == "XD");
    // Those that ask and are asked take part anyway.
    CHECK(with({fact("XB", person, documented), fact("XA", person, stated)}) == "");
}

TEST_CASE("X1_ swapping two countries in all facts swaps what they have shown, and nothing else") {
    std::mt19937_64 random(seed());
    for (int round = 0; round < 4000; ++round) {
        const auto facts = random_facts(random);
        const auto a = countries.at(random() % countries.size());
        const auto b = countries.at(random() % countries.size());
        const auto swapped_name = [&](std::string_view country) {
            return country == a ? b : country == b ? a : country;
        };
        auto swapped = facts;
        for (auto& item : swapped)
            item.country = swapped_name(item.country);
        const auto before = connect({facts, {}, {}, "XA", "XB"});
        const auto after = connect({swapped, {}, {}, swapped_name("XA"), swapped_name("XB")});
        REQUIRE(before.rows.size() == after.rows.size());
        CHECK(before.conclusion == after.conclusion);
        for (const auto& row : before.rows) {
            const auto* other = after.find(swapped_name(row.country));
            REQUIRE(other != nullptr);
            CHECK(other->conclusion == row.conclusion);
            CHECK(other->standings == row.standings);
        }
        REQUIRE(before.concerned.size() == after.concerned.size());
        for (const auto& item : before.concerned) {
            const auto at = std::find_if(
                after.concerned.begin(), after.concerned.end(), [&](const Concerned& other) {
                    return other.country == swapped_name(item.country);
                });
            REQUIRE(at != after.concerned.end());
            CHECK(at->why == item.why);
            CHECK(at->person == item.person);
        }
    }
}

TEST_CASE(
    "R10_ adding a fact for a country never weakens it, and an unknown never strengthens it") {
    std::mt19937_64 random(seed());
    for (int round = 0; round < 4000; ++round) {
        auto facts = random_facts(random);
        const auto country = countries.at(random() % countries.size());
        const Tie before = conclusion_of(facts, country);
        auto more = facts;
        more.push_back(
            {static_cast<Factor>(random() % factor_count), country,
             static_cast<Standing>(random() % 3), "more", 99});
        CHECK(conclusion_of(more, country) >= before);
        if (facts.empty()) continue;
        auto& forgotten = facts.at(random() % facts.size());
        const auto whose = forgotten.country;
        const Tie known = conclusion_of(facts, whose);
        forgotten.standing = unknown;
        CHECK(conclusion_of(facts, whose) <= known);
    }
}

TEST_CASE("X2_ place and holder of the data alone lift no country above not shown") {
    std::mt19937_64 random(seed());
    for (int round = 0; round < 2000; ++round) {
        auto facts = random_facts(random);
        for (auto& item : facts)
            item.factor = random() % 2 == 0 ? location : holder;
        for (const auto country : countries)
            CHECK(conclusion_of(facts, country) == Tie::not_shown);
    }
}

TEST_CASE("N3_ forgetting where the person lives never shuts a country out") {
    std::mt19937_64 random(seed());
    for (int round = 0; round < 4000; ++round) {
        auto facts = random_facts(random);
        // The asking country's own strength decides who is as strong; it is held still here.
        std::vector<std::size_t> residences;
        for (std::size_t i = 0; i < facts.size(); ++i)
            if (facts[i].factor == person) residences.push_back(i);
        if (residences.empty()) continue;
        const auto before = connected(facts);
        facts.at(residences.at(random() % residences.size())).standing = unknown;
        const auto after = connected(facts);
        for (const auto& item : before.concerned) {
            if (!item.person) continue;
            CHECK(std::any_of(
                after.concerned.begin(), after.concerned.end(), [&](const Concerned& other) {
                    return other.country == item.country && other.person;
                }));
        }
    }
}
