// comity release …: releases of the program, their log, and whether one runs.
#pragma once

#include "apps/command_line.hpp"

#include <functional>

namespace comity::apps {

void add_release(Command app, std::function<int()>& run);

} // namespace comity::apps
