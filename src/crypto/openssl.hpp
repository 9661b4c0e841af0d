// Internal to the room: owners for OpenSSL's objects, and the algorithms, fetched once. Fetching
// anew for each use would cost more than hashing a Merkle node.
#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "crypto/keys.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace comity::crypto {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};

using BioOwner = std::unique_ptr<BIO, Release<BIO_free_all>>;
using CmsOwner = std::unique_ptr<CMS_ContentInfo, Release<CMS_ContentInfo_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using KeyOwner = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using NameOwner = std::unique_ptr<X509_NAME, Release<X509_NAME_free>>;
using X509Owner = std::unique_ptr<X509, Release<X509_free>>;

/// Throws a Fault with OpenSSL's reason, and empties its error queue.
[[noreturn]] void openssl_fault(const char* what);

/// For calls that fail only when the library or the machine does.
inline void need(bool done, const char* what) {
    if (!done) openssl_fault(what);
}

/// SHA-256, fetched once.
const EVP_MD* sha256_algorithm();

inline const unsigned char* octets(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

inline unsigned char* octets(Bytes& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

/// A BIO that reads from `bytes`, which must outlive it.
BioOwner reading(BytesView bytes);
/// What has been written to a memory BIO.
Bytes written(BIO* bio);

/// A P-256 key with prepared contexts. A context may be used by one thread at a time and is dear
/// to prepare, so each key keeps those that are idle.
struct KeyHandle {
    KeyOwner key;
    Bytes point; ///< 0x04 || x || y
    bool has_private = false;

    enum class Operation { sign, verify };

    /// One prepared context; goes back to the key's idle ones afterwards.
    class Borrowed {
    public:
        Borrowed(const KeyHandle& owner, Operation operation);
        ~Borrowed();
        Borrowed(const Borrowed&) = delete;
        Borrowed& operator=(const Borrowed&) = delete;

        [[nodiscard]] EVP_PKEY_CTX* get() const { return context_.get(); }

    private:
        const KeyHandle& owner_;
        Operation operation_;
        KeyContext context_;
    };

private:
    mutable std::mutex mutex_;
    mutable std::vector<KeyContext> idle_[2];
};

/// Takes the key over if it is P-256 and its point is on the curve; null otherwise.
std::shared_ptr<const KeyHandle> key_handle(KeyOwner key, bool has_private);

/// An X.509 certificate with what is read from it once.
struct CertificateHandle {
    X509Owner certificate;
    Bytes der;
    Digest fingerprint{};
    PublicKey key;
    std::string common_name;
    Instant not_before;
    Instant not_after;
    Bytes issuer_and_serial; ///< IssuerAndSerialNumber (RFC 5652 section 10.2.4) in DER
};

} // namespace comity::crypto
