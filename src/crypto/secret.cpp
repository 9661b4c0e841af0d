// XChaCha20-Poly1305 with a random nonce of 24 bytes.
#include "crypto/secret.hpp"

#include "base/check.hpp"
#include "crypto/hash.hpp"

#include <sodium.h>

namespace comity::crypto {

namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(secret_key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* in(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* out(char* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

} // namespace

Bytes seal_secret(BytesView key, BytesView plaintext, std::string_view place) {
    CHECK_THAT(key.size() == secret_key_bytes);
    Bytes sealed = random_bytes(nonce_bytes);
    sealed.resize(nonce_bytes + plaintext.size() + tag_bytes);
    unsigned long long size = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        out(sealed.data() + nonce_bytes), &size, in(plaintext), plaintext.size(), in(place),
        place.size(), nullptr, in(sealed), in(key));
    CHECK_THAT(nonce_bytes + size == sealed.size());
    return sealed;
}

std::optional<Bytes> open_secret(BytesView key, BytesView sealed, std::string_view place) {
    CHECK_THAT(key.size() == secret_key_bytes);
    if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
    Bytes plaintext(sealed.size() - nonce_bytes - tag_bytes, '\0');
    unsigned long long size = 0;
    const auto body = sealed.substr(nonce_bytes);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out(plaintext.data()), &size, nullptr, in(body), body.size(), in(place), place.size(),
            in(sealed), in(key)) != 0)
        return std::nullopt;
    return plaintext;
}

} // namespace comity::crypto
