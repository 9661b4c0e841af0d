// A witness: answers add-checkpoint for the records of the directory (C2SP tlog-witness).
#pragma once

#include "node/node.hpp"
#include "record/witness.hpp"

namespace comity::node {

/// The whole answer to `POST add-checkpoint`. The new state is durable before it is given out, and
/// compare and store are one transaction.
record::WitnessAnswer witness_checkpoint(Node& node, BytesView body);

/// The latest cosigned checkpoint for a record, by the hex of SHA-256 of its origin.
std::optional<Bytes> witnessed_checkpoint(Node& node, std::string_view origin_directory);

} // namespace comity::node
