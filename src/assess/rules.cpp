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
        out.why_not = answer.misses.empty() ? say("it does not concern both countries")
                                            : answer.misses.front().because;
        return out;
    }
    const auto& bond = answer.bonds.front();
    out.carries = true;
    out.minimum_months = bond.minimum_penalty_months;
    out.direct = bond.direct_to_provider;
    // An instrument of listed offences carries none that the pack does not know.
    if (!offence && instrument.scope == law::Scope::offence_limited) {
        out.carries = false;
        out.why_not = say("it is limited to offences it lists");
    }
    return out;
}

// What binds both for every offence of the request, and why the one named does not.
void draw_binding(const law::Library& library, const RulesQuestion& question, Rules& out) {
    std::vector<law::Question> asked;
    for (const auto& offence : question.request.offences)
        asked.push_back({std::nullopt, std::string(offence.category), std::nullopt});
    if (asked.empty()) asked.emplace_back();
    bool first = true;
    for (const auto& one : asked) {
        const auto between =
            library.between(question.requesting, question.requested, day(question.date), one);
        if (first)
            for (const auto& bond : between.bonds)
                out.binding.push_back({bond.instrument->id, bond.instrument->title});
        std::erase_if(out.binding, [&](const Titled& one) { return !between.find(one.id); });
        first = false;
    }
}

const law::Instrument* named_instrument(
    const law::Library& library, const RulesQuestion& question, Rules& out) {
    if (question.request.basis != "instrument") return nullptr;
    const auto* instrument = library.instrument(question.request.instrument);
    if (!instrument) return nullptr;
    out.named = Titled{instrument->id, instrument->title};
    if (!instrument->binding || !instrument->basis_for_requests) {
        out.why_not_relied = say("no request can be founded on it");
        return nullptr;
    }
    const auto bound = law::binding(
        *instrument, question.requesting, question.requested, day(question.date), std::nullopt);
    if (bound.state == law::Binding::State::misses) out.why_not_relied = bound.miss.because;
    return bound.state == law::Binding::State::binds ? instrument : nullptr;
}

std::optional<DualRule> dual_of(const law::Instrument& instrument, const law::Offence* offence) {
    const auto& dual = instrument.provides.dual_criminality;
    if (dual.rule != DualRule::not_required_for_listed) return dual.rule;
    return offence && offence->listed_at(instrument.id, dual.listed_at)
               ? DualRule::not_required_for_listed
               : DualRule::required;
}

void draw_instrument(const law::Library& library, const RulesQuestion& question, Rules& out) {
    const auto* instrument = named_instrument(library, question, out);
    if (!instrument) return draw_binding(library, question, out);
    Relied relied;
    relied.id = instrument->id;
    relied.title = instrument->title;
    relied.dual_article = instrument->provides.dual_criminality.article.value_or("");
    relied.spared_months = instrument->provides.dual_criminality.listed_months;
    for (const auto& ground : instrument->named_grounds())
        relied.grounds.emplace_back(ground.id, ground.article.value_or(""));
    for (const auto& ground : instrument->provides.no_ground)
        relied.no_ground.emplace_back(ground.id, ground.article.value_or(""));
    for (const auto& item : question.request.offences) {
        auto& row = relied.offences.emplace_back();
        const auto* offence = library.offence(item.category);
        row.dual = dual_of(*instrument, offence);
        for (std::size_t i = 0; i < category_count; ++i)
            if (question.request.categories.at(i))
                row.categories.at(i) =
                    carriage(*instrument, question, offence, static_cast<Category>(i));
    }
    out.relied = std::move(relied);
}

// A treaty that binds both countries and lists the offence: both have called it one. The lists of
// the Union's acts only spare a test, from three years on; and a state of affairs is no crime.
Said listed_for_both(
    const law::Library& library, const law::Offence& offence, const RulesQuestion& question) {
    if (offence.group == "situation") return {};
    for (const auto& listing : offence.listed_in) {
        const auto* instrument = library.instrument(listing.instrument);
        if (!instrument || instrument->kind != law::Kind::treaty || !instrument->binding) continue;
        const auto bound = law::binding(
            *instrument, question.requesting, question.requested, day(question.date), std::nullopt);
        if (bound.state == law::Binding::State::binds)
            return say("{} ({})", instrument->title.titled(instrument->id), listing.article);
    }
    return {};
}

