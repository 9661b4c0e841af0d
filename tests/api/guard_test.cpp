// Every operation of the contract under its guards: origin, session, role, object. The contract is
// the table, so these tests walk it: an operation that comes later is tested with the others.
#include "api/contract.hpp"
#include "api/practice.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace comity;
using namespace comity::test;

namespace {

// A path with its parameters filled in.
std::string filled(std::string path, const std::string& case_id) {
    for (;;) {
        const auto begin = path.find('{');
        if (begin == std::string::npos) return path;
        const auto end = path.find('}', begin);
        const auto name = path.substr(begin + 1, end - begin - 1);
        path.replace(begin, end - begin + 1, name == "case" ? case_id : std::string(43, 'A'));
    }
}

// What only the practice world has is no route at the nodes of these tests.
bool built(const api::Operation& operation) {
    return api::handlers().contains(operation.id) && !operation.practice;
}

} // namespace

TEST_CASE("every operation of the contract says who may call it, and ids are unique") {
    std::set<std::string> ids;
    for (const auto& operation : api::operations()) {
        CAPTURE(operation.id);
        CHECK(ids.insert(operation.id).second);
        CHECK_FALSE(operation.rule.object.empty());
        // What anybody may call names no roles, and nothing of a participant.
        if (!operation.rule.signed_in) CHECK(operation.rule.roles.empty());
        if (!operation.rule.signed_in) CHECK(operation.rule.object == "none");
    }
    CHECK(ids.size() > 70);
}

TEST_CASE(
    "what the contract promises is there: each operation has its handler, and its answers are problem details") {
    ApiWorld world;
    for (const auto& operation : api::operations())
        CHECK_MESSAGE(api::handlers().contains(operation.id), operation.id);
    CHECK(api::handlers().size() == api::operations().size());
    const auto response = world.get("/law/links/QQ");
    CHECK(response.status == 404);
    CHECK(response.content_type == "application/problem+json");
    const auto problem = object_of(response);
    for (const std::string_view member : {"type", "title", "status", "detail"})
        CHECK(problem.contains(member)); // RFC 9457 section 3.1
    CHECK(code_of(response) == "not_found");
}

TEST_CASE("T43_ a change from another origin, or from none, is refused whatever it is") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    for (const auto& operation : api::operations()) {
        if (!operation.changes || !built(operation)) continue;
        CAPTURE(operation.id);
        const auto path = filled(operation.path, "i2mzgwawnfbturpgd6kv3c75sq");
        for (const std::string origin :
             {"", "null", "https://evil.example", "http://arcadia-authority.example",
              "https://arcadia-authority.example:444", "https://sub.arcadia-authority.example"}) {
            CAPTURE(origin);
            const auto response =
                world.call({operation.method, path, json::Object{}, cookie, origin, {}});
            CHECK(response.status == 403);
            CHECK(code_of(response) == "not_allowed");
        }
    }
    CHECK(world.get("/session", cookie).status == 200); // none of them signed out
}

TEST_CASE("R3_ whatever is for signed-in people answers 401 to everybody else") {
    ApiWorld world;
    for (const auto& operation : api::operations()) {
        if (!operation.rule.signed_in || !built(operation)) continue;
        CAPTURE(operation.id);
        const auto path = filled(operation.path, "i2mzgwawnfbturpgd6kv3c75sq");
        CHECK(world.call({operation.method, path, json::Object{}, ""}).status == 401);
        CHECK(
            world.call({operation.method, path, json::Object{}, "__Host-comity=AAAA"}).status ==
            401);
    }
}

