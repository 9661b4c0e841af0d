// What a case has on its way, as programs and pages are told.
#pragma once

#include "base/json.hpp"
#include "node/ports.hpp"

namespace comity::node {

/// Acts of ours that wait for the keeper, and those that it refused.
json::Array print_submissions(const std::vector<SubmissionRow>& rows);
/// Items of evidence and envelopes, with where they stand.
json::Array print_evidence(const std::vector<EvidenceRow>& rows);

} // namespace comity::node
