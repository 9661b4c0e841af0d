// The law at the gate: what the sender's node refuses before anybody approves, what the receiver's
// node finds again by itself, and what a person may answer. Real nodes, real law pack.
#include "node/assess_act.hpp"
#include "support/node_federation.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Findings : NodeFederation {
    using Change = std::function<void(json::Object&)>;

    // Opens a case whose request was changed.
    Result<node::Performed> open(const Change& change = {}) {
        case_id = CaseId();
        auto request = fields("request");
        if (change) change(request);
        return act(arcadia, "issuing-officer", "request", std::move(request));
    }

    Result<node::Performed> authorise(json::Array answers = {}) {
        auto out = fields("authorise");
        out["request"] = request_hash;
        if (!answers.empty()) out["findings"] = std::move(answers);
        return act(arcadia, "judge", "authorise", std::move(out));
    }

    Result<node::Performed> clerk(
        const std::string& who, const std::string& name, json::Array answers = {}) {
        auto out = fields(name);
        out.erase("findings");
        if (!answers.empty()) out["findings"] = std::move(answers);
        return act(who, "central-authority-officer", name, std::move(out));
    }

    void transmitted() {
        REQUIRE(code(open()) == "accepted");
        REQUIRE(code(authorise()) == "accepted");
        REQUIRE(code(clerk(arcadia, "transmit")) == "accepted");
        deliver();
    }
};

json::Array answer(const char* test) {
    return {json::Object{
        {"test", test}, {"reasons", "The court has weighed it and finds that it is so here."}}};
}

void only_victim(json::Object& request) {
    request["connection"].as_array().resize(1);
}

void only_server(json::Object& request) {
    only_victim(request);
    request["connection"].as_array()[0].as_object()["factor"] = "data_location";
}

struct Extraordinary : Findings {
    Result<node::Performed> open_case() {
        case_id = CaseId();
        auto wanted =
            intent(arcadia, "issuing-officer", "request", fields("extraordinary-request"));
        wanted.procedure = "extraordinary";
        wanted.opening->third = {ParticipantId("cascadia-authority")};
        TRY(const auto prepared, node::prepare_act(node(arcadia), wanted));
        const auto& person = world.person(arcadia, "issuing-officer");
        auto done = node::perform_act(
            node(arcadia), prepared.hash, person.authenticator.sign(view(prepared.challenge)));
        case_id = prepared.case_id;
        request_hash = text(prepared.hash);
        return done;
    }

    Result<node::Performed> authorise_case() {
        auto out = fields("extraordinary-authorise");
        out["request"] = request_hash;
        return act(arcadia, "judge", "authorise", std::move(out));
    }

    void rules(std::optional<directory::Extraordinary> rule) {
        world.draft.rules.extraordinary = std::move(rule);
        ++world.draft.version;
        use_directory();
    }
};

std::string refused_for(const Result<node::Performed>& result) {
    if (result) return "accepted";
    return std::string(result.error().name()) + " " +
           result.error().facts.text().substr(0, result.error().facts.text().find(' '));
}

} // namespace

TEST_CASE("R7_ the drafter is told every finding before anybody is asked to approve") {
    Findings world;
    const auto prepared = node::prepare_act(
        world.node(arcadia),
        world.intent(arcadia, "issuing-officer", "request", NodeFederation::fields("request")));
    REQUIRE(prepared);
    REQUIRE(prepared->assessment);
    for (const auto& finding : prepared->assessment->findings) {
        INFO(finding.test, " ", finding.mend().text());
        // No court has decided, and the request that carries the officer's training is this one.
        const bool later = finding.test == "F7" || finding.test == "F13";
        CHECK((finding.outcome == assess::Outcome::met) != later);
    }
    CHECK(prepared->assessment->connection.conclusion == assess::Tie::demonstrated);
}

TEST_CASE("R10_ a request that only the place of the server ties to who asks goes nowhere") {
    Findings world;
    REQUIRE(code(world.open(only_server)) == "accepted");
    const auto before = world.leaves(arcadia);
    const auto refused = world.authorise(answer("F6"));
    CHECK(refused_for(refused) == "finding_not_met F6");
    // Where the facts stand, and nothing of what they say.
    CHECK(refused.error().text().find("/connection") != std::string::npos);
    CHECK(refused.error().text().find("hospital") == std::string::npos);
    CHECK(refused.error().text().find("Port Alder") == std::string::npos);
    CHECK(world.leaves(arcadia) == before);
}

TEST_CASE("R10_ what is partly shown is a person's decision with reasons, anew at each act") {
    Findings world;
    REQUIRE(code(world.open(only_victim)) == "accepted");
    CHECK(refused_for(world.authorise()) == "finding_open F6");
    CHECK(refused_for(world.authorise(answer("F4"))) == "finding_open F6");
    REQUIRE(code(world.authorise(answer("F6"))) == "accepted");
    CHECK(refused_for(world.clerk(arcadia, "transmit")) == "finding_open F6");
    REQUIRE(code(world.clerk(arcadia, "transmit", answer("F6"))) == "accepted");
    world.deliver();
    REQUIRE(code(world.clerk(borealia, "acknowledge")) == "accepted");
    CHECK(refused_for(world.clerk(borealia, "accept")) == "finding_open F6");
    CHECK(code(world.clerk(borealia, "accept", answer("F6"))) == "accepted");
}

