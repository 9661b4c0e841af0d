// Releases: their one spelling, who has to sign, where they have to stand, and what is compared.
#include "record/release.hpp"
#include "record_support.hpp"
#include "support/outcome.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;
using comity::test::code;

namespace {

SigningKey key_of(const std::string& name, char seed) {
    return {name, crypto::Ed25519Key::from_seed(Bytes(32, seed)).value()};
}

const SigningKey ada = key_of("release.example/ada", 'a');
const SigningKey bo = key_of("release.example/bo", 'b');
const SigningKey mallory = key_of("release.example/mallory", 'm');
const SigningKey log_of_releases = key_of("release.example", 'l');

std::string public_side(const SigningKey& key) {
    return log_key(key.name, key.key).text();
}

std::string policy_text() {
    return "signer " + public_side(ada) + "\nsigner " + public_side(bo) + "\n# the log\nlog " +
           public_side(log_of_releases) + "\nquorum none\n";
}

Release example() {
    return {
        "0.1.0",
        "5d41402abc4b2a76b9719d911017c592ae2b3c4d",
        {{"linux-x86_64", crypto::sha256("program")}, {"linux-aarch64", crypto::sha256("other")}},
        "Fg0mf5GZE-Puor8Vhw8rge33ZoSXBEt5OW47IXkfWzw",
        crypto::sha256("pages")};
}

Bytes signed_by(std::initializer_list<const SigningKey*> keys, const Release& release = example()) {
    Note note{release.text(), {}};
    for (const auto* key : keys)
        note.signatures.push_back(sign_note(note.text, key->name, key->key));
    return note.print();
}

// The only entry but one of a log that this key signs.
Bytes proof_of(const Bytes& note, const SigningKey& log) {
    const Bytes other = "something else";
    const std::vector<Digest> leaves{crypto::merkle_leaf(other), crypto::merkle_leaf(note)};
    TlogProof out;
    out.extra = note;
    out.index = 1;
    out.path = {leaves[0]};
    out.checkpoint =
        sign_checkpoint({log.name, 2, crypto::merkle_node(leaves[0], leaves[1]), {}}, log.key)
            .print();
    return out.print();
}

ReleasePolicy policy() {
    return ReleasePolicy::parse(policy_text()).value();
}

} // namespace

TEST_CASE("T55_ a release has one text, and every other is refused by its line") {
    const auto release = example();
    const auto text = release.text();
    const auto read = Release::parse(text);
    REQUIRE(read.has_value());
    CHECK(*read == release);
    CHECK(read->text() == text);

    struct Row {
        std::string_view what;
        std::string_view from;
        std::string_view to;
    };

    for (const auto& row : std::initializer_list<Row>{
             {"another version of the format", "comity-release/1", "comity-release/2"},
             {"two spaces", "version 0.1.0", "version  0.1.0"},
             {"no version", "version 0.1.0\n", ""},
             {"a version with a space", "0.1.0", "0.1 0"},
             {"a commit that is cut", "592ae2b3c4d\n", "592ae2b3c4\n"},
             {"a commit in capitals", "5d41402abc", "5D41402ABC"},
             {"a platform twice", "linux-aarch64", "linux-x86_64"},
             {"a hash in capitals", "program linux-x86_64 ", "program linux-x86_64 A"},
             {"law before source", "law ", "lex "},
             {"no line for pages", "pages ", "page "},
             {"carriage returns", "\n", "\r\n"}}) {
        auto changed = text;
        changed.replace(changed.find(row.from), row.from.size(), row.to);
        CHECK_MESSAGE(code(Release::parse(changed)) == "release_malformed", row.what);
    }
    CHECK(code(Release::parse(text + "\n")) == "release_malformed");
    CHECK(code(Release::parse(text + "program linux-s390x 00\n")) == "release_malformed");
    CHECK(code(Release::parse(text.substr(0, text.size() - 1))) == "release_malformed");
    CHECK(code(Release::parse("")) == "release_malformed");
    const auto first_wrong = Release::parse("comity-release/1\nversion 0.1.0\nsource here\n");
    REQUIRE_FALSE(first_wrong.has_value());
    CHECK(first_wrong.error().facts.text().find("line 3") != std::string::npos);
}

TEST_CASE("T55_ one person alone signs no release, under however many names") {
    const auto signers = policy().signers;
    CHECK(code(open_release(signed_by({&ada, &bo}), signers)) == "accepted");
    CHECK(code(open_release(signed_by({&ada, &bo, &mallory}), signers)) == "accepted");
    CHECK(code(open_release(signed_by({&ada}), signers)) == "policy_unmet");
    CHECK(code(open_release(signed_by({&ada, &mallory}), signers)) == "policy_unmet");
    CHECK(code(open_release(signed_by({&mallory}), signers)) == "note_signature");
    // The same signature twice, and the same key under another name.
    CHECK(code(open_release(signed_by({&ada, &ada}), signers)) != "accepted");
    const SigningKey again{"release.example/bo", ada.key};
    CHECK(
        code(ReleasePolicy::parse(
            "signer " + public_side(ada) + "\nsigner " + public_side(again) + "\nlog " +
            public_side(log_of_releases) + "\nquorum none\n")) == "policy_malformed");
    // No byte of what was signed may be another.
    const auto whole = signed_by({&ada, &bo});
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_MESSAGE(code(open_release(changed, signers)) != "accepted", at);
    }
}

