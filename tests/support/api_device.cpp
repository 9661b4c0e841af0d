// What a browser makes of an authenticator's answers.
#include "support/api_device.hpp"

#include <doctest/doctest.h>

namespace comity::test {

namespace {

json::Object attestation(const crypto::SoftwareAuthenticator& key, const json::Value& wanted) {
    const auto challenge = from_base64url(std::string_view(wanted.at("challenge").as_string()));
    REQUIRE(challenge.has_value());
    const auto made = key.registration(*challenge);
    return {
        {"client_data", to_base64url(made.client_data)},
        {"attestation_object", to_base64url(made.attestation_object)}};
}

} // namespace

Device Device::of(const api::Settings& settings) {
    return {
        crypto::SoftwareAuthenticator::create(settings.host, settings.people),
        crypto::SoftwareAuthenticator::create("sign." + settings.host, settings.people)};
}

json::Object registration(
    const std::string& token, const Device& device, const json::Object& options) {
    const auto& keys = options.at("keys").as_array();
    return {
        {"token", token},
        {"label", "Blue key"},
        {"attestations",
         json::Array{
             attestation(device.sign_in, keys.at(0)), attestation(device.sign, keys.at(1))}}};
}

} // namespace comity::test
