// On what basis assistance may be asked: F2 (instrument), F3 (dual criminality), F5 (seriousness).
#include "assess/findings.hpp"
#include "base/said_list.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

// What the instrument relied on does not carry. The extraordinary mechanism sends an order straight
// to the provider, so it needs an instrument by which both countries have agreed to that.
void check_scope(const Matter& matter, const Relied& relied, Making& out) {
    const auto& asked = matter.request.categories;
    for (std::size_t i = 0; i < relied.offences.size(); ++i)
        for (std::size_t c = 0; c < category_count; ++c) {
            if (!asked.at(c)) continue;
            const auto& carriage = relied.offences[i].categories.at(c);
            const auto data = say(law::to_text(static_cast<Category>(c)));
            if (!carriage.carries)
                out.not_met(
                    say("{} does not carry {} data for {}: {}", relied.told(), data,
                        matter.rules.told_offence(matter.request.offences.at(i).category),
                        carriage.why_not),
                    fmt::format("/offences/{}/category; /grid", i),
                    say("Leave that category out, or rely on an instrument that carries it"));
            else if (matter.route == Route::extraordinary && !carriage.direct)
                out.not_met(
                    say("{} lets no order go straight to a provider", relied.told()),
                    "/instrument/id",
                    say("Rely on an instrument with direct orders, or use the ordinary route"));
        }
}

Said those_of(const std::vector<Titled>& binding) {
    if (binding.empty()) return say("none does");
    std::vector<Said> told;
    for (const auto& one : binding)
        told.push_back(one.told());
    return say("these do: {}", Said::list(std::move(told), ", "));
}

// Without a treaty: only where none binds, said openly, and under the law of the country asked.
void check_without_treaty(const Matter& matter, Making& out) {
    const auto& rules = matter.rules;
    const auto& request = matter.request;
    if (matter.route == Route::extraordinary)
        return out.not_met(
            say("the extraordinary mechanism rests on an instrument, not on {}",
                say(request.basis)),
            "/instrument/basis",
            say("Use the ordinary route, or rely on an instrument that binds"));
    if (!rules.binding.empty())
        return out.not_met(
            say("instruments bind both countries; {}", those_of(rules.binding)),
            "/instrument/basis", say("Rely on one of the instruments that bind"));
    if (request.basis == "reciprocity" && request.reciprocity.empty())
        out.not_met(
            say("reciprocity is relied on and not undertaken"), "/undertakings/reciprocity",
            say("State what would be done in the reverse case"));
    if (rules.assistance_law.empty())
        return out.open(
            say("whether {} assists without a treaty is not known",
                Said::country(matter.parties.requested)),
            "law/profiles",
            say("The profile of the country asked must name its law on assistance"));
    out.fact(
        say("no instrument binds {} and {}; the request rests on {} under {}",
            Said::country(matter.parties.requesting), Said::country(matter.parties.requested),
            say(request.basis), rules.assistance_law),
        "/instrument/basis");
    out.source(Said::value(rules.assistance_law));
}

} // namespace

// Necessary and Proportionate, principle 1: "Any limitation … must be prescribed by law." UNCAC
// Art. 46(7): where no treaty binds, other rules are said to apply. An instrument carries a request
// when it binds both countries on the day, for the categories and the offences; comity and
// reciprocity are named as such, never silently.
Finding instrument(const Matter& matter) {
    Making out("F2");
    const auto& request = matter.request;
    const auto& rules = matter.rules;
    if (request.basis == "reciprocity" || request.basis == "comity") {
        check_without_treaty(matter, out);
        return out.done();
    }
    if (request.basis != "instrument" || request.instrument.empty()) {
        out.not_met(
            say("no instrument is named"), "/instrument",
            say("Name the instrument relied on, or say that it is reciprocity or comity"));
    } else if (!rules.relied) {
        const Said named =
            rules.named ? rules.named->told() : Said::value(std::string(request.instrument));
        out.not_met(
            rules.why_not_relied.empty()
                ? say("{} does not bind {} and {} on {}; {}", named,
                      Said::country(matter.parties.requesting),
                      Said::country(matter.parties.requested), Said::day(matter.date),
                      those_of(rules.binding))
                : say("{} does not bind {} and {} on {}: {}; {}", named,
                      Said::country(matter.parties.requesting),
                      Said::country(matter.parties.requested), Said::day(matter.date),
                      rules.why_not_relied, those_of(rules.binding)),
            "/instrument/id",
            rules.binding.empty()
                ? say("Say that the request rests on reciprocity or comity")
                : say("Rely on one of the instruments that bind (comity law between)"));
    } else {
        check_scope(matter, *rules.relied, out);
        out.fact(
            say("{} binds {} and {} on {}", rules.relied->told(),
                Said::country(matter.parties.requesting), Said::country(matter.parties.requested),
                Said::day(matter.date)),
            "/instrument/id");
        out.source(rules.relied->title);
    }
    if (request.checked_on && *request.checked_on > matter.date)
        out.not_met(
            say("the instrument was checked on a day to come"), "/instrument/checked_on",
            say("State the day on which it was checked"));
    return out.done();
}

