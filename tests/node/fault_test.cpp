// What the deeds do when the store fails under them: nothing half-done, nothing doubled, and the
// same call again ends well.
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Prepared : Practice {
    explicit Prepared(const std::string& last = "request") { play_until(last); }

    node::Prepared prepare(const std::string& person, const std::string& name, json::Object form) {
        const auto prepared =
            node::prepare_act(node(arcadia), intent(arcadia, person, name, std::move(form)));
        REQUIRE_MESSAGE(prepared.has_value(), (prepared ? "" : prepared.error().text()));
        return *prepared;
    }

    Result<node::Performed> perform(const std::string& person, const node::Prepared& prepared) {
        return node::perform_act(
            node(arcadia), prepared.hash,
            world.person(arcadia, person).authenticator.sign(view(prepared.challenge)));
    }

    json::Object authorisation() {
        auto out = fields("authorise");
        out["request"] = request_hash;
        return out;
    }
};

} // namespace

TEST_CASE(
    "a write that was lost leaves nothing of the act, and the same approval can be used again") {
    for (const auto how : {Break::unrun, Break::undone}) {
        Prepared world;
        const auto prepared = world.prepare("judge", "authorise", world.authorisation());
        const auto leaves = world.leaves(arcadia);
        const auto before = *world.state(arcadia);
        world.station(arcadia).store.break_write(1, how);
        CHECK_THROWS_AS((void)world.perform("judge", prepared), StorageFault);
        CHECK(world.acts(arcadia) == 1);
        CHECK(world.leaves(arcadia) == leaves);
        CHECK(*world.state(arcadia) == before);
        const auto again = world.perform("judge", prepared);
        REQUIRE(again);
        CHECK(again->admitted);
        CHECK_FALSE(again->passage.repeated);
        CHECK(again->passage.sequence == 2);
        CHECK(world.leaves(arcadia) == leaves + 1);
    }
}

TEST_CASE("T10 a write that was done while nobody heard so is answered with the stored receipt") {
    // The first write is the act's transaction, the second removes its draft.
    for (const int nth : {1, 2}) {
        Prepared world;
        const auto prepared = world.prepare("judge", "authorise", world.authorisation());
        const auto leaves = world.leaves(arcadia);
        world.station(arcadia).store.break_write(nth, Break::unheard);
        CHECK_THROWS_AS((void)world.perform("judge", prepared), StorageFault);
        REQUIRE(world.acts(arcadia) == 2);
        std::optional<node::ActRow> stored;
        world.node(arcadia).store().read(
            [&](node::StoreReader& reader) { stored = reader.act_at(world.case_id, 2); });
        REQUIRE(stored);
        const auto again = world.perform("judge", prepared);
        REQUIRE(again);
        CHECK(again->admitted);
        CHECK(again->passage.repeated);
        CHECK(again->passage.receipt == stored->receipt);
        CHECK(world.acts(arcadia) == 2);
        CHECK(world.leaves(arcadia) == leaves + 1);
    }
}

TEST_CASE("a submission that was stored while nobody heard so is sent once") {
    Prepared world("acknowledge");
    const auto prepared =
        world.prepare("central-authority-officer", "withdraw", NodeFederation::fields("withdraw"));
    world.station(arcadia).store.break_write(1, Break::unheard);
    CHECK_THROWS_AS((void)world.perform("central-authority-officer", prepared), StorageFault);
    CHECK(world.outbox(arcadia) == 1);
    const auto again = world.perform("central-authority-officer", prepared);
    REQUIRE(again);
    CHECK_FALSE(again->admitted);
    CHECK(again->passage.repeated);
    CHECK(world.outbox(arcadia) == 1);
    world.move_all();
    CHECK(world.acts(arcadia) == 5);
    CHECK(world.acts(borealia) == 5);
    REQUIRE(world.submissions(arcadia).size() == 1);
    CHECK(world.submissions(arcadia).front().state == node::SubmissionRow::State::admitted);
}

TEST_CASE("a read that fails is a fault, and the act is as if it had not been tried") {
    Prepared world;
    const auto prepared = world.prepare("judge", "authorise", world.authorisation());
    const auto reads = world.station(arcadia).store.reads();
    {
        // How many reads a performance takes, in a world that is thrown away.
        Prepared other;
        const auto there = other.prepare("judge", "authorise", other.authorisation());
        const auto before = other.station(arcadia).store.reads();
        REQUIRE(other.perform("judge", there));
        const auto most = other.station(arcadia).store.reads() - before;
        REQUIRE(most > 1);
        for (std::int64_t nth = 1; nth <= most; ++nth) {
            if (world.acts(arcadia) == 2) break; // only a read after the commit may fail then
            world.station(arcadia).store.break_read(nth);
            CHECK_THROWS_AS((void)world.perform("judge", prepared), StorageFault);
        }
    }
    CHECK(world.station(arcadia).store.reads() > reads);
    CHECK(world.acts(arcadia) == 1);
    CHECK(code(world.perform("judge", prepared)) == "accepted");
    CHECK(world.acts(arcadia) == 2);
}

TEST_CASE(
    "T10 whichever write of a delivery fails, in whichever way, both sides end with the same acts once") {
    std::size_t broken = 0;
    for (const std::string& who : {arcadia, borealia})
        for (const auto how : {Break::unrun, Break::undone, Break::unheard})
            for (std::int64_t nth = 1; nth <= 4; ++nth) {
                CAPTURE(who);
                CAPTURE(nth);
                CAPTURE(static_cast<int>(how));
                Prepared world("acknowledge");
                REQUIRE(
                    code(world.act(
                        arcadia, "central-authority-officer", "withdraw",
                        NodeFederation::fields("withdraw"))) == "accepted");
                auto& store = world.station(who).store;
                const auto before = store.writes();
                store.break_write(nth, how);
                for (int round = 0; round < 4; ++round)
                    try {
                        world.move_all();
                    } catch (const StorageFault&) {
                        world.clock.pass(std::chrono::minutes{1});
                    }
                if (store.writes() - before >= nth) ++broken;
                store.break_write(0, how); // what was not reached breaks nothing later
                world.clock.pass(std::chrono::minutes{5});
                world.move_all();
                CHECK(world.acts(arcadia) == 5);
                CHECK(world.acts(borealia) == 5);
                CHECK(*world.state(arcadia) == *world.state(borealia));
                CHECK(world.outbox(arcadia) == 0);
                CHECK(world.outbox(borealia) == 0);
                REQUIRE(world.submissions(arcadia).size() == 1);
                CHECK(
                    world.submissions(arcadia).front().state ==
                    node::SubmissionRow::State::admitted);
                std::optional<node::ActRow> here;
                std::optional<node::ActRow> there;
                world.node(arcadia).store().read(
                    [&](node::StoreReader& reader) { here = reader.act_at(world.case_id, 5); });
                world.node(borealia).store().read(
                    [&](node::StoreReader& reader) { there = reader.act_at(world.case_id, 5); });
                REQUIRE(here);
                REQUIRE(there);
                CHECK(here->receipt == there->receipt);
            }
    CHECK(broken >= 12); // the sweep does reach writes
}
