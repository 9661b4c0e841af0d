// JWS: written ones verify here and with another program; every shape but ours is refused with the
// code of its reason.
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "crypto_support.hpp"

using namespace comity;
using namespace comity::crypto;
using namespace comity::crypto::test;

namespace {

constexpr std::size_t bytes_max = 64 * 1024;
constexpr std::string_view type = "comity-act+jws";

Instant signing_time() {
    return at("2026-03-01T09:30:00.123Z");
}

std::string sign(const Office& office, BytesView payload, const json::Object& unprotected = {}) {
    return sign_jws(payload, type, signing_time(), {office.key, office.certificate}, unprotected);
}

std::string code_of(std::string_view text, std::size_t max = bytes_max) {
    const auto jws = parse_jws(text, max);
    if (!jws) return std::string(jws.error().name());
    for (const auto& signature : jws->signatures)
        if (const auto verified = verify_jws(signature); !verified)
            return std::string(verified.error().name());
    return "accepted";
}

// A JWS with any protected header, truly signed: the header is what is wrong, not the signature.
std::string with_header(
    const Office& office, const std::string& header, const std::string& rest = "") {
    const std::string protected_text = to_base64url(header);
    const std::string payload = to_base64url("{}");
    return fmt::format(
        R"({{"payload":"{}","signatures":[{{"protected":"{}",{}"signature":"{}"}}]}})", payload,
        protected_text, rest, to_base64url(office.key.sign_es256(protected_text + "." + payload)));
}

std::string member(std::string_view name, std::string_view value) {
    return fmt::format("\"{}\":{}", name, value);
}

struct Header {
    std::map<std::string, std::string> members;

    explicit Header(const Office& office)
        : members{
              {"alg", "\"ES256\""},
              {"typ", "\"comity-act+jws\""},
              {"x5c", "[\"" + to_base64(office.certificate.der()) + "\"]"},
              {"x5t#S256", "\"" + text(office.certificate.fingerprint()) + "\""},
              {"sigT", "\"2026-03-01T09:30:00Z\""}} {}

    Header with(const std::string& name, const std::string& value) const {
        Header out = *this;
        out.members[name] = value;
        return out;
    }

    Header without(const std::string& name) const {
        Header out = *this;
        out.members.erase(name);
        return out;
    }

    [[nodiscard]] std::string str() const {
        std::string out = "{";
        for (const auto& [name, value] : members) {
            if (out.size() > 1) out += ",";
            out += member(name, value);
        }
        return out + "}";
    }
};

} // namespace

TEST_CASE("what is signed is read back byte for byte and verifies") {
    const Office office;
    for (const Bytes& payload :
         {Bytes(), Bytes("{\"a\":1}"), Bytes("\0\xff\x80 not text", 12), Bytes(20'000, 'x')}) {
        const json::Object unprotected{{"approval", json::Object{{"x", 1}}}};
        const auto jws = parse_jws(sign(office, payload, unprotected), bytes_max);
        REQUIRE(jws.has_value());
        CHECK(jws->payload == payload);
        REQUIRE(jws->signatures.size() == 1);
        const auto& signature = jws->signatures[0];
        CHECK(signature.type == type);
        CHECK(signature.signed_at == signing_time());
        CHECK(signature.certificate.fingerprint() == office.certificate.fingerprint());
        CHECK(signature.unprotected == unprotected);
        CHECK(verify_jws(signature).has_value());
    }
}

TEST_CASE("the protected header has its members in the fixed order") {
    const Office office;
    const auto jws = parse_jws(sign(office, "x"), bytes_max);
    REQUIRE(jws.has_value());
    CHECK(
        jws->signatures[0].protected_bytes ==
        fmt::format(
            R"({{"alg":"ES256","typ":"comity-act+jws","x5c":["{}"],"x5t#S256":"{}","sigT":"2026-03-01T09:30:00.123Z"}})",
            to_base64(office.certificate.der()), text(office.certificate.fingerprint())));
}

TEST_CASE("Debian's jose verifies our seal, with two signatures too, and refuses a changed one") {
    const Office first;
    const Office second;
    const auto both = add_signature(
        sign(first, "{\"act\":\"request\"}", {{"approval", "x"}}), type, signing_time(),
        {second.key, second.certificate}, bytes_max);
    REQUIRE(both.has_value());
    CHECK(code_of(*both) == "accepted");
    const Scratch scratch;
    const auto jwk = [](const Office& office) {
        const Bytes point = office.key.public_key().point();
        return fmt::format(
            R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}})", to_base64url(point.substr(1, 32)),
            to_base64url(point.substr(33)));
    };
    scratch.write("one.jws", sign(first, "{\"act\":\"request\"}"));
    scratch.write("both.jws", *both);
    scratch.write("first.jwk", jwk(first));
    scratch.write("second.jwk", jwk(second));
    std::string changed = *both;
    changed[changed.find("payload") + 12] ^= 1;
    scratch.write("changed.jws", changed);
    CHECK(scratch.run("jose jws ver -i one.jws -k first.jwk"));
    CHECK_FALSE(scratch.run("jose jws ver -i one.jws -k second.jwk"));
    CHECK(scratch.run("jose jws ver -a -i both.jws -k first.jwk -k second.jwk -O payload.txt"));
    CHECK(scratch.read("payload.txt") == "{\"act\":\"request\"}");
    CHECK_FALSE(scratch.run("jose jws ver -a -i changed.jws -k first.jwk -k second.jwk"));
}

