// The table of routes, and the form in which answers and refusals travel.
#include "base/said_json.hpp"
#include "http/router.hpp"
#include "support/http_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::http;
using testing::route;

namespace {

Router table() {
    Router router;
    router.add(route("GET", "/", Who::anybody, 0, testing::echo));
    router.add(route("GET", "/cases/{case}", Who::peer, 0, testing::echo));
    router.add(route("GET", "/cases/open", Who::peer, 0, testing::echo));
    router.add(route("DELETE", "/cases/{case}", Who::peer, 0, testing::echo));
    router.add(route("GET", "/cases/{case}/acts", Who::peer, 0, testing::echo));
    router.add(route("POST", "/cases/{case}/acts", Who::peer, 10, testing::echo));
    router.add(route("PUT", "/cases/{other}/acts", Who::local, 10, testing::echo));
    router.add(route("GET", "/pages/{file...}", Who::anybody, 0, testing::echo));
    router.add(route("GET", "/pages/index", Who::anybody, 0, testing::echo));
    return router;
}

} // namespace

TEST_CASE("a path finds its route, and the pattern's parameters") {
    const auto router = table();

    struct Row {
        const char* method;
        const char* path;
        const char* pattern; // empty: none
        std::map<std::string, std::string> params;
    };

    const std::vector<Row> rows{
        {"GET", "/", "/", {}},
        {"GET", "/cases/c1", "/cases/{case}", {{"case", "c1"}}},
        {"HEAD", "/cases/c1", "/cases/{case}", {{"case", "c1"}}},
        {"GET", "/cases/open", "/cases/open", {}},
        {"DELETE", "/cases/open", "/cases/{case}", {{"case", "open"}}},
        {"GET", "/cases/c1/acts", "/cases/{case}/acts", {{"case", "c1"}}},
        {"GET", "/pages/a", "/pages/{file...}", {{"file", "a"}}},
        {"GET", "/pages/a/b/c.css", "/pages/{file...}", {{"file", "a/b/c.css"}}},
        {"GET", "/pages/index", "/pages/index", {}},
        {"GET", "/pages/index/x", "/pages/{file...}", {{"file", "index/x"}}},
        {"GET", "/pages", "", {}},
        {"GET", "/cases", "", {}},
        {"GET", "/cases/", "", {}},
        {"GET", "/cases//acts", "", {}},
        {"GET", "/cases/c1/", "", {}},
        {"GET", "/cases/c1/acts/", "", {}},
        {"GET", "/Cases/c1", "", {}},
        {"GET", "", "", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.path);
        const auto match = router.find(row.method, row.path, false);
        CHECK((match.route ? match.route->pattern : "") == row.pattern);
        CHECK(match.params == row.params);
    }
}

TEST_CASE("a known path with another method lists the methods it has") {
    const auto router = table();
    const auto match = router.find("PATCH", "/cases/c1", false);
    CHECK(match.route == nullptr);
    CHECK(match.allowed == std::vector<std::string>{"DELETE", "GET", "HEAD"});
    CHECK(router.find("PATCH", "/nothing", false).allowed.empty());
}

TEST_CASE("a local route is seen by local requests only") {
    const auto router = table();
    CHECK(router.find("PUT", "/cases/c1/acts", true).route != nullptr);
    const auto outside = router.find("PUT", "/cases/c1/acts", false);
    CHECK(outside.route == nullptr);
    CHECK(outside.allowed == std::vector<std::string>{"GET", "HEAD", "POST"});
}

TEST_CASE("the table can be listed in its order") {
    const auto router = table();
    REQUIRE(router.routes().size() == 9);
    CHECK(router.routes().front().pattern == "/");
    CHECK(name_of(router.routes()[6].who) == "local");
    CHECK(router.routes()[5].body_bytes_max == 10);
}

