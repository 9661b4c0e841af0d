// Policies and offline proofs: the example of C2SP tlog-policy, each rule of its syntax, every
// subset of witnesses against the quorum, and proofs with each part exchanged.
#include "record/leaf.hpp"
#include "record/proof.hpp"
#include "record_support.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

crypto::Ed25519Key key_of(std::size_t number) {
    return crypto::Ed25519Key::from_seed(Bytes(32, static_cast<char>(number))).value();
}

std::string witness_text(std::size_t number) {
    return witness_key("witness.example/" + std::to_string(number), key_of(number)).text();
}

std::string log_text() {
    return log_key("log.example", key_of(100)).text();
}

// Witnesses 1 to 6 named X1 X2 X3 Y1 Y2 Y3.
std::string example_policy() {
    std::string text = "# who watches\n\nlog " + log_text() + " https://log.example/\n\n";
    for (std::size_t i = 0; i < 6; ++i) {
        const char name[] = {i < 3 ? 'X' : 'Y', static_cast<char>('1' + i % 3), 0};
        text += std::string("witness ") + name + " " + witness_text(i + 1) + "\n";
    }
    return text + "\t group X-witnesses 2 X1 X2\tX3 \n  # two of three\n"
                  "group Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\n"
                  "quorum X-and-Y\n";
}

Bytes checkpoint_by(
    std::uint64_t size, const Digest& root, std::span<const std::size_t> witnesses) {
    Note note = sign_checkpoint({"log.example", size, root, {}}, key_of(100));
    for (const std::size_t i : witnesses)
        note.signatures.push_back(
            cosign_note(note.text, "witness.example/" + std::to_string(i), key_of(i), 1000 + i));
    return note.print();
}

} // namespace

TEST_CASE("the example policy holds for exactly the subsets that its words say") {
    const Policy policy = Policy::parse(example_policy()).value();
    REQUIRE(policy.logs().size() == 1);
    CHECK(policy.logs()[0].url == "https://log.example/");
    REQUIRE(policy.witnesses().size() == 6);
    CHECK(policy.witnesses()[0].name == "X1");
    CHECK_FALSE(policy.needs_no_witness());
    for (unsigned set = 0; set < 64; ++set) {
        std::vector<std::size_t> present;
        std::vector<std::size_t> numbers;
        for (unsigned i = 0; i < 6; ++i)
            if (set >> i & 1) {
                present.push_back(i);
                numbers.push_back(i + 1);
            }
        const int x = std::popcount(set & 7);
        const int y = std::popcount(set >> 3);
        const bool want = x >= 2 && y >= 1;
        CHECK(policy.evaluate(present).has_value() == want);
        const auto opened = policy.open(checkpoint_by(3, root_of(leaf_hashes(3)), numbers));
        CHECK(opened.has_value() == want);
        if (!want)
            CHECK(code_of(opened) == Code::policy_unmet);
        else
            CHECK(opened->cosignatures.size() == present.size());
    }
    const auto refused = policy.evaluate(std::vector<std::size_t>{0, 1});
    CHECK(refused.error().facts.text().find("Y1, Y2, Y3") != std::string::npos);
}

