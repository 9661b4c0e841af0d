// Whole numbers as a query, a path or a form's text says them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace comity {

/// Digits and nothing else, at least one and at most `digits` of them; `digits` is at most 18, so
/// that the number always fits.
inline std::optional<std::int64_t> whole_number(std::string_view text, std::size_t digits) {
    const auto is_digit = [](char c) {
        return c >= '0' && c <= '9';
    };
    if (text.empty() || text.size() > digits || !std::all_of(text.begin(), text.end(), is_digit))
        return std::nullopt;
    std::int64_t out = 0;
    for (const char c : text)
        out = out * 10 + (c - '0');
    return out;
}

} // namespace comity
