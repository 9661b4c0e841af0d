// The roll and approvals: who may act is traced to the founders, and each counterfeit fails.
#include "base/limits.hpp"
#include "crypto/crypto_support.hpp"
#include "crypto/hash.hpp"
#include "directory/roll.hpp"
#include "support/directory_world.hpp"
#include "support/outcome.hpp"

#include <functional>

using namespace comity;
using namespace comity::directory;
using namespace comity::test;
using comity::crypto::test::with_bit_flipped;

namespace {

constexpr Milliseconds tick{1};
const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";

std::vector<SealedRollEntry> entries(const std::vector<std::string>& texts) {
    std::vector<SealedRollEntry> out;
    for (const auto& text : texts) {
        auto entry = parse_sealed_roll_entry(text);
        REQUIRE_MESSAGE(entry, (entry ? "" : entry.error().facts.text()));
        out.push_back(std::move(*entry));
    }
    return out;
}

std::string chain(const DirectoryWorld& world, const Person& person) {
    return code(verify_chain(world.directory(), entries(person.chain)));
}

std::vector<const Person*> founders(
    DirectoryWorld& world, const std::string& organisation = arcadia) {
    return {
        &world.person(organisation, "first-founder"),
        &world.person(organisation, "second-founder")};
}

Enrolment clerk() {
    return {.person = "clerk", .office = "arcadia-police", .roles = {"issuing-officer"}};
}

ApprovalClaim claim(const Person& person, const std::string& role, const Bytes& header) {
    return {person.entry.participant, person.entry.person,
            person.entry.office,      role,
            practice_now(),           act::approval_challenge(header)};
}

std::string approval(
    const DirectoryWorld& world, const act::Approval& approval, const ApprovalClaim& claim) {
    return code(check_approval(world.directory(), approval, claim, {}));
}

// A judge with what a test makes of the enrolment, approving an act at `when`.
std::string approved_by(
    const std::function<void(Enrolment&)>& change, Instant when = practice_now()) {
    DirectoryWorld world;
    Enrolment enrolment{.person = "new-judge", .office = "arcadia-court", .roles = {"judge"}};
    change(enrolment);
    const Person judge = world.enrol(arcadia, enrolment, founders(world));
    const Bytes header = act::print_header(world.header(arcadia, judge, "judge"));
    auto claimed = claim(judge, "judge", header);
    claimed.office = OfficeId("arcadia-court");
    claimed.when = when;
    return approval(world, DirectoryWorld::approve(header, judge), claimed);
}

} // namespace

TEST_CASE("N1_ a roll entry that was printed reads back as it was") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const auto back = parse_roll_entry(judge.payload);
    REQUIRE_MESSAGE(back, (back ? "" : back.error().facts.text()));
    CHECK(print_roll_entry(*back) == judge.payload);
    CHECK(back->has_role("judge"));
    CHECK_FALSE(back->has_role("administrator"));
    CHECK(roll_entry_hash(judge.payload) != enrolment_challenge(judge.payload));
    const auto object = json::parse_object(judge.payload, 100'000).value();
    for (const auto& member : object) {
        auto changed = object;
        changed.erase(member.key());
        CHECK_FALSE(parse_roll_entry(json::print(changed)).has_value());
        changed[member.key()] = 7;
        CHECK_FALSE(parse_roll_entry(json::print(changed)).has_value());
    }
    auto more = object;
    more["more"] = 1;
    CHECK_FALSE(parse_roll_entry(json::print(more)).has_value());
}

TEST_CASE("T02 everybody on the roll is traced to the founders") {
    DirectoryWorld world;
    for (const auto& participant : world.draft.participants)
        for (const auto& [name, person] : world.organisation(participant.id.str()).people) {
            INFO(participant.id.str() << " " << name);
            CHECK(chain(world, person) == "accepted");
        }
    // Two steps from the founders: an administrator whom they enrolled enrols with one of them.
    const Person third = world.enrol(
        arcadia, {.person = "third", .office = "arcadia-central", .roles = {"administrator"}},
        founders(world));
    const Person last =
        world.enrol(arcadia, clerk(), {&third, &world.person(arcadia, "first-founder")});
    CHECK(last.chain.size() == 4);
    CHECK(chain(world, last) == "accepted");
}

