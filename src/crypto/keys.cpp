// ECDSA P-256 over OpenSSL, with both encodings of a signature converted here, strictly; Ed25519
// over libsodium.
#include "crypto/keys.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "crypto/der.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sodium.h>

#include <cstring>

namespace comity::crypto {

namespace {

constexpr std::size_t scalar_bytes = 32;
constexpr std::size_t point_bytes = 65;

// The order of the group P-256 (FIPS 186-4 appendix D.1.2.3): r and s lie between 1 and n - 1.
constexpr std::array<unsigned char, scalar_bytes> group_order = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

bool in_range(BytesView scalar) {
    const bool zero = scalar.find_first_not_of('\0') == BytesView::npos;
    return !zero && std::memcmp(scalar.data(), group_order.data(), scalar_bytes) < 0;
}

// One scalar as a DER integer: no needless zero, one zero where the highest bit is set.
Bytes scalar_to_der(BytesView scalar) {
    Bytes content(scalar.substr(std::min(scalar.find_first_not_of('\0'), scalar_bytes - 1)));
    if ((static_cast<unsigned char>(content[0]) & 0x80) != 0) content.insert(0, 1, '\0');
    return der::element(der::integer_tag, content);
}

// r || s in range, or nothing.
std::optional<Bytes> raw_to_der(BytesView raw) {
    if (raw.size() != 2 * scalar_bytes) return std::nullopt;
    const BytesView r = raw.substr(0, scalar_bytes);
    const BytesView s = raw.substr(scalar_bytes);
    if (!in_range(r) || !in_range(s)) return std::nullopt;
    return der::element(der::sequence_tag, scalar_to_der(r) + scalar_to_der(s));
}

std::optional<Bytes> scalar_from_der(BytesView content) {
    if (!der::shortest_integer(content)) return std::nullopt;
    if ((static_cast<unsigned char>(content[0]) & 0x80) != 0) return std::nullopt; // negative
    if (content[0] == '\0') content.remove_prefix(1);
    if (content.size() > scalar_bytes) return std::nullopt;
    Bytes out(scalar_bytes - content.size(), '\0');
    out += content;
    return in_range(out) ? std::optional(out) : std::nullopt;
}

std::optional<Bytes> der_to_raw(BytesView signature) {
    der::Cursor outer(signature);
    der::Cursor pair = outer.enter(der::sequence_tag);
    const der::Element r = pair.take(der::integer_tag);
    const der::Element s = pair.take(der::integer_tag);
    if (!outer.finished() || !pair.finished()) return std::nullopt;
    const auto raw_r = scalar_from_der(r.content);
    const auto raw_s = scalar_from_der(s.content);
    if (!raw_r || !raw_s) return std::nullopt;
    return *raw_r + *raw_s;
}

bool verify_der_signature(const KeyHandle& key, BytesView message, BytesView signature) {
    const Digest digest = sha256(message);
    const KeyHandle::Borrowed context(key, KeyHandle::Operation::verify);
    const int verdict = EVP_PKEY_verify(
        context.get(), octets(signature), signature.size(), digest.data(), digest.size());
    if (verdict != 1) ERR_clear_error();
    return verdict == 1;
}

KeyOwner key_from_point(BytesView point) {
    // OpenSSL wants both writable, though it only reads them.
    char group[] = SN_X9_62_prime256v1;
    Bytes copy(point);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()),
        OSSL_PARAM_construct_end()};
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    need(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1, "elliptic curves");
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        ERR_clear_error();
        return nullptr;
    }
    return KeyOwner(key);
}

int no_password(char*, int, int, void*) {
    return -1;
}

} // namespace

KeyHandle::Borrowed::Borrowed(const KeyHandle& owner, Operation operation)
    : owner_(owner), operation_(operation) {
    {
        const std::lock_guard lock(owner.mutex_);
        auto& idle = owner.idle_[static_cast<std::size_t>(operation)];
        if (!idle.empty()) {
            context_ = std::move(idle.back());
            idle.pop_back();
        }
    }
    if (context_ != nullptr) return;
    context_.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, owner.key.get(), nullptr));
    need(context_ != nullptr, "a key context");
    const bool ready = operation == Operation::sign ? EVP_PKEY_sign_init(context_.get()) == 1
                                                    : EVP_PKEY_verify_init(context_.get()) == 1;
    need(ready, "a key context");
    need(EVP_PKEY_CTX_set_signature_md(context_.get(), sha256_algorithm()) == 1, "a key context");
}

KeyHandle::Borrowed::~Borrowed() {
    constexpr std::size_t idle_max = 16;
    if (context_ == nullptr) return;
    const std::lock_guard lock(owner_.mutex_);
    auto& idle = owner_.idle_[static_cast<std::size_t>(operation_)];
    if (idle.size() < idle_max) idle.push_back(std::move(context_));
}

std::shared_ptr<const KeyHandle> key_handle(KeyOwner key, bool has_private) {
    char group[64] = "";
    std::size_t size = 0;
    if (key == nullptr || EVP_PKEY_is_a(key.get(), "EC") != 1 ||
        EVP_PKEY_get_group_name(key.get(), group, sizeof group, &size) != 1 ||
        std::string_view(group) != SN_X9_62_prime256v1) {
        ERR_clear_error();
        return nullptr;
    }
    // The coordinates give the uncompressed point, whatever form the key came in. The group has
    // no cofactor, so a point on the curve that is not infinity is a valid key.
    auto handle = std::make_shared<KeyHandle>();
    handle->point = "\x04";
    for (const char* name : {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y}) {
        BIGNUM* number = nullptr;
        if (EVP_PKEY_get_bn_param(key.get(), name, &number) != 1) {
            ERR_clear_error();
            return nullptr;
        }
        Bytes coordinate(scalar_bytes, '\0');
        const int done = BN_bn2binpad(number, octets(coordinate), scalar_bytes);
        BN_free(number);
        if (done != static_cast<int>(scalar_bytes)) return nullptr;
        handle->point += coordinate;
    }
    handle->key = std::move(key);
    handle->has_private = has_private;
    return handle;
}

