// What an admitted act brings about besides itself: the case row with its next waking, deliveries
// to the participants, evidence expected or destroyed. Called by the gate only.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// An act within its case, as the functions below need it.
struct ActInCase {
    const casefile::Case& state; ///< before the act
    const act::Header& header;
    const json::Object& fields; ///< what this node may read
    const procedure::Graph& graph;
};

/// A date field as forms write it: an instant, or a day (which ends a time limit at its end: the
/// first instant of the day after).
std::optional<Instant> date_in_form(std::string_view text);

/// Whether the evidence this node holds allows the act: `release` and `receive` need every item
/// complete here, `receive` confirms the manifest, deletions name what is held.
Result<void> check_evidence(Node& node, StoreReader& reader, const ActInCase& act);

/// The case row with the time at which the case wakes by itself.
CaseRow case_row(
    const Node& node, const casefile::Case& next, const procedure::Graph& graph, Instant changed);

/// The keeper's deliveries: the new act to all who take part, and to those who join with it the
/// acts before it, in order.
struct Admission {
    const directory::Directory& directory;
    const casefile::Case& before;
    const casefile::Case& after;
    const act::Header& header;
    const Digest& hash;
    const ParticipantId& performer;
};

void queue_for_participants(Node& node, StoreWriter& writer, const Admission& admission);

/// Evidence rows: what a production or release announces, and what a deletion ends. Files of
/// destroyed rows are removed after the commit (destroy_evidence.cpp), at start-up too.
void apply_evidence(
    Node& node, StoreWriter& writer, const ActInCase& act, const casefile::Case& after,
    const Digest& hash);

/// What an act leaves behind for other doors: the code of a notice that this node gave, an opening
/// under the extraordinary mechanism.
void apply_rights(
    Node& node, StoreWriter& writer, const directory::Directory& directory, const ActInCase& act,
    Instant admitted);

/// Whether this node performs the act by itself when its time comes: the clock's acts of cases it
/// keeps, and acts at their deadline of its own side.
bool performs_by_itself(const Node& node, const casefile::Case& state, const procedure::Act& act);

/// Marks our own submission of this act, if there is one, as admitted and removes it from the
/// outbox.
void settle_submission(StoreWriter& writer, const Digest& hash);

} // namespace comity::node
