// The check of answers against the contract finds what is wrong with them: tests that rely on it
// can fail.
#include "api/contract.hpp"
#include "support/api_schema.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

json::Object passkey_request() {
    return {
        {"challenge", std::string(43, 'A')},
        {"rp_id", "arcadia.example"},
        {"allow", json::Array{"AAEC"}},
        {"timeout_ms", 1000}};
}

std::vector<std::string> faults(const json::Object& body) {
    return contract_faults("beginSignIn", http::json_response(200, body));
}

} // namespace

TEST_CASE("an answer as the contract says has no faults, and each departure from it is one") {
    CHECK(faults(passkey_request()).empty());

    auto body = passkey_request();
    body.erase("rp_id");
    CHECK(faults(body) == std::vector<std::string>{"the body: required rp_id"});

    body = passkey_request();
    body["extra"] = 1;
    CHECK(faults(body) == std::vector<std::string>{"the body: additionalProperties extra"});

    body = passkey_request();
    body["timeout_ms"] = "1000";
    CHECK(faults(body) == std::vector<std::string>{"/timeout_ms: type "});

    // Digest and Bytes are references: a digest is 43 characters, bytes are base64url.
    for (const std::size_t size : {42U, 43U, 44U}) {
        const std::string hash(size, 'A');
        const auto found = contract_faults(
            "getDifference", http::json_response(
                                 200, json::Object{
                                          {"before", hash},
                                          {"after", std::string(43, 'A')},
                                          {"form", "request"},
                                          {"changes", json::Array{}}}));
        CHECK(found.empty() == (size == 43));
        for (const auto& fault : found)
            CHECK(fault.starts_with("/before: "));
    }
    body = passkey_request();
    body["allow"] = json::Array{"AAEC", "AA=="};
    CHECK_FALSE(faults(body).empty());
    // A long one is read without a recursion for each character.
    body["allow"] = json::Array{std::string(200'000, 'A')};
    CHECK(faults(body).empty());
}

TEST_CASE("a time in an answer is one in UTC") {
    const auto faults_with = [](std::string_view end) {
        return contract_faults(
            "signIn", http::json_response(
                          200, json::Object{
                                   {"person", "p"},
                                   {"name", "p"},
                                   {"office", "o"},
                                   {"office_name", "o"},
                                   {"participant", "a"},
                                   {"participant_name", "a"},
                                   {"kind", "authority"},
                                   {"roles", json::Array{"judge"}},
                                   {"trained_until", end},
                                   {"ends", "2026-10-01T08:00:00.000Z"},
                                   {"idle_minutes", 30},
                                   {"unread", 0},
                                   {"practice", false}}));
    };
    CHECK(faults_with("2026-10-01T08:00:00Z").empty());
    CHECK(faults_with("2026-10-01").size() == 1);
    CHECK(faults_with("2026-10-01T08:00:00+02:00").size() == 1);
}

TEST_CASE("an answer of another status, media type or with a body too many is found") {
    auto response = http::json_response(201, passkey_request());
    CHECK(contract_faults("beginSignIn", response).size() == 1);
    response = http::text_response(200, "{}");
    CHECK(contract_faults("beginSignIn", response).size() == 1);
    CHECK(contract_faults("signOut", http::no_content()).empty());
    response = http::no_content();
    response.body = "x";
    CHECK(contract_faults("signOut", response).size() == 1);
    CHECK(contract_faults("signOut", http::json_response(400, json::Object{})).size() == 1);
    CHECK(contract_faults("signOut", http::problem(401, "Sign in first")).empty());
    CHECK(contract_faults("signOut", http::incident_problem(500, "i1")).empty());
    CHECK(contract_faults(
              "signOut", http::problem(Refusal{Code::not_found, Said::value("x"), {}, {}, {}}))
              .empty());
}

TEST_CASE("every answer of every operation in the contract can be checked") {
    for (const auto& operation : api::operations()) {
        CAPTURE(operation.id);
        // Builds the schema; an empty object is a fault only where members are required.
        (void)contract_faults(operation.id, http::json_response(200, json::Object{}));
        CHECK(contract_faults(operation.id, http::problem(404, "no such object")).empty());
    }
}
