// What a page may call proved of a leaf of this node's record.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace comity::api {

/// Cosignatures under a checkpoint: lines of signatures after the record's own.
std::int64_t cosignatures(BytesView checkpoint);

} // namespace comity::api
