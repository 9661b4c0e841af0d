// The directory: threshold, forward only, keys and competence on a day.
#include "crypto/crypto_support.hpp"
#include "crypto/hash.hpp"
#include "directory/directory.hpp"
#include "support/directory_world.hpp"
#include "support/outcome.hpp"

#include <functional>

using namespace comity;
using namespace comity::directory;
using namespace comity::test;
using comity::crypto::test::with_bit_flipped;

namespace {

const std::vector<std::string> all_members = {
    "arcadia-authority", "borealia-authority", "cascadia-authority"};

std::vector<std::string> first(std::size_t count) {
    return {all_members.begin(), all_members.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string signed_by(const DirectoryWorld& world, const std::vector<std::string>& members) {
    return world.sign_directory(print_directory(world.draft), members, practice_start());
}

SealClaim claim(const std::string& performer) {
    return {ParticipantId(performer), {}, {}, practice_now(), practice_now()};
}

constexpr Milliseconds tick{1};

} // namespace

TEST_CASE("N1_ a directory that was printed reads back as it was") {
    DirectoryWorld world;
    auto& arcadia = world.participant("arcadia-authority");
    arcadia.revoked = {{crypto::sha256("entry"), practice_now()}};
    arcadia.seal.front().distrusted_from = practice_now();
    arcadia.seal.front().validity.until.reset();
    arcadia.capabilities = {{"categories", json::Array{"subscriber"}}};
    const Bytes text = print_directory(world.draft);
    const auto read = Directory::read(text);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().facts.text()));
    CHECK(read->version() == 1);
    CHECK(read->threshold() == 2);
    CHECK(read->members() == world.draft.members);
    CHECK(read->hash() == crypto::sha256(text));
    Draft again = world.draft;
    again.participants = read->participants();
    CHECK(print_directory(again) == text);
    CHECK(read->find(ParticipantId("nobody")) == nullptr);
    CHECK(read->oversight_of("XA").size() == 1);
    CHECK(read->oversight_of("XB").empty());
    const auto tls = world.organisation("vault-provider").tls.certificate.fingerprint();
    REQUIRE(read->by_tls(tls, practice_now()) != nullptr);
    CHECK(read->by_tls(tls, practice_now())->id.str() == "vault-provider");
    CHECK(read->by_tls(tls, practice_start() - tick) == nullptr);
    CHECK(read->by_tls(tls, practice_end() - tick) != nullptr);
    CHECK(read->by_tls(tls, practice_end()) == nullptr);
    CHECK(read->by_tls(crypto::sha256("no certificate"), practice_now()) == nullptr);
}

TEST_CASE("T02 the first directory needs the threshold of its members: below, at and above") {
    DirectoryWorld world;
    CHECK(code(accept_first(signed_by(world, first(1)))) == "directory_threshold");
    CHECK(code(accept_first(signed_by(world, first(2)))) == "accepted");
    CHECK(code(accept_first(signed_by(world, first(3)))) == "accepted");
    world.draft.threshold = 3;
    CHECK(code(accept_first(signed_by(world, first(2)))) == "directory_threshold");
    CHECK(code(accept_first(signed_by(world, first(3)))) == "accepted");
}

TEST_CASE(
    "T02 signatures that do not count: twice by one member, by a participant that is none, of another type") {
    DirectoryWorld world;
    CHECK(
        code(accept_first(
            signed_by(world, {"arcadia-authority", "arcadia-authority", "arcadia-authority"}))) ==
        "directory_threshold");
    CHECK(
        code(accept_first(
            signed_by(world, {"arcadia-authority", "vault-provider", "arcadia-oversight"}))) ==
        "directory_threshold");
    const auto half = signed_by(world, first(1));
    const auto other_type = crypto::add_signature(
        half, "comity-act+jws", practice_start(),
        world.organisation("borealia-authority").seal.signer(), std::size_t{4} << 20);
    CHECK(code(accept_first(*other_type)) == "directory_threshold");
    const Certified stranger = certified(
        "borealia-authority", crypto::CertificateUse::seal, practice_start(), practice_end());
    const auto by_stranger = crypto::add_signature(
        half, directory_type, practice_start(), stranger.signer(), std::size_t{4} << 20);
    CHECK(code(accept_first(*by_stranger)) == "directory_threshold");
}

