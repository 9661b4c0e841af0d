// How people come onto the roll from the pages, and leave it: an invitation whose link works once,
// two passkeys in one visit, two administrators, and an end that is at once.
#include "base/limits.hpp"
#include "node/enrol.hpp"
#include "node/invite.hpp"
#include "support/api_device.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

constexpr auto authority = "arcadia-authority";

std::string string_at(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

/// The node, with its two founders signed in and a third administrator.
struct Enrolling : ApiWorld {
    Enrolling() {
        auto& people = practice.world.organisation(authority).people;
        people["third-founder"] = practice.world.enrol(
            authority,
            {.person = "third-founder",
             .office = "arcadia-central",
             .roles = {"administrator", "central-authority-officer"}},
            {&people["first-founder"], &people["second-founder"]});
        put(people["third-founder"]);
        first = signed_in("first-founder");
        second = signed_in("second-founder");
        third = signed_in("third-founder");
    }

    std::string first;
    std::string second;
    std::string third;

    void put(const Person& person) {
        node().store().write([&](node::StoreWriter& writer) {
            writer.put_roll({person.hash, person.entry.person, person.text, false});
        });
    }

    json::Object wish(const std::string& person = "kari") {
        return {
            {"person", person},
            {"name", "Kari <b>Brandt</b>"},
            {"office", "arcadia-police"},
            {"roles", json::Array{"issuing-officer"}},
            {"valid_until", to_text(practice.clock.now() + std::chrono::hours{24 * 200})},
            {"trained_until", to_text(practice.clock.now() + std::chrono::hours{24 * 100})}};
    }

    json::Object invited(const json::Object& wanted) {
        const auto response = post("/invitations", wanted, first);
        REQUIRE_MESSAGE(response.status == 201, response.body);
        return object_of(response);
    }

    static std::string token_of(const json::Object& invitation) {
        const auto link = string_at(invitation, "link");
        return link.substr(link.find('#') + 1);
    }

    Device device() { return Device::of(api().settings); }

    http::Response visit(const std::string& token) {
        return post("/enrolment/options", json::Object{{"token", token}});
    }

    http::Response registered(const std::string& token, const Device& device) {
        return post("/enrolment", registration(token, device, object_of(visit(token))));
    }

    /// What an administrator's passkey answers to what was prepared.
    json::Object approval(const std::string& name, const json::Object& prepared) {
        const auto& key = practice.world.person(authority, name).authenticator;
        json::Array assertions;
        for (const auto& entry : prepared.at("entries").as_array())
            assertions.emplace_back(act::print_assertion(key.sign(*from_base64url(
                std::string_view(entry.at("passkey").at("challenge").as_string())))));
        return {{"with", prepared.at("with").at("person")}, {"assertions", std::move(assertions)}};
    }

    http::Response approve(
        const std::string& name, const std::string& cookie, const std::string& id,
        const std::string& with = "") {
        const auto path = "/invitations/" + id + "/approval";
        const auto prepared = get(path + (with.empty() ? "" : "?with=" + with), cookie);
        if (prepared.status != 200) return prepared;
        return post(path, approval(name, object_of(prepared)), cookie);
    }

    /// The whole way.
    Device enrolled(const json::Object& wanted) {
        const auto invitation = invited(wanted);
        auto made = device();
        REQUIRE(registered(token_of(invitation), made).status == 200);
        const auto id = string_at(invitation, "id");
        REQUIRE(approve("first-founder", first, id, "second-founder").status == 200);
        const auto last = approve("second-founder", second, id);
        REQUIRE_MESSAGE(last.status == 200, last.body);
        REQUIRE(object_of(last).at("state") == "enrolled");
        return made;
    }

    http::Response sign_in_with(const crypto::SoftwareAuthenticator& key) {
        const auto challenge = digest_from_text(
            string_at(object_of(post("/session/challenge", nullptr)), "challenge"));
        return post("/session", act::print_assertion(key.sign(view(*challenge))));
    }

    std::string cookie_with(const crypto::SoftwareAuthenticator& key) {
        const auto response = sign_in_with(key);
        REQUIRE_MESSAGE(response.status == 200, response.body);
        const auto cookie = *response.headers.find("Set-Cookie");
        return std::string(cookie.substr(0, cookie.find(';')));
    }

    std::vector<node::RollRow> roll_of(const std::string& person) {
        std::vector<node::RollRow> out;
        node().store().read([&](node::StoreReader& reader) {
            for (auto& row : reader.roll())
                if (row.person.str() == person) out.push_back(std::move(row));
        });
        return out;
    }

    json::Object line_of(const std::string& person) {
        const auto people = object_of(get("/people?limit=200", first));
        for (const auto& item : people.at("items").as_array())
            if (item.at("person").as_string() == std::string_view(person)) return item.as_object();
        return {};
    }

    json::Object prepared_act(const std::string& cookie) {
        return object_of(post(
            "/acts/prepare",
            json::Object{
                {"act", "request"},
                {"office", "arcadia-police"},
                {"role", "issuing-officer"},
                {"procedure", "mla"},
                {"opening",
                 json::Object{
                     {"requesting", authority},
                     {"requested", "borealia-authority"},
                     {"provider", "vault-provider"},
                     {"third", json::Array{}},
                     {"category", "access"},
                     {"recipient", "arcadia-police"}}},
                {"fields", NodeFederation::fields("request")}},
            cookie));
    }

    http::Response perform(
        const crypto::SoftwareAuthenticator& key, const json::Object& prepared,
        const std::string& cookie) {
        const auto challenge = digest_from_text(string_at(prepared, "challenge"));
        return post(
            "/acts/perform",
            json::Object{
                {"act", prepared.at("act")},
                {"assertion", act::print_assertion(key.sign(view(*challenge)))}},
            cookie);
    }
};

} // namespace

