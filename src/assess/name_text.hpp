// The text of names in any script: what makes one name pass for another. Small frozen tables and
// not a library of the system, because two nodes with different versions of Unicode would find
// different things.
#pragma once

#include "base/said.hpp"

#include <string>
#include <string_view>

namespace comity::assess {

/// Why this text cannot stand as one name, or an empty text: it is not UTF-8, holds something that
/// nobody sees, has a second spelling that looks the same, or mixes scripts whose letters look
/// alike (after UTS 39 and the NFKC-stable letters and digits of RFC 5892).
Said script_problem(std::string_view text);

/// Whether the text holds a character that nobody sees or that turns the reading order.
bool has_invisible(std::string_view text);

/// Whether a label that begins with xn-- is the Punycode (RFC 3492) of a name that needs it. Every
/// such name has one such label (RFC 5890 section 2.3.2.1).
bool is_a_label(std::string_view label);

} // namespace comity::assess
