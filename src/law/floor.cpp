// Reading the floor, and joining it with a profile: for each demand the stricter of the two, with
// where it comes from.
#include "law/floor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

const std::string_view floor_digest = "OjqATceosOEY7mxWHwC9gDJQiuGpnA1p8evZhmRH3CY";

namespace {

constexpr std::string_view floor_file = "floor.json";

Period period_of(Record& in, std::string_view name) {
    const auto text = in.text(name);
    const auto period = period_from(text);
    if (!period)
        in.complain(
            name, fmt::format("is \"{}\", which is no length of time", text),
            "Write it as P90D, P1Y or PT48H (ISO 8601).");
    return period.value_or(Period{});
}

std::vector<std::string> sources_of(Record& in, std::string_view name = "sources") {
    auto out = in.texts(name);
    if (out.empty()) in.complain(name, "is empty", "Every minimum names what it rests on.");
    return out;
}

FloorCategory read_category(Record& in) {
    FloorCategory out;
    out.authority = in.words<Authority>("authority", authority_words);
    out.minimum_penalty_months = in.number("minimum_penalty_months", 0, 1200);
    out.listed_offences = in.texts("listed_offences");
    if (const auto* period = in.any("period"); period && !period->is_null())
        out.period = period_of(in, "period");
    out.authority_sources = sources_of(in, "authority_sources");
    out.seriousness_sources = sources_of(in, "seriousness_sources");
    out.period_sources = sources_of(in, "period_sources");
    // Independence is demanded of every authorisation (X4, principle 6).
    for (const auto one : out.authority)
        if (one != Authority::court && one != Authority::investigating_judge)
            in.complain("authority", "names somebody who is no independent court");
    if (out.authority.empty()) in.complain("authority", "is empty");
    return out;
}

FloorRoute read_route(Record& in) {
    FloorRoute out;
    out.procedure = in.text("procedure");
    out.retention = period_of(in, "retention");
    out.renewal = period_of(in, "renewal");
    out.notice = period_of(in, "notice");
    out.deferral = period_of(in, "deferral");
    out.sources = sources_of(in);
    return out;
}

void read_routes(Record& in, Floor& out) {
    for (const auto& item : in.list("routes")) {
        if (!item.is_object()) {
            in.complain("routes", "holds something that is not a route");
            return;
        }
        Record one(item.as_object(), fmt::format("{}, routes", floor_file));
        out.routes.push_back(read_route(one));
        in.adopt(one);
    }
    if (out.routes.empty() || out.routes.front().procedure != "any")
        in.complain("routes", "does not begin with the route for any procedure");
}

/// A block of lists with its sources.
void read_lists(
    Record& in, std::string_view name, std::string_view list, std::vector<std::string>& out,
    std::vector<std::string>& sources) {
    Record part = in.inner(name);
    out = part.texts(list);
    sources = sources_of(part);
    in.adopt(part);
}

template <class T>
Demand<T> from_floor(T value, std::vector<std::string> sources, bool unknown) {
    Demand<T> out;
    out.value = std::move(value);
    out.origin = Origin::floor;
    out.unknown = unknown;
    out.sources = std::move(sources);
    return out;
}

template <class T>
Demand<T> from_profile(const std::optional<T>& value, const Cited& cited) {
    Demand<T> out;
    out.value = value;
    out.unknown = !value.has_value();
    if (!value) return out;
    out.origin = Origin::profile;
    out.sources = cited.articles;
    out.confidence = cited.confidence;
    out.note = cited.note;
    return out;
}

// The shorter of two maxima: the profile's where it is stricter, else the floor's.
Demand<Period> shorter(
    const std::optional<Period>& own, const Cited& cited, const Period& most,
    const std::vector<std::string>& sources) {
    if (own && is_longer(most, *own)) return from_profile<Period>(own, cited);
    auto out = from_floor<Period>(most, sources, !own.has_value());
    if (own && *own == most) out.origin = Origin::both;
    return out;
}

// Those whom floor and profile both allow. A profile that names none of the floor's leaves the
// floor's: an independent court, whatever the law of the country would be content with.
Demand<std::vector<Authority>> authority(const CategoryRule* own, const FloorCategory& floor) {
    auto out = from_floor(floor.authority, floor.authority_sources, !own || !own->authority);
    if (!own || !own->authority) return out;
    std::vector<Authority> both;
    for (const auto one : floor.authority)
        if (std::find(own->authority->begin(), own->authority->end(), one) != own->authority->end())
            both.push_back(one);
    if (both.empty()) return out;
    out.origin = Origin::both;
    out.value = std::move(both);
    out.sources.insert(out.sources.end(), own->articles.begin(), own->articles.end());
    out.confidence = own->confidence;
    out.note = own->note;
    return out;
}

Demand<Seriousness> own_seriousness(const CategoryRule* own) {
    if (!own || !own->minimum_penalty_months) return from_profile<Seriousness>(std::nullopt, {});
    return from_profile<Seriousness>(
        Seriousness{
            *own->minimum_penalty_months,
            own->listed_offences.value_or(std::vector<std::string>{})},
        *own);
}

void join_terms(Requirements& out, const Profile& own) {
    const auto& rule = own.rule(out.category);
    out.standard = from_profile<std::string>(rule.standard_plain, rule);
    out.dual_criminality = from_profile<DualRule>(own.dual_criminality.rule, own.dual_criminality);
    if (own.dual_criminality.for_what) out.dual_criminality.note = own.dual_criminality.for_what;
    out.grounds = own.grounds;
    out.languages = from_profile<std::vector<std::string>>(own.languages.list, own.languages);
    out.narrative = from_profile<std::vector<std::string>>(own.narrative.items, own.narrative);
    out.certification = from_profile<bool>(own.certification.needed, own.certification);
    out.certification.note = own.certification.form;
    out.emergency = from_profile<std::string>(own.emergency.procedure, own.emergency);
    out.voluntary_disclosure =
        from_profile<Allowed>(own.voluntary_disclosure.allowed, own.voluntary_disclosure);
    out.voluntary_disclosure.note = own.voluntary_disclosure.for_what;
    out.use = from_profile<std::string>(own.retention.rule, own.retention);
    out.remedy_court = from_profile<std::string>(own.remedy.court, own.remedy);
    out.remedy_time_limit = from_profile<std::string>(own.remedy.time_limit, own.remedy);
    out.remedy_for_foreigners = from_profile<bool>(own.remedy.foreigners_too, own.remedy);
    out.oversight = from_profile<std::vector<std::string>>(own.oversight.bodies, own.oversight);
}

} // namespace