TEST_CASE(
    "R3_ T02_ invited, two passkeys in one visit, two administrators: only then somebody is on the roll and works") {
    Enrolling world;
    const auto invitation = world.invited(world.wish());
    CHECK(invitation.at("state") == "invited");
    CHECK(
        string_at(invitation, "link").starts_with("https://sign.arcadia-authority.example/enrol#"));
    const auto id = string_at(invitation, "id");
    const auto token = Enrolling::token_of(invitation);
    CHECK(token.size() == 43);
    // The link is told once, and the store cannot tell it.
    const auto list = world.get("/invitations", world.second);
    CHECK(list.body.find(token) == std::string::npos);
    node::InvitationRow row;
    world.node().store().read(
        [&](node::StoreReader& reader) { row = *reader.find_invitation(id); });
    CHECK(row.text.find(token) == std::string::npos);

    const auto device = world.device();
    const auto made = world.registered(token, device);
    REQUIRE_MESSAGE(made.status == 200, made.body);
    const auto code = string_at(object_of(made), "key_code");
    CHECK(code.size() == 14);
    CHECK(world.roll_of("kari").empty());
    CHECK(code_of(world.sign_in_with(device.sign_in)) == "approval_roll_entry");

    const auto prepared =
        object_of(world.get("/invitations/" + id + "/approval?with=third-founder", world.second));
    CHECK(prepared.at("key_code").as_string() == std::string_view(code));
    CHECK(prepared.at("second") == false);
    CHECK(prepared.at("invitation").at("name") == "Kari <b>Brandt</b>");
    const auto once = object_of(world.approve("second-founder", world.second, id, "third-founder"));
    CHECK(once.at("state") == "approved-once");
    CHECK(once.at("approved_by").at("person") == "second-founder");
    CHECK(once.at("waits_for").at("person") == "third-founder");
    CHECK(world.roll_of("kari").empty());
    CHECK(code_of(world.sign_in_with(device.sign_in)) == "approval_roll_entry");

    const auto leaves = world.practice.leaves(authority);
    CHECK(object_of(world.approve("third-founder", world.third, id)).at("state") == "enrolled");
    CHECK(world.practice.leaves(authority) == leaves + 2);
    CHECK(world.roll_of("kari").size() == 2);
    const auto cookie = world.cookie_with(device.sign_in);
    const auto session = object_of(world.get("/session", cookie));
    CHECK(session.at("person") == "kari");
    CHECK(session.at("name") == "Kari <b>Brandt</b>");
    CHECK(session.at("roles").as_array().size() == 1);
    CHECK(code_of(world.sign_in_with(device.sign)) == "approval_purpose");
    const auto act = world.prepared_act(cookie);
    CHECK(world.perform(device.sign_in, act, cookie).status == 422);
    CHECK(world.perform(device.sign, act, cookie).status == 200);
    // One line on the roll, with both passkeys and when they were used.
    const auto line = world.line_of("kari");
    CHECK(line.at("name") == "Kari <b>Brandt</b>");
    CHECK(line.at("ended") == false);
    REQUIRE(line.at("passkeys").as_array().size() == 2);
    for (const auto& passkey : line.at("passkeys").as_array()) {
        CHECK(passkey.at("label") == "Blue key");
        CHECK(passkey.as_object().contains("last_used"));
    }
    CHECK(world.line_of("judge").at("passkeys").as_array().size() == 1);
}

