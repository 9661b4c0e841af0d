// The grid of a request: rows of selector, data category and period. It says all that may be asked
// for, ordered and handed over, and it can only shrink on the way (F8).
#pragma once

#include "assess/selector.hpp"

#include <optional>
#include <string>
#include <vector>

namespace comity::assess {

struct Cell {
    Selector selector;
    std::string category;        ///< subscriber, access, traffic, content
    std::optional<Instant> from; ///< none: from the beginning
    std::optional<Instant> to;   ///< none: to the day of the request; the end itself is outside

    bool operator==(const Cell&) const = default;
};

using Grid = std::vector<Cell>;

/// Reads a form's grid and checks every selector and period. Refuses with finding_not_met, naming
/// the row.
Result<Grid> read_grid(const json::Array& rows);

/// True when everything `inner` asks for is asked for by `outer`: the same selector and category,
/// and the period within. A category never contains another: who may have content has not thereby
/// been granted traffic data.
bool contains(const Cell& outer, const Cell& inner);

/// True when one row of the grid contains the cell. A period that only two rows together cover is
/// not contained: every cell answers to one row that a judge has read.
bool contains(const Grid& outer, const Cell& inner);

/// The index of the first row of `inner` that `outer` does not contain.
std::optional<std::size_t> first_outside(const Grid& outer, const Grid& inner);

/// For people and refusals: `access of email jan@nimbus.example from … to …`.
std::string text(const Cell& cell);

} // namespace comity::assess
