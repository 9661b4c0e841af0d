// Reading and comparing grids. Periods are half open: from the first instant to the one after the
// last, so that two rows can meet without a gap or an overlap.
#include "assess/grid.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::assess {

namespace {

// An address is one subscriber's for as long as the connection lasts; a week bears lines that keep
// theirs and clocks that are wrong, and longer would be other people's data.
constexpr Period address_period_max{.days = 7};

// Threat T31: what a selector stands for in this category is one person's data. Whoever registered
// a domain is one; everybody with a mailbox under it is not. Story S11: an address asked about for
// another time than it was seen is somebody else's.
Result<void> fits_selector(const Cell& cell) {
    const auto& type = cell.selector.type;
    const auto refused = [&](Said facts, std::string mend) {
        return refuse(
            Code::finding_not_met, std::move(facts),
            "Every row asks for the data of one account, address or device",
            "docs/law.md, Grid (F8)", std::move(mend));
    };
    if (type == "domain" && cell.category != "subscriber")
        return refused(
            say("{} data of a domain would be that of everybody under it", say(cell.category)),
            "Ask who registered the domain, or name the account");
    if ((type != "ipv4" && type != "ipv6") || !cell.from || !cell.to) return {};
    if (*cell.selector.seen_at < *cell.from || *cell.selector.seen_at >= *cell.to)
        return refused(
            say("the address was seen at another time than the period asks about"),
            "Let the period hold the moment at which the address was seen");
    if (*cell.to > add(*cell.from, address_period_max))
        return refused(
            say("the period of an address is longer than 7 days, in which it passes to other people"),
            "Shorten the period, or ask who used the address and then name the account");
    return {};
}

Result<Cell> read_cell(const json::Object& row) {
    json::Reader in(row, "row");
    Cell out;
    const auto& selector = in.object("selector");
    out.category = in.string("category");
    const auto instant = [&](std::string_view name) -> std::optional<Instant> {
        const auto text = in.string_if(name);
        if (!text) return std::nullopt;
        const auto at = instant_from(*text);
        if (!at) in.complain(name, say("is not an instant with its zone"));
        return at;
    };
    out.from = instant("from");
    out.to = instant("to");
    constexpr std::array<std::string_view, 4> categories{
        "subscriber", "access", "traffic", "content"};
    if (std::find(categories.begin(), categories.end(), out.category) == categories.end())
        in.complain("category", say("is none of subscriber, access, traffic, content"));
    if (auto done = in.done(); !done) return refuse(Code::finding_not_met, done.error().facts);
    TRY(out.selector, read_selector(selector));
    // F8: who a subscriber is has no period; what was done and written does, and it is bounded.
    if (out.category != "subscriber" && (!out.from || !out.to))
        return refuse(
            Code::finding_not_met,
            say("{} data lacks the beginning or the end of its period", say(out.category)),
            "The period asked for is bounded", "docs/law.md, Grid (F8)",
            "State from when to when the data is needed");
    if (out.from && out.to && *out.from >= *out.to)
        return refuse(
            Code::finding_not_met, say("the period ends before it begins"),
            "The period asked for is bounded", "docs/law.md, Grid (F8)",
            "State from when to when the data is needed");
    TRY_VOID(fits_selector(out));
    return out;
}

} // namespace

Result<Grid> read_grid(const json::Array& rows) {
    if (rows.empty() || rows.size() > limits::grid_rows)
        return refuse(
            Code::finding_not_met,
            say("the grid has {} rows; 1 to {} are accepted", rows.size(), limits::grid_rows));
    Grid out;
    for (const auto& row : rows) {
        const auto number = out.size() + 1;
        if (!row.is_object())
            return refuse(Code::finding_not_met, say("row {} of the grid is not a row", number));
        auto cell = read_cell(row.as_object());
        if (!cell) {
            Refusal refusal = std::move(cell.error());
            refusal.facts = say("row {} of the grid: {}", number, refusal.facts);
            return tl::unexpected(std::move(refusal));
        }
        out.push_back(std::move(*cell));
    }
    return out;
}

bool contains(const Cell& outer, const Cell& inner) {
    if (outer.selector != inner.selector || outer.category != inner.category) return false;
    // No bound on the outside holds everything; no bound on the inside fits only into that.
    if (outer.from && (!inner.from || *inner.from < *outer.from)) return false;
    return !outer.to || (inner.to && *inner.to <= *outer.to);
}

bool contains(const Grid& outer, const Cell& inner) {
    return std::any_of(
        outer.begin(), outer.end(), [&](const Cell& cell) { return contains(cell, inner); });
}

std::optional<std::size_t> first_outside(const Grid& outer, const Grid& inner) {
    for (std::size_t i = 0; i < inner.size(); ++i)
        if (!contains(outer, inner[i])) return i;
    return std::nullopt;
}

std::string text(const Cell& cell) {
    std::string out = cell.category + " of " + text(cell.selector);
    if (cell.from) out += " from " + to_text(*cell.from);
    if (cell.to) out += " to " + to_text(*cell.to);
    return out;
}

} // namespace comity::assess
