// Whether the request says what it must, in a language that is read: F1 (complete), F12
// (languages).
#include "assess/findings.hpp"
#include "base/said_list.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

// The standard of suspicion that is claimed, where the country asked has one that can be compared.
void check_standard(const Matter& matter, Making& out) {
    const auto& wanted = matter.rules.standard;
    const auto& claimed = matter.request.standard_of_proof;
    if (wanted.empty() || claimed.empty()) return;
    const std::string where = fmt::format("/standard_of_proof; {}", matter.rules.standard_source);
    if (standard_rank(claimed) == 0)
        return out.open(
            say("{} asks for {}", Said::country(matter.parties.requested), say(wanted)), where,
            say("Name the standard of the country asked, and the facts that meet it"));
    if (standard_rank(claimed) < standard_rank(wanted))
        return out.not_met(
            say("{} asks for {}", Said::country(matter.parties.requested), say(wanted)), where,
            say("State facts that meet the standard of the country asked, and name it"));
    out.fact(say("{} asks for {}", Said::country(matter.parties.requested), say(wanted)), where);
}

// 2AP Art. 3(2)(c): "a significant and imminent risk to the life or safety of any natural person";
// R1543 Art. 3(18): life, physical integrity or safety, or critical infrastructure where its
// disruption threatens them. The route on which the judge may come last is for nothing else.
void check_emergency(const Matter& matter, Making& out) {
    if (matter.route != Route::emergency) return;
    const auto& kinds = matter.request.urgency_kinds;
    const bool threat = std::any_of(kinds.begin(), kinds.end(), [](std::string_view kind) {
        return kind == "threat_to_life" || kind == "threat_to_critical_infrastructure";
    });
    if (matter.request.urgency != "emergency" || !threat)
        out.not_met(
            say("the emergency route is for an imminent threat to life or limb, and none is stated"),
            "/urgency", say("State the threat, or use the ordinary route"));
    else if (matter.request.urgency_reasons.empty())
        out.not_met(
            say("what threatens whom, and by when, is not said"), "/urgency/reasons",
            say("State the facts of the threat"));
}

} // namespace

// UNCAC Art. 46(15): what a request shall contain. The form's schema holds it; the profile of the
// country asked may only add. What a narrative must tell no program reads: it is listed for who
// writes and who checks.
Finding complete(const Matter& matter) {
    Making out("F1");
    const auto& request = matter.request;
    for (const auto& problem : matter.form_problems)
        out.not_met(
            problem.text, problem.pointer.empty() ? "/" : problem.pointer,
            say("Fill in the form as its schema asks"));
    if (!request.requested_country.empty() && request.requested_country != matter.parties.requested)
        out.not_met(
            say("the case is addressed to {}", Said::country(matter.parties.requested)),
            "/requested_country", say("Name the country that the case is addressed to"));
    if (!request.issuing_country.empty() && request.issuing_country != matter.parties.requesting)
        out.not_met(
            say("the case is opened by {}", Said::country(matter.parties.requesting)),
            "/issuing_authority/country", say("Name the country whose authority asks"));
    for (std::size_t i = 0; i < request.offences.size(); ++i) {
        const auto& offence = request.offences[i];
        if (offence.committed_from && offence.committed_to &&
            *offence.committed_from > *offence.committed_to)
            out.not_met(
                say("the offence ends before it begins"),
                fmt::format("/offences/{}/committed_to", i), say("Mend the dates of the offence"));
        if (offence.committed_from && *offence.committed_from > matter.date)
            out.not_met(
                say("the offence lies in the future"),
                fmt::format("/offences/{}/committed_from", i),
                say("Only an offence that was committed, or is being committed, is investigated"));
        // A prosecution that time has barred needs no evidence from abroad.
        if (offence.limitation_date && *offence.limitation_date < matter.date)
            out.not_met(
                say("the offence is barred by limitation"),
                fmt::format("/offences/{}/limitation_date", i), say("Leave the offence out"));
    }
    check_emergency(matter, out);
    if (!matter.rules.profile_known) {
        out.open(
            say("what {} asks of a request is not known", Said::country(matter.parties.requested)),
            "law/profiles", say("The law pack must hold the profile of the country asked"));
        return out.done();
    }
    out.source(Said::value(matter.rules.profile_source));
    check_standard(matter, out);
    if (!matter.rules.narrative.empty())
        out.fact(
            say("{} reads in the facts: {}", Said::country(matter.parties.requested),
                listed(matter.rules.narrative, "; ")),
            matter.rules.profile_source);
    if (out.outcome() == Outcome::met) out.fact(say("the form is complete"), "/");
    return out.done();
}

