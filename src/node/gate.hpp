// The one gate. Every act, from a person's screen or from a peer, passes it in this order, and
// nothing is written before the last check: envelope, seal, address and repetition, body, form,
// approval and four eyes, procedure, findings, one transaction, receipt.
#pragma once

#include "act/seal.hpp"
#include "node/node.hpp"

#include <optional>
#include <string>

namespace comity::node {

/// How an act comes to the gate.
enum class Way {
    rehearsal, ///< our own act, to be admitted by another node: every check, nothing written
    keeper,    ///< to be numbered here: from our own people, or submitted by a participant
    follower,  ///< admitted by the keeper, whose receipt comes with it
};

struct Passage {
    std::string receipt;   ///< the keeper's receipt; empty for a rehearsal
    bool repeated = false; ///< the act was here before; nothing changed
    Digest act{};
    CaseId case_id;
    std::int64_t sequence = 0;
};

/// Takes an act through the gate. For a keeper and a follower, when this returns without a
/// refusal, the act is durable here. Faults when the store does. `invited` is for the earlier acts
/// of a case that a later act, already seen, draws this node into.
Result<Passage> pass_gate(Node& node, const act::Envelope& envelope, Way way, bool invited = false);

/// Whether the act draws the participant into its case, in which it had no part until then: as the
/// country that is consulted, or as a body that oversees that country.
bool draws_in(
    const directory::Directory& directory, const act::Header& header,
    const ParticipantId& participant);

/// All fields of the latest act of a kind in a case that this node may read; nothing when there is
/// no such act or none of it can be read.
std::optional<json::Object> readable_fields(
    Node& node, StoreReader& reader, const CaseId& id, std::string_view kind);
/// The same for one act.
std::optional<json::Object> readable_fields(Node& node, StoreReader& reader, const ActRow& row);

/// Who may read a part with this audience: the participants of those sides, and the bodies that
/// oversee the performer's country. Sorted.
std::vector<act::Reader> readers_of(
    const directory::Directory& directory, const casefile::Case& state,
    const std::vector<std::string>& audience, const ParticipantId& performer, Instant when);

/// Who is to have the acts of this case now: the sides that have joined, and the oversight bodies
/// of their countries. Sorted, without repetition.
std::vector<ParticipantId> participants_of(
    const directory::Directory& directory, const casefile::Case& state);

} // namespace comity::node
