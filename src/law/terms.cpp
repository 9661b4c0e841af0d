// Readers of the plain records; what refers to other files is checked in library.cpp.
#include "law/terms.hpp"

#include "base/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::law {

namespace {

constexpr Words<5> data_category_words{
    "preservation", "subscriber", "access_identification", "traffic", "stored_content"};
constexpr Words<5> group_words{"eu32", "cyber", "un", "us", "situation"};
constexpr Words<6> topic_words{"delay", "deadline", "volume", "resources", "provider", "coverage"};

template <std::size_t N>
std::string one_of(Record& in, std::string_view name, const Words<N>& words) {
    return std::string(words[in.word<std::size_t>(name, words)]);
}

std::vector<Listing> read_listings(Record& in, std::string_view name) {
    std::vector<Listing> out;
    for (const auto& item : in.list(name)) {
        if (!item.is_object()) {
            in.complain(name, "holds something that is not {instrument, article}");
            break;
        }
        Record one(item.as_object(), fmt::format("{}, {}", in.place(), name));
        out.push_back({one.text("instrument"), one.text("article")});
        in.adopt(one);
    }
    return out;
}

// A name that was left in English, or in the wrong member. Arabic is U+0600 to U+06FF: in UTF-8 its
// first bytes are D8 to DB.
void check_arabic(Record& in, const std::string& name, const std::string& text) {
    if (std::none_of(text.begin(), text.end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte >= 0xD8 && byte <= 0xDB;
        }))
        in.complain(
            name, fmt::format("is \"{}\", which is not Arabic", text),
            "Write it in Arabic letters.");
}

// All three languages, or none where it is not known.
std::optional<Text> names_or_null(Record& in, const std::string& name) {
    auto en = in.text_or_null(name);
    auto fr = in.text_or_null(name + "_fr");
    auto ar = in.text_or_null(name + "_ar");
    if (en.has_value() != fr.has_value() || en.has_value() != ar.has_value())
        in.complain(
            name, "is not there in all three languages",
            fmt::format("Write {}, {}_fr and {}_ar, or null for all.", name, name, name));
    if (!en || !fr || !ar) return std::nullopt;
    check_arabic(in, name + "_ar", *ar);
    return Text{std::move(*en), std::move(*fr), std::move(*ar)};
}

// Two or three capital letters; what ISO gives out is not repeated here, the file is the list.
void check_code(Record& in, std::string_view name, const std::string& code, std::size_t letters) {
    const bool good = code.size() == letters && std::all_of(code.begin(), code.end(), [](char c) {
                          return c >= 'A' && c <= 'Z';
                      });
    if (!good)
        in.complain(
            name, fmt::format("is \"{}\"", code),
            fmt::format("Write {} capital letters (ISO 3166-1).", letters));
}

void check_languages(Record& in, std::string_view name, const std::vector<std::string>& list) {
    for (const auto& language : list)
        if (language.size() != 2 || !std::all_of(language.begin(), language.end(), [](char c) {
                return c >= 'a' && c <= 'z';
            }))
            in.complain(
                name, fmt::format("names \"{}\"", language),
                "Write languages as two small letters (ISO 639-1).");
}

} // namespace

std::string_view to_text(Category category) {
    return category_words[static_cast<std::size_t>(category)];
}

std::optional<Category> category_from(std::string_view text) {
    const auto at = std::find(category_words.begin(), category_words.end(), text);
    if (at == category_words.end()) return std::nullopt;
    return static_cast<Category>(at - category_words.begin());
}

std::string_view data_category_of(Category category) {
    return data_category_words[static_cast<std::size_t>(category)];
}

const Listing* Offence::listed(std::string_view instrument) const {
    const auto at = std::find_if(listed_in.begin(), listed_in.end(), [&](const Listing& listing) {
        return listing.instrument == instrument;
    });
    return at == listed_in.end() ? nullptr : &*at;
}

bool Offence::listed_at(
    std::string_view instrument, const std::vector<std::string>& articles) const {
    return std::any_of(listed_in.begin(), listed_in.end(), [&](const Listing& listing) {
        return listing.instrument == instrument &&
               std::find(articles.begin(), articles.end(), listing.article) != articles.end();
    });
}

Text read_names(Record& in, const std::string& name, std::string_view english) {
    auto en = in.text(english);
    auto fr = in.text(name + "_fr");
    auto ar = in.text(name + "_ar");
    check_arabic(in, name + "_ar", ar);
    return {std::move(en), std::move(fr), std::move(ar)};
}

