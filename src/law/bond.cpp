// The checks of one instrument, in the order of the enum Miss: what can never bind first, then
// what does not yet, then what does not for this request.
#include "law/bond.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

namespace {

using State = Binding::State;

Binding miss(const Instrument& instrument, Miss reason, Said because) {
    Binding out;
    out.state = State::misses;
    out.miss = {&instrument, reason, std::move(because), std::nullopt};
    return out;
}

// A country that is no party: why. Of two the one is named that can be mended least, so that the
// answer is the same whichever country is asked about first (X1).
Binding no_party(
    const Instrument& instrument, const Participation& one, const Participation& other) {
    const auto rank = [](const Participation& p) {
        return std::pair(
            p.part == Part::party     ? 9
            : p.part == Part::former  ? 0
            : p.part == Part::unknown ? 1
                                      : 2,
            std::string_view(p.country));
    };
    const auto& first = rank(one) < rank(other) ? one : other;
    switch (first.part) {
    case Part::former:
        return miss(
            instrument, Miss::former_party, say("{} has left it", Said::country(first.country)));
    case Part::unknown:
        return miss(
            instrument, Miss::status_unknown,
            say("whether {} is a party is not known, and never counts as bound",
                Said::country(first.country)));
    case Part::signatory:
        return miss(
            instrument, Miss::signed_only,
            say("{} has signed it and is not known to have ratified",
                Said::country(first.country)));
    case Part::non_participant:
        return miss(
            instrument, Miss::non_participant,
            say("{} takes no part in it", Said::country(first.country)));
    case Part::party: break;
    }
    return {};
}

bool excluded(
    const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view a,
    std::string_view b) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
        return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
    });
}

/// What stands in the way of a pair of parties whatever the day.
std::optional<Binding> barred(
    const Instrument& instrument, std::string_view a, std::string_view b,
    const std::optional<std::string>& territory) {
    if (instrument.hub_country && *instrument.hub_country != a && *instrument.hub_country != b)
        return miss(
            instrument, Miss::hub_missing,
            say("it binds only pairs that include {}", *instrument.hub_country));
    if (excluded(instrument.not_between, a, b))
        return miss(
            instrument, Miss::not_between,
            say("it does not operate between {} and {}", std::min(a, b), std::max(a, b)));
    if (instrument.territory != territory)
        return miss(
            instrument, Miss::other_territory,
            instrument.territory
                ? say("it is limited to the territory {}", *instrument.territory)
                : say("whether it extends to the territory {} is not known", *territory));
    if (instrument.suspended)
        return miss(
            instrument, Miss::suspended,
            say("it was suspended by {}", Said::day(Instant{instrument.source.as_of})));
    if (instrument.in_force_known && !instrument.in_force.day)
        return miss(instrument, Miss::not_in_force, say("it is not in force for anybody"));
    return std::nullopt;
}

// The last of: entry into force, application, and entry into force for each of the two. A party
// whose own day is not known was one on the day to which the record speaks; before, nobody knows.
void date(
    Binding& out, const Instrument& instrument, const Participation& a, const Participation& b) {
    out.since = instrument.in_force.day.value_or(instrument.source.as_of);
    out.since_is_exact = instrument.in_force.day && !instrument.in_force.year_only;
    if (instrument.applies_from && *instrument.applies_from > out.since)
        out.since = *instrument.applies_from;
    for (const auto* party : {&a, &b}) {
        const Day day = party->since.day.value_or(instrument.source.as_of);
        if (!party->since.day || party->since.year_only) out.since_is_exact = false;
        if (day > out.since) out.since = day;
        out.confidence = std::min(out.confidence, party->confidence);
    }
}

} // namespace

const Bond* Between::find(std::string_view instrument) const {
    const auto at = std::find_if(bonds.begin(), bonds.end(), [&](const Bond& bond) {
        return bond.instrument->id == instrument;
    });
    return at == bonds.end() ? nullptr : &*at;
}

Binding binding(
    const Instrument& instrument, std::string_view a, std::string_view b, Day day,
    const std::optional<std::string>& territory) {
    const auto* one = instrument.find(a);
    const auto* other = instrument.find(b);
    if (!one || !other || a == b) return {};
    if (one->part != Part::party || other->part != Part::party)
        return no_party(instrument, *one, *other);
    if (auto bar = barred(instrument, a, b, territory)) return std::move(*bar);
    Binding out;
    out.confidence = instrument.source.confidence;
    date(out, instrument, *one, *other);
    if (out.since <= day) {
        out.state = State::binds;
        return out;
    }
    auto late = out.since_is_exact
                    ? miss(
                          instrument, Miss::not_yet,
                          say("it binds the two from {}", Said::day(Instant{out.since})))
                    : miss(
                          instrument, Miss::date_unknown,
                          say("the day from which it binds the two is not known; it did by {}",
                              Said::day(Instant{out.since})));
    late.miss.from = out.since;
    return late;
}