TEST_CASE("T08 a signed directory with any byte of payload or signature changed is refused") {
    DirectoryWorld world;
    const std::string good = signed_by(world, first(2));
    const auto was = accept_first(good).value();
    // Every 37th byte: 37 and 4 have no common factor, so all places of a base64 group are met.
    for (std::size_t at = 0; at < good.size(); at += 37) {
        const auto result = accept_first(with_bit_flipped(good, at, at % 7));
        CHECK_FALSE(result.has_value());
    }
}

TEST_CASE("T02 an update goes forward, stays in its federation and needs the old threshold") {
    DirectoryWorld world;
    world.draft.version = 5;
    const auto current = world.directory();
    const auto update = [&](std::int64_t version, std::size_t signatures) {
        world.draft.version = version;
        return code(accept_update(current, signed_by(world, first(signatures))));
    };
    CHECK(update(4, 3) == "directory_backward");
    CHECK(update(5, 3) == "directory_backward");
    CHECK(update(6, 1) == "directory_threshold");
    CHECK(update(6, 2) == "accepted");
    CHECK(update(6, 3) == "accepted");
    CHECK(update(900, 2) == "accepted");
    world.draft.federation = "production";
    CHECK(update(6, 3) == "federation_other");
    CHECK(code(accept_update(current, "{}")) == "seal_malformed");
}

TEST_CASE(
    "T15 a lower new threshold does not lower the old one, and new members alone change nothing") {
    DirectoryWorld world;
    world.draft.threshold = 3;
    const auto current = world.directory();
    world.draft.version = 2;
    world.draft.threshold = 1;
    CHECK(code(accept_update(current, signed_by(world, first(2)))) == "directory_threshold");
    CHECK(code(accept_update(current, signed_by(world, first(3)))) == "accepted");

    DirectoryWorld others; // the same names, other keys
    others.draft.version = 2;
    CHECK(code(accept_first(signed_by(others, first(3)))) == "accepted");
    CHECK(code(accept_update(current, signed_by(others, first(3)))) == "directory_threshold");
}

TEST_CASE(
    "T14 a key that the directory in force distrusts signs no update, whatever time it writes") {
    DirectoryWorld world;
    world.participant("arcadia-authority").seal.front().distrusted_from = practice_now();
    const auto current =
        accept_first(signed_by(world, {"borealia-authority", "cascadia-authority"}));
    REQUIRE(current.has_value());
    world.draft.version = 2;
    CHECK(
        code(accept_update(
            *current, signed_by(world, {"arcadia-authority", "borealia-authority"}))) ==
        "directory_threshold");
    CHECK(
        code(accept_update(
            *current, signed_by(world, {"borealia-authority", "cascadia-authority"}))) ==
        "accepted");
}

TEST_CASE("T02 members are authorities, one a country, and known to the directory") {
    const auto read = [](const std::function<void(DirectoryWorld&)>& change) {
        DirectoryWorld world;
        change(world);
        return code(accept_first(signed_by(world, first(3))));
    };
    CHECK(read([](auto&) {}) == "accepted");
    CHECK(read([](auto& w) {
              w.participant("borealia-authority").country = "XA";
          }) == "directory_malformed");
    CHECK(read([](auto& w) {
              w.draft.members.emplace_back("vault-provider");
          }) == "directory_malformed");
    CHECK(read([](auto& w) {
              w.draft.members.emplace_back("arcadia-oversight");
          }) == "directory_malformed");
    CHECK(read([](auto& w) { w.draft.members.emplace_back("nobody"); }) == "directory_malformed");
    CHECK(read([](auto& w) {
              w.draft.members.push_back(w.draft.members.front());
          }) == "directory_malformed");
}

TEST_CASE("T07 one seal or TLS key stands under one participant only") {
    DirectoryWorld world;
    auto& borealia = world.participant("borealia-authority");
    const auto& arcadia = world.participant("arcadia-authority");
    borealia.seal.push_back(arcadia.seal.front());
    CHECK(code(accept_first(signed_by(world, first(3)))) == "directory_malformed");
    borealia.seal.pop_back();
    borealia.tls = arcadia.tls;
    CHECK(code(accept_first(signed_by(world, first(3)))) == "directory_malformed");
    // Another certificate over the same key is the same key.
    borealia.tls.clear();
    crypto::CertificateOptions options;
    options.common_name = "borealia-authority";
    options.not_before = practice_start();
    options.not_after = practice_end();
    const auto second =
        crypto::make_certificate(world.organisation("arcadia-authority").seal.key, options);
    borealia.seal.push_back({second, {practice_start(), practice_end()}, std::nullopt});
    CHECK(code(accept_first(signed_by(world, first(3)))) == "directory_malformed");
    borealia.seal.pop_back();
    CHECK(code(accept_first(signed_by(world, first(3)))) == "accepted");
}