Source read_source(Record& in) {
    return {
        in.text("source"), in.day("as_of"), in.word<Confidence>("confidence", confidence_words)};
}

Result<Country> read_country(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Country out;
    out.code = in.text("alpha2");
    check_code(in, "alpha2", out.code, 2);
    out.alpha3 = in.text("alpha3");
    check_code(in, "alpha3", out.alpha3, 3);
    out.name = read_names(in, "name", "name_en");
    out.languages = in.texts("languages");
    check_languages(in, "languages", out.languages);
    out.un = in.flag("un_member");
    out.eu = in.flag("eu_member");
    out.coe = in.flag("coe_member");
    out.commonwealth = in.flag("commonwealth_member");
    out.region = one_of(in, "region", region_words);
    out.death_penalty = in.word<DeathPenalty>("death_penalty", death_penalty_words);
    if (in.has("invented")) out.invented = in.flag("invented");
    out.note = in.text_or_null("note");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

Result<Offence> read_offence(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Offence out;
    out.id = in.text("id");
    out.title = read_names(in, "title", "title_en");
    out.group = one_of(in, "group", group_words);
    out.counted_as = one_of(in, "counted_as", offence_words);
    out.listed_in = read_listings(in, "listed_in");
    out.speed_dependent = in.flag("speed_dependent");
    out.speed_reason = in.text_or_null("speed_reason");
    if (out.speed_dependent != out.speed_reason.has_value())
        in.complain(
            "speed_reason", "does not go with \"speed_dependent\"",
            "An offence that depends on speed says why; any other says null.");
    out.note = in.text_or_null("note");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

Result<DataCategory> read_data_category(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    DataCategory out;
    out.id = in.text("id");
    out.title = read_names(in, "title", "title_en");
    out.intrusiveness = in.number("intrusiveness", 1, 100);
    out.definition = in.text("definition");
    out.articles = read_listings(in, "source_articles");
    out.lowest_authority_eevidence = in.text_or_null("lowest_authority_eevidence");
    out.constitutional_standard = in.text_or_null("typical_constitutional_standard");
    out.extra_conditions = in.text_or_null("extra_conditions");
    out.note = in.text_or_null("note");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

Result<CentralAuthority> read_central_authority(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    CentralAuthority out;
    out.country = in.text("country");
    out.authority = read_names(in, "authority", "authority");
    out.unit = names_or_null(in, "unit");
    out.role = in.text("role");
    out.languages = in.texts("languages");
    check_languages(in, "languages", out.languages);
    out.channel = names_or_null(in, "channel");
    out.contact_24_7 = names_or_null(in, "contact_24_7");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

Result<Standard> read_standard(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Standard out;
    out.id = in.text("id");
    const auto kind = in.text("kind");
    out.number = in.number_or_null("number", 1, 13);
    if ((kind == "principle") != out.number.has_value() ||
        (kind != "principle" && kind != "instrument"))
        in.complain(
            "kind", fmt::format("is \"{}\"", kind),
            "Write principle, with a number from 1 to 13, or instrument, with none.");
    out.name = read_names(in, "name", "name_en");
    out.summary = in.text("summary");
    out.request_must_show = in.text_or_null("request_must_show");
    out.rests_on = in.texts("rests_on");
    out.machine_check = in.text_or_null("machine_check");
    out.articles = in.texts_or_null("articles");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

Result<Volume> read_volume(const json::Object& object, std::string place) {
    Record in(object, std::move(place));
    Volume out;
    out.id = in.text("id");
    out.topic = in.text("topic");
    if (std::find(topic_words.begin(), topic_words.end(), out.topic) == topic_words.end())
        in.complain(
            "topic", fmt::format("is \"{}\"", out.topic),
            "Write one of: delay, deadline, volume, resources, provider, coverage.");
    out.actor = in.text("actor");
    out.period = in.text("period");
    out.metric = in.text("metric");
    if (const auto* value = in.any("value"); value && value->is_int64()) {
        out.number = value->as_int64();
        out.value = std::to_string(*out.number);
    } else if (value && value->is_string()) {
        out.value = std::string(value->as_string());
    } else {
        in.complain(
            "value", "is no figure",
            "Write a whole number, or a text where the figure has decimals or two parts.");
    }
    out.unit = in.text("unit");
    out.note = in.text_or_null("note");
    if (in.has("country")) out.country = in.text_or_null("country");
    out.source = read_source(in);
    TRY_VOID(in.done());
    return out;
}

} // namespace comity::law
