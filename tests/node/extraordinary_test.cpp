// The extraordinary mechanism between nodes: everybody concerned is told at the same moment and can
// stop it; it ends and pauses by itself.
#include "crypto/hash.hpp"
#include "node/check_rights.hpp"
#include "node/open_evidence.hpp"
#include "support/node_rights.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string cascadia = "cascadia-authority";
const std::string vault = "vault-provider";
const std::vector<std::string> told{"borealia-authority", "vault-provider",
                                    "cascadia-authority", "arcadia-oversight",
                                    "borealia-oversight", "cascadia-oversight"};

std::string open_one(Rights& world, const std::string& category = "access") {
    world.case_id = CaseId();
    world.category = category;
    const auto done = world.act(arcadia, "issuing-officer", "request", world.form("request"));
    return code(done);
}

} // namespace

TEST_CASE("N3_ everybody concerned is told of the case at the same moment, in one transaction") {
    Rights world("extraordinary");
    REQUIRE(world.step("request") == "accepted");
    REQUIRE(world.step("authorise") == "accepted");
    for (const auto& who : told)
        if (who != "arcadia-oversight") CHECK_FALSE(world.state(who));
    REQUIRE(world.act(arcadia, "central-authority-officer", "transmit", world.form("transmit")));
    // Nothing was delivered yet: one transaction wrote what goes to whom, all of it due now.
    std::map<std::string, std::size_t> rows;
    world.node(arcadia).store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.outbox(100)) {
            ++rows[row.destination.str()];
            CHECK(row.next_try <= world.clock.now());
        }
    });
    for (const auto& who : told)
        CHECK_MESSAGE(rows[who] == (who == "arcadia-oversight" ? 1 : 3), who);
    world.move_all();
    for (const auto& who : told)
        CHECK_MESSAGE(world.state(who).has_value(), who);
}

TEST_CASE("N2_ traffic waits for a clearance; access data for it or for the end of the window") {
    {
        Rights world("extraordinary", "traffic");
        world.road("acknowledge");
        world.clock.pass(std::chrono::hours{24 * 10});
        world.beat();
        CHECK(world.count(borealia, "lapse-third") == 1);
        const auto early = world.act(vault, "response-officer", "produce", world.production());
        CHECK(code(early) == "act_waits_for");
    }
    Rights world("extraordinary", "access");
    world.road("acknowledge");
    const auto begun = world.clock.now();
    world.clock.set(begun + std::chrono::hours{95});
    world.beat();
    CHECK(world.count(borealia, "lapse-clearance") == 0);
    world.clock.set(begun + std::chrono::hours{96} + std::chrono::minutes{1});
    world.beat();
    world.beat();
    CHECK(world.count(vault, "lapse-clearance") == 1);
    CHECK(world.count(vault, "lapse-third") == 1);
    CHECK(world.step("produce") == "accepted");
}

TEST_CASE("N2_ N3_ opposition before production stops it, by either country") {
    for (const std::string act : {"oppose", "oppose-third"}) {
        Rights world("extraordinary");
        world.road("acknowledge");
        CHECK(world.step(act) == "accepted");
        CHECK(world.step("clear") == "act_closed");
        const auto stopped =
            world.act(vault, "response-officer", "produce", NodeFederation::fields("produce"));
        CHECK_FALSE(stopped.has_value());
        CHECK(world.count(vault, act) == 1);
    }
}

TEST_CASE("N2_ N3_ opposition after production locks what was produced and deletes it everywhere") {
    for (const std::string act : {"oppose", "oppose-third"})
        for (const bool received : {false, true}) {
            Rights world("extraordinary");
            world.road(received ? "open" : "produce");
            CHECK(world.files(arcadia) > 0);
            CHECK(world.step(act) == "accepted");
            if (received) {
                node::Openings openings(world.node(arcadia));
                const auto hash = digest_from_text(std::string_view(
                    world.passed.front().as_object().at("cipher_sha256").as_string()));
                CHECK(code(openings.open(world.case_id, *hash)) == "evidence_locked");
            }
            world.clock.pass(std::chrono::hours{49});
            world.beat();
            world.beat();
            CHECK(world.count(borealia, "delete") == 1);
            CHECK(world.count(borealia, "discard") == 1);
            CHECK(world.files(arcadia) == 0);
            CHECK(world.files(vault) == 0);
            CHECK(world.read(borealia, "delete")["items"].as_int64() == 2);
        }
}