const FloorRoute& Floor::route(std::string_view procedure) const {
    const auto at = std::find_if(routes.begin(), routes.end(), [&](const FloorRoute& route) {
        return route.procedure == procedure;
    });
    return at == routes.end() ? routes.front() : *at;
}

bool is_longer(const Period& a, const Period& b) {
    // Any day will do; this one has a leap year before and behind it.
    constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    return add(start, a) > add(start, b);
}

Result<Floor> read_floor(const json::Object& object) {
    Record in(object, std::string(floor_file));
    Floor out;
    in.any("schema_note");
    Record categories = in.inner("categories");
    for (const auto name : category_words) {
        Record one = categories.inner(name);
        out.categories[static_cast<std::size_t>(*category_from(name))] = read_category(one);
        categories.adopt(one);
    }
    in.adopt(categories);
    read_routes(in, out);
    Record preservation = in.inner("preservation");
    out.preservation = period_of(preservation, "period");
    out.preservation_renewals = preservation.number("renewals", 0, 10);
    out.preservation_sources = sources_of(preservation);
    in.adopt(preservation);
    Record emergency = in.inner("emergency");
    out.emergency_decision = period_of(emergency, "decision_within");
    out.emergency_sources = sources_of(emergency);
    in.adopt(emergency);
    read_lists(in, "principles", "standards", out.principles, out.principles_sources);
    read_lists(in, "remedy", "names", out.remedy, out.remedy_sources);
    read_lists(in, "oversight", "powers", out.oversight, out.oversight_sources);
    read_lists(in, "security", "rules", out.security, out.security_sources);
    Record death = in.inner("death_penalty_assurance");
    out.death_penalty_sources = sources_of(death);
    in.adopt(death);
    TRY_VOID(in.done());
    return out;
}

Result<void> check_against_floor(const Profile& profile, const Floor& floor) {
    const auto bound = [&](std::string_view field, const std::optional<Period>& own,
                           const Period& most) -> Result<void> {
        if (!own || !is_longer(*own, most)) return {};
        return refuse(
            Code::law_malformed,
            fmt::format(
                "profiles, \"{}\", {}: {} is longer than the floor's {}", profile.country, field,
                to_text(*own), to_text(most)),
            "No profile, instrument, setting or directory lowers the floor", "law/floor.json",
            "Write the floor's length or a shorter one, or leave the field out");
    };
    const auto& any = floor.routes.front();
    TRY_VOID(
        bound("retention_and_use.maximum_days", profile.retention.maximum_days, any.retention));
    return bound(
        "user_notice.maximum_deferral_days", profile.user_notice.maximum_deferral_days,
        any.deferral);
}

