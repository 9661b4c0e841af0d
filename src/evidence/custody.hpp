// Custody: who held what, when, under which act. Derived from the acts of a case; the basis of the
// certificate for the court.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "evidence/manifest.hpp"

#include <string>
#include <vector>

namespace comity::evidence {

/// One act that touched the evidence, as far as the reader may see its body.
struct CustodyEvent {
    std::string act; ///< produce, release, receive, open, purge, delete
    Digest hash{};   ///< of the act
    std::int64_t sequence = 0;
    ParticipantId performer;
    Instant admitted;
    std::vector<Item> items;       ///< for produce and release
    std::vector<Digest> destroyed; ///< ciphertexts, for purge and delete
};

struct Holding {
    ParticipantId holder;
    Digest sealed{}; ///< which ciphertext
    Digest plain{};  ///< of which content
    std::string name;
    Instant from;
    Digest under{}; ///< the act that brought it
    std::optional<Instant> destroyed;
    Digest destroyed_by{};
};

struct CustodyParties {
    ParticipantId provider;
    ParticipantId receiving; ///< the requested country's authority
    ParticipantId requesting;
};

/// The chain of custody in order of time. A production to the receiving authority makes it a
/// holder; a release makes the requesting authority one; purge and delete end a holding.
std::vector<Holding> custody(
    const std::vector<CustodyEvent>& events, const CustodyParties& parties,
    bool direct_to_requesting);

json::Array print_custody(const std::vector<Holding>& holdings);

} // namespace comity::evidence
