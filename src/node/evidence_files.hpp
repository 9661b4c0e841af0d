// Where ciphertext lies: names made from the case and the hash of the content, never from what
// somebody sent.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"

#include <string>

namespace comity::node {

inline std::string evidence_file(const CaseId& id, const Digest& hash) {
    return "evidence/" + id.str() + "/" + to_hex(view(hash));
}

/// While it is arriving; renamed when its hash has been verified.
inline std::string evidence_part_file(const CaseId& id, const Digest& hash) {
    return evidence_file(id, hash) + ".part";
}

} // namespace comity::node
