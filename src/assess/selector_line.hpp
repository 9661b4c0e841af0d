// Selectors as people paste them: a line each, the kind known by how it looks. What is not clear is
// refused with what would make it clear, and never guessed.
#pragma once

#include "assess/selector.hpp"

namespace comity::assess {

/// What the lines of one paste have in common.
struct LineHints {
    std::string type;  ///< all of this kind; empty: each line is known by how it looks
    std::string space; ///< whose account names these are
};

/// Reads a line: the value, then for an address its port and the time when it was seen, in any
/// order and with blanks between them (`203.0.113.7 51512 2026-02-11T16:06:31+02:00`; a port may
/// also stand behind the address as in a URL, and the time as date and time of day). Refuses with
/// finding_not_met (F8).
Result<Selector> read_line(std::string_view line, const LineHints& hints);

} // namespace comity::assess
