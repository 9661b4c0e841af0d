// The worklist's row by what each role owes, in a real case.
#include "node/carry_challenge.hpp"
#include "node/worklist.hpp"
#include "support/node_rights.hpp"

using namespace comity;
using namespace comity::test;

TEST_CASE("S02_ the judge finds the challenge that waits, though another's act is due before it") {
    Rights world("mla");
    world.road("open");
    REQUIRE(world.step("notify") == "accepted");
    auto& arcadia = world.node("arcadia-authority");
    const auto row_of = [&](node::Node& node) {
        std::optional<node::WorkRow> row;
        node.store().read(
            [&](node::StoreReader& reader) { row = reader.find_work(world.case_id); });
        REQUIRE(row.has_value());
        return *row;
    };
    CHECK_FALSE(node::own_duty(row_of(arcadia), {"judge"}));
    const Instant before = arcadia.now();
    auto filing = world.fields("challenge");
    filing["code"] = world.read("arcadia-authority", "notify").at("code");
    REQUIRE(node::file_challenge(arcadia, filing));
    world.beat();
    REQUIRE(world.count("arcadia-authority", "challenge") == 1);

    // Borealia owes sooner to purge what it has passed on.
    const auto row = row_of(arcadia);
    REQUIRE(row.act == "purge");
    CHECK_FALSE(row.ours);
    const auto* ruling = node::own_duty(row, {"judge"});
    REQUIRE(ruling);
    CHECK(ruling->act == "dismiss-challenge");
    CHECK(ruling->due > row.due);
    CHECK(ruling->since >= before);
    node::WorkFilter judges;
    judges.mine = std::vector<std::string>{"judge"};
    arcadia.store().read([&](node::StoreReader& reader) {
        const auto found = reader.work(judges, {}, {}, 10);
        REQUIRE(found.size() == 1);
        CHECK(found[0].case_id == world.case_id);
    });
    // Who owes the earlier act has it in the list with its own date, and no ruling there.
    const auto theirs = row_of(world.node("borealia-authority"));
    CHECK_FALSE(node::own_duty(theirs, {"judge"}));
    const auto* purge = node::own_duty(theirs, {theirs.role});
    REQUIRE(purge);
    CHECK(purge->act == "purge");

    REQUIRE(world.step("dismiss-challenge") == "accepted");
    CHECK_FALSE(node::own_duty(row_of(arcadia), {"judge"}));
}

TEST_CASE(
    "what is owed and waits for an act that nobody has done is in no list until it can be done") {
    Rights world("mla");
    world.road("request");
    auto& node = world.node("arcadia-authority");
    std::optional<casefile::Case> state;
    node.store().read(
        [&](node::StoreReader& reader) { state = node::find_case(node, reader, world.case_id); });
    REQUIRE(state);
    const auto graph = node::graph_of(node, *state);
    const auto directory = node.directory().value();
    const auto owe = [&](const char* act, Milliseconds in) {
        const auto at = graph->find(act).value();
        state->marking.pending |= procedure::bit(at);
        state->marking.due.at(at) = (world.clock.now() + in).time_since_epoch().count();
    };
    owe("transmit", std::chrono::hours{1}); // waits for the judge, and is due before
    auto row = node::work_row(node, *state, *graph, directory.get());
    CHECK(row.act == "authorise");
    CHECK(row.role == "judge");
    REQUIRE(row.duties.size() == 1);
    CHECK(row.duties[0].act == "authorise");
    // Once the judge has ruled, the officer has it, by its own date.
    state->marking.executed |= procedure::bit(graph->find("authorise").value());
    row = node::work_row(node, *state, *graph, directory.get());
    CHECK(row.act == "transmit");
    REQUIRE(row.duties.size() == 2);
    CHECK(row.duties[0].role == "central-authority-officer");
    CHECK(row.duties[0].act == "transmit");
    CHECK(row.duties[0].due == row.due);
}
