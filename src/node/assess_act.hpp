// What the law says of a case's request when an act asks to be admitted, from what this node may
// read and knows: the request, the directory, the roll entries that came with the acts, and this
// node's own cases. The same function at the prepare step and at the gate.
#pragma once

#include "assess/assessment.hpp"
#include "node/node.hpp"

#include <optional>

namespace comity::node {

/// An act that asks for the findings it requires.
struct ActToAssess {
    const directory::Directory& directory;
    const casefile::Case& state; ///< before the act
    const act::Header& header;
    const json::Object& fields; ///< of the act, as far as this node may read them
    Instant admitted;
    /// Whether this node decides: then its own cases count too (duplicates, ceiling). A follower
    /// leaves those to who decided; its view of other cases may lag behind.
    bool decides = true;
};

/// All findings of the case's request on the day of the act, whether the act requires any or not;
/// nothing where this node is on neither side or may not read the whole request. Of the act, the
/// header's name, performer, office, role and person are looked at, and the fields where it is the
/// request itself.
std::optional<assess::Assessment> assessment_of(
    Node& node, StoreReader& reader, const ActToAssess& act);

/// The same, for the act `request` (of its own fields: it requires none, its drafter is told)
/// and for acts that require some; nothing where none is required, or this node may not read the
/// whole request. Refuses with finding_not_met or finding_open when one that is required does not
/// stand.
Result<std::optional<assess::Assessment>> assess_act(
    Node& node, StoreReader& reader, const ActToAssess& act);

/// What the act leaves in this node's books: a request its marks (what is asked for, and that a
/// case of the extraordinary mechanism was opened), an end their removal. Inside the transaction,
/// after the case was put.
void mark_case(Node& node, StoreWriter& writer, const ActToAssess& act);

} // namespace comity::node