void draw_offences(const law::Library& library, const RulesQuestion& question, Rules& out) {
    const auto add = [&](std::string_view id) {
        const auto* offence = library.offence(id);
        if (!offence || out.offence(id)) return;
        out.offences.push_back(
            {{offence->id, offence->title},
             offence->speed_dependent,
             offence->speed_reason.value_or(""),
             listed_for_both(library, *offence, question)});
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

// The standards that the form knows, the lowest first, and the words by which the laws that have
// them name them. Another standard cannot be compared by a program, and is left to who reads.
struct StandardWords {
    std::string_view id;
    std::string_view words;
};

constexpr std::array<StandardWords, 4> standards{
    {{"relevance", "relevance"},
     {"reasonable_suspicion", "reasonable suspicion"},
     {"specific_articulable_facts", "articulable facts"},
     {"probable_cause", "probable cause"}}};

std::size_t rank_of(std::string_view id) {
    std::size_t rank = 0;
    for (const auto& item : standards) {
        ++rank;
        if (item.id == id) return rank;
    }
    return 0;
}

void draw_standard(const law::Profile& profile, const RulesQuestion& question, Rules& out) {
    for (std::size_t i = 0; i < category_count; ++i) {
        if (!question.request.categories.at(i)) continue;
        const auto& rule = profile.rule(static_cast<Category>(i));
        for (const auto& item : standards)
            if (rule.standard_term && rule.standard_term->find(item.words) != std::string::npos &&
                rank_of(item.id) > rank_of(out.standard)) {
                out.standard = item.id;
                out.standard_source = cited(question.requested, rule);
            }
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
    draw_standard(*profile, question, out);
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

// All that rules_of looks at, each with its length, so that two questions never look alike. What
// else is read of a request belongs in here.
std::string everything_asked(const RulesQuestion& question) {
    std::string out;
    const auto add = [&out](std::string_view text) {
        fmt::format_to(std::back_inserter(out), "{}:{},", text.size(), text);
    };
    const auto& request = question.request;
    for (const auto text :
         {name(question.route), question.requesting, question.requested, request.basis,
          request.instrument, request.listed_offence})
        add(text);
    fmt::format_to(std::back_inserter(out), "{},", day(question.date).time_since_epoch().count());
    for (const bool asked : request.categories)
        out.push_back(asked ? '1' : '0');
    for (const auto& offence : request.offences)
        add(offence.category);
    return out;
}

} // namespace

std::size_t standard_rank(std::string_view id) {
    return rank_of(id);
}

const OffenceRule* Rules::offence(std::string_view id) const {
    for (const auto& item : offences)
        if (item.id == id) return &item;
    return nullptr;
}

Said Rules::told_offence(std::string_view id) const {
    const auto* found = offence(id);
    return found ? found->told() : Said::value(std::string(id));
}

Rules rules_of(const law::Library& library, const RulesQuestion& question) {
    Rules out;
    draw_instrument(library, question, out);
    draw_offences(library, question, out);
    const auto& asked = question.request.categories;
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

std::shared_ptr<const Rules> RulesMemory::of(
    const law::Library& library, const RulesQuestion& question) {
    constexpr std::size_t most = 1'000;
    const auto key = everything_asked(question);
    {
        const std::scoped_lock lock(mutex_);
        if (const auto at = known_.find(key); at != known_.end()) return at->second;
    }
    auto drawn = std::make_shared<const Rules>(rules_of(library, question));
    const std::scoped_lock lock(mutex_);
    if (known_.size() >= most) known_.clear();
    known_.emplace(key, drawn);
    return drawn;
}

} // namespace comity::assess
