// Schemas of the contract with their references put in place, one check for each operation and
// status, made when it is first asked for.
#include "support/api_schema.hpp"

#include "api/contract.hpp"
#include "law/schema_check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <optional>

namespace comity::test {

namespace {

constexpr std::size_t contract_bytes = 1024 * 1024;
constexpr std::size_t answer_bytes = 16 * 1024 * 1024;

const json::Object& document() {
    static const json::Object parsed = [] {
        auto out = json::parse_object(api::openapi_text(), contract_bytes);
        REQUIRE(out.has_value());
        return *out;
    }();
    return parsed;
}

const json::Object& components() {
    return document().at("components").as_object();
}

const json::Object& target_of(std::string_view reference) {
    constexpr std::string_view begin = "#/components/";
    REQUIRE_MESSAGE(reference.starts_with(begin), reference);
    const auto rest = reference.substr(begin.size());
    const auto slash = rest.find('/');
    return components()
        .at(rest.substr(0, slash))
        .as_object()
        .at(rest.substr(slash + 1))
        .as_object();
}

// The schema with its references replaced by what they name. The validator leaves formats alone, so
// a time and a day become patterns; and it reads a pattern with a recursion for each character, so
// "only these characters" becomes "none but these", which recurses once.
json::Value resolved(const json::Value& node, int depth, bool names_are_members = false) {
    REQUIRE_MESSAGE(depth < 40, "the contract's schemas go round in a circle");
    if (node.is_array()) {
        json::Array out;
        for (const auto& item : node.as_array())
            out.push_back(resolved(item, depth + 1));
        return out;
    }
    if (!node.is_object()) return node;
    const auto& object = node.as_object();
    if (!names_are_members)
        if (const auto* reference = object.if_contains("$ref")) {
            const std::string_view name = reference->as_string();
            return resolved(json::Value(target_of(name)), depth + 1);
        }
    json::Object out;
    for (const auto& member : object) {
        const std::string_view key = member.key();
        if (names_are_members) {
            out[key] = resolved(member.value(), depth + 1);
        } else if (key == "properties") {
            out[key] = resolved(member.value(), depth + 1, true);
        } else if (key == "format" && member.value() == "date-time") {
            out["pattern"] =
                "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?Z$";
        } else if (key == "format" && member.value() == "date") {
            out["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
        } else if (key == "pattern" && member.value() == "^[A-Za-z0-9_-]*$") {
            out["not"] = json::Object{{"pattern", "[^A-Za-z0-9_-]"}};
        } else {
            out[key] = resolved(member.value(), depth + 1);
        }
    }
    return out;
}

const json::Object* operation_of(std::string_view id) {
    for (const auto& path : document().at("paths").as_object())
        for (const auto& member : path.value().as_object())
            if (const auto* object = member.value().if_object())
                if (const auto* name = object->if_contains("operationId");
                    name && name->as_string() == id)
                    return object;
    return nullptr;
}

// What one status of an operation holds: a media type, or nothing, and the schema where it is JSON.
struct Expected {
    std::string media_type;
    std::optional<law::SchemaCheck> schema;
};

std::optional<Expected> make_expected(const json::Object& operation, const std::string& status) {
    const auto& responses = operation.at("responses").as_object();
    const auto* entry = responses.if_contains(status);
    if (!entry) return std::nullopt;
    const auto* object = &entry->as_object();
    if (const auto* reference = object->if_contains("$ref"))
        object = &target_of(std::string_view(reference->as_string()));
    Expected out;
    const auto* content = object->if_contains("content");
    if (!content) return out;
    const auto& first = *content->as_object().begin();
    out.media_type = first.key();
    if (out.media_type.find("json") == std::string::npos) return out;
    out.schema.emplace(resolved(first.value().as_object().at("schema"), 0).as_object());
    return out;
}

const std::optional<Expected>& expected(std::string_view id, const std::string& status) {
    static std::map<std::string, std::optional<Expected>> made;
    const std::string key = std::string(id) + " " + status;
    auto at = made.find(key);
    if (at == made.end()) {
        const auto* operation = operation_of(id);
        REQUIRE_MESSAGE(operation, "the contract has no operation ", id);
        at = made.emplace(key, make_expected(*operation, status)).first;
    }
    return at->second;
}

std::string_view keyword_text(law::Keyword keyword) {
    using enum law::Keyword;
    switch (keyword) {
    case type: return "type";
    case enumeration: return "enum";
    case constant: return "const";
    case min_length: return "minLength";
    case max_length: return "maxLength";
    case minimum: return "minimum";
    case maximum: return "maximum";
    case min_items: return "minItems";
    case max_items: return "maxItems";
    case unique_items: return "uniqueItems";
    case pattern: return "pattern";
    case required: return "required";
    case unknown: return "additionalProperties";
    case other: return "another keyword";
    }
    return {};
}

} // namespace

std::vector<std::string> contract_faults(
    std::string_view operation_id, const http::Response& response) {
    const std::string status =
        response.status >= 400 ? std::string("default") : std::to_string(response.status);
    const auto& wanted = expected(operation_id, status);
    if (!wanted) return {fmt::format("status {} is not in the contract", response.status)};
    const auto type =
        std::string_view(response.content_type)
            .substr(0, std::min(response.content_type.find(';'), response.content_type.size()));
    if (type != wanted->media_type)
        return {fmt::format("media type '{}' instead of '{}'", type, wanted->media_type)};
    if (wanted->media_type.empty() && !response.body.empty()) return {"a body where there is none"};
    if (!wanted->schema) return {};
    const auto body = json::parse(response.body, answer_bytes);
    if (!body) return {"no JSON: " + body.error().facts.text()};
    std::vector<std::string> out;
    for (const auto& violation : wanted->schema->run(*body)) {
        std::string pointer;
        for (const auto& part : violation.path)
            pointer += "/" + part;
        out.push_back(fmt::format(
            "{}: {} {}", pointer.empty() ? "the body" : pointer, keyword_text(violation.keyword),
            violation.member));
    }
    return out;
}

void check_contract(std::string_view operation_id, const http::Response& response) {
    for (const auto& fault : contract_faults(operation_id, response))
        FAIL_CHECK(
            std::string(operation_id), " ", response.status, ": ", fault, "\n",
            response.body.substr(0, 4000));
}

} // namespace comity::test
