// The assessment beside a form as it grows, and the check of selectors.
#include "api/api.hpp"

namespace comity::api {

void add_assess_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
