// The reader of procedure files: the three files of the law pack are read; every kind of fault is
// refused at the place where it stands.
#include "files.hpp"
#include "procedure/procedure.hpp"

#include <algorithm>

using namespace comity;
using namespace comity::procedure;
using namespace comity::procedure::test;

namespace {

std::string replaced(std::string text, const std::string& old, const std::string& now) {
    const auto at = text.find(old);
    REQUIRE_MESSAGE(at != std::string::npos, old);
    return text.replace(at, old.size(), now);
}

std::string facts(const std::string& text, std::span<const std::string> country_words = {}) {
    const auto procedure = Procedure::read(text, "small.json", country_words);
    if (procedure) return "read";
    CHECK(procedure.error().code == Code::procedure_malformed);
    return procedure.error().facts.text();
}

} // namespace

TEST_CASE("the three procedures of the law pack are read") {
    const auto mla = law("mla");
    CHECK(mla.id() == "mla");
    CHECK(mla.titles().at("en") == "Mutual legal assistance");
    CHECK(mla.acts().size() == 40);
    CHECK(mla.relations().size() == 83);
    REQUIRE(mla.act("purge"));
    CHECK(mla.act("purge")->at_deadline);
    CHECK(mla.act("purge")->side == Side::requested);
    CHECK(mla.act("lapse-consultation")->side == Side::clock);
    CHECK(mla.act("lapse-consultation")->role.empty());
    CHECK_FALSE(mla.act("nothing"));
    CHECK_FALSE(mla.emergency());
    CHECK(law("emergency").emergency());
    CHECK(mla.combinations() == std::vector<Parameters>{{"", false}});
    const auto extraordinary = law("extraordinary");
    CHECK(
        extraordinary.combinations() == std::vector<Parameters>{
                                            {"access", true},
                                            {"access", false},
                                            {"subscriber", true},
                                            {"subscriber", false},
                                            {"other", true},
                                            {"other", false}});
    CHECK(mla.describe(7) == "relations[7] (exclude transmit -> transmit)");
}

TEST_CASE("groups are written out and every period is read") {
    const auto mla = law("mla");
    CHECK(
        mla.expand({"@approval", "withdraw"}) ==
        std::vector<std::string>{"authorise", "decline", "transmit", "withdraw"});
    const auto retention =
        std::find_if(mla.relations().begin(), mla.relations().end(), [](const Relation& r) {
            return r.until == "retention_end";
        });
    REQUIRE(retention != mla.relations().end());
    CHECK(retention->at_most == Period{.years = 5});
    CHECK_FALSE(retention->within);
}

TEST_CASE("acts fall away with their relations when the parameters do not match") {
    const auto extraordinary = law("extraordinary");
    const auto full = Graph::make(extraordinary, {"access", true});
    CHECK(full.size() == 35);
    CHECK(full.find("lapse-clearance"));
    CHECK(full.mask("oppose-third") != 0);
    const auto slim = Graph::make(extraordinary, {"content", false});
    CHECK(slim.size() == 31);
    CHECK_FALSE(slim.find("lapse-clearance"));
    CHECK(slim.mask("oppose-third") == 0);
    CHECK_FALSE(slim.find("clear-third"));
}

TEST_CASE("sides have text forms") {
    for (const char* name :
         {"requesting", "requested", "provider", "third", "subject", "oversight", "clock"})
        CHECK(to_text(*side_from(name)) == name);
    CHECK_FALSE(side_from("judge"));
}

