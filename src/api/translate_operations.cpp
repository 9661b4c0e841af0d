// Translating a text of an act for whoever may read it. The text is the act's own, found by its
// place: what the caller sends names a place and two languages, and reaches no program.
#include "act/seal.hpp"
#include "api/case_view.hpp"
#include "api/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

http::Response get_translator(Api& api, const Call&) {
    json::Array pairs;
    std::string tool;
    if (api.translator) {
        tool = api.translator->tool();
        for (const auto& pair : api.translator->pairs())
            pairs.emplace_back(json::Object{{"from", pair.from}, {"to", pair.to}});
    }
    return answer(json::Object{{"tool", std::move(tool)}, {"pairs", std::move(pairs)}});
}

// The text at a place of what may be read; RFC 6901 and nothing beside it.
Result<std::string> text_at(const json::Object& fields, std::string_view pointer) {
    const json::Value whole(fields);
    boost::system::error_code failed;
    const auto* found = pointer.empty() ? nullptr : whole.find_pointer(pointer, failed);
    if (!found || failed || !found->is_string())
        return refuse(Code::not_found, say("no text of this act stands there for you to read"));
    return std::string(found->as_string());
}

// The language that the act itself states: of the words of who wrote it.
std::string stated_language(const json::Object& fields) {
    const auto* language = fields.if_contains("language");
    const auto* original =
        language && language->is_object() ? language->as_object().if_contains("original") : nullptr;
    return original && original->is_string() ? std::string(original->as_string()) : std::string();
}

Result<json::Object> translate(Api& api, const Call& call) {
    TRY(const auto body, call.body());
    json::Reader in{body, "translation"};
    const auto pointer = in.string("pointer");
    const auto to = in.string("to");
    const auto given = in.string_if("from");
    TRY_VOID(in.done());
    TRY(const auto found, see_act(api, call, call.param("hash")));
    TRY(const auto fields, readable(api, call, found.row));
    TRY(const auto original, text_at(fields, pointer));
    // What the act says of itself counts before what the reader takes it for.
    auto from = std::string(language_alone(stated_language(fields)));
    if (from.empty()) from = std::string(language_alone(given.value_or("")));
    if (from.empty())
        return refuse(
            Code::translation_none, say("the act does not state in which language its text is"));
    if (!api.translator)
        return refuse(Code::translation_none, say("this node has no program that translates"));
    // Only what the settings name goes further, in the settings' own spelling.
    const auto pairs = api.translator->pairs();
    const auto pair =
        std::find(pairs.begin(), pairs.end(), LanguagePair{from, std::string(language_alone(to))});
    if (pair == pairs.end())
        return refuse(
            Code::translation_none,
            say("{} does not translate between these two languages", api.translator->tool()));
    if (original.size() > limits::translation_text_bytes)
        return refuse(
            Code::too_large,
            say("a text of {} bytes, at most {}", original.size(), limits::translation_text_bytes));
    if (!api.translations.take(call.session.person.str(), api.node().now()))
        return refuse(
            Code::rate_exceeded,
            say("{} translations at once and {} a minute are made for one person",
                limits::translation_burst, limits::translation_per_minute));
    TRY(auto text, api.translator->translate(*pair, original));
    note_body_read(api, call, call.param("hash"), "translation");
    return json::Object{
        {"from", pair->from},
        {"to", pair->to},
        {"tool", api.translator->tool()},
        {"kind", "machine"},
        {"text", std::move(text)}};
}

http::Response translate_text(Api& api, const Call& call) {
    return answer(translate(api, call));
}

} // namespace

std::string_view language_alone(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

void add_translate_operations(Handlers& handlers) {
    handlers["getTranslator"] = get_translator;
    handlers["translateText"] = translate_text;
}

} // namespace comity::api
