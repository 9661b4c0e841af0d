// SHA-256 through OpenSSL with one context a thread; Merkle hashes through sha_ni.cpp where the
// processor allows it; HMAC, HKDF and randomness.
#include "crypto/hash.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "crypto/openssl.hpp"
#include "crypto/sha_ni.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <sys/random.h>

#include <cerrno>

namespace comity::crypto {

void openssl_fault(const char* what) {
    char reason[256] = "no reason given";
    if (const unsigned long code = ERR_peek_last_error(); code != 0)
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    throw Fault(fmt::format("cryptography: {}: {}", what, reason));
}

const EVP_MD* sha256_algorithm() {
    static EVP_MD* const fetched = [] {
        EVP_MD* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        need(md != nullptr, "SHA-256 is not available");
        return md;
    }();
    return fetched;
}

BioOwner reading(BytesView bytes) {
    CHECK_THAT(bytes.size() <= std::size_t{INT32_MAX});
    BioOwner bio(
        BIO_new_mem_buf(bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size())));
    need(bio != nullptr, "a memory buffer");
    return bio;
}

Bytes written(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? Bytes(data, static_cast<std::size_t>(size)) : Bytes();
}

namespace {

DigestContext new_context() {
    DigestContext context(EVP_MD_CTX_new());
    need(context != nullptr, "a digest context");
    return context;
}

// One context a thread: hashing never allocates.
EVP_MD_CTX* thread_context() {
    thread_local const DigestContext context = new_context();
    return context.get();
}

void start(EVP_MD_CTX* context) {
    need(EVP_DigestInit_ex2(context, sha256_algorithm(), nullptr) == 1, "SHA-256 did not start");
}

void feed(EVP_MD_CTX* context, BytesView bytes) {
    need(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "SHA-256 did not go on");
}

Digest end(EVP_MD_CTX* context) {
    Digest out;
    unsigned size = 0;
    need(EVP_DigestFinal_ex(context, out.data(), &size) == 1, "SHA-256 did not end");
    CHECK_THAT(size == out.size());
    return out;
}

Digest sha256_of(std::initializer_list<BytesView> parts) {
    EVP_MD_CTX* context = thread_context();
    start(context);
    for (const BytesView part : parts)
        feed(context, part);
    return end(context);
}

constexpr BytesView leaf_prefix{"\0", 1};
constexpr BytesView node_prefix{"\1", 1};

} // namespace

Digest sha256(BytesView bytes) {
    return sha256_of({bytes});
}

Digest tagged_hash(std::string_view domain, std::initializer_list<BytesView> parts) {
    EVP_MD_CTX* context = thread_context();
    start(context);
    feed(context, domain);
    feed(context, BytesView{"\0", 1});
    for (const BytesView part : parts)
        feed(context, part);
    return end(context);
}

struct Sha256::State {
    DigestContext context = new_context();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    start(state_->context.get());
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(BytesView bytes) {
    feed(state_->context.get(), bytes);
}

Digest Sha256::finish() {
    const Digest out = end(state_->context.get());
    start(state_->context.get());
    return out;
}

namespace portable {

Digest node(const Digest& left, const Digest& right) {
    return sha256_of({node_prefix, view(left), view(right)});
}

void level(std::span<const Digest> in, std::span<Digest> out) {
    for (std::size_t i = 0; i < in.size() / 2; ++i)
        out[i] = node(in[2 * i], in[2 * i + 1]);
}

void leaves(std::span<const Bytes> entries, std::span<Digest> out) {
    for (std::size_t i = 0; i < entries.size(); ++i)
        out[i] = merkle_leaf(entries[i]);
}

void climbs(std::span<const Climb> in, std::span<Digest> out) {
    for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = in[i].start;
        for (std::size_t at = 0; at < in[i].siblings.size(); ++at) {
            const bool is_left = (in[i].left >> at & 1) != 0;
            const Digest& other = in[i].siblings[at];
            out[i] = is_left ? node(other, out[i]) : node(out[i], other);
        }
    }
}

} // namespace portable

