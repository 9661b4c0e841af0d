// Oversight: saved questions, samples, alarms, and the looks of the body itself.
#include "api/api.hpp"

namespace comity::api {

void add_oversight_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
