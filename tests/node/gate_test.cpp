// The one gate: what passes, what each kind of counterfeit or mistake is answered with, and that a
// refusal changes nothing. Real nodes over stores in memory; every act is signed for real.
#include "base/limits.hpp"
#include "node/enrol.hpp"
#include "support/node_federation.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Opened : NodeFederation {
    Opened() {
        const auto done = act(arcadia, "issuing-officer", "request", fields("request"));
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    }

    json::Object authorisation() {
        auto out = fields("authorise");
        out["request"] = request_hash;
        return out;
    }

    void transmitted() {
        REQUIRE(code(act(arcadia, "judge", "authorise", authorisation())) == "accepted");
        REQUIRE(
            code(act(arcadia, "central-authority-officer", "transmit", fields("transmit"))) ==
            "accepted");
    }

    // Refused with this code by Arcadia's gate, and nothing was written.
    void refused(const act::Envelope& envelope, std::string_view expected) {
        const auto before = leaves(arcadia);
        const auto sequence = state(arcadia)->next_sequence;
        CHECK(code(node::pass_gate(node(arcadia), envelope, node::Way::keeper)) == expected);
        CHECK(leaves(arcadia) == before);
        CHECK(state(arcadia)->next_sequence == sequence);
    }

    // The act resealed after its header was changed, by whose seal and approval the test says.
    act::Envelope changed(
        act::Envelope envelope, const std::function<void(act::Header&)>& change,
        const std::string& sealer, const Person& approver) {
        auto parsed = act::parse_sealed(envelope.seal);
        REQUIRE(parsed.has_value());
        change(parsed->header);
        const Bytes bytes = act::print_header(parsed->header);
        envelope.seal = act::seal_act(
            bytes, clock.now(), world.organisation(sealer).seal.signer(),
            DirectoryWorld::approve(bytes, approver));
        return envelope;
    }
};

} // namespace

TEST_CASE("R1_ a request passes from one country to the other, which keeps the case from then on") {
    Opened world;
    world.transmitted();
    CHECK(world.state(arcadia)->keeper.str() == borealia);
    CHECK_FALSE(world.state(borealia));
    world.deliver();
    REQUIRE(world.state(borealia));
    CHECK(*world.state(borealia) == *world.state(arcadia));
    const auto done = world.act(
        borealia, "central-authority-officer", "acknowledge",
        NodeFederation::fields("acknowledge"));
    REQUIRE(done);
    CHECK(done->admitted);
    world.deliver();
    CHECK(*world.state(borealia) == *world.state(arcadia));
    CHECK(world.acts(arcadia) == 4);
    CHECK(world.acts("arcadia-oversight") == 4);
    CHECK(world.acts("vault-provider") == 0); // the provider takes part from the order on
    std::vector<node::ObligationRow> owed;
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { owed = reader.obligations(10); });
    REQUIRE_FALSE(owed.empty());
    CHECK(owed.front().act == "accept");
}

TEST_CASE("T07 the performer named inside the signed bytes must be the one who sealed them") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto& judge = world.world.person(arcadia, "judge");
    world.refused(
        world.changed(good, [](act::Header&) {}, borealia, judge), "performer_not_signer");
    world.refused(
        world.changed(
            good,
            [](act::Header& header) { header.performer = ParticipantId("borealia-authority"); },
            arcadia, judge),
        "performer_not_signer");
    world.refused(
        world.changed(
            good, [](act::Header& header) { header.performer = ParticipantId("nobody"); }, arcadia,
            judge),
        "performer_unknown");
    const auto stranger =
        certified("stranger", crypto::CertificateUse::seal, practice_start(), practice_end());
    auto other = good;
    const auto parsed = act::parse_sealed(good.seal);
    other.seal =
        act::seal_act(parsed->header_bytes, world.clock.now(), stranger.signer(), parsed->approval);
    world.refused(other, "seal_certificate");
}