TEST_CASE("T02_ one administrator is not two, nobody approves themself, and the two are named") {
    Enrolling world;
    const auto invitation = world.invited(world.wish());
    const auto id = string_at(invitation, "id");
    const auto path = "/invitations/" + id + "/approval";
    // Nothing to approve before the passkeys are there.
    CHECK(code_of(world.get(path, world.first)) == "not_allowed");
    REQUIRE(world.registered(Enrolling::token_of(invitation), world.device()).status == 200);
    CHECK(code_of(world.get(path + "?with=first-founder", world.first)) == "roll_two_people");
    CHECK(code_of(world.get(path + "?with=judge", world.first)) == "roll_two_people");
    CHECK(code_of(world.get(path + "?with=kari", world.first)) == "roll_two_people");
    const auto prepared = object_of(world.get(path + "?with=second-founder", world.first));
    // Another's passkey does not approve in this administrator's name.
    const auto strange = world.post(path, world.approval("second-founder", prepared), world.first);
    CHECK(strange.status == 422);
    // Nor one approval for both entries.
    auto twice = world.approval("first-founder", prepared);
    twice["assertions"].as_array()[1] = twice.at("assertions").as_array()[0];
    CHECK(code_of(world.post(path, twice, world.first)) == "approval_challenge");
    CHECK(world.post(path, world.approval("first-founder", prepared), world.first).status == 200);
    // Once more by the same, with the same bytes or anew.
    CHECK(
        code_of(world.post(path, world.approval("first-founder", prepared), world.first)) ==
        "roll_two_people");
    CHECK(code_of(world.get(path, world.first)) == "roll_two_people");
    // A third does not complete what names two others, but may begin anew with one of them.
    CHECK(code_of(world.get(path, world.third)) == "roll_two_people");
    CHECK(world.roll_of("kari").empty());
    CHECK(world.approve("third-founder", world.third, id, "first-founder").status == 200);
    CHECK(code_of(world.get(path, world.second)) == "roll_two_people");
    CHECK(object_of(world.approve("first-founder", world.first, id)).at("state") == "enrolled");
    CHECK(code_of(world.get(path, world.second)) == "not_allowed");
    // An administrator's own second device takes two others.
    auto own = world.wish("second-founder");
    own["office"] = "arcadia-central";
    own["roles"] = json::Array{"administrator"};
    const auto other = world.invited(own);
    REQUIRE(world.registered(Enrolling::token_of(other), world.device()).status == 200);
    CHECK(
        code_of(world.approve("second-founder", world.second, string_at(other, "id"))) ==
        "roll_two_people");
}

