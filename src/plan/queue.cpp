// The simulation: a heap of the moments at which officers are free again.
#include "plan/queue.hpp"

#include "base/check.hpp"
#include "base/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

namespace comity::plan {

namespace {

constexpr double no_end = std::numeric_limits<double>::infinity();

double sum(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
}

double mean(const std::vector<double>& values) {
    return sum(values) / static_cast<double>(values.size());
}

// The standard's distributions differ between libraries; its generator does not.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : generator_(seed) {}

    double one_of(const std::vector<double>& values) {
        return values[static_cast<std::size_t>(generator_() % values.size())];
    }

    std::vector<double> as_many_of(const std::vector<double>& values) {
        std::vector<double> out(values.size());
        std::generate(out.begin(), out.end(), [&] { return one_of(values); });
        return out;
    }

private:
    std::mt19937_64 generator_;
};

double calendar(double week_hours) {
    return 168 / week_hours;
}

double busy(
    const std::vector<double>& gaps, const std::vector<double>& work, std::size_t officers,
    double stretch) {
    const double gap = mean(gaps);
    if (gap <= 0) return no_end;
    return mean(work) * stretch / gap / static_cast<double>(officers);
}

double percentile(std::vector<double>& values, double part) {
    const auto place = static_cast<std::ptrdiff_t>(
        std::floor(part * static_cast<double>(values.size() - 1) + 0.5));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[static_cast<std::size_t>(place)];
}

enum Figure : std::size_t { mean_wait, wait_90, median, late, figure_count };

using Run = std::array<double, figure_count>;

Run run_once(const Load& load, const Settings& settings, std::uint64_t seed) {
    Dice dice(seed);
    const double stretch = calendar(settings.week_hours);
    const auto gaps = dice.as_many_of(load.gaps);
    const auto work = dice.as_many_of(load.work);
    if (busy(gaps, work, settings.officers, stretch) >= 1) return {no_end, no_end, no_end, no_end};
    // The officer who is free first stands in front.
    std::vector<double> free_at(settings.officers, 0.0);
    std::vector<double> waits;
    std::vector<double> delays;
    waits.reserve(settings.cases);
    delays.reserve(settings.cases);
    double now = 0;
    for (std::size_t i = 0; i < settings.warm_up + settings.cases; ++i) {
        now += dice.one_of(gaps);
        const double takes = dice.one_of(work) * stretch;
        std::pop_heap(free_at.begin(), free_at.end(), std::greater<>());
        const double begins = std::max(now, free_at.back());
        free_at.back() = begins + takes;
        std::push_heap(free_at.begin(), free_at.end(), std::greater<>());
        if (i < settings.warm_up) continue;
        waits.push_back(begins - now);
        delays.push_back(begins + takes - now);
    }
    const double average = mean(waits);
    return {average, percentile(waits, 0.9), percentile(delays, 0.5), percentile(delays, 0.9)};
}

Estimate estimate(const std::vector<Run>& runs, Figure figure) {
    std::vector<double> values;
    values.reserve(runs.size());
    for (const Run& run : runs)
        values.push_back(run[figure]);
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[static_cast<std::size_t>(
            std::floor(part * static_cast<double>(values.size() - 1) + 0.5))];
    };
    return {at(0.5), at(0.025), at(0.975)};
}

} // namespace

Delay simulate(const Load& load, const Settings& settings) {
    CHECK_THAT(settings.officers > 0 && settings.runs > 0 && settings.cases > 0);
    CHECK_THAT(settings.week_hours > 0 && !load.gaps.empty() && !load.work.empty());
    Delay out;
    out.busy = busy(load.gaps, load.work, settings.officers, calendar(settings.week_hours));
    if (out.grows()) {
        out.mean_wait = out.wait_90 = out.median = out.late = {no_end, no_end, no_end};
        return out;
    }
    // The same draws for every number of officers: what differs is the number alone.
    std::mt19937_64 seeds(settings.seed);
    std::vector<Run> runs;
    for (std::size_t i = 0; i < settings.runs; ++i)
        runs.push_back(run_once(load, settings, seeds()));
    out.mean_wait = estimate(runs, Figure::mean_wait);
    out.wait_90 = estimate(runs, Figure::wait_90);
    out.median = estimate(runs, Figure::median);
    out.late = estimate(runs, Figure::late);
    return out;
}

std::optional<std::size_t> officers_least(const Load& load, double week_hours) {
    const double one = busy(load.gaps, load.work, 1, calendar(week_hours));
    if (!(one < static_cast<double>(limits::plan_officers))) return std::nullopt;
    return static_cast<std::size_t>(std::floor(one)) + 1;
}

std::optional<std::size_t> officers_needed(
    const Load& load, Settings settings, Measure measure, double target_hours) {
    const auto reached = [&](std::size_t officers) {
        settings.officers = officers;
        const Delay delay = simulate(load, settings);
        return (measure == Measure::median ? delay.median : delay.late).high <= target_hours;
    };
    const auto least = officers_least(load, settings.week_hours);
    if (!least) return std::nullopt;
    // More officers never make it worse, so the first number that suffices is found by halving.
    std::size_t below = *least - 1;
    std::size_t enough = *least;
    for (std::size_t step = 1; !reached(enough); step *= 2) {
        if (enough == limits::plan_officers) return std::nullopt;
        below = enough;
        enough = std::min(enough + step, limits::plan_officers);
    }
    while (enough - below > 1) {
        const std::size_t middle = below + (enough - below) / 2;
        (reached(middle) ? enough : below) = middle;
    }
    return enough;
}

} // namespace comity::plan
