// The simulation against what is known in closed form (M/M/1, M/M/c by Erlang's C formula, M/D/1,
// D/D/1), at the edge of what officers can do, and the search for their number.
#include "base/limits.hpp"
#include "plan/queue.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace comity;
using namespace comity::plan;

namespace {

// The middle of each of `count` slices of the exponential distribution: drawing from them is
// drawing from it, but for its outermost tail.
std::vector<double> exponential(double mean, std::size_t count = 20'000) {
    std::vector<double> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(
            -mean * std::log(1 - (static_cast<double>(i) + 0.5) / static_cast<double>(count)));
    return out;
}

Load load(std::vector<double> gaps, std::vector<double> work) {
    Load out;
    out.gaps = std::move(gaps);
    out.work = std::move(work);
    return out;
}

Settings all_week(std::size_t officers) {
    Settings out;
    out.officers = officers;
    out.week_hours = 168;
    return out;
}

// Erlang's C formula: the chance that a case has to wait, with offered work `a` and `c` officers.
double must_wait(double a, std::size_t c) {
    double term = 1;
    double total = 1;
    for (std::size_t k = 1; k < c; ++k) {
        term *= a / static_cast<double>(k);
        total += term;
    }
    const double last =
        term * a / static_cast<double>(c) * (static_cast<double>(c) / (static_cast<double>(c) - a));
    return last / (total + last);
}

void close(const Estimate& seen, double known, double part, const std::string& what) {
    CAPTURE(what);
    CAPTURE(known);
    CAPTURE(seen.value);
    CHECK(std::abs(seen.value - known) <= part * known);
    CHECK(seen.low <= known);
    CHECK(known <= seen.high);
}

} // namespace

TEST_CASE("R6 one officer: the simulation agrees with the closed form of M/M/1") {
    for (const double busy : {0.3, 0.5, 0.8}) {
        const double gap = 1 / busy; // work takes one hour on average
        const Delay delay = simulate(load(exponential(gap), exponential(1)), all_week(1));
        CHECK(std::abs(delay.busy - busy) < 0.001);
        CHECK_FALSE(delay.grows());
        // The time in the system is exponential with rate μ − λ; so is the wait of whoever waits.
        const double rate = 1 - busy;
        close(delay.mean_wait, busy / rate, 0.05, "mean wait");
        close(delay.median, std::log(2) / rate, 0.05, "median delay");
        close(delay.late, std::log(10) / rate, 0.05, "90th percentile of the delay");
        close(
            delay.wait_90, std::max(0.0, std::log(busy / 0.1) / rate), 0.05,
            "90th percentile of the wait");
    }
}

TEST_CASE("R6 several officers: the simulation agrees with Erlang's C formula") {
    struct Row {
        std::size_t officers;
        double offered;
    };

    for (const auto& [officers, offered] :
         {Row{2, 1.2}, Row{3, 2.4}, Row{5, 4}, Row{20, 17}, Row{60, 54}}) {
        const Delay delay =
            simulate(load(exponential(1 / offered), exponential(1)), all_week(officers));
        const double waits = must_wait(offered, officers);
        const double rate = static_cast<double>(officers) - offered;
        close(delay.mean_wait, waits / rate, 0.08, "mean wait, " + std::to_string(officers));
        close(
            delay.wait_90, std::log(waits / 0.1) / rate, 0.08, "wait, " + std::to_string(officers));
    }
    CHECK(std::abs(must_wait(0.5, 1) - 0.5) < 1e-12); // one officer: the busy part
    CHECK(std::abs(must_wait(1.2, 2) - 0.45) < 1e-12);
}

TEST_CASE("R6 work that is always the same waits half as long (M/D/1), and in step not at all") {
    const Delay even = simulate(load(exponential(1.25), {1.0}), all_week(1));
    close(even.mean_wait, 0.8 / 2 / 0.2, 0.05, "Pollaczek and Khinchine");
    const Delay step = simulate(load({1.25}, {1.0}), all_week(1));
    CHECK(step.mean_wait.high == 0);
    CHECK(std::abs(step.median.value - 1) < 1e-6);
    CHECK(std::abs(step.late.value - 1) < 1e-6);
}