TEST_CASE("a fault in a relation is named with file, relation and member") {
    struct Row {
        const char* relation;
        const char* expected;
    };

    const Row rows[] = {
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "10 days"})",
         "small.json: relations[0] (response a -> b): \"within\" is not an ISO 8601 duration"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "PT0S"})",
         "small.json: relations[0] (response a -> b): \"within\" is no time at all"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P101Y"})",
         "small.json: relations[0] (response a -> b): \"within\" is longer than a century"},
        {R"({"is": "response", "from": ["a"], "to": ["b"]})",
         "small.json: relations[0] (response a -> b): a response has either \"within\" or \"until\""},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D", "until": "end", "at_most": "P1Y"})",
         "small.json: relations[0] (response a -> b): a response has either \"within\" or \"until\""},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "until": "end"})",
         "small.json: relations[0] (response a -> b): \"until\" and \"at_most\" stand together"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D", "at_most": "P1Y"})",
         "small.json: relations[0] (response a -> b): \"until\" and \"at_most\" stand together"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "until": "The End", "at_most": "P1Y"})",
         "small.json: relations[0] (response a -> b): \"until\" is not a field of a form"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D", "after": "P1D"})",
         "small.json: relations[0] (response a -> b): \"after\" belongs to a condition"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "within": "P1D"})",
         "small.json: relations[0] (condition a -> b): \"within\" belongs to a response"},
        {R"({"is": "exclude", "from": ["a"], "to": ["b"], "until": "end"})",
         "small.json: relations[0] (exclude a -> b): \"until\" belongs to a response"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "at_most": "P1D"})",
         "small.json: relations[0] (condition a -> b): \"at_most\" belongs to a response"},
        {R"({"is": "condition", "from": ["a"], "to": ["d"]})",
         "small.json: relations[0] (condition a -> d): \"d\" is not an act of this file"},
        {R"({"is": "condition", "from": ["@none"], "to": ["b"]})",
         "small.json: relations[0] (condition @none -> b): \"@none\" is not a group of this file"},
        {R"({"is": "condition", "from": [], "to": ["b"]})",
         "small.json: relations[0] (condition  -> b): \"from\" is empty"},
        {R"({"is": "exclude", "from": ["a"], "to": ["@all", "b"]})",
         "small.json: relations[0] (exclude a -> @all, b): \"to\" names an act twice"},
        {R"({"is": "condition", "from": ["a"], "to": ["a"]})",
         "small.json: relations[0] (condition a -> a): \"a\" would wait for itself"},
        {R"({"is": "milestone", "from": ["b"], "to": ["@all"]})",
         "small.json: relations[0] (milestone b -> @all): \"b\" would wait for itself"},
        {R"({"is": "precondition", "from": ["a"], "to": ["b"]})",
         "small.json: relations[0]: \"precondition\" is not a relation; it is one of condition, response, "
         "milestone, include, exclude"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "why": "so"})",
         "small.json: relations[0]: \"why\" is not known here"},
        {R"({"is": "condition", "from": ["a"]})", "small.json: relations[0]: \"to\" is missing"},
        {R"({"is": "condition", "from": "a", "to": ["b"]})",
         "small.json: relations[0]: \"from\" is not a list"},
        {R"({"is": "response", "from": ["a"], "to": ["b"], "within": 10})",
         "small.json: relations[0]: \"within\" is not a string"},
        {R"([])", "small.json: relations[0]: is not an object"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "when": {}})",
         "small.json: relations[0] (condition a -> b), when: is empty"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "when": {"category": []}})",
         "small.json: relations[0] (condition a -> b), when: a list is empty, so no case would match"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "when": {"third": ["yes"]}})",
         "small.json: relations[0] (condition a -> b), when: \"third\" holds something that is not true or false"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "when": {"third": [true, true]}})",
         "small.json: relations[0] (condition a -> b), when: a value stands there twice"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"], "when": {"mood": ["good"]}})",
         "small.json: relations[0] (condition a -> b), when: \"mood\" is not known here"},
        {R"({"is": "condition", "from": ["a"], "to": ["b"]}, {"is": "condition", "from": ["@all"], "to": ["d"]})",
         "small.json: relations[1] (condition @all -> d): \"d\" is not an act of this file"},
        {R"({"is": "exclude", "from": ["a"], "to": ["b"]}, {"is": "exclude", "from": ["@all"], "to": ["b"]})",
         "small.json: relations[1] (exclude @all -> b): a -> b is said already by relations[0]"},
    };
    for (const auto& row : rows)
        CHECK(facts(small_text(row.relation)) == row.expected);
}

