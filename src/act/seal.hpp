// The seal of an act: the institution signs the header's exact bytes (JWS), and in the unprotected
// header stands the approval of the person (WebAuthn assertion with the roll entries that show who
// the person is). The envelope is what travels: the seal and the sealed parts.
#pragma once

#include "act/body.hpp"
#include "act/header.hpp"
#include "crypto/jws.hpp"
#include "crypto/webauthn.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace comity::act {

inline constexpr std::string_view act_type = "comity-act+jws";
inline constexpr std::string_view receipt_type = "comity-receipt+jws";

/// A person's approval: the assertion, and the sealed roll entries from this person's up to the
/// founders, so that anybody who holds the case can check it.
struct Approval {
    crypto::Assertion assertion;
    std::vector<std::string> roll; ///< roll entries (JWS texts), the person's own first
};

json::Object print_assertion(const crypto::Assertion& assertion);
Result<crypto::Assertion> parse_assertion(const json::Object& object);

/// A sealed act as read from its text: header parsed, seal parsed but not yet verified.
struct Sealed {
    std::string text;   ///< the JWS as it came
    Bytes header_bytes; ///< the payload
    Digest hash;        ///< the act's name
    Header header;
    crypto::JwsSignature seal;
    std::optional<Approval> approval;
};

/// Seals header bytes; the approval may be empty for acts that a node performs by itself.
std::string seal_act(
    BytesView header_bytes, Instant signed_at, const crypto::JwsSigner& signer,
    const std::optional<Approval>& approval);

/// Reads a sealed act. Verifies nothing yet; refuses what is malformed.
Result<Sealed> parse_sealed(std::string_view text);

/// What travels between nodes: a seal, the sealed parts that the receiver is to have (by their
/// place in the header), and from the keeper on its receipt.
struct Envelope {
    std::string seal;
    std::map<std::size_t, Bytes> parts;
    std::string receipt; ///< empty while the act has not been admitted
};

Bytes print_envelope(const Envelope& envelope);
Result<Envelope> parse_envelope(std::string_view text);

/// The keeper's word that an act was admitted, under which number and when, and where the
/// commitment to it will stand in the keeper's record.
struct Receipt {
    std::string federation;
    CaseId case_id;
    Digest act;
    std::int64_t sequence = 0;
    ParticipantId keeper;
    Instant time;
    std::string record_origin;
    std::int64_t record_index = 0;
    Instant record_by; ///< by when the entry stands in a published checkpoint
};

std::string sign_receipt(const Receipt& receipt, const crypto::JwsSigner& signer);

struct SealedReceipt {
    Receipt receipt;
    crypto::JwsSignature seal;
};

/// Reads a receipt; the caller checks that the certificate is the keeper's.
Result<SealedReceipt> parse_receipt(std::string_view text);

} // namespace comity::act