namespace {

// What the instrument says for this offence; where it leaves the question to the country asked, or
// there is no instrument, what the profile says. Nothing: not known.
std::optional<DualRule> dual_rule(const Matter& matter, std::size_t offence) {
    const auto& relied = matter.rules.relied;
    if (!relied || offence >= relied->offences.size()) return matter.rules.dual;
    const auto rule = relied->offences[offence].dual;
    const auto months = months_of(matter.request.offences[offence]).value_or(0);
    // Listed, and not heavy enough to be spared (R1543 Art. 12(1)(d): three years).
    if (rule == DualRule::not_required_for_listed && months < relied->spared_months)
        return DualRule::required;
    return rule == DualRule::may_be_required || !rule ? matter.rules.dual : rule;
}

void check_offence(const Matter& matter, std::size_t index, Making& out) {
    const auto& offence = matter.request.offences[index];
    const std::string where = fmt::format("/offences/{}/category", index);
    const auto dual = dual_rule(matter, index);
    const auto* rule = matter.rules.offence(offence.category);
    const Said told = matter.rules.told_offence(offence.category);
    if (!rule)
        return out.not_met(
            say("{} is no category of the law pack", offence.category), where,
            say("Choose a category of offences.json, so that both laws can be compared"));
    if (dual == DualRule::none)
        return out.fact(
            say("for {} dual criminality is not asked for", told),
            matter.rules.dual_source.empty() ? where : matter.rules.dual_source);
    if (dual == DualRule::not_required_for_listed)
        return out.fact(say("{} is listed, and spared dual criminality", told), where);
    // That it is punishable where it is asked, the request itself shows by the statute's text.
    if (offence.statute.empty() || offence.text.empty())
        return out.not_met(
            say("the statute on {} is not set out", told), fmt::format("/offences/{}/text", index),
            say("Set out the text of the statute"));
    if (!rule->listed_for_both.empty())
        return out.fact(
            say("{} is an offence that both list: {}", told, rule->listed_for_both), where);
    out.open(
        say("whether {} is punishable in {} is not known", told,
            Said::country(matter.parties.requested)),
        where, say("A person compares the conduct with the law of the country asked"));
}

} // namespace

// Budapest Convention Art. 25(5): dual criminality "shall be deemed fulfilled, irrespective of
// whether its laws place the offence within the same category … if the conduct underlying the
// offence … is a criminal offence under its laws". R1543 Art. 12(1)(d): not asked for the listed
// categories of at least three years.
Finding dual_criminality(const Matter& matter) {
    Making out("F3");
    const auto& relied = matter.rules.relied;
    if (relied && !relied->dual_article.empty())
        out.source(relied->id, relied->title, relied->dual_article);
    out.source(Said::value(matter.rules.dual_source));
    if (matter.request.offences.empty()) {
        out.not_met(
            say("no offence is named"), "/offences", say("Name the offence under investigation"));
        return out.done();
    }
    for (std::size_t i = 0; i < matter.request.offences.size(); ++i)
        check_offence(matter, i, out);
    if (matter.request.conduct.empty())
        out.not_met(
            say("the conduct is not described"), "/conduct",
            say("Describe the conduct in neutral terms"));
    return out.done();
}