TEST_CASE("a quorum may be one witness, nested groups, or none") {
    const std::string w1 = "witness a " + witness_text(1) + "\n";
    const std::string w2 = "witness b " + witness_text(2) + " https://b.example\n";
    const std::vector<std::size_t> none;
    const std::vector<std::size_t> first{0};
    const std::vector<std::size_t> both{0, 1};
    const Policy single = Policy::parse(w1 + w2 + "quorum a\n").value();
    CHECK(single.evaluate(first).has_value());
    CHECK_FALSE(single.evaluate(none).has_value());
    CHECK_FALSE(single.evaluate(std::vector<std::size_t>{1}).has_value());
    CHECK(single.witnesses()[1].url == "https://b.example");
    const Policy all = Policy::parse(w1 + w2 + "group g all a b\nquorum g").value();
    CHECK(all.evaluate(both).has_value());
    CHECK_FALSE(all.evaluate(first).has_value());
    // A repeated witness counts once.
    CHECK_FALSE(all.evaluate(std::vector<std::size_t>{0, 0}).has_value());
    const Policy free = Policy::parse("quorum none\n").value();
    CHECK(free.needs_no_witness());
    CHECK(free.evaluate(none).has_value());
    // A policy without logs accepts no checkpoint by itself.
    CHECK(code_of(free.open(checkpoint_by(0, empty_root(), {}))) == Code::note_signature);
    const Policy one_log = Policy::parse("log " + log_text() + "\nquorum none\n").value();
    CHECK(one_log.open(checkpoint_by(0, empty_root(), {})).has_value());
    const Policy nested =
        Policy::parse(w1 + w2 + "group g 1 a\ngroup h 1 g b\ngroup i all h\nquorum i\n").value();
    CHECK(nested.evaluate(first).has_value());
    CHECK_FALSE(nested.evaluate(none).has_value());
}

TEST_CASE("each rule of the policy's syntax refuses what breaks it and names the line") {
    const std::string a = "witness a " + witness_text(1) + "\n";
    const std::string b = "witness b " + witness_text(2) + "\n";
    const std::string log = "log " + log_text() + "\n";
    const std::string same_key_other_name =
        "witness c " + witness_key("other.example", key_of(1)).text() + "\n";
    const std::string same_log_key_other_name =
        "log " + log_key("other.example", key_of(100)).text() + "\n";
    const std::string quorum = "quorum a\n";

    struct Row {
        const char* what;
        std::string text;
        int line;
    };

    const Row rows[] = {
        {"no quorum", a, 0},
        {"empty", "", 0},
        {"two quorums", a + quorum + quorum, 3},
        {"two quorums none", "quorum none\nquorum none\n", 2},
        {"quorum undefined", a + "quorum z\n", 2},
        {"quorum before its witness", quorum + a, 1},
        {"quorum without name", a + "quorum\n", 2},
        {"quorum with two names", a + b + "quorum a b\n", 3},
        {"unknown keyword", a + "Witness\n" + quorum, 2},
        {"comment after a line's items", a + "quorum a # yes\n", 2},
        {"log without key", "log\nquorum none\n", 1},
        {"log with too much", "log " + log_text() + " u v\nquorum none\n", 1},
        {"log with a bad key", "log x+1+2\nquorum none\n", 1},
        {"log twice", log + log + "quorum none\n", 2},
        {"log key under two names", log + same_log_key_other_name + "quorum none\n", 2},
        {"witness without key", "witness a\nquorum none\n", 1},
        {"witness with too much", "witness a " + witness_text(1) + " u v\n" + quorum, 1},
        {"witness key of a log", "witness a " + log_text() + "\n" + quorum, 1},
        {"witness name twice", a + "witness a " + witness_text(2) + "\n" + quorum, 2},
        {"witness key twice", a + same_key_other_name + quorum, 2},
        {"witness named none", "witness none " + witness_text(1) + "\nquorum none\n", 1},
        {"group named none", a + "group none any a\n" + quorum, 2},
        {"group named as a witness", a + b + "group a any b\n" + quorum, 3},
        {"group twice", a + b + "group g any a\ngroup g any b\nquorum g\n", 4},
        {"group without members", a + "group g any\n" + quorum, 2},
        {"group without threshold", a + "group g\n" + quorum, 2},
        {"group of none", a + "group g any none\n" + quorum, 2},
        {"group of itself", a + "group g any g\n" + quorum, 2},
        {"group before its witness", "group g any a\n" + a + quorum, 1},
        {"threshold 0", a + "group g 0 a\n" + quorum, 2},
        {"threshold above the members", a + b + "group g 3 a b\n" + quorum, 3},
        {"threshold with leading zero", a + "group g 01 a\n" + quorum, 2},
        {"threshold with sign", a + "group g +1 a\n" + quorum, 2},
        {"threshold as word", a + "group g most a\n" + quorum, 2},
        {"threshold too long", a + "group g 18446744073709551617 a\n" + quorum, 2},
        {"member twice in a group", a + "group g any a a\n" + quorum, 2},
        {"member of two groups", a + "group g any a\ngroup h any a\nquorum h\n", 3},
        {"group member of two groups",
         a + "group g any a\ngroup h any g\ngroup i any g\nquorum i\n", 4},
        {"carriage return", a + "quorum a\r\n", 0},
        {"zero octet", a + quorum + std::string(1, '\0'), 0},
        {"delete octet", a + quorum + "# \x7f\n", 0},
        {"form feed", a + "\f" + quorum, 0},
    };
    for (const Row& row : rows) {
        const auto policy = Policy::parse(row.text);
        REQUIRE_MESSAGE(code_of(policy) == Code::policy_malformed, row.what);
        if (row.line != 0)
            CHECK_MESSAGE(
                policy.error().facts.text().starts_with("line " + std::to_string(row.line) + ":"),
                row.what << ": " << policy.error().facts.text());
    }
    CHECK(Policy::parse(a + b + "group g 1 a b\nquorum g\n").has_value());
    CHECK(Policy::parse(a + b + "group g 2 a b\nquorum g\n").has_value());
}

