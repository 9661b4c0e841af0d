// Any bytes as a sealed part, as an envelope and as a certificate: never a crash, and nothing
// opens with a key that was made here and never given out.
#include "base/check.hpp"
#include "crypto/cms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    static const auto key = crypto::PrivateKey::generate();
    static const auto certificate = crypto::make_certificate(
        key, {.common_name = "r",
              .use = crypto::CertificateUse::sealing,
              .not_before = Instant{},
              .not_after = Instant{} + std::chrono::hours{1}});
    static const std::vector<crypto::Certificate> readers{certificate};
    static const Bytes part = crypto::seal_to("plaintext", readers);
    const BytesView input(reinterpret_cast<const char*>(data), size);
    static_cast<void>(crypto::Certificate::from_der(input));
    CHECK_THAT(!crypto::open_sealed(input, key, certificate).has_value());
    // The input laid over a true part, so that the inner checks are reached as well.
    Bytes changed = part;
    const std::size_t at =
        input.empty() ? 0 : static_cast<unsigned char>(input[0]) * 2 % part.size();
    for (std::size_t i = 1; i < input.size() && at + i - 1 < changed.size(); ++i)
        changed[at + i - 1] = static_cast<char>(changed[at + i - 1] ^ input[i]);
    const auto opened = crypto::open_sealed(changed, key, certificate);
    CHECK_THAT(opened.has_value() == (changed == part));
    static_cast<void>(crypto::recipients_match(changed, readers));
    auto opener = crypto::StreamOpener::open(input, key, certificate, [](BytesView) {});
    CHECK_THAT(!opener.has_value());
    return 0;
}