TEST_CASE(
    "T02 whoever was enrolled by a founder and by somebody whom that founder enrolled is traced") {
    DirectoryWorld world;
    const auto& first = world.person(arcadia, "first-founder");
    const Person third = world.enrol(
        arcadia, {.person = "third", .office = "arcadia-central", .roles = {"administrator"}},
        founders(world));
    for (const std::vector<const Person*>& by :
         {std::vector<const Person*>{&third, &first}, {&first, &third}}) {
        const auto all = entries([&] {
            std::vector<std::string> texts = third.chain;
            texts.push_back(world.enrol(arcadia, clerk(), by).text);
            return texts;
        }());
        const auto find = [&](const Digest& hash) -> std::optional<SealedRollEntry> {
            for (const auto& entry : all)
                if (entry.hash == hash) return entry;
            return std::nullopt;
        };
        const auto made = chain_of(all.back(), find);
        REQUIRE(made.has_value());
        CHECK(made->size() == 4);
        CHECK(made->front().hash == all.back().hash);
        CHECK(code(verify_chain(world.directory(), *made)) == "accepted");
    }
}

TEST_CASE("a chain with a missing entry, or of more people than it may have, is not made") {
    DirectoryWorld world;
    const auto chain = entries(world.person(arcadia, "judge").chain);
    const auto nobody = [](const Digest&) -> std::optional<SealedRollEntry> {
        return std::nullopt;
    };
    CHECK(code(chain_of(chain.front(), nobody)) == "approval_roll_entry");
    // A line in which each was enrolled by the next: as long as a chain may be, and one longer.
    const auto line = [&](std::size_t length) {
        std::vector<SealedRollEntry> out;
        for (std::size_t i = 0; i < length; ++i) {
            auto entry = chain.front();
            entry.hash[0] = static_cast<unsigned char>(i);
            auto next = entry.hash;
            next[0] = static_cast<unsigned char>(i + 1);
            entry.entry.enrolled_by.clear();
            if (i + 1 < length) entry.entry.enrolled_by = {next, next};
            out.push_back(std::move(entry));
        }
        return chain_of(out.front(), [&](const Digest& hash) -> std::optional<SealedRollEntry> {
            return out.at(hash[0]);
        });
    };
    CHECK(line(limits::roll_chain_entries).value().size() == limits::roll_chain_entries);
    CHECK(code(line(limits::roll_chain_entries + 1)) == "approval_roll_entry");
}

TEST_CASE("T02 an enrolment that only one person approved is refused") {
    DirectoryWorld world;
    Person person = world.enrol(arcadia, clerk(), founders(world));
    const Digest challenge = enrolment_challenge(person.payload);
    const auto first = world.person(arcadia, "first-founder").authenticator.sign(view(challenge));
    const auto sealed_with = [&](const std::vector<crypto::Assertion>& approvals) {
        person.chain[0] = seal_roll_entry(
            person.payload, practice_start(), world.organisation(arcadia).seal.signer(), approvals);
        return chain(world, person);
    };
    CHECK(sealed_with({}) == "roll_two_people");
    CHECK(sealed_with({first}) == "roll_two_people");
    CHECK(
        sealed_with({first, first}) == "approval_malformed"); // not by the second one's credential
    CHECK(sealed_with({first, first, first}) == "roll_two_people");
    person.entry.enrolled_by.pop_back();
    CHECK(code(parse_roll_entry(print_roll_entry(person.entry))) == "json_malformed");
}

TEST_CASE("T02 one person who approves twice is one person, with one entry or with two") {
    DirectoryWorld world;
    const Person* founder = &world.person(arcadia, "first-founder");
    CHECK(chain(world, world.enrol(arcadia, clerk(), {founder, founder})) == "roll_two_people");
    const Enrolment third{
        .person = "third", .office = "arcadia-central", .roles = {"administrator"}};
    const Person one_key = world.enrol(arcadia, third, founders(world));
    const Person other_key = world.enrol(arcadia, third, founders(world));
    REQUIRE(one_key.hash != other_key.hash);
    CHECK(chain(world, world.enrol(arcadia, clerk(), {founder, &one_key})) == "accepted");
    CHECK(chain(world, world.enrol(arcadia, clerk(), {&one_key, &other_key})) == "roll_two_people");
    // Another name for the same passkey is no second person.
    Person alias = world.enrol(
        arcadia, {.person = "alias", .office = "arcadia-central", .roles = {"administrator"}},
        founders(world));
    alias.authenticator = founder->authenticator;
    alias.entry.passkey = founder->entry.passkey;
    world.reseal(alias, world.organisation(arcadia).seal, practice_start(), founders(world));
    CHECK(chain(world, world.enrol(arcadia, clerk(), {founder, &alias})) == "roll_two_people");
}