TEST_CASE(
    "an arrow may be said twice when no case matches both, and a delay may stand beside its condition") {
    const auto said_for = [](const char* first, const char* second) {
        return facts(small_text(fmt::format(
            R"({{"is": "exclude", "from": ["a"], "to": ["b"], "when": {}}}, {{"is": "exclude", "from": ["a"], "to": ["b"], "when": {}}})",
            first, second)));
    };
    CHECK(said_for(R"({"third": [true]})", R"({"third": [false]})") == "read");
    CHECK(said_for(R"({"category": ["x"]})", R"({"category": ["y"]})") == "read");
    CHECK(said_for(R"({"category": ["x"]})", R"({"third": [false]})") != "read");
    CHECK(said_for(R"({"category": ["x", "y"]})", R"({"category": ["z", "y"]})") != "read");
    CHECK(
        facts(small_text(R"({"is": "condition", "from": ["a"], "to": ["b"]},
                              {"is": "condition", "from": ["a"], "to": ["b"], "after": "P1D"})")) ==
        "read");
    CHECK(
        facts(small_text(R"({"is": "condition", "from": ["a"], "to": ["b"], "after": "P2D"},
                              {"is": "condition", "from": ["a"], "to": ["b"], "after": "P1D"})")) !=
        "read");
}

TEST_CASE("a fault outside the relations is named with its place") {
    struct Row {
        const char* old;
        const char* now;
        const char* expected;
    };

    const Row rows[] = {
        {"\"id\": \"small\"", "\"id\": \"Small\"",
         "small.json: \"id\" is not a name (a-z, 0-9, inner hyphens)"},
        {"\"id\": \"small\", ", "", "small.json: \"id\" is missing"},
        {"\"id\": \"small\"", "\"id\": \"small\", \"note\": \"x\"",
         "small.json: \"note\" is not known here"},
        {"\"fr\": \"Petit\"", "\"de\": \"Klein\"", "small.json: title: \"fr\" is missing"},
        {"\"fr\": \"Petit\"", "\"french\": \"Petit\"",
         "small.json: title: \"french\" is not a language tag"},
        {"\"fr\": \"Petit\"", "\"fr\": \"\"", "small.json: title: \"fr\" is not a text"},
        {"\"a\": {\"side\": \"requesting\"", "\"a\": {\"side\": \"someone\"",
         "small.json: acts.a: \"side\" is \"someone\", which is not a side"},
        {"\"a\": {\"side\": \"requesting\"", "\"a\": {\"side\": \"clock\"",
         "small.json: acts.a: an act of the clock has no role, form or clock"},
        {"\"role\": \"officer\", ", "", "small.json: acts.a: \"role\" is missing or not a name"},
        {"\"form\": \"a\"", "\"form\": \"A form\"",
         "small.json: acts.a: \"form\" is missing or not a name"},
        {"\"form\": \"a\"", "\"form\": \"a\", \"clock\": \"sometimes\"",
         "small.json: acts.a: \"clock\" can only be \"at-deadline\""},
        {"\"form\": \"a\"", "\"form\": \"a\", \"colour\": \"red\"",
         "small.json: acts.a: \"colour\" is not known here"},
        {"\"a\": {\"side\"", "\"A\": {\"side\"",
         "small.json: acts.A: is not a name (a-z, 0-9, inner hyphens)"},
        {"[\"a\", \"b\", \"c\"]", "[\"a\", \"b\", \"d\"]",
         "small.json: groups.all: \"d\" is not an act of this file"},
        {"[\"a\", \"b\", \"c\"]", "[\"a\", \"b\", \"a\"]",
         "small.json: groups.all: names an act twice"},
        {"[\"a\", \"b\", \"c\"]", "[]", "small.json: groups.all: is empty"},
        {"[\"a\", \"b\", \"c\"]", "\"a\"", "small.json: groups.all: is not a list"},
        {"[\"a\", \"b\", \"c\"]", "[\"a\", 2]",
         "small.json: groups.all: holds something that is not an act's name"},
        {"\"excluded\": []", "\"excluded\": [\"opine\"]",
         "small.json: start.excluded: \"opine\" is not an act of this file"},
        {"\"excluded\": []", "\"excluded\": [\"a\", \"a\"]",
         "small.json: start.excluded: names an act twice"},
        {"\"excluded\": []", "\"excluded\": [], \"included\": []",
         "small.json: start: \"included\" is not known here"},
        {"\"relations\": []", "\"relations\": {}", "small.json: \"relations\" is not a list"},
    };
    for (const auto& row : rows)
        CHECK(facts(replaced(small_text(""), row.old, row.now)) == row.expected);
    CHECK(facts(small_text("")) == "read");
    CHECK(facts("[]") == "small.json: the file is not an object");
    CHECK(facts("{").starts_with("small.json: at byte"));
    CHECK(facts(R"({"id": "small", "id": "small"})").find("occurs twice") != std::string::npos);
}

TEST_CASE("a procedure has at most 64 acts, because a marking has 64 bits") {
    const auto with = [](int count) {
        std::string acts;
        for (int i = 0; i < count; ++i)
            acts += fmt::format(
                R"({}"act{}": {{"side": "requesting", "role": "r", "form": "f"}})", i ? "," : "",
                i);
        return facts(
            R"({"id": "many", "title": {"en": "Many", "fr": "Beaucoup"}, "acts": {)" + acts +
            R"(}, "relations": []})");
    };
    CHECK(with(63) == "read");
    CHECK(with(64) == "read");
    CHECK(with(65) == "small.json: acts: there are 65; at most 64 fit a marking");
    CHECK(with(0) == "small.json: acts: there is none");
}

TEST_CASE("X1 no country is named anywhere in a procedure") {
    const std::vector<std::string> words{"Arcadia", "arc", "xk", "Republic of Borduria"};
    const auto titled = [&](const std::string& title) {
        return facts(replaced(small_text(""), "Petit", title), words);
    };
    CHECK(titled("Entraide avec le FR").find("names a country") != std::string::npos);
    CHECK(titled("Entraide, BE") == "small.json: title \"Entraide, BE\" names a country");
    CHECK(titled("la loi et le fait") == "read"); // LA and ET are codes in upper case only
    CHECK(titled("ordre EU") == "read");          // not assigned to a country
    CHECK(titled("ARCHIVE") == "read");
    CHECK(titled("l'arcadia") != "read");
    CHECK(titled("procédure arc") == "read"); // a code passed in, not in upper case
    CHECK(titled("procédure ARC") != "read");
    CHECK(titled("la republic of borduria") != "read");
    const auto act = [&](const std::string& name) {
        return facts(
            replaced(small_text(""), "\"form\": \"a\"", "\"form\": \"" + name + "\""), words);
    };
    CHECK(act("request-fr") != "read");
    CHECK(act("request-xk") != "read");
    CHECK(act("arcadia-request") != "read");
    CHECK(act("request-form") == "read");
    auto id = replaced(small_text(""), "\"id\": \"small\"", "\"id\": \"treaty-be-nl\"");
    CHECK(facts(id) == "small.json: id \"treaty-be-nl\" names a country");
    id = small_text(
        R"({"is": "exclude", "from": ["a"], "to": ["b"], "when": {"category": ["de"]}})");
    CHECK(facts(id) == "small.json: category \"de\" names a country");
    for (const char* name : {"mla", "emergency", "extraordinary"})
        CHECK_FALSE(law(name).country_named(words));
}
