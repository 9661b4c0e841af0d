// The quick check of a field beside the one that explains: over every form, its example and many
// thousands of mutations of it, both say the same.
#include "law/form.hpp"
#include "law/form_rule.hpp"
#include "support/law_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>

using namespace comity;
using namespace comity::law;

namespace {

Form form_of(const std::string& id) {
    return Form::read(test::law_file("forms/" + id + ".json"), id).value();
}

using Random = std::mt19937_64;

const json::Array& oddities() {
    static const json::Array values = {
        nullptr,
        true,
        false,
        0,
        -1,
        std::int64_t{1} << 53,
        (std::int64_t{1} << 53) + 1,
        "",
        " ",
        "x",
        "XA",
        "2026-03-01",
        "2026-02-30",
        "2026-03-01T09:30:00Z",
        "https://x.example",
        "a@b.example",
        "+4912345678",
        "\u00e9\u00e9",
        std::string(300, 'a'),
        std::string(513, 'a'),
        std::string(10'001, 'a'),
        json::Array{},
        json::Object{},
        json::Array{"x", "x"},
        json::Array{json::Object{}},
        json::Object{{"x", 1}},
        json::Object{{"type", "email"}}};
    return values;
}

// Changes one place of a value, somewhere in its depth.
void mutate(json::Value& value, Random& random) {
    const auto pick = [&](std::size_t count) {
        return static_cast<std::size_t>(random() % count);
    };
    if (value.is_object() && !value.as_object().empty() && pick(4) != 0) {
        auto& object = value.as_object();
        const auto at = object.begin() + static_cast<std::ptrdiff_t>(pick(object.size()));
        switch (pick(6)) {
        case 0: object.erase(at); break;
        case 1: object["unknown"] = oddities()[pick(oddities().size())]; break;
        default: mutate(at->value(), random);
        }
    } else if (value.is_array() && !value.as_array().empty() && pick(4) != 0) {
        auto& array = value.as_array();
        const auto at = pick(array.size());
        switch (pick(6)) {
        case 0: array.erase(array.begin() + static_cast<std::ptrdiff_t>(at)); break;
        case 1: array.push_back(json::Value(array[at])); break; // the same twice
        case 2:
            while (array.size() < 30)
                array.push_back(json::Value(array[at]));
            break;
        default: mutate(array[at], random);
        }
    } else if (value.is_string() && pick(3) != 0) {
        auto& text = value.as_string();
        switch (pick(4)) {
        case 0: text.push_back('!'); break;
        case 1: text.resize(text.size() / 2); break;
        case 2: text.append("\xc3\xa9"); break;
        default: text.append(std::string(pick(600), 'a'));
        }
    } else {
        value = oddities()[pick(oddities().size())];
    }
}

bool agrees(const Form& form, std::size_t index, const json::Value& value) {
    std::vector<Form::Problem> problems;
    form.explain(index, value, problems);
    return form.holds(index, value) == problems.empty();
}

} // namespace

TEST_CASE(
    "R7_ the quick check and the one that explains agree on every mutation of every example") {
    constexpr std::uint64_t seed = 2026;
    INFO("seed ", seed);
    Random random(seed);
    std::size_t good = 0;
    std::size_t bad = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::law_directory() / "examples")) {
        const auto example = test::law_example(entry.path().stem().string());
        const Form form = form_of(example.form);
        for (std::size_t i = 0; i < form.fields().size(); ++i) {
            const auto* value = example.fields.if_contains(form.fields()[i].name);
            for (int round = 0; round < 40; ++round) {
                json::Value changed = value ? *value : json::Value();
                for (auto times = random() % 3; times > 0; --times)
                    mutate(changed, random);
                REQUIRE_MESSAGE(
                    agrees(form, i, changed), example.form, "/", form.fields()[i].name, ": ",
                    json::print(changed).substr(0, 300));
                ++(form.holds(i, changed) ? good : bad);
            }
        }
    }
    // Both happen often, or the test would show nothing.
    CHECK(good > 1'000);
    CHECK(bad > 1'000);
}

TEST_CASE("R7_ each keyword of a rule below, at and above its bound") {
    const auto rule = [](const std::string& text) {
        return FieldRule(json::parse_object(text, 10'000).value());
    };
    const auto text = rule(R"({"type":"string","minLength":2,"maxLength":3,"pattern":"^[a-z]*$"})");
    CHECK_FALSE(text.holds("a"));
    CHECK(text.holds("ab"));
    CHECK(text.holds("abc"));
    CHECK_FALSE(text.holds("abcd"));
    CHECK_FALSE(text.holds("AB"));
    CHECK_FALSE(text.holds(12));
    const auto number = rule(R"({"type":"integer","minimum":5,"maximum":6})");
    CHECK_FALSE(number.holds(4));
    CHECK(number.holds(5));
    CHECK(number.holds(6));
    CHECK_FALSE(number.holds(7));
    CHECK_FALSE(number.holds("5"));
    const auto list = rule(
        R"({"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":"string","enum":["a","b","c"]}})");
    CHECK_FALSE(list.holds(json::Array{}));
    CHECK(list.holds(json::Array{"a"}));
    CHECK(list.holds(json::Array{"a", "b"}));
    CHECK_FALSE(list.holds(json::Array{"a", "a"}));
    CHECK_FALSE(list.holds(json::Array{"a", "b", "c"}));
    CHECK_FALSE(list.holds(json::Array{"d"}));
    const auto group = rule(
        R"({"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"boolean","const":true},"b":{"type":"string","maxLength":9,"format":"date"}}})");
    CHECK(group.holds(json::Object{{"a", true}}));
    CHECK_FALSE(group.holds(json::Object{{"a", false}}));
    CHECK_FALSE(group.holds(json::Object{{"b", "2026-03-01"}}));
    CHECK_FALSE(group.holds(json::Object{{"a", true}, {"b", "soon"}}));
    CHECK_FALSE(group.holds(json::Object{{"a", true}, {"c", 1}}));
}
