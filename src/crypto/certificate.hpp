// X.509 certificates. The directory pins each participant's certificates; a certificate is accepted
// because the directory names its fingerprint, not because somebody issued it.
#pragma once

#include "base/time.hpp"
#include "crypto/keys.hpp"

#include <memory>
#include <string>
#include <vector>

namespace comity::crypto {

struct CertificateHandle; // wraps OpenSSL's X509

class Certificate {
public:
    Certificate() = default;

    /// Strict DER of one certificate with a P-256 key; trailing bytes are refused.
    static Result<Certificate> from_der(BytesView der);
    /// One PEM block.
    static Result<Certificate> from_pem(BytesView pem);
    [[nodiscard]] const Bytes& der() const;
    [[nodiscard]] Bytes pem() const;
    [[nodiscard]] const Digest& fingerprint() const; ///< SHA-256 of the DER (x5t#S256)
    [[nodiscard]] const PublicKey& public_key() const;
    [[nodiscard]] std::string common_name() const;
    [[nodiscard]] Instant not_before() const;
    [[nodiscard]] Instant not_after() const;

    [[nodiscard]] bool valid_at(Instant when) const {
        return when >= not_before() && when <= not_after();
    }

    [[nodiscard]] bool empty() const { return handle_ == nullptr; }

    [[nodiscard]] const CertificateHandle* handle() const { return handle_.get(); }

private:
    std::shared_ptr<const CertificateHandle> handle_;
};

enum class CertificateUse { seal, sealing, tls };

struct CertificateOptions {
    std::string common_name;        ///< at most 64 bytes
    std::string organisation;       ///< may be empty
    std::string country;            ///< two letters, may be empty
    std::vector<std::string> hosts; ///< subjectAltName: DNS names or IP addresses, for tls
    CertificateUse use = CertificateUse::seal; ///< sets keyUsage (and extendedKeyUsage for tls)
    Instant not_before;
    Instant not_after;
};

/// A self-signed certificate for `key`, ecdsa-with-SHA256, a random 128-bit serial, v3 with
/// basicConstraints CA:false, subjectKeyIdentifier.
Certificate make_certificate(const PrivateKey& key, const CertificateOptions& options);

} // namespace comity::crypto
