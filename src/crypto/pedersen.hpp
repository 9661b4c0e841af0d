// Pedersen commitments on ristretto255 (RFC 9496) to one of a few categories, proofs that nothing
// else is in them (Cramer, Damgård, Schoenmakers 1994 over Schnorr), and sums that can be opened.
// Provers run on libsodium's constant-time functions.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace comity::crypto {

/// An encoded element, and a scalar below the group order in little-endian bytes.
using Point = std::array<std::uint8_t, 32>;
using Scalar = std::array<std::uint8_t, 32>;

/// The element of a message: RFC 9380 expand_message_xmd with SHA-512 to 64 bytes, then the map of
/// RFC 9496 section 4.3.4.
Point hash_to_group(BytesView message, std::string_view domain);
/// From 64 uniform bytes.
Scalar scalar_from_wide(BytesView bytes);
Scalar random_scalar();
/// Canonical, that is, below the order: libsodium itself takes others as well, which would make
/// proofs malleable.
bool is_canonical(const Scalar& scalar);
/// A valid encoding (RFC 9496) of another element than the identity.
bool is_commitment(const Point& point);

Scalar scalar_sum(const Scalar& a, const Scalar& b);
Scalar scalar_difference(const Scalar& a, const Scalar& b);
Point add(const Point& a, const Point& b);
/// n·P; the identity for 0.
Point times(std::uint64_t n, const Point& point);
/// blinding·B + point.
Point commit(const Scalar& blinding, const Point& point);
/// The identity: the sum of nothing.
inline constexpr Point identity{};

/// Knowledge of r with C - choices[j] = r·B for one j, without telling which.
struct ChoiceProof {
    std::vector<Scalar> challenges;
    std::vector<Scalar> answers;

    /// Challenges, then answers: 64 bytes for each choice.
    [[nodiscard]] Bytes bytes() const;
    static std::optional<ChoiceProof> from_bytes(BytesView bytes);

    bool operator==(const ChoiceProof&) const = default;
};

/// What a proof belongs to: it is valid for nothing else.
struct ProofContext {
    std::string_view domain;
    std::string_view binding;
};

/// `commitment` must be commit(blinding, choices[chosen]).
ChoiceProof prove_choice(
    std::span<const Point> choices, std::size_t chosen, const Point& commitment,
    const Scalar& blinding, const ProofContext& context);
bool verify_choice(
    std::span<const Point> choices, const Point& commitment, const ChoiceProof& proof,
    const ProofContext& context);

} // namespace comity::crypto
