// The gates of the extraordinary mechanism: E1 (listed crime), E2 (urgency), E5 (ceiling). E3 and
// E4 stand with the connection.
#include "assess/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

// Brief (X3): "only particular crimes that depend on a speedy investigation". The list is closed
// (law/offences.json, speed_dependent); the crime is one under investigation, and the facts say
// what makes this case one.
Finding listed_crime(const Matter& matter) {
    Making out("E1");
    const auto& request = matter.request;
    const auto* rule = matter.rules.offence(request.listed_offence);
    if (!rule || !rule->speed_dependent)
        out.not_met(
            say("the offence is not on the closed list of those that depend on speed"),
            "/listed_crime/offence", say("Use the ordinary route"));
    else
        out.fact(say("{}: {}", rule->told(), say(rule->speed_reason)), "/listed_crime/offence");
    const bool investigated =
        std::any_of(request.offences.begin(), request.offences.end(), [&](const Offence& offence) {
            return offence.category == request.listed_offence;
        });
    if (!investigated)
        out.not_met(
            say("the listed offence is not one of those under investigation"),
            "/listed_crime/offence", say("Name the listed offence among the offences"));
    if (request.listed_element.size() < 20)
        out.not_met(
            say("what makes this case depend on speed is not said"), "/listed_crime/element",
            say("State the facts that make this case depend on speed"));
    else
        out.fact(say("the element is stated"), "/listed_crime/element");
    return out.done();
}

namespace {

/// The expected time of the ordinary route: what the federation's record shows, else the published
/// figure. What the officer states may only shorten it: a longer figure would help who asks.
std::optional<Figure> expected_delay(const Matter& matter) {
    auto figure =
        matter.facts.recorded_delay ? matter.facts.recorded_delay : matter.rules.published_delay;
    const auto& stated = matter.request.expected_days;
    if (figure && stated && *stated < figure->days)
        return Figure{*stated, "/mla_too_slow/expected_days"};
    return figure;
}

} // namespace

// Brief (X3): "each request justifies the use of the bypass". 2AP Art. 9: what is lost, and by
// when. The ordinary route would end later than the loss; what is lost already, or only after that
// route has ended, gives no reason to go past it.
Finding urgency(const Matter& matter) {
    Making out("E2");
    const auto& request = matter.request;
    if (request.loss_what.empty() || !request.loss_when) {
        out.not_met(
            say("what is lost and when is not stated"), "/loss",
            say("State what is lost, and when"));
        return out.done();
    }
    if (request.mla_reasons.empty())
        out.not_met(
            say("why the ordinary route cannot serve is not said"), "/mla_too_slow/reasons",
            say("Say why the ordinary route is too slow in this case"));
    if (*request.loss_when <= matter.date)
        out.not_met(
            say("what is to be saved is lost already"), "/loss/when",
            say("Nothing can be saved any more: use the ordinary route"));
    const auto delay = expected_delay(matter);
    if (!delay) {
        out.open(
            say("no published or recorded figure says how long the ordinary route takes"),
            "law/volumes.json", say("The law pack must hold a figure"));
        return out.done();
    }
    const Instant ends = matter.date + std::chrono::days{delay->days};
    const auto fact =
        say("the ordinary route takes about {} days, to {}; the loss is on {}", delay->days,
            Said::day(ends), Said::day(*request.loss_when));
    if (ends > *request.loss_when)
        out.fact(fact, delay->source);
    else
        out.not_met(fact, delay->source, say("Use the ordinary route: it is quick enough"));
    return out.done();
}

// Threat T26: the exception must not become the rule. The directory's rules, signed by its members,
// hold a ceiling for each asking country, the same for all, and a date at which the mechanism ends
// unless it is renewed.
Finding within_ceiling(const Matter& matter) {
    Making out("E5");
    const auto& ceiling = matter.facts.ceiling;
    if (!ceiling) {
        out.open(
            say("the rules of the federation were not looked up"), "the directory",
            say("The node looks them up before the act"));
        return out.done();
    }
    if (!ceiling->sunset)
        out.not_met(
            say("the federation has agreed on no such mechanism"), "the directory",
            say("Use the ordinary route"));
    else if (matter.date >= *ceiling->sunset)
        out.not_met(
            say("the mechanism ended on {}", Said::day(*ceiling->sunset)), "the directory",
            say("Use the ordinary route, until the members renew the mechanism"));
    if (ceiling->sunset && ceiling->used >= ceiling->ceiling)
        out.not_met(
            say("{} cases of {} are open under the ceiling of {}", ceiling->used,
                Said::country(matter.parties.requesting), ceiling->ceiling),
            "the directory", say("Use the ordinary route, until the ceiling leaves room"));
    if (out.outcome() == Outcome::met)
        out.fact(
            say("case {} of at most {}", ceiling->used + 1, ceiling->ceiling), "the directory");
    return out.done();
}

} // namespace comity::assess
