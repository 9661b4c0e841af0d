// Translating a text of an act through the pages' interface: for whoever may read it, by its place,
// between the languages of the settings, and marked as a machine's.
#include "api/translate.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace comity;
using namespace comity::test;

namespace {

/// Says what it was asked, or what it is told to.
class SaidTranslator final : public api::Translator {
public:
    [[nodiscard]] std::string tool() const override { return "Tool 1"; }

    [[nodiscard]] std::vector<api::LanguagePair> pairs() const override {
        return {{"en", "fr"}, {"fr", "en"}};
    }

    Result<std::string> translate(const api::LanguagePair& pair, std::string_view text) override {
        ++asked;
        if (away) return refuse(Code::translation_failed, say("{} ended with an error", tool()));
        return pair.from + ">" + pair.to + ": " + std::string(text);
    }

    int asked = 0;
    bool away = false;
};

/// Borealia, which was sent a request in English.
struct TranslationWorld {
    TranslationWorld() {
        practice.play_until("transmit");
        practice.move_all();
        pages.api().translator = &tool;
    }

    /// The request, or the act that was performed after so many others.
    std::string hash(std::int64_t sequence = 1) {
        std::string out;
        practice.node(borealia).store().read([&](node::StoreReader& reader) {
            out = text(reader.acts(practice.case_id, sequence - 1, 1).at(0).hash);
        });
        return out;
    }

    http::Response ask(const std::string& cookie, json::Object body, std::int64_t act = 1) {
        return pages.post(
            "/cases/" + practice.case_id.str() + "/acts/" + hash(act) + "/translation",
            std::move(body), cookie);
    }

    static constexpr const char* borealia = "borealia-authority";
    Practice practice{true};
    SaidTranslator tool;
    ApiWorld pages{practice, borealia};
    std::string clerk = pages.signed_in("central-authority-officer");
};

} // namespace

TEST_CASE("R2_ a text of an act is translated by its place, and said to be a machine's") {
    TranslationWorld world;
    const auto fields = NodeFederation::fields("request");
    for (const auto& [pointer, original] : std::vector<std::pair<std::string, std::string>>{
             {"/facts", std::string(fields.at("facts").as_string())},
             {"/principles/legality",
              std::string(fields.at("principles").as_object().at("legality").as_string())},
             {"/less_intrusive/0/why_not",
              std::string(
                  fields.at("less_intrusive").as_array().at(0).at("why_not").as_string())}}) {
        CAPTURE(pointer);
        const auto made = object_of(world.ask(world.clerk, {{"pointer", pointer}, {"to", "fr"}}));
        CHECK(std::string_view(made.at("text").as_string()) == "en>fr: " + original);
        CHECK(made.at("from") == "en");
        CHECK(made.at("to") == "fr");
        CHECK(made.at("tool") == "Tool 1");
        CHECK(made.at("kind") == "machine");
    }
    const auto told = object_of(world.pages.get("/translator", world.clerk));
    CHECK(told.at("tool") == "Tool 1");
    CHECK(told.at("pairs").as_array().size() == 2);
}

TEST_CASE("nothing of a translation is kept but that a person has read the text") {
    TranslationWorld world;
    const auto leaves = world.practice.leaves(world.borealia);
    const auto acts = world.practice.acts(world.borealia);
    world.practice.log.clear();
    CHECK(world.ask(world.clerk, {{"pointer", "/facts"}, {"to", "fr"}}).status == 200);
    CHECK(world.practice.leaves(world.borealia) == leaves);
    CHECK(world.practice.acts(world.borealia) == acts);
    REQUIRE(world.practice.log.size() == 1);
    CHECK(world.practice.log[0].starts_with("body read "));
    CHECK(world.practice.log[0].find("as=translation") != std::string::npos);
    CHECK(world.practice.log[0].find("en>fr") == std::string::npos);
}

