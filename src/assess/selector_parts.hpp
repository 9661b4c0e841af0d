// What the checks of several types of selector share.
#pragma once

#include "base/said.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace comity::assess {

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

inline bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

inline bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

inline bool is_letter_or_digit(char c) {
    return is_digit(c) || is_lower(c) || is_upper(c);
}

inline bool all(std::string_view text, bool (*test)(char)) {
    return std::all_of(text.begin(), text.end(), test);
}

inline Said one_only() {
    return say("a selector names one account, never a pattern or a list");
}

/// Patterns, lists and white space, in the query languages that are around. '*', '?' and '%' are
/// refused although RFC 5321 lets them stand in an address.
Said wildcard_problem(std::string_view value);

} // namespace comity::assess
