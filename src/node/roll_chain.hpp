// Which entry of the roll answers for a person, and the entries that stand behind it.
#pragma once

#include "node/node.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace comity::node {

/// The entry of a row of this node's own roll. Faults when it is not readable.
directory::SealedRollEntry read_entry(const RollRow& row);

/// The sealed texts from an entry up to the founders: each stands before those that vouch for it.
/// Refuses with approval_roll_entry when one of them is missing or they are too many.
Result<std::vector<std::string>> roll_chain(Node& node, const Digest& entry);

/// Finds an entry of the roll, ended ones too: what it vouched for while it counted stays. Each
/// call reads the store; the node outlives what is returned.
std::function<std::optional<directory::SealedRollEntry>(const Digest&)> entries_of(Node& node);

/// The entry by which a person approves acts with that passkey. With a passkey that is not among
/// theirs, the entry that was made last: the gate then says what is wrong. Refuses with
/// approval_roll_entry when the person has none.
Result<Digest> signing_entry(Node& node, const PersonId& person, BytesView credential);

/// Whether the directory says that the entry has ended.
bool revoked_in_directory(Node& node, const Digest& hash);

/// Whether an entry counts today: begun, not over, and not revoked in the directory. Whether it
/// was ended here is for the caller to see from its row.
Result<void> entry_in_force(Node& node, const directory::RollEntry& entry, const Digest& hash);

/// Notes in this node's books that the entry's passkey was used.
void note_use(StoreWriter& writer, const Digest& entry, Instant now);

} // namespace comity::node
