// Sealing, opening and re-sealing items of evidence as streams, in flat memory whatever their
// size. Plaintext lives in memory only. Every opening checks the hashes in the signed manifest and
// the cipher's tag, and tells the caller only at the end whether what passed was genuine.
#pragma once

#include "crypto/cms.hpp"
#include "evidence/manifest.hpp"

#include <functional>
#include <span>

namespace comity::evidence {

/// Reads up to `size` bytes at `offset`; fewer only at the end of the stream.
using Source = std::function<Bytes(std::uint64_t offset, std::size_t size)>;
using crypto::Sink;

struct Sealed {
    std::uint64_t size = 0;
    Digest plain{};
    Digest sealed{};
    Bytes envelope; ///< the wrapped key, nonce and tag: destroy it and the data is gone
};

/// Encrypts a stream to its readers; ciphertext goes to `out` in blocks.
Sealed seal_stream(
    const Source& plaintext, std::span<const crypto::Certificate> readers, const Sink& out);

struct Key {
    const crypto::PrivateKey& key;
    const crypto::Certificate& certificate;
};

/// Decrypts a stream into `out` and verifies: ciphertext hash and size, envelope hash, tag,
/// plaintext hash, each against the item. `out` has seen unverified bytes when this refuses
/// (evidence_corrupt): the caller must not have shown them. With an empty `out` it only verifies.
Result<void> open_stream(
    const Item& item, BytesView envelope, const Key& key, const Source& ciphertext,
    const Sink& out);

/// Opens with one key and seals to other readers, without plaintext ever leaving memory. When it
/// refuses, what went to `out` is to be thrown away.
Result<Sealed> reseal_stream(
    const Item& item, BytesView envelope, const Key& key, const Source& ciphertext,
    std::span<const crypto::Certificate> readers, const Sink& out);

} // namespace comity::evidence
