// What a closed case leaves in the records, and the report over a quarter.
#include "node/clock_due.hpp"
#include "node/statistics.hpp"
#include "record/leaf.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

struct Counting : Practice {
    std::vector<record::Tally> tallies(const std::string& id) {
        std::vector<record::Tally> out;
        node(id).store().read([&](node::StoreReader& reader) {
            for (const auto& entry : reader.leaves(0, 10'000))
                if (auto tally = record::Tally::parse(entry)) out.push_back(std::move(*tally));
        });
        for (const auto& tally : out)
            REQUIRE(record::verify_tally(tally, id + ".example/record"));
        return out;
    }

    void perform(const std::string& who, const std::string& role, const std::string& name) {
        const auto done = act(who, role, name, fields(name));
        REQUIRE_MESSAGE(done.has_value(), name, ": ", (done ? "" : done.error().text()));
        move_all();
    }

    /// The names of a case's categories, in the schema's order.
    std::vector<std::string> categories(
        const casefile::Case& state, const procedure::Graph& graph) {
        std::vector<std::string> out;
        const auto indexes = node::tally_categories(state, graph);
        for (std::size_t i = 0; i < indexes.size(); ++i)
            out.emplace_back(record::tally_attributes()[i].categories.at(indexes[i]));
        return out;
    }

    std::vector<std::string> categories(const std::string& id) {
        const auto seen = state(id);
        return categories(*seen, *node::graph_of(node(id), *seen));
    }
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("R4_ a refused case is counted once, in the record of each side that takes part") {
    Counting world;
    world.play_until("acknowledge");
    CHECK(world.tallies(arcadia).empty());
    world.perform(borealia, "central-authority-officer", "refuse");
    REQUIRE(world.tallies(arcadia).size() == 1);
    CHECK(world.tallies(arcadia)[0].group == "requesting");
    CHECK(world.tallies(arcadia)[0].period == record::quarter_of(practice_now()));
    REQUIRE(world.tallies(borealia).size() == 1);
    CHECK(world.tallies(borealia)[0].group == "requested");
    CHECK(world.tallies(overseer).empty()); // stands on no side
    CHECK(world.tallies(arcadia)[0].id != world.tallies(borealia)[0].id);
    CHECK(world.categories(arcadia) == Names{"mla", "access", "refused", "none", "none", "none"});
    // What comes after does not count it again.
    const auto suspended = world.act(overseer, "inspector", "suspend", world.fields("suspend"));
    world.move_all();
    if (suspended) {
        CHECK(world.act(overseer, "inspector", "quash", world.fields("suspend")).has_value());
        world.move_all();
    }
    CHECK(world.tallies(arcadia).size() == 1);
}

TEST_CASE("R4_ a delivered case is counted when its data is there and the person has been told") {
    Counting world;
    world.play_until("receive");
    CHECK(world.tallies(arcadia).empty());
    world.clock.pass(std::chrono::days{31});
    for (const auto& id : {borealia, arcadia}) { // the copy in between goes first
        node::clock_due(world.node(id));
        world.move_all();
    }
    REQUIRE(world.state(arcadia)->latest.contains("notify"));
    for (const auto& id : {arcadia, borealia, vault})
        CHECK(world.tallies(id).size() == 1);
    CHECK(world.categories(arcadia) == Names{"mla", "access", "delivered", "given", "1", "none"});
}

TEST_CASE("T03 an emergency whose authorisation lapsed counts as lapsed, and not as withdrawn") {
    Counting world;
    const auto graph = world.node(arcadia).law().graph("emergency", {"access", false});
    REQUIRE(graph);
    casefile::Case state;
    state.procedure = "emergency";
    state.opening.category = "access";
    state.marking = procedure::start(*graph);
    const auto with = [&](std::initializer_list<const char*> acts) {
        state.latest.clear();
        for (const auto* name : acts)
            state.latest[name] = {};
        return world.categories(state, *graph);
    };
    CHECK(
        with({"request", "certify", "lapse-authorisation"}) ==
        Names{"emergency", "access", "lapsed", "none", "none", "lapsed"});
    CHECK(
        with({"request", "certify", "decline"}) ==
        Names{"emergency", "access", "declined", "none", "none", "declined"});
    CHECK(
        with({"request", "certify", "withdraw"}) ==
        Names{"emergency", "access", "withdrawn", "none", "none", "open"});
    CHECK(
        with({"request", "authorise", "receive"}) ==
        Names{"emergency", "access", "delivered", "none", "none", "validated"});
    state.opening.category = "something-new";
    state.procedure = "bilateral-1";
    CHECK(with({"request", "refuse"})[0] == "other");
    CHECK(with({"request", "refuse"})[1] == "other");
}

TEST_CASE("T40 a quarter is reported once it has ended, and the report is that of the leaves") {
    Counting world;
    world.play_until("acknowledge");
    world.perform(borealia, "central-authority-officer", "refuse");
    const std::string quarter = record::quarter_of(practice_now());
    const Instant end = record::quarter_end(quarter);
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", quarter)) == "not_found");
    world.clock.set(end - Milliseconds{1});
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", quarter)) == "not_found");
    world.clock.set(end);
    const auto report = node::make_statistics(world.node(arcadia), "requesting", quarter);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text()));
    const auto told =
        record::verify_report(*report, "arcadia-authority.example/record", world.tallies(arcadia));
    REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().text()));
    CHECK(told->at("outcome") == "withheld"); // one case is nobody's statistic
    CHECK(!record::verify_report(*report, "arcadia-authority.example/record", {}));
    const auto other = node::make_statistics(world.node(arcadia), "requested", quarter);
    REQUIRE(other.has_value());
    CHECK(other->at("cases").as_int64() == 0);
    CHECK(code(node::make_statistics(world.node(arcadia), "everybody", quarter)) == "not_found");
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", "2026")) == "not_found");
}
