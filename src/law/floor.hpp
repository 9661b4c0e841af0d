// The floor: the minima that no profile, instrument, setting or directory can lower
// (law/floor.json), and what a country asks of a request once its profile is joined with it, field
// by field, the stricter each time (assessment.md, The floor).
#pragma once

#include "law/profile.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace comity::law {

/// SHA-256 of law/floor.json, in text form. It is compiled in: a pack with another floor is
/// refused, so that lowering it takes a new program, which everybody can see.
extern const std::string_view floor_digest;

struct FloorCategory {
    std::vector<Authority> authority; ///< any one suffices; independent courts
    std::int64_t minimum_penalty_months = 0;
    std::vector<std::string> listed_offences; ///< ids of offences.json that qualify without it
    std::optional<Period> period; ///< the longest that may be asked for; nothing: it has none
    std::vector<std::string> authority_sources;
    std::vector<std::string> seriousness_sources;
    std::vector<std::string> period_sources;
};

/// Maxima of a route. `any` holds for every procedure, one of its own for the one it names.
struct FloorRoute {
    std::string procedure; ///< "any", or the id of a procedure
    Period retention;      ///< from receipt to deletion
    Period renewal;        ///< each time it is prolonged
    Period notice;         ///< from production to notice, unless a judge defers it
    Period deferral;       ///< each time
    std::vector<std::string> sources;
};

struct Floor {
    std::array<FloorCategory, 5> categories; ///< by Category; no other exists
    std::vector<FloorRoute> routes;          ///< the first is "any"
    Period preservation;
    std::int64_t preservation_renewals = 0;
    std::vector<std::string> preservation_sources;
    Period emergency_decision; ///< a judge's, after an emergency's start
    std::vector<std::string> emergency_sources;
    std::vector<std::string> principles; ///< ids of standards.json
    std::vector<std::string> principles_sources;
    /// What every request and every country has to name.
    std::vector<std::string> remedy;
    std::vector<std::string> remedy_sources;
    std::vector<std::string> oversight;
    std::vector<std::string> oversight_sources;
    std::vector<std::string> security;
    std::vector<std::string> security_sources;
    std::vector<std::string> death_penalty_sources;

    [[nodiscard]] const FloorCategory& rule(Category category) const {
        return categories[static_cast<std::size_t>(category)];
    }

    /// The route of that procedure, else the one for any.
    [[nodiscard]] const FloorRoute& route(std::string_view procedure) const;
};

Result<Floor> read_floor(const json::Object& object);

/// Compares lengths of time as the calendar has them.
bool is_longer(const Period& a, const Period& b);

/// Refuses a profile that sets a demand beyond the floor's maximum: that would be lowering it.
/// Where a profile merely describes weaker law, the floor wins without a word.
Result<void> check_against_floor(const Profile& profile, const Floor& floor);

enum class Origin { unknown, floor, profile, both };
inline constexpr Words<4> origin_words{"unknown", "floor", "profile", "both"};

/// One demand, with where it comes from. `unknown` is set when the profile does not say: the floor
/// alone then speaks, and what the country asks beyond it is a matter for a person.
template <class T>
struct Demand {
    std::optional<T> value;
    Origin origin = Origin::unknown;
    bool unknown = false;
    std::vector<std::string> sources;
    std::optional<Confidence> confidence;
    std::optional<std::string> note;
};

/// An offence qualifies by the maximum penalty or by standing on the list.
struct Seriousness {
    std::int64_t months = 0;
    std::vector<std::string> listed; ///< of the floor: ids; of a profile: the words of its law
};

enum class Answer { yes, no, unknown };

/// What the receiving country asks of a request for this category, in this procedure.
struct Requirements {
    std::string country;
    Category category = Category::subscriber;
    std::string procedure; ///< empty: any
    bool has_profile = false;

    Demand<std::vector<Authority>> authority;
    Demand<std::string> standard; ///< of suspicion, in plain words
    Demand<Seriousness> seriousness_floor;
    Demand<Seriousness> seriousness_profile;
    Demand<DualRule> dual_criminality;
    std::vector<GroundRule> grounds;
    Demand<std::vector<std::string>> languages;
    Demand<std::vector<std::string>> narrative;
    Demand<bool> certification;
    Demand<Assurance> death_penalty_assurance;
    Demand<Period> preservation;
    Demand<std::int64_t> preservation_renewals;
    Demand<Period> period;
    Demand<Notice> notice;
    Demand<Period> notice_within;
    Demand<Period> deferral;
    Demand<Period> retention;
    Demand<std::string> use;
    Demand<std::string> remedy_court;
    Demand<std::string> remedy_time_limit;
    Demand<bool> remedy_for_foreigners;
    Demand<std::vector<std::string>> oversight;
    Demand<std::string> emergency;
    Demand<Allowed> voluntary_disclosure;

    /// F5: whether an offence with this maximum penalty qualifies under the floor and under the
    /// profile both. `unknown` when the profile has a list that only a person can read, or is not
    /// known to have a threshold.
    [[nodiscard]] Answer serious(std::string_view offence, std::int64_t max_penalty_months) const;
};

/// `profile` is null where none is known. Pure.
Requirements join(
    std::string_view country, const Profile* profile, const Floor& floor, Category category,
    std::string_view procedure);

} // namespace comity::law
