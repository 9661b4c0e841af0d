// Sessions of the pages: opened by a passkey for signing in and nothing else, short, and over at
// the moment the person leaves.
#include "base/limits.hpp"
#include "support/api_world.hpp"

using namespace comity;
using namespace comity::test;

namespace {

std::string begin(ApiWorld& world) {
    return std::string(
        object_of(world.post("/session/challenge", nullptr)).at("challenge").as_string());
}

} // namespace

TEST_CASE(
    "R3_ a person signs in with a passkey; the cookie is out of reach of scripts and of other sites") {
    ApiWorld world;
    const auto& officer = world.sign_in_key("issuing-officer");
    const auto response = world.post("/session", world.assertion(officer, begin(world)));
    CHECK(response.status == 200);
    const auto cookie = response.headers.find("Set-Cookie");
    REQUIRE(cookie.has_value());
    for (const std::string_view wanted :
         {"__Host-comity=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"})
        CHECK(cookie->find(wanted) != std::string_view::npos);
    const auto session =
        object_of(world.get("/session", std::string(cookie->substr(0, cookie->find(';')))));
    CHECK(session.at("person").as_string() == std::string_view(officer.entry.person.str()));
    CHECK(session.at("participant") == "arcadia-authority");
    CHECK(session.at("country") == "XA");
}

TEST_CASE(
    "R3_ nobody is signed in without a cookie, with somebody's invention, or with two cookies") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    CHECK(world.get("/session", cookie).status == 200);
    CHECK(world.get("/session").status == 401);
    CHECK(world.get("/session", "__Host-comity=").status == 401);
    CHECK(world.get("/session", "__Host-comity=AAAA").status == 401);
    CHECK(world.get("/session", "comity" + cookie.substr(13)).status == 401);
    CHECK(world.get("/session", cookie + "; " + cookie).status == 401);
    CHECK(world.get("/session", cookie + "; other=1").status == 200);
}

TEST_CASE("T10_ a challenge serves one sign-in, and one that was not given here serves none") {
    ApiWorld world;
    const auto& officer = world.sign_in_key("issuing-officer");
    const auto answer = world.assertion(officer, begin(world));
    CHECK(world.post("/session", answer).status == 200);
    CHECK(code_of(world.post("/session", answer)) == "approval_challenge");
    CHECK(
        code_of(world.post("/session", world.assertion(officer, std::string(43, 'A')))) ==
        "approval_challenge");
}

TEST_CASE("a challenge waits five minutes: served before, not at the end, not after") {
    for (const auto& [wait, status] :
         {std::pair{Milliseconds{limits::sign_in_time} - Milliseconds{1}, 200},
          {Milliseconds{limits::sign_in_time}, 403},
          {Milliseconds{limits::sign_in_time} + Milliseconds{1}, 403}}) {
        ApiWorld world;
        const auto& officer = world.sign_in_key("issuing-officer");
        const auto answer = world.assertion(officer, begin(world));
        world.practice.clock.pass(wait);
        CHECK((world.post("/session", answer).status == 200) == (status == 200));
    }
}

TEST_CASE("T11_ a passkey that approves acts signs nobody in") {
    ApiWorld world;
    auto& signer = world.practice.world.person("arcadia-authority", "issuing-officer");
    const auto response = world.post("/session", world.assertion(signer, begin(world)));
    CHECK(code_of(response) == "approval_purpose");
    CHECK_FALSE(response.headers.has("Set-Cookie"));
}

TEST_CASE("T11_ a sign-in passkey of another node, or of nobody, is not known here") {
    ApiWorld world;
    ApiWorld other("borealia-authority");
    const auto& clerk = other.sign_in_key("central-authority-officer");
    CHECK(
        code_of(world.post("/session", world.assertion(clerk, begin(world)))) ==
        "approval_roll_entry");
}

