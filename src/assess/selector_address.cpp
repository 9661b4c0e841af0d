// IPv4 and IPv6 addresses as selectors: one address, in its one text, that can belong to somebody.
// The documentation blocks (RFC 5737, RFC 3849, RFC 9637) are left in, because exercises are held
// with them.
#include "assess/selector.hpp"
#include "assess/selector_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace comity::assess {

namespace {

std::optional<std::array<std::uint8_t, 4>> ipv4_octets(std::string_view value) {
    std::array<std::uint8_t, 4> out{};
    for (std::size_t i = 0; i < 4; ++i) {
        std::size_t length = 0;
        unsigned number = 0;
        while (length < value.size() && length < 3 && is_digit(value[length]))
            number = number * 10 + static_cast<unsigned>(value[length++] - '0');
        if (length == 0 || number > 255 || (length > 1 && value.front() == '0'))
            return std::nullopt;
        out[i] = static_cast<std::uint8_t>(number);
        value.remove_prefix(length);
        if (i == 3) break;
        if (!value.starts_with('.')) return std::nullopt;
        value.remove_prefix(1);
    }
    if (!value.empty()) return std::nullopt;
    return out;
}

using Groups = std::array<std::uint16_t, 8>;

// RFC 4291 section 2.2, forms 1 and 2; the mixed form with a dotted tail is never canonical for an
// address that may stand in a request.
std::optional<Groups> ipv6_groups(std::string_view value) {
    std::array<std::uint16_t, 8> head{};
    std::size_t count = 0;
    std::optional<std::size_t> gap;
    if (value.starts_with("::")) {
        gap = 0;
        value.remove_prefix(2);
    }
    while (!value.empty()) {
        if (count == 8) return std::nullopt;
        std::size_t length = 0;
        unsigned number = 0;
        for (; length < value.size() && length < 5 && value[length] != ':'; ++length) {
            const char c = value[length];
            if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
                return std::nullopt;
            number =
                number * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        if (length == 0 || length > 4) return std::nullopt;
        head.at(count++) = static_cast<std::uint16_t>(number);
        value.remove_prefix(length);
        if (value.empty()) break;
        value.remove_prefix(1);
        if (value.starts_with(':')) {
            if (gap) return std::nullopt;
            gap = count;
            value.remove_prefix(1);
        } else if (value.empty()) {
            return std::nullopt;
        }
    }
    if (gap ? count > 7 : count != 8) return std::nullopt;
    Groups out{};
    const std::size_t before = gap.value_or(8);
    for (std::size_t i = 0; i < count; ++i)
        out.at(i < before ? i : 8 - count + i) = head.at(i);
    return out;
}

// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as "::", the
// first of equally long ones.
std::string ipv6_text(const Groups& groups) {
    std::size_t best = 8;
    std::size_t best_length = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t length = 0;
        while (i + length < 8 && groups.at(i + length) == 0)
            ++length;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            out += "::";
            i += best_length - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':') out += ':';
        out += fmt::format("{:x}", groups.at(i));
    }
    return out;
}

// RFC 6890 and the IANA registry of special-purpose addresses behind it: one row for each block,
// with what is wrong with an address of it.
struct Block4 {
    std::array<std::uint8_t, 4> address;
    unsigned bits;
    std::string_view problem;
};

constexpr std::string_view nobody =
    "belongs to no subscriber (this host, loopback, multicast, measurement or reserved)";
constexpr std::string_view private_use =
    "is private: thousands of networks use it; name the public address";

constexpr std::array blocks4 = std::to_array<Block4>({
    {{0, 0, 0, 0}, 8, nobody},
    {{10, 0, 0, 0}, 8, private_use},
    {{100, 64, 0, 0}, 10, "is inside a carrier's network; name the public address and port"},
    {{127, 0, 0, 0}, 8, nobody},
    {{169, 254, 0, 0}, 16, private_use},
    {{172, 16, 0, 0}, 12, private_use},
    {{192, 0, 0, 0}, 24, "is inside a carrier's network; name the public address and port"},
    {{192, 31, 196, 0}, 24, nobody},
    {{192, 52, 193, 0}, 24, nobody},
    {{192, 88, 99, 0}, 24, nobody},
    {{192, 168, 0, 0}, 16, private_use},
    {{192, 175, 48, 0}, 24, nobody},
    {{198, 18, 0, 0}, 15, nobody},
    {{224, 0, 0, 0}, 3, nobody},
});

std::uint32_t number(const std::array<std::uint8_t, 4>& octets) {
    std::uint32_t out = 0;
    for (const auto octet : octets)
        out = out << 8U | octet;
    return out;
}

} // namespace

Said ipv4_problem(std::string_view value) {
    if (value.find_first_of("/-,*") != std::string_view::npos)
        return say("is a range or a list; a selector names one address");
    const auto octets = ipv4_octets(value);
    if (!octets)
        return say("is not an IPv4 address in its usual form (four numbers without leading zeros)");
    for (const Block4& block : blocks4)
        if ((number(*octets) ^ number(block.address)) >> (32 - block.bits) == 0)
            return say(block.problem);
    return {};
}

Said ipv6_problem(std::string_view value) {
    if (value.find_first_of("/-,*") != std::string_view::npos)
        return say("is a range or a list; a selector names one address");
    if (value.find('%') != std::string_view::npos)
        return say("has a zone, which means something on one machine only");
    const auto groups = ipv6_groups(value);
    if (!groups) return say("is not an IPv6 address");
    const Groups& g = *groups;
    const auto zero = [&](std::size_t from, std::size_t to) {
        return std::all_of(g.begin() + from, g.begin() + to, [](auto x) { return x == 0; });
    };
    // RFC 4291, RFC 6052, RFC 8215, RFC 3056, RFC 4380: who had the IPv4 address is the question.
    if ((zero(0, 5) && g[5] == 0xFFFF) || (g[0] == 0x64 && g[1] == 0xFF9B) || g[0] == 0x2002 ||
        (g[0] == 0x2001 && g[1] == 0))
        return say("is an IPv4 address in disguise; write that one as ipv4, with its port");
    if (zero(0, 6)) return say("belongs to no subscriber (unspecified, loopback or reserved)");
    if ((g[0] & 0xFF00U) == 0xFF00U) return say("is a multicast address");
    if ((g[0] & 0xFF80U) == 0xFE80U || (g[0] & 0xFE00U) == 0xFC00U)
        return say("is private: many networks use it; name the public address");
    // Global unicast is 2000::/3, and in it 2001::/23 is for protocols (RFC 4291, RFC 6890).
    if ((g[0] & 0xE000U) != 0x2000U || (g[0] == 0x2001 && g[1] < 0x200))
        return say("belongs to no subscriber (outside the addresses given to networks)");
    // RFC 4291 section 2.6.1: such an address stands for the network, and so for everyone in it.
    if (zero(4, 8))
        return say("names a whole network (its last 64 bits are zero); name one address");
    if (const std::string canonical = ipv6_text(g); canonical != value)
        return say("is not in its one canonical text (RFC 5952)");
    return {};
}

} // namespace comity::assess
