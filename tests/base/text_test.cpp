// Text forms of bytes, instants, periods and JSON: strict in what they accept, one text a value.
#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace comity;

TEST_CASE("base64url has one text for each value and refuses every other") {
    CHECK(to_base64url("\xff\xfe\xfd") == "__79");
    CHECK(from_base64url("__79") == "\xff\xfe\xfd");
    CHECK(from_base64url("TQ") == "M");
    CHECK_FALSE(from_base64url("TR"));   // unused bits set
    CHECK_FALSE(from_base64url("TQ==")); // padding
    CHECK_FALSE(from_base64url("T Q"));
    CHECK_FALSE(from_base64url("T"));
    CHECK(from_base64("TQ==") == "M");
    CHECK_FALSE(from_base64("TQ"));
    CHECK_FALSE(from_base64("T==="));
    for (int n = 0; n < 300; ++n) {
        Bytes bytes;
        for (int i = 0; i < n; ++i)
            bytes.push_back(static_cast<char>(i * 37 + n));
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
        CHECK(from_base64(to_base64(bytes)) == bytes);
        CHECK(from_hex(to_hex(bytes)) == bytes);
    }
}

TEST_CASE("instants are RFC 3339 in UTC and impossible dates are refused") {
    const auto at = instant_from("2024-02-29T23:59:59.5+02:00");
    REQUIRE(at);
    CHECK(to_text(*at) == "2024-02-29T21:59:59.500Z");
    CHECK_FALSE(instant_from("2023-02-29T00:00:00Z"));
    CHECK_FALSE(instant_from("2024-02-29T24:00:00Z"));
    CHECK_FALSE(instant_from("2024-02-29T00:00:60Z"));
    CHECK_FALSE(instant_from("2024-02-29 00:00:00Z"));
    CHECK_FALSE(instant_from("2024-02-29T00:00:00"));
    CHECK_FALSE(instant_from("2024-02-29T00:00:00Zx"));
    CHECK_FALSE(instant_from("2024-02-29T00:00:00.Z"));
}

TEST_CASE("periods follow the calendar: a month after 31 January is the last day of February") {
    const auto period = [](std::string_view text) {
        return period_from(text).value();
    };
    const auto day = [](std::string_view text) {
        return day_from(text).value();
    };
    CHECK(add(day("2024-01-31"), period("P1M")) == day("2024-02-29"));
    CHECK(add(day("2023-01-31"), period("P1M")) == day("2023-02-28"));
    CHECK(add(day("2024-02-29"), period("P1Y")) == day("2025-02-28"));
    CHECK(add(day("2024-12-31"), period("P1D")) == day("2025-01-01"));
    CHECK(add(day("2024-03-01"), period("PT48H")) == day("2024-03-03"));
    CHECK(period("P1DT12H").seconds == 43'200);
    CHECK(to_text(period("P1Y2M3DT4H5M6S")) == "P1Y2M3DT4H5M6S");
    for (const char* bad :
         {"", "P", "PT", "P1", "1D", "P-1D", "P1.5D", "P1DT", "PT1D", "P1D1Y", "P1D1D", "P123456D"})
        CHECK_FALSE_MESSAGE(period_from(bad), bad);
}

TEST_CASE(
    "T47 JSON with duplicate members, floats, depth or trailing bytes is refused with its place") {
    const auto refused = [](std::string_view text) {
        return !json::parse(text, 1000);
    };
    CHECK_FALSE(refused(R"({"a":1,"b":[true,null,"x"]})"));
    CHECK(refused(R"({"a":1,"a":2})"));
    CHECK(refused(R"({"a":{"b":1,"b":2}})"));
    CHECK_FALSE(refused(R"({"a":{"b":1},"c":{"b":2}})"));
    CHECK(refused(R"({"a":1} x)"));
    CHECK(refused(R"({"a":1.5})"));
    CHECK(refused(R"({"a":1e400})"));
    CHECK(refused(R"({"a":99999999999999999999})"));
    CHECK(refused("{\"a\":\"\\u0000\"}"));
    CHECK(refused("{\"a\":\"\xff\"}"));
    CHECK(refused("{\"a\":\"\\ud800\"}"));
    CHECK(refused("{'a':1}"));
    CHECK(refused("{\"a\":1,}"));
    CHECK(refused(""));
    CHECK(refused("/* c */ {}"));
    CHECK(refused(std::string(40, '[') + std::string(40, ']')));
    CHECK_FALSE(refused(std::string(30, '[') + std::string(30, ']')));
    CHECK(refused(std::string(2000, ' ') + "{}"));
    CHECK(
        json::parse(R"({"ab":1,"ab":2})", 100).error().facts.text().find("occurs twice") !=
        std::string::npos);
    CHECK(json::parse(std::string(1'000'000, '['), 2'000'000).error().code == Code::json_malformed);
}

TEST_CASE("the reader names what is missing, mistyped or unknown") {
    const auto object = json::parse_object(R"({"a":"x","n":3,"extra":true})", 100);
    REQUIRE(object);
    json::Reader in{*object, "thing"};
    CHECK(in.string("a") == "x");
    CHECK(in.integer("n") == 3);
    const auto done = in.done();
    REQUIRE_FALSE(done);
    CHECK(done.error().facts.text() == "thing: \"extra\" is not known here");
    json::Reader other{*object, "thing"};
    CHECK(other.string("n").empty());
    CHECK(other.done().error().facts.text() == "thing: \"n\" is not a string");
    json::Reader third{*object, "thing"};
    CHECK(third.array("gone").empty());
    CHECK(third.done().error().facts.text() == "thing: \"gone\" is missing");
}

TEST_CASE("a refusal says what, which rule, the facts and what to do") {
    for (const auto& entry : refusal_table()) {
        CHECK_FALSE(entry.what.empty());
        CHECK_FALSE(entry.rule.empty());
        CHECK_FALSE(entry.source.empty());
        CHECK_FALSE(entry.remedy.empty());
        CHECK(refusal_entry(entry.name) == &entry);
    }
    const Refusal refusal{Code::four_eyes, Said::value("p-1 performed request"), {}, {}, {}};
    CHECK(refusal.text().find("p-1 performed request") != std::string::npos);
}

TEST_CASE("a text that is written straight is written as in a document that was built") {
    const auto straight = [](std::string_view text) {
        std::string out = "before ";
        json::print_text(out, text);
        return out;
    };
    const auto built = [](std::string_view text) {
        return "before " + json::print(json::Value(text));
    };
    for (const std::string_view text :
         {"", "plain", "\"", "\\", "a\nb", "\x1f", " ", "\x7f", "/", "\u00e9\u0634\U0001f511"})
        CHECK(straight(text) == built(text));
    for (int c = 0; c < 0x80; ++c) {
        const std::string text{'a', static_cast<char>(c), 'b'};
        CHECK(straight(text) == built(text));
    }
}
