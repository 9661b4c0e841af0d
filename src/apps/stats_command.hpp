// The command `stats`: a quarter's report from a node, and checking a report against the record.
#pragma once

#include "apps/command_line.hpp"

#include <functional>

namespace comity::apps {

void add_stats(Command app, std::function<int()>& run);

} // namespace comity::apps
