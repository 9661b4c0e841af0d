// How a node bears the silence of its partners.
#include "crypto/hash.hpp"
#include "node/retry.hpp"
#include "support/node_federation.hpp"

using namespace comity;
using namespace comity::test;

namespace {

using Line = node::Reach::Line;

struct Subject {
    node::Settings settings;
    SetClock clock;
    node::Reach reach{settings};
    ParticipantId partner{"borealia-authority"};

    [[nodiscard]] std::optional<node::Reach::Turn> turn(Line line = Line::acts) {
        return reach.turn(line, partner, clock.now());
    }

    void silent(int times) {
        for (int i = 0; i < times; ++i)
            reach.no_answer(partner, clock.now());
    }

    void pass(std::int64_t milliseconds) { clock.pass(Milliseconds{milliseconds}); }
};

} // namespace

TEST_CASE("the wait after a silence doubles up to the longest, and is up to a quarter longer") {
    const node::Settings settings;
    for (const auto& [attempts, wait] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {1, 500}, {2, 1'000}, {3, 2'000}, {7, 32'000}, {8, 60'000}, {1'000'000, 60'000}}) {
        CAPTURE(attempts);
        const auto least = Milliseconds{wait};
        for (int i = 0; i < 50; ++i) {
            const auto given = node::retry_wait(settings, attempts);
            CHECK(given >= least);
            CHECK(given < least + least / 4);
        }
    }
}

TEST_CASE("a silent partner is not tried before its time, and an answer ends that") {
    Subject subject;
    CHECK_FALSE(subject.reach.next_try(subject.partner));
    subject.silent(4); // four seconds, and up to a quarter
    const auto next = subject.reach.next_try(subject.partner);
    REQUIRE(next);
    CHECK_FALSE(subject.turn());
    CHECK_FALSE(subject.turn(Line::evidence)); // one silence for both
    subject.pass(3'999);
    CHECK_FALSE(subject.turn());
    subject.clock.set(*next);
    CHECK(subject.turn());
    subject.silent(1);
    CHECK_FALSE(subject.turn());
    subject.reach.answered(subject.partner);
    CHECK(subject.turn());
    CHECK_FALSE(subject.reach.next_try(subject.partner));
}

TEST_CASE("a line to a partner has one sender at a time, and another line its own") {
    Subject subject;
    {
        const auto acts = subject.turn();
        REQUIRE(acts);
        CHECK_FALSE(subject.turn());
        CHECK(subject.turn(Line::evidence));
        CHECK(subject.reach.turn(Line::acts, ParticipantId("other"), subject.clock.now()));
    }
    CHECK(subject.turn());
}

TEST_CASE("a partner that calls here is tried again soon, and not at each of its calls") {
    Subject subject;
    subject.silent(8);
    subject.pass(1'999);
    subject.reach.heard(subject.partner, subject.clock.now());
    CHECK_FALSE(subject.turn()); // the last try was just now
    subject.pass(1);
    const auto turn = subject.turn();
    REQUIRE(turn);
    CHECK(turn->due() >= subject.clock.now() + Milliseconds{58'000}); // what was put off goes now
    subject.silent(1);
    for (int i = 0; i < 10; ++i) {
        subject.reach.heard(subject.partner, subject.clock.now());
        subject.pass(199);
    }
    CHECK_FALSE(subject.reach.turn(Line::evidence, subject.partner, subject.clock.now()));
}

TEST_CASE("what was put off for a silence is due once, and what an earlier process put off too") {
    Subject subject;
    {
        const auto first = subject.turn();
        REQUIRE(first);
        CHECK(first->due() == subject.clock.now() + Milliseconds{75'000});
    }
    subject.reach.caught_up(subject.partner);
    CHECK(subject.turn()->due() == subject.clock.now());
    subject.silent(3);
    const auto wake = *subject.reach.next_try(subject.partner);
    subject.reach.answered(subject.partner); // on the other line
    CHECK(subject.turn()->due() == wake);
    subject.reach.caught_up(subject.partner);
    CHECK(subject.turn()->due() == subject.clock.now());
}

TEST_CASE("a clock that is set back does not make a wait longer") {
    Subject subject;
    subject.silent(3);
    subject.pass(-3'600'000);
    CHECK(subject.turn());
}

TEST_CASE("an item that was refused is offered again later, and the others meanwhile") {
    const node::Settings settings;
    node::Offers offers(settings);
    SetClock clock;
    const Digest item = crypto::sha256("item");
    CHECK(offers.due(item, clock.now()));
    const auto began = clock.now();
    offers.refused(item, began, Said::value("first"));
    offers.refused(item, clock.now(), Said::value("second"));
    CHECK_FALSE(offers.due(item, clock.now()));
    CHECK(offers.due(crypto::sha256("other"), clock.now()));
    clock.pass(std::chrono::milliseconds{1'250});
    CHECK(offers.due(item, clock.now()));
    offers.refused(item, clock.now(), Said::value("third"));
    REQUIRE(offers.waits(item));
    CHECK(offers.waits(item)->since == began);
    CHECK(offers.waits(item)->attempts == 3);
    CHECK(offers.waits(item)->problem.text() == "third");
    offers.settled(item);
    CHECK_FALSE(offers.waits(item));
    CHECK(offers.due(item, clock.now()));
}
