// comity founders: the first two people of a new node, from their links to the roll.
#pragma once

#include "apps/command_line.hpp"

#include <functional>

namespace comity::apps {

void add_founders(Command app, std::function<int()>& run);

} // namespace comity::apps
