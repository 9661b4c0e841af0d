// Any bytes as an offline proof or a policy: never a crash, a proof is written back to the same
// bytes, and no made-up proof verifies under a policy.
#include "base/check.hpp"
#include "record/proof.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::record;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    static const Policy trusted =
        Policy::parse(
            "log " +
            log_key("log.example", crypto::Ed25519Key::from_seed(Bytes(32, 'l')).value()).text() +
            "\nquorum none\n")
            .value();
    if (const auto proof = TlogProof::parse(bytes)) {
        CHECK_THAT(proof->print() == bytes);
        CHECK_THAT(!verify_proof(*proof, Digest{}, trusted));
    }
    if (const auto policy = Policy::parse(bytes)) {
        CHECK_THAT(policy->needs_no_witness() || !policy->evaluate({}));
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < policy->witnesses().size(); ++i)
            all.push_back(i);
        CHECK_THAT(policy->evaluate(all).has_value());
    }
    // The same bytes as a path: index, size and hashes; the walk must end for any numbers.
    if (size >= 16) {
        std::uint64_t numbers[2] = {0, 0};
        for (std::size_t i = 0; i < 16; ++i)
            numbers[i / 8] = numbers[i / 8] << 8 | data[i];
        std::vector<Digest> path;
        for (std::size_t at = 16; at + 32 <= size; at += 32)
            path.push_back(*digest_from(bytes.substr(at, 32)));
        const InclusionClaim claim{Digest{}, numbers[0], path};
        const bool alone =
            verify_inclusion(claim.leaf_hash, numbers[0], numbers[1], path, Digest{}).has_value();
        const auto together =
            verify_inclusions(std::vector<InclusionClaim>{claim, claim}, numbers[1], Digest{});
        CHECK_THAT(together[0] == alone && together[1] == alone);
        static_cast<void>(verify_consistency(numbers[0], numbers[1], path, Digest{}, Digest{}));
    }
    return 0;
}
