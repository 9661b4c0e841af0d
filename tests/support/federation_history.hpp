// The rights as predicates over what happened: the invariants 1 to 8 of docs/procedures.md, stated
// a second time in plain code over a case's acts, so that a fault of the engine, of a procedure
// file or of the gate does not excuse itself. Pure.
#pragma once

#include "base/time.hpp"

#include <map>
#include <string>
#include <vector>

namespace comity::test {

struct Event {
    std::string act;
    std::string side;
    std::string role;
    std::string performer;
    std::string person; ///< empty: by a node
    Instant at;
    std::map<std::string, Instant> dates;
};

struct History {
    std::string procedure;
    std::string category;
    bool third = false;
    bool at_rest = false; ///< the case has come to its end
    std::vector<Event> events;
};

/// A sentence for each right that the history breaks; empty when it breaks none.
std::vector<std::string> broken_rights(const History& history);

/// Whether evidence may be opened at the end of the history.
bool may_be_open(const History& history);

} // namespace comity::test
