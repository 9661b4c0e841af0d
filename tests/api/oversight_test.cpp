// Oversight through the pages' interface: questions, samples, alarms, and its own looks.
#include "base/limits.hpp"
#include "node/looks.hpp"
#include "node/oversee.hpp"
#include "node/oversight_search.hpp"
#include "node/samples.hpp"
#include "node/watch_records.hpp"
#include "record/leaf.hpp"
#include "record/sample.hpp"
#include "support/api_world.hpp"
#include "support/published_records.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string overseer = "arcadia-oversight";

std::string text_in(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

struct Overseen : ApiWorld {
    Overseen() : ApiWorld(overseer) {}

    std::string inspector() {
        if (cookie.empty()) cookie = signed_in("inspector");
        return cookie;
    }

    json::Array items(const std::string& path) {
        return object_of(get(path, inspector())).at("items").as_array();
    }

    /// Time passes; whoever comes back signs in again.
    void later(Milliseconds time) {
        practice.clock.pass(time);
        cookie.clear();
    }

    std::size_t looks() { return items("/oversight/looks").size(); }

    std::string cookie;
};

json::Object question(json::Object query) {
    return {
        {"id", ""},
        {"title", json::Object{{"en", "Content of the last month"}, {"fr", "Contenu du mois"}}},
        {"query", std::move(query)},
        {"own", false},
        {"digest", true}};
}

} // namespace

TEST_CASE("R4_ an inspector asks a saved question, and that it was asked stands in the record") {
    Overseen world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    CHECK(world.items("/oversight/questions").size() == 7);
    const auto leaves = world.practice.leaves(overseer);
    const auto saved = object_of(world.post(
        "/oversight/questions",
        question({{"about", "cases"}, {"days", "30"}, {"category", "access"}}), world.inspector()));
    CHECK(saved.at("own") == true);
    CHECK(world.items("/oversight/questions").size() == 8);
    CHECK(world.practice.leaves(overseer) == leaves + 1);
    const auto id = text_in(saved, "id");
    auto answer = object_of(world.get("/oversight/questions/" + id + "/answer", world.inspector()));
    REQUIRE(answer.at("items").as_array().size() == 1);
    CHECK(answer.at("items").at(0).at("case") == json::Value(world.practice.case_id.str()));
    CHECK(world.practice.leaves(overseer) == leaves + 2);
    // The reference of a case is in its content, which was not opened.
    CHECK(
        answer.at("items").at(0).at("reference") ==
        json::Value(world.practice.case_id.str().substr(0, 8)));
    world.later(std::chrono::days{31});
    CHECK(object_of(world.get("/oversight/questions/" + id + "/answer", world.inspector()))
              .at("items")
              .as_array()
              .empty());
    const auto looks = world.items("/oversight/looks");
    REQUIRE(looks.size() == 3);
    CHECK(looks[0].at("what") == "question");
    CHECK(looks[0].at("person") == "inspector");
    CHECK(looks[2].at("purpose") == "saved: Content of the last month");
    // The leaf of a look opens with what the body keeps, and with nothing else.
    for (const auto& look : node::looks(world.node(), std::nullopt, 10)) {
        Bytes entry;
        world.node().store().read(
            [&](node::StoreReader& reader) { entry = reader.leaves(look.leaf, 1).at(0); });
        CHECK(record::verify_act_leaf(entry, look.nonce, node::look_text(look)).has_value());
        auto other = look;
        other.person = PersonId("somebody-else");
        CHECK_FALSE(record::verify_act_leaf(entry, look.nonce, node::look_text(other)).has_value());
    }
}

TEST_CASE("R4_ a question that asks for what is not in a header, or is too long, is not saved") {
    Overseen world;
    const auto code = [&](json::Object query, const std::string& title = "x") {
        auto asked = question(std::move(query));
        asked["title"] = json::Object{{"en", title}};
        return world.post("/oversight/questions", asked, world.inspector()).status;
    };
    CHECK(code({{"about", "names"}}) == 400);
    CHECK(code({{"account", "someone@example.org"}}) == 400);
    CHECK(code({{"days", "-1"}}) == 400);
    CHECK(code({{"days", "999999"}}) == 400);
    CHECK(code({{"category", std::string(65, 'a')}}) == 400);
    CHECK(code({}, "") == 400);
    CHECK(code({}, std::string(201, 'a')) == 400);
    CHECK(code({}, std::string(200, 'a')) == 201);
    CHECK(world.get("/oversight/questions/saved-9/answer", world.inspector()).status == 404);
    CHECK(world.looks() == 1);
}

