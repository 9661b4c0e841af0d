// Checking filled-in forms. Three passes over each field: lengths and formats by our own code, the
// rest by the schema validator, which must not see a string that is too long for its patterns.
#include "law/form.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"
#include "base/said.hpp"
#include "base/said_list.hpp"
#include "base/time.hpp"
#include "law/form_lint.hpp"
#include "law/form_rule.hpp"
#include "law/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace comity::law {

namespace {

constexpr std::array side_names{
    std::string_view{"requesting"}, std::string_view{"requested"}, std::string_view{"provider"},
    std::string_view{"third"},      std::string_view{"subject"},   std::string_view{"oversight"},
};

using Problem = Form::Problem;

Text text_of(const json::Object& node, std::string_view keyword) {
    const auto& value = node.at(keyword).as_object();
    std::string english(value.at("en").as_string());
    std::string arabic(form_arabic(english));
    return {std::move(english), std::string(value.at("fr").as_string()), std::move(arabic)};
}

std::vector<std::string> strings_of(const json::Value& list) {
    std::vector<std::string> out;
    for (const auto& item : list.as_array())
        out.emplace_back(item.as_string());
    return out;
}

// RFC 6901: '~' and '/' in a member name are written ~0 and ~1. Names come from outside, so they
// are cut at 64 bytes (on a character's first byte) and shown without control characters.
std::string token(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 64)) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += '?';
        else
            out += c;
    }
    if (name.size() > 64) {
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0)
            out.pop_back();
        out += "…";
    }
    return out;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

bool is_host(std::string_view host) {
    if (host.find('.') == std::string_view::npos) return false;
    for (std::size_t begin = 0; begin <= host.size();) {
        const std::size_t end = std::min(host.find('.', begin), host.size());
        if (!is_label(host.substr(begin, end - begin))) return false;
        begin = end + 1;
    }
    return true;
}

bool has_space_or_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
}

// An address of a contact; the stricter check of a selector is assess/selector.hpp.
bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64) return false;
    if (text.find('@') != at || has_space_or_control(text)) return false;
    return is_host(text.substr(at + 1));
}

// RFC 3986 as far as a link in a form goes: https or http, or an identifier such as ELI or URN.
bool is_uri(std::string_view text) {
    if (has_space_or_control(text) || text.find_first_of("<>\"{}|\\^`") != std::string_view::npos)
        return false;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        text.remove_prefix(scheme.size());
        const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
        return is_host(authority.substr(0, authority.find(':')));
    }
    return text.starts_with("urn:") && text.size() > 8;
}

std::string pointer_of(const std::string& field, const std::vector<std::string>& path) {
    std::string out = "/" + field;
    for (const auto& part : path)
        out += "/" + token(part);
    return out;
}

/// The schema that stands for the value at the path, or null when the path leaves the schema.
const json::Object* schema_at(const json::Object* node, const std::vector<std::string>& path) {
    for (const auto& part : path) {
        const auto* properties = node->if_contains("properties");
        const json::Value* next =
            properties ? properties->as_object().if_contains(part) : node->if_contains("items");
        if (!next) return nullptr;
        node = &next->as_object();
    }
    return node;
}

Said kind(std::string_view type) {
    if (type == "string") return say("a text");
    if (type == "integer") return say("a whole number");
    if (type == "boolean") return say("true or false");
    if (type == "array") return say("a list");
    return say("a group of fields");
}

std::string bound(const json::Object& node, std::string_view keyword) {
    const auto* value = node.if_contains(keyword);
    return value && value->is_int64() ? std::to_string(value->as_int64()) : std::string("?");
}

