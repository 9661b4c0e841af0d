// The practice world's software authenticators: they answer in the browser for people who exist
// nowhere else. Only a node of the practice world is given any; where there are none, the two
// operations are not routes at all.
#pragma once

#include "crypto/webauthn.hpp"
#include "directory/roll.hpp"

#include <map>
#include <optional>
#include <span>

namespace comity::api {

/// Immutable, so safe from several threads.
class PracticeKeys {
public:
    /// From what SoftwareAuthenticator::save made.
    static Result<PracticeKeys> read(std::span<const Bytes> saved);

    [[nodiscard]] bool has(const directory::RollEntry& entry) const {
        return keys_.contains(entry.passkey.credential_id);
    }

    /// What the passkey of that entry answers; nothing when it is not one of these.
    [[nodiscard]] std::optional<crypto::Assertion> answer(
        const directory::RollEntry& entry, BytesView challenge) const;

private:
    std::map<Bytes, crypto::SoftwareAuthenticator> keys_; ///< by credential
};

} // namespace comity::api
