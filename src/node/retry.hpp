// How long to wait before something is tried again.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// After so many attempts: `first`, doubled with each, at most `most`.
Milliseconds growing_wait(Milliseconds first, Milliseconds most, std::int64_t attempts);

/// The same by the node's settings, and longer by up to a quarter at random, so that who comes back
/// is not met by everybody at once.
Milliseconds retry_wait(const Settings& settings, std::int64_t attempts);

} // namespace comity::node
