// What comes in and how much work it is: read from a table, or from what a node has done. Pure.
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace comity::plan {

/// The work of an office: when cases came, one after another, and what each took. Hours.
struct Load {
    std::vector<double> gaps; ///< between one case and the next; one fewer than cases
    std::vector<double> work; ///< an officer's hours on each case
    std::size_t people = 0;   ///< who did it, if the source tells; else 0
    Instant first;            ///< when the first case came
    Instant last;             ///< when the last case came

    bool operator==(const Load&) const = default;
};

/// A table with the columns `arrived` (RFC 3339) and `work` (ISO 8601, hours to seconds, as
/// PT6H30M: the hours somebody worked on it, without waiting) in any order; other columns are not
/// read. Comma-separated, no quotes. Refuses with the line that is wrong.
Result<Load> read_table(std::string_view text);

/// One act of a case as the node admitted it.
struct Step {
    std::string person; ///< pseudonym; empty when a node performed it by itself
    std::string role;
    bool ours = false; ///< performed by this node's participant
    Instant admitted;
};

using History = std::vector<std::vector<Step>>; ///< the steps of each case, in order

/// The load that a node's history shows, for people in this role, or for all when it is empty. A
/// case came when the act was admitted that one of our people answered first. The work on an act is
/// the time since it could be done and since the same person's act before it, and at most a working
/// day: it holds pauses, so it is an upper bound. Refuses when too few cases show any.
Result<Load> read_history(const History& history, std::string_view role);

} // namespace comity::plan
