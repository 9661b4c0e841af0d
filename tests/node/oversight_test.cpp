// Oversight between nodes: a look is an act, suspension holds, quashing ends, and the questions and
// alarms say what the headers say.
#include "node/oversee.hpp"
#include "record/obligations.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string overseer = "arcadia-oversight";

struct Overseen : Practice {
    Digest hash_of(const std::string& kind) {
        const auto seen = state(overseer);
        REQUIRE(seen.has_value());
        return seen->latest.at(kind);
    }

    std::string may_read(const std::string& who, const std::string& kind) {
        Result<void> out;
        node(who).store().read([&](node::StoreReader& reader) {
            out = node::may_read(node(who), reader, *reader.find_act(hash_of(kind)));
        });
        return code(out);
    }

    std::string inspect(std::vector<Digest> about) {
        auto intent_ = intent(overseer, "inspector", "inspect", fields("inspect"));
        intent_.about = std::move(about);
        const auto prepared = node::prepare_act(node(overseer), intent_);
        if (!prepared) return code(prepared);
        const auto performed = node::perform_act(
            node(overseer), prepared->hash,
            person(overseer, "inspector").sign(view(prepared->challenge)));
        move_all();
        return code(performed);
    }

    crypto::SoftwareAuthenticator& person(const std::string& who, const std::string& name) {
        return world.person(who, name).authenticator;
    }

    std::string oversee(const std::string& name) {
        const auto done =
            act(overseer, "inspector", name, fields(name == "review" ? "review" : "suspend"));
        move_all();
        return code(done);
    }

    std::vector<node::Alarm> alarms(Instant when) {
        return node::alarms(node::seen_cases(node(overseer)), **node(overseer).directory(), when);
    }

    json::Array answers(const std::string& name, std::int64_t days = 90) {
        return node::ask(
                   node::seen_cases(node(overseer)), **node(overseer).directory(), clock.now(),
                   {name, days})
            .value();
    }
};

/// Cases made by hand: what alarms look at is the marking and the acts.
struct Made {
    Overseen world;
    std::vector<node::SeenCase> cases;
    Instant start = practice_now();

    node::SeenCase& open(const std::string& procedure, const std::string& category = "subscriber") {
        node::SeenCase seen;
        seen.graph = world.node(arcadia).law().graph(procedure, {category, false});
        REQUIRE(seen.graph != nullptr);
        seen.state.id = CaseId("case-" + std::to_string(cases.size()));
        seen.state.procedure = procedure;
        seen.state.opening.requesting = ParticipantId(arcadia);
        seen.state.opening.requested = ParticipantId(borealia);
        seen.state.marking = procedure::start(*seen.graph);
        cases.push_back(std::move(seen));
        return cases.back();
    }

    static void add(
        node::SeenCase& seen, const std::string& kind, Instant when,
        std::chrono::seconds dwell = std::chrono::minutes{10}) {
        const procedure::Dates dates{
            {"until", when + std::chrono::days{80}},
            {"retention_end", when + std::chrono::days{300}}};
        const auto next = procedure::execute(*seen.graph, seen.state.marking, kind, when, dates);
        REQUIRE_MESSAGE(next.has_value(), kind, ": ", (next ? "" : next.error().text()));
        seen.state.marking = *next;
        node::SeenAct act;
        act.sequence = static_cast<std::int64_t>(seen.acts.size()) + 1;
        act.kind = kind;
        act.performer = ParticipantId(arcadia);
        act.role = "judge";
        act.person = PersonId("judge");
        act.prepared = when - dwell;
        act.sealed = when;
        act.admitted = when;
        seen.acts.push_back(act);
    }

    std::vector<std::string> kinds(Instant when) {
        std::vector<std::string> out;
        for (const auto& alarm : node::alarms(cases, **world.node(arcadia).directory(), when))
            out.push_back(alarm.kind);
        return out;
    }
};

using Kinds = std::vector<std::string>;

} // namespace

TEST_CASE("R4_ an oversight body reads an act only after an inspect act of its own that names it") {
    Overseen world;
    world.play_until("authorise");
    CHECK(world.may_read(arcadia, "request") == "accepted");
    CHECK(world.may_read(overseer, "request") == "inspection_missing");
    CHECK(world.inspect({}) == "accepted"); // names nothing
    CHECK(world.may_read(overseer, "request") == "inspection_missing");
    CHECK(world.may_read(overseer, "authorise") == "inspection_missing"); // was the act before
    CHECK(world.inspect({world.hash_of("request")}) == "accepted");
    CHECK(world.may_read(overseer, "request") == "accepted");
    CHECK(world.may_read(overseer, "authorise") == "inspection_missing");
    CHECK(world.may_read(overseer, "inspect") == "accepted"); // its own
    const auto said = world.state(overseer)->last_admitted;
    world.clock.set(said + std::chrono::hours{24} - Milliseconds{1});
    CHECK(world.may_read(overseer, "request") == "accepted");
    world.clock.set(said + std::chrono::hours{24});
    CHECK(world.may_read(overseer, "request") == "inspection_missing");
    // An act of another case, or none, cannot be named.
    CHECK(world.inspect({Digest{}}) == "builds_on_unknown");
}

