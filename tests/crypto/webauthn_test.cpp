// WebAuthn: the examples of the specification (W3C Web Authentication Level 3, "Test Vectors"),
// the software authenticator, and every way of being wrong with the code of its reason.
#include "crypto/der.hpp"
#include "crypto/hash.hpp"
#include "crypto/webauthn.hpp"
#include "crypto_support.hpp"

using namespace comity;
using namespace comity::crypto;
using namespace comity::crypto::test;

namespace {

const std::string rp_id = "sign.authority.arcadia.example";
const std::string origin = "https://sign.authority.arcadia.example";
const Bytes challenge(32, 'c');

std::string code(const Result<std::uint32_t>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

std::string code(const Result<Passkey>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

Assertion signed_over(const PrivateKey& key, Assertion assertion) {
    assertion.signature = key.sign_es256_der(
        assertion.authenticator_data + Bytes(view(sha256(assertion.client_data))));
    return assertion;
}

// A passkey whose private key the test has, so that wrong statements can be truly signed.
struct Person {
    PrivateKey key = PrivateKey::generate();
    Passkey passkey{Bytes(32, 'i'), key.public_key(), rp_id, origin};

    [[nodiscard]] Assertion assertion(unsigned flags = 0x05, std::string_view of_rp = rp_id) const {
        Assertion out;
        out.credential_id = passkey.credential_id;
        out.authenticator_data = Bytes(view(sha256(of_rp)));
        out.authenticator_data.push_back(static_cast<char>(flags));
        put_be32(out.authenticator_data, 0x102);
        out.client_data = client("webauthn.get", to_base64url(challenge), origin);
        return signed_over(key, out);
    }

    static Bytes client(
        std::string_view type, std::string_view challenge_text, std::string_view of_origin,
        std::string_view more = ",\"crossOrigin\":false") {
        return fmt::format(
            R"({{"type":"{}","challenge":"{}","origin":"{}"{}}})", type, challenge_text, of_origin,
            more);
    }

    [[nodiscard]] std::string with_client(const Bytes& client_data) const {
        Assertion out = assertion();
        out.client_data = client_data;
        return code(verify_assertion(passkey, signed_over(key, out), challenge));
    }

    [[nodiscard]] std::string with_data(const Bytes& data) const {
        Assertion out = assertion();
        out.authenticator_data = data;
        return code(verify_assertion(passkey, signed_over(key, out), challenge));
    }
};

// The parts of an attestation object, to be put together rightly and wrongly.
struct Attested {
    Bytes id = Bytes(32, 'i');
    Bytes point = PrivateKey::generate().public_key().point();
    unsigned flags = 0x45;

    [[nodiscard]] Bytes cose() const {
        return hex("a5010203262001215820") + point.substr(1, 32) + hex("225820") + point.substr(33);
    }

    [[nodiscard]] Bytes data(const Bytes& tail) const {
        Bytes out(view(sha256(rp_id)));
        out.push_back(static_cast<char>(flags));
        out.append(4, '\0').append(16, 'a');
        put_be16(out, static_cast<std::uint16_t>(id.size()));
        return out + id + tail;
    }

    [[nodiscard]] Bytes data() const { return data(cose()); }
};

Bytes cbor_bytes(const Bytes& bytes) {
    Bytes out;
    if (bytes.size() < 24)
        out.push_back(static_cast<char>(0x40 + bytes.size()));
    else if (bytes.size() < 256)
        (out = "\x58").push_back(static_cast<char>(bytes.size()));
    else
        put_be16(out = "\x59", static_cast<std::uint16_t>(bytes.size()));
    return out + bytes;
}

const Bytes fmt_none = from_hex("63666d74646e6f6e65").value();
const Bytes fmt_packed = from_hex("63666d74667061636b6564").value();
const Bytes stmt_name = from_hex("6761747453746d74").value();
const Bytes stmt_empty = stmt_name + "\xa0";
const Bytes data_name = from_hex("686175746844617461").value();

Bytes none_object(const Bytes& data) {
    return hex("a3") + fmt_none + stmt_empty + data_name + cbor_bytes(data);
}

std::string registered(
    const Bytes& object,
    const Bytes& client = Person::client("webauthn.create", to_base64url(challenge), origin)) {
    return code(verify_registration({object, client}, rp_id, origin, challenge));
}

// The specification derives its random values by HKDF, so they can be checked beside the bytes.
Bytes spec_value(int salt, const char* name) {
    return hkdf_sha256("WebAuthn test vectors", Bytes(1, static_cast<char>(salt)), name, 32);
}

struct SpecExample {
    const char* name;
    int second_challenge; ///< the salt of the assertion's challenge
    const char* object;
    const char* create_client;
    const char* data;
    const char* get_client;
    const char* signature;
    const char* registration_code;
    const char* assertion_code;
};

const SpecExample spec_examples[] = {
    {"packed-self.ES256", 7,
     "a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c7"
     "3228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d686175746844617461"
     "58a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc"
     "0020455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559"
     "fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484"
     "f2",
     R"({"type":"webauthn.create","challenge":"eGnCt3LUtY66k3jPjynibPk1qnffDaifqZwL3Ap29-U","origin":"https://example.org","crossOrigin":false,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: U9hTXvKE2URkMnb_0xYHVg"})",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
     R"({"type":"webauthn.get","challenge":"RHihCxNSNI3RYME1Ow1Gm12xnrkcJ_ffpv7Tn-Jq8gs","origin":"https://example.org","crossOrigin":false,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: gTb53rz6EhSWomXGzimC1Q"})",
     "304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd959"
     "94a83ef584b3b6b825ea3550251b66",
     "accepted", "approval_user_verification"},
    {"none.ES256", 7,
     "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5"
     "e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94"
     "ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56"
     "b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
     R"({"type":"webauthn.create","challenge":"AMMPt4UxxGTStncdq4759YwHzBYvKkhr6nDyg65WHhA","origin":"https://example.org","crossOrigin":false,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: BkQeDjdcTBrXBiAwJTLE5Q"})",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
     R"({"type":"webauthn.get","challenge":"OcDnUhQXulTUPo3JUXT0I97pvzzYBP9tZchXyav01Ag","origin":"https://example.org","crossOrigin":false})",
     "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd"
     "5d78c6e486013f937295ea13653e331e87",
     "approval_user_verification", "approval_user_verification"},
    {"none.ES256.crossOrigin", 7,
     "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5"
     "e0f01452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d"
     "9915db2bd5ce57a501020326200121582022200a473f90b11078851550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d225820cbd0be"
     "95e746ad6f5a8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e",
     R"({"type":"webauthn.create","challenge":"O-WqzQNTcUJHI0CrWWnyQPHYdxbiC2gHrCMGVfpLO0k","origin":"https://example.org","crossOrigin":true,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: zZquEtDR9DWqpW5tBWTFug"})",
     "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50500000000",
     R"({"type":"webauthn.get","challenge":"h2qlF7qD_e5l_P_bykyE7q5dVPgEGh_IXJkeW7snMTc","origin":"https://example.org","crossOrigin":true,"extraData":"clientDataJSON may be extended with additional fields in the future, such as this: 92pcTVD0Aby-q4dtmj6efg"})",
     "3046022100eb12fcf23b12764c0f122e22371fab92e283879fd798f38ee1841c951b6e40e7022100c76237ff9db77b3c56f30837cda6a0"
     "9acfa2e915544e609c0733b1184036d1cf",
     "approval_origin", "approval_origin"}};

} // namespace

TEST_CASE("the examples of the specification are read, and what they sign verifies") {
    for (const auto& example : spec_examples) {
        INFO(std::string(example.name));
        const Bytes object = hex(example.object);
        const Bytes first = spec_value(0, example.name);
        const auto passkey = verify_registration(
            {object, example.create_client}, "example.org", "https://example.org", first);
        CHECK(code(passkey) == example.registration_code);
        // The key and the credential id stand at fixed places at the end of the object.
        const std::size_t cose = object.size() - 77;
        const Bytes id = object.substr(cose - 32, 32);
        const auto key = PublicKey::from_point(
            Bytes("\x04") + object.substr(cose + 10, 32) + object.substr(cose + 45));
        REQUIRE(key.has_value());
        if (passkey) {
            CHECK(passkey->key == *key);
            CHECK(passkey->credential_id == id);
        }
        CHECK(id == spec_value(5, example.name));
        const Assertion assertion{
            id, hex(example.data), example.get_client, hex(example.signature)};
        const Bytes second = spec_value(example.second_challenge, example.name);
        CHECK(
            code(verify_assertion(
                {id, *key, "example.org", "https://example.org"}, assertion, second)) ==
            example.assertion_code);
        CHECK(key->verify_es256_der(
            assertion.authenticator_data + Bytes(view(sha256(assertion.client_data))),
            assertion.signature));
    }
    // Self attestation covers every byte of authenticator data and client data.
    const auto& packed = spec_examples[0];
    const Bytes object = hex(packed.object);
    for (std::size_t i = 0; i < object.size(); ++i)
        CHECK_MESSAGE(
            !verify_registration(
                {with_bit_flipped(object, i, static_cast<unsigned>(i % 8)), packed.create_client},
                "example.org", "https://example.org", spec_value(0, packed.name)),
            "byte " << i);
}

TEST_CASE("the software authenticator registers, signs and survives saving") {
    const auto made = SoftwareAuthenticator::create(rp_id, origin);
    const auto registered_passkey =
        verify_registration(made.registration(challenge), rp_id, origin, challenge);
    REQUIRE(registered_passkey.has_value());
    CHECK(registered_passkey->credential_id == made.passkey().credential_id);
    CHECK(registered_passkey->key == made.passkey().key);
    CHECK(verify_assertion(*registered_passkey, made.sign(challenge), challenge).value() == 0);
    const auto loaded = SoftwareAuthenticator::load(made.save());
    REQUIRE(loaded.has_value());
    CHECK(verify_assertion(*registered_passkey, loaded->sign(challenge), challenge).has_value());
    CHECK(
        made.sign(challenge).client_data ==
        R"({"type":"webauthn.get","challenge":"Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M","origin":"https://sign.authority.arcadia.example","crossOrigin":false})");
    CHECK_FALSE(SoftwareAuthenticator::load("{}").has_value());
    CHECK_FALSE(SoftwareAuthenticator::load("").has_value());
}

TEST_CASE(
    "R3 an assertion without user verification, from another origin or by another key is refused") {
    const auto made = SoftwareAuthenticator::create(rp_id, origin);
    const auto other = SoftwareAuthenticator::create(rp_id, origin);
    const Passkey passkey = made.passkey();
    CHECK(
        code(verify_assertion(passkey, made.sign(challenge, {false, ""}), challenge)) ==
        "approval_user_verification");
    CHECK(
        code(verify_assertion(
            passkey, made.sign(challenge, {true, "https://authority.arcadia.example"}),
            challenge)) == "approval_origin");
    CHECK(
        code(verify_assertion(passkey, made.sign(Bytes(32, 'd')), challenge)) ==
        "approval_challenge");
    CHECK(
        code(verify_assertion(passkey, other.sign(challenge), challenge)) == "approval_malformed");
    Assertion forged = other.sign(challenge);
    forged.credential_id = passkey.credential_id;
    CHECK(code(verify_assertion(passkey, forged, challenge)) == "approval_signature");
    const auto elsewhere = SoftwareAuthenticator::create("authority.arcadia.example", origin);
    Passkey confused = elsewhere.passkey();
    confused.rp_id = rp_id;
    CHECK(
        code(verify_assertion(confused, elsewhere.sign(challenge), challenge)) ==
        "approval_origin");
}

TEST_CASE(
    "client data: type, origin, frames and challenge are checked exactly, unknown members are not") {
    const Person person;
    const std::string text = to_base64url(challenge);
    CHECK(person.with_client(Person::client("webauthn.get", text, origin)) == "accepted");
    CHECK(person.with_client(Person::client("webauthn.get", text, origin, "")) == "accepted");
    CHECK(
        person.with_client(Person::client(
            "webauthn.get", text, origin,
            R"(,"crossOrigin":false,"other_keys_can_be_added_here":"do not compare")")) ==
        "accepted");
    CHECK(
        person.with_client(
            R"({"origin":")" + origin + R"(","challenge":")" + text +
            R"(","type":"webauthn.get"})") == "accepted");
    CHECK(
        person.with_client(Person::client("webauthn.get", text, origin, ",\"crossOrigin\":true")) ==
        "approval_origin");
    CHECK(
        person.with_client(Person::client("webauthn.get", text, origin, ",\"crossOrigin\":null")) ==
        "approval_malformed");
    CHECK(
        person.with_client(Person::client(
            "webauthn.get", text, origin, ",\"crossOrigin\":\"false\"")) == "approval_malformed");
    CHECK(
        person.with_client(Person::client("webauthn.create", text, origin)) ==
        "approval_malformed");
    CHECK(person.with_client(Person::client("payment.get", text, origin)) == "approval_malformed");
    for (const std::string& other :
         {origin + "/", origin + ":443", std::string("http://sign.authority.arcadia.example"),
          std::string("https://SIGN.authority.arcadia.example"),
          std::string("https://authority.arcadia.example"), origin + ".evil.example",
          std::string("null"), std::string()})
        CHECK_MESSAGE(
            person.with_client(Person::client("webauthn.get", text, other)) == "approval_origin",
            other);
    CHECK(
        person.with_client(Person::client("webauthn.get", text + "=", origin)) ==
        "approval_malformed");
    CHECK(person.with_client(Person::client("webauthn.get", "", origin)) == "approval_challenge");
    CHECK(
        person.with_client(Person::client("webauthn.get", to_base64url(Bytes(31, 'c')), origin)) ==
        "approval_challenge");
    CHECK(
        person.with_client(Person::client("webauthn.get", to_base64url(Bytes(33, 'c')), origin)) ==
        "approval_challenge");
    for (const Bytes& bad :
         {Bytes(), Bytes("{}"), Bytes("[]"), Bytes("\xef\xbb\xbf{}"),
          Person::client("webauthn.get", text, origin) + "x",
          Person::client("webauthn.get", text, origin, ",\"type\":\"webauthn.get\""),
          Person::client(
              "webauthn.get", text, origin, ",\"x\":\"" + std::string(5000, 'x') + "\"")})
        CHECK_MESSAGE(person.with_client(bad) == "approval_malformed", bad.substr(0, 100));
}

TEST_CASE("authenticator data have 37 bytes and only flags that we know") {
    const Person person;
    const Bytes good = person.assertion().authenticator_data;
    CHECK(verify_assertion(person.passkey, person.assertion(), challenge).value() == 0x102);
    CHECK(person.with_data(good) == "accepted");
    CHECK(person.with_data(good + "x") == "approval_malformed");
    CHECK(person.with_data(good.substr(0, 36)) == "approval_malformed");
    CHECK(person.with_data("") == "approval_malformed");
    const std::pair<unsigned, const char*> rows[] = {
        {0x05, "accepted"},
        {0x0d, "accepted"},
        {0x1d, "accepted"},
        {0x15, "approval_malformed"},         // backed up, though it cannot be
        {0x07, "approval_malformed"},         // reserved
        {0x25, "approval_malformed"},         // reserved
        {0x45, "approval_malformed"},         // a new credential in an assertion
        {0x85, "approval_malformed"},         // extensions
        {0x04, "approval_user_verification"}, // verified but not present
        {0x01, "approval_user_verification"},
        {0x00, "approval_user_verification"}};
    for (const auto& [flags, wanted] : rows)
        CHECK_MESSAGE(
            code(verify_assertion(person.passkey, person.assertion(flags), challenge)) == wanted,
            flags);
    CHECK(
        code(verify_assertion(
            person.passkey, person.assertion(0x05, "arcadia.example"), challenge)) ==
        "approval_origin");
}

TEST_CASE("the checks come in their order: what is named first is found first") {
    const Person person;
    // Each row is wrong in all that follow, too.
    Assertion wrong = person.assertion(0x00, "evil.example");
    wrong.client_data = Person::client("webauthn.create", "AAAA", "https://evil.example");
    wrong.signature = "x";
    wrong.credential_id = "x";
    const auto verdict = [&] {
        return code(verify_assertion(person.passkey, wrong, challenge));
    };
    CHECK(verdict() == "approval_malformed");
    wrong.credential_id = person.passkey.credential_id;
    CHECK(verdict() == "approval_malformed");
    wrong.client_data = Person::client("webauthn.get", "AAAA", "https://evil.example");
    CHECK(verdict() == "approval_origin");
    wrong.authenticator_data = person.assertion(0x00).authenticator_data;
    CHECK(verdict() == "approval_origin");
    wrong.client_data = Person::client("webauthn.get", "AAAA", origin);
    CHECK(verdict() == "approval_user_verification");
    wrong.authenticator_data = person.assertion(0x05).authenticator_data;
    CHECK(verdict() == "approval_challenge");
    wrong.client_data = Person::client("webauthn.get", to_base64url(challenge), origin);
    CHECK(verdict() == "approval_signature");
}

TEST_CASE("T08 no changed bit of an assertion is accepted") {
    const auto made = SoftwareAuthenticator::create(rp_id, origin);
    const Passkey passkey = made.passkey();
    const Assertion good = made.sign(challenge);
    for (Bytes Assertion::* part :
         {&Assertion::credential_id, &Assertion::authenticator_data, &Assertion::client_data,
          &Assertion::signature})
        for (std::size_t i = 0; i < (good.*part).size(); ++i)
            for (unsigned bit = 0; bit < 8; ++bit) {
                Assertion changed = good;
                changed.*part = with_bit_flipped(good.*part, i, bit);
                CHECK_FALSE(verify_assertion(passkey, changed, challenge).has_value());
            }
    for (std::size_t i = 0; i < challenge.size(); ++i)
        CHECK(
            code(verify_assertion(passkey, good, with_bit_flipped(challenge, i, 0))) ==
            "approval_challenge");
}

TEST_CASE("a registration's attested data have exactly one form") {
    const Attested good;
    CHECK(registered(none_object(good.data())) == "accepted");
    const std::pair<std::size_t, const char*> sizes[] = {
        {15, "approval_malformed"}, {16, "accepted"},   {17, "accepted"},
        {1022, "accepted"},         {1023, "accepted"}, {1024, "approval_malformed"},
        {0, "approval_malformed"}};
    for (const auto& [size, wanted] : sizes) {
        Attested other = good;
        other.id = Bytes(size, 'i');
        CHECK_MESSAGE(registered(none_object(other.data())) == wanted, size);
    }
    const std::pair<unsigned, const char*> flags[] = {
        {0x45, "accepted"},
        {0x5d, "accepted"},
        {0x41, "approval_user_verification"},
        {0x44, "approval_user_verification"},
        {0x05, "approval_malformed"},
        {0xc5, "approval_malformed"},
        {0x47, "approval_malformed"}};
    for (const auto& [value, wanted] : flags) {
        Attested other = good;
        other.flags = value;
        CHECK_MESSAGE(registered(none_object(other.data())) == wanted, value);
    }
    Bytes other_algorithm = good.cose();
    other_algorithm[4] = '\x27'; // alg -8
    Bytes other_curve = good.cose();
    other_curve[6] = '\x02';
    Attested off_curve = good;
    off_curve.point = with_bit_flipped(good.point, 64, 0);
    for (const Bytes& tail :
         {other_algorithm, other_curve, off_curve.cose(), good.cose() + "x",
          good.cose().substr(0, 76), Bytes(), hex("a0"), hex("a4") + good.cose().substr(1)})
        CHECK(registered(none_object(good.data(tail))) == "approval_malformed");
    for (std::size_t size = 0; size < good.data().size(); ++size)
        CHECK(registered(none_object(good.data().substr(0, size))) == "approval_malformed");
    CHECK(
        registered(
            none_object(good.data()),
            Person::client("webauthn.get", to_base64url(challenge), origin)) ==
        "approval_malformed");
    CHECK(
        registered(none_object(good.data()), Person::client("webauthn.create", "AAAA", origin)) ==
        "approval_challenge");
    CHECK(
        registered(
            none_object(good.data()),
            Person::client("webauthn.create", to_base64url(challenge), "https://x")) ==
        "approval_origin");
    CHECK(
        code(verify_registration(
            {none_object(good.data()),
             Person::client("webauthn.create", to_base64url(challenge), origin)},
            "arcadia.example", origin, challenge)) == "approval_origin");
}

TEST_CASE("the attestation object is read in canonical CBOR only") {
    const Attested attested;
    const Bytes data = cbor_bytes(attested.data());
    const Bytes good = hex("a3") + fmt_none + stmt_empty + data_name + data;
    REQUIRE(registered(good) == "accepted");
    CHECK(
        registered(hex("a3") + data_name + data + fmt_none + stmt_empty) ==
        "accepted"); // a map has no order
    const Bytes raw = attested.data();
    for (const Bytes& bad :
         {Bytes(),
          good + "x",
          good.substr(0, good.size() - 1),
          hex("bf") + good.substr(1) + hex("ff"), // indefinite map
          hex("b803") + good.substr(1),           // long count
          hex("a2") + fmt_none + stmt_empty,
          hex("a4") + good.substr(1) + fmt_none + hex("60"),
          hex("a3") + fmt_none + fmt_none + data_name + data, // twice
          hex("a3") + hex("7803666d74") + hex("646e6f6e65") + stmt_empty + data_name +
              data, // long text length
          hex("a3") + hex("63666d7444") + "none" + stmt_empty + data_name + data, // bytes, not text
          hex("a3") + hex("63666d74") + hex("7f646e6f6e65ff") + stmt_empty + data_name +
              data, // indefinite text
          hex("a3") + fmt_none + stmt_name + hex("bfff") + data_name + data,
          hex("a3") + fmt_none + stmt_name + hex("80") + data_name + data, // a list
          hex("a3") + fmt_none + stmt_name + hex("a163616c6726") + data_name +
              data, // none with a statement
          hex("a3") + fmt_packed + stmt_empty + data_name + data,
          hex("a3") + hex("63666d746374706d") + stmt_empty + data_name + data,
          hex("a3") + fmt_none + stmt_empty + hex("6861757468446174") + "b" + data,
          hex("a3") + fmt_none + stmt_empty + data_name + hex("5900") +
              data.substr(1), // long length
          hex("a3") + fmt_none + stmt_empty + data_name + hex("5a000000") + data.substr(1),
          hex("a3") + fmt_none + stmt_empty + data_name + hex("5b00000000000000") + data.substr(1),
          hex("a3") + fmt_none + stmt_empty + data_name + hex("5bffffffffffffffff") + raw,
          hex("a3") + fmt_none + stmt_empty + data_name + hex("5affffffff") + raw,
          hex("c0") + good, // a tag
          hex("f6"),
          hex("a1"),
          hex("ff"),
          Bytes(20'000, '\xa1')})
        CHECK_MESSAGE(registered(bad) == "approval_malformed", to_hex(bad.substr(0, 60)));
}

TEST_CASE("a packed attestation must be signed by its certificate or by the credential itself") {
    const PrivateKey key = PrivateKey::generate();
    const Office maker;
    Attested attested;
    attested.point = key.public_key().point();
    const Bytes client = Person::client("webauthn.create", to_base64url(challenge), origin);
    const Bytes message = attested.data() + Bytes(view(sha256(client)));
    const auto object = [&](const Bytes& statement) {
        return hex("a3") + fmt_packed + stmt_name + statement + data_name +
               cbor_bytes(attested.data());
    };
    const Bytes alg = hex("63616c6726");
    const Bytes sig = hex("63736967");
    const Bytes x5c = hex("63783563");
    const Bytes own = cbor_bytes(key.sign_es256_der(message));
    const Bytes makers = cbor_bytes(maker.key.sign_es256_der(message));
    const Bytes chain = hex("81") + cbor_bytes(maker.certificate.der());
    CHECK(registered(object(hex("a2") + alg + sig + own), client) == "accepted");
    CHECK(registered(object(hex("a3") + alg + sig + makers + x5c + chain), client) == "accepted");
    CHECK(registered(object(hex("a2") + alg + sig + makers), client) == "approval_signature");
    CHECK(
        registered(object(hex("a3") + alg + sig + own + x5c + chain), client) ==
        "approval_signature");
    CHECK(
        registered(object(hex("a2") + alg + sig + cbor_bytes("")), client) == "approval_signature");
    for (const Bytes& bad :
         {hex("a1") + sig + own, hex("a1") + alg, hex("a2") + hex("63616c6727") + sig + own,
          hex("a2") + hex("63616c67390100") + sig + own,
          hex("a2") + hex("63616c673806") + sig + own,
          hex("a3") + alg + sig + makers + x5c + hex("80"),
          hex("a3") + alg + sig + makers + x5c + hex("8141") + "x",
          hex("a3") + alg + sig + makers + x5c + hex("98"), hex("a3") + alg + sig + own + alg,
          hex("a3") + alg + sig + own + hex("636563") + "d" + hex("40")}) {
        const std::string verdict = registered(object(bad), client);
        CHECK_MESSAGE(
            (verdict == "approval_malformed" || verdict == "approval_signature"),
            verdict << " " << to_hex(bad.substr(0, 40)));
    }
    CHECK(
        registered(object(hex("a2") + hex("63616c6727") + sig + own), client) ==
        "approval_malformed");
}

TEST_CASE("no truncated or changed attestation object is read as another credential") {
    const auto made = SoftwareAuthenticator::create(rp_id, origin);
    const Registration good = made.registration(challenge);
    for (std::size_t i = 0; i < good.attestation_object.size(); ++i) {
        CHECK_FALSE(verify_registration(
            {good.attestation_object.substr(0, i), good.client_data}, rp_id, origin, challenge));
        const auto changed = verify_registration(
            {with_bit_flipped(good.attestation_object, i, static_cast<unsigned>(i % 8)),
             good.client_data},
            rp_id, origin, challenge);
        // Format none signs nothing: what may differ is the credential id, the make and the count.
        if (changed) CHECK(changed->key == made.passkey().key);
    }
}