TEST_CASE("a second signature and another unprotected header leave all that was signed as it was") {
    const Office first;
    const Office second;
    const std::string before = sign(first, "payload", {{"approval", "old"}});
    const auto changed =
        with_unprotected(before, {{"approval", json::Object{{"new", true}}}}, bytes_max);
    REQUIRE(changed.has_value());
    const auto both = add_signature(
        *changed, "other-type", signing_time(), {second.key, second.certificate}, bytes_max);
    REQUIRE(both.has_value());
    const auto was = parse_jws(before, bytes_max).value();
    const auto is = parse_jws(*both, bytes_max).value();
    REQUIRE(is.signatures.size() == 2);
    CHECK(is.payload == was.payload);
    CHECK(is.signatures[0].protected_bytes == was.signatures[0].protected_bytes);
    CHECK(is.signatures[0].signature == was.signatures[0].signature);
    CHECK(is.signatures[0].signing_input == was.signatures[0].signing_input);
    CHECK(is.signatures[0].unprotected == json::Object{{"approval", json::Object{{"new", true}}}});
    CHECK(is.signatures[1].type == "other-type");
    CHECK(code_of(*both) == "accepted");
    // Taken off again, the text is the one without an unprotected header, byte for byte.
    const auto bare = with_unprotected(before, {}, bytes_max);
    REQUIRE(bare.has_value());
    CHECK(bare->find("header") == std::string::npos);
    CHECK(with_unprotected(*bare, {{"approval", "old"}}, bytes_max).value() == before);
    CHECK_FALSE(with_unprotected(before, {{"alg", "ES256"}}, bytes_max).has_value());
}

