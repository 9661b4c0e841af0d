// Acts and cases through the pages' interface: the same deeds as everywhere, for the person who is
// signed in and nobody else.
#include "base/limits.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

http::Response approve(
    ApiWorld& world, const std::string& name, const json::Object& prepared,
    const std::string& cookie) {
    const auto& signer = world.practice.world.person("arcadia-authority", name);
    return world.post(
        "/acts/perform",
        json::Object{
            {"act", prepared.at("act")},
            {"assertion",
             world.assertion(signer, std::string(prepared.at("challenge").as_string()))}},
        cookie);
}

} // namespace

TEST_CASE(
    "M1_ an officer prepares and approves a request, and a judge authorises it, through the pages' interface") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    auto prepared = object_of(world.post(
        "/acts/prepare",
        intent(world, "issuing-officer", "request", NodeFederation::fields("request")), officer));
    REQUIRE(prepared.contains("challenge"));
    CHECK(prepared.at("passkey").as_object().at("rp_id") == "sign.arcadia-authority.example");
    const auto performed = object_of(approve(world, "issuing-officer", prepared, officer));
    CHECK(performed.at("admitted") == true);
    CHECK(performed.at("sequence") == 1);
    world.practice.case_id = CaseId(std::string(performed.at("case").as_string()));

    const auto judge = world.signed_in("judge");
    auto fields = NodeFederation::fields("authorise");
    fields["request"] = prepared.at("act");
    prepared =
        object_of(world.post("/acts/prepare", intent(world, "judge", "authorise", fields), judge));
    REQUIRE(prepared.contains("challenge"));
    CHECK(object_of(approve(world, "judge", prepared, judge)).at("sequence") == 2);

    const auto timeline =
        object_of(world.get("/cases/" + world.practice.case_id.str() + "/timeline", judge))
            .at("items")
            .as_array();
    REQUIRE(timeline.size() == 2);
    CHECK(timeline[0].at("act") == "request");
    CHECK(timeline[0].as_object().contains("person")); // one of our own
    CHECK(timeline[0].as_object().contains("person_name"));
    CHECK(timeline[1].at("proof").at("approval") == "checked");
}

TEST_CASE(
    "T45_ an act is prepared in the name of who is signed in, at their office, in a role they hold") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    auto wanted = intent(world, "issuing-officer", "request", NodeFederation::fields("request"));
    wanted["role"] = "judge";
    CHECK(code_of(world.post("/acts/prepare", wanted, officer)) == "approval_not_competent");
    wanted = intent(world, "issuing-officer", "request", NodeFederation::fields("request"));
    wanted["office"] = "arcadia-court";
    CHECK(code_of(world.post("/acts/prepare", wanted, officer)) == "approval_not_competent");
    wanted = intent(world, "issuing-officer", "request", NodeFederation::fields("request"));
    wanted["person"] = "somebody-else";
    CHECK(code_of(world.post("/acts/prepare", wanted, officer)) == "json_malformed");
}

TEST_CASE("T46_ another person's draft is unknown, and stays for the one who prepared it") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    const auto judge = world.signed_in("judge");
    const auto prepared = object_of(world.post(
        "/acts/prepare",
        intent(world, "issuing-officer", "request", NodeFederation::fields("request")), officer));
    CHECK(code_of(approve(world, "issuing-officer", prepared, judge)) == "draft_unknown");
    CHECK(object_of(approve(world, "issuing-officer", prepared, officer)).at("admitted") == true);
    // Asked again after a lost answer: performed once.
    CHECK(object_of(approve(world, "issuing-officer", prepared, officer)).at("sequence") == 1);
}

TEST_CASE(
    "T23_ a session alone performs nothing: the approval is by the passkey for acts, over these bytes") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    const auto prepared = object_of(world.post(
        "/acts/prepare",
        intent(world, "issuing-officer", "request", NodeFederation::fields("request")), officer));
    const auto with = [&](const Person& person) {
        return world.post(
            "/acts/perform",
            json::Object{
                {"act", prepared.at("act")},
                {"assertion",
                 world.assertion(person, std::string(prepared.at("challenge").as_string()))}},
            officer);
    };
    CHECK(with(world.sign_in_key("issuing-officer")).status >= 400);
    CHECK(with(world.practice.world.person("arcadia-authority", "judge")).status >= 400);
    CHECK(with(world.practice.world.person("arcadia-authority", "issuing-officer")).status == 200);
}

