// Signatures, Merkle hashing and sealing, each beside the raw primitive measured in the same run.
#include "bench.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sys/resource.h>

using namespace comity;
using namespace comity::crypto;
using comity::bench::report;
using comity::bench::seconds;

namespace {

double rate(std::size_t count, const std::function<void()>& once) {
    once();
    return static_cast<double>(count) / seconds([&] {
               for (std::size_t i = 0; i < count; ++i)
                   once();
           });
}

Certificate certificate_of(const PrivateKey& key, CertificateUse use) {
    return make_certificate(
        key, {.common_name = "bench",
              .use = use,
              .not_before = Instant{},
              .not_after = Instant{} + std::chrono::hours{24 * 365 * 100}});
}

// The peer: OpenSSL's own sign and verify over a hash, with contexts prepared once.
struct Raw {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    EVP_PKEY_CTX* sign = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    EVP_PKEY_CTX* verify = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    unsigned char digest[32] = {1, 2, 3};
    unsigned char signature[80] = {};
    std::size_t size = 0;

    Raw() {
        EVP_PKEY_sign_init(sign);
        EVP_PKEY_verify_init(verify);
    }

    ~Raw() {
        EVP_PKEY_CTX_free(sign);
        EVP_PKEY_CTX_free(verify);
        EVP_PKEY_free(key);
    }

    Raw(const Raw&) = delete;
    Raw& operator=(const Raw&) = delete;

    void do_sign() {
        size = sizeof signature;
        EVP_PKEY_sign(sign, signature, &size, digest, sizeof digest);
    }

