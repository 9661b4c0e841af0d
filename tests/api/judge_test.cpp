// What a judge decides on, what an act changed of another, and the verdict on an order.
#include "casefile/difference.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace comity;
using namespace comity::test;

namespace {

std::string said(const json::Value& value) {
    REQUIRE(value.is_string());
    return std::string(value.as_string());
}

bool says(const json::Value& value, std::string_view part) {
    return said(value).find(part) != std::string::npos;
}

std::string act_hash(ApiWorld& world, const std::string& act) {
    const auto state = world.practice.state(world.node().self().str());
    REQUIRE(state.has_value());
    return text(state->latest.at(act));
}

std::string case_path(ApiWorld& world) {
    return "/cases/" + world.practice.case_id.str();
}

json::Array changes(
    ApiWorld& world, const std::string& after, const std::string& before,
    const std::string& cookie) {
    return object_of(world.get(
                         case_path(world) + "/acts/" + act_hash(world, after) +
                             "/difference?with=" + act_hash(world, before),
                         cookie))
        .at("changes")
        .as_array();
}

} // namespace

TEST_CASE("R4_ X4_ a judge reads on one page all that the decision rests on") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto judge = world.signed_in("judge");
    const auto view = object_of(world.get(case_path(world) + "/judge", judge));
    CHECK(said(view.at("request")) == act_hash(world, "request"));
    CHECK(view.at("reference") == "PA-CY-2026-00417");
    CHECK(view.at("office_name") == "arcadia-police");
    CHECK(view.at("grid").as_array().size() == 3);
    CHECK(view.at("fields").as_object().contains("principles"));
    CHECK(view.at("fields").as_object().contains("standard_of_proof"));
    CHECK(view.at("fields").as_object().contains("notice_plan"));
    CHECK(view.at("fields").as_object().contains("other_means"));
    CHECK(view.contains("due"));
    CHECK(view.at("earlier").as_array().empty());
    // The judge who reads would be the one who authorises: an independent court, by other people.
    for (const auto& finding : view.at("assessment").at("findings").as_array())
        if (finding.at("test") == "F7") CHECK(finding.at("outcome") == "met");

    world.practice.play("authorise");
    const auto after = object_of(world.get(case_path(world) + "/judge", judge));
    REQUIRE(after.at("earlier").as_array().size() == 1);
    CHECK(after.at("earlier").as_array()[0].at("act") == "authorise");
}

TEST_CASE("R3_ a judge's page is for judges, of the two sides that read the request") {
    ApiWorld world;
    world.practice.play_until("accept");
    const auto path = case_path(world) + "/judge";
    CHECK(world.get(path, world.signed_in("judge")).status == 200);
    CHECK(world.get(path, world.signed_in("issuing-officer")).status == 404);
    CHECK(world.get(path, world.signed_in("central-authority-officer")).status == 404);
    CHECK(world.get(path).status == 401);
    ApiWorld asked(world.practice, "borealia-authority");
    const auto view = object_of(asked.get(path, asked.signed_in("judge")));
    CHECK(view.at("grid").as_array().size() == 3);
    CHECK(view.at("earlier").as_array().size() == 1); // the judge of the country that asks
    ApiWorld provider(world.practice, "vault-provider");
    CHECK(provider.get(path, provider.signed_in("response-officer")).status == 404);
}

TEST_CASE("R4_ a judge's cuts are shown as the rows that were struck, and not as all that follow") {
    ApiWorld world;
    world.practice.play_until("authorise");
    const auto cookie = world.signed_in("issuing-officer");
    const auto found = changes(world, "authorise", "request", cookie);
    std::vector<std::string> pointers;
    for (const auto& change : found)
        if (change.at("pointer").as_string().starts_with("/grid")) {
            pointers.emplace_back(change.at("pointer").as_string());
            CHECK(change.at("kind") == "removed");
            CHECK(change.at("before").at("category") == "access");
        }
    CHECK(pointers == std::vector<std::string>{"/grid/2"});
    // What only a request has was not taken away by the judge.
    for (const auto& change : found)
        CHECK_FALSE(change.at("pointer").as_string().starts_with("/facts"));
    // The other way round the row is added.
    const auto back = changes(world, "request", "authorise", cookie);
    bool added = false;
    for (const auto& change : back)
        added = added || (change.at("pointer") == "/grid/2" && change.at("kind") == "added");
    CHECK(added);
    CHECK(changes(world, "request", "request", cookie).empty());
}

