// The keys behind acts that were admitted before these were noted.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// Notes the keys of every act that is here without them, as the gate does of what it admits now.
/// Once, at the start of a node whose store is of before. Returns of how many. Faults when the
/// store does.
std::size_t note_act_keys(Node& node);

} // namespace comity::node
