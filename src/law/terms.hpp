// The words of the law pack as types: countries, offences, data categories, central authorities,
// standards and published figures. Read once, never changed (law/library.hpp holds them).
#pragma once

#include "base/refusal.hpp"
#include "law/form.hpp"
#include "law/record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace comity::law {

/// `found` was seen in public material, `known` is firm knowledge that was not read again.
enum class Confidence { known, found };
inline constexpr Words<2> confidence_words{"known", "found"};

/// Where a record comes from, and to which day it speaks.
struct Source {
    std::string text;
    Day as_of;
    Confidence confidence = Confidence::known;
};

/// The data that can be asked for, least intrusive first; as the forms name them. Nothing else can
/// be written: stored data only.
enum class Category { preservation, subscriber, access, traffic, content };
inline constexpr Words<5> category_words{
    "preservation", "subscriber", "access", "traffic", "content"};

std::string_view to_text(Category category);
std::optional<Category> category_from(std::string_view text);

/// The id of a category in data_categories.json: access is access_identification there, content
/// stored_content.
std::string_view data_category_of(Category category);

enum class DeathPenalty {
    abolished_all_crimes,
    abolished_ordinary_crimes,
    abolitionist_in_practice,
    retentionist
};
inline constexpr Words<4> death_penalty_words{
    "abolished_all_crimes", "abolished_ordinary_crimes", "abolitionist_in_practice",
    "retentionist"};

/// Regions of the UN's M49, by which a record counts partners; the last for what lies in none.
inline constexpr Words<6> region_words{"africa", "americas", "asia", "europe", "oceania", "other"};

struct Country {
    std::string code; ///< ISO 3166-1 alpha-2
    std::string alpha3;
    Text name;
    std::vector<std::string> languages; ///< ISO 639-1
    bool un = false;
    bool eu = false;
    bool coe = false;
    bool commonwealth = false;
    std::string region; ///< one of region_words
    DeathPenalty death_penalty = DeathPenalty::retentionist;
    bool invented = false; ///< of the practice world; no table of real countries counts it
    std::optional<std::string> note;
    Source source;
};

/// Where an instrument lists an offence.
struct Listing {
    std::string instrument;
    std::string article;
};

/// Sections of the International Classification of Crime for Statistical Purposes (UNODC 2015), by
/// which a record counts closed cases; computer (0903) is apart from the rest of security (09).
inline constexpr Words<12> offence_words{"death",    "harm",     "sexual",      "robbery",
                                         "property", "drugs",    "fraud",       "public-order",
                                         "security", "computer", "environment", "other"};

struct Offence {
    std::string id;
    Text title;
    std::string group;      ///< eu32, cyber, un, us, situation
    std::string counted_as; ///< one of offence_words; statistics only
    std::vector<Listing> listed_in;
    bool speed_dependent = false; ///< the investigation itself fails if it is not fast (E1)
    std::optional<std::string> speed_reason;
    std::optional<std::string> note;
    Source source;

    /// Where this instrument lists it; null when it does not.
    [[nodiscard]] const Listing* listed(std::string_view instrument) const;
    /// True when this instrument lists it at one of these articles.
    [[nodiscard]] bool listed_at(
        std::string_view instrument, const std::vector<std::string>& articles) const;
};

struct DataCategory {
    std::string id;
    Text title;
    std::int64_t intrusiveness = 0; ///< 1 is the least
    std::string definition;
    std::vector<Listing> articles;
    std::optional<std::string> lowest_authority_eevidence;
    std::optional<std::string> constitutional_standard;
    std::optional<std::string> extra_conditions;
    std::optional<std::string> note;
    Source source;
};

struct CentralAuthority {
    std::string country;
    Text authority;
    std::optional<Text> unit;
    std::string role;
    std::vector<std::string> languages;
    std::optional<Text> channel;
    std::optional<Text> contact_24_7;
    Source source;
};

/// One of the 13 principles (with its number), or an instrument they rest on.
struct Standard {
    std::string id;
    std::optional<std::int64_t> number;
    Text name;
    std::string summary;
    std::optional<std::string> request_must_show;
    std::vector<std::string> rests_on;
    std::optional<std::string> machine_check;
    std::optional<std::vector<std::string>> articles;
    Source source;
};

/// A published figure. Values are whole numbers, or texts where a figure has decimals or two parts.
struct Volume {
    std::string id;
    std::string topic;
    std::string actor;
    std::string period;
    std::string metric;
    std::string value;
    std::optional<std::int64_t> number; ///< the value, where it is a whole number
    std::string unit;
    std::optional<std::string> note;
    std::optional<std::string> country; ///< whose need for evidence abroad it speaks of
    Source source;
};

/// Readers of one record each; `place` is for the refusal.
Result<Country> read_country(const json::Object& object, std::string place);
Result<Offence> read_offence(const json::Object& object, std::string place);
Result<DataCategory> read_data_category(const json::Object& object, std::string place);
Result<CentralAuthority> read_central_authority(const json::Object& object, std::string place);
Result<Standard> read_standard(const json::Object& object, std::string place);
Result<Volume> read_volume(const json::Object& object, std::string place);

/// What a record is called: English in the member `english`, French and Arabic in NAME_fr and
/// NAME_ar. None may be missing, and the third is in Arabic letters.
Text read_names(Record& in, const std::string& name, std::string_view english);

/// "source", "as_of" and "confidence", as every record has them.
Source read_source(Record& in);

} // namespace comity::law
