// What a node keeps for itself in its store: sealed under keys of its own, and counted.
#pragma once

#include "base/json.hpp"
#include "base/limits.hpp"
#include "node/node.hpp"

#include <optional>
#include <string_view>

namespace comity::node {

/// A key of this node for what it keeps for itself, one for each purpose. It is made from the seal
/// key and never in the database.
Bytes own_key(const Node& node, std::string_view purpose);

/// Seals a text under the key of that purpose. `place` says where it belongs: it opens nowhere
/// else.
Bytes seal_own(
    const Node& node, std::string_view purpose, BytesView plaintext, std::string_view place);
/// Nothing when it was sealed under another seal key or for another place, or a bit was changed.
std::optional<Bytes> open_own(
    const Node& node, std::string_view purpose, BytesView sealed, std::string_view place);

/// The same, and what was sealed is a JSON object of at most `bytes_max`; nothing when it is none.
std::optional<json::Object> open_own_object(
    const Node& node, std::string_view purpose, BytesView sealed, std::string_view place,
    std::size_t bytes_max = limits::act_header_bytes);

/// A setting that counts; 0 while it is not there.
std::int64_t counted(StoreReader& reader, std::string_view setting);

} // namespace comity::node
