// Keys, signatures and certificates: published vectors, and the mistakes that signature checks
// are known for.
#include "crypto/certificate.hpp"
#include "crypto/der.hpp"
#include "crypto/keys.hpp"
#include "crypto_support.hpp"

#include <thread>

using namespace comity;
using namespace comity::crypto;
using namespace comity::crypto::test;

namespace {

// RFC 7515 appendix A.3.
const std::string rfc7515_input =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
    "b290Ijp0cnVlfQ";

PublicKey rfc7515_key() {
    const Bytes point = Bytes("\x04") +
                        from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").value() +
                        from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").value();
    auto key = PublicKey::from_point(point);
    REQUIRE(key.has_value());
    return *key;
}

Bytes rfc7515_signature() {
    return from_base64url(
               "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        .value();
}

const char* const order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

Bytes integer(BytesView content) {
    return der::element(der::integer_tag, content);
}

Bytes pair(const Bytes& r, const Bytes& s) {
    return der::element(der::sequence_tag, r + s);
}

} // namespace

TEST_CASE("ES256 verifies the signature of RFC 7515 appendix A.3 and no change of it") {
    const PublicKey key = rfc7515_key();
    const Bytes signature = rfc7515_signature();
    CHECK(key.verify_es256(rfc7515_input, signature));
    for (std::size_t i = 0; i < signature.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit)
            CHECK_FALSE(key.verify_es256(rfc7515_input, with_bit_flipped(signature, i, bit)));
    for (std::size_t i = 0; i < rfc7515_input.size(); ++i)
        CHECK_FALSE(key.verify_es256(with_bit_flipped(rfc7515_input, i, 0), signature));
    CHECK_FALSE(Office().key.public_key().verify_es256(rfc7515_input, signature));
}

TEST_CASE("ES256 verifies the signature of RFC 6979 appendix A.2.5") {
    const auto key = PublicKey::from_point(
        hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));
    REQUIRE(key.has_value());
    CHECK(key->verify_es256(
        "sample", hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")));
    CHECK_FALSE(key->verify_es256(
        "Sample", hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")));
}

TEST_CASE("T47 a signature of the wrong length or with r or s out of range is refused") {
    const PublicKey key = rfc7515_key();
    const Bytes good = rfc7515_signature();
    const Bytes r = good.substr(0, 32);
    const Bytes s = good.substr(32);
    const Bytes zero(32, '\0');
    const Bytes n = hex(order);
    Bytes one = zero;
    one.back() = 1;
    CHECK(key.verify_es256(rfc7515_input, r + s));
    for (const Bytes& bad :
         {Bytes(), r, good + "\x01", good.substr(0, 63), Bytes("\0", 1) + good, zero + zero,
          zero + s, r + zero, n + s, r + n, n + n, one + zero, zero + one, one + one,
          Bytes(64, '\xff'), s + r})
        CHECK_FALSE_MESSAGE(key.verify_es256(rfc7515_input, bad), to_hex(bad));
    // r + n is congruent to r, where it fits 32 bytes; it must not count as a second signature.
    Bytes r_plus_n(32, '\0');
    int carry = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int sum = static_cast<unsigned char>(r[i]) + static_cast<unsigned char>(n[i]) + carry;
        r_plus_n[i] = static_cast<char>(sum);
        carry = sum >> 8;
    }
    CHECK_FALSE(key.verify_es256(rfc7515_input, r_plus_n + s));
    CHECK_FALSE(key.verify_es256(rfc7515_input, Bytes(1, static_cast<char>(carry)) + r_plus_n + s));
}

TEST_CASE("T47 a DER signature counts only in its one strict encoding") {
    const PublicKey key = rfc7515_key();
    const Bytes good = rfc7515_signature();
    const Bytes r = integer(good.substr(0, 32));               // 0e…: no leading zero
    const Bytes s = integer(Bytes("\0", 1) + good.substr(32)); // c5…: one leading zero
    const Bytes der = pair(r, s);
    REQUIRE(key.verify_es256_der(rfc7515_input, der));
    Bytes long_length = der;
    long_length.insert(1, 1, '\x81');
    const Bytes indefinite = Bytes("\x30\x80") + r + s + Bytes("\0\0", 2);
    Bytes long_inner = Bytes("\x02\x81\x20") + good.substr(0, 32);
    for (const Bytes& bad :
         {Bytes(),
          Bytes("\x30"),
          der.substr(0, der.size() - 1),
          der + Bytes(1, '\0'),
          long_length,
          indefinite,
          pair(long_inner, s),
          pair(integer(Bytes("\0", 1) + good.substr(0, 32)), s),
          pair(r, integer(Bytes("\0\0", 2) + good.substr(32))),
          pair(r, integer(good.substr(32))),
          pair(r, integer("")),
          pair(integer(Bytes("\0", 1)), s),
          pair(r, integer(Bytes("\0", 1))),
          pair(s, r),
          pair(r, integer(Bytes("\0", 1) + hex(order))),
          pair(integer(Bytes("\0", 1) + hex(order)), s),
          der::element(der::sequence_tag, r + s + r),
          der::element(der::sequence_tag, r),
          der::element(der::set_tag, r + s),
          r + s,
          pair(der::element(der::octet_string_tag, good.substr(0, 32)), s),
          pair(integer(Bytes("\0", 1) + hex("01") + good.substr(0, 32)), s),
          good})
        CHECK_FALSE_MESSAGE(key.verify_es256_der(rfc7515_input, bad), to_hex(bad));
    for (std::size_t i = 0; i < der.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit)
            CHECK_FALSE(key.verify_es256_der(rfc7515_input, with_bit_flipped(der, i, bit)));
}

TEST_CASE("what a key signs verifies with its public key in both encodings, and with no other") {
    const PrivateKey key = PrivateKey::generate();
    const PrivateKey other = PrivateKey::generate();
    // Many rounds: the encodings differ by the leading bits of r and s.
    for (int i = 0; i < 300; ++i) {
        const Bytes message = "message " + std::to_string(i);
        const Bytes raw = key.sign_es256(message);
        const Bytes der = key.sign_es256_der(message);
        CHECK(raw.size() == 64);
        CHECK(key.public_key().verify_es256(message, raw));
        CHECK(key.public_key().verify_es256_der(message, der));
        CHECK_FALSE(key.public_key().verify_es256(message + "x", raw));
        CHECK_FALSE(other.public_key().verify_es256(message, raw));
    }
}

TEST_CASE("a public key is 65 bytes of a point on the curve") {
    const Bytes point = PrivateKey::generate().public_key().point();
    REQUIRE(point.size() == 65);
    const auto again = PublicKey::from_point(point);
    REQUIRE(again.has_value());
    CHECK(again->point() == point);
    CHECK_FALSE(PublicKey::from_point(with_bit_flipped(point, 64, 0)));
    CHECK_FALSE(PublicKey::from_point(with_bit_flipped(point, 1, 0)));
    CHECK_FALSE(PublicKey::from_point(point.substr(0, 64)));
    CHECK_FALSE(PublicKey::from_point(point + "x"));
    CHECK_FALSE(PublicKey::from_point(Bytes("\x02") + point.substr(1, 32))); // compressed
    CHECK_FALSE(PublicKey::from_point(Bytes("\x06") + point.substr(1)));     // hybrid
    CHECK_FALSE(PublicKey::from_point(Bytes("\x07") + point.substr(1)));
    CHECK_FALSE(PublicKey::from_point(Bytes(1, '\0'))); // infinity
    CHECK_FALSE(PublicKey::from_point(Bytes("\x04") + Bytes(64, '\0')));
    // x above the field's prime, congruent to nothing that may be written so.
    CHECK_FALSE(PublicKey::from_point(Bytes("\x04") + Bytes(32, '\xff') + point.substr(33)));
}

TEST_CASE("a private key survives PEM, and PEM of other keys is refused") {
    const PrivateKey key = PrivateKey::generate();
    const auto again = PrivateKey::from_pem(key.to_pem());
    REQUIRE(again.has_value());
    CHECK(again->public_key() == key.public_key());
    CHECK(key.public_key().verify_es256("m", again->sign_es256("m")));
    CHECK(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----"));
    CHECK_FALSE(PrivateKey::from_pem(""));
    CHECK_FALSE(
        PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
    const Scratch scratch;
    REQUIRE(scratch.run(
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.pem"));
    REQUIRE(scratch.run("openssl genpkey -algorithm ED25519 -out ed.pem"));
    REQUIRE(scratch.run(
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem"));
    REQUIRE(scratch.run("openssl pkcs8 -topk8 -passout pass:secret -in p256.pem -out locked.pem"));
    CHECK(PrivateKey::from_pem(scratch.read("p256.pem")));
    for (const char* name : {"p384.pem", "ed.pem", "locked.pem"}) {
        const auto refused = PrivateKey::from_pem(scratch.read(name));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::setting_invalid);
    }
}

TEST_CASE("one key serves many threads at once") {
    const Office office;
    std::vector<std::jthread> threads;
    std::atomic<int> good = 0;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                const Bytes message = std::to_string(t * 100 + i);
                const bool verified = office.certificate.public_key().verify_es256(
                    message, office.key.sign_es256(message));
                const auto read = Certificate::from_der(office.certificate.der());
                if (verified && read && read->public_key() == office.key.public_key()) ++good;
            }
        });
    threads.clear();
    CHECK(good == 160);
}

TEST_CASE("Ed25519 gives the values of RFC 8032 section 7.1") {
    struct Row {
        const char* seed;
        const char* key;
        const char* message;
        const char* signature;
    };

    const Row rows[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
         "d25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
         "387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
         "4a7c15e9716ed28dc027beceea1ec40a"}};
    for (const auto& row : rows) {
        const auto key = Ed25519Key::from_seed(hex(row.seed));
        REQUIRE(key.has_value());
        CHECK(to_hex(key->public_key()) == row.key);
        CHECK(to_hex(key->sign(hex(row.message))) == row.signature);
        CHECK(verify_ed25519(hex(row.key), hex(row.message), hex(row.signature)));
        const Bytes signature = hex(row.signature);
        for (std::size_t i = 0; i < signature.size(); ++i)
            CHECK_FALSE(
                verify_ed25519(hex(row.key), hex(row.message), with_bit_flipped(signature, i, 3)));
        CHECK_FALSE(verify_ed25519(hex(row.key), hex(row.message) + "x", signature));
        CHECK_FALSE(verify_ed25519(hex(row.key), hex(row.message), signature + "x"));
        CHECK_FALSE(verify_ed25519(hex(row.key).substr(1), hex(row.message), signature));
    }
    CHECK_FALSE(Ed25519Key::from_seed(Bytes(31, 'x')));
    CHECK_FALSE(Ed25519Key::from_seed(Bytes(33, 'x')));
    CHECK(Ed25519Key::generate().seed() != Ed25519Key::generate().seed());
    // A key of small order would verify one signature for every message.
    CHECK_FALSE(verify_ed25519(hex("01") + Bytes(31, '\0'), "any", hex("01") + Bytes(63, '\0')));
}

TEST_CASE("a certificate that we make is read back, and OpenSSL's own program agrees with it") {
    const PrivateKey key = PrivateKey::generate();
    CertificateOptions options;
    options.common_name = "Ministère public d’Arcadie";
    options.organisation = "Arcadia, DNS:evil.example";
    options.country = "XA";
    options.use = CertificateUse::tls;
    options.hosts = {"node.arcadia.example", "127.0.0.1", "::1", "a.example,DNS:evil.example"};
    options.not_before = at("2026-03-01T00:00:00.500Z");
    options.not_after = at("2051-03-01T12:00:00Z"); // GeneralizedTime, from 2050
    const Certificate certificate = make_certificate(key, options);
    CHECK(certificate.common_name() == options.common_name);
    CHECK(certificate.not_before() == at("2026-03-01T00:00:00Z"));
    CHECK(certificate.not_after() == options.not_after);
    CHECK_FALSE(certificate.valid_at(at("2026-02-28T23:59:59.999Z")));
    CHECK(certificate.valid_at(at("2026-03-01T00:00:00Z")));
    CHECK(certificate.valid_at(at("2051-03-01T12:00:00Z")));
    CHECK_FALSE(certificate.valid_at(at("2051-03-01T12:00:00.001Z")));
    CHECK(certificate.public_key() == key.public_key());
    const auto again = Certificate::from_pem(certificate.pem());
    REQUIRE(again.has_value());
    CHECK(again->der() == certificate.der());
    const Scratch scratch;
    scratch.write("c.pem", certificate.pem());
    REQUIRE(scratch.run(
        "openssl verify -check_ss_sig -no_check_time -CAfile c.pem -partial_chain c.pem"));
    REQUIRE(scratch.run("openssl x509 -in c.pem -noout -text -nameopt utf8"));
    const Bytes text = scratch.read("out.txt");
    INFO(text);
    for (const char* wanted :
         {"ecdsa-with-SHA256", "CA:FALSE", "Digital Signature", "TLS Web Server Authentication",
          "TLS Web Client Authentication", "Subject Key Identifier", "IP Address:127.0.0.1",
          "DNS:node.arcadia.example", "IP Address:0:0:0:0:0:0:0:1", "prime256v1"})
        CHECK_MESSAGE(text.find(wanted) != Bytes::npos, wanted);
    REQUIRE(scratch.run("openssl x509 -in c.pem -noout -checkhost evil.example"));
    CHECK(scratch.read("out.txt").find("does NOT match") != Bytes::npos);
}

TEST_CASE("a certificate's key usage is that of its purpose") {
    const Scratch scratch;
    const std::pair<CertificateUse, const char*> rows[] = {
        {CertificateUse::seal, "Digital Signature\n"},
        {CertificateUse::tls, "Digital Signature\n"},
        {CertificateUse::sealing, "Key Agreement\n"}};
    for (const auto& [use, usage] : rows) {
        scratch.write("c.pem", Office(use).certificate.pem());
        REQUIRE(scratch.run("openssl x509 -in c.pem -noout -ext keyUsage,extendedKeyUsage"));
        const Bytes text = scratch.read("out.txt");
        CHECK(text.find(usage) != Bytes::npos);
        CHECK((text.find("TLS Web Server") != Bytes::npos) == (use == CertificateUse::tls));
    }
}

TEST_CASE("certificates in anything but strict DER, or with other keys, are refused") {
    const Office office;
    const Bytes der = office.certificate.der();
    REQUIRE(Certificate::from_der(der));
    CHECK_FALSE(Certificate::from_der(""));
    CHECK_FALSE(Certificate::from_der(der + Bytes(1, '\0')));
    CHECK_FALSE(Certificate::from_der(der.substr(0, der.size() - 1)));
    // The outer length in the indefinite form of BER.
    CHECK_FALSE(Certificate::from_der(Bytes("\x30\x80") + der.substr(4) + Bytes("\0\0", 2)));
    CHECK_FALSE(Certificate::from_pem(office.certificate.pem() + Office().certificate.pem()));
    CHECK_FALSE(Certificate::from_pem(office.key.to_pem()));
    CHECK_FALSE(Certificate::from_pem("no PEM"));
    const Scratch scratch;
    REQUIRE(scratch.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out rsa.pem -subj /CN=x -days 9"));
    REQUIRE(scratch.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k.pem "
        "-out p384.pem -subj /CN=x -days 9"));
    REQUIRE(scratch.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem "
        "-out p256.pem -subj /CN=x -days 9"));
    CHECK(Certificate::from_pem(scratch.read("p256.pem")));
    for (const char* name : {"rsa.pem", "p384.pem"}) {
        const auto refused = Certificate::from_pem(scratch.read(name));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == Code::seal_certificate);
    }
}

TEST_CASE("a changed byte of a certificate is refused or gives another fingerprint") {
    const Bytes der = Office().certificate.der();
    const Certificate original = *Certificate::from_der(der);
    int read = 0;
    for (std::size_t i = 0; i < der.size(); ++i) {
        const auto changed =
            Certificate::from_der(with_bit_flipped(der, i, static_cast<unsigned>(i % 8)));
        if (!changed) continue;
        ++read;
        CHECK(changed->fingerprint() != original.fingerprint());
    }
    MESSAGE(
        read << " of " << der.size()
             << " changed certificates can still be read; none is the pinned one");
}
