// A document under a participant's seal that is no act: a test, a drill.
#pragma once

#include "crypto/jws.hpp"
#include "node/node.hpp"

namespace comity::node {

/// Exactly one signature, of that type, by a key that the directory pins for `sealer`, valid when
/// it signed. What is in it and how old it may be is the caller's to judge. Refuses with
/// not_initialised, seal_malformed, seal_signature and what directory::check_seal refuses with.
Result<crypto::Jws> open_sealed(
    const Node& node, const ParticipantId& sealer, std::string_view type, std::string_view text);

} // namespace comity::node
