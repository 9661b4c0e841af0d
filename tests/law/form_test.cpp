// Forms: what the lint of schemas refuses, what a filled-in form is refused for and in which words,
// what each side sees of it, and that splitting by audience loses and adds nothing.
#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "law/form.hpp"
#include "law/form_lint.hpp"
#include "support/law_files.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace comity;
using namespace comity::law;

namespace {

Form form_of(const std::string& id) {
    auto form = Form::read(test::law_file("forms/" + id + ".json"), "forms/" + id + ".json");
    REQUIRE_MESSAGE(form, (form ? "" : form.error().text()));
    return std::move(*form);
}

std::vector<std::string> all_forms() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(test::law_directory() / "forms"))
        out.push_back(entry.path().stem().string());
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<std::string> all_examples() {
    std::vector<std::string> out;
    for (const auto& entry :
         std::filesystem::directory_iterator(test::law_directory() / "examples"))
        out.push_back(entry.path().stem().string());
    std::sort(out.begin(), out.end());
    return out;
}

json::Object object(std::string_view text) {
    return json::parse_object(text, 1 << 20).value();
}

// A form of one field "f" with the schema given, in the form the lint asks for.
std::string schema_with(std::string_view node, std::string_view audience = R"(["requesting"])") {
    return std::string(R"({"$schema":"http://json-schema.org/draft-07/schema#","x-id":"t",)") +
           R"("x-title":{"en":"T","fr":"T"},"type":"object","properties":{"f":{"x-title":{"en":"F","fr":"F"},)" +
           R"("x-help":{"en":"H","fr":"H"},"x-audience":)" + std::string(audience) +
           R"(,"x-source":["S"],)" + std::string(node) +
           R"(}},"required":["f"],"additionalProperties":false})";
}

Form small(std::string_view node) {
    auto form = Form::read(schema_with(node), "forms/t.json");
    REQUIRE_MESSAGE(form, (form ? "" : form.error().text()));
    return std::move(*form);
}

std::string facts(const Form& form, const json::Object& fields, std::string_view side = {}) {
    const auto result = form.validate(fields, side);
    if (result) return "";
    CHECK(result.error().code == Code::form_invalid);
    return result.error().facts.text();
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

json::Object view_of(const Form& form, const json::Object& fields, std::string_view side) {
    json::Object out;
    for (const auto& field : form.fields())
        if (std::find(field.audience.begin(), field.audience.end(), side) != field.audience.end())
            if (const auto* value = fields.if_contains(field.name)) out[field.name] = *value;
    return out;
}

} // namespace

TEST_CASE("each example is accepted by its form, whole and as each side sees it") {
    const auto names = all_examples();
    REQUIRE(names.size() >= 30);
    for (const auto& name : names) {
        const auto example = test::law_example(name);
        const Form form = form_of(example.form);
        CHECK_MESSAGE(facts(form, example.fields) == "", name);
        for (const auto side : sides())
            CHECK_MESSAGE(
                facts(form, view_of(form, example.fields, side), side) == "", name, " for ", side);
    }
}

TEST_CASE("each form has an example") {
    std::set<std::string> seen;
    for (const auto& name : all_examples())
        seen.insert(test::law_example(name).form);
    for (const auto& id : all_forms())
        CHECK_MESSAGE(seen.contains(id), id);
}

TEST_CASE(
    "R1543 Annex I, section M: a provider reads no facts, principles, connection or notice plan") {
    for (const auto& id : all_forms()) {
        const Form form = form_of(id);
        for (const auto& field : form.fields()) {
            const bool provider =
                std::find(field.audience.begin(), field.audience.end(), "provider") !=
                field.audience.end();
            for (const char* kept :
                 {"facts",           "principles",   "connection",   "connection_reasons",
                  "notice_plan",     "necessity",    "adequacy",     "proportionality",
                  "persons",         "conduct",      "nexus",        "less_intrusive",
                  "offences",        "urgency",      "reasons",      "findings",
                  "listed_crime",    "loss",         "own_interest", "mla_too_slow",
                  "third_countries", "until_reasons"})
                // The two forms that the provider itself fills in state its own facts.
                if (field.name == kept && id != "object" && id != "unable")
                    CHECK_MESSAGE(!provider, id, ".", kept);
        }
    }
    for (const char* own : {"object", "unable"})
        CHECK(form_of(own).field("facts"));
    const Form extraordinary = form_of("extraordinary-request");
    CHECK(
        extraordinary.field("grid")->audience ==
        std::vector<std::string>{"requesting", "requested", "provider", "third"});
    CHECK(
        form_of("request").field("grid")->audience ==
        std::vector<std::string>{"requesting", "requested"});
}

TEST_CASE("a required field that is missing is named, for every field of every form") {
    for (const auto& name : all_examples()) {
        const auto example = test::law_example(name);
        const Form form = form_of(example.form);
        for (const auto& field : form.fields()) {
            auto fields = example.fields;
            if (fields.erase(field.name) == 0) {
                CHECK_MESSAGE(!field.required, name, " ", field.name);
                continue;
            }
            const auto said = facts(form, fields);
            CHECK_MESSAGE(said.empty() == !field.required, name, " ", field.name);
            if (field.required)
                CHECK_MESSAGE(holds(said, "1 problem: /" + field.name + " is missing"), said);
        }
    }
}

TEST_CASE("T31 no form has a field for keywords, places or data of the future") {
    const Form form = form_of("request");
    auto fields = test::law_example("request").fields;
    auto& selector = fields["grid"].as_array()[0].as_object()["selector"].as_object();
    for (const char* type : {"keyword", "cell_tower", "area", "face", "", "EMAIL"}) {
        selector["type"] = type;
        CHECK(
            holds(facts(form, fields), "/grid/0/selector/type is none of: email, phone, account"));
    }
    selector["type"] = "email";
    CHECK(facts(form, fields) == "");
    for (const char* category : {"interception", "real_time", "all"}) {
        fields["grid"].as_array()[0].as_object()["category"] = category;
        CHECK(holds(
            facts(form, fields),
            "/grid/0/category is none of: subscriber, access, traffic, content"));
    }
}

TEST_CASE(
    "an unknown field is refused at the top, inside, and with a name that would break a pointer") {
    const Form form = form_of("request");
    const auto good = test::law_example("request").fields;
    auto fields = good;
    fields["decrypt"] = true;
    CHECK(
        facts(form, fields) == "form \"request\", 1 problem: /decrypt is not a field of this form");
    fields = good;
    fields["grid"].as_array()[1].as_object()["wild/card~"] = "x";
    CHECK(
        facts(form, fields) ==
        "form \"request\", 1 problem: /grid/1/wild~1card~0 is not a field of this form");
    fields = good;
    fields["it's \n 'so'"] = 1;
    CHECK(holds(facts(form, fields), "/it's ? 'so' is not a field"));
    fields = good;
    fields["grid"].as_array()[0].as_object()["it's 'so'"] = 1;
    CHECK(holds(facts(form, fields), "/grid/0/it's 'so' is not a field"));
    fields = good;
    fields[std::string(63, 'a') + "é" + std::string(900, 'b')] = 1;
    const auto said = facts(form, fields);
    CHECK(said.size() < 200);
    CHECK(is_utf8(said));
}

TEST_CASE("each keyword has its own sentence, and each threshold holds below, at and above") {
    struct Row {
        const char* node;
        const char* value;
        const char* said; ///< after the pointer; empty: accepted
    };

    const char* ten = R"("type":"string","minLength":3,"maxLength":10)";
    const char* number = R"("type":"integer","minimum":1,"maximum":65535)";
    const char* list =
        R"("type":"array","minItems":1,"maxItems":3,"uniqueItems":true,"items":{"type":"integer","minimum":0,"maximum":9})";
    const char* group =
        R"("type":"object","properties":{"a":{"x-title":{"en":"A","fr":"A"},"type":"boolean"}},"required":["a"],"additionalProperties":false)";
    const Row rows[] = {
        {ten, R"("ab")", "/f is shorter than 3 characters"},
        {ten, R"("abc")", ""},
        {ten, R"("абвгдежзик")", ""}, // ten characters, twenty bytes
        {ten, R"("abcdefghijk")", "/f is longer than 10 characters"},
        {ten, "5", "/f is not a text"},
        {ten, "null", "/f is not a text"},
        {R"("type":"string","minLength":1,"maxLength":10)", R"("")", "/f is empty"},
        {number, "0", "/f is less than 1"},
        {number, "1", ""},
        {number, "65535", ""},
        {number, "65536", "/f is more than 65535"},
        {number, R"("7")", "/f is not a whole number"},
        {number, "true", "/f is not a whole number"},
        {list, "[]", "/f has fewer than 1 entries"},
        {list, "[1]", ""},
        {list, "[1,2,3]", ""},
        {list, "[1,2,3,4]", "/f has more than 3 entries"},
        {list, "[1,2,1]", "/f has the same entry twice"},
        {list, "[1,10]", "/f/1 is more than 9"},
        {list, R"({"0":1})", "/f is not a list"},
        {group, R"({"a":true})", ""},
        {group, "{}", "/f/a is missing"},
        {group, R"({"a":true,"b":1})", "/f/b is not a field of this form"},
        {group, R"({"a":"true"})", "/f/a is not true or false"},
        {group, "[]", "/f is not a group of fields"},
        {R"("type":"boolean","const":true)", "true", ""},
        {R"("type":"boolean","const":true)", "false", "/f must be true"},
        {R"("type":"string","enum":["x","y"],"x-labels":{"x":{"en":"X","fr":"X"},"y":{"en":"Y","fr":"Y"}})",
         R"("x")", ""},
        {R"("type":"string","enum":["x","y"],"x-labels":{"x":{"en":"X","fr":"X"},"y":{"en":"Y","fr":"Y"}})",
         R"("z")", "/f is none of: x, y"},
        {R"("type":"string","pattern":"^[A-Z]{2}$","maxLength":2)", R"("FR")", ""},
        {R"("type":"string","pattern":"^[A-Z]{2}$","maxLength":3)", R"("FR\n")",
         "/f is not written as the pattern ^[A-Z]{2}$ asks"},
        {R"("type":"string","pattern":"^[A-Z]{2}$","maxLength":9)", R"("x\nFR\ny")",
         "/f is not written as the pattern ^[A-Z]{2}$ asks"},
        {R"("type":"string","pattern":"^[A-Z]{2}$","maxLength":2)", R"("fr")",
         "/f is not written as the pattern ^[A-Z]{2}$ asks"},
    };
    for (const auto& row : rows) {
        const auto said = facts(small(row.node), object(std::string(R"({"f":)") + row.value + "}"));
        if (*row.said == 0)
            CHECK_MESSAGE(said == "", row.node, " ", row.value);
        else
            CHECK_MESSAGE(
                said == std::string("form \"t\", 1 problem: ") + row.said, row.node, " ",
                row.value);
    }
}

TEST_CASE("formats are checked by their meaning") {
    const auto check = [](const char* format, std::initializer_list<const char*> good,
                          std::initializer_list<const char*> bad) {
        const Form form =
            small(std::string(R"("type":"string","maxLength":200,"format":")") + format + "\"");
        for (const char* text : good)
            CHECK_MESSAGE(facts(form, {{"f", text}}) == "", text);
        for (const char* text : bad)
            CHECK_MESSAGE(holds(facts(form, {{"f", text}}), "1 problem: /f is not "), text);
    };
    check(
        "date", {"2026-03-01", "2024-02-29"},
        {"2026-02-29", "2026-3-1", "01.03.2026", "2026-03-01T00:00:00Z", "", "2026-00-10"});
    check(
        "date-time", {"2026-03-01T09:30:00Z", "2026-03-01T09:30:00.125+05:30"},
        {"2026-03-01T09:30:00", "2026-03-01", "2026-03-01T24:00:00Z", "2026-13-01T00:00:00Z",
         "now"});
    check(
        "email", {"duty@central-authority.arcadia.example", "a.b+c@x.example"},
        {"duty", "@x.example", "a@b", "a b@x.example", "a@b@x.example", "a@-x.example",
         "a@x..example", "a@x.example\n"});
    check(
        "uri",
        {"https://laws.arcadia.example/ccp/88b", "http://x.example:8080/a?b=c#d",
         "urn:lex:xa:2011;1"},
        {"laws.arcadia.example", "javascript:alert(1)", "file:///etc/passwd", "https://",
         "https://x y.example/", "https://<b>.example/", "data:text/html,x"});
}

TEST_CASE("T47 a string that is too long is refused before any pattern sees it") {
    const Form form = form_of("request");
    const auto good = test::law_example("request").fields;
    for (const std::size_t length : {10'001UL, 50'000UL, 900'000UL}) {
        auto fields = good;
        fields["requested_country"] = std::string(length, 'A');
        CHECK(holds(facts(form, fields), "/requested_country is longer than 2 characters"));
        fields = good;
        fields["facts"] = std::string(length, 'x');
        CHECK(holds(facts(form, fields), "/facts is longer than 10000 characters"));
        fields = good;
        fields["grid"].as_array()[0].as_object()["selector"].as_object()["value"] =
            std::string(length, 'a');
        CHECK(holds(facts(form, fields), "/grid/0/selector/value is longer than 2048 characters"));
        fields = good;
        fields["grid"].as_array()[0].as_object()["other"] = std::string(length, 'a');
        CHECK(holds(facts(form, fields), "/grid/0/other is longer than 10000 characters"));
    }
    auto fields = good;
    std::string cyrillic;
    for (int i = 0; i < 10'000; ++i)
        cyrillic += "ж";
    fields["facts"] = cyrillic;
    CHECK(facts(form, fields) == "");
    fields["facts"] = cyrillic + "ж";
    CHECK(holds(facts(form, fields), "/facts is longer than 10000 characters"));
    // The longest text that a pattern may see, at the lint's limit.
    const Form pattern = small(R"("type":"string","pattern":"^[A-Za-z ]+$","maxLength":512)");
    CHECK(facts(pattern, {{"f", std::string(512, 'a')}}) == "");
    CHECK(holds(facts(pattern, {{"f", std::string(513, 'a')}}), "longer than 512"));
}

TEST_CASE("up to twenty problems are listed, and their number is said") {
    const Form form = form_of("request");
    json::Object none;
    const auto said = facts(form, none);
    std::size_t required = 0;
    for (const auto& field : form.fields())
        required += field.required ? 1 : 0;
    REQUIRE(required > limits::form_problems);
    CHECK(holds(
        said, std::to_string(required) +
                  " problems, the first 20 of them: /instrument is missing; /status"));
    CHECK(std::count(said.begin(), said.end(), '/') == 20);
    const Form list = small(R"("type":"array","maxItems":50,"items":{"type":"boolean"})");
    json::Array twenty;
    for (int i = 0; i < 20; ++i)
        twenty.emplace_back(i);
    CHECK_FALSE(holds(facts(list, {{"f", twenty}}), "the first"));
    twenty.emplace_back(20);
    CHECK(holds(facts(list, {{"f", twenty}}), "21 problems, the first 20 of them"));
}

TEST_CASE("a refusal never repeats what was filled in") {
    const Form form = form_of("request");
    auto fields = test::law_example("request").fields;
    const std::string secret = "SECRET";
    for (const auto& field : form.fields())
        fields[field.name] = secret;
    CHECK_FALSE(holds(facts(form, fields), secret));
    fields["grid"] = json::Array{json::Object{{"selector", secret}, {"category", secret}}};
    CHECK_FALSE(holds(facts(form, fields), secret));
}

TEST_CASE("a side's view requires its own fields only, and refuses those of others") {
    const Form form = form_of("order");
    const auto whole = test::law_example("order").fields;
    REQUIRE(whole.contains("reasons"));
    CHECK(
        facts(form, whole, "provider") ==
        "form \"order\", 1 problem: /reasons is not for the side \"provider\" to read");
    auto view = view_of(form, whole, "provider");
    CHECK(facts(form, view, "provider") == "");
    CHECK(holds(facts(form, view), "/reasons is missing"));
    view.erase("deadline");
    CHECK(holds(facts(form, view, "provider"), "1 problem: /deadline is missing"));
    CHECK(facts(form, {}, "subject") == "");
    CHECK(holds(facts(form, whole, "subject"), "is not for the side \"subject\" to read"));
}

TEST_CASE("several threads check with one form") {
    const Form form = form_of("request");
    const auto good = test::law_example("request").fields;
    auto bad = good;
    bad["requested_country"] = "xb";
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i)
                if (form.problems((i + t) % 2 ? good : bad).size() != ((i + t) % 2 ? 0U : 1U))
                    ++wrong;
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("split and merge are inverse for every subset of fields, and parts come in one order") {
    const unsigned seed = 20260302;
    MESSAGE("seed ", seed);
    std::mt19937_64 random(seed);
    for (const auto& name : all_examples()) {
        const auto example = test::law_example(name);
        const Form form = form_of(example.form);
        for (int round = 0; round < 20; ++round) {
            std::vector<const json::Object::value_type*> members;
            for (const auto& member : example.fields)
                if (round == 0 || random() % 2) members.push_back(&member);
            std::shuffle(members.begin(), members.end(), random);
            json::Object fields;
            for (const auto* member : members)
                fields[member->key()] = member->value();
            auto parts = split(form, fields);
            std::size_t placed = 0;
            for (const auto& part : parts) {
                placed += part.fields.size();
                REQUIRE_FALSE(part.fields.empty());
                for (const auto& member : part.fields)
                    REQUIRE(form.field(member.key())->audience == part.audience);
            }
            REQUIRE(placed == fields.size());
            for (std::size_t i = 1; i < parts.size(); ++i)
                REQUIRE(parts[i - 1].audience != parts[i].audience);
            // The order of the parts does not hang on the order in which the fields were given.
            json::Object sorted;
            for (const auto& member : example.fields)
                if (fields.contains(member.key())) sorted[member.key()] = member.value();
            REQUIRE(split(form, sorted) == parts);
            std::shuffle(parts.begin(), parts.end(), random);
            auto merged = merge(form, parts);
            REQUIRE(merged);
            REQUIRE(*merged == fields);
            // What one side can read, merged, is exactly its view.
            for (const auto side : sides()) {
                std::vector<PartPlan> readable;
                for (const auto& part : parts)
                    if (std::find(part.audience.begin(), part.audience.end(), side) !=
                        part.audience.end())
                        readable.push_back(part);
                REQUIRE(merge(form, readable).value() == view_of(form, fields, side));
            }
        }
    }
}

TEST_CASE("a part that hides a field from its audience, or shows it to another, is refused") {
    const Form form = form_of("order");
    const auto parts = split(form, test::law_example("order").fields);
    REQUIRE(parts.size() == 2);
    auto moved = parts;
    const auto& first = parts[0].audience.size() == 2 ? parts[0] : parts[1];
    auto& other = moved[parts[0].audience.size() == 2 ? 1 : 0];
    other.fields["reasons"] = first.fields.at("reasons");
    CHECK(merge(form, {other}).error().code == Code::part_audience);
    auto twice = parts;
    twice.push_back(parts[0]);
    CHECK(merge(form, twice).error().code == Code::part_audience);
    auto unknown = parts;
    unknown[0].fields["note"] = "x";
    CHECK(merge(form, unknown).error().code == Code::part_audience);
    CHECK(merge(form, {}).value().empty());
}

TEST_CASE("the lint refuses each fault of a schema and names file and field") {
    const std::string good = schema_with(R"("type":"string","maxLength":10)");
    REQUIRE(Form::read(good, "forms/t.json"));
    const auto refused = [](const std::string& text, std::string_view part) {
        const auto form = Form::read(text, "forms/t.json");
        REQUIRE_MESSAGE(!form, text);
        CHECK(form.error().code == Code::form_schema_malformed);
        CHECK_MESSAGE(holds(form.error().facts.text(), "forms/t.json"), form.error().facts.text());
        CHECK_MESSAGE(holds(form.error().facts.text(), part), form.error().facts.text());
    };
    const auto without = [&](std::string_view part, std::string_view by = "") {
        auto text = good;
        const auto at = text.find(part);
        REQUIRE_MESSAGE(at != std::string::npos, part);
        return text.replace(at, part.size(), by);
    };
    refused("{", "at byte");
    refused(without(R"("x-help":{"en":"H","fr":"H"},)"), "/f: \"x-help\" is missing");
    refused(
        without(R"("x-help":{"en":"H","fr":"H"})", R"("x-help":{"en":"H"})"),
        "/f: \"x-help\" lacks the language \"fr\"");
    refused(
        without(R"("x-help":{"en":"H","fr":"H"})", R"("x-help":{"en":"H","fr":"","de":"H"})"),
        "lacks the language \"fr\"");
    refused(without(R"({"x-title":{"en":"F","fr":"F"},)", "{"), "/f: \"x-title\" is missing");
    refused(without(R"("x-audience":["requesting"],)"), "/f: \"x-audience\" is missing");
    refused(without(R"("x-source":["S"],)"), "/f: \"x-source\" is missing");
    refused(without(R"(,"additionalProperties":false)"), "\"additionalProperties\" is not false");
    refused(
        without(R"("additionalProperties":false)", R"("additionalProperties":true)"),
        "\"additionalProperties\" is not false");
    refused(
        without(R"("required":["f"])", R"("required":["g"])"), "\"required\" names no property");
    refused(without("draft-07", "draft-04"), "draft-07");
    refused(without(R"("x-id":"t",)"), "\"x-id\" is missing");
    refused(
        without(R"("type":"object",)", R"("type":"object","allOf":[],)"),
        "the keyword \"allOf\" is not used");
    for (const char* audience :
         {R"([])", R"(["requesting","requesting"])", R"(["requested","requesting"])",
          R"(["clock"])", R"([1])"})
        refused(schema_with(R"("type":"string","maxLength":10)", audience), "/f: \"x-audience\"");

    struct Row {
        const char* node;
        const char* part;
    };

    for (
        const Row& row : {
            Row{R"("type":"string")", "\"maxLength\" is missing"},
            Row{R"("type":"string","maxLength":0)", "\"maxLength\""},
            Row{R"("type":"string","maxLength":10001)", "\"maxLength\""},
            Row{R"("type":"string","maxLength":513,"pattern":"^a$")", "\"maxLength\""},
            Row{R"("type":"string","maxLength":10,"pattern":"^(a+)+$")", "\"pattern\""},
            Row{R"("type":"string","maxLength":10,"format":"ipv4")", "\"format\""},
            Row{R"("type":"string","enum":[])", "\"enum\" is empty"},
            Row{R"("type":"string","enum":["a"])", "\"x-labels\" is missing"},
            Row{R"("type":"string","enum":["a"],"x-labels":{"b":{"en":"B","fr":"B"}})",
                "\"a\" is missing"},
            Row{R"("type":"integer")", "\"minimum\" is missing"},
            Row{R"("type":"integer","minimum":0)", "\"maximum\" is missing"},
            Row{R"("type":"number","minimum":0,"maximum":1)", "\"type\" is none of"},
            Row{R"("type":["string","null"],"maxLength":1)", "\"type\" is missing"},
            Row{R"("maxLength":1)", "\"type\" is missing"},
            Row{R"("type":"array","items":{"type":"boolean"})", "\"maxItems\" is missing"},
            Row{R"("type":"array","maxItems":10001,"items":{"type":"boolean"})", "\"maxItems\""},
            Row{R"("type":"array","maxItems":201,"uniqueItems":true,"items":{"type":"boolean"})",
                "\"maxItems\""},
            Row{R"("type":"array","maxItems":2)", "\"items\" is missing"},
            Row{R"("type":"array","maxItems":2,"items":[{"type":"boolean"}])",
                "/f/items: is not an object"},
            Row{R"("type":"object","properties":{},"required":[],"additionalProperties":false)",
                "\"properties\" is missing"},
            Row{R"("type":"object","properties":{"a":{"type":"boolean"}},"required":[],"additionalProperties":false)",
                "/f/a: \"x-title\" is missing"},
            Row{R"("type":"object","properties":{"a":{"x-title":{"en":"A","fr":"A"},"type":"boolean"}},"additionalProperties":false)",
                "\"required\" is missing"},
            Row{R"("$ref":"http://elsewhere.example/s.json")", "the keyword \"$ref\" is not used"},
            Row{R"("type":"string","maxLength":9,"oneOf":[])", "the keyword \"oneOf\" is not used"},
        })
        refused(schema_with(row.node), row.part);
    for (const char* node :
         {R"("type":"string","maxLength":10000)",
          R"("type":"string","maxLength":512,"pattern":"^a+$")",
          R"("type":"array","maxItems":10000,"items":{"type":"boolean"})",
          R"("type":"array","maxItems":200,"uniqueItems":true,"items":{"type":"boolean"})"})
        CHECK_MESSAGE(Form::read(schema_with(node), "forms/t.json"), node);
}

TEST_CASE("patterns that can explode, or are not anchored, are not safe") {
    for (const char* good :
         {"^a$", "^[a-z]+$", "^(ab)?$", "^[A-Z2-7]{4}(-[A-Z2-7]{4}){3,5}$", "^[^/\\\\]+$",
          "^(a|b){2}$", "^[()*+]+$", "^\\(+$", "^(a+)b$"})
        CHECK_MESSAGE(is_safe_pattern(good), good);
    for (const char* bad :
         {"", "a", "^a", "a$", "^(a+)+$", "^(a*)*$", "^(a|b)*$", "^(a|a)+$", "^([a-z]+){2,5}$",
          "^((a{2,})b){3}$", "^(a{1,}){2}$", "^(a+)?$", "^(a$", "^a)$", "^[a$", "^(a){2,}$"})
        CHECK_MESSAGE(!is_safe_pattern(bad), bad);
}

TEST_CASE("arbitrary changes to a form never crash the check, and a change of type is refused") {
    const unsigned seed = 4711;
    MESSAGE("seed ", seed);
    std::mt19937_64 random(seed);
    const Form form = form_of("request");
    const auto good = test::law_example("request").fields;
    const json::Value others[] = {
        nullptr, 7, -1, true, "", "x", json::Array{}, json::Object{}, json::Array{1, "x", nullptr}};
    for (int round = 0; round < 400; ++round) {
        json::Value whole(good);
        json::Value* at = &whole;
        for (int depth = 0; depth < 6; ++depth) {
            if (at->is_object() && !at->as_object().empty() && (depth == 0 || random() % 3)) {
                auto& members = at->as_object();
                at = &(members.begin() + static_cast<std::ptrdiff_t>(random() % members.size()))
                          ->value();
            } else if (at->is_array() && !at->as_array().empty() && random() % 3) {
                at = &at->as_array()[random() % at->as_array().size()];
            }
        }
        const auto& other = others[random() % std::size(others)];
        const bool other_type = other.kind() != at->kind();
        *at = other;
        const bool refused = !form.validate(whole.as_object());
        if (other_type) CHECK_MESSAGE(refused, json::print(other));
    }
}
