// The explorer: the three procedures keep every invariant; planted faults break the right one. The
// table of docs/procedures.md is compared with what the mutations find; COMITY_UPDATE=1 rewrites
// it.
#include "base/json.hpp"
#include "base/limits.hpp"
#include "files.hpp"
#include "procedure/explorer.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

using namespace comity;
using namespace comity::procedure;
using namespace comity::procedure::test;
using comity::procedure::to_text;

namespace {

constexpr const char* ids[] = {"mla", "emergency", "extraordinary"};

struct Counts {
    const char* id;
    Parameters parameters;
    std::size_t acts;
    std::size_t markings;
    std::size_t accepting;
};

bool breaks(const Exploration& exploration, int number, std::string_view sentence = {}) {
    return std::any_of(
        exploration.broken.begin(), exploration.broken.end(), [&](const Broken& broken) {
            return broken.number == number && (sentence.empty() || broken.invariant == sentence);
        });
}

Relation relation(RelationKind kind, std::vector<std::string> from, std::vector<std::string> to) {
    Relation out;
    out.kind = kind;
    out.from = std::move(from);
    out.to = std::move(to);
    if (kind == RelationKind::response) out.within = Period{.days = 1};
    return out;
}

} // namespace

TEST_CASE("M4 every procedure keeps all invariants in every marking it can reach") {
    // Markings as the explorer tells them apart: what nobody asks about is forgotten
    // (invariants.hpp).
    const Counts expected[] = {
        {"mla", {"", false}, 40, 289104, 9841},
        {"emergency", {"", false}, 40, 425787, 14619},
        {"extraordinary", {"access", true}, 35, 121655, 5113},
        {"extraordinary", {"access", false}, 32, 42865, 1705},
        {"extraordinary", {"subscriber", true}, 35, 121655, 5113},
        {"extraordinary", {"subscriber", false}, 32, 42865, 1705},
        {"extraordinary", {"other", true}, 34, 61435, 2847},
        {"extraordinary", {"other", false}, 31, 21596, 931},
    };
    std::size_t row = 0;
    for (const char* id : ids) {
        const auto all = explore_all(law(id));
        REQUIRE(all);
        for (const auto& one : *all) {
            REQUIRE(row < std::size(expected));
            const auto& want = expected[row++];
            INFO(to_text(one));
            CHECK(one.broken.empty());
            CHECK_FALSE(one.stopped);
            CHECK(one.procedure == want.id);
            CHECK(one.parameters == want.parameters);
            CHECK(one.acts == want.acts);
            CHECK(one.markings == want.markings);
            CHECK(one.accepting == want.accepting);
        }
    }
    CHECK(row == std::size(expected));
    for (const char* id : ids)
        CHECK(check_all(law(id)));
}

TEST_CASE("a fault is shown with a shortest run that meets it") {
    const auto mla = law("mla").with(relation(RelationKind::exclude, {"transmit"}, {"refuse"}));
    const auto all = explore_all(mla);
    REQUIRE(all);
    const auto& broken = all->at(0).broken;
    const auto found = std::find_if(broken.begin(), broken.end(), [](const Broken& b) {
        return b.invariant ==
               "As long as production is possible, the receiving country can stop it";
    });
    REQUIRE(found != broken.end());
    CHECK(found->number == 2);
    CHECK(
        found->run == std::vector<std::string>{
                          "request", "authorise", "transmit", "acknowledge", "accept", "order"});
    const auto refusal = check_all(mla);
    REQUIRE_FALSE(refusal);
    CHECK(refusal.error().code == Code::invariant_broken);
    CHECK(refusal.error().facts.text().find("invariant ") != std::string::npos);
}

TEST_CASE(
    "a marking from which no rest can be reached is found, and so is an act that never happens") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D"},
                                      {"is": "condition", "from": ["b"], "to": ["c"]},
                                      {"is": "condition", "from": ["c"], "to": ["b"]})");
    const auto result = explore(graph);
    REQUIRE(result);
    CHECK(result->markings == 2);
    CHECK(result->accepting == 1);
    const auto rest =
        std::find_if(result->broken.begin(), result->broken.end(), [](const Broken& b) {
            return b.invariant == "From every reachable marking a marking at rest can be reached";
        });
    REQUIRE(rest != result->broken.end());
    CHECK(rest->number == 8);
    CHECK(rest->run == std::vector<std::string>{"a"});
    CHECK(to_text(*result).find("never: b, c") != std::string::npos);
    const auto stopped = explore(graph, {.stop_at_first = true});
    REQUIRE(stopped);
    CHECK(stopped->stopped);
    CHECK(stopped->broken.size() >= 1);
}