TEST_CASE("S01_ a case says who holds it, what is owed and what this person may do") {
    ApiWorld world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    const auto cookie = world.signed_in("issuing-officer");
    const auto path = "/cases/" + world.practice.case_id.str();
    const auto response = world.get(path, cookie);
    const auto seen = object_of(response);
    CHECK(seen.at("keeper") == "borealia-authority");
    CHECK(seen.at("side") == "requesting");
    CHECK(seen.at("state") == "waiting");
    CHECK(seen.at("reference") == "PA-CY-2026-00417");
    CHECK(seen.at("owed").as_array().at(0).at("act") == "acknowledge");
    for (const auto& possible : seen.at("possible").as_array())
        if (possible.at("side") != "requesting") CHECK(possible.at("may") == false);
    // Unchanged since: the page keeps what it has.
    const auto tag = response.headers.find("ETag");
    REQUIRE(tag.has_value());
    CHECK(
        world.call({"GET", path, nullptr, cookie, "", {{"If-None-Match", std::string(*tag)}}})
            .status == 304);
    const auto marking = object_of(world.get(path + "/procedure", cookie));
    bool acknowledged_owed = false;
    for (const auto& act : marking.at("acts").as_array())
        acknowledged_owed =
            acknowledged_owed || (act.at("act") == "acknowledge" && act.at("state") == "owed");
    CHECK(acknowledged_owed);
}

TEST_CASE("a timeline comes in pages that neither repeat nor leave out") {
    ApiWorld world;
    world.practice.play_until("transmit");
    const auto cookie = world.signed_in("issuing-officer");
    const auto path = "/cases/" + world.practice.case_id.str() + "/timeline";
    std::vector<std::string> acts;
    std::string after;
    for (int page = 0; page < 10; ++page) {
        const auto got = object_of(world.get(path + "?limit=1" + after, cookie));
        for (const auto& item : got.at("items").as_array())
            acts.emplace_back(item.at("act").as_string());
        if (!got.contains("next")) break;
        after = "&after=" + std::string(got.at("next").as_string());
    }
    CHECK(acts == std::vector<std::string>{"request", "authorise", "transmit"});
    CHECK(world.get(path + "?limit=0", cookie).status == 400);
    CHECK(world.get(path + "?limit=201", cookie).status == 400);
    CHECK(world.get(path + "?after=x", cookie).status == 400);
}

TEST_CASE(
    "X6_ a provider reads of an act what is for providers, and the rest is not even named by its hash") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    world.practice.move_all();
    const auto cookie = world.signed_in("response-officer");
    const auto path = "/cases/" + world.practice.case_id.str();
    const auto items = object_of(world.get(path + "/timeline", cookie)).at("items").as_array();
    for (const auto& item : items) {
        const auto response = world.get(
            path + "/acts/" + std::string(item.at("hash").as_string()) + "/fields", cookie);
        CAPTURE(item.at("act").as_string());
        CHECK((response.status == 200) == item.at("readable").as_bool());
        CHECK_FALSE(item.as_object().contains("person")); // of other participants
        CHECK_FALSE(item.as_object().contains("person_name"));
        if (item.at("act") == "request") CHECK(response.status == 404);
        if (item.at("act") == "order")
            CHECK(object_of(response).at("fields").as_object().contains("grid"));
        // The order's reasons are for authorities.
        if (item.at("act") == "order")
            CHECK_FALSE(object_of(response).at("fields").as_object().contains("reasons"));
    }
    CHECK(world.get(path + "/acts/" + std::string(43, 'A') + "/fields", cookie).status == 404);
}

TEST_CASE("M3_ forms, procedures and names are there for anybody, and are not sent twice") {
    ApiWorld world;
    const auto form = world.get("/law/forms/request");
    CHECK(form.status == 200);
    CHECK(object_of(form).at("x-id") == "request");
    CHECK(
        world
            .call(
                {"GET",
                 "/law/forms/request",
                 nullptr,
                 "",
                 "",
                 {{"If-None-Match", std::string(*form.headers.find("ETag"))}}})
            .status == 304);
    CHECK(world.get("/law/forms/..").status == 404);
    CHECK(world.get("/law/procedures/mla").status == 200);
    CHECK(world.get("/law/procedures/none").status == 404);
    CHECK(object_of(world.get("/law/vocabulary")).at("offences").as_array().size() > 40);
    CHECK(object_of(world.get("/law/doors?country=FR")).at("items").as_array().size() == 1);
    CHECK(world.get("/openapi.json").status == 200);
}

namespace {

std::map<std::string, std::string> lines_of(const json::Object& prepared) {
    std::map<std::string, std::string> out;
    for (const auto& line : prepared.at("reads_back").as_array()) {
        const auto& label = line.at("label").as_object();
        CHECK(!label.at("fr").as_string().empty());
        out[std::string(label.at("en").as_string())] = line.at("value").as_string();
    }
    return out;
}

} // namespace

