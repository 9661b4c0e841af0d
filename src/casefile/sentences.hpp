// Acts in plain sentences, in English and French, for timelines, the command line and the practice
// world. The name of the performer goes where the braces stand.
#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>

namespace comity::casefile {

/// "The judge of {} authorised the request." Falls back to the act's name for acts of procedures
/// that came after this table.
std::string sentence(std::string_view act, std::string_view performer, std::string_view language);

/// A language tag as letters are asked for in (RFC 5646 without the rarer parts): 2 to 12 letters,
/// digits and hyphens.
bool is_language_tag(std::string_view tag);

/// "in 3 days", "2 h late", in the reader's language.
std::string relative(Instant due, Instant now, std::string_view language);

} // namespace comity::casefile