TEST_CASE("names are opaque octets, and a hundred logs, witnesses and groups are read") {
    std::string text = "# \xff is fine in a comment\n";
    for (std::size_t i = 0; i < 100; ++i) {
        text += "log " + log_key("log.example/" + std::to_string(i), key_of(i)).text() + "\n";
        text += "witness \xfe" + std::to_string(i) + " " + witness_text(i) + "\n";
        text += "group g" + std::to_string(i) + " all \xfe" + std::to_string(i) +
                (i == 0 ? "" : " g" + std::to_string(i - 1)) + "\n";
    }
    const Policy policy = Policy::parse(text + "quorum g99\n").value();
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < 100; ++i)
        all.push_back(i);
    CHECK(policy.evaluate(all).has_value());
    all.erase(all.begin() + 50);
    CHECK_FALSE(policy.evaluate(all).has_value());
}

TEST_CASE("two logs with one origin, as after a change of key, both speak") {
    const std::string other = log_key("log.example", key_of(101)).text();
    const Policy policy =
        Policy::parse("log " + other + "\nlog " + log_text() + "\nquorum none\n").value();
    CHECK(policy.open(checkpoint_by(0, empty_root(), {})).has_value());
    const Note by_other = sign_checkpoint({"log.example", 0, empty_root(), {}}, key_of(101));
    CHECK(policy.open(by_other.print()).has_value());
    const Note by_stranger = sign_checkpoint({"log.example", 0, empty_root(), {}}, key_of(102));
    CHECK(code_of(policy.open(by_stranger.print())) == Code::note_signature);
    CHECK(code_of(policy.open("nonsense")) == Code::note_malformed);
}

TEST_CASE("a key that is log and witness at once does not count as witness by its log line") {
    const Policy policy = Policy::parse(
                              "log " + log_text() + "\nwitness w " +
                              witness_key("log.example", key_of(100)).text() + "\nquorum w\n")
                              .value();
    CHECK(code_of(policy.open(checkpoint_by(0, empty_root(), {}))) == Code::policy_unmet);
}

namespace {

struct Proven {
    std::vector<Digest> leaves = leaf_hashes(13);
    Digest root = root_of(leaves);
    Policy policy = Policy::parse(example_policy()).value();
    TlogProof proof{
        std::nullopt, 9, plain_path(9, leaves),
        checkpoint_by(13, root, std::vector<std::size_t>{1, 3, 4})};
};

} // namespace