TEST_CASE("T02_ an administrator who came later vouches together with a founder") {
    Enrolling world;
    auto wanted = world.wish("liv");
    wanted["office"] = "arcadia-central";
    wanted["roles"] = json::Array{"administrator"};
    const auto device = world.enrolled(wanted);
    world.practice.world.organisation(authority).people["liv"].authenticator = device.sign;
    const auto cookie = world.cookie_with(device.sign_in);
    // In both orders: an entry stands before all who vouch for it, whichever comes first.
    for (const std::string person : {"kari", "nils"}) {
        const auto invitation = world.invited(world.wish(person));
        REQUIRE(world.registered(Enrolling::token_of(invitation), world.device()).status == 200);
        const auto id = string_at(invitation, "id");
        const bool founder_first = person == "kari";
        if (founder_first)
            REQUIRE(world.approve("first-founder", world.first, id, "liv").status == 200);
        const auto mine = world.approve("liv", cookie, id, founder_first ? "" : "first-founder");
        REQUIRE_MESSAGE(mine.status == 200, mine.body);
        if (!founder_first) REQUIRE(world.approve("first-founder", world.first, id).status == 200);
        CHECK(world.roll_of(person).size() == 2);
    }
}

TEST_CASE("a link that is unknown, used, expired or withdrawn is answered alike") {
    Enrolling world;
    const auto used = world.invited(world.wish());
    REQUIRE(world.registered(Enrolling::token_of(used), world.device()).status == 200);
    const auto withdrawn = world.invited(world.wish("nils"));
    CHECK(
        world.call({"DELETE", "/invitations/" + string_at(withdrawn, "id"), nullptr, world.second})
            .status == 204);
    const auto late = world.invited(world.wish("liv"));
    world.practice.clock.pass(Milliseconds{limits::invitation_time} - Milliseconds{1});
    const auto options = object_of(world.visit(Enrolling::token_of(late)));
    world.practice.clock.pass(Milliseconds{1});
    const auto unknown = world.visit(std::string(43, 'A'));
    CHECK(unknown.status == 404);
    const auto body = registration(std::string(43, 'A'), world.device(), options);
    const auto unknown_made = world.post("/enrolment", body);
    CHECK(unknown_made.status == 404);
    for (const auto* invitation : {&used, &withdrawn, &late}) {
        const auto token = Enrolling::token_of(*invitation);
        const auto again = world.visit(token);
        CHECK(again.status == 404);
        CHECK(again.body == unknown.body);
        const auto made = world.post("/enrolment", registration(token, world.device(), options));
        CHECK(made.status == 404);
        CHECK(made.body == unknown_made.body);
    }
    CHECK(world.visit("").body == unknown.body);
    CHECK(world.visit(std::string(5000, 'x')).body == unknown.body);
}

TEST_CASE(
    "an invitation is open for three days, and its approvals for two weeks: below, at, above") {
    for (const auto& [shift, open] :
         {std::pair{Milliseconds{-1}, true}, {Milliseconds{0}, false}, {Milliseconds{1}, false}}) {
        Enrolling world;
        const auto invitation = world.invited(world.wish());
        world.practice.clock.pass(Milliseconds{limits::invitation_time} + shift);
        CHECK((world.visit(Enrolling::token_of(invitation)).status == 200) == open);
    }
    for (const auto& [shift, open] :
         {std::pair{Milliseconds{-1}, true}, {Milliseconds{0}, false}, {Milliseconds{1}, false}}) {
        Enrolling world;
        const auto invitation = world.invited(world.wish());
        REQUIRE(world.registered(Enrolling::token_of(invitation), world.device()).status == 200);
        world.practice.clock.pass(Milliseconds{limits::approval_time} + shift);
        const auto cookie = world.signed_in("first-founder");
        const auto seen =
            world.get("/invitations/" + string_at(invitation, "id") + "/approval", cookie);
        CHECK((seen.status == 200) == open);
        const auto items = object_of(world.get("/invitations", cookie)).at("items").as_array();
        CHECK(items.at(0).at("state") == (open ? "key-registered" : "expired"));
    }
}

