// Texts for people in their language. Code says what it says in English, as a pattern with braces
// and what stands in them; texts/*.txt has each pattern in English, French and Arabic under a
// stable key, and is built in. So one text has one place, a caller gets key and parameters, and a
// test finds what is missing (tests/base/said_test.cpp).
#pragma once

#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity {

inline constexpr std::array<std::string_view, 3> text_languages{"en", "fr", "ar"};

class Said {
public:
    Said() = default; ///< nothing was said

    /// What is the same in every language: an id, a number, what a person wrote.
    static Said value(std::string text);
    /// An instant: to the minute in UTC, in words of the language.
    static Said moment(Instant at);
    /// The calendar day of an instant in UTC, in words of the language.
    static Said day(Instant at);
    /// A period of law: P10D, in words of the language.
    static Said period(const Period& period);
    /// What has a code and a name: the country FR, the act "transmit", the role "judge". `kind` is
    /// one of country, act, role, side, category and selector; what has no name there is shown by
    /// its code.
    static Said name(std::string_view kind, std::string_view code);

    static Said country(std::string_view code) { return name("country", code); }

    static Said act(std::string_view code) { return name("act", code); }

    static Said role(std::string_view code) { return name("role", code); }

    static Said side(std::string_view code) { return name("side", code); }

    /// What has a code and titles of its own, by text_languages: an instrument of the law pack. A
    /// missing title is the English one, and without any it is shown by its code.
    static Said titled(std::string code, std::array<std::string, 3> titles);

    /// Several, one after the other, with that between them in English: ", ", "; " or " ".
    static Said list(std::vector<Said> items, std::string between);

    [[nodiscard]] bool empty() const { return kind_ == Kind::value && text_.empty(); }

    /// For a reader: in that language, with instants and names as people write them; in English
    /// where there is no such text or language.
    [[nodiscard]] std::string in(std::string_view language) const;

    /// For records, logs, programs and the command line: English, instants as RFC 3339 has them,
    /// codes as they are. It does not change when a name or a date is written another way.
    [[nodiscard]] std::string text() const;

    /// The stable key of the pattern; empty for values and lists.
    [[nodiscard]] std::string_view key() const;

    [[nodiscard]] const std::vector<Said>& parameters() const { return parameters_; }

    // What it is made of: for base/said_json.hpp, which keeps and restores it.
    enum class Kind { value, pattern, list, moment, day, period, name, titled };

    [[nodiscard]] Kind kind() const { return kind_; }

    /// The value, the pattern, what stands between, an instant or a period as text, kind.code, or
    /// the code of what has titles, which are its parameters.
    [[nodiscard]] const std::string& raw() const { return text_; }

    /// Same words, whatever they are made of.
    friend bool operator==(const Said& a, const Said& b) { return a.text() == b.text(); }

    friend bool operator==(const Said& a, std::string_view b) { return a.text() == b; }

private:
    friend Said said(std::string_view pattern, std::vector<Said> parameters);
    [[nodiscard]] std::string render(std::string_view language, bool for_reader) const;
    /// As a part of a text in that language: where it `isolates`, what is foreign there keeps its
    /// own direction.
    [[nodiscard]] std::string render_in(std::size_t place, bool for_reader, bool isolates) const;
    Kind kind_ = Kind::value;
    std::string text_;
    std::vector<Said> parameters_;
};

Said said(std::string_view pattern, std::vector<Said> parameters);

namespace detail {

inline Said parameter(const Said& said) {
    return said;
}

inline Said parameter(Instant at) {
    return Said::moment(at);
}

inline Said parameter(const Period& period) {
    return Said::period(period);
}

template <class T>
Said parameter(const T& value) {
    return Said::value(fmt::format("{}", value));
}

} // namespace detail

/// say("{} accepts {}", country, list): each `{}` takes one parameter, in order.
template <class... T>
Said say(std::string_view pattern, const T&... parameters) {
    return said(pattern, {detail::parameter(parameters)...});
}

/// What doctest and fmt print.
std::ostream& operator<<(std::ostream& out, const Said& said);

/// A line of texts/*.txt.
struct TextRow {
    std::string_view key;
    std::array<std::string_view, 3> texts; ///< by text_languages
    std::string_view file;
};

std::span<const TextRow> text_rows();

/// The row of that key; null where there is none.
const TextRow* text_row(std::string_view key);

/// Names of countries, acts, roles, sides, categories and kinds of selector, by `kind.code`:
/// texts/countries.txt, and those that the pages have (web/texts/acts.txt and common.txt). They are
/// no patterns.
std::span<const TextRow> name_rows();

/// A text of a form in Arabic, by its English; empty where there is none. The forms have English
/// and French themselves, the pages' web/texts/forms.ar has the third.
std::string_view form_arabic(std::string_view english);

} // namespace comity