Digest merkle_leaf(BytesView entry) {
    return sha256_of({leaf_prefix, entry});
}

Digest merkle_node(const Digest& left, const Digest& right) {
    return sha_ni::available() ? sha_ni::node(left, right) : portable::node(left, right);
}

void merkle_level(std::span<const Digest> in, std::span<Digest> out) {
    CHECK_THAT(out.size() >= in.size() / 2);
    if (sha_ni::available())
        sha_ni::level(in, out);
    else
        portable::level(in, out);
}

void merkle_climbs(std::span<const Climb> in, std::span<Digest> out) {
    CHECK_THAT(out.size() >= in.size());
    for (const auto& climb : in)
        CHECK_THAT(climb.siblings.size() <= 64);
    if (sha_ni::available())
        sha_ni::climbs(in, out);
    else
        portable::climbs(in, out);
}

void merkle_leaves(std::span<const Bytes> entries, std::span<Digest> out) {
    CHECK_THAT(out.size() >= entries.size());
    if (sha_ni::available())
        sha_ni::leaves(entries, out);
    else
        portable::leaves(entries, out);
}

// RFC 2104: H((key ^ opad) || H((key ^ ipad) || message)).
Digest hmac_sha256(BytesView key, BytesView message) {
    constexpr std::size_t block = 64;
    Bytes padded(block, '\0');
    if (key.size() > block) {
        const Digest shortened = sha256(key);
        padded.replace(0, shortened.size(), view(shortened));
    } else {
        padded.replace(0, key.size(), key);
    }
    Bytes inner = padded;
    Bytes outer = padded;
    for (char& c : inner)
        c = static_cast<char>(c ^ 0x36);
    for (char& c : outer)
        c = static_cast<char>(c ^ 0x5c);
    const Digest first = sha256_of({inner, message});
    const Digest out = sha256_of({outer, view(first)});
    for (Bytes* secret : {&padded, &inner, &outer})
        OPENSSL_cleanse(secret->data(), secret->size());
    return out;
}

Bytes hkdf_sha256(BytesView secret, BytesView salt, std::string_view info, std::size_t size) {
    CHECK_THAT(size <= 255 * sizeof(Digest));
    const Digest extracted = hmac_sha256(salt, secret);
    Bytes out;
    Bytes previous;
    for (std::uint8_t i = 1; out.size() < size; ++i) {
        Bytes message = previous;
        message += info;
        message.push_back(static_cast<char>(i));
        previous = Bytes(view(hmac_sha256(view(extracted), message)));
        out += previous;
    }
    out.resize(size);
    return out;
}

Bytes random_bytes(std::size_t size) {
    Bytes out(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = getrandom(out.data() + done, size - done, 0);
        if (got > 0)
            done += static_cast<std::size_t>(got);
        else if (errno != EINTR)
            throw Fault("the operating system gives no random bytes");
    }
    return out;
}

std::string random_name() {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const Bytes bytes = random_bytes(16);
    std::string out;
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : bytes) {
        pending = pending << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5)
            out.push_back(alphabet[pending >> (bits - 5) & 31]);
    }
    out.push_back(alphabet[pending << (5 - bits) & 31]);
    return out;
}

std::string random_name(Instant when) {
    // In the order of its characters.
    constexpr std::string_view alphabet = "234567abcdefghijklmnopqrstuvwxyz";
    constexpr int time_characters = 9;
    const Bytes bytes = random_bytes(17);
    const auto time = static_cast<std::uint64_t>(when.time_since_epoch().count());
    std::string out;
    for (int shift = 5 * (time_characters - 1); shift >= 0; shift -= 5)
        out.push_back(alphabet[time >> shift & 31]);
    for (const char c : bytes)
        out.push_back(alphabet[static_cast<unsigned char>(c) & 31]);
    return out;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace comity::crypto
