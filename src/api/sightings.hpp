// That a person was shown a case: noted before what shows it is sent.
#pragma once

#include "api/api.hpp"

namespace comity::api {

/// To be called with the cases whose content an answer holds, before it is given. Where this node
/// is no provider's it does nothing. Refuses as node::note_sightings: then nothing is shown.
Result<void> note_shown(Api& api, const Call& call, const std::vector<CaseId>& cases);

} // namespace comity::api
