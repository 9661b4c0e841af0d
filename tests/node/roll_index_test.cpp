// Entries of the roll found by passkey and by person, as the store has them at that moment.
#include "node/enrol.hpp"
#include "node/roll_index.hpp"
#include "support/node_federation.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";

Bytes credential_of(NodeFederation& world, const std::string& person) {
    return world.world.person(arcadia, person).entry.passkey.credential_id;
}

} // namespace

TEST_CASE("T44_ an entry is found by its credential, and seen as ended in the moment it ends") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node);
    const auto judge = roll.with_credential(credential_of(world, "judge"));
    REQUIRE(judge.has_value());
    CHECK(judge->sealed.entry.person == PersonId("judge"));
    CHECK_FALSE(judge->ended);
    CHECK_FALSE(roll.with_credential(Bytes(32, 'x')).has_value());
    CHECK_FALSE(roll.with_credential("").has_value());
    REQUIRE(node::end_entry(node, judge->sealed.hash).has_value());
    CHECK(roll.with_credential(credential_of(world, "judge"))->ended);
    REQUIRE(roll.of(PersonId("judge")).size() == 1);
    CHECK(roll.of(PersonId("judge")).front().ended);
    CHECK(roll.of(PersonId("nobody")).empty());
}

TEST_CASE(
    "R3_ who was enrolled after the roll was read is found, and stands with the earlier entries") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node);
    CHECK(roll.of(PersonId("judge")).size() == 1);
    const auto added = world.world.enrol(
        arcadia, {.person = "judge", .office = "arcadia-court", .roles = {"judge"}},
        {&world.world.person(arcadia, "first-founder"),
         &world.world.person(arcadia, "second-founder")});
    CHECK_FALSE(roll.with_credential(added.entry.passkey.credential_id).has_value());
    node.store().write([&](node::StoreWriter& writer) {
        writer.put_roll({added.hash, added.entry.person, added.text, false});
    });
    CHECK(roll.with_credential(added.entry.passkey.credential_id).has_value());
    const auto both = roll.of(PersonId("judge"));
    REQUIRE(both.size() == 2);
    CHECK(both[1].sealed.hash == added.hash);
}