TEST_CASE(
    "T12 protected members in any order are read, and each that is missing, other or wrong is refused") {
    const Office office;
    const Office other;
    const Header good(office); // in alphabetical order, not ours
    REQUIRE(code_of(with_header(office, good.str())) == "accepted");
    const std::string der = to_base64(office.certificate.der());
    const std::string chain_of_four = fmt::format(R"(["{0}","{0}","{0}","{0}"])", der);
    const std::string chain_of_five = fmt::format(R"(["{0}","{0}","{0}","{0}","{0}"])", der);

    struct Row {
        const char* name;
        Header header;
        const char* code;
    };

    const Row rows[] = {
        {"chain of four", good.with("x5c", chain_of_four), "accepted"},
        {"chain of five", good.with("x5c", chain_of_five), "seal_malformed"},
        {"empty chain", good.with("x5c", "[]"), "seal_malformed"},
        {"chain as text", good.with("x5c", "\"" + der + "\""), "seal_malformed"},
        {"chain in base64url",
         good.with("x5c", "[\"" + to_base64url(office.certificate.der()) + "\"]"),
         "seal_malformed"},
        {"trailing byte in the certificate",
         good.with("x5c", "[\"" + to_base64(office.certificate.der() + "x") + "\"]"),
         "seal_malformed"},
        {"junk second in the chain", good.with("x5c", "[\"" + der + "\",\"AAAA\"]"),
         "seal_malformed"},
        {"no x5c", good.without("x5c"), "seal_malformed"},
        {"other thumbprint",
         good.with("x5t#S256", "\"" + text(other.certificate.fingerprint()) + "\""),
         "seal_malformed"},
        {"no thumbprint", good.without("x5t#S256"), "seal_malformed"},
        {"thumbprint as number", good.with("x5t#S256", "1"), "seal_malformed"},
        {"none", good.with("alg", "\"none\""), "seal_algorithm"},
        {"HS256", good.with("alg", "\"HS256\""), "seal_algorithm"},
        {"RS256", good.with("alg", "\"RS256\""), "seal_algorithm"},
        {"es256", good.with("alg", "\"es256\""), "seal_algorithm"},
        {"ES384", good.with("alg", "\"ES384\""), "seal_algorithm"},
        {"algorithm as list", good.with("alg", "[\"ES256\"]"), "seal_algorithm"},
        {"no algorithm", good.without("alg"), "seal_algorithm"},
        {"embedded key", good.with("jwk", "{}"), "seal_algorithm"},
        {"key address", good.with("jku", "\"https://evil.example\""), "seal_algorithm"},
        {"certificate address", good.with("x5u", "\"https://evil.example\""), "seal_algorithm"},
        {"key name", good.with("kid", "\"1\""), "seal_algorithm"},
        {"critical", good.with("crit", "[\"exp\"]"), "seal_critical_header"},
        {"critical sigT", good.with("crit", "[\"sigT\"]"), "seal_critical_header"},
        {"critical, empty", good.with("crit", "[]"), "seal_critical_header"},
        {"critical, null", good.with("crit", "null"), "seal_critical_header"},
        {"unencoded payload", good.with("b64", "false"), "seal_malformed"},
        {"unencoded payload, critical", good.with("b64", "false").with("crit", "[\"b64\"]"),
         "seal_critical_header"},
        {"compressed", good.with("zip", "\"DEF\""), "seal_malformed"},
        {"unknown", good.with("x", "1"), "seal_malformed"},
        {"SHA-1 thumbprint", good.with("x5t", "\"x\""), "seal_malformed"},
        {"no type", good.without("typ"), "seal_malformed"},
        {"empty type", good.with("typ", "\"\""), "seal_malformed"},
        {"type of 100", good.with("typ", "\"" + std::string(100, 't') + "\""), "accepted"},
        {"type of 101", good.with("typ", "\"" + std::string(101, 't') + "\""), "seal_malformed"},
        {"no time", good.without("sigT"), "seal_malformed"},
        {"impossible time", good.with("sigT", "\"2026-02-30T00:00:00Z\""), "seal_malformed"},
        {"time as number", good.with("sigT", "1772357400"), "seal_malformed"},
        {"a millisecond early", good.with("sigT", "\"2025-12-31T23:59:59.999Z\""),
         "seal_certificate"},
        {"first moment", good.with("sigT", "\"2026-01-01T00:00:00Z\""), "accepted"},
        {"last moment", good.with("sigT", "\"2028-01-01T00:00:00Z\""), "accepted"},
        {"a millisecond late", good.with("sigT", "\"2028-01-01T00:00:00.001Z\""),
         "seal_certificate"},
    };
    for (const auto& row : rows)
        CHECK_MESSAGE(code_of(with_header(office, row.header.str())) == row.code, row.name);
    CHECK(code_of(with_header(other, good.str())) == "seal_signature");
}

