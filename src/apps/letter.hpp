// Letters of a running node: an act, its receipt or the chain of custody as PDF.
#pragma once

#include "base/bytes.hpp"
#include "http/routes.hpp"
#include "node/node.hpp"

#include <array>
#include <string>
#include <string_view>

namespace comity::apps {

/// `which` is the number of an act, `receipt-N` for the keeper's receipt of act N, or `custody`.
/// Prints what this node may read and nothing else. Refuses not_found, and not_allowed when the
/// body of the act is not for this node or was destroyed.
Result<Bytes> print_letter(
    node::Node& node, const CaseId& id, std::string_view which,
    const std::array<std::string, 2>& languages);

/// A draft of a form as it would be sent, marked as a draft: no number, no seal, nothing to verify.
/// Refuses form_unknown.
Result<Bytes> print_draft_letter(
    node::Node& node, const http::DraftToPrint& draft, const std::array<std::string, 2>& languages);

} // namespace comity::apps
