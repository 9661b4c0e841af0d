// For anybody: overdue duties, reports, the look-up of a notice, a challenge.
#include "api/api.hpp"

namespace comity::api {

void add_public_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
