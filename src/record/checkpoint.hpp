// Checkpoints (C2SP tlog-checkpoint): the signed statement of a log's size and root.
#pragma once

#include "record/note.hpp"

namespace comity::record {

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Digest root{};
    std::vector<std::string> extensions; ///< read, never written by us: nobody audits them

    /// The note's text. Strict; refuses with checkpoint_malformed. A size of 0 with any root is
    /// read, because a witness has to answer it by its own status.
    static Result<Checkpoint> parse(BytesView text);
    [[nodiscard]] Bytes text() const;

    bool operator==(const Checkpoint&) const = default;
};

/// A checkpoint signed by the log, under the origin as key name: the bytes of `/checkpoint`
/// before any cosignature. The caller must never sign two that are inconsistent.
Note sign_checkpoint(const Checkpoint& checkpoint, const crypto::Ed25519Key& key);

struct OpenedCheckpoint {
    Checkpoint checkpoint;
    Note note;
    std::vector<Verified> cosignatures; ///< `key` is an index into the cosigners given
};

/// Reads and verifies: the log's signature must be there and good, the origin must be the log
/// key's name, and every line of a known cosigner must be good. Refuses with note_malformed,
/// note_signature or checkpoint_malformed. How many cosignatures are enough is the policy's to say.
Result<OpenedCheckpoint> open_checkpoint(
    BytesView bytes, const VerifierKey& log, std::span<const VerifierKey> cosigners = {});
/// The same for a log with several keys under one name (after a change of key): one good line by
/// one of them is needed, and no bad line by any.
Result<OpenedCheckpoint> open_checkpoint(
    BytesView bytes, std::span<const VerifierKey> log, std::span<const VerifierKey> cosigners);

} // namespace comity::record