TEST_CASE(
    "T10_ a challenge of an enrolment is answered once, within its time, and by its own key") {
    Enrolling world;
    const auto invitation = world.invited(world.wish());
    const auto token = Enrolling::token_of(invitation);
    const auto device = world.device();
    const auto wrong = [&](const json::Object& body) {
        return code_of(world.post("/enrolment", body));
    };
    // Without a visit there is no challenge.
    const auto old = object_of(world.visit(token));
    const auto next = object_of(world.visit(token));
    CHECK(wrong(registration(token, device, old)) == "approval_challenge");
    // A wrong answer used the challenges up.
    CHECK(wrong(registration(token, device, next)) == "approval_challenge");
    // The two challenges are not each other's.
    auto swapped = object_of(world.visit(token));
    std::swap(
        swapped.at("keys").as_array()[0].as_object()["challenge"],
        swapped.at("keys").as_array()[1].as_object()["challenge"]);
    CHECK(wrong(registration(token, device, swapped)) == "approval_challenge");
    // Time: one millisecond before the end is in time.
    auto options = object_of(world.visit(token));
    world.practice.clock.pass(Milliseconds{limits::enrolment_time});
    CHECK(wrong(registration(token, device, options)) == "approval_challenge");
    options = object_of(world.visit(token));
    world.practice.clock.pass(Milliseconds{limits::enrolment_time} - Milliseconds{1});
    const auto body = registration(token, device, options);
    CHECK(world.post("/enrolment", body).status == 200);
    CHECK(wrong(body) == "not_found");
}

TEST_CASE("T11_ a passkey of another relying party or another origin is not registered") {
    Enrolling world;
    const auto invitation = world.invited(world.wish());
    const auto token = Enrolling::token_of(invitation);
    const auto& settings = world.api().settings;
    const auto good = world.device();
    const auto refused = [&](const std::string& rp, const std::string& origin, bool acts) {
        const auto key = crypto::SoftwareAuthenticator::create(rp, origin);
        const auto response =
            world.registered(token, acts ? Device{good.sign_in, key} : Device{key, good.sign});
        return code_of(response);
    };
    const std::string host = settings.host;
    for (const bool acts : {false, true}) {
        const std::string right = (acts ? "sign." : "") + host;
        CHECK(refused("sign.evil.example", settings.people, acts) == "approval_origin");
        CHECK(refused((acts ? "" : "sign.") + host, settings.people, acts) == "approval_origin");
        for (const std::string& origin :
             {settings.origin, settings.people + ":444", "http://sign." + host,
              std::string("https://evil.example"), "https://sub.sign." + host})
            CHECK(refused(right, origin, acts) == "approval_origin");
    }
    // One passkey for both is none.
    const auto response = world.registered(token, {good.sign, good.sign});
    CHECK(code_of(response) == "approval_origin");
    // And what is no attestation at all.
    auto body = registration(token, good, object_of(world.visit(token)));
    body.at("attestations").as_array()[1].as_object()["attestation_object"] = "AAAA";
    CHECK(code_of(world.post("/enrolment", body)) == "approval_malformed");
    body = registration(token, good, object_of(world.visit(token)));
    body.at("attestations").as_array().pop_back();
    CHECK(code_of(world.post("/enrolment", body)) == "json_malformed");
    CHECK(world.registered(token, good).status == 200);
}

