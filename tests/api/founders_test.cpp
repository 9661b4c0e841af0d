// The first two people of a node that nobody is on the roll of: a link for each, two passkeys in a
// browser, codes that are read back, and from then on two-person enrolment and nothing else.
#include "base/limits.hpp"
#include "node/founders.hpp"
#include "support/api_device.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

constexpr auto authority = "arcadia-authority";
using Step = node::FounderState::Step;

std::string string_at(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

node::FoundersPlan plan() {
    node::FoundersPlan out;
    out.participant_names = {{"en", "Authority of Arcadia"}, {"fr", "Autorité d’Arcadie"}};
    out.office_names = {
        {OfficeId("arcadia-central"), {{"en", "Central authority"}, {"ar", "السلطة المركزية"}}}};
    for (const auto* person : {"ada", "bo"})
        out.founders.push_back(
            {PersonId(person),
             std::string(person) + " of Arcadia",
             OfficeId("arcadia-central"),
             {"administrator", "central-authority-officer"}});
    return out;
}

/// A node as `comity init` leaves it: a plan, and neither roll nor directory.
struct NewNode {
    explicit NewNode(bool planned = true) {
        auto made = practice.node_without_directory(authority, store, files);
        practice.members.at(authority)->node = std::move(made);
        if (planned)
            store.write([](node::StoreWriter& writer) { node::plan_founders(writer, plan()); });
        api = std::make_unique<ApiWorld>(practice, authority);
    }

    Practice practice;
    MemoryStore store;
    MemoryFiles files;
    std::unique_ptr<ApiWorld> api;

    node::Node& node() { return practice.node(authority); }

    std::map<std::string, std::string> links(const std::optional<PersonId>& person = {}) {
        const auto invited = node::invite_founders(node(), person);
        REQUIRE(invited.has_value());
        std::map<std::string, std::string> out;
        for (const auto& one : *invited)
            out[one.invitation.wish.person.str()] = one.token;
        return out;
    }

    http::Response visit(const std::string& token) {
        return api->post("/enrolment/options", json::Object{{"token", token}});
    }

    Device device() { return Device::of(api->api().settings); }

    /// The whole visit; gives the code that the page shows.
    std::string registered(const std::string& token, const Device& made) {
        const auto answer =
            api->post("/enrolment", registration(token, made, object_of(visit(token))));
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK(object_of(answer).at("founding") == true);
        return string_at(object_of(answer), "key_code");
    }

    std::string confirmed(const std::map<std::string, std::string>& codes) {
        std::map<PersonId, std::string> given;
        for (const auto& [person, code] : codes)
            given[PersonId(person)] = code;
        const auto done = node::confirm_founders(node(), given);
        if (!done) return std::string(done.error().name());
        entries = *done;
        return "confirmed";
    }

    std::size_t on_roll() {
        std::size_t out = 0;
        store.read([&](node::StoreReader& reader) { out = reader.roll().size(); });
        return out;
    }

    /// What the members do: the directory names the founders' entries.
    void install() {
        practice.world.participant(authority).founders = entries;
        practice.use_directory();
    }

    std::string cookie_with(const crypto::SoftwareAuthenticator& key) {
        const auto challenge = digest_from_text(
            string_at(object_of(api->post("/session/challenge", nullptr)), "challenge"));
        const auto response =
            api->post("/session", act::print_assertion(key.sign(view(*challenge))));
        REQUIRE_MESSAGE(response.status == 200, response.body);
        const auto cookie = *response.headers.find("Set-Cookie");
        return std::string(cookie.substr(0, cookie.find(';')));
    }

    http::Response approve(
        const crypto::SoftwareAuthenticator& key, const std::string& cookie,
        const std::string& id) {
        const auto prepared = api->get("/invitations/" + id + "/approval", cookie);
        if (prepared.status != 200) return prepared;
        const auto wanted = object_of(prepared);
        json::Array assertions;
        for (const auto& entry : wanted.at("entries").as_array())
            assertions.emplace_back(act::print_assertion(key.sign(*from_base64url(
                std::string_view(entry.at("passkey").at("challenge").as_string())))));
        return api->post(
            "/invitations/" + id + "/approval",
            json::Object{
                {"with", wanted.at("with").at("person")}, {"assertions", std::move(assertions)}},
            cookie);
    }

    std::vector<Digest> entries;
};

} // namespace