// Our own sentence by keyword, with what would have been accepted taken from the schema. The value
// itself is never repeated: a refusal travels further than the form.
Said sentence(Keyword keyword, const json::Object& node) {
    switch (keyword) {
    case Keyword::type: return say("is not {}", kind(node.at("type").as_string()));
    case Keyword::enumeration: return say("is none of: {}", listed(strings_of(node.at("enum"))));
    case Keyword::constant: return say("must be {}", json::print(node.at("const")));
    case Keyword::min_length: {
        const std::string least = bound(node, "minLength");
        return least == "1" ? say("is empty") : say("is shorter than {} characters", least);
    }
    case Keyword::max_length: return say("is longer than {} characters", bound(node, "maxLength"));
    case Keyword::minimum: return say("is less than {}", bound(node, "minimum"));
    case Keyword::maximum: return say("is more than {}", bound(node, "maximum"));
    case Keyword::min_items: return say("has fewer than {} entries", bound(node, "minItems"));
    case Keyword::max_items: return say("has more than {} entries", bound(node, "maxItems"));
    case Keyword::unique_items: return say("has the same entry twice");
    case Keyword::pattern:
        return say(
            "is not written as the pattern {} asks",
            std::string_view(node.at("pattern").as_string()));
    case Keyword::required: return say("is missing");
    case Keyword::unknown: return say("is not a field of this form");
    case Keyword::other: break;
    }
    return say("is not of the form that is asked for");
}

std::string_view code_of(Keyword keyword) {
    switch (keyword) {
    case Keyword::type: return "type";
    case Keyword::enumeration:
    case Keyword::constant: return "enum";
    case Keyword::min_length:
    case Keyword::max_length: return "length";
    case Keyword::minimum:
    case Keyword::maximum: return "range";
    case Keyword::min_items:
    case Keyword::max_items: return "count";
    case Keyword::unique_items: return "duplicate";
    case Keyword::pattern: return "pattern";
    case Keyword::required: return "required";
    case Keyword::unknown: return "unknown";
    case Keyword::other: break;
    }
    return "other";
}

// Walks a value beside its schema: lengths, formats, and any string of unknown place. Recursion is
// bounded by the depth of the JSON door.
struct Measure {
    const std::string& field;
    std::vector<Problem>& problems;
    std::vector<std::string> path;
    bool too_long = false; ///< then the schema validator does not get to see the field

    void add(Said text, std::string_view code) {
        problems.push_back({pointer_of(field, path), std::move(text), code});
    }

    void string(std::string_view text, const json::Object* node) {
        const auto* most = node ? node->if_contains("maxLength") : nullptr;
        const std::size_t length_max =
            most ? static_cast<std::size_t>(most->as_int64()) : limits::form_string_bytes;
        if (characters(text) > length_max) {
            too_long = true;
            add(say("is longer than {} characters", length_max), "length");
            return;
        }
        const auto* format = node ? node->if_contains("format") : nullptr;
        if (!format) return;
        if (const auto problem = format_problem(format->as_string(), text); !problem.empty())
            add(problem, "format");
    }

    void walk(const json::Value& value, const json::Object* node) {
        if (value.is_string()) {
            string(value.as_string(), node);
        } else if (value.is_array()) {
            const auto* items = node ? node->if_contains("items") : nullptr;
            if (items && value.as_array().size() >
                             static_cast<std::size_t>(node->at("maxItems").as_int64())) {
                too_long = true; // a list of a hundred thousand would cost the validator seconds
                add(say("has more than {} entries", bound(*node, "maxItems")), "count");
                return;
            }
            std::size_t index = 0;
            for (const auto& item : value.as_array())
                step(std::to_string(index++), item, items);
        } else if (value.is_object()) {
            const auto* properties = node ? node->if_contains("properties") : nullptr;
            for (const auto& member : value.as_object())
                step(
                    std::string(member.key()), member.value(),
                    properties ? properties->as_object().if_contains(member.key()) : nullptr);
        }
    }

    void step(std::string part, const json::Value& value, const json::Value* node) {
        path.push_back(std::move(part));
        walk(value, node ? &node->as_object() : nullptr);
        path.pop_back();
    }
};

