// The witness protocol: each row of the table of C2SP tlog-witness, in its order, and the log's
// reading of the answers.
#include "base/limits.hpp"
#include "record/witness.hpp"
#include "record_support.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

struct World {
    crypto::Ed25519Key log = crypto::Ed25519Key::from_seed(Bytes(32, 'l')).value();
    crypto::Ed25519Key witness = crypto::Ed25519Key::from_seed(Bytes(32, 'w')).value();
    FollowedLog followed{"log.example", {log_key("log.example", log)}};
    std::vector<Digest> leaves = leaf_hashes(40);

    [[nodiscard]] Digest root(std::size_t size) const {
        return root_of(Leaves(leaves).first(size));
    }

    [[nodiscard]] Bytes note(std::uint64_t size, const Digest& with_root) const {
        return sign_checkpoint({"log.example", size, with_root, {}}, log).print();
    }

    [[nodiscard]] Bytes note(std::size_t size) const { return note(size, root(size)); }

    [[nodiscard]] std::vector<Digest> proof(std::size_t old_size, std::size_t size) const {
        return consistency_path(old_size, size, plain_reader(leaves, size)).value();
    }

    [[nodiscard]] WitnessState state(std::size_t size) const {
        return {size, root(size), "stored"};
    }

    [[nodiscard]] WitnessAnswer ask(BytesView body, const WitnessState& last) const {
        const auto request = AddCheckpoint::parse(body);
        if (!request) return answer_malformed(request.error());
        return answer_add_checkpoint(
            *request, request->checkpoint.origin == followed.origin ? &followed : nullptr, last,
            "witness.example", witness, 1'764'000'000);
    }

    void check(BytesView body, const WitnessState& last, int status, bool is_evidence) const {
        const WitnessAnswer answer = ask(body, last);
        CHECK(answer.status == status);
        CHECK(answer.is_evidence == is_evidence);
        CHECK(answer.next.has_value() == (status == 200));
        CHECK_FALSE(answer.body.empty());
        CHECK(
            answer.content_type ==
            (status == 409 ? "text/x.tlog.size" : "text/plain; charset=utf-8"));
        if (status == 409) CHECK(answer.body == std::to_string(last.size) + "\n");
    }
};

} // namespace

