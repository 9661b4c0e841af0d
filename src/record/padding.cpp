// Padding: the commitment of an act to a text that no act has.
#include "record/padding.hpp"

#include "base/check.hpp"
#include "crypto/hash.hpp"

namespace comity::record {

Bytes padding_nonce(BytesView record_secret, std::int64_t index) {
    CHECK_THAT(index >= 0);
    const Bytes key = crypto::hkdf_sha256(record_secret, {}, padding_text, 32);
    return Bytes(view(crypto::hmac_sha256(key, std::to_string(index))));
}

Bytes padding_leaf(BytesView record_secret, std::int64_t index) {
    return act_leaf(padding_nonce(record_secret, index), padding_text);
}

bool is_padding(BytesView entry, BytesView record_secret, std::int64_t index) {
    return entry == padding_leaf(record_secret, index);
}

} // namespace comity::record
