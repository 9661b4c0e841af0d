// A request as the tests of the law read it: a typed view of the fields of the forms `request` and
// `extraordinary-request`, read once. Texts point into the fields, which must outlive the view.
// What is missing or mistyped is empty here, and a test that needs it says so; nothing is guessed.
#pragma once

#include "assess/grid.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "law/terms.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

/// The procedures, as far as the tests differ between them.
enum class Route { mla, emergency, extraordinary };

std::string_view name(Route route);
std::optional<Route> route_from(std::string_view procedure);

/// What can tie data to a country (docs/law.md, Connection).
enum class Factor { data_location, holder, data_subject, victim_or_harm, conduct, nationality };
inline constexpr std::size_t factor_count = 6;

std::string_view name(Factor factor);
std::optional<Factor> factor_from(std::string_view text);

/// How well a fact stands, the weakest first.
enum class Standing { unknown, stated, documented };

std::string_view name(Standing standing);

struct ConnectionFact {
    Factor factor = Factor::data_location;
    std::string_view country;
    Standing standing = Standing::unknown;
    std::string_view evidence;
    std::size_t row = 0; ///< in the form's list
};

struct Offence {
    std::string_view category;
    std::string_view statute;
    std::string_view article;
    std::string_view text;
    std::optional<std::int64_t> max_penalty_months;
    bool life_sentence = false;
    std::string_view country;
    std::optional<Instant> committed_from;
    std::optional<Instant> committed_to;
    std::optional<Instant> limitation_date; ///< the first instant of that day
};

/// A life sentence reaches every threshold that is counted in months.
std::optional<std::int64_t> months_of(const Offence& offence);

struct Person {
    std::string_view role; ///< suspect, victim, witness, other
    std::string_view residence;
    std::vector<std::string_view> nationalities;
};

struct LessIntrusive {
    std::string_view means;
    std::string_view why_not;
};

/// How a translation was made, the weakest first: what a program made is nobody's work, and only
/// an official or sworn translator certifies.
enum class TranslationKind { unstated, machine, person, certified };

struct Translation {
    std::string_view language;
    std::string_view translator; ///< who, or which program
    TranslationKind kind = TranslationKind::unstated;
};

struct ThirdCountry {
    std::string_view country;
    std::string_view reason;
    std::string_view attempt;
    bool reachable = false;
};

/// The thirteen Necessary and Proportionate principles, in their order.
inline constexpr std::array<std::string_view, 13> principle_names{
    "legality",           "legitimate_aim",    "necessity",
    "adequacy",           "proportionality",   "competent_judicial_authority",
    "due_process",        "user_notification", "transparency",
    "public_oversight",   "integrity",         "international_cooperation",
    "illegitimate_access"};

struct Request {
    const json::Object* fields = nullptr;

    // The instrument relied on, and the authority.
    std::string_view basis; ///< instrument, reciprocity, comity
    std::string_view instrument;
    std::optional<Instant> checked_on;
    std::string_view status;
    std::string_view issuing_country;
    std::string_view issuing_authority;
    std::string_view authority_type;
    std::string_view provision;
    std::string_view provision_text;
    std::string_view requested_country;

    // The case.
    std::vector<Offence> offences;
    std::string_view conduct;
    std::string_view facts;
    std::vector<Person> persons;
    std::optional<bool> death_penalty_possible;
    std::optional<bool> political_offence;
    std::optional<bool> military_offence;
    std::optional<bool> fiscal_offence;
    std::string_view ne_bis_in_idem;
    std::string_view standard_of_proof;

    // The data.
    Grid grid;
    Said grid_problem; ///< why the grid could not be read; empty when it was
    std::size_t grid_rows = 0;
    /// The categories asked for, by law::Category; those of rows that could not be read too.
    std::array<bool, 5> categories{};
    std::vector<std::string_view> data_items;
    std::string_view nexus;
    std::optional<bool> privileged_expected;
    std::vector<std::string_view> privileged_kinds;
    std::string_view privileged_plan;
    std::optional<std::int64_t> third_persons;
    std::string_view recipient_office;

    // The connection.
    std::vector<ConnectionFact> connection;
    std::string_view connection_reasons;

    // Necessity and safeguards.
    std::array<std::string_view, 13> principles{};
    std::vector<LessIntrusive> less_intrusive;
    std::string_view urgency;
    std::vector<std::string_view> urgency_kinds;
    std::string_view urgency_reasons;
    std::string_view language;
    std::vector<Translation> translations;
    std::optional<Instant> retention_end;
    std::string_view purpose;
    std::vector<std::string_view> openers;
    bool this_proceeding_only = false;
    bool no_onward_transfer = false;
    bool no_weakening = false;
    bool death_penalty_assurance = false;
    std::string_view reciprocity;
    std::optional<Instant> notice_due_by;
    std::string_view notice_by;
    std::string_view notice_reach;
    std::string_view notice_language;
    bool notice_deferred = false;
    std::optional<Instant> notice_deferred_until;
    std::string_view remedy_court;
    std::string_view remedy_address;
    std::string_view remedy_time_limit;
    std::vector<std::string_view> remedy_languages;

    // The extraordinary mechanism only.
    std::string_view listed_offence;
    std::string_view listed_element;
    std::optional<std::int64_t> expected_days;
    std::string_view expected_source;
    std::string_view mla_reasons;
    std::string_view loss_what;
    std::optional<Instant> loss_when;
    std::string_view own_interest;
    std::vector<ThirdCountry> third_countries;
};

/// Never fails: what cannot be read is left empty.
Request read_request(const json::Object& fields);

} // namespace comity::assess
