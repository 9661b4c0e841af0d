// A short secret of this node's own, sealed under a key it holds (XChaCha20-Poly1305 of libsodium):
// for what its database keeps and nobody else reads. For what others read, see cms.hpp.
#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string_view>

namespace comity::crypto {

inline constexpr std::size_t secret_key_bytes = 32;

/// Nonce, ciphertext and tag. `place` says where it belongs: it opens nowhere else.
Bytes seal_secret(BytesView key, BytesView plaintext, std::string_view place);

/// Nothing when the key or the place is another, or a bit was changed.
std::optional<Bytes> open_secret(BytesView key, BytesView sealed, std::string_view place);

} // namespace comity::crypto
