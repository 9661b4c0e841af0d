// Padding of this node's record: at times that nobody can foresee and that do not depend on what
// the node does, a leaf that stands for no act.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// The mean time between two leaves of padding. The shortest is what a busy record need not grow
/// beyond; at the longest a quiet record still shows a leaf twice a day.
inline constexpr Milliseconds padding_usual = std::chrono::hours{1};
inline constexpr Milliseconds padding_least = std::chrono::seconds{10};
inline constexpr Milliseconds padding_most = std::chrono::hours{8};

/// Appends a leaf of padding when its time has come and decides when the next one comes: after half
/// the mean to one and a half times of it, by `random`, 64 random bits. On a beat, by the node's
/// own clock. However long the node stood still, it adds one and not many. Returns whether one was
/// added; a node without a record key adds none. Faults when the store does.
bool pad_record(Node& node, Milliseconds mean, std::uint64_t random);

} // namespace comity::node