TEST_CASE("R7_ an answer stands beside its question, with the field before and after") {
    ApiWorld world;
    world.practice.play_until("acknowledge");
    REQUIRE(world.practice
                .act(
                    "borealia-authority", "central-authority-officer", "ask",
                    NodeFederation::fields("ask"))
                .has_value());
    world.practice.move_all();
    REQUIRE(world.practice
                .act(
                    "arcadia-authority", "central-authority-officer", "answer",
                    NodeFederation::fields("answer"))
                .has_value());
    world.practice.move_all();
    const auto lines = changes(world, "answer", "ask", world.signed_in("issuing-officer"));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].at("pointer") == "/nexus");
    CHECK(lines[0].at("kind") == "changed");
    CHECK(lines[0].at("question").as_string().starts_with("From which page"));
    CHECK(lines[0].at("answer").as_string().starts_with("From the headers"));
    CHECK(lines[0].at("before") != lines[0].at("after"));
}

TEST_CASE("X6_ T46_ a difference shows no more than may be read, and no act of another case") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto cookie = world.signed_in("response-officer");
    const auto base = case_path(world) + "/acts/" + act_hash(world, "order") + "/difference";
    CHECK(world.get(base + "?with=" + act_hash(world, "order"), cookie).status == 200);
    CHECK(world.get(base + "?with=" + act_hash(world, "request"), cookie).status == 404);
    CHECK(world.get(base + "?with=" + std::string(43, 'A'), cookie).status == 404);
    CHECK(world.get(base + "?with=x", cookie).status == 404);
    CHECK(world.get(base, cookie).status == 404);
    CHECK(world.get(base + "?with=" + act_hash(world, "order")).status == 401);
}

TEST_CASE("R4_ T46_ an oversight body says that it looks before it sees a difference") {
    ApiWorld world("arcadia-oversight");
    world.practice.play_until("authorise");
    const auto cookie = world.signed_in("inspector");
    const auto path = case_path(world) + "/acts/" + act_hash(world, "authorise") +
                      "/difference?with=" + act_hash(world, "request");
    CHECK(code_of(world.get(path, cookie)) == "inspection_missing");
}

TEST_CASE("M1_ X6_ a provider is told whether this office may order this, and under what") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto cookie = world.signed_in("response-officer");
    const auto path = case_path(world) + "/verdict";
    const auto verdict = object_of(world.get(path, cookie));
    CHECK(verdict.at("may") == "yes");
    CHECK(verdict.at("office_name") == "borealia-court");
    CHECK(verdict.at("country") == "XB");
    CHECK(verdict.at("under").as_string().starts_with("Evidence Act of Borealis"));
    CHECK(verdict.at("directory") == (*world.node().directory())->version());
    CHECK_FALSE(verdict.contains("callback"));
    CHECK(world.get(path).status == 401);
    // Not a question of the other sides, nor of anybody else.
    ApiWorld asks(world.practice, "arcadia-authority");
    for (const std::string name : {"issuing-officer", "judge", "central-authority-officer"})
        CHECK(asks.get(path, asks.signed_in(name)).status == 404);
}

TEST_CASE("X6_ an order stands until the moment it expires, and orders nothing from then on") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto expires = instant_from("2026-04-30T00:00:00Z").value();
    world.practice.clock.set(expires - std::chrono::minutes{1});
    const auto cookie = world.signed_in("response-officer");
    const auto may_at = [&](Instant when) {
        world.practice.clock.set(when);
        return said(object_of(world.get(case_path(world) + "/verdict", cookie)).at("may"));
    };
    CHECK(may_at(expires - Milliseconds{1}) == "yes");
    CHECK(may_at(expires) == "no");
}

TEST_CASE("X6_ an order in a case that was suspended or withdrawn orders nothing") {
    const auto verdict = [](auto then) {
        ApiWorld world("vault-provider");
        world.practice.play_until("order");
        then(world.practice);
        world.practice.move_all();
        return object_of(
            world.get(case_path(world) + "/verdict", world.signed_in("response-officer")));
    };
    const auto suspended = verdict([](Practice& p) {
        REQUIRE(
            p.act("arcadia-oversight", "inspector", "suspend", NodeFederation::fields("suspend"))
                .has_value());
    });
    CHECK(suspended.at("may") == "no");
    CHECK(says(suspended.at("because"), "suspended"));
    const auto withdrawn = verdict([](Practice& p) {
        REQUIRE(p.act(
                     "arcadia-authority", "central-authority-officer", "withdraw",
                     NodeFederation::fields("withdraw"))
                    .has_value());
    });
    CHECK(withdrawn.at("may") == "no");
    const auto produced = verdict([](Practice& p) { p.play("produce"); });
    CHECK(produced.at("may") == "yes");
    CHECK(says(produced.at("because"), "obeyed"));
}