TEST_CASE(
    "T46_ what is for another role, and the case of other people, answer like what does not exist") {
    Practice practice(true);
    practice.play_until("transmit");
    practice.move_all();
    const std::string real = practice.case_id.str();
    const std::string nowhere = "bbbbbbbbbbbbbbbbbbbbbbbbbb";

    struct Desk {
        std::string participant;
        std::vector<std::string> people; ///< each is called after the one role they have
        bool takes_part;
    };

    const std::vector<std::string> authority{
        "issuing-officer", "judge", "central-authority-officer", "supervising-officer",
        "duty-officer"};
    const std::vector<Desk> desks{
        {"arcadia-authority", authority, true},
        {"vault-provider", {"response-officer"}, false}, // nothing has been ordered from it
        {"arcadia-oversight", {"inspector"}, true},
        {"cascadia-authority", authority, false},
        {"cascadia-oversight", {"inspector"}, false}};
    std::set<std::string> walked;
    for (const auto& desk : desks) {
        ApiWorld world(practice, desk.participant);
        CAPTURE(desk.participant);
        for (const auto& name : desk.people) {
            CAPTURE(name);
            const auto cookie = world.signed_in(name);
            const auto ask = [&](const api::Operation& operation, const std::string& id) {
                return world.call(
                    {operation.method, filled(operation.path, id), json::Object{}, cookie,
                     "https://" + desk.participant + ".example"});
            };
            CHECK(world.get("/cases/" + real, cookie).status == (desk.takes_part ? 200 : 404));
            for (const auto& operation : api::operations()) {
                if (!operation.rule.signed_in || !built(operation)) continue;
                CAPTURE(operation.id);
                const auto& roles = operation.rule.roles;
                if (!roles.empty() && std::find(roles.begin(), roles.end(), name) == roles.end()) {
                    const auto response = ask(operation, real);
                    CHECK(response.status == 404);
                    CHECK(code_of(response) == "not_found");
                    continue;
                }
                if (operation.path.find("{case}") == std::string::npos) continue;
                const auto never = ask(operation, nowhere);
                CHECK(never.status == 404);
                if (desk.takes_part) continue;
                const auto there = ask(operation, real);
                CHECK(there.status == never.status);
                CHECK(there.body == never.body);
                walked.insert(operation.id);
            }
        }
    }
    // Each operation on a case, by somebody with the role for it, in a case that is not theirs.
    for (const auto& operation : api::operations())
        if (operation.path.find("{case}") != std::string::npos)
            CHECK_MESSAGE(walked.contains(operation.id), operation.id);
}

TEST_CASE(
    "T44_ a node without practice keys has no operation that answers for somebody's passkey") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    CHECK(world.get("/practice/people").status == 404);
    CHECK(world.get("/practice/people", cookie).status == 404);
    const json::Object wanted{
        {"person", "issuing-officer"},
        {"challenge", std::string(43, 'A')},
        {"rp_id", "sign.arcadia-authority.example"}};
    const auto response = world.post("/practice/assertions", wanted, cookie);
    CHECK(response.status == 404);
    CHECK(response.body.find("authenticator_data") == std::string::npos);
    CHECK(object_of(world.get("/status")).at("practice") == false);
}

TEST_CASE("a practice node answers for the people whose keys it was given, and for nobody else") {
    ApiWorld world;
    const auto& officer = world.sign_in_key("issuing-officer");
    const auto& signer = world.practice.world.person("arcadia-authority", "issuing-officer");
    world.sign_in_key("judge");
    const std::vector<Bytes> saved{officer.authenticator.save(), signer.authenticator.save()};
    const auto keys = api::PracticeKeys::read(saved);
    REQUIRE(keys.has_value());
    world.practise(*keys);
    const auto offered = object_of(world.get("/practice/people")).at("items").as_array();
    REQUIRE(offered.size() == 1); // the judge's key is not there
    CHECK(offered[0].at("person") == "issuing-officer");
    CHECK(object_of(world.get("/status")).at("practice") == true);
    const auto begun = object_of(world.post("/session/challenge", nullptr));
    const auto ask = [&](const std::string& person, const std::string& rp_id) {
        return world.post(
            "/practice/assertions",
            json::Object{
                {"person", person}, {"challenge", begun.at("challenge")}, {"rp_id", rp_id}});
    };
    const std::string host = "arcadia-authority.example";
    CHECK(ask("judge", host).status == 404);
    CHECK(ask("issuing-officer", "elsewhere.example").status == 404);
    CHECK(ask("issuing-officer", "sign." + host).status == 200);
    // The answer is an ordinary one: it is verified like any other.
    const auto given = ask("issuing-officer", host);
    REQUIRE(given.status == 200);
    CHECK(world.post("/session", object_of(given)).status == 200);
    CHECK(world.post("/session", object_of(given)).status == 422); // tried once
}
