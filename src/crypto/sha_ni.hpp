// Internal to the room: the two ways of hashing a Merkle tree. hash.cpp chooses one at run time;
// the tests compare both.
#pragma once

#include "crypto/hash.hpp"

#include <span>

namespace comity::crypto::sha_ni {

/// True when the processor has the SHA-256 instructions (Intel SHA extensions, SSSE3, SSE4.1).
bool available();

// The following need available().
Digest node(const Digest& left, const Digest& right);
void level(std::span<const Digest> in, std::span<Digest> out);
void leaves(std::span<const Bytes> entries, std::span<Digest> out);
void climbs(std::span<const Climb> in, std::span<Digest> out);

} // namespace comity::crypto::sha_ni

namespace comity::crypto::portable {

Digest node(const Digest& left, const Digest& right);
void level(std::span<const Digest> in, std::span<Digest> out);
void leaves(std::span<const Bytes> entries, std::span<Digest> out);
void climbs(std::span<const Climb> in, std::span<Digest> out);

} // namespace comity::crypto::portable
