// What happens between nodes when the network fails: nothing is lost, order is kept, nothing is
// doubled.
#include "support/node_federation.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Transmitted : NodeFederation {
    Transmitted() {
        REQUIRE(code(act(arcadia, "issuing-officer", "request", fields("request"))) == "accepted");
        auto authorisation = fields("authorise");
        authorisation["request"] = request_hash;
        REQUIRE(code(act(arcadia, "judge", "authorise", authorisation)) == "accepted");
        REQUIRE(
            code(act(arcadia, "central-authority-officer", "transmit", fields("transmit"))) ==
            "accepted");
    }

    json::Object reasons() { return fields("withdraw"); }
};

} // namespace

TEST_CASE("T10 a peer that is away gets everything in order when it is back, once") {
    Transmitted world;
    world.away = {borealia};
    world.deliver();
    CHECK(world.acts(borealia) == 0);
    // An act of ours that the absent keeper has to number waits with the others.
    const auto waits = world.act(arcadia, "central-authority-officer", "withdraw", world.reasons());
    REQUIRE(waits);
    CHECK_FALSE(waits->admitted);
    world.deliver();
    CHECK(world.acts(arcadia) == 3);
    world.away.clear();
    world.clock.pass(std::chrono::minutes{2});
    world.deliver();
    world.deliver();
    CHECK(world.acts(borealia) == 4);
    CHECK(world.acts(arcadia) == 4);
    CHECK(*world.state(arcadia) == *world.state(borealia));
    std::vector<node::OutboxRow> left;
    world.node(arcadia).store().read([&](node::StoreReader& reader) { left = reader.outbox(100); });
    CHECK(left.empty());
}

TEST_CASE("T10 an answer that is lost after the act was admitted ends in one act and one receipt") {
    Transmitted world;
    world.deliver();
    REQUIRE(
        code(world.act(arcadia, "central-authority-officer", "withdraw", world.reasons())) ==
        "accepted");
    world.loses_answer = {borealia};
    node::deliver_outbox(world.node(arcadia));
    CHECK(world.acts(borealia) == 4); // heard and done
    CHECK(world.acts(arcadia) == 3);  // and not known here yet
    world.deliver();
    world.deliver();
    CHECK(world.acts(borealia) == 4);
    CHECK(world.acts(arcadia) == 4);
    std::optional<node::ActRow> here;
    std::optional<node::ActRow> there;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { here = reader.act_at(world.case_id, 4); });
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { there = reader.act_at(world.case_id, 4); });
    REQUIRE(here);
    REQUIRE(there);
    CHECK(here->receipt == there->receipt);
}

TEST_CASE("of withdraw and refuse only one wins, and the other is told why") {
    Transmitted world;
    world.deliver();
    REQUIRE(
        code(world.act(
            borealia, "central-authority-officer", "acknowledge",
            NodeFederation::fields("acknowledge"))) == "accepted");
    world.deliver();
    // Both act on the same state of the case; Borealia keeps it and is first.
    const auto withdrawn =
        world.act(arcadia, "central-authority-officer", "withdraw", world.reasons());
    REQUIRE(withdrawn);
    CHECK_FALSE(withdrawn->admitted);
    REQUIRE(
        code(world.act(
            borealia, "central-authority-officer", "refuse", NodeFederation::fields("refuse"))) ==
        "accepted");
    world.deliver();
    world.deliver();
    std::vector<node::SubmissionRow> submissions;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { submissions = reader.submissions(world.case_id); });
    REQUIRE(submissions.size() == 1);
    CHECK(submissions.front().state == node::SubmissionRow::State::refused);
    CHECK(submissions.front().answer.find("sequence_taken") != std::string::npos);
    CHECK(world.acts(arcadia) == 5);
    CHECK(*world.state(arcadia) == *world.state(borealia));
}

TEST_CASE("T46 acts of a case are given to its participants and to nobody else") {
    Transmitted world;
    world.deliver();
    CHECK(
        node::acts_for(world.node(borealia), ParticipantId(arcadia), world.case_id, 0, 100)
            ->size() == 3);
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId("vault-provider"), world.case_id, 0, 100)) ==
        "not_found");
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId("cascadia-authority"), world.case_id, 0, 100)) ==
        "not_found");
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId(arcadia), CaseId("unknown"), 0, 100)) ==
        "not_found");
}

TEST_CASE("a submission that its performer did not send is refused") {
    Transmitted world;
    world.deliver();
    const auto envelope =
        world.sealed(arcadia, "central-authority-officer", "withdraw", world.reasons());
    const auto text = act::print_envelope(envelope);
    CHECK(
        code(node::receive_act(world.node(borealia), ParticipantId("vault-provider"), text)) ==
        "performer_not_signer");
    CHECK(
        code(node::receive_act(world.node(borealia), ParticipantId(arcadia), text)) == "accepted");
}
