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

/// The same of what another program sent: nothing, too, where it is long, or joins or names what
/// this program does not. Its values are rid of control characters and of such as turn the
/// direction of writing, so that they stay where the text puts them.
std::optional<Said> said_from_peer(const json::Value& value);

/// What another program put in words of its own, as a quotation, cut after 1,000 bytes; empty for
/// empty.
Said quoted_from_peer(std::string_view words);

} // namespace comity
