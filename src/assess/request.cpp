// Reading a request's fields into the typed view.
#include "assess/request.hpp"

#include "base/limits.hpp"

#include <algorithm>

namespace comity::assess {

namespace {

constexpr std::array<std::string_view, factor_count> factor_names{
    "data_location", "holder", "data_subject", "victim_or_harm", "conduct", "nationality"};

std::string_view text_of(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    if (!value || !value->is_string()) return {};
    return value->as_string();
}

std::optional<bool> bool_of(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    if (!value || !value->is_bool()) return std::nullopt;
    return value->as_bool();
}

std::optional<std::int64_t> integer_of(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    if (!value || !value->is_int64()) return std::nullopt;
    return value->as_int64();
}

std::optional<Instant> instant_of(const json::Object* object, std::string_view name) {
    return instant_from(text_of(object, name));
}

std::optional<Instant> day_of(const json::Object* object, std::string_view name) {
    return day_from(text_of(object, name));
}

const json::Object* object_of(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value && value->is_object() ? &value->as_object() : nullptr;
}

const json::Array& array_of(const json::Object* object, std::string_view name) {
    static const json::Array none;
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value && value->is_array() ? value->as_array() : none;
}

std::vector<std::string_view> texts_of(const json::Object* object, std::string_view name) {
    std::vector<std::string_view> out;
    for (const auto& item : array_of(object, name))
        if (item.is_string()) out.emplace_back(item.as_string());
    return out;
}

// Calls `read` for each member of the list that is an object, with its place.
template <class Read>
void each_object(const json::Object* object, std::string_view name, const Read& read) {
    std::size_t row = 0;
    for (const auto& item : array_of(object, name)) {
        if (item.is_object()) read(item.as_object(), row);
        ++row;
    }
}

Standing standing_from(std::string_view text) {
    if (text == "documented") return Standing::documented;
    // What is neither of the two is unknown, and unknown never helps the one who asks.
    return text == "stated" ? Standing::stated : Standing::unknown;
}

void read_authority(const json::Object& fields, Request& out) {
    const auto* instrument = object_of(&fields, "instrument");
    out.basis = text_of(instrument, "basis");
    out.instrument = text_of(instrument, "id");
    out.checked_on = day_of(instrument, "checked_on");
    out.status = text_of(&fields, "status");
    const auto* issuing = object_of(&fields, "issuing_authority");
    out.issuing_country = text_of(issuing, "country");
    out.issuing_authority = text_of(issuing, "name");
    const auto* competence = object_of(&fields, "competence");
    out.authority_type = text_of(competence, "authority_type");
    const auto* law = object_of(competence, "law");
    out.provision = text_of(law, "provision");
    out.provision_text = text_of(law, "text");
    out.requested_country = text_of(&fields, "requested_country");
}

void read_case(const json::Object& fields, Request& out) {
    each_object(&fields, "offences", [&](const json::Object& item, std::size_t) {
        out.offences.push_back(
            {text_of(&item, "category"), text_of(&item, "statute"), text_of(&item, "article"),
             text_of(&item, "text"), integer_of(&item, "max_penalty_months"),
             bool_of(&item, "life_sentence").value_or(false), text_of(&item, "country"),
             day_of(&item, "committed_from"), day_of(&item, "committed_to"),
             day_of(&item, "limitation_date")});
    });
    out.conduct = text_of(&fields, "conduct");
    out.facts = text_of(&fields, "facts");
    each_object(&fields, "persons", [&](const json::Object& item, std::size_t) {
        out.persons.push_back(
            {text_of(&item, "role"), text_of(&item, "residence"),
             texts_of(&item, "nationalities")});
    });
    const auto* special = object_of(&fields, "special_circumstances");
    out.death_penalty_possible = bool_of(special, "death_penalty_possible");
    out.political_offence = bool_of(special, "political_offence");
    out.military_offence = bool_of(special, "military_offence");
    out.fiscal_offence = bool_of(special, "fiscal_offence");
    out.ne_bis_in_idem = text_of(special, "ne_bis_in_idem");
    out.standard_of_proof = text_of(object_of(&fields, "standard_of_proof"), "standard");
}

void read_data(const json::Object& fields, Request& out) {
    const auto& rows = array_of(&fields, "grid");
    out.grid_rows = rows.size();
    each_object(&fields, "grid", [&](const json::Object& item, std::size_t) {
        if (const auto category = law::category_from(text_of(&item, "category")))
            out.categories.at(static_cast<std::size_t>(*category)) = true;
    });
    if (auto grid = read_grid(rows))
        out.grid = std::move(*grid);
    else
        out.grid_problem = grid.error().facts;
    out.data_items = texts_of(&fields, "data_items");
    out.nexus = text_of(&fields, "nexus");
    const auto* privileged = object_of(&fields, "privileged");
    out.privileged_expected = bool_of(privileged, "expected");
    out.privileged_kinds = texts_of(privileged, "kinds");
    out.privileged_plan = text_of(privileged, "plan");
    out.third_persons = integer_of(object_of(&fields, "third_parties"), "persons_estimate");
    out.recipient_office = text_of(object_of(&fields, "recipient"), "office");
    each_object(&fields, "connection", [&](const json::Object& item, std::size_t row) {
        const auto factor = factor_from(text_of(&item, "factor"));
        if (!factor) return;
        out.connection.push_back(
            {*factor, text_of(&item, "country"), standing_from(text_of(&item, "standing")),
             text_of(&item, "evidence"), row});
    });
    out.connection_reasons = text_of(&fields, "connection_reasons");
}

// What is none of the three was not stated: no word that this program does not know helps anybody.
TranslationKind translation_kind(std::string_view text) {
    if (text == "machine") return TranslationKind::machine;
    if (text == "person") return TranslationKind::person;
    if (text == "certified") return TranslationKind::certified;
    return TranslationKind::unstated;
}

void read_safeguards(const json::Object& fields, Request& out) {
    const auto* principles = object_of(&fields, "principles");
    for (std::size_t i = 0; i < principle_names.size(); ++i)
        out.principles.at(i) = text_of(principles, principle_names.at(i));
    each_object(&fields, "less_intrusive", [&](const json::Object& item, std::size_t) {
        out.less_intrusive.push_back({text_of(&item, "means"), text_of(&item, "why_not")});
    });
    const auto* urgency = object_of(&fields, "urgency");
    out.urgency = text_of(urgency, "level");
    out.urgency_kinds = texts_of(urgency, "kinds");
    out.urgency_reasons = text_of(urgency, "reasons");
    const auto* language = object_of(&fields, "language");
    out.language = text_of(language, "original");
    each_object(language, "translations", [&](const json::Object& item, std::size_t) {
        out.translations.push_back(
            {text_of(&item, "language"), text_of(&item, "translator"),
             translation_kind(text_of(&item, "kind"))});
    });
    out.retention_end = instant_of(&fields, "retention_end");
    const auto* use = object_of(&fields, "use");
    out.purpose = text_of(use, "purpose");
    out.openers = texts_of(use, "openers");
    const auto* undertakings = object_of(&fields, "undertakings");
    out.this_proceeding_only = bool_of(undertakings, "this_proceeding_only").value_or(false);
    out.no_onward_transfer = bool_of(undertakings, "no_onward_transfer").value_or(false);
    out.no_weakening = bool_of(undertakings, "no_weakening").value_or(false);
    out.death_penalty_assurance = bool_of(undertakings, "death_penalty_assurance").value_or(false);
    out.reciprocity = text_of(undertakings, "reciprocity");
}

void read_notice(const json::Object& fields, Request& out) {
    const auto* notice = object_of(&fields, "notice_plan");
    out.notice_due_by = instant_of(notice, "due_by");
    out.notice_by = text_of(notice, "by");
    out.notice_reach = text_of(notice, "reach");
    out.notice_language = text_of(notice, "language");
    const auto* deferral = object_of(notice, "deferral");
    out.notice_deferred = deferral != nullptr;
    out.notice_deferred_until = instant_of(deferral, "until");
    const auto* remedy = object_of(&fields, "remedy");
    out.remedy_court = text_of(remedy, "court");
    out.remedy_address = text_of(remedy, "address");
    out.remedy_time_limit = text_of(remedy, "time_limit");
    out.remedy_languages = texts_of(remedy, "languages");
}

void read_extraordinary(const json::Object& fields, Request& out) {
    const auto* listed = object_of(&fields, "listed_crime");
    out.listed_offence = text_of(listed, "offence");
    out.listed_element = text_of(listed, "element");
    const auto* slow = object_of(&fields, "mla_too_slow");
    out.expected_days = integer_of(slow, "expected_days");
    out.expected_source = text_of(slow, "expected_source");
    out.mla_reasons = text_of(slow, "reasons");
    const auto* loss = object_of(&fields, "loss");
    out.loss_what = text_of(loss, "what");
    out.loss_when = instant_of(loss, "when");
    out.own_interest = text_of(&fields, "own_interest");
    each_object(&fields, "third_countries", [&](const json::Object& item, std::size_t) {
        out.third_countries.push_back(
            {text_of(&item, "country"), text_of(&item, "reason"), text_of(&item, "attempt"),
             bool_of(&item, "reachable").value_or(false)});
    });
}

} // namespace

std::string_view name(Route route) {
    switch (route) {
    case Route::mla: return "mla";
    case Route::emergency: return "emergency";
    case Route::extraordinary: return "extraordinary";
    }
    return {};
}

std::optional<Route> route_from(std::string_view procedure) {
    for (const Route route : {Route::mla, Route::emergency, Route::extraordinary})
        if (procedure == name(route)) return route;
    return std::nullopt;
}

std::string_view name(Factor factor) {
    return factor_names.at(static_cast<std::size_t>(factor));
}

std::optional<Factor> factor_from(std::string_view text) {
    const auto found = std::find(factor_names.begin(), factor_names.end(), text);
    if (found == factor_names.end()) return std::nullopt;
    return static_cast<Factor>(found - factor_names.begin());
}

std::string_view name(Standing standing) {
    switch (standing) {
    case Standing::unknown: return "unknown";
    case Standing::stated: return "stated";
    case Standing::documented: return "documented";
    }
    return {};
}

std::optional<std::int64_t> months_of(const Offence& offence) {
    constexpr std::int64_t life = 1200; // the most that the form takes
    if (offence.life_sentence) return life;
    return offence.max_penalty_months;
}

Request read_request(const json::Object& fields) {
    Request out;
    out.fields = &fields;
    read_authority(fields, out);
    read_case(fields, out);
    read_data(fields, out);
    read_safeguards(fields, out);
    read_notice(fields, out);
    read_extraordinary(fields, out);
    return out;
}

} // namespace comity::assess