TEST_CASE("R4_ each look of an oversight body stands in the case at all nodes and in its record") {
    Overseen world;
    world.play_until("acknowledge");
    const auto leaves = world.leaves(overseer);
    REQUIRE(world.inspect({world.hash_of("request")}) == "accepted");
    CHECK(world.leaves(overseer) == leaves + 1);
    for (const auto& id : {arcadia, borealia, overseer})
        CHECK(world.state(id)->latest.contains("inspect"));
    const auto rows = world.answers("inspections");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("body").as_string() == overseer);
    CHECK(json::print(rows[0].at("acts")) == R"(["request"])");
    CHECK(world.answers("inspections", 0).empty());
}

TEST_CASE("R4_ a suspension holds every step between nodes until it is resumed") {
    Overseen world;
    world.play_until("accept");
    REQUIRE(world.oversee("suspend") == "accepted");
    CHECK(code(world.act(borealia, "judge", "order", world.fields("order"))) == "act_held_by");
    CHECK(world.oversee("suspend") != "accepted");
    REQUIRE(world.oversee("resume") == "accepted");
    world.play("order");
    world.move_all();
    CHECK(world.state(overseer)->latest.contains("order"));
    // Nobody but the inspector of a country that takes part does this.
    CHECK(code(world.act(arcadia, "judge", "suspend", world.fields("suspend"))) == "act_role");
}

TEST_CASE("R4_ quashing ends the case: nothing opens, both sides owe deletion in public") {
    Overseen world;
    world.play_until("receive");
    REQUIRE(world.oversee("suspend") == "accepted");
    REQUIRE(world.oversee("quash") == "accepted");
    CHECK(!world.act(arcadia, "issuing-officer", "open", world.fields("open")));
    for (const auto& id : {arcadia, borealia}) {
        std::size_t owed = 0;
        world.node(id).store().read([&](node::StoreReader& reader) {
            for (const auto& row : reader.obligations_of(world.case_id))
                if ((row.act == "delete" || row.act == "purge") && row.leaf) ++owed;
        });
        CHECK(owed == 1);
    }
    CHECK(world.oversee("review") == "accepted");
}

TEST_CASE(
    "T03 an emergency without a judge is an alarm when its time is over, until it is reviewed") {
    Made made;
    auto& seen = made.open("emergency");
    Made::add(seen, "request", made.start);
    CHECK(made.kinds(made.start + std::chrono::hours{100}).empty()); // not certified: nothing moves
    Made::add(seen, "certify", made.start);
    const Instant due = made.start + std::chrono::hours{48};
    CHECK(made.kinds(due).empty());
    CHECK(made.kinds(due + Milliseconds{1}) == Kinds{"emergency-without-judge"});
    Made::add(seen, "transmit", made.start);
    Made::add(seen, "acknowledge", made.start);
    Made::add(seen, "accept", made.start);
    Made::add(seen, "order", made.start);
    Made::add(seen, "confirm", made.start);
    Made::add(seen, "produce", made.start);
    Made::add(seen, "lapse-authorisation", due);
    CHECK(made.kinds(due) == Kinds{"emergency-without-judge"});
    Made::add(seen, "review", due + std::chrono::hours{1});
    CHECK(made.kinds(due + std::chrono::hours{2}).empty());
    // With the judge in time there is none.
    auto& good = made.open("emergency");
    Made::add(good, "request", made.start);
    Made::add(good, "certify", made.start);
    Made::add(good, "authorise", due);
    CHECK(made.kinds(due + std::chrono::hours{2}).empty());
}

TEST_CASE("R4_ overdue notices and deletions are alarms from the deadline on") {
    Overseen world;
    world.play_until("receive");
    Instant notice;
    Instant purge;
    world.node(overseer).store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.obligations_of(world.case_id)) {
            if (row.act == "notify") notice = *row.due;
            if (row.act == "purge") purge = *row.due;
        }
    });
    REQUIRE(purge < notice);
    CHECK(world.alarms(purge).empty());
    const auto first = world.alarms(purge + Milliseconds{1});
    REQUIRE(first.size() == 1);
    CHECK(first[0].kind == "deletion-overdue");
    CHECK(first[0].about == borealia);
    CHECK(world.alarms(notice).size() == 1);
    const auto both = world.alarms(notice + Milliseconds{1});
    REQUIRE(both.size() == 2);
    CHECK(both[1].kind == "notice-overdue");
    CHECK(both[1].about == arcadia);
    CHECK(both[1].case_id == world.case_id);
    const auto rows = world.answers("notices");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("overdue").as_bool() == false);
    CHECK(world.answers("deferrals", 29).size() == 1); // owed 30 days after production
    CHECK(world.answers("deferrals", 30).empty());
}

