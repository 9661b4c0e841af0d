// Offline proofs (C2SP tlog-proof): a leaf's path and a cosigned checkpoint in one small file.
#pragma once

#include "record/policy.hpp"
#include "record/tree.hpp"

#include <optional>

namespace comity::record {

/// The content of a `.tlog-proof` file.
struct TlogProof {
    std::optional<Bytes> extra; ///< not authenticated by the proof
    std::uint64_t index = 0;
    std::vector<Digest> path; ///< from the leaf's sibling to the root's child
    Bytes checkpoint;         ///< the signed note, verbatim

    /// Strict about the form; refuses with proof_malformed. The checkpoint is read at verification.
    static Result<TlogProof> parse(BytesView bytes);
    [[nodiscard]] Bytes print() const;
};

/// Verifies that the entry with this leaf hash is in a log of the policy, under a checkpoint with
/// enough cosignatures, and gives that checkpoint. Refuses with note_*, checkpoint_malformed,
/// policy_unmet or proof_wrong.
Result<OpenedCheckpoint> verify_proof(
    const TlogProof& proof, const Digest& leaf_hash, const Policy& policy);

} // namespace comity::record
