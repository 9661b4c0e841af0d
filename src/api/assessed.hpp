// Findings as the pages show them.
#pragma once

#include "base/json.hpp"
#include "node/assess_act.hpp"

namespace comity::api {

/// Assessment of the contract, told in that language.
json::Object print_assessed(
    const node::Assessed& assessed, const std::string& law_pack, Instant date,
    std::string_view language);

/// The findings of a case's request as the next act of this person would meet them; nothing where
/// this node is on neither side or may not read the whole request.
std::optional<node::Assessed> assess_for(
    node::Node& node, const directory::Directory& directory, const casefile::Case& state,
    const act::Header& next);

} // namespace comity::api
