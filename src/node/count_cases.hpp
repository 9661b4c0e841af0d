// What this node counts of its own cases as it happens, for its office's statistics: by the month
// in which a case was opened, partner, procedure and category. For the figures that others can
// check, see statistics.hpp.
#pragma once

#include "node/node.hpp"

#include <map>

namespace comity::node {

/// An act that is being committed, and what it was before; for a case from before the counting, no
/// act and nothing before.
struct Counted {
    const casefile::Case* before = nullptr; ///< null: the case is new here
    const casefile::Case& next;
    const procedure::Graph& graph;
    const act::Header* header = nullptr;
    const json::Object* fields = nullptr; ///< what this node may read of the act
};

/// The counters that go up by one, in the transaction of the act. `row` is the case's row of the
/// worklist after it. Who stands on no side of the case counts nothing.
std::vector<std::string> counters_of(const Node& node, const WorkRow& row, const Counted& counted);

struct CaseCounts {
    std::string month; ///< 2026-11
    ParticipantId partner;
    std::string procedure;
    std::string category;
    std::int64_t received = 0;
    std::int64_t sent = 0;
    std::int64_t refused = 0;
    std::map<std::int64_t, std::int64_t> days; ///< from request to evidence: days begun, and cases
    std::int64_t in_time = 0;                  ///< acts of ours that were owed, by their deadline
    std::int64_t late = 0;
};

/// The counts of one month in order, after the place of an earlier one.
std::vector<CaseCounts> counts_of_month(
    StoreReader& reader, std::string_view month, const CaseCounts* after, std::size_t limit);

/// The middle of the days, half a day rounded up; nothing where no case came to evidence.
std::optional<std::int64_t> median_days(const std::map<std::int64_t, std::int64_t>& days);
/// Whole per cent of acts in time, rounded down; nothing where none was owed.
std::optional<std::int64_t> per_cent_in_time(std::int64_t in_time, std::int64_t late);

/// Cases sent back in a year, by the reasons that were given.
std::map<std::string, std::int64_t> returned_in(StoreReader& reader, std::string_view year);

/// 2026-11.
std::string month_of(Instant at);

} // namespace comity::node
