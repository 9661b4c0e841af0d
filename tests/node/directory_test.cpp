// Newer directories find their way to every node by themselves: forward only, each under the
// threshold of the one before, and within a minute.
#include "crypto/hash.hpp"
#include "node/enrol.hpp"
#include "node/fetch_directory.hpp"
#include "support/node_federation.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

constexpr std::size_t beats_in_a_minute = std::chrono::minutes{1} / node::directory_beat;

struct Federation : NodeFederation {
    // The next version, signed by so many of the members.
    std::string next_directory(std::int64_t version, std::size_t signatures) {
        world.draft.version = version;
        std::vector<std::string> members{arcadia, borealia, "cascadia-authority"};
        members.resize(signatures);
        return world.sign_directory(
            directory::print_directory(world.draft), members, practice_start());
    }

    std::int64_t version(const std::string& id) { return (*node(id).directory())->version(); }

    std::size_t beat(std::mt19937_64& random) {
        std::size_t installed = 0;
        for (auto& [id, member] : members)
            installed += node::fetch_directory(*member->node, random());
        return installed;
    }

    bool all_have(std::int64_t wanted) {
        return std::all_of(members.begin(), members.end(), [&](const auto& item) {
            return (*item.second->node->directory())->version() == wanted;
        });
    }
};

} // namespace

TEST_CASE("T13 a revocation that one node has heard of is known to all within a minute") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Federation federation;
        std::mt19937_64 random(seed);
        const auto judge = federation.world.person(arcadia, "judge").hash;
        federation.world.participant(arcadia).revoked = {{judge, practice_now()}};
        REQUIRE(
            node::install_directory(federation.node(borealia), federation.next_directory(2, 2)));
        std::size_t beats = 0;
        while (!federation.all_have(2) && beats <= beats_in_a_minute) {
            federation.beat(random);
            ++beats;
        }
        CHECK(beats <= beats_in_a_minute);
        for (auto& [id, member] : federation.members)
            CHECK(
                (*member->node->directory())->find(ParticipantId(arcadia))->revoked.at(judge) ==
                practice_now());
        // It is committed to each node's record, and nothing more comes.
        CHECK(federation.leaves(arcadia) == 1);
        CHECK(federation.beat(random) == 0);
    }
}

TEST_CASE("T13 in a federation of a thousand every node has heard within a minute") {
    constexpr std::size_t nodes = 1'000;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        std::vector<bool> knows(nodes, false);
        knows[seed] = true;
        std::size_t beats = 0;
        while (std::find(knows.begin(), knows.end(), false) != knows.end() && beats < 100) {
            auto after = knows;
            for (std::size_t self = 0; self < nodes; ++self)
                for (const auto other : node::peers_to_ask(nodes, self, random()))
                    if (knows[other]) after[self] = true;
            knows = std::move(after);
            ++beats;
        }
        CHECK(beats <= beats_in_a_minute);
    }
}

TEST_CASE("a node asks two others, never itself, and each of them in turn") {
    for (const std::size_t count : {2u, 3u, 5u}) {
        for (std::size_t self = 0; self < count; ++self) {
            std::set<std::size_t> asked;
            for (std::uint64_t random = 0; random < 100; ++random) {
                const auto both = node::peers_to_ask(count, self, random);
                CHECK(both[0] < count);
                CHECK(both[1] < count);
                CHECK(both[0] != self);
                CHECK(both[1] != self);
                CHECK((both[0] != both[1]) == (count > 2));
                asked.insert(both.begin(), both.end());
            }
            CHECK(asked.size() == count - 1);
        }
    }
}

TEST_CASE("T02 a directory that a peer offers is taken with the threshold and not below it") {
    for (const std::size_t signatures : {1u, 2u, 3u}) {
        CAPTURE(signatures);
        Federation federation;
        std::mt19937_64 random(7);
        const auto offered = federation.next_directory(2, signatures);
        // The provider's node says it has it, whether or not it is good.
        auto& liar = *federation.members.at("vault-provider");
        liar.store.write([&](node::StoreWriter& writer) { writer.put_directory(2, offered); });
        liar.node->use_directory(
            std::make_shared<const directory::Directory>(federation.world.directory()));
        for (std::size_t beat = 0; beat < beats_in_a_minute; ++beat)
            federation.beat(random);
        CHECK(federation.version(arcadia) == (signatures >= 2 ? 2 : 1));
        CHECK(federation.version(borealia) == (signatures >= 2 ? 2 : 1));
    }
}

TEST_CASE("T02 an older directory, or one of another federation, is not taken") {
    for (const bool other : {false, true}) {
        Federation federation;
        std::mt19937_64 random(7);
        REQUIRE(node::install_directory(federation.node(arcadia), federation.next_directory(5, 2)));
        if (other) federation.world.draft.federation = "elsewhere";
        const auto offered = federation.next_directory(other ? 6 : 4, 2);
        auto& liar = *federation.members.at(borealia);
        liar.store.write(
            [&](node::StoreWriter& writer) { writer.put_directory(other ? 6 : 4, offered); });
        federation.world.draft.version = 6;
        liar.node->use_directory(
            std::make_shared<const directory::Directory>(federation.world.directory()));
        for (int beat = 0; beat < 5; ++beat)
            node::fetch_directory(federation.node(arcadia), random());
        CHECK(federation.version(arcadia) == 5);
    }
}

TEST_CASE("T15 who is several versions behind checks each against the one before") {
    Federation federation;
    // Version 2 takes Arcadia's key out of trust, version 3 is signed by the two others alone.
    federation.world.participant(arcadia).seal.front().distrusted_from = practice_now();
    const auto second = federation.next_directory(2, 2);
    federation.world.draft.version = 3;
    const auto third = federation.world.sign_directory(
        directory::print_directory(federation.world.draft), {borealia, "cascadia-authority"},
        practice_start());
    REQUIRE(node::install_directory(federation.node(borealia), second));
    REQUIRE(node::install_directory(federation.node(borealia), third));
    federation.away = {"vault-provider", "arcadia-oversight"};
    std::size_t installed = 0;
    std::mt19937_64 random(3);
    for (std::size_t beat = 0; beat < beats_in_a_minute; ++beat)
        installed += node::fetch_directory(federation.node(arcadia), random());
    CHECK(installed == 2);
    CHECK(federation.version(arcadia) == 3);
    std::optional<std::string> kept;
    federation.node(arcadia).store().read(
        [&](node::StoreReader& reader) { kept = reader.directory(2); });
    CHECK(kept == second);
}

TEST_CASE("when nobody answers, the directory in force stays") {
    Federation federation;
    REQUIRE(node::install_directory(federation.node(borealia), federation.next_directory(2, 2)));
    federation.away = {borealia, "vault-provider", "arcadia-oversight"};
    CHECK(node::fetch_directory(federation.node(arcadia), 1) == 0);
    CHECK(federation.version(arcadia) == 1);
    federation.away.clear();
    federation.loses_answer = {borealia};
    std::mt19937_64 random(1);
    for (std::size_t beat = 0; beat < beats_in_a_minute; ++beat)
        node::fetch_directory(federation.node(arcadia), random());
    CHECK(federation.version(arcadia) == 2);
}