TEST_CASE("acts that nothing waits for and no invariant asks about make no markings of their own") {
    // Three acts that can happen in any order: nothing depends on which have happened.
    const auto result = explore(small_graph(""));
    REQUIRE(result);
    CHECK(result->markings == 1);
    CHECK(result->accepting == 1);
}

TEST_CASE("M4 a planted relation breaks the invariant that it offends") {
    struct Row {
        const char* id;
        Parameters parameters;
        RelationKind kind;
        const char* from;
        const char* to;
        int number;
        const char* sentence;
    };
    using enum RelationKind;
    const Row rows[] = {
        {"emergency",
         {},
         exclude,
         "produce",
         "authorise",
         1,
         "In an emergency the judge's decision is owed once data is produced"},
        {"emergency",
         {},
         exclude,
         "produce",
         "lapse-authorisation",
         1,
         "In an emergency an owed authorisation can lapse"},
        {"mla",
         {},
         include,
         "authorise",
         "decline",
         1,
         "What a judge has authorised is neither declined nor lapses"},
        {"mla", {}, exclude, "request", "authorise", 1, "No production without a judge"},
        {"extraordinary",
         {"access", false},
         exclude,
         "clear",
         "oppose",
         2,
         "As long as production is possible, the receiving country can stop it"},
        {"extraordinary",
         {"access", true},
         exclude,
         "acknowledge",
         "oppose-third",
         2,
         "As long as production is possible, the third country concerned can stop it"},
        {"extraordinary",
         {"access", false},
         exclude,
         "preserve",
         "acknowledge",
         2,
         "No production before the receiving country has acknowledged the case"},
        {"extraordinary",
         {"access", false},
         exclude,
         "preserve",
         "clear",
         2,
         "No production before each country asked has agreed or let its time pass"},
        {"extraordinary",
         {"access", false},
         include,
         "oppose",
         "produce",
         2,
         "After a refusal or an opposition nothing moves"},
        {"extraordinary",
         {"access", false},
         exclude,
         "receive",
         "notify",
         3,
         "Once data is produced, notice is owed until it is given"},
        {"extraordinary",
         {"access", false},
         milestone,
         "delete",
         "notify",
         3,
         "An owed notice can be given at any time"},
        {"extraordinary",
         {"access", false},
         include,
         "notify",
         "defer-notice",
         3,
         "Notice that was given is not deferred"},
        {"extraordinary",
         {"access", false},
         response,
         "receive",
         "notify",
         3,
         "Only a judge defers notice, to a date"},
        {"extraordinary",
         {"access", false},
         exclude,
         "relay-notice",
         "challenge",
         4,
         "Once notified, the person can challenge"},
        {"extraordinary",
         {"access", false},
         condition,
         "review",
         "uphold-challenge",
         4,
         "A challenge is owed a ruling"},
        {"extraordinary",
         {"access", false},
         include,
         "uphold-challenge",
         "open",
         5,
         "After a successful challenge, a quashing, an opposition or without authorisation nothing opens"},
        {"extraordinary",
         {"access", false},
         exclude,
         "quash",
         "delete",
         5,
         "After a successful challenge, a quashing, an opposition or without authorisation received data "
         "is owed deletion"},
        {"extraordinary",
         {"access", false},
         exclude,
         "retain",
         "delete",
         6,
         "Received data always has a deletion date"},
        {"extraordinary",
         {"access", false},
         include,
         "delete",
         "open",
         6,
         "Deleted data does not open and is not kept longer"},
        {"extraordinary",
         {"access", false},
         milestone,
         "notify",
         "delete",
         6,
         "An owed deletion can be done at any time"},
        {"extraordinary",
         {"access", false},
         include,
         "request",
         "delete",
         6,
         "Nothing is deleted before it exists"},
        {"extraordinary",
         {"access", false},
         exclude,
         "request",
         "inspect",
         7,
         "Oversight can inspect in every marking"},
        {"extraordinary",
         {"access", false},
         condition,
         "transmit",
         "suspend",
         7,
         "Oversight can suspend in every marking that is not suspended or quashed"},
        {"extraordinary",
         {"access", false},
         condition,
         "produce",
         "quash",
         7,
         "Oversight can end a suspension either way"},
        {"extraordinary",
         {"access", false},
         include,
         "request",
         "quash",
         7,
         "Only what is suspended is resumed or quashed"},
        {"extraordinary",
         {"access", false},
         condition,
         "review",
         "acknowledge",
         8,
         "Every act of the file can happen in some run"},
        {"extraordinary",
         {"access", false},
         include,
         "lapse-clearance",
         "lapse-clearance",
         8,
         "An act of the clock happens once"},
        {"extraordinary",
         {"access", false},
         include,
         "produce",
         "produce",
         8,
         "A step of the road is taken once"},
    };
    for (const auto& row : rows) {
        const auto procedure = law(row.id).with(relation(row.kind, {row.from}, {row.to}));
        const auto result = explore(Graph::make(procedure, row.parameters));
        REQUIRE(result);
        INFO(row.from << " -> " << row.to << "\n" << to_text(*result));
        CHECK(breaks(*result, row.number, row.sentence));
    }
}

