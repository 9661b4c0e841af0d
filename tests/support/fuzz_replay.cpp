// Every fuzz target of tests/fuzz as an ordinary test: its seeds as they are, then a fixed number
// of mutations of them from a fixed random seed, under the sanitizers of the build. The long search
// for new inputs is the fuzz preset's; this shows on every run that no target has rotted.
#include "act/sighting.hpp"
#include "base/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/cms.hpp"
#include "crypto/jws.hpp"
#include "crypto/webauthn.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// Declares `int fuzz_NAME(const std::uint8_t*, std::size_t)` for each file, and `targets`.
#include "fuzz_targets.inc"

namespace {

using namespace comity;
namespace fs = std::filesystem;
using Seeds = std::vector<std::string>;
using Random = std::mt19937_64;

constexpr std::uint64_t random_seed = 20260301;

std::string file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void add_files(Seeds& seeds, const std::string& folder) {
    for (const auto& entry : fs::directory_iterator(std::string(COMITY_SOURCE_DIR) + "/" + folder))
        if (entry.is_regular_file()) seeds.push_back(file(entry.path()));
}

struct Seal {
    crypto::PrivateKey key = crypto::PrivateKey::generate();
    crypto::Certificate certificate = crypto::make_certificate(
        key, {.common_name = "s",
              .use = crypto::CertificateUse::seal,
              .not_before = Instant{},
              .not_after = Instant{} + std::chrono::hours{1}});
};

std::string sealed_document() {
    const Seal seal;
    return crypto::sign_jws(
        R"({"a":[1,"b"]})", "test+jws", Instant{}, {seal.key, seal.certificate});
}

std::string sealed_sighting() {
    const Seal seal;
    return act::sign_sighting(
        {"f",
         CaseId("i2mzgwawnfbturpgd6kv3c75sq"),
         ParticipantId("p"),
         OfficeId("o"),
         "r",
         {},
         {},
         1},
        {seal.key, seal.certificate});
}

// With the choice of the part in front, as the target wants it.
void add_assertions(Seeds& seeds) {
    const auto person = crypto::SoftwareAuthenticator::create("a.example", "https://a.example");
    const Bytes challenge(32, 'c');
    const auto registration = person.registration(challenge);
    const auto assertion = person.sign(challenge);
    seeds.push_back(std::string(1, '\0') + registration.attestation_object);
    seeds.push_back(std::string(1, '\1') + registration.client_data);
    seeds.push_back(std::string(1, '\2') + assertion.authenticator_data);
    seeds.push_back(std::string(1, '\3') + assertion.client_data);
}

Seeds seeds_of(const std::string& target) {
    Seeds out{"", std::string(1, '\0'), "{}", std::string(100, 'x')};
    if (target == "crypto_jws") out.push_back(sealed_document());
    if (target == "act_sighting") out.push_back(sealed_sighting());
    if (target == "crypto_webauthn") add_assertions(out);
    if (target == "crypto_cms") {
        const auto key = crypto::PrivateKey::generate();
        const std::vector<crypto::Certificate> readers{crypto::make_certificate(
            key, {.common_name = "r",
                  .use = crypto::CertificateUse::sealing,
                  .not_before = Instant{},
                  .not_after = Instant{} + std::chrono::hours{1}})};
        out.push_back(crypto::seal_to("plaintext", readers));
        out.push_back(readers.front().der());
    }
    if (target.starts_with("law_") || target.starts_with("assess_")) {
        add_files(out, "law/examples");
        for (const auto* text :
             {"\0a.b@mail.example", "\1+4915112345678", "\2name\nnimbus.example", "\3192.0.2.7",
              "\4"
              "2001:db8::7",
              "\6https://x.example/a?b=c"})
            out.emplace_back(text[0] == '\0' ? std::string("\0a.b@mail.example", 17) : text);
    }
    if (target.starts_with("procedure_")) add_files(out, "law/procedures");
    if (target.starts_with("record_")) {
        add_files(out, "tests/vectors");
        out.emplace_back(
            R"({"leaf":"act","v":1,"c":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"})");
        out.emplace_back(
            "log.example\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\xe2\x80\x94 log.example "
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        out.emplace_back("tile/0/x001/234.p/7");
        out.emplace_back("old 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nlog.example\n2\n");
        out.emplace_back("c2sp.org/tlog-proof@v1\nindex 3\n\nlog.example\n4\n");
        out.emplace_back(
            "comity-release/1\nversion 0.1.0\nsource 5d41402abc4b2a76b9719d911017c592ae2b3c4d\n"
            "program linux-x86_64 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\n"
            "law Fg0mf5GZE-Puor8Vhw8rge33ZoSXBEt5OW47IXkfWzw\n"
            "pages fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9\n");
        out.emplace_back(
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    }
    if (target.starts_with("http_")) {
        out.emplace_back("GET /record/checkpoint?a=b%20c HTTP/1.1\r\nHost: x.example\r\n\r\n");
        out.emplace_back(
            "POST /exchange/v1/acts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
        out.emplace_back(
            "PUT /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }
    return out;
}

std::string mutated(const Seeds& seeds, Random& random) {
    const auto below = [&](std::size_t most) {
        return static_cast<std::size_t>(random() % most);
    };
    std::string out = seeds[below(seeds.size())];
    for (std::size_t times = 1 + below(4); times > 0; --times) {
        const std::size_t at = below(out.size() + 1);
        const std::size_t length = std::min(below(32) + 1, out.size() - at);
        switch (below(7)) {
        case 0:
            if (at < out.size()) out[at] = static_cast<char>(out[at] ^ (1 << below(8)));
            break;
        case 1: out.erase(at, length); break;
        case 2: out.insert(at, std::string(out, at, length)); break;
        case 3: out.insert(at, std::string(1 + below(3), static_cast<char>(below(256)))); break;
        case 4: {
            constexpr const char* tokens[] = {"\"",   "{",
                                              "}",    "[",
                                              "]",    ",",
                                              ":",    "0",
                                              "-1",   "1e9",
                                              "null", "\\u0000",
                                              "\r\n", "9223372036854775808",
                                              "\xff", "\xe2\x80\x8e",
                                              "%00",  "..",
                                              "=",    "\xf0\x9f\x98\x80"};
            out.insert(at, tokens[below(std::size(tokens))]);
            break;
        }
        case 5: {
            const std::string& other = seeds[below(seeds.size())];
            const std::size_t from = below(other.size() + 1);
            out = out.substr(0, at) + other.substr(from, 4096);
            break;
        }
        default: out.resize(at); break;
        }
    }
    return out;
}

// What is being tried, so that a failure leaves its input behind.
std::string current; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void keep_input(int signal) {
    const int to = ::open("fuzz-failure.input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to >= 0 && ::write(to, current.data(), current.size()) >= 0) ::close(to);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

} // namespace

int main() {
    std::signal(SIGABRT, keep_input);
    for (const auto& target : targets) {
        const std::string name = target.name;
        // Key agreement and signatures, or a whole graph, for each input.
        const bool slow = name == "crypto_cms" || name == "crypto_webauthn" ||
                          name == "procedure_read" || name == "law_form";
        const std::size_t mutations = slow ? 1'500 : 15'000;
        std::fprintf(
            stderr, "%s: %zu mutations, seed %llu\n", target.name, mutations,
            static_cast<unsigned long long>(random_seed));
        const auto seeds = seeds_of(name);
        Random random(random_seed);
        const auto run = [&] {
            target.run(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
        };
        for (const auto& seed : seeds) {
            current = seed;
            run();
        }
        for (std::size_t i = 0; i < mutations; ++i) {
            current = mutated(seeds, random);
            run();
        }
    }
    std::fprintf(stderr, "%zu targets\n", std::size(targets));
    return std::size(targets) > 0 ? 0 : 1;
}
