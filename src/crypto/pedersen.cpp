// Commitments and choice proofs over libsodium's ristretto255.
#include "crypto/pedersen.hpp"

#include "base/check.hpp"
#include "crypto/hash.hpp"

#include <sodium.h>

#include <algorithm>
#include <optional>

namespace comity::crypto {

namespace {

constexpr std::size_t wide_bytes = 64;
constexpr std::size_t sha512_block = 128;

void ready() {
    static const bool is_ready = sodium_init() >= 0;
    CHECK_THAT(is_ready);
}

BytesView view_of(const Point& point) {
    return {reinterpret_cast<const char*>(point.data()), point.size()};
}

bool is_zero(const Scalar& scalar) {
    return sodium_is_zero(scalar.data(), scalar.size()) == 1;
}

Scalar reduced(const std::array<std::uint8_t, wide_bytes>& wide) {
    Scalar out;
    crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
    return out;
}

// libsodium says -1 when the product is the identity, which is legal here: a count of zero.
Point times_base(const Scalar& scalar) {
    Point out{};
    if (!is_zero(scalar))
        CHECK_THAT(crypto_scalarmult_ristretto255_base(out.data(), scalar.data()) == 0);
    return out;
}

Point multiply(const Scalar& scalar, const Point& point) {
    Point out{};
    if (is_zero(scalar) || point == identity) return out;
    // Of a group of prime order: no other product is the identity.
    CHECK_THAT(crypto_scalarmult_ristretto255(out.data(), scalar.data(), point.data()) == 0);
    return out;
}

Point minus(const Point& a, const Point& b) {
    Point out;
    CHECK_THAT(crypto_core_ristretto255_sub(out.data(), a.data(), b.data()) == 0);
    return out;
}

// answer·B - challenge·(C - choice): what the prover sent first, if it is honest.
Point announcement(
    const Scalar& answer, const Scalar& challenge, const Point& commitment, const Point& choice) {
    return minus(times_base(answer), multiply(challenge, minus(commitment, choice)));
}

class Transcript {
public:
    Transcript() { crypto_hash_sha512_init(&state_); }

    void add(BytesView bytes) {
        Bytes size;
        put_be64(size, bytes.size());
        absorb(size);
        absorb(bytes);
    }

    void add(std::span<const Point> points) {
        Bytes size;
        put_be64(size, points.size() * sizeof(Point));
        absorb(size);
        for (const auto& point : points)
            absorb(view_of(point));
    }

