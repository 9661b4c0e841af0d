// What a judge and a provider decide on: the scope grid, the differences, the verdict of an order.
#include "api/api.hpp"

namespace comity::api {

void add_judge_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
