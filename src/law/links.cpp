// Through the instruments that name the country, and their other parties.
#include "law/links.hpp"

#include <algorithm>
#include <map>

namespace comity::law {

std::vector<Link> links(const Library& library, std::string_view country, Day day) {
    std::map<std::string_view, std::vector<const Instrument*>> found;
    for (const auto place : library.naming(country)) {
        const auto& one = library.instruments()[place];
        if (!one.binding || !one.basis_for_requests || one.supplement_to || one.territory) continue;
        const auto* own = one.find(country);
        if (!own || own->part != Part::party) continue;
        for (const auto& other : one.participants) {
            if (other.part != Part::party || other.country == country) continue;
            const auto bound = binding(one, country, other.country, day, std::nullopt);
            if (bound.state == Binding::State::binds) found[other.country].push_back(&one);
        }
    }
    const auto limited = [](const Instrument* one) {
        return one->scope == Scope::offence_limited;
    };
    std::vector<Link> out;
    for (auto& [code, instruments] : found) {
        const auto* other = library.country(code);
        if (!other || std::all_of(instruments.begin(), instruments.end(), limited)) continue;
        std::sort(instruments.begin(), instruments.end(), [&](auto* a, auto* b) {
            return std::pair(limited(a), a) < std::pair(limited(b), b); // as in the files
        });
        out.push_back({other, std::move(instruments)});
    }
    return out;
}

} // namespace comity::law
