// The engine: each relation's meaning by a small procedure, each deadline below, at and above, and
// the whole against a second, slower reading of the same files.
#include "base/json.hpp"
#include "files.hpp"
#include "procedure/marking.hpp"

#include <random>
#include <set>

using namespace comity;
using namespace comity::procedure;
using namespace comity::procedure::test;
using comity::to_text;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

const Instant noon = *instant_from("2026-03-01T12:00:00Z");
constexpr milliseconds tick{1};

Code code(const Result<void>& result) {
    REQUIRE_FALSE(result);
    return result.error().code;
}

Marking after(
    const Graph& graph, const std::vector<std::string>& acts, Instant now = noon,
    const Dates& dates = {}) {
    Marking marking = start(graph);
    for (const auto& act : acts) {
        auto next = execute(graph, marking, act, now, dates);
        REQUIRE_MESSAGE(next, act << ": " << (next ? "" : next.error().facts.text()));
        marking = *next;
    }
    return marking;
}

std::string possible(const Graph& graph, const Marking& marking, Instant now = noon) {
    return fmt::format("{}", fmt::join(graph.names(enabled(graph, marking, now)), " "));
}

} // namespace

TEST_CASE("without relations everything can happen, again and again") {
    const auto graph = small_graph("");
    CHECK(possible(graph, start(graph)) == "a b c");
    CHECK(possible(graph, after(graph, {"a", "b", "a"})) == "a b c");
    CHECK(at_rest(start(graph)));
}

TEST_CASE("a condition holds an act until the other has happened, unless that one is excluded") {
    const auto graph = small_graph(R"({"is": "condition", "from": ["a"], "to": ["b"]},
                                      {"is": "exclude", "from": ["c"], "to": ["a"]})");
    CHECK(possible(graph, start(graph)) == "a c");
    const auto refusal = can(graph, start(graph), "b", noon);
    CHECK(code(refusal) == Code::act_waits_for);
    CHECK(refusal.error().facts.text() == "b waits for a");
    CHECK(possible(graph, after(graph, {"a"})) == "a b c");
    CHECK(possible(graph, after(graph, {"c"})) == "b c");
}

TEST_CASE("a delayed condition opens at its instant, not before") {
    const auto graph =
        small_graph(R"({"is": "condition", "from": ["a"], "to": ["b"], "after": "PT48H"})");
    const auto marking = after(graph, {"a"});
    const auto at = noon + hours(48);
    CHECK(code(can(graph, marking, "b", at - tick)) == Code::act_too_early);
    CHECK(
        can(graph, marking, "b", at - tick).error().facts.text() ==
        "b may happen from 2026-03-03T12:00:00.000Z on; it is 2026-03-03T11:59:59.999Z");
    CHECK(can(graph, marking, "b", at));
    CHECK(can(graph, marking, "b", at + tick));
    CHECK(possible(graph, marking, at - tick) == "a c");
    CHECK(possible(graph, marking, at) == "a b c");
    CHECK(code(can(graph, start(graph), "b", at)) == Code::act_waits_for);
}

TEST_CASE("an act that happens again starts its delays and its deadlines again") {
    const auto graph =
        small_graph(R"({"is": "condition", "from": ["a"], "to": ["b"], "after": "P1D"},
                                      {"is": "response", "from": ["a"], "to": ["c"], "within": "P2D"})");
    const auto first = after(graph, {"a"});
    const auto again = execute(graph, first, "a", noon + days(1), {});
    REQUIRE(again);
    CHECK(can(graph, first, "b", noon + days(1)));
    CHECK(code(can(graph, *again, "b", noon + days(1))) == Code::act_too_early);
    CHECK(can(graph, *again, "b", noon + days(2)));
    CHECK(owed(graph, first).at(0).due == noon + days(2));
    CHECK(owed(graph, *again).at(0).due == noon + days(3));
}

