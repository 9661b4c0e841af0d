// Enrolment on the roll: the two founders when the node is set up, everybody else by two people
// already on it, and the end of an entry when a person leaves.
#pragma once

#include "node/node.hpp"

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

/// The founders' entries, made when the node is created, before any directory names them.
std::string found(const Keys& keys, const directory::RollEntry& entry, Instant now);

/// Ends an entry at once: the person approves nothing any more on this node.
Result<void> end_entry(Node& node, const Digest& entry);

/// Installs a directory: the first with accept_first, later ones with accept_update; records that
/// it changed. The same one again is no change.
Result<void> install_directory(Node& node, std::string_view jws);

} // namespace comity::node