TEST_CASE("R4_ a partner that refuses half of enough requests is an alarm, below it none") {
    Made made;
    const auto decide = [&](const std::string& how) {
        auto& seen = made.open("mla");
        for (const std::string kind : {"request", "authorise", "transmit", "acknowledge"})
            Made::add(seen, kind, made.start);
        Made::add(seen, how, made.start);
    };
    for (const std::string how : {"refuse", "refuse", "accept", "accept"})
        decide(how);
    CHECK(made.kinds(made.start).empty()); // four: too few
    decide("accept");
    CHECK(made.kinds(made.start).empty()); // two of five
    decide("refuse");
    CHECK(made.kinds(made.start) == Kinds{"refusals"}); // three of six
    CHECK(made.kinds(made.start + std::chrono::days{90}) == Kinds{"refusals"});
    CHECK(made.kinds(made.start + std::chrono::days{90} + Milliseconds{1}).empty());
}

TEST_CASE(
    "T06 decisions that could not have been read are an alarm, by the half of enough of them") {
    using std::chrono::seconds;
    Made made;
    const auto decide = [&](seconds dwell) {
        auto& seen = made.open("mla");
        Made::add(seen, "request", made.start);
        Made::add(seen, "authorise", made.start, dwell);
    };
    for (const int time : {5, 5, 59, 3600})
        decide(seconds{time});
    CHECK(made.kinds(made.start).empty()); // four: too few
    decide(seconds{3600});
    CHECK(made.kinds(made.start) == Kinds{"dwell"}); // the one in the middle took 59
    Made other;
    std::swap(made.cases, other.cases);
    made.cases.clear();
    for (const int time : {5, 5, 60, 61, 3600})
        decide(seconds{time});
    CHECK(made.kinds(made.start).empty());
    const auto rows =
        node::ask(made.cases, **made.world.node(arcadia).directory(), made.start, {"dwell", 90})
            .value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("median_seconds").as_int64() == 60);
    CHECK(rows[0].at("decisions").as_int64() == 5);
}

TEST_CASE("T26 the ceiling of the extraordinary mechanism is an alarm from four fifths on") {
    Made made; // the practice directory: 20 cases in 90 days
    for (int i = 0; i < 15; ++i)
        Made::add(made.open("extraordinary"), "request", made.start);
    CHECK(made.kinds(made.start).empty());
    Made::add(made.open("extraordinary"), "request", made.start);
    CHECK(made.kinds(made.start) == Kinds{"ceiling"});
    CHECK(made.kinds(made.start + std::chrono::days{91}).empty());
    const auto rows =
        node::ask(made.cases, **made.world.node(arcadia).directory(), made.start, {"ceiling", 90})
            .value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("opened").as_int64() == 16);
    CHECK(rows[0].at("country").as_string() == "XA");
    CHECK(
        code(node::ask(
            made.cases, **made.world.node(arcadia).directory(), made.start, {"gossip", 1})) ==
        "not_found");
}

TEST_CASE(
    "R4_ a sample of the overseer's record is drawn after the period and can be drawn again") {
    Overseen world;
    world.play_until("accept");
    const auto seed = [&] {
        node::Sequencer sequencer(world.node(arcadia));
        REQUIRE(sequencer.start());
        REQUIRE(sequencer.beat().has_value());
        return sequencer.checkpoint();
    };
    node::SampleOrder order{
        practice_now() - std::chrono::days{1}, world.clock.now() + std::chrono::hours{1}, 2, {}};
    order.seeds = {seed()};
    CHECK(!node::draw_sample(world.node(overseer), order)); // the period has not ended
    world.clock.set(order.until + std::chrono::hours{1});
    CHECK(code(node::draw_sample(world.node(overseer), order)) == "proof_wrong"); // an old seed
    world.act(arcadia, "central-authority-officer", "withdraw", world.fields("withdraw")).value();
    world.move_all();
    order.seeds = {seed()};
    const auto sample = node::draw_sample(world.node(overseer), order);
    REQUIRE_MESSAGE(sample.has_value(), (sample ? "" : sample.error().text()));
    CHECK(sample->drawn.size() == 2);
    CHECK(sample->frame.to - sample->frame.from == 5); // not the withdrawal, which came later
    const auto policy = node::witness_policy(**world.node(borealia).directory());
    REQUIRE(policy.has_value());
    CHECK(record::redraw(record::Sample::parse(sample->print()).value(), *policy));
    const auto acts = node::sampled_acts(world.node(overseer), *sample).value();
    REQUIRE(acts.size() == 2);
    for (const auto& row : acts)
        CHECK(row.at("inspected").as_bool() == false);
    REQUIRE(
        world.inspect(
            {digest_from_text(std::string_view(acts[0].at("hash").as_string())).value()}) ==
        "accepted");
    const auto after = node::sampled_acts(world.node(overseer), *sample).value();
    CHECK(after[0].at("inspected").as_bool());
    CHECK_FALSE(after[1].at("inspected").as_bool());
}