TEST_CASE("R8_ training and validity are bounded: not over already, three and five years at most") {
    Enrolling world;
    const auto with = [&](const char* member, Milliseconds from_now) {
        auto wanted = world.wish();
        wanted[member] = to_text(world.practice.clock.now() + from_now);
        return world.post("/invitations", wanted, world.first).status;
    };
    for (const auto& [member, most] :
         {std::pair{"valid_until", Milliseconds{limits::roll_entry_time}},
          {"trained_until", Milliseconds{limits::training_time}}}) {
        CAPTURE(member);
        CHECK(with(member, Milliseconds{-1}) == 422);
        CHECK(with(member, Milliseconds{0}) == 422);
        CHECK(with(member, Milliseconds{1}) == 201);
        CHECK(with(member, most - Milliseconds{1}) == 201);
        CHECK(with(member, most) == 201);
        CHECK(with(member, most + Milliseconds{1}) == 422);
    }
}

TEST_CASE("an invitation names an office of ours, roles it has, and text that is text") {
    Enrolling world;
    const auto with = [&](const char* member, const auto& value) {
        auto wanted = world.wish();
        wanted[member] = value;
        return code_of(world.post("/invitations", wanted, world.first));
    };
    CHECK(with("office", "borealia-police") == "office_unknown");
    CHECK(with("roles", json::Array{"judge"}) == "office_not_competent");
    CHECK(with("roles", json::Array{}) == "roll_malformed");
    CHECK(with("roles", json::Array{"issuing-officer", "issuing-officer"}) == "roll_malformed");
    CHECK(with("roles", json::Array{"issuing-officer", "administrator"}).empty());
    CHECK(with("person", "Kari") == "roll_malformed");
    CHECK(with("person", std::string(65, 'a')) == "roll_malformed");
    CHECK(with("name", "") == "roll_malformed");
    CHECK(with("name", "a\nb") == "roll_malformed");
    CHECK(with("name", "a\u202eb") == "roll_malformed");
    CHECK(with("name", std::string(limits::person_name_bytes, 'a')).empty());
    CHECK(with("name", std::string(limits::person_name_bytes + 1, 'a')) == "roll_malformed");
    // Who is no administrator finds no such thing.
    const auto officer = world.signed_in("issuing-officer");
    CHECK(world.post("/invitations", world.wish(), officer).status == 404);
}

TEST_CASE("a person has several devices, and losing one leaves the others") {
    Enrolling world;
    const auto first = world.enrolled(world.wish());
    // The first device's passkeys are named, so that they are not made twice.
    const auto invitation = world.invited(world.wish());
    const auto token = Enrolling::token_of(invitation);
    const auto options = object_of(world.visit(token));
    for (const auto& key : options.at("keys").as_array())
        CHECK(key.at("exclude").as_array().size() == 1);
    // Taken again they are refused at the end: a credential is enrolled once.
    REQUIRE(world.registered(token, first).status == 200);
    const auto id = string_at(invitation, "id");
    REQUIRE(world.approve("first-founder", world.first, id, "second-founder").status == 200);
    CHECK(code_of(world.approve("second-founder", world.second, id)) == "roll_exists");

    const auto second = world.enrolled(world.wish());
    const auto on_first = world.cookie_with(first.sign_in);
    const auto on_second = world.cookie_with(second.sign_in);
    auto act = world.prepared_act(on_second);
    CHECK(world.perform(first.sign, act, on_second).status == 200);
    act = world.prepared_act(on_second);
    CHECK(world.perform(second.sign, act, on_second).status == 200);

    // The lost one goes with the other passkey on the same device; so do prepared acts and all
    // sessions, in every window.
    act = world.prepared_act(on_first);
    const auto lost = to_base64url(first.sign.passkey().credential_id);
    CHECK(world.post("/session/passkeys/" + lost + "/end", nullptr, on_second).status == 204);
    CHECK(world.get("/session", on_first).status == 401);
    CHECK(world.get("/session", on_second).status == 401);
    CHECK(code_of(world.sign_in_with(first.sign_in)) == "approval_revoked");
    const auto again = world.cookie_with(second.sign_in);
    CHECK(code_of(world.perform(second.sign, act, again)) == "draft_unknown");
    act = world.prepared_act(again);
    CHECK(world.perform(first.sign, act, again).status == 422);
    CHECK(world.perform(second.sign, act, again).status == 200);
    std::size_t ended = 0;
    const auto own = object_of(world.get("/session/passkeys", again)).at("items").as_array();
    for (const auto& item : own)
        if (item.as_object().contains("ended")) ++ended;
    CHECK(own.size() == 4);
    CHECK(ended == 2);
    CHECK(world.line_of("kari").at("ended") == false);
}

