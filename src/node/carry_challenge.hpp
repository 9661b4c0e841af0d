// A challenge, from the person who has a code to the court that rules on it. Any authority's node
// takes it and seals it to the authority of the code's country; that one, which gave the notice,
// carries it into the case. The person gets a receipt that can be checked without asking anybody.
#pragma once

#include "node/node.hpp"

namespace comity::node {

inline constexpr std::string_view filing_receipt_type = "comity-filing+jws";

/// What the person gets: the filing's own text, and this node's signed word that it has it.
struct Filed {
    std::string filing;   ///< what was filed, to be kept with the receipt
    std::string receipt;  ///< JWS over the filing's hash
    bool carried = false; ///< the competent authority has it; else it waits and is sent on
};

/// Takes a challenge: the fields of the form `challenge`. Refuses what the form refuses and a code
/// that is misspelt; whether the code is any case's is not told here (threat T36).
Result<Filed> file_challenge(Node& node, const json::Object& fields);

/// A filing from another node, sealed to this one. Answers with this node's receipt, whether there
/// is a case or not.
Result<std::string> take_filing(Node& node, std::string_view sealed);

/// Brings the filings that wait here into their cases. On a beat and at start-up. Returns how many
/// challenges were performed or submitted.
std::size_t carry_filings(Node& node);

/// By when a court has ruled on a challenge that is filed now: the longest that any procedure of
/// the law pack gives it, since a code does not tell the procedure.
Instant ruling_due(const Node& node, Instant filed);

struct FilingReceipt {
    std::string federation;
    ParticipantId by;
    ParticipantId to; ///< the authority that gave the notice
    Digest filing{};
    Instant time;
};

/// Reads a receipt and checks it against the directory and the filing's text.
Result<FilingReceipt> verify_filing_receipt(
    const directory::Directory& directory, std::string_view receipt, std::string_view filing);

} // namespace comity::node
