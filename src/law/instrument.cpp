// Readers of instruments.json and bilateral_mlats.json.
#include "law/instrument.hpp"

#include "base/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

namespace {

Provision read_provision(Record& in, std::string_view name, bool with_categories) {
    Record part = in.inner(name);
    Provision out;
    out.available = part.flag("available");
    if (with_categories) out.categories = part.texts("categories");
    out.article = part.text_or_null("article");
    out.note = part.text_or_null("note");
    in.adopt(part);
    return out;
}

DualCriminality read_dual(Record& in) {
    Record part = in.inner("dual_criminality");
    DualCriminality out;
    out.rule = part.word<DualRule>("rule", dual_rule_words);
    out.article = part.text_or_null("article");
    out.note = part.text_or_null("note");
    out.listed_at = part.texts("listed_at");
    out.listed_months = part.number("listed_months", 0, 1200);
    if (out.rule == DualRule::not_required_for_listed && out.listed_at.empty())
        part.complain(
            "listed_at", "is empty although listed offences are spared",
            "Name the articles under which offences.json lists them.");
    in.adopt(part);
    return out;
}

MinimumPenalty read_penalty(Record& in) {
    Record part = in.inner("minimum_penalty");
    MinimumPenalty out;
    out.rule = part.text("rule");
    out.article = part.text_or_null("article");
    out.months = part.number_or_null("months", 0, 1200);
    out.categories = part.texts("categories");
    out.unless_listed_at = part.texts("unless_listed_at");
    in.adopt(part);
    return out;
}

std::vector<Ground> read_grounds(Record& in) {
    Record part = in.inner("grounds_of_refusal");
    std::vector<Ground> out;
    for (const auto id : ground_words)
        out.push_back({std::string(id), part.text_or_null(id)});
    in.adopt(part);
    return out;
}

std::vector<Ground> read_no_ground(Record& in) {
    std::vector<Ground> out;
    if (!in.has("no_ground")) return out;
    Record part = in.inner("no_ground");
    for (const auto id : ground_words)
        if (part.has(id)) out.push_back({std::string(id), part.text(id)});
    in.adopt(part);
    return out;
}

Provisions read_provisions(Record& in, bool human_rights) {
    Record part = in.inner("provides");
    Provisions out;
    out.read = true;
    if (human_rights) {
        out.privacy_articles = part.texts("privacy_articles");
        out.remedy = part.text_or_null("remedy_article");
        in.adopt(part);
        return out;
    }
    out.categories = part.texts("data_categories");
    out.preservation = read_provision(part, "preservation", false);
    out.emergency = read_provision(part, "emergency_procedure", false);
    out.direct_to_provider = read_provision(part, "direct_to_provider", true);
    if (out.direct_to_provider.available == out.direct_to_provider.categories.empty())
        part.complain(
            "direct_to_provider", "does not go with its categories",
            "Name the categories that may be ordered from a provider; none where it is not available.");
    out.dual_criminality = read_dual(part);
    out.minimum_penalty = read_penalty(part);
    out.grounds = read_grounds(part);
    out.no_ground = read_no_ground(part);
    out.confidentiality = part.text_or_null("confidentiality_article");
    out.use_limitation = part.text_or_null("use_limitation_article");
    out.central_authority = part.text_or_null("central_authority_article");
    out.data_protection = part.text_or_null("data_protection_article");
    out.user_notice = part.text_or_null("user_notice_article");
    out.remedy = part.text_or_null("remedy_article");
    Record languages = part.inner("languages");
    out.languages = languages.text("rule");
    out.languages_article = languages.text_or_null("article");
    part.adopt(languages);
    out.note = part.text_or_null("note");
    in.adopt(part);
    return out;
}

void read_parties(Record& in, std::vector<Participation>& out) {
    for (const auto& item : in.list("parties")) {
        if (!item.is_object()) {
            in.complain("parties", "holds something that is not a party");
            return;
        }
        Record part(item.as_object(), in.place() + ", parties");
        Participation party;
        party.country = part.text("country");
        party.since.day = part.day_or_null("in_force_for_it");
        party.confidence = part.word<Confidence>("confidence", confidence_words);
        in.adopt(part);
        out.push_back(std::move(party));
    }
}

std::vector<Reservation> read_reservations(Record& in) {
    std::vector<Reservation> out;
    for (const auto& item : in.list("reservations")) {
        if (!item.is_object()) {
            in.complain("reservations", "holds something that is not a reservation");
            return out;
        }
        Record part(item.as_object(), in.place() + ", reservations");
        Reservation one;
        one.country = part.text("country");
        one.article = part.text("article");
        one.effect = part.text("effect");
        one.excludes = part.texts("excludes");
        one.source = part.text("source");
        one.confidence = part.word<Confidence>("confidence", confidence_words);
        in.adopt(part);
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> read_not_between(Record& in) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& item : in.list("not_between")) {
        const auto* pair = item.is_array() ? &item.as_array() : nullptr;
        if (!pair || pair->size() != 2 || !pair->at(0).is_string() || !pair->at(1).is_string()) {
            in.complain("not_between", "holds something that is not a pair of countries");
            return out;
        }
        out.emplace_back(pair->at(0).as_string(), pair->at(1).as_string());
    }
    return out;
}

// Sorted by code, so that a country is found by halves; one country has one standing.
void settle(Record& in, std::vector<Participation>& list) {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return a.country < b.country;
    });
    const auto twice =
        std::adjacent_find(list.begin(), list.end(), [](const auto& a, const auto& b) {
            return a.country == b.country;
        });
    if (twice != list.end())
        in.complain(
            "parties", fmt::format("and the lists beside it name {} twice", twice->country),
            "A country is a party, or a signatory, or has left, or is not known: one of these.");
}

