// Two JSON trees side by side. Lists of records are matched by what names them, other lists as a
// whole. Recursion is bounded by the depth of the JSON door.
#include "law/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace comity::law {

namespace {

std::string string_at(const json::Object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// What names a record among its neighbours; empty when nothing does.
std::string name_of(const json::Value& value) {
    const auto* object = value.if_object();
    if (!object) return {};
    for (const std::string_view key : {"id", "alpha2", "ground", "procedure"})
        if (auto name = string_at(*object, key); !name.empty()) return name;
    if (auto a = string_at(*object, "a"), b = string_at(*object, "b"); !a.empty() && !b.empty()) {
        if (b < a) std::swap(a, b);
        auto name = fmt::format("{}-{}", a, b);
        if (const auto territory = string_at(*object, "territory"); !territory.empty())
            name += "-" + territory;
        if (const auto scope = string_at(*object, "scope"); scope.starts_with("supplement"))
            name += "-supplement";
        return name;
    }
    if (auto country = string_at(*object, "country"); !country.empty()) {
        const auto article = string_at(*object, "article");
        return article.empty() ? country : fmt::format("{}, Art. {}", country, article);
    }
    if (auto instrument = string_at(*object, "instrument"); !instrument.empty())
        return fmt::format("{}, Art. {}", instrument, string_at(*object, "article"));
    return {};
}

using Named = std::map<std::string, const json::Value*>;

/// The items by name, if each has one of its own.
std::optional<Named> named(const json::Array& list) {
    Named out;
    for (const auto& item : list) {
        auto name = name_of(item);
        if (name.empty() || !out.emplace(std::move(name), &item).second) return std::nullopt;
    }
    return out;
}

struct Walk {
    std::string file;
    std::string record;
    std::vector<Change>& out;

    void add(
        ChangeKind kind, const std::string& field, const json::Value* before,
        const json::Value* after) {
        out.push_back(
            {kind, file, record, field, before ? json::print(*before) : std::string(),
             after ? json::print(*after) : std::string()});
    }

    void both(const std::string& field, const json::Value* before, const json::Value* after) {
        if (!before)
            add(ChangeKind::added, field, nullptr, after);
        else if (!after)
            add(ChangeKind::removed, field, before, nullptr);
        else if (*before != *after)
            walk(field, *before, *after);
    }

    void objects(const std::string& field, const json::Object& before, const json::Object& after) {
        const auto inside = [&](std::string_view key) {
            return field.empty() ? std::string(key) : fmt::format("{}/{}", field, key);
        };
        for (const auto& member : before)
            both(inside(member.key()), &member.value(), after.if_contains(member.key()));
        for (const auto& member : after)
            if (!before.contains(member.key()))
                both(inside(member.key()), nullptr, &member.value());
    }

    void lists(const std::string& field, const Named& before, const Named& after) {
        const auto find = [](const Named& list, const std::string& name) {
            const auto at = list.find(name);
            return at == list.end() ? nullptr : at->second;
        };
        for (const auto& [name, value] : before)
            both(fmt::format("{}[{}]", field, name), value, find(after, name));
        for (const auto& [name, value] : after)
            if (!before.contains(name)) both(fmt::format("{}[{}]", field, name), nullptr, value);
    }

    void walk(const std::string& field, const json::Value& before, const json::Value& after) {
        if (before.is_object() && after.is_object())
            return objects(field, before.as_object(), after.as_object());
        if (before.is_array() && after.is_array()) {
            const auto old_items = named(before.as_array());
            const auto new_items = named(after.as_array());
            if (old_items && new_items) return lists(field, *old_items, *new_items);
        }
        add(ChangeKind::changed, field, &before, &after);
    }
};

const json::Array* records_of(const json::Object& file) {
    const auto* records = file.if_contains("records");
    return records && records->is_array() ? &records->as_array() : nullptr;
}

void diff_records(
    const std::string& path, const Named& before, const Named& after, std::vector<Change>& out) {
    const auto whole = [&](ChangeKind kind, const std::string& name, const json::Value& value) {
        const auto text = json::print(value);
        out.push_back(
            {kind,
             path,
             name,
             {},
             kind == ChangeKind::removed ? text : std::string(),
             kind == ChangeKind::added ? text : std::string()});
    };
    for (const auto& [name, value] : before) {
        const auto at = after.find(name);
        if (at == after.end())
            whole(ChangeKind::removed, name, *value);
        else if (*value != *at->second)
            Walk{path, name, out}.walk({}, *value, *at->second);
    }
    for (const auto& [name, value] : after)
        if (!before.contains(name)) whole(ChangeKind::added, name, *value);
}

json::Object file_of(const Pack& pack, const std::string& path) {
    if (const auto* data = pack.data(path)) return *data;
    // Forms are kept as forms; their schema is the file.
    const auto at = pack.files().find(path);
    auto parsed = json::parse_object(at->second, at->second.size());
    return parsed ? std::move(*parsed) : json::Object();
}

void diff_file(
    const std::string& path, const Pack& before, const Pack& after, std::vector<Change>& out) {
    const auto old_file = file_of(before, path);
    const auto new_file = file_of(after, path);
    const auto* old_records = records_of(old_file);
    const auto* new_records = records_of(new_file);
    const auto old_named = old_records ? named(*old_records) : std::nullopt;
    const auto new_named = new_records ? named(*new_records) : std::nullopt;
    if (!old_named || !new_named)
        return Walk{path, {}, out}.walk({}, json::Value(old_file), json::Value(new_file));
    auto old_rest = old_file;
    auto new_rest = new_file;
    old_rest.erase("records");
    new_rest.erase("records");
    if (old_rest != new_rest)
        Walk{path, {}, out}.walk({}, json::Value(old_rest), json::Value(new_rest));
    diff_records(path, *old_named, *new_named, out);
}

} // namespace

std::vector<Change> diff(const Pack& before, const Pack& after) {
    std::vector<Change> out;
    for (const auto& [path, content] : before.files()) {
        const auto at = after.files().find(path);
        if (at == after.files().end())
            out.push_back({ChangeKind::removed, path, {}, {}, {}, {}});
        else if (at->second != content)
            diff_file(path, before, after, out);
    }
    for (const auto& [path, content] : after.files())
        if (!before.files().contains(path))
            out.push_back({ChangeKind::added, path, {}, {}, {}, {}});
    std::sort(out.begin(), out.end(), [](const Change& x, const Change& y) {
        return std::tie(x.file, x.record, x.field) < std::tie(y.file, y.record, y.field);
    });
    return out;
}

} // namespace comity::law
