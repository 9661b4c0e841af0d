// Who at a provider was shown a case (T28), what was done with a key (K6), and what was refused at
// the gate (K5), through the pages' interface.
#include "node/act_keys.hpp"
#include "node/gate_refusals.hpp"
#include "node/receive_act.hpp"
#include "node/sightings.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";

struct Seen {
    ApiWorld desk{vault};
    Practice& practice = desk.practice;
    ApiWorld asking{practice, arcadia};

    Seen() { practice.play_until("order"); }

    [[nodiscard]] std::string path(const std::string& rest = {}) const {
        return "/cases/" + practice.case_id.str() + rest;
    }

    std::size_t noted() {
        std::size_t out = 0;
        desk.node().store().read(
            [&](node::StoreReader& reader) { out = reader.own_sightings({}, 1'000).size(); });
        return out;
    }

    static json::Array items(const http::Response& response) {
        return object_of(response).at("items").as_array();
    }

    std::string act(const std::string& kind) {
        return text(practice.state(vault)->latest.at(kind));
    }
};

std::string text_in(const json::Value& item, std::string_view name) {
    return std::string(item.as_object().at(name).as_string());
}

} // namespace

TEST_CASE(
    "T28 a clerk of the provider opens a case: who asks sees it without a name, her administrator with it") {
    Seen world;
    const auto clerk = world.desk.signed_in("response-officer");
    CHECK(world.desk.get(world.path(), clerk).status == 200);
    CHECK(world.desk.get(world.path("/timeline"), clerk).status == 200);
    CHECK(world.noted() == 1);
    world.practice.deliver();
    const auto ada = world.asking.signed_in("issuing-officer");
    const auto told = Seen::items(world.asking.get(world.path("/sightings"), ada));
    REQUIRE(told.size() == 1);
    CHECK(text_in(told.front(), "participant") == vault);
    CHECK(text_in(told.front(), "office") == "vault-legal");
    CHECK(text_in(told.front(), "role") == "response-officer");
    CHECK_FALSE(told.front().as_object().contains("person"));
    // Not even an administrator of another participant: it is not there to be shown.
    const auto head = world.asking.signed_in("first-founder");
    CHECK_FALSE(Seen::items(world.asking.get(world.path("/sightings"), head))
                    .front()
                    .as_object()
                    .contains("person"));
    CHECK(Seen::items(world.asking.get("/sightings", head)).empty());
    // A colleague at the provider sees that, and not who.
    const auto colleague = world.desk.signed_in("second-response-officer");
    CHECK_FALSE(Seen::items(world.desk.get(world.path("/sightings"), colleague))
                    .back()
                    .as_object()
                    .contains("person"));
    CHECK(world.desk.get("/sightings", colleague).status == 404);
    const auto own = world.desk.signed_in("first-founder");
    const auto all = Seen::items(world.desk.get("/sightings", own));
    REQUIRE(all.size() == 2);
    CHECK(text_in(all.back().at("person"), "person") == "response-officer");
    CHECK(text_in(all.back(), "case") == world.practice.case_id.str());
    const auto page = object_of(world.desk.get("/sightings?limit=1", own));
    const auto next = std::string(page.at("next").as_string());
    CHECK(
        text_in(
            Seen::items(world.desk.get("/sightings?limit=1&after=" + next, own)).front(), "at") ==
        text_in(all.back(), "at"));
    CHECK(code_of(world.desk.get("/sightings?after=yesterday", own)) == "json_malformed");
    CHECK(
        text_in(
            Seen::items(world.desk.get(world.path("/sightings"), own)).back().at("person"),
            "person") == "response-officer");
    CHECK(world.noted() == 3); // who looks after who looked has looked
}

TEST_CASE(
    "T28 whatever shows something of a case at a provider is noted, and what shows nothing is not") {
    Seen world;
    auto clerk = world.desk.signed_in("response-officer");
    CHECK(world.desk.get("/worklist", clerk).status == 200);
    CHECK(world.desk.get("/cases/unknown", clerk).status == 404);
    CHECK(world.desk.get(world.path("/judge"), clerk).status == 404); // not for her role
    CHECK(world.desk.get(world.path("/acts/none/fields"), clerk).status == 404);
    CHECK(world.noted() == 0);
    const std::string order = "/acts/" + world.act("order");
    std::size_t shown = 0;
    for (const std::string& what :
         {std::string(), std::string("/timeline"), std::string("/procedure"), std::string("/hands"),
          std::string("/verdict"), std::string("/custody"), std::string("/custody/letter"),
          std::string("/items"), std::string("/sightings"), order + "/fields", order + "/letter",
          order + "/receipt"}) {
        CAPTURE(what);
        world.practice.clock.pass(std::chrono::days{1});
        clerk = world.desk.signed_in("response-officer");
        const auto before = world.noted();
        const auto response = world.desk.get(world.path(what), clerk);
        CHECK(response.status == 200);
        CHECK(world.noted() == before + 1);
        ++shown;
    }
    CHECK(shown == 12);
}

TEST_CASE("T28 what cannot be noted is not shown") {
    Seen world;
    const auto clerk = world.desk.signed_in("response-officer");
    world.practice.station(vault).store.break_write(1, Break::undone);
    CHECK_THROWS_AS(world.desk.get(world.path(), clerk), StorageFault);
    CHECK(world.noted() == 0);
    CHECK(world.desk.get(world.path(), clerk).status == 200);
    CHECK(world.noted() == 1);
}

TEST_CASE(
    "T13 the acts of a lost key: by passkey and by certificate, since a day, in pages, for who leads") {
    Seen world;
    const auto head = world.asking.signed_in("first-founder");
    const auto lost = world.practice.world.person(arcadia, "issuing-officer").hash;
    const auto path = "/keys/" + text(lost) + "/acts";
    const auto acts = Seen::items(world.asking.get(path, head));
    REQUIRE(acts.size() == 1);
    CHECK(text_in(acts.front(), "act") == "request");
    CHECK(text_in(acts.front(), "case") == world.practice.case_id.str());
    CHECK_FALSE(text_in(acts.front(), "reference").empty());
    const auto& received = acts.front().at("received_by").as_array();
    CHECK(std::find(received.begin(), received.end(), json::Value(borealia)) != received.end());
    CHECK(std::find(received.begin(), received.end(), json::Value(arcadia)) == received.end());

    const auto day = [&](std::int64_t days) {
        return "?since=" + day_text(world.practice.clock.now() + std::chrono::days{days});
    };
    CHECK(Seen::items(world.asking.get(path + day(0), head)).size() == 1);
    CHECK(Seen::items(world.asking.get(path + day(1), head)).empty());
    CHECK(code_of(world.asking.get(path + "?since=soon", head)) == "json_malformed");

    // A participant's certificate: all its acts, here those of the partner.
    const auto seal =
        text(world.practice.world.participant(borealia).seal.front().certificate.fingerprint());
    const auto sealed = "/keys/" + seal + "/acts";
    const auto theirs = Seen::items(world.asking.get(sealed, head));
    REQUIRE(theirs.size() == 3);
    CHECK(text_in(theirs.front(), "act") == "order"); // the latest first
    auto page = object_of(world.asking.get(sealed + "?limit=2", head));
    CHECK(page.at("items").as_array().size() == 2);
    page = object_of(world.asking.get(
        sealed + "?limit=2&after=" + std::string(page.at("next").as_string()), head));
    REQUIRE(page.at("items").as_array().size() == 1);
    CHECK(text_in(page.at("items").as_array().front(), "act") == "acknowledge");
    CHECK_FALSE(page.contains("next"));

    // By default what was done since yesterday: not what is two days old.
    world.practice.clock.pass(std::chrono::days{1});
    const auto later = world.asking.signed_in("first-founder");
    CHECK(Seen::items(world.asking.get(path, later)).size() == 1);
    world.practice.clock.pass(std::chrono::days{1});
    const auto latest = world.asking.signed_in("first-founder");
    CHECK(Seen::items(world.asking.get(path, latest)).empty());

    CHECK(world.asking.get("/keys/" + text(Digest{}) + "/acts", latest).status == 404);
    CHECK(world.asking.get("/keys/nothing/acts", latest).status == 404);
    const auto officer = world.asking.signed_in("issuing-officer");
    CHECK(world.asking.get(path, officer).status == 404);
}

TEST_CASE(
    "R8 the overview counts what was refused at the gate this week and last, in the reader's language") {
    ApiWorld world(borealia);
    auto& node = world.node();
    for (int i = 0; i < 2; ++i)
        CHECK_FALSE(node::receive_act(node, ParticipantId(arcadia), "garbage"));
    node::write_gate_refusals(node);
    const auto weeks = [&](const char* language) {
        const auto cookie = world.signed_in("central-authority-officer");
        const auto response =
            world.call({"GET", "/overview", nullptr, cookie, "", {{"Accept-Language", language}}});
        return object_of(response).at("refused").as_object();
    };
    const auto refused = weeks("fr");
    const auto& now = refused.at("this_week").as_object();
    CHECK(now.at("times").as_int64() == 2);
    REQUIRE(now.at("lines").as_array().size() == 1);
    const auto& line = now.at("lines").as_array().front();
    CHECK(text_in(line, "participant") == arcadia);
    CHECK(text_in(line, "code") == "json_malformed");
    CHECK(text_in(line, "rule").find("membre en double") != std::string::npos);
    CHECK(refused.at("last_week").as_object().at("times").as_int64() == 0);
    world.practice.clock.pass(std::chrono::weeks{1});
    const auto later = weeks("en");
    CHECK(later.at("this_week").as_object().at("times").as_int64() == 0);
    CHECK(later.at("last_week").as_object().at("times").as_int64() == 2);
}
