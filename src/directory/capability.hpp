// What a provider never has is not asked of it: the directory, which the members sign, says which
// categories of data it may hold.
#pragma once

#include "directory/directory.hpp"

#include <string_view>

namespace comity::directory {

/// Refuses with finding_not_met when the provider's `capabilities` name categories and this is none
/// of them. A provider that names none may hold any.
Result<void> check_holds(const Participant& provider, std::string_view category);

} // namespace comity::directory
