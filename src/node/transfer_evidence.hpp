// Ciphertext between nodes: pushed by who announced it, in chunks, resumed where it stopped, and
// taken only when the hash in the sealed act is right.
#pragma once

#include "node/node.hpp"

namespace comity::node {

struct Progress {
    std::uint64_t received = 0;
    bool complete = false;
};

/// Pushes everything announced by this node that has not arrived yet, receiver by receiver. The
/// same function at start-up and in steady state. Several threads may call it: each serves other
/// receivers. Returns how many objects were completed.
std::size_t push_evidence(Node& node);

/// A chunk of an object that a case names. `offset` must be what has arrived so far; any other is
/// answered with what has, so the sender resumes there. An empty chunk asks. Refuses with
/// evidence_unknown (not announced, or not by `from`), evidence_deleted, evidence_corrupt (the
/// whole does not have its hash: it is thrown away and has to come again).
struct Chunk {
    std::uint64_t offset = 0;
    std::uint64_t total = 0;
    BytesView bytes;
};

Result<Progress> take_chunk(
    Node& node, const ParticipantId& from, const CaseId& id, const Digest& hash,
    const Chunk& chunk);

/// A range of an object for a participant that is to have it.
Result<Bytes> give_range(
    Node& node, const ParticipantId& to, const CaseId& id, const Digest& hash, std::uint64_t offset,
    std::size_t size);

/// Removes the files of evidence rows that a deletion ended, and copies that have been handed over.
/// After each deletion, and at start-up by the same code.
std::size_t destroy_evidence(Node& node);

} // namespace comity::node
