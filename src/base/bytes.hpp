// Byte strings and their text forms. Bytes are held in std::string: the JSON, SQL and HTTP layers
// speak it, and nothing here relies on a terminating zero.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace comity {

using Bytes = std::string;
using BytesView = std::string_view;

/// A SHA-256 value. Compared and ordered bytewise.
using Digest = std::array<std::uint8_t, 32>;

inline BytesView view(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The digest held in exactly 32 bytes, or nothing for any other length.
std::optional<Digest> digest_from(BytesView bytes);

std::string to_hex(BytesView bytes);
/// Lower-case hexadecimal only, even length.
std::optional<Bytes> from_hex(std::string_view text);

/// Standard base64 with padding (RFC 4648 section 4).
std::string to_base64(BytesView bytes);
/// Strict: padding required, no white space, unused bits zero; so each value has one text.
std::optional<Bytes> from_base64(std::string_view text);

/// base64url without padding (RFC 4648 section 5, as RFC 7515 uses it).
std::string to_base64url(BytesView bytes);
/// Strict: no padding, no white space, unused bits zero.
std::optional<Bytes> from_base64url(std::string_view text);

/// The text form of a hash in our documents: base64url without padding, 43 characters.
inline std::string text(const Digest& digest) {
    return to_base64url(view(digest));
}

std::optional<Digest> digest_from_text(std::string_view text);

/// True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(BytesView bytes);

/// Big-endian integers, for the formats that want them.
void put_be16(Bytes& out, std::uint16_t value);
void put_be32(Bytes& out, std::uint32_t value);
void put_be64(Bytes& out, std::uint64_t value);

} // namespace comity
