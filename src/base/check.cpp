// Reports a broken assumption of ours and stops.
#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace comity {

void check_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "comity: bug: %s does not hold (%s:%d)\n", expression, file, line);
    std::abort();
}

} // namespace comity