TEST_CASE("T11 an act of another federation, office, role or law pack is refused") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto& judge = world.world.person(arcadia, "judge");
    const auto with = [&](const std::function<void(act::Header&)>& change,
                          std::string_view expected) {
        world.refused(world.changed(good, change, arcadia, judge), expected);
    };
    with([](act::Header& header) { header.federation = "another"; }, "federation_other");
    with([](act::Header& header) { header.office = OfficeId("nowhere"); }, "office_unknown");
    with([](act::Header& header) { header.role = "issuing-officer"; }, "office_not_competent");
    with([](act::Header& header) { header.law_pack = text(Digest{}); }, "law_pack_other");
    with(
        [](act::Header& header) { header.keeper = ParticipantId("borealia-authority"); },
        "not_keeper");
    with([](act::Header& header) { header.after = {Digest{}}; }, "builds_on_unknown");
    with([](act::Header& header) { header.sequence = 3; }, "sequence_ahead");
    with([](act::Header& header) { header.case_id = CaseId("another"); }, "case_unknown");
    with([&](act::Header& header) { header.time += std::chrono::hours{1}; }, "time_unbelievable");
}

TEST_CASE(
    "T19_ a decision dated before the act that it builds on is refused: below, at and above") {
    Opened world;
    const auto before = world.state(arcadia)->last_admitted;
    const auto& judge = world.world.person(arcadia, "judge");
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto dated = [&](Instant when) {
        // Its own node lends a hand: date and seal say the same early time.
        const auto now = world.clock.now();
        world.clock.set(when);
        const auto out =
            world.changed(good, [&](act::Header& header) { header.time = when; }, arcadia, judge);
        world.clock.set(now);
        return out;
    };
    world.clock.pass(std::chrono::minutes{10});
    const auto early = before - limits::clock_difference - Milliseconds{1};
    world.refused(dated(early), "time_unbelievable");
    world.refused(dated(before - std::chrono::hours{48}), "time_unbelievable");
    // Two clocks may differ so far; the keeper's number and time say what came first.
    const auto at = node::pass_gate(
        world.node(arcadia), dated(before - limits::clock_difference), node::Way::keeper);
    REQUIRE_MESSAGE(at.has_value(), (at ? "" : at.error().text()));
    CHECK(world.state(arcadia)->last_admitted > before);
    CHECK(world.state(arcadia)->next_sequence == 3);
}

TEST_CASE("T19_ a receipt says which leaf and by when, so a decision cannot be slipped in later") {
    Opened world;
    std::optional<node::ActRow> request;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { request = reader.act_at(world.case_id, 1); });
    REQUIRE(request.has_value());
    const auto receipt = act::parse_receipt(request->receipt);
    REQUIRE(receipt.has_value());
    CHECK(receipt->receipt.record_index == request->leaf);
    CHECK(receipt->receipt.sequence == 1);
    CHECK(receipt->receipt.record_by > receipt->receipt.time);
    world.clock.pass(std::chrono::seconds{1});
    REQUIRE(code(world.act(arcadia, "judge", "authorise", world.authorisation())) == "accepted");
    std::optional<node::ActRow> decision;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { decision = reader.act_at(world.case_id, 2); });
    REQUIRE(decision.has_value());
    CHECK(decision->leaf > request->leaf);
    CHECK(decision->admitted > request->admitted);
}

