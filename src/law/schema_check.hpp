// The schema validator behind one field of a form. valijson is included by schema_check.cpp alone;
// its English texts go no further than that file either.
#pragma once

#include "base/json.hpp"

#include <memory>
#include <string>
#include <vector>

namespace comity::law {

/// The keywords of JSON Schema that forms may use for checks.
enum class Keyword {
    type,
    enumeration,
    constant,
    min_length,
    max_length,
    minimum,
    maximum,
    min_items,
    max_items,
    unique_items,
    pattern,
    required,
    unknown,
    other,
};

struct Violation {
    std::vector<std::string> path; ///< from the field's value down: member names and indices
    Keyword keyword = Keyword::other;
    std::string member; ///< the missing or unknown member, for those two keywords
};

/// Safe to use from several threads at once: validators, which cache their compiled patterns, are
/// lent out one a call.
class SchemaCheck {
public:
    /// `schema` has passed the lint of form_lint.hpp, so valijson can read it.
    explicit SchemaCheck(const json::Object& schema);
    SchemaCheck(SchemaCheck&&) noexcept;
    SchemaCheck& operator=(SchemaCheck&&) noexcept;
    ~SchemaCheck();

    /// Strings must have been measured against their maxLength before: std::regex recurses.
    [[nodiscard]] std::vector<Violation> run(const json::Value& value) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace comity::law