TEST_CASE(
    "T02 nobody enrols themselves again alone: the two and the one enrolled are three people") {
    DirectoryWorld world;
    CHECK(
        chain(
            world,
            world.enrol(
                arcadia, {.person = "first-founder", .office = "arcadia-court", .roles = {"judge"}},
                founders(world))) == "roll_two_people");
}

TEST_CASE("T02 who is not an administrator, or signs in only, enrols nobody") {
    DirectoryWorld world;
    const Person* founder = &world.person(arcadia, "first-founder");
    CHECK(
        chain(world, world.enrol(arcadia, clerk(), {founder, &world.person(arcadia, "judge")})) ==
        "roll_two_people");
    const Person sign_in = world.enrol(
        arcadia,
        {.person = "third",
         .office = "arcadia-central",
         .roles = {"administrator"},
         .purpose = Purpose::sign_in},
        founders(world));
    CHECK(chain(world, world.enrol(arcadia, clerk(), {founder, &sign_in})) == "roll_two_people");
}

TEST_CASE("T13 an enroller counts within validity and until revoked: below, at and above") {
    const auto enrolled_at = [](Instant when, bool revoke) {
        DirectoryWorld world;
        Enrolment third{.person = "third", .office = "arcadia-central", .roles = {"administrator"}};
        if (!revoke) third.from = practice_now();
        if (!revoke) third.until = practice_now() + std::chrono::hours(24);
        const Person enroller = world.enrol(arcadia, third, founders(world));
        if (revoke) world.participant(arcadia).revoked[enroller.hash] = practice_now();
        Enrolment enrolment = clerk();
        enrolment.signed_at = when;
        return chain(
            world,
            world.enrol(arcadia, enrolment, {&world.person(arcadia, "first-founder"), &enroller}));
    };
    CHECK(enrolled_at(practice_now() - tick, false) == "roll_two_people");
    CHECK(enrolled_at(practice_now(), false) == "accepted");
    CHECK(enrolled_at(practice_now() + std::chrono::hours(24) - tick, false) == "accepted");
    CHECK(enrolled_at(practice_now() + std::chrono::hours(24), false) == "roll_two_people");
    CHECK(enrolled_at(practice_now() - tick, true) == "accepted");
    CHECK(enrolled_at(practice_now(), true) == "approval_revoked");
    CHECK(enrolled_at(practice_now() + tick, true) == "approval_revoked");
}

TEST_CASE(
    "T02 a founder whom the directory does not name is refused, and so is who relies on one") {
    DirectoryWorld world;
    const Person fake = world.found(
        arcadia,
        {.person = "third-founder", .office = "arcadia-central", .roles = {"administrator"}});
    CHECK(chain(world, fake) == "approval_roll_entry");
    CHECK(
        chain(
            world,
            world.enrol(arcadia, clerk(), {&world.person(arcadia, "first-founder"), &fake})) ==
        "approval_roll_entry");
}

TEST_CASE("T23 whoever stole the seal key alone gets nobody onto the roll") {
    DirectoryWorld world;
    const Certified& stolen = world.organisation(arcadia).seal;
    // Own founders: the directory does not name them.
    const Person first = world.found(
        arcadia, {.person = "ghost-one", .office = "arcadia-central", .roles = {"administrator"}});
    const Person second = world.found(
        arcadia, {.person = "ghost-two", .office = "arcadia-central", .roles = {"administrator"}});
    CHECK(chain(world, world.enrol(arcadia, clerk(), {&first, &second})) == "approval_roll_entry");
    // The true founders' entries, with assertions by passkeys of the thief.
    Person person = world.enrol(arcadia, clerk(), founders(world));
    const Digest challenge = enrolment_challenge(person.payload);
    const std::vector forged{
        first.authenticator.sign(view(challenge)), second.authenticator.sign(view(challenge))};
    person.chain[0] = seal_roll_entry(person.payload, practice_start(), stolen.signer(), forged);
    CHECK(chain(world, person) == "approval_malformed");
    // With the founders' credential ids, too: then it is the signature that fails.
    auto renamed = forged;
    renamed[0].credential_id = world.person(arcadia, "first-founder").entry.passkey.credential_id;
    renamed[1].credential_id = world.person(arcadia, "second-founder").entry.passkey.credential_id;
    person.chain[0] = seal_roll_entry(person.payload, practice_start(), stolen.signer(), renamed);
    CHECK(chain(world, person) == "approval_signature");
}

