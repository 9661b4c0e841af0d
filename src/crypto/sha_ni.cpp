// SHA-256 (FIPS 180-4) with the processor's SHA instructions, two messages interleaved: one
// stream leaves the unit idle half of the time, because each round waits for the one before.
#include "crypto/sha_ni.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)

#    include <cpuid.h>
#    include <immintrin.h>

#    define COMITY_SHA __attribute__((target("sha,sse4.1,ssse3")))
#    if defined(__clang__)
#        define COMITY_UNROLL _Pragma("clang loop unroll(full)")
#    else
#        define COMITY_UNROLL _Pragma("GCC unroll 16")
#    endif

// This part of the file is for one processor family on purpose.
// NOLINTBEGIN(portability-simd-intrinsics)
namespace comity::crypto::sha_ni {

namespace {

constexpr std::size_t block_bytes = 64;

alignas(16) constexpr std::uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The initial state in the order the instructions want: A B E F and C D G H, highest word first.
alignas(16) constexpr std::uint32_t start_abef[4] = {
    0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667};
alignas(16) constexpr std::uint32_t start_cdgh[4] = {
    0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372};

inline const __m128i* vectors(const void* bytes) {
    return static_cast<const __m128i*>(bytes);
}

#    define COMITY_INLINE COMITY_SHA inline __attribute__((always_inline))

// One message on its way through the rounds.
struct Stream {
    __m128i abef;
    __m128i cdgh;
    __m128i words[4]; ///< words[i % 4] holds W[4i .. 4i+3]
};

COMITY_INLINE __m128i swap_bytes(__m128i words) {
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

// Rounds 4i to 4i + 3 of one stream; the block's own words stand in stream.words before the first.
COMITY_INLINE void four_rounds(Stream& stream, std::size_t i) {
    __m128i& now = stream.words[i % 4];
    if (i >= 4) {
        const __m128i last = stream.words[(i + 3) % 4];
        const __m128i seven_back = _mm_alignr_epi8(last, stream.words[(i + 2) % 4], 4);
        now = _mm_sha256msg1_epu32(now, stream.words[(i + 1) % 4]);
        now = _mm_sha256msg2_epu32(_mm_add_epi32(now, seven_back), last);
    }
    const __m128i sum = _mm_add_epi32(now, _mm_load_si128(vectors(round_constants + 4 * i)));
    stream.cdgh = _mm_sha256rnds2_epu32(stream.cdgh, stream.abef, sum);
    stream.abef = _mm_sha256rnds2_epu32(stream.abef, stream.cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

// A hash in two registers, its bytes as they stand in memory.
struct Hash {
    __m128i low;
    __m128i high;
};

COMITY_INLINE Hash load(const Digest& digest) {
    const auto* from = vectors(digest.data());
    return {_mm_loadu_si128(from), _mm_loadu_si128(from + 1)};
}

COMITY_INLINE void save(const Hash& hash, Digest& out) {
    auto* to = reinterpret_cast<__m128i*>(out.data());
    _mm_storeu_si128(to, hash.low);
    _mm_storeu_si128(to + 1, hash.high);
}

COMITY_INLINE Hash hash_of(const Stream& stream) {
    const __m128i feba = _mm_shuffle_epi32(stream.abef, 0x1b); // lowest word first: A B E F
    const __m128i dchg = _mm_shuffle_epi32(stream.cdgh, 0x1b); // C D G H
    return {swap_bytes(_mm_unpacklo_epi64(feba, dchg)), swap_bytes(_mm_unpackhi_epi64(feba, dchg))};
}

COMITY_INLINE void start(Stream& stream) {
    stream.abef = _mm_load_si128(vectors(start_abef));
    stream.cdgh = _mm_load_si128(vectors(start_cdgh));
}

// One block of each stream. The streams advance together.
template <std::size_t streams>
COMITY_INLINE void compress(Stream (&stream)[streams]) {
    __m128i abef_before[streams];
    __m128i cdgh_before[streams];
    for (std::size_t s = 0; s < streams; ++s) {
        abef_before[s] = stream[s].abef;
        cdgh_before[s] = stream[s].cdgh;
    }
    COMITY_UNROLL
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t s = 0; s < streams; ++s)
            four_rounds(stream[s], i);
    for (std::size_t s = 0; s < streams; ++s) {
        stream[s].abef = _mm_add_epi32(stream[s].abef, abef_before[s]);
        stream[s].cdgh = _mm_add_epi32(stream[s].cdgh, cdgh_before[s]);
    }
}

// 0x01 || left || right, always 65 bytes, put together in registers: what was stored a moment ago
// would have to be waited for when it is loaded at other borders.
template <std::size_t streams>
COMITY_INLINE void nodes(
    const Hash (&left)[streams], const Hash (&right)[streams], Hash (&out)[streams]) {
    const __m128i one = _mm_set_epi8(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i end = _mm_set_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -128);
    Stream stream[streams];
    for (std::size_t s = 0; s < streams; ++s) {
        start(stream[s]);
        const __m128i parts[5] = {one, left[s].low, left[s].high, right[s].low, right[s].high};
        for (std::size_t i = 0; i < 4; ++i)
            stream[s].words[i] = swap_bytes(_mm_alignr_epi8(parts[i + 1], parts[i], 15));
    }
    compress(stream);
    for (std::size_t s = 0; s < streams; ++s) {
        stream[s].words[0] = swap_bytes(_mm_alignr_epi8(end, right[s].high, 15));
        stream[s].words[1] = _mm_setzero_si128();
        stream[s].words[2] = _mm_setzero_si128();
        stream[s].words[3] = _mm_set_epi32(520, 0, 0, 0); // length in bits
    }
    compress(stream);
    for (std::size_t s = 0; s < streams; ++s)
        out[s] = hash_of(stream[s]);
}

// One step of each chain upwards. Which side the sibling stands on is as good as random, so it is
// chosen by a mask and not by a jump.
template <std::size_t streams>
COMITY_INLINE void step(
    Hash (&hash)[streams], const Digest* const (&sibling)[streams],
    const std::uint64_t (&left)[streams], std::size_t level) {
    Hash lefts[streams];
    Hash rights[streams];
    for (std::size_t s = 0; s < streams; ++s) {
        const Hash other = load(*sibling[s]);
        const auto mask = _mm_set1_epi8(static_cast<char>(-static_cast<int>(left[s] >> level & 1)));
        lefts[s] = {
            _mm_blendv_epi8(hash[s].low, other.low, mask),
            _mm_blendv_epi8(hash[s].high, other.high, mask)};
        rights[s] = {
            _mm_blendv_epi8(other.low, hash[s].low, mask),
            _mm_blendv_epi8(other.high, hash[s].high, mask)};
    }
    nodes(lefts, rights, hash);
}

// From `level` on to the end of the path.
COMITY_SHA Hash climb_from(Hash hash, const Climb& climb, std::size_t level) {
    Hash one[1] = {hash};
    for (; level < climb.siblings.size(); ++level)
        step<1>(one, {&climb.siblings[level]}, {climb.left}, level);
    return one[0];
}

// Hashes `streams` padded messages of `blocks` blocks each. The streams advance together.
template <std::size_t streams>
COMITY_SHA void run(
    const std::uint8_t* const (&data)[streams], std::size_t blocks,
    std::uint8_t* const (&out)[streams]) {
    Stream stream[streams];
    for (auto& one : stream)
        start(one);
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t s = 0; s < streams; ++s)
            for (std::size_t i = 0; i < 4; ++i)
                stream[s].words[i] =
                    swap_bytes(_mm_loadu_si128(vectors(data[s] + block * block_bytes + 16 * i)));
        compress(stream);
    }
    for (std::size_t s = 0; s < streams; ++s) {
        const Hash hash = hash_of(stream[s]);
        auto* to = reinterpret_cast<__m128i*>(out[s]);
        _mm_storeu_si128(to, hash.low);
        _mm_storeu_si128(to + 1, hash.high);
    }
}

// A leaf's message with its padding: 0x00 || entry || 0x80 || zeros || length in bits.
std::size_t set_leaf(std::vector<std::uint8_t>& message, BytesView entry) {
    const std::size_t blocks = (1 + entry.size() + 9 + block_bytes - 1) / block_bytes;
    message.assign(blocks * block_bytes, 0);
    if (!entry.empty()) std::memcpy(message.data() + 1, entry.data(), entry.size());
    message[1 + entry.size()] = 0x80;
    const std::uint64_t bits = (1 + std::uint64_t{entry.size()}) * 8;
    for (std::size_t i = 0; i < 8; ++i)
        message[message.size() - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
    return blocks;
}

bool detect() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
    const bool shuffles = (c & bit_SSSE3) != 0 && (c & bit_SSE4_1) != 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    constexpr unsigned sha_bit = 1u << 29;
    return shuffles && (b & sha_bit) != 0;
}

} // namespace

bool available() {
    static const bool found = detect();
    return found;
}

COMITY_SHA Digest node(const Digest& left, const Digest& right) {
    Hash hash[1];
    nodes<1>({load(left)}, {load(right)}, hash);
    Digest out;
    save(hash[0], out);
    return out;
}

COMITY_SHA void level(std::span<const Digest> in, std::span<Digest> out) {
    const std::size_t pairs = in.size() / 2;
    std::size_t i = 0;
    // Output i lies at or before the inputs of pair i, which are loaded before it is written.
    for (; i + 2 <= pairs; i += 2) {
        Hash hash[2];
        nodes<2>(
            {load(in[2 * i]), load(in[2 * i + 2])}, {load(in[2 * i + 1]), load(in[2 * i + 3])},
            hash);
        save(hash[0], out[i]);
        save(hash[1], out[i + 1]);
    }
    if (i < pairs) out[i] = node(in[2 * i], in[2 * i + 1]);
}

COMITY_SHA void climbs(std::span<const Climb> in, std::span<Digest> out) {
    std::size_t i = 0;
    for (; i + 2 <= in.size(); i += 2) {
        const Climb& first = in[i];
        const Climb& second = in[i + 1];
        Hash hash[2] = {load(first.start), load(second.start)};
        const std::size_t both = std::min(first.siblings.size(), second.siblings.size());
        for (std::size_t at = 0; at < both; ++at)
            step<2>(
                hash, {&first.siblings[at], &second.siblings[at]}, {first.left, second.left}, at);
        save(climb_from(hash[0], first, both), out[i]);
        save(climb_from(hash[1], second, both), out[i + 1]);
    }
    if (i < in.size()) save(climb_from(load(in[i].start), in[i], 0), out[i]);
}

void leaves(std::span<const Bytes> entries, std::span<Digest> out) {
    std::vector<std::uint8_t> first;
    std::vector<std::uint8_t> second;
    std::size_t i = 0;
    while (i < entries.size()) {
        const std::size_t blocks = set_leaf(first, entries[i]);
        // Two of the same number of blocks run together; neighbours in a record mostly are.
        if (i + 1 < entries.size() && set_leaf(second, entries[i + 1]) == blocks) {
            run<2>({first.data(), second.data()}, blocks, {out[i].data(), out[i + 1].data()});
            i += 2;
        } else {
            run<1>({first.data()}, blocks, {out[i].data()});
            i += 1;
        }
    }
}

} // namespace comity::crypto::sha_ni

// NOLINTEND(portability-simd-intrinsics)

#else

namespace comity::crypto::sha_ni {

bool available() {
    return false;
}

Digest node(const Digest& left, const Digest& right) {
    return portable::node(left, right);
}

void level(std::span<const Digest> in, std::span<Digest> out) {
    portable::level(in, out);
}

void leaves(std::span<const Bytes> entries, std::span<Digest> out) {
    portable::leaves(entries, out);
}

void climbs(std::span<const Climb> in, std::span<Digest> out) {
    portable::climbs(in, out);
}

} // namespace comity::crypto::sha_ni

#endif