TEST_CASE(
    "T46_ no text is translated that this person may not read, and the program never sees it") {
    TranslationWorld world;
    for (const std::string pointer :
         {"", "/", "/nowhere", "facts", "/offences", "/offences/0", "/offences/99/statute",
          "/less_intrusive/-/why_not", "/accurate", "/facts/0"}) {
        CAPTURE(pointer);
        CHECK(code_of(world.ask(world.clerk, {{"pointer", pointer}, {"to", "fr"}})) == "not_found");
    }
    // What the judge of Arcadia wrote for Arcadia alone is hidden from Borealia, and its texts too.
    const auto shown = object_of(world.pages.get(
        "/cases/" + world.practice.case_id.str() + "/acts/" + world.hash(2) + "/fields",
        world.clerk));
    const auto hidden = shown.at("hidden").as_array();
    REQUIRE_FALSE(hidden.empty());
    for (const auto& field : hidden)
        CHECK(
            world
                .ask(
                    world.clerk,
                    {{"pointer", "/" + std::string(field.as_string())},
                     {"from", "en"},
                     {"to", "fr"}},
                    2)
                .status == 404);
    // Another case's act, and a case of other people.
    CHECK(
        world.pages
            .post(
                "/cases/" + world.practice.case_id.str() + "/acts/" + std::string(43, 'A') +
                    "/translation",
                json::Object{{"pointer", "/facts"}, {"to", "fr"}}, world.clerk)
            .status == 404);
    ApiWorld others(world.practice, "cascadia-authority");
    others.api().translator = &world.tool;
    CHECK(
        others
            .post(
                "/cases/" + world.practice.case_id.str() + "/acts/" + world.hash() + "/translation",
                json::Object{{"pointer", "/facts"}, {"to", "fr"}},
                others.signed_in("central-authority-officer"))
            .status == 404);
    // An oversight body says first that it looks.
    ApiWorld overseer(world.practice, "arcadia-oversight");
    overseer.api().translator = &world.tool;
    CHECK(
        code_of(overseer.post(
            "/cases/" + world.practice.case_id.str() + "/acts/" + world.hash() + "/translation",
            json::Object{{"pointer", "/facts"}, {"to", "fr"}}, overseer.signed_in("inspector"))) ==
        "inspection_missing");
    CHECK(world.tool.asked == 0);
}

TEST_CASE("what an act states of its language counts before what a reader takes it for") {
    TranslationWorld world;
    auto made =
        object_of(world.ask(world.clerk, {{"pointer", "/facts"}, {"from", "fr"}, {"to", "fr-BE"}}));
    CHECK(made.at("from") == "en");
    CHECK(made.at("to") == "fr");
    // A transmission states none of its own texts.
    const json::Object asked{{"pointer", "/examined"}, {"to", "en"}};
    CHECK(code_of(world.ask(world.clerk, asked, 3)) == "translation_none");
    auto from = asked;
    from["from"] = "fr";
    CHECK(object_of(world.ask(world.clerk, from, 3)).at("from") == "fr");
}

TEST_CASE("only languages of the settings reach the program") {
    TranslationWorld world;
    for (const std::string to : {"de", "en", "", "--help", "fr;id", "FR", "../fr"}) {
        CAPTURE(to);
        const auto answer = world.ask(world.clerk, {{"pointer", "/facts"}, {"to", to}});
        CHECK(answer.status == 404);
        CHECK(code_of(answer) == "translation_none");
    }
    CHECK(code_of(world.ask(world.clerk, {{"pointer", "/facts"}})) == "json_malformed");
    CHECK(
        code_of(world.ask(
            world.clerk, {{"pointer", "/facts"}, {"to", "fr"}, {"text", "another text"}})) ==
        "json_malformed");
    CHECK(world.tool.asked == 0);
}

TEST_CASE("a node whose settings name no program translates nothing, and says so") {
    TranslationWorld world;
    world.pages.api().translator = nullptr;
    CHECK(
        code_of(world.ask(world.clerk, {{"pointer", "/facts"}, {"to", "fr"}})) ==
        "translation_none");
    const auto told = object_of(world.pages.get("/translator", world.clerk));
    CHECK(told.at("tool") == "");
    CHECK(told.at("pairs").as_array().empty());
}

TEST_CASE("T54_ a person has so many translations a minute, and others have theirs") {
    TranslationWorld world;
    const json::Object asked{{"pointer", "/facts"}, {"to", "fr"}};
    for (std::int64_t i = 0; i < limits::translation_burst; ++i)
        REQUIRE(world.ask(world.clerk, asked).status == 200);
    CHECK(world.ask(world.clerk, asked).status == 429);
    CHECK(world.tool.asked == limits::translation_burst);
    CHECK(world.ask(world.pages.signed_in("judge"), asked).status == 200);
    world.practice.clock.pass(std::chrono::seconds{60} / limits::translation_per_minute);
    CHECK(world.ask(world.clerk, asked).status == 200);
    CHECK(world.ask(world.clerk, asked).status == 429);
}

TEST_CASE("a translation that failed is a refusal in the reader's language") {
    TranslationWorld world;
    world.tool.away = true;
    const auto answer = world.ask(world.clerk, {{"pointer", "/facts"}, {"to", "fr"}});
    CHECK(answer.status == 503);
    CHECK(code_of(answer) == "translation_failed");
    const auto french = world.pages.call(
        {"POST",
         "/cases/" + world.practice.case_id.str() + "/acts/" + world.hash() + "/translation",
         json::Object{{"pointer", "/facts"}, {"to", "fr"}},
         world.clerk,
         "https://borealia-authority.example",
         {{"Accept-Language", "fr"}},
         {}});
    CHECK(french.body.find("n’a pas été traduit") != std::string::npos);
}
