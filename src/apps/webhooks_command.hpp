// comity webhooks: which systems are told, how they stand, and a test.
#pragma once

#include "apps/command_line.hpp"

#include <functional>

namespace comity::apps {

void add_webhooks(Command app, std::function<int()>& run);

} // namespace comity::apps
