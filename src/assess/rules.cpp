// Names and look-ups of the rules that one request meets.
#include "assess/rules.hpp"

#include <algorithm>

namespace comity::assess {

namespace {

constexpr std::array<std::string_view, category_count> category_names{
    "subscriber", "access", "traffic", "content"};

} // namespace

std::string_view name(Category category) {
    return category_names.at(static_cast<std::size_t>(category));
}

std::optional<Category> category_from(std::string_view text) {
    const auto found = std::find(category_names.begin(), category_names.end(), text);
    if (found == category_names.end()) return std::nullopt;
    return static_cast<Category>(found - category_names.begin());
}

bool InstrumentRule::covers(std::string_view offence, std::optional<std::int64_t> months) const {
    if (offences.empty() && !serious_months) return true;
    if (std::find(offences.begin(), offences.end(), offence) != offences.end()) return true;
    return serious_months && months && *months >= *serious_months;
}

const InstrumentRule* Rules::instrument(std::string_view id) const {
    for (const auto& item : instruments)
        if (item.id == id) return &item;
    return nullptr;
}

const OffenceRule* Rules::offence(std::string_view id) const {
    for (const auto& item : offences)
        if (item.id == id) return &item;
    return nullptr;
}

} // namespace comity::assess
