// A test message to a partner and its receipt: signed as acts and receipts are, over the same way,
// and good for nothing else. That it is a test stands in the signed bytes, in a type of its own; no
// gate, no store and no record ever sees it.
#pragma once

#include "node/node.hpp"

#include <string>

namespace comity::node {

inline constexpr std::string_view test_type = "comity-test+jws";
inline constexpr std::string_view test_receipt_type = "comity-test-receipt+jws";

/// A message for that partner, sealed by this node, with a random number in it.
Result<std::string> make_test(const Node& node, const ParticipantId& partner);

/// Checks what `caller` sent as acts are checked: it is sealed with a key that the directory here
/// pins for the caller, for this node and this federation, at a time that can be believed. Returns
/// the receipt, sealed by this node. Refuses as the gate would.
Result<std::string> answer_test(
    const Node& node, const ParticipantId& caller, std::string_view message);

/// Whether the receipt is the partner's, for exactly this message.
Result<void> check_test_receipt(
    const Node& node, const ParticipantId& partner, std::string_view message,
    std::string_view receipt);

} // namespace comity::node
