// The two sources of random bytes replaced: OpenSSL's by its own hook, ours by the function of the
// C library under it.
#undef OPENSSL_API_COMPAT
#define OPENSSL_API_COMPAT 10101 // RAND_set_rand_method is the only hook, and no longer advertised

#include "support/federation_random.hpp"

#include <openssl/rand.h>
#include <sys/types.h>

#include <cstddef>
#include <cstring>

namespace comity::test {

namespace {

Dice& generator() {
    static Dice dice(1);
    return dice;
}

void fill(unsigned char* out, std::size_t size) {
    while (size > 0) {
        const std::uint64_t word = generator().next();
        const std::size_t some = size < sizeof word ? size : sizeof word;
        std::memcpy(out, &word, some);
        out += some;
        size -= some;
    }
}

int openssl_bytes(unsigned char* out, int size) {
    fill(out, static_cast<std::size_t>(size));
    return 1;
}

int openssl_status() {
    return 1;
}

} // namespace

void seed_randomness(std::uint64_t seed) {
    static const RAND_METHOD method{nullptr, openssl_bytes, nullptr,
                                    nullptr, openssl_bytes, openssl_status};
    RAND_set_rand_method(&method);
    generator() = Dice(seed);
}

} // namespace comity::test

// Stands before the C library's in this program only.
extern "C" ssize_t getrandom(void* out, std::size_t size, unsigned /*flags*/) {
    comity::test::fill(static_cast<unsigned char*>(out), size);
    return static_cast<ssize_t>(size);
}