TEST_CASE(
    "R2_ T33 what a node does by itself at its date is put off by a stated date only, and brought "
    "forward by any act: below, at and above") {
    using Road = std::vector<std::string>;
    for (const auto& [id, road] :
         {std::pair{
              "mla", Road{"request", "authorise", "transmit", "acknowledge", "accept", "order"}},
          {"emergency",
           {"request", "certify", "transmit", "acknowledge", "confirm", "accept", "authorise",
            "order"}},
          {"extraordinary", {"request", "authorise", "transmit", "acknowledge", "clear"}}}) {
        const auto graph = Graph::make(law(id), {"access", false});
        const auto told = *graph.find("notify");
        Marking produced = after(graph, road);
        produced = *execute(graph, produced, "produce", noon, {});
        const Instant due = noon + days(30);
        REQUIRE(produced.due[told] == due.time_since_epoch().count());
        // A correction asks for the notice within 7 days.
        for (const auto& [after, expected] :
             {std::pair{days(22), noon + days(29)}, {days(23), due}, {days(24), due}}) {
            const auto corrected = execute(graph, produced, "correct", noon + after, {});
            REQUIRE(corrected);
            CHECK(corrected->due[told] == expected.time_since_epoch().count());
        }
        // A judge's date puts it off.
        const auto deferred =
            execute(graph, produced, "defer-notice", noon + days(20), {{"until", noon + days(60)}});
        REQUIRE(deferred);
        CHECK(deferred->due[told] == (noon + days(60)).time_since_epoch().count());
        // Who quashes gives ten days for the deletion, to whoever has not to delete sooner.
        for (const auto& [end, expected] :
             {std::pair{days(9), days(9)}, {days(10), days(10)}, {days(11), days(10)}}) {
            Marking received = produced;
            for (const char* act : {"release", "receive", "suspend"})
                if (graph.find(act))
                    received =
                        *execute(graph, received, act, noon, {{"retention_end", noon + end}});
            const auto quashed = execute(graph, received, "quash", noon, {});
            REQUIRE_MESSAGE(quashed, id << ": " << (quashed ? "" : quashed.error().facts.text()));
            CHECK(
                quashed->due[*graph.find("delete")] ==
                (noon + expected).time_since_epoch().count());
        }
    }
}

TEST_CASE("a response is owed by its deadline until it happens, late or not") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1M"})");
    const auto begin = *instant_from("2026-01-31T08:00:00Z");
    const auto marking = after(graph, {"a"}, begin);
    REQUIRE(owed(graph, marking).size() == 1);
    CHECK(
        owed(graph, marking).at(0) ==
        Owed{1, "b", Side::requested, *instant_from("2026-02-28T08:00:00Z")}); // by the calendar
    CHECK_FALSE(at_rest(marking));
    const auto late = execute(graph, marking, "b", begin + days(90), {});
    REQUIRE(late);
    CHECK(at_rest(*late));
    CHECK(owed(graph, *late).empty());
    CHECK(late->due[1] == 0);
}

TEST_CASE("an excluded act is not owed, and is again when it is included") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D"},
                                      {"is": "exclude", "from": ["c"], "to": ["b"]},
                                      {"is": "include", "from": ["a"], "to": ["b"]})");
    auto marking = after(graph, {"a", "c"});
    CHECK(at_rest(marking));
    const auto refusal = can(graph, marking, "b", noon);
    CHECK(code(refusal) == Code::act_closed);
    CHECK(refusal.error().facts.text() == "b is closed by c of 2026-03-01T12:00:00.000Z");
    CHECK(possible(graph, marking) == "a c");
    marking = *execute(graph, marking, "a", noon + days(1), {});
    CHECK(owed(graph, marking).at(0).due == noon + days(2));
}

TEST_CASE("an act that excludes and includes the same act leaves it included") {
    const auto graph = small_graph(R"({"is": "exclude", "from": ["a"], "to": ["b"]},
                                      {"is": "include", "from": ["a"], "to": ["b"]})");
    CHECK(possible(graph, after(graph, {"a"})) == "a b c");
}

TEST_CASE("an act that owes itself stays owed") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["a"], "within": "P1D"})");
    CHECK(owed(graph, after(graph, {"a"})).size() == 1);
}

TEST_CASE("a closed act says what opens it when nothing has closed it") {
    const auto graph =
        small_graph(R"({"is": "include", "from": ["a"], "to": ["b"]})", "\"b\", \"c\"");
    CHECK(
        can(graph, start(graph), "b", noon).error().facts.text() ==
        "b is not open yet; it is opened by a");
    CHECK(can(graph, start(graph), "c", noon).error().facts.text() == "c is closed from the start");
    CHECK(code(can(graph, start(graph), "b", noon)) == Code::act_closed);
    CHECK(can(graph, after(graph, {"a"}), "b", noon));
}