TEST_CASE("R4_ the usual questions are answered with cases: each with a reason, latest first") {
    Overseen world;
    world.practice.play_until("receive");
    world.practice.move_all();
    const auto ask = [&](const std::string& name) {
        return world.items("/oversight/questions/" + name + "/answer");
    };
    REQUIRE(ask("notices").size() == 1);
    CHECK(ask("notices")[0].at("why") == "the notice is owed");
    world.later(std::chrono::days{32});
    CHECK(ask("notices")[0].at("why") == "the notice is overdue");
    for (const std::string name : {"emergencies", "refusals", "deferrals", "ceiling"})
        CHECK(ask(name).empty());
    // The software that signs for the tests takes no minute.
    REQUIRE(ask("dwell").size() == 1);
    CHECK(ask("inspections").empty());
    // Two pages of one question are one look.
    const auto before = world.looks();
    CHECK(
        world
            .get(
                "/oversight/questions/notices/answer?after=" + world.practice.case_id.str(),
                world.inspector())
            .status == 200);
    CHECK(world.looks() == before);
}

TEST_CASE(
    "R4_ the worklist of an inspector does not tell a file number, and finds the case by it") {
    Overseen world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    const auto asked = world.items("/worklist");
    REQUIRE(asked.size() == 1);
    const auto id = world.practice.case_id.str();
    CHECK(asked[0].at("reference") == json::Value(id.substr(0, 8)));
    const auto& fields = NodeFederation::fields("request");
    const auto number = text_in(fields, "file_number");
    CHECK(world.items("/worklist?q=" + number).size() == 1);
    CHECK(world.items("/worklist?q=" + number + "X").empty());
    CHECK(
        object_of(world.get("/cases/" + id, world.inspector())).at("reference") ==
        json::Value(id.substr(0, 8)));
}

TEST_CASE("R4_ a look into a case is in the same list, with its purpose") {
    Overseen world;
    world.practice.play_until("authorise");
    world.practice.move_all();
    auto intent =
        world.practice.intent(overseer, "inspector", "inspect", NodeFederation::fields("inspect"));
    intent.about = {world.practice.state(overseer)->latest.at("request")};
    auto& own = world.node();
    const auto prepared = node::prepare_act(own, intent);
    REQUIRE(prepared.has_value());
    REQUIRE(node::perform_act(
                own, prepared->hash,
                world.practice.world.person(overseer, "inspector")
                    .authenticator.sign(view(prepared->challenge)))
                .has_value());
    world.practice.move_all();
    const auto looks = world.items("/oversight/looks");
    REQUIRE(looks.size() == 1);
    CHECK(looks[0].at("what") == "fields");
    CHECK(looks[0].at("case") == json::Value(world.practice.case_id.str()));
    CHECK(looks[0].at("purpose") == NodeFederation::fields("inspect").at("purpose"));
    // At who was inspected it is no look of theirs.
    CHECK(node::looks(world.practice.node(arcadia), std::nullopt, 10).empty());
}

TEST_CASE(
    "R4_ an inspection names the acts that are read; these are readable from then on, and no other") {
    Overseen world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    const auto path = "/cases/" + world.practice.case_id.str();
    const auto readable = [&] {
        std::vector<std::string> out;
        for (const auto& item : world.items(path + "/timeline"))
            if (item.at("readable").as_bool()) out.push_back(text_in(item.as_object(), "act"));
        return out;
    };
    CHECK(readable().empty());
    const auto& inspector = world.practice.world.person(overseer, "inspector");
    const auto state = world.practice.state(overseer);
    REQUIRE(state.has_value());
    const auto request = text(state->latest.at("request"));
    json::Object intent{
        {"case", world.practice.case_id.str()},        {"act", "inspect"},
        {"office", inspector.entry.office.str()},      {"role", "inspector"},
        {"fields", NodeFederation::fields("inspect")}, {"about", json::Array{"no hash"}}};
    CHECK(code_of(world.post("/acts/prepare", intent, world.inspector())) == "builds_on_unknown");
    intent["about"] = json::Array(limits::inspected_acts + 1, json::Value(request));
    CHECK(code_of(world.post("/acts/prepare", intent, world.inspector())) == "too_large");
    intent["about"] = json::Array{request};
    const auto prepared = object_of(world.post("/acts/prepare", intent, world.inspector()));
    REQUIRE(prepared.contains("challenge"));
    const auto performed = world.post(
        "/acts/perform",
        json::Object{
            {"act", prepared.at("act")},
            {"assertion", world.assertion(inspector, text_in(prepared, "challenge"))}},
        world.inspector());
    CHECK(performed.status < 300);
    world.practice.move_all();
    CHECK(readable() == std::vector<std::string>{"request", "inspect"});
    CHECK(world.items("/oversight/looks").at(0).at("what") == "fields");
    world.later(limits::inspection_time);
    CHECK(readable() == std::vector<std::string>{"inspect"});
}