TEST_CASE("T08 the unprotected header may not say what the protected one says") {
    const Office office;
    const std::string good = Header(office).str();
    const std::pair<const char*, const char*> rows[] = {
        {R"("header":{},)", "accepted"},
        {R"("header":{"approval":{"a":[1,2]}},)", "accepted"},
        {R"("header":{"alg":"ES256"},)", "seal_malformed"},
        {R"("header":{"x5c":[]},)", "seal_malformed"},
        {R"("header":{"typ":"x"},)", "seal_malformed"},
        {R"("header":{"sigT":"x"},)", "seal_malformed"},
        {R"("header":{"x5t#S256":"x"},)", "seal_malformed"},
        {R"("header":{"b64":false},)", "seal_malformed"},
        {R"("header":{"crit":["a"]},)", "seal_critical_header"},
        {R"("header":{"jwk":{}},)", "seal_algorithm"},
        {R"("header":{"jku":"x"},)", "seal_algorithm"},
        {R"("header":{"kid":"x"},)", "seal_algorithm"},
        {R"("header":[],)", "seal_malformed"},
        {R"("header":null,)", "seal_malformed"},
        {R"("other":{},)", "seal_malformed"}};
    for (const auto& [rest, code] : rows)
        CHECK_MESSAGE(code_of(with_header(office, good, rest)) == code, rest);
}

TEST_CASE(
    "T47 a JWS of another form is refused: duplicates, trailing bytes, depth, size, base64url") {
    const Office office;
    const std::string good = sign(office, "payload");
    REQUIRE(code_of(good) == "accepted");
    const auto replaced = [&](std::string_view from, std::string_view to) {
        std::string out = good;
        const auto found = out.find(from);
        REQUIRE(found != std::string::npos);
        return out.replace(found, from.size(), to);
    };
    const auto jws = parse_jws(good, bytes_max).value();
    const std::string payload = to_base64url(jws.payload);
    const std::string signature = to_base64url(jws.signatures[0].signature);
    const std::string compact = jws.signatures[0].signing_input + "." + signature;
    std::string deep =
        R"("header":{"a":)" + std::string(40, '[') + std::string(40, ']') + "},\"signature\"";
    for (const std::string& bad :
         {std::string(),
          std::string("{}"),
          std::string("[]"),
          std::string("null"),
          compact,
          good + "x",
          good + good,
          replaced("\"payload\"", "\"Payload\""),
          replaced("\"payload\":", "\"payload\":\"\",\"payload\":"),
          replaced("\"signatures\"", "\"signature\""),
          replaced("{\"payload\"", "{\"extra\":1,\"payload\""),
          replaced("\"signature\":", "\"signature\":\"\",\"signature\":"),
          replaced("\"signature\":\"" + signature, "\"signature\":\"" + signature + "="),
          replaced("\"signature\":\"" + signature, "\"signature\":\"" + signature + "AA"),
          replaced("\"signature\":\"" + signature, "\"signature\":\""),
          replaced("\"signature\":\"" + signature + "\"", "\"signature\":1"),
          replaced("\"payload\":\"" + payload, "\"payload\":\"" + payload + "="),
          replaced("\"payload\":\"" + payload, "\"payload\":\" " + payload),
          replaced("\"payload\":\"" + payload + "\"", "\"payload\":null"),
          replaced("\"signature\"", deep),
          std::string(R"({"payload":"","signatures":[]})"),
          std::string(R"({"payload":"","signatures":{}})"),
          std::string(R"({"payload":"","signatures":[1]})"),
          std::string(R"({"signatures":[]})"),
          std::string(R"({"payload":"","signatures":[{"signature":""}]})"),
          "\xef\xbb\xbf" + good,
          good + Bytes(1, '\0'),
          replaced("payload\":\"", "payload\":\"\xff")})
        CHECK_MESSAGE(code_of(bad) == "seal_malformed", bad.substr(0, 200));
    CHECK(code_of(good, good.size()) == "accepted");
    CHECK(code_of(good, good.size() - 1) == "seal_malformed");
}

TEST_CASE("duplicates inside the protected header are refused although they are signed") {
    const Office office;
    std::string header = Header(office).str();
    header.insert(1, "\"alg\":\"none\",");
    CHECK(code_of(with_header(office, header)) == "seal_malformed");
    CHECK(
        code_of(with_header(office, Header(office).str() + " ")) ==
        "accepted"); // white space is JSON
    CHECK(code_of(with_header(office, Header(office).str() + "x")) == "seal_malformed");
    CHECK(code_of(with_header(office, "[]")) == "seal_malformed");
    CHECK(code_of(with_header(office, "")) == "seal_malformed");
}

TEST_CASE("64 signatures are accepted and 65 are not") {
    const Office office;
    std::string text = sign(office, "x");
    for (int i = 1; i < 64; ++i) {
        auto more =
            add_signature(text, type, signing_time(), {office.key, office.certificate}, 1 << 20);
        REQUIRE(more.has_value());
        text = *more;
    }
    CHECK(code_of(text, 1 << 20) == "accepted");
    CHECK_FALSE(add_signature(text, type, signing_time(), {office.key, office.certificate}, 1 << 20)
                    .has_value());
    const auto begin = text.find("{\"protected\"");
    const auto one = text.substr(begin, text.find('}', begin) + 1 - begin);
    text.insert(begin, one + ",");
    CHECK(code_of(text, 1 << 20) == "seal_malformed");
}

TEST_CASE("T08 no change of one bit of a JWS is accepted with another meaning") {
    const Office office;
    const std::string good = sign(office, "{\"act\":1}", {{"approval", "x"}});
    const auto original = parse_jws(good, bytes_max).value();
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < good.size(); ++i) {
        const std::string changed = with_bit_flipped(good, i, static_cast<unsigned>(random() % 8));
        const auto jws = parse_jws(changed, bytes_max);
        if (!jws || !verify_jws(jws->signatures[0])) continue;
        // Only the unprotected header may differ: nobody signed it.
        CHECK(jws->payload == original.payload);
        CHECK(jws->signatures[0].protected_bytes == original.signatures[0].protected_bytes);
        CHECK(jws->signatures[0].unprotected != original.signatures[0].unprotected);
    }
}
