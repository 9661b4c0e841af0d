// A queue with several officers, simulated: cases come, wait for the first officer who is free, in
// the order of coming, and leave when the work is done. Pure: the seed is an argument, and the same
// seed gives the same figures on every machine.
#pragma once

#include "plan/load.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace comity::plan {

struct Settings {
    std::size_t officers = 1;
    std::uint64_t seed = 1;
    double week_hours =
        40; ///< that an officer works of the 168; work takes so much longer by the calendar
    std::size_t runs = 40;
    std::size_t cases = 20'000;  ///< counted in each run
    std::size_t warm_up = 4'000; ///< before them: the queue begins empty and must fill
};

/// Hours by the calendar. The middle of the runs, and the bounds that 95 of 100 runs keep. Infinite
/// where the queue grows without end.
struct Estimate {
    double value = 0;
    double low = 0;
    double high = 0;
};

struct Delay {
    double busy =
        0; ///< the part of the officers' time that the work takes; above 1 it cannot be done
    Estimate mean_wait; ///< until somebody begins
    Estimate wait_90;
    Estimate median; ///< from coming to leaving, waiting and work
    Estimate late;   ///< the 90th percentile of the same

    /// The queue grows without end: more work comes than these officers can do.
    [[nodiscard]] bool grows() const { return busy >= 1; }
};

/// Each run draws its cases anew from the load, and before that a load of the same size from the
/// load (bootstrap), so that the bounds hold both chances: of the queue, and of the few cases that
/// the load was seen in.
Delay simulate(const Load& load, const Settings& settings);

enum class Measure { median, late };

/// The fewest officers with whom even the upper bound of the measure is at most the target; nothing
/// when that takes more than `limits::plan_officers`.
std::optional<std::size_t> officers_needed(
    const Load& load, Settings settings, Measure measure, double target_hours);

/// The fewest officers with whom the queue does not grow without end; nothing above the limit.
std::optional<std::size_t> officers_least(const Load& load, double week_hours);

} // namespace comity::plan
