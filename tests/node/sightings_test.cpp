// Who at a provider was shown a case (T28): kept with the name at home, told without it to who asks
// and who is asked, taken from nobody else.
#include "act/sighting.hpp"
#include "crypto/hash.hpp"
#include "node/act_keys.hpp"
#include "node/sightings.hpp"
#include "record/leaf.hpp"
#include "support/node_practice.hpp"
#include "support/memory_tables.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string cascadia = "cascadia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

const node::Viewer clerk{
    PersonId("response-officer"), OfficeId("vault-legal"), {"response-officer"}};

/// A case of which the provider has its order.
struct Ordered : Practice {
    explicit Ordered(bool full = false) : Practice(full) { play_until("order"); }

    bool look(const node::Viewer& viewer = clerk) {
        const auto told = node::note_sightings(node(vault), {case_id}, viewer);
        REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().text()));
        return *told;
    }

    std::vector<node::SightingRow> seen(const std::string& id) {
        std::vector<node::SightingRow> out;
        node(id).store().read(
            [&](node::StoreReader& reader) { out = reader.sightings(case_id, {}, 1'000); });
        return out;
    }

    /// What the provider could say of a sighting now.
    act::Sighting statement() {
        return {
            "practice",
            case_id,
            ParticipantId(vault),
            OfficeId("vault-legal"),
            "response-officer",
            clock.now(),
            record::act_commitment(Bytes(32, 'n'), "x"),
            7};
    }

    std::string taken(const act::Sighting& sighting, const std::string& by = vault) {
        return taken_text(act::sign_sighting(sighting, node(by).signer()), by);
    }

    std::string taken_text(
        const std::string& text, const std::string& from, const std::string& at = arcadia) {
        return code(node::receive_sighting(node(at), ParticipantId(from), text));
    }
};

} // namespace

TEST_CASE(
    "T28 a sighting is kept with the person, and told without to both sides and who oversees") {
    Ordered world(true);
    const auto before = world.leaves(vault);
    CHECK(world.look());
    CHECK(world.leaves(vault) == before + 1);
    const Instant at = world.clock.now();
    world.deliver(); // within one round: nothing waits for a beat of hours
    const auto own = world.seen(vault);
    REQUIRE(own.size() == 1);
    CHECK(own.front().person == clerk.person);
    CHECK(own.front().at == at);
    for (const auto& id : {arcadia, borealia, overseer, std::string("borealia-oversight")}) {
        CAPTURE(id);
        const auto told = world.seen(id);
        REQUIRE(told.size() == 1);
        CHECK(told.front().person.empty());
        CHECK(told.front().participant.str() == vault);
        CHECK(told.front().office.str() == "vault-legal");
        CHECK(told.front().role == "response-officer");
        CHECK(told.front().at == at);
        CHECK(told.front().hash == own.front().hash);
        // Not the pseudonym, not the name: only what all of its office have.
        const auto read = act::parse_sighting(told.front().text);
        REQUIRE(read);
        CHECK(act::print_sighting(read->sighting).find("\"person\"") == Bytes::npos);
    }
    CHECK(world.seen(cascadia).empty());
    CHECK(world.seen("cascadia-oversight").empty());
    CHECK(world.outbox(vault) == 0);
}

TEST_CASE(
    "T28 the leaf of a sighting is an act's to everybody else, and binds the provider to the person") {
    Ordered world;
    REQUIRE(world.look());
    const auto row = world.seen(vault).front();
    std::vector<Bytes> leaves;
    world.node(vault).store().read(
        [&](node::StoreReader& reader) { leaves = reader.leaves(row.leaf, 1); });
    REQUIRE(leaves.size() == 1);
    const auto leaf = record::Leaf::parse(leaves.front());
    REQUIRE(leaf);
    CHECK(leaf->kind == record::Leaf::Kind::act);
    world.deliver();
    const auto told = act::parse_sighting(world.seen(arcadia).front().text);
    REQUIRE(told);
    CHECK(told->sighting.index == row.leaf);
    CHECK(
        told->sighting.commitment == leaf->hash); // found in the provider's record by who was told
    CHECK(record::verify_act_leaf(leaves.front(), row.nonce, node::sighting_text(row)));
    auto other = row;
    other.person = PersonId("second-response-officer");
    CHECK_FALSE(record::verify_act_leaf(leaves.front(), row.nonce, node::sighting_text(other)));
}

TEST_CASE("T28 a person is told of once a case and day, and every person of their own") {
    Ordered world;
    CHECK(world.look());
    CHECK_FALSE(world.look());
    world.clock.pass(std::chrono::seconds{59});
    CHECK_FALSE(world.look());
    CHECK(world.seen(vault).front().last == world.seen(vault).front().at);
    world.clock.pass(std::chrono::seconds{1});
    CHECK_FALSE(world.look());
    CHECK(world.seen(vault).front().last == world.clock.now()); // kept, to the minute
    auto colleague = clerk;
    colleague.person = PersonId("second-response-officer");
    CHECK(world.look(colleague)); // at the same office, in the same role
    world.deliver();
    CHECK(world.seen(arcadia).size() == 2);
    // The next day begins at midnight UTC.
    const auto midnight =
        std::chrono::floor<std::chrono::days>(world.clock.now()) + std::chrono::days{1};
    world.clock.set(midnight - Milliseconds{1});
    CHECK_FALSE(world.look());
    world.clock.set(midnight);
    CHECK(world.look());
    world.deliver();
    CHECK(world.seen(arcadia).size() == 3);
    CHECK(world.seen(borealia).size() == 3);
}

TEST_CASE("T28 people of authorities and of oversight are not told of this way") {
    Ordered world;
    for (const auto& id : {arcadia, borealia, overseer}) {
        const auto told = node::note_sightings(
            world.node(id), {world.case_id}, {PersonId("judge"), OfficeId("arcadia-court"), {}});
        REQUIRE(told);
        CHECK_FALSE(*told);
        CHECK(world.seen(id).empty());
    }
    const auto none = node::note_sightings(world.node(vault), {CaseId("nothing")}, clerk);
    REQUIRE(none);
    CHECK_FALSE(*none);
}

TEST_CASE(
    "T28 a role is told as far as the directory knows it: an administrator, and who has none") {
    Ordered world;
    CHECK(world.look({PersonId("a"), OfficeId("vault-legal"), {"administrator"}}));
    CHECK(world.look({PersonId("b"), OfficeId("vault-legal"), {}})); // training has ended
    CHECK(world.look({PersonId("c"), OfficeId("vault-legal"), {"judge"}}));
    CHECK(world.look({PersonId("d"), OfficeId("vault-legal"), {"judge", "response-officer"}}));
    world.deliver();
    std::multiset<std::string> roles;
    for (const auto& row : world.seen(arcadia))
        roles.insert(row.role);
    CHECK(roles == std::multiset<std::string>{"", "", "administrator", "response-officer"});
}

TEST_CASE(
    "T28 T10 a peer that is away is told when it is back, in order and once, and acts do not wait") {
    Ordered world;
    world.away = {arcadia};
    CHECK(world.look());
    world.deliver();
    CHECK(world.seen(borealia).size() == 1);
    CHECK(world.seen(arcadia).empty());
    world.clock.pass(std::chrono::days{1});
    CHECK(world.look());
    world.deliver();
    world.away.clear();
    world.loses_answer = {arcadia}; // it hears the first, and the provider does not hear so
    for (int i = 0; i < 2; ++i) {
        world.clock.pass(std::chrono::minutes{2});
        world.deliver();
    }
    const auto told = world.seen(arcadia);
    REQUIRE(told.size() == 2);
    CHECK(told.back().hash == world.seen(vault).back().hash);
    CHECK(world.outbox(vault) == 0);
    // A peer that takes no statement, as one of before: acts go on.
    world.clock.pass(std::chrono::days{1});
    CHECK(world.look());
    node::OutboxRow waits;
    world.node(vault).store().write([&](node::StoreWriter& writer) {
        waits = writer.outbox(9).front();
        waits.failed = true;
        for (auto row : writer.outbox(9)) {
            row.failed = true;
            writer.update_outbox(row);
        }
    });
    world.play("produce");
    world.move_all();
    CHECK(world.state(arcadia)->latest.contains("produce"));
    CHECK(world.seen(arcadia).size() == 2);
    REQUIRE(node::resend(world.node(vault), waits.id));
}

TEST_CASE("T28 T07 a statement is taken from the case's provider alone, under its own seal, once") {
    Ordered world;
    const auto good = world.statement();
    CHECK(world.taken(good) == "accepted");
    CHECK(world.taken(good) == "accepted"); // the answer was lost: no change
    CHECK(world.seen(arcadia).size() == 1);

    auto other = good;
    other.index = 8; // not the one that was taken
    const auto text = act::sign_sighting(other, world.node(vault).signer());
    CHECK(world.taken_text(text, borealia) == "performer_not_signer"); // passed on by another
    CHECK(
        world.taken_text(act::sign_sighting(other, world.node(borealia).signer()), vault) ==
        "performer_not_signer");
    auto flipped = text;
    flipped[flipped.find("\"signature\"") + 20] ^= 1;
    CHECK(world.taken_text(flipped, vault) != "accepted");

    SUBCASE("of a case that this node has, in which the sender is no provider") {
        auto stranger = other;
        stranger.participant = ParticipantId(borealia);
        stranger.office = OfficeId("borealia-court");
        stranger.role = "judge";
        CHECK(world.taken(stranger, borealia) == "case_unknown");
    }
    SUBCASE("of a case that this node does not have: the same answer") {
        other.case_id = CaseId("another");
        CHECK(world.taken(other) == "case_unknown");
    }
    SUBCASE("before the provider has joined the case") {
        Practice early;
        early.play_until("accept");
        auto too_early = other;
        too_early.case_id = early.case_id;
        too_early.time = early.clock.now();
        CHECK(
            code(node::receive_sighting(
                early.node(arcadia), ParticipantId(vault),
                act::sign_sighting(too_early, early.node(vault).signer()))) == "case_unknown");
    }
    SUBCASE("at an office that is not its own, or in a role that it is not competent for") {
        other.office = OfficeId("arcadia-court");
        CHECK(world.taken(other) == "office_unknown");
        other.office = OfficeId("vault-legal");
        other.role = "judge";
        CHECK(world.taken(other) == "office_not_competent");
        other.role = "administrator";
        other.office = OfficeId("arcadia-court");
        CHECK(world.taken(other) == "office_unknown");
    }
    SUBCASE("of another federation") {
        other.federation = "elsewhere";
        CHECK(world.taken(other) == "federation_other");
    }
    SUBCASE("at a node that is not told") {
        CHECK(world.taken_text(text, vault, vault) == "not_addressed");
    }
    CHECK(world.seen(arcadia).size() == 1);
}

TEST_CASE("T28 the time of a statement: within the case, not ahead, and sealed when it happened") {
    Ordered world;
    const Instant now = world.clock.now();
    Instant opened;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { opened = reader.act_at(world.case_id, 1)->admitted; });
    const auto at = [&](Instant when) {
        auto sighting = world.statement();
        sighting.time = when;
        return world.taken(sighting);
    };
    constexpr std::chrono::minutes slack{2};
    CHECK(at(now + slack) == "accepted");
    CHECK(at(now + slack + std::chrono::seconds{1}) == "time_unbelievable");
    CHECK(at(opened - slack) == "accepted");
    CHECK(at(opened - slack - std::chrono::seconds{1}) == "time_unbelievable");
    const auto sealed = [&](Instant when) {
        auto sighting = world.statement();
        sighting.time = opened;
        sighting.index = 9;
        return world.taken_text(
            crypto::sign_jws(
                act::print_sighting(sighting), act::sighting_type, when,
                world.node(vault).signer()),
            vault);
    };
    CHECK(sealed(opened + slack + std::chrono::seconds{1}) == "time_unbelievable");
    CHECK(sealed(opened - slack - std::chrono::seconds{1}) == "time_unbelievable");
    CHECK(sealed(opened + slack) == "accepted");
}