namespace {

bool takes_away(const Reservation& reservation, std::string_view what) {
    return std::find(reservation.excludes.begin(), reservation.excludes.end(), what) !=
           reservation.excludes.end();
}

/// A reservation of either side that takes the category away from the whole instrument.
const Reservation* reserved(const Bond& bond, Category category) {
    for (const auto* reservation : bond.reservations)
        if (takes_away(*reservation, data_category_of(category))) return reservation;
    return nullptr;
}

bool reserves_direct(const Bond& bond) {
    return std::any_of(
        bond.reservations.begin(), bond.reservations.end(),
        [](const Reservation* one) { return takes_away(*one, "direct_to_provider"); });
}

// The threshold that applies to this offence and category.
std::optional<std::int64_t> threshold(
    const Instrument& instrument, const Question& question, const Offence* offence) {
    const auto& rule = instrument.provides.minimum_penalty;
    if (!rule.months || *rule.months == 0) return rule.months;
    if (question.category && !rule.categories.empty()) {
        const auto id = data_category_of(*question.category);
        if (std::find(rule.categories.begin(), rule.categories.end(), id) == rule.categories.end())
            return 0;
    }
    if (offence && offence->listed_at(instrument.id, rule.unless_listed_at)) return 0;
    return rule.months;
}

// Listed offences are spared the test; for the others it is required (Directive 2014/41
// Art. 11(1)(g), Regulation (EU) 2023/1543 Art. 12(1)(d)).
std::optional<DualRule> dual_rule(const Instrument& instrument, const Offence* offence) {
    const auto& dual = instrument.provides.dual_criminality;
    if (dual.rule != DualRule::not_required_for_listed || !offence) return dual.rule;
    return offence->listed_at(instrument.id, dual.listed_at) ? DualRule::not_required_for_listed
                                                             : DualRule::required;
}

void add_caveats(Bond& bond, const Question& question, const Offence* offence) {
    const auto& instrument = *bond.instrument;
    auto& out = bond.caveats;
    if (!bond.since_is_exact)
        out.push_back(
            say("the day from which it binds is not known; it did by {}",
                Said::day(Instant{bond.since})));
    if (!instrument.provides.read)
        out.push_back(
            say("its articles were not read: thresholds, grounds and languages are unknown"));
    if (instrument.scope == Scope::offence_limited && !offence)
        out.push_back(say("only for the offences it lists: ask with an offence"));
    if (!question.category && instrument.provides.read &&
        instrument.provides.minimum_penalty.months.value_or(0) > 0)
        out.push_back(Said::value(instrument.provides.minimum_penalty.rule));
    if (bond.minimum_penalty_months && *bond.minimum_penalty_months > 0 && question.category)
        out.push_back(
            say("the offence must carry a maximum of at least {} months",
                *bond.minimum_penalty_months));
    for (const auto* reservation : bond.reservations)
        out.push_back(say(
            "{} on Art. {}: {}", reservation->country, reservation->article, reservation->effect));
    if (instrument.note) out.push_back(Said::value(*instrument.note));
}

} // namespace

void ask(
    const Instrument& instrument, std::string_view a, std::string_view b, Day day,
    const Question& question, const Offence* offence, Between& out) {
    if (instrument.scope == Scope::human_rights) return;
    auto found = binding(instrument, a, b, day, question.territory);
    if (found.state == State::unrelated) return;
    if (found.state == State::misses) {
        out.misses.push_back(std::move(found.miss));
        return;
    }
    if (!instrument.binding || !instrument.basis_for_requests) {
        out.misses.push_back(
            {&instrument, Miss::not_a_basis,
             say("it binds nobody; a request needs other law beside it"), std::nullopt});
        out.could_serve.push_back(
            {instrument.id, instrument.title, say("both take part in it, without being bound"),
             &instrument});
        return;
    }
    Bond bond;
    bond.instrument = &instrument;
    bond.since = found.since;
    bond.since_is_exact = found.since_is_exact;
    bond.confidence = found.confidence;
    for (const auto& reservation : instrument.reservations)
        if (reservation.country == a || reservation.country == b)
            bond.reservations.push_back(&reservation);
    if (question.category) {
        const auto* taken = reserved(bond, *question.category);
        if (!instrument.covers(*question.category) || taken) {
            out.misses.push_back(
                {&instrument, Miss::category_not_covered,
                 taken ? say("{} has reserved it", taken->country)
                       : say("it does not cover {} data", say(to_text(*question.category))),
                 std::nullopt});
            return;
        }
    }
    if (offence) bond.offence = offence->listed(instrument.id);
    if (instrument.scope == Scope::offence_limited && offence && !bond.offence) {
        out.misses.push_back(
            {&instrument, Miss::offence_not_listed,
             say("it is limited to offences it lists, and {} is not one",
                 offence->title.titled(offence->id)),
             std::nullopt});
        return;
    }
    bond.minimum_penalty_months = threshold(instrument, question, offence);
    bond.dual_criminality = dual_rule(instrument, offence);
    bond.direct_to_provider =
        (question.category ? instrument.direct(*question.category)
                           : instrument.provides.direct_to_provider.available) &&
        !reserves_direct(bond);
    add_caveats(bond, question, offence);
    out.bonds.push_back(std::move(bond));
}

} // namespace comity::law
