// The two passkeys that somebody makes on a device of theirs, and what its browser posts.
#pragma once

#include "api/api.hpp"
#include "crypto/webauthn.hpp"

#include <string>

namespace comity::test {

struct Device {
    crypto::SoftwareAuthenticator sign_in;
    crypto::SoftwareAuthenticator sign;

    static Device of(const api::Settings& settings);
};

/// The body of registerPasskey: the answer to `options`, which enrolmentOptions gave.
json::Object registration(
    const std::string& token, const Device& device, const json::Object& options);

} // namespace comity::test
