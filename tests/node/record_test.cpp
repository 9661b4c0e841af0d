// From an admitted act to a proof under a cosigned checkpoint, over restarts, failures of the disk
// and back-ups that are too old.
#include "crypto/hash.hpp"
#include "node/witness_checkpoint.hpp"
#include "record/leaf.hpp"
#include "record/witness.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string overseer = "arcadia-oversight";

struct Recorded : Practice {
    Recorded() { play_until("request"); }

    record::Policy policy() {
        const auto directory = node(arcadia).directory();
        REQUIRE(directory.has_value());
        const auto out = node::witness_policy(**directory);
        REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().text()));
        return *out;
    }

    Result<record::OpenedCheckpoint> verify(const node::Sequencer& sequencer, std::int64_t leaf) {
        std::vector<Bytes> entry;
        node(arcadia).store().read(
            [&](node::StoreReader& reader) { entry = reader.leaves(leaf, 1); });
        REQUIRE(entry.size() == 1);
        TRY(const auto proof, sequencer.prove(static_cast<std::uint64_t>(leaf)));
        TRY(const auto read, record::TlogProof::parse(proof.print())); // as a file would carry it
        return record::verify_proof(read, crypto::merkle_leaf(entry.front()), policy());
    }

    node::ActRow act_row(std::int64_t sequence) {
        std::optional<node::ActRow> row;
        node(arcadia).store().read(
            [&](node::StoreReader& reader) { row = reader.act_at(case_id, sequence); });
        REQUIRE(row);
        return *row;
    }

    void add_act() {
        auto form = fields("authorise");
        form["request"] = request_hash;
        REQUIRE(code(act(arcadia, "judge", "authorise", form)) == "accepted");
    }
};

std::string name_of(const Result<bool>& result) {
    return code(result);
}

} // namespace

TEST_CASE(
    "R1_ an admitted act is proved under the policy of the directory, once a beat has passed") {
    Recorded world;
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(code(sequencer.start()) == "accepted");
    const auto row = world.act_row(1);
    CHECK(code(sequencer.prove(static_cast<std::uint64_t>(row.leaf))) == "proof_wrong"); // not yet
    const auto published = sequencer.beat();
    REQUIRE_MESSAGE(published.has_value(), (published ? "" : published.error().text()));
    CHECK(*published);
    CHECK(sequencer.size() == static_cast<std::uint64_t>(world.leaves(arcadia)));
    const auto opened = world.verify(sequencer, row.leaf);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
    CHECK(opened->cosignatures.size() == 1);
    // The leaf commits to this header and nonce, and tells nobody else.
    std::vector<Bytes> entry;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { entry = reader.leaves(row.leaf, 1); });
    const auto sealed = act::parse_sealed(row.seal);
    REQUIRE(sealed.has_value());
    CHECK(record::verify_act_leaf(entry.front(), row.nonce, sealed->header_bytes));
    CHECK_FALSE(record::verify_act_leaf(entry.front(), Bytes(32, 'n'), sealed->header_bytes));
    // Nothing new: nothing is published.
    const auto again = sequencer.beat();
    REQUIRE(again);
    CHECK_FALSE(*again);
}

TEST_CASE("T20 a proof does not verify for another leaf or without the witness") {
    Recorded world;
    world.add_act();
    world.away = {overseer};
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    CHECK(code(world.verify(sequencer, 0)) == "policy_unmet");
    // The witness is asked again on the next beat, though nothing new is there to publish.
    world.away.clear();
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    CHECK(code(world.verify(sequencer, 0)) == "accepted");
    const auto proof = sequencer.prove(0);
    REQUIRE(proof);
    CHECK(
        code(record::verify_proof(*proof, crypto::merkle_leaf("another leaf"), world.policy())) ==
        "proof_wrong");
    auto moved = *proof;
    moved.index = 1;
    std::vector<Bytes> entry;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { entry = reader.leaves(0, 1); });
    CHECK(
        code(record::verify_proof(moved, crypto::merkle_leaf(entry.front()), world.policy())) ==
        "proof_wrong");
}