TEST_CASE(
    "T44_ a session ends when it is unused for half an hour, and at the end of a working day in any case") {
    ApiWorld world;
    auto cookie = world.signed_in("issuing-officer");
    world.practice.clock.pass(Milliseconds{limits::session_idle} - Milliseconds{1});
    CHECK(world.get("/session", cookie).status == 200); // and used again just now
    world.practice.clock.pass(Milliseconds{limits::session_idle});
    CHECK(world.get("/session", cookie).status == 401);

    cookie = world.signed_in("issuing-officer");
    const auto end = world.practice.clock.now() + limits::session_time;
    while (world.practice.clock.now() + std::chrono::minutes{20} < end) {
        world.practice.clock.pass(std::chrono::minutes{20});
        CHECK(world.get("/session", cookie).status == 200);
    }
    world.practice.clock.set(end - Milliseconds{1});
    CHECK(world.get("/session", cookie).status == 200);
    world.practice.clock.set(end);
    CHECK(world.get("/session", cookie).status == 401);
}

TEST_CASE("T13_ T44_ who leaves the roll is out with the next request, in every window") {
    ApiWorld world;
    const auto first = world.signed_in("issuing-officer");
    const auto second = world.signed_in("issuing-officer");
    const auto judge = world.signed_in("judge");
    CHECK(world.get("/session", first).status == 200);
    world.node().store().write([&](node::StoreWriter& writer) {
        auto row = writer.find_roll(world.sign_in_key("issuing-officer").hash);
        REQUIRE(row.has_value());
        row->ended = true;
        writer.put_roll(*row);
    });
    CHECK(world.get("/session", first).status == 401);
    CHECK(world.get("/session", second).status == 401);
    CHECK(world.get("/session", judge).status == 200);
    CHECK(
        code_of(world.post(
            "/session", world.assertion(world.sign_in_key("issuing-officer"), begin(world)))) ==
        "approval_revoked");
}

TEST_CASE("R8_ a role is held only while its training is valid") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    CHECK_FALSE(object_of(world.get("/session", cookie)).at("roles").as_array().empty());
    // The session outlives the training only on paper: jump to just before and to its end.
    const auto trained = world.sign_in_key("issuing-officer").entry.trained_until;
    world.practice.clock.set(trained - std::chrono::minutes{1});
    const auto late = world.signed_in("issuing-officer");
    CHECK_FALSE(object_of(world.get("/session", late)).at("roles").as_array().empty());
    world.practice.clock.set(trained);
    const auto after = world.get("/session", late);
    CHECK((after.status == 401 || object_of(after).at("roles").as_array().empty()));
}

TEST_CASE("signing out ends every session of the person") {
    ApiWorld world;
    const auto first = world.signed_in("issuing-officer");
    const auto second = world.signed_in("issuing-officer");
    CHECK(world.call({"DELETE", "/session", nullptr, first}).status == 204);
    CHECK(world.get("/session", first).status == 401);
    CHECK(world.get("/session", second).status == 401);
}

TEST_CASE("a passkey that its owner reports lost ends at once") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto list = object_of(world.get("/session/passkeys", cookie)).at("items").as_array();
    CHECK(list.size() == 2);
    CHECK(world.post("/session/passkeys/nobody/end", nullptr, cookie).status == 404);
    const auto lost =
        to_base64url(world.sign_in_key("issuing-officer").entry.passkey.credential_id);
    CHECK(world.post("/session/passkeys/" + lost + "/end", nullptr, cookie).status == 204);
    CHECK(world.get("/session", cookie).status == 401);
}

TEST_CASE("T54_ a flood of begun sign-ins keeps a bounded number and the newest go on") {
    ApiWorld world;
    const auto& officer = world.sign_in_key("issuing-officer");
    const auto oldest = begin(world);
    world.practice.clock.pass(Milliseconds{1});
    for (std::size_t i = 0; i < limits::sign_in_challenges; ++i)
        (void)world.api().sessions.challenge();
    CHECK(
        code_of(world.post("/session", world.assertion(officer, oldest))) == "approval_challenge");
    CHECK(world.post("/session", world.assertion(officer, begin(world))).status == 200);
}