TEST_CASE("an act given to the wrong person breaks the invariant that relies on it") {
    struct Row {
        const char* old;
        const char* now;
        int number;
        const char* sentence;
    };

    const Row rows[] = {
        {R"("authorise": {"side": "requesting", "role": "judge")",
         R"("authorise": {"side": "requesting", "role": "issuing-officer")", 1,
         "Authorisation, order and rulings are a judge's"},
        {R"("oppose": {"side": "requested")", R"("oppose": {"side": "requesting")", 2,
         "Each country agrees and stops by its own officer"},
        {R"("oppose-third": {"side": "third")", R"("oppose-third": {"side": "requested")", 2,
         "Each country agrees and stops by its own officer"},
        {R"("defer-notice": {"side": "requesting", "role": "judge")",
         R"("defer-notice": {"side": "requesting", "role": "issuing-officer")", 3,
         "Only a judge defers notice, to a date"},
        {R"("form": "notify", "clock": "at-deadline")", R"("form": "notify")", 3,
         "Notice is given at its deadline even if everybody forgot"},
        {R"("challenge": {"side": "subject", "role": "subject")",
         R"("challenge": {"side": "requesting", "role": "subject")", 4,
         "The challenge is the person's and the ruling a judge's"},
        {R"("retain": {"side": "requesting", "role": "judge")",
         R"("retain": {"side": "requesting", "role": "issuing-officer")", 6,
         "Only a judge puts a deletion off"},
        {R"("quash": {"side": "oversight")", R"("quash": {"side": "requesting")", 7,
         "Oversight's acts are an inspector's"},
    };
    for (const auto& row : rows) {
        auto text = slurp(source("law/procedures/extraordinary.json"));
        const auto at = text.find(row.old);
        REQUIRE_MESSAGE(at != std::string::npos, row.old);
        const auto procedure =
            Procedure::read(text.replace(at, std::string(row.old).size(), row.now), "x.json");
        REQUIRE(procedure);
        const auto result =
            explore(Graph::make(*procedure, {"access", true}), {.stop_at_first = true});
        REQUIRE(result);
        INFO(to_text(*result));
        CHECK(breaks(*result, row.number, row.sentence));
    }
}

TEST_CASE("X1 a country's word breaks invariant 9 wherever the explorer is asked to look for it") {
    const std::vector<std::string> words{"assistance"};
    const auto all = explore_all(law("mla"), words, {.stop_at_first = true});
    REQUIRE(all);
    CHECK(breaks(all->at(0), 9));
    CHECK(check_all(law("mla"), words).error().code == Code::invariant_broken);
}

TEST_CASE("every number of the invariants has its sentences") {
    std::set<int> numbers;
    std::set<std::string_view> sentences;
    for (const auto& invariant : invariants()) {
        numbers.insert(invariant.number);
        CHECK(sentences.insert(invariant.sentence).second);
    }
    CHECK(numbers == std::set<int>{1, 2, 3, 4, 5, 6, 7, 8, 9});
}

