// What a node owes in public: a leaf when the duty comes, its discharge when it goes, in the record
// of the side that owes it and nowhere else, in the act's own transaction.
#include "node/clock_due.hpp"
#include "record/obligations.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;
using record::Duty;
using record::Ending;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

struct Owing : Practice {
    std::vector<Bytes> entries(const std::string& id) {
        std::vector<Bytes> out;
        node(id).store().read([&](node::StoreReader& reader) { out = reader.leaves(0, 10'000); });
        return out;
    }

    record::Obligations owed(const std::string& id) {
        record::Obligations out;
        std::uint64_t index = 0;
        for (const auto& entry : entries(id)) {
            const auto leaf = record::Leaf::parse(entry);
            REQUIRE(leaf.has_value());
            const auto added = out.add(index++, *leaf);
            REQUIRE_MESSAGE(added.has_value(), (added ? "" : added.error().text()));
        }
        REQUIRE(out.whole());
        return out;
    }

    std::vector<record::OpenObligation> open(const std::string& id, Duty duty) {
        std::vector<record::OpenObligation> out;
        const auto all = owed(id);
        for (const auto& [index, item] : all.open())
            if (item.duty == duty) out.push_back(item);
        return out;
    }

    std::size_t leaves_of(const std::string& id, record::Leaf::Kind kind) {
        std::size_t out = 0;
        for (const auto& entry : entries(id))
            if (record::Leaf::parse(entry)->kind == kind) ++out;
        return out;
    }

    void perform(
        const std::string& who, const std::string& role, const std::string& name,
        json::Object form) {
        const auto done = act(who, role, name, std::move(form));
        REQUIRE_MESSAGE(done.has_value(), name, ": ", (done ? "" : done.error().text()));
        move_all();
    }

    /// The day on which an act is owed last, by the case as this node sees it.
    std::string day_of(const std::string& id, const std::string& owed_act) {
        std::string out;
        node(id).store().read([&](node::StoreReader& reader) {
            for (const auto& row : reader.obligations_of(case_id))
                if (row.act == owed_act) out = day_text(record::last_day(*row.due));
        });
        return out;
    }
};

json::Object until(const json::Object& base, Instant day) {
    auto form = base;
    form["until"] = to_text(day + std::chrono::days{1}); // the end of the day
    return form;
}

} // namespace

TEST_CASE("R1_ a notice is owed in public from production on, by the requesting side alone") {
    Owing world;
    world.play_until("order");
    for (const auto& id : {arcadia, borealia, vault, overseer})
        CHECK(world.owed(id).open().empty());
    world.play("produce");
    world.move_all();
    const auto open = world.open(arcadia, Duty::notice);
    REQUIRE(open.size() == 1);
    CHECK(day_text(open.front().day) == world.day_of(arcadia, "notify"));
    for (const auto& id : {borealia, vault, overseer})
        CHECK(world.owed(id).open().empty());
    // The leaf names no case: its text has nothing of the case's id.
    const auto leaf = world.entries(arcadia).at(open.front().index);
    CHECK(leaf.find(world.case_id.str()) == Bytes::npos);
    // Overdue is a function of the leaves and the day: at the day not yet, the day after.
    CHECK(world.owed(arcadia).overdue(open.front().day).empty());
    CHECK(world.owed(arcadia).overdue(open.front().day + std::chrono::days{1}).size() == 1);
}

TEST_CASE("T33 a deferral moves the notice to its date in public, and the notice discharges it") {
    Owing world;
    world.play_until("produce");
    const auto first = world.open(arcadia, Duty::notice).front();
    const Instant later =
        std::chrono::floor<std::chrono::days>(world.clock.now()) + std::chrono::days{100};
    world.perform(arcadia, "judge", "defer-notice", until(world.fields("defer-notice"), later));
    const auto moved = world.open(arcadia, Duty::notice);
    REQUIRE(moved.size() == 1);
    CHECK(moved.front().day == later);
    CHECK(moved.front().extensions == 1);
    CHECK(moved.front().handle == first.handle);
    CHECK(world.owed(arcadia).ended(Duty::notice, Ending::extended) == 1);
    // The node itself gives notice when everybody forgot; the day after, nothing is overdue.
    world.clock.set(later + std::chrono::days{1});
    node::clock_due(world.node(arcadia));
    world.move_all();
    CHECK(world.open(arcadia, Duty::notice).empty());
    CHECK(world.owed(arcadia).ended(Duty::notice, Ending::done) == 1);
}

TEST_CASE("R1_ deletions are owed by whoever holds a copy, and discharged when it is destroyed") {
    Owing world;
    world.play_until("receive");
    REQUIRE(world.open(borealia, Duty::deletion).size() == 1); // purge, within a day
    REQUIRE(world.open(arcadia, Duty::deletion).size() == 1);  // delete, at the retention's end
    CHECK(
        day_text(world.open(arcadia, Duty::deletion).front().day) ==
        world.day_of(arcadia, "delete"));
    CHECK(world.open(vault, Duty::deletion).empty());
    world.clock.pass(std::chrono::hours{25});
    node::clock_due(world.node(borealia));
    world.move_all();
    CHECK(world.open(borealia, Duty::deletion).empty());
    CHECK(world.owed(borealia).ended(Duty::deletion, Ending::done) == 1);
    CHECK(world.open(arcadia, Duty::deletion).size() == 1);
}

TEST_CASE(
    "an ordinary case owes no authorisation in public, and what a withdrawal ends is lifted") {
    Owing world;
    world.play_until("request");
    CHECK(world.owed(arcadia).open().empty());
    world.play("authorise");
    world.move_all();
    world.play("transmit");
    world.move_all();
    CHECK(world.leaves_of(arcadia, record::Leaf::Kind::obligation) == 0);
    CHECK(world.leaves_of(arcadia, record::Leaf::Kind::act) == 3);
}

TEST_CASE(
    "T20 act, duty and leaf are written together or not at all, and a repeat writes nothing") {
    Owing world;
    world.play_until("order");
    world.play("produce"); // at the provider; the requested side takes it and passes it on
    world.deliver();
    const auto before = world.entries(arcadia).size();
    REQUIRE(world.open(arcadia, Duty::notice).size() == 1);
    world.move_all();
    CHECK(world.entries(arcadia).size() == before);
    // A write that fails leaves no leaf behind.
    const Instant later =
        std::chrono::floor<std::chrono::days>(world.clock.now()) + std::chrono::days{90};
    const auto envelope =
        world.sealed(arcadia, "judge", "defer-notice", until(world.fields("defer-notice"), later));
    auto& keeper = world.station(borealia).store;
    keeper.break_write(1, Break::undone);
    CHECK_THROWS_AS(
        (void)node::pass_gate(world.node(borealia), envelope, node::Way::keeper), StorageFault);
    CHECK(world.open(arcadia, Duty::notice).front().extensions == 0);
    const auto passage = node::pass_gate(world.node(borealia), envelope, node::Way::keeper);
    REQUIRE(passage.has_value());
    auto admitted = envelope;
    admitted.receipt = passage->receipt;
    auto& follower = world.station(arcadia).store;
    for (const auto how : {Break::undone, Break::unrun}) {
        follower.break_write(1, how);
        CHECK_THROWS_AS(
            (void)node::pass_gate(world.node(arcadia), admitted, node::Way::follower),
            StorageFault);
        CHECK(world.entries(arcadia).size() == before);
    }
    // Written but unheard: the next try finds it done, and writes no second leaf.
    follower.break_write(1, Break::unheard);
    CHECK_THROWS_AS(
        (void)node::pass_gate(world.node(arcadia), admitted, node::Way::follower), StorageFault);
    const auto after = world.entries(arcadia).size();
    CHECK(after == before + 3); // the act, the discharge and what takes its place
    CHECK(code(node::pass_gate(world.node(arcadia), admitted, node::Way::follower)) == "accepted");
    CHECK(world.entries(arcadia).size() == after);
    CHECK(world.open(arcadia, Duty::notice).front().extensions == 1);
    CHECK(world.open(arcadia, Duty::notice).size() == 1);
}
