// Roots, paths and verification of the Merkle tree, by the index arithmetic of RFC 9162.
#include "record/tree.hpp"

#include "crypto/hash.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace comity::record {

namespace {

// 4096 hashes are 128 KiB: a block and the rows above it stay in the second-level cache.
constexpr unsigned block_level = 12;
constexpr std::size_t block_leaves = std::size_t{1} << block_level;

// Folds a row of neighbours, the last of which may stand for an incomplete subtree, to their root.
Digest fold(std::span<Digest> row) {
    std::size_t count = row.size();
    while (count > 1) {
        const std::size_t pairs = count / 2;
        crypto::merkle_level(row.first(pairs * 2), row.first(pairs));
        if (count % 2 != 0) row[pairs] = row[count - 1];
        count = (count + 1) / 2;
    }
    return row[0];
}

Digest block_root(std::span<const Digest> leaves, std::vector<Digest>& row) {
    const std::size_t pairs = leaves.size() / 2;
    if (pairs == 0) return leaves[0];
    row.resize((leaves.size() + 1) / 2);
    crypto::merkle_level(leaves.first(pairs * 2), std::span(row).first(pairs));
    if (leaves.size() % 2 != 0) row[pairs] = leaves.back();
    return fold(row);
}

tl::unexpected<Refusal> wrong(std::string facts) {
    return refuse(Code::proof_wrong, std::move(facts));
}

std::string of_tree(std::uint64_t index, std::uint64_t size) {
    return "leaf " + std::to_string(index) + " in the tree of size " + std::to_string(size);
}

// The walk of RFC 9162 section 2.1.3.2 without its loop. Up to where the leaf's path meets the
// right edge the index says on which side the sibling stands; above it a sibling is there only
// where it stands on the left. Nothing when a path of that length does not belong to the leaf.
std::optional<std::uint64_t> siblings_on_left(
    std::uint64_t index, std::uint64_t size, std::size_t path_size) {
    const auto inner = static_cast<unsigned>(std::bit_width(index ^ (size - 1)));
    const auto border = static_cast<unsigned>(std::popcount(inner < 64 ? index >> inner : 0));
    if (path_size != inner + border || path_size > 64) return std::nullopt;
    const auto ones = [](unsigned count) {
        return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    };
    return (index & ones(inner)) | (ones(inner + border) & ~ones(inner));
}

} // namespace

const Digest& empty_root() {
    static const Digest root = crypto::sha256({});
    return root;
}

Digest root_of(std::span<const Digest> leaves) {
    if (leaves.empty()) return empty_root();
    std::vector<Digest> row;
    row.reserve(block_leaves / 2);
    std::vector<Digest> blocks;
    blocks.reserve(leaves.size() / block_leaves + 1);
    for (std::size_t i = 0; i < leaves.size(); i += block_leaves)
        blocks.push_back(
            block_root(leaves.subspan(i, std::min(block_leaves, leaves.size() - i)), row));
    return fold(blocks);
}

Result<Prover> Prover::at(std::uint64_t size, const ReadNodes& read) {
    if (size > tree_size_max)
        return refuse(Code::too_large, "a tree of size " + std::to_string(size));
    Prover prover(size, read);
    if (size == 0) return prover;
    // The right edge: the last leaf, and its complete left neighbour on each level that has one.
    std::vector<NodeId> ids{{0, size - 1}};
    for (unsigned level = 0; (size - 1) >> level != 0; ++level)
        if (const std::uint64_t last = (size - 1) >> level; last % 2 == 1)
            ids.push_back({level, last - 1});
    std::vector<Digest> hashes(ids.size());
    TRY_VOID(read(ids, hashes));
    prover.edge_.push_back(hashes[0]);
    std::size_t used = 1;
    for (unsigned level = 0; (size - 1) >> level != 0; ++level) {
        const Digest& below = prover.edge_.back();
        const bool has_left = ((size - 1) >> level) % 2 == 1;
        const Digest next = has_left ? crypto::merkle_node(hashes[used++], below) : below;
        prover.edge_.push_back(next);
    }
    return prover;
}

Digest Prover::root() const {
    return edge_.empty() ? empty_root() : edge_.back();
}

