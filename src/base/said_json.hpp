// A said text as JSON, to keep it and to tell it later in another language. By key, so that a
// wording may change meanwhile.
#pragma once

#include "base/json.hpp"
#include "base/said.hpp"

#include <optional>

namespace comity {

/// A string for a value; otherwise an object: {"key", "with"}, {"list", "between"}, {"moment"},
/// {"day"}, {"period"} or {"name"}.
json::Value said_value(const Said& said);

/// What said_value gave; nothing where it is none, or its key or the number of its parameters is
/// not of this program's texts.
std::optional<Said> said_from(const json::Value& value);

} // namespace comity