TEST_CASE("T28 a statement has one text and one seal of its own type") {
    Ordered world;
    const auto sighting = world.statement();
    const auto sign = [&](BytesView payload, std::string_view type,
                          const json::Object& unprotected = {}) {
        return crypto::sign_jws(
            payload, type, world.clock.now(), world.node(vault).signer(), unprotected);
    };
    const auto payload = act::print_sighting(sighting);
    CHECK(world.taken_text(sign(payload, "comity-receipt+jws"), vault) == "seal_malformed");
    CHECK(
        world.taken_text(sign(payload, act::sighting_type, {{"x", 1}}), vault) == "seal_malformed");
    CHECK(world.taken_text(sign(payload + " ", act::sighting_type), vault) == "json_malformed");
    CHECK(world.taken_text("{}", vault) == "seal_malformed");
    auto object = *json::parse_object(payload, 4096);
    object["person"] = "dina";
    CHECK(
        world.taken_text(sign(json::print(object), act::sighting_type), vault) == "json_malformed");
    object.erase("person");
    object.erase("role");
    CHECK(
        world.taken_text(sign(json::print(object), act::sighting_type), vault) == "json_malformed");
    CHECK(world.seen(arcadia).empty());
    const auto read = act::parse_sighting(sign(payload, act::sighting_type));
    REQUIRE(read);
    CHECK(read->sighting == sighting);
}