namespace {

// One thing taken out of a file: a whole relation, or one of its arrows. Of excludes only whole
// relations: an ended case is closed by several of them at once, and one arrow less changes
// nothing.
struct Mutation {
    std::string id;
    std::string what;
    Procedure procedure;
    int number = 0; ///< of the invariant that catches it; 0 when none does
    std::string sentence;
};

std::string arrow_text(const Relation& r) {
    return fmt::format(
        "{} {} -> {}", to_text(r.kind), fmt::join(r.from, ", "), fmt::join(r.to, ", "));
}

Procedure without_arrow(
    const Procedure& procedure, std::size_t index, const std::string& from, const std::string& to) {
    const Relation whole = procedure.relations()[index];
    auto out = procedure.without(index);
    auto others = procedure.expand(whole.from);
    std::erase(others, from);
    auto targets = procedure.expand(whole.to);
    Relation rest = whole;
    rest.from = others;
    if (!others.empty()) out = out.with(rest);
    std::erase(targets, to);
    rest.from = {from};
    rest.to = targets;
    if (!targets.empty()) out = out.with(rest);
    return out;
}

void add_mutations(const std::string& id, std::vector<Mutation>& out) {
    const auto procedure = law(id);
    for (std::size_t i = 0; i < procedure.relations().size(); ++i) {
        const auto& r = procedure.relations()[i];
        const std::string delay = r.after ? ", delayed" : "";
        out.push_back({id, arrow_text(r) + delay, procedure.without(i), 0, {}});
        const auto sources = procedure.expand(r.from);
        const auto targets = procedure.expand(r.to);
        if (r.kind == RelationKind::exclude || sources.size() * targets.size() == 1) continue;
        for (const auto& from : sources)
            for (const auto& to : targets)
                out.push_back(
                    {id,
                     fmt::format("{} {} -> {}", to_text(r.kind), from, to),
                     without_arrow(procedure, i, from, to),
                     0,
                     {}});
    }
}

void judge(Mutation& mutation) {
    const auto all = explore_all(mutation.procedure, {}, {.stop_at_first = true});
    if (!all) {
        mutation.number = -1;
        return;
    }
    for (const auto& one : *all) {
        if (one.broken.empty()) continue;
        mutation.number = one.broken[0].number;
        mutation.sentence = one.broken[0].invariant;
        return;
    }
}

std::vector<Mutation> judged_mutations() {
    std::vector<Mutation> mutations;
    for (const char* id : ids)
        add_mutations(id, mutations);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < mutations.size(); i = next++)
            judge(mutations[i]);
    };
    std::thread second(work);
    work();
    second.join();
    return mutations;
}

std::set<std::string> expected_uncaught() {
    const auto value = json::parse_object(slurp(source("tests/procedure/uncaught.json")), 100'000);
    REQUIRE(value);
    std::set<std::string> out;
    for (const auto& item : value->at("uncaught").as_array()) {
        json::Reader in{item.as_object(), "uncaught.json"};
        const auto id = in.string("procedure");
        const auto what = in.string("relation");
        CHECK(in.string("reason").size() > 20);
        REQUIRE(in.done());
        CHECK(out.insert(id + ": " + what).second);
    }
    return out;
}

std::string table_of(const std::vector<Mutation>& mutations) {
    std::string out;
    std::string id;
    for (const auto& mutation : mutations) {
        if (mutation.id != id) {
            id = mutation.id;
            out += fmt::format(
                "\n### {}\n\n| taken away | caught by | sentence |\n|---|---|---|\n", id);
        }
        out += fmt::format(
            "| {} | {} | {} |\n", mutation.what,
            mutation.number == 0 ? "-" : std::to_string(mutation.number),
            mutation.number == 0 ? "nothing, and why: tests/procedure/uncaught.json"
                                 : mutation.sentence);
    }
    return out + "\n";
}

constexpr std::string_view table_begin = "<!-- mutations: begin -->\n";
constexpr std::string_view table_end = "<!-- mutations: end -->";

// The page with the table between its two marks replaced.
std::string page_with(const std::string& page, const std::string& table) {
    const auto begin = page.find(table_begin);
    const auto end = page.find(table_end);
    REQUIRE(begin != std::string::npos);
    REQUIRE(end != std::string::npos);
    return page.substr(0, begin + table_begin.size()) + table + page.substr(end);
}

} // namespace

TEST_CASE(
    "M4 every relation that is taken away breaks an invariant, or is listed with its reason") {
    const auto mutations = judged_mutations();
    CHECK(mutations.size() > 208);
    std::set<std::string> uncaught;
    for (const auto& mutation : mutations) {
        CHECK_MESSAGE(
            mutation.number >= 0, mutation.id << ": " << mutation.what << " was not explored");
        if (mutation.number == 0) uncaught.insert(mutation.id + ": " + mutation.what);
    }
    const auto expected = expected_uncaught();
    for (const auto& item : uncaught)
        CHECK_MESSAGE(expected.contains(item), "nothing catches " << item);
    for (const auto& item : expected)
        CHECK_MESSAGE(uncaught.contains(item), "is caught after all: " << item);
    const auto path = source("docs/procedures.md");
    const auto page = slurp(path);
    const auto current = page_with(page, table_of(mutations));
    if (std::getenv("COMITY_UPDATE"))
        std::ofstream(path, std::ios::binary) << current;
    else
        CHECK_MESSAGE(
            page == current, "the table of docs/procedures.md is stale: run with COMITY_UPDATE=1");
}