TEST_CASE(
    "T01 R3_ an approval that is missing, for other bytes, unverified or of the wrong person is refused") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto parsed = act::parse_sealed(good.seal);
    REQUIRE(parsed.has_value());
    const auto& judge = world.world.person(arcadia, "judge");
    const auto with = [&](const std::optional<act::Approval>& approval, std::string_view expected) {
        auto other = good;
        other.seal = act::seal_act(
            parsed->header_bytes, world.clock.now(),
            world.world.organisation(arcadia).seal.signer(), approval);
        world.refused(other, expected);
    };
    with(std::nullopt, "approval_missing");
    with(DirectoryWorld::approve("other bytes", judge), "approval_challenge");
    auto unverified = *parsed->approval;
    unverified.assertion = judge.authenticator.sign(
        view(act::approval_challenge(parsed->header_bytes)),
        {.user_verified = false, .origin = {}});
    with(unverified, "approval_user_verification");
    auto elsewhere = *parsed->approval;
    elsewhere.assertion = judge.authenticator.sign(
        view(act::approval_challenge(parsed->header_bytes)),
        {.user_verified = true, .origin = "https://evil.example"});
    with(elsewhere, "approval_origin");
    with(
        DirectoryWorld::approve(parsed->header_bytes, world.world.person(arcadia, "second-judge")),
        "approval_roll_entry");
    // And the good one passes.
    CHECK(code(node::pass_gate(world.node(arcadia), good, node::Way::keeper)) == "accepted");
}

TEST_CASE("T13 a person who has left the roll approves nothing from then on") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    REQUIRE(node::end_entry(world.node(arcadia), world.world.person(arcadia, "judge").hash));
    world.refused(good, "approval_revoked");
}

TEST_CASE("T04 the same person does not perform two acts that four eyes keep apart") {
    NodeFederation world;
    auto& both = world.world.person(arcadia, "issuing-officer");
    world.world.participant(arcadia).offices.front().competences.push_back(
        {"judge", {practice_start(), std::nullopt}});
    const std::vector<const Person*> founders{
        &world.world.person(arcadia, "first-founder"),
        &world.world.person(arcadia, "second-founder")};
    both = world.world.enrol(
        arcadia,
        {.person = "issuing-officer",
         .office = "arcadia-police",
         .roles = {"issuing-officer", "judge"}},
        founders);
    world.node(arcadia).store().write([&](node::StoreWriter& writer) {
        for (auto row : writer.roll())
            if (row.person == both.entry.person) {
                row.ended = true;
                writer.put_roll(row);
            }
        writer.put_roll({both.hash, both.entry.person, both.text, false});
    });
    world.use_directory();
    REQUIRE(
        code(world.act(arcadia, "issuing-officer", "request", NodeFederation::fields("request"))) ==
        "accepted");
    auto fields = NodeFederation::fields("authorise");
    fields["request"] = world.request_hash;
    auto intent = world.intent(arcadia, "issuing-officer", "authorise", fields);
    intent.role = "judge";
    CHECK(code(node::prepare_act(world.node(arcadia), intent)) == "four_eyes");
}

TEST_CASE("T10 a replay has no effect and is answered with the stored receipt") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto first = node::pass_gate(world.node(arcadia), good, node::Way::keeper);
    REQUIRE(first);
    const auto leaves = world.leaves(arcadia);
    const auto again = node::pass_gate(world.node(arcadia), good, node::Way::keeper);
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->receipt == first->receipt);
    CHECK(world.leaves(arcadia) == leaves);
    CHECK(world.acts(arcadia) == 2);
}

TEST_CASE("the same number with other content is refused, and says what the next number is") {
    Opened world;
    const auto first = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto second = world.sealed(arcadia, "second-judge", "authorise", world.authorisation());
    REQUIRE(node::pass_gate(world.node(arcadia), first, node::Way::keeper));
    const auto refused = node::pass_gate(world.node(arcadia), second, node::Way::keeper);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::sequence_taken);
    CHECK(refused.error().facts.text().find("the next is 3") != std::string::npos);
}

TEST_CASE("an act that is not enabled says which condition is missing") {
    Opened world;
    const auto refused = node::prepare_act(
        world.node(arcadia),
        world.intent(
            arcadia, "central-authority-officer", "transmit", NodeFederation::fields("transmit")));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::act_waits_for);
    CHECK(refused.error().facts.text().find("authorise") != std::string::npos);
}

