// A published report against the leaves of the record, read from public files alone.
#pragma once

#include "apps/monitor.hpp"
#include "base/refusal.hpp"

namespace comity::apps {

/// Reads every leaf of the record under its signed checkpoint and checks the report against the
/// tallies of its class and period. Gives what the report tells, by "attribute/category".
Result<std::map<std::string, std::string>> check_report(
    BytesView report, RecordSource& source, const record::VerifierKey& log);

} // namespace comity::apps
