// Reading the public records of others: what is owed is counted from the leaves, and a record that
// does not follow from what it showed before is called so and not believed.
#include "crypto/hash.hpp"
#include "node/watch_records.hpp"
#include "record/leaf.hpp"
#include "record/tiles.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Watching : Practice {
    std::map<std::string, std::unique_ptr<node::Sequencer>> records;

    void publish(const std::string& id) {
        auto& record = records[id];
        if (!record) {
            record = std::make_unique<node::Sequencer>(node(id));
            REQUIRE(record->start().has_value());
        }
        REQUIRE(record->beat().has_value());
    }

    node::RecordView view(const std::string& of, const std::string& by) {
        for (auto& item : node::watched_records(node(by)))
            if (item.participant.str() == of) return item;
        FAIL("nothing is known of this record");
        return {};
    }

    /// Two obligations in Arcadia's record: notice and deletion.
    void owe() {
        play_until("receive");
        move_all();
    }
};

using State = node::RecordView::State;

} // namespace

TEST_CASE("R1_ a node reads each leaf of the others' records once, and counts what is open") {
    Watching world;
    world.owe();
    world.publish(arcadia);
    CHECK(
        node::watch_records(world.node(borealia)) ==
        static_cast<std::size_t>(world.leaves(arcadia)));
    CHECK(node::watch_records(world.node(borealia)) == 0);
    const auto view = world.view(arcadia, borealia);
    CHECK(view.state == State::good);
    CHECK(view.country == "XA");
    CHECK(view.checkpoint.size == static_cast<std::uint64_t>(world.leaves(arcadia)));
    std::uint64_t open = 0;
    for (const auto& [what, count] : view.open)
        open += count;
    CHECK(open == 2);
    // Whose record shows nothing yet is away, and nothing is said of what it owes.
    CHECK(world.view("vault-provider", borealia).state == State::away);
    // On the last day nothing is overdue, on the day after it is.
    Instant last;
    for (const auto& [what, count] : view.open)
        if (what.first == record::Duty::notice) last = what.second;
    const auto overdue = [&](Instant day) {
        std::uint64_t notices = 0;
        for (const auto& row : node::overdue({view}, day))
            if (row.duty == record::Duty::notice) notices += row.count;
        return notices;
    };
    CHECK(overdue(last - Milliseconds{1}) == 0);
    CHECK(overdue(last + std::chrono::hours{24} - Milliseconds{1}) == 0);
    CHECK(overdue(last + std::chrono::hours{24}) == 1);
}

TEST_CASE("T20_ a record that goes back, changes a leaf or shows another root is not believed") {
    Watching world;
    world.play_until("transmit");
    world.move_all();
    world.publish(arcadia);
    const auto early = *world.node(arcadia).files().read("record/checkpoint");
    node::watch_records(world.node(borealia));
    world.play("acknowledge");
    world.move_all();
    world.publish(arcadia);
    node::watch_records(world.node(borealia));
    const auto good = world.view(arcadia, borealia);
    REQUIRE(good.state == State::good);

    SUBCASE("it goes back") {
        world.lying = arcadia;
        world.lie = early;
        node::watch_records(world.node(borealia));
        const auto view = world.view(arcadia, borealia);
        CHECK(view.state == State::wrong);
        CHECK(view.problem.text().find("went back") != std::string::npos);
        CHECK(view.problem.in("fr").starts_with("il est revenu de "));
        CHECK(view.problem.in("ar").find("ورقة") != std::string::npos);
        CHECK(view.other == early);                // what was signed stays as evidence
        CHECK(view.checkpoint == good.checkpoint); // and what was known stays known
        world.lying.clear();
        node::watch_records(world.node(borealia));
        CHECK(world.view(arcadia, borealia).state == State::good);
    }
    SUBCASE("a leaf is another, and the root no longer fits") {
        world.play("accept");
        world.move_all();
        world.publish(arcadia);
        auto& files = world.node(arcadia).files();
        const auto size = static_cast<unsigned>(world.leaves(arcadia));
        const record::TileId id{record::TileId::Kind::entries, 0, 0, size};
        auto bundle = *files.read("record/" + id.path());
        bundle[bundle.size() - 5] = bundle[bundle.size() - 5] == 'A' ? 'B' : 'A';
        files.replace("record/" + id.path(), bundle);
        node::watch_records(world.node(borealia));
        const auto view = world.view(arcadia, borealia);
        CHECK(view.state == State::wrong);
        CHECK(view.checkpoint == good.checkpoint);
    }
    SUBCASE("its own key signs another past") {
        std::vector<Bytes> leaves;
        auto& own = world.node(arcadia);
        own.store().read([&](node::StoreReader& reader) { leaves = reader.leaves(0, 1000); });
        leaves.front() = record::act_leaf(crypto::random_bytes(32), "header");
        leaves.push_back(record::act_leaf(crypto::random_bytes(32), "header"));
        record::TileWriter writer;
        REQUIRE(writer.append(leaves).has_value());
        for (auto& file : writer.take_files())
            own.files().replace("record/" + file.id.path(), file.bytes);
        const record::Checkpoint checkpoint{
            good.checkpoint.origin, writer.size(), writer.root(), {}};
        own.files().replace(
            "record/checkpoint", record::sign_checkpoint(checkpoint, *own.keys().record).print());
        // First it does not fit what was read; then, read from the first leaf, it is whole in
        // itself, and still not what was known.
        for (int visit = 0; visit < 3; ++visit) {
            node::watch_records(world.node(borealia));
            const auto view = world.view(arcadia, borealia);
            CHECK(view.state == State::wrong);
            CHECK(view.checkpoint == good.checkpoint);
            CHECK_FALSE(view.other.empty());
            if (visit > 0)
                CHECK(view.problem.text().find("not what they were") != std::string::npos);
        }
    }
    SUBCASE("what is not signed by its key is nothing") {
        world.lying = arcadia;
        world.lie = early;
        world.lie[3] = world.lie[3] == 'a' ? 'b' : 'a';
        node::watch_records(world.node(borealia));
        CHECK(world.view(arcadia, borealia).state == State::wrong);
    }
    SUBCASE("nobody answers") {
        world.away.insert(arcadia);
        node::watch_records(world.node(borealia));
        const auto view = world.view(arcadia, borealia);
        CHECK(view.state == State::away);
        CHECK(view.checkpoint == good.checkpoint);
        CHECK(view.since == world.clock.now());
        world.clock.pass(std::chrono::hours{1});
        node::watch_records(world.node(borealia));
        CHECK(world.view(arcadia, borealia).since == view.since); // since when, not how often
    }
}
