// Entries of the roll found by passkey and by person, as the store has them at that moment.
#include "node/enrol.hpp"
#include "node/roll_index.hpp"
#include "support/node_federation.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <thread>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";

Bytes credential_of(NodeFederation& world, const std::string& person) {
    return world.world.person(arcadia, person).entry.passkey.credential_id;
}

/// A store with one reader, as long as nobody gives it back.
class OneReader final : public node::Store {
public:
    explicit OneReader(node::Store& store) : store_(store) {}

    void read(const std::function<void(node::StoreReader&)>& work) override {
        ++came;
        const std::scoped_lock lock(reader_);
        store_.read(work);
    }

    void write(const std::function<void(node::StoreWriter&)>& work) override { store_.write(work); }

    std::atomic<int> came{0};

private:
    node::Store& store_;
    std::recursive_mutex reader_; // a read inside a read is the same read
};

} // namespace

TEST_CASE("T44_ an entry is found by its credential, and seen as ended in the moment it ends") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node.store());
    const auto judge = roll.with_credential(credential_of(world, "judge"));
    REQUIRE(judge.has_value());
    CHECK(judge->sealed.entry.person == PersonId("judge"));
    CHECK_FALSE(judge->ended);
    CHECK_FALSE(roll.with_credential(Bytes(32, 'x')).has_value());
    CHECK_FALSE(roll.with_credential("").has_value());
    REQUIRE(node::end_entry(node, judge->sealed.hash).has_value());
    CHECK(roll.with_credential(credential_of(world, "judge"))->ended);
    REQUIRE(roll.of(PersonId("judge")).size() == 1);
    CHECK(roll.of(PersonId("judge")).front().ended);
    CHECK(roll.of(PersonId("nobody")).empty());
}

TEST_CASE(
    "R3_ who was enrolled after the roll was read is found, and stands with the earlier entries") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node.store());
    CHECK(roll.of(PersonId("judge")).size() == 1);
    const auto added = world.world.enrol(
        arcadia, {.person = "judge", .office = "arcadia-court", .roles = {"judge"}},
        {&world.world.person(arcadia, "first-founder"),
         &world.world.person(arcadia, "second-founder")});
    CHECK_FALSE(roll.with_credential(added.entry.passkey.credential_id).has_value());
    node.store().write([&](node::StoreWriter& writer) {
        writer.put_roll({added.hash, added.entry.person, added.text, false});
    });
    CHECK(roll.with_credential(added.entry.passkey.credential_id).has_value());
    const auto both = roll.of(PersonId("judge"));
    REQUIRE(both.size() == 2);
    CHECK(both[1].sealed.hash == added.hash);
}

TEST_CASE(
    "R3_ who holds a role, and whether two offices share people, is found without reading the roll, and ends with the entry") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node.store());
    const auto judges = roll.with_role("judge");
    CHECK(std::any_of(judges.begin(), judges.end(), [](const auto& found) {
        return found.sealed.entry.person == PersonId("judge");
    }));
    for (const auto& found : judges)
        CHECK(found.sealed.entry.has_role("judge"));
    CHECK(roll.with_role("nobody").empty());
    const OfficeId court{"arcadia-court"};
    const OfficeId police{"arcadia-police"};
    CHECK_FALSE(roll.share_people(court, police));
    CHECK_FALSE(roll.share_people(court, OfficeId("nowhere")));
    // The judge is enrolled at the police as well.
    const auto both = world.world.enrol(
        arcadia, {.person = "judge", .office = police.str(), .roles = {"issuing-officer"}},
        {&world.world.person(arcadia, "first-founder"),
         &world.world.person(arcadia, "second-founder")});
    node.store().write([&](node::StoreWriter& writer) {
        writer.put_roll({both.hash, both.entry.person, both.text, false});
    });
    CHECK(roll.share_people(court, police));
    CHECK(roll.share_people(police, court));
    REQUIRE(node::end_entry(node, both.hash).has_value());
    CHECK_FALSE(roll.share_people(court, police));
}

TEST_CASE("the roll is found in a view that is older than what was indexed, as that view has it") {
    NodeFederation world;
    auto& node = world.node(arcadia);
    node::RollIndex roll(node.store());
    const auto added = world.world.enrol(
        arcadia, {.person = "judge", .office = "arcadia-court", .roles = {"judge"}},
        {&world.world.person(arcadia, "first-founder"),
         &world.world.person(arcadia, "second-founder")});
    const auto& credential = added.entry.passkey.credential_id;
    node.store().read([&](node::StoreReader&) {
        CHECK(roll.of(PersonId("judge")).size() == 1);
        std::thread([&] {
            node.store().write([&](node::StoreWriter& writer) {
                writer.put_roll({added.hash, added.entry.person, added.text, false});
            });
            CHECK(roll.with_credential(credential).has_value());
        }).join();
        CHECK_FALSE(roll.with_credential(credential).has_value());
        CHECK(roll.with_credential(credential_of(world, "judge")).has_value());
        CHECK(roll.of(PersonId("judge")).size() == 1);
    });
    CHECK(roll.with_credential(credential).has_value());
    CHECK(roll.of(PersonId("judge")).size() == 2);
}

TEST_CASE("who asks inside a read does not wait for somebody who waits for that reader") {
    NodeFederation world;
    OneReader store(world.node(arcadia).store());
    node::RollIndex roll(store);
    std::thread other;
    std::size_t found = 0;
    store.read([&](node::StoreReader&) {
        other = std::thread([&] { found = roll.with_role("administrator").size(); });
        while (store.came < 2)
            std::this_thread::yield();
        // The other one stands before the reader that is held here, and must hold nothing itself.
        CHECK_FALSE(roll.with_role("administrator").empty());
    });
    other.join();
    CHECK(found > 0);
}