TEST_CASE("T23 the founders' approvals of another entry are no approvals of this one") {
    DirectoryWorld world;
    const auto judge = entries({world.person(arcadia, "judge").text});
    Person person = world.enrol(arcadia, clerk(), founders(world));
    person.chain[0] = seal_roll_entry(
        person.payload, practice_start(), world.organisation(arcadia).seal.signer(),
        judge.front().approvals);
    CHECK(chain(world, person) == "approval_challenge");
}

TEST_CASE("T07 an entry of another participant or federation, or sealed by another, is refused") {
    DirectoryWorld world;
    const auto& arcadian = world.person(arcadia, "judge");
    const auto& borealian = world.person(borealia, "judge");
    auto mixed = arcadian;
    mixed.chain = {arcadian.chain[0], borealian.chain[1], borealian.chain[2]};
    CHECK(chain(world, mixed) == "approval_roll_entry");

    Person sealed_by_other = world.enrol(arcadia, clerk(), founders(world));
    world.reseal(
        sealed_by_other, world.organisation(borealia).seal, practice_start(), founders(world));
    CHECK(chain(world, sealed_by_other) == "performer_not_signer");

    Person elsewhere = world.enrol(arcadia, clerk(), founders(world));
    elsewhere.entry.federation = "production";
    world.reseal(elsewhere, world.organisation(arcadia).seal, practice_start(), founders(world));
    CHECK(chain(world, elsewhere) == "approval_roll_entry");

    Person nowhere = world.enrol(arcadia, clerk(), founders(world));
    nowhere.entry.participant = ParticipantId("nobody");
    world.reseal(nowhere, world.organisation(arcadia).seal, practice_start(), founders(world));
    CHECK(chain(world, nowhere) == "performer_unknown");
}

TEST_CASE("a chain that is empty, incomplete, in another order or too long is refused") {
    DirectoryWorld world;
    const auto directory = world.directory();
    const auto good = world.person(arcadia, "judge").chain;
    REQUIRE(good.size() == 3);
    const auto verify = [&](const std::vector<std::string>& texts) {
        return code(verify_chain(directory, entries(texts)));
    };
    CHECK(verify({}) == "approval_roll_entry");
    CHECK(verify({good[0]}) == "approval_roll_entry");
    CHECK(verify({good[0], good[1]}) == "approval_roll_entry");
    CHECK(verify({good[0], good[2], good[1]}) == "accepted"); // founders stand for themselves
    CHECK(verify({good[1], good[2], good[0]}) == "approval_roll_entry");
    CHECK(
        verify({good[1], good[0], good[2]}) ==
        "approval_roll_entry"); // a voucher before who it vouches for
    std::vector<std::string> padded = good;
    while (padded.size() < limits::roll_chain_entries)
        padded.push_back(good[1]);
    CHECK(verify(padded) == "accepted");
    padded.push_back(good[1]);
    CHECK(verify(padded) == "approval_roll_entry");
}

TEST_CASE("R3_ a person's approval of an act is accepted, and remembered with its directory") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const auto act = act::parse_sealed(world.seal(world.header(arcadia, judge, "judge"), judge));
    REQUIRE(act.has_value());
    std::map<Digest, std::shared_ptr<const SealedRollEntry>> memory;
    int asked = 0;
    const ChainMemory chains{
        [&](const Digest& key) -> std::shared_ptr<const SealedRollEntry> {
            ++asked;
            return memory.contains(key) ? memory.at(key) : nullptr;
        },
        [&](const Digest& key, std::shared_ptr<const SealedRollEntry> entry) {
            memory.emplace(key, std::move(entry));
        }};
    const auto claimed = claim(judge, "judge", act->header_bytes);
    auto given = *act->approval;
    CHECK(code(check_approval(world.directory(), given, claimed, chains)) == "accepted");
    CHECK(memory.size() == 1);
    given.roll.resize(1); // what is remembered needs no chain
    CHECK(code(check_approval(world.directory(), given, claimed, chains)) == "accepted");
    CHECK(code(check_approval(world.directory(), given, claimed, {})) == "approval_roll_entry");
    // Another directory forgets: the founders may have changed.
    world.draft.version = 2;
    CHECK(code(check_approval(world.directory(), given, claimed, chains)) == "approval_roll_entry");
    CHECK(asked == 3);
    CHECK(memory.size() == 1);
}

