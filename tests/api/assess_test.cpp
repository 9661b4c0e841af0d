// What the law says of a request as it grows, of selectors line by line, and of a case.
#include "base/limits.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace comity;
using namespace comity::test;

namespace {

std::string said(const json::Value& value) {
    REQUIRE(value.is_string());
    return std::string(value.as_string());
}

json::Object question(json::Object fields) {
    return {
        {"form", "request"},
        {"procedure", "mla"},
        {"opening", opening()},
        {"fields", std::move(fields)}};
}

json::Object finding(const json::Object& assessment, std::string_view test) {
    for (const auto& item : assessment.at("findings").as_array())
        if (std::string_view(item.at("test").as_string()) == test) return item.as_object();
    return {};
}

std::string outcome(const json::Object& assessment, std::string_view test) {
    return std::string(finding(assessment, test).at("outcome").as_string());
}

std::vector<std::string> codes_at(const json::Object& assessment, std::string_view pointer) {
    std::vector<std::string> out;
    for (const auto& error : assessment.at("errors").as_array())
        if (std::string_view(error.at("pointer").as_string()) == pointer)
            out.emplace_back(error.at("code").as_string());
    return out;
}

} // namespace

TEST_CASE("R7_ a form with one field filled in is assessed, and says what is open and where") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto empty = object_of(world.post("/assessments", question({}), cookie));
    CHECK(empty.at("findings").as_array().size() == 13);
    CHECK(outcome(empty, "F1") == "not_met");
    CHECK(outcome(empty, "F8") == "not_met");
    CHECK(codes_at(empty, "/facts") == std::vector<std::string>{"required"});
    CHECK(empty.at("connection").at("conclusion") == "not_shown");

    const auto one = object_of(
        world.post("/assessments", question({{"facts", "Too short"}, {"odd", 1}}), cookie));
    CHECK(codes_at(one, "/facts") == std::vector<std::string>{"length"});
    CHECK(codes_at(one, "/odd") == std::vector<std::string>{"unknown"});
    CHECK(one.at("errors").as_array().size() == empty.at("errors").as_array().size() + 1);
}

TEST_CASE("R7_ the whole form has no errors, and its findings are those of the gate") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto drafted =
        object_of(world.post("/assessments", question(NodeFederation::fields("request")), cookie));
    CHECK(drafted.at("errors").as_array().empty());
    CHECK(said(drafted.at("law_pack")) == world.node().law().pack().digest());
    CHECK(said(drafted.at("date")) == day_text(world.node().now()));
    CHECK_FALSE(drafted.at("instruments").as_array().empty());
    // Nobody has decided yet: that is a person's, and the rest is as it will be in the case.
    CHECK(outcome(drafted, "F7") == "needs_a_person");

    world.practice.play_until("request");
    const auto stored =
        object_of(world.get("/cases/" + world.practice.case_id.str() + "/assessment", cookie));
    REQUIRE(stored.at("findings").as_array().size() == drafted.at("findings").as_array().size());
    for (const auto& item : drafted.at("findings").as_array()) {
        const std::string test(item.at("test").as_string());
        CAPTURE(test);
        CHECK(outcome(stored, test) == outcome(drafted, test));
        // What a fact was stated in can be gone to.
        if (const auto* fields = item.as_object().if_contains("fields"))
            for (const auto& pointer : fields->as_array())
                CHECK(pointer.as_string().starts_with("/"));
    }
    CHECK(stored.at("connection") == drafted.at("connection"));
}

TEST_CASE("R10_ the table names each country's facts with where they were stated") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto connection =
        object_of(world.post("/assessments", question(NodeFederation::fields("request")), cookie))
            .at("connection")
            .as_object();
    const auto& rows = connection.at("rows").as_array();
    REQUIRE(rows.size() >= 2);
    CHECK(rows[0].at("country") == "XA");
    CHECK(rows[1].at("country") == "XB");
    std::size_t facts = 0;
    for (const auto& row : rows)
        for (const auto& cell : row.at("cells").as_object())
            for (const auto& fact : cell.value().as_array()) {
                CHECK(fact.at("where").as_string().starts_with("/"));
                ++facts;
            }
    CHECK(facts > 0);
}

TEST_CASE(
    "F9: a draft that asks for what a pending case asks for names that case; another does not") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto cookie = world.signed_in("issuing-officer");
    auto fields = NodeFederation::fields("request");
    const auto twice = object_of(world.post("/assessments", question(fields), cookie));
    CHECK(twice.at("duplicates") == json::Value(json::Array{world.practice.case_id.str()}));
    CHECK(outcome(twice, "F9") == "not_met");
    // One selector more or less is another thing, row by row: all rows are changed here.
    for (auto& row : fields.at("grid").as_array())
        row.at("selector").as_object()["value"] = "other.person@nimbus-mail.example";
    const auto other = object_of(world.post("/assessments", question(fields), cookie));
    CHECK(other.at("duplicates").as_array().empty());
    // The case itself is not its own duplicate.
    const auto own =
        object_of(world.get("/cases/" + world.practice.case_id.str() + "/assessment", cookie));
    CHECK(own.at("duplicates").as_array().empty());
}