TEST_CASE(
    "T13_ T44_ a passkey that an administrator ends, ends with its device and every session") {
    Enrolling world;
    const auto stolen = world.enrolled(world.wish());
    const auto kept = world.enrolled(world.wish());
    const auto one = world.cookie_with(stolen.sign_in);
    const auto other = world.cookie_with(kept.sign_in);
    const auto entry = string_at(world.line_of("kari"), "entry");
    const auto path = "/people/" + entry + "/passkeys/";
    const auto end = [&](const std::string& credential, const std::string& cookie) {
        return world.post(path + credential + "/end", nullptr, cookie).status;
    };
    const auto credential = to_base64url(stolen.sign_in.passkey().credential_id);
    CHECK(end(credential, other) == 404); // no administrator
    CHECK(end("AAAA", world.first) == 404);
    const auto& judge = world.practice.world.person(authority, "judge");
    CHECK(end(to_base64url(judge.entry.passkey.credential_id), world.first) == 404);
    CHECK(world.get("/session", one).status == 200);
    CHECK(end(credential, world.first) == 204);
    CHECK(end(credential, world.first) == 404);
    CHECK(world.get("/session", one).status == 401);
    CHECK(world.get("/session", other).status == 401);
    CHECK(code_of(world.sign_in_with(stolen.sign_in)) == "approval_revoked");
    const auto cookie = world.cookie_with(kept.sign_in);
    const auto act = world.prepared_act(cookie);
    CHECK(world.perform(stolen.sign, act, cookie).status == 422);
    CHECK(world.perform(kept.sign, act, cookie).status == 200);
}

TEST_CASE("S20_ T44_ who leaves is out at once, and no old invitation brings them back") {
    Enrolling world;
    const auto device = world.enrolled(world.wish());
    const auto cookie = world.cookie_with(device.sign_in);
    const auto elsewhere = world.cookie_with(device.sign_in);
    const auto act = world.prepared_act(cookie);
    const auto open = world.invited(world.wish());
    const auto half = world.invited(world.wish());
    const auto spare = world.device();
    REQUIRE(world.registered(Enrolling::token_of(half), spare).status == 200);
    const auto id = string_at(half, "id");
    REQUIRE(world.approve("first-founder", world.first, id, "second-founder").status == 200);

    const auto entry = string_at(world.line_of("kari"), "entry");
    CHECK(world.post("/people/" + entry + "/end", nullptr, cookie).status == 404);
    CHECK(
        world.post("/people/" + std::string(43, 'A') + "/end", nullptr, world.first).status == 404);
    CHECK(world.post("/people/" + entry + "/end", nullptr, world.first).status == 204);
    CHECK(world.post("/people/" + entry + "/end", nullptr, world.first).status == 404);
    for (const auto& row : world.roll_of("kari"))
        CHECK(row.ended);
    CHECK(world.get("/session", cookie).status == 401);
    CHECK(world.get("/session", elsewhere).status == 401);
    CHECK(code_of(world.sign_in_with(device.sign_in)) == "approval_revoked");
    std::optional<node::DraftRow> draft;
    world.node().store().read([&](node::StoreReader& reader) {
        draft = reader.find_draft(*digest_from_text(string_at(act, "act")));
    });
    CHECK_FALSE(draft.has_value());
    CHECK(world.visit(Enrolling::token_of(open)).status == 404);
    CHECK(world.approve("second-founder", world.second, id).status == 404);
    CHECK(code_of(world.sign_in_with(spare.sign_in)) == "approval_roll_entry");
    const auto line = world.line_of("kari");
    CHECK(line.at("ended") == true);
    for (const auto& passkey : line.at("passkeys").as_array())
        CHECK(
            passkey.at("ended").as_string() ==
            std::string_view(to_text(world.practice.clock.now())));
    // A new invitation, with two approvals, does.
    const auto back = world.enrolled(world.wish());
    CHECK(world.get("/session", world.cookie_with(back.sign_in)).status == 200);
}

