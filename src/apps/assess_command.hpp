// `comity assess`: what the law says of a request in a file, without a node.
#pragma once

#include "apps/command_line.hpp"

#include <functional>
#include <string>

namespace comity::apps {

struct AssessOptions {
    std::string file; ///< a whole request, or a case of law/cases
    std::string law;  ///< directory of the pack; empty: the one the program was built with
    bool json = false;
};

/// Prints the findings with sources and mends, and the table of countries by factor. 0: nothing
/// that is required is not met; 1: something is not met; 2: the file or the pack cannot be read.
int assess(const AssessOptions& options);

/// The subcommand's options; `options` must outlive the app.
void add_assess(Command app, AssessOptions& options, std::function<int()>& run);

} // namespace comity::apps