TEST_CASE("the latest of the acts that close an act is named") {
    const auto graph = small_graph(R"({"is": "exclude", "from": ["a", "b"], "to": ["c"]})");
    auto marking = *execute(graph, start(graph), "b", noon, {});
    marking = *execute(graph, marking, "a", noon + days(1), {});
    CHECK(
        can(graph, marking, "c", noon + days(2)).error().facts.text() ==
        "c is closed by a of 2026-03-02T12:00:00.000Z");
}

TEST_CASE("a milestone holds an act while the other is owed") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P1D"},
                                      {"is": "milestone", "from": ["b"], "to": ["c"]})");
    CHECK(possible(graph, start(graph)) == "a b c");
    const auto marking = after(graph, {"a"});
    const auto refusal = can(graph, marking, "c", noon);
    CHECK(code(refusal) == Code::act_held_by);
    CHECK(
        refusal.error().facts.text() ==
        "c waits while these are owed: b (due 2026-03-02T12:00:00.000Z)");
    CHECK(possible(graph, after(graph, {"a", "b"})) == "a b c");
}

TEST_CASE("a date sets the deadline: in the future and within the maximum") {
    const auto graph = small_graph(
        R"({"is": "response", "from": ["a"], "to": ["b"], "until": "retention_end", "at_most": "P1Y"})");
    const auto with = [&](Instant date) {
        return execute(graph, start(graph), "a", noon, {{"retention_end", date}});
    };
    const auto last = *instant_from("2027-03-01T12:00:00Z");
    CHECK(execute(graph, start(graph), "a", noon, {}).error().code == Code::deadline_missing);
    CHECK(
        execute(graph, start(graph), "a", noon, {{"until", last}}).error().code ==
        Code::deadline_missing);
    CHECK(with(noon - tick).error().code == Code::deadline_too_far);
    CHECK(with(noon).error().code == Code::deadline_too_far);
    CHECK(with(noon).error().remedy == "State a date in the future");
    REQUIRE(with(noon + tick));
    REQUIRE(with(last - tick));
    REQUIRE(with(last));
    CHECK(owed(graph, *with(last)).at(0).due == last);
    CHECK(with(last + tick).error().code == Code::deadline_too_far);
    CHECK(
        with(last + tick).error().facts.text() ==
        "\"retention_end\" of a is 2027-03-01T12:00:00.001Z; at most P1Y is allowed, which is "
        "2027-03-01T12:00:00.000Z");
}

TEST_CASE("a refused act changes nothing, and an unknown one is refused by name") {
    const auto graph = small_graph(R"({"is": "condition", "from": ["a"], "to": ["b"]})");
    const auto before = start(graph);
    CHECK(execute(graph, before, "b", noon, {}).error().code == Code::act_waits_for);
    CHECK(before == start(graph));
    CHECK(execute(graph, before, "d", noon, {}).error().code == Code::act_unknown);
    CHECK(code(can(graph, before, "d", noon)) == Code::act_unknown);
    CHECK(code(can(graph, before, std::size_t{3}, noon)) == Code::act_unknown);
    CHECK(execute(graph, before, std::size_t{64}, noon, {}).error().code == Code::act_unknown);
}

TEST_CASE("refusals come in the order of the gate") {
    const auto graph =
        small_graph(R"({"is": "condition", "from": ["a"], "to": ["c"], "after": "P1D"},
                                      {"is": "response", "from": ["a"], "to": ["b"], "within": "P1D"},
                                      {"is": "milestone", "from": ["b"], "to": ["c"]})");
    CHECK(code(can(graph, start(graph), "c", noon)) == Code::act_waits_for);
    const auto marking = after(graph, {"a"});
    CHECK(code(can(graph, marking, "c", noon)) == Code::act_too_early);
    CHECK(code(can(graph, marking, "c", noon + days(1))) == Code::act_held_by);
}