TEST_CASE("T02_ what an administrator began who left meanwhile comes to nothing") {
    Enrolling world;
    const auto by_third = object_of(world.post("/invitations", world.wish("nils"), world.third));
    const auto invitation = world.invited(world.wish());
    const auto id = string_at(invitation, "id");
    const auto device = world.device();
    REQUIRE(world.registered(Enrolling::token_of(invitation), device).status == 200);
    REQUIRE(world.approve("third-founder", world.third, id, "first-founder").status == 200);
    const auto prepared = object_of(world.get("/invitations/" + id + "/approval", world.first));
    CHECK(prepared.at("second") == true);
    const auto entry = string_at(world.line_of("third-founder"), "entry");
    REQUIRE(world.post("/people/" + entry + "/end", nullptr, world.second).status == 204);
    // The half approval by who left does not count; their own invitations are gone.
    const auto late = world.post(
        "/invitations/" + id + "/approval", world.approval("first-founder", prepared), world.first);
    CHECK(late.status == 422);
    CHECK(world.roll_of("kari").empty());
    CHECK(world.visit(Enrolling::token_of(by_third)).status == 404);
    CHECK(world.approve("first-founder", world.first, id, "second-founder").status == 200);
    CHECK(object_of(world.approve("second-founder", world.second, id)).at("state") == "enrolled");
    CHECK(world.get("/session", world.cookie_with(device.sign_in)).status == 200);
}

TEST_CASE("R8_ an administrator whose training has run out approves nobody") {
    Enrolling world;
    auto& people = world.practice.world.organisation(authority).people;
    const auto until = world.practice.clock.now() + std::chrono::minutes{10};
    people["trainee"] = world.practice.world.enrol(
        authority,
        {.person = "trainee",
         .office = "arcadia-central",
         .roles = {"administrator"},
         .trained_until = until},
        {&people["first-founder"], &people["second-founder"]});
    world.put(people["trainee"]);
    const auto invitation = world.invited(world.wish());
    REQUIRE(world.registered(Enrolling::token_of(invitation), world.device()).status == 200);
    const auto path = "/invitations/" + string_at(invitation, "id") + "/approval?with=trainee";
    world.practice.clock.set(until - Milliseconds{1});
    CHECK(world.get(path, world.first).status == 200);
    world.practice.clock.set(until);
    CHECK(code_of(world.get(path, world.first)) == "roll_two_people");
}

TEST_CASE("the people of the roll come in pages that neither repeat nor leave out") {
    Enrolling world;
    world.enrolled(world.wish());
    std::vector<std::string> seen;
    std::string after;
    for (int page = 0; page < 100; ++page) {
        const auto got = object_of(world.get("/people?limit=2" + after, world.first));
        for (const auto& item : got.at("items").as_array())
            seen.emplace_back(item.at("person").as_string());
        if (!got.contains("next")) break;
        after = "&after=" + string_at(got, "next");
    }
    const auto whole = object_of(world.get("/people?limit=200", world.first)).at("items");
    std::vector<std::string> all;
    for (const auto& item : whole.as_array())
        all.emplace_back(item.at("person").as_string());
    CHECK(seen == all);
    CHECK(std::count(all.begin(), all.end(), "kari") == 1);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
    const auto judges = object_of(world.get("/people?role=judge", world.first));
    for (const auto& item : judges.at("items").as_array())
        CHECK(item.at("roles").as_array().at(0) == "judge");
}
