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

json::Array print_differences(const std::vector<Difference>& list);

} // namespace comity::casefile
