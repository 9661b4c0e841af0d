// On what basis assistance may be asked: F2 (instrument), F3 (dual criminality), F4 (grounds of
// refusal), F5 (seriousness).
#include "assess/findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace comity::assess {

namespace {

std::array<bool, category_count> categories_of(const Request& request) {
    std::array<bool, category_count> out{};
    for (const auto& cell : request.grid)
        if (const auto category = category_from(cell.category))
            out.at(static_cast<std::size_t>(*category)) = true;
    return out;
}

std::optional<std::int64_t> months_of(const Offence& offence) {
    // A life sentence reaches every threshold that is counted in months.
    if (offence.life_sentence) return 1200;
    return offence.max_penalty_months;
}

// What the instrument relied on does not carry.
void check_scope(const InstrumentRule& relied, const Request& request, Making& out) {
    const auto asked = categories_of(request);
    for (std::size_t i = 0; i < category_count; ++i)
        if (asked.at(i) && !relied.categories.at(i))
            out.not_met(
                fmt::format("{} does not carry {} data", relied.id, name(static_cast<Category>(i))),
                "/grid", "Leave that category out, or rely on an instrument that carries it");
    for (std::size_t i = 0; i < request.offences.size(); ++i)
        if (!relied.covers(request.offences[i].category, months_of(request.offences[i])))
            out.not_met(
                fmt::format("{} does not cover {}", relied.id, request.offences[i].category),
                fmt::format("/offences/{}/category", i),
                "Rely on an instrument that covers the offence");
}

std::string ids_of(const std::vector<InstrumentRule>& instruments) {
    std::vector<std::string_view> out;
    for (const auto& item : instruments)
        out.emplace_back(item.id);
    return fmt::format("{}", fmt::join(out, ", "));
}

// Without a treaty: only where none binds, said openly, and under the law of the country asked.
void check_without_treaty(const Matter& matter, Making& out) {
    const auto& rules = matter.rules;
    const auto& request = matter.request;
    if (matter.route == Route::extraordinary)
        return out.not_met(
            fmt::format(
                "the extraordinary mechanism rests on an instrument, not on {}", request.basis),
            "/instrument/basis", "Use the ordinary route, or rely on an instrument that binds");
    if (!rules.instruments.empty())
        return out.not_met(
            fmt::format("instruments bind both countries: {}", ids_of(rules.instruments)),
            "/instrument/basis", "Rely on one of the instruments that bind");
    if (request.basis == "reciprocity" && request.reciprocity.empty())
        out.not_met(
            "reciprocity is relied on and not undertaken", "/undertakings/reciprocity",
            "State what would be done in the reverse case");
    if (rules.assistance_law.empty())
        return out.open(
            fmt::format(
                "whether {} assists without a treaty is not known", matter.parties.requested),
            "law profiles", "The profile of the country asked must name its law on assistance");
    out.fact(
        fmt::format(
            "no instrument binds {} and {}; the request rests on {} under {}",
            matter.parties.requesting, matter.parties.requested, request.basis,
            rules.assistance_law),
        "/instrument/basis");
    out.source(rules.assistance_law);
}

} // namespace

// Necessary and Proportionate, principle 1: "Any limitation … must be prescribed by law." UNCAC
// Art. 46(7): where no treaty binds, other rules are said to apply. An instrument carries a request
// when it binds both countries on the day, for the categories and the offences; comity and
// reciprocity are named as such, never silently.
Finding instrument(const Matter& matter) {
    Making out("F2");
    const auto& request = matter.request;
    if (request.basis == "reciprocity" || request.basis == "comity") {
        check_without_treaty(matter, out);
        return out.done();
    }
    const auto* relied = matter.rules.instrument(request.instrument);
    if (request.basis != "instrument" || request.instrument.empty()) {
        out.not_met(
            "no instrument is named", "/instrument",
            "Name the instrument relied on, or say that it is reciprocity or comity");
    } else if (!relied) {
        out.not_met(
            fmt::format(
                "{} does not bind {} and {} on {}; {}", request.instrument,
                matter.parties.requesting, matter.parties.requested, day_text(matter.date),
                matter.rules.instruments.empty() ? "none does"
                                                 : "these do: " + ids_of(matter.rules.instruments)),
            "/instrument/id",
            matter.rules.instruments.empty()
                ? "Say that the request rests on reciprocity or comity"
                : "Rely on one of the instruments that bind (comity law between)");
    } else {
        check_scope(*relied, request, out);
        out.fact(
            fmt::format(
                "{} binds {} and {} on {}", relied->id, matter.parties.requesting,
                matter.parties.requested, day_text(matter.date)),
            "/instrument/id");
        out.source(
            relied->articles.empty() ? relied->title : relied->title + ", " + relied->articles);
    }
    if (request.checked_on && *request.checked_on > matter.date)
        out.not_met(
            "the instrument was checked on a day to come", "/instrument/checked_on",
            "State the day on which it was checked");
    return out.done();
}

