// Parts of a body: each reader opens its own, nobody else opens any, and none can be exchanged.
#include "act/body.hpp"
#include "base/limits.hpp"
#include "crypto/cms.hpp"
#include "crypto/crypto_support.hpp"
#include "crypto/hash.hpp"
#include "support/outcome.hpp"

using namespace comity;
using namespace comity::act;
using comity::crypto::CertificateUse;
using comity::crypto::test::Office;
using comity::crypto::test::Scratch;
using comity::crypto::test::with_bit_flipped;
using comity::test::code;

namespace {

struct Readers {
    Office arcadia{CertificateUse::sealing, "Arcadia"};
    Office borealia{CertificateUse::sealing, "Borealia"};
    Office stranger{CertificateUse::sealing, "Stranger"};

    // Not in the order of their names: the reference sorts them.
    std::vector<Reader> both() const {
        return {
            {ParticipantId("borealia-authority"), borealia.certificate},
            {ParticipantId("arcadia-authority"), arcadia.certificate}};
    }
};

Part part() {
    return {
        "request",
        "request",
        {"requesting", "requested"},
        {{"facts", "Ordinary facts – é"}, {"n", 1}}};
}

Opener opener(const Office& office) {
    return {office.key, office.certificate};
}

// The same reference over other opened bytes, sealed for real: what a dishonest sealer could make.
SealedPart seal_bytes(const PartRef& ref, BytesView opened, const Office& reader) {
    const std::vector<crypto::Certificate> certificates{reader.certificate};
    SealedPart out{ref, crypto::seal_to(opened, certificates)};
    out.ref.hash = crypto::tagged_hash("comity/act/part/v1", {opened});
    out.ref.sealed_hash = crypto::sha256(out.sealed);
    out.ref.size = out.sealed.size();
    return out;
}

} // namespace

TEST_CASE("N1_ both readers open a part and see the same, and its reference names them sorted") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    CHECK(
        sealed.ref.readers ==
        std::vector{ParticipantId("arcadia-authority"), ParticipantId("borealia-authority")});
    CHECK(sealed.ref.size == sealed.sealed.size());
    CHECK(code(check_sealed(sealed.ref, sealed.sealed)) == "accepted");
    for (const auto* reader : {&readers.arcadia, &readers.borealia}) {
        const auto opened = open_part(sealed.ref, sealed.sealed, "request", opener(*reader));
        REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().facts.text()));
        CHECK(opened->act == "request");
        CHECK(opened->form == "request");
        CHECK(opened->audience == part().audience);
        CHECK(opened->fields == part().fields);
        const auto bytes = open_part_bytes(sealed.ref, sealed.sealed, opener(*reader));
        REQUIRE(bytes.has_value());
        CHECK(read_opened(sealed.ref, *bytes, "request")->fields == part().fields);
    }
}

TEST_CASE("X5_ who is not a reader does not open a part, and the sealed bytes show nothing of it") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    CHECK(
        code(open_part(sealed.ref, sealed.sealed, "request", opener(readers.stranger))) ==
        "part_unreadable");
    CHECK(
        code(open_part(
            sealed.ref, sealed.sealed, "request",
            {readers.stranger.key, readers.arcadia.certificate})) == "part_unreadable");
    CHECK(sealed.sealed.find("Ordinary facts") == Bytes::npos);
    CHECK(sealed.sealed.find("request") == Bytes::npos);
}

TEST_CASE("X5_ the same part sealed twice has two hashes, so a hash does not tell what was said") {
    const Readers readers;
    const auto first = seal_part(part(), readers.both());
    const auto second = seal_part(part(), readers.both());
    CHECK(first.ref.hash != second.ref.hash);
    CHECK(first.ref.sealed_hash != second.ref.sealed_hash);
}

TEST_CASE("T08 parts that were exchanged for each other are refused") {
    const Readers readers;
    const auto first = seal_part(part(), readers.both());
    auto other = part();
    other.audience = {"requested", "provider"};
    const auto second = seal_part(other, readers.both());
    CHECK(code(check_sealed(first.ref, second.sealed)) == "part_sealed_hash");
    CHECK(
        code(open_part(first.ref, second.sealed, "request", opener(readers.arcadia))) ==
        "part_sealed_hash");
    // Even if the hash of the sealed bytes were exchanged as well, the salted hash is not the one.
    PartRef mixed = first.ref;
    mixed.sealed_hash = second.ref.sealed_hash;
    mixed.size = second.ref.size;
    CHECK(code(open_part(mixed, second.sealed, "request", opener(readers.arcadia))) == "part_hash");
    CHECK(code(open_part_bytes(mixed, second.sealed, opener(readers.arcadia))) == "part_hash");
}

