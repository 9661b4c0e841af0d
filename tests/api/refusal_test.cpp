// Refusals in the language of who reads the pages: for each room that refuses, one in French and
// Arabic, with the same key as in English (docs/decisions/032-facts-in-three-languages.md).
#include "node/watch_records.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

class Reader {
public:
    Reader(ApiWorld& world, std::string cookie) : world_(world), cookie_(std::move(cookie)) {}

    json::Object ask(
        const std::string& language, const std::string& path, const json::Value& body) {
        auto response = world_.call(
            {body.is_null() ? "GET" : "POST",
             path,
             body,
             cookie_,
             "https://arcadia-authority.example",
             {{"Accept-Language", language}},
             {}});
        CHECK(response.status >= 400);
        CHECK(response.headers.find("Content-Language") == std::string_view(language));
        return object_of(response);
    }

    /// Asks in three languages, and returns the three facts.
    std::map<std::string, std::string> facts(
        const std::string& path, const json::Value& body, const std::string& code,
        const std::string& key) {
        std::map<std::string, std::string> out;
        json::Object english;
        for (const std::string language : {"en", "fr", "ar"}) {
            CAPTURE(language);
            const auto told = ask(language, path, body);
            CHECK(told.at("code").as_string() == std::string_view(code));
            REQUIRE(told.contains("said"));
            const auto& said = told.at("said").as_object();
            CHECK(said.at("key").as_string() == std::string_view(key));
            CHECK(said.at("text") == told.at("facts"));
            out[language] = std::string(told.at("facts").as_string());
            if (language == "en") {
                english = told;
                continue;
            }
            for (const std::string member : {"title", "rule", "remedy", "detail", "facts"})
                CHECK_MESSAGE(told.at(member) != english.at(member), member);
            CHECK(told.at("detail").as_string().find(out[language]) != std::string::npos);
        }
        return out;
    }

private:
    ApiWorld& world_;
    std::string cookie_;
};

json::Object with(json::Object object, const std::string& name, json::Value value) {
    object[name] = std::move(value);
    return object;
}

} // namespace

TEST_CASE("R7_ what the procedure still waits for is told with the names of the acts") {
    ApiWorld world;
    world.practice.play_until("request");
    const std::string name = "central-authority-officer";
    Reader reader(world, world.signed_in(name));
    const auto waits = reader.facts(
        "/acts/prepare", intent(world, name, "transmit", NodeFederation::fields("transmit")),
        "act_waits_for", "fact.waits");
    CHECK(waits.at("en") == "Transmit waits for Authorise");
    CHECK(waits.at("fr") == "« Transmettre » attend : Autoriser");
    CHECK(waits.at("ar") == "«الإحالة» ينتظر: الإذن");
    // casefile: what belongs to the other side.
    const auto side = reader.facts(
        "/acts/prepare", intent(world, name, "accept", NodeFederation::fields("accept")),
        "act_side", "fact.does-not-stand-on-side-case");
    CHECK(side.at("fr") == "arcadia-authority n’est pas du côté « Pays requis » dans ce dossier");
    CHECK(side.at("ar").find("الدولة المطلوب منها") != std::string::npos);
}

TEST_CASE("R7_ api, act, node and law tell what they found in the reader's language") {
    ApiWorld world;
    const std::string name = "issuing-officer";
    Reader reader(world, world.signed_in(name));
    const auto request = NodeFederation::fields("request");

    // api: guards of an operation.
    auto told = reader.facts(
        "/acts/prepare", with(intent(world, name, "request", request), "role", "judge"),
        "approval_not_competent", "fact.does-not-hold-role");
    CHECK(told.at("fr").find("ne détient pas le rôle juge") != std::string::npos);
    told = reader.facts("/law/gaps?country=QQ", nullptr, "not_found", "fact.country");
    CHECK(told.at("fr") == "un pays QQ");

    // base: a document that is not of its form.
    told = reader.facts(
        "/acts/prepare", with(intent(world, name, "request", request), "odd", 1), "json_malformed",
        "fact.member-named");
    CHECK(told.at("fr") == "intent : « odd » n’est pas connu ici");

    // node: what an act needs to be prepared.
    auto unopened = intent(world, name, "request", request);
    unopened.erase("opening");
    told = reader.facts(
        "/acts/prepare", unopened, "header_malformed", "fact.first-act-case-names-parties-opening");
    CHECK(told.at("fr") == "le premier acte d’un dossier nomme ses parties (opening)");

    // law: a form is told field by field.
    auto fields = request;
    fields.erase("conduct");
    told = reader.facts(
        "/acts/prepare", intent(world, name, "request", fields), "form_invalid",
        "fact.form-1-problem");
    CHECK(told.at("en") == "form \"request\", 1 problem: /conduct is missing");
    CHECK(told.at("fr") == "formulaire « request », 1 problème : /conduct est manquant");
    CHECK(told.at("ar").find("مفقود") != std::string::npos);

    // act: an opening that names one side twice.
    auto twice = opening();
    twice["requested"] = "arcadia-authority";
    told = reader.facts(
        "/acts/prepare", with(intent(world, name, "request", request), "opening", twice),
        "json_malformed", "fact.member-named");
    CHECK(told.at("fr").find("est la partie requérante elle-même") != std::string::npos);
}

