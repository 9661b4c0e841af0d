// Compiling a field's schema, and the one walk over a value.
#include "law/form_rule.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"

#include <algorithm>
#include <limits>

namespace comity::law {

struct FieldRule::Member {
    std::string name;
    FieldRule rule;
    bool required = false;
};

namespace {

std::int64_t number_or(const json::Object& node, std::string_view keyword, std::int64_t otherwise) {
    const auto* value = node.if_contains(keyword);
    return value ? value->as_int64() : otherwise;
}

} // namespace

FieldRule::FieldRule(FieldRule&&) noexcept = default;
FieldRule& FieldRule::operator=(FieldRule&&) noexcept = default;
FieldRule::~FieldRule() = default;

FieldRule::FieldRule(const json::Object& schema) {
    constexpr auto unbounded = std::numeric_limits<std::int64_t>::max();
    if (const auto* constant = schema.if_contains("const")) constant_ = *constant;
    const std::string_view type = schema.at("type").as_string();
    if (type == "string") {
        kind_ = Kind::text;
        least_ = number_or(schema, "minLength", 0);
        most_ =
            number_or(schema, "maxLength", static_cast<std::int64_t>(limits::form_string_bytes));
        if (const auto* choices = schema.if_contains("enum"))
            for (const auto& choice : choices->as_array())
                choices_.emplace_back(choice.as_string());
        if (const auto* pattern = schema.if_contains("pattern"))
            pattern_.emplace(std::string(pattern->as_string()));
        if (const auto* format = schema.if_contains("format"))
            format_ = std::string(format->as_string());
    } else if (type == "integer") {
        kind_ = Kind::integer;
        least_ = number_or(schema, "minimum", std::numeric_limits<std::int64_t>::min());
        most_ = number_or(schema, "maximum", unbounded);
    } else if (type == "boolean") {
        kind_ = Kind::boolean;
    } else if (type == "array") {
        kind_ = Kind::list;
        least_ = number_or(schema, "minItems", 0);
        most_ = number_or(schema, "maxItems", unbounded);
        const auto* unique = schema.if_contains("uniqueItems");
        unique_ = unique && unique->as_bool();
        items_ = std::make_unique<FieldRule>(schema.at("items").as_object());
    } else {
        CHECK_THAT(type == "object"); // the lint knows no other
        kind_ = Kind::group;
        const auto& required = schema.at("required").as_array();
        for (const auto& member : schema.at("properties").as_object()) {
            const bool needed =
                std::find(required.begin(), required.end(), json::Value(member.key())) !=
                required.end();
            members_.push_back(
                {std::string(member.key()), FieldRule(member.value().as_object()), needed});
        }
    }
}

bool FieldRule::text_holds(std::string_view text) const {
    // There are at most as many characters as bytes, so most texts need not be counted.
    const auto bytes = static_cast<std::int64_t>(text.size());
    const bool surely = bytes <= most_ && (least_ == 0 || (least_ == 1 && bytes > 0));
    if (!surely) {
        const auto length = static_cast<std::int64_t>(characters(text));
        if (length < least_ || length > most_) return false;
    }
    if (!choices_.empty() && std::find(choices_.begin(), choices_.end(), text) == choices_.end())
        return false;
    if (!format_.empty() && !format_problem(format_, text).empty()) return false;
    return !pattern_ || std::regex_search(text.begin(), text.end(), *pattern_);
}

bool FieldRule::list_holds(const json::Array& list) const {
    const auto entries = static_cast<std::int64_t>(list.size());
    if (entries < least_ || entries > most_) return false;
    for (const auto& item : list)
        if (!items_->holds(item)) return false;
    if (unique_)
        for (auto one = list.begin(); one != list.end(); ++one)
            if (std::find(list.begin(), one, *one) != one) return false;
    return true;
}

bool FieldRule::group_holds(const json::Object& group) const {
    std::size_t known = 0;
    for (const auto& member : members_) {
        const auto* value = group.if_contains(member.name);
        if (!value && member.required) return false;
        if (!value) continue;
        ++known;
        if (!member.rule.holds(*value)) return false;
    }
    return known == group.size();
}

bool FieldRule::holds(const json::Value& value) const {
    if (constant_ && value != *constant_) return false;
    switch (kind_) {
    case Kind::text: return value.is_string() && text_holds(value.as_string());
    case Kind::integer:
        return value.is_int64() && value.as_int64() >= least_ && value.as_int64() <= most_;
    case Kind::boolean: return value.is_bool();
    case Kind::list: return value.is_array() && list_holds(value.as_array());
    case Kind::group: return value.is_object() && group_holds(value.as_object());
    }
    return false;
}

} // namespace comity::law