namespace {

enum class Reach { no, unknown, yes };

// law/profiles/README.md: the months or the list; no months with a list means the list alone.
Reach reach(const Threshold& threshold, const Offence& offence) {
    const bool listed =
        std::find(threshold.listed.begin(), threshold.listed.end(), offence.category) !=
        threshold.listed.end();
    if (listed) return Reach::yes;
    const bool any_list = threshold.worded_list || !threshold.listed.empty();
    if (threshold.months == 0 && !any_list) return Reach::yes;
    if (threshold.months > 0 && months_of(offence).value_or(0) >= threshold.months)
        return Reach::yes;
    return threshold.worded_list ? Reach::unknown : Reach::no;
}

Said demanded(const Threshold& threshold) {
    if (threshold.months == 0) return say("a listed offence");
    return say("an offence of at least {} months", threshold.months);
}

// How far one offence goes for one category: the least of what each rule says of it.
struct Weight {
    Reach reach = Reach::yes;
    Said fact;         ///< of the rule that says no or does not know
    std::string where; ///< of the same
    Said mend;
};

Said ask_for_less() {
    return say("Ask for a less intrusive category, or name an offence that is serious enough");
}

void take(Weight& out, Reach reach, Said fact, std::string where, Said mend) {
    if (reach >= out.reach) return;
    out = {reach, std::move(fact), std::move(where), std::move(mend)};
}

Weight weight(const Matter& matter, std::size_t index, Category category) {
    Weight out;
    const auto& offence = matter.request.offences[index];
    const auto data = say(law::to_text(category));
    for (const auto& threshold : matter.rules.categories.at(at(category)).seriousness) {
        const std::string where = fmt::format("/offences/{}; {}", index, threshold.source);
        const Reach found = reach(threshold, offence);
        if (found == Reach::unknown)
            take(
                out, found,
                say("{} data needs {}, or one on a list that a person has to read", data,
                    demanded(threshold)),
                where, say("The law pack must name the listed offences by their category"));
        else
            take(
                out, found, say("{} data needs {}", data, demanded(threshold)), where,
                ask_for_less());
    }
    const auto& relied = matter.rules.relied;
    if (!relied || index >= relied->offences.size()) return out;
    const auto& minimum = relied->offences[index].categories.at(at(category)).minimum_months;
    if (minimum && months_of(offence).value_or(0) < *minimum)
        take(
            out, Reach::no,
            say("{} asks an offence of at least {} months for {} data", relied->told(), *minimum,
                data),
            fmt::format("/offences/{}; {}", index, relied->id), ask_for_less());
    return out;
}

// The articles were not read. The floor and the profile of the country asked hold all the same, and
// that country applies its own treaty; it is said, so that it is not presumed.
void say_unread(const Matter& matter, Category category, Making& out) {
    const auto& relied = matter.rules.relied;
    if (!relied) return;
    for (const auto& offence : relied->offences)
        if (!offence.categories.at(at(category)).minimum_months)
            return out.fact(
                say("whether {} has a threshold of its own was not read", relied->told()),
                "law/instruments.json");
}

// One offence at least reaches every threshold. Two that each reach some do not add up: neither is
// serious enough for what is asked.
void check_category(const Matter& matter, Category category, Making& out) {
    std::optional<Weight> best;
    for (std::size_t i = 0; i < matter.request.offences.size(); ++i) {
        auto found = weight(matter, i, category);
        if (!best || found.reach > best->reach) best = std::move(found);
    }
    if (best->reach == Reach::no)
        out.not_met(say("{}; none that is named is", best->fact), best->where, best->mend);
    else if (best->reach == Reach::unknown)
        out.open(best->fact, best->where, best->mend);
    const auto& rules = matter.rules.categories.at(at(category));
    for (const auto& threshold : rules.seriousness)
        if (best->reach == Reach::yes && threshold.months > 0)
            out.fact(
                say("{} data: {}", say(law::to_text(category)), demanded(threshold)),
                threshold.source);
    say_unread(matter, category, out);
    for (const auto& country : rules.unknown_of)
        out.open(
            say("the threshold of {} for {} data is not known", Said::country(country),
                say(law::to_text(category))),
            "law/profiles", say("The law pack must state the threshold of that country"));
}

} // namespace

// R1543 Art. 5(3)-(4): subscriber data for all offences, traffic and content for offences of a
// maximum of at least three years or listed ones. The stricter of instrument, both profiles and
// floor; one offence at least must reach each.
Finding seriousness(const Matter& matter) {
    Making out("F5");
    const auto& request = matter.request;
    if (request.offences.empty())
        out.not_met(
            say("no offence is named"), "/offences", say("Name the offence under investigation"));
    for (std::size_t i = 0; i < request.offences.size(); ++i)
        if (!months_of(request.offences[i]))
            out.not_met(
                say("the maximum penalty is not stated"),
                fmt::format("/offences/{}/max_penalty_months", i),
                say("State the maximum penalty"));
    if (request.grid_rows == 0)
        out.not_met(say("no data is named"), "/grid", say("Name the data that is asked for"));
    if (request.offences.empty()) return out.done();
    for (std::size_t i = 0; i < category_count; ++i)
        if (request.categories.at(i)) check_category(matter, static_cast<Category>(i), out);
    if (out.outcome() == Outcome::met)
        out.fact(say("every threshold of instrument, profiles and floor is met"), "/offences");
    return out.done();
}

} // namespace comity::assess
