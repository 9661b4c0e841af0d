// How somebody comes onto the roll from the pages: an administrator invites, the person makes two
// passkeys in one visit (one signs in, one approves acts), two administrators approve both entries,
// and only then they are sealed and count.
#pragma once

#include "node/enrol.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace comity::node {

/// The two entries of an enrolment, in this order wherever there are two.
inline constexpr std::array purposes{directory::Purpose::sign_in, directory::Purpose::sign};

/// What an administrator asks for.
struct InvitationWish {
    PersonId person;
    std::string name;
    OfficeId office;
    std::vector<std::string> roles;
    Instant valid_until;
    Instant trained_until;
};

struct Invitation {
    /// The challenges of a visit that has begun.
    struct Offer {
        std::array<Digest, 2> challenges{};
        Instant until;
    };

    struct Made {
        Instant at;
        std::string label;
        std::array<crypto::Passkey, 2> passkeys;
    };

    /// The first of the two approvals; it names who gives the second, because both stand in the
    /// entry that is approved.
    struct First {
        PersonId by;
        PersonId with;
        std::array<Digest, 2> entries{}; ///< theirs on the roll
        std::array<crypto::Assertion, 2> assertions;
    };

    std::string id;
    InvitationWish wish;
    PersonId invited_by;
    Instant expires; ///< the link; once the passkeys are made, the approvals
    std::optional<Offer> offer;
    std::optional<Made> made;
    std::optional<First> first;
    bool enrolled = false;
    bool founding = false; ///< of one of the first two people (node/founders.hpp); nobody invited
};

/// The rows that are kept, the latest to expire first.
std::vector<Invitation> invitations(Node& node);

/// Checks the wish against office, roles and bounds, and keeps the invitation. The token is told
/// once, here; what is stored is its hash.
struct Invited {
    Invitation invitation;
    std::string token;
};

/// A new one with its token, not yet kept. `expires` is the link's.
Invited new_invitation(const InvitationWish& wish, Instant expires);

/// The entry that the invited person wants for one of their passkeys (`purposes`), with nobody who
/// vouches for it yet. The passkeys must have been made.
directory::RollEntry wished_entry(
    const Node& node, const std::string& federation, const Invitation& invitation,
    std::size_t which);

/// As the store keeps it: with the hash of its token, and without one when the link has served.
InvitationRow row_of(const Invitation& invitation, const std::optional<Digest>& token);
Digest token_hash(std::string_view token);
/// Faults on what is not readable.
Invitation read_row(const InvitationRow& row);

Result<Invited> invite(Node& node, const InvitationWish& wish, const PersonId& by);

Result<void> withdraw_invitation(Node& node, const std::string& id);

/// Begins the visit of whoever holds the link, with fresh challenges. A token that is unknown, used
/// or expired is not_found, one like the other.
struct Visit {
    Invitation invitation;
    std::array<std::vector<Bytes>, 2>
        known; ///< the person's passkeys in force, not to be made anew
};

Result<Visit> begin_visit(Node& node, const std::string& token);

/// Where passkeys are made, and for whom.
struct RelyingParty {
    std::array<std::string, 2> ids; ///< for signing in, for acts
    std::string origin;
};

/// Takes the two new passkeys; the link has then served. They do nothing yet.
Result<Invitation> register_passkeys(
    Node& node, const std::string& token, const std::string& label,
    const std::array<crypto::Registration, 2>& registrations, const RelyingParty& party);

/// A member that is exactly two objects: what a visit makes, it makes for both purposes.
Result<std::array<const json::Object*, 2>> two_objects(json::Reader& in, std::string_view member);

/// Short words of the two passkeys that the person reads to the administrators, so that nobody who
/// got hold of the link is enrolled in their place.
std::string key_code(const Invitation::Made& made);

/// What this administrator's passkey is to sign.
struct ApprovalPrepared {
    Invitation invitation;
    bool second = false;
    PersonId with;                           ///< the other of the two
    std::vector<PersonId> others;            ///< who could be the other; empty for the second
    std::array<Digest, 2> entries{};         ///< of the two on the roll, in the entry's order
    std::array<PreparedEnrolment, 2> wanted; ///< the new entries
    crypto::Passkey passkey;                 ///< by which they approve
};

/// Refuses with roll_two_people what are not two different administrators besides the person.
Result<ApprovalPrepared> prepare_approval(
    Node& node, const std::string& id, const PersonId& administrator,
    const std::optional<PersonId>& with);

/// The second approval enrols: both entries are sealed, stored and recorded together.
Result<Invitation> approve_invitation(
    Node& node, const std::string& id, const PersonId& administrator,
    const std::optional<PersonId>& with, const std::array<crypto::Assertion, 2>& assertions);

/// For the end of a person: no invitation for or by them stays open.
void withdraw_invitations_of(StoreWriter& writer, const PersonId& person);

} // namespace comity::node
