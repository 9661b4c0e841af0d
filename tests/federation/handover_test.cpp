// Stories that the dice found first, told here on purpose: what goes between nodes when a case
// changes its keeper, draws a country in, or never leaves home.
#include "apps/verify.hpp"
#include "node/deliver_outbox.hpp"
#include "node/export_case.hpp"
#include "support/federation_story.hpp"

#include <span>

using namespace comity;
using namespace comity::test;

namespace {

struct Told : Story {
    explicit Told(const std::string& procedure = "mla") : Story(7, procedure) {}

    std::size_t acts(const std::string& id) { return federation.at(id).acts(plot->id).size(); }
};

void cut(Told& world, const std::string& a, const std::string& b) {
    world.federation.cut.emplace(a, b);
    world.federation.cut.emplace(b, a);
}

} // namespace

TEST_CASE("T10 an act of the new keeper that overtakes the old keeper's last one is taken later") {
    Told world;
    world.act(arcadia, "authorise");
    CHECK(world.acts(arcadia_overseer) == 2);
    cut(world, arcadia, arcadia_overseer);
    world.begin_act(arcadia, "transmit");
    world.federation.at(arcadia).work();
    world.begin_act(borealia, "acknowledge");
    world.federation.at(borealia).work();
    CHECK(world.acts(arcadia_overseer) == 2); // the act before it has not come
    world.federation.cut.clear();
    REQUIRE_MESSAGE(world.quiet(), world.story());
    CHECK(world.acts(arcadia_overseer) == 4);
    CHECK(
        world.federation.at(arcadia_overseer).find(world.plot->id) ==
        world.federation.at(borealia).find(world.plot->id));
}

TEST_CASE("N3_ a country that is consulted in the middle of a case gets it from its beginning") {
    Told world;
    world.begin_act(arcadia, "authorise");
    world.act(arcadia, "transmit");
    world.act(borealia, "acknowledge");
    CHECK(world.acts(cascadia) == 0);
    world.begin_act(borealia, "consult");
    REQUIRE_MESSAGE(world.quiet(), world.story());
    CHECK(world.acts(cascadia) == 5);
    world.act(cascadia, "opine");
    for (const auto& id : {arcadia, borealia, cascadia})
        CHECK(
            world.federation.at(id).find(world.plot->id) ==
            world.federation.at(borealia).find(world.plot->id));
    // What was written before it was asked is not for it.
    CHECK_FALSE(read_latest(world.federation.at(cascadia), world.plot->id, "request"));
    CHECK(read_latest(world.federation.at(cascadia), world.plot->id, "consult"));
}

TEST_CASE("N3_ nobody is drawn into a case but by the act that consults it") {
    Told world;
    world.begin_act(arcadia, "authorise");
    world.act(arcadia, "transmit");
    // The acts as they stand, sent to a country that they do not concern.
    const auto& rows = world.federation.at(borealia).acts(world.plot->id);
    for (const auto& row : rows) {
        const act::Envelope envelope{row.seal, {}, row.receipt};
        const auto answer = world.federation.at(cascadia).answer(
            borealia,
            {"POST", "/exchange/v1/acts", {}, act::print_envelope(envelope), "application/json"});
        CHECK(answer.status != 200);
    }
    CHECK(world.acts(cascadia) == 0);
}

TEST_CASE("X6_ a request that was withdrawn before it was transmitted stays at home") {
    for (const std::string end : {"withdraw", "decline"}) {
        Told world(end == "decline" ? "emergency" : "mla");
        world.act(arcadia, end);
        CHECK(world.acts(arcadia) == 2);
        CHECK(world.acts(arcadia_overseer) == 2);
        for (const auto& id : {borealia, borealia_overseer, vault, cascadia})
            CHECK_MESSAGE(world.acts(id) == 0, end, " reached ", id);
    }
}

TEST_CASE("T18 a keeper whose clock is behind admits no act before the one before it") {
    Told world;
    world.federation.at(arcadia).clock.wrong = std::chrono::seconds{50};
    world.federation.at(borealia).clock.wrong = std::chrono::seconds{-50};
    world.begin_act(arcadia, "authorise");
    world.begin_act(arcadia, "transmit");
    world.federation.at(arcadia).work();
    world.act(borealia, "acknowledge");
    const auto rows = world.federation.at(borealia).acts(world.plot->id);
    REQUIRE(rows.size() == 4);
    CHECK(rows[3].admitted >= rows[2].admitted);
    world.check_records();
    CHECK_MESSAGE(world.faults.empty(), world.story());
}

TEST_CASE(
    "X5_ what the receiver destroyed before it had arrived is sent no longer and goes everywhere") {
    Told world;
    for (const auto& [id, name] : std::span(ordinary_road).first(5))
        world.act(id, name);
    // The act goes out, the evidence not yet.
    world.begin_act(vault, "produce");
    node::deliver_outbox(world.federation.at(vault).node());
    world.begin_act(borealia, "purge");
    REQUIRE_MESSAGE(world.quiet(), world.story());
    CHECK(world.faults.empty());
}

TEST_CASE(
    "X5_ what was passed on is not destroyed before it has arrived, unless the case has ended") {
    for (const bool ended : {false, true}) {
        Told world;
        for (const auto& [id, name] : std::span(ordinary_road).first(6))
            world.act(id, name);
        // The act is passed on, the evidence not yet.
        world.begin_act(borealia, "release");
        node::deliver_outbox(world.federation.at(borealia).node());
        if (ended) {
            world.begin_act(arcadia, "withdraw");
            world.federation.at(arcadia).work();
            world.begin_act(borealia, "purge");
            REQUIRE_MESSAGE(world.quiet(), world.story());
            continue;
        }
        CHECK_FALSE(world.perform(*world.plot, world.federation.at(borealia), "purge"));
        CHECK(world.refused["evidence_incomplete"] == 1);
        REQUIRE_MESSAGE(world.quiet(), world.story());
        world.act(arcadia, "receive");
        world.begin_act(borealia, "purge");
        REQUIRE_MESSAGE(world.quiet(), world.story());
        CHECK(world.faults.empty());
    }
}
