// comity founders: the first two people of a new node, from their links to the roll.
#pragma once

#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace comity::apps {

void add_founders(CLI::App& app, std::function<int()>& run);

} // namespace comity::apps
