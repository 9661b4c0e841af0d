// Signed notes, their keys and cosignatures, read strictly: what is printed again is what was read.
#include "record/note.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace comity::record {

namespace {

constexpr std::string_view line_start = "\xe2\x80\x94 "; // U+2014 and a space
constexpr std::string_view private_start = "PRIVATE+KEY+";
constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;
constexpr std::size_t ml_dsa_44_key_bytes = 1312;
constexpr std::size_t time_bytes = 8;

tl::unexpected<Refusal> malformed(Said facts) {
    return refuse(Code::note_malformed, std::move(facts));
}

bool has_control(BytesView bytes) {
    return std::ranges::any_of(
        bytes, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

std::uint32_t be32(BytesView bytes) {
    std::uint32_t value = 0;
    for (const char c : bytes.substr(0, 4))
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

std::uint64_t be64(BytesView bytes) {
    return std::uint64_t{be32(bytes)} << 32 | be32(bytes.substr(4));
}

std::uint32_t key_id(std::string_view name, KeyType type, BytesView public_key) {
    Bytes input;
    // Of ECDSA keys the identifier is the hash of the DER SPKI alone (signed-note, 0x02).
    if (type != KeyType::ecdsa) {
        input = name;
        input += '\n';
        input += static_cast<char>(type);
    }
    input += public_key;
    return be32(view(crypto::sha256(input)));
}

Bytes id_bytes(const VerifierKey& key) {
    Bytes four;
    put_be32(four, key.id);
    return four;
}

VerifierKey make_key(std::string_view name, KeyType type, BytesView public_key) {
    CHECK_THAT(is_key_name(name));
    return {std::string(name), key_id(name, type, public_key), type, Bytes(public_key)};
}

// The signed message of tlog-cosignature, cosignature/v1.
Bytes cosigned_message(BytesView text, Seconds time) {
    Bytes message = "cosignature/v1\ntime " + std::to_string(time) + "\n";
    message += text;
    return message;
}

std::optional<KeyType> type_from(char byte) {
    switch (const auto type = static_cast<KeyType>(byte)) {
    case KeyType::ed25519:
    case KeyType::ecdsa:
    case KeyType::cosignature_v1:
    case KeyType::tree_head:
    case KeyType::ml_dsa_44: return type;
    }
    return std::nullopt;
}

bool has_key_length(KeyType type, std::size_t bytes) {
    switch (type) {
    case KeyType::ed25519:
    case KeyType::cosignature_v1: return bytes == ed25519_key_bytes;
    case KeyType::ml_dsa_44: return bytes == ml_dsa_44_key_bytes;
    case KeyType::ecdsa:
    case KeyType::tree_head: break;
    }
    return bytes > 0;
}

} // namespace

std::optional<std::uint64_t> decimal_from(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

bool is_key_name(std::string_view name) {
    // The code points with the property White_Space above U+0020, as UTF-8.
    constexpr std::array<std::string_view, 18> spaces{
        "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
        "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
        "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f"};
    constexpr std::string_view ideographic_space = "\xe3\x80\x80";
    if (name.empty() || !is_utf8(name)) return false;
    for (const char c : name)
        if (static_cast<unsigned char>(c) <= 0x20 || c == '+') return false;
    return name.find(ideographic_space) == std::string_view::npos &&
           std::ranges::none_of(spaces, [&](std::string_view space) {
               return name.find(space) != std::string_view::npos;
           });
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
    // Base64 has plus signs of its own, so only the first two separate.
    const std::size_t first = text.find('+');
    const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return malformed(say("a key is name+id+base64"));
    const std::string_view name = text.substr(0, first);
    if (!is_key_name(name)) return malformed(say("the key's name is empty or has spaces"));
    const auto id = from_hex(text.substr(first + 1, second - first - 1));
    if (!id || id->size() != 4) return malformed(say("a key's id is eight hexadecimal digits"));
    const auto material = from_base64(text.substr(second + 1));
    if (!material || material->empty()) return malformed(say("the key is not base64"));
    const auto type = type_from(material->front());
    if (!type) return malformed(say("the key's type is not known"));
    VerifierKey key{std::string(name), be32(*id), *type, material->substr(1)};
    if (!has_key_length(*type, key.public_key.size()))
        return malformed(say("a key of {} bytes", key.public_key.size()));
    if (key.id != key_id(name, *type, key.public_key))
        return malformed(say("the key's id does not belong to the key"));
    return key;
}

std::string VerifierKey::text() const {
    Bytes material(1, static_cast<char>(type));
    material += public_key;
    return name + "+" + to_hex(id_bytes(*this)) + "+" + to_base64(material);
}

Result<SigningKey> SigningKey::parse(std::string_view text) {
    if (!text.starts_with(private_start)) return malformed(say("this is no private key"));
    text.remove_prefix(private_start.size());
    const std::size_t first = text.find('+');
    const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return malformed(say("this is no private key"));
    const auto material = from_base64(text.substr(second + 1));
    if (!is_key_name(text.substr(0, first)) || !material ||
        material->size() != 1 + ed25519_key_bytes ||
        material->front() != static_cast<char>(KeyType::ed25519))
        return malformed(say("this is no private key"));
    TRY(auto key, crypto::Ed25519Key::from_seed(BytesView(*material).substr(1)));
    SigningKey out{std::string(text.substr(0, first)), std::move(key)};
    if (to_hex(id_bytes(log_key(out.name, out.key))) != text.substr(first + 1, second - first - 1))
        return malformed(say("the key's id does not belong to the key"));
    return out;
}

Bytes SigningKey::text() const {
    Bytes material(1, static_cast<char>(KeyType::ed25519));
    material += key.seed();
    return Bytes(private_start) + name + "+" + to_hex(id_bytes(log_key(name, key))) + "+" +
           to_base64(material);
}

bool VerifierKey::is_usable() const {
    return type == KeyType::ed25519 || type == KeyType::cosignature_v1;
}

VerifierKey log_key(std::string_view name, const crypto::Ed25519Key& key) {
    return make_key(name, KeyType::ed25519, key.public_key());
}

VerifierKey witness_key(std::string_view name, const crypto::Ed25519Key& key) {
    return make_key(name, KeyType::cosignature_v1, key.public_key());
}

std::string NoteSignature::line() const {
    Bytes blob;
    put_be32(blob, id);
    blob += signature;
    return std::string(line_start) + name + " " + to_base64(blob) + "\n";
}

Result<NoteSignature> NoteSignature::parse(std::string_view line) {
    if (!line.starts_with(line_start)) return malformed(say("a signature line begins with a dash"));
    line.remove_prefix(line_start.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos)
        return malformed(say("a signature line has name and base64"));
    const std::string_view name = line.substr(0, space);
    if (!is_key_name(name)) return malformed(say("a signature's name is empty or has spaces"));
    const auto blob = from_base64(line.substr(space + 1));
    if (!blob || blob->size() < 5)
        return malformed(say("a signature is not base64 of an id and more"));
    return NoteSignature{std::string(name), be32(*blob), blob->substr(4)};
}

Result<Note> Note::parse(BytesView bytes) {
    if (bytes.size() > limits::note_bytes)
        return malformed(say("a note of {} bytes", bytes.size()));
    if (!is_utf8(bytes) || has_control(bytes))
        return malformed(say("a note is UTF-8 without control characters"));
    // The text may have empty lines itself; the last one separates.
    const std::size_t separator = bytes.rfind("\n\n");
    if (separator == BytesView::npos) return malformed(say("no empty line before the signatures"));
    Note note;
    note.text = bytes.substr(0, separator + 1);
    BytesView lines = bytes.substr(separator + 2);
    if (lines.empty()) return malformed(say("no signature"));
    if (!lines.ends_with('\n')) return malformed(say("no newline at the end"));
    while (!lines.empty()) {
        if (note.signatures.size() == limits::note_signatures)
            return malformed(say("over {} signatures", limits::note_signatures));
        const std::size_t end = lines.find('\n');
        TRY(auto signature, NoteSignature::parse(lines.substr(0, end)));
        note.signatures.push_back(std::move(signature));
        lines.remove_prefix(end + 1);
    }
    return note;
}

Bytes Note::print() const {
    Bytes out = text + "\n";
    for (const NoteSignature& signature : signatures)
        out += signature.line();
    return out;
}

NoteSignature sign_note(BytesView text, std::string_view name, const crypto::Ed25519Key& key) {
    CHECK_THAT(text.ends_with('\n'));
    return {std::string(name), log_key(name, key).id, key.sign(text)};
}

NoteSignature cosign_note(
    BytesView text, std::string_view name, const crypto::Ed25519Key& key, Seconds time) {
    CHECK_THAT(text.ends_with('\n') && time >> 63 == 0);
    Bytes signature;
    put_be64(signature, time);
    signature += key.sign(cosigned_message(text, time));
    return {std::string(name), witness_key(name, key).id, std::move(signature)};
}

bool verify_line(BytesView text, const NoteSignature& line, const VerifierKey& key) {
    if (line.name != key.name || line.id != key.id) return false;
    const BytesView signature = line.signature;
    switch (key.type) {
    case KeyType::ed25519:
        return signature.size() == ed25519_signature_bytes &&
               crypto::verify_ed25519(key.public_key, text, signature);
    case KeyType::cosignature_v1: {
        if (signature.size() != time_bytes + ed25519_signature_bytes) return false;
        const Seconds time = be64(signature);
        if (time >> 63 != 0) return false; // tlog-cosignature: at most 2^63 - 1
        return crypto::verify_ed25519(
            key.public_key, cosigned_message(text, time), signature.substr(time_bytes));
    }
    case KeyType::ecdsa:
    case KeyType::tree_head:
    case KeyType::ml_dsa_44: break;
    }
    return false;
}

Seconds time_of(const NoteSignature& line, const VerifierKey& key) {
    if (key.type != KeyType::cosignature_v1 || line.signature.size() < time_bytes) return 0;
    return be64(line.signature);
}

Result<std::vector<Verified>> verify_note(const Note& note, std::span<const VerifierKey> keys) {
    std::vector<Verified> verified;
    for (const NoteSignature& line : note.signatures) {
        bool is_known = false;
        bool is_good = false;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            // A key of a type that cannot be verified here is as unknown as any other.
            if (!keys[i].is_usable() || line.name != keys[i].name || line.id != keys[i].id)
                continue;
            is_known = true;
            if (!verify_line(note.text, line, keys[i])) continue;
            is_good = true;
            const Seconds time = time_of(line, keys[i]);
            const auto before = std::ranges::find(verified, i, &Verified::key);
            if (before == verified.end())
                verified.push_back({i, time});
            else
                before->time = std::max(before->time, time);
        }
        if (is_known && !is_good)
            return refuse(Code::note_signature, say("the signature of {} is wrong", line.name));
    }
    if (verified.empty()) return refuse(Code::note_signature, say("no signature by a known key"));
    return verified;
}

} // namespace comity::record