Result<void> Prover::climb(NodeId from, bool with_start, std::vector<Digest>& path) const {
    std::array<NodeId, 64> ids;
    std::size_t count = 0;
    std::size_t edge_place = 65; // where in the path the one incomplete sibling stands, if any
    unsigned edge_level = 0;
    if (with_start) ids[count++] = from;
    std::uint64_t index = from.index;
    for (unsigned level = from.level; (size_ - 1) >> level != 0; ++level, index >>= 1) {
        const std::uint64_t last = (size_ - 1) >> level;
        const std::uint64_t sibling = index ^ 1;
        if (sibling < last) {
            ids[count++] = {level, sibling};
        } else if (sibling == last) {
            edge_place = count;
            edge_level = level;
        }
    }
    path.resize(count);
    TRY_VOID((*read_)(std::span(ids).first(count), path));
    if (edge_place <= count)
        path.insert(path.begin() + static_cast<std::ptrdiff_t>(edge_place), edge_[edge_level]);
    return {};
}

Result<std::vector<Digest>> Prover::inclusion(std::uint64_t index) const {
    std::vector<Digest> path;
    path.reserve(std::bit_width(size_) + 1);
    TRY_VOID(inclusion(index, path));
    return path;
}

Result<void> Prover::inclusion(std::uint64_t index, std::vector<Digest>& path) const {
    if (index >= size_) return refuse(Code::not_found, of_tree(index, size_));
    return climb({0, index}, false, path);
}

Result<std::vector<Digest>> Prover::consistency(std::uint64_t old_size) const {
    if (old_size > size_)
        return refuse(
            Code::not_found, "the tree of size " + std::to_string(size_) +
                                 " has no beginning of size " + std::to_string(old_size));
    if (old_size == 0 || old_size == size_) return std::vector<Digest>{};
    // The largest complete subtree that ends where the old tree ends. When it is the whole old
    // tree, the verifier knows its root already.
    const auto level = static_cast<unsigned>(std::countr_zero(old_size));
    const std::uint64_t index = (old_size - 1) >> level;
    std::vector<Digest> path;
    path.reserve(std::bit_width(size_) + 1);
    TRY_VOID(climb({level, index}, index != 0, path));
    return path;
}

Result<std::vector<Digest>> inclusion_path(
    std::uint64_t index, std::uint64_t size, const ReadNodes& read) {
    TRY(const Prover prover, Prover::at(size, read));
    return prover.inclusion(index);
}

Result<std::vector<Digest>> consistency_path(
    std::uint64_t old_size, std::uint64_t size, const ReadNodes& read) {
    TRY(const Prover prover, Prover::at(size, read));
    return prover.consistency(old_size);
}

Result<void> verify_inclusion(
    const Digest& leaf_hash, std::uint64_t index, std::uint64_t size, std::span<const Digest> path,
    const Digest& root) {
    if (index >= size) return wrong("no " + of_tree(index, size));
    const auto left = siblings_on_left(index, size, path.size());
    Digest reached;
    if (left) {
        const crypto::Climb climb{leaf_hash, path, *left};
        crypto::merkle_climbs(std::span(&climb, 1), std::span(&reached, 1));
    }
    if (!left || reached != root)
        return wrong("the path of " + of_tree(index, size) + " does not lead to the root");
    return {};
}

