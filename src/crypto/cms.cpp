// CMS over OpenSSL. The structure of an envelope is first read here, in strict DER, and only the
// one shape that we write is let through to OpenSSL: no other cipher, key derivation, attribute or
// nonce length reaches its parser. The content is ciphered directly through the context that
// OpenSSL prepared, in large blocks: its own filter works through 4 KiB at a time.
#include "crypto/cms.hpp"

#include "base/check.hpp"
#include "base/fault.hpp"
#include "crypto/der.hpp"
#include "crypto/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>

namespace comity::crypto {

namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t recipients_max = 4096;
constexpr std::size_t envelope_bytes_max = std::size_t{64} * 1024 * 1024;
constexpr std::size_t block_bytes = std::size_t{256} * 1024;

// Object identifiers as they stand in DER, without tag and length.
constexpr BytesView oid_auth_enveloped = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"; // RFC 5083
constexpr BytesView oid_data = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";                   // RFC 5652
constexpr BytesView oid_aes256_gcm = "\x60\x86\x48\x01\x65\x03\x04\x01\x2e";             // RFC 5084
constexpr BytesView oid_aes256_wrap = "\x60\x86\x48\x01\x65\x03\x04\x01\x2d";            // RFC 3565
constexpr BytesView oid_dh_sha256_kdf =
    "\x2b\x81\x04\x01\x0b\x01"; // dhSinglePass-stdDH-sha256kdf, RFC 5753
constexpr BytesView oid_ec_public_key = "\x2a\x86\x48\xce\x3d\x02\x01"; // RFC 5480
constexpr BytesView oid_p256 = "\x2a\x86\x48\xce\x3d\x03\x01\x07";

struct Envelope {
    std::vector<BytesView> recipients; ///< IssuerAndSerialNumber of each, in DER
    std::optional<BytesView> content;  ///< the ciphertext, if attached
};

bool number_is(der::Cursor& in, std::uint8_t value) {
    return in.take(der::integer_tag).content == BytesView(reinterpret_cast<const char*>(&value), 1);
}

bool oid_is(der::Cursor& in, BytesView oid) {
    return in.take(der::oid_tag).content == oid;
}

// KeyAgreeRecipientInfo (RFC 5652 section 6.2.2) with an ephemeral key and one recipient.
std::optional<BytesView> read_recipient(der::Cursor& recipients) {
    constexpr std::size_t point_bytes = 65;
    constexpr std::size_t wrapped_bytes = 32 + 8;
    der::Cursor info = recipients.enter(der::constructed(1));
    bool good = number_is(info, 3);
    der::Cursor originator = info.enter(der::constructed(0));
    der::Cursor key = originator.enter(der::constructed(1));
    // The curve may be named, null or left out (RFC 5753 section 3.1.1): it is the recipient's own.
    der::Cursor key_algorithm = key.enter(der::sequence_tag);
    good = oid_is(key_algorithm, oid_ec_public_key) && good;
    if (key_algorithm.at(der::null_tag))
        good = key_algorithm.any().content.empty() && good;
    else if (key_algorithm.more())
        good = oid_is(key_algorithm, oid_p256) && good;
    const auto point = key.take(der::bit_string_tag).content;
    good = good && point.size() == 1 + point_bytes && point.starts_with(BytesView("\0\4", 2));
    der::Cursor algorithm = info.enter(der::sequence_tag);
    good = oid_is(algorithm, oid_dh_sha256_kdf) && good;
    der::Cursor wrap = algorithm.enter(der::sequence_tag);
    good = oid_is(wrap, oid_aes256_wrap) && good;
    der::Cursor keys = info.enter(der::sequence_tag);
    der::Cursor one = keys.enter(der::sequence_tag);
    const auto identity = one.take(der::sequence_tag).whole;
    good = one.take(der::octet_string_tag).content.size() == wrapped_bytes && good;
    for (const auto* part :
         {&info, &originator, &key, &key_algorithm, &algorithm, &wrap, &keys, &one})
        good = good && part->finished();
    return good ? std::optional(identity) : std::nullopt;
}

// AuthEnvelopedData (RFC 5083 section 2.1) in exactly the shape that this file writes.
std::optional<Envelope> read_envelope(BytesView bytes) {
    if (bytes.size() > envelope_bytes_max || !der::well_formed(bytes)) return std::nullopt;
    der::Cursor file(bytes);
    der::Cursor content_info = file.enter(der::sequence_tag);
    bool good = oid_is(content_info, oid_auth_enveloped);
    der::Cursor explicit_content = content_info.enter(der::constructed(0));
    der::Cursor data = explicit_content.enter(der::sequence_tag);
    good = number_is(data, 0) && good;
    Envelope out;
    der::Cursor recipients = data.enter(der::set_tag);
    while (recipients.more() && out.recipients.size() < recipients_max) {
        const auto identity = read_recipient(recipients);
        if (!identity) return std::nullopt;
        out.recipients.push_back(*identity);
    }
    der::Cursor encrypted = data.enter(der::sequence_tag);
    good = oid_is(encrypted, oid_data) && good;
    der::Cursor algorithm = encrypted.enter(der::sequence_tag);
    good = oid_is(algorithm, oid_aes256_gcm) && good;
    der::Cursor parameters = algorithm.enter(der::sequence_tag);
    good = parameters.take(der::octet_string_tag).content.size() == nonce_bytes && good;
    good = number_is(parameters, tag_bytes) && good;
    if (encrypted.more()) out.content = encrypted.take(der::primitive(0)).content;
    good = data.take(der::octet_string_tag).content.size() == tag_bytes && good;
    for (const auto* part :
         {&file, &content_info, &explicit_content, &data, &recipients, &encrypted, &algorithm,
          &parameters})
        good = good && part->finished();
    if (!good || out.recipients.empty()) return std::nullopt;
    return out;
}

const Bytes& identity_of(const Certificate& certificate) {
    CHECK_THAT(!certificate.empty());
    return certificate.handle()->issuer_and_serial;
}

CmsOwner new_envelope(std::span<const Certificate> readers) {
    CHECK_THAT(!readers.empty() && readers.size() <= recipients_max);
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    need(cipher != nullptr, "AES-256-GCM is not available");
    CmsOwner cms(CMS_AuthEnvelopedData_create(cipher));
    need(cms != nullptr, "an envelope");
    for (const auto& reader : readers) {
        CHECK_THAT(!reader.empty());
        CMS_RecipientInfo* recipient =
            CMS_add1_recipient_cert(cms.get(), reader.handle()->certificate.get(), CMS_KEY_PARAM);
        need(recipient != nullptr, "a recipient");
        // The default of the library is SHA-1. The key wrap is AES-256, because the content
        // cipher's key has 256 bits.
        need(
            EVP_PKEY_CTX_set_ecdh_kdf_md(
                CMS_RecipientInfo_get0_pkey_ctx(recipient), sha256_algorithm()) == 1,
            "the key derivation");
    }
    return cms;
}

Bytes to_der(const CMS_ContentInfo* cms) {
    const int size = i2d_CMS_ContentInfo(cms, nullptr);
    need(size > 0, "an envelope could not be written");
    Bytes out(static_cast<std::size_t>(size), '\0');
    unsigned char* to = octets(out);
    need(i2d_CMS_ContentInfo(cms, &to) == size, "an envelope could not be written");
    return out;
}

// The cipher of an envelope, ready to run: the content key is made (sealing) or unwrapped
// (opening), nonce and expected tag are set.
struct Prepared {
    CmsOwner cms;
    BioOwner chain;
    EVP_CIPHER_CTX* cipher = nullptr; ///< owned by the chain
};

bool prepare(Prepared& out) {
    BIO* nowhere = BIO_new(BIO_s_null());
    need(nowhere != nullptr, "a buffer");
    out.chain.reset(CMS_dataInit(out.cms.get(), nowhere)); // takes the buffer, if it succeeds
    if (out.chain == nullptr) {
        BIO_free(nowhere);
        return false;
    }
    return BIO_get_cipher_ctx(out.chain.get(), &out.cipher) == 1 && out.cipher != nullptr;
}

// Unwraps the content key. The structure has been read already; null says why not otherwise.
std::optional<Prepared> unwrap(
    BytesView der, const PrivateKey& key, const Certificate& certificate) {
    CHECK_THAT(!key.empty() && !certificate.empty());
    const unsigned char* at = octets(der);
    Prepared out;
    out.cms.reset(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    const bool done =
        out.cms != nullptr && at == octets(der) + der.size() &&
        CMS_decrypt_set1_pkey(
            out.cms.get(), key.handle()->key.get(), certificate.handle()->certificate.get()) == 1 &&
        prepare(out);
    ERR_clear_error();
    if (!done) return std::nullopt;
    return out;
}

void run_cipher(EVP_CIPHER_CTX* cipher, BytesView in, unsigned char* out) {
    int size = 0;
    need(
        EVP_CipherUpdate(cipher, out, &size, octets(in), static_cast<int>(in.size())) == 1 &&
            size == static_cast<int>(in.size()),
        "AES-256-GCM did not go on");
}

// Runs bytes of any number through the cipher, a block at a time, into the sink.
class Pump {
public:
    Pump(EVP_CIPHER_CTX* cipher, Sink sink) : cipher_(cipher), sink_(std::move(sink)) {}

    void update(BytesView bytes) {
        // More under one key and nonce would break GCM (NIST SP 800-38D section 5.2.1.1).
        if (bytes.size() > stream_bytes_max - done_)
            throw Fault("cryptography: a stream is longer than AES-GCM allows under one key");
        done_ += bytes.size();
        while (!bytes.empty()) {
            const BytesView now = bytes.substr(0, block_bytes);
            if (out_.size() < now.size()) out_.resize(now.size());
            run_cipher(cipher_, now, octets(out_));
            sink_(BytesView(out_).substr(0, now.size()));
            bytes.remove_prefix(now.size());
        }
    }

    /// False when the tag does not verify (opening).
    bool finish() {
        unsigned char rest[EVP_MAX_BLOCK_LENGTH];
        int size = 0;
        const bool good = EVP_CipherFinal_ex(cipher_, rest, &size) == 1;
        CHECK_THAT(size == 0);
        OPENSSL_cleanse(out_.data(), out_.size());
        return good;
    }

private:
    EVP_CIPHER_CTX* cipher_;
    Sink sink_;
    Bytes out_;
    std::uint64_t done_ = 0;
};

} // namespace

Bytes seal_to(BytesView plaintext, std::span<const Certificate> readers) {
    const CmsOwner cms = new_envelope(readers);
    CHECK_THAT(CMS_set_detached(cms.get(), 0) == 1);
    const BioOwner content = reading(plaintext);
    need(
        CMS_final(cms.get(), content.get(), nullptr, CMS_BINARY) == 1,
        "the part could not be sealed");
    return to_der(cms.get());
}

Result<Bytes> open_sealed(BytesView der, const PrivateKey& key, const Certificate& certificate) {
    const auto bad = [](Said why) {
        return refuse(Code::part_unreadable, std::move(why));
    };
    const auto envelope = read_envelope(der);
    if (!envelope || !envelope->content)
        return bad(
            say("the part is not AuthEnvelopedData with AES-256-GCM in the form of the protocol"));
    const auto& names = envelope->recipients;
    if (std::find(names.begin(), names.end(), identity_of(certificate)) == names.end())
        return bad(say("the part is not addressed to this certificate"));
    auto prepared = unwrap(der, key, certificate);
    if (!prepared) return bad(say("the content key does not open with this key"));
    Bytes out(envelope->content->size(), '\0');
    if (!out.empty()) run_cipher(prepared->cipher, *envelope->content, octets(out));
    unsigned char rest[EVP_MAX_BLOCK_LENGTH];
    int size = 0;
    if (EVP_CipherFinal_ex(prepared->cipher, rest, &size) != 1) {
        ERR_clear_error();
        OPENSSL_cleanse(out.data(), out.size());
        return bad(say("the tag does not verify: the part was changed"));
    }
    return out;
}

Result<std::vector<bool>> recipients_match(BytesView der, std::span<const Certificate> readers) {
    const auto envelope = read_envelope(der);
    if (!envelope)
        return refuse(
            Code::part_unreadable,
            say("the part is not AuthEnvelopedData with AES-256-GCM in the form of the protocol"));
    const std::set<BytesView> names(envelope->recipients.begin(), envelope->recipients.end());
    if (envelope->recipients.size() != readers.size() || names.size() != readers.size())
        return refuse(
            Code::part_audience,
            say("the part has {} recipients ({} different) where {} readers are named",
                envelope->recipients.size(), names.size(), readers.size()));
    std::vector<bool> out;
    for (const auto& reader : readers)
        out.push_back(names.contains(identity_of(reader)));
    return out;
}

namespace {

Prepared begin_detached(std::span<const Certificate> readers) {
    Prepared out;
    out.cms = new_envelope(readers);
    CHECK_THAT(CMS_set_detached(out.cms.get(), 1) == 1);
    need(prepare(out), "the envelope could not be begun");
    return out;
}

} // namespace

struct StreamSealer::State {
    State(Prepared ready, Sink sink)
        : prepared(std::move(ready)), pump(prepared.cipher, std::move(sink)) {}

