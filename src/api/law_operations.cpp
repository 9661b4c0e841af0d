// The law, for anybody: forms, procedures, countries, names. What the pack holds, as it stands
// there.
#include "api/api.hpp"
#include "api/names.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

namespace comity::api {

namespace {

const json::Array* records(Api& api, std::string_view file) {
    const auto* data = api.node().law().pack().data(file);
    const auto* list = data ? data->if_contains("records") : nullptr;
    return list && list->is_array() ? &list->as_array() : nullptr;
}

std::string member(const json::Object& record, std::string_view name) {
    const auto* value = record.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

http::Response get_form(Api& api, const Call& call) {
    const auto* form = api.node().law().pack().form(call.param("form"));
    if (!form) return http::problem(unknown(call).value());
    return answer_cached(call, json::Value(form->schema()));
}

http::Response get_procedure(Api& api, const Call& call) {
    const auto* text = api.node().law().pack().procedure_text(call.param("procedure"));
    if (!text) return http::problem(unknown(call).value());
    auto value = json::parse(*text, limits::procedure_bytes);
    if (!value) return http::problem(value.error());
    return answer_cached(call, *value);
}

json::Array named(
    Api& api, std::string_view file, std::string_view id, std::string_view en,
    std::string_view fr) {
    json::Array out;
    if (const auto* list = records(api, file))
        for (const auto& value : *list) {
            const auto& record = value.as_object();
            json::Object title{{"en", member(record, en)}};
            if (auto french = member(record, fr); !french.empty()) title["fr"] = std::move(french);
            out.emplace_back(json::Object{{"id", member(record, id)}, {"title", std::move(title)}});
        }
    return out;
}

// The kinds of data that a request can name, with the labels of its form.
json::Array data_items(Api& api) {
    json::Array out;
    const auto* form = api.node().law().pack().form("request");
    const auto* field = form ? form->field("data_items") : nullptr;
    if (!field) return out;
    const auto& schema = form->schema().at("properties").as_object().at("data_items").as_object();
    const auto* items = schema.if_contains("items");
    const auto* labels = items ? items->as_object().if_contains("x-labels") : nullptr;
    if (labels)
        for (const auto& label : labels->as_object())
            out.emplace_back(json::Object{{"id", label.key()}, {"title", label.value()}});
    return out;
}

http::Response get_vocabulary(Api& api, const Call& call) {
    json::Array procedures;
    for (const auto& id : api.node().law().pack().procedures()) {
        const auto* procedure = api.node().law().find(id);
        json::Object title;
        for (const auto& [tongue, text] : procedure->titles())
            title[tongue] = text;
        procedures.emplace_back(json::Object{{"id", id}, {"title", std::move(title)}});
    }
    return answer_cached(
        call, json::Object{
                  {"offences", named(api, "offences.json", "id", "title_en", "title_fr")},
                  {"categories", named(api, "data_categories.json", "id", "title_en", "title_fr")},
                  {"instruments", named(api, "instruments.json", "id", "title", "title_fr")},
                  {"procedures", std::move(procedures)},
                  {"data_items", data_items(api)}});
}

http::Response list_doors(Api& api, const Call& call) {
    const auto wanted = call.request.query_if("country");
    const auto directory = api.node().directory();
    json::Array items;
    if (const auto* list = records(api, "central_authorities.json"))
        for (const auto& value : *list) {
            const auto& record = value.as_object();
            const auto country = member(record, "country");
            if (wanted && country != *wanted) continue;
            json::Object item{
                {"country", country},
                {"authority", member(record, "authority")},
                {"languages",
                 record.contains("languages") ? record.at("languages") : json::Array{}},
                {"source", member(record, "source")},
                {"confidence", member(record, "confidence")}};
            for (const std::string_view name : {"unit", "channel", "contact_24_7"})
                if (auto text = member(record, name); !text.empty()) item[name] = std::move(text);
            if (directory)
                for (const auto& participant : (*directory)->participants())
                    if (participant.kind == directory::Kind::authority &&
                        participant.country == country) {
                        item["participant"] = participant.id.str();
                        item["url"] =
                            fmt::format("https://{}:{}", participant.host, participant.port);
                    }
            items.emplace_back(std::move(item));
        }
    return answer_cached(call, json::Object{{"items", std::move(items)}});
}

} // namespace

void add_law_operations(Handlers& handlers) {
    handlers["getForm"] = get_form;
    handlers["getProcedure"] = get_procedure;
    handlers["getVocabulary"] = get_vocabulary;
    handlers["listDoors"] = list_doors;
}

} // namespace comity::api
