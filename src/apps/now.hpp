// The system's clock, for commands; deeds are given theirs.
#pragma once

#include "base/time.hpp"

#include <chrono>

namespace comity::apps {

inline Instant system_now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

} // namespace comity::apps
