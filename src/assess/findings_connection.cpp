// What the connection analysis means for the request: F6, and in the extraordinary mechanism E3
// and E4.
#include "assess/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

Said demonstrate() {
    return say(
        "Document a fact about the person, the victim or the conduct in the country that asks, and "
        "state a second of another kind");
}

bool has(const std::vector<std::string>& list, std::string_view country) {
    return std::find(list.begin(), list.end(), country) != list.end();
}

} // namespace

// Brief (R9, R10): a country must show an intimate relationship with the data. R1543 Art. 17(6)
// lists what a court weighs; storage location alone is no connection (Art. 17(2)). Met on
// demonstrated, a person decides on partial, not met on not shown.
Finding connection(const Matter& matter) {
    Making out("F6");
    const auto& table = matter.connection;
    switch (table.conclusion) {
    case Tie::demonstrated: out.fact(table.sentence, "/connection"); break;
    case Tie::partial: out.open(table.sentence, "/connection", demonstrate()); break;
    case Tie::not_shown: out.not_met(table.sentence, "/connection", demonstrate()); break;
    }
    for (const auto& item : table.concerned)
        out.fact(
            matter.route == Route::extraordinary
                ? say("{} is to be told, with a right to object: {}", Said::country(item.country),
                      item.why)
                : say("{} is to be consulted: {}", Said::country(item.country), item.why),
            "/connection");
    return out.done();
}

// Brief (X2): "in each instance the requesting country demonstrates its interest in the data".
// Needs a person is not enough here.
Finding demonstrated_interest(const Matter& matter) {
    Making out("E3");
    if (matter.request.own_interest.empty())
        out.not_met(
            say("the interest of the country that asks is not stated"), "/own_interest",
            say("Say why this country's interest in the data is the strongest"));
    const auto& row = matter.connection.rows.front();
    if (matter.connection.conclusion == Tie::demonstrated)
        out.fact(row.reason, "/connection");
    else
        out.not_met(row.reason, "/connection", demonstrate());
    return out.done();
}

// Brief (N3): people located elsewhere are not exposed. Directive 2014/41 Art. 31: a State on whose
// territory the person is, is notified. Every country that is tied to the person, or cannot be
// excluded, takes part, or is named as out of reach with the attempt.
Finding no_third_left_out(const Matter& matter) {
    Making out("E4");
    for (const auto& item : matter.connection.concerned) {
        if (has(matter.parties.third, item.country)) {
            out.fact(say("{} takes part: {}", Said::country(item.country), item.why), "the case");
            continue;
        }
        const auto& named = matter.request.third_countries;
        const auto at = std::find_if(named.begin(), named.end(), [&](const ThirdCountry& third) {
            return third.country == item.country;
        });
        const std::string where = at == named.end()
                                      ? "/third_countries"
                                      : fmt::format("/third_countries/{}", at - named.begin());
        const bool member = matter.facts.members && has(*matter.facts.members, item.country);
        if (at == named.end() || at->reachable || member)
            out.not_met(
                say("{} takes no part: {}", Said::country(item.country), item.why), where,
                say("Open the case with that country as a third party"));
        else if (at->attempt.empty())
            out.not_met(
                say("{} is said to be out of reach, without an attempt",
                    Said::country(item.country)),
                where, say("Record the attempt to reach that country"));
        else
            out.fact(
                say("{} could not be reached; the attempt is recorded",
                    Said::country(item.country)),
                where);
    }
    if (out.outcome() == Outcome::met && matter.connection.concerned.empty())
        out.fact(
            say("no third country is tied to the person or left open by the facts"), "/connection");
    return out.done();
}

} // namespace comity::assess
