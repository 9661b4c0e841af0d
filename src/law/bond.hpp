// What binds two countries on a day, what nearly does and why it does not, and what could serve
// without binding (F2). Pure: instruments, countries and a day in, an answer out.
#pragma once

#include "base/said.hpp"
#include "law/instrument.hpp"

#include <optional>
#include <string>
#include <vector>

namespace comity::law {

/// What is asked for, as far as it is known. What is left out is not held against the pair, but
/// what then stays open is said.
struct Question {
    std::optional<Category> category;
    std::optional<std::string> offence;   ///< id of offences.json
    std::optional<std::string> territory; ///< a dependent territory of one of the two
};

/// An instrument that binds both. The pointers live as long as the library.
struct Bond {
    const Instrument* instrument = nullptr;
    Day since;                  ///< the last of all that had to happen
    bool since_is_exact = true; ///< false: the day is not known; it bound by `since` at the latest
    std::vector<const Reservation*> reservations; ///< of either country
    const Listing* offence = nullptr; ///< where the instrument lists the offence asked about
    /// The maximum penalty that the offence must carry; 0: any; nothing: not known.
    std::optional<std::int64_t> minimum_penalty_months;
    std::optional<DualRule> dual_criminality; ///< for this offence; nothing: not known
    /// Orders may go straight to a provider: what the extraordinary mechanism rests on.
    bool direct_to_provider = false;
    std::vector<Said> caveats;                 ///< sentences without the full stop
    Confidence confidence = Confidence::known; ///< the weakest of instrument and both parties
};

/// Why an instrument that has to do with both does not bind them, in the order of the checks.
enum class Miss {
    not_a_basis,     ///< a scheme, or no request may be founded on it
    former_party,    ///< one of them has left
    status_unknown,  ///< whether one of them is a party is not known
    signed_only,     ///< one of them has signed and not ratified
    non_participant, ///< one of them takes no part
    hub_missing,     ///< binds only pairs with its hub
    not_between,     ///< two territories of one state
    other_territory, ///< limited to another territory than was asked about
    suspended,
    not_in_force,
    not_yet,      ///< binds from a later day
    date_unknown, ///< known to bind only by a later day than was asked about
    base_missing, ///< supplements an instrument that does not bind them
    category_not_covered,
    offence_not_listed,
};
inline constexpr Words<15> miss_words{
    "not_a_basis",     "former_party",         "status_unknown",    "signed_only",
    "non_participant", "hub_missing",          "not_between",       "other_territory",
    "suspended",       "not_in_force",         "not_yet",           "date_unknown",
    "base_missing",    "category_not_covered", "offence_not_listed"};

struct NearMiss {
    const Instrument* instrument = nullptr;
    Miss reason = Miss::not_in_force;
    Said because;            ///< a sentence without the full stop
    std::optional<Day> from; ///< not_yet, date_unknown: the day from which it is known to bind
};

/// What a request could rest on without any obligation to answer it: comity, reciprocity, a scheme.
struct NotBinding {
    std::string id;
    Text title;
    Said because;
    const Instrument* instrument = nullptr; ///< the scheme; null for comity and reciprocity
};

struct Between {
    std::vector<Bond> bonds; ///< for any offence first, then those limited to listed offences
    std::vector<NearMiss> misses;
    std::vector<NotBinding> could_serve;

    /// The bond of this instrument; null when it does not bind.
    [[nodiscard]] const Bond* find(std::string_view instrument) const;
};

/// Whether and since when an instrument binds two countries, before category and offence are
/// looked at. Countries that the instrument does not name have nothing to do with it.
struct Binding {
    enum class State { unrelated, misses, binds } state = State::unrelated;
    NearMiss miss;
    Day since;
    bool since_is_exact = true;
    Confidence confidence = Confidence::known;
};

Binding binding(
    const Instrument& instrument, std::string_view a, std::string_view b, Day day,
    const std::optional<std::string>& territory);

/// One instrument, asked everything. `offence` is null when none was asked about.
void ask(
    const Instrument& instrument, std::string_view a, std::string_view b, Day day,
    const Question& question, const Offence* offence, Between& out);

} // namespace comity::law
