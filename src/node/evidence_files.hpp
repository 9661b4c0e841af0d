// Where ciphertext lies, and where the keys to it: names made from the case and the hash of the
// content, never from what somebody sent. An item's data key stands wrapped in its envelope and
// nowhere else, so the envelopes are a case's keys. They lie apart, in `vault/`, which no back-up
// takes along: what is destroyed there does not come back with an old copy of the rest.
#pragma once

#include "node/ports.hpp"

#include <string>

namespace comity::node {

inline std::string evidence_file(const CaseId& id, const Digest& hash) {
    return "evidence/" + id.str() + "/" + to_hex(view(hash));
}

/// An item's envelope: the case's key to it.
inline std::string envelope_file(const CaseId& id, const Digest& hash) {
    return "vault/" + id.str() + "/" + to_hex(view(hash));
}

/// The file of an announced object. Envelopes are announced without a size; an empty item has none
/// either and no bytes to move.
inline std::string object_file(const EvidenceRow& row) {
    return row.size == 0 ? envelope_file(row.case_id, row.hash)
                         : evidence_file(row.case_id, row.hash);
}

/// While it is arriving; renamed when its hash has been verified.
inline std::string object_part_file(const EvidenceRow& row) {
    return object_file(row) + ".part";
}

} // namespace comity::node
