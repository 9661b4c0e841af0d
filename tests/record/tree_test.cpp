// The Merkle tree against the published vectors of transparency-dev and against the RFC's own
// recursive definitions, for all pairs up to size 70.
#include "record_support.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

std::optional<Digest> digest_in(const boost::json::value& value) {
    const auto bytes = from_base64(text_of(value));
    return bytes ? digest_from(*bytes) : std::nullopt;
}

// Every hash has 32 bytes, checked before any walk.
std::optional<std::vector<Digest>> path_in(const boost::json::value& value) {
    std::vector<Digest> path;
    if (value.is_null()) return path;
    for (const auto& item : value.as_array()) {
        const auto digest = digest_in(item);
        if (!digest) return std::nullopt;
        path.push_back(*digest);
    }
    return path;
}

bool verifies_inclusion(const boost::json::object& row) {
    const auto root = digest_in(row.at("root"));
    const auto leaf = digest_in(row.at("leafHash"));
    const auto path = path_in(row.at("proof"));
    if (!root || !leaf || !path) return false;
    const std::uint64_t index = number(row.at("leafIdx"));
    const std::uint64_t size = number(row.at("treeSize"));
    const bool verdict = verify_inclusion(*leaf, index, size, *path, *root).has_value();
    const std::vector<InclusionClaim> claims(3, {*leaf, index, *path});
    CHECK(verify_inclusions(claims, size, *root) == std::vector<bool>(3, verdict));
    return verdict;
}

// Some rows have words for roots, to say that only their equality matters: a word's hash stands in.
Digest root_in(const boost::json::value& value) {
    const Bytes bytes = from_base64(text_of(value)).value();
    return digest_from(bytes).value_or(crypto::sha256(bytes));
}

bool verifies_consistency(const boost::json::object& row) {
    const Digest old_root = root_in(row.at("root1"));
    const Digest root = root_in(row.at("root2"));
    const auto path = path_in(row.at("proof"));
    if (!path) return false;
    return verify_consistency(
               number(row.at("size1")), number(row.at("size2")), *path, old_root, root)
        .has_value();
}

template <class Verifies>
void run_vectors(const std::string& name, const Verifies& verifies) {
    const auto file = vectors(name);
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const auto& item : file.at("cases").as_array()) {
        const auto& row = item.as_object();
        const bool is_wrong = row.at("wantErr").as_bool();
        CHECK_MESSAGE(verifies(row) == !is_wrong, text_of(row.at("file")));
        ++(is_wrong ? refused : accepted);
    }
    CHECK(accepted + refused == number(file.at("count")));
    CHECK(accepted >= 5);
    CHECK(refused >= 50);
}

} // namespace

TEST_CASE("all published inclusion vectors get the verdict they want") {
    run_vectors("rfc6962-inclusion.json", verifies_inclusion);
}

TEST_CASE("all published consistency vectors get the verdict they want") {
    run_vectors("rfc6962-consistency.json", verifies_consistency);
}

TEST_CASE("the published roots of eight leaves come out of every way to compute a root") {
    const auto file = vectors("rfc6962-roots.json");
    const auto& hashes = file.at("leaf_hashes_hex").as_array();
    const auto& roots = file.at("roots_hex").as_array();
    std::vector<Digest> leaves;
    Frontier frontier;
    CHECK(empty_root() == digest_of(text_of(file.at("empty_root_hex"))));
    for (std::size_t i = 0; i <= hashes.size(); ++i) {
        const Digest want = digest_of(text_of(roots.at(i)));
        CHECK(root_of(leaves) == want);
        CHECK(frontier.root() == want);
        CHECK(Prover::at(i, plain_reader(leaves, i)).value().root() == want);
        if (i == hashes.size()) break;
        const Bytes leaf = from_hex(text_of(file.at("leaves_hex").as_array().at(i))).value();
        leaves.push_back(crypto::merkle_leaf(leaf));
        CHECK(leaves.back() == digest_of(text_of(hashes.at(i))));
        frontier.append(leaves.back());
    }
}

