// What a case owes after an act: the worklist's rows, and in public a leaf for each notice, each
// deletion and each authorisation of an emergency that this node's side owes. Called by the gate,
// in the act's own transaction, so that a duty and its leaf come and go together.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// An act that is being committed, and the case after it.
struct Settling {
    std::string_view act;
    BytesView header; ///< exact bytes
    BytesView nonce;  ///< of the act's leaf; it opens the reasons of the discharges too
    const casefile::Case& next;
    const procedure::Graph& graph;
};

/// Replaces the case's obligations and appends the leaves that the difference calls for: a
/// discharge for each duty that ended or moved to another day, an obligation for each new one. The
/// case row must have been put.
void commit_obligations(Node& node, StoreWriter& writer, const Settling& settling);

} // namespace comity::node