TEST_CASE("T55_ a policy of releases names two who sign and a log") {
    CHECK(code(ReleasePolicy::parse(policy_text())) == "accepted");
    const auto without = [](const std::string& line) {
        auto text = policy_text();
        text.erase(text.find(line), text.find('\n', text.find(line)) + 1 - text.find(line));
        return code(ReleasePolicy::parse(text));
    };
    CHECK(without("signer " + public_side(ada)) == "policy_malformed");
    CHECK(without("log ") == "policy_malformed");
    CHECK(without("quorum ") == "policy_malformed");
    CHECK(code(ReleasePolicy::parse(policy_text() + "signer nobody\n")) == "note_malformed");
    const auto witness = witness_key("w", ada.key).text();
    CHECK(
        code(ReleasePolicy::parse(policy_text() + "signer " + witness + "\n")) ==
        "policy_malformed");
}

TEST_CASE("T55_ a release that is in no log, or in a log of one's own making, is none") {
    const auto trusted = policy();
    const auto note = signed_by({&ada, &bo});
    const auto opened = open_logged_release(proof_of(note, log_of_releases), trusted);
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
    CHECK(opened->index == 1);
    CHECK(opened->checkpoint.checkpoint.size == 2);
    CHECK(opened->signed_release.release == example());
    CHECK(opened->signed_release.signers == std::vector<std::string>{ada.name, bo.name});

    CHECK(code(open_logged_release(proof_of(note, mallory), trusted)) != "accepted");
    CHECK(
        code(open_logged_release(proof_of(signed_by({&ada}), log_of_releases), trusted)) ==
        "policy_unmet");
    auto proof = TlogProof::parse(proof_of(note, log_of_releases)).value();
    // The proof of one release with the text of another that the two have signed as well.
    auto later = example();
    later.version = "0.1.1";
    auto exchanged = proof;
    exchanged.extra = signed_by({&ada, &bo}, later);
    CHECK(code(open_logged_release(exchanged.print(), trusted)) == "proof_wrong");
    auto bare = proof;
    bare.extra.reset();
    CHECK(code(open_logged_release(bare.print(), trusted)) == "proof_malformed");
    auto moved = proof;
    moved.index = 0;
    CHECK(code(open_logged_release(moved.print(), trusted)) == "proof_wrong");
    // Witnesses that the policy asks for and the checkpoint lacks.
    auto watched_text = policy_text();
    watched_text.replace(
        watched_text.find("quorum none"), 11,
        "witness w " + witness_key("w.example", mallory.key).text() + "\nquorum w");
    const auto watched = ReleasePolicy::parse(watched_text);
    REQUIRE(watched.has_value());
    CHECK(code(open_logged_release(proof.print(), *watched)) == "policy_unmet");
}

TEST_CASE("T56_ what runs is the release only when program, law and pages are") {
    const auto release = example();
    const Build same{
        release.version, "linux-x86_64", release.programs[0].sha256, release.law, release.pages};
    CHECK(code(compare(same, release)) == "accepted");
    auto silent = same;
    silent.pages = {}; // serves none
    CHECK(code(compare(silent, release)) == "accepted");
    const auto changed = [&](auto change) {
        auto build = same;
        change(build);
        return code(compare(build, release));
    };
    CHECK(changed([](Build& b) { b.program[31] ^= 1; }) == "release_other");
    CHECK(changed([](Build& b) { b.platform = "linux-aarch64"; }) == "release_other");
    CHECK(changed([](Build& b) { b.platform = "linux-riscv64"; }) == "release_other");
    CHECK(changed([](Build& b) { b.law.back() = 'x'; }) == "release_other");
    CHECK(changed([](Build& b) { b.pages[0] ^= 1; }) == "release_other");
}

TEST_CASE("a private key is read as it was written, and nothing else is") {
    const auto text = ada.text();
    const auto read = SigningKey::parse(text);
    REQUIRE(read.has_value());
    CHECK(read->name == ada.name);
    CHECK(read->key.seed() == ada.key.seed());
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto changed = text;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        const auto other = SigningKey::parse(changed);
        REQUIRE_MESSAGE(!other, at);
        CHECK(other.error().facts.text().find(text.substr(30)) == std::string::npos);
    }
    CHECK(code(SigningKey::parse(public_side(ada))) == "note_malformed");
    CHECK(code(SigningKey::parse("")) == "note_malformed");
    // As Go's sumdb/note wrote it for its own documentation.
    const auto go = SigningKey::parse(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    REQUIRE_MESSAGE(go.has_value(), (go ? "" : go.error().text()));
    CHECK(
        log_key(go->name, go->key).text() ==
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}
