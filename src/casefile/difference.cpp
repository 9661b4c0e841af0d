// Questions beside their answers.
#include "casefile/difference.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::casefile {

namespace {

std::string text_of(const json::Value& item, std::string_view name) {
    const auto* value = item.is_object() ? item.as_object().if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::Array& list_of(const json::Object& fields, std::string_view name) {
    static const json::Array none;
    const auto* value = fields.if_contains(name);
    return value && value->is_array() ? value->as_array() : none;
}

// Several questions about one field are answered in their order.
std::vector<std::string> fields_in(const json::Array& list) {
    std::vector<std::string> out;
    for (const auto& item : list)
        out.push_back(text_of(item, "field"));
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

std::vector<Difference> differences(const json::Object& asked, const json::Object* answered) {
    std::vector<Difference> out;
    std::vector<const json::Value*> left;
    if (answered)
        for (const auto& item : list_of(*answered, "answers"))
            left.push_back(&item);
    for (const auto& question : list_of(asked, "questions")) {
        Difference line{text_of(question, "field"),
                        text_of(question, "code"),
                        text_of(question, "text"),
                        {},
                        {},
                        {}};
        const auto at = std::find_if(left.begin(), left.end(), [&](const auto* item) {
            return text_of(*item, "field") == line.field;
        });
        if (at != left.end()) {
            line.answer = text_of(**at, "text");
            line.before = text_of(**at, "before");
            line.after = text_of(**at, "after");
            left.erase(at);
        }
        out.push_back(std::move(line));
    }
    return out;
}

Result<void> check_answers(const json::Object& asked, const json::Object& answered) {
    const auto questions = fields_in(list_of(asked, "questions"));
    const auto answers = fields_in(list_of(answered, "answers"));
    if (questions == answers) return {};
    return refuse(
        Code::finding_not_met,
        fmt::format(
            "{} questions were asked ({}), {} are answered ({})", questions.size(),
            fmt::join(questions, ", "), answers.size(), fmt::join(answers, ", ")),
        "Each question is answered, and only what was asked", "docs/procedures.md, Clarification",
        "Answer question by question");
}

json::Array print_differences(const std::vector<Difference>& list) {
    json::Array out;
    for (const auto& line : list) {
        json::Object item{{"field", line.field}, {"code", line.code}, {"question", line.question}};
        if (!line.answer.empty()) item["answer"] = line.answer;
        if (line.changed()) {
            item["before"] = line.before;
            item["after"] = line.after;
        }
        out.emplace_back(std::move(item));
    }
    return out;
}

} // namespace comity::casefile
