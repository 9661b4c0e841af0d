// Sign-in sessions. A person signs in with the passkey of purpose sign-in; the session is a random
// token in a cookie that scripts cannot read. It is short, bound to the roll entry that opened it,
// and ends at the moment that entry ends (threat T44). Nothing of it is on disk: a restart signs
// out.
#pragma once

#include "crypto/webauthn.hpp"
#include "directory/roll.hpp"
#include "node/roll_index.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace comity::api {

/// Who is signed in, as of this request.
struct Session {
    PersonId person;
    OfficeId office;
    std::vector<std::string> roles; ///< of the roll entry; none while training has run out (R8)
    Digest entry{};                 ///< the roll entry that signed in
    Instant trained_until;
    Instant ends; ///< at the latest
};

/// Safe from several threads.
class Sessions {
public:
    /// The node outlives it.
    explicit Sessions(node::Node& node) : node_(node) {}

    /// A fresh challenge of 32 random bytes; it serves one sign-in within `limits::sign_in_time`.
    Digest challenge();

    /// Checks the assertion against the roll: a challenge given here and not used yet, an entry of
    /// purpose sign-in with that credential, its chain, its validity today. Returns the token for
    /// the cookie. Refuses with the approval codes.
    struct Opened {
        std::string token;
        Session session;
    };

    Result<Opened> open(const crypto::Assertion& assertion);

    /// The session of a token, if it is still one: not idle too long, not over its length, its roll
    /// entry not ended. Each call counts as use.
    std::optional<Session> find(std::string_view token);

    void close(std::string_view token);
    /// Every session of a roll entry's person, at once.
    void close_all(const PersonId& person);

    [[nodiscard]] std::size_t size() const;

private:
    struct Held {
        Session session;
        Instant used;
    };

    void forget_old(Instant now);

    node::Node& node_;
    mutable std::mutex mutex_;
    std::map<Digest, Instant> challenges_; ///< until when each may be used
    std::map<Digest, Held> held_;          ///< by the token's hash, so that memory names no token
};

} // namespace comity::api
