// The small harness of the benchmarks: each prints one JSON object a line, beside the physical
// limit or a peer that was measured in the same run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace comity::bench {

struct Figure {
    std::string name; ///< for example procedure.step
    double value = 0;
    std::string unit; ///< for example ns, /s, MiB/s
    double limit = 0; ///< the limit or peer measured in the same run; 0 when there is none
    double ratio = 0; ///< value / limit, or limit / value where smaller is better
    std::string note; ///< what the limit is, how much was done
};

/// Prints the figure as one JSON line and keeps it for the table.
void report(const Figure& figure);

/// How much of `full` is done: all of it, or with `--brief` a hundredth, where only that a
/// benchmark runs at all is of interest. `full` is a multiple of a hundred.
std::uint32_t much(std::uint32_t full);

/// Seconds that one call of `work` takes.
double seconds(const std::function<void()>& work);

/// Registers a benchmark under a name; `comity_bench NAME…` runs those whose name starts so.
struct Register {
    Register(std::string_view name, void (*run)());
};

/// Keeps the compiler from dropping a result.
template <class T>
inline void keep(const T& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace comity::bench

#define COMITY_BENCH(name)                                                                         \
    static void bench_##name();                                                                    \
    static const ::comity::bench::Register register_##name{#name, bench_##name};                   \
    static void bench_##name()