    Scalar challenge() {
        std::array<std::uint8_t, wide_bytes> wide{};
        crypto_hash_sha512_final(&state_, wide.data());
        return reduced(wide);
    }

private:
    void absorb(BytesView bytes) {
        crypto_hash_sha512_update(
            &state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }

    crypto_hash_sha512_state state_{};
};

// Everything that the proof is about goes in, each part with its length: leave one out and the
// proof can be moved.
Scalar challenge_of(
    const ProofContext& context, std::span<const Point> choices, const Point& commitment,
    std::span<const Point> announcements) {
    Transcript transcript;
    transcript.add(context.domain);
    transcript.add(context.binding);
    transcript.add(choices);
    transcript.add(view_of(commitment));
    transcript.add(announcements);
    return transcript.challenge();
}

} // namespace

Point hash_to_group(BytesView message, std::string_view domain) {
    ready();
    CHECK_THAT(domain.size() < 256);
    // RFC 9380 section 5.3.1 for 64 bytes: one block of output.
    const Bytes suffix = Bytes(domain) + static_cast<char>(domain.size());
    const auto sha512 = [](BytesView input) {
        Bytes out(crypto_hash_sha512_BYTES, '\0');
        crypto_hash_sha512(
            reinterpret_cast<unsigned char*>(out.data()),
            reinterpret_cast<const unsigned char*>(input.data()), input.size());
        return out;
    };
    Bytes first(sha512_block, '\0');
    first += message;
    first += '\0';
    first += static_cast<char>(wide_bytes);
    first += '\0';
    first += suffix;
    const Bytes uniform = sha512(sha512(first) + '\1' + suffix);
    Point out;
    CHECK_THAT(
        crypto_core_ristretto255_from_hash(
            out.data(), reinterpret_cast<const unsigned char*>(uniform.data())) == 0);
    return out;
}

Scalar scalar_from_wide(BytesView bytes) {
    CHECK_THAT(bytes.size() == wide_bytes);
    std::array<std::uint8_t, wide_bytes> wide;
    std::copy(bytes.begin(), bytes.end(), wide.begin());
    return reduced(wide);
}

Scalar random_scalar() {
    return scalar_from_wide(random_bytes(wide_bytes));
}

bool is_canonical(const Scalar& scalar) {
    std::array<std::uint8_t, wide_bytes> wide{};
    std::copy(scalar.begin(), scalar.end(), wide.begin());
    return reduced(wide) == scalar;
}

bool is_commitment(const Point& point) {
    ready();
    // libsodium calls the identity valid.
    return point != identity && crypto_core_ristretto255_is_valid_point(point.data()) == 1;
}

Scalar scalar_sum(const Scalar& a, const Scalar& b) {
    Scalar out;
    crypto_core_ristretto255_scalar_add(out.data(), a.data(), b.data());
    return out;
}

Scalar scalar_difference(const Scalar& a, const Scalar& b) {
    Scalar out;
    crypto_core_ristretto255_scalar_sub(out.data(), a.data(), b.data());
    return out;
}

Point add(const Point& a, const Point& b) {
    Point out;
    CHECK_THAT(crypto_core_ristretto255_add(out.data(), a.data(), b.data()) == 0);
    return out;
}

Point times(std::uint64_t n, const Point& point) {
    Scalar scalar{};
    for (std::size_t i = 0; i < sizeof n; ++i)
        scalar[i] = static_cast<std::uint8_t>(n >> (8 * i));
    return multiply(scalar, point);
}

Point commit(const Scalar& blinding, const Point& point) {
    return add(times_base(blinding), point);
}

Bytes ChoiceProof::bytes() const {
    Bytes out;
    for (const auto* list : {&challenges, &answers})
        for (const auto& scalar : *list)
            out += view_of(scalar);
    return out;
}

std::optional<ChoiceProof> ChoiceProof::from_bytes(BytesView bytes) {
    constexpr std::size_t each = 2 * sizeof(Scalar);
    if (bytes.empty() || bytes.size() % each != 0) return std::nullopt;
    ChoiceProof out;
    const std::size_t count = bytes.size() / each;
    for (std::size_t i = 0; i < 2 * count; ++i) {
        Scalar scalar;
        const auto part = bytes.substr(i * sizeof(Scalar), sizeof(Scalar));
        std::copy(part.begin(), part.end(), scalar.begin());
        if (!is_canonical(scalar)) return std::nullopt;
        (i < count ? out.challenges : out.answers).push_back(scalar);
    }
    return out;
}

ChoiceProof prove_choice(
    std::span<const Point> choices, std::size_t chosen, const Point& commitment,
    const Scalar& blinding, const ProofContext& context) {
    ready();
    CHECK_THAT(chosen < choices.size());
    ChoiceProof out;
    std::vector<Point> announcements;
    const Scalar secret = random_scalar();
    for (std::size_t i = 0; i < choices.size(); ++i) {
        out.challenges.push_back(random_scalar());
        out.answers.push_back(random_scalar());
        // The same work for the branch that is true, so that time does not tell which it is.
        Point made = announcement(out.answers[i], out.challenges[i], commitment, choices[i]);
        const Point own = times_base(secret);
        if (i == chosen) made = own;
        announcements.push_back(made);
    }
    Scalar rest = challenge_of(context, choices, commitment, announcements);
    for (std::size_t i = 0; i < choices.size(); ++i)
        if (i != chosen) rest = scalar_difference(rest, out.challenges[i]);
    out.challenges[chosen] = rest;
    Scalar product;
    crypto_core_ristretto255_scalar_mul(product.data(), rest.data(), blinding.data());
    out.answers[chosen] = scalar_sum(secret, product);
    return out;
}

bool verify_choice(
    std::span<const Point> choices, const Point& commitment, const ChoiceProof& proof,
    const ProofContext& context) {
    if (choices.empty() || proof.challenges.size() != choices.size() ||
        proof.answers.size() != choices.size() || !is_commitment(commitment))
        return false;
    Scalar sum{};
    std::vector<Point> announcements;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (!is_canonical(proof.challenges[i]) || !is_canonical(proof.answers[i])) return false;
        sum = scalar_sum(sum, proof.challenges[i]);
        announcements.push_back(
            announcement(proof.answers[i], proof.challenges[i], commitment, choices[i]));
    }
    return sum == challenge_of(context, choices, commitment, announcements);
}

} // namespace comity::crypto
