// Signed notes (C2SP signed-note) with Ed25519 signatures and cosignatures (C2SP
// tlog-cosignature, cosignature/v1), and the text form of their keys.
#pragma once

#include "base/bytes.hpp"
#include "base/refusal.hpp"
#include "crypto/keys.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::record {

/// Seconds since 1970, as cosignatures state their time.
using Seconds = std::uint64_t;

/// The type byte of a key. Others are read (a policy may name a key that we cannot use yet).
enum class KeyType : std::uint8_t {
    ed25519 = 0x01,
    ecdsa = 0x02,
    cosignature_v1 = 0x04,
    tree_head = 0x05,
    ml_dsa_44 = 0x06,
};

/// Not empty, UTF-8, no Unicode space, no control character, no plus sign.
bool is_key_name(std::string_view name);

/// A public key under its name: "name+0123abcd+base64(type || key)".
struct VerifierKey {
    std::string name;
    std::uint32_t id = 0; ///< an identifier only: four bytes of a hash are no security
    KeyType type = KeyType::ed25519;
    Bytes public_key;

    static Result<VerifierKey> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    /// Whether signatures of this type can be verified here (ed25519 and cosignature_v1).
    [[nodiscard]] bool is_usable() const;

    bool operator==(const VerifierKey&) const = default;
};

/// The public side of a log's key (type ed25519) and of a witness's key (cosignature_v1). `name`
/// must be a key name. One key pair must never serve under two names: the name is not signed.
VerifierKey log_key(std::string_view name, const crypto::Ed25519Key& key);
VerifierKey witness_key(std::string_view name, const crypto::Ed25519Key& key);

/// A private key with its name, as Go's sumdb/note writes one:
/// "PRIVATE+KEY+name+0123abcd+base64(type || seed)".
struct SigningKey {
    std::string name;
    crypto::Ed25519Key key;

    /// Strict. Refuses with note_malformed, and never says what stood there.
    static Result<SigningKey> parse(std::string_view text);
    [[nodiscard]] Bytes text() const;
};

struct NoteSignature {
    std::string name;
    std::uint32_t id = 0;
    Bytes signature; ///< without the key id; for cosignatures eight bytes of time come first

    /// The line with its newline: "— name base64\n".
    [[nodiscard]] std::string line() const;
    /// Without the newline. Refuses with note_malformed.
    static Result<NoteSignature> parse(std::string_view line);

    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    Bytes text; ///< ends with a newline
    std::vector<NoteSignature> signatures;

    /// Strict; at most limits::note_bytes and limits::note_signatures. Refuses with note_malformed.
    static Result<Note> parse(BytesView bytes);
    [[nodiscard]] Bytes print() const;
};

/// An Ed25519 signature over the text.
NoteSignature sign_note(BytesView text, std::string_view name, const crypto::Ed25519Key& key);
/// A cosignature/v1 over time and text.
NoteSignature cosign_note(
    BytesView text, std::string_view name, const crypto::Ed25519Key& key, Seconds time);

/// A signature that verified.
struct Verified {
    std::size_t key = 0; ///< which of the keys given
    Seconds time = 0;    ///< of a cosignature; 0 otherwise. Of several, the latest
};

/// Verifies the lines of known keys and ignores the others. Refuses with note_signature when a
/// known key's line does not verify or when no line is by a known key. Each key comes once.
Result<std::vector<Verified>> verify_note(const Note& note, std::span<const VerifierKey> keys);

/// Verifies one line over a text.
bool verify_line(BytesView text, const NoteSignature& line, const VerifierKey& key);
/// The time in a cosignature's line, or 0 if it is none.
Seconds time_of(const NoteSignature& line, const VerifierKey& key);

/// A decimal number of ASCII digits without leading zeros, as all these formats write numbers.
std::optional<std::uint64_t> decimal_from(std::string_view text);

} // namespace comity::record
