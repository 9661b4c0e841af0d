// The body of an act, in parts by audience. Each part is a JSON document with a random salt, its
// hash stands in the signed header, and it is encrypted to its own readers only. A part can be
// destroyed; the header, the seal and the record entry still prove that it existed.
#pragma once

#include "act/header.hpp"
#include "base/json.hpp"
#include "crypto/certificate.hpp"

#include <span>
#include <string>
#include <vector>

namespace comity::act {

struct Part {
    std::string act;
    std::string form;
    std::vector<std::string> audience;
    json::Object fields;
};

struct Reader {
    ParticipantId participant;
    crypto::Certificate sealing;
};

/// A part ready to travel: its reference for the header, and the sealed bytes.
struct SealedPart {
    PartRef ref;
    Bytes sealed;
};

/// Seals a part to its readers. The salt comes from the system's generator.
SealedPart seal_part(const Part& part, std::span<const Reader> readers);

/// Opens a part for `reader` and checks it against the header's reference: sealed hash and size,
/// readability, salted hash, audience, act and form. Refuses with part_sealed_hash,
/// part_unreadable, part_hash or part_audience.
struct Opener {
    const crypto::PrivateKey& key;
    const crypto::Certificate& certificate;
};

Result<Part> open_part(
    const PartRef& ref, BytesView sealed, std::string_view act, const Opener& opener);

/// The same for who has asked check_sealed already.
Result<Part> open_checked_part(
    const PartRef& ref, BytesView sealed, std::string_view act, const Opener& opener);

/// The opened part's exact bytes, checked against the hashes: for an export that others verify.
Result<Bytes> open_part_bytes(const PartRef& ref, BytesView sealed, const Opener& opener);

/// Reads opened bytes: their salted hash is the one in the header, and they are a part of this act
/// with that audience. For who holds the opened part and no key.
Result<Part> read_opened(const PartRef& ref, BytesView opened, std::string_view act);

/// The check that does not need the key: sealed hash and size as in the header.
Result<void> check_sealed(const PartRef& ref, BytesView sealed);

} // namespace comity::act
