// Fuzzes the reader of procedure files. What it accepts must make a graph for every combination of
// parameters, in which a few steps and the JSON of the marking agree.
#include "base/check.hpp"
#include "procedure/marking.hpp"
#include "procedure/procedure.hpp"

#include <boost/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::procedure;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = Procedure::read(text, "fuzz.json");
    if (!read) {
        CHECK_THAT(read.error().code == Code::procedure_malformed);
        return 0;
    }
    std::size_t tried = 0;
    for (const auto& parameters : read->combinations()) {
        if (++tried > 8) break;
        const auto graph = Graph::make(*read, parameters);
        Marking marking = start(graph);
        Instant now{};
        for (int step = 0; step < 32; ++step) {
            const auto possible = enabled(graph, marking, now);
            if (possible == 0) break;
            const auto act =
                static_cast<std::size_t>(std::countr_zero(std::rotr(possible, step)) + step) % 64;
            CHECK_THAT(can(graph, marking, act, now));
            if (auto next = execute(graph, marking, act, now, {})) marking = *next;
            now += std::chrono::hours(24);
        }
        const auto again = marking_from_json(graph, to_json(graph, marking));
        CHECK_THAT(again && *again == marking);
    }
    return 0;
}