TEST_CASE(
    "R4_ a sample waits for a checkpoint made after it was asked for, and anybody draws it again") {
    Overseen world;
    world.practice.play_until("acknowledge");
    world.practice.move_all();
    PublishedRecords records(world.practice);
    records.publish();
    const auto ask = [&](std::int64_t size, const std::string& purpose) {
        return world.post(
            "/oversight/samples", json::Object{{"size", size}, {"purpose", purpose}},
            world.inspector());
    };
    CHECK(ask(0, "Monthly look at whatever comes").status == 400);
    CHECK(ask(1001, "Monthly look at whatever comes").status == 400);
    CHECK(ask(3, "too short").status == 400);
    const auto asked = ask(1000, "Monthly look at whatever comes");
    CHECK(asked.status == 201);
    CHECK_FALSE(object_of(asked).contains("drawn"));
    CHECK(world.looks() == 1);
    // What is published now was cosigned before.
    CHECK(node::draw_samples(world.node()) == 0);
    world.later(std::chrono::minutes{1});
    world.practice.play("accept");
    world.practice.move_all();
    records.publish();
    CHECK(node::draw_samples(world.node()) == 1);
    CHECK(node::draw_samples(world.node()) == 0);
    const auto drawn = world.items("/oversight/samples").at(0).as_object();
    REQUIRE(drawn.contains("document"));
    REQUIRE(drawn.at("cases").as_array().size() == 1);
    CHECK(drawn.at("cases").at(0).at("case") == json::Value(world.practice.case_id.str()));
    CHECK(drawn.at("cases").at(0).at("direction") == "observed");
    const auto sample = record::Sample::parse(text_in(drawn, "document"));
    REQUIRE(sample.has_value());
    const auto policy = node::witness_policy(**world.node().directory());
    REQUIRE(policy.has_value());
    CHECK(record::redraw(*sample, *policy).has_value());
    auto other = *sample;
    other.drawn.pop_back();
    CHECK_FALSE(record::redraw(other, *policy).has_value());
    // The next begins where this one ended.
    CHECK(ask(5, "Another look at whatever came").status == 201);
    CHECK(node::asked_samples(world.node(), 1).at(0).from == sample->frame.to);
}

TEST_CASE("R4_ T20_ a record that goes back is an alarm to act on, until it goes on as it should") {
    Overseen world;
    world.practice.play_until("transmit");
    world.practice.move_all();
    PublishedRecords records(world.practice);
    records.publish();
    const auto early = *world.practice.node(arcadia).files().read("record/checkpoint");
    node::watch_records(world.node());
    world.practice.play("acknowledge");
    world.practice.move_all();
    records.publish();
    node::watch_records(world.node());
    const auto forks = [&] {
        json::Array out;
        for (const auto& item : world.items("/oversight/alarms"))
            if (item.at("kind") == "record-fork") out.push_back(item);
        return out;
    };
    CHECK(forks().empty());

    world.practice.lying = arcadia;
    world.practice.lie = early;
    node::watch_records(world.node());
    const auto found = forks();
    REQUIRE(found.size() == 1);
    CHECK(found[0].at("grade") == "act");
    CHECK(text_in(found[0].as_object(), "facts").find("went back") != std::string::npos);

    world.practice.lying.clear();
    node::watch_records(world.node());
    CHECK(forks().empty());
}

TEST_CASE(
    "S31_ an overdue notice is an alarm with one id until it is given, and seen once it was marked") {
    Overseen world;
    world.practice.play_until("receive");
    world.practice.move_all();
    const auto kinds = [&] {
        std::vector<std::string> out;
        for (const auto& item : world.items("/oversight/alarms"))
            out.push_back(text_in(item.as_object(), "kind"));
        return out;
    };
    const auto has = [&](const std::string& kind) {
        const auto all = kinds();
        return std::find(all.begin(), all.end(), kind) != all.end();
    };
    CHECK_FALSE(has("notice-overdue"));
    world.later(std::chrono::days{32});
    REQUIRE(has("notice-overdue"));
    const auto find = [&](const std::string& kind) {
        for (const auto& item : world.items("/oversight/alarms"))
            if (text_in(item.as_object(), "kind") == kind) return item.as_object();
        return json::Object{};
    };
    const auto alarm = find("notice-overdue");
    CHECK(alarm.at("grade") == "act");
    CHECK(alarm.at("case") == json::Value(world.practice.case_id.str()));
    CHECK(alarm.at("seen") == false);
    const auto id = text_in(alarm, "id");
    world.later(std::chrono::hours{5});
    CHECK(text_in(find("notice-overdue"), "id") == id);
    CHECK(
        world
            .post("/oversight/alarms/" + std::string(43, 'A') + "/seen", nullptr, world.inspector())
            .status == 404);
    CHECK(
        world.post("/oversight/alarms/" + id + "/seen", nullptr, world.inspector()).status == 204);
    CHECK(find("notice-overdue").at("seen") == true);
    // Page by page.
    const auto all = kinds().size();
    REQUIRE(all >= 2); // the copy in between is overdue too
    const auto first = object_of(world.get("/oversight/alarms?limit=1", world.inspector()));
    const auto rest = object_of(
        world.get("/oversight/alarms?after=" + text_in(first, "next"), world.inspector()));
    CHECK(rest.at("items").as_array().size() == all - 1);
    world.practice.beat();
    CHECK_FALSE(has("notice-overdue"));
}
