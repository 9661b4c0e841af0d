// Any bytes as the parts of a registration and of an assertion: never a crash, and never an
// assertion accepted that the passkey has not made.
#include "base/check.hpp"
#include "crypto/webauthn.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    static const auto person =
        crypto::SoftwareAuthenticator::create("a.example", "https://a.example");
    static const Bytes challenge(32, 'c');
    static const auto registration = person.registration(challenge);
    static const auto assertion = person.sign(challenge);
    const BytesView input(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const BytesView rest = input.substr(1);
    auto changed = registration;
    auto forged = assertion;
    switch (input[0] & 3) {
    case 0: changed.attestation_object = Bytes(rest); break;
    case 1: changed.client_data = Bytes(rest); break;
    case 2: forged.authenticator_data = Bytes(rest); break;
    default: forged.client_data = Bytes(rest); break;
    }
    static_cast<void>(
        crypto::verify_registration(changed, "a.example", "https://a.example", challenge));
    const bool same = forged.authenticator_data == assertion.authenticator_data &&
                      forged.client_data == assertion.client_data;
    CHECK_THAT(crypto::verify_assertion(person.passkey(), forged, challenge).has_value() == same);
    return 0;
}
