// One member after the other; the first problem wins, because the ones after it often follow.
#include "law/record.hpp"

#include "base/time.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

namespace comity::law {

std::optional<Day> day_of(std::string_view text) {
    const auto instant = day_from(text);
    if (!instant) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*instant);
}

std::string to_text(Day day) {
    return day_text(Instant{day});
}

tl::unexpected<Refusal> bad_law(
    std::string_view place, std::string_view problem, std::string remedy) {
    // A refusal's text sets the full stop itself.
    while (remedy.ends_with('.'))
        remedy.pop_back();
    return refuse(
        Code::law_malformed, fmt::format("{}: {}", place, problem), {}, {}, std::move(remedy));
}

Record::Record(const json::Object& object, std::string place)
    : object_(object), place_(std::move(place)) {}

const json::Value* Record::take(std::string_view name) {
    const auto at = object_.find(name);
    if (at == object_.end()) {
        complain(name, "is missing", "Write it, or null where it is not known.");
        return nullptr;
    }
    seen_.push_back(at->key()); // lives as long as the object; the name given may be put together
    return &at->value();
}

void Record::complain(std::string_view name, std::string_view problem, std::string remedy) {
    if (problem_) return;
    problem_ = bad_law(place_, fmt::format("\"{}\" {}", name, problem), std::move(remedy)).value();
}

void Record::adopt(Record& inner) {
    if (auto done = inner.done(); !done && !problem_) problem_ = std::move(done.error());
}

Record Record::inner(std::string_view name) {
    static const json::Object none;
    const auto* value = take(name);
    if (value && !value->is_object()) complain(name, "is not an object");
    return {
        value && value->is_object() ? value->as_object() : none,
        fmt::format("{}, {}", place_, name)};
}

std::optional<Record> Record::inner_or_null(std::string_view name) {
    const auto* found = object_.if_contains(name);
    if (!found || !found->is_null()) return inner(name);
    seen_.push_back(name);
    return std::nullopt;
}

std::optional<std::string> Record::text_or_null(std::string_view name) {
    const auto* value = take(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_string() || value->as_string().empty()) {
        complain(name, "is not a text", "Write a text in quotes, or null where it is not known.");
        return std::nullopt;
    }
    return std::string(value->as_string());
}

std::string Record::text(std::string_view name) {
    auto found = text_or_null(name);
    if (!found) complain(name, "is null, and has to be known", "Write what it is.");
    return found.value_or("");
}

std::optional<std::vector<std::string>> Record::texts_or_null(std::string_view name) {
    const auto* value = take(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_array()) {
        complain(name, "is not a list");
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (const auto& item : value->as_array()) {
        if (!item.is_string() || item.as_string().empty()) {
            complain(name, "holds something that is not a text");
            return out;
        }
        out.emplace_back(item.as_string());
        if (std::find(out.begin(), out.end() - 1, out.back()) != out.end() - 1)
            complain(name, fmt::format("names \"{}\" twice", out.back()), "Leave one of them out.");
    }
    return out;
}

std::vector<std::string> Record::texts(std::string_view name) {
    auto found = texts_or_null(name);
    if (!found) complain(name, "is null, and has to be a list", "Write [] when there is none.");
    return std::move(found).value_or(std::vector<std::string>{});
}

std::optional<bool> Record::flag_or_null(std::string_view name) {
    const auto* value = take(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_bool()) {
        complain(name, "is not true or false");
        return std::nullopt;
    }
    return value->as_bool();
}

bool Record::flag(std::string_view name) {
    const auto found = flag_or_null(name);
    if (!found) complain(name, "is not true or false");
    return found.value_or(false);
}

std::optional<std::int64_t> Record::number_or_null(
    std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = take(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_int64() || value->as_int64() < least || value->as_int64() > most) {
        complain(name, fmt::format("is not a whole number from {} to {}", least, most));
        return std::nullopt;
    }
    return value->as_int64();
}

std::int64_t Record::number(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto found = number_or_null(name, least, most);
    if (!found) complain(name, fmt::format("is not a whole number from {} to {}", least, most));
    return found.value_or(0);
}

std::optional<Day> Record::day_or_null(std::string_view name) {
    const auto found = text_or_null(name);
    if (!found) return std::nullopt;
    auto day = day_of(*found);
    if (!day)
        complain(
            name, fmt::format("is \"{}\", which is no day", *found), "Write it as 2026-03-01.");
    return day;
}

Day Record::day(std::string_view name) {
    const auto found = day_or_null(name);
    if (!found) complain(name, "is null, and has to be a day", "Write it as 2026-03-01.");
    return found.value_or(Day{});
}

std::size_t Record::word_at(
    std::string_view found, std::string_view name, const std::string_view* words,
    std::size_t count) {
    const std::span known(words, count);
    const auto at = std::find(known.begin(), known.end(), found);
    if (at != known.end()) return static_cast<std::size_t>(at - known.begin());
    complain(
        name, fmt::format("is \"{}\"", found),
        fmt::format("Write one of: {}.", fmt::join(known, ", ")));
    return 0;
}

bool Record::has(std::string_view name) const {
    return object_.if_contains(name) != nullptr;
}

const json::Array& Record::list(std::string_view name) {
    static const json::Array none;
    const auto* value = take(name);
    if (value && value->is_array()) return value->as_array();
    if (value) complain(name, "is not a list");
    return none;
}

const json::Value* Record::any(std::string_view name) {
    return take(name);
}

Result<void> Record::done() {
    if (!problem_)
        for (const auto& member : object_) {
            const std::string_view key = member.key();
            if (std::find(seen_.begin(), seen_.end(), key) != seen_.end()) continue;
            complain(
                key, "is not known here",
                "Leave it out: no file can carry rules of its own, and least of all lower the floor.");
            break;
        }
    if (problem_) return tl::unexpected<Refusal>(*problem_);
    return {};
}

} // namespace comity::law
