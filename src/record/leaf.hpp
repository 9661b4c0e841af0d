// The lines of the record. A leaf tells nothing of an act but a commitment to it, and of an
// obligation what is owed and by which day; its text is fixed, so that equal leaves have equal
// bytes.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string_view>

namespace comity::record {

inline constexpr std::string_view act_domain = "comity/record/act/v1";
inline constexpr std::string_view reason_domain = "comity/record/reason/v1";
inline constexpr std::size_t act_nonce_bytes = 32;

/// The commitment to an act: tagged_hash(act_domain, nonce, header). The nonce must be 32 random
/// bytes, fresh for each leaf: a header can be guessed, the nonce cannot. Destroying the
/// nonce erases what the leaf says of the act.
Digest act_commitment(BytesView nonce, BytesView header);
/// The commitment of a discharge to the act that brought it about: the same under another domain,
/// so that nobody without the nonce can tell which act's leaf it belongs to.
Digest reason_commitment(BytesView nonce, BytesView header);
/// The handle of a case in one record: HMAC under a key that only this record's node has. Two
/// records have nothing in common for the same case.
Digest case_handle(BytesView record_secret, std::string_view case_id);

/// What may be owed in public.
enum class Duty { notice, deletion, authorisation };

/// How an obligation ended: performed; moved to another day; lifted by an act that ended the case
/// or this part of it; or lapsed, its time over without it, with what the procedure makes of that.
enum class Ending { done, extended, lifted, lapsed };

struct Leaf {
    enum class Kind { act, roll, directory, key, obligation, discharge, tally, report };

    Kind kind = Kind::act;
    /// Of an act the commitment, of an obligation the case's handle, of a discharge the commitment
    /// to its reason, otherwise the hash of what changed.
    Digest hash{};
    std::int64_t version = 0; ///< of what changed, or the report's number; from 1 on
    Duty duty = Duty::notice; ///< of an obligation
    /// Of an obligation the last day on which it is performed in time, of an extension the new one:
    /// the day's first instant.
    Instant day{};
    std::int64_t closes = 0; ///< of a discharge: the index of the obligation's leaf
    Ending ending = Ending::done;
    Bytes tally; ///< of a tally its whole text; record/tally.hpp reads it

    /// The entry's bytes: one JSON object, no white space, no newline.
    [[nodiscard]] Bytes print() const;
    /// Strict: exactly the bytes that print() gives. Refuses with leaf_malformed, and with
    /// leaf_unknown for a well-formed leaf of a kind or version that this program does not know.
    static Result<Leaf> parse(BytesView entry);

    bool operator==(const Leaf&) const = default;
};

inline constexpr std::size_t leaf_kinds = 8;

std::string_view name_of(Leaf::Kind kind);
std::string_view name_of(Duty duty);
std::string_view name_of(Ending ending);

/// {"leaf":"act","v":1,"c":"…"} for act_commitment(nonce, header).
Bytes act_leaf(BytesView nonce, BytesView header);
/// {"leaf":"roll","v":1,"version":N,"hash":"…"} and alike; a `report` has the hash of a published
/// report, so that nobody is shown another one later.
Bytes change_leaf(Leaf::Kind kind, std::int64_t version, const Digest& hash);

/// The last day on which what is due at `due` is performed in time. A deadline at midnight ends the
/// day before.
Instant last_day(Instant due);

/// {"leaf":"obligation","v":1,"duty":"notice","day":"2026-03-01","case":"…"}
Bytes obligation_leaf(Duty duty, Instant day, const Digest& handle);
/// {"leaf":"discharge","v":1,"closes":17,"how":"done","reason":"…"}; an extension has
/// "until":"2026-08-01" before the reason, and is followed by the obligation with that day.
Bytes discharge_leaf(std::int64_t closes, Ending ending, Instant until, const Digest& reason);

/// Whether the entry is the act leaf of exactly this nonce and header: what a party to the case,
/// who holds both, checks before it verifies a proof of the entry.
Result<void> verify_act_leaf(BytesView entry, BytesView nonce, BytesView header);

} // namespace comity::record
