// JSON written straight, for documents of a fixed shape that are written often.
#pragma once

#include <string>
#include <string_view>

namespace comity::json {

/// Adds one text, in quotes, as json::print() writes it.
void print_text(std::string& out, std::string_view text);

} // namespace comity::json
