// The practice world's software authenticators; a production node has none of this.
#include "api/api.hpp"

namespace comity::api {

void add_practice_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