TEST_CASE("T06_ before the passkey signs, the node reads back what the signed bytes say") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    auto wanted = intent(world, "issuing-officer", "request", NodeFederation::fields("request"));
    const auto prepared = object_of(world.post("/acts/prepare", wanted, officer));
    const auto lines = lines_of(prepared);
    CHECK(
        lines.at("What the case will say") ==
        "An officer of arcadia-authority drafted and signed the request");
    CHECK(lines.at("Case").find(std::string(prepared.at("case").as_string())) != std::string::npos);
    CHECK(lines.at("Number in the case") == "1");
    CHECK(lines.at("Asking") == "arcadia-authority");
    CHECK(lines.at("Asked") == "borealia-authority");
    CHECK(lines.at("Provider") == "vault-provider");
    const auto& grid = wanted.at("fields").at("grid").as_array();
    CHECK(lines.at("Rows of data") == std::to_string(grid.size()));
    CHECK(lines.at("Most intrusive data") == "access data");
    CHECK(lines.at("Accounts, addresses and devices").find("@") != std::string::npos);
    CHECK(lines.at("Who can read it").find("borealia-authority") != std::string::npos);
    CHECK(lines.at("Who can read it").find("vault-provider") == std::string::npos);

    // One row less is another act, and other lines: they are of the bytes and not of the page.
    auto less = wanted;
    auto& fewer = less.at("fields").as_object().at("grid").as_array();
    REQUIRE(fewer.size() > 1);
    fewer.pop_back();
    const auto other = object_of(world.post("/acts/prepare", less, officer));
    CHECK(other.at("act") != prepared.at("act"));
    CHECK(lines_of(other).at("Rows of data") == std::to_string(fewer.size()));

    // In the reader's language; the labels in all of them.
    const auto french = object_of(world.call(
        {"POST",
         "/acts/prepare",
         wanted,
         officer,
         "https://arcadia-authority.example",
         {{"Accept-Language", "fr"}},
         {}}));
    CHECK(
        lines_of(french).at("What the case will say") ==
        "Un agent de arcadia-authority a rédigé et signé la demande");
    CHECK(lines_of(french).at("Most intrusive data") == "données d’accès");
    for (const auto& line : french.at("reads_back").as_array())
        CHECK_MESSAGE(
            line.at("label").as_object().contains("ar"),
            std::string(line.at("label").at("en").as_string()));
}

TEST_CASE("a case says until when a judge has put the notice off, and not before one has") {
    ApiWorld world;
    world.practice.play_until("produce");
    const auto cookie = world.signed_in("issuing-officer");
    const auto path = "/cases/" + world.practice.case_id.str();
    CHECK_FALSE(object_of(world.get(path, cookie)).contains("seal_end"));
    auto deferral = NodeFederation::fields("defer-notice");
    const auto until = to_text(world.practice.clock.now() + std::chrono::hours{24 * 60});
    deferral["until"] = until;
    const auto done = world.practice.act("arcadia-authority", "judge", "defer-notice", deferral);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    world.practice.move_all();
    const auto seen = object_of(world.get(path, cookie));
    CHECK(seen.at("seal_end").as_string() == std::string_view(until));
    CHECK(seen.at("notice_due") == seen.at("seal_end"));
}

TEST_CASE(
    "R7_ what the law says and what is refused is told in the reader's language, with the same keys") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    const auto asked = [&](const std::string& path, const json::Value& body,
                           const std::string& language) {
        return world.call(
            {body.is_null() ? "GET" : "POST",
             path,
             body,
             officer,
             "https://arcadia-authority.example",
             {{"Accept-Language", language}},
             {}});
    };
    const json::Object question{
        {"form", "request"},
        {"procedure", "mla"},
        {"opening", opening()},
        {"fields", json::Object{}}};
    const auto english = object_of(asked("/assessments", question, "en"));
    for (const std::string language : {"fr", "ar"}) {
        const auto told = object_of(asked("/assessments", question, language));
        REQUIRE(told.at("findings").as_array().size() == english.at("findings").as_array().size());
        for (std::size_t i = 0; i < told.at("findings").as_array().size(); ++i) {
            const auto& here = told.at("findings").as_array()[i].as_object();
            const auto& there = english.at("findings").as_array()[i].as_object();
            CAPTURE(std::string(here.at("test").as_string()));
            CHECK(here.at("outcome") == there.at("outcome"));
            if (here.at("outcome") != "met") CHECK(here.at("mend") != there.at("mend"));
            const auto& facts = here.at("facts").as_array();
            REQUIRE(facts.size() == there.at("facts").as_array().size());
            for (std::size_t j = 0; j < facts.size(); ++j) {
                const auto& fact = facts[j].as_object();
                CHECK(fact.at("key") == there.at("facts").as_array()[j].at("key"));
                if (!fact.at("key").as_string().empty())
                    CHECK(fact.at("text") != there.at("facts").as_array()[j].at("text"));
            }
        }
        CHECK(told.at("connection").at("sentence") != english.at("connection").at("sentence"));
        const auto refused = object_of(asked("/cases/none", nullptr, language));
        const auto before = object_of(asked("/cases/none", nullptr, "en"));
        CHECK(refused.at("code") == before.at("code"));
        CHECK(refused.at("facts") == before.at("facts"));
        for (const std::string member : {"title", "rule", "remedy", "detail"})
            CHECK(refused.at(member) != before.at(member));
    }
}
