// When a case's data is locked: nothing of it opens and nothing of it moves, on every node that
// holds any. Computed from the case each time it is asked, so no node can forget to lock or unlock.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// Refuses evidence_locked, and says why, when the procedure would not let data of the case be
/// opened even by who has received it: suspended, challenged, withdrawn, refused, opposed, quashed,
/// without a judge in time, corrected, deleted.
Result<void> check_unlocked(const procedure::Graph& graph, const procedure::Marking& marking);
Result<void> check_unlocked(Node& node, const casefile::Case& state);

/// Whether what locks the case is for good: no act that is owed would unlock it.
bool locked_for_good(const procedure::Graph& graph, const procedure::Marking& marking);

/// At start, and after a restore: the data of every case that this node has deleted, or that is
/// deleted by what the case says, is destroyed again should a file of it be there. Returns how many
/// files were.
std::size_t destroy_again(Node& node);

} // namespace comity::node