TEST_CASE("T11 an approval of another act, case or federation is refused") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const auto header = world.header(arcadia, judge, "judge");
    const auto given = DirectoryWorld::approve(act::print_header(header), judge);
    const auto with = [&](const std::function<void(act::Header&)>& change) {
        auto other = header;
        change(other);
        return approval(world, given, claim(judge, "judge", act::print_header(other)));
    };
    CHECK(with([](auto&) {}) == "accepted");
    CHECK(with([](auto& h) { h.act = "decline"; }) == "approval_challenge");
    CHECK(with([](auto& h) { h.case_id = CaseId("anothercase"); }) == "approval_challenge");
    CHECK(with([](auto& h) { h.federation = "production"; }) == "approval_challenge");
    CHECK(with([](auto& h) { h.time += tick; }) == "approval_challenge");
    CHECK(with([](auto& h) { h.opening->category = "content"; }) == "approval_challenge");
    auto hash = claim(judge, "judge", act::print_header(header));
    hash.challenge = act::act_hash(act::print_header(header));
    CHECK(approval(world, given, hash) == "approval_challenge");
}

TEST_CASE(
    "T01 an assertion without user verification, or of another origin or relying party, is refused") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const Bytes header = act::print_header(world.header(arcadia, judge, "judge"));
    const Digest challenge = act::approval_challenge(header);
    auto given = DirectoryWorld::approve(header, judge);
    const auto with = [&](const crypto::SoftwareAuthenticator::Options& options) {
        given.assertion = judge.authenticator.sign(view(challenge), options);
        return approval(world, given, claim(judge, "judge", header));
    };
    CHECK(with({}) == "accepted");
    CHECK(with({.user_verified = false, .origin = {}}) == "approval_user_verification");
    CHECK(
        with({.user_verified = true, .origin = "https://sign.arcadia-authority.example.evil"}) ==
        "approval_origin");
    CHECK(
        with({.user_verified = true, .origin = "https://arcadia-authority.example"}) ==
        "approval_origin");
    // The roll names another relying party than the one the passkey signed for.
    Person other = world.enrol(
        arcadia, {.person = "new-judge", .office = "arcadia-court", .roles = {"judge"}},
        founders(world));
    other.entry.passkey.rp_id = "arcadia-authority.example";
    world.reseal(other, world.organisation(arcadia).seal, practice_start(), founders(world));
    CHECK(
        approval(world, DirectoryWorld::approve(header, other), claim(other, "judge", header)) ==
        "approval_origin");
}

TEST_CASE("T13 another person's passkey does not approve, even under the right credential id") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const auto& second = world.person(arcadia, "second-judge");
    const Bytes header = act::print_header(world.header(arcadia, judge, "judge"));
    auto given = DirectoryWorld::approve(header, judge);
    given.assertion = DirectoryWorld::approve(header, second).assertion;
    CHECK(approval(world, given, claim(judge, "judge", header)) == "approval_malformed");
    given.assertion.credential_id = judge.entry.passkey.credential_id;
    CHECK(approval(world, given, claim(judge, "judge", header)) == "approval_signature");
    CHECK(
        approval(world, DirectoryWorld::approve(header, second), claim(judge, "judge", header)) ==
        "approval_roll_entry");
    const auto& foreign = world.person(borealia, "judge");
    CHECK(
        approval(world, DirectoryWorld::approve(header, foreign), claim(judge, "judge", header)) ==
        "approval_roll_entry");
}

TEST_CASE("T13 a revoked entry approves before the revocation and not from then on") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    world.participant(arcadia).revoked[judge.hash] = practice_now();
    const Bytes header = act::print_header(world.header(arcadia, judge, "judge"));
    const auto at = [&](Instant when) {
        auto claimed = claim(judge, "judge", header);
        claimed.when = when;
        return approval(world, DirectoryWorld::approve(header, judge), claimed);
    };
    CHECK(at(practice_now() - tick) == "accepted");
    CHECK(at(practice_now()) == "approval_revoked");
    CHECK(at(practice_now() + tick) == "approval_revoked");
}

