// A published report against the leaves of the record, read from public files alone.
#pragma once

#include "apps/monitor.hpp"
#include "base/refusal.hpp"

namespace comity::apps {

/// Reads every leaf of the record under its signed checkpoint and checks the report against the
/// tallies of its class and period. Gives what the report tells, by "attribute/category". Of a
/// quarter's document (transparency/1) each of its reports, by "class/attribute/category", and that
/// a leaf of the record holds exactly this document.
Result<std::map<std::string, std::string>> check_report(
    BytesView report, RecordSource& source, const record::VerifierKey& log);

} // namespace comity::apps