    Prepared prepared;
    Pump pump;
};

StreamSealer::StreamSealer(std::span<const Certificate> readers, Sink ciphertext)
    : state_(std::make_unique<State>(begin_detached(readers), std::move(ciphertext))) {}

StreamSealer::~StreamSealer() = default;

void StreamSealer::update(BytesView plaintext) {
    state_->pump.update(plaintext);
}

Bytes StreamSealer::finish() {
    need(state_->pump.finish(), "AES-256-GCM did not end");
    need(
        CMS_dataFinal(state_->prepared.cms.get(), state_->prepared.chain.get()) == 1,
        "the envelope could not be ended");
    return to_der(state_->prepared.cms.get());
}

struct StreamOpener::State {
    State(Prepared ready, Sink sink)
        : prepared(std::move(ready)), pump(prepared.cipher, std::move(sink)) {}

    Prepared prepared;
    Pump pump;
    bool too_long = false;
    std::uint64_t taken = 0;
};

StreamOpener::StreamOpener(std::unique_ptr<State> state) : state_(std::move(state)) {}

StreamOpener::~StreamOpener() = default;
StreamOpener::StreamOpener(StreamOpener&&) noexcept = default;
StreamOpener& StreamOpener::operator=(StreamOpener&&) noexcept = default;

Result<StreamOpener> StreamOpener::open(
    BytesView envelope, const PrivateKey& key, const Certificate& certificate, Sink plaintext) {
    const auto bad = [](Said why) {
        return refuse(Code::evidence_corrupt, std::move(why));
    };
    const auto read = read_envelope(envelope);
    if (!read || read->content)
        return bad(
            say("the envelope is not detached AuthEnvelopedData in the form of the protocol"));
    const auto& names = read->recipients;
    if (std::find(names.begin(), names.end(), identity_of(certificate)) == names.end())
        return bad(say("the envelope is not addressed to this certificate"));
    auto prepared = unwrap(envelope, key, certificate);
    if (!prepared) return bad(say("the content key does not open with this key"));
    return StreamOpener(std::make_unique<State>(std::move(*prepared), std::move(plaintext)));
}

void StreamOpener::update(BytesView ciphertext) {
    // Nothing that was sealed is so long; finish() then refuses it.
    state_->too_long = state_->too_long || ciphertext.size() > stream_bytes_max - state_->taken;
    if (state_->too_long) return;
    state_->taken += ciphertext.size();
    state_->pump.update(ciphertext);
}

Result<void> StreamOpener::finish() {
    const bool good = state_->pump.finish();
    ERR_clear_error();
    if (!good || state_->too_long)
        return refuse(
            Code::evidence_corrupt, say("the tag does not verify: the bytes were changed or cut"));
    return {};
}

} // namespace comity::crypto
