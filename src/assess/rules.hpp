// The law that one request meets, as plain values: what the instrument it relies on carries, what
// both countries ask, and the floor that none can lower. Drawn from the library for one request
// (rules_of), or written by hand in a test that a lawyer can read.
#pragma once

#include "assess/request.hpp"
#include "base/said.hpp"
#include "law/library.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace comity::assess {

using law::Category;
using law::DualRule;

inline constexpr std::size_t category_count = 5;

constexpr std::size_t at(Category category) {
    return static_cast<std::size_t>(category);
}

/// Whether the instrument relied on carries one category of data for one offence, and on what
/// terms.
struct Carriage {
    bool carries = false;
    Said why_not; ///< a clause; empty when it carries
    /// The maximum penalty the offence must have; 0: any; nothing: not known.
    std::optional<std::int64_t> minimum_months = 0;
    bool direct = false; ///< an order may go straight to the provider
};

/// One offence of the request under the instrument.
struct Carried {
    std::array<Carriage, category_count> categories;
    std::optional<DualRule> dual; ///< nothing: not known
};

/// An instrument or an offence, in records by its id and for readers by its title.
struct Titled {
    std::string id;
    law::Text title;

    [[nodiscard]] Said told() const { return title.titled(id); }
};

/// The instrument relied on, when it binds both countries on the day.
struct Relied : Titled {
    std::string dual_article;
    std::int64_t spared_months = 0; ///< listed offences are spared dual criminality from these on
    std::vector<std::pair<std::string, std::string>> grounds; ///< ground and article
    /// On these alone nobody may refuse under it, with the article.
    std::vector<std::pair<std::string, std::string>> no_ground;
    std::vector<Carried> offences; ///< as the request lists them
};

/// An offence qualifies when its maximum penalty reaches `months`, or when it stands on the list.
struct Threshold {
    std::int64_t months = 0;
    std::vector<std::string> listed; ///< ids of offences.json
    /// The list is in the words of a law, which a person has to read; it may still spare an
    /// offence.
    bool worded_list = false;
    std::string source;
};

struct CategoryRules {
    std::vector<Threshold> seriousness;  ///< every one of them must be met
    std::vector<std::string> unknown_of; ///< countries whose threshold the data does not know
    std::optional<Period> period;        ///< the longest that may be asked for
};

struct GroundRule {
    std::string ground;
    std::optional<bool> mandatory; ///< nothing where the data does not say
    std::string source;
};

/// One category of offence as the pack lists it, in the order of the request's offences.
struct OffenceRule : Titled {
    bool speed_dependent = false;
    std::string speed_reason;
    /// A treaty that lists it and binds both countries, with the article; empty where there is
    /// none.
    Said listed_for_both;
};

struct Figure {
    std::int64_t days = 0;
    std::string source;
};

struct Rules {
    std::optional<Relied> relied;
    Said why_not_relied; ///< a clause, where an instrument is named and does not bind
    /// What binds both on the day for every offence; drawn only where `relied` is nothing.
    std::vector<Titled> binding;
    std::optional<Titled> named; ///< the instrument that the request names, if the pack knows it
    std::array<CategoryRules, category_count> categories;
    std::vector<OffenceRule> offences; ///< those that the request names, if the pack knows them

    // What the country asked wants.
    bool profile_known = false;
    std::string profile_source;
    std::vector<std::string> narrative; ///< what a request must state
    /// The standard of suspicion that it asks, in the words of the form; empty: not comparable.
    std::string standard;
    std::string standard_source;
    std::optional<bool> certification; ///< of documents and translations; nothing: not known
    std::optional<DualRule> dual;
    std::string dual_source;
    std::vector<GroundRule> grounds;
    std::optional<law::Assurance> assurance;
    std::string assurance_source;
    std::optional<std::vector<std::string>> languages;
    std::string languages_source;
    std::string assistance_law; ///< its statute on assistance without a treaty; empty: not known

    // Of the country that asks; nothing: not known.
    std::optional<law::DeathPenalty> death_penalty;

    // The floor, joined with the profile of the country asked, for this route.
    std::optional<Period> retention;
    std::optional<Period> deferral;
    std::string floor_source = "law/floor.json";

    /// The published time that mutual legal assistance takes.
    std::optional<Figure> published_delay;

    [[nodiscard]] const OffenceRule* offence(std::string_view id) const;
    /// By its title where the pack has it.
    [[nodiscard]] Said told_offence(std::string_view id) const;
};

/// How high a standard of suspicion of the form is: 1 is the lowest; 0 is one that cannot be
/// compared.
std::size_t standard_rank(std::string_view id);

struct RulesQuestion {
    const Request& request;
    Route route = Route::mla;
    std::string_view requesting;
    std::string_view requested;
    Instant date;
};

/// The law that this request meets on that day. What the library does not know stays unknown.
Rules rules_of(const law::Library& library, const RulesQuestion& question);

/// Rules already drawn from one library: requests of a day that name the same countries, route,
/// instrument, offences and categories meet the same law. Bounded; forgetting costs a drawing,
/// never another answer. Safe from many threads.
class RulesMemory {
public:
    /// As rules_of. Always with the same library.
    std::shared_ptr<const Rules> of(const law::Library& library, const RulesQuestion& question);

private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<const Rules>> known_; // guarded by mutex_
};

} // namespace comity::assess
