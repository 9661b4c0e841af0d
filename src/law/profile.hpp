// What a receiving country's own law asks of a request (law/profiles/README.md). Everything can be
// unknown; nothing of it can lower the floor.
#pragma once

#include "base/time.hpp"
#include "law/instrument.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace comity::law {

enum class Authority { court, investigating_judge, prosecutor, police, administrative };
inline constexpr Words<5> authority_words{
    "court", "investigating_judge", "prosecutor", "police", "administrative"};

enum class Assurance { required, may_be_required, not_required };
inline constexpr Words<3> assurance_words{"required", "may_be_required", "not_required"};

enum class Allowed { yes, limited, no };
inline constexpr Words<3> allowed_words{"yes", "limited", "no"};

enum class Notice { notice, partial, none };
inline constexpr Words<3> notice_words{"notice", "partial", "none"};

enum class Adequacy { member, decision, partial, none };
inline constexpr Words<4> adequacy_words{"member", "decision", "partial", "none"};

/// Where a block of a profile is written in the law.
struct Cited {
    std::vector<std::string> articles;
    std::optional<Confidence> confidence; ///< nothing: the block states nothing
    std::optional<std::string> note;
};

struct CategoryRule : Cited {
    std::optional<std::vector<Authority>> authority; ///< any one suffices
    std::optional<std::string> standard_term;
    std::optional<std::string> standard_plain;
    std::optional<std::int64_t> minimum_penalty_months;
    /// In the words of the law. An offence qualifies by the months or by this list; months of 0
    /// with a list: only by the list.
    std::optional<std::vector<std::string>> listed_offences;
};

struct GroundRule : Cited {
    std::string ground;
    std::optional<bool> mandatory;
};

struct Profile {
    std::string country;
    Day as_of;

    struct : Cited {
        std::optional<std::vector<std::string>> list;
    } languages;

    struct : Cited {
        std::optional<std::string> title;
    } domestic_law;

    std::array<CategoryRule, 5> categories; ///< by Category

    struct : Cited {
        std::optional<DualRule> rule;
        std::optional<std::string> for_what;
    } dual_criminality;

    std::vector<GroundRule> grounds;

    struct : Cited {
        std::optional<Assurance> required;
    } death_penalty_assurance;

    struct : Cited {
        std::optional<std::vector<std::string>> items;
    } narrative;

    struct : Cited {
        std::optional<bool> needed;
        std::optional<std::string> form;
    } certification;

    struct : Cited {
        std::optional<std::string> procedure;
        std::optional<std::string> who;
    } emergency;

    struct : Cited {
        std::optional<std::int64_t> days;
        std::optional<std::int64_t> renewals;
        std::optional<std::int64_t> maximum_days;
    } preservation;

    struct : Cited {
        std::optional<Allowed> allowed;
        std::optional<std::string> for_what;
    } voluntary_disclosure;

    struct : Cited {
        std::optional<Notice> by_default;
        std::optional<std::string> who;
        std::optional<std::string> maximum_deferral;
        std::optional<Period> maximum_deferral_days; ///< a demand of its own; within the floor
    } user_notice;

    struct : Cited {
        std::optional<std::string> court;
        std::optional<std::string> time_limit;
        std::optional<std::string> who_may_file;
        std::optional<bool> foreigners_too;
    } remedy;

    struct : Cited {
        std::optional<std::string> rule;
        std::optional<Period> maximum_days; ///< a demand of its own; within the floor
    } retention;

    struct : Cited {
        std::optional<std::string> law;
        std::optional<Adequacy> eu_adequacy;
        std::optional<std::string> eu_adequacy_decision;
    } data_protection;

    struct : Cited {
        std::optional<std::vector<std::string>> bodies;
    } oversight;

    std::vector<std::string> notes;

    struct Reading {
        std::string title;
        std::string where;
        Confidence confidence = Confidence::known;
    };

    std::vector<Reading> sources;

    [[nodiscard]] const CategoryRule& rule(Category category) const {
        return categories[static_cast<std::size_t>(category)];
    }
};

Result<Profile> read_profile(const json::Object& object, const std::string& path);

} // namespace comity::law
