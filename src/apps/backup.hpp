// A node's back-up: one file, encrypted to two or more recipients, and what is made of it again on
// another host. Evidence and the keys to it are not in it (docs/decisions, back-up).
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace comity::apps {

/// Writes `file` from the node in `dir`, which may be running. `to` are certificate files (PEM), at
/// least two different ones: a copy that one person alone can open, or lose, is none. Refuses
/// already_exists, not_initialised, setting_invalid.
Result<void> back_up(
    const std::filesystem::path& dir, const std::filesystem::path& file,
    const std::vector<std::string>& to);

/// When a back-up was made, as its first line says. Refuses backup_malformed.
Result<Instant> made_at(const std::filesystem::path& file);

/// Makes the directory `dir` out of a back-up. It must not be there. The whole file is verified
/// before the directory has its name. The node then learns what happened since before it opens
/// anything (node/recover.hpp). Refuses already_exists, backup_malformed.
Result<void> restore(
    const std::filesystem::path& file, const std::filesystem::path& dir, const std::string& key,
    const std::string& certificate);

} // namespace comity::apps