TEST_CASE("each rule of a directory is refused when it alone is broken") {
    const std::vector<std::function<void(Draft&)>> changes = {
        [](Draft& d) { d.federation = "Practice"; },
        [](Draft& d) { d.version = 0; },
        [](Draft& d) { d.expires = d.issued; },
        [](Draft& d) { d.threshold = 0; },
        [](Draft& d) { d.threshold = 4; },
        [](Draft& d) { d.members.clear(); },
        [](Draft& d) { d.participants.push_back(d.participants.back()); },
        [](Draft& d) { d.participants[0].id = ParticipantId("A"); },
        [](Draft& d) { d.participants[3].country = "XBB"; },
        [](Draft& d) { d.participants[3].oversees = {"XA"}; },
        [](Draft& d) { d.participants[4].oversees.clear(); },
        [](Draft& d) { d.participants[0].port = 0; },
        [](Draft& d) { d.participants[0].port = 65'536; },
        [](Draft& d) { d.participants[0].offices.push_back(d.participants[0].offices[0]); },
        [](Draft& d) { d.participants[0].offices[0].id = OfficeId("x y"); },
        [](Draft& d) { d.participants[0].offices[0].competences[0].role = ""; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        INFO("change " << i);
        DirectoryWorld world;
        changes[i](world.draft);
        CHECK(code(accept_first(signed_by(world, first(3)))) == "directory_malformed");
    }
    DirectoryWorld world;
    auto object = json::parse_object(print_directory(world.draft), std::size_t{4} << 20).value();
    object["root"] = "arcadia-authority";
    CHECK(
        code(accept_first(world.sign_directory(json::print(object), first(3), practice_start()))) ==
        "directory_malformed");
}

TEST_CASE("T07 of all pairs of signer and claimed performer only the equal ones pass") {
    DirectoryWorld world;
    const auto directory = world.directory();
    for (const auto& signer : world.draft.participants)
        for (const auto& claimed : world.draft.participants) {
            INFO(signer.id.str() << " as " << claimed.id.str());
            CHECK(
                code(check_seal(
                    directory, world.organisation(signer.id.str()).seal.certificate,
                    claim(claimed.id.str()))) ==
                (signer.id == claimed.id ? "accepted" : "performer_not_signer"));
        }
}

TEST_CASE(
    "T01 a seal by a key that the directory does not name, or names for another use, is refused") {
    DirectoryWorld world;
    const auto directory = world.directory();
    const auto& arcadia = world.organisation("arcadia-authority");
    const Certified stranger = certified(
        "arcadia-authority", crypto::CertificateUse::seal, practice_start(), practice_end());
    for (const auto& certificate :
         {stranger.certificate, arcadia.tls.certificate, arcadia.sealing.certificate})
        CHECK(
            code(check_seal(directory, certificate, claim("arcadia-authority"))) ==
            "seal_certificate");
    CHECK(
        code(check_seal(directory, arcadia.seal.certificate, claim("nobody"))) ==
        "performer_unknown");
}

TEST_CASE("T16 a certificate counts within its validity: before, at its start, at its end") {
    DirectoryWorld world;
    const auto& certificate = world.organisation("arcadia-authority").seal.certificate;
    auto& pin = world.participant("arcadia-authority").seal.front();
    pin.validity = {moment("2026-02-01T00:00:00Z"), moment("2026-06-01T00:00:00Z")};
    const auto directory = world.directory_signed_later();
    const auto at = [&](std::string_view when) {
        auto it = claim("arcadia-authority");
        it.signed_at = moment(when);
        return code(check_seal(directory, certificate, it));
    };
    CHECK(at("2026-01-31T23:59:59.999Z") == "seal_certificate");
    CHECK(at("2026-02-01T00:00:00.000Z") == "accepted");
    CHECK(at("2026-05-31T23:59:59.999Z") == "accepted");
    CHECK(at("2026-06-01T00:00:00.000Z") == "seal_certificate");
    // What the directory says is not enough: the certificate itself ends, too.
    pin.validity = {moment("2025-01-01T00:00:00Z"), std::nullopt};
    const auto longer = world.directory_signed_later();
    auto late = claim("arcadia-authority");
    late.signed_at = practice_end() + std::chrono::seconds(1);
    CHECK(code(check_seal(longer, certificate, late)) == "seal_certificate");
    late.signed_at = practice_start() - std::chrono::seconds(1);
    CHECK(code(check_seal(longer, certificate, late)) == "seal_certificate");
    late.signed_at = practice_start();
    CHECK(code(check_seal(longer, certificate, late)) == "accepted");
}

TEST_CASE("T14 distrust from a time: decided before it stands, at it and after it does not") {
    DirectoryWorld world;
    world.participant("arcadia-authority").seal.front().distrusted_from = practice_now();
    const auto directory = world.directory();
    const auto& certificate = world.organisation("arcadia-authority").seal.certificate;
    const auto decided = [&](Instant when) {
        auto it = claim("arcadia-authority");
        it.signed_at = practice_now() - std::chrono::hours(48); // what a thief would write
        it.decided = when;
        return code(check_seal(directory, certificate, it));
    };
    CHECK(decided(practice_now() - tick) == "accepted");
    CHECK(decided(practice_now()) == "seal_distrusted");
    CHECK(decided(practice_now() + tick) == "seal_distrusted");
}

TEST_CASE("T01 an office acts in its role while it is competent: below, at and above") {
    DirectoryWorld world;
    auto& competence = world.participant("arcadia-authority").offices[1].competences[0];
    competence.validity = {moment("2026-02-01T00:00:00Z"), moment("2026-06-01T00:00:00Z")};
    const auto directory = world.directory();
    const auto& certificate = world.organisation("arcadia-authority").seal.certificate;
    const auto as = [&](std::string_view office, std::string_view role, std::string_view when) {
        auto it = claim("arcadia-authority");
        it.office = OfficeId(std::string(office));
        it.role = role;
        it.signed_at = moment(when);
        return code(check_seal(directory, certificate, it));
    };
    CHECK(as("arcadia-court", "judge", "2026-01-31T23:59:59.999Z") == "office_not_competent");
    CHECK(as("arcadia-court", "judge", "2026-02-01T00:00:00Z") == "accepted");
    CHECK(as("arcadia-court", "judge", "2026-05-31T23:59:59.999Z") == "accepted");
    CHECK(as("arcadia-court", "judge", "2026-06-01T00:00:00Z") == "office_not_competent");
    CHECK(as("arcadia-police", "judge", "2026-03-01T00:00:00Z") == "office_not_competent");
    CHECK(as("arcadia-court", "", "2026-03-01T00:00:00Z") == "office_not_competent");
    CHECK(as("borealia-court", "judge", "2026-03-01T00:00:00Z") == "office_unknown");
}

TEST_CASE("the newest certificate in force is the current one, and a distrusted one never is") {
    DirectoryWorld world;
    const auto& old = world.organisation("arcadia-authority").sealing.certificate;
    const Certified fresh =
        certified("fresh", crypto::CertificateUse::sealing, practice_start(), practice_end());
    std::vector<PinnedCertificate> list = {
        {old, {practice_start(), practice_end()}, std::nullopt},
        {fresh.certificate, {practice_now(), std::nullopt}, std::nullopt}};
    const auto at = [&](Instant when) {
        const auto* found = current(list, when);
        return found ? text(found->fingerprint()) : std::string("none");
    };
    CHECK(at(practice_start() - tick) == "none");
    CHECK(at(practice_now() - tick) == text(old.fingerprint()));
    CHECK(at(practice_now()) == text(fresh.certificate.fingerprint()));
    list[1].distrusted_from = practice_now() + tick;
    CHECK(at(practice_now()) == text(fresh.certificate.fingerprint()));
    CHECK(at(practice_now() + tick) == text(old.fingerprint()));
    CHECK(at(practice_end() + std::chrono::seconds(1)) == "none");
}
