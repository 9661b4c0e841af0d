// Said texts to JSON and back.
#include "base/said_json.hpp"

#include "base/bytes.hpp"
#include "base/plain_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

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

std::optional<Said> read_titled(const json::Object& object) {
    const auto* titles = object.at("titles").if_array();
    std::array<std::string, 3> texts;
    if (!titles || titles->size() != texts.size()) return std::nullopt;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!titles->at(i).is_string()) return std::nullopt;
        texts.at(i) = titles->at(i).as_string();
    }
    return Said::titled(string_in(object, "code"), std::move(texts));
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
    if (object.contains("titles")) return read_titled(object);
    if (const auto at = instant_from(string_in(object, "moment"))) return Said::moment(*at);
    if (const auto at = day_from(string_in(object, "day"))) return Said::day(*at);
    if (const auto period = period_from(string_in(object, "period"))) return Said::period(*period);
    return read_name(string_in(object, "name"));
}

// What refusals quote is shorter by far.
constexpr std::size_t peer_text_bytes = 1'000;
constexpr std::size_t peer_parts_max = 200;
constexpr std::array<std::string_view, 5> betweens{", ", "; ", " ", " or ", ""};
constexpr std::array<std::string_view, 6> kinds{"country", "act",      "role",
                                                "side",    "category", "selector"};

std::string cleaned(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto c = static_cast<unsigned char>(text.front());
        if (turns_writing(text)) {
            text.remove_prefix(3);
            continue;
        }
        if (c >= 0x20 && c != 0x7f) out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

bool known_name(const std::string& raw) {
    const auto dot = raw.find('.');
    return std::find(kinds.begin(), kinds.end(), std::string_view(raw).substr(0, dot)) !=
               kinds.end() &&
           raw.size() <= 100;
}

// The same with clean values; nothing where it has what this program does not say. As deep as
// read() lets it be.
std::optional<Said> from_peer(const Said& told, std::size_t& parts) {
    if (++parts > peer_parts_max) return std::nullopt;
    const auto& raw = told.raw();
    std::vector<Said> inner;
    for (const auto& part : told.parameters()) {
        auto one = from_peer(part, parts);
        if (!one) return std::nullopt;
        inner.push_back(std::move(*one));
    }
    switch (told.kind()) {
    case Said::Kind::value:
        if (raw.size() > peer_text_bytes) return std::nullopt;
        return Said::value(cleaned(raw));
    case Said::Kind::pattern: return said(raw, std::move(inner));
    case Said::Kind::list:
        if (std::find(betweens.begin(), betweens.end(), raw) == betweens.end()) return std::nullopt;
        return Said::list(std::move(inner), raw);
    case Said::Kind::name:
        if (!known_name(raw)) return std::nullopt;
        return Said::name(
            raw.substr(0, raw.find('.')), cleaned(std::string_view(raw).substr(raw.find('.') + 1)));
    case Said::Kind::titled: // its titles are the peer's words
        if (raw.size() > peer_text_bytes) return std::nullopt;
        return Said::value(cleaned(raw));
    case Said::Kind::moment:
    case Said::Kind::day:
    case Said::Kind::period: return told;
    }
    return std::nullopt;
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
    case Said::Kind::titled:
        return json::Object{{"code", said.raw()}, {"titles", std::move(parts)}};
    case Said::Kind::list: return json::Object{{"list", std::move(parts)}, {"between", said.raw()}};
    case Said::Kind::pattern: break;
    }
    if (said.key().empty()) return json::Value(said.text()); // no text of the file: as it reads
    return json::Object{{"key", said.key()}, {"with", std::move(parts)}};
}

std::optional<Said> said_from(const json::Value& value) {
    return read(value, 0);
}

std::optional<Said> said_from_peer(const json::Value& value) {
    const auto told = read(value, 0);
    std::size_t parts = 0;
    return told ? from_peer(*told, parts) : std::nullopt;
}

Said quoted_from_peer(std::string_view words) {
    auto text = words.substr(0, peer_text_bytes);
    // Not through the middle of a character.
    while (!text.empty() && !is_utf8(text))
        text.remove_suffix(1);
    if (text.empty()) return {};
    return say("in words of the other node: “{}”", cleaned(text));
}

} // namespace comity