TEST_CASE(
    "X6_ an office that does not stand in the directory, or was not competent, may not order") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const auto cookie = world.signed_in("response-officer");
    auto& participants = world.practice.world.draft.participants;
    for (auto& participant : participants)
        if (participant.id.str() == "borealia-authority")
            for (auto& office : participant.offices)
                if (office.id.str() == "borealia-court")
                    for (auto& competence : office.competences)
                        competence.validity.until =
                            world.practice.clock.now() - std::chrono::hours{1};
    world.practice.use_directory();
    const auto verdict = object_of(world.get(case_path(world) + "/verdict", cookie));
    CHECK(verdict.at("may") == "no");
    CHECK(says(verdict.at("rule"), "F7"));
}

TEST_CASE(
    "N2_ by the extraordinary route a provider waits until the receiving country had its say") {
    ApiWorld world("vault-provider");
    auto& practice = world.practice;
    practice.procedure = "extraordinary";
    practice.third = {"cascadia-authority"};
    auto fields = NodeFederation::fields("extraordinary-request");
    REQUIRE(practice.act("arcadia-authority", "issuing-officer", "request", fields).has_value());
    auto authorise = NodeFederation::fields("extraordinary-authorise");
    authorise["request"] = practice.request_hash;
    const auto authorised = practice.act("arcadia-authority", "judge", "authorise", authorise);
    REQUIRE_MESSAGE(authorised.has_value(), authorised.error().text());
    REQUIRE(practice
                .act(
                    "arcadia-authority", "central-authority-officer", "transmit",
                    NodeFederation::fields("transmit"))
                .has_value());
    practice.move_all();
    const auto cookie = world.signed_in("response-officer");
    const auto path = case_path(world) + "/verdict";
    const auto waits = object_of(world.get(path, cookie));
    CHECK(waits.at("may") == "needs_notice");
    CHECK(waits.at("office_name") == "arcadia-court");
    CHECK(waits.at("country") == "XA");
    // And what is ordered is what the judge left of what was asked.
    const auto grid = object_of(world.get(case_path(world), cookie)).at("grid").as_array();
    CHECK(grid == authorise.at("provider_order").as_object().at("grid").as_array());
}

TEST_CASE(
    "R7_ a verdict is told in the reader's language, with days and names as people write them") {
    struct Row {
        const char* name;
        std::string may;
        std::function<void(Practice&)> then;
        std::string french; ///< what the French reader is told among the rest
    };

    const auto expires = instant_from("2026-04-30T00:00:00Z").value();
    const Row rows[] = {
        {"in force", "yes", [](Practice&) {}, "30 avril 2026"},
        {"expired", "no", [&](Practice& p) { p.clock.set(expires); }, "30 avril 2026"},
        {"suspended", "no",
         [](Practice& p) {
             REQUIRE(p.act(
                          "arcadia-oversight", "inspector", "suspend",
                          NodeFederation::fields("suspend"))
                         .has_value());
         },
         "suspendu"},
        {"withdrawn", "no",
         [](Practice& p) {
             REQUIRE(p.act(
                          "arcadia-authority", "central-authority-officer", "withdraw",
                          NodeFederation::fields("withdraw"))
                         .has_value());
         },
         "« Retirer »"}};
    for (const auto& row : rows) {
        CAPTURE(row.name);
        ApiWorld world("vault-provider");
        world.practice.play_until("order");
        row.then(world.practice);
        world.practice.move_all();
        const auto cookie = world.signed_in("response-officer");
        for (const std::string language : {"en", "fr", "ar"}) {
            CAPTURE(language);
            const auto verdict = object_of(world.call(
                {"GET",
                 case_path(world) + "/verdict",
                 nullptr,
                 cookie,
                 "",
                 {{"Accept-Language", language}},
                 {}}));
            CHECK(verdict.at("may") == json::Value(row.may));
            const auto whole =
                said(verdict.at("because")) + said(verdict.at("rule")) + said(verdict.at("source"));
            // No stamp (2026-04-30T00…) and no code of an act or a role.
            CHECK(whole.find("2026-0") == std::string::npos);
            for (const auto* code : {"withdraw of", "-authority-", "judge)"})
                if (language != "en") CHECK(whole.find(code) == std::string::npos);
            if (language == "fr") CHECK(says(verdict.at("because"), row.french));
            if (language != "en") CHECK(whole.find("directory") == std::string::npos);
            // The page has a name for it in each language.
            CHECK(verdict.at("source") == "law/procedures/mla.json");
        }
    }
}
