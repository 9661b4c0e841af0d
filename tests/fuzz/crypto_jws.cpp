// Any bytes as a JWS: never a crash, and what is read survives being written again.
#include "base/check.hpp"
#include "crypto/jws.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    constexpr std::size_t bytes_max = 64 * 1024;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto jws = crypto::parse_jws(text, bytes_max);
    if (!jws) return 0;
    for (const auto& signature : jws->signatures)
        static_cast<void>(crypto::verify_jws(signature));
    const auto again =
        crypto::with_unprotected(text, jws->signatures.front().unprotected, bytes_max);
    CHECK_THAT(again.has_value());
    const auto read = crypto::parse_jws(*again, 2 * bytes_max);
    CHECK_THAT(read.has_value() && read->payload == jws->payload);
    CHECK_THAT(read->signatures.size() == jws->signatures.size());
    for (std::size_t i = 0; i < read->signatures.size(); ++i)
        CHECK_THAT(
            read->signatures[i].signing_input == jws->signatures[i].signing_input &&
            read->signatures[i].unprotected == jws->signatures[i].unprotected);
    return 0;
}
