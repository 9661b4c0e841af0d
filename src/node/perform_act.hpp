// Performing an act of our own: prepare (split the form, seal the parts, print the header), have it
// approved by a person's passkey, perform (seal it, take it through the gate, or submit it to the
// keeper). What is approved is exactly what was prepared.
#pragma once

#include "assess/assessment.hpp"
#include "node/gate.hpp"

namespace comity::node {

/// What somebody wants to do.
struct Intent {
    std::optional<CaseId> case_id; ///< none: opens a case
    std::string procedure;         ///< for the first act
    std::string act;
    OfficeId office; ///< empty, with role and person, for acts that the node performs by itself
    std::string role;
    PersonId person;
    json::Object fields;
    std::optional<act::Opening> opening;
    std::optional<ParticipantId> joining;
    std::vector<Digest> about; ///< further acts of the case that it builds on: what is inspected
};

struct Prepared {
    Digest hash{};
    CaseId case_id;
    Bytes header;
    Digest challenge{}; ///< what the passkey signs
    /// What the law says of the request, where the act asks for it.
    std::optional<assess::Assessment> assessment;
};

/// Prepares an act and keeps it as a draft. Refuses what the form or the procedure refuses, as far
/// as it can be known before approval.
Result<Prepared> prepare_act(Node& node, const Intent& intent);

struct Performed {
    bool admitted = false; ///< false: waits for the keeper's answer
    Passage passage;
};

/// Seals a draft with the approval and takes it through the gate. If another node keeps the case,
/// it is rehearsed here, stored and sent there.
Result<Performed> perform_act(Node& node, const Digest& draft, const crypto::Assertion& assertion);

/// For acts that the node performs by itself (clock acts, acts at their deadline).
Result<Performed> perform_by_node(Node& node, const Intent& intent);

} // namespace comity::node
