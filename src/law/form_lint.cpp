// The lint of form schemas, a walk over the schema's tree (depth-limited by the JSON door).
#include "law/form_lint.hpp"

#include "base/limits.hpp"
#include "law/form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace comity::law {

namespace {

constexpr std::array<std::string_view, 21> checked_keywords{
    "type",     "properties", "required",  "additionalProperties",
    "items",    "minItems",   "maxItems",  "uniqueItems",
    "enum",     "const",      "minLength", "maxLength",
    "pattern",  "format",     "minimum",   "maximum",
    "x-title",  "x-help",     "x-labels",  "x-audience",
    "x-source",
};

struct Lint {
    std::string_view file;

    [[nodiscard]] tl::unexpected<Refusal> bad(
        std::string_view where, std::string_view problem) const {
        return refuse(
            Code::form_schema_malformed,
            fmt::format("{}, {}: {}", file, where.empty() ? "the form itself" : where, problem));
    }

    [[nodiscard]] Result<void> text(
        const json::Object& node, std::string_view keyword, std::string_view where) const {
        const auto* value = node.if_contains(keyword);
        if (!value || !value->is_object())
            return bad(where, fmt::format("\"{}\" is missing", keyword));
        const auto& object = value->as_object();
        for (const std::string_view language : {"en", "fr"}) {
            const auto* one = object.if_contains(language);
            if (!one || !one->is_string() || one->as_string().empty())
                return bad(
                    where, fmt::format("\"{}\" lacks the language \"{}\"", keyword, language));
        }
        if (object.size() != 2)
            return bad(where, fmt::format("\"{}\" holds more than en and fr", keyword));
        return {};
    }

    [[nodiscard]] Result<void> audience(const json::Object& node, std::string_view where) const {
        const auto* value = node.if_contains("x-audience");
        if (!value || !value->is_array() || value->as_array().empty())
            return bad(
                where, "\"x-audience\" is missing: a field that nobody may read is no field");
        auto next = sides().begin();
        for (const auto& item : value->as_array()) {
            if (!item.is_string()) return bad(where, "\"x-audience\" is not a list of sides");
            next = std::find(next, sides().end(), std::string_view(item.as_string()));
            if (next == sides().end())
                return bad(
                    where, "\"x-audience\" names an unknown side, or one twice or out of order");
            ++next;
        }
        return {};
    }

    [[nodiscard]] Result<void> sources(const json::Object& node, std::string_view where) const {
        const auto* value = node.if_contains("x-source");
        if (!value || !value->is_array() || value->as_array().empty())
            return bad(where, "\"x-source\" is missing: who asks for this field?");
        for (const auto& item : value->as_array())
            if (!item.is_string() || item.as_string().empty())
                return bad(where, "\"x-source\" is not a list of texts");
        return {};
    }

    // A member that must be a bound from `least` to `most`.
    [[nodiscard]] Result<void> bound(
        const json::Object& node, std::string_view keyword, std::int64_t least, std::int64_t most,
        std::string_view where) const {
        const auto* value = node.if_contains(keyword);
        if (!value || !value->is_int64() || value->as_int64() < least || value->as_int64() > most)
            return bad(
                where, fmt::format("\"{}\" is missing or not from {} to {}", keyword, least, most));
        return {};
    }

