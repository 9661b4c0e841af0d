// The two sides of a case say the same: over random requests, the receiver, who has the request
// from its parts as they travelled, finds what the sender found; and swapping two countries
// everywhere swaps who has shown what and changes nothing else.
#include "assess/case_file.hpp"
#include "support/assess_matter.hpp"
#include "support/law_library.hpp"

#include <random>
#include <set>

using namespace comity;
using namespace comity::assess;
using test::World;

namespace {

std::uint64_t new_seed() {
    const std::uint64_t out = std::random_device{}();
    MESSAGE("seed ", out);
    return out;
}

const law::Form& form_of(Route route) {
    static const auto pack = law::Pack::from_files(test::law_files(), crypto::sha256).value();
    const auto* form =
        pack.form(route == Route::extraordinary ? "extraordinary-request" : "request");
    REQUIRE(form != nullptr);
    return *form;
}

// Changes one leaf of the form, at random, to something that a form could hold or to nonsense.
void mutate(json::Value& value, std::mt19937_64& random, int depth = 0) {
    static const std::vector<json::Value> leaves{
        "XA",
        "XB",
        "XC",
        "FR",
        "content",
        "traffic",
        "subscriber",
        "documented",
        "stated",
        "unknown",
        "data_subject",
        "holder",
        "instrument",
        "comity",
        "xa-xb-mlat-2011",
        "three-shores-2024",
        "northern-mla-1998",
        "computer-fraud",
        "terrorism",
        "fraud",
        "intrusion-in-progress",
        "2026-03-02",
        "2026-03-03",
        "2026-02-01T00:00:00Z",
        "2026-03-02T00:00:00Z",
        "2027-03-02T00:00:00Z",
        "2030-01-01T00:00:00Z",
        "en",
        "fr",
        "ja",
        "P1D",
        "P0D",
        "prosecutor",
        "relevance",
        "",
        0,
        1,
        11,
        12,
        35,
        36,
        96,
        true,
        false,
        nullptr};
    if (value.is_object() && !value.as_object().empty() && (depth == 0 || random() % 8 != 0)) {
        auto& object = value.as_object();
        auto at = object.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(random() % object.size()));
        if (depth > 0 && random() % 12 == 0)
            object.erase(at->key());
        else
            mutate(at->value(), random, depth + 1);
    } else if (value.is_array() && !value.as_array().empty() && random() % 8 != 0) {
        auto& array = value.as_array();
        const auto index = random() % array.size();
        if (random() % 8 == 0)
            array.erase(array.begin() + static_cast<std::ptrdiff_t>(index));
        else if (random() % 12 == 0)
            array.emplace_back(json::Value(array[index]));
        else
            mutate(array[index], random, depth + 1);
    } else {
        value = leaves.at(random() % leaves.size());
    }
}

json::Object random_fields(const World& world, std::mt19937_64& random) {
    json::Value value(world.fields);
    for (std::size_t i = random() % 5; i > 0; --i)
        mutate(value, random);
    return value.as_object();
}

Assessment assessed(
    const World& world, const json::Object& fields, std::span<const law::Form::Problem> problems) {
    const auto request = read_request(fields);
    const auto rules = rules_of(
        test::real_library(),
        {request, world.route, world.parties.requesting, world.parties.requested, world.date});
    return comity::assess::assess(
        {request, world.route, world.parties, rules, world.facts, world.date, problems});
}

// The form as the receiver has it: cut into parts by audience, printed, read, joined.
std::optional<json::Object> received(const law::Form& form, const json::Object& fields) {
    std::vector<law::PartPlan> parts;
    for (const auto& part : law::split(form, fields)) {
        const auto& readers = part.audience;
        if (std::find(readers.begin(), readers.end(), "requested") == readers.end())
            return std::nullopt;
        const auto printed = json::print(json::Value(part.fields));
        parts.push_back({readers, json::parse_object(printed, limits::act_part_bytes).value()});
    }
    return law::merge(form, parts).value();
}

std::string swapped(std::string text, std::string_view a, std::string_view b) {
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; ++at) {
        if (text.compare(at + 1, 3, std::string(a) + "\"") == 0)
            text.replace(at + 1, 2, b);
        else if (text.compare(at + 1, 3, std::string(b) + "\"") == 0)
            text.replace(at + 1, 2, a);
    }
    return text;
}

} // namespace

