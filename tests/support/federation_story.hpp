// One case between whole nodes that is told act by act: all clocks are right, and nothing is left
// to the dice.
#pragma once

#include "support/federation_player.hpp"

namespace comity::test {

/// The ordinary road after the request, by who goes it.
inline const std::vector<std::pair<std::string, std::string>> ordinary_road{
    {arcadia, "authorise"}, {arcadia, "transmit"}, {borealia, "acknowledge"},
    {borealia, "accept"},   {borealia, "order"},   {vault, "produce"},
    {borealia, "release"},  {arcadia, "receive"},  {arcadia, "open"}};

struct Story : Player {
    /// The request is made; its data is kept for sixty days.
    Story(std::uint64_t seed, const std::string& procedure, bool third = false) : Player(seed) {
        for (auto& [id, station] : federation.stations)
            station->clock.wrong = Milliseconds{0};
        Plot start;
        start.procedure = procedure;
        start.category = "access";
        start.third = third;
        start.retention_end = federation.time + std::chrono::days{60};
        plot = &begin(start);
        REQUIRE_FALSE(plot->id.empty());
    }

    /// The act is admitted; what it brings about is still on its way.
    void begin_act(const std::string& id, const std::string& name) {
        CHECK_MESSAGE(perform(*plot, federation.at(id), name), story());
    }

    /// The act is admitted, and everybody has heard of it.
    void act(const std::string& id, const std::string& name) {
        begin_act(id, name);
        REQUIRE(quiet());
    }

    Plot* plot = nullptr;
};

} // namespace comity::test
