// Text that one person wrote and others read beside their own.
#pragma once

#include <string_view>

namespace comity {

/// Whether a character stands at the beginning of `at` that turns the direction of writing (Unicode
/// TR9) or separates lines: U+2028 to U+202E and U+2066 to U+2069, three bytes each.
bool turns_writing(std::string_view at);

/// No control character, and none that turns the direction of what stands beside it.
bool is_plain(std::string_view text);

} // namespace comity
