// The strict DER reader: definite and shortest lengths only.
#include "crypto/der.hpp"

namespace comity::crypto::der {

namespace {

std::uint8_t byte_at(BytesView bytes, std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
}

std::optional<Element> read(BytesView bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const std::uint8_t tag = byte_at(bytes, 0);
    if ((tag & 0x1f) == 0x1f || tag == 0) return std::nullopt; // none of our formats needs them
    std::size_t length = byte_at(bytes, 1);
    std::size_t header = 2;
    if (length >= 0x80) {
        const std::size_t count = length & 0x7f;
        // 0x80 is the indefinite length of BER; four bytes of length are ample.
        if (count == 0 || count > 4 || bytes.size() < 2 + count) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < count; ++i)
            length = length << 8 | byte_at(bytes, 2 + i);
        header += count;
        const bool shortest = length >= 0x80 && (count == 1 || length >> (8 * (count - 1)) != 0);
        if (!shortest) return std::nullopt;
    }
    if (bytes.size() - header < length) return std::nullopt;
    return Element{tag, bytes.substr(header, length), bytes.substr(0, header + length)};
}

// Recursion is bounded by the depth. NOLINTNEXTLINE(misc-no-recursion)
bool all_well_formed(BytesView bytes, int depth) {
    while (!bytes.empty()) {
        const auto element = read(bytes);
        if (!element) return false;
        const bool is_constructed = (element->tag & 0x20) != 0;
        if (is_constructed && (depth == 0 || !all_well_formed(element->content, depth - 1)))
            return false;
        if (element->tag == integer_tag && !shortest_integer(element->content)) return false;
        if (element->tag == boolean_tag && element->content != BytesView("\x00", 1) &&
            element->content != "\xff")
            return false;
        bytes.remove_prefix(element->whole.size());
    }
    return true;
}

} // namespace

Element Cursor::any() {
    const auto element = ok_ ? read(rest_) : std::nullopt;
    if (!element) {
        ok_ = false;
        return {};
    }
    rest_.remove_prefix(element->whole.size());
    return *element;
}

Element Cursor::take(std::uint8_t tag) {
    if (at(tag)) return any();
    ok_ = false;
    return {};
}

Cursor Cursor::enter(std::uint8_t tag) {
    const Element element = take(tag);
    Cursor inside(element.content);
    if (!ok_) inside.fail();
    return inside;
}

bool well_formed(BytesView bytes) {
    const auto element = read(bytes);
    return element && element->whole.size() == bytes.size() && all_well_formed(bytes, 16);
}

bool shortest_integer(BytesView content) {
    if (content.empty()) return false;
    if (content.size() == 1) return true;
    const bool high = (byte_at(content, 1) & 0x80) != 0;
    if (byte_at(content, 0) == 0x00) return high;
    if (byte_at(content, 0) == 0xff) return !high;
    return true;
}

Bytes element(std::uint8_t tag, BytesView content) {
    Bytes out(1, static_cast<char>(tag));
    const std::size_t size = content.size();
    if (size < 0x80) {
        out.push_back(static_cast<char>(size));
    } else {
        Bytes length;
        for (std::size_t rest = size; rest != 0; rest >>= 8)
            length.insert(length.begin(), static_cast<char>(rest & 0xff));
        out.push_back(static_cast<char>(0x80 | length.size()));
        out += length;
    }
    out += content;
    return out;
}

} // namespace comity::crypto::der
