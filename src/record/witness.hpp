// Both sides of C2SP tlog-witness: what a witness answers to add-checkpoint, as a pure function of
// the request and of what it cosigned last, and what a log sends and reads.
#pragma once

#include "record/checkpoint.hpp"
#include "record/tree.hpp"

#include <optional>

namespace comity::record {

/// The body of `POST …/add-checkpoint`.
struct AddCheckpoint {
    std::uint64_t old_size = 0;
    std::vector<Digest> proof; ///< at most 63 hashes
    Note note;
    Checkpoint checkpoint; ///< what the note says

    /// Refuses with note_malformed, checkpoint_malformed or proof_malformed: all answered with 400.
    static Result<AddCheckpoint> parse(BytesView body);
};

/// The log's side of the same body.
Bytes add_checkpoint_body(std::uint64_t old_size, std::span<const Digest> proof, BytesView note);

/// A log that a witness follows.
struct FollowedLog {
    std::string origin;
    std::vector<VerifierKey> keys;
};

/// What a witness cosigned last for one origin; as here for a log never seen.
struct WitnessState {
    std::uint64_t size = 0;
    Digest root = empty_root();
    Bytes note; ///< the checkpoint with the log's and the witness's lines, for the monitors

    bool operator==(const WitnessState&) const = default;
};

struct WitnessAnswer {
    int status = 400;
    Bytes body;
    std::string content_type = "text/plain; charset=utf-8";
    /// With 200 only. It must be durable before the answer leaves, and stored only if the state
    /// given to the decision is still the stored one; otherwise decide again.
    std::optional<WitnessState> next;
    /// A log signed a tree that does not extend what it showed before (or an impossible one): keep
    /// the request as evidence.
    bool is_evidence = false;
};

/// The whole decision. `log` is null when the origin is not followed; find it by
/// request.checkpoint.origin. `name` and `key` are the witness's.
WitnessAnswer answer_add_checkpoint(
    const AddCheckpoint& request, const FollowedLog* log, const WitnessState& last,
    std::string_view name, const crypto::Ed25519Key& key, Seconds now);
/// The answer to a body that AddCheckpoint::parse refused.
WitnessAnswer answer_malformed(const Refusal& refusal);

/// The log's reading of a 200: the lines by this witness key that verify over the checkpoint text
/// (others are left out). Refuses with note_malformed or, if there is none, note_signature.
Result<NoteSignature> read_cosignature(
    BytesView body, BytesView checkpoint_text, const VerifierKey& witness);
/// The log's reading of a 409: the size that the witness cosigned last.
Result<std::uint64_t> read_conflict_size(BytesView body);

/// Lower-case hex of SHA-256(origin): the directory of a log at a witness's monitoring prefix.
std::string origin_directory(std::string_view origin);

} // namespace comity::record