TEST_CASE("a sequencer that starts again goes on where the record stands") {
    Recorded world;
    {
        node::Sequencer sequencer(world.node(arcadia));
        REQUIRE(sequencer.start());
        REQUIRE(name_of(sequencer.beat()) == "accepted");
    }
    world.add_act();
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(code(sequencer.start()) == "accepted");
    CHECK(sequencer.size() == 1);
    CHECK_FALSE(sequencer.checkpoint().empty());
    CHECK(code(world.verify(sequencer, 0)) == "accepted"); // the old checkpoint still serves
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    CHECK(sequencer.size() == 2);
    CHECK(code(world.verify(sequencer, 0)) == "accepted");
    CHECK(code(world.verify(sequencer, 1)) == "accepted");
}

TEST_CASE("T20 a node that was restored from an old back-up does not go on with its record") {
    Recorded world;
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");

    // Store and files both old: the witness has cosigned more than is here.
    MemoryStore empty;
    MemoryFiles no_files;
    const auto old = world.node_over(arcadia, empty, no_files);
    node::Sequencer both(*old);
    const auto refused = both.start();
    CHECK(code(refused) == "proof_wrong");
    CHECK((refused ? "" : refused.error().facts.text()).find("old back-up") != std::string::npos);

    // Only the store is old: the published record has more than the store.
    const auto half = world.node_over(arcadia, empty, world.members.at(arcadia)->files);
    node::Sequencer store_old(*half);
    CHECK(code(store_old.start()) == "proof_wrong");

    // The witness was away at the start: its first answer tells, and nothing is cosigned.
    world.away = {overseer};
    node::Sequencer unaware(*old);
    REQUIRE(code(unaware.start()) == "accepted");
    world.away.clear();
    CHECK(name_of(unaware.beat()) == "proof_wrong");
}

TEST_CASE("T20 a record whose tiles were changed is noticed at the start") {
    Recorded world;
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    auto& files = world.members.at(arcadia)->files;
    const std::string tile = "record/tile/0/000.p/1";
    const auto good = files.read(tile);
    REQUIRE(good);
    Bytes changed = *good;
    changed[0] = static_cast<char>(changed[0] ^ 1);
    files.replace(tile, changed);
    CHECK(
        code(node::Sequencer(world.node(arcadia)).start()) ==
        "proof_malformed"); // not the hash of its entry
    files.destroy(tile);
    CHECK(code(node::Sequencer(world.node(arcadia)).start()) == "proof_malformed");
    // Tiles of another history that agree among themselves: the checkpoint tells.
    record::TileWriter other;
    REQUIRE(other.append(std::vector<Bytes>{"another entry"}));
    for (const auto& file : other.take_files())
        files.replace("record/" + file.id.path(), file.bytes);
    CHECK(code(node::Sequencer(world.node(arcadia)).start()) == "proof_wrong");
}

TEST_CASE(
    "a file that cannot be written publishes nothing, and the next beat publishes everything") {
    // Of a beat's replacements the first are the tiles, the second is the checkpoint, and the third
    // the checkpoint with its cosignature.
    for (const int nth : {1, 2, 3}) {
        CAPTURE(nth);
        Recorded world;
        node::Sequencer sequencer(world.node(arcadia));
        REQUIRE(sequencer.start());
        REQUIRE(name_of(sequencer.beat()) == "accepted");
        const auto before = sequencer.checkpoint();
        world.add_act();
        world.station(arcadia).files.break_replace(nth);
        CHECK_THROWS_AS((void)sequencer.beat(), StorageFault);
        CHECK(world.members.at(arcadia)->files.read("record/checkpoint") == sequencer.checkpoint());
        if (nth < 3) CHECK(sequencer.checkpoint() == before);
        REQUIRE(name_of(sequencer.beat()) == "accepted");
        CHECK(sequencer.size() == 2);
        CHECK(code(world.verify(sequencer, 0)) == "accepted");
        CHECK(code(world.verify(sequencer, 1)) == "accepted");
        // And what lies in the files is enough to start from.
        node::Sequencer next(world.node(arcadia));
        CHECK(code(next.start()) == "accepted");
        CHECK(next.size() == 2);
    }
}