TEST_CASE("R7_ what the sender's check passes, the receiver's never refuses for a formal reason") {
    std::mt19937_64 random(new_seed());
    const std::vector<std::string_view> acts{"authorise", "transmit"};
    std::size_t passed = 0;
    std::size_t sent = 0;
    for (int round = 0; round < 3000; ++round) {
        const World world(static_cast<Route>(random() % 3));
        const auto& form = form_of(world.route);
        const auto fields = random_fields(world, random);
        const auto problems = form.problems(fields);
        const auto here = assessed(world, fields, problems);
        if (!problems.empty()) {
            CHECK(here.find("F1")->outcome == Outcome::not_met);
            for (const auto act : acts)
                CHECK_FALSE(could_go_on(act, here));
            continue;
        }
        ++sent;
        const auto there_fields = received(form, fields);
        REQUIRE(there_fields);
        // The receiver asks the schema anew.
        const auto there = assessed(world, *there_fields, form.problems(*there_fields));
        REQUIRE(here.findings.size() == there.findings.size());
        for (std::size_t i = 0; i < here.findings.size(); ++i) {
            INFO(here.findings[i].test, " ", json::print(json::Value(fields)));
            CHECK(here.findings[i].outcome == there.findings[i].outcome);
            CHECK(here.findings[i].mends == there.findings[i].mends);
        }
        if (!could_go_on("transmit", here)) continue;
        ++passed;
        CHECK(could_go_on("transmit", there));
        CHECK(could_go_on(world.route == Route::extraordinary ? "clear" : "accept", there));
    }
    // The generator makes both kinds, else this shows nothing.
    CHECK(passed > 100);
    CHECK(sent > passed);
}

TEST_CASE("the law kept from earlier requests is the law that would be drawn anew") {
    std::mt19937_64 random(new_seed());
    RulesMemory memory;
    std::set<const Rules*> drawn;
    for (int round = 0; round < 1000; ++round) {
        World world(static_cast<Route>(random() % 3));
        // Another day may have other law.
        if (random() % 2 == 0) world.date = add(world.date, Period{.years = -20});
        const auto fields = random_fields(world, random);
        const auto request = read_request(fields);
        const auto kept = memory.of(
            test::real_library(),
            {request, world.route, world.parties.requesting, world.parties.requested, world.date});
        drawn.insert(kept.get());
        const auto with_kept = comity::assess::assess(
            {request, world.route, world.parties, *kept, world.facts, world.date, {}});
        const auto anew = assessed(world, fields, {});
        REQUIRE(with_kept.findings.size() == anew.findings.size());
        for (std::size_t i = 0; i < anew.findings.size(); ++i) {
            INFO(anew.findings[i].test, " ", json::print(json::Value(fields)));
            CHECK(with_kept.findings[i].outcome == anew.findings[i].outcome);
            CHECK(with_kept.findings[i].mends == anew.findings[i].mends);
            CHECK(with_kept.findings[i].source == anew.findings[i].source);
        }
    }
    // Some were kept and several were different, else this shows nothing.
    CHECK(drawn.size() > 5);
    CHECK(drawn.size() < 500);
}

TEST_CASE("X1_ swapping two countries everywhere swaps the result and changes nothing else") {
    std::mt19937_64 random(new_seed());
    const std::array<std::string_view, 3> names{"XA", "XB", "XC"};
    for (int round = 0; round < 1000; ++round) {
        World world(static_cast<Route>(random() % 3));
        world.fields = random_fields(world, random);
        const auto a = names.at(random() % 3);
        const auto b = names.at(random() % 3);
        const auto other = [&](const std::string& country) {
            return std::string(country == a ? b : country == b ? a : country);
        };
        World swap = world;
        const auto text = swapped(json::print(json::Value(world.fields)), a, b);
        swap.fields = json::parse_object(text, limits::act_part_bytes).value();
        swap.parties = {other(world.parties.requesting), other(world.parties.requested), {}};
        for (const auto& third : world.parties.third)
            swap.parties.third.push_back(other(third));
        const auto before = world.assess();
        const auto after = swap.assess();
        for (std::size_t i = 0; i < before.findings.size(); ++i) {
            INFO(before.findings[i].test, " ", a, " ", b);
            CHECK(before.findings[i].outcome == after.findings[i].outcome);
            CHECK(before.findings[i].mends == after.findings[i].mends);
        }
        for (const auto& row : before.connection.rows) {
            const auto* twin = after.connection.find(other(row.country));
            REQUIRE(twin != nullptr);
            CHECK(twin->conclusion == row.conclusion);
        }
        CHECK(before.connection.concerned.size() == after.connection.concerned.size());
    }
}

TEST_CASE("N3_ no fact turned to unknown, and no fact left out, opens the extraordinary gates") {
    std::mt19937_64 random(new_seed());
    for (int round = 0; round < 2000; ++round) {
        World world(Route::extraordinary);
        world.fields = random_fields(world, random);
        if (world.outcome("E3") == "met") continue;
        auto& facts = world.fields["connection"];
        if (!facts.is_array() || facts.as_array().empty()) continue;
        auto& fact = facts.as_array().at(random() % facts.as_array().size());
        if (!fact.is_object()) continue;
        fact.as_object()["standing"] = "unknown";
        CHECK(world.outcome("E3") == "not_met");
    }
}