TEST_CASE("R6 a queue with more work than officers grows without end, and the plan says so") {
    for (const double gap : {1.0, 0.5}) {
        const Delay delay = simulate(load({gap}, {1.0}), all_week(1));
        CHECK(delay.grows());
        CHECK(std::isinf(delay.median.value));
        CHECK(std::isinf(delay.late.low));
    }
    const Delay below = simulate(load({1.001}, {1.0}), all_week(1));
    CHECK_FALSE(below.grows());
    CHECK(std::abs(below.median.value - 1) < 1e-6);
    CHECK((officers_least(load({1.0}, {1.0}), 168) == 2));
    CHECK((officers_least(load({1.001}, {1.0}), 168) == 1));
    // Cases that come all at once, and work that no office could do.
    CHECK_FALSE(officers_least(load({0.0}, {1.0}), 168));
    CHECK_FALSE(officers_least(load({0.001}, {1.0}), 168));
    CHECK((officers_least(load({1 / 999.5}, {1.0}), 168) == limits::plan_officers));
}

TEST_CASE("R6 few cases make the bounds wide, and near the edge the upper one has no end") {
    const auto many = simulate(load(exponential(1.25), exponential(1)), all_week(1));
    const auto few = simulate(load(exponential(1.25, 30), exponential(1, 30)), all_week(1));
    CHECK(few.median.high - few.median.low > 3 * (many.median.high - many.median.low));
    CHECK(std::isinf(few.median.high));
    CHECK_FALSE(std::isinf(few.median.value));
}

TEST_CASE(
    "R6 an officer who works a quarter of the week takes four times as long by the calendar") {
    const Load given = load({10.0}, {1.0});
    Settings settings = all_week(1);
    settings.week_hours = 42;
    const Delay delay = simulate(given, settings);
    CHECK(std::abs(delay.busy - 0.4) < 1e-12);
    CHECK(std::abs(delay.median.value - 4) < 1e-6);
    CHECK((officers_least(given, 168) == 1));
    CHECK((officers_least(given, 16.8) == 2)); // exactly one officer's time is not enough
}

TEST_CASE("R6 the same seed gives the same figures, and another seed others") {
    const Load given = load(exponential(1.25, 500), exponential(1, 500));
    Settings settings = all_week(1);
    const Delay one = simulate(given, settings);
    const Delay again = simulate(given, settings);
    CHECK(one.median.value == again.median.value);
    CHECK(one.late.high == again.late.high);
    settings.seed = 2;
    CHECK(simulate(given, settings).median.value != one.median.value);
}

TEST_CASE("R6 the number of officers found suffices, and one fewer does not") {
    const Load given = load(exponential(1.0 / 8), exponential(1));
    double before = std::numeric_limits<double>::infinity();
    for (std::size_t officers = 8; officers < 14; ++officers) {
        const double now = simulate(given, all_week(officers)).late.high;
        CHECK(now <= before); // more officers never make it worse
        before = now;
    }
    for (const auto measure : {Measure::median, Measure::late})
        for (const double target : {1.0, 2.5, 3.0}) {
            const auto found = officers_needed(given, all_week(1), measure, target);
            const auto upper = [&](std::size_t officers) {
                const Delay delay = simulate(given, all_week(officers));
                return measure == Measure::median ? delay.median.high : delay.late.high;
            };
            if (measure == Measure::late && target < std::log(10)) {
                CHECK_FALSE(found); // a tenth of the cases takes longer than that to work on
                continue;
            }
            REQUIRE(found);
            CHECK(upper(*found) <= target);
            CHECK(upper(*found - 1) > target);
        }
}
