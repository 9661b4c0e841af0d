// The other side of the gaps: with whom a country is joined today, and by which instruments. For
// the map, where a line is an instrument that serves any offence.
#pragma once

#include "law/library.hpp"

#include <string_view>
#include <vector>

namespace comity::law {

struct Link {
    const Country* country = nullptr;
    /// Those that join the two; for listed offences alone come last.
    std::vector<const Instrument*> instruments;
};

/// The countries that an instrument for any offence joins with this one, by code: exactly those
/// pairs that are no gap (law/gaps.hpp). Invented countries too.
std::vector<Link> links(const Library& library, std::string_view country, Day day);

} // namespace comity::law
