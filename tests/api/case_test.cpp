// Acts and cases through the pages' interface: the same deeds as everywhere, for the person who is
// signed in and nobody else.
#include "base/limits.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

json::Object opening() {
    return {
        {"requesting", "arcadia-authority"},
        {"requested", "borealia-authority"},
        {"provider", "vault-provider"},
        {"third", json::Array{}},
        {"category", "access"},
        {"recipient", "arcadia-police"}};
}

json::Object intent(
    ApiWorld& world, const std::string& name, const std::string& act, json::Object fields) {
    const auto& entry = world.practice.world.person("arcadia-authority", name).entry;
    json::Object out{
        {"act", act},
        {"office", entry.office.str()},
        {"role", entry.roles.front()},
        {"fields", std::move(fields)}};
    if (world.practice.case_id.empty()) {
        out["procedure"] = "mla";
        out["opening"] = opening();
    } else {
        out["case"] = world.practice.case_id.str();
    }
    return out;
}

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
