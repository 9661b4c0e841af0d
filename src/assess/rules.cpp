// Drawing the rules for one request from the library.
#include "assess/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace comity::assess {

namespace {

law::Day day(Instant when) {
    return std::chrono::floor<std::chrono::days>(when);
}

std::string profile_file(std::string_view country) {
    std::string out = "law/profiles/";
    for (const char letter : country)
        out += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
    return out + ".json";
}

std::string cited(std::string_view country, const law::Cited& block) {
    return block.articles.empty()
               ? profile_file(country)
               : fmt::format("{} ({})", fmt::join(block.articles, ", "), profile_file(country));
}

std::array<bool, category_count> categories_of(const Request& request) {
    std::array<bool, category_count> out{};
    for (const auto& cell : request.grid)
        if (const auto category = law::category_from(cell.category)) out.at(at(*category)) = true;
    return out;
}

Carriage carriage(
    const law::Instrument& instrument, const RulesQuestion& question, const law::Offence* offence,
    Category category) {
    law::Between answer;
    law::Question asked;
    asked.category = category;
    if (offence) asked.offence = offence->id;
    law::ask(
        instrument, question.requesting, question.requested, day(question.date), asked, offence,
        answer);
    Carriage out;
    if (answer.bonds.empty()) {
        out.why_not = answer.misses.empty() ? "it does not concern both countries"
                                            : answer.misses.front().because;
        return out;
    }
    const auto& bond = answer.bonds.front();
    out.carries = true;
    out.minimum_months = bond.minimum_penalty_months;
    out.dual = bond.dual_criminality;
    out.direct = bond.direct_to_provider;
    // An instrument of listed offences carries none that the pack does not know.
    if (!offence && instrument.scope == law::Scope::offence_limited) {
        out.carries = false;
        out.why_not = "it is limited to offences it lists";
    }
    return out;
}

void draw_instrument(const law::Library& library, const RulesQuestion& question, Rules& out) {
    const auto& request = question.request;
    const auto* instrument =
        request.basis == "instrument" ? library.instrument(request.instrument) : nullptr;
    const auto bound = instrument ? law::binding(
                                        *instrument, question.requesting, question.requested,
                                        day(question.date), std::nullopt)
                                  : law::Binding{};
    const bool usable = instrument && instrument->binding && instrument->basis_for_requests;
    if (bound.state != law::Binding::State::binds || !usable) {
        if (instrument && bound.state == law::Binding::State::misses)
            out.why_not_relied = bound.miss.because;
        else if (instrument && !usable)
            out.why_not_relied = "no request can be founded on it";
        for (const auto& bond :
             library.between(question.requesting, question.requested, day(question.date)).bonds)
            out.binding.push_back(bond.instrument->id);
        return;
    }
    Relied relied;
    relied.id = instrument->id;
    relied.title = instrument->title.en;
    relied.dual_article = instrument->provides.dual_criminality.article.value_or("");
    relied.spared_months = instrument->provides.dual_criminality.listed_months;
    for (const auto& ground : instrument->named_grounds())
        relied.grounds.emplace_back(ground.id, ground.article.value_or(""));
    const auto asked = categories_of(request);
    for (const auto& item : request.offences) {
        auto& row = relied.offences.emplace_back();
        const auto* offence = library.offence(item.category);
        for (std::size_t i = 0; i < category_count; ++i)
            if (asked.at(i))
                row.at(i) = carriage(*instrument, question, offence, static_cast<Category>(i));
    }
    out.relied = std::move(relied);
}

// A treaty whose parties undertook to punish what it lists, as the conventions on crime do. The
// lists of the Union's acts and of treaties on assistance in general oblige nobody to punish.
bool defines_offences(const law::Instrument& instrument) {
    if (instrument.kind != law::Kind::treaty || !instrument.binding) return false;
    return instrument.scope == law::Scope::offence_limited ||
           instrument.scope == law::Scope::electronic_evidence_any_offence ||
           instrument.scope == law::Scope::electronic_evidence_serious_crime;
}

std::string punished_in(
    const law::Library& library, const law::Offence& offence, std::string_view country,
    law::Day when) {
    if (offence.group == "situation") return {}; // a state of affairs, not a crime of its own
    for (const auto& listing : offence.listed_in) {
        const auto* instrument = library.instrument(listing.instrument);
        if (!instrument || !defines_offences(*instrument)) continue;
        const auto* party = instrument->find(country);
        if (!party || party->part != law::Part::party) continue;
        const auto in_force = instrument->in_force.day;
        if (!in_force || *in_force > when) continue;
        // A party whose own day is not known was one on the day to which the record speaks.
        if (party->since.day.value_or(instrument->source.as_of) > when) continue;
        return fmt::format("{} Art. {}", instrument->id, listing.article);
    }
    return {};
}

void draw_offences(const law::Library& library, const RulesQuestion& question, Rules& out) {
    const auto add = [&](std::string_view id) {
        const auto* offence = library.offence(id);
        if (!offence || out.offence(id)) return;
        out.offences.push_back(
            {offence->id, offence->speed_dependent, offence->speed_reason.value_or(""),
             punished_in(library, *offence, question.requesting, day(question.date)),
             punished_in(library, *offence, question.requested, day(question.date))});
    };
    for (const auto& offence : question.request.offences)
        add(offence.category);
    if (!question.request.listed_offence.empty()) add(question.request.listed_offence);
}

void draw_seriousness(
    const law::Library& library, const RulesQuestion& question, Category category,
    const law::Requirements& wanted, CategoryRules& out) {
    const auto& floor = library.floor().rule(category);
    out.seriousness.push_back(
        {floor.minimum_penalty_months, floor.listed_offences, false, "law/floor.json"});
    out.period = wanted.period.value;
    for (const auto country : {question.requested, question.requesting}) {
        const auto* profile = library.profile(country);
        const auto* own = profile ? &profile->rule(category) : nullptr;
        if (!own || !own->minimum_penalty_months) {
            out.unknown_of.emplace_back(country);
            continue;
        }
        out.seriousness.push_back(
            {*own->minimum_penalty_months,
             {},
             own->listed_offences && !own->listed_offences->empty(),
             cited(country, *own)});
    }
}

void draw_profile(
    const law::Library& library, const law::Requirements& wanted, const RulesQuestion& question,
    Rules& out) {
    const auto* profile = library.profile(question.requested);
    out.assurance = wanted.death_penalty_assurance.value;
    out.assurance_source =
        fmt::format("{}", fmt::join(wanted.death_penalty_assurance.sources, "; "));
    out.retention = wanted.retention.value;
    out.deferral = wanted.deferral.value;
    out.profile_known = profile != nullptr;
    if (!profile) return;
    out.profile_source = profile_file(question.requested);
    out.narrative = profile->narrative.items.value_or(std::vector<std::string>{});
    out.certification = profile->certification.needed;
    out.dual = profile->dual_criminality.rule;
    out.dual_source = cited(question.requested, profile->dual_criminality);
    for (const auto& ground : profile->grounds)
        out.grounds.push_back({ground.ground, ground.mandatory, cited(question.requested, ground)});
    out.languages = profile->languages.list;
    out.languages_source = cited(question.requested, profile->languages);
    out.assistance_law = profile->domestic_law.title.value_or("");
}

// The shortest figure published of the ordinary route: a longer one would help who asks.
std::optional<Figure> published_delay(const law::Library& library, std::string_view requested) {
    std::optional<Figure> out;
    for (const auto& volume : library.volumes()) {
        if (volume.topic != "delay" || !volume.number) continue;
        if (volume.country && *volume.country != requested) continue;
        const std::int64_t unit = volume.unit == "months" ? 30 : volume.unit == "days" ? 1 : 0;
        if (unit == 0) continue;
        const Figure figure{*volume.number * unit, fmt::format("law/volumes.json, {}", volume.id)};
        if (!out || figure.days < out->days) out = figure;
    }
    return out;
}

} // namespace

const OffenceRule* Rules::offence(std::string_view id) const {
    for (const auto& item : offences)
        if (item.id == id) return &item;
    return nullptr;
}

Rules rules_of(const law::Library& library, const RulesQuestion& question) {
    Rules out;
    draw_instrument(library, question, out);
    draw_offences(library, question, out);
    const auto asked = categories_of(question.request);
    std::optional<law::Requirements> wanted;
    for (std::size_t i = 0; i < category_count; ++i) {
        if (!asked.at(i)) continue;
        const auto category = static_cast<Category>(i);
        wanted = library.requirements(question.requested, category, name(question.route));
        draw_seriousness(library, question, category, *wanted, out.categories.at(i));
    }
    if (!wanted)
        wanted =
            library.requirements(question.requested, Category::subscriber, name(question.route));
    draw_profile(library, *wanted, question, out);
    if (const auto* country = library.country(question.requesting))
        out.death_penalty = country->death_penalty;
    if (question.route == Route::extraordinary)
        out.published_delay = published_delay(library, question.requested);
    return out;
}

} // namespace comity::assess
