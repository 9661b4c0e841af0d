// Said texts to JSON and back.
#include "base/said_json.hpp"

#include <algorithm>

namespace comity {

namespace {

// Texts are nested two or three deep (base/said.cpp); what is deeper was not made here.
constexpr int depth_max = 8;

std::string string_in(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<Said> read(const json::Value& value, int depth);

std::optional<std::vector<Said>> read_items(
    const json::Object& object, std::string_view name, int depth) {
    const auto* list = object.if_contains(name);
    if (!list || !list->is_array()) return std::nullopt;
    std::vector<Said> out;
    for (const auto& item : list->as_array()) {
        auto read_item = read(item, depth + 1);
        if (!read_item) return std::nullopt;
        out.push_back(std::move(*read_item));
    }
    return out;
}

std::optional<Said> read_pattern(const json::Object& object, int depth) {
    const auto* row = text_row(string_in(object, "key"));
    auto with = read_items(object, "with", depth);
    if (!row || !with) return std::nullopt;
    const auto pattern = row->texts.front();
    const auto places = std::count(pattern.begin(), pattern.end(), '{');
    if (with->size() != static_cast<std::size_t>(places)) return std::nullopt;
    return said(pattern, std::move(*with));
}

std::optional<Said> read_name(const std::string& text) {
    const auto dot = text.find('.');
    if (dot == std::string::npos) return std::nullopt;
    return Said::name(text.substr(0, dot), std::string_view(text).substr(dot + 1));
}

std::optional<Said> read(const json::Value& value, int depth) {
    if (value.is_string()) return Said::value(std::string(value.as_string()));
    if (!value.is_object() || depth > depth_max) return std::nullopt;
    const auto& object = value.as_object();
    if (object.contains("key")) return read_pattern(object, depth);
    if (object.contains("list")) {
        auto items = read_items(object, "list", depth);
        if (!items) return std::nullopt;
        return Said::list(std::move(*items), string_in(object, "between"));
    }
    if (const auto at = instant_from(string_in(object, "moment"))) return Said::moment(*at);
    if (const auto at = day_from(string_in(object, "day"))) return Said::day(*at);
    if (const auto period = period_from(string_in(object, "period"))) return Said::period(*period);
    return read_name(string_in(object, "name"));
}

} // namespace

json::Value said_value(const Said& said) {
    json::Array parts;
    for (const auto& part : said.parameters())
        parts.push_back(said_value(part));
    switch (said.kind()) {
    case Said::Kind::value: return json::Value(said.raw());
    case Said::Kind::moment: return json::Object{{"moment", said.raw()}};
    case Said::Kind::day: return json::Object{{"day", said.raw()}};
    case Said::Kind::period: return json::Object{{"period", said.raw()}};
    case Said::Kind::name: return json::Object{{"name", said.raw()}};
    case Said::Kind::list: return json::Object{{"list", std::move(parts)}, {"between", said.raw()}};
    case Said::Kind::pattern: break;
    }
    if (said.key().empty()) return json::Value(said.text()); // no text of the file: as it reads
    return json::Object{{"key", said.key()}, {"with", std::move(parts)}};
}

std::optional<Said> said_from(const json::Value& value) {
    return read(value, 0);
}

} // namespace comity
