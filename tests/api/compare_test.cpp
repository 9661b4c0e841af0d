// Comparing two records through the pages' interface: an inspector asks, and that it was asked is
// kept before either node hears of it.
#include "node/looks.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string overseer = "arcadia-oversight";

struct CompareWorld {
    CompareWorld() {
        practice.play_until("transmit");
        practice.move_all();
    }

    void publish() {
        for (const std::string id : {"arcadia-authority", "borealia-authority"}) {
            node::Sequencer record(practice.node(id));
            REQUIRE(record.start().has_value());
            REQUIRE(record.beat().has_value());
        }
    }

    http::Response ask(json::Object change = {}, const std::string& language = "en") {
        json::Object body{
            {"first", "arcadia-authority"},
            {"second", "borealia-authority"},
            {"from", day_text(practice.clock.now() - std::chrono::days{10})},
            {"until", day_text(practice.clock.now() + std::chrono::days{2})}};
        for (const auto& member : change)
            body[member.key()] = member.value();
        return pages.call(
            {"POST",
             "/oversight/comparisons",
             std::move(body),
             inspector,
             "https://arcadia-oversight.example",
             {{"Accept-Language", language}},
             {}});
    }

    std::size_t looks() { return node::looks(practice.node(overseer), std::nullopt, 100).size(); }

    Practice practice{true};
    ApiWorld pages{practice, overseer};
    std::string inspector = pages.signed_in("inspector");
};

} // namespace

TEST_CASE("R4_ an inspector compares two records, and the look stands in the record of the body") {
    CompareWorld world;
    world.publish();
    const auto leaves = world.practice.leaves(overseer);
    const auto found = object_of(world.ask());
    CHECK(found.at("equal") == true);
    CHECK(found.at("cases") == 1);
    CHECK(found.at("first").at("participant") == "arcadia-authority");
    CHECK(found.at("first").as_object().contains("name"));
    for (const auto& row : found.at("counts").as_array())
        CHECK(row.at("both") == 1);
    CHECK(world.practice.leaves(overseer) == leaves + 1);
    const auto looks = node::looks(world.practice.node(overseer), std::nullopt, 10);
    REQUIRE(looks.size() == 1);
    CHECK(looks[0].what == "comparison");
    CHECK(looks[0].person.str() == "inspector");
    CHECK(looks[0].purpose.starts_with("arcadia-authority with borealia-authority, "));
    CHECK(
        object_of(world.pages.get("/oversight/looks", world.inspector))
            .at("items")
            .as_array()
            .at(0)
            .at("what") == "comparison");
}

TEST_CASE(
    "R4_ what cannot be said of a record is said in the reader's language, and is a look too") {
    CompareWorld world; // neither has published anything
    const auto found = object_of(world.ask({}, "fr"));
    CHECK(found.at("equal") == false);
    CHECK(found.at("first").as_object().contains("problem"));
    CHECK(found.at("first").at("problem") == "il ne montre pas son point de contrôle");
    for (const auto& row : found.at("differences").as_array()) {
        CHECK(row.at("first") == "unknown");
        CHECK(row.as_object().contains("performer_name"));
    }
    CHECK(world.looks() == 1);
}

TEST_CASE("a comparison that is refused was no look") {
    CompareWorld world;
    CHECK(code_of(world.ask({{"first", "borealia-authority"}})) == "not_found");
    CHECK(code_of(world.ask({{"first", overseer}})) == "not_found");
    CHECK(code_of(world.ask({{"from", "yesterday"}})) == "json_malformed");
    CHECK(code_of(world.ask({{"from", "2020-01-01"}})) == "json_malformed");
    CHECK(code_of(world.ask({{"why", "x"}})) == "json_malformed");
    CHECK(world.looks() == 0);
}