TEST_CASE("owed acts stand by deadline, then by name") {
    const auto graph =
        small_graph(R"({"is": "response", "from": ["a"], "to": ["b"], "within": "P2D"},
                                      {"is": "response", "from": ["a"], "to": ["a", "c"], "within": "P1D"})");
    const auto list = owed(graph, after(graph, {"a"}));
    REQUIRE(list.size() == 3);
    CHECK(list[0].name == "a");
    CHECK(list[1].name == "c");
    CHECK(list[2].name == "b");
}

namespace {

const Dates far{{"retention_end", noon + days(300)}, {"until", noon + days(80)}};

} // namespace

TEST_CASE("N2 a side joins with the first act that opens, requires or permits an act of its own") {
    using enum Side;
    const auto mla = Graph::make(law("mla"), {});
    CHECK(joins(mla, "request").empty());
    CHECK(joins(mla, "authorise").empty());
    CHECK(joins(mla, "transmit") == std::vector{requested});
    CHECK(joins(mla, "freeze") == std::vector{provider});
    CHECK(joins(mla, "order") == std::vector{provider});
    CHECK(joins(mla, "consult") == std::vector{third});
    CHECK(joins(mla, "suspend").empty());
    CHECK(joins(mla, "nothing").empty());
    const auto with_third = Graph::make(law("extraordinary"), {"access", true});
    CHECK(joins(with_third, "transmit") == std::vector{requested, provider, third});
    const auto without = Graph::make(law("extraordinary"), {"access", false});
    CHECK(joins(without, "transmit") == std::vector{requested, provider});
}

