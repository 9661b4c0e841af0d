// After a back-up was restored: what happened since is learnt from the others before anything
// opens, and what was deleted is deleted again.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// Marks a store that came out of a back-up. From then on nothing opens until recover_restored has
/// finished.
void mark_restored(StoreWriter& writer);
bool is_restored(StoreReader& reader);

/// Asks the other participants of every case for the acts that are missing here, takes them through
/// the gate, and destroys again what they say was deleted. Goes on until each case has been asked
/// about at one other participant at least; called on a beat. Returns whether all is done (at once
/// when nothing was restored).
bool recover_restored(Node& node);

} // namespace comity::node
