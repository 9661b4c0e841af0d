// Who may still act, and whose word a follower takes: training that has ended, and receipts that
// somebody other than the keeper has made.
#include "node/enrol.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

// A case that Borealia keeps, with an act there that Arcadia has not heard of.
struct Kept : Practice {
    Kept() {
        play_until("transmit");
        REQUIRE(
            code(
                act(borealia, "central-authority-officer", "acknowledge", fields("acknowledge"))) ==
            "accepted");
        node(borealia).store().read([&](node::StoreReader& reader) {
            const auto row = reader.act_at(case_id, 4);
            REQUIRE(row.has_value());
            const auto parsed = act::parse_envelope(
                node::envelope_for(reader, *row, ParticipantId(arcadia), false));
            REQUIRE(parsed.has_value());
            envelope = *parsed;
        });
        const auto sealed = act::parse_receipt(envelope.receipt);
        REQUIRE(sealed.has_value());
        receipt = sealed->receipt;
    }

    std::string signed_by(const std::string& who, const act::Receipt& changed) {
        return act::sign_receipt(changed, world.organisation(who).seal.signer());
    }

    void refused(const std::string& forged, std::string_view expected) {
        auto other = envelope;
        other.receipt = forged;
        const auto before = *state(arcadia);
        const auto count = leaves(arcadia);
        CHECK(
            code(node::receive_act(
                node(arcadia), ParticipantId(borealia), act::print_envelope(other))) == expected);
        CHECK(*state(arcadia) == before);
        CHECK(leaves(arcadia) == count);
    }

    act::Envelope envelope;
    act::Receipt receipt;
};

} // namespace

TEST_CASE("R8_ who was not trained again approves nothing from that day on") {
    Practice world;
    world.play_until("request");
    const std::vector<const Person*> founders{
        &world.world.person(arcadia, "first-founder"),
        &world.world.person(arcadia, "second-founder")};
    auto& judge = world.world.person(arcadia, "judge");
    REQUIRE(node::end_entry(world.node(arcadia), judge.hash));
    const Instant until = world.clock.now() + std::chrono::hours{1};
    judge = world.world.enrol(
        arcadia,
        {.person = "judge", .office = "arcadia-court", .roles = {"judge"}, .trained_until = until},
        founders);
    world.node(arcadia).store().write([&](node::StoreWriter& writer) {
        writer.put_roll({judge.hash, judge.entry.person, judge.text, false});
    });
    auto form = NodeFederation::fields("authorise");
    form["request"] = world.request_hash;
    world.clock.set(until);
    const auto late = world.sealed(arcadia, "judge", "authorise", form);
    const auto leaves = world.leaves(arcadia);
    CHECK(
        code(node::pass_gate(world.node(arcadia), late, node::Way::keeper)) == "approval_training");
    CHECK(world.leaves(arcadia) == leaves);
    CHECK(world.state(arcadia)->next_sequence == 2);
    // A millisecond before, the same person approves it.
    world.clock.set(until - Milliseconds{1});
    CHECK(code(world.act(arcadia, "judge", "authorise", form)) == "accepted");
}

TEST_CASE("T07 a follower takes an act only with the receipt of the keeper, for this very act") {
    Kept world;
    world.refused(
        world.signed_by(arcadia, world.receipt),
        "performer_not_signer"); // says Borealia, sealed by another
    auto other = world.receipt;
    other.keeper = ParticipantId(arcadia);
    world.refused(world.signed_by(arcadia, other), "not_keeper");
    other = world.receipt;
    other.act = Digest{};
    world.refused(world.signed_by(borealia, other), "envelope_malformed");
    other = world.receipt;
    other.sequence = 5;
    world.refused(world.signed_by(borealia, other), "envelope_malformed");
    other = world.receipt;
    other.time = world.clock.now() + std::chrono::hours{24};
    other.record_by = other.time + std::chrono::seconds{10};
    world.refused(world.signed_by(borealia, other), "time_unbelievable");
    world.refused("", "not_keeper"); // as if it were submitted here, where the case is not kept
    CHECK(
        code(node::receive_act(
            world.node(arcadia), ParticipantId(borealia), act::print_envelope(world.envelope))) ==
        "accepted");
}