// 2011, 2011-05-01 or nothing.
std::optional<Since> since_of(std::string_view text) {
    if (const auto day = day_of(text)) return Since{day, false};
    if (text.size() != 4) return std::nullopt;
    const auto first = day_of(fmt::format("{}-01-01", text));
    if (!first) return std::nullopt;
    // Only the year is sure, so the treaty surely binds only after it (unknown never helps).
    const std::chrono::year_month_day begin(*first);
    return Since{Day{(begin.year() + std::chrono::years{1}) / 1 / 1}, true};
}

} // namespace

const Participation* Instrument::find(std::string_view country) const {
    const auto at = std::lower_bound(
        participants.begin(), participants.end(), country,
        [](const Participation& one, std::string_view wanted) { return one.country < wanted; });
    return at == participants.end() || at->country != country ? nullptr : &*at;
}

bool Instrument::covers(Category category) const {
    if (category == Category::preservation) return provides.preservation.available;
    const auto has = [&](std::string_view wanted) {
        return std::find(provides.categories.begin(), provides.categories.end(), wanted) !=
               provides.categories.end();
    };
    return has(data_category_of(category)) || (category == Category::access && has("traffic"));
}

bool Instrument::direct(Category category) const {
    const auto& list = provides.direct_to_provider.categories;
    const auto has = [&](std::string_view wanted) {
        return std::find(list.begin(), list.end(), wanted) != list.end();
    };
    return has(data_category_of(category)) || (category == Category::access && has("traffic"));
}

std::vector<Ground> Instrument::named_grounds() const {
    std::vector<Ground> out;
    for (const auto& ground : provides.grounds)
        if (ground.article) out.push_back(ground);
    return out;
}

