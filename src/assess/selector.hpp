// Selectors: what names the account, address or device that data is asked about. Typed and checked
// (F8): a selector names one thing, so wildcards, ranges, lists, places and keywords cannot be
// said. Each selector has one text, so that two of them are equal exactly when their texts are.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/said.hpp"
#include "base/time.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace comity::assess {

struct Selector {
    std::string type; ///< email, phone, account, ipv4, ipv6, device, url, domain
    std::string value;
    std::string space;                ///< `namespace` in the form: whose names these are
    std::optional<std::int64_t> port; ///< of an address that several people share
    std::optional<Instant> seen_at;   ///< when the address was seen; required for addresses

    auto operator<=>(const Selector&) const = default;
};

/// Each gives an empty text when the value is good, else one sentence without the full stop that
/// says what is wrong and what would be right.
Said email_problem(std::string_view value);  ///< RFC 5321 dot-string, RFC 6531
Said phone_problem(std::string_view value);  ///< ITU-T E.164
Said ipv4_problem(std::string_view value);   ///< RFC 791, RFC 6890
Said ipv6_problem(std::string_view value);   ///< RFC 4291, canonical by RFC 5952
Said domain_problem(std::string_view value); ///< RFC 1123, RFC 5890
Said url_problem(std::string_view value);    ///< RFC 3986, http and https
Said account_problem(std::string_view value, std::string_view space);
Said device_problem(std::string_view value, std::string_view space);

/// The whole selector: the value by its type, and which of namespace, port and time belong to it.
Said problem(const Selector& selector);

/// The selector, if it is good. Refuses with finding_not_met (F8).
Result<Selector> checked(Selector selector);

/// Reads the member `selector` of a grid row and checks it. Refuses with finding_not_met (F8).
Result<Selector> read_selector(const json::Object& object);

/// As it stands in a grid row.
json::Object print_selector(const Selector& selector);

/// For people and refusals: `email jan@nimbus.example`.
std::string text(const Selector& selector);

} // namespace comity::assess