TEST_CASE(
    "N3_ of several third countries none clears for another; silence for the full time does") {
    Rights world("extraordinary");
    world.third = {cascadia, "dorada-authority"};
    world.road("acknowledge");
    REQUIRE(world.step("clear") == "accepted");
    CHECK(world.step("clear-third") == "act_side");
    CHECK(
        code(world.act(vault, "response-officer", "produce", NodeFederation::fields("produce"))) !=
        "accepted");
    world.clock.pass(std::chrono::hours{97});
    world.beat();
    world.beat();
    CHECK(world.count("dorada-authority", "lapse-third") == 1);
    CHECK(world.step("produce") == "accepted");
}

TEST_CASE("N3_ a third country is named one by one: nothing stands for all, and none is made up") {
    Rights world("extraordinary");
    for (const std::string name : {"*", "any", "all-countries", "vault-provider"}) {
        world.third = {name};
        CHECK_MESSAGE(open_one(world) == "header_malformed", name);
    }
}

TEST_CASE("T26 at the ceiling the mechanism pauses by itself, for each country alike") {
    Rights world("extraordinary");
    world.world.draft.rules.extraordinary = {world.clock.now() + std::chrono::days{30}, 2, 7};
    world.use_directory();
    CHECK(open_one(world) == "accepted");
    CHECK(node::route_use(world.node(arcadia)).front().opened == 1);
    CHECK_FALSE(node::route_use(world.node(arcadia)).front().paused());
    CHECK(open_one(world) == "accepted");
    CHECK(node::route_use(world.node(arcadia)).front().paused());
    CHECK(open_one(world) == "route_paused");
    CHECK(open_one(world, "subscriber") == "route_paused");
    // Mutual legal assistance goes on.
    world.procedure = "mla";
    world.third = {};
    world.case_id = CaseId();
    CHECK(world.step("request") == "accepted");
    // When the time has passed, it opens again.
    world.procedure = "extraordinary";
    world.third = {cascadia};
    world.clock.pass(std::chrono::hours{24 * 7 + 1});
    CHECK(open_one(world) == "accepted");
}

TEST_CASE(
    "T26_ after its sunset nothing opens or goes on under the mechanism before transmission") {
    Rights world("extraordinary");
    world.world.draft.rules.extraordinary = {world.clock.now() + std::chrono::hours{1}, 20, 90};
    world.use_directory();
    REQUIRE(world.step("request") == "accepted");
    const auto first = world.case_id;
    world.clock.pass(std::chrono::hours{2});
    CHECK(world.step("authorise") == "finding_not_met"); // E5, before the rule of the route is asked
    CHECK(open_one(world) == "route_ended");
    world.world.draft.rules.extraordinary.reset();
    world.use_directory();
    CHECK(open_one(world) == "route_ended");
    CHECK_FALSE(first.empty());
}

TEST_CASE("N1_ an authorisation that names anything but exactly this one request is not built") {
    Rights world("extraordinary");
    REQUIRE(world.step("request") == "accepted");
    const auto right = world.form("authorise");
    const std::string other = text(crypto::sha256("another request"));
    for (const json::Value& named :
         {json::Value("*"), json::Value(""), json::Value(nullptr), json::Value(true),
          json::Value(json::Array{}), json::Value(json::Array{world.request_hash}),
          json::Value(json::Array{world.request_hash, other}),
          json::Value(json::Object{{"country", "XA"}}),
          json::Value(world.request_hash + " " + other), json::Value("XA")}) {
        auto form = right;
        form["request"] = named;
        CHECK_MESSAGE(world.step("authorise", form) == "form_invalid", json::print(named));
    }
    auto form = right;
    form["request"] = other;
    CHECK(world.step("authorise", form) == "request_not_named");
    form = right;
    form.erase("request");
    CHECK(world.step("authorise", form) == "form_invalid");
    form = right;
    form["requests"] = json::Array{world.request_hash};
    CHECK(world.step("authorise", form) == "form_invalid");
    CHECK(world.step("authorise", right) == "accepted");
}
