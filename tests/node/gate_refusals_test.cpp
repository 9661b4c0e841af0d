// What was refused at the gate and reached no queue is counted by week, without a write each.
#include "node/gate_refusals.hpp"
#include "support/broken_store.hpp"
#include "support/node_practice.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

std::vector<node::GateRefusalRow> stored(node::Node& node, Instant week) {
    std::vector<node::GateRefusalRow> out;
    node.store().read([&](node::StoreReader& reader) { out = reader.gate_refusals(week, 100); });
    return out;
}

} // namespace

TEST_CASE("a week begins on Monday at 00:00 UTC, as ISO 8601 counts them") {
    const auto week = [](const char* at) {
        return to_text(node::week_of(*instant_from(std::string_view(at))));
    };
    CHECK(week("2026-11-30T00:00:00Z") == "2026-11-30T00:00:00.000Z");
    CHECK(week("2026-11-29T23:59:59.999Z") == "2026-11-23T00:00:00.000Z");
    CHECK(week("2027-01-01T12:00:00Z") == "2026-12-28T00:00:00.000Z"); // week 53 of 2026
    CHECK(week("2026-12-06T23:59:59Z") == "2026-11-30T00:00:00.000Z");
    CHECK(week("1969-12-31T00:00:00Z") == "1969-12-29T00:00:00.000Z");
}

TEST_CASE("R8 an office that is not competent reaches no queue, and stands in the week's count") {
    Practice world;
    REQUIRE(
        code(world.act(arcadia, "issuing-officer", "request", Practice::fields("request"))) ==
        "accepted");
    auto authorisation = Practice::fields("authorise");
    authorisation["request"] = world.request_hash;
    REQUIRE(code(world.act(arcadia, "judge", "authorise", authorisation)) == "accepted");
    REQUIRE(
        code(world.act(
            arcadia, "central-authority-officer", "transmit", Practice::fields("transmit"))) ==
        "accepted");
    // Borealia's directory of today: the office that transmits has lost its competence.
    auto& offices = world.world.participant(arcadia).offices;
    for (auto& office : offices)
        if (office.id.str() == "arcadia-central") office.competences.clear();
    world.world.draft.version += 1;
    world.node(borealia).use_directory(
        std::make_shared<const directory::Directory>(world.world.directory()));
    world.move_all();
    CHECK(world.acts(borealia) == 2); // and not the third
    std::size_t queue = 1;
    world.node(borealia).store().read([&](node::StoreReader& reader) {
        queue = 0;
        for (const auto& duty : reader.obligations(100))
            if (duty.act == "acknowledge") ++queue;
    });
    CHECK(queue == 0);
    const auto week = node::week_of(world.clock.now());
    const auto counted = node::gate_refusals_of(world.node(borealia), week);
    REQUIRE(counted.size() == 1);
    CHECK(counted.front().participant.str() == arcadia);
    CHECK(counted.front().code == "office_not_competent");
    CHECK(counted.front().times == 1);
    CHECK(stored(world.node(borealia), week).empty()); // nothing was written for it yet
    node::write_gate_refusals(world.node(borealia));
    CHECK(stored(world.node(borealia), week) == counted);
    CHECK(node::gate_refusals_of(world.node(borealia), week) == counted);
}

TEST_CASE("T54 a flood of garbage is one write a beat, by sender and refusal") {
    Practice world;
    auto& node = world.node(borealia);
    for (int i = 0; i < 1'000; ++i)
        CHECK_FALSE(node::receive_act(node, ParticipantId(arcadia), "garbage"));
    CHECK_FALSE(node::receive_act(node, ParticipantId("vault-provider"), "{}"));
    const auto week = node::week_of(world.clock.now());
    CHECK(stored(node, week).empty());
    auto& store = world.station(borealia).store;
    store.break_write(1, Break::undone);
    CHECK_THROWS_AS(node::write_gate_refusals(node), StorageFault);
    CHECK(stored(node, week).empty());
    node::write_gate_refusals(node); // nothing was lost
    node::write_gate_refusals(node); // and nothing is counted twice
    const auto rows = stored(node, week);
    REQUIRE(rows.size() == 2);
    CHECK(rows.front().times == 1'000);
    CHECK(rows.back().participant.str() == "vault-provider");
    // Two years later.
    world.clock.pass(limits::gate_refusal_weeks);
    CHECK_FALSE(node::receive_act(node, ParticipantId(arcadia), "garbage"));
    node::write_gate_refusals(node);
    CHECK(stored(node, week).size() == 2);
    world.clock.pass(std::chrono::weeks{1});
    CHECK_FALSE(node::receive_act(node, ParticipantId(arcadia), "garbage"));
    node::write_gate_refusals(node);
    CHECK(stored(node, week).empty());
}

TEST_CASE(
    "what only came too early is tried again and not counted; one's own people's refusals are") {
    Practice world;
    world.play_until("transmit");
    const auto week = node::week_of(world.clock.now());
    CHECK(node::gate_refusals_of(world.node(borealia), week).empty());
    auto ahead = world.sealed(
        arcadia, "central-authority-officer", "withdraw", Practice::fields("withdraw"));
    world.play("acknowledge"); // took the number
    CHECK(
        code(node::receive_act(
            world.node(borealia), ParticipantId(arcadia), act::print_envelope(ahead))) ==
        "sequence_taken");
    CHECK(node::gate_refusals_of(world.node(borealia), week).empty());
    // A passkey that has left the roll since the draft was made.
    const auto prepared = node::prepare_act(
        world.node(arcadia),
        world.intent(
            arcadia, "central-authority-officer", "withdraw", Practice::fields("withdraw")));
    REQUIRE(prepared);
    const auto& person = world.world.person(arcadia, "judge");
    CHECK_FALSE(node::perform_act(
        world.node(arcadia), prepared->hash, person.authenticator.sign(view(prepared->challenge))));
    const auto own = node::gate_refusals_of(world.node(arcadia), week);
    REQUIRE(own.size() == 1);
    CHECK(own.front().participant.str() == arcadia);
}