namespace {

// `en` accepts `en-GB`.
bool speaks(std::string_view accepted, std::string_view language) {
    return language == accepted ||
           (language.size() > accepted.size() && language.substr(0, accepted.size()) == accepted &&
            language[accepted.size()] == '-');
}

} // namespace

// R1543 Art. 27 and treaty practice: a request is in a language that the country asked accepts, or
// translated into one; a text carries its language and who translated it.
Finding languages(const Matter& matter) {
    Making out("F12");
    const auto& request = matter.request;
    if (request.language.empty()) {
        out.not_met(
            say("the language of the text is not stated"), "/language/original",
            say("State the language of the text"));
        return out.done();
    }
    for (std::size_t i = 0; i < request.translations.size(); ++i) {
        if (request.translations[i].translator.empty())
            out.not_met(
                say("who translated it is not stated"),
                fmt::format("/language/translations/{}/translator", i), say("Name the translator"));
        if (request.translations[i].kind == TranslationKind::unstated)
            out.not_met(
                say("how the translation was made is not stated"),
                fmt::format("/language/translations/{}/kind", i),
                say("Say whether a program or a person made it, and whether it is certified"));
    }
    if (!matter.rules.languages) {
        out.open(
            say("the languages that {} accepts are not known",
                Said::country(matter.parties.requested)),
            "law/profiles", say("A person finds out which language is accepted"));
        return out.done();
    }
    out.source(Said::value(matter.rules.languages_source));
    const auto accepted = [&](std::string_view language) {
        return std::any_of(
            matter.rules.languages->begin(), matter.rules.languages->end(),
            [&](const std::string& item) { return speaks(item, language); });
    };
    const auto list = listed(*matter.rules.languages);
    if (accepted(request.language)) {
        out.fact(
            say("{} accepts {}", Said::country(matter.parties.requested), list),
            "/language/original");
        return out.done();
    }
    // The best of those that are accepted: a program's beside a certified one takes nothing from
    // it.
    auto translation = request.translations.end();
    for (auto item = request.translations.begin(); item != request.translations.end(); ++item)
        if (accepted(item->language) &&
            (translation == request.translations.end() || item->kind > translation->kind))
            translation = item;
    if (translation == request.translations.end()) {
        out.not_met(
            say("{} accepts {}", Said::country(matter.parties.requested), list), "/language",
            say("Add a translation into a language that is accepted"));
        return out.done();
    }
    const std::string where =
        fmt::format("/language/translations/{}", translation - request.translations.begin());
    const bool enough =
        translation->kind == TranslationKind::certified ||
        (translation->kind == TranslationKind::person && matter.rules.certification == false);
    if (enough)
        out.fact(
            say("translated; {} accepts {}", Said::country(matter.parties.requested), list), where);
    else if (translation->kind == TranslationKind::machine)
        out.open(
            say("the translation into one of {} was made by a program, and by no person", list),
            where, say("Have it translated by a person, certified where that is required"));
    else
        out.open(
            say("the translation into one of {} is not certified", list), where,
            say("Have the translation certified, or a person accepts it as it is"));
    return out.done();
}

} // namespace comity::assess
