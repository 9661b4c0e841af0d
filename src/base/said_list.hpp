// Lists for sentences: several things, joined as each language joins them.
#pragma once

#include "base/said.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comity {

/// What is the same in every language, item by item: ids, numbers, words of the form.
template <class Items>
Said listed(const Items& items, std::string between = ", ") {
    std::vector<Said> out;
    for (const auto& item : items)
        out.push_back(Said::value(fmt::format("{}", item)));
    return Said::list(std::move(out), std::move(between));
}

/// What has a name by its code, of the kinds of Said::name: "side", "role", "category".
template <class Items>
Said listed_names(std::string_view kind, const Items& items, std::string between = ", ") {
    std::vector<Said> out;
    for (const auto& item : items)
        out.push_back(Said::name(kind, item));
    return Said::list(std::move(out), std::move(between));
}

} // namespace comity
