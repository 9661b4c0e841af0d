// Random cases over all procedures, each run under its seed:
//   COMITY_SEEDS=1000-2999 build/dev/federation_tests -tc='*random*'   many
//   COMITY_SEEDS=17 build/dev/federation_tests -tc='*random*'          one again, with its story
#include "support/federation_player.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

using namespace comity;
using namespace comity::test;

namespace {

struct Range {
    std::uint64_t first = 1;
    std::uint64_t last = 100;
    bool given = false;
};

Range seeds() {
    Range out;
    const char* text = std::getenv("COMITY_SEEDS");
    if (!text) return out;
    const std::string range = text;
    const auto dash = range.find('-');
    out.given = true;
    out.first = std::stoull(range.substr(0, dash));
    out.last = dash == std::string::npos ? out.first : std::stoull(range.substr(dash + 1));
    return out;
}

} // namespace

// M4 the rights, T10 nothing doubled, T19 no production before its authorisation, T22 and T53
// canaries in stores, files, logs and calls, T27 only what was passed on opens, T33 and S31 no
// deferral without an end.
TEST_CASE(
    "M4_ T10 T19 T22 T33 T53 random cases: no right broken, nothing lost or doubled, no canary out") {
    const auto range = seeds();
    std::map<std::string, int> admitted;
    std::map<std::string, int> refused;
    int cases = 0;
    int crashes = 0;
    int calls = 0;
    for (auto seed = range.first; seed <= range.last; ++seed) {
        Player player(seed);
        player.play();
        cases += static_cast<int>(player.plots.size());
        crashes += player.federation.crashes;
        calls += player.federation.calls;
        for (const auto& [act, count] : player.admitted)
            admitted[act] += count;
        for (const auto& [code, count] : player.refused)
            refused[code] += count;
        if (range.first == range.last) fmt::print("{}", player.story());
        CHECK_MESSAGE(
            player.faults.empty(),
            fmt::format("\n{}seed {}: COMITY_SEEDS={} plays it again", player.story(), seed, seed));
    }
    std::string table;
    for (const auto& [act, count] : admitted)
        table += fmt::format("  {:6} {}\n", count, act);
    for (const auto& [code, count] : refused)
        table += fmt::format("  {:6} refused {}\n", count, code);
    if (range.given) fmt::print("{} cases, {} calls, {} crashes\n{}", cases, calls, crashes, table);
}