TEST_CASE("T21 a witness cosigns no second history of a record, and follows no stranger's") {
    Recorded world;
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    const auto& key = *world.node(arcadia).keys().record;
    const auto directory = world.node(arcadia).directory();
    REQUIRE(directory);
    const std::string origin = (*directory)->find(ParticipantId(arcadia))->record.origin;
    const auto ask = [&](std::uint64_t old_size, const record::Checkpoint& checkpoint,
                         const crypto::Ed25519Key& by) {
        return node::witness_checkpoint(
                   world.node(overseer),
                   record::add_checkpoint_body(
                       old_size, {}, record::sign_checkpoint(checkpoint, by).print()))
            .status;
    };
    const Digest forged = crypto::sha256("another history");
    CHECK(ask(1, {origin, 1, forged, {}}, key) == 422); // the same size, another root
    CHECK(ask(0, {origin, 5, forged, {}}, key) == 409); // as if it had been seen never
    CHECK(ask(1, {origin, 2, forged, {}}, key) == 422); // longer, without a proof
    CHECK(ask(1, {origin, 2, forged, {}}, crypto::Ed25519Key::generate()) == 403); // another key
    CHECK(ask(0, {"stranger.example/record", 1, forged, {}}, key) == 404);
    CHECK(node::witness_checkpoint(world.node(overseer), "nonsense").status == 400);
    CHECK(
        node::witness_checkpoint(
            world.node(borealia), record::add_checkpoint_body(0, {}, sequencer.checkpoint()))
            .status == 404);
    // What was cosigned is shown, and is still the true one.
    const auto shown =
        node::witnessed_checkpoint(world.node(overseer), record::origin_directory(origin));
    REQUIRE(shown);
    const auto opened = world.policy().open(*shown);
    REQUIRE(opened.has_value());
    CHECK(opened->checkpoint.size == 1);
    CHECK(opened->checkpoint.root != forged);
}

TEST_CASE("T21 a witness's state that is lost at the write is not answered with a cosignature") {
    Recorded world;
    for (const auto how : {Break::unrun, Break::undone}) {
        world.station(overseer).store.break_write(1, how);
        node::Sequencer sequencer(world.node(arcadia));
        REQUIRE(sequencer.start());
        REQUIRE(name_of(sequencer.beat()) == "accepted");
        CHECK(code(world.verify(sequencer, 0)) == "policy_unmet");
        std::optional<node::WitnessRow> row;
        world.node(overseer).store().read([&](node::StoreReader& reader) {
            row = reader.witnessed("arcadia-authority.example/record");
        });
        CHECK_FALSE(row);
    }
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    CHECK(code(world.verify(sequencer, 0)) == "accepted");
}

TEST_CASE("T54 one witness that answers nonsense stops neither the start nor the beat") {
    Recorded world;
    world.lying = overseer;
    const auto stranger = crypto::Ed25519Key::generate();
    const record::Checkpoint invented{
        "arcadia-authority.example/record", 100, crypto::sha256("x"), {}};
    for (const Bytes& lie :
         {Bytes("nonsense"), record::sign_checkpoint(invented, stranger).print()}) {
        world.lie = lie;
        CHECK(code(node::Sequencer(world.node(arcadia)).start()) == "accepted");
    }
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(code(sequencer.start()) == "accepted");
    CHECK(name_of(sequencer.beat()) == "accepted");
    CHECK(sequencer.size() == 1);
    CHECK(code(world.verify(sequencer, 0)) == "policy_unmet");
    world.lying.clear();
    CHECK(name_of(sequencer.beat()) == "accepted");
    CHECK(code(world.verify(sequencer, 0)) == "accepted");
}