TEST_CASE(
    "R3_ T02_ the first two people of a node come onto its roll by links and codes, and then two of them enrol others") {
    NewNode world;
    const auto links = world.links();
    REQUIRE(links.size() == 2);
    const auto shown = object_of(world.visit(links.at("ada")));
    CHECK(shown.at("name") == "ada of Arcadia");
    CHECK(shown.at("office_name") == "Central authority");
    CHECK(shown.at("rp_name") == "Authority of Arcadia");
    // Each in the founder's language, and in English where the plan has no other; and so at the
    // door.
    const auto told = [&](const std::string& language, const std::string& path) {
        const json::Object token{{"token", links.at("ada")}};
        const bool door = path == "/status";
        return object_of(world.api->call(
            {door ? "GET" : "POST",
             path,
             door ? json::Value(nullptr) : json::Value(token),
             "",
             "https://arcadia-authority.example",
             {{"Accept-Language", language}},
             {}}));
    };
    CHECK(told("fr", "/enrolment/options").at("rp_name") == "Autorité d’Arcadie");
    CHECK(told("fr", "/enrolment/options").at("office_name") == "Central authority");
    CHECK(told("ar", "/enrolment/options").at("office_name") == "السلطة المركزية");
    CHECK(told("fr", "/status").at("participant_name") == "Autorité d’Arcadie");
    CHECK(told("ar", "/status").at("participant_name") == "Authority of Arcadia");
    const auto ada = world.device();
    const auto bo = world.device();
    const auto code_a = world.registered(links.at("ada"), ada);
    CHECK(node::founders(world.node()).at(0).step == Step::key_registered);
    CHECK(node::founders(world.node()).at(1).step == Step::invited);
    CHECK(world.confirmed({{"ada", code_a}, {"bo", code_a}}) == "not_allowed");
    const auto code_b = world.registered(links.at("bo"), bo);
    CHECK(world.on_roll() == 0);

    CHECK(world.confirmed({{"ada", code_a}}) == "not_allowed");
    CHECK(world.confirmed({{"ada", code_b}, {"bo", code_a}}) == "not_allowed");
    CHECK(world.on_roll() == 0);
    CHECK(world.confirmed({{"ada", code_a}, {"bo", code_b}}) == "confirmed");
    CHECK(world.on_roll() == 4);
    CHECK(world.entries.size() == 4);
    CHECK(node::founders(world.node()).at(1).step == Step::on_roll);
    CHECK(node::invitations(world.node()).empty());
    // Asked again because the answer was lost, and as somebody types it who heard it.
    const auto before = world.entries;
    std::string heard = code_a;
    std::erase(heard, '-');
    std::transform(heard.begin(), heard.end(), heard.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    CHECK(world.confirmed({{"ada", heard}, {"bo", code_b}}) == "confirmed");
    CHECK(world.entries == before);
    CHECK(world.on_roll() == 4);

    // Before the directory names them they are nobody.
    const auto challenge = digest_from_text(
        string_at(object_of(world.api->post("/session/challenge", nullptr)), "challenge"));
    CHECK(
        world.api->post("/session", act::print_assertion(ada.sign_in.sign(view(*challenge))))
            .status != 200);
    world.install();
    const auto first = world.cookie_with(ada.sign_in);
    const auto second = world.cookie_with(bo.sign_in);
    CHECK(object_of(world.api->get("/session", first)).at("name") == "ada of Arcadia");

    const auto& now = world.practice.clock;
    const auto invitation = object_of(world.api->post(
        "/invitations",
        json::Object{
            {"person", "kari"},
            {"name", "Kari Brandt"},
            {"office", "arcadia-central"},
            {"roles", json::Array{"administrator"}},
            {"valid_until", to_text(now.now() + std::chrono::hours{24 * 200})},
            {"trained_until", to_text(now.now() + std::chrono::hours{24 * 100})}},
        first));
    const auto link = string_at(invitation, "link");
    const auto kari = world.device();
    const auto token = link.substr(link.find('#') + 1);
    const auto made =
        world.api->post("/enrolment", registration(token, kari, object_of(world.visit(token))));
    REQUIRE_MESSAGE(made.status == 200, made.body);
    CHECK(object_of(made).at("founding") == false);
    const auto id = string_at(invitation, "id");
    const auto once = world.approve(ada.sign, first, id);
    REQUIRE_MESSAGE(once.status == 200, once.body);
    const auto twice = world.approve(bo.sign, second, id);
    REQUIRE_MESSAGE(twice.status == 200, twice.body);
    CHECK(object_of(twice).at("state") == "enrolled");
    CHECK(!world.cookie_with(kari.sign_in).empty());
}

TEST_CASE("T02_ a founder's link works once, ends after three days and when another is made") {
    NewNode world;
    const auto links = world.links();
    world.registered(links.at("ada"), world.device());
    CHECK(world.visit(links.at("ada")).status == 404);
    // Who has made passkeys keeps them; a new link is only for who has not.
    const auto later = world.links();
    CHECK(later.size() == 1);
    CHECK(world.visit(links.at("bo")).status == 404);
    CHECK(world.visit(later.at("bo")).status == 200);
    world.practice.clock.pass(limits::invitation_time - std::chrono::minutes{1});
    CHECK(world.visit(later.at("bo")).status == 200);
    world.practice.clock.pass(std::chrono::minutes{1});
    CHECK(world.visit(later.at("bo")).status == 404);
    CHECK(node::founders(world.node()).at(1).step == Step::not_invited);
    // The code differed: what was made before counts no more.
    const auto again = world.links(PersonId("ada"));
    CHECK(again.size() == 1);
    CHECK(node::founders(world.node()).at(0).step == Step::invited);
    CHECK(!node::invite_founders(world.node(), PersonId("eve")));
}

TEST_CASE("T02_ passkeys made with a founder's link are confirmed within two weeks or not at all") {
    NewNode world;
    const auto links = world.links();
    const auto ada = world.registered(links.at("ada"), world.device());
    const auto bo = world.registered(links.at("bo"), world.device());
    world.practice.clock.pass(limits::approval_time);
    CHECK(world.confirmed({{"ada", ada}, {"bo", bo}}) == "not_allowed");
    CHECK(world.on_roll() == 0);
}

TEST_CASE("T02_ one device is not two founders") {
    NewNode world;
    const auto links = world.links();
    const auto device = world.device();
    const auto ada = world.registered(links.at("ada"), device);
    const auto bo = world.registered(links.at("bo"), device);
    CHECK(world.confirmed({{"ada", ada}, {"bo", bo}}) == "roll_exists");
    CHECK(world.on_roll() == 0);
}

TEST_CASE("T02_ once somebody is on the roll there are no links for founders any more") {
    NewNode world;
    const auto links = world.links();
    const auto ada = world.registered(links.at("ada"), world.device());
    const auto bo = world.registered(links.at("bo"), world.device());
    REQUIRE(world.confirmed({{"ada", ada}, {"bo", bo}}) == "confirmed");
    for (const auto& person : {std::optional<PersonId>(), std::optional(PersonId("ada"))}) {
        const auto more = node::invite_founders(world.node(), person);
        REQUIRE(!more);
        CHECK(more.error().code == Code::not_allowed);
    }
    CHECK(world.confirmed({{"ada", bo}, {"bo", ada}}) == "not_allowed");

    // Nor where the node was created with their passkeys, or for another node.
    NewNode other(false);
    CHECK(node::founders(other.node()).empty());
    CHECK(!node::invite_founders(other.node(), std::nullopt));
    CHECK(other.confirmed({{"ada", ada}, {"bo", bo}}) == "not_allowed");
}

TEST_CASE("R3_ a node is begun by two different administrators of its own offices") {
    CHECK(node::check_founders(plan()).has_value());
    auto one = plan();
    one.founders.pop_back();
    CHECK(node::check_founders(one).error().code == Code::roll_two_people);
    auto same = plan();
    same.founders[1].person = same.founders[0].person;
    CHECK(node::check_founders(same).error().code == Code::roll_two_people);
    auto clerk = plan();
    clerk.founders[1].roles = {"central-authority-officer"};
    CHECK(node::check_founders(clerk).error().code == Code::roll_two_people);
    auto nowhere = plan();
    nowhere.founders[0].office = OfficeId("elsewhere");
    CHECK(node::check_founders(nowhere).error().code == Code::office_unknown);
    auto misspelt = plan();
    misspelt.founders[0].person = PersonId("Ada!");
    CHECK(node::check_founders(misspelt).error().code == Code::roll_malformed);
}