TEST_CASE("inclusion paths equal the RFC's definition and verify, for all pairs up to 70") {
    const auto all = leaf_hashes(70);
    std::mt19937 random(20260101);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const std::vector<Digest> leaves(all.begin(), all.begin() + static_cast<long>(size));
        const auto read = plain_reader(leaves, size);
        const Prover prover = Prover::at(size, read).value();
        const Digest root = plain_root(leaves);
        REQUIRE(root_of(leaves) == root);
        REQUIRE(prover.root() == root);
        for (std::size_t i = 0; i < size; ++i) {
            const auto path = prover.inclusion(i).value();
            REQUIRE(path == plain_path(i, leaves));
            REQUIRE(inclusion_path(i, size, read).value() == path);
            REQUIRE(verify_inclusion(leaves[i], i, size, path, root));
            // Wrong index, leaf, root, bit, length.
            for (std::size_t other = 0; other < size + 2; ++other)
                if (other != i) REQUIRE_FALSE(verify_inclusion(leaves[i], other, size, path, root));
            const unsigned bit = random() % 256;
            REQUIRE_FALSE(verify_inclusion(flipped(leaves[i], bit), i, size, path, root));
            REQUIRE_FALSE(verify_inclusion(leaves[i], i, size, path, flipped(root, bit)));
            for (std::size_t at = 0; at < path.size(); ++at) {
                auto wrong = path;
                wrong[at] = flipped(wrong[at], random() % 256);
                REQUIRE_FALSE(verify_inclusion(leaves[i], i, size, wrong, root));
                wrong = path;
                wrong.erase(wrong.begin() + static_cast<long>(at));
                REQUIRE_FALSE(verify_inclusion(leaves[i], i, size, wrong, root));
                wrong = path;
                wrong.insert(wrong.begin() + static_cast<long>(at), leaves[i]);
                REQUIRE_FALSE(verify_inclusion(leaves[i], i, size, wrong, root));
            }
            auto longer = path;
            longer.push_back(root);
            REQUIRE_FALSE(verify_inclusion(leaves[i], i, size, longer, root));
        }
        CHECK(code_of(prover.inclusion(size)) == Code::not_found);
    }
}

TEST_CASE("T20 every single flipped bit of a path, leaf or root is found") {
    const auto leaves = leaf_hashes(11);
    const Digest root = plain_root(leaves);
    const auto path = plain_path(9, leaves);
    for (unsigned bit = 0; bit < 256; ++bit) {
        CHECK_FALSE(verify_inclusion(flipped(leaves[9], bit), 9, 11, path, root));
        CHECK_FALSE(verify_inclusion(leaves[9], 9, 11, path, flipped(root, bit)));
        for (std::size_t at = 0; at < path.size(); ++at) {
            auto wrong = path;
            wrong[at] = flipped(wrong[at], bit);
            CHECK_FALSE(verify_inclusion(leaves[9], 9, 11, wrong, root));
        }
    }
}

TEST_CASE("consistency paths equal the RFC's definition and verify, for all pairs up to 70") {
    const auto all = leaf_hashes(70);
    std::mt19937 random(20260102);
    std::vector<Digest> roots;
    for (std::size_t size = 0; size <= all.size(); ++size)
        roots.push_back(plain_root(Leaves(all).first(size)));
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const auto read = plain_reader(all, size);
        const Prover prover = Prover::at(size, read).value();
        CHECK(prover.consistency(0).value().empty());
        CHECK(prover.consistency(size).value().empty());
        CHECK(verify_consistency(size, size, {}, roots[size], roots[size]));
        CHECK_FALSE(verify_consistency(size, size, {}, flipped(roots[size], 3), roots[size]));
        CHECK_FALSE(verify_consistency(size, size, all, roots[size], roots[size]));
        CHECK(code_of(prover.consistency(size + 1)) == Code::not_found);
        CHECK_FALSE(verify_consistency(0, size, {}, roots[0], roots[size]));
        for (std::size_t old = 1; old < size; ++old) {
            const auto path = prover.consistency(old).value();
            REQUIRE(path == plain_subproof(old, Leaves(all).first(size), true));
            REQUIRE(consistency_path(old, size, read).value() == path);
            REQUIRE(verify_consistency(old, size, path, roots[old], roots[size]));
            const unsigned bit = random() % 256;
            REQUIRE_FALSE(
                verify_consistency(old, size, path, flipped(roots[old], bit), roots[size]));
            REQUIRE_FALSE(
                verify_consistency(old, size, path, roots[old], flipped(roots[size], bit)));
            REQUIRE_FALSE(verify_consistency(size, old, path, roots[size], roots[old]));
            REQUIRE_FALSE(verify_consistency(old, size, {}, roots[old], roots[size]));
            for (std::size_t at = 0; at < path.size(); ++at) {
                auto wrong = path;
                wrong[at] = flipped(wrong[at], random() % 256);
                REQUIRE_FALSE(verify_consistency(old, size, wrong, roots[old], roots[size]));
                wrong = path;
                wrong.erase(wrong.begin() + static_cast<long>(at));
                REQUIRE_FALSE(verify_consistency(old, size, wrong, roots[old], roots[size]));
            }
            auto longer = path;
            longer.push_back(roots[size]);
            REQUIRE_FALSE(verify_consistency(old, size, longer, roots[old], roots[size]));
        }
    }
}