Result<void> verify_consistency(
    std::uint64_t old_size, std::uint64_t size, std::span<const Digest> path,
    const Digest& old_root, const Digest& root) {
    const auto sizes = [&] {
        return "sizes " + std::to_string(old_size) + " and " + std::to_string(size);
    };
    if (old_size == 0) return wrong("the empty tree has no consistency proof");
    if (old_size > size) return wrong(sizes() + " run backwards");
    if (old_size == size) {
        if (!path.empty()) return wrong("equal sizes need no path");
        if (old_root != root) return wrong("two roots for the size " + std::to_string(size));
        return {};
    }
    std::uint64_t node = old_size - 1;
    std::uint64_t last = size - 1;
    while (node % 2 == 1) {
        node >>= 1;
        last >>= 1;
    }
    // An old size that is a power of two: its root is itself the start of the path.
    if (node != 0 && path.empty()) return wrong("the path for the " + sizes() + " is empty");
    Digest old_hash = node == 0 ? old_root : path[0];
    Digest new_hash = old_hash;
    for (const Digest& sibling : path.subspan(node == 0 ? 0 : 1)) {
        if (last == 0) return wrong("the path for the " + sizes() + " is too long");
        if (node % 2 == 1 || node == last) {
            old_hash = crypto::merkle_node(sibling, old_hash);
            new_hash = crypto::merkle_node(sibling, new_hash);
            while (node % 2 == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = crypto::merkle_node(new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if (last != 0 || old_hash != old_root || new_hash != root)
        return wrong("the path for the " + sizes() + " does not join the two roots");
    return {};
}

std::vector<bool> verify_inclusions(
    std::span<const InclusionClaim> claims, std::uint64_t size, const Digest& root) {
    std::vector<bool> verdicts(claims.size(), false);
    // Some at a time, so that nothing is allocated for them.
    std::array<crypto::Climb, 16> climbs;
    std::array<std::size_t, 16> places{};
    std::array<Digest, 16> reached;
    std::size_t count = 0;
    const auto check = [&] {
        crypto::merkle_climbs(std::span(climbs).first(count), reached);
        for (std::size_t i = 0; i < count; ++i)
            verdicts[places[i]] = reached[i] == root;
        count = 0;
    };
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const auto& claim = claims[i];
        if (claim.index >= size) continue; // stays refused
        const auto left = siblings_on_left(claim.index, size, claim.path.size());
        if (!left) continue;
        climbs[count] = {claim.leaf_hash, claim.path, *left};
        places[count] = i;
        if (++count == climbs.size()) check();
    }
    check();
    return verdicts;
}

void Frontier::append_subtree(const Digest& hash, unsigned level) {
    CHECK_THAT(size_ <= tree_size_max);
    Digest top = hash;
    for (unsigned at = level; (size_ >> at) % 2 == 1; ++at) {
        top = crypto::merkle_node(hashes_.back(), top);
        hashes_.pop_back();
    }
    hashes_.push_back(top);
    size_ += std::uint64_t{1} << level;
}

void Frontier::append(const Digest& leaf_hash) {
    append_subtree(leaf_hash, 0);
}

void Frontier::append(std::span<const Digest> leaf_hashes) {
    while (!leaf_hashes.empty()) {
        const int aligned = size_ == 0 ? 63 : std::countr_zero(size_);
        const int present = static_cast<int>(std::bit_width(leaf_hashes.size())) - 1;
        const auto level =
            static_cast<unsigned>(std::min({aligned, present, static_cast<int>(block_level)}));
        const std::size_t count = std::size_t{1} << level;
        append_subtree(root_of(leaf_hashes.first(count)), level);
        leaf_hashes = leaf_hashes.subspan(count);
    }
}

Digest Frontier::root() const {
    if (hashes_.empty()) return empty_root();
    Digest root = hashes_.back();
    for (std::size_t i = hashes_.size() - 1; i-- > 0;)
        root = crypto::merkle_node(hashes_[i], root);
    return root;
}

Bytes Frontier::to_bytes() const {
    Bytes out;
    out.reserve(8 + hashes_.size() * sizeof(Digest));
    put_be64(out, size_);
    for (const Digest& hash : hashes_)
        out += view(hash);
    return out;
}

Result<Frontier> Frontier::from_bytes(BytesView bytes) {
    if (bytes.size() < 8)
        return refuse(Code::proof_malformed, "a compact range begins with its size");
    Frontier frontier;
    for (const char c : bytes.substr(0, 8))
        frontier.size_ = frontier.size_ << 8 | static_cast<unsigned char>(c);
    bytes.remove_prefix(8);
    const auto count = static_cast<std::size_t>(std::popcount(frontier.size_));
    if (frontier.size_ > tree_size_max || bytes.size() != count * sizeof(Digest))
        return refuse(
            Code::proof_malformed, "a compact range of size " + std::to_string(frontier.size_) +
                                       " with " + std::to_string(bytes.size()) +
                                       " bytes of hashes");
    for (std::size_t i = 0; i < count; ++i)
        frontier.hashes_.push_back(*digest_from(bytes.substr(i * sizeof(Digest), sizeof(Digest))));
    return frontier;
}

} // namespace comity::record
