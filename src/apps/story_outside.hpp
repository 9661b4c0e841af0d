// What people outside of every node can do in the practice world: a person with a code at the
// public door of a node, a stranger who watches the records, a reader of the statistics.
#pragma once

#include "apps/monitor.hpp"
#include "apps/practice.hpp"

#include <map>
#include <string>

namespace comity::apps {

/// The answer of a node's public door to a code, and how long it is on the line.
struct Shown {
    json::Object answer;
    std::size_t bytes = 0;
};

/// Looks a code up at the public door of a node, as a browser does: no account, no certificate that
/// means anything.
Result<Shown> look_up(PracticeWorld& world, const std::string& node, const std::string& code);

/// Files a challenge there, and checks the receipt against the signed directory.
Result<void> file_challenge(
    PracticeWorld& world, const std::string& node, const json::Object& fields);

/// All records of the practice world as anybody can read them, on the day it is there.
Result<MonitorReport> watch(PracticeWorld& world);

struct CheckedReport {
    std::int64_t cases = 0;
    std::map<std::string, std::string> told; ///< what verify_report gives
};

/// The report of a class and quarter as a node publishes it, checked against that node's record.
Result<CheckedReport> checked_report(
    PracticeWorld& world, const std::string& node, const std::string& group,
    const std::string& period);

} // namespace comity::apps
