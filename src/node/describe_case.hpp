// What a case has on its way, as programs and pages are told.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "node/node.hpp"

namespace comity::node {

/// What SubmissionRow::answer holds of a refusal: {"code", "facts", "text"} in English, and "said"
/// to be told in another language.
std::string kept_answer(const Refusal& refusal);
/// The same for a reader.
std::string told_answer(const SubmissionRow& row, std::string_view language);

/// Acts of ours that wait for the keeper, and those that it refused. Without a language the answer
/// is as it is kept, for programs.
json::Array print_submissions(
    const std::vector<SubmissionRow>& rows, std::optional<std::string_view> language = {});
/// Items of evidence and envelopes, with where they stand; `refused` where whoever is to receive
/// one did not take it: why, since when, and when it is offered again. Without a language the
/// reason is in English.
json::Array print_evidence(
    const Node& node, const std::vector<EvidenceRow>& rows,
    std::optional<std::string_view> language = {});

} // namespace comity::node
