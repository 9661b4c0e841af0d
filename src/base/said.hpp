// Texts for people in their language. Code says what it says in English, as a pattern with braces
// and what stands in them; texts/*.txt has each pattern in English, French and Arabic under a
// stable key, and is built in. So one text has one place, a caller gets key and parameters, and a
// test finds what is missing (tests/base/said_test.cpp).
#pragma once

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
    /// Several, one after the other, with that between them in English: ", ", "; " or " ".
    static Said list(std::vector<Said> items, std::string between);

    [[nodiscard]] bool empty() const { return kind_ == Kind::value && text_.empty(); }

    /// In that language; in English where there is no such text or language.
    [[nodiscard]] std::string in(std::string_view language) const;

    [[nodiscard]] std::string text() const { return in("en"); }

    /// The stable key of the pattern; empty for values and lists.
    [[nodiscard]] std::string_view key() const;

    [[nodiscard]] const std::vector<Said>& parameters() const { return parameters_; }

    /// Same words, whatever they are made of.
    friend bool operator==(const Said& a, const Said& b) { return a.text() == b.text(); }

    friend bool operator==(const Said& a, std::string_view b) { return a.text() == b; }

private:
    friend Said said(std::string_view pattern, std::vector<Said> parameters);
    enum class Kind { value, pattern, list };
    Kind kind_ = Kind::value;
    std::string text_; ///< the value, the pattern, or what stands between
    std::vector<Said> parameters_;
};

Said said(std::string_view pattern, std::vector<Said> parameters);

namespace detail {

inline Said parameter(const Said& said) {
    return said;
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

/// A text of a form in Arabic, by its English; empty where there is none. The forms have English
/// and French themselves, the pages' web/texts/forms.ar has the third.
std::string_view form_arabic(std::string_view english);

} // namespace comity
