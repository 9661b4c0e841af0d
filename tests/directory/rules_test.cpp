// The federation's rules inside the signed directory: read strictly, the same for all.
#include "base/limits.hpp"
#include "directory/directory.hpp"
#include "support/directory_world.hpp"
#include "support/outcome.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::directory;
using namespace comity::test;

namespace {

// As the directory of the practice federation is.
const Instant issued = instant_from("2026-01-01T00:00:00Z").value();

Result<Rules> read(const std::string& text) {
    return parse_rules(json::parse_object(text, 10'000).value(), issued);
}

std::string extraordinary(const std::string& sunset, std::int64_t cases, std::int64_t days) {
    return R"({"extraordinary":{"sunset":")" + sunset + R"(","ceiling":{"cases":)" +
           std::to_string(cases) + R"(,"days":)" + std::to_string(days) + "}}}";
}

std::string rate(std::int64_t burst, std::int64_t per_minute) {
    return R"({"rates":{"acts":{"burst":)" + std::to_string(burst) + R"(,"per_minute":)" +
           std::to_string(per_minute) + "}}}";
}

} // namespace

TEST_CASE("T26 a directory without the extraordinary mechanism has none") {
    const auto rules = read("{}");
    REQUIRE(rules.has_value());
    CHECK_FALSE(rules->extraordinary.has_value());
    CHECK(rules->rates == Rules().rates);
    CHECK(rules->rates.acts.burst == limits::acts_burst);
}

TEST_CASE("T26 sunset and ceiling read back as they were printed, inside a signed directory") {
    DirectoryWorld world;
    world.draft.rules.extraordinary = {issued + std::chrono::days{400}, 7, 90};
    world.draft.rules.rates.evidence = {3, 9};
    const auto directory = world.directory();
    CHECK(directory.rules() == world.draft.rules);
    CHECK(print_rules(directory.rules()) == print_rules(world.draft.rules));
}

TEST_CASE("T26 the mechanism is open before its sunset and closed at it and after it") {
    const Extraordinary rule{issued, 2, 90};
    CHECK(rule.open_at(issued - Milliseconds{1}));
    CHECK_FALSE(rule.open_at(issued));
    CHECK_FALSE(rule.open_at(issued + Milliseconds{1}));
}

TEST_CASE(
    "T26 beside one case fewer than the ceiling there is room, beside as many there is none") {
    const Extraordinary rule{issued, 2, 90};
    CHECK(rule.room_beside(1));
    CHECK_FALSE(rule.room_beside(2));
    CHECK_FALSE(rule.room_beside(3));
    CHECK_FALSE(Extraordinary{issued, 0, 90}.room_beside(0));
    CHECK(rule.counted_from(issued) == issued - std::chrono::days{90});
}

TEST_CASE("T26 a sunset lies at most five years after the directory's issue") {
    const auto at = [&](Milliseconds beyond) {
        return read(extraordinary(
                        to_text(issued + std::chrono::days{limits::sunset_days} + beyond), 1, 1))
            .has_value();
    };
    CHECK(at(Milliseconds{-1}));
    CHECK(at(Milliseconds{0}));
    CHECK_FALSE(at(Milliseconds{1}));
    CHECK(read(extraordinary("2001-01-01T00:00:00Z", 1, 1)).has_value()); // it has ended
    CHECK_FALSE(read(extraordinary("never", 1, 1)).has_value());
}

TEST_CASE("T26 ceilings below, at and above their limits") {
    const std::string sunset = to_text(issued + std::chrono::days{1});
    const auto ceiling = [&](std::int64_t cases, std::int64_t days) {
        return read(extraordinary(sunset, cases, days)).has_value();
    };
    CHECK_FALSE(ceiling(-1, 90));
    CHECK(ceiling(0, 90));
    CHECK(ceiling(limits::ceiling_cases, 90));
    CHECK_FALSE(ceiling(limits::ceiling_cases + 1, 90));
    CHECK_FALSE(ceiling(1, 0));
    CHECK(ceiling(1, 1));
    CHECK(ceiling(1, limits::ceiling_days));
    CHECK_FALSE(ceiling(1, limits::ceiling_days + 1));
}

TEST_CASE("T54 rates below, at and above their limits") {
    CHECK_FALSE(read(rate(0, 1)).has_value());
    CHECK_FALSE(read(rate(1, 0)).has_value());
    CHECK(read(rate(1, 1)).has_value());
    CHECK(read(rate(limits::rate_most, limits::rate_most)).has_value());
    CHECK_FALSE(read(rate(limits::rate_most + 1, 1)).has_value());
    const auto rules = read(rate(5, 60));
    REQUIRE(rules.has_value());
    CHECK(rules->rates.acts == Rate{5, 60});
    CHECK(rules->rates.other == Rules().rates.other);
}

TEST_CASE("X1_ a rule that names a country, or that this node does not know, is refused") {
    const std::string sunset = to_text(issued + std::chrono::days{1});
    for (const auto& text :
         {std::string(R"({"ceilings":{"XA":100}})"), std::string(R"({"rates":{"XA":{}}})"),
          std::string(R"({"rates":{"acts":{"burst":1,"per_minute":1,"except":"XA"}}})"),
          R"({"extraordinary":{"sunset":")" + sunset +
              R"(","ceiling":{"cases":1,"days":1,"XA":2}}})",
          R"({"extraordinary":{"sunset":")" + sunset + R"("}})",
          std::string(R"({"extraordinary":{"ceiling":{"cases":1,"days":1}}})"),
          std::string(R"({"extraordinary":true})"), std::string(R"({"rates":[]})")})
        CHECK_MESSAGE(!read(text).has_value(), text);
}

TEST_CASE("T26 a directory whose rules are not understood is refused as a whole") {
    DirectoryWorld world;
    auto payload = std::string(print_directory(world.draft));
    const auto at = payload.find("\"rules\":{");
    REQUIRE(at != std::string::npos);
    payload.insert(at + 9, "\"unknown\":1,");
    const auto text = world.sign_directory(
        payload, {"arcadia-authority", "borealia-authority"}, practice_start());
    CHECK(code(accept_first(text)) == "directory_malformed");
}
