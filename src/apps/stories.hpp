// The stories of the practice world: each a case that is played by real nodes, and ends with what
// it has shown.
#pragma once

#include "apps/story_player.hpp"

#include <span>

namespace comity::apps {

struct Story {
    std::string_view name;
    std::string_view title;
    std::size_t steps; ///< lines to expect, for the bar
    Result<void> (*tell)(StoryPlayer&);
};

std::span<const Story> stories();

} // namespace comity::apps
