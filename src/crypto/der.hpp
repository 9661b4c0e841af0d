// Internal to the room: a small strict reader of DER (X.690). OpenSSL's parsers accept more than
// DER, so what comes from outside passes here first; one value then has one encoding.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace comity::crypto::der {

inline constexpr std::uint8_t boolean_tag = 0x01;
inline constexpr std::uint8_t integer_tag = 0x02;
inline constexpr std::uint8_t bit_string_tag = 0x03;
inline constexpr std::uint8_t octet_string_tag = 0x04;
inline constexpr std::uint8_t null_tag = 0x05;
inline constexpr std::uint8_t oid_tag = 0x06;
inline constexpr std::uint8_t sequence_tag = 0x30;
inline constexpr std::uint8_t set_tag = 0x31;

/// [number], constructed or primitive.
constexpr std::uint8_t constructed(unsigned number) {
    return static_cast<std::uint8_t>(0xa0 | number);
}

constexpr std::uint8_t primitive(unsigned number) {
    return static_cast<std::uint8_t>(0x80 | number);
}

struct Element {
    std::uint8_t tag = 0;
    BytesView content;
    BytesView whole; ///< with tag and length
};

/// Takes elements off the front of `rest`. After the first error everything yields nothing.
class Cursor {
public:
    explicit Cursor(BytesView bytes) : rest_(bytes) {}

    /// The next element if it has this tag; otherwise the cursor has failed.
    Element take(std::uint8_t tag);
    /// The next element, of any tag.
    Element any();
    /// The content of the next element as a cursor of its own.
    Cursor enter(std::uint8_t tag);

    /// True when the next element has this tag.
    [[nodiscard]] bool at(std::uint8_t tag) const {
        return ok_ && !rest_.empty() && static_cast<std::uint8_t>(rest_[0]) == tag;
    }

    [[nodiscard]] bool ok() const { return ok_; }

    [[nodiscard]] bool more() const { return ok_ && !rest_.empty(); }

    /// True when nothing failed and nothing is left.
    [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

    void fail() { ok_ = false; }

private:
    BytesView rest_;
    bool ok_ = true;
};

/// True when `bytes` are exactly one element, and each element inside it is in DER: definite,
/// shortest lengths; shortest integers; booleans 00 or FF. Depth at most 16.
bool well_formed(BytesView bytes);

/// True for an integer's content without needless leading octets.
bool shortest_integer(BytesView content);

/// One element with its tag and length.
Bytes element(std::uint8_t tag, BytesView content);

} // namespace comity::crypto::der
