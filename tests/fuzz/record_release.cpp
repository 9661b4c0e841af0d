// Any bytes as a release, a policy of releases or a private key: never a crash, what is read is
// written back to the same bytes, and no made-up note is a release that two people signed.
#include "base/check.hpp"
#include "record/release.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::record;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    static const std::vector<VerifierKey> signers{
        log_key("one", crypto::Ed25519Key::from_seed(Bytes(32, '1')).value()),
        log_key("two", crypto::Ed25519Key::from_seed(Bytes(32, '2')).value())};
    if (const auto release = Release::parse(bytes)) CHECK_THAT(release->text() == bytes);
    if (const auto key = SigningKey::parse(bytes)) CHECK_THAT(key->text() == bytes);
    if (const auto policy = ReleasePolicy::parse(bytes)) {
        CHECK_THAT(policy->signers.size() >= release_signers_least);
        CHECK_THAT(!policy->log.logs().empty());
    }
    CHECK_THAT(!open_release(bytes, signers));
    return 0;
}
