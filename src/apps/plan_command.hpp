// `comity plan`: how many officers bring the delay of an office under a target.
#pragma once

#include "apps/command_line.hpp"
#include "base/refusal.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace comity::apps {

struct PlanOptions {
    std::string dir;    ///< of a running node, whose history is read
    std::string table;  ///< or a file with the columns `arrived` and `work`
    std::string role;   ///< whose acts count in a history; empty: everybody's
    std::string target; ///< ISO 8601, days to seconds
    std::size_t officers = 0;
    int percentile = 50; ///< that the target is for: 50 or 90
    double week = 40;
    std::uint64_t seed = 1;
    bool json = false;
};

/// Prints a table or JSON. 0: done, and the target, if there is one, can be reached; 1: it cannot,
/// or the input is refused.
int plan(const PlanOptions& options);

/// The subcommand's options; `options` must outlive the app.
void add_plan(Command app, PlanOptions& options, std::function<int()>& run);

} // namespace comity::apps
