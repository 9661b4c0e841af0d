// The offline check of a bundle on malformed input: every line of it is a refusal and never an
// exception. Genuine bundles come from whole nodes (tests/e2e/verify.sh).
#include "apps/verify.hpp"
#include "base/fault.hpp"
#include "base/json.hpp"
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "node/bundle.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <random>

using namespace comity;

namespace {

struct Signer {
    crypto::PrivateKey key = crypto::PrivateKey::generate();
    crypto::Certificate certificate;
    Instant now = instant_from("2026-03-01T09:30:00Z").value();

    Signer() {
        crypto::CertificateOptions options;
        options.common_name = "arcadia-authority";
        options.not_before = now - std::chrono::hours{24};
        options.not_after = now + std::chrono::hours{24};
        certificate = crypto::make_certificate(key, options);
    }

    [[nodiscard]] Bytes seal(const Bytes& body, std::string_view over) const {
        const json::Object seal{
            {"comity", node::bundle_format}, {"sha256", text(crypto::sha256(over))}};
        return body + "\n" +
               crypto::sign_jws(json::print(seal), node::bundle_type, now, {key, certificate}) +
               "\n";
    }
};

json::Object plain_bundle() {
    return {
        {"comity", node::bundle_format},
        {"case", "abcdefghijklmnopqrstuvwxyz"},
        {"exporter", "arcadia-authority"},
        {"exported", "2026-03-01T09:30:00.000Z"},
        {"directory", "{}"},
        {"law", json::Array{json::Object{{"path", "a.json"}, {"sha256", text(Digest{})}}}},
        {"procedure", "{}"},
        {"acts", json::Array{json::Object{
                     {"seal", "{}"},
                     {"receipt", "{}"},
                     {"parts", json::Array{}},
                     {"nonce", "AA"},
                     {"proof", "x"}}}}};
}

std::string joined(const apps::Verdict& verdict) {
    std::string out;
    for (const auto& line : verdict.failures)
        out += line + "\n";
    return out;
}

bool has(const apps::Verdict& verdict, std::string_view what) {
    return joined(verdict).find(what) != std::string::npos;
}

} // namespace

TEST_CASE("what is no bundle is told in a line and never thrown") {
    for (const std::string bytes :
         {"", "\n", "\n\n", "x", "x\n", "x\ny", "x\ny\n", "{}\n{}\n", "{}\n{}\n{}\n",
          "{\"a\":1,\"a\":2}\n[]\n", "\xff\xfe\n\xff\n"}) {
        const auto verdict = apps::verify_bundle(bytes, {});
        CHECK_MESSAGE(!verdict.failures.empty(), bytes);
        CHECK(verdict.proved.empty());
        for (const auto& line : verdict.failures) {
            CHECK(!line.empty());
            CHECK(is_utf8(line));
            CHECK(line.find('\n') == std::string::npos);
        }
    }
}

TEST_CASE("a good seal over the first line is told from one over other bytes") {
    const Signer signer;
    const Bytes body = json::print(plain_bundle());
    CHECK(!has(apps::verify_bundle(signer.seal(body, body), {}), "the bundle was changed"));
    CHECK(has(apps::verify_bundle(signer.seal(body, body + " "), {}), "the bundle was changed"));
}

TEST_CASE("each part of a bundle is checked although others failed, and a failure names the act") {
    const Signer signer;
    const Bytes body = json::print(plain_bundle());
    const auto verdict = apps::verify_bundle(signer.seal(body, body), {});
    CHECK(has(verdict, "the directory: "));
    CHECK(has(verdict, "the procedure: procedure_malformed"));
    CHECK(has(verdict, "act 1: "));
}

TEST_CASE("the form of a bundle is strict: no member missing, none more, none of another type") {
    const Signer signer;
    const auto check = [&](const json::Object& object) {
        const Bytes body = json::print(object);
        return apps::verify_bundle(signer.seal(body, body), {});
    };
    const auto names = plain_bundle();
    for (const auto& member : names) {
        auto object = plain_bundle();
        object.erase(member.key());
        CHECK_MESSAGE(has(check(object), "bundle: "), std::string(member.key()));
        object = plain_bundle();
        object[member.key()] = 7;
        CHECK_MESSAGE(has(check(object), "bundle: "), std::string(member.key()));
    }
    auto more = plain_bundle();
    more["note"] = "added";
    CHECK(has(check(more), "bundle: "));
    auto other = plain_bundle();
    other["comity"] = "bundle/2";
    CHECK(has(check(other), "bundle: bundle_malformed: format bundle/2"));
    auto twice = plain_bundle();
    auto& law = twice["law"].as_array();
    law.push_back(law.front());
    CHECK(has(check(twice), "the paths are not in order"));
    auto none = plain_bundle();
    none["acts"] = json::Array{};
    CHECK(has(check(none), "bundle: bundle_malformed: 0 acts"));
    for (const auto& part :
         {json::Object{{"part", -1}, {"sealed", ""}}, json::Object{{"part", 16}, {"sealed", ""}},
          json::Object{{"part", 0}, {"sealed", "?"}}, json::Object{{"part", 0}}}) {
        auto object = plain_bundle();
        object["acts"].as_array()[0].as_object()["parts"] = json::Array{part};
        CHECK(has(check(object), "bundle: "));
    }
}

TEST_CASE("T31 random changes of a bundle's bytes never throw and never pass") {
    const Signer signer;
    const Bytes body = json::print(plain_bundle());
    const Bytes genuine = signer.seal(body, body);
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 300; ++round) {
        Bytes changed = genuine;
        const std::size_t at = random() % changed.size();
        changed[at] =
            static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1 + random() % 255));
        const auto verdict = apps::verify_bundle(changed, {});
        CHECK_MESSAGE(
            (has(verdict, "the exporter's seal: ") || has(verdict, "bundle: ")), "at ", at);
    }
}

TEST_CASE("evidence that no act names, and a key that is not the certificate's, are failures") {
    const Signer signer;
    const Signer other;
    const Bytes body = json::print(plain_bundle());
    const test::TemporaryDirectory directory;
    std::ofstream(directory / "stray") << "x";
    apps::BundleOptions options;
    options.evidence = directory.path();
    options.recipient = apps::RecipientKey{signer.key.to_pem(), other.certificate.pem()};
    const auto verdict = apps::verify_bundle(signer.seal(body, body), options);
    CHECK(has(verdict, "evidence stray: no readable manifest of the case names this file"));
    CHECK(has(verdict, "the recipient's key: is not the key of the certificate"));
    options.evidence = directory / "nowhere";
    CHECK_THROWS_AS((void)apps::verify_bundle(signer.seal(body, body), options), Fault);
}
