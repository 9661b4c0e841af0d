// comity webhooks: which systems are told, how they stand, and a test.
#pragma once

#include <functional>

namespace CLI {
class App;
} // namespace CLI

namespace comity::apps {

void add_webhooks(CLI::App& app, std::function<int()>& run);

} // namespace comity::apps