void check_field(
    const std::string& name, const json::Object& schema, const SchemaCheck& check,
    const json::Value& value, std::vector<Problem>& problems) {
    Measure measure{name, problems, {}};
    measure.walk(value, &schema);
    if (measure.too_long) return;
    for (auto& violation : check.run(value)) {
        const json::Object* node = schema_at(&schema, violation.path);
        if (!violation.member.empty()) violation.path.push_back(violation.member);
        problems.push_back(
            {pointer_of(name, violation.path),
             node ? sentence(violation.keyword, *node) : sentence(Keyword::unknown, schema),
             code_of(node ? violation.keyword : Keyword::unknown)});
    }
}

bool is_for(const Field& field, std::string_view side) {
    return side.empty() ||
           std::find(field.audience.begin(), field.audience.end(), side) != field.audience.end();
}

} // namespace

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

Said format_problem(std::string_view format, std::string_view text) {
    if (format == "date" && !day_from(text)) return say("is not a day written as 2026-03-01");
    if (format == "date-time" && !instant_from(text))
        return say("is not an instant with its zone, written as 2026-03-01T09:30:00Z");
    if (format == "email" && !is_email(text)) return say("is not an e-mail address");
    if (format == "uri" && !is_uri(text)) return say("is not a web address (https://…) or a URN");
    return {};
}

std::span<const std::string_view> sides() {
    return side_names;
}

Form::Form() = default;
Form::Form(Form&&) noexcept = default;
Form& Form::operator=(Form&&) noexcept = default;
Form::~Form() = default;

Result<Form> Form::read(std::string_view text, std::string_view file_name) {
    auto parsed = json::parse_object(text, limits::law_file_bytes);
    if (!parsed)
        return refuse(
            Code::form_schema_malformed,
            fmt::format("{}: {}", file_name, parsed.error().facts.text()));
    TRY_VOID(lint_form(*parsed, file_name));
    Form form;
    form.schema_ = std::move(*parsed);
    form.id_ = std::string(form.schema_.at("x-id").as_string());
    form.title_ = text_of(form.schema_, "x-title");
    const auto required = strings_of(form.schema_.at("required"));
    for (const auto& member : form.schema_.at("properties").as_object()) {
        const auto& node = member.value().as_object();
        Field field;
        field.name = std::string(member.key());
        field.audience = strings_of(node.at("x-audience"));
        field.required = std::find(required.begin(), required.end(), field.name) != required.end();
        field.title = text_of(node, "x-title");
        field.help = text_of(node, "x-help");
        field.sources = strings_of(node.at("x-source"));
        form.fields_.push_back(std::move(field));
        form.checks_.emplace_back(node);
        form.rules_.emplace_back(node);
    }
    return form;
}

const std::string& Text::in(std::string_view language) const {
    const auto& wanted = language == "ar" ? ar : language == "fr" ? fr : en;
    return wanted.empty() ? en : wanted;
}

json::Object Text::all() const {
    json::Object out{{"en", en}};
    if (!fr.empty()) out["fr"] = fr;
    if (!ar.empty()) out["ar"] = ar;
    return out;
}

const Field* Form::field(std::string_view name) const {
    const auto found = std::find_if(
        fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; });
    return found == fields_.end() ? nullptr : &*found;
}

void Form::explain(std::size_t index, const json::Value& value, std::vector<Problem>& out) const {
    const std::string& name = fields_[index].name;
    const auto& schema = schema_.at("properties").as_object().at(name).as_object();
    check_field(name, schema, checks_[index], value, out);
}

bool Form::holds(std::size_t index, const json::Value& value) const {
    return rules_[index].holds(value);
}

std::vector<Problem> Form::problems(const json::Object& fields, std::string_view side) const {
    CHECK_THAT(
        side.empty() || std::find(side_names.begin(), side_names.end(), side) != side_names.end());
    std::vector<Problem> out;
    std::size_t known = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        const Field& field = fields_[i];
        const json::Value* value = fields.if_contains(field.name);
        known += value ? 1 : 0;
        if (value && !is_for(field, side))
            out.push_back(
                {"/" + field.name, say("is not for the side \"{}\" to read", side), "unknown"});
        else if (value && !holds(i, *value))
            explain(i, *value, out);
        else if (!value && field.required && is_for(field, side))
            out.push_back({"/" + field.name, say("is missing"), "required"});
    }
    if (known != fields.size())
        for (const auto& member : fields)
            if (!field(member.key()))
                out.push_back(
                    {"/" + token(member.key()), say("is not a field of this form"), "unknown"});
    return out;
}

