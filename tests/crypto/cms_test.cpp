// Sealed parts and streams: opened here and by OpenSSL's own program, both ways round; changed
// ones are refused.
#include "base/fault.hpp"
#include "crypto/cms.hpp"
#include "crypto/der.hpp"
#include "crypto_support.hpp"

using namespace comity;
using namespace comity::crypto;
using namespace comity::crypto::test;

namespace {

Office reader(const char* name = "Reader") {
    return Office(CertificateUse::sealing, name);
}

std::vector<Certificate> certificates(std::initializer_list<const Office*> offices) {
    std::vector<Certificate> out;
    for (const auto* office : offices)
        out.push_back(office->certificate);
    return out;
}

std::size_t count(BytesView bytes, BytesView wanted) {
    std::size_t found = 0;
    for (std::size_t i = bytes.find(wanted); i != BytesView::npos; i = bytes.find(wanted, i + 1))
        ++found;
    return found;
}

struct Sealed {
    Bytes envelope;
    Bytes ciphertext;
};

Sealed seal_stream(
    BytesView plaintext, std::span<const Certificate> readers, std::size_t step = 70'000) {
    Sealed out;
    StreamSealer sealer(readers, [&](BytesView bytes) { out.ciphertext += bytes; });
    for (std::size_t i = 0; i < plaintext.size(); i += step)
        sealer.update(plaintext.substr(i, step));
    out.envelope = sealer.finish();
    return out;
}

Result<Bytes> open_stream(const Sealed& sealed, const Office& office, std::size_t step = 50'001) {
    Bytes plaintext;
    TRY(auto opener,
        StreamOpener::open(sealed.envelope, office.key, office.certificate, [&](BytesView bytes) {
            plaintext += bytes;
        }));
    const BytesView ciphertext = sealed.ciphertext;
    for (std::size_t i = 0; i < ciphertext.size(); i += step)
        opener.update(ciphertext.substr(i, step));
    TRY_VOID(opener.finish());
    return plaintext;
}

template <class T>
std::string code(const Result<T>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

} // namespace

TEST_CASE("a sealed part opens for each reader and for nobody else") {
    const Office first = reader("First");
    const Office second = reader("Second");
    const Office stranger = reader("Stranger");
    for (const Bytes& plaintext :
         {Bytes(), Bytes("x"), Bytes("facts of the case"), Bytes(300'000, '\xe9')}) {
        const Bytes sealed = seal_to(plaintext, certificates({&first, &second}));
        CHECK(open_sealed(sealed, first.key, first.certificate).value() == plaintext);
        CHECK(open_sealed(sealed, second.key, second.certificate).value() == plaintext);
        CHECK(code(open_sealed(sealed, stranger.key, stranger.certificate)) == "part_unreadable");
        CHECK(code(open_sealed(sealed, stranger.key, first.certificate)) == "part_unreadable");
        CHECK(code(open_sealed(sealed, first.key, stranger.certificate)) == "part_unreadable");
    }
    CHECK(seal_to("x", certificates({&first})) != seal_to("x", certificates({&first})));
}

TEST_CASE("each recipient has ECDH with the SHA-256 derivation and AES-256 key wrap") {
    const Office first = reader();
    const Office second = reader();
    const Bytes sealed = seal_to("x", certificates({&first, &second}));
    CHECK(der::well_formed(sealed));
    CHECK(count(sealed, hex("06062b8104010b01")) == 2);       // dhSinglePass-stdDH-sha256kdf-scheme
    CHECK(count(sealed, hex("060960864801650304012d")) == 2); // id-aes256-wrap
    CHECK(count(sealed, hex("060960864801650304012e")) == 1); // id-aes256-GCM
    CHECK(count(sealed, hex("060b2a864886f70d0109100117")) == 1); // id-ct-authEnvelopedData
}

TEST_CASE("the readers of a part are exactly those named") {
    const Office a = reader("A");
    const Office b = reader("B");
    const Office c = reader("C");
    const Bytes sealed = seal_to("x", certificates({&a, &b}));
    using Answers = std::vector<bool>;
    CHECK(recipients_match(sealed, certificates({&a, &b})).value() == Answers{true, true});
    CHECK(recipients_match(sealed, certificates({&b, &a})).value() == Answers{true, true});
    CHECK(recipients_match(sealed, certificates({&a, &c})).value() == Answers{true, false});
    CHECK(code(recipients_match(sealed, certificates({&a}))) == "part_audience");
    CHECK(code(recipients_match(sealed, certificates({&a, &b, &c}))) == "part_audience");
    CHECK(code(recipients_match(sealed, {})) == "part_audience");
    CHECK(
        code(recipients_match(seal_to("x", certificates({&a, &a})), certificates({&a, &b}))) ==
        "part_audience");
    CHECK(code(recipients_match("x", certificates({&a}))) == "part_unreadable");
    CHECK(
        recipients_match(seal_stream("x", certificates({&a})).envelope, certificates({&a}))
            .value() == Answers{true});
}

TEST_CASE("OpenSSL's program opens our part, and we open its") {
    const Office office = reader();
    const Office other = reader("Other");
    const Bytes plaintext = "Οὐσία — facts of the case\r\n" + Bytes(100'000, '\0');
    const Scratch scratch;
    scratch.write("key.pem", office.key.to_pem());
    scratch.write("cert.pem", office.certificate.pem());
    scratch.write("other.pem", other.certificate.pem());
    scratch.write("plain", plaintext);
    scratch.write("ours.der", seal_to(plaintext, certificates({&other, &office})));
    REQUIRE(scratch.run(
        "openssl cms -decrypt -binary -inform DER -in ours.der -inkey key.pem -recip cert.pem -out opened"));
    CHECK(scratch.read("opened") == plaintext);
    const std::string encrypt =
        "openssl cms -encrypt -binary -aes-256-gcm -outform DER -in plain -out theirs.der ";
    REQUIRE(scratch.run(
        encrypt +
        "-recip cert.pem -keyopt ecdh_kdf_md:sha256 -recip other.pem -keyopt ecdh_kdf_md:sha256"));
    CHECK(
        open_sealed(scratch.read("theirs.der"), office.key, office.certificate).value() ==
        plaintext);
    CHECK(
        open_sealed(scratch.read("theirs.der"), other.key, other.certificate).value() == plaintext);
}

TEST_CASE("T12 parts in other forms of CMS are refused, although OpenSSL would open them") {
    const Office office = reader();
    const Scratch scratch;
    scratch.write("key.pem", office.key.to_pem());
    scratch.write("cert.pem", office.certificate.pem());
    scratch.write("plain", "plaintext");
    const char* const ways[] = {
        "-aes-256-gcm -recip cert.pem",                                    // SHA-1 derivation
        "-aes-128-gcm -recip cert.pem -keyopt ecdh_kdf_md:sha256",         // smaller cipher
        "-aes-256-cbc -recip cert.pem -keyopt ecdh_kdf_md:sha256",         // not authenticated
        "-aes-256-gcm -keyid -recip cert.pem -keyopt ecdh_kdf_md:sha256",  // by key identifier
        "-aes-256-gcm -recip cert.pem -keyopt ecdh_kdf_md:sha256 -stream", // BER
        // and for a secret key, too
        "-aes-256-gcm -recip cert.pem -keyopt ecdh_kdf_md:sha256 -secretkey 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f -secretkeyid 01"};
    for (const std::string way : ways) {
        INFO(way);
        REQUIRE(scratch.run(
            fmt::format("openssl cms -encrypt -binary {} -outform DER -in plain -out x.der", way)));
        REQUIRE(scratch.run(
            "openssl cms -decrypt -binary -inform DER -in x.der -inkey key.pem -recip cert.pem -out y"));
        REQUIRE(scratch.read("y") == "plaintext");
        CHECK(
            code(open_sealed(scratch.read("x.der"), office.key, office.certificate)) ==
            "part_unreadable");
        CHECK(
            code(recipients_match(scratch.read("x.der"), certificates({&office}))) ==
            "part_unreadable");
    }
}

TEST_CASE("T08 no changed byte of a sealed part gives another plaintext") {
    const Office office = reader();
    const Office other = reader("Other");
    const Bytes plaintext = "plaintext of a part";
    const Bytes sealed = seal_to(plaintext, certificates({&office, &other}));
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    int opened = 0;
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        const auto result = open_sealed(
            with_bit_flipped(sealed, i, static_cast<unsigned>(random() % 8)), office.key,
            office.certificate);
        if (!result) {
            CHECK(result.error().code == Code::part_unreadable);
            continue;
        }
        ++opened;
        CHECK(*result == plaintext);
    }
    // Those that open were changed in the other reader's entry.
    CHECK(opened > 0);
    CHECK(static_cast<std::size_t>(opened) < sealed.size() / 2);
    for (std::size_t i = 0; i < sealed.size(); ++i)
        CHECK_FALSE(open_sealed(sealed.substr(0, i), office.key, office.certificate).has_value());
    CHECK_FALSE(open_sealed(sealed + Bytes(1, '\0'), office.key, office.certificate).has_value());
    CHECK_FALSE(open_sealed(sealed + sealed, office.key, office.certificate).has_value());
    CHECK_FALSE(open_sealed("", office.key, office.certificate).has_value());
}

TEST_CASE("a part sealed to one reader: no changed byte opens at all") {
    const Office office = reader();
    const Bytes sealed = seal_to("plaintext", certificates({&office}));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        const auto result = open_sealed(
            with_bit_flipped(sealed, i, static_cast<unsigned>(i % 8)), office.key,
            office.certificate);
        CHECK_MESSAGE(!result.has_value(), "byte " << i);
    }
}

TEST_CASE("a stream opens whatever the sizes of its pieces") {
    const Office office = reader();
    const Office stranger = reader("Stranger");
    const auto readers = certificates({&office});
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (const std::size_t size :
         {0u, 1u, 15u, 16u, 17u, 262'143u, 262'144u, 262'145u, 1'000'000u}) {
        const Bytes plaintext = random_text(random, size);
        const Sealed sealed = seal_stream(plaintext, readers, 1 + random() % 400'000);
        CHECK(sealed.ciphertext.size() == plaintext.size());
        CHECK((size < 16 || sealed.ciphertext != plaintext));
        CHECK(open_stream(sealed, office, 1 + random() % 400'000).value() == plaintext);
        CHECK(code(open_stream(sealed, stranger)) == "evidence_corrupt");
        CHECK(
            code(open_sealed(sealed.envelope, office.key, office.certificate)) ==
            "part_unreadable");
    }
    // What is attached is no stream.
    CHECK(code(open_stream({seal_to("x", readers), ""}, office)) == "evidence_corrupt");
}

TEST_CASE("T08 a stream that was changed, cut, extended or put in another order is refused") {
    const Office office = reader();
    const auto readers = certificates({&office});
    const Bytes plaintext(200, 'p');
    const Sealed good = seal_stream(plaintext, readers);
    const Sealed other = seal_stream(plaintext, readers);
    REQUIRE(open_stream(good, office).has_value());
    for (std::size_t i = 0; i < good.ciphertext.size(); ++i) {
        CHECK(
            code(open_stream(
                {good.envelope, with_bit_flipped(good.ciphertext, i, static_cast<unsigned>(i % 8))},
                office)) == "evidence_corrupt");
        CHECK(
            code(open_stream({good.envelope, good.ciphertext.substr(0, i)}, office)) ==
            "evidence_corrupt");
    }
    CHECK(code(open_stream({good.envelope, good.ciphertext + "x"}, office)) == "evidence_corrupt");
    CHECK(
        code(open_stream(
            {good.envelope, good.ciphertext.substr(100) + good.ciphertext.substr(0, 100)},
            office)) == "evidence_corrupt");
    CHECK(code(open_stream({good.envelope, other.ciphertext}, office)) == "evidence_corrupt");
    CHECK(code(open_stream({other.envelope, good.ciphertext}, office)) == "evidence_corrupt");
    for (std::size_t i = 0; i < good.envelope.size(); ++i)
        CHECK(
            code(open_stream(
                {with_bit_flipped(good.envelope, i, static_cast<unsigned>(i % 8)), good.ciphertext},
                office)) == "evidence_corrupt");
}

TEST_CASE("OpenSSL's program opens our stream from envelope and ciphertext") {
    const Office office = reader();
    const Bytes plaintext = Bytes(700'000, 'e') + "end";
    const Sealed sealed = seal_stream(plaintext, certificates({&office}));
    const Scratch scratch;
    scratch.write("key.pem", office.key.to_pem());
    scratch.write("cert.pem", office.certificate.pem());
    scratch.write("envelope.der", sealed.envelope);
    scratch.write("ciphertext", sealed.ciphertext);
    const std::string decrypt =
        "openssl cms -decrypt -binary -inform DER -in envelope.der -content ciphertext "
        "-inkey key.pem -recip cert.pem -out opened";
    REQUIRE(scratch.run(decrypt));
    CHECK(scratch.read("opened") == plaintext);
    scratch.write("ciphertext", with_bit_flipped(sealed.ciphertext, 5, 1));
    CHECK_FALSE(scratch.run(decrypt));
}

TEST_CASE("a sink that fails stops the stream with its own exception, and pieces stay small") {
    const Office office = reader();
    const auto readers = certificates({&office});
    StreamSealer sealer(readers, [](BytesView) { throw StorageFault("the disk is full"); });
    CHECK_THROWS_AS(sealer.update("x"), StorageFault);
    std::size_t largest = 0;
    StreamSealer wide(readers, [&](BytesView bytes) { largest = std::max(largest, bytes.size()); });
    wide.update(Bytes(3'000'000, 'x'));
    CHECK(largest <= 256 * 1024);
}

TEST_CASE("DER is read only in its shortest, definite form") {
    CHECK(der::well_formed(hex("3003020101")));
    CHECK(der::well_formed(hex("3000")));
    for (const char* bad :
         {"", "30",
          "3080020101"
          "0000",
          "308103020101", "30820003020101", "3003020101ff", "30020201",
          "3004020200"
          "01",
          "3003010102", "300402020001", "30020200", "1f0100", "0000", "3084ffffffff00"})
        CHECK_FALSE_MESSAGE(der::well_formed(hex(bad)), bad);
    CHECK(der::well_formed(hex("3003010100")));
    CHECK(der::well_formed(hex("30030101ff")));
    CHECK(der::well_formed(hex("300402020080")));
    CHECK(der::well_formed(hex("30040202ff7f")));
    CHECK_FALSE(der::well_formed(hex("30040202ff80")));
    Bytes deep = "\x05" + Bytes(1, '\0');
    for (int i = 0; i < 16; ++i)
        deep = der::element(der::sequence_tag, deep);
    CHECK(der::well_formed(deep));
    CHECK_FALSE(der::well_formed(der::element(der::sequence_tag, deep)));
    for (const std::size_t size : {0u, 127u, 128u, 255u, 256u, 65'535u, 65'536u}) {
        const Bytes whole = der::element(der::octet_string_tag, Bytes(size, 'x'));
        der::Cursor again(whole);
        CHECK(again.take(der::octet_string_tag).content.size() == size);
        CHECK(again.finished());
    }
}