TEST_CASE("many claims at once get each the verdict of one alone") {
    const auto leaves = leaf_hashes(1000);
    const Digest root = root_of(leaves);
    const auto read = plain_reader(leaves, leaves.size());
    const Prover prover = Prover::at(leaves.size(), read).value();
    std::mt19937 random(20260103);
    for (const std::size_t count : {0u, 1u, 2u, 3u, 64u}) {
        std::vector<std::vector<Digest>> paths;
        std::vector<InclusionClaim> claims;
        std::vector<bool> want;
        paths.reserve(count);
        for (std::size_t n = 0; n < count; ++n) {
            const std::uint64_t index = random() % leaves.size();
            paths.push_back(prover.inclusion(index).value());
            InclusionClaim claim{leaves[index], index, paths.back()};
            switch (random() % 6) {
            case 0: claim.leaf_hash = flipped(claim.leaf_hash, random() % 256); break;
            case 1: claim.index = leaves.size() + random() % 3; break;
            case 2: claim.path = claim.path.first(claim.path.size() - 1); break;
            case 3: paths.back()[random() % paths.back().size()] = root; break;
            default: break;
            }
            want.push_back(
                verify_inclusion(claim.leaf_hash, claim.index, leaves.size(), claim.path, root)
                    .has_value());
            claims.push_back(claim);
        }
        CHECK(verify_inclusions(claims, leaves.size(), root) == want);
        if (count == 64) {
            CHECK(std::ranges::count(want, true) > 5);
            CHECK(std::ranges::count(want, false) > 5);
        }
    }
}

TEST_CASE("a root of many leaves is the same by blocks, by a frontier and by definition") {
    const auto leaves = leaf_hashes(3 * 4096 + 1);
    for (const std::size_t size : {4095u, 4096u, 4097u, 8191u, 8192u, 8193u, 12288u, 12289u}) {
        const Leaves part = Leaves(leaves).first(size);
        const Digest want = plain_root(part);
        CHECK(root_of(part) == want);
        Frontier frontier;
        frontier.append(part);
        CHECK(frontier.root() == want);
        CHECK(frontier.size() == size);
    }
}

TEST_CASE("a frontier appends leaf by leaf or in spans to the same state, and survives storing") {
    const auto leaves = leaf_hashes(600);
    std::mt19937 random(20260104);
    Frontier one;
    for (std::size_t size = 0; size <= leaves.size(); ++size) {
        REQUIRE(one.root() == plain_root(Leaves(leaves).first(size)));
        Frontier spans;
        for (std::size_t at = 0; at < size;) {
            const std::size_t step = std::min<std::size_t>(size - at, 1 + random() % 200);
            spans.append(Leaves(leaves).subspan(at, step));
            at += step;
        }
        REQUIRE(spans == one);
        REQUIRE(Frontier::from_bytes(one.to_bytes()).value() == one);
        if (size < leaves.size()) one.append(leaves[size]);
    }
    Bytes bytes = one.to_bytes();
    CHECK(code_of(Frontier::from_bytes(bytes + "x")) == Code::proof_malformed);
    CHECK(
        code_of(Frontier::from_bytes(bytes.substr(0, bytes.size() - 32))) == Code::proof_malformed);
    CHECK(code_of(Frontier::from_bytes("1234567")) == Code::proof_malformed);
    bytes[0] = '\x7f'; // a size that nobody reaches
    CHECK(code_of(Frontier::from_bytes(bytes)) == Code::proof_malformed);
}

TEST_CASE("a source that refuses makes the proof a refusal, and absurd sizes are refused") {
    const ReadNodes broken = [](std::span<const NodeId>, std::span<Digest>) -> Result<void> {
        return refuse(Code::proof_malformed, "broken");
    };
    CHECK(code_of(inclusion_path(0, 2, broken)) == Code::proof_malformed);
    CHECK(code_of(Prover::at(tree_size_max + 1, broken)) == Code::too_large);
    const Digest hash{};
    const std::vector<Digest> path(64, hash);
    constexpr std::uint64_t most = ~std::uint64_t{0};
    CHECK(code_of(verify_inclusion(hash, most, most, path, hash)) == Code::proof_wrong);
    CHECK(code_of(verify_inclusion(hash, most - 1, most, path, hash)) == Code::proof_wrong);
    CHECK(code_of(verify_inclusion(hash, 0, 0, {}, hash)) == Code::proof_wrong);
    CHECK(code_of(verify_consistency(most - 1, most, path, hash, hash)) == Code::proof_wrong);
    CHECK(code_of(verify_consistency(1, most, path, hash, hash)) == Code::proof_wrong);
}
