// Seals, envelopes and receipts: one text each, and nothing signed can change unseen.
#include "act/seal.hpp"
#include "base/limits.hpp"
#include "crypto/crypto_support.hpp"
#include "crypto/hash.hpp"
#include "support/outcome.hpp"

using namespace comity;
using namespace comity::act;
using comity::crypto::test::Office;
using comity::crypto::test::with_bit_flipped;
using comity::test::code;
using comity::test::moment;

namespace {

Header header() {
    Header out;
    out.federation = "practice";
    out.case_id = CaseId("abcdefghijklmnopqrstuvwxyz");
    out.sequence = 2;
    out.act = "authorise";
    out.procedure = "mla";
    out.law_pack = text(crypto::sha256("pack"));
    out.performer = ParticipantId("arcadia-authority");
    out.office = OfficeId("arcadia-court");
    out.side = "requesting";
    out.role = "judge";
    out.person = PersonId("judge");
    out.time = moment("2026-03-01T09:30:00Z");
    out.keeper = ParticipantId("arcadia-authority");
    out.after = {crypto::sha256("act 1")};
    return out;
}

Approval approval() {
    const auto key =
        crypto::SoftwareAuthenticator::create("sign.x.example", "https://sign.x.example");
    return {
        key.sign(view(approval_challenge(print_header(header())))),
        {"own entry", "founder's \"entry\""}};
}

std::string sealed(const Office& office, const std::optional<Approval>& with) {
    return seal_act(print_header(header()), header().time, {office.key, office.certificate}, with);
}

std::string with_unprotected(const Office& office, const json::Object& unprotected) {
    return crypto::with_unprotected(
               sealed(office, std::nullopt), unprotected, limits::act_seal_bytes)
        .value();
}

Receipt receipt() {
    return {
        "practice",
        CaseId("abcdefghijklmnopqrstuvwxyz"),
        crypto::sha256("act"),
        4,
        ParticipantId("borealia-authority"),
        moment("2026-03-01T09:31:00.5Z"),
        "borealia.example/record",
        17,
        moment("2026-03-01T09:31:05Z")};
}

} // namespace

TEST_CASE("a sealed act reads back with header, hash, time, certificate and approval") {
    const Office office;
    const auto given = approval();
    const auto act = parse_sealed(sealed(office, given));
    REQUIRE_MESSAGE(act, (act ? "" : act.error().facts.text()));
    CHECK(act->header == header());
    CHECK(act->header_bytes == print_header(header()));
    CHECK(act->hash == act_hash(print_header(header())));
    CHECK(act->seal.certificate.fingerprint() == office.certificate.fingerprint());
    CHECK(act->seal.signed_at == header().time);
    CHECK(code(crypto::verify_jws(act->seal)) == "accepted");
    REQUIRE(act->approval.has_value());
    CHECK(act->approval->roll == given.roll);
    CHECK(act->approval->assertion.client_data == given.assertion.client_data);
    CHECK(act->approval->assertion.signature == given.assertion.signature);
    CHECK(act->approval->assertion.credential_id == given.assertion.credential_id);
    CHECK(act->approval->assertion.authenticator_data == given.assertion.authenticator_data);
    CHECK_FALSE(parse_sealed(sealed(office, std::nullopt))->approval.has_value());
}

TEST_CASE(
    "T08 a flip in any byte of a sealed act is refused or leaves all that is signed as it was") {
    const Office office;
    const std::string good = sealed(office, approval());
    const auto was = parse_sealed(good).value();
    std::size_t refused = 0;
    std::size_t harmless = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned bit : {0u, 5u}) {
            const auto act = parse_sealed(with_bit_flipped(good, at, bit));
            if (!act || !crypto::verify_jws(act->seal)) {
                ++refused;
                continue;
            }
            // What is left is a change of the unprotected header, where the approval stands: it is
            // signed by the person and not by the institution.
            ++harmless;
            CHECK(act->header_bytes == was.header_bytes);
            CHECK(act->hash == was.hash);
            CHECK(act->seal.protected_bytes == was.seal.protected_bytes);
            CHECK(act->seal.signature == was.seal.signature);
            CHECK(act->seal.signing_input == was.seal.signing_input);
            CHECK_FALSE(json::print(act->seal.unprotected) == json::print(was.seal.unprotected));
        }
    }
    CHECK(refused > harmless);
    // Without an approval there is nothing unsigned in the text, so every flip is refused.
    const std::string bare = sealed(office, std::nullopt);
    for (std::size_t at = 0; at < bare.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            const auto act = parse_sealed(with_bit_flipped(bare, at, bit));
            CHECK_FALSE((act && crypto::verify_jws(act->seal)));
        }
}

TEST_CASE("T08 a sealed act cut short or with bytes after it is refused") {
    const Office office;
    const std::string good = sealed(office, std::nullopt);
    for (std::size_t size = 0; size < good.size(); size += 7)
        CHECK_FALSE(parse_sealed(good.substr(0, size)).has_value());
    CHECK(code(parse_sealed(good + "x")) == "seal_malformed");
    CHECK(code(parse_sealed(good + good)) == "seal_malformed");
}

