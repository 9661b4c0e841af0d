// comity drill …: a back-up restored on a spare machine, looked at, and told to the running node.
#pragma once

#include "apps/command_line.hpp"
#include "node/drill.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace comity::apps {

/// Restores the back-up beside `scratch` (which must not be there, and is gone afterwards), looks
/// at all of it, and gives what was found under the seal of the node that came out. What is looked
/// at: the database's own check, settings, keys and law pack, and whether the leaves in the store
/// give the root of the record's checkpoint. Nothing is served, nothing is sent. Refuses as
/// restore() does; proof_wrong when record and store differ; drill_malformed when the database is
/// damaged.
Result<std::string> run_drill(
    const std::filesystem::path& backup, const std::filesystem::path& scratch,
    const std::string& key, const std::string& certificate);

void add_drill(Command app, std::function<int()>& run);

} // namespace comity::apps