namespace {

// The stricter of what the instrument and the country asked want. Unknown is the strictest: a
// person would have to find out.
Dual stricter(Dual a, Dual b) {
    return std::min(a, b);
}

constexpr std::int64_t listed_months = 36; // R1543 Art. 12(1)(d), Directive 2014/41 Art. 11(1)(g)

bool freed_by_list(const OffenceRule* rule, const Offence& offence) {
    return rule && rule->eu32 && months_of(offence).value_or(0) >= listed_months;
}

void check_offence(const Matter& matter, std::size_t index, Dual dual, Making& out) {
    const auto& offence = matter.request.offences[index];
    const auto* rule = matter.rules.offence(offence.category);
    const std::string where = fmt::format("/offences/{}/category", index);
    if (!rule)
        return out.open(
            fmt::format("{} is no category of the law pack", offence.category), where,
            "Choose a category of offences.json, so that both laws can be compared");
    if (dual == Dual::not_required_for_listed && freed_by_list(rule, offence))
        return out.fact(
            fmt::format("{} is listed and reaches {} months", offence.category, listed_months),
            where);
    if (rule->in_both == true) {
        out.fact(
            fmt::format(
                "{} is punishable in {} and {}", offence.category, matter.parties.requesting,
                matter.parties.requested),
            rule->in_both_source);
        return;
    }
    if (rule->in_both == false)
        return out.not_met(
            fmt::format("{} is not punishable in both countries", offence.category),
            rule->in_both_source, "The conduct must be an offence in both countries");
    out.open(
        fmt::format("whether {} is punishable in both countries is not known", offence.category),
        where, "A person compares the conduct with the law of the country asked");
}

} // namespace

// Budapest Convention Art. 25(5): dual criminality "shall be deemed fulfilled, irrespective of
// whether its laws place the offence within the same category … if the conduct underlying the
// offence … is a criminal offence under its laws". R1543 Art. 12(1)(d): not asked for the listed
// categories of at least three years.
Finding dual_criminality(const Matter& matter) {
    Making out("F3");
    const auto* relied = matter.rules.instrument(matter.request.instrument);
    const Dual instrument = relied ? relied->dual : Dual::none;
    const Dual dual = relied ? stricter(instrument, matter.rules.dual) : matter.rules.dual;
    if (relied && !relied->dual_article.empty())
        out.source(fmt::format("{}, {}", relied->id, relied->dual_article));
    out.source(matter.rules.dual_source);
    if (matter.request.offences.empty()) {
        out.not_met("no offence is named", "/offences", "Name the offence under investigation");
        return out.done();
    }
    if (dual == Dual::none) {
        out.fact("dual criminality is not asked for", matter.rules.dual_source);
        return out.done();
    }
    for (std::size_t i = 0; i < matter.request.offences.size(); ++i)
        check_offence(matter, i, dual, out);
    if (matter.request.conduct.empty())
        out.not_met(
            "the conduct is not described", "/conduct", "Describe the conduct in neutral terms");
    return out.done();
}

