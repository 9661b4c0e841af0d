// A central authority or provider at a glance: overview, partners, deferrals, statistics.
#include "api/api.hpp"

namespace comity::api {

void add_office_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
