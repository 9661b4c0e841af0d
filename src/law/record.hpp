// Reads one record of a data file strictly: every member known, of its type, and written as asked.
// The first problem is kept with file, record and member, and with what to do about it.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace comity::law {

/// A calendar day, as laws and treaties state it: no hour, no zone.
using Day = std::chrono::sys_days;

/// 2026-03-01, and nothing else.
std::optional<Day> day_of(std::string_view text);
std::string to_text(Day day);

/// The words of an enumeration as the files spell them, in the order of the enumerators.
template <std::size_t N>
using Words = std::array<std::string_view, N>;

/// Refuses with law_malformed: "<place>: <problem>", and what to do.
tl::unexpected<Refusal> bad_law(
    std::string_view place, std::string_view problem, std::string remedy);

class Record {
public:
    /// `place` is what a reader of the refusal looks for: `instruments.json, "budapest-185"`.
    Record(const json::Object& object, std::string place);

    [[nodiscard]] const std::string& place() const { return place_; }

    /// The same record, for a member that is an object: its place is `place.name`. A member that
    /// is missing or no object is a problem of this record, and the inner one is empty.
    Record inner(std::string_view name);
    /// Nothing when the member is null.
    std::optional<Record> inner_or_null(std::string_view name);

    /// Texts are never empty: what is not known is null.
    std::string text(std::string_view name);
    std::optional<std::string> text_or_null(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    std::optional<std::vector<std::string>> texts_or_null(std::string_view name);
    bool flag(std::string_view name);
    std::optional<bool> flag_or_null(std::string_view name);
    std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<std::int64_t> number_or_null(
        std::string_view name, std::int64_t least, std::int64_t most);
    Day day(std::string_view name);
    std::optional<Day> day_or_null(std::string_view name);

    template <class Enum, std::size_t N>
    Enum word(std::string_view name, const Words<N>& words) {
        return static_cast<Enum>(word_at(text(name), name, words.data(), N));
    }

    template <class Enum, std::size_t N>
    std::optional<Enum> word_or_null(std::string_view name, const Words<N>& words) {
        const auto found = text_or_null(name);
        if (!found) return std::nullopt;
        return static_cast<Enum>(word_at(*found, name, words.data(), N));
    }

    template <class Enum, std::size_t N>
    std::vector<Enum> words(std::string_view name, const Words<N>& known) {
        std::vector<Enum> out;
        for (const auto& item : texts(name))
            out.push_back(static_cast<Enum>(word_at(item, name, known.data(), N)));
        return out;
    }

    /// Members that may be left out altogether.
    [[nodiscard]] bool has(std::string_view name) const;

    const json::Array& list(std::string_view name);
    /// As it is, of any type; null when it is missing.
    const json::Value* any(std::string_view name);

    void complain(std::string_view name, std::string_view problem, std::string remedy = {});

    /// Takes over the problem of an inner record, if it has one.
    void adopt(Record& inner);

    /// Refuses with the first problem, or because a member is not known here.
    Result<void> done();

private:
    std::size_t word_at(
        std::string_view found, std::string_view name, const std::string_view* words,
        std::size_t count);
    const json::Value* take(std::string_view name);

    const json::Object& object_;
    std::string place_;
    std::vector<std::string_view> seen_;
    std::optional<Refusal> problem_;
};

} // namespace comity::law
