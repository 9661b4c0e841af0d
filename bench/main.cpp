// Runs the registered benchmarks: `comity_bench [--json] [--brief] [NAME…]`.
#include "base/json.hpp"
#include "bench.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace comity::bench {

namespace {

struct Entry {
    std::string name;
    void (*run)();
};

std::vector<Entry>& entries() {
    static std::vector<Entry> list;
    return list;
}

bool json_lines = false;
bool brief = false;

std::string number(double value) {
    if (value != 0 && std::fabs(value) < 10) return fmt::format("{:.4g}", value);
    return fmt::format("{:.0f}", value);
}

} // namespace

Register::Register(std::string_view name, void (*run)()) {
    entries().push_back({std::string(name), run});
}

void report(const Figure& figure) {
    if (json_lines) {
        // Written by hand: JSON numbers with a fixed, short form.
        fmt::print(
            "{{\"name\":{},\"value\":{},\"unit\":{},\"limit\":{},\"ratio\":{:.3f},\"note\":{}}}\n",
            json::print(json::Value(figure.name)), number(figure.value),
            json::print(json::Value(figure.unit)), number(figure.limit), figure.ratio,
            json::print(json::Value(figure.note)));
    } else {
        fmt::print(
            "{:<34} {:>14} {:<8} limit {:>14} ratio {:>6.3f}  {}\n", figure.name,
            number(figure.value), figure.unit, number(figure.limit), figure.ratio, figure.note);
    }
    std::fflush(stdout);
}

std::uint32_t much(std::uint32_t full) {
    return brief ? full / 100 : full;
}

double seconds(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace comity::bench

int main(int argc, char** argv) {
    using namespace comity::bench;
    std::vector<std::string> wanted;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--json")
            json_lines = true;
        else if (std::string_view(argv[i]) == "--brief")
            brief = true;
        else
            wanted.emplace_back(argv[i]);
    }
    bool any = false;
    for (const auto& entry : entries()) {
        bool run = wanted.empty();
        for (const auto& name : wanted)
            run = run || entry.name.starts_with(name);
        if (!run) continue;
        any = true;
        entry.run();
    }
    if (!any) {
        std::fprintf(stderr, "no benchmark of that name; there are:");
        for (const auto& entry : entries())
            std::fprintf(stderr, " %s", entry.name.c_str());
        std::fprintf(stderr, "\n");
        return 2;
    }
    return 0;
}
