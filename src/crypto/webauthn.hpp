// WebAuthn assertions (W3C Web Authentication Level 2, section 7.2) over ES256 passkeys, verified
// from the fixed byte layout, and a software authenticator for the practice world and tests that
// produces the very bytes a browser would.
#pragma once

#include "base/refusal.hpp"
#include "crypto/keys.hpp"

#include <cstdint>
#include <string>

namespace comity::crypto {

/// What the relying party knows of a registered passkey.
struct Passkey {
    Bytes credential_id; ///< 16 to 1023 bytes
    PublicKey key;
    std::string rp_id;  ///< for example sign.authority.arcadia.example
    std::string origin; ///< for example https://sign.authority.arcadia.example
};

struct Assertion {
    Bytes credential_id;
    Bytes authenticator_data; ///< rpIdHash 32, flags 1, counter 4, extensions refused
    Bytes client_data;        ///< clientDataJSON, exact bytes
    Bytes signature;          ///< DER ECDSA over authenticator_data || SHA-256(client_data)
};

/// Checks, in this order: layout (approval_malformed), credential, type webauthn.get, rpIdHash,
/// origin, crossOrigin absent or false (approval_origin), user present and verified
/// (approval_user_verification), challenge (approval_challenge), signature (approval_signature).
/// Returns the signature counter.
Result<std::uint32_t> verify_assertion(
    const Passkey& passkey, const Assertion& assertion, BytesView challenge);

/// A registration's attestation object with fmt "none" or "packed" and its client data: the
/// credential it registers. Small strict CBOR reader; ES256 COSE key only (alg -7, crv P-256).
struct Registration {
    Bytes attestation_object;
    Bytes client_data; ///< type webauthn.create
};

Result<Passkey> verify_registration(
    const Registration& registration, std::string_view rp_id, std::string_view origin,
    BytesView challenge);

/// A passkey in software: used by the practice world and tests only. The verification above does
/// not know the difference.
class SoftwareAuthenticator {
public:
    static SoftwareAuthenticator create(std::string rp_id, std::string origin);
    /// Holds the private key in PEM; for the practice world's key files.
    [[nodiscard]] Bytes save() const;
    static Result<SoftwareAuthenticator> load(BytesView saved);
    [[nodiscard]] Passkey passkey() const;
    [[nodiscard]] Registration registration(BytesView challenge) const;

    /// How the assertion may be made wrong, for tests.
    struct Options {
        bool user_verified = true;
        std::string origin; ///< empty: the passkey's own
    };

    [[nodiscard]] Assertion sign(BytesView challenge) const { return sign(challenge, Options{}); }

    [[nodiscard]] Assertion sign(BytesView challenge, const Options& options) const;

private:
    PrivateKey key_;
    Bytes credential_id_;
    std::string rp_id_;
    std::string origin_;
};

} // namespace comity::crypto
