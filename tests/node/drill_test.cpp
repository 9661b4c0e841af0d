// What a drill found, taken down by the running node: only its own, only what agrees, only later.
#include "base/limits.hpp"
#include "crypto/jws.hpp"
#include "node/drill.hpp"
#include "support/node_practice.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

struct Drilled : Practice {
    node::Sequencer record{node(arcadia)};

    Drilled() {
        play_until("request");
        REQUIRE(code(record.start()) == "accepted");
        REQUIRE(record.beat().has_value());
    }

    /// Of a back-up made an hour ago, when the record was as long as now.
    node::Drill found() {
        const auto now = node(arcadia).now();
        return {
            now - std::chrono::hours{1},
            now,
            std::chrono::seconds{48},
            record.size(),
            record.root_at(record.size()).value(),
            1,
            1};
    }

    std::string sealed(const node::Drill& drill) {
        return node::seal_drill(ParticipantId(arcadia), drill, node(arcadia).signer());
    }

    std::string take(const std::string& text) {
        return code(node::take_down_drill(node(arcadia), record, text));
    }

    std::optional<node::Drill> kept() {
        std::optional<node::Drill> out;
        node(arcadia).store().read(
            [&](node::StoreReader& reader) { out = node::last_drill(reader); });
        return out;
    }
};

} // namespace

TEST_CASE("K12_ a drill is taken down as it was found, and a later one in its place") {
    Drilled world;
    CHECK_FALSE(world.kept());
    const auto first = world.found();
    CHECK(world.take(world.sealed(first)) == "accepted");
    CHECK(world.kept() == first);
    CHECK(world.take(world.sealed(first)) == "drill_malformed"); // the same again
    auto earlier = first;
    earlier.drilled = first.drilled - Milliseconds{1};
    CHECK(world.take(world.sealed(earlier)) == "drill_malformed");
    CHECK(world.kept() == first);
    world.clock.pass(std::chrono::days{20});
    auto later = world.found();
    later.size = 1; // an older back-up is a back-up
    later.root = world.record.root_at(1).value();
    CHECK(world.take(world.sealed(later)) == "accepted");
    CHECK(world.kept() == later);
}

TEST_CASE("K12_ a drill of another node, of another record or of tomorrow is not taken down") {
    Drilled world;
    const auto right = world.found();
    const auto& signer = world.node(arcadia).signer();
    const auto with = [&](auto change) {
        auto drill = right;
        change(drill);
        return world.take(world.sealed(drill));
    };
    CHECK(with([](node::Drill& d) { d.root[0] ^= 1; }) == "drill_malformed");
    CHECK(with([](node::Drill& d) { ++d.size; }) == "drill_malformed");
    CHECK(
        with([](node::Drill& d) { d.backup = d.drilled + Milliseconds{1}; }) == "drill_malformed");
    CHECK(with([](node::Drill& d) {
              d.drilled += limits::clock_difference + Milliseconds{1};
          }) != "accepted");
    CHECK(
        world.take(node::seal_drill(
            ParticipantId(borealia), right, world.node(arcadia).signer())) == "drill_malformed");
    CHECK(
        world.take(
            node::seal_drill(ParticipantId(arcadia), right, world.node(borealia).signer())) ==
        "performer_not_signer");
    const auto payload = crypto::parse_jws(world.sealed(right), 64 * 1024).value().payload;
    CHECK(
        world.take(crypto::sign_jws(payload, "comity-act+jws", right.drilled, signer)) ==
        "seal_malformed");
    CHECK(
        world.take(crypto::sign_jws(
            payload.substr(0, payload.size() - 1) + ",\"more\":1}", node::drill_type, right.drilled,
            signer)) == "drill_malformed");
    CHECK(world.take("") == "seal_malformed");
    CHECK_FALSE(world.kept());
    CHECK(with([](node::Drill&) {}) == "accepted");
}

TEST_CASE("the root of a record of before is what its checkpoint was then") {
    Drilled world;
    const auto size = world.record.size();
    const auto root = world.record.root_at(size).value();
    auto form = Practice::fields("authorise");
    form["request"] = world.request_hash;
    REQUIRE(code(world.act(arcadia, "judge", "authorise", form)) == "accepted");
    REQUIRE(world.record.beat().has_value());
    REQUIRE(world.record.size() > size);
    CHECK(world.record.root_at(size).value() == root);
    CHECK(world.record.root_at(world.record.size()).value() != root);
    CHECK(world.record.root_at(0).value() == record::empty_root());
    CHECK(code(world.record.root_at(world.record.size() + 1)) == "proof_wrong");
}
