// A bug stops the process: check() is compiled into release builds too. Never use it on input
// that comes from outside; that is refused (refusal.hpp) or is a fault (fault.hpp).
#pragma once

namespace comity {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

} // namespace comity

#define CHECK_THAT(expression)                                                                     \
    ((expression) ? static_cast<void>(0) : ::comity::check_failed(#expression, __FILE__, __LINE__))
