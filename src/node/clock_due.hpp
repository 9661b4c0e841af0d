// What a node does by itself when the time has come: clock acts of the cases it keeps, and acts at
// their deadline that belong to its side and that no person has performed.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// Performs what is due now; called on a beat, and at start-up by the same code. Returns how many
/// acts were performed or submitted.
std::size_t clock_due(Node& node);

/// The fields of an act that the node performs at its deadline (a purge, a notice), from what the
/// case holds. Refuses when the act cannot be performed without a person.
Result<json::Object> fields_at_deadline(
    Node& node, const casefile::Case& state, std::string_view act);

} // namespace comity::node
