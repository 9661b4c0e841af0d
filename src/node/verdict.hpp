// What a provider of five staff needs to know of an order: may this office order this, and under
// what. From the case, the directory in force and the procedure; no legal department.
#pragma once

#include "base/said.hpp"
#include "node/node.hpp"

namespace comity::node {

struct Verdict {
    enum class May { yes, no, needs_notice };
    May may = May::no;
    ParticipantId authority; ///< who ordered
    OfficeId office;
    std::string country;
    std::string under;         ///< the legal basis as the order states it
    std::vector<Said> because; ///< sentences
    Said rule;
    Said source;                ///< the procedure's file and the directory
    std::int64_t directory = 0; ///< version of the directory that was looked at
    std::string callback;       ///< in an emergency: the authority's number in the directory
    std::optional<Instant> callback_confirmed; ///< when the authority that asks confirmed by call
};

/// On the order of the case as it stands now: the judge's order, the freeze where nothing else is
/// ordered yet, or the authorisation where the procedure has no order. Nothing where this node is
/// not the provider of the case, or nothing has been ordered.
std::optional<Verdict> verdict_of(
    Node& node, StoreReader& reader, const directory::Directory& directory,
    const casefile::Case& state);

} // namespace comity::node