TEST_CASE("a proof prints, reads back and verifies offline") {
    const Proven world;
    for (const auto& extra :
         {std::optional<Bytes>{}, std::optional<Bytes>{""},
          std::optional<Bytes>{"any \xff bytes"}}) {
        TlogProof proof = world.proof;
        proof.extra = extra;
        const Bytes text = proof.print();
        CHECK(text.starts_with("c2sp.org/tlog-proof@v1\n"));
        const TlogProof again = TlogProof::parse(text).value();
        CHECK(again.print() == text);
        CHECK(again.extra == extra);
        const auto opened = verify_proof(again, world.leaves[9], world.policy);
        REQUIRE(opened.has_value());
        CHECK(opened->checkpoint.size == 13);
        CHECK(opened->cosignatures.size() == 3);
    }
    // A log of one leaf has an empty path.
    const std::vector<Digest> one = leaf_hashes(1);
    const TlogProof alone{
        std::nullopt, 0, {}, checkpoint_by(1, one[0], std::vector<std::size_t>{1, 3, 4})};
    CHECK(verify_proof(TlogProof::parse(alone.print()).value(), one[0], world.policy).has_value());
}

TEST_CASE("a proof with any part exchanged is refused") {
    const Proven world;
    const auto refused = [&](const TlogProof& proof, const Digest& leaf) {
        return code_of(verify_proof(proof, leaf, world.policy));
    };
    CHECK(refused(world.proof, world.leaves[8]) == Code::proof_wrong);
    for (std::uint64_t index = 0; index < 20; ++index) {
        TlogProof proof = world.proof;
        proof.index = index;
        if (index != 9) CHECK(refused(proof, world.leaves[9]) == Code::proof_wrong);
    }
    for (std::size_t i = 0; i < world.proof.path.size(); ++i) {
        TlogProof proof = world.proof;
        proof.path[i] = flipped(proof.path[i], 200);
        CHECK(refused(proof, world.leaves[9]) == Code::proof_wrong);
    }
    TlogProof proof = world.proof;
    proof.checkpoint =
        checkpoint_by(13, root_of(leaf_hashes(12)), std::vector<std::size_t>{1, 3, 4});
    CHECK(refused(proof, world.leaves[9]) == Code::proof_wrong);
    proof.checkpoint = checkpoint_by(13, world.root, std::vector<std::size_t>{1, 4});
    CHECK(refused(proof, world.leaves[9]) == Code::policy_unmet);
    proof.checkpoint = world.proof.checkpoint;
    proof.checkpoint[proof.checkpoint.find("13")] = '2';
    CHECK(refused(proof, world.leaves[9]) == Code::note_signature);
    proof.checkpoint = "";
    CHECK(refused(proof, world.leaves[9]) == Code::note_malformed);
}

TEST_CASE("a malformed proof is refused as one") {
    const Bytes head = "c2sp.org/tlog-proof@v1\n";
    const Bytes hash = to_base64(view(empty_root())) + "\n";
    Bytes many;
    for (int i = 0; i < 63; ++i)
        many += hash;
    CHECK(TlogProof::parse(head + "index 0\n" + many + "\nnote").has_value());
    for (const Bytes& text : std::initializer_list<Bytes>{
             Bytes(),
             Bytes("c2sp.org/tlog-proof@v1"),
             head,
             Bytes("c2sp.org/tlog-proof@v2\nindex 0\n\n"),
             head + "\n",
             head + "index 0\n",
             head + "index 0\n" + hash,
             head + "index 00\n\n",
             head + "index -1\n\n",
             head + "index\n\n",
             head + "index \n\n",
             head + "index 0 \n\n",
             head + "index 18446744073709551616\n\n",
             head + "Index 0\n\n",
             head + "index 0\nAAAA\n\n",
             head + "index 0\n" + hash.substr(0, 43) + "\n\n",
             head + "extra\nindex 0\n\n",
             head + "extra A\nindex 0\n\n",
             head + "extra AAAB\nextra AAAB\nindex 0\n\n",
             head + "index 0\nextra AAAB\n\n",
             head + "index 0\n" + many + hash + "\nnote",
             head + "index 0\r\n\n",
             head + "index 0\n\n" + Bytes(1024 * 1024, 'x')})
        CHECK_MESSAGE(
            code_of(TlogProof::parse(text)) == Code::proof_malformed, text.substr(0, 100));
}
