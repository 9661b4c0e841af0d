// An emergency between nodes: four eyes at once, the call back on the directory's contact, and a
// judge within 48 hours or everything is locked and deleted.
#include "node/lock_evidence.hpp"
#include "node/open_evidence.hpp"
#include "node/produce_evidence.hpp"
#include "support/node_rights.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

Digest first_item(const Rights& world) {
    return *digest_from_text(
        std::string_view(world.passed.front().as_object().at("cipher_sha256").as_string()));
}

} // namespace

TEST_CASE("T03 an emergency is confirmed on the directory's contact and by nobody who asked") {
    Rights world("emergency");
    world.road("acknowledge");
    auto form = world.form("confirm");
    form["contact"] = "+99 1 555 9999"; // what the request might have offered
    CHECK(world.step("confirm", form) == "contact_wrong");
    form["contact"] = world.world.participant(borealia).callback;
    CHECK(world.step("confirm", form) == "contact_wrong");
    CHECK(world.step("accept") == "accepted");
    CHECK(world.step("order") == "accepted");
    const auto early = world.act(vault, "response-officer", "produce", world.production());
    REQUIRE_FALSE(early);
    CHECK(early.error().code == Code::act_waits_for);
    CHECK(world.step("confirm") == "accepted");
    CHECK(world.step("produce") == "accepted");
}

TEST_CASE("T03 without a contact in the directory nothing is confirmed") {
    Rights world("emergency");
    world.world.participant(arcadia).callback.clear();
    world.use_directory();
    world.road("acknowledge");
    auto form = world.form("confirm");
    form["contact"] = "anything";
    CHECK(world.step("confirm", form) == "contact_wrong");
}

TEST_CASE("T03 without a judge by hour 48 the data locks itself everywhere and is deleted") {
    Rights world("emergency");
    world.road("certify");
    const auto certified = world.clock.now();
    for (const std::string act :
         {"transmit", "acknowledge", "confirm", "accept", "order", "produce", "release", "receive",
          "open"})
        REQUIRE(world.step(act) == "accepted");
    node::Openings openings(world.node(arcadia));
    CHECK(openings.open(world.case_id, first_item(world)).has_value());

    world.clock.set(certified + std::chrono::hours{48} - std::chrono::minutes{2});
    world.beat();
    CHECK(world.count(borealia, "lapse-authorisation") == 0);
    CHECK(openings.open(world.case_id, first_item(world)).has_value());

    world.clock.set(certified + std::chrono::hours{48} + std::chrono::minutes{2});
    world.beat();
    CHECK(world.count(borealia, "lapse-authorisation") == 1);
    CHECK(world.count(arcadia, "lapse-authorisation") == 1);
    const auto locked = openings.open(world.case_id, first_item(world));
    REQUIRE_FALSE(locked);
    CHECK(locked.error().code == Code::evidence_locked);
    CHECK(locked.error().facts.text().find("lapse-authorisation") != std::string::npos);
    for (const auto& who : {arcadia, borealia, vault, overseer})
        CHECK(code(node::check_unlocked(world.node(who), *world.state(who))) == "evidence_locked");

    // Oversight has it on its list, deletion is owed, and a judge comes too late.
    const auto owed = world.owed(overseer);
    const auto owes = [&](std::string_view act, std::string_view side) {
        return std::any_of(owed.begin(), owed.end(), [&](const auto& row) {
            return row.act == act && row.side == side;
        });
    };
    CHECK(owes("review", "oversight"));
    CHECK(owes("delete", "requesting"));
    CHECK(world.count(borealia, "purge") == 1); // its copies went a day after receipt
    CHECK(owes("discard", "provider"));
    CHECK(world.step("authorise") == "act_closed");

    world.clock.pass(std::chrono::hours{25});
    world.beat();
    world.beat();
    for (const auto& act : {"delete", "purge", "discard"})
        CHECK_MESSAGE(world.count(overseer, act) == 1, act);
    for (const auto& who : {arcadia, borealia, vault})
        CHECK(world.files(who) == 0);
    const auto gone = openings.open(world.case_id, first_item(world));
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Code::evidence_deleted);
}

TEST_CASE(
    "T03_ a judge in time ends the clock, and what was lapsed before delivery moves nowhere") {
    Rights world("emergency");
    world.road("open");
    auto late = world.form("authorise");
    CHECK(world.step("authorise", late) == "accepted");
    world.clock.pass(std::chrono::hours{72});
    world.beat();
    CHECK(world.count(borealia, "lapse-authorisation") == 0);
    node::Openings openings(world.node(arcadia));
    CHECK(openings.open(world.case_id, first_item(world)).has_value());

    Rights other("emergency");
    other.road("order");
    other.away.insert(borealia);
    CHECK(other.act(vault, "response-officer", "produce", other.production()).has_value());
    other.away.clear();
    other.clock.pass(std::chrono::hours{49});
    other.beat();
    other.beat();
    CHECK(other.count(vault, "lapse-authorisation") == 1);
    CHECK(other.files(borealia) == 0);
}

TEST_CASE("T03_ what the judge strikes after the data came opens no more, and the rest does") {
    Rights world("emergency");
    world.road("open");
    const auto items = *node::case_items(world.node(arcadia), world.case_id, "release");
    REQUIRE(items.size() == 2);
    REQUIRE(items.back().cell == 1);
    node::Openings openings(world.node(arcadia));
    const auto begun = openings.open(world.case_id, items.back().sealed);
    REQUIRE(begun.has_value());
    CHECK(openings.read(begun->token, {}, 0).has_value());

    auto narrower = world.form("authorise");
    auto& rows = narrower["grid"].as_array();
    rows.resize(1);
    narrower["read_back"] = json::Object{{"rows", 1}, {"most_intrusive", "subscriber"}};
    REQUIRE(world.step("authorise", narrower) == "accepted");

    CHECK(openings.open(world.case_id, items.front().sealed).has_value());
    CHECK(code(openings.open(world.case_id, items.back().sealed)) == "evidence_locked");
    // What was being read when she decided is not read to its end.
    CHECK(code(openings.read(begun->token, {}, 1'000'000)) == "evidence_locked");
    // Where her grid cannot be read any more, nothing opens: what is unknown helps nobody who asks.
    const Digest judged = world.state(arcadia)->latest.at("authorise");
    world.node(arcadia).store().write(
        [&](node::StoreWriter& writer) { writer.destroy_parts(judged); });
    CHECK(code(openings.open(world.case_id, items.front().sealed)) == "evidence_locked");
}
