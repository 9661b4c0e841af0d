// Waits between tries.
#include "node/retry.hpp"

#include "crypto/hash.hpp"

#include <algorithm>

namespace comity::node {

Milliseconds growing_wait(Milliseconds first, Milliseconds most, std::int64_t attempts) {
    auto wait = first;
    for (std::int64_t i = 1; i < attempts && wait < most; ++i)
        wait *= 2;
    return std::min(wait, most);
}

Milliseconds retry_wait(const Settings& settings, std::int64_t attempts) {
    const auto wait = growing_wait(settings.retry_first, settings.retry_most, attempts);
    const auto random = static_cast<unsigned char>(crypto::random_bytes(1).front());
    return wait + wait * random / 1024;
}

} // namespace comity::node