TEST_CASE("T08 a sealed part with any byte changed, cut or added is refused") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    for (std::size_t at = 0; at < sealed.sealed.size(); ++at) {
        const Bytes bad = with_bit_flipped(sealed.sealed, at, at % 8);
        CHECK(
            code(open_part(sealed.ref, bad, "request", opener(readers.arcadia))) ==
            "part_sealed_hash");
    }
    CHECK(code(check_sealed(sealed.ref, sealed.sealed.substr(1))) == "part_sealed_hash");
    CHECK(code(check_sealed(sealed.ref, sealed.sealed + "x")) == "part_sealed_hash");
    PartRef size = sealed.ref;
    ++size.size;
    CHECK(code(check_sealed(size, sealed.sealed)) == "part_sealed_hash");
}

TEST_CASE("T08 an opened part with another salt or any byte changed has another hash") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    const Bytes opened =
        open_part_bytes(sealed.ref, sealed.sealed, opener(readers.arcadia)).value();
    for (std::size_t at = 0; at < opened.size(); ++at)
        CHECK(
            code(read_opened(sealed.ref, with_bit_flipped(opened, at, at % 8), "request")) ==
            "part_hash");
    auto document = json::parse_object(opened, limits::act_part_bytes).value();
    document["salt"] = to_base64url(crypto::random_bytes(32));
    CHECK(code(read_opened(sealed.ref, json::print(document), "request")) == "part_hash");
    PartRef other = sealed.ref;
    other.hash[0] ^= 1;
    CHECK(code(read_opened(other, opened, "request")) == "part_hash");
}

TEST_CASE("T11 a part of another act, or for another audience, is refused") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    CHECK(
        code(open_part(sealed.ref, sealed.sealed, "transmit", opener(readers.arcadia))) ==
        "part_hash");
    for (const std::vector<std::string>& audience :
         {std::vector<std::string>{"requested", "requesting"},
          {"requesting"},
          {"requesting", "requested", "provider"}}) {
        PartRef ref = sealed.ref;
        ref.audience = audience;
        CHECK(
            code(open_part(ref, sealed.sealed, "request", opener(readers.arcadia))) ==
            "part_audience");
    }
}

TEST_CASE("an opened part whose hash is right but whose form is not is refused") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    const auto good =
        json::parse_object(
            open_part_bytes(sealed.ref, sealed.sealed, opener(readers.arcadia)).value(),
            limits::act_part_bytes)
            .value();
    const auto read = [&](const json::Object& document) {
        const auto made = seal_bytes(sealed.ref, json::print(document), readers.arcadia);
        return code(open_part(made.ref, made.sealed, "request", opener(readers.arcadia)));
    };
    CHECK(read(good) == "accepted");
    for (const auto& member : good) {
        auto changed = good;
        changed.erase(member.key());
        CHECK(read(changed) == "json_malformed");
    }
    const auto with = [&](std::string_view name, const json::Value& value) {
        auto changed = good;
        changed[name] = value;
        return read(changed);
    };
    CHECK(with("more", 1) == "json_malformed");
    CHECK(with("comity", "part/2") == "part_hash");
    CHECK(
        with("salt", json::Value(boost::json::string(to_base64url(Bytes(31, 's'))))) ==
        "part_hash");
    CHECK(
        with("salt", json::Value(boost::json::string(to_base64url(Bytes(33, 's'))))) ==
        "part_hash");
    CHECK(with("salt", "not base64url!") == "part_hash");
    CHECK(with("act", "transmit") == "part_hash");
    CHECK(with("audience", json::Array{"requesting"}) == "part_audience");
}

TEST_CASE("N1_ OpenSSL's program opens a part of a body with the reader's key alone") {
    const Readers readers;
    const auto sealed = seal_part(part(), readers.both());
    const Scratch scratch;
    scratch.write("key.pem", readers.borealia.key.to_pem());
    scratch.write("cert.pem", readers.borealia.certificate.pem());
    scratch.write("part.der", sealed.sealed);
    REQUIRE(scratch.run(
        "openssl cms -decrypt -binary -inform DER -in part.der -inkey key.pem -recip cert.pem -out opened"));
    const auto opened = read_opened(sealed.ref, scratch.read("opened"), "request");
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().facts.text()));
    CHECK(opened->fields == part().fields);
}
