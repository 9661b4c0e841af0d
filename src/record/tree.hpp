// The Merkle tree of RFC 6962 section 2.1: roots, paths and their verification. Pure; a tree is
// read through a function that gives the hash of a complete node.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace comity::record {

/// A complete node: `index` counts from the left on its `level`, leaves are level 0. It stands for
/// the leaves index << level up to (not including) (index + 1) << level.
struct NodeId {
    unsigned level = 0;
    std::uint64_t index = 0;

    bool operator==(const NodeId&) const = default;
};

/// Gives the hashes of complete nodes, hashes[i] for ids[i], all of a path at once so that a source
/// can fetch or lock once. A refusal or a Fault passes through to the caller.
using ReadNodes =
    std::function<Result<void>(std::span<const NodeId> ids, std::span<Digest> hashes)>;

/// Sizes at and above this are refused: other implementations count in signed 64-bit integers.
inline constexpr std::uint64_t tree_size_max = std::uint64_t{1} << 62;

/// SHA-256 of nothing, the root of the tree without leaves.
const Digest& empty_root();
/// The root of the tree with these leaf hashes.
Digest root_of(std::span<const Digest> leaves);

/// Makes paths in the tree of one size. At its making it reads the right edge once (at most 64
/// nodes); then a path is one read of its nodes, without hashing. `read` must outlive it. Its
/// const members are safe from many threads if `read` is.
class Prover {
public:
    static Result<Prover> at(std::uint64_t size, const ReadNodes& read);

    [[nodiscard]] std::uint64_t size() const { return size_; }

    [[nodiscard]] Digest root() const;
    /// From the leaf's sibling up to the root's child. Refuses (not_found) an index that is not
    /// below the size.
    [[nodiscard]] Result<std::vector<Digest>> inclusion(std::uint64_t index) const;
    /// The same into a path that is used again: no allocation after the first.
    Result<void> inclusion(std::uint64_t index, std::vector<Digest>& path) const;
    /// RFC 6962 section 2.1.2: that the tree of `old_size` is the beginning of this one. Empty for
    /// an old size of 0 and for the same size; an old size above this one is refused
    /// (not_found).
    [[nodiscard]] Result<std::vector<Digest>> consistency(std::uint64_t old_size) const;

private:
    Prover(std::uint64_t size, const ReadNodes& read) : size_(size), read_(&read) {}

    Result<void> climb(NodeId from, bool with_start, std::vector<Digest>& path) const;

    std::uint64_t size_;
    const ReadNodes* read_;
    std::vector<Digest> edge_; // edge_[h]: hash over the leaves from (size-1) >> h << h to the end
};

/// One-off forms of the above.
Result<std::vector<Digest>> inclusion_path(
    std::uint64_t index, std::uint64_t size, const ReadNodes& read);
Result<std::vector<Digest>> consistency_path(
    std::uint64_t old_size, std::uint64_t size, const ReadNodes& read);

/// RFC 9162 section 2.1.3.2. Refuses with proof_wrong.
Result<void> verify_inclusion(
    const Digest& leaf_hash, std::uint64_t index, std::uint64_t size, std::span<const Digest> path,
    const Digest& root);

/// RFC 9162 section 2.1.4.2. Refuses with proof_wrong; also an old size of 0, since everything
/// extends the empty tree and the caller has to treat that case by itself.
Result<void> verify_consistency(
    std::uint64_t old_size, std::uint64_t size, std::span<const Digest> path,
    const Digest& old_root, const Digest& root);

/// One of many inclusion proofs in the tree of one size.
struct InclusionClaim {
    Digest leaf_hash{};
    std::uint64_t index = 0;
    std::span<const Digest> path;
};

/// The same verdicts as verify_inclusion for each claim, about twice as fast, because two hash
/// chains run interleaved. Gives one verdict per claim.
std::vector<bool> verify_inclusions(
    std::span<const InclusionClaim> claims, std::uint64_t size, const Digest& root);

/// A compact range: the roots of the complete subtrees of the tree so far, largest first. Enough
/// to append for ever and to know the root, in at most 64 hashes.
class Frontier {
public:
    void append(const Digest& leaf_hash);
    void append(std::span<const Digest> leaf_hashes);

    [[nodiscard]] std::uint64_t size() const { return size_; }

    [[nodiscard]] Digest root() const;

    [[nodiscard]] const std::vector<Digest>& hashes() const { return hashes_; }

    /// Eight bytes of size, big-endian, then the hashes.
    [[nodiscard]] Bytes to_bytes() const;
    /// Refuses with proof_malformed.
    static Result<Frontier> from_bytes(BytesView bytes);

    bool operator==(const Frontier&) const = default;

private:
    void append_subtree(const Digest& hash, unsigned level);

    std::uint64_t size_ = 0;
    std::vector<Digest> hashes_;
};

} // namespace comity::record
