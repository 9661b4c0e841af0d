// Keys by purpose, and the two ways of a secret.
#include "node/own_books.hpp"

#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

namespace comity::node {

Bytes own_key(const Node& node, std::string_view purpose) {
    return crypto::hkdf_sha256(
        node.mark_key(), {}, "comity " + std::string(purpose) + " v1", crypto::secret_key_bytes);
}

Bytes seal_own(
    const Node& node, std::string_view purpose, BytesView plaintext, std::string_view place) {
    return crypto::seal_secret(own_key(node, purpose), plaintext, place);
}

std::optional<Bytes> open_own(
    const Node& node, std::string_view purpose, BytesView sealed, std::string_view place) {
    return crypto::open_secret(own_key(node, purpose), sealed, place);
}

std::optional<json::Object> open_own_object(
    const Node& node, std::string_view purpose, BytesView sealed, std::string_view place,
    std::size_t bytes_max) {
    const auto plain = open_own(node, purpose, sealed, place);
    if (!plain) return std::nullopt;
    auto object = json::parse_object(*plain, bytes_max);
    if (!object) return std::nullopt;
    return std::move(*object);
}

std::int64_t counted(StoreReader& reader, std::string_view setting) {
    const auto count = reader.setting(setting);
    return count ? std::stoll(*count) : 0;
}

} // namespace comity::node
