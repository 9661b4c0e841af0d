// What a step of a case costs, and how long it takes to prove the three procedures.
#include "bench.hpp"
#include "procedure/explorer.hpp"
#include "procedure/marking.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace comity;
using namespace comity::procedure;

namespace {

Procedure law(const std::string& id) {
    std::ifstream in(std::string(COMITY_SOURCE_DIR) + "/law/procedures/" + id + ".json");
    std::ostringstream text;
    text << in.rdbuf();
    auto procedure = Procedure::read(text.str(), id + ".json");
    CHECK_THAT(procedure);
    return *procedure;
}

} // namespace

COMITY_BENCH(procedure_step) {
    const auto graph = Graph::make(law("mla"), {});
    const Instant now{std::chrono::hours(500'000)};
    const Dates dates{
        {"retention_end", now + std::chrono::days(300)}, {"until", now + std::chrono::days(80)}};
    std::vector<std::size_t> acts;
    for (const char* name :
         {"request",
          "authorise",
          "transmit",
          "acknowledge",
          "ask",
          "answer",
          "consult",
          "opine",
          "freeze",
          "preserve",
          "accept",
          "order",
          "object",
          "dismiss-objection",
          "produce",
          "release",
          "receive",
          "open",
          "retain",
          "defer-notice",
          "notify",
          "challenge",
          "dismiss-challenge",
          "delete",
          "purge",
          "inspect",
          "suspend",
          "resume"})
        acts.push_back(*graph.find(name));
    constexpr int rounds = 100'000;
    Mask seen = 0;
    const auto time = bench::seconds([&] {
        for (int round = 0; round < rounds; ++round) {
            Marking marking = start(graph);
            for (const auto act : acts) {
                seen ^= enabled(graph, marking, now);
                auto next = execute(graph, marking, act, now, dates);
                CHECK_THAT(next);
                marking = *next;
            }
            bench::keep(marking);
        }
    });
    bench::keep(seen);
    // The limit: one marking copied, which an engine without side effects cannot avoid.
    Marking from = start(graph);
    Marking to;
    const auto copies = static_cast<double>(rounds) * static_cast<double>(acts.size());
    const auto copying = bench::seconds([&] {
        for (double i = 0; i < copies; i += 1) {
            from.due[0] += 1;
            to = from;
            bench::keep(to);
        }
    });
    const auto step = time / copies * 1e9;
    const auto copy = copying / copies * 1e9;
    bench::report(
        {"procedure.step", step, "ns", copy, copy / step,
         "enabled and execute, 28 acts of mla; limit: copying one marking"});
}

COMITY_BENCH(procedure_explore) {
    std::size_t markings = 0;
    double total = 0;
    for (const char* id : {"mla", "emergency", "extraordinary"}) {
        const auto procedure = law(id);
        const auto before = markings;
        const auto time = bench::seconds([&] {
            const auto all = explore_all(procedure);
            CHECK_THAT(all);
            for (const auto& one : *all) {
                CHECK_THAT(one.broken.empty());
                markings += one.markings;
            }
        });
        total += time;
        bench::report(
            {std::string("procedure.explore.") + id, time, "s", 0, 0,
             fmt::format("{} markings", markings - before)});
    }
    bench::report(
        {"procedure.explore", total, "s", 5, 5 / total,
         fmt::format("{} markings, all combinations, one core; limit: the budget", markings)});
}
