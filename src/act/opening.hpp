// Who takes part in a case, as a person or program of this node states it.
#pragma once

#include "act/header.hpp"
#include "base/json.hpp"

namespace comity::act {

/// The opening of an intent: as in a header, but third countries may come in any order. Refuses
/// with json_malformed or what a header is refused with.
Result<Opening> read_opening(json::Object object);

} // namespace comity::act
