// The worklist's row of a case: put by the gate in the transaction of each act, so that the list is
// never behind the case; and put for cases from before the worklist was there.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// What is owed next: the earliest that waits for no other act.
std::optional<procedure::Owed> owed_next(
    const procedure::Graph& graph, const procedure::Marking& marking);

/// open (this participant owes what is next), waiting, suspended, at-rest; for who oversees, open
/// is what anybody owes.
std::string_view work_state(
    const casefile::Case& state, const procedure::Graph& graph, const ParticipantId& self);

/// Until when a judge has put the notice to the person off; nothing where none has, or the person
/// was told.
std::optional<Instant> deferral_end(const casefile::Case& state, const procedure::Graph& graph);

/// The row as it stands after the case's last act; without the file number.
WorkRow work_row(
    const Node& node, const casefile::Case& state, const procedure::Graph& graph,
    const directory::Directory* directory);

/// The same after an act of which this node may read these fields; the first act's have the number.
WorkRow work_row(
    const Node& node, const casefile::Case& next, const procedure::Graph& graph,
    const directory::Directory& directory, const json::Object& fields);

/// Puts the rows of cases that have none, and anew those from before each role's duties stood in
/// them, a few hundred a transaction. Returns how many it put; at once when there is nothing to do.
std::size_t fill_worklist(Node& node);

/// What this participant owes in one of these roles: the earliest; nothing when it owes none. Lives
/// as long as the row.
const WorkDuty* own_duty(const WorkRow& row, const std::vector<std::string>& roles);

/// Whether a row is in the hands that the filter asks for.
bool in_hands(const WorkRow& row, const WorkFilter& filter);

/// The file number of a row, or the beginning of the case's id where this node does not know it.
std::string reference_of(const Node& node, const WorkRow& row);

/// By which a file number is found: equal for numbers that differ in case and blanks only.
Digest reference_token(const Node& node, std::string_view number);

/// Why a row counts as stuck now; nothing when it does not: `question` (asked and not answered in
/// time), `no-act` (late, and nothing happened for limits::work_stuck).
std::string_view stuck_reason(const WorkRow& row, Instant now);

} // namespace comity::node
