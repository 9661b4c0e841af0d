// Which findings which act requires, act by act. Guards in a fixed order, the first refuses.
#include "assess/assess.hpp"

#include "assess/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace comity::assess {

namespace {

// Budapest Convention Art. 16(2): expedited preservation for at most ninety days at a time.
constexpr Period preservation_max{.days = 90};

std::optional<std::string> string_of(const json::Object* fields, std::string_view name) {
    const auto* value = fields ? fields->if_contains(name) : nullptr;
    if (!value || !value->is_string()) return std::nullopt;
    return std::string(value->as_string());
}

std::optional<Instant> instant_of(const json::Object* fields, std::string_view name) {
    const auto text = string_of(fields, name);
    return text ? instant_from(*text) : std::nullopt;
}

const json::Array* array_of(const json::Object* fields, std::string_view name) {
    const auto* value = fields ? fields->if_contains(name) : nullptr;
    return value && value->is_array() ? &value->as_array() : nullptr;
}

const json::Object* object_of(const json::Object* fields, std::string_view name) {
    const auto* value = fields ? fields->if_contains(name) : nullptr;
    return value && value->is_object() ? &value->as_object() : nullptr;
}

/// The grid in a field, or nothing when this node does not see it.
Result<std::optional<Grid>> grid_of(const json::Object* fields, std::string_view name = "grid") {
    const json::Array* rows = array_of(fields, name);
    if (!rows) return std::optional<Grid>{};
    TRY(auto grid, read_grid(*rows));
    return std::optional<Grid>(std::move(grid));
}

// Names a row by what may be said of it outside the form: its number, category and type.
Said row_text(const Grid& grid, std::size_t index) {
    const Cell& cell = grid.at(index);
    return say(
        "row {} ({}, {})", index + 1, Said::name("category", cell.category),
        Said::name("selector", cell.selector.type));
}

// Which of selector, category and period has no match, in that order of interest.
Said why_outside(const Grid& outer, const Cell& cell) {
    bool selector = false;
    bool category = false;
    for (const Cell& other : outer) {
        selector = selector || other.selector == cell.selector;
        category = category || (other.selector == cell.selector && other.category == cell.category);
    }
    if (category) return say("its period goes beyond the one there");
    return selector ? say("its category is not there for this selector")
                    : say("its selector is not there");
}

Result<void> within(const Grid& outer, const Grid& inner, Code code, const Said& outer_name) {
    const auto index = first_outside(outer, inner);
    if (!index) return {};
    return refuse(
        code, say("{} is not within {}: {}", row_text(inner, *index), outer_name,
                  why_outside(outer, inner[*index])));
}

Result<void> not_expired(const json::Object* fields, const Said& what, Instant today) {
    const auto expires = instant_of(fields, "expires");
    if (!expires || today < *expires) return {};
    return refuse(
        Code::order_expired, say("{} expired at {}; now it is {}", what, *expires, today));
}

Result<void> before(
    std::optional<Instant> first, const Said& first_name, std::optional<Instant> second,
    const Said& second_name, Code code) {
    if (!first || !second || *first <= *second) return {};
    return refuse(
        code,
        say("the {} ({}) is later than the {} ({})", first_name, *first, second_name, *second));
}

// N1: an authorisation, certificate or confirmation is for exactly one request, named by its hash.
// "Certified country" or "requests of this kind" cannot be written.
Result<void> names_request(const Context& context) {
    const auto named = string_of(context.fields, "request");
    if (!named || context.request_hash.empty() || *named == context.request_hash) return {};
    return refuse(
        Code::request_not_named, say("the hash stated is not that of this case's request"));
}

// F8: specific. Stored data only: the period ends before the request is made (R1543 Art. 3(8): data
// held at receipt), so nothing can be collected for the future.
Result<void> admit_request(const Context& context) {
    TRY(const auto grid, grid_of(context.fields));
    if (!grid) return {};
    for (std::size_t i = 0; i < grid->size(); ++i) {
        if (grid->at(i).to && *grid->at(i).to > context.today)
            return refuse(
                Code::finding_not_met, say("{} ends in the future", row_text(*grid, i)),
                "Only data that is already stored can be asked for",
                "docs/law.md, Grid (F8); Regulation (EU) 2023/1543 Art. 3(8)",
                "End the period at the day of the request");
        if (grid->at(i).selector.seen_at && *grid->at(i).selector.seen_at > context.today)
            return refuse(
                Code::finding_not_met, say("{} was seen in the future", row_text(*grid, i)),
                "Only data that is already stored can be asked for", "docs/law.md, Grid (F8)",
                "State when it was seen, with the zone of the clock that saw it");
        for (std::size_t j = 0; j < i; ++j)
            if (grid->at(i) == grid->at(j))
                return refuse(
                    Code::finding_not_met,
                    say("{} is the same as row {}", row_text(*grid, i), j + 1),
                    "Each row is asked for once", "docs/law.md, Grid (F8)",
                    "Leave one of them out");
    }
    return {};
}

constexpr std::array<std::string_view, 4> by_intrusiveness{
    "subscriber", "access", "traffic", "content"};

// Threat T06, blind clicks: the judge states from the reading how many rows are granted and which
// category is the most intrusive; what was not read is not granted.
Result<void> read_back(const json::Object* fields, const Grid& grid) {
    const auto* stated = object_of(fields, "read_back");
    if (!stated) return {};
    std::size_t worst = 0;
    for (const auto& cell : grid) {
        const auto found =
            std::find(by_intrusiveness.begin(), by_intrusiveness.end(), cell.category);
        worst = std::max(worst, static_cast<std::size_t>(found - by_intrusiveness.begin()));
    }
    const auto* rows = stated->if_contains("rows");
    const bool right =
        rows && rows->is_int64() && rows->as_int64() == static_cast<std::int64_t>(grid.size()) &&
        string_of(stated, "most_intrusive") == std::string(by_intrusiveness.at(worst));
    if (right) return {};
    return refuse(
        Code::finding_not_met,
        say("the number of rows or the most intrusive category read back is not that of the grid granted"),
        "Who authorises states what is authorised", "docs/threats.md, T06",
        "Read the grid again and state what it holds");
}

// The extraordinary mechanism has no judge of the receiving country, so the authorisation itself is
// what the provider obeys (2AP Art. 7, R1543 Annex I). Where a judge there decides, an order beside
// that judge's would go past the receiving country (N2).
Result<void> admit_provider_order(const Context& context, const std::optional<Grid>& authorised) {
    const auto* order = object_of(context.fields, "provider_order");
    if (context.has_order) {
        if (!order) return {};
        return refuse(
            Code::finding_not_met, say("the authorisation holds an order to the provider"),
            "Where the receiving country's judge orders, nobody else does", "docs/mission.md, N2",
            "Leave the order to the provider out");
    }
    if (!order) {
        // Seen by the same sides as the expiry: if that is here and this is not, it is missing.
        if (!context.fields->contains("expires")) return {};
        return refuse(
            Code::form_invalid,
            say("form \"authorise\": /provider_order is missing: in this procedure it "
                "is what the provider obeys"));
    }
    TRY(const auto ordered, grid_of(order));
    if (ordered && authorised)
        TRY_VOID(within(*authorised, *ordered, Code::grid_widened, say("the grid authorised")));
    return before(
        instant_of(order, "deadline"), say("deadline"), instant_of(context.fields, "expires"),
        say("expiry"), Code::order_expired);
}

// F8 and R1543 Art. 5: an authorisation grants what was asked, or less, for this request, for a
// time.
Result<void> admit_authorise(const Context& context) {
    TRY_VOID(names_request(context));
    TRY(const auto granted, grid_of(context.fields));
    TRY(const auto asked, grid_of(context.request));
    if (granted && asked)
        TRY_VOID(within(*asked, *granted, Code::grid_widened, say("the grid of the request")));
    if (granted) TRY_VOID(read_back(context.fields, *granted));
    TRY_VOID(not_expired(context.fields, say("the authorisation"), context.today));
    return admit_provider_order(context, granted);
}

// F8: the domestic order stays within what was authorised. In an emergency the judge's decision may
// still be owed (R1543 Art. 4(5)); then the request is the limit.
Result<void> admit_order(const Context& context) {
    TRY_VOID(not_expired(context.authorisation, say("the authorisation"), context.today));
    TRY(const auto ordered, grid_of(context.fields));
    TRY(const auto limit, grid_of(context.authorisation ? context.authorisation : context.request));
    if (ordered && limit)
        TRY_VOID(within(
            *limit, *ordered, Code::grid_outside,
            context.authorisation ? say("the grid authorised") : say("the grid of the request")));
    TRY_VOID(not_expired(context.fields, say("the order"), context.today));
    const auto expires = instant_of(context.fields, "expires");
    TRY_VOID(before(
        expires, say("order's expiry"), instant_of(context.authorisation, "expires"),
        say("authorisation's expiry"), Code::order_expired));
    const auto deadline = instant_of(context.fields, "deadline");
    if (deadline && *deadline <= context.today)
        return refuse(Code::order_expired, say("the deadline {} is past", *deadline));
    return before(deadline, say("deadline"), expires, say("order's expiry"), Code::order_expired);
}

// Budapest Convention Arts. 16(2) and 29: what is frozen is what is asked for, and for ninety days.
Result<void> admit_freeze(const Context& context) {
    TRY(const auto frozen, grid_of(context.fields));
    TRY(const auto asked, grid_of(context.request));
    if (frozen && asked)
        TRY_VOID(within(*asked, *frozen, Code::grid_outside, say("the grid of the request")));
    const auto until = instant_of(context.fields, "until");
    if (!until) return {};
    if (*until > context.today && *until <= add(context.today, preservation_max)) return {};
    return refuse(
        Code::deadline_too_far,
        say("preservation until {}; it ends after now and within 90 days", *until),
        "Preservation is for at most 90 days at a time", "Budapest Convention Art. 16(2)");
}

/// The grid that a production answers: the receiving country's order; where the procedure has none,
/// the order in the authorisation; else the authorised grid.
Result<std::optional<Grid>> ordered_grid(const Context& context) {
    if (context.order) return grid_of(context.order);
    if (const auto* order = object_of(context.authorisation, "provider_order"))
        return grid_of(order);
    return grid_of(context.authorisation);
}

std::optional<std::size_t> index_of(const json::Value& item, std::string_view name) {
    const auto* value = item.is_object() ? item.as_object().if_contains(name) : nullptr;
    if (!value || !value->is_int64() || value->as_int64() < 0) return std::nullopt;
    return static_cast<std::size_t>(value->as_int64());
}

// Every `cell` in the list is a row of the order, and that row is within what a judge authorised.
// In an emergency the judge may have narrowed the grid after the order was given.
Result<void> rows_allowed(
    const json::Array& list, const Said& what, const Grid& ordered,
    const std::optional<Grid>& authorised) {
    std::size_t number = 0;
    for (const auto& item : list) {
        ++number;
        const auto cell = index_of(item, "cell");
        if (!cell || *cell >= ordered.size())
            return refuse(
                Code::grid_outside,
                say("{} {} names no row of the order, which has {}", what, number, ordered.size()));
        if (authorised && !contains(*authorised, ordered[*cell]))
            return refuse(
                Code::grid_outside,
                say("{} {} answers {} of the order, which the authorisation does not hold: {}",
                    what, number, row_text(ordered, *cell),
                    why_outside(*authorised, ordered[*cell])));
    }
    return {};
}

// What makes an item of a release the same as one of the manifest. The hashes of ciphertext and
// envelope differ: the receiving authority encrypts anew, to the requesting office.
std::string identity(const json::Value& item) {
    const json::Object* object = item.is_object() ? &item.as_object() : nullptr;
    json::Array parts;
    for (const std::string_view name : {"name", "plain_sha256"})
        parts.emplace_back(string_of(object, name).value_or(""));
    return json::print(json::Value(std::move(parts)));
}

Result<void> named_once(const json::Array& manifest) {
    std::set<std::string> seen;
    for (const auto& item : manifest)
        if (!seen.insert(identity(item)).second)
            return refuse(
                Code::finding_not_met, say("the manifest names an item twice (same name and hash)"),
                "Each item stands in the manifest once", "docs/evidence.md",
                "Leave one of them out");
    return {};
}

// F8, threat T27: the provider hands over what was ordered and nothing else, while the order
// stands. Later than the deadline is late, not forbidden; after the expiry it is forbidden.
Result<void> admit_produce(const Context& context) {
    TRY_VOID(not_expired(context.order, say("the order"), context.today));
    TRY_VOID(not_expired(context.authorisation, say("the authorisation"), context.today));
    TRY(const auto ordered, ordered_grid(context));
    TRY(const auto authorised, grid_of(context.authorisation));
    if (!ordered) return {};
    if (const auto* manifest = array_of(context.fields, "manifest")) {
        TRY_VOID(named_once(*manifest));
        TRY_VOID(rows_allowed(*manifest, say("item"), *ordered, authorised));
    }
    const auto* rows = array_of(context.fields, "rows");
    if (!rows) return {};
    std::set<std::size_t> answered;
    for (const auto& row : *rows) {
        const auto cell = index_of(row, "cell");
        if (!cell || *cell >= ordered->size() || !answered.insert(*cell).second)
            return refuse(
                Code::grid_outside,
                say("the results by row name a row twice, or one that the order, which has {}, "
                    "does not hold",
                    ordered->size()));
    }
    return {};
}

bool same_item(const json::Object& a, const json::Object& b) {
    constexpr std::array<std::string_view, 5> kept{
        "name", "size", "media_type", "plain_sha256", "cell"};
    return std::all_of(kept.begin(), kept.end(), [&](std::string_view name) {
        const auto* x = a.if_contains(name);
        const auto* y = b.if_contains(name);
        return x && y && *x == *y;
    });
}

// Evidence is what the manifest of a production in the case names; each item either passes or is
// held back with a reason, so that none is lost on the way and none is slipped in.
Result<void> admit_release(const Context& context) {
    const auto* manifest = array_of(context.production, "manifest");
    const auto* passed = array_of(context.fields, "passed");
    if (!manifest || !passed) return {};
    std::map<std::string, const json::Object*> open;
    for (const auto& item : *manifest)
        if (item.is_object()) open.emplace(identity(item), &item.as_object());
    std::size_t number = 0;
    for (const auto& item : *passed) {
        ++number;
        const auto found = open.find(identity(item));
        if (found == open.end() || !item.is_object() ||
            !same_item(item.as_object(), *found->second))
            return refuse(
                Code::evidence_unknown,
                say("item {} that passes is not in the manifest, or is named twice", number));
        open.erase(found);
    }
    TRY(const auto ordered, ordered_grid(context));
    TRY(const auto authorised, grid_of(context.authorisation));
    if (ordered) TRY_VOID(rows_allowed(*passed, say("item"), *ordered, authorised));
    const auto* held_back = array_of(context.fields, "held_back");
    if (!held_back) return {};
    number = 0;
    for (const auto& item : *held_back) {
        ++number;
        if (open.erase(identity(item)) == 0)
            return refuse(
                Code::evidence_unknown, say("item {} that is held back is not in the manifest, "
                                            "or is named twice",
                                            number));
    }
    if (open.empty()) return {};
    return refuse(
        Code::evidence_incomplete,
        open.size() == 1
            ? say("1 item of the manifest neither passes nor is held back")
            : say("{} items of the manifest neither pass nor are held back", open.size()));
}

// F11, 2AP Art. 14(5): what is received is kept no longer than the request promised.
Result<void> admit_receive(const Context& context) {
    return before(
        instant_of(context.fields, "retention_end"), say("end of retention"),
        instant_of(context.request, "retention_end"), say("end that the request stated"),
        Code::deadline_too_far);
}

} // namespace

Result<void> admit(std::string_view act, const Context& context) {
    if (!context.fields) return {};
    if (act == "request") return admit_request(context);
    if (act == "certify" || act == "confirm") return names_request(context);
    if (act == "authorise") return admit_authorise(context);
    if (act == "order") return admit_order(context);
    if (act == "freeze") return admit_freeze(context);
    if (act == "produce") return admit_produce(context);
    if (act == "release") return admit_release(context);
    if (act == "receive") return admit_receive(context);
    return {};
}

} // namespace comity::assess