namespace {

struct GroundWords {
    std::string_view id;
    std::string_view said; ///< when the request itself states the circumstance
    std::string_view where;
    std::string_view mend;
};

// A circumstance that the request states, against what the instrument and the country asked make
// of it: a mandatory ground bars, any other is weighed by a person.
void weigh(const Matter& matter, const GroundWords& ground, Making& out) {
    const auto* relied = matter.rules.instrument(matter.request.instrument);
    if (relied)
        for (const auto& [id, article] : relied->grounds)
            if (id == ground.id) out.source(fmt::format("{}, {}", relied->id, article));
    for (const auto& rule : matter.rules.grounds) {
        if (rule.ground != ground.id) continue;
        out.source(rule.source);
        if (rule.mandatory == true)
            return out.not_met(
                fmt::format("{}, and {} must refuse", ground.said, matter.parties.requested),
                std::string(ground.where), ground.mend);
    }
    out.open(std::string(ground.said), std::string(ground.where), ground.mend);
}

void unanswered(std::string_view what, std::string_view where, Making& out) {
    out.not_met(
        fmt::format("it is not stated whether {}", what), std::string(where),
        "State each circumstance; the country asked checks the same");
}

// Death penalty: from the table of countries and the heaviest penalty, whatever the officer says.
void weigh_death_penalty(const Matter& matter, Making& out) {
    const auto& request = matter.request;
    const auto& rules = matter.rules;
    constexpr std::string_view where = "/special_circumstances/death_penalty_possible";
    constexpr std::string_view assure =
        "Give the assurance that the death penalty is neither sought nor carried out";
    const bool heaviest =
        std::any_of(request.offences.begin(), request.offences.end(), [](const Offence& offence) {
            return offence.life_sentence;
        });
    const bool abolished = rules.death_penalty == DeathPenalty::abolished ||
                           rules.death_penalty == DeathPenalty::abolished_ordinary;
    const bool possible = request.death_penalty_possible.value_or(true) || (heaviest && !abolished);
    if (!possible) return;
    out.source(rules.death_penalty_source);
    out.source(rules.assurance_source);
    if (request.death_penalty_assurance)
        return out.fact(
            "the death penalty is possible and the assurance is given",
            "/undertakings/death_penalty_assurance");
    if (rules.assurance == Assurance::not_required)
        return out.open(
            "the death penalty is possible, and no assurance is given", std::string(where), assure);
    if (rules.assurance == Assurance::required || rules.death_penalty == DeathPenalty::retained)
        return out.not_met(
            "the death penalty is possible, and no assurance is given", std::string(where), assure);
    out.open(
        "the death penalty is possible, and no assurance is given", std::string(where), assure);
}

void weigh_privilege(const Matter& matter, Making& out) {
    const auto& request = matter.request;
    if (!request.privileged_expected)
        return unanswered(
            "privileged or press data is to be expected", "/privileged/expected", out);
    if (!*request.privileged_expected) return;
    out.source("R1543 Art. 5(9)-(10), Art. 12(1)(a)");
    if (request.privileged_plan.empty())
        return out.not_met(
            "protected data is to be expected and no plan to filter it is stated",
            "/privileged/plan", "State who filters the data, and how, before anybody reads it");
    weigh(
        matter,
        {"immunity_or_privilege",
         request.privileged_kinds.empty()
             ? "protected data is to be expected"
             : "data of a protected profession or person is to be expected",
         "/privileged/kinds", "A person weighs the privilege and the plan to filter"},
        out);
}

} // namespace

