// Randomness under a seed, for the federation in one process: keys, nonces, salts and names come
// from one generator, so a run can be repeated byte by byte. The cryptography itself is the real
// one.
#pragma once

#include <cstdint>

namespace comity::test {

/// From here on OpenSSL and our own random bytes follow this seed. Not safe with several threads.
void seed_randomness(std::uint64_t seed);

/// Dice for what happens in a run; apart from the bytes above, so that a change of the code under
/// test changes as little of the story as possible.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        // SplitMix64 (Steele, Lea, Flood 2014).
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    /// From 0 to n - 1; n is not 0.
    std::uint64_t below(std::uint64_t n) { return next() % n; }

    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }

    /// True so many times in a thousand.
    bool chance(unsigned per_mille) { return below(1000) < per_mille; }

    template <class List>
    auto& pick(List& list) {
        return list[below(list.size())];
    }

private:
    std::uint64_t state_;
};

} // namespace comity::test
