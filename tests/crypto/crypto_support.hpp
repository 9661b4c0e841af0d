// Helpers of this room's tests: keys with certificates, a temporary directory, other people's
// programs as oracles.
#pragma once

#include "base/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/keys.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace comity::crypto::test {

inline Bytes hex(std::string_view text) {
    const auto bytes = from_hex(text);
    REQUIRE(bytes.has_value());
    return *bytes;
}

inline Instant at(std::string_view text) {
    const auto instant = instant_from(text);
    REQUIRE(instant.has_value());
    return *instant;
}

struct Office {
    PrivateKey key = PrivateKey::generate();
    Certificate certificate;

    explicit Office(
        CertificateUse use = CertificateUse::seal, std::string name = "Office of Arcadia") {
        CertificateOptions options;
        options.common_name = std::move(name);
        options.organisation = "Arcadia";
        options.country = "XA";
        options.use = use;
        options.not_before = at("2026-01-01T00:00:00Z");
        options.not_after = at("2028-01-01T00:00:00Z");
        certificate = make_certificate(key, options);
    }
};

/// A directory of its own, removed at the end.
class Scratch {
public:
    Scratch() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "comity-crypto-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }

    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    void write(const std::string& name, BytesView bytes) const {
        std::ofstream out(path_ / name, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        REQUIRE(out.good());
    }

    [[nodiscard]] Bytes read(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }

    /// Runs a command in the directory; true when it ends with 0.
    [[nodiscard]] bool run(const std::string& command) const {
        // The sanitizers' preloads and options are ours, not the other program's.
        const std::string line =
            "cd '" + path_.string() + "' && " + command + " >out.txt 2>err.txt";
        const int status = std::system(line.c_str());
        INFO(read("err.txt"));
        return status == 0;
    }

private:
    std::filesystem::path path_;
};

inline Bytes random_text(std::mt19937_64& random, std::size_t size) {
    Bytes out(size, '\0');
    for (char& c : out)
        c = static_cast<char>(random() & 0xff);
    return out;
}

inline Bytes with_bit_flipped(Bytes bytes, std::size_t byte, unsigned bit) {
    bytes[byte] = static_cast<char>(bytes[byte] ^ static_cast<char>(1u << bit));
    return bytes;
}

} // namespace comity::crypto::test
