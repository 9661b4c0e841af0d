// SHA-256, HMAC, HKDF and randomness. Pure but for random_bytes. Safe from many threads.
#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

namespace comity::crypto {

Digest sha256(BytesView bytes);

/// SHA-256(domain || 0x00 || part || part …). The domain names the use, so a hash made for one
/// purpose is never valid for another. Parts of variable length are the caller's to delimit.
Digest tagged_hash(std::string_view domain, std::initializer_list<BytesView> parts);

/// Incremental SHA-256 for streams.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(BytesView bytes);
    /// Ends the computation; the object is then fresh for the next one.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// RFC 6962 section 2.1: SHA-256(0x00 || entry).
Digest merkle_leaf(BytesView entry);
/// RFC 6962 section 2.1: SHA-256(0x01 || left || right).
Digest merkle_node(const Digest& left, const Digest& right);
/// out[i] = merkle_node(in[2i], in[2i+1]) for in.size()/2 pairs. `out` may begin where `in`
/// begins. Uses the processor's SHA instructions, two streams at once, where it has them.
void merkle_level(std::span<const Digest> in, std::span<Digest> out);
/// out[i] = merkle_leaf of 32-byte entries is not common; leaves of any length:
void merkle_leaves(std::span<const Bytes> entries, std::span<Digest> out);

/// A chain of merkle_node from `start` up: siblings[i] stands on the left where bit i of `left` is
/// set, else on the right. At most 64 siblings.
struct Climb {
    Digest start{};
    std::span<const Digest> siblings;
    std::uint64_t left = 0;
};

/// out[i] = where climb i ends. Two chains run interleaved where the processor can; each by itself
/// would leave it idle half of the time.
void merkle_climbs(std::span<const Climb> in, std::span<Digest> out);

Digest hmac_sha256(BytesView key, BytesView message);
/// RFC 5869, `size` at most 255 * 32.
Bytes hkdf_sha256(BytesView secret, BytesView salt, std::string_view info, std::size_t size);

/// From the operating system's generator. Faults if there is none.
Bytes random_bytes(std::size_t size);
/// 26 lower-case base32 characters from 128 random bits: for case ids and pseudonyms.
std::string random_name();
/// For case ids, 26 characters too: nine for the millisecond, which sort as it does (to the year
/// 3084), and seventeen from 85 random bits. Cases opened one after the other lie side by side in
/// every index of a store. It tells the time of the opening, as the header of the first act does.
std::string random_name(Instant when);

/// Takes the same time whatever the bytes; false for unequal lengths.
bool equal_in_constant_time(BytesView a, BytesView b);

} // namespace comity::crypto