TEST_CASE("the clock performs a lapse when its time has passed and a notice when it is due") {
    const auto mla = Graph::make(law("mla"), {});
    CHECK_FALSE(next_clock(mla, start(mla)));
    auto marking = after(mla, {"request", "authorise", "transmit", "acknowledge", "consult"});
    REQUIRE(next_clock(mla, marking));
    CHECK(next_clock(mla, marking)->name == "lapse-consultation");
    CHECK(next_clock(mla, marking)->at == noon + days(10));
    CHECK(
        code(can(mla, marking, "lapse-consultation", noon + days(10) - tick)) ==
        Code::act_too_early);
    CHECK(can(mla, marking, "lapse-consultation", noon + days(10)));
    CHECK_FALSE(next_clock(mla, *execute(mla, marking, "opine", noon, {})));
    marking = after(
        mla, {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce"});
    CHECK(next_clock(mla, marking)->name == "notify");
    CHECK(next_clock(mla, marking)->at == noon + days(30));
    const auto deferred =
        execute(mla, marking, "defer-notice", noon + days(20), {{"until", noon + days(120)}});
    REQUIRE(deferred);
    CHECK(next_clock(mla, *deferred)->at == noon + days(120));
    const auto received = after(
        mla,
        {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce", "release",
         "receive"},
        noon, far);
    CHECK(next_clock(mla, received)->name == "purge");
    CHECK(next_clock(mla, received)->at == noon + days(1));
}

TEST_CASE("a clock that is held by another act waits for that act, not for time") {
    const auto emergency = Graph::make(law("emergency"), {});
    auto marking = after(emergency, {"request", "certify"});
    CHECK(next_clock(emergency, marking)->name == "lapse-authorisation");
    CHECK(to_text(next_clock(emergency, marking)->at) == to_text(noon + hours(48)));
    marking = *execute(emergency, marking, "suspend", noon + hours(1), {});
    CHECK_FALSE(next_clock(emergency, marking));
    CHECK(
        code(can(emergency, marking, "lapse-authorisation", noon + hours(48))) ==
        Code::act_held_by);
    marking = *execute(emergency, marking, "resume", noon + hours(72), {});
    CHECK(next_clock(emergency, marking)->at == noon + hours(48)); // long past: now
}

TEST_CASE("a delay that has begun runs on when the act that began it is excluded") {
    const auto graph =
        small_graph(R"({"is": "condition", "from": ["a"], "to": ["b"], "after": "P1D"},
                                      {"is": "exclude", "from": ["a", "c"], "to": ["a"]})");
    const auto begun = after(graph, {"a"});
    CHECK(code(can(graph, begun, "b", noon + days(1) - tick)) == Code::act_too_early);
    CHECK(can(graph, begun, "b", noon + days(1)));
    CHECK(can(graph, after(graph, {"c"}), "b", noon)); // never begun, and it cannot begin any more
}

TEST_CASE("N2 silence lets data through only after its full time") {
    const auto graph = Graph::make(law("extraordinary"), {"access", true});
    const auto acknowledged = noon + hours(5);
    auto marking = after(graph, {"request", "authorise", "transmit"});
    marking = *execute(graph, marking, "acknowledge", acknowledged, {});

    struct Row {
        const char* act;
        Instant from;
    };

    for (const auto& row :
         {Row{"lapse-third", noon + hours(96)}, Row{"lapse-clearance", acknowledged + hours(96)}}) {
        CHECK(code(can(graph, marking, row.act, row.from - tick)) == Code::act_too_early);
        CHECK(can(graph, marking, row.act, row.from));
        CHECK(can(graph, marking, row.act, row.from + tick));
    }
    CHECK(next_clock(graph, marking)->name == "lapse-third");
    CHECK(next_clock(graph, marking)->at == noon + hours(96));
    CHECK(code(can(graph, marking, "produce", noon + days(30))) == Code::act_waits_for);
    marking = *execute(graph, marking, "lapse-third", noon + hours(96), {});
    CHECK(next_clock(graph, marking)->name == "lapse-clearance");
    marking = *execute(graph, marking, "lapse-clearance", acknowledged + hours(96), {});
    CHECK(can(graph, marking, "produce", acknowledged + hours(96)));
    CHECK(can(graph, marking, "oppose", acknowledged + hours(96))); // and can still be stopped
}

TEST_CASE("in an emergency data without a judge's word is locked and owed deletion") {
    const auto emergency = Graph::make(law("emergency"), {});
    auto marking = after(
        emergency,
        {"request", "certify", "transmit", "acknowledge", "confirm", "accept", "order", "produce",
         "release", "receive"},
        noon, far);
    CHECK(can(emergency, marking, "open", noon));
    CHECK(
        execute(emergency, marking, "lapse-authorisation", noon + hours(48) - tick, {})
            .error()
            .code == Code::act_too_early);
    const auto lapsed = execute(emergency, marking, "lapse-authorisation", noon + hours(48), {});
    REQUIRE(lapsed);
    CHECK(code(can(emergency, *lapsed, "open", noon + hours(48))) == Code::act_closed);
    const auto list = owed(emergency, *lapsed);
    const auto destroy =
        std::find_if(list.begin(), list.end(), [](const Owed& o) { return o.name == "delete"; });
    REQUIRE(destroy != list.end());
    CHECK(destroy->due == noon + hours(72)); // the ruling's near date, not the receipt's far one
}

TEST_CASE("a marking is written by act names and read back the same") {
    const auto mla = Graph::make(law("mla"), {});
    const auto marking = after(mla, {"request", "authorise", "transmit", "acknowledge", "ask"});
    const auto value = to_json(mla, marking);
    const auto again = marking_from_json(mla, value);
    REQUIRE(again);
    CHECK(*again == marking);
    CHECK(json::print(to_json(mla, start(mla)))
              .starts_with(R"({"executed":{},"pending":{},"included":["accept",)"));
    CHECK(*marking_from_json(mla, to_json(mla, start(mla))) == start(mla));
    const auto parsed = json::parse(json::print(value), 100'000);
    REQUIRE(parsed);
    CHECK(*marking_from_json(mla, *parsed) == marking);
}

TEST_CASE("a stored marking that no graph of ours wrote is refused") {
    const auto graph = small_graph("");
    for (const char* text : {
             R"([])",
             R"({"executed": {}, "pending": {}})",
             R"({"executed": {"d": 1}, "pending": {}, "included": []})",
             R"({"executed": {"a": "1"}, "pending": {}, "included": []})",
             R"({"executed": {}, "pending": {"a": true}, "included": []})",
             R"({"executed": {}, "pending": {}, "included": ["a", "a"]})",
             R"({"executed": {}, "pending": {}, "included": ["d"]})",
             R"({"executed": {}, "pending": {}, "included": [], "more": 1})",
         }) {
        const auto marking = marking_from_json(graph, *json::parse(text, 1000));
        REQUIRE_MESSAGE(!marking, text);
        CHECK(marking.error().code == Code::json_malformed);
    }
    CHECK(marking_from_json(
        graph, *json::parse(R"({"executed": {"a": 5}, "pending": {}, "included": ["b"]})", 1000)));
}

namespace {

// The semantics again, over names and sets, straight from the relations of the file.
struct Slow {
    const Procedure& procedure;
    Parameters parameters;
    std::set<std::string> included;
    std::map<std::string, Instant> executed;
    std::map<std::string, Instant> pending;

    Slow(const Procedure& p, const Parameters& q) : procedure(p), parameters(q) {
        for (const auto& act : p.acts())
            if (act.when.matches(q)) included.insert(act.name);
        for (const auto& name : p.excluded_at_start())
            included.erase(name);
    }

    [[nodiscard]] bool exists(const std::string& name) const {
        return procedure.act(name)->when.matches(parameters);
    }

    template <class Use>
    void arrows(RelationKind kind, Use use) const {
        for (const auto& r : procedure.relations())
            if (r.kind == kind && r.when.matches(parameters))
                for (const auto& from : procedure.expand(r.from))
                    for (const auto& to : procedure.expand(r.to))
                        if (exists(from) && exists(to)) use(r, from, to);
    }

    [[nodiscard]] bool can(const std::string& act, Instant now) const {
        bool possible = included.contains(act);
        arrows(
            RelationKind::condition,
            [&](const Relation& r, const std::string& from, const std::string& to) {
                if (to != act) return;
                const auto at = executed.find(from);
                if (at == executed.end() && included.contains(from)) possible = false;
                if (at != executed.end() && r.after && add(at->second, *r.after) > now)
                    possible = false;
            });
        arrows(
            RelationKind::milestone,
            [&](const Relation&, const std::string& from, const std::string& to) {
                if (to == act && included.contains(from) && pending.contains(from))
                    possible = false;
            });
        return possible;
    }

    // What is owed and held by something owed does not run from the last step to this one.
    void pause(Instant now) {
        Instant last{};
        for (const auto& [name, at] : executed)
            last = std::max(last, at);
        std::set<std::string> held;
        arrows(
            RelationKind::milestone,
            [&](const Relation&, const std::string& from, const std::string& to) {
                if (included.contains(from) && pending.contains(from) && included.contains(to) &&
                    pending.contains(to))
                    held.insert(to);
            });
        for (const auto& name : held)
            pending[name] += now - last;
    }

    void perform(const std::string& act, Instant now, const Dates& dates) {
        pause(now);
        executed[act] = now;
        pending.erase(act);
        arrows(
            RelationKind::response,
            [&](const Relation& r, const std::string& from, const std::string& to) {
                if (from != act) return;
                const auto due = r.within ? add(now, *r.within) : dates.at(r.until);
                const auto running = pending.find(to);
                const bool kept = r.within && procedure.act(to)->at_deadline &&
                                  running != pending.end() && included.contains(to);
                pending[to] = kept ? std::min(running->second, due) : due;
            });
        arrows(
            RelationKind::exclude,
            [&](const Relation&, const std::string& from, const std::string& to) {
                if (from == act) included.erase(to);
            });
        arrows(
            RelationKind::include,
            [&](const Relation&, const std::string& from, const std::string& to) {
                if (from == act) included.insert(to);
            });
    }

    [[nodiscard]] bool same(const Graph& graph, const Marking& marking) const {
        Marking mine;
        for (const auto& name : included)
            mine.included |= graph.mask(name);
        for (const auto& [name, at] : executed) {
            mine.executed |= graph.mask(name);
            mine.executed_at[*graph.find(name)] = at.time_since_epoch().count();
        }
        for (const auto& [name, at] : pending) {
            mine.pending |= graph.mask(name);
            mine.due[*graph.find(name)] = at.time_since_epoch().count();
        }
        return mine == marking;
    }
};

// One random case; time passes in steps around the periods of the files.
void walk(const Procedure& procedure, const Parameters& parameters, std::mt19937_64& random) {
    const auto graph = Graph::make(procedure, parameters);
    Slow slow(procedure, parameters);
    Marking marking = start(graph);
    Instant now = noon;
    for (int step = 0; step < 40; ++step) {
        REQUIRE(slow.same(graph, marking));
        now += hours(random() % 3 == 0 ? random() % 120 : 0);
        const Mask possible_now = enabled(graph, marking, now);
        for (std::size_t i = 0; i < graph.size(); ++i) {
            REQUIRE(((possible_now & bit(i)) != 0) == slow.can(graph.act(i).name, now));
            REQUIRE(can(graph, marking, i, now).has_value() == ((possible_now & bit(i)) != 0));
        }
        const auto clock = next_clock(graph, marking);
        if (clock) REQUIRE(can(graph, marking, clock->act, std::max(clock->at, now)));
        const auto names = graph.names(possible_now);
        const auto& act = names[random() % names.size()];
        const Dates dates{
            {"retention_end", now + days(1 + random() % 300)},
            {"until", now + days(1 + random() % 80)}};
        if (act == "defer-notice" &&
            now + days(81) > add(slow.executed.at("produce"), Period{.days = 180}))
            continue; // the total of deferrals has tests of its own
        const auto next = execute(graph, marking, act, now, dates);
        REQUIRE_MESSAGE(next, act);
        slow.perform(act, now, dates);
        marking = *next;
        REQUIRE(*marking_from_json(graph, to_json(graph, marking)) == marking);
    }
}

} // namespace

TEST_CASE(
    "R7_ an owed act that waits for another has its clock stopped, over every overlap of waits") {
    const auto mla = Graph::make(law("mla"), {"access", false});
    Marking marking = start(mla);
    Instant now = noon;
    const auto act = [&](const char* name) {
        const auto next = execute(mla, marking, name, now, {{"until", now + days(40)}});
        REQUIRE_MESSAGE(next, name);
        marking = *next;
    };
    const auto due = [&](const char* name) {
        return Instant{Milliseconds{marking.due[*mla.find(name)]}};
    };
    for (const char* name : {"request", "authorise", "transmit", "acknowledge"})
        act(name);
    const Instant first = due("accept");
    CHECK(first == add(now, Period{.days = 30}));
    CHECK(paused(mla, marking) == 0);
    now += days(2); // runs
    act("ask");
    CHECK(paused(mla, marking) == mla.mask("accept"));
    now += days(3); // stands: the answer is owed
    act("suspend");
    CHECK(due("accept") == first + days(3));
    now += days(4); // stands: both are owed
    act("answer");
    CHECK(due("accept") == first + days(7));
    now += days(5); // stands: suspended
    act("inspect");
    now += days(1);
    act("resume");
    CHECK(due("accept") == first + days(13));
    CHECK(paused(mla, marking) == 0);
    now += days(6); // runs again
    act("inspect");
    CHECK(due("accept") == first + days(13));
}

TEST_CASE("T33 a date may have a total, counted from an act: below, at and above") {
    const auto mla = Graph::make(law("mla"), {"access", false});
    Marking marking = start(mla);
    Instant now = noon;
    for (const char* name :
         {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce"})
        marking = *execute(mla, marking, name, now, {});
    const Instant end = add(now, Period{.years = 1});
    now = end - days(10);
    const auto defer = [&](Instant until) {
        return execute(mla, marking, "defer-notice", now, {{"until", until}});
    };
    CHECK(defer(end - Milliseconds{1}));
    CHECK(defer(end));
    REQUIRE_FALSE(defer(end + Milliseconds{1}));
    CHECK(defer(end + Milliseconds{1}).error().code == Code::deadline_too_far);
    now = end;
    CHECK_FALSE(defer(end + Milliseconds{1}));
}

TEST_CASE("N2_ what is owed and closed brings nobody into a case") {
    const auto mla = Graph::make(law("mla"), {"access", false});
    CHECK(joins(mla, *mla.find("quash")) == std::vector{Side::requested, Side::provider});
    Marking marking = start(mla);
    for (const char* name : {"request", "authorise", "suspend", "quash"})
        marking = *execute(mla, marking, name, noon, {});
    CHECK(joins(mla, *mla.find("quash"), marking.included).empty());
}

TEST_CASE("random cases go the same way by the engine and by a plain reading of the relations") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    for (const char* id : {"mla", "emergency", "extraordinary"}) {
        const auto procedure = law(id);
        const auto combinations = procedure.combinations();
        for (int i = 0; i < 25; ++i)
            walk(procedure, combinations[random() % combinations.size()], random);
    }
}
