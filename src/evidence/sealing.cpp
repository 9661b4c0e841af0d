// Streams of evidence through CMS and SHA-256.
#include "evidence/sealing.hpp"

#include "crypto/hash.hpp"

#include <fmt/format.h>

namespace comity::evidence {

namespace {

// Large enough that per-block costs vanish, small enough that several streams stay far below the
// 64 MiB that evidence may use.
constexpr std::size_t block_bytes = 256 * 1024;

tl::unexpected<Refusal> corrupt(const Item& item, const Said& what) {
    return refuse(Code::evidence_corrupt, say("{}: {}", item.name, what));
}

} // namespace

Sealed seal_stream(
    const Source& plaintext, std::span<const crypto::Certificate> readers, const Sink& out) {
    Sealed sealed;
    crypto::Sha256 plain_hash;
    crypto::Sha256 sealed_hash;
    crypto::StreamSealer sealer(readers, [&](BytesView block) {
        sealed_hash.update(block);
        out(block);
    });
    for (;;) {
        const Bytes block = plaintext(sealed.size, block_bytes);
        if (block.empty()) break;
        plain_hash.update(block);
        sealer.update(block);
        sealed.size += block.size();
    }
    sealed.envelope = sealer.finish();
    sealed.plain = plain_hash.finish();
    sealed.sealed = sealed_hash.finish();
    return sealed;
}

Result<void> open_stream(
    const Item& item, BytesView envelope, const Key& key, const Source& ciphertext,
    const Sink& out) {
    if (crypto::sha256(envelope) != item.envelope)
        return corrupt(item, say("the envelope does not have the hash in the manifest"));
    crypto::Sha256 plain_hash;
    crypto::Sha256 sealed_hash;
    TRY(auto opener,
        crypto::StreamOpener::open(envelope, key.key, key.certificate, [&](BytesView block) {
            plain_hash.update(block);
            if (out) out(block);
        }));
    std::uint64_t size = 0;
    for (;;) {
        const Bytes block = ciphertext(size, block_bytes);
        if (block.empty()) break;
        size += block.size();
        if (size > item.size)
            return corrupt(item, say("the ciphertext is longer than the manifest says"));
        sealed_hash.update(block);
        opener.update(block);
    }
    if (size != item.size)
        return corrupt(item, say("the ciphertext is shorter than the manifest says"));
    if (sealed_hash.finish() != item.sealed)
        return corrupt(item, say("the ciphertext does not have the hash in the manifest"));
    if (auto finished = opener.finish(); !finished) return corrupt(item, finished.error().facts);
    if (plain_hash.finish() != item.plain)
        return corrupt(item, say("what was opened does not have the hash in the manifest"));
    return {};
}

Result<Sealed> reseal_stream(
    const Item& item, BytesView envelope, const Key& key, const Source& ciphertext,
    std::span<const crypto::Certificate> readers, const Sink& out) {
    Sealed sealed;
    crypto::Sha256 sealed_hash;
    crypto::StreamSealer sealer(readers, [&](BytesView block) {
        sealed_hash.update(block);
        out(block);
    });
    TRY_VOID(open_stream(
        item, envelope, key, ciphertext, [&](BytesView block) { sealer.update(block); }));
    sealed.envelope = sealer.finish();
    sealed.size = item.size;
    sealed.plain = item.plain;
    sealed.sealed = sealed_hash.finish();
    return sealed;
}

} // namespace comity::evidence
