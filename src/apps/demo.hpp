// `comity demo`: cases played end to end by real nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace comity::apps {

struct DemoOptions {
    std::string dir; ///< empty: a directory of this user under the system's temporary directory
    std::string law; ///< empty: where the program finds it
    bool once = false;
    std::string story = "ordinary"; ///< a name from stories.cpp, all, or none
    /// Kills nodes (SIGKILL) at random moments of the case and starts them again.
    std::optional<std::uint64_t> chaos;
};

/// Returns the exit status: 0 when everything was proved.
int demo(const DemoOptions& options);

} // namespace comity::apps