TEST_CASE("T07 an act with two seals, or a seal of another type, is refused") {
    const Office first;
    const Office second;
    const auto both = crypto::add_signature(
        sealed(first, std::nullopt), act_type, header().time, {second.key, second.certificate},
        limits::act_seal_bytes);
    REQUIRE(both.has_value());
    CHECK(code(parse_sealed(*both)) == "seal_malformed");
    for (const std::string_view type :
         {receipt_type, std::string_view("comity-roll+jws"), std::string_view("JOSE")})
        CHECK(
            code(parse_sealed(crypto::sign_jws(
                print_header(header()), type, header().time, {first.key, first.certificate}))) ==
            "seal_malformed");
}

TEST_CASE("T12 a well-sealed text that is no header is refused") {
    const Office office;
    const auto sign = [&](BytesView payload) {
        return code(parse_sealed(
            crypto::sign_jws(payload, act_type, header().time, {office.key, office.certificate})));
    };
    CHECK(sign("{}") == "protocol_unsupported");
    CHECK(sign("") == "json_malformed");
    CHECK(sign(R"({"comity":"act/1"})") == "header_malformed");
    CHECK(sign(print_header(header()) + " ") == "header_malformed");
    CHECK(sign(Bytes(limits::act_header_bytes + 1, 'x')) == "too_large");
}

TEST_CASE("an approval of another form is refused") {
    const Office office;
    const auto good = approval();
    const json::Object assertion = print_assertion(good.assertion);
    const json::Array roll{"entry"};
    const auto given = [&](const json::Object& unprotected) {
        return code(parse_sealed(with_unprotected(office, unprotected)));
    };
    CHECK(given({{"approval", assertion}, {"roll", roll}}) == "accepted");
    CHECK(given({{"approval", assertion}}) == "approval_malformed");
    CHECK(given({{"roll", roll}}) == "approval_malformed");
    CHECK(given({{"approval", assertion}, {"roll", roll}, {"note", "x"}}) == "approval_malformed");
    CHECK(given({{"approval", assertion}, {"roll", json::Array{}}}) == "approval_malformed");
    CHECK(given({{"approval", assertion}, {"roll", json::Array{1}}}) == "approval_malformed");
    CHECK(given({{"approval", "x"}, {"roll", roll}}) == "approval_malformed");
    json::Array long_roll;
    for (std::size_t i = 0; i < limits::roll_chain_entries; ++i)
        long_roll.emplace_back("entry");
    CHECK(given({{"approval", assertion}, {"roll", long_roll}}) == "accepted");
    long_roll.emplace_back("one more");
    CHECK(given({{"approval", assertion}, {"roll", long_roll}}) == "approval_malformed");
    for (const auto& member : assertion) {
        const std::string name(member.key());
        INFO(name);
        auto changed = assertion;
        changed.erase(name);
        CHECK(given({{"approval", changed}, {"roll", roll}}) == "approval_malformed");
        changed[name] = "not base64url!";
        CHECK(given({{"approval", changed}, {"roll", roll}}) == "approval_malformed");
        changed[name] = 1;
        CHECK(given({{"approval", changed}, {"roll", roll}}) == "approval_malformed");
    }
    auto more = assertion;
    more["extra"] = "x";
    CHECK(given({{"approval", more}, {"roll", roll}}) == "approval_malformed");
}

TEST_CASE("attaching an approval leaves the seal byte for byte as it was") {
    const Office office;
    const auto bare = parse_sealed(sealed(office, std::nullopt)).value();
    const auto given = approval();
    const auto with = crypto::with_unprotected(
        bare.text, {{"approval", print_assertion(given.assertion)}, {"roll", json::Array{"entry"}}},
        limits::act_seal_bytes);
    REQUIRE(with.has_value());
    const auto act = parse_sealed(*with).value();
    CHECK(act.hash == bare.hash);
    CHECK(act.seal.signing_input == bare.seal.signing_input);
    CHECK(act.seal.signature == bare.seal.signature);
    CHECK(act.approval.has_value());
}

TEST_CASE("an envelope reads back as it was, with and without parts and receipt") {
    Bytes all(256, '\0');
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<char>(i);
    for (const Envelope& envelope :
         {Envelope{"seal", {}, ""},
          Envelope{"seal", {{0, all}, {limits::act_parts - 1, "x"}}, "receipt"}}) {
        const auto back = parse_envelope(print_envelope(envelope));
        REQUIRE(back.has_value());
        CHECK(back->seal == envelope.seal);
        CHECK(back->parts == envelope.parts);
        CHECK(back->receipt == envelope.receipt);
    }
}

