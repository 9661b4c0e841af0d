// The manifest of a production or release: what each item is, by hashes and by the cell of the
// authorised grid it answers. It is part of the sealed act, so whoever holds the act can check the
// bytes; a name in it is a label for people and never a path.
#pragma once

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/refusal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace comity::evidence {

struct Item {
    std::string name; ///< as the provider calls it; 1 to 255 bytes of UTF-8, shown, never used
    std::uint64_t size =
        0; ///< of plaintext and ciphertext alike (GCM adds nothing to a detached one)
    std::string media_type;
    Digest plain{};        ///< SHA-256 of the plaintext
    Digest sealed{};       ///< SHA-256 of the ciphertext
    Digest envelope{};     ///< SHA-256 of the detached CMS envelope, which holds the wrapped key
    std::int64_t cell = 0; ///< row of the authorised grid, counted from 0

    bool operator==(const Item&) const = default;
};

/// The value of the form field `items`.
json::Array print_items(const std::vector<Item>& items);
/// Strict; refuses with form_invalid: unknown members, sizes over the limit, an item twice.
Result<std::vector<Item>> parse_items(const json::Array& items);

/// The hash that `receive` confirms: over the printed items.
Digest manifest_hash(const std::vector<Item>& items);

} // namespace comity::evidence
