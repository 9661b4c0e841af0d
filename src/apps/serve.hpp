// A running node: the ports put together, the listeners, and the work in the background.
#pragma once

#include "apps/setup.hpp"

namespace comity::apps {

/// Opens the node in `dir` and serves until SIGTERM or SIGINT. Returns the exit status.
int serve(const std::filesystem::path& dir, bool quiet);

/// The same for a node of a practice world, by that world's clock; refused for every other node.
int serve_practice(const std::filesystem::path& dir);

} // namespace comity::apps
