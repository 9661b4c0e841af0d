// The registries of special addresses, as tables.
#include "post/address.hpp"

#include "base/number.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace comity::post {

namespace {

struct Block {
    std::array<unsigned char, 16> base;
    unsigned bits;
};

bool begins_alike(
    const std::array<unsigned char, 16>& a, const std::array<unsigned char, 16>& b, unsigned bits) {
    const unsigned whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    const unsigned rest = bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<unsigned char>(0xff00U >> rest);
    return ((a.at(whole) ^ b.at(whole)) & mask) == 0;
}

// IANA's IPv4 Special-Purpose Address Registry (RFC 6890), what is not globally reachable; with
// multicast and what is reserved, and one public address that is a cloud's inside of the machine.
constexpr auto closed_v4 = std::to_array<Block>({
    {{0}, 8},                 // "this network" (RFC 791); Linux takes 0.0.0.0 for itself
    {{10}, 8},                // private use (RFC 1918)
    {{100, 64}, 10},          // shared, of carriers (RFC 6598)
    {{127}, 8},               // loopback
    {{168, 63, 129, 16}, 32}, // metadata of Azure's machines
    {{169, 254}, 16},         // link-local (RFC 3927), with most clouds' metadata
    {{172, 16}, 12},          // private use
    {{192, 0, 0}, 24},        // IETF protocols (RFC 6890), with 192.0.0.192 of Oracle's cloud
    {{192, 0, 2}, 24},        // documentation (RFC 5737)
    {{192, 31, 196}, 24},     // AS112 (RFC 7535): answered by whoever is nearest
    {{192, 52, 193}, 24},     // AMT (RFC 7450)
    {{192, 88, 99}, 24},      // 6to4 relays (RFC 7526)
    {{192, 168}, 16},         // private use
    {{192, 175, 48}, 24},     // AS112 (RFC 7534)
    {{198, 18}, 15},          // benchmarking (RFC 2544)
    {{198, 51, 100}, 24},     // documentation
    {{203, 0, 113}, 24},      // documentation
    {{224}, 4},               // multicast (RFC 5771)
    {{240}, 4},               // reserved (RFC 1112), with the broadcast address
});

// Of IPv6 only what is handed out for global unicast (2000::/3) is public, but for these in it.
constexpr Block global_v6{{0x20}, 3};
constexpr auto closed_v6 = std::to_array<Block>({
    {{0x20, 0x01, 0x00}, 23},                   // IETF protocols (RFC 2928): Teredo, ORCHID, …
    {{0x20, 0x01, 0x0d, 0xb8}, 32},             // documentation (RFC 3849)
    {{0x20, 0x02}, 16},                         // 6to4 (RFC 3056): an IPv4 address inside
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48}, // AS112
    {{0x3f, 0xfe}, 16},                         // once the 6bone, given back (RFC 3701)
    {{0x3f, 0xff, 0x00}, 20},                   // documentation (RFC 9637)
});

bool within(const Address& address, const Block& block) {
    return begins_alike(address.bytes, block.base, block.bits);
}

// ISATAP (RFC 5214) writes an IPv4 address into the lower half of any prefix.
bool is_isatap(const Address& address) {
    const auto& b = address.bytes;
    return (b[8] == 0x00 || b[8] == 0x02) && b[9] == 0x00 && b[10] == 0x5e && b[11] == 0xfe;
}

} // namespace

std::optional<Address> Address::parse(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    const std::string owned(text);
    Address out;
    if (::inet_pton(AF_INET, owned.c_str(), out.bytes.data()) == 1) return out;
    out.v6 = true;
    if (::inet_pton(AF_INET6, owned.c_str(), out.bytes.data()) == 1) return out;
    return std::nullopt;
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), buffer.data(), buffer.size());
    return buffer.data();
}

Result<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash));
    Network out;
    const unsigned most = address && address->v6 ? 128 : 32;
    std::optional<std::int64_t> bits = most;
    if (slash != std::string_view::npos) bits = whole_number(text.substr(slash + 1), 3);
    if (!address || !bits || *bits > most)
        return refuse(
            Code::setting_invalid,
            fmt::format("\"{}\" is no network such as 10.20.0.0/16 or fd12:3456::/32", text));
    out.base_ = *address;
    out.bits_ = static_cast<unsigned>(*bits);
    // A slip of the pen (10.20.0.1/8) must not open more than was meant.
    auto rest = address->bytes;
    for (unsigned bit = out.bits_; bit < most; ++bit)
        if ((rest.at(bit / 8) >> (7 - bit % 8) & 1) != 0)
            return refuse(
                Code::setting_invalid,
                fmt::format("{} has more than the first {} bits of an address", text, out.bits_));
    return out;
}

bool Network::holds(const Address& address) const {
    return address.v6 == base_.v6 && begins_alike(address.bytes, base_.bytes, bits_);
}

bool is_public(const Address& address) {
    const auto closes = [&](const Block& block) {
        return within(address, block);
    };
    if (!address.v6) return std::none_of(closed_v4.begin(), closed_v4.end(), closes);
    return within(address, global_v6) && !is_isatap(address) &&
           std::none_of(closed_v6.begin(), closed_v6.end(), closes);
}

bool may_call(const Address& address, const std::vector<Network>& named) {
    return is_public(address) || std::any_of(named.begin(), named.end(), [&](const auto& network) {
               return network.holds(address);
           });
}

} // namespace comity::post
