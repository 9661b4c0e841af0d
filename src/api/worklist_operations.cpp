// The worklist by deadline, with filters and keyset paging, and saved views of it.
#include "api/api.hpp"

namespace comity::api {

void add_worklist_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