TEST_CASE("a witness answers 200 to what extends its last checkpoint, and says what to store") {
    const World world;
    const VerifierKey witness = witness_key("witness.example", world.witness);
    WitnessState state;
    for (const std::size_t size : {0u, 1u, 1u, 7u, 8u, 33u, 40u}) {
        const auto proof = state.size == 0 ? std::vector<Digest>{} : world.proof(state.size, size);
        const Bytes note = world.note(size);
        const auto answer = world.ask(add_checkpoint_body(state.size, proof, note), state);
        REQUIRE(answer.status == 200);
        REQUIRE(answer.next.has_value());
        CHECK(answer.next->size == size);
        CHECK(answer.next->root == world.root(size));
        // What monitors fetch has both lines.
        const std::vector<VerifierKey> cosigners{witness};
        const auto opened =
            open_checkpoint(answer.next->note, world.followed.keys.front(), cosigners);
        REQUIRE(opened.has_value());
        CHECK(opened->cosignatures.front().time == 1'764'000'000);
        const auto line = read_cosignature(answer.body, Note::parse(note)->text, witness);
        REQUIRE(line.has_value());
        CHECK(answer.body == line->line());
        state = *answer.next;
    }
}

TEST_CASE("a witness answers 400 to a malformed body") {
    const World world;
    const Bytes note = world.note(8);
    const Bytes hash = to_base64(view(world.root(1))) + "\n";
    Bytes too_many = "old 1\n";
    for (int i = 0; i < 64; ++i)
        too_many += hash;
    const WitnessState last = world.state(4);
    for (const Bytes& body : std::initializer_list<Bytes>{
             Bytes(),
             Bytes("\n"),
             "old\n\n" + note,
             "old \n\n" + note,
             "old 04\n\n" + note,
             "old -4\n\n" + note,
             "old 4 \n\n" + note,
             "Old 4\n\n" + note,
             "size 4\n\n" + note,
             "old 4\r\n\n" + note,
             "old 18446744073709551616\n\n" + note,
             "old 4611686018427387905\n\n" + note,
             "old 4\n" + note,
             "old 4\n" + hash + note,
             "old 4\nAAAA\n\n" + note,
             "old 4\n" + hash.substr(0, 43) + "\n\n" + note,
             "old 4\n\n",
             "old 4\n\nlog.example\n",
             "old 4\n\n" + note.substr(0, note.size() - 1),
             "old 4\n\n\n" + note,
             too_many + "\n" + note,
             "old 4\n\n" +
                 sign_checkpoint({"log.example", tree_size_max + 1, {}, {}}, world.log).print(),
             Bytes(limits::note_bytes * 2, 'x')})
        world.check(body, last, 400, false);
    // 63 hashes are read (and then do not prove anything).
    too_many.erase(6, hash.size());
    too_many[4] = '4';
    world.check(too_many + "\n" + note, last, 422, true);
}

TEST_CASE("a witness answers 400 when the old size is above the checkpoint's") {
    const World world;
    world.check(add_checkpoint_body(9, {}, world.note(8)), world.state(9), 400, false);
}

TEST_CASE("a witness answers 404 to an origin it does not follow") {
    const World world;
    const Bytes note = sign_checkpoint({"other.example", 8, world.root(8), {}}, world.log).print();
    world.check(add_checkpoint_body(0, {}, note), {}, 404, false);
}

TEST_CASE("a witness answers 403 without a good signature by a trusted key of that origin") {
    const World world;
    const auto stranger = crypto::Ed25519Key::from_seed(Bytes(32, 's')).value();
    const Checkpoint checkpoint{"log.example", 8, world.root(8), {}};
    // Nobody trusted has signed.
    world.check(
        add_checkpoint_body(0, {}, sign_checkpoint(checkpoint, stranger).print()), {}, 403, false);
    // The trusted key's line is wrong, alone or beside a stranger's good one.
    Note bad = sign_checkpoint(checkpoint, world.log);
    bad.signatures[0].signature[5] ^= 1;
    world.check(add_checkpoint_body(0, {}, bad.print()), {}, 403, false);
    bad.signatures.push_back(sign_note(bad.text, "log.example", stranger));
    world.check(add_checkpoint_body(0, {}, bad.print()), {}, 403, false);
    // Even beside a good one of its own.
    bad.signatures.push_back(sign_note(bad.text, "log.example", world.log));
    world.check(add_checkpoint_body(0, {}, bad.print()), {}, 403, false);
    // 403 comes before 409: nobody learns sizes or moves states without the log's key.
    world.check(
        add_checkpoint_body(3, {}, sign_checkpoint(checkpoint, stranger).print()), world.state(4),
        403, false);
}

TEST_CASE("a stranger's line beside the log's good one does no harm and is not kept") {
    const World world;
    const auto stranger = crypto::Ed25519Key::from_seed(Bytes(32, 's')).value();
    Note note = sign_checkpoint({"log.example", 8, world.root(8), {}}, world.log);
    note.signatures.insert(note.signatures.begin(), sign_note(note.text, "log.example", stranger));
    const auto answer = world.ask(add_checkpoint_body(0, {}, note.print()), {});
    REQUIRE(answer.status == 200);
    const Note kept = Note::parse(answer.next->note).value();
    REQUIRE(kept.signatures.size() == 2);
    CHECK(kept.signatures[0] == note.signatures[1]);
    CHECK(kept.signatures[1].name == "witness.example");
}

TEST_CASE("a witness answers 409 and its size when the old size is not the one it cosigned last") {
    const World world;
    const auto proof = world.proof(4, 8);
    world.check(add_checkpoint_body(4, proof, world.note(8)), world.state(5), 409, false);
    world.check(add_checkpoint_body(4, proof, world.note(8)), world.state(3), 409, false);
    world.check(add_checkpoint_body(4, proof, world.note(8)), {}, 409, false);
    // A client that lost its state asks with 0 and learns the size.
    world.check(add_checkpoint_body(0, {}, world.note(8)), world.state(4), 409, false);
    // Of two requests with one old size, the second finds the state moved.
    const auto first = world.ask(add_checkpoint_body(4, proof, world.note(8)), world.state(4));
    REQUIRE(first.status == 200);
    world.check(add_checkpoint_body(4, world.proof(4, 7), world.note(7)), *first.next, 409, false);
    // Another root for the very size it cosigned is a lie of the log even so.
    world.check(
        add_checkpoint_body(4, proof, world.note(8, world.root(9))), world.state(8), 409, true);
}

TEST_CASE(
    "T21 a witness answers 422 to what is signed and cannot be true, and keeps it as evidence") {
    const World world;
    const auto proof = world.proof(4, 8);
    // Size 0 with another root.
    world.check(add_checkpoint_body(0, {}, world.note(0, world.root(1))), {}, 422, true);
    // A proof that does not verify: changed, missing, too long, for other sizes.
    auto wrong = proof;
    wrong[0] = flipped(wrong[0], 17);
    world.check(add_checkpoint_body(4, wrong, world.note(8)), world.state(4), 422, true);
    world.check(add_checkpoint_body(4, {}, world.note(8)), world.state(4), 422, true);
    wrong = proof;
    wrong.push_back(world.root(8));
    world.check(add_checkpoint_body(4, wrong, world.note(8)), world.state(4), 422, true);
    world.check(
        add_checkpoint_body(4, world.proof(3, 8), world.note(8)), world.state(4), 422, true);
    // A good proof from another past.
    world.check(add_checkpoint_body(4, proof, world.note(8)), {4, world.root(5), ""}, 422, true);
    // The same size with another root.
    world.check(
        add_checkpoint_body(8, {}, world.note(8, world.root(9))), world.state(8), 422, true);
}

TEST_CASE("a witness answers 422 to needless proofs, which accuse nobody") {
    const World world;
    world.check(add_checkpoint_body(0, world.proof(4, 8), world.note(8)), {}, 422, false);
    world.check(
        add_checkpoint_body(8, world.proof(4, 8), world.note(8)), world.state(8), 422, false);
}

TEST_CASE("a request prints as it was read") {
    const World world;
    const Bytes body = add_checkpoint_body(4, world.proof(4, 8), world.note(8));
    const auto request = AddCheckpoint::parse(body).value();
    CHECK(request.old_size == 4);
    CHECK(request.checkpoint.size == 8);
    CHECK(add_checkpoint_body(request.old_size, request.proof, request.note.print()) == body);
}

TEST_CASE("a log takes only its witness's good line out of an answer") {
    const World world;
    const VerifierKey key = witness_key("witness.example", world.witness);
    const Bytes text = Note::parse(world.note(8))->text;
    const auto stranger = crypto::Ed25519Key::from_seed(Bytes(32, 's')).value();
    const Bytes good = cosign_note(text, "witness.example", world.witness, 5).line();
    const Bytes later = cosign_note(text, "witness.example", world.witness, 6).line();
    const Bytes strange = cosign_note(text, "stranger.example", stranger, 7).line();
    CHECK(time_of(read_cosignature(strange + good + later + good, text, key).value(), key) == 6);
    CHECK(code_of(read_cosignature(strange, text, key)) == Code::note_signature);
    CHECK(code_of(read_cosignature("", text, key)) == Code::note_signature);
    CHECK(code_of(read_cosignature(good, text + "more\n", key)) == Code::note_signature);
    for (const Bytes& body : std::initializer_list<Bytes>{
             Bytes("nothing\n"), good.substr(0, good.size() - 1), good + "\n", "\n" + good,
             Bytes(limits::note_bytes + 1, '\n')})
        CHECK(code_of(read_cosignature(body, text, key)) == Code::note_malformed);
}

TEST_CASE("a log reads the size in a conflict strictly") {
    CHECK(read_conflict_size("0\n").value() == 0);
    CHECK(read_conflict_size("20852014\n").value() == 20852014);
    for (const char* body :
         {"", "\n", "7", "07\n", "7\n\n", " 7\n", "7 \n", "-7\n", "x\n", "4611686018427387905\n",
          "99999999999999999999\n"})
        CHECK_MESSAGE(code_of(read_conflict_size(body)) == Code::note_malformed, body);
}

TEST_CASE("a log's directory at a witness is the hash of its origin") {
    // The directory in which FiloSottile/sunlight keeps the checkpoint of our published vector.
    CHECK(
        origin_directory("rome2026h1.example.org") ==
        "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706");
    CHECK(origin_directory("").starts_with("e3b0c442"));
}
