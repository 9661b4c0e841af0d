// Enrolment on the roll: the two founders when the node is set up, everybody else by two people
// already on it, and the end of an entry when a person leaves.
#pragma once

#include "node/node.hpp"

#include <array>
#include <functional>
#include <span>

namespace comity::node {

/// What is asked for a new person; the passkey comes from its registration.
struct Enrolment {
    PersonId person;
    OfficeId office;
    std::vector<std::string> roles;
    directory::Purpose purpose = directory::Purpose::sign;
    crypto::Passkey passkey;
    Instant valid_until;
    Instant trained_until;
    PersonId by_first;
    PersonId by_second;
};

struct PreparedEnrolment {
    Bytes payload;
    Digest challenge{}; ///< what the two enrolling people's passkeys sign
};

Result<PreparedEnrolment> prepare_enrolment(Node& node, const Enrolment& enrolment);

/// Seals the entry with the two approvals, verifies the whole chain, stores it, and commits that
/// the roll changed to the public record. Returns the entry's hash.
Result<Digest> enrol(
    Node& node, BytesView payload, const crypto::Assertion& first, const crypto::Assertion& second);

/// An entry that two people approved, in the order in which it names them.
struct Approved {
    Bytes payload;
    std::array<crypto::Assertion, 2> approvals;
};

/// The same for several entries: all or none. `with` says whether it is still to be, and then
/// writes what belongs to it; if not, refuses with draft_changed.
Result<std::vector<Digest>> enrol_all(
    Node& node, std::span<const Approved> entries,
    const std::function<bool(StoreWriter&, const std::vector<Digest>&)>& with);

/// The founders' entries, made when the node is created, before any directory names them.
std::string found(const Keys& keys, const directory::RollEntry& entry, Instant now);

/// Ends an entry at once: its passkey does nothing any more on this node. The acts that its person
/// had prepared end with it; with the last of a person's entries, the invitations for and by them,
/// and their cases are in nobody's hands (node/hands.hpp).
Result<void> end_entry(Node& node, const Digest& entry);
/// The same with the other passkey that was made in the same visit: they share a device.
Result<void> end_device(Node& node, const Digest& entry);
/// Everything of a person who leaves.
Result<void> end_person(Node& node, const PersonId& person);

/// Installs a directory: the first with accept_first, later ones with accept_update; records that
/// it changed. The same one again is no change.
Result<void> install_directory(Node& node, std::string_view jws);

} // namespace comity::node
