// The lint of form schemas: only keywords that we check, every length bounded, every field with
// its titles, audience and sources. It runs whenever a law pack is loaded.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"

#include <string_view>

namespace comity::law {

/// Refuses with form_schema_malformed, naming file and field.
Result<void> lint_form(const json::Object& schema, std::string_view file_name);

/// A pattern that std::regex takes, anchored at both ends, in which no group is repeated without a
/// bound and no repeated group repeats without one inside: what else makes matching explode.
bool is_safe_pattern(std::string_view pattern);

} // namespace comity::law
