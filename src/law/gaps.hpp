// The pairs of real countries that no instrument joins, or only instruments limited to the offences
// they list (R5). Invented countries are left out.
#pragma once

#include "law/library.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace comity::law {

enum class Joined {
    none,        ///< no binding instrument at all
    only_listed, ///< instruments for listed offences alone: a gap for ordinary crime
    any_offence,
};

/// A country's widest membership, for tables: who is in the Union is not counted again elsewhere.
enum class Group { eu, coe, commonwealth, un, other };
inline constexpr Words<5> group_words{
    "European Union", "Council of Europe", "Commonwealth", "other UN members", "others"};

Group group_of(const Country& country);

struct Gap {
    const Country* a = nullptr;
    const Country* b = nullptr;
    Joined joined = Joined::none;
    /// Published figures that speak of the need between the two; empty where none is known.
    std::vector<const Volume*> demand;
};

struct GroupCount {
    Group a = Group::eu;
    Group b = Group::eu;
    std::size_t pairs = 0;
    std::array<std::size_t, 3> joined{}; ///< by Joined
};

struct Gaps {
    std::size_t pairs = 0;
    std::array<std::size_t, 3> joined{}; ///< by Joined
    std::vector<GroupCount> groups;      ///< those with pairs, in the order of Group
    std::vector<Gap> list;               ///< gaps alone, none before only_listed, then by code
};

/// All pairs, or those of one country.
Gaps gaps(const Library& library, Day day, const std::optional<std::string>& country = {});

/// Orders gaps by what is known of the need: pairs with a published figure first, the larger
/// figure first; then as they were.
void by_demand(Gaps& gaps);

} // namespace comity::law
