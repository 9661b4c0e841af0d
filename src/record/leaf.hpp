// The lines of the record. A leaf tells nothing of an act but a commitment to it; its text is
// fixed, so that equal leaves have equal bytes.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"

#include <cstdint>
#include <string_view>

namespace comity::record {

inline constexpr std::string_view act_domain = "comity/record/act/v1";
inline constexpr std::size_t act_nonce_bytes = 32;

/// The commitment to an act: tagged_hash(act_domain, nonce, header). The nonce must be 32 random
/// bytes, fresh for each leaf: a header can be guessed, the nonce cannot. Destroying the
/// nonce erases what the leaf says of the act.
Digest act_commitment(BytesView nonce, BytesView header);

struct Leaf {
    enum class Kind { act, roll, directory, key };

    Kind kind = Kind::act;
    Digest hash{};            ///< of an act the commitment, otherwise the hash of what changed
    std::int64_t version = 0; ///< not of an act; from 1 on

    /// The entry's bytes: one JSON object, no white space, no newline.
    [[nodiscard]] Bytes print() const;
    /// Strict: exactly the bytes that print() gives. Refuses with leaf_malformed, and with
    /// leaf_unknown for a well-formed leaf of a kind or version that this program does not know.
    static Result<Leaf> parse(BytesView entry);

    bool operator==(const Leaf&) const = default;
};

std::string_view name_of(Leaf::Kind kind);

/// {"leaf":"act","v":1,"c":"…"} for act_commitment(nonce, header).
Bytes act_leaf(BytesView nonce, BytesView header);
/// A leaf that nobody can tell from an act's: its commitment is random. `random` is 32 bytes from
/// the generator.
Bytes padding_leaf(BytesView random);
/// {"leaf":"roll","v":1,"version":N,"hash":"…"} and alike.
Bytes change_leaf(Leaf::Kind kind, std::int64_t version, const Digest& hash);

/// Whether the entry is the act leaf of exactly this nonce and header: what a party to the case,
/// who holds both, checks before it verifies a proof of the entry.
Result<void> verify_act_leaf(BytesView entry, BytesView nonce, BytesView header);

} // namespace comity::record
