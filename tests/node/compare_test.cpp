// V4: what one participant says it sent with what the other says it got. Each answer is proved
// against the public record; one who leaves an act out, names another's line or does not answer is
// told apart from one who still has time.
#include "node/compare_records.hpp"
#include "node/watch_records.hpp"
#include "support/node_practice.hpp"

#include <numeric>

using namespace comity;
using namespace comity::test;
using std::chrono::hours;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string provider = "vault-provider";
const std::string overseer = "arcadia-oversight";

struct Comparing : Practice {
    Comparing() : Practice(true) {}

    void publish() {
        for (const auto& id : {arcadia, borealia, provider}) {
            auto& record = records[id];
            if (!record) {
                record = std::make_unique<node::Sequencer>(node(id));
                REQUIRE(record->start().has_value());
            }
            REQUIRE(record->beat().has_value());
        }
    }

    void play_and_publish(const std::string& last) {
        play_until(last);
        move_all();
        publish();
    }

    node::ComparisonOrder order(const std::string& first, const std::string& second) {
        return {
            ParticipantId(first), ParticipantId(second), clock.now() - std::chrono::days{30},
            clock.now() + hours{24}};
    }

    node::Comparison compare(
        const std::string& first = arcadia, const std::string& second = borealia) {
        auto out = node::compare_records(node(overseer), order(first, second));
        REQUIRE(out.has_value());
        return std::move(*out);
    }

    /// What Borealia says of the act of that kind, changed before it is said.
    void planted(
        const std::string& kind,
        const std::function<void(std::vector<node::ActPlace>&, std::size_t)>& change) {
        const auto hash = *state(borealia)->latest.find(kind);
        tells_leaves = [hash = hash.second,
                        change](const std::string& who, std::vector<node::ActPlace>& places) {
            if (who != borealia) return;
            for (std::size_t i = 0; i < places.size(); ++i)
                if (places[i].hash == hash) return change(places, i);
        };
    }

    std::map<std::string, std::unique_ptr<node::Sequencer>> records;
};

std::size_t both(const node::Comparison& of) {
    return std::accumulate(
        of.counts.begin(), of.counts.end(), std::size_t{0},
        [](std::size_t n, const auto& row) { return n + row.second.both; });
}

} // namespace

TEST_CASE("R4_ each act of a common case stands in both records, and each place is proved") {
    Comparing world;
    world.play_and_publish("produce");
    const auto found = world.compare();
    CHECK(found.equal());
    CHECK(found.cases == 1);
    CHECK(both(found) == world.acts(overseer));
    CHECK(found.counts.at("request") == node::ComparedCount{1, 0, 0, 0, 0, 0});
    CHECK(found.differences.empty());
    CHECK(found.strangers.empty());
    CHECK(found.cancelled.empty());
    CHECK(found.first.size == static_cast<std::uint64_t>(world.leaves(arcadia)));
    CHECK(found.second.size == static_cast<std::uint64_t>(world.leaves(borealia)));
    // The provider was sent all that was before it, too.
    CHECK(world.compare(arcadia, provider).equal());
    CHECK(both(world.compare(provider, borealia)) == both(found));
}

TEST_CASE("T20_ an act that one side leaves out has an hour to be there, and is missing then") {
    Comparing world;
    world.play_and_publish("accept");
    world.planted("accept", [](auto& places, std::size_t i) {
        places.erase(places.begin() + static_cast<std::ptrdiff_t>(i));
    });
    auto found = world.compare();
    CHECK_FALSE(found.equal());
    CHECK(found.counts.at("accept") == node::ComparedCount{0, 0, 0, 1, 0, 0});
    REQUIRE(found.differences.size() == 1);
    const auto late = found.differences[0].admitted + limits::inclusion_time;
    world.clock.set(late - Milliseconds{1});
    CHECK(world.compare().counts.at("accept").not_yet == 1);
    world.clock.set(late);
    found = world.compare();
    CHECK(found.counts.at("accept") == node::ComparedCount{0, 1, 0, 0, 0, 0});
    REQUIRE(found.differences.size() == 1);
    CHECK(found.differences[0].kind == "accept");
    CHECK(found.differences[0].case_id == world.case_id);
    CHECK(found.differences[0].performer.str() == borealia);
    CHECK(found.differences[0].first == node::Standing::stands);
    CHECK(found.differences[0].second == node::Standing::missing);
    // The other way round it is the second that alone has it.
    CHECK(
        world.compare(borealia, arcadia).counts.at("accept") ==
        node::ComparedCount{0, 0, 1, 0, 0, 0});
    CHECK(found.counts.at("request").both == 1);
}

