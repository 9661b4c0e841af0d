// Every case of law/cases, assessed with the pack's own law, against what its author expects. A
// difference is printed with the case's reason, so that a lawyer can say which of the two is wrong.
#include "assess/case_file.hpp"
#include "support/law_library.hpp"

#include <filesystem>

using namespace comity;
using namespace comity::assess;

namespace {

const law::Form& form_of(const CaseFile& file) {
    static const auto pack = law::Pack::from_files(test::law_files(), crypto::sha256).value();
    const auto* form = pack.form(file.form());
    REQUIRE(form != nullptr);
    return *form;
}

Result<json::Object> base_fields(std::string_view base) {
    return test::law_example(std::string(base)).fields;
}

std::vector<std::string> case_ids() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(test::law_directory() / "cases"))
        if (entry.path().extension() == ".json") out.push_back(entry.path().stem().string());
    std::sort(out.begin(), out.end());
    return out;
}

json::Object case_object(const std::string& id) {
    auto object =
        json::parse_object(test::law_file("cases/" + id + ".json"), limits::law_file_bytes);
    REQUIRE(object);
    return std::move(*object);
}

CaseFile case_file(const std::string& id) {
    auto file = read_case_file(case_object(id), base_fields, Instant{});
    REQUIRE_MESSAGE(file, (file ? "" : file.error().text()));
    return std::move(*file);
}

} // namespace

TEST_CASE("R7_ R9_ every worked case is decided as its author expects") {
    const auto ids = case_ids();
    CHECK(ids.size() >= 40);
    std::size_t wrong = 0;
    for (const auto& id : ids) {
        const auto file = case_file(id);
        CHECK(file.id == id);
        const auto assessment = assess_case(test::real_library(), form_of(file), file);
        const auto found = differences(file, assessment);
        if (found.empty()) continue;
        ++wrong;
        std::string text =
            fmt::format("law/cases/{}.json: {}\n  why: {}", id, file.title.en, file.why);
        for (const auto& line : found)
            text += "\n  - " + line;
        MESSAGE(text);
    }
    CHECK_MESSAGE(wrong == 0, wrong, " of ", ids.size(), " cases are decided otherwise");
}

TEST_CASE("the runner sees a difference in finding, conclusion and act") {
    auto file = case_file(case_ids().front());
    const auto assessment = assess_case(test::real_library(), form_of(file), file);
    for (const auto& finding : assessment.findings) {
        file.expect[std::string(finding.test)] = name(finding.outcome);
    }
    file.conclusion.clear();
    file.admitted.clear();
    CHECK(differences(file, assessment).empty());
    auto other = file;
    other.expect["F8"] = assessment.find("F8")->outcome == Outcome::met ? "not_met" : "met";
    CHECK(differences(other, assessment).size() == 1);
    other = file;
    other.expect.erase("F8");
    CHECK(differences(other, assessment).size() == 1);
    other = file;
    other.conclusion["XA"] = "neither";
    CHECK(differences(other, assessment).size() == 1);
    other = file;
    other.admitted["authorise"] = !could_go_on("authorise", assessment);
    CHECK(differences(other, assessment).size() == 1);
}

TEST_CASE("a case file with an unknown member, route or day is refused") {
    const auto id = case_ids().front();
    const auto refused = [&](const std::function<void(json::Object&)>& change) {
        auto object = case_object(id);
        change(object);
        return !read_case_file(object, base_fields, Instant{}).has_value();
    };
    CHECK_FALSE(refused([](json::Object&) {}));
    CHECK(refused([](json::Object& o) { o["more"] = 1; }));
    CHECK(refused([](json::Object& o) { o["route"] = "fast"; }));
    CHECK(refused([](json::Object& o) { o["date"] = "yesterday"; }));
    CHECK(refused([](json::Object& o) { o.erase("date"); }));
    CHECK(refused([](json::Object& o) { o["directory"] = {{"training", "some"}}; }));
    CHECK(refused([](json::Object& o) { o["directory"] = {{"owner", "XA"}}; }));
}

TEST_CASE("a merge patch is RFC 7396") {
    const auto patched = [](const char* target, const char* patch) {
        return json::print(
            merge_patch(json::parse(target, 1000).value(), json::parse(patch, 1000).value()));
    };
    // Appendix A of the RFC.
    CHECK(patched(R"({"a":"b"})", R"({"a":"c"})") == R"({"a":"c"})");
    CHECK(patched(R"({"a":"b"})", R"({"b":"c"})") == R"({"a":"b","b":"c"})");
    CHECK(patched(R"({"a":"b"})", R"({"a":null})") == R"({})");
    CHECK(patched(R"({"a":"b","b":"c"})", R"({"a":null})") == R"({"b":"c"})");
    CHECK(patched(R"({"a":["b"]})", R"({"a":"c"})") == R"({"a":"c"})");
    CHECK(patched(R"({"a":"c"})", R"({"a":["b"]})") == R"({"a":["b"]})");
    CHECK(patched(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})") == R"({"a":{"b":"d"}})");
    CHECK(patched(R"({"a":[{"b":"c"}]})", R"({"a":[1]})") == R"({"a":[1]})");
    CHECK(patched(R"(["a","b"])", R"(["c","d"])") == R"(["c","d"])");
    CHECK(patched(R"({"a":"b"})", R"(["c"])") == R"(["c"])");
    CHECK(patched(R"({"a":"foo"})", R"(null)") == R"(null)");
    CHECK(patched(R"({"e":null})", R"({"a":1})") == R"({"e":null,"a":1})");
    CHECK(patched(R"([1,2])", R"({"a":"b","c":null})") == R"({"a":"b"})");
    CHECK(patched(R"({})", R"({"a":{"bb":{"ccc":null}}})") == R"({"a":{"bb":{}}})");
}