TEST_CASE("a failed beat across the border of a tile loses no tile") {
    Recorded world;
    node::Sequencer sequencer(world.node(arcadia));
    REQUIRE(sequencer.start());
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    const auto fill = [&](std::size_t count) {
        world.node(arcadia).store().write([&](node::StoreWriter& writer) {
            for (std::size_t i = 0; i < count; ++i)
                writer.add_leaf(record::act_leaf(crypto::random_bytes(32), "header"));
        });
    };
    fill(299);
    world.station(arcadia).files.break_replace(1); // the full tile is among what is lost
    CHECK_THROWS_AS((void)sequencer.beat(), StorageFault);
    fill(1);
    REQUIRE(name_of(sequencer.beat()) == "accepted");
    CHECK(sequencer.size() == 301);
    CHECK(world.members.at(arcadia)->files.read("record/tile/0/000"));
    for (const std::int64_t leaf : {0, 1, 255, 256, 299, 300}) {
        CAPTURE(leaf);
        CHECK(code(world.verify(sequencer, leaf)) == "accepted");
    }
    CHECK(code(node::Sequencer(world.node(arcadia)).start()) == "accepted");
}

namespace {

/// Who asked the witness how often, and when it cosigned last.
struct Quiet : Recorded {
    Quiet() {
        REQUIRE(sequencer.start());
        beat();
    }

    bool beat() {
        const auto done = sequencer.beat();
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
        return *done;
    }

    Instant cosigned() {
        const auto opened = policy().open(sequencer.checkpoint());
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
        REQUIRE(opened->cosignatures.size() == 1);
        return Instant{
            std::chrono::seconds{static_cast<std::int64_t>(opened->cosignatures.front().time)}};
    }

    node::Sequencer sequencer{node(arcadia)};
};

} // namespace

TEST_CASE("T17 a record to which nothing comes is cosigned anew, before anybody calls it stale") {
    Quiet world;
    const auto first = world.cosigned();
    const auto begun = world.clock.now();
    // Below the age nobody is asked, at it the witness signs the same leaves with its new time.
    world.clock.set(begun + node::cosignature_age - Milliseconds{1});
    CHECK_FALSE(world.beat());
    CHECK(world.cosigned() == first);
    world.clock.set(begun + node::cosignature_age);
    CHECK_FALSE(world.beat());
    CHECK(world.cosigned() == first + node::cosignature_age);
    CHECK(world.sequencer.size() == 1);
    // As it is published, and as the witness shows it.
    CHECK(
        world.members.at(arcadia)->files.read("record/checkpoint") == world.sequencer.checkpoint());
    const auto shown = node::witnessed_checkpoint(
        world.node(overseer), record::origin_directory("arcadia-authority.example/record"));
    REQUIRE(shown);
    CHECK(world.policy().open(*shown)->cosignatures.front().time > 0);
    // Again after the same time, over days, without a leaf.
    for (int i = 0; i < 12; ++i) {
        world.clock.pass(node::cosignature_age);
        CHECK_FALSE(world.beat());
        CHECK(world.clock.now() - world.cosigned() < std::chrono::seconds{1});
    }
    CHECK(world.leaves(arcadia) == 1);
}

TEST_CASE(
    "T17 while the witness is away the older cosignature stays, and the next beat asks again") {
    Quiet world;
    const auto first = world.cosigned();
    world.away = {overseer};
    world.clock.pass(node::cosignature_age + std::chrono::hours{3});
    CHECK_FALSE(world.beat());
    CHECK(world.cosigned() == first);
    world.away.clear();
    CHECK_FALSE(world.beat());
    CHECK(world.clock.now() - world.cosigned() < std::chrono::seconds{1});
    // A node that was down meanwhile asks at its start.
    world.clock.pass(std::chrono::hours{30});
    node::Sequencer next(world.node(arcadia));
    REQUIRE(next.start());
    REQUIRE(name_of(next.beat()) == "accepted");
    const auto opened = world.policy().open(next.checkpoint());
    REQUIRE(opened);
    CHECK(
        Instant{
            std::chrono::seconds{static_cast<std::int64_t>(opened->cosignatures.front().time)}} +
            std::chrono::seconds{1} >
        world.clock.now());
}