Result<Instrument> read_instrument(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Instrument out;
    out.id = in.text("id");
    out.title = read_names(in, "title", "title");
    out.kind = in.word<Kind>("kind", kind_words);
    out.binding = in.flag("binding");
    out.scope = in.word<Scope>("scope", scope_words);
    out.hub_country = in.text_or_null("hub_country");
    out.depositary = in.text("depositary");
    out.opened = in.day("opened");
    out.in_force.day = in.day_or_null("in_force");
    out.applies_from = in.day_or_null("applies_from");
    out.basis_for_requests = in.flag("legal_basis_for_requests");
    read_parties(in, out.participants);
    const auto others = [&](std::string_view name, Part part) {
        for (auto& country : in.texts(name))
            out.participants.push_back({std::move(country), part, {}, Confidence::known});
    };
    others("signatories_not_parties", Part::signatory);
    others("former_parties", Part::former);
    others("non_participants", Part::non_participant);
    others("status_unknown", Part::unknown);
    settle(in, out.participants);
    out.other_parties = in.texts("other_parties");
    if (in.has("not_between")) out.not_between = read_not_between(in);
    if (in.has("supplement_to")) out.supplement_to = in.text_or_null("supplement_to");
    if (in.has("invented")) out.invented = in.flag("invented");
    out.reservations = read_reservations(in);
    const bool human_rights = out.kind == Kind::human_rights;
    if (human_rights != (out.scope == Scope::human_rights) ||
        (human_rights && out.basis_for_requests))
        in.complain(
            "scope", "does not go with \"kind\" and \"legal_basis_for_requests\"",
            "A human-rights instrument has that kind and that scope, and founds no request.");
    if (!out.binding && out.basis_for_requests)
        in.complain(
            "legal_basis_for_requests", "is true although the instrument does not bind",
            "What does not bind founds no request.");
    out.provides = read_provisions(in, human_rights);
    out.note = in.text_or_null("note");
    out.source = read_source(in);
    if (out.in_force.day && *out.in_force.day < *out.opened)
        in.complain("in_force", "is before \"opened\"", "Correct one of the two.");
    TRY_VOID(in.done());
    return out;
}

Result<Instrument> read_bilateral(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Instrument out;
    out.kind = Kind::bilateral;
    std::string a = in.text("a");
    std::string b = in.text("b");
    if (a == b) in.complain("b", "is the same country as \"a\"");
    out.title = read_names(in, "title", "title");
    const auto date = in.text_or_null("in_force");
    const auto date_confidence = in.word_or_null<Confidence>("date_confidence", confidence_words);
    if (date.has_value() != date_confidence.has_value())
        in.complain("date_confidence", "does not go with \"in_force\"");
    if (date) {
        const auto since = since_of(*date);
        if (!since)
            in.complain(
                "in_force", fmt::format("is \"{}\", which is no day", *date),
                "Write it as 2026-03-01, or 2026 where only the year is sure.");
        out.in_force = since.value_or(Since{});
    } else {
        out.in_force_known = false;
    }
    out.suspended = in.word<int>("status", Words<2>{"in_force", "suspended"}) == 1;
    out.territory = in.text_or_null("territory");
    const auto scope = in.text("scope");
    constexpr std::string_view supplement = "supplement_to_";
    if (scope.starts_with(supplement)) {
        out.supplement_to = scope.substr(supplement.size());
    } else if (scope != "general") {
        in.complain(
            "scope", fmt::format("is \"{}\"", scope),
            "Write general, or supplement_to_ and the id of an instrument.");
    }
    out.note = in.text_or_null("note");
    out.source = read_source(in);
    TRY_VOID(in.done());
    if (b < a) std::swap(a, b);
    // The order in the file and the date do not matter, so that correcting them keeps the id.
    out.id = ascii_lower(fmt::format("bilateral-{}-{}", a, b));
    if (out.territory) out.id += "-" + ascii_lower(*out.territory);
    if (out.supplement_to) out.id += "-supplement";
    for (auto& country : {a, b})
        out.participants.push_back(
            {country, Part::party, out.in_force, date_confidence.value_or(Confidence::known)});
    out.depositary = "the two parties";
    // A general treaty on mutual assistance obliges to take evidence of any kind; what else it says
    // was not read, and is said to be unknown.
    out.provides.categories = {"subscriber", "access_identification", "traffic", "stored_content"};
    out.provides.minimum_penalty.rule = "not read";
    out.provides.languages = "not read";
    return out;
}

} // namespace comity::law
