// What the law says between two countries, as one answer for the command line and the public page
// (M3): who may ask whom, on what basis, who must approve, what is due when, what notice, how long
// kept, what remedy; from the same library that the gate asks.
#pragma once

#include "law/library.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace comity::law {

struct Asked {
    std::string requesting; ///< codes of countries of the library
    std::string requested;
    Day day;
    Question question; ///< its offence is one of the library's
};

/// Takes a code, or a name in English or French, whatever the case; null when there is none.
const Country* country_named(const Library& library, std::string_view text);

/// The whole answer. Its members are described in docs/law.md, Questions without a case.
json::Object answer(const Library& library, const Pack& pack, const Asked& asked);

} // namespace comity::law
