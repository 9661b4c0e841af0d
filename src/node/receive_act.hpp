// An act from another node: submitted to us as keeper, or passed on by the keeper.
#pragma once

#include "node/gate.hpp"

namespace comity::node {

/// Takes an envelope that `from` sent (its TLS certificate is in the directory). Returns the
/// receipt; a repeat gets the stored one.
Result<Passage> receive_act(Node& node, const ParticipantId& from, std::string_view envelope);

/// Acts of a case above a number, for a participant of that case that catches up. Each as an
/// envelope with the parts that this participant reads.
Result<std::vector<Bytes>> acts_for(
    Node& node, const ParticipantId& asker, const CaseId& id, std::int64_t after,
    std::size_t limit);

/// The envelope of an admitted act as one participant is to have it.
Bytes envelope_for(
    StoreReader& reader, const ActRow& row, const ParticipantId& reader_id, bool keeper);

/// Fetches what is missing of a case from its keeper, when an act came ahead of its turn.
void catch_up(Node& node, const CaseId& id, const ParticipantId& keeper);

} // namespace comity::node
