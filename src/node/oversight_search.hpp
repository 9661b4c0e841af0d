// Questions of an oversight body that are answered with cases: what to look at, and why.
#pragma once

#include "base/said.hpp"
#include "node/oversee.hpp"

namespace comity::node {

/// A question as it is saved: what it is about, and which cases it is asked of.
struct CaseQuery {
    /// cases, emergencies, notices, refusals, deferrals, dwell, ceiling, inspections
    std::string about = "cases";
    std::int64_t days = 90; ///< how far back; for deferrals: told later than so many days
    std::string procedure;  ///< empty: any; as the rest
    std::string category;
    std::string requesting;
    std::string requested;

    /// From its members by name, all of them texts; refuses with json_malformed what is none.
    static Result<CaseQuery> from(const json::Object& members);
};

struct FoundCase {
    const SeenCase* seen = nullptr;
    Instant at;
    Said why;
};

/// One row for each case, the latest first. Pure.
std::vector<FoundCase> find_cases(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const CaseQuery& query);

} // namespace comity::node
