// Commitments and choice proofs against RFC 9496's vectors and those of another implementation
// (checked with libsodium and go-ristretto), and against everything that a forger would try.
#include "base/json.hpp"
#include "crypto/hash.hpp"
#include "crypto/pedersen.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace comity;
using namespace comity::crypto;

namespace {

json::Object vectors(const std::string& name) {
    std::ifstream in(COMITY_VECTORS "/" + name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto object = json::parse_object(text, 4'000'000);
    REQUIRE(object.has_value());
    return *object;
}

Point point(const json::Value& hex) {
    const auto bytes = from_hex(std::string_view(hex.as_string()));
    REQUIRE(bytes.has_value());
    REQUIRE(bytes->size() == 32);
    Point out;
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

std::vector<Point> points(const json::Value& list) {
    std::vector<Point> out;
    for (const auto& item : list.as_array())
        out.push_back(point(item));
    return out;
}

ChoiceProof proof(const json::Value& value) {
    return {points(value.at("c")), points(value.at("s"))};
}

std::string string(const json::Value& value) {
    return std::string(value.as_string());
}

/// A commitment to one of four, with its proof.
struct Fixture {
    std::vector<Point> choices{
        hash_to_group("a", "test"), hash_to_group("b", "test"), hash_to_group("c", "test"),
        hash_to_group("d", "test")};
    Scalar blinding = random_scalar();
    Point commitment = commit(blinding, choices[2]);
    ProofContext context{"domain", "log|period|attribute|7"};
    ChoiceProof proof = prove_choice(choices, 2, commitment, blinding, context);
};

} // namespace

TEST_CASE("multiples, bad encodings and the map from uniform bytes are those of RFC 9496") {
    const auto all = vectors("ristretto255.json");
    const auto multiples = points(all.at("small_multiples_hex"));
    Point sum = identity;
    const Point base = commit(Scalar{1}, identity);
    for (std::size_t i = 0; i < multiples.size(); ++i) {
        CHECK(sum == multiples[i]);
        CHECK(times(i, base) == multiples[i]);
        CHECK(is_commitment(multiples[i]) == (i != 0)); // the identity commits to nothing
        sum = add(sum, base);
    }
    for (const auto& bad : points(all.at("bad_encodings_hex")))
        CHECK_FALSE(is_commitment(bad));
}

TEST_CASE(
    "R4_ the published commitments, their proofs, the opened sum and the cells that are told verify") {
    const auto all = vectors("pedersen-stats.json");
    const auto choices = points(all.at("G"));
    const std::string prefix = string(all.at("gen_msg_prefix"));
    const std::string gen_domain = string(all.at("gen_dst"));
    for (std::size_t j = 0; j < choices.size(); ++j)
        CHECK(hash_to_group(prefix + std::to_string(j), gen_domain) == choices[j]);
    const std::string domain = string(all.at("proof_domain"));
    Point total = identity;
    for (const auto& event : all.at("events").as_array()) {
        const std::string binding = string(event.at("bind"));
        const Point commitment = point(event.at("C"));
        const auto shown = proof(event.at("proof"));
        CHECK(verify_choice(choices, commitment, shown, {domain, binding}));
        CHECK(ChoiceProof::from_bytes(shown.bytes()) == shown);
        // Moved to another event of the same record it is no proof.
        CHECK_FALSE(verify_choice(choices, commitment, shown, {domain, binding + "0"}));
        CHECK_FALSE(verify_choice(choices, commitment, shown, {domain + "x", binding}));
        total = add(total, commitment);
    }
    CHECK(total == point(all.at("total")));
    const auto& opening = all.at("sum_opening");
    Point opened = identity;
    const auto& counts = opening.at("counts").as_array();
    for (std::size_t j = 0; j < counts.size(); ++j)
        opened = add(opened, times(static_cast<std::uint64_t>(counts[j].as_int64()), choices[j]));
    CHECK(commit(point(opening.at("R")), opened) == total);
    Point released = identity;
    int told = 0;
    const auto& cells = all.at("protected_release").at("cells").as_array();
    for (std::size_t j = 0; j < cells.size(); ++j) {
        const Point cell = point(cells[j].at("D"));
        released = add(released, cell);
        // The proofs of the cells that are not told have a transcript of their own there, which is
        // not written down; ours are tested with the report (tests/record/tally_test.cpp).
        if (cells[j].at("kind").as_string() != "exact") continue;
        const auto n = static_cast<std::uint64_t>(cells[j].at("n").as_int64());
        CHECK(commit(point(cells[j].at("s")), times(n, choices[j])) == cell);
        ++told;
    }
    CHECK(told == 2);
    CHECK(released == total);
}

TEST_CASE("a proof holds for each choice, alone too, and for no other commitment") {
    for (std::size_t k = 1; k <= 9; ++k) {
        std::vector<Point> choices;
        for (std::size_t j = 0; j < k; ++j)
            choices.push_back(hash_to_group(std::to_string(j), "test"));
        for (std::size_t j = 0; j < k; ++j) {
            const auto blinding = random_scalar();
            const auto commitment = commit(blinding, choices[j]);
            const auto shown = prove_choice(choices, j, commitment, blinding, {"d", "b"});
            CHECK(verify_choice(choices, commitment, shown, {"d", "b"}));
            CHECK_FALSE(verify_choice(choices, add(commitment, choices[0]), shown, {"d", "b"}));
            CHECK(shown.bytes().size() == 64 * k);
        }
    }
}

TEST_CASE("T40 no proof is made for two of a category, for none, or for what is no choice") {
    const Fixture f;
    for (const Point& other :
         {commit(f.blinding, add(f.choices[0], f.choices[1])), commit(f.blinding, identity),
          commit(f.blinding, times(2, f.choices[2])),
          commit(f.blinding, hash_to_group("e", "test"))})
        for (std::size_t j = 0; j < f.choices.size(); ++j)
            CHECK_FALSE(verify_choice(
                f.choices, other, prove_choice(f.choices, j, other, f.blinding, f.context),
                f.context));
}

TEST_CASE("every changed byte of a proof or a commitment is found, and no second spelling passes") {
    const Fixture f;
    REQUIRE(verify_choice(f.choices, f.commitment, f.proof, f.context));
    const Bytes genuine = f.proof.bytes();
    for (std::size_t at = 0; at < genuine.size(); at += 5)
        for (const int mask : {0x01, 0x80}) {
            Bytes changed = genuine;
            changed[at] = static_cast<char>(changed[at] ^ mask);
            const auto read = ChoiceProof::from_bytes(changed);
            CHECK((!read || !verify_choice(f.choices, f.commitment, *read, f.context)));
        }
    // libsodium takes s + order for s: here it is refused.
    auto second = f.proof;
    const std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                             0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                             0,    0,    0,    0,    0,    0,    0,    0,
                                             0,    0,    0,    0,    0,    0,    0,    0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += unsigned{second.answers[0][i]} + order[i];
        second.answers[0][i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    CHECK_FALSE(is_canonical(second.answers[0]));
    CHECK_FALSE(verify_choice(f.choices, f.commitment, second, f.context));
    CHECK_FALSE(ChoiceProof::from_bytes(second.bytes()).has_value());
    CHECK_FALSE(verify_choice(f.choices, identity, f.proof, f.context));
    CHECK_FALSE(verify_choice({}, f.commitment, {}, f.context));
    CHECK_FALSE(ChoiceProof::from_bytes("").has_value());
    CHECK_FALSE(ChoiceProof::from_bytes(genuine.substr(1)).has_value());
}

TEST_CASE("T40 a commitment and its proof tell nothing of the category by their form") {
    // Each committed anew is different, and the proof's parts are all of full size.
    const Fixture one;
    const Fixture other;
    CHECK(one.commitment != other.commitment);
    for (const auto& scalar : one.proof.challenges)
        CHECK(scalar != Scalar{});
    for (const auto& scalar : one.proof.answers)
        CHECK(scalar != Scalar{});
}