Result<void> Form::validate(const json::Object& fields, std::string_view side) const {
    const auto list = problems(fields, side);
    if (list.empty()) return {};
    const std::size_t shown = std::min(list.size(), limits::form_problems);
    std::vector<Said> told;
    for (std::size_t i = 0; i < shown; ++i)
        told.push_back(Said::list({Said::value(list[i].pointer), list[i].text}, " "));
    auto problems = Said::list(std::move(told), "; ");
    if (shown < list.size())
        return refuse(
            Code::form_invalid, say("form \"{}\", {} problems, the first {} of them: {}", id_,
                                    list.size(), shown, problems));
    if (shown == 1)
        return refuse(Code::form_invalid, say("form \"{}\", 1 problem: {}", id_, problems));
    return refuse(
        Code::form_invalid, say("form \"{}\", {} problems: {}", id_, list.size(), problems));
}

std::vector<PartPlan> split(const Form& form, const json::Object& fields) {
    std::vector<PartPlan> out;
    for (const auto& field : form.fields()) {
        const json::Value* value = fields.if_contains(field.name);
        if (!value) continue;
        auto part = std::find_if(out.begin(), out.end(), [&](const PartPlan& plan) {
            return plan.audience == field.audience;
        });
        if (part == out.end()) part = out.insert(out.end(), {field.audience, {}});
        part->fields[field.name] = *value;
    }
    std::size_t placed = 0;
    for (const auto& part : out)
        placed += part.fields.size();
    CHECK_THAT(placed == fields.size());
    const auto rank = [](const PartPlan& part) {
        std::vector<std::ptrdiff_t> ranks;
        for (const auto& side : part.audience)
            ranks.push_back(
                std::find(side_names.begin(), side_names.end(), side) - side_names.begin());
        return ranks;
    };
    std::sort(out.begin(), out.end(), [&](const PartPlan& a, const PartPlan& b) {
        return rank(a) < rank(b);
    });
    return out;
}

namespace {

// Every member stands in the one part of its field's audience.
Result<void> check_placed(const Form& form, const std::vector<PartPlan>& parts) {
    std::set<std::string_view> names;
    for (const auto& part : parts) {
        for (const auto& member : part.fields) {
            const Field* field = form.field(member.key());
            if (!field || field->audience != part.audience)
                return refuse(
                    Code::part_audience,
                    say("the form \"{}\" has no field \"{}\" for the part's audience ({})",
                        form.id(), token(member.key()), listed_names("side", part.audience)));
            if (!names.emplace(member.key()).second)
                return refuse(
                    Code::part_audience, say("the field \"{}\" stands in two parts", field->name));
        }
    }
    return {};
}

} // namespace

Result<json::Object> merge(const Form& form, std::vector<PartPlan> parts) {
    std::size_t given = 0;
    for (const auto& part : parts)
        given += part.fields.size();
    // Found by the form's fields: as many as are given, each once and in its part, or something is
    // amiss.
    std::vector<json::Value*> found(form.fields().size(), nullptr);
    std::size_t placed = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        for (auto& part : parts) {
            auto* value = part.fields.if_contains(form.fields()[i].name);
            if (!value || found[i] || form.fields()[i].audience != part.audience) continue;
            found[i] = value;
            ++placed;
        }
    if (placed != given) TRY_VOID(check_placed(form, parts));
    CHECK_THAT(placed == given);
    // In the memory of the first part, so that what it holds is moved and not copied.
    json::Object out(parts.empty() ? boost::json::storage_ptr() : parts.front().fields.storage());
    out.reserve(placed);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i]) out.emplace(form.fields()[i].name, std::move(*found[i]));
    return out;
}

} // namespace comity::law