TEST_CASE("T13 an entry approves within its validity: below, at and above both ends") {
    const auto window = [](Enrolment& e) {
        e.from = practice_now();
        e.until = practice_now() + std::chrono::hours(1);
    };
    CHECK(approved_by(window, practice_now() - tick) == "approval_roll_entry");
    CHECK(approved_by(window, practice_now()) == "accepted");
    CHECK(approved_by(window, practice_now() + std::chrono::hours(1) - tick) == "accepted");
    CHECK(approved_by(window, practice_now() + std::chrono::hours(1)) == "approval_roll_entry");
}

TEST_CASE("X6_ training that ended refuses: below, at and above") {
    const auto trained = [](Enrolment& e) {
        e.trained_until = practice_now();
    };
    CHECK(approved_by(trained, practice_now() - tick) == "accepted");
    CHECK(approved_by(trained, practice_now()) == "approval_training");
    CHECK(approved_by(trained, practice_now() + tick) == "approval_training");
}

TEST_CASE("T01 another role or office than the act names is refused") {
    CHECK(approved_by([](Enrolment&) {}) == "accepted");
    CHECK(approved_by([](Enrolment& e) {
              e.roles = {"issuing-officer"};
          }) == "approval_not_competent");
    CHECK(approved_by([](Enrolment& e) { e.roles = {}; }) == "approval_not_competent");
    CHECK(approved_by([](Enrolment& e) { e.roles = {"administrator", "judge"}; }) == "accepted");
    CHECK(
        approved_by([](Enrolment& e) { e.office = "arcadia-police"; }) == "approval_not_competent");
}

TEST_CASE("T13 a credential for signing in approves no act") {
    CHECK(approved_by([](Enrolment& e) { e.purpose = Purpose::sign_in; }) == "approval_purpose");
}

TEST_CASE("T08 a flip in any byte of an approved act is refused at seal or approval") {
    DirectoryWorld world;
    const auto directory = world.directory();
    const auto& judge = world.person(arcadia, "judge");
    const std::string good = world.seal(world.header(arcadia, judge, "judge"), judge);
    const auto check = [&](std::string_view text) -> Result<void> {
        TRY(const auto act, act::parse_sealed(text));
        TRY_VOID(crypto::verify_jws(act.seal));
        const auto& header = act.header;
        TRY_VOID(check_seal(
            directory, act.seal.certificate,
            {header.performer, header.office, header.role, header.time, header.time}));
        if (!act.approval) return refuse(Code::approval_missing, "no approval");
        TRY_VOID(check_approval(
                     directory, *act.approval,
                     {header.performer, header.person, header.office, header.role, header.time,
                      act::approval_challenge(act.header_bytes)},
                     {})
                     .map([](auto&&) {}));
        return {};
    };
    // The office's competence is the judge's, so the untouched act passes both.
    REQUIRE(code(check(good)) == "accepted");
    for (std::size_t at = 0; at < good.size(); ++at) {
        INFO("byte " << at);
        CHECK_FALSE(check(with_bit_flipped(good, at, at % 7)).has_value());
    }
}

TEST_CASE(
    "a roll entry with two seals, of another type or with other members is refused as malformed") {
    DirectoryWorld world;
    const auto& judge = world.person(arcadia, "judge");
    const auto signer = world.organisation(arcadia).seal.signer();
    CHECK(
        code(parse_sealed_roll_entry(*crypto::add_signature(
            judge.text, roll_type, practice_start(), signer, limits::act_seal_bytes))) ==
        "roll_malformed");
    CHECK(
        code(parse_sealed_roll_entry(crypto::sign_jws(
            judge.payload, act::act_type, practice_start(), signer))) == "roll_malformed");
    CHECK(
        code(parse_sealed_roll_entry(
            crypto::sign_jws("{}", roll_type, practice_start(), signer))) == "roll_malformed");
    CHECK(
        code(parse_sealed_roll_entry(*crypto::with_unprotected(
            judge.text, {{"approvals", json::Array{"x"}}}, limits::act_seal_bytes))) ==
        "roll_malformed");
    CHECK(
        code(parse_sealed_roll_entry(*crypto::with_unprotected(
            judge.text, {{"approvals", json::Array{}}, {"note", 1}}, limits::act_seal_bytes))) ==
        "roll_malformed");
    CHECK(code(parse_sealed_roll_entry("{}")) == "seal_malformed");
}
