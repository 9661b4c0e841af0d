// A log's tiles among a directory's files, by their names there.
#pragma once

#include "node/ports.hpp"
#include "record/tiles.hpp"

#include <string>

namespace comity::node {

/// Reads the tiles below `prefix` ("record/", or empty), which ends with a slash where it is not
/// empty. `files` must outlive it. Refuses with proof_malformed for one that is missing.
record::ReadTile tiles_in(Files& files, std::string prefix);

/// Makes durable, in one flush, what the writer has made since the last time.
void put_tiles(Files& files, const std::string& prefix, record::TileWriter& writer);

} // namespace comity::node