TEST_CASE("T20_ a place counts only where the leaf opens to the very act") {
    struct Row {
        const char* what;
        std::function<void(std::vector<node::ActPlace>&, std::size_t)> change;
    };

    for (const auto& row : std::vector<Row>{
             {"another act's leaf",
              [](auto& all, std::size_t i) {
                  all[i].leaf = all[0].leaf;
              }},
             {"another act's leaf and nonce",
              [](auto& all, std::size_t i) {
                  all[i].leaf = all[0].leaf;
                  all[i].nonce = all[0].nonce;
              }},
             {"a nonce of one other bit",
              [](auto& all, std::size_t i) {
                  all[i].nonce[31] ^= 1;
              }},
             {"a short nonce",
              [](auto& all, std::size_t i) {
                  all[i].nonce.pop_back();
              }},
             {"a leaf beyond the record",
              [](auto& all, std::size_t i) {
                  all[i].leaf += 10'000;
              }},
         }) {
        CAPTURE(row.what);
        Comparing world;
        world.play_and_publish("accept");
        world.clock.pass(hours{2});
        CHECK(world.compare().equal());
        world.planted("transmit", row.change);
        const auto found = world.compare();
        CHECK(found.counts.at("transmit") == node::ComparedCount{0, 1, 0, 0, 0, 0});
        CHECK(found.counts.at("accept").both == 1);
    }
}

TEST_CASE("R4_ what a record does not show yet is not yet there, and late when its time is over") {
    Comparing world;
    world.play_and_publish("transmit");
    world.play("acknowledge");
    world.move_all();
    auto found = world.compare();
    CHECK(found.counts.at("acknowledge") == node::ComparedCount{0, 0, 0, 1, 0, 0});
    world.clock.pass(hours{2});
    CHECK(world.compare().counts.at("acknowledge") == node::ComparedCount{0, 0, 0, 0, 1, 0});
    world.publish();
    CHECK(world.compare().equal());
}

TEST_CASE("R4_ a request that was withdrawn is shown as cancelled, and its acts are compared") {
    Comparing world;
    world.play_and_publish("transmit");
    REQUIRE(world
                .act(
                    arcadia, "central-authority-officer", "withdraw",
                    NodeFederation::fields("withdraw"))
                .has_value());
    world.move_all();
    world.publish();
    const auto found = world.compare();
    CHECK(found.equal());
    CHECK(found.counts.at("withdraw").both == 1);
    REQUIRE(found.cancelled.size() == 1);
    CHECK(found.cancelled[0].case_id == world.case_id);
    CHECK(found.cancelled[0].by.str() == arcadia);
}

TEST_CASE("R4_ an act that one of them names and this node does not hold is shown") {
    Comparing world;
    world.play_and_publish("transmit");
    world.tells_leaves = [](const std::string& who, std::vector<node::ActPlace>& places) {
        if (who != arcadia) return;
        auto more = places.back();
        ++more.sequence;
        more.hash[0] ^= 1;
        places.push_back(more);
    };
    const auto found = world.compare();
    CHECK_FALSE(found.equal());
    CHECK(found.differences.empty());
    REQUIRE(found.strangers.size() == 1);
    CHECK(found.strangers[0].kind.empty());
    CHECK(found.strangers[0].first == node::Standing::stands);
    CHECK(found.strangers[0].second == node::Standing::missing);
}

