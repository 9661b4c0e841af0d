// Questions beside their answers.
#include "casefile/difference.hpp"

#include "base/said_list.hpp"

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

// RFC 6901.
std::string step(const std::string& pointer, std::string_view member) {
    std::string out = pointer + "/";
    for (const char c : member)
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    return out;
}

// What makes two rows the same row with something changed in it: a row of a grid is known by
// selector and category, another entry by whichever of these members it has.
bool same_entry(const json::Value& one, const json::Value& other) {
    if (!one.is_object() || !other.is_object()) return false;
    bool named = false;
    for (const std::string_view key :
         {"selector", "category", "id", "test", "field", "principle", "country", "name", "cell"}) {
        const auto* a = one.as_object().if_contains(key);
        const auto* b = other.as_object().if_contains(key);
        if (!a && !b) continue;
        if (!a || !b || *a != *b) return false;
        named = true;
    }
    return named;
}

struct Comparison {
    std::vector<Change>& out;

    void value(const std::string& pointer, const json::Value& before, const json::Value& after) {
        if (before == after) return;
        if (before.is_object() && after.is_object())
            return object(pointer, before.as_object(), after.as_object());
        if (before.is_array() && after.is_array())
            return array(pointer, before.as_array(), after.as_array());
        out.push_back({pointer, &before, &after});
    }

    void object(const std::string& pointer, const json::Object& before, const json::Object& after) {
        for (const auto& member : before) {
            const auto* now = after.if_contains(member.key());
            const auto there = step(pointer, member.key());
            if (now)
                value(there, member.value(), *now);
            else
                out.push_back({there, &member.value(), nullptr});
        }
        for (const auto& member : after)
            if (!before.contains(member.key()))
                out.push_back({step(pointer, member.key()), nullptr, &member.value()});
    }

    // Equal entries first, then those that are the same with a change; what is left over on both
    // sides is compared in order where nothing names the entries. Lists of a form are short.
    void array(const std::string& pointer, const json::Array& before, const json::Array& after) {
        std::vector<std::size_t> partner(before.size(), after.size());
        std::vector<bool> taken(after.size(), false);
        const auto pair = [&](auto alike) {
            for (std::size_t i = 0; i < before.size(); ++i)
                for (std::size_t j = 0; partner[i] == after.size() && j < after.size(); ++j)
                    if (!taken[j] && alike(i, j)) {
                        partner[i] = j;
                        taken[j] = true;
                    }
        };
        pair([&](std::size_t i, std::size_t j) { return before[i] == after[j]; });
        pair([&](std::size_t i, std::size_t j) { return same_entry(before[i], after[j]); });
        if (before.size() == after.size())
            pair([&](std::size_t i, std::size_t j) {
                return i == j && before[i].is_object() && after[j].is_object() &&
                       !same_entry(before[i], before[i]);
            });
        for (std::size_t i = 0; i < before.size(); ++i)
            if (partner[i] < after.size())
                value(step(pointer, std::to_string(i)), before[i], after[partner[i]]);
            else
                out.push_back({step(pointer, std::to_string(i)), &before[i], nullptr});
        for (std::size_t j = 0; j < after.size(); ++j)
            if (!taken[j]) out.push_back({step(pointer, std::to_string(j)), nullptr, &after[j]});
    }
};

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
        say("{} questions were asked ({}), {} are answered ({})", questions.size(),
            listed(questions), answers.size(), listed(answers)),
        "Each question is answered, and only what was asked", "docs/procedures.md, Clarification",
        "Answer question by question");
}

std::vector<Change> changes(const json::Object& before, const json::Object& after, bool all) {
    std::vector<Change> out;
    Comparison compare{out};
    for (const auto& member : before) {
        const auto* now = after.if_contains(member.key());
        const auto there = step({}, member.key());
        if (now)
            compare.value(there, member.value(), *now);
        else if (all)
            out.push_back({there, &member.value(), nullptr});
    }
    for (const auto& member : after)
        if (all && !before.contains(member.key()))
            out.push_back({step({}, member.key()), nullptr, &member.value()});
    return out;
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
