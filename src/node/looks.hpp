// What an oversight body has itself looked at: for those who watch it. A look into a case is an
// inspect act and stands in the case; a question over all cases and a sample belong to no case, so
// each of them leaves a leaf in the body's own record that commits to who looked, at what and why,
// and cannot be told from an act's.
#pragma once

#include "node/node.hpp"

namespace comity::limits {

// What a body saves and draws in years, not hours.
inline constexpr std::size_t saved_questions = 200;
inline constexpr std::size_t samples_kept = 10'000;
inline constexpr std::size_t purpose_bytes = 2'000;

} // namespace comity::limits

namespace comity::node {

struct Look {
    std::int64_t number = 0; ///< from 1 on, in the order in which they were made
    Instant at;
    PersonId person;
    OfficeId office;
    std::string what; ///< case, fields, question, sample, comparison
    std::optional<CaseId> case_id;
    std::string purpose;
    std::int64_t leaf = 0; ///< in this node's record: its own, or the inspect act's
    Bytes nonce;           ///< opens its own leaf over the look's text; empty for an act's
};

/// The text that the leaf of a look commits to.
Bytes look_text(const Look& look);

/// A look that is no act, with a leaf of its own. Returns its number.
std::int64_t record_look(const Node& node, StoreWriter& writer, Look look);
/// A look that is an act, in the act's own transaction.
void note_inspection(const Node& node, StoreWriter& writer, Look look);

/// The latest first, below a number, at most `limit`.
std::vector<Look> looks(Node& node, std::optional<std::int64_t> before, std::size_t limit);

} // namespace comity::node
