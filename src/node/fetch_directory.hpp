// A node looks for newer directories by itself: on a beat it asks two other participants, chosen at
// random, which one they have. News so reaches a thousand nodes within a minute, without a centre.
#pragma once

#include "node/node.hpp"

#include <array>
#include <cstdint>

namespace comity::node {

/// How often it asks. Twelve beats are a minute (threat T13).
inline constexpr Milliseconds directory_beat{5'000};

/// Two different places among `count` that are not `self`; the same one twice when there is but
/// one other. `count` is at least 2. `random` decides.
std::array<std::size_t, 2> peers_to_ask(std::size_t count, std::size_t self, std::uint64_t random);

/// Asks, and installs what is newer: forward only, and with the signatures of the threshold of the
/// directory before it, so whoever answers cannot forge anything. Returns how many were installed.
std::size_t fetch_directory(Node& node, std::uint64_t random);

/// The directory that followed version `after` here, as its members signed it: who is several
/// versions behind checks each against the one before. Nothing when there is none.
std::optional<std::string> directory_after(StoreReader& reader, std::int64_t after);

} // namespace comity::node
