// Signing keys: ECDSA P-256 (seals, passkeys) and Ed25519 (checkpoints and cosignatures). Objects
// are immutable after creation, cheap to copy, and safe from many threads.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"

#include <memory>

namespace comity::crypto {

struct KeyHandle; // wraps OpenSSL's EVP_PKEY

/// A P-256 public key.
class PublicKey {
public:
    PublicKey() = default;

    explicit PublicKey(std::shared_ptr<const KeyHandle> handle) : handle_(std::move(handle)) {}

    /// The uncompressed point: 0x04 || x || y, 65 bytes; must be on the curve.
    static Result<PublicKey> from_point(BytesView point);
    [[nodiscard]] Bytes point() const;
    /// ES256 (RFC 7518 section 3.4): signature is r || s, exactly 64 bytes.
    [[nodiscard]] bool verify_es256(BytesView message, BytesView signature) const;
    /// The same with a DER signature, as WebAuthn carries it; strict DER.
    [[nodiscard]] bool verify_es256_der(BytesView message, BytesView signature) const;

    [[nodiscard]] const KeyHandle* handle() const { return handle_.get(); }

    bool operator==(const PublicKey& other) const { return point() == other.point(); }

private:
    std::shared_ptr<const KeyHandle> handle_;
};

/// A P-256 private key. Never printed; its PEM goes to a file of mode 0600 and nowhere else.
class PrivateKey {
public:
    PrivateKey() = default;

    explicit PrivateKey(std::shared_ptr<const KeyHandle> handle) : handle_(std::move(handle)) {}

    static PrivateKey generate();
    static Result<PrivateKey> from_pem(BytesView pem);
    [[nodiscard]] Bytes to_pem() const; ///< PKCS#8
    [[nodiscard]] PublicKey public_key() const;
    [[nodiscard]] Bytes sign_es256(BytesView message) const;     ///< r || s
    [[nodiscard]] Bytes sign_es256_der(BytesView message) const; ///< DER

    [[nodiscard]] const KeyHandle* handle() const { return handle_.get(); }

    [[nodiscard]] bool empty() const { return handle_ == nullptr; }

private:
    std::shared_ptr<const KeyHandle> handle_;
};

/// An Ed25519 key pair (RFC 8032), held as its 32-byte seed.
class Ed25519Key {
public:
    static Ed25519Key generate();
    /// From a 32-byte seed.
    static Result<Ed25519Key> from_seed(BytesView seed);

    [[nodiscard]] const Bytes& seed() const { return seed_; }

    [[nodiscard]] const Bytes& public_key() const { return public_; } ///< 32 bytes

    [[nodiscard]] Bytes sign(BytesView message) const; ///< 64 bytes

private:
    Bytes seed_;
    Bytes public_;
    Bytes secret_;
};

bool verify_ed25519(BytesView public_key, BytesView message, BytesView signature);

} // namespace comity::crypto
