// The tally that a closed case leaves in this node's record, and the report over a quarter.
#pragma once

#include "node/commit_obligations.hpp"
#include "record/tally.hpp"

namespace comity::node {

/// A case is closed for the statistics when an act ended it (declined, refused, opposed, unable,
/// withdrawn, quashed, lapsed) or when its data was received and notice is owed no more. Then, once
/// for each case, a tally is appended by every participant that stands on a side of it, in the
/// transaction of the closing act. A node without a record key counts nothing.
void commit_tally(Node& node, StoreWriter& writer, const Settling& settling);

/// The categories of a case, one for each of record::tally_attributes().
std::vector<std::size_t> tally_categories(
    const casefile::Case& state, const procedure::Graph& graph);

/// The report over this node's tallies of a class (requesting, requested, provider, third) and a
/// quarter (2026-Q1). Refuses before the quarter has ended: two reports of one quarter that differ
/// by a case would tell that case.
Result<json::Object> make_statistics(Node& node, std::string_view group, std::string_view period);

} // namespace comity::node
