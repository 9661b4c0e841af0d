// What a provider states when one of its people was shown a case: which case, which office, in
// which role and when, under the participant's seal. It names nobody; it holds the commitment that
// stands in the provider's record, so that who it was can be shown later and cannot be changed.
#pragma once

#include "base/id.hpp"
#include "base/refusal.hpp"
#include "crypto/jws.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace comity::act {

inline constexpr std::string_view sighting_type = "comity-sighting+jws";

struct Sighting {
    std::string federation;
    CaseId case_id;
    ParticipantId participant; ///< whose person it was, and who seals
    OfficeId office;
    std::string role;       ///< of the person's at that office; empty: none in force
    Instant time;           ///< the first on that day (UTC)
    Digest commitment{};    ///< of the leaf: record::act_commitment over the sighting's own text
    std::int64_t index = 0; ///< of that leaf in the participant's record

    bool operator==(const Sighting&) const = default;
};

/// The statement's bytes, in one fixed member order.
Bytes print_sighting(const Sighting& sighting);
/// Names a statement, by its bytes.
Digest sighting_hash(BytesView bytes);

/// Sealed at its own time.
std::string sign_sighting(const Sighting& sighting, const crypto::JwsSigner& signer);

struct SealedSighting {
    Sighting sighting;
    Digest hash{};
    crypto::JwsSignature seal; ///< not verified yet
};

/// Strict: one seal of its own type and nothing unprotected, and exactly the bytes that
/// print_sighting gives. Refuses with seal_malformed, json_malformed and what parse_jws refuses
/// with; the caller asks whose certificate it is.
Result<SealedSighting> parse_sighting(std::string_view text);

} // namespace comity::act