Requirements join(
    std::string_view country, const Profile* profile, const Floor& floor, Category category,
    std::string_view procedure) {
    Requirements out;
    out.country = std::string(country);
    out.category = category;
    out.procedure = std::string(procedure);
    out.has_profile = profile != nullptr;
    const auto* own = profile ? &profile->rule(category) : nullptr;
    const auto& least = floor.rule(category);
    const auto& route = floor.route(procedure);

    // What the profile alone can say, and is unknown without one.
    const Cited nothing;
    for (auto* demand :
         {&out.standard, &out.emergency, &out.use, &out.remedy_court, &out.remedy_time_limit})
        demand->unknown = true;
    for (auto* demand : {&out.languages, &out.narrative, &out.oversight})
        demand->unknown = true;
    for (auto* demand : {&out.certification, &out.remedy_for_foreigners})
        demand->unknown = true;
    out.dual_criminality.unknown = true;
    out.voluntary_disclosure.unknown = true;
    if (profile) join_terms(out, *profile);

    out.authority = authority(own, least);
    out.seriousness_floor = from_floor(
        Seriousness{least.minimum_penalty_months, least.listed_offences}, least.seriousness_sources,
        false);
    out.seriousness_profile = own_seriousness(own);
    if (least.period)
        out.period = from_floor(*least.period, least.period_sources, false);
    else
        out.period.sources = least.period_sources;

    std::optional<Period> days;
    if (profile && profile->preservation.days)
        days = Period{0, 0, static_cast<int>(*profile->preservation.days), 0};
    const Cited& kept = profile ? static_cast<const Cited&>(profile->preservation) : nothing;
    out.preservation = shorter(days, kept, floor.preservation, floor.preservation_sources);
    const auto renewals = profile ? profile->preservation.renewals : std::optional<std::int64_t>{};
    out.preservation_renewals =
        renewals && *renewals < floor.preservation_renewals
            ? from_profile<std::int64_t>(renewals, kept)
            : from_floor(
                  floor.preservation_renewals, floor.preservation_sources, !renewals.has_value());

    // Notice is owed everywhere, whatever the profile says of the country's own law.
    const Cited& told = profile ? static_cast<const Cited&>(profile->user_notice) : nothing;
    out.notice =
        from_floor(Notice::notice, route.sources, !profile || !profile->user_notice.by_default);
    if (profile && profile->user_notice.by_default == Notice::notice)
        out.notice.origin = Origin::both;
    if (profile) out.notice.note = profile->user_notice.maximum_deferral;
    out.notice_within = from_floor(route.notice, route.sources, false);
    out.deferral = shorter(
        profile ? profile->user_notice.maximum_deferral_days : std::optional<Period>{}, told,
        route.deferral, route.sources);
    out.retention = shorter(
        profile ? profile->retention.maximum_days : std::optional<Period>{},
        profile ? static_cast<const Cited&>(profile->retention) : nothing, route.retention,
        route.sources);

    // The floor asks for an assurance wherever death could be the penalty; a profile that may ask
    // for one, or does not say, leaves that.
    out.death_penalty_assurance =
        from_floor(Assurance::required, floor.death_penalty_sources, !profile);
    if (profile && profile->death_penalty_assurance.required == Assurance::required)
        out.death_penalty_assurance =
            from_profile<Assurance>(Assurance::required, profile->death_penalty_assurance);
    return out;
}

Answer Requirements::serious(std::string_view offence, std::int64_t max_penalty_months) const {
    const auto& floor = *seriousness_floor.value;
    const bool listed =
        std::find(floor.listed.begin(), floor.listed.end(), offence) != floor.listed.end();
    if (max_penalty_months < floor.months && !listed) return Answer::no;
    if (!seriousness_profile.value) return Answer::unknown;
    const auto& own = *seriousness_profile.value;
    if (own.months > 0 && max_penalty_months >= own.months) return Answer::yes;
    if (!own.listed.empty()) return Answer::unknown; // the words of a law: a person reads them
    return own.months == 0 ? Answer::yes : Answer::no;
}

} // namespace comity::law
