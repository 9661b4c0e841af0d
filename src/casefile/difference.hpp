// A clarification, field by field: what was asked of which field, what was answered, and what the
// field said before and says now.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"

#include <string>
#include <vector>

namespace comity::casefile {

struct Difference {
    std::string field;
    std::string code; ///< of the question: missing, unclear, …
    std::string question;
    std::string answer; ///< empty while it is owed
    std::string before; ///< empty when the field does not change
    std::string after;

    [[nodiscard]] bool changed() const { return before != after; }
};

/// The questions in their order, each with its answer. `answered` may be null.
std::vector<Difference> differences(const json::Object& asked, const json::Object* answered);

/// Every question is answered, and nothing else is. Refuses with finding_not_met.
Result<void> check_answers(const json::Object& asked, const json::Object& answered);

/// A change between two texts of the same thing: a field of a form, or something within one.
struct Change {
    std::string pointer; ///< RFC 6901; into what was before, and into what is after where it is new
    const json::Value* before = nullptr; ///< null: it was not there
    const json::Value* after = nullptr;  ///< null: it is no longer there
};

/// What changed in the fields that both have, and with `all` in the others too. Entries of lists
/// are compared with those they resemble and not by their place, so that a row that was struck out
/// of a grid is one change and not one for every row behind it. Points into the arguments.
std::vector<Change> changes(const json::Object& before, const json::Object& after, bool all);

json::Array print_differences(const std::vector<Difference>& list);

} // namespace comity::casefile
