// One's own wish for e-mail, what administrators see of what was not told, and the way from a
// reference that a system was told back to the case.
#include "base/limits.hpp"
#include "node/tell_people.hpp"
#include "node/tell_systems.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";

struct MailWorld {
    /// Before there are pages over the node.
    static Practice& settled(Practice& practice) {
        practice.settle(arcadia, [](node::Settings& settings) {
            settings.webhooks = {{"registry", "https://registry.example/", {}}};
            settings.mail.on = true;
            settings.mail.domains = {"ministry.example"};
            settings.mail.link = "https://sign.arcadia-authority.example/work?mine=true";
        });
        return practice;
    }

    http::Response save(const std::string& cookie, const json::Value& body) {
        return pages.call(
            {"PUT", "/session/mail", body, cookie, "https://arcadia-authority.example", {}, {}});
    }

    Practice practice;
    ApiWorld pages{settled(practice), arcadia};
};

class NobodyThere final : public node::Systems {
public:
    std::optional<int> post(const Message&, std::string& problem) override {
        problem = "nobody there";
        return std::nullopt;
    }
};

class Refusing final : public node::Mailer {
public:
    node::Posted post(const node::Mail&, Said& problem) override {
        problem = say("the mail server answered with {}", 550);
        return node::Posted::refused;
    }
};

std::int64_t figure_of(const json::Object& overview, std::string_view id) {
    for (const auto& figure : overview.at("figures").as_array())
        if (std::string_view(figure.at("id").as_string()) == id)
            return figure.at("value").as_int64();
    return -1;
}

} // namespace

TEST_CASE("T46_ each person has a wish of their own, which no other sees, changes or ends") {
    MailWorld world;
    const auto judge = world.pages.signed_in("judge");
    const auto officer = world.pages.signed_in("issuing-officer");
    auto mine = object_of(world.pages.get("/session/mail", judge));
    CHECK(mine.at("offered") == true);
    CHECK(mine.at("pause_minutes") == 15);
    CHECK(mine.at("domains").as_array().size() == 1);
    CHECK_FALSE(mine.contains("address"));
    REQUIRE(
        world.save(judge, json::Object{{"address", "ada@ministry.example"}, {"language", "ar"}})
            .status == 204);
    mine = object_of(world.pages.get("/session/mail", judge));
    CHECK(mine.at("address") == "ada@ministry.example");
    CHECK(mine.at("language") == "ar");
    CHECK(mine.at("given_up") == false);
    CHECK_FALSE(object_of(world.pages.get("/session/mail", officer)).contains("address"));
    CHECK(world.pages.remove("/session/mail", officer).status == 204);
    CHECK(object_of(world.pages.get("/session/mail", judge)).contains("address"));
    CHECK(world.pages.remove("/session/mail", judge).status == 204);
    CHECK_FALSE(object_of(world.pages.get("/session/mail", judge)).contains("address"));
}

TEST_CASE(
    "an address that is none of the organisation's is refused, and a node without mail takes none") {
    MailWorld world;
    const auto judge = world.pages.signed_in("judge");
    for (const auto& body : std::vector<json::Object>{
             {{"address", "ada@evil.example"}, {"language", "en"}},
             {{"address", "ada@ministry.example\r\nBcc: x@ministry.example"}, {"language", "en"}},
             {{"address", ""}, {"language", "en"}},
             {{"address", "ada@ministry.example"}, {"language", "xx"}},
             {{"address", "ada@ministry.example"}},
             {{"address", "ada@ministry.example"}, {"language", "en"}, {"for", "another"}}})
        CHECK(code_of(world.save(judge, body)) == "json_malformed");
    CHECK_FALSE(object_of(world.pages.get("/session/mail", judge)).contains("address"));
    ApiWorld silent;
    const auto cookie = silent.signed_in("judge");
    CHECK(object_of(silent.get("/session/mail", cookie)).at("offered") == false);
    CHECK(
        code_of(silent.call(
            {"PUT",
             "/session/mail",
             json::Object{{"address", "ada@ministry.example"}, {"language", "en"}},
             cookie,
             "https://arcadia-authority.example",
             {},
             {}})) == "not_found");
}

TEST_CASE("the overview says how many systems were not told and how many mailboxes refuse") {
    MailWorld world;
    const auto officer = world.pages.signed_in("central-authority-officer");
    const auto judge = world.pages.signed_in("judge");
    REQUIRE(
        world.save(judge, json::Object{{"address", "ada@ministry.example"}, {"language", "en"}})
            .status == 204);
    auto overview = object_of(world.pages.get("/overview", officer));
    CHECK(figure_of(overview, "unheard") == 0);
    CHECK(figure_of(overview, "mail") == 0);
    world.practice.clock.pass(std::chrono::minutes{1});
    world.practice.play("request");
    NobodyThere nobody;
    node::tell_systems(world.pages.node(), nobody);
    Refusing refusing;
    for (std::int64_t i = 0; i < limits::mail_attempts; ++i) {
        world.practice.clock.pass(std::chrono::hours{1});
        node::tell_people(world.pages.node(), refusing);
    }
    const auto again = world.pages.signed_in("central-authority-officer");
    overview = object_of(world.pages.get("/overview", again));
    CHECK(figure_of(overview, "unheard") == 1);
    CHECK(figure_of(overview, "mail") == 1);
    const auto mine = object_of(world.pages.get("/session/mail", world.pages.signed_in("judge")));
    CHECK(mine.at("given_up") == true);
    CHECK(mine.at("problem") == "the mail server answered with 550");
    for (const auto& [language, told] : std::map<std::string, std::string>{
             {"fr", "le serveur de courrier a répondu 550"},
             {"ar", "أجاب خادم البريد بالرمز \u2068"
                    "550\u2069"}})
        CHECK(
            object_of(world.pages.call(
                          {"GET",
                           "/session/mail",
                           nullptr,
                           world.pages.signed_in("judge"),
                           "",
                           {{"Accept-Language", language}},
                           {}}))
                .at("problem") == json::Value(told));
    // Where there are neither, nothing is said of them.
    ApiWorld silent;
    const auto seen =
        object_of(silent.get("/overview", silent.signed_in("central-authority-officer")));
    CHECK(figure_of(seen, "unheard") == -1);
    CHECK(figure_of(seen, "mail") == -1);
}

TEST_CASE(
    "a reference that a system was told leads who signs in to the case, and no other text does") {
    MailWorld world;
    world.practice.play("request");
    const auto judge = world.pages.signed_in("judge");
    const auto reference = node::case_reference(world.pages.node(), world.practice.case_id);
    const auto found = object_of(world.pages.get("/worklist?q=" + reference, judge));
    REQUIRE(found.at("items").as_array().size() == 1);
    CHECK(
        std::string_view(found.at("items").as_array()[0].at("case").as_string()) ==
        world.practice.case_id.str());
    auto other = reference;
    other[3] = other[3] == '0' ? '1' : '0';
    CHECK(object_of(world.pages.get("/worklist?q=" + other, judge)).at("total") == 0);
    CHECK(
        object_of(world.pages.get("/worklist?q=" + reference.substr(0, 12), judge)).at("total") ==
        0);
}