TEST_CASE("R4_ nothing is said of who does not answer, or whose record is not to be relied on") {
    Comparing world;
    world.play_and_publish("transmit");
    world.clock.pass(hours{2});
    world.away.insert(borealia);
    auto found = world.compare();
    CHECK_FALSE(found.equal());
    CHECK(found.counts.at("request") == node::ComparedCount{0, 0, 0, 0, 0, 1});
    CHECK_FALSE(found.second.problem.empty());
    CHECK(found.first.problem.empty());
    REQUIRE(found.differences.size() == world.acts(overseer));
    CHECK(found.differences[0].first == node::Standing::stands);
    CHECK(found.differences[0].second == node::Standing::unknown);
    world.away.clear();
    CHECK(world.compare().equal());

    // It shows a shorter record than before, signed or not: it is not asked.
    const auto checkpoint = *world.node(borealia).files().read("record/checkpoint");
    world.node(borealia).files().destroy("record/checkpoint");
    CHECK(world.compare().counts.at("request").unknown == 1);
    world.node(borealia).files().append("record/checkpoint", 0, checkpoint);
    CHECK(world.compare().equal());

    // Nor is one believed that answers out of order, for ever.
    world.tells_leaves = [](const std::string& who, std::vector<node::ActPlace>& places) {
        if (who == borealia && places.size() > 1) std::swap(places[0], places[1]);
    };
    found = world.compare();
    CHECK(found.second.problem == "it answers out of order");
    CHECK(found.counts.at("request").unknown == 1);
}

TEST_CASE("T46_ where acts stand is told to an oversight body of the case, and to nobody else") {
    Comparing world;
    world.play_and_publish("transmit");
    const auto ask = [&](const std::string& asker, const CaseId& id, std::int64_t after = 0) {
        return node::leaves_for(world.node(arcadia), ParticipantId(asker), id, after);
    };
    const auto all = ask(overseer, world.case_id);
    REQUIRE(all.has_value());
    CHECK(all->size() == world.acts(arcadia));
    CHECK(ask(overseer, world.case_id, 1)->size() == world.acts(arcadia) - 1);
    for (const auto& other :
         {borealia, provider, std::string("cascadia-oversight"), std::string("cascadia-authority"),
          std::string("nobody")})
        CHECK(code(ask(other, world.case_id)) == "not_found");
    CHECK(code(ask(overseer, CaseId("bbbbbbbbbbbbbbbbbbbbbbbbbb"))) == "not_found");
}

TEST_CASE("a comparison is of two others, over at most a year, and asked by an oversight body") {
    Comparing world;
    const auto ask = [&](const std::string& who, const node::ComparisonOrder& order) {
        return code(node::compare_records(world.node(who), order));
    };
    const auto good = world.order(arcadia, borealia);
    world.publish();
    CHECK(ask(overseer, good) == "accepted"); // and they had no case together
    CHECK(world.compare().equal());
    CHECK(world.compare().cases == 0);
    CHECK(ask(arcadia, good) == "not_allowed");
    CHECK(ask(overseer, world.order(arcadia, arcadia)) == "not_found");
    CHECK(ask(overseer, world.order(arcadia, overseer)) == "not_found");
    CHECK(ask(overseer, world.order("nobody", arcadia)) == "not_found");
    auto order = good;
    order.until = order.from;
    CHECK(ask(overseer, order) == "json_malformed");
    order.until = order.from + limits::compared_time;
    CHECK(ask(overseer, order) == "accepted");
    order.until += Milliseconds{1};
    CHECK(ask(overseer, order) == "json_malformed");
    // Acts outside the period are not asked about.
    world.play_and_publish("transmit");
    order = world.order(arcadia, borealia);
    order.until = order.from + hours{1};
    CHECK(node::compare_records(world.node(overseer), order)->cases == 0);
}
