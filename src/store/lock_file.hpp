// One process per database: an advisory lock that the system gives back when the process ends,
// however it ends.
#pragma once

#include "base/refusal.hpp"
#include "store/posix.hpp"

#include <string>

namespace comity::store {

/// Takes `<path>.lock`, or refuses store_in_use. Two processes with one key: the second refuses.
Result<Descriptor> take_lock(const std::string& path);

} // namespace comity::store