TEST_CASE("R7_ an approval by another passkey is told in the reader's language") {
    ApiWorld world;
    const std::string name = "issuing-officer";
    const auto cookie = world.signed_in(name);
    Reader reader(world, cookie);
    const auto prepared = object_of(world.post(
        "/acts/prepare", intent(world, name, "request", NodeFederation::fields("request")),
        cookie));
    const auto perform = [&](const Person& person) {
        return json::Object{
            {"act", prepared.at("act")},
            {"assertion",
             world.assertion(person, std::string(prepared.at("challenge").as_string()))}};
    };
    const auto other = world.practice.world.person("arcadia-authority", "judge");
    const auto told = reader.facts(
        "/acts/perform", perform(other), "approval_malformed",
        "fact.assertion-another-credential-than-one-registered");
    CHECK(told.at("fr").starts_with("l’assertion vient d’une autre clé"));
}

TEST_CASE("R7_ each pasted line is told what is wrong with it in the reader's language") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto lines = [&](const std::string& language) {
        return object_of(world.call(
                             {"POST",
                              "/selectors/check",
                              json::Object{
                                  {"text", "a*@nimbus.example\n10.0.0.1 "
                                           "2026-02-11T16:06:31Z\nb@nimbus.example"}},
                              cookie,
                              "https://arcadia-authority.example",
                              {{"Accept-Language", language}},
                              {}}))
            .at("lines")
            .as_array();
    };
    const auto english = lines("en");
    for (const std::string language : {"fr", "ar"}) {
        const auto told = lines(language);
        REQUIRE(told.size() == 3);
        CHECK(!told[2].as_object().contains("problem"));
        for (std::size_t i = 0; i < 2; ++i) {
            const auto& problem = told[i].at("problem").as_object();
            const auto& before = english[i].at("problem").as_object();
            CHECK(problem.at("said").at("key") == before.at("said").at("key"));
            for (const std::string member : {"title", "rule", "remedy", "detail", "facts"})
                CHECK_MESSAGE(problem.at(member) != before.at(member), member);
        }
    }
    CHECK(
        lines("fr")[1].at("problem").at("facts") ==
        "l’identifiant de type ipv4 est privée : des milliers de réseaux l’utilisent ; indiquez "
        "l’adresse publique");
}

TEST_CASE("R7_ what a partner's test found and why a record gives an alarm is told in French") {
    ApiWorld world;
    world.practice.away.insert("borealia-authority");
    const auto cookie = world.signed_in("central-authority-officer");
    const auto ask = [&](const std::string& method, const std::string& path) {
        return object_of(world.call(
            {method,
             path,
             nullptr,
             cookie,
             "https://arcadia-authority.example",
             {{"Accept-Language", "fr"}},
             {}}));
    };
    const auto test = ask("POST", "/partners/borealia-authority/test");
    bool failed = false;
    for (const auto& step : test.at("steps").as_array())
        if (step.at("outcome") == "failed") {
            failed = true;
            CHECK(step.at("detail") == "il n’a pas répondu : away");
        }
    CHECK(failed);
    const auto partners = ask("GET", "/partners");
    for (const auto& partner : partners.at("items").as_array())
        if (partner.at("id") == "borealia-authority")
            CHECK(partner.at("cause") == "il n’a pas répondu : away");
}
