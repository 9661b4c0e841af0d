// Drafts of acts, saved as they are typed and shared in an office.
#include "api/api.hpp"

namespace comity::api {

void add_draft_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
