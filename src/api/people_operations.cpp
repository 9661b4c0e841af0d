// People of the participant: invitations, enrolment of passkeys, their end.
#include "api/api.hpp"

namespace comity::api {

void add_people_operations(Handlers& /*handlers*/) {}

} // namespace comity::api
