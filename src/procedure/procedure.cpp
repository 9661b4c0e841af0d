// The parts of a procedure that need no reading: text forms, groups, parameters, and the search for
// names of countries.
#include "procedure/procedure.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <set>

namespace comity::procedure {

std::string_view to_text(Side side) {
    switch (side) {
    case Side::requesting: return "requesting";
    case Side::requested: return "requested";
    case Side::provider: return "provider";
    case Side::third: return "third";
    case Side::subject: return "subject";
    case Side::oversight: return "oversight";
    case Side::clock: return "clock";
    }
    return "";
}

std::optional<Side> side_from(std::string_view text) {
    for (const auto side :
         {Side::requesting, Side::requested, Side::provider, Side::third, Side::subject,
          Side::oversight, Side::clock})
        if (to_text(side) == text) return side;
    return std::nullopt;
}

std::string_view to_text(RelationKind kind) {
    switch (kind) {
    case RelationKind::condition: return "condition";
    case RelationKind::response: return "response";
    case RelationKind::milestone: return "milestone";
    case RelationKind::include: return "include";
    case RelationKind::exclude: return "exclude";
    }
    return "";
}

std::string to_text(const Parameters& parameters) {
    return fmt::format(
        "category {}, third {}", parameters.category.empty() ? "any" : parameters.category,
        parameters.third);
}

bool When::matches(const Parameters& parameters) const {
    const bool category =
        categories.empty() ||
        std::find(categories.begin(), categories.end(), parameters.category) != categories.end();
    const bool with_third =
        third.empty() || std::find(third.begin(), third.end(), parameters.third) != third.end();
    return category && with_third;
}

bool When::overlaps(const When& other) const {
    const bool category = categories.empty() || other.categories.empty() ||
                          std::find_first_of(
                              categories.begin(), categories.end(), other.categories.begin(),
                              other.categories.end()) != categories.end();
    const bool with_third =
        third.empty() || other.third.empty() ||
        std::find_first_of(third.begin(), third.end(), other.third.begin(), other.third.end()) !=
            third.end();
    return category && with_third;
}

const Act* Procedure::act(std::string_view name) const {
    const auto at =
        std::find_if(acts_.begin(), acts_.end(), [&](const Act& act) { return act.name == name; });
    return at == acts_.end() ? nullptr : &*at;
}

std::vector<std::string> Procedure::expand(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const auto& name : names) {
        if (!name.starts_with('@')) {
            out.push_back(name);
            continue;
        }
        const auto& group = groups_.at(name.substr(1));
        out.insert(out.end(), group.begin(), group.end());
    }
    return out;
}

std::vector<Parameters> Procedure::combinations() const {
    std::set<std::string> categories;
    bool third = false;
    const auto note = [&](const When& when) {
        categories.insert(when.categories.begin(), when.categories.end());
        third = third || !when.third.empty();
    };
    for (const auto& act : acts_)
        note(act.when);
    for (const auto& relation : relations_)
        note(relation.when);
    std::vector<Parameters> out;
    std::vector<std::string> values(categories.begin(), categories.end());
    // The category that the file does not name; the name itself must not be one that it does.
    std::string other = values.empty() ? "" : "other";
    while (categories.contains(other))
        other += "-other";
    values.push_back(other);
    for (const auto& category : values) {
        if (third) out.push_back({category, true});
        out.push_back({category, false});
    }
    return out;
}

bool Procedure::emergency() const {
    return id_ == "emergency" || id_.starts_with("emergency-");
}

Procedure Procedure::without(std::size_t relation) const {
    Procedure out = *this;
    out.relations_.erase(out.relations_.begin() + static_cast<std::ptrdiff_t>(relation));
    return out;
}

Procedure Procedure::with(Relation relation) const {
    Procedure out = *this;
    out.relations_.push_back(std::move(relation));
    return out;
}

namespace {

// ISO 3166-1 alpha-2, the officially assigned codes.
constexpr std::string_view country_codes =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

// " one two three ": letters and digits kept (and all bytes of non-ASCII letters), the rest blanks.
std::string words(std::string_view text) {
    std::string out = " ";
    for (const char c : text) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (kept)
            out += c;
        else if (out.back() != ' ')
            out += ' ';
    }
    if (out.back() != ' ') out += ' ';
    return out;
}

bool holds_code(std::string_view padded_words) {
    for (std::size_t i = 0; i + 3 < padded_words.size(); ++i) {
        if (padded_words[i] != ' ' || padded_words[i + 3] != ' ') continue;
        const auto code = std::string(padded_words.substr(i + 1, 2)) + " ";
        if (country_codes.find(code) != std::string_view::npos) return true;
    }
    return false;
}

// In a running text a code counts only in upper case ("la" is a word, "LA" is Laos); in the name
// of an act, where everything is lower case, it always does.
bool names_country(
    std::string_view text, bool is_identifier, std::span<const std::string> country_words) {
    const auto plain = words(text);
    if (holds_code(is_identifier ? upper(plain) : plain)) return true;
    const auto low = ascii_lower(plain);
    for (const auto& word : country_words) {
        if (word.empty()) continue;
        const bool is_code = word.size() <= 3;
        const bool found = is_code && !is_identifier
                               ? plain.find(words(upper(word))) != std::string::npos
                               : low.find(words(ascii_lower(word))) != std::string::npos;
        if (found) return true;
    }
    return false;
}

} // namespace

std::optional<std::string> Procedure::country_named(
    std::span<const std::string> country_words) const {
    std::optional<std::string> found;
    const auto look = [&](std::string_view place, std::string_view text, bool is_identifier) {
        if (!found && names_country(text, is_identifier, country_words))
            found = fmt::format("{} \"{}\"", place, text);
    };
    const auto look_when = [&](const When& when) {
        for (const auto& category : when.categories)
            look("category", category, true);
    };
    look("id", id_, true);
    for (const auto& [language, title] : titles_)
        look("title", title, false);
    for (const auto& act : acts_) {
        look("act", act.name, true);
        look("role", act.role, true);
        look("form", act.form, true);
        look_when(act.when);
    }
    for (const auto& [name, acts] : groups_)
        look("group", name, true);
    for (const auto& relation : relations_) {
        look("field", relation.until, true);
        look_when(relation.when);
    }
    return found;
}

} // namespace comity::procedure