TEST_CASE("T08 an envelope of another form is refused") {
    const auto read = [](const json::Object& object) {
        return code(parse_envelope(json::print(object)));
    };
    const json::Object part{{"part", 0}, {"sealed", "AAAA"}};
    const json::Object good{{"comity", "envelope/1"}, {"seal", "s"}, {"parts", json::Array{part}}};
    CHECK(read(good) == "accepted");
    const auto with = [&](std::string_view name, const json::Value& value) {
        auto object = good;
        object[name] = value;
        return read(object);
    };
    const auto one_part = [&](const json::Object& object) {
        return with("parts", json::Array{object});
    };
    CHECK(with("comity", "envelope/2") == "envelope_malformed");
    CHECK(with("note", "x") == "envelope_malformed");
    CHECK(with("seal", 1) == "envelope_malformed");
    CHECK(with("receipt", 1) == "envelope_malformed");
    CHECK(with("parts", json::Array{part, part}) == "envelope_malformed");
    CHECK(with("parts", json::Array{"x"}) == "envelope_malformed");
    CHECK(one_part({{"part", -1}, {"sealed", "AAAA"}}) == "envelope_malformed");
    CHECK(one_part({{"part", limits::act_parts}, {"sealed", "AAAA"}}) == "envelope_malformed");
    CHECK(one_part({{"part", 0}, {"sealed", "AAAA="}}) == "envelope_malformed");
    CHECK(one_part({{"part", 0}}) == "envelope_malformed");
    CHECK(one_part({{"part", 0}, {"sealed", "AAAA"}, {"name", "x"}}) == "envelope_malformed");
    for (const std::string name : {"comity", "seal", "parts"}) {
        auto object = good;
        object.erase(name);
        CHECK(read(object) == "envelope_malformed");
    }
    CHECK(
        code(parse_envelope(R"({"comity":"envelope/1","seal":"a","seal":"b","parts":[]})")) ==
        "json_malformed");
}

TEST_CASE("an envelope is accepted up to its limit and refused as too large above it") {
    const auto of_size = [](std::size_t size) {
        const std::size_t frame = print_envelope({"", {}, ""}).size();
        const Bytes text = print_envelope({std::string(size - frame, 's'), {}, ""});
        REQUIRE(text.size() == size);
        return code(parse_envelope(text));
    };
    CHECK(of_size(limits::envelope_bytes - 1) == "accepted");
    CHECK(of_size(limits::envelope_bytes) == "accepted");
    CHECK(of_size(limits::envelope_bytes + 1) == "too_large");
}

TEST_CASE("R3_ a receipt reads back as it was and its seal verifies") {
    const Office office;
    const auto back = parse_receipt(sign_receipt(receipt(), {office.key, office.certificate}));
    REQUIRE_MESSAGE(back, (back ? "" : back.error().facts.text()));
    CHECK(code(crypto::verify_jws(back->seal)) == "accepted");
    CHECK(back->receipt.federation == "practice");
    CHECK(back->receipt.case_id == receipt().case_id);
    CHECK(back->receipt.act == receipt().act);
    CHECK(back->receipt.sequence == 4);
    CHECK(back->receipt.keeper == receipt().keeper);
    CHECK(back->receipt.time == receipt().time);
    CHECK(back->receipt.record_origin == "borealia.example/record");
    CHECK(back->receipt.record_index == 17);
    CHECK(back->receipt.record_by == receipt().record_by);
}

TEST_CASE("T08 a receipt with any bit flipped is refused") {
    const Office office;
    const std::string good = sign_receipt(receipt(), {office.key, office.certificate});
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const unsigned bit : {0u, 3u, 5u}) {
            const auto back = parse_receipt(with_bit_flipped(good, at, bit));
            CHECK_FALSE((back && crypto::verify_jws(back->seal)));
        }
}

TEST_CASE("a receipt of another form is refused, and an act is no receipt") {
    const Office office;
    const auto jws = crypto::parse_jws(
        sign_receipt(receipt(), {office.key, office.certificate}), limits::act_seal_bytes);
    const auto good = json::parse_object(jws->payload, 10'000).value();
    const auto read = [&](const json::Object& object) {
        return code(parse_receipt(crypto::sign_jws(
            json::print(object), receipt_type, receipt().time, {office.key, office.certificate})));
    };
    CHECK(read(good) == "accepted");
    for (const auto& member : good) {
        const std::string name(member.key());
        INFO(name);
        auto changed = good;
        changed.erase(name);
        CHECK(read(changed) == "json_malformed");
        changed[name] = true;
        CHECK(read(changed) == "json_malformed");
    }
    for (const auto& member : good.at("record").as_object()) {
        auto changed = good;
        changed["record"].as_object().erase(member.key());
        CHECK(read(changed) == "json_malformed");
    }
    auto changed = good;
    changed["record"].as_object()["more"] = 1;
    CHECK(read(changed) == "json_malformed");
    changed = good;
    changed["sequence"] = 0;
    CHECK(read(changed) == "json_malformed");
    changed = good;
    changed["record"].as_object()["index"] = -1;
    CHECK(read(changed) == "json_malformed");
    CHECK(code(parse_receipt(sealed(office, std::nullopt))) == "seal_malformed");
    const Office second;
    CHECK(
        code(parse_receipt(*crypto::add_signature(
            sign_receipt(receipt(), {office.key, office.certificate}), receipt_type, receipt().time,
            {second.key, second.certificate}, limits::act_seal_bytes))) == "seal_malformed");
}
