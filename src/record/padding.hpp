// Leaves that stand for no act. Nobody but the node that added one can tell it from an act's, and
// that node can open it as padding and as nothing else: so the growth of a record says little about
// how much its participant does, and no act can be passed off as padding (decision 021).
#pragma once

#include "record/leaf.hpp"

namespace comity::record {

/// What a padding leaf commits to in an act's header's place. No header is this text.
inline constexpr std::string_view padding_text = "comity/record/padding/v1";

/// The nonce of the padding at this place of a record: an HMAC under a key that only the record's
/// node has. Whoever is given it checks with verify_act_leaf(entry, nonce, padding_text); it opens
/// no other leaf.
Bytes padding_nonce(BytesView record_secret, std::int64_t index);

/// The leaf to append at exactly this place.
Bytes padding_leaf(BytesView record_secret, std::int64_t index);

/// Whether the entry at this place is padding of the record with this secret.
bool is_padding(BytesView entry, BytesView record_secret, std::int64_t index);

} // namespace comity::record
