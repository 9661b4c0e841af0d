// A node on disk to be backed up, and people who can open the back-up.
#pragma once

#include "apps/setup.hpp"
#include "crypto/certificate.hpp"
#include "crypto/keys.hpp"
#include "crypto/webauthn.hpp"
#include "support/outcome.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace comity::test {

inline Bytes read_bytes(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, BytesView bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline Instant now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

/// A recipient's certificate file, with the key beside it.
inline std::string recipient(const std::filesystem::path& dir, const std::string& name) {
    const auto key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = name;
    options.use = crypto::CertificateUse::sealing;
    options.not_before = now() - std::chrono::minutes{5};
    options.not_after = now() + std::chrono::days{30};
    write_bytes(dir / (name + ".key"), key.to_pem());
    write_bytes(dir / (name + ".cert"), crypto::make_certificate(key, options).pem());
    return (dir / (name + ".cert")).string();
}

inline apps::NodePlan backup_plan(const std::string& law) {
    apps::NodePlan out;
    out.participant = "arcadia-authority";
    out.federation = "practice";
    out.country = "XA";
    out.name_en = "Arcadia";
    out.host = "arcadia.localhost";
    out.port = 8443;
    out.law = law;
    out.offices = {{"arcadia-central", "Central", {"central-authority-officer", "administrator"}}};
    for (const std::string person : {"ann", "ben"}) {
        const auto key = crypto::SoftwareAuthenticator::create(
            "sign.arcadia.localhost", "https://sign.arcadia.localhost");
        out.founders.push_back({person, "arcadia-central", {"administrator"}, key.passkey()});
    }
    return out;
}

} // namespace comity::test
