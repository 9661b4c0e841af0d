// An instrument that binds countries, or a scheme that does not: who takes part since when, and
// what it provides. Bilateral treaties are instruments too, with an id made from their parties.
#pragma once

#include "law/terms.hpp"

#include <optional>
#include <string>
#include <vector>

namespace comity::law {

enum class Kind { treaty, eu_act, executive_agreement, scheme, human_rights, bilateral };
inline constexpr Words<6> kind_words{"treaty", "eu_act",       "executive_agreement",
                                     "scheme", "human_rights", "bilateral"};

/// What an instrument is for. A pair bound by offence_limited instruments alone still has a gap for
/// ordinary offences (R5).
enum class Scope {
    general,
    electronic_evidence_any_offence,
    electronic_evidence_serious_crime,
    offence_limited,
    human_rights
};
inline constexpr Words<5> scope_words{
    "general", "electronic_evidence_any_offence", "electronic_evidence_serious_crime",
    "offence_limited", "human_rights"};

/// How a country stands to an instrument. Only a party is bound.
enum class Part { party, signatory, former, non_participant, unknown };

/// When something began to bind, as far as the data knows.
struct Since {
    std::optional<Day> day; ///< of a date of which only the year is sure: the first day after it
    bool year_only = false;

    bool operator==(const Since&) const = default;
};

struct Participation {
    std::string country;
    Part part = Part::party;
    Since since;
    Confidence confidence = Confidence::known;
};

/// A declaration or reservation that was read. `excludes` says in the words of the program what it
/// takes away: direct_to_provider, or a data category of data_categories.json.
struct Reservation {
    std::string country;
    std::string article;
    std::string effect;
    std::vector<std::string> excludes;
    std::string source;
    Confidence confidence = Confidence::known;
};

struct Provision {
    bool available = false;
    std::vector<std::string> categories; ///< of data_categories.json; direct_to_provider alone
    std::optional<std::string> article;
    std::optional<std::string> note;
};

enum class DualRule { required, may_be_required, not_required_for_listed, none };
inline constexpr Words<4> dual_rule_words{
    "required", "may_be_required", "not_required_for_listed", "none"};

struct DualCriminality {
    std::optional<DualRule> rule; ///< nothing: not read
    std::optional<std::string> article;
    std::optional<std::string> note;
    std::vector<std::string> listed_at; ///< articles of `listed_in` of the offences it spares
    std::int64_t listed_months = 0;     ///< and the maximum penalty those must have
};

/// The maximum penalty that the offence has to carry.
struct MinimumPenalty {
    std::string rule;
    std::optional<std::string> article;
    std::optional<std::int64_t> months;        ///< 0: any offence; nothing: not read
    std::vector<std::string> categories;       ///< of data_categories.json; none named: every one
    std::vector<std::string> unless_listed_at; ///< offences listed at these articles need none
};

struct Ground {
    std::string id;
    std::optional<std::string> article; ///< nothing: not named in the instrument, or not read
};

/// What an instrument provides. `read` is false for bilateral treaties whose text was not read.
struct Provisions {
    bool read = false;
    std::vector<std::string> categories; ///< of data_categories.json
    Provision preservation;
    Provision emergency;
    Provision direct_to_provider;
    DualCriminality dual_criminality;
    MinimumPenalty minimum_penalty;
    std::vector<Ground> grounds;
    std::vector<Ground> no_ground; ///< on these alone nobody may refuse, whatever national law says
    std::optional<std::string> confidentiality;
    std::optional<std::string> use_limitation;
    std::optional<std::string> central_authority;
    std::optional<std::string> data_protection;
    std::optional<std::string> user_notice;
    std::optional<std::string> remedy;
    std::string languages;
    std::optional<std::string> languages_article;
    std::vector<std::string> privacy_articles; ///< human-rights instruments alone
    std::optional<std::string> note;
};

struct Instrument {
    std::string id;
    Text title;
    Kind kind = Kind::treaty;
    Scope scope = Scope::general;
    bool binding = true;
    bool basis_for_requests = true; ///< a request for evidence may be founded on it
    bool suspended = false;
    std::optional<std::string> hub_country;   ///< binds only pairs that include it
    std::optional<std::string> territory;     ///< limited to this dependent territory
    std::optional<std::string> supplement_to; ///< binds only where that instrument does
    std::string depositary;
    std::optional<Day> opened;
    Since in_force;             ///< no day: not in force, or (bilateral) not known
    bool in_force_known = true; ///< false: in force, from a day that is not known
    std::optional<Day> applies_from;
    std::vector<Participation> participants; ///< in the order of their codes
    std::vector<std::string> other_parties;  ///< EU and territories outside countries.json
    std::vector<std::pair<std::string, std::string>> not_between; ///< one state's two territories
    std::vector<Reservation> reservations;
    Provisions provides;
    std::optional<std::string> note;
    Source source;
    bool invented = false;

    [[nodiscard]] const Participation* find(std::string_view country) const;
    /// Access data are traffic data asked for to identify a user, so an instrument that covers
    /// traffic data covers them (Regulation (EU) 2023/1543 Art. 3(10)).
    [[nodiscard]] bool covers(Category category) const;
    /// Whether orders may go straight to a provider of the other country for this category.
    [[nodiscard]] bool direct(Category category) const;
    /// Grounds of refusal that it names, with article.
    [[nodiscard]] std::vector<Ground> named_grounds() const;
};

Result<Instrument> read_instrument(const json::Object& object, std::string place);
Result<Instrument> read_bilateral(const json::Object& object, std::string place);

/// The ids of grounds of refusal, as instruments and profiles spell them.
inline constexpr Words<12> ground_words{
    "political_offence", "fiscal_offence",      "military_offence",      "discrimination",
    "ne_bis_in_idem",    "essential_interests", "death_penalty",         "double_criminality",
    "disproportionate",  "fundamental_rights",  "immunity_or_privilege", "domestic_law_prohibits"};

} // namespace comity::law
