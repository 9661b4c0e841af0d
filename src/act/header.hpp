// The header of an act: small, kept for ever, seen by every participant of the case. It says that
// an act happened, by whom and when, never what it says. Its exact bytes are the payload of the
// seal (seal.hpp); they are kept and never serialised again.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace comity::act {

/// One part of the body: who may read it, and the hashes that bind it to the signed header.
struct PartRef {
    std::vector<std::string> audience;  ///< sides, in the order of the form
    std::vector<ParticipantId> readers; ///< sorted; the sealed part has exactly these recipients
    Digest hash;                        ///< of the opened part, which holds a random salt
    Digest sealed_hash;                 ///< SHA-256 of the sealed bytes
    std::size_t size = 0;               ///< of the sealed bytes

    bool operator==(const PartRef&) const = default;
};

/// What only the first act of a case states: who takes part, and the case's parameters.
struct Opening {
    ParticipantId requesting;
    ParticipantId requested;
    ParticipantId provider;
    std::vector<ParticipantId> third; ///< sorted; countries with a connection, by their authority
    std::string category;             ///< the most intrusive data category asked for
    OfficeId recipient;               ///< the requesting office that will receive the data

    bool operator==(const Opening&) const = default;
};

struct Header {
    std::string federation;
    CaseId case_id;
    std::int64_t sequence = 0; ///< 1 for the first act
    std::string act;
    std::string procedure;
    std::string law_pack; ///< the pack's digest in text form
    ParticipantId performer;
    OfficeId office;      ///< empty for acts that a node performs by itself
    std::string side;     ///< requesting, requested, provider, third, subject, oversight, clock
    std::string role;     ///< empty for acts that a node performs by itself
    PersonId person;      ///< empty for acts that a node performs by itself
    Instant time;         ///< when it was signed
    ParticipantId keeper; ///< who is expected to number it
    std::vector<Digest> after; ///< acts it builds on; the act before it in the case is always one
    std::vector<PartRef> parts;
    std::map<std::string, Instant> dates; ///< dates of the form that set a deadline
    std::optional<Opening> opening;       ///< exactly when sequence is 1
    std::optional<ParticipantId> joining; ///< a third country's authority that is consulted
    /// Of a notice: commits to the code that the person gets. Of a challenge: proves that who
    /// challenges has it (act/code.hpp).
    std::optional<Digest> code;

    bool operator==(const Header&) const = default;
};

/// The header's bytes, in one fixed member order.
Bytes print_header(const Header& header);

/// Strict: the members of version 1, each of its form, and no other. Refuses with
/// protocol_unsupported for another version, header_malformed otherwise.
Result<Header> parse_header(BytesView bytes);

/// The hash that names an act: SHA-256 over a domain tag and the header's bytes.
Digest act_hash(BytesView header_bytes);

/// What a person's passkey signs to approve the act: another domain over the same bytes.
Digest approval_challenge(BytesView header_bytes);

} // namespace comity::act