TEST_CASE("an assessment is asked for a form that there is, on a day that there is") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto with = [&](auto change) {
        auto body = question({});
        change(body);
        return code_of(world.post("/assessments", body, cookie));
    };
    CHECK(with([](auto& b) { b["form"] = "order"; }) == "form_unknown");
    CHECK(with([](auto& b) { b["form"] = "extraordinary-request"; }) == "form_unknown");
    CHECK(with([](auto& b) { b["procedure"] = "none"; }) == "procedure_unknown");
    CHECK(with([](auto& b) { b["date"] = "yesterday"; }) == "json_malformed");
    CHECK(with([](auto& b) { b["opening"].as_object()["category"] = "bulk"; }) == "json_malformed");
    CHECK(with([](auto& b) { b["opening"].as_object().erase("provider"); }) == "json_malformed");
    CHECK(with([](auto& b) { b["fields"] = 1; }) == "json_malformed");
    CHECK(with([](auto& b) { b["extra"] = 1; }) == "json_malformed");
    auto body = question({});
    body["date"] = "2026-03-02";
    CHECK(object_of(world.post("/assessments", body, cookie)).at("date") == "2026-03-02");
    // The other procedures have forms and tests of their own.
    body["form"] = "extraordinary-request";
    body["procedure"] = "extraordinary";
    CHECK(
        object_of(world.post("/assessments", body, cookie)).at("findings").as_array().size() == 18);
    // Nothing was kept.
    std::vector<node::CaseRow> cases;
    world.node().store().read([&](node::StoreReader& reader) { cases = reader.cases(10); });
    CHECK(cases.empty());
}

TEST_CASE("R7_ pasted selectors answer line by line, each with its number") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto lines =
        object_of(
            world.post(
                "/selectors/check",
                json::Object{
                    {"text", "jan@nimbus-mail.example\n\n  203.0.113.7 443 "
                             "2026-02-11T16:06:31+02:00\r\n*@nimbus-mail.example\n203.0.113.7"}},
                cookie))
            .at("lines")
            .as_array();
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].at("line") == 1);
    CHECK(lines[0].at("selector").at("type") == "email");
    CHECK(lines[1].at("line") == 3);
    CHECK(lines[1].at("selector").at("port") == 443);
    CHECK(lines[1].at("selector").at("seen_at") == "2026-02-11T14:06:31.000Z");
    CHECK(lines[2].at("problem").at("code") == "finding_not_met");
    CHECK_FALSE(lines[2].as_object().contains("selector"));
    CHECK(said(lines[3].at("problem").at("detail")).find("time") != std::string::npos);
}

TEST_CASE("selectors are read up to a number of lines, and long lines are not repeated") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto check = [&](const std::string& text) {
        return world.post("/selectors/check", json::Object{{"text", text}}, cookie);
    };
    std::string text;
    for (int i = 0; i < 2'000; ++i)
        text += fmt::format("person{}@nimbus-mail.example\n", i);
    CHECK(object_of(check(text)).at("lines").as_array().size() == 2'000);
    CHECK(code_of(check(text + "one@nimbus-mail.example")) == "too_large");
    const auto longest = object_of(check(std::string(2'049, 'a'))).at("lines").as_array();
    CHECK(longest.at(0).at("text") == "");
    CHECK(longest.at(0).at("problem").at("code") == "too_large");
    CHECK(object_of(check("")).at("lines").as_array().empty());
}

TEST_CASE("X6_ a provider reads no findings: they would tell what was kept from it") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto cookie = world.signed_in("response-officer");
    const auto path = "/cases/" + world.practice.case_id.str() + "/assessment";
    CHECK(world.get(path, cookie).status == 404);
    CHECK(world.get(path).status == 401);
}

TEST_CASE("R7_ both sides find the same of one request") {
    ApiWorld asks;
    asks.practice.play_until("accept");
    ApiWorld asked(asks.practice, "borealia-authority");
    const auto path = "/cases/" + asks.practice.case_id.str() + "/assessment";
    const auto here = object_of(asks.get(path, asks.signed_in("issuing-officer")));
    const auto there = object_of(asked.get(path, asked.signed_in("central-authority-officer")));
    CHECK(here.at("findings") == there.at("findings"));
    CHECK(here.at("connection") == there.at("connection"));
    CHECK(here.at("law_pack") == there.at("law_pack"));
}
