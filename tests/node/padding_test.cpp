// Leaves that stand for no act: when they come, what they tell, and that they are never an act's.
#include "node/pad_record.hpp"
#include "record/padding.hpp"
#include "support/node_practice.hpp"

#include <set>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
using std::chrono::hours;
using std::chrono::minutes;

struct Padded : Practice {
    bool pad(std::uint64_t random, Milliseconds mean = hours{1}) {
        return node::pad_record(node(arcadia), mean, random);
    }

    std::vector<Bytes> entries() {
        std::vector<Bytes> out;
        node(arcadia).store().read(
            [&](node::StoreReader& reader) { out = reader.leaves(0, 10'000); });
        return out;
    }

    std::size_t padding() {
        const auto& secret = node(arcadia).keys().record->seed();
        const auto all = entries();
        std::size_t out = 0;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (record::is_padding(all[i], secret, static_cast<std::int64_t>(i))) ++out;
        return out;
    }
};

} // namespace

TEST_CASE("T41 padding comes at its time, below, at and above, and the next time is drawn anew") {
    Padded world;
    const auto begun = world.clock.now();
    CHECK_FALSE(world.pad(0)); // decides only: half an hour
    world.clock.set(begun + minutes{30} - Milliseconds{1});
    CHECK_FALSE(world.pad(0));
    CHECK(world.entries().empty());
    world.clock.set(begun + minutes{30});
    const std::uint64_t most = static_cast<std::uint64_t>(Milliseconds{hours{1}}.count());
    CHECK(world.pad(most)); // and the next after an hour and a half
    CHECK(world.padding() == 1);
    CHECK_FALSE(world.pad(most));
    const auto second = world.clock.now() + minutes{90};
    world.clock.set(second - Milliseconds{1});
    CHECK_FALSE(world.pad(0));
    world.clock.set(second);
    CHECK(world.pad(most + 1)); // as 0
    CHECK(world.padding() == 2);
    CHECK(world.entries().size() == 2);
    world.clock.pass(minutes{30});
    CHECK(world.pad(0));
}

TEST_CASE("T41 a node that stood still for a month adds one leaf of padding, and no heap of them") {
    Padded world;
    CHECK_FALSE(world.pad(7));
    world.clock.pass(hours{24 * 30});
    CHECK(world.pad(7));
    CHECK_FALSE(world.pad(7));
    CHECK(world.padding() == 1);
}

TEST_CASE("a clock that was set back, or a shorter mean, puts padding off by one pause at most") {
    Padded world;
    const auto begun = world.clock.now();
    CHECK_FALSE(world.pad(0, hours{8}));
    CHECK_FALSE(world.pad(0, hours{1})); // four hours are more than any pause: decided anew
    world.clock.set(begun + minutes{30});
    CHECK(world.pad(0, hours{1}));
    world.clock.set(begun - hours{24 * 10});
    CHECK_FALSE(world.pad(0));
    world.clock.pass(minutes{30});
    CHECK(world.pad(0));
}

TEST_CASE("T41 what a node does moves no padding, and an act's leaf is never taken for one") {
    Padded world;
    CHECK_FALSE(world.pad(0));
    world.play_until("authorise");
    CHECK(world.padding() == 0);
    const auto acts = world.entries().size();
    REQUIRE(acts > 0);
    world.clock.pass(minutes{30});
    CHECK(world.pad(0));
    CHECK(world.padding() == 1);
    CHECK(world.entries().size() == acts + 1);
    // Without the secret the leaves differ in nothing but their commitment.
    std::set<std::string> shapes;
    for (const auto& entry : world.entries())
        shapes.insert(std::to_string(entry.size()) + entry.substr(0, 24));
    CHECK(shapes.size() == 1);
    // The case goes on beside it.
    const auto done = world.act(
        arcadia, "central-authority-officer", "transmit", NodeFederation::fields("transmit"));
    CHECK(code(done) == "accepted");
}

TEST_CASE("T20 a failed write leaves neither a leaf of padding nor a new time") {
    Padded world;
    CHECK_FALSE(world.pad(0));
    world.clock.pass(minutes{30});
    world.station(arcadia).store.break_write(1, Break::undone);
    CHECK_THROWS_AS((void)world.pad(0), StorageFault);
    CHECK(world.entries().empty());
    CHECK(world.pad(0));
    CHECK(world.padding() == 1);
}
