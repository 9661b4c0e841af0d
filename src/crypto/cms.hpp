// CMS AuthEnvelopedData (RFC 5083, RFC 5084): AES-256-GCM content, one key-agreement recipient
// (ephemeral-static ECDH P-256, X9.63 KDF with SHA-256, AES-256 key wrap) for each reader's
// sealing certificate. Body parts are attached; evidence is detached, so that any size streams in
// flat memory and `openssl cms -decrypt -content` opens it.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"
#include "crypto/certificate.hpp"
#include "crypto/keys.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace comity::crypto {

/// Attached AuthEnvelopedData in DER, for at least one reader.
Bytes seal_to(BytesView plaintext, std::span<const Certificate> readers);

/// Opens what was sealed to `certificate`. Refuses with part_unreadable: not CMS, other content
/// type or cipher, trailing bytes, not addressed to this certificate, tag does not verify.
Result<Bytes> open_sealed(BytesView der, const PrivateKey& key, const Certificate& certificate);

/// Which readers a sealed part is addressed to, one answer a reader, without opening it; for the
/// check that a part has exactly the readers its header names. Recipients are named by issuer and
/// serial number. Refuses with part_audience when the number of recipients is not the number of
/// readers or one stands twice, so that all true means exactly these; part_unreadable as above.
Result<std::vector<bool>> recipients_match(BytesView der, std::span<const Certificate> readers);

/// The most that AES-GCM may encrypt under one key and nonce (NIST SP 800-38D section 5.2.1.1):
/// 64 GiB less 32 bytes. A longer stream is a Fault; larger evidence goes in several items.
inline constexpr std::uint64_t stream_bytes_max = (std::uint64_t{1} << 36) - 32;

/// Takes bytes as they come.
using Sink = std::function<void(BytesView)>;

/// Encrypts a stream. update() as often as wanted, then finish() once.
class StreamSealer {
public:
    StreamSealer(std::span<const Certificate> readers, Sink ciphertext);
    ~StreamSealer();
    void update(BytesView plaintext);
    /// Gives out the last bytes and returns the detached envelope (DER), which holds the wrapped
    /// content key, the nonce and the tag: destroy it and the data is gone.
    Bytes finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Decrypts a stream. The sink sees plaintext BEFORE the tag is checked: the caller keeps it from
/// everybody until finish() has succeeded.
class StreamOpener {
public:
    /// Refuses with evidence_corrupt when the envelope cannot be read by this key.
    static Result<StreamOpener> open(
        BytesView envelope, const PrivateKey& key, const Certificate& certificate, Sink plaintext);
    ~StreamOpener();
    StreamOpener(StreamOpener&&) noexcept;
    StreamOpener& operator=(StreamOpener&&) noexcept;
    void update(BytesView ciphertext);
    /// Refuses with evidence_corrupt when the tag does not verify.
    Result<void> finish();

private:
    struct State;
    explicit StreamOpener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace comity::crypto
