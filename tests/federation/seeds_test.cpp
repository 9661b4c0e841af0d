// Random cases over all procedures, each run under its seed:
//   COMITY_SEEDS=1000-2999 build/dev/federation_tests -tc='*random*'   many
//   COMITY_SEEDS=17 build/dev/federation_tests -tc='*random*'          one again, with its story
#include "support/federation_player.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>

using namespace comity;
using namespace comity::test;

namespace {

struct Range {
    std::uint64_t first = 1;
    std::uint64_t last = 99;
    bool given = false;
};

// That data of the ordinary route is opened, kept longer and deleted comes up about once in a
// hundred seeds; here it does.
constexpr std::array<std::uint64_t, 2> rare_roads{282, 422};

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

// What the runs of the default range must have seen at least once: a check of a road that nobody
// went says nothing.
std::vector<std::string> expected() {
    std::vector<std::string> out;
    for (const std::string procedure : {"mla", "emergency", "extraordinary"}) {
        for (const std::string category : {"subscriber", "access", "traffic", "content"})
            out.push_back(procedure + "/produce of " + category);
        for (const std::string act :
             {"notify", "notify by itself", "challenge by itself", "uphold-challenge",
              "dismiss-challenge", "delete", "delete by itself", "discard", "suspend", "resume",
              "quash", "withdraw", "object", "receive", "open", "retain", "correct"})
            out.push_back(procedure + "/" + act);
    }
    for (const std::string procedure : {"mla", "emergency"})
        for (const std::string act : {"refuse before production", "purge", "release", "ask"})
            out.push_back(procedure + "/" + act);
    for (const std::string stop : {"oppose", "oppose-third"})
        for (const std::string when : {"before", "after"})
            out.push_back(fmt::format("extraordinary/{} {} production", stop, when));
    for (const std::string lapse :
         {"mla/lapse-consultation", "emergency/lapse-authorisation",
          "extraordinary/lapse-clearance", "extraordinary/lapse-third"})
        out.push_back(lapse + " by itself");
    return out;
}

} // namespace

// M4 the rights, T10 nothing doubled, T19 no production before its authorisation, T22 and T53
// canaries in stores, files, logs and calls, T27 only what was passed on opens, T33 and S31 no
// deferral without an end.
TEST_CASE(
    "M4_ T10 T19 T22 T28 T33 T53 random cases: no right broken, nothing lost or doubled, no canary out") {
    const auto range = seeds();
    std::map<std::string, int> admitted;
    std::map<std::string, int> refused;
    int cases = 0;
    int crashes = 0;
    int calls = 0;
    std::vector<std::uint64_t> played;
    for (auto seed = range.first; seed <= range.last; ++seed)
        played.push_back(seed);
    if (!range.given) played.insert(played.end(), rare_roads.begin(), rare_roads.end());
    for (const auto seed : played) {
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
    if (!range.given)
        for (const auto& what : expected())
            CHECK_MESSAGE(admitted.contains(what), what, " never happened");
    std::string table;
    for (const auto& [act, count] : admitted)
        table += fmt::format("  {:6} {}\n", count, act);
    for (const auto& [code, count] : refused)
        table += fmt::format("  {:6} refused {}\n", count, code);
    if (range.given) fmt::print("{} cases, {} calls, {} crashes\n{}", cases, calls, crashes, table);
}
