// The connection analysis (F6, E3, E4): which countries are tied to the data, by which factors, on
// what evidence, and what follows. The result is a table a judge can read, country by factor.
#pragma once

#include "assess/request.hpp"
#include "base/said.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

/// What the facts show for one country, the weakest first.
enum class Tie { not_shown, partial, demonstrated };

std::string_view name(Tie tie);

/// For each factor, in the order of the enumerators, how well its best fact stands.
using Standings = std::array<Standing, factor_count>;

/// The rule itself. Adding a fact or improving one never weakens the conclusion.
Tie conclude(const Standings& standings);

struct Evidence {
    Standing standing = Standing::unknown;
    std::string text;
    std::string where; ///< JSON pointer into the request
};

struct CountryRow {
    std::string country;
    Standings standings{};
    std::array<std::vector<Evidence>, factor_count> cells; ///< what is said, the unknown included
    Tie conclusion = Tie::not_shown;
    Said reason; ///< a sentence
};

/// A country besides the two that ask and are asked: to be consulted (mla, emergency), or to be
/// told at once, with a right to object (extraordinary).
struct Concerned {
    std::string country;
    Said why;            ///< a clause: "the person may reside there"
    bool person = false; ///< tied to the person whose data it is, or not excluded (E4)
};

struct ConnectionQuestion {
    std::span<const ConnectionFact> facts;
    std::span<const Person> persons;
    std::span<const ThirdCountry> third_countries;
    std::string_view requesting;
    std::string_view requested;
};

struct Connection {
    /// The requesting country, the requested one, then the others in alphabetical order.
    std::vector<CountryRow> rows;
    std::vector<Concerned> concerned; ///< in alphabetical order
    Tie conclusion = Tie::not_shown;  ///< for the requesting country
    Said sentence;

    [[nodiscard]] const CountryRow* find(std::string_view country) const;
};

Connection connect(const ConnectionQuestion& question);

} // namespace comity::assess
