// JSON Web Signatures in general JSON serialisation (RFC 7515 section 7.2.1), ES256 only, with the
// certificate chain in x5c and its thumbprint in x5t#S256, signing time in iat/sigT (JAdES
// baseline B headers). The payload's exact bytes are signed and kept: nothing is canonicalised.
#pragma once

#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/certificate.hpp"

#include <optional>
#include <string>
#include <vector>

namespace comity::crypto {

/// One signature of a JWS, read but not yet verified.
struct JwsSignature {
    Bytes protected_bytes;     ///< the protected header's exact bytes
    std::string signing_input; ///< BASE64URL(protected) . BASE64URL(payload)
    Bytes signature;           ///< 64 bytes
    Certificate certificate;   ///< the first of x5c; x5t#S256 matches it (checked)
    Instant signed_at;         ///< sigT
    std::string type;          ///< typ, for example `comity-act+jws`; required
    json::Object unprotected;  ///< the unprotected header; not covered by the signature
};

struct Jws {
    Bytes payload;
    std::vector<JwsSignature> signatures; ///< at least one, at most 64
};

/// Reads a JWS. Refuses with seal_malformed, seal_algorithm or seal_critical_header: other
/// algorithms than ES256, `none`, embedded keys (jwk, jku, x5u, kid alone), any `crit`, `b64`,
/// duplicate or unknown members, a header parameter that stands in both headers, bad base64url,
/// non-UTF-8, trailing bytes, size over `bytes_max`.
Result<Jws> parse_jws(std::string_view text, std::size_t bytes_max);

/// Verifies one signature of it with the public key of the certificate it carries. Whether that
/// certificate may speak is the caller's question (directory). Refuses with seal_signature, or
/// seal_certificate when the certificate was not valid at the signing time.
Result<void> verify_jws(const JwsSignature& signature);

/// Signs `payload`. `unprotected` may be empty.
struct JwsSigner {
    const PrivateKey& key;
    const Certificate& certificate;
};

std::string sign_jws(
    BytesView payload, std::string_view type, Instant signed_at, const JwsSigner& signer,
    const json::Object& unprotected = {});

/// Adds one more signature over the same payload to a JWS text (for the directory).
Result<std::string> add_signature(
    std::string_view jws, std::string_view type, Instant signed_at, const JwsSigner& signer,
    std::size_t bytes_max);

/// The same JWS with another unprotected header on its first signature (to attach an approval to
/// a seal). Protected header, payload and signatures stay byte for byte.
Result<std::string> with_unprotected(
    std::string_view jws, const json::Object& unprotected, std::size_t bytes_max);

} // namespace comity::crypto
