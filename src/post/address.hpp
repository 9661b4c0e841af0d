// Which addresses a node calls on somebody's word. Those of the open internet, and networks that
// the settings name; nothing that leads back into the machine or the network it stands in (T50).
#pragma once

#include "base/refusal.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::post {

/// An address of IPv4 or IPv6, as it is called and not as somebody wrote it.
struct Address {
    bool v6 = false;
    std::array<unsigned char, 16> bytes{}; ///< the first four of IPv4, all of IPv6

    /// From the one usual text form of each (RFC 4291, RFC 5952 or longer); nothing for anything
    /// else: numbers with a leading zero, in hexadecimal or with fewer parts are no text form.
    static std::optional<Address> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    bool operator==(const Address&) const = default;
};

/// A network as the settings name it: 10.20.0.0/16, fd12:3456::/32, or one address.
class Network {
public:
    static Result<Network> parse(std::string_view text);

    /// An IPv4 network holds no IPv6 spelling of its addresses.
    [[nodiscard]] bool holds(const Address& address) const;

private:
    Address base_;
    unsigned bits_ = 0;
};

/// Whether it is an address of the open internet: globally reachable by the registries of RFC 6890,
/// and nothing that stands for an IPv4 address inside IPv6, whatever that is (mapped, compatible,
/// translated, 6to4, Teredo), because who translates may lead it anywhere.
bool is_public(const Address& address);

/// Public, or in one of the networks that the settings name.
bool may_call(const Address& address, const std::vector<Network>& named);

} // namespace comity::post