// Budapest Convention Art. 27(4), UNCAC Art. 46(21), Directive 2014/41 Art. 11, R1543 Art. 12(1).
// What the request states or what follows from the data is weighed; that nothing is stated is no
// proof that nothing is there, and the country asked stays free to see a ground.
Finding grounds_of_refusal(const Matter& matter) {
    Making out("F4");
    const auto& request = matter.request;
    const auto flag = [&](std::optional<bool> value, std::string_view what,
                          const GroundWords& ground) {
        if (!value) return unanswered(what, ground.where, out);
        if (*value) weigh(matter, ground, out);
    };
    flag(
        request.political_offence, "the offence is political",
        {"political_offence", "the offence may be seen as political",
         "/special_circumstances/political_offence", "A person weighs whether it is political"});
    flag(
        request.military_offence, "the offence is military",
        {"military_offence", "the offence is a military one",
         "/special_circumstances/military_offence",
         "A person weighs whether it is purely military"});
    // UNCAC Art. 46(22), Directive 2014/41 Art. 11(3): a fiscal offence alone is no ground there.
    flag(
        request.fiscal_offence, "the offence is fiscal",
        {"fiscal_offence", "the offence is a fiscal one", "/special_circumstances/fiscal_offence",
         "A person weighs whether that is a ground under the instrument"});
    if (request.ne_bis_in_idem.empty())
        unanswered(
            "somebody was tried for it already", "/special_circumstances/ne_bis_in_idem", out);
    else if (request.ne_bis_in_idem != "none_known")
        weigh(
            matter,
            {"ne_bis_in_idem", "there was a decision on the same facts",
             "/special_circumstances/ne_bis_in_idem", "A person weighs the earlier decision"},
            out);
    if (!request.death_penalty_possible)
        unanswered(
            "the death penalty is possible", "/special_circumstances/death_penalty_possible", out);
    weigh_death_penalty(matter, out);
    weigh_privilege(matter, out);
    if (out.outcome() == Outcome::met)
        out.fact(
            "no ground of refusal is stated, and none follows from the law data",
            "/special_circumstances");
    return out.done();
}

namespace {

bool reaches(const Threshold& threshold, const Offence& offence) {
    const bool listed =
        std::find(threshold.listed.begin(), threshold.listed.end(), offence.category) !=
        threshold.listed.end();
    if (listed) return true;
    // law/profiles/README.md: no months with a list means the list alone.
    if (threshold.months == 0) return threshold.listed.empty();
    return months_of(offence).value_or(0) >= threshold.months;
}

void check_category(const Matter& matter, Category category, Making& out) {
    const auto& rules = matter.rules.categories.at(static_cast<std::size_t>(category));
    const auto& offences = matter.request.offences;
    for (const auto& threshold : rules.seriousness) {
        const auto found =
            std::find_if(offences.begin(), offences.end(), [&](const Offence& offence) {
                return reaches(threshold, offence);
            });
        if (found == offences.end())
            out.not_met(
                fmt::format(
                    "{} data needs {}; no offence named reaches that", name(category),
                    threshold.months > 0
                        ? fmt::format("an offence of at least {} months", threshold.months)
                        : std::string("a listed offence")),
                fmt::format("/offences; {}", threshold.source),
                "Ask for a less intrusive category, or name an offence that is serious enough");
        else if (threshold.months > 0 || !threshold.listed.empty())
            out.fact(
                fmt::format(
                    "{} data: {} with up to {} months meets {} months", name(category),
                    found->category, months_of(*found).value_or(0), threshold.months),
                threshold.source);
    }
    for (const auto& country : rules.unknown_of)
        out.open(
            fmt::format("the threshold of {} for {} data is not known", country, name(category)),
            "law profiles", "The law pack must state the threshold of that country");
}

} // namespace

// R1543 Art. 5(3)-(4): subscriber data for all offences, traffic and content for offences of a
// maximum of at least three years or listed ones. The stricter of instrument, both profiles and
// floor; one offence at least must reach each.
Finding seriousness(const Matter& matter) {
    Making out("F5");
    const auto& request = matter.request;
    if (request.offences.empty())
        out.not_met("no offence is named", "/offences", "Name the offence under investigation");
    for (std::size_t i = 0; i < request.offences.size(); ++i)
        if (!months_of(request.offences[i]))
            out.not_met(
                "the maximum penalty is not stated",
                fmt::format("/offences/{}/max_penalty_months", i), "State the maximum penalty");
    if (request.grid.empty())
        out.not_met("no data is named", "/grid", "Name the data that is asked for");
    const auto asked = categories_of(request);
    for (std::size_t i = 0; i < category_count; ++i)
        if (asked.at(i)) check_category(matter, static_cast<Category>(i), out);
    if (out.outcome() == Outcome::met && !request.offences.empty())
        out.fact("every threshold of instrument, profiles and floor is met", "/offences");
    return out.done();
}

} // namespace comity::assess