TEST_CASE("every refusal comes back from its problem document as it was") {
    for (const auto& entry : refusal_table()) {
        CAPTURE(entry.name);
        const Refusal plain{entry.code, Said::value("the facts \"quoted\" é"), "", "", ""};
        const auto response = problem(plain);
        CHECK(response.status == status_of(entry.code));
        CHECK(response.status >= 400);
        CHECK(response.content_type == "application/problem+json");
        const auto back = refusal_from(response);
        REQUIRE(back.has_value());
        CHECK(back->code == entry.code);
        CHECK(back->facts.text() == plain.facts.text());
        CHECK(back->rule == entry.rule);
        CHECK(back->source == entry.source);
        CHECK(back->remedy == entry.remedy);
        CHECK(back->text() == plain.text());
    }
    const Refusal own{Code::finding_open, Said::value("f"), "own rule", "own source", "own remedy"};
    const auto back = refusal_from(problem(own));
    REQUIRE(back.has_value());
    CHECK(back->rule == "own rule");
    CHECK(back->source == "own source");
    CHECK(back->remedy == "own remedy");
}

TEST_CASE("a problem document has the members of RFC 9457 and ours") {
    const auto response =
        problem(Refusal{Code::sequence_taken, Said::value("number 4"), "", "", ""});
    const auto document = json::parse_object(response.body, 10'000);
    REQUIRE(document.has_value());
    CHECK(document->at("type") == "urn:comity:refusal:sequence_taken");
    CHECK(document->at("status") == 409);
    CHECK(document->at("code") == "sequence_taken");
    for (const auto* member : {"title", "detail", "rule", "source", "facts", "remedy"})
        CHECK(document->at(member).is_string());
}

TEST_CASE("facts travel by pattern and parameters beside their English") {
    const auto facts = say("{} waits for {}", Said::act("order"), Said::value("b\xff"));
    const auto document =
        json::parse_object(problem(Refusal{Code::act_waits_for, facts, "", "", ""}).body, 10'000);
    REQUIRE(document.has_value());
    CHECK(document->at("facts") == "order waits for b?");
    const auto told = said_from_peer(document->at("facts_said"));
    REQUIRE(told.has_value());
    CHECK(told->in("fr") == say("{} waits for {}", Said::act("order"), Said::value("b?")).in("fr"));
}

TEST_CASE("facts that are not UTF-8 do not spoil the document") {
    const auto response = problem(Refusal{
        Code::not_found,
        Said::value("a\xff"
                    "b"),
        "", "", ""});
    const auto back = refusal_from(response);
    REQUIRE(back.has_value());
    CHECK(back->facts.text() == "a?b");
}

TEST_CASE("what is not a refusal of ours is not taken for one") {
    CHECK(!refusal_from(problem(404, "nothing")));
    CHECK(!refusal_from(incident_problem(500, "0123")));
    CHECK(!refusal_from(json_response(422, json::Object{{"code", "not_found"}})));
    auto response = problem(Refusal{Code::not_found, Said::value("f"), "", "", ""});
    const auto replaced = [&](std::string_view what, std::string_view by) {
        auto changed = response;
        const auto at = changed.body.find(what);
        REQUIRE(at != Bytes::npos);
        changed.body.replace(at, what.size(), by);
        return changed;
    };
    CHECK(refusal_from(response).has_value());
    CHECK(!refusal_from(replaced("\"code\":\"not_found\"", "\"code\":\"no_such_code\"")));
    CHECK(!refusal_from(replaced("\"code\":\"not_found\"", "\"code\":\"not_allowed\"")));
    CHECK(!refusal_from(replaced("\"code\":\"not_found\"", "\"code\":7")));
    CHECK(!refusal_from(replaced("{", "[")));
    response.content_type = "application/json";
    CHECK(!refusal_from(response));
}

TEST_CASE("the status of a refusal says what the caller can do") {
    CHECK(status_of(Code::not_found) == 404);
    CHECK(status_of(Code::not_allowed) == 403);
    CHECK(status_of(Code::sequence_taken) == 409);
    CHECK(status_of(Code::sequence_ahead) == 503);
    CHECK(status_of(Code::directory_expired) == 503);
    CHECK(status_of(Code::rate_exceeded) == 429);
    CHECK(status_of(Code::too_large) == 413);
    CHECK(status_of(Code::json_malformed) == 400);
    CHECK(status_of(Code::finding_not_met) == 422);
}

TEST_CASE("header fields are found whatever the case of their names") {
    Headers headers{{"Accept", "a"}, {"X-One", "1"}, {"accept", "b"}};
    CHECK(headers.find("ACCEPT") == "a");
    CHECK(headers.count("Accept") == 2);
    CHECK(!headers.has("X-Two"));
    headers.set("ACCEPT", "c");
    CHECK(headers.count("accept") == 1);
    CHECK(headers.find("accept") == "c");
}