TEST_CASE("R8_ the receiver finds by itself that the office's key has run out") {
    // The receiver's directory, a version later, has the key end before the act.
    const auto ended = [](Findings& world) {
        auto later = world.world;
        ++later.draft.version;
        for (auto& office : later.participant(arcadia).offices)
            if (office.id.str() == "arcadia-police")
                office.sealing.front().validity.until = moment("2026-03-01T00:00:00Z");
        world.node(borealia).use_directory(
            std::make_shared<const directory::Directory>(later.directory()));
    };
    Findings early;
    REQUIRE(code(early.open()) == "accepted");
    REQUIRE(code(early.authorise()) == "accepted");
    REQUIRE(code(early.clerk(arcadia, "transmit")) == "accepted");
    ended(early);
    early.deliver();
    const auto state = early.state(borealia);
    CHECK((!state || !state->latest.contains("transmit")));
    // Where the key was in force the same act passes; the next decision looks again.
    Findings late;
    late.transmitted();
    REQUIRE(late.state(borealia));
    CHECK(late.state(borealia)->latest.contains("transmit"));
    REQUIRE(code(late.clerk(borealia, "acknowledge")) == "accepted");
    ended(late);
    CHECK(refused_for(late.clerk(borealia, "accept")) == "finding_not_met F13");
}

TEST_CASE("R3_ nobody works in the office that asks and in the court that decides") {
    Findings world;
    REQUIRE(code(world.open()) == "accepted");
    auto& people = world.world.organisation(arcadia).people;
    const auto twice = world.world.enrol(
        arcadia,
        {.person = people.at("second-judge").entry.person.str(),
         .office = "arcadia-police",
         .roles = {"issuing-officer"}},
        {&people.at("first-founder"), &people.at("second-founder")});
    world.node(arcadia).store().write([&](node::StoreWriter& writer) {
        writer.put_roll({twice.hash, twice.entry.person, twice.text, false});
    });
    CHECK(refused_for(world.authorise()) == "finding_not_met F7");
    world.node(arcadia).store().write([&](node::StoreWriter& writer) {
        writer.put_roll({twice.hash, twice.entry.person, twice.text, true});
    });
    CHECK(code(world.authorise()) == "accepted");
}

TEST_CASE("X4_ the same is not asked for twice while it is pending, and the first one stands") {
    Findings world;
    REQUIRE(code(world.open()) == "accepted");
    const auto first = world.case_id;
    const auto first_hash = world.request_hash;
    world.clock.pass(std::chrono::seconds{1});
    REQUIRE(code(world.open()) == "accepted");
    CHECK(refused_for(world.authorise()) == "finding_not_met F9");
    const auto second = world.case_id;
    const auto second_hash = world.request_hash;
    // The earlier one is not held up by the later.
    world.case_id = first;
    world.request_hash = first_hash;
    CHECK(code(world.authorise()) == "accepted");
    // Another period is another request.
    REQUIRE(code(world.open([](json::Object& request) {
                request["grid"].as_array().erase(request["grid"].as_array().begin());
                request["grid"].as_array().resize(1);
                request["grid"].as_array()[0].as_object()["from"] = "2026-01-06T00:00:00Z";
            })) == "accepted");
    auto narrowed = NodeFederation::fields("authorise");
    narrowed["request"] = world.request_hash;
    narrowed["grid"].as_array().erase(narrowed["grid"].as_array().begin());
    narrowed["grid"].as_array()[0].as_object()["from"] = "2026-01-06T00:00:00Z";
    narrowed["read_back"] = json::Object{{"rows", 1}, {"most_intrusive", "access"}};
    CHECK(code(world.act(arcadia, "judge", "authorise", narrowed)) == "accepted");
    // When the first one ends, the second can go on.
    world.case_id = first;
    REQUIRE(
        code(world.act(
            arcadia, "central-authority-officer", "withdraw",
            NodeFederation::fields("withdraw"))) == "accepted");
    world.case_id = second;
    world.request_hash = second_hash;
    CHECK(code(world.authorise()) == "accepted");
}

TEST_CASE(
    "T26 by the extraordinary route the ceiling and the sunset of the directory hold at the gate") {
    Extraordinary world;
    const auto sunset = moment("2026-06-01T00:00:00Z");
    world.rules(directory::Extraordinary{sunset, 1, 90});
    REQUIRE(code(world.open_case()) == "accepted");
    CHECK(code(world.authorise_case()) == "accepted");
    REQUIRE(
        code(world.act(
            arcadia, "central-authority-officer", "withdraw",
            NodeFederation::fields("withdraw"))) == "accepted");
    world.clock.pass(std::chrono::seconds{1});
    CHECK(code(world.open_case()) == "route_paused");
    // One more place, and it goes on; after the sunset nothing does.
    world.rules(directory::Extraordinary{sunset, 2, 90});
    REQUIRE(code(world.open_case()) == "accepted");
    CHECK(code(world.authorise_case()) == "accepted");
    CHECK(refused_for(world.clerk(arcadia, "transmit")) == "accepted");
    Extraordinary ended;
    ended.rules(directory::Extraordinary{moment("2026-03-02T09:00:01Z"), 20, 90});
    REQUIRE(code(ended.open_case()) == "accepted");
    ended.clock.pass(std::chrono::seconds{1});
    CHECK(refused_for(ended.authorise_case()) == "finding_not_met E5");
    Extraordinary none;
    none.rules(std::nullopt);
    CHECK(code(none.open_case()) == "route_ended");
}

TEST_CASE("T38 the marks of a node do not say what is asked about without its key") {
    Findings world;
    REQUIRE(code(world.open()) == "accepted");
    REQUIRE(code(world.open()) == "accepted");
    CHECK(world.node(arcadia).mark_key().size() == 32);
    CHECK(world.node(arcadia).mark_key() != world.node(borealia).mark_key());
}
