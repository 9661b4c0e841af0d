// The commands `oversight`: alarms, saved questions, inspections and samples at an oversight body's
// own node, and drawing a sample again by anybody.
#pragma once

#include "apps/command_line.hpp"

#include <functional>

namespace comity::apps {

void add_oversight(Command app, std::function<int()>& run);

} // namespace comity::apps
