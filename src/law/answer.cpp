// The answer is built once, as JSON; the command line lays it out for a terminal, the page for a
// browser. What is not known is said: a demand with "unknown": true, a member that is null.
#include "law/answer.hpp"

#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

namespace {

using json::Array;
using json::Object;
using json::Value;

Value value(const std::optional<std::string>& text) {
    return text ? Value(*text) : Value(nullptr);
}

// The command line speaks English.
Value value(const std::optional<Text>& text) {
    return text ? Value(text->en) : Value(nullptr);
}

Value value(const std::optional<std::int64_t>& number) {
    return number ? Value(*number) : Value(nullptr);
}

Array array(const std::vector<std::string>& texts) {
    return Array(texts.begin(), texts.end());
}

Object object(const Source& source) {
    return {
        {"text", source.text},
        {"as_of", to_text(source.as_of)},
        {"confidence", confidence_words[static_cast<std::size_t>(source.confidence)]}};
}

template <class Enum, std::size_t N>
Value word(const std::optional<Enum>& found, const Words<N>& words) {
    return found ? Value(words[static_cast<std::size_t>(*found)]) : Value(nullptr);
}

Object object(const Country& country) {
    return {
        {"code", country.code},
        {"name", country.name.all()},
        {"languages", array(country.languages)},
        {"death_penalty", death_penalty_words[static_cast<std::size_t>(country.death_penalty)]},
        {"invented", country.invented},
        {"source", object(country.source)}};
}

/// The articles to look up, by what they are about; only those that are known.
Object articles(const Provisions& provides) {
    Object out;
    const auto add = [&](std::string_view name, const std::optional<std::string>& article) {
        if (article) out[name] = *article;
    };
    add("preservation", provides.preservation.article);
    add("emergency", provides.emergency.article);
    add("direct_to_provider", provides.direct_to_provider.article);
    add("central_authority", provides.central_authority);
    add("confidentiality", provides.confidentiality);
    add("use_limitation", provides.use_limitation);
    add("data_protection", provides.data_protection);
    add("user_notice", provides.user_notice);
    add("remedy", provides.remedy);
    return out;
}

Object object(const Bond& bond) {
    const auto& one = *bond.instrument;
    const auto& provides = one.provides;
    Array grounds;
    for (const auto& ground : one.named_grounds())
        grounds.push_back(Object{{"ground", ground.id}, {"article", *ground.article}});
    Array caveats;
    for (const auto& caveat : bond.caveats)
        caveats.emplace_back(caveat.text());
    return {
        {"id", one.id},
        {"title", one.title.all()},
        {"kind", kind_words[static_cast<std::size_t>(one.kind)]},
        {"scope", scope_words[static_cast<std::size_t>(one.scope)]},
        {"since", to_text(bond.since)},
        {"since_is_exact", bond.since_is_exact},
        {"confidence", confidence_words[static_cast<std::size_t>(bond.confidence)]},
        {"articles_read", provides.read},
        {"articles", articles(provides)},
        {"offence_listed_at", bond.offence ? Value(bond.offence->article) : Value(nullptr)},
        {"minimum_penalty",
         Object{
             {"months", value(bond.minimum_penalty_months)},
             {"rule", provides.minimum_penalty.rule},
             {"article", value(provides.minimum_penalty.article)}}},
        {"dual_criminality",
         Object{
             {"rule", word(bond.dual_criminality, dual_rule_words)},
             {"article", value(provides.dual_criminality.article)},
             {"note", value(provides.dual_criminality.note)}}},
        {"grounds_of_refusal", std::move(grounds)},
        {"languages",
         Object{{"rule", provides.languages}, {"article", value(provides.languages_article)}}},
        {"direct_to_provider", bond.direct_to_provider},
        {"caveats", std::move(caveats)},
        {"source", object(one.source)}};
}

Object object(const NearMiss& miss) {
    return {
        {"id", miss.instrument->id},
        {"title", miss.instrument->title.all()},
        {"reason", miss_words[static_cast<std::size_t>(miss.reason)]},
        {"because", miss.because.text()},
        {"from", miss.from ? Value(to_text(*miss.from)) : Value(nullptr)},
        {"source", object(miss.instrument->source)}};
}

Value authority_of(const Library& library, const std::string& country) {
    const auto* found = library.central_authority(country);
    if (!found) return nullptr;
    return Object{{"authority", found->authority.en},           {"unit", value(found->unit)},
                  {"languages", array(found->languages)},       {"channel", value(found->channel)},
                  {"contact_24_7", value(found->contact_24_7)}, {"source", object(found->source)}};
}

// How each kind of value reads.
Value show(const std::string& text) {
    return Value(text);
}

Value show(bool flag) {
    return flag;
}

Value show(std::int64_t number) {
    return number;
}

Value show(const Period& period) {
    return Value(to_text(period));
}

Value show(const std::vector<std::string>& texts) {
    return array(texts);
}

Value show(const std::vector<Authority>& list) {
    Array out;
    for (const auto one : list)
        out.emplace_back(authority_words[static_cast<std::size_t>(one)]);
    return out;
}

Value show(DualRule rule) {
    return Value(dual_rule_words[static_cast<std::size_t>(rule)]);
}

Value show(Assurance assurance) {
    return Value(assurance_words[static_cast<std::size_t>(assurance)]);
}

Value show(Notice notice) {
    return Value(notice_words[static_cast<std::size_t>(notice)]);
}

Value show(Allowed allowed) {
    return Value(allowed_words[static_cast<std::size_t>(allowed)]);
}

Value show(const Seriousness& serious) {
    return Object{{"months", serious.months}, {"or_listed", array(serious.listed)}};
}

template <class T>
void add(Array& out, std::string_view name, const Demand<T>& demand) {
    out.push_back(Object{
        {"demand", name},
        {"value", demand.value ? show(*demand.value) : Value(nullptr)},
        {"origin", origin_words[static_cast<std::size_t>(demand.origin)]},
        {"unknown", demand.unknown},
        {"sources", array(demand.sources)},
        {"confidence", word(demand.confidence, confidence_words)},
        {"note", value(demand.note)}});
}

Array demands(const Requirements& r) {
    Array out;
    add(out, "who_may_authorise", r.authority);
    add(out, "standard", r.standard);
    add(out, "seriousness_floor", r.seriousness_floor);
    add(out, "seriousness_country", r.seriousness_profile);
    add(out, "longest_period", r.period);
    add(out, "dual_criminality", r.dual_criminality);
    add(out, "languages", r.languages);
    add(out, "narrative", r.narrative);
    add(out, "certification", r.certification);
    add(out, "death_penalty_assurance", r.death_penalty_assurance);
    add(out, "emergency", r.emergency);
    add(out, "preservation", r.preservation);
    add(out, "preservation_renewals", r.preservation_renewals);
    add(out, "notice", r.notice);
    add(out, "notice_within", r.notice_within);
    add(out, "longest_deferral", r.deferral);
    add(out, "longest_retention", r.retention);
    add(out, "use", r.use);
    add(out, "remedy_court", r.remedy_court);
    add(out, "remedy_time_limit", r.remedy_time_limit);
    add(out, "remedy_for_foreigners", r.remedy_for_foreigners);
    add(out, "oversight", r.oversight);
    add(out, "voluntary_disclosure", r.voluntary_disclosure);
    return out;
}

Array requirements(const Library& library, const Asked& asked) {
    Array out;
    for (const auto name : category_words) {
        const auto category = *category_from(name);
        if (asked.question.category && *asked.question.category != category) continue;
        const auto required = library.requirements(asked.requested, category);
        Array grounds;
        for (const auto& ground : required.grounds)
            grounds.push_back(Object{
                {"ground", ground.ground},
                {"rule", ground.mandatory ? Value(*ground.mandatory ? "mandatory" : "optional")
                                          : Value(nullptr)},
                {"articles", array(ground.articles)}});
        out.push_back(Object{
            {"category", name},
            {"has_profile", required.has_profile},
            {"demands", demands(required)},
            {"grounds_of_refusal", std::move(grounds)}});
    }
    return out;
}

/// What falls due when, from the procedures: whoever plans a case reads these.
Array clocks(const Pack& pack) {
    Array out;
    for (const auto& id : pack.procedures()) {
        const auto* relations = pack.data("procedures/" + id + ".json")->if_contains("relations");
        if (!relations || !relations->is_array()) continue;
        for (const auto& item : relations->as_array()) {
            const auto* one = item.if_object();
            if (!one || !one->contains("is") || one->at("is") != "response") continue;
            Object clock{{"procedure", id}};
            for (const std::string_view key : {"from", "to", "within", "until", "at_most"})
                if (const auto* found = one->if_contains(key)) clock[key] = *found;
            out.push_back(std::move(clock));
        }
    }
    return out;
}

Array human_rights(const Library& library, const std::string& country, Day day) {
    Array out;
    for (const auto* one : library.human_rights(country, day))
        out.push_back(Object{
            {"id", one->id},
            {"title", one->title.all()},
            {"privacy_articles", array(one->provides.privacy_articles)},
            {"remedy_article", value(one->provides.remedy)},
            {"source", object(one->source)}});
    return out;
}

std::string folded(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

Object question(const Asked& asked) {
    const auto& q = asked.question;
    return {
        {"requesting", asked.requesting},
        {"requested", asked.requested},
        {"date", to_text(asked.day)},
        {"category", q.category ? Value(to_text(*q.category)) : Value(nullptr)},
        {"offence", value(q.offence)},
        {"territory", value(q.territory)}};
}

} // namespace

const Country* country_named(const Library& library, std::string_view text) {
    const auto wanted = folded(text);
    for (const auto& country : library.countries())
        if (folded(country.code) == wanted || folded(country.name.en) == wanted ||
            folded(country.name.fr) == wanted || country.name.ar == text)
            return &country;
    return nullptr;
}

Object answer(const Library& library, const Pack& pack, const Asked& asked) {
    const auto between =
        library.between(asked.requesting, asked.requested, asked.day, asked.question);
    Array binds;
    for (const auto& bond : between.bonds)
        binds.push_back(object(bond));
    Array misses;
    for (const auto& miss : between.misses)
        misses.push_back(object(miss));
    Array could_serve;
    for (const auto& one : between.could_serve)
        could_serve.push_back(
            Object{{"id", one.id}, {"title", one.title.all()}, {"because", one.because.text()}});
    const auto* law = library.profile(asked.requested);
    return {
        {"question", question(asked)},
        {"requesting", object(*library.country(asked.requesting))},
        {"requested", object(*library.country(asked.requested))},
        {"binds", std::move(binds)},
        {"does_not_bind", std::move(misses)},
        {"could_serve", std::move(could_serve)},
        {"domestic_law", law ? value(law->domestic_law.title) : Value(nullptr)},
        {"central_authorities",
         Object{
             {"requesting", authority_of(library, asked.requesting)},
             {"requested", authority_of(library, asked.requested)}}},
        {"requirements", requirements(library, asked)},
        {"clocks", clocks(pack)},
        {"human_rights",
         Object{
             {"requesting", human_rights(library, asked.requesting, asked.day)},
             {"requested", human_rights(library, asked.requested, asked.day)}}},
        {"pack", library.pack_digest()}};
}

} // namespace comity::law