Result<PublicKey> PublicKey::from_point(BytesView point) {
    if (point.size() != point_bytes || point[0] != '\x04')
        return refuse(
            Code::roll_malformed,
            fmt::format(
                "a P-256 point has 65 bytes and begins with 04; this has {} bytes", point.size()));
    auto handle = key_handle(key_from_point(point), false);
    if (handle == nullptr || handle->point != point)
        return refuse(Code::roll_malformed, "the point of the key is not on the curve P-256");
    return PublicKey(std::move(handle));
}

Bytes PublicKey::point() const {
    return handle_ == nullptr ? Bytes() : handle_->point;
}

bool PublicKey::verify_es256(BytesView message, BytesView signature) const {
    CHECK_THAT(handle_ != nullptr);
    const auto der = raw_to_der(signature);
    return der && verify_der_signature(*handle_, message, *der);
}

bool PublicKey::verify_es256_der(BytesView message, BytesView signature) const {
    CHECK_THAT(handle_ != nullptr);
    return der_to_raw(signature).has_value() && verify_der_signature(*handle_, message, signature);
}

PrivateKey PrivateKey::generate() {
    KeyOwner key(EVP_EC_gen("P-256"));
    need(key != nullptr, "a P-256 key could not be made");
    auto handle = key_handle(std::move(key), true);
    CHECK_THAT(handle != nullptr);
    return PrivateKey(std::move(handle));
}

Result<PrivateKey> PrivateKey::from_pem(BytesView pem) {
    constexpr std::size_t pem_bytes_max = std::size_t{16} * 1024;
    const auto bad = [](const char* why) {
        ERR_clear_error();
        return refuse(
            Code::setting_invalid, fmt::format("the private key {}", why),
            "A private key is one P-256 key in PEM, PKCS#8 without a password", "RFC 5958");
    };
    if (pem.size() > pem_bytes_max) return bad("is too large");
    const BioOwner bio = reading(pem);
    KeyOwner key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
    if (key == nullptr) return bad("cannot be read as PEM");
    auto handle = key_handle(std::move(key), true);
    if (handle == nullptr) return bad("is not a P-256 key");
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, handle->key.get(), nullptr));
    need(context != nullptr, "a key context");
    if (EVP_PKEY_check(context.get()) != 1) return bad("does not belong to its public key");
    return PrivateKey(std::move(handle));
}

Bytes PrivateKey::to_pem() const {
    CHECK_THAT(handle_ != nullptr);
    const BioOwner bio(BIO_new(BIO_s_secmem()));
    need(bio != nullptr, "a memory buffer");
    need(
        PEM_write_bio_PKCS8PrivateKey(
            bio.get(), handle_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "the private key could not be written");
    return written(bio.get());
}

PublicKey PrivateKey::public_key() const {
    return PublicKey(handle_);
}

Bytes PrivateKey::sign_es256_der(BytesView message) const {
    CHECK_THAT(handle_ != nullptr && handle_->has_private);
    constexpr std::size_t signature_bytes_max = 72;
    const Digest digest = sha256(message);
    Bytes out(signature_bytes_max, '\0');
    std::size_t size = out.size();
    const KeyHandle::Borrowed context(*handle_, KeyHandle::Operation::sign);
    need(
        EVP_PKEY_sign(context.get(), octets(out), &size, digest.data(), digest.size()) == 1,
        "the key did not sign");
    out.resize(size);
    return out;
}

Bytes PrivateKey::sign_es256(BytesView message) const {
    auto raw = der_to_raw(sign_es256_der(message));
    CHECK_THAT(raw.has_value());
    return std::move(*raw);
}

namespace {

void need_sodium() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw Fault("cryptography: libsodium could not be initialised");
}

} // namespace

Ed25519Key Ed25519Key::generate() {
    auto key = from_seed(random_bytes(crypto_sign_SEEDBYTES));
    CHECK_THAT(key.has_value());
    return std::move(*key);
}

Result<Ed25519Key> Ed25519Key::from_seed(BytesView seed) {
    need_sodium();
    if (seed.size() != crypto_sign_SEEDBYTES)
        return refuse(
            Code::setting_invalid,
            fmt::format("an Ed25519 seed has 32 bytes; this has {}", seed.size()),
            "An Ed25519 key is held as its seed of 32 bytes", "RFC 8032 section 5.1.5");
    Ed25519Key out;
    out.seed_ = Bytes(seed);
    out.public_.resize(crypto_sign_PUBLICKEYBYTES);
    out.secret_.resize(crypto_sign_SECRETKEYBYTES);
    need(
        crypto_sign_seed_keypair(octets(out.public_), octets(out.secret_), octets(seed)) == 0,
        "an Ed25519 key could not be made");
    return out;
}

Bytes Ed25519Key::sign(BytesView message) const {
    CHECK_THAT(!secret_.empty());
    Bytes out(crypto_sign_BYTES, '\0');
    need(
        crypto_sign_detached(
            octets(out), nullptr, octets(message), message.size(), octets(secret_)) == 0,
        "the Ed25519 key did not sign");
    return out;
}

bool verify_ed25519(BytesView public_key, BytesView message, BytesView signature) {
    need_sodium();
    return public_key.size() == crypto_sign_PUBLICKEYBYTES &&
           signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(
               octets(signature), octets(message), message.size(), octets(public_key)) == 0;
}

} // namespace comity::crypto
