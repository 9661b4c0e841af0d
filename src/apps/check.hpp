// `comity check`: looks at a node from its files and its running process, and says what to mend.
#pragma once

#include <filesystem>

namespace comity::apps {

/// Prints a line per check; returns 0 when nothing has to be mended, else 1.
int check(const std::filesystem::path& dir);

} // namespace comity::apps
