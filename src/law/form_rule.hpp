// A field's schema compiled once, so that a value that is in order is known to be so in one walk
// without allocation. It answers yes or no; what is wrong, and where, the slower way says
// (form.cpp), and a test holds the two against each other.
#pragma once

#include "base/json.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace comity::law {

/// Number of characters of a UTF-8 text.
std::size_t characters(std::string_view text);

/// What is wrong with a text of that format; empty when nothing is.
Said format_problem(std::string_view format, std::string_view text);

/// Safe to use from several threads at once.
class FieldRule {
public:
    /// `schema` has passed the lint of form_lint.hpp.
    explicit FieldRule(const json::Object& schema);
    FieldRule(FieldRule&&) noexcept;
    FieldRule& operator=(FieldRule&&) noexcept;
    ~FieldRule();

    /// Whether every keyword of the schema holds for the value.
    [[nodiscard]] bool holds(const json::Value& value) const;

private:
    [[nodiscard]] bool text_holds(std::string_view text) const;
    [[nodiscard]] bool list_holds(const json::Array& list) const;
    [[nodiscard]] bool group_holds(const json::Object& group) const;

    struct Member;
    enum class Kind { text, integer, boolean, list, group };

    Kind kind_ = Kind::text;
    std::vector<std::string> choices_; ///< `enum`
    std::optional<json::Value> constant_;
    std::int64_t least_ = 0; ///< characters, entries, or the number itself
    std::int64_t most_ = 0;
    std::optional<std::regex> pattern_;
    std::string format_;
    bool unique_ = false;
    std::unique_ptr<FieldRule> items_;
    std::vector<Member> members_;
};

} // namespace comity::law
