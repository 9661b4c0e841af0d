// Samples: the same for everybody who has the published document, another for any other seed, and
// no seed that could have been known or tried out before.
#include "record/sample.hpp"
#include "record_support.hpp"

#include <algorithm>
#include <set>

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

const Instant closed = instant_from("2026-04-01T00:00:00.000Z").value();

/// Two logs and a witness, under a policy that wants the witness.
struct World {
    Policy policy = Policy::parse(
                        "log " + log_key("a.example/record", a).text() + "\nlog " +
                        log_key("b.example/record", b).text() + "\nwitness w " +
                        witness_key("w.example", w).text() + "\nquorum w\n")
                        .value();

    [[nodiscard]] Bytes seed(
        bool second, Milliseconds after_close = std::chrono::hours{1},
        std::string_view root = "root") const {
        auto note = sign_checkpoint(
            {second ? "b.example/record" : "a.example/record", 500, crypto::sha256(root), {}},
            second ? b : a);
        const auto when = std::chrono::floor<std::chrono::seconds>(closed + after_close);
        note.signatures.push_back(cosign_note(
            note.text, "w.example", w, static_cast<Seconds>(when.time_since_epoch().count())));
        return note.print();
    }

    [[nodiscard]] Result<Sample> make(std::vector<Bytes> seeds, std::uint64_t count = 20) const {
        return make_sample({"a.example/record", 100, 400, count}, closed, std::move(seeds), policy);
    }

    static const crypto::Ed25519Key a;
    static const crypto::Ed25519Key b;
    static const crypto::Ed25519Key w;
};

const crypto::Ed25519Key World::a = crypto::Ed25519Key::generate();
const crypto::Ed25519Key World::b = crypto::Ed25519Key::generate();
const crypto::Ed25519Key World::w = crypto::Ed25519Key::generate();

} // namespace

TEST_CASE("R4_ a sample is drawn from its frame, without repetition, and drawn again the same") {
    const World world;
    for (const std::uint64_t count : std::vector<std::uint64_t>{1, 20, 299, 300, 301}) {
        const auto sample = world.make({world.seed(false), world.seed(true)}, count);
        REQUIRE(sample.has_value());
        CHECK(sample->drawn.size() == std::min<std::uint64_t>(count, 300));
        CHECK(std::is_sorted(sample->drawn.begin(), sample->drawn.end()));
        CHECK(
            std::set<std::uint64_t>(sample->drawn.begin(), sample->drawn.end()).size() ==
            sample->drawn.size());
        CHECK(sample->drawn.front() >= 100);
        CHECK(sample->drawn.back() < 400);
        const auto read = Sample::parse(sample->print());
        REQUIRE(read.has_value());
        CHECK(*read == *sample);
        CHECK(redraw(*read, world.policy));
        // The order of the seeds says nothing.
        CHECK(world.make({world.seed(true), world.seed(false)}, count)->drawn == sample->drawn);
    }
}

TEST_CASE("R4_ another root of either seed draws another sample") {
    const World world;
    const auto one = world.make({world.seed(false), world.seed(true)}).value();
    const auto other =
        world.make({world.seed(false, std::chrono::hours{1}, "x"), world.seed(true)}).value();
    const auto third =
        world.make({world.seed(false), world.seed(true, std::chrono::hours{1}, "x")}).value();
    CHECK(one.drawn != other.drawn);
    CHECK(one.drawn != third.drawn);
    CHECK(other.drawn != third.drawn);
}

TEST_CASE("R4_ T05 every leaf is drawn as often as any other") {
    // 3,000 draws of 30 of 300: each leaf is expected 300 times, with a deviation of about 16.
    std::vector<int> hits(300);
    for (int i = 0; i < 3'000; ++i)
        for (const auto index :
             draw({"a.example/record", 0, 300, 30}, crypto::sha256(std::to_string(i))))
            ++hits[index];
    CHECK(*std::min_element(hits.begin(), hits.end()) > 220);
    CHECK(*std::max_element(hits.begin(), hits.end()) < 380);
}

TEST_CASE("R4_ T05 a seed that could be known or chosen is refused") {
    const World world;
    using std::chrono::seconds;
    CHECK(world.make({world.seed(true, seconds{1})}));
    CHECK(code_of(world.make({world.seed(true, seconds{0})})) == Code::proof_wrong);
    CHECK(code_of(world.make({world.seed(true, seconds{-1})})) == Code::proof_wrong);
    // Its own record's root alone could be tried out by whoever keeps it.
    CHECK(code_of(world.make({world.seed(false)})) == Code::proof_wrong);
    CHECK(code_of(world.make({world.seed(true), world.seed(true)})) == Code::proof_wrong);
    CHECK(code_of(world.make({})) == Code::proof_malformed);
    // Without the witness, or signed by somebody else.
    auto note = Note::parse(world.seed(true)).value();
    note.signatures.pop_back();
    CHECK(code_of(world.make({note.print()})) == Code::policy_unmet);
    auto changed = world.seed(true);
    changed[changed.find("500")] = '4';
    CHECK(!world.make({changed}));
}

TEST_CASE("R4_ a published sample with anything changed is not drawn again") {
    const World world;
    const auto sample = world.make({world.seed(false), world.seed(true)}).value();
    auto changed = sample;
    if (changed.drawn.back() == 399)
        --changed.drawn.back();
    else
        ++changed.drawn.back();
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.drawn.pop_back();
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.frame.from += 1;
    if (sample.drawn.front() != 100) CHECK(redraw(changed, world.policy)); // the same leaves
    changed.frame.from = sample.drawn.front() + 1;
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.frame.count += 1;
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.frame.origin = "b.example/record";
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.seeds.pop_back();
    CHECK(!redraw(changed, world.policy));
    changed = sample;
    changed.closed += std::chrono::hours{2};
    CHECK(!redraw(changed, world.policy));
    for (const char* bytes : {"", "{}", "[]", R"({"comity":"sample/1"})"})
        CHECK(!Sample::parse(bytes).has_value());
}