TEST_CASE("T08 a part that is changed, missing or not in the header is refused") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    for (const auto& [place, bytes] : good.parts) {
        auto other = good;
        other.parts[place][bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        world.refused(other, "part_sealed_hash");
        other = good;
        other.parts.erase(place);
        world.refused(other, "part_missing");
    }
    auto other = good;
    other.parts[good.parts.size()] = "more";
    world.refused(other, "part_unexpected");
}

TEST_CASE("R7_ a form that is incomplete or has an unknown field is refused and names it") {
    Opened world;
    auto missing = world.authorisation();
    missing.erase("necessity");
    auto refused = node::prepare_act(
        world.node(arcadia), world.intent(arcadia, "judge", "authorise", missing));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::form_invalid);
    CHECK(refused.error().facts.text().find("necessity") != std::string::npos);
    auto more = world.authorisation();
    more["certified_country"] = "XA";
    refused =
        node::prepare_act(world.node(arcadia), world.intent(arcadia, "judge", "authorise", more));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::form_invalid);
}

TEST_CASE(
    "N1_ an authorisation names exactly the request of its case, and can only narrow its grid") {
    Opened world;
    auto other = world.authorisation();
    other["request"] = text(Digest{});
    CHECK(code(world.act(arcadia, "judge", "authorise", other)) == "request_not_named");
    auto wider = world.authorisation();
    wider["grid"].as_array().front().as_object()["selector"].as_object()["value"] =
        "somebody.else@nimbus-mail.example";
    CHECK(code(world.act(arcadia, "judge", "authorise", wider)) == "grid_widened");
    CHECK(world.acts(arcadia) == 1);
}

TEST_CASE("T17 beyond the directory's expiry acts wait, and say so") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    world.world.draft.expires = world.clock.now();
    world.use_directory();
    world.refused(good, "directory_expired");
}

TEST_CASE("T23 a stolen seal key without its people makes no act") {
    Opened world;
    const auto good = world.sealed(arcadia, "judge", "authorise", world.authorisation());
    const auto parsed = act::parse_sealed(good.seal);
    // The thief enrols a judge with the seal key alone: nobody on the roll approved it.
    const Person thief = world.world.enrol(
        arcadia, {.person = "judge", .office = "arcadia-court", .roles = {"judge"}}, {});
    auto other = good;
    other.seal = act::seal_act(
        parsed->header_bytes, world.clock.now(), world.world.organisation(arcadia).seal.signer(),
        DirectoryWorld::approve(parsed->header_bytes, thief));
    const auto refused = node::pass_gate(world.node(arcadia), other, node::Way::keeper);
    CHECK_FALSE(refused);
    CHECK(world.acts(arcadia) == 1);
}

TEST_CASE(
    "what a provider never has, as the directory says, opens no case; a case that is open goes on") {
    NodeFederation world;
    const auto holds = [&](json::Array categories) {
        world.world.participant("vault-provider").capabilities = {
            {"categories", std::move(categories)}};
        world.use_directory();
    };
    const auto ask = [&] {
        return code(
            world.act(arcadia, "issuing-officer", "request", NodeFederation::fields("request")));
    };
    holds({"subscriber"});
    CHECK(ask() == "finding_not_met");
    CHECK(world.acts(arcadia) == 0);
    holds({"subscriber", "access"});
    REQUIRE(ask() == "accepted");
    // The other country hears of it with a directory that says otherwise by then.
    auto authorise = NodeFederation::fields("authorise");
    authorise["request"] = world.request_hash;
    REQUIRE(code(world.act(arcadia, "judge", "authorise", authorise)) == "accepted");
    REQUIRE(
        code(world.act(
            arcadia, "central-authority-officer", "transmit",
            NodeFederation::fields("transmit"))) == "accepted");
    holds({"subscriber"});
    world.deliver();
    REQUIRE(world.state(borealia).has_value());
    CHECK(world.acts(borealia) == 3);
}
