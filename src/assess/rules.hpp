// The law that one request meets, as plain values: what binds the two countries on that day, what
// each of them asks, and the floor that none can lower. Drawn from the law pack once
// (rules_of, in rules.cpp), or written by hand in a test that a lawyer can read.
#pragma once

#include "assess/request.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

/// The categories of data in a grid, the least intrusive first.
enum class Category { subscriber, access, traffic, content };
inline constexpr std::size_t category_count = 4;

std::string_view name(Category category);
std::optional<Category> category_from(std::string_view text);

/// How an instrument or a profile treats dual criminality; unknown where the data does not say.
enum class Dual { unknown, required, may_be_required, not_required_for_listed, none };

/// An instrument that binds both countries on the day.
struct InstrumentRule {
    std::string id;
    std::string title;
    std::string articles; ///< where the obligation to assist stands
    std::array<bool, category_count> categories{};
    /// Only for these offences, and for all those of `serious_months` or more; where both are
    /// empty, for every offence.
    std::vector<std::string> offences;
    std::optional<std::int64_t> serious_months;
    Dual dual = Dual::unknown;
    std::string dual_article;
    std::vector<std::pair<std::string, std::string>> grounds; ///< ground and article

    [[nodiscard]] bool covers(std::string_view offence, std::optional<std::int64_t> months) const;
};

/// An offence qualifies when its maximum penalty reaches `months`, or when it stands on the list.
struct Threshold {
    std::int64_t months = 0;
    std::vector<std::string> listed;
    std::string source;
};

struct CategoryRules {
    std::vector<Threshold> seriousness;      ///< every one of them must be met
    std::vector<std::string> unknown_of;     ///< countries whose threshold the data does not know
    std::optional<std::int64_t> period_days; ///< the longest period that may be asked for
    std::optional<std::int64_t> retention_days;
};

struct GroundRule {
    std::string ground;
    std::optional<bool> mandatory; ///< nothing where the data does not say
    std::string source;
};

/// One category of offence as the pack lists it.
struct OffenceRule {
    std::string id;
    bool eu32 = false; ///< one of the thirty-two (R1543 Annex IV, Directive 2014/41 Annex D)
    bool speed_dependent = false;
    std::string speed_reason;
    /// Whether both countries punish it, as far as the data knows; and where that stands.
    std::optional<bool> in_both;
    std::string in_both_source;
};

enum class DeathPenalty { unknown, abolished, abolished_ordinary, in_practice, retained };
enum class Assurance { unknown, required, may_be_required, not_required };

struct Figure {
    std::int64_t days = 0;
    std::string source;
};

struct Rules {
    std::vector<InstrumentRule> instruments;
    std::array<CategoryRules, category_count> categories;
    std::vector<OffenceRule> offences; ///< those that the request names, if the pack knows them

    // What the country asked wants.
    bool profile_known = false;
    std::string profile_source;
    std::vector<std::string> narrative;        ///< what a request must state
    std::optional<bool> certified_translation; ///< nothing: not known
    Dual dual = Dual::unknown;
    std::string dual_source;
    std::vector<GroundRule> grounds;
    Assurance assurance = Assurance::unknown;
    std::string assurance_source;
    std::optional<std::vector<std::string>> languages;
    std::string languages_source;
    std::string assistance_law; ///< its statute on assistance without a treaty; empty: not known

    // Of the country that asks.
    DeathPenalty death_penalty = DeathPenalty::unknown;
    std::string death_penalty_source;

    // The floor.
    bool court_for_every_category = true;
    std::optional<std::int64_t> notice_days;   ///< after the request, the longest without a judge
    std::optional<std::int64_t> deferral_days; ///< the longest that notice may be put off
    std::string floor_source = "law/floor.json";

    /// The published time that mutual legal assistance takes for this pair.
    std::optional<Figure> published_delay;

    [[nodiscard]] const InstrumentRule* instrument(std::string_view id) const;
    [[nodiscard]] const OffenceRule* offence(std::string_view id) const;
};

} // namespace comity::assess
