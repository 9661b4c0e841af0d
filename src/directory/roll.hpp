// The roll: a participant's people and their passkeys. Every entry takes two people already on the
// roll; the first two (founders) are named by hash in the directory, so an entry can be traced to
// them by anybody and a stolen seal key alone enrols nobody.
#pragma once

#include "act/seal.hpp"
#include "directory/directory.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace comity::directory {

inline constexpr std::string_view roll_type = "comity-roll+jws";
inline constexpr std::string_view administrator = "administrator";

enum class Purpose { sign, sign_in };

struct RollEntry {
    std::string federation;
    ParticipantId participant;
    PersonId person; ///< a pseudonym; who it is stands in the participant's own books
    OfficeId office;
    std::vector<std::string> roles;
    Purpose purpose = Purpose::sign;
    crypto::Passkey passkey;
    Instant valid_from;
    Instant valid_until;
    Instant trained_until; ///< a role acts only while its training is valid (R8)
    bool founding = false;
    std::vector<Digest> enrolled_by; ///< two entries; none for founders

    [[nodiscard]] bool has_role(std::string_view role) const;
};

/// A registered passkey as the member `credential` of an entry.
json::Object print_credential(const crypto::Passkey& passkey);
Result<crypto::Passkey> parse_credential(const json::Object& object);

Bytes print_roll_entry(const RollEntry& entry);
Result<RollEntry> parse_roll_entry(BytesView payload);
/// Names a roll entry, and is what the directory lists as founder or revoked.
Digest roll_entry_hash(BytesView payload);
/// What the two enrolling people's passkeys sign.
Digest enrolment_challenge(BytesView payload);

/// The sealed entry with the two approvals (none for founders).
std::string seal_roll_entry(
    BytesView payload, Instant signed_at, const crypto::JwsSigner& signer,
    std::span<const crypto::Assertion> approvals);

/// A roll entry as read from its text, not yet verified.
struct SealedRollEntry {
    RollEntry entry;
    Digest hash;
    crypto::JwsSignature seal;
    std::vector<crypto::Assertion> approvals;
};

Result<SealedRollEntry> parse_sealed_roll_entry(std::string_view text);

/// Verifies `chain.front()` up to the founders: each entry's seal is the participant's; each was
/// approved by the passkeys of two different people whose entries are in the chain, hold the role
/// of administrator and were valid when they approved; founders are named in the directory.
/// Refuses with approval_roll_entry, roll_two_people or a seal code.
Result<void> verify_chain(const Directory& directory, std::span<const SealedRollEntry> chain);

/// The entry and all that it stems from, in the order that verify_chain wants: each stands before
/// those that vouch for it, also where two of them were enrolled by the same person. `find` gives
/// an entry by its hash; refuses approval_roll_entry when it does not, or when the chain is longer
/// than limits::roll_chain_entries.
Result<std::vector<SealedRollEntry>> chain_of(
    SealedRollEntry entry,
    const std::function<std::optional<SealedRollEntry>(const Digest&)>& find);

/// The gate's approval step: the chain, then validity on the day, revocation, office and role,
/// training, purpose, and at last the assertion over the act's bytes.
struct ApprovalClaim {
    ParticipantId participant;
    PersonId person;
    OfficeId office;
    std::string role;
    Instant when;
    Digest challenge;
};

/// Remembers entries whose chain was verified, under a key made of the entry's text and the
/// directory it was verified under: a remembered one is neither read nor verified again. Both
/// functions may be empty.
struct ChainMemory {
    std::function<std::shared_ptr<const SealedRollEntry>(const Digest&)> known;
    std::function<void(const Digest&, std::shared_ptr<const SealedRollEntry>)> learned;
};

/// Returns the person's entry.
Result<std::shared_ptr<const SealedRollEntry>> check_approval(
    const Directory& directory, const act::Approval& approval, const ApprovalClaim& claim,
    const ChainMemory& memory);

} // namespace comity::directory