    void do_verify() {
        bench::keep(EVP_PKEY_verify(verify, signature, size, digest, sizeof digest));
    }
};

void rates(const char* name, double ours, double raw, const char* note) {
    report({name, ours, "/s", raw, ours / raw, note});
}

void signatures() {
    const std::size_t count = bench::much(5'000);
    Raw raw;
    const double raw_sign = rate(count, [&] { raw.do_sign(); });
    const double raw_verify = rate(count, [&] { raw.do_verify(); });
    const PrivateKey key = PrivateKey::generate();
    const PublicKey public_key = key.public_key();
    const Bytes message(1'024, 'm');
    const Bytes signature = key.sign_es256(message);
    rates(
        "crypto.es256_sign", rate(count, [&] { bench::keep(key.sign_es256(message)); }), raw_sign,
        "1 KiB, r||s; peer: EVP_PKEY_sign over a hash");
    rates(
        "crypto.es256_verify",
        rate(count, [&] { bench::keep(public_key.verify_es256(message, signature)); }), raw_verify,
        "1 KiB, r||s; peer: EVP_PKEY_verify over a hash");
    const Certificate certificate = certificate_of(key, CertificateUse::seal);
    const Bytes payload(2'048, 'p');
    const std::string jws =
        sign_jws(payload, "bench", Instant{} + std::chrono::hours{1}, {key, certificate});
    rates(
        "crypto.jws_sign",
        rate(
            count,
            [&] {
                bench::keep(sign_jws(
                    payload, "bench", Instant{} + std::chrono::hours{1}, {key, certificate}));
            }),
        raw_sign, "2 KiB payload, general serialisation with x5c");
    rates(
        "crypto.jws_verify",
        rate(
            count,
            [&] {
                const auto read = parse_jws(jws, 1 << 20);
                bench::keep(verify_jws(read->signatures[0]));
            }),
        raw_verify, "parse and verify");
}

void merkle() {
    const std::size_t leaves = bench::much(1'000'000);
    std::vector<Digest> start(leaves);
    for (std::size_t i = 0; i < leaves; ++i)
        start[i][i % 32] = static_cast<std::uint8_t>(i * 7);
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        std::vector<Digest> level = start;
        best = std::min(best, seconds([&] {
                            std::size_t size = leaves;
                            while (size > 1) {
                                merkle_level(
                                    std::span(level).first(size), std::span(level).first(size / 2));
                                // An odd last hash goes up as it is: so the tree of RFC 6962 is
                                // shaped.
                                if (size % 2 != 0) level[size / 2] = level[size - 1];
                                size = (size + 1) / 2;
                            }
                        }));
        bench::keep(level[0]);
    }
    std::vector<Digest> peer = start;
    EVP_MD* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const double evp = seconds([&] {
        for (std::size_t size = leaves; size > 1; size /= 2)
            for (std::size_t i = 0; i < size / 2; ++i) {
                unsigned char message[65] = {1};
                std::copy_n(peer[2 * i].data(), 32, message + 1);
                std::copy_n(peer[2 * i + 1].data(), 32, message + 33);
                EVP_DigestInit_ex2(context, md, nullptr);
                EVP_DigestUpdate(context, message, sizeof message);
                EVP_DigestFinal_ex(context, peer[i].data(), nullptr);
            }
    });
    EVP_MD_CTX_free(context);
    EVP_MD_free(md);
    report(
        {"crypto.merkle_root_1m", best * 1e3, "ms", evp * 1e3, evp / best,
         "1,000,000 leaf hashes to the root; peer: EVP with a reused context"});
}

// The physical limit of evidence: one pass of AES-256-GCM and one of SHA-256 over the same bytes.
double raw_gcm_and_sha(BytesView block, std::size_t count) {
    EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
    EVP_MD_CTX* hash = EVP_MD_CTX_new();
    const unsigned char key[32] = {1};
    const unsigned char nonce[12] = {2};
    EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nullptr, key, nonce);
    EVP_DigestInit_ex(hash, EVP_sha256(), nullptr);
    Bytes out(block.size(), '\0');
    const double time = seconds([&] {
        for (std::size_t i = 0; i < count; ++i) {
            int size = 0;
            EVP_EncryptUpdate(
                cipher, reinterpret_cast<unsigned char*>(out.data()), &size,
                reinterpret_cast<const unsigned char*>(block.data()),
                static_cast<int>(block.size()));
            EVP_DigestUpdate(hash, out.data(), out.size());
        }
    });
    EVP_CIPHER_CTX_free(cipher);
    EVP_MD_CTX_free(hash);
    return time;
}

long peak_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

void evidence() {
    const std::size_t mib = bench::much(1'000);
    const Bytes block(std::size_t{1} << 20, 'e');
    const PrivateKey key = PrivateKey::generate();
    const std::vector<Certificate> readers{certificate_of(key, CertificateUse::sealing)};
    const double raw = raw_gcm_and_sha(block, mib);
    const long before = peak_kib();
    Sha256 hash;
    Bytes envelope;
    const double sealing = seconds([&] {
        StreamSealer sealer(readers, [&](BytesView bytes) { hash.update(bytes); });
        for (std::size_t i = 0; i < mib; ++i)
            sealer.update(block);
        envelope = sealer.finish();
        bench::keep(hash.finish());
    });
    // Opening is measured on bytes that do not verify: the work is the same, and no GiB is kept.
    bool accepted = true;
    const double opening = seconds([&] {
        auto opener = StreamOpener::open(envelope, key, readers[0], [](BytesView) {});
        for (std::size_t i = 0; i < mib; ++i) {
            hash.update(block);
            opener->update(block);
        }
        accepted = opener->finish().has_value();
        bench::keep(hash.finish());
    });
    if (accepted) std::abort();
    const auto note = fmt::format(
        "{} MiB with SHA-256 of the ciphertext; memory grew by {} KiB", mib, peak_kib() - before);
    report(
        {"crypto.evidence_seal", static_cast<double>(mib) / sealing, "MiB/s",
         static_cast<double>(mib) / raw, raw / sealing, note});
    report(
        {"crypto.evidence_open", static_cast<double>(mib) / opening, "MiB/s",
         static_cast<double>(mib) / raw, raw / opening, note});
}

void parts() {
    const PrivateKey key = PrivateKey::generate();
    const PrivateKey oversight = PrivateKey::generate();
    const std::vector<Certificate> readers{
        certificate_of(key, CertificateUse::sealing),
        certificate_of(oversight, CertificateUse::sealing)};
    const Bytes plaintext(8 * 1024, 'p');
    const Bytes sealed = seal_to(plaintext, readers);
    report(
        {"crypto.part_seal", rate(1'000, [&] { bench::keep(seal_to(plaintext, readers)); }), "/s",
         0, 0, "8 KiB to two readers"});
    report(
        {"crypto.part_open",
         rate(1'000, [&] { bench::keep(open_sealed(sealed, key, readers[0])); }), "/s", 0, 0,
         "8 KiB"});
}

} // namespace

COMITY_BENCH(crypto) {
    signatures();
    merkle();
    parts();
    evidence();
}