TEST_CASE("T54 a flood of statements about one case ends at its limit") {
    Ordered world;
    world.node(arcadia).store().write([&](node::StoreWriter& writer) {
        for (std::size_t i = 0; i < limits::sightings_per_case - 1; ++i) {
            node::SightingRow row;
            row.hash = crypto::sha256(std::to_string(i));
            row.case_id = world.case_id;
            row.participant = ParticipantId(vault);
            row.at = Instant{Milliseconds{static_cast<std::int64_t>(i)}};
            writer.put_sighting(row);
        }
    });
    auto sighting = world.statement();
    CHECK(world.taken(sighting) == "accepted");
    sighting.index += 1;
    CHECK(world.taken(sighting) == "too_large");
}

TEST_CASE(
    "T13 the gate notes the keys behind each act, and those of before are looked through once") {
    Ordered world;
    std::vector<node::ActRow> acts;
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { acts = reader.acts(world.case_id, 0, 100); });
    for (const auto& row : acts) {
        const auto sealed = act::parse_sealed(row.seal);
        REQUIRE(sealed);
        CHECK(row.sealed_by == sealed->seal.certificate.fingerprint());
        CHECK(
            row.approved_by ==
            world.world.person(sealed->header.performer.str(), sealed->header.person.str()).hash);
    }
    CHECK(node::note_act_keys(world.node(borealia)) == 0);
    // A store of before: the same acts without their keys.
    auto& member = *world.members.at(borealia);
    auto old = member.store.back_up();
    for (auto& [hash, row] : old.acts.edit()) {
        row.sealed_by.reset();
        row.approved_by.reset();
    }
    member.store.restore(old);
    CHECK(node::note_act_keys(world.node(borealia)) == acts.size());
    world.node(borealia).store().read([&](node::StoreReader& reader) {
        for (const auto& row : acts) {
            const auto now = reader.find_act(row.hash);
            CHECK(now->sealed_by == row.sealed_by);
            CHECK(now->approved_by == row.approved_by);
        }
    });
}