    [[nodiscard]] Result<void> string(const json::Object& node, std::string_view where) const;
    [[nodiscard]] Result<void> array(const json::Object& node, const std::string& where) const;
    [[nodiscard]] Result<void> object(const json::Object& node, const std::string& where) const;
    [[nodiscard]] Result<void> node(const json::Value& value, const std::string& where) const;
    [[nodiscard]] Result<void> top(const json::Object& schema) const;
};

Result<void> Lint::string(const json::Object& node, std::string_view where) const {
    if (const auto* values = node.if_contains("enum")) {
        if (!values->is_array() || values->as_array().empty())
            return bad(where, "\"enum\" is empty");
        const auto* labels = node.if_contains("x-labels");
        if (!labels || !labels->is_object()) return bad(where, "\"x-labels\" is missing");
        if (labels->as_object().size() != values->as_array().size())
            return bad(where, "\"x-labels\" has not one label for each value");
        for (const auto& item : values->as_array()) {
            if (!item.is_string()) return bad(where, "\"enum\" holds something that is not a text");
            TRY_VOID(text(labels->as_object(), item.as_string(), where));
        }
        return {};
    }
    TRY_VOID(
        bound(node, "maxLength", 1, static_cast<std::int64_t>(limits::form_string_bytes), where));
    if (const auto* pattern = node.if_contains("pattern")) {
        if (!pattern->is_string() || !is_safe_pattern(pattern->as_string()))
            return bad(where, "\"pattern\" is not anchored, or repeats a repetition");
        TRY_VOID(bound(
            node, "maxLength", 1, static_cast<std::int64_t>(limits::form_pattern_characters),
            where));
    }
    if (const auto* format = node.if_contains("format")) {
        constexpr std::array<std::string_view, 4> known{"date", "date-time", "email", "uri"};
        if (!format->is_string() ||
            std::find(known.begin(), known.end(), std::string_view(format->as_string())) ==
                known.end())
            return bad(where, "\"format\" is none of date, date-time, email, uri");
    }
    return {};
}

Result<void> Lint::array(const json::Object& node, const std::string& where) const {
    TRY_VOID(bound(node, "maxItems", 1, static_cast<std::int64_t>(limits::evidence_items), where));
    if (const auto* unique = node.if_contains("uniqueItems");
        unique && unique->is_bool() && unique->as_bool())
        TRY_VOID(bound(
            node, "maxItems", 1, static_cast<std::int64_t>(limits::form_unique_items), where));
    const auto* items = node.if_contains("items");
    if (!items) return bad(where, "\"items\" is missing");
    return this->node(*items, where + "/items");
}

Result<void> Lint::object(const json::Object& node, const std::string& where) const {
    const auto* closed = node.if_contains("additionalProperties");
    if (!closed || !closed->is_bool() || closed->as_bool())
        return bad(where, "\"additionalProperties\" is not false");
    const auto* properties = node.if_contains("properties");
    if (!properties || !properties->is_object() || properties->as_object().empty())
        return bad(where, "\"properties\" is missing");
    for (const auto& member : properties->as_object()) {
        const std::string name = where + "/" + std::string(member.key());
        if (!member.value().is_object()) return bad(name, "is not an object");
        TRY_VOID(text(member.value().as_object(), "x-title", name));
        TRY_VOID(this->node(member.value(), name));
    }
    const auto* required = node.if_contains("required");
    if (!required || !required->is_array()) return bad(where, "\"required\" is missing");
    for (const auto& item : required->as_array())
        if (!item.is_string() || !properties->as_object().contains(item.as_string()))
            return bad(where, "\"required\" names no property");
    return {};
}

Result<void> Lint::node(const json::Value& value, const std::string& where) const {
    if (!value.is_object()) return bad(where, "is not an object");
    const auto& node = value.as_object();
    for (const auto& member : node)
        if (std::find(
                checked_keywords.begin(), checked_keywords.end(), std::string_view(member.key())) ==
            checked_keywords.end())
            return bad(
                where,
                fmt::format(
                    "the keyword \"{}\" is not used in forms", std::string_view(member.key())));
    const auto* type = node.if_contains("type");
    if (!type || !type->is_string()) return bad(where, "\"type\" is missing");
    const std::string_view name = type->as_string();
    if (name == "string") return string(node, where);
    if (name == "array") return array(node, where);
    if (name == "object") return object(node, where);
    if (name == "boolean") return {};
    if (name != "integer")
        return bad(where, "\"type\" is none of string, integer, boolean, array, object");
    // What a number of the browser and of a database column can both hold.
    constexpr std::int64_t widest = std::int64_t{1} << 53;
    TRY_VOID(bound(node, "minimum", -widest, widest, where));
    return bound(node, "maximum", -widest, widest, where);
}

Result<void> Lint::top(const json::Object& schema) const {
    constexpr std::array<std::string_view, 7> allowed{
        "$schema", "x-id", "x-title", "type", "properties", "required", "additionalProperties"};
    for (const auto& member : schema)
        if (std::find(allowed.begin(), allowed.end(), std::string_view(member.key())) ==
            allowed.end())
            return bad(
                "", fmt::format(
                        "the keyword \"{}\" is not used at the top of a form",
                        std::string_view(member.key())));
    const auto* draft = schema.if_contains("$schema");
    if (!draft || *draft != "http://json-schema.org/draft-07/schema#")
        return bad("", "\"$schema\" is not draft-07");
    const auto* id = schema.if_contains("x-id");
    if (!id || !id->is_string()) return bad("", "\"x-id\" is missing");
    const auto* type = schema.if_contains("type");
    if (!type || *type != "object") return bad("", "\"type\" is not object");
    TRY_VOID(text(schema, "x-title", ""));
    TRY_VOID(object(schema, ""));
    for (const auto& member : schema.at("properties").as_object()) {
        const auto& field = member.value().as_object();
        const std::string where = "/" + std::string(member.key());
        TRY_VOID(text(field, "x-help", where));
        TRY_VOID(audience(field, where));
        TRY_VOID(sources(field, where));
    }
    return {};
}

} // namespace

bool is_safe_pattern(std::string_view pattern) {
    if (!pattern.starts_with('^') || !pattern.ends_with('$')) return false;
    // For each open group: whether something in it repeats without a bound.
    std::vector<bool> unbounded{false};
    const auto repeats = [&](std::size_t at) {
        if (at >= pattern.size()) return false;
        if (pattern[at] == '*' || pattern[at] == '+') return true;
        const std::size_t close = pattern.find('}', at);
        return pattern[at] == '{' && close != std::string_view::npos && pattern[close - 1] == ',';
    };
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == '[') {
            while (++i < pattern.size() && pattern[i] != ']')
                if (pattern[i] == '\\') ++i;
        } else if (pattern[i] == '(') {
            unbounded.push_back(false);
            continue;
        } else if (pattern[i] == ')') {
            if (unbounded.size() < 2) return false;
            const bool inner = unbounded.back();
            unbounded.pop_back();
            const bool repeated =
                i + 1 < pattern.size() && (pattern[i + 1] == '{' || pattern[i + 1] == '?');
            if (repeats(i + 1) || (repeated && inner)) return false;
            if (inner) unbounded.back() = true;
            continue;
        }
        if (repeats(i + 1)) unbounded.back() = true;
    }
    if (unbounded.size() != 1) return false;
    try {
        const std::regex compiled{std::string(pattern)};
        return true;
    } catch (const std::regex_error&) {
        return false; // not a pattern: the lint says so
    }
}

Result<void> lint_form(const json::Object& schema, std::string_view file_name) {
    return Lint{file_name}.top(schema);
}

} // namespace comity::law
