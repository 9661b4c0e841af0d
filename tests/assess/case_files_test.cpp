// The library of worked cases (law/cases): that each file is whole, that its request fills its form
// in exactly when F1 is expected to be met, and that together they show every test in both
// outcomes. What the program says of them stands in cases_test.cpp.
#include "law/form.hpp"
#include "support/law_files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

using namespace comity;

namespace {

struct CaseFile {
    std::string name;
    json::Object text;

    [[nodiscard]] std::string string(std::string_view member) const {
        return std::string(text.at(member).as_string());
    }

    [[nodiscard]] std::string expects(std::string_view test) const {
        return std::string(text.at("expect").as_object().at(test).as_string());
    }
};

const std::vector<CaseFile>& cases() {
    static const std::vector<CaseFile> all = [] {
        std::vector<CaseFile> out;
        for (const auto& entry :
             std::filesystem::directory_iterator(test::law_directory() / "cases")) {
            const auto name = entry.path().filename().string();
            auto text = json::parse_object(test::law_file("cases/" + name), limits::law_file_bytes);
            REQUIRE_MESSAGE(text, name, " is no JSON");
            out.push_back({name, std::move(*text)});
        }
        std::sort(
            out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        return out;
    }();
    return all;
}

std::vector<std::string> tests_of(const std::string& route) {
    std::vector<std::string> out;
    for (int i = 1; i <= 13; ++i)
        out.push_back(fmt::format("F{}", i));
    for (int i = 1; i <= 5 && route == "extraordinary"; ++i)
        out.push_back(fmt::format("E{}", i));
    return out;
}

// RFC 7396.
void merge_patch(json::Value& target, const json::Value& patch) {
    if (!patch.is_object()) {
        target = patch;
        return;
    }
    if (!target.is_object()) target = json::Object();
    for (const auto& [name, value] : patch.as_object()) {
        if (value.is_null())
            target.as_object().erase(name);
        else
            merge_patch(target.as_object()[name], value);
    }
}

} // namespace

TEST_CASE("R9 the worked cases are many, whole, and of all routes") {
    CHECK(cases().size() >= 45);
    std::map<std::string, std::size_t> routes;
    std::set<std::string> titles;
    for (const auto& item : cases()) {
        CAPTURE(item.name);
        CHECK(item.string("id") + ".json" == item.name);
        const auto& title = item.text.at("title").as_object();
        CHECK(titles.insert(std::string(title.at("en").as_string())).second);
        CHECK_FALSE(title.at("fr").as_string().empty());
        CHECK(item.string("why").size() > 40);
        const auto route = item.string("route");
        ++routes[route];
        CHECK(
            item.string("base") ==
            (route == "extraordinary" ? "extraordinary-request" : "request"));
        const auto expected = tests_of(route);
        CHECK(item.text.at("expect").as_object().size() == expected.size());
        for (const auto& test : expected) {
            const auto outcome = item.expects(test);
            CHECK((outcome == "met" || outcome == "not_met" || outcome == "needs_a_person"));
        }
        const auto& conclusion = item.text.at("conclusion").as_object();
        CHECK(conclusion.contains(item.string("requesting")));
        CHECK(conclusion.contains(item.string("requested")));
    }
    CHECK(routes["mla"] >= 30);
    CHECK(routes["emergency"] >= 3);
    CHECK(routes["extraordinary"] >= 10);
}

TEST_CASE("R9 every test of the law is met in one worked case and not met in another") {
    for (const auto& test : tests_of("extraordinary")) {
        std::set<std::string> seen;
        for (const auto& item : cases())
            if (item.text.at("expect").as_object().contains(test)) seen.insert(item.expects(test));
        CHECK_MESSAGE(seen.contains("met"), test);
        CHECK_MESSAGE(seen.contains("not_met"), test);
    }
}

TEST_CASE("R9 who asks in a worked case has shown what F6 and E3 expect of the connection") {
    for (const auto& item : cases()) {
        CAPTURE(item.name);
        const auto tie =
            item.text.at("conclusion").as_object().at(item.string("requesting")).as_string();
        const std::string f6 = tie == "demonstrated" ? "met"
                               : tie == "partial"    ? "needs_a_person"
                                                     : "not_met";
        CHECK(item.expects("F6") == f6);
        if (item.string("route") == "extraordinary")
            CHECK(item.expects("E3") == (tie == "demonstrated" ? "met" : "not_met"));
    }
}

TEST_CASE("the acts that a worked case lets go on are those whose findings stand") {
    // assessment.md of the design: which findings which act requires.
    const std::set<std::string> answerable = {"F4", "F6", "F12"};
    for (const auto& item : cases()) {
        CAPTURE(item.name);
        const auto route = item.string("route");
        const auto stands = [&](bool authorise) {
            for (const auto& test : tests_of(route)) {
                if (authorise && test == "F13") continue;
                const auto outcome = item.expects(test);
                const bool open = route != "extraordinary" &&
                                  (answerable.contains(test) || (authorise && test == "F3"));
                if (outcome == "not_met" || (outcome == "needs_a_person" && !open)) return false;
            }
            return true;
        };
        const auto& admitted = item.text.at("admitted").as_object();
        CHECK(admitted.at("authorise").as_bool() == stands(true));
        for (const auto& [act, may] : admitted)
            if (act != "authorise") CHECK_MESSAGE(may.as_bool() == stands(false), std::string(act));
    }
}

TEST_CASE("R7 a worked case fills its form in wherever F1 is expected to be met") {
    std::map<std::string, law::Form> forms;
    for (const char* name : {"request", "extraordinary-request"}) {
        auto form = law::Form::read(test::law_file(fmt::format("forms/{}.json", name)), name);
        REQUIRE(form);
        forms.emplace(name, std::move(*form));
    }
    for (const auto& item : cases()) {
        CAPTURE(item.name);
        json::Value fields = test::law_example(item.string("base")).fields;
        merge_patch(fields, item.text.at("change"));
        const auto problems = forms.at(item.string("base")).problems(fields.as_object());
        const std::string first =
            problems.empty() ? "" : problems[0].pointer + " " + problems[0].text.text();
        if (item.expects("F1") == "met") CHECK_MESSAGE(problems.empty(), first);
    }
}
