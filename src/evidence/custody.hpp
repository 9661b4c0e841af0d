// Custody: who held what, when, under which act. Derived from the acts of a case; the basis of the
// certificate for the court.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "evidence/manifest.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace comity::evidence {

/// One act that touched the evidence, as far as the reader may see its body.
struct CustodyEvent {
    std::string act; ///< produce, release, receive, open, purge, delete, discard
    Digest hash{};   ///< of the act
    std::int64_t sequence = 0;
    ParticipantId performer;
    Instant admitted;
    std::vector<Item> items;       ///< for produce and release
    std::vector<Digest> destroyed; ///< ciphertexts, where the act ends holdings
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

/// Whether an act of this kind ends what its performer holds: purge, delete, discard.
bool ends_holdings(std::string_view act);

/// The chain of custody in order of time. A production makes a holder of who receives it, and of
/// the provider, whose sealed copy lies ready until it has arrived: the recipient's next act
/// (release, or receive) says so. A release makes the requesting authority a holder. Purge, delete
/// and discard end the holdings of who performs them.
std::vector<Holding> custody(
    const std::vector<CustodyEvent>& events, const CustodyParties& parties,
    bool direct_to_requesting);

json::Array print_custody(const std::vector<Holding>& holdings);

} // namespace comity::evidence
