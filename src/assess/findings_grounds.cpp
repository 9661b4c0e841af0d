// Whether a ground of refusal shows: F4.
#include "assess/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

struct GroundWords {
    std::string_view id;
    Said stated; ///< when the request itself states the circumstance
    std::string_view where;
    Said mend;
};

// A circumstance that the request states, against what the instrument and the country asked make
// of it: a mandatory ground bars, any other is weighed by a person.
void weigh(const Matter& matter, const GroundWords& ground, Making& out) {
    const auto& relied = matter.rules.relied;
    if (relied)
        for (const auto& [id, article] : relied->grounds)
            if (id == ground.id) out.source(relied->id, relied->title, article);
    for (const auto& rule : matter.rules.grounds) {
        if (rule.ground != ground.id) continue;
        out.source(Said::value(rule.source));
        if (rule.mandatory == true)
            return out.not_met(
                say("{}, and {} must refuse", ground.stated,
                    Said::country(matter.parties.requested)),
                std::string(ground.where), ground.mend);
    }
    out.open(ground.stated, std::string(ground.where), ground.mend);
}

void unanswered(const Said& what, std::string_view where, Making& out) {
    out.not_met(
        say("it is not stated whether {}", what), std::string(where),
        say("State each circumstance; the country asked checks the same"));
}

/// The article by which nobody may refuse on this ground alone; null where there is none.
const std::string* barred(const Matter& matter, std::string_view ground) {
    if (!matter.rules.relied) return nullptr;
    for (const auto& [id, article] : matter.rules.relied->no_ground)
        if (id == ground) return &article;
    return nullptr;
}

// UNCAC Art. 46(22), Directive 2014/41 Art. 11(3): on some instruments nobody may refuse for the
// sole reason that an offence is a fiscal one, whatever national law says. Elsewhere it is a ground
// only where the instrument or the law of the country asked names it.
bool fiscal_is_a_ground(const Matter& matter, Making& out) {
    if (const auto* article = barred(matter, "fiscal_offence")) {
        out.source(matter.rules.relied->id, matter.rules.relied->title, *article);
        return false;
    }
    if (!matter.rules.profile_known || !matter.rules.relied) return true;
    const auto& named = matter.rules.relied->grounds;
    return std::any_of(
               named.begin(), named.end(),
               [](const auto& ground) { return ground.first == "fiscal_offence"; }) ||
           std::any_of(
               matter.rules.grounds.begin(), matter.rules.grounds.end(),
               [](const GroundRule& rule) { return rule.ground == "fiscal_offence"; });
}

// Death penalty: from the table of countries and the heaviest penalty, whatever the officer says.
void weigh_death_penalty(const Matter& matter, Making& out) {
    const auto& request = matter.request;
    const auto& rules = matter.rules;
    const bool heaviest =
        std::any_of(request.offences.begin(), request.offences.end(), [](const Offence& offence) {
            return offence.life_sentence;
        });
    const bool abolished = rules.death_penalty == law::DeathPenalty::abolished_all_crimes ||
                           rules.death_penalty == law::DeathPenalty::abolished_ordinary_crimes;
    if (!request.death_penalty_possible.value_or(true) && (!heaviest || abolished)) return;
    out.source(Said::list(
        {Said::value("law/countries.json"), Said::country(matter.parties.requesting)}, ", "));
    out.source(Said::value(rules.assurance_source));
    if (request.death_penalty_assurance)
        return out.fact(
            say("the death penalty is possible, and the assurance is given"),
            "/undertakings/death_penalty_assurance");
    constexpr std::string_view where =
        "/special_circumstances/death_penalty_possible; /undertakings/death_penalty_assurance";
    const auto assure =
        say("Give the assurance that the death penalty is neither sought nor carried out");
    if (rules.assurance == law::Assurance::not_required)
        return out.open(
            say("the death penalty is possible, and no assurance is given"), std::string(where),
            assure);
    out.not_met(
        say("the death penalty is possible, and no assurance is given"), std::string(where),
        assure);
}

void weigh_privilege(const Matter& matter, Making& out) {
    const auto& request = matter.request;
    if (!request.privileged_expected)
        return unanswered(
            say("privileged or press data is to be expected"), "/privileged/expected", out);
    if (!*request.privileged_expected) return;
    out.source(say("R1543 Art. 5(9)-(10), Art. 12(1)(a)"));
    if (request.privileged_plan.empty())
        return out.not_met(
            say("protected data is to be expected and no plan to filter it is stated"),
            "/privileged/plan",
            say("State who filters the data, and how, before anybody reads it"));
    // Which items are covered nobody knows before the filter, so even where the country asked must
    // refuse those, a person decides about the request.
    for (const auto& rule : matter.rules.grounds)
        if (rule.ground == "immunity_or_privilege") out.source(Said::value(rule.source));
    out.open(
        say("data of a protected profession or person is to be expected"), "/privileged/kinds",
        say("A person weighs the privilege and the plan to filter"));
}

} // namespace

// Budapest Convention Art. 27(4), UNCAC Art. 46(21), Directive 2014/41 Art. 11, R1543 Art. 12(1).
// What the request states or what follows from the data is weighed; that nothing is stated is no
// proof that nothing is there, and the country asked stays free to see a ground.
Finding grounds_of_refusal(const Matter& matter) {
    Making out("F4");
    const auto& request = matter.request;
    const auto flag = [&](std::optional<bool> value, const Said& what, const GroundWords& ground) {
        if (!value) return unanswered(what, ground.where, out);
        if (*value) weigh(matter, ground, out);
    };
    flag(
        request.political_offence, say("the offence is political"),
        {"political_offence", say("the offence may be seen as political"),
         "/special_circumstances/political_offence",
         say("A person weighs whether it is political")});
    flag(
        request.military_offence, say("the offence is military"),
        {"military_offence", say("the offence is a military one"),
         "/special_circumstances/military_offence",
         say("A person weighs whether it is purely military")});
    if (request.fiscal_offence == true && !fiscal_is_a_ground(matter, out))
        out.fact(
            say("the offence is a fiscal one, which is no ground between these two countries"),
            "/special_circumstances/fiscal_offence");
    else
        flag(
            request.fiscal_offence, say("the offence is fiscal"),
            {"fiscal_offence", say("the offence is a fiscal one"),
             "/special_circumstances/fiscal_offence",
             say("A person weighs whether that is a ground under the instrument")});
    if (request.ne_bis_in_idem.empty())
        unanswered(
            say("somebody was tried for it already"), "/special_circumstances/ne_bis_in_idem", out);
    else if (request.ne_bis_in_idem != "none_known")
        weigh(
            matter,
            {"ne_bis_in_idem", say("there was a decision on the same facts"),
             "/special_circumstances/ne_bis_in_idem", say("A person weighs the earlier decision")},
            out);
    if (!request.death_penalty_possible)
        unanswered(
            say("the death penalty is possible"), "/special_circumstances/death_penalty_possible",
            out);
    weigh_death_penalty(matter, out);
    weigh_privilege(matter, out);
    if (out.outcome() == Outcome::met)
        out.fact(
            say("no ground of refusal is stated, and none follows from the law data"),
            "/special_circumstances");
    return out.done();
}

} // namespace comity::assess
