// Making of the practice federation.
#include "support/directory_world.hpp"

#include "crypto/hash.hpp"
#include "support/outcome.hpp"

#include <algorithm>

namespace comity::test {

namespace {

// The own entry first, then the chains of those who vouch; an entry stands after all that it
// vouches for, so of several places the last one is kept.
std::vector<std::string> chain_of(const std::string& own, const std::vector<const Person*>& by) {
    std::vector<std::string> all{own};
    for (const auto* person : by)
        all.insert(all.end(), person->chain.begin(), person->chain.end());
    std::vector<std::string> out;
    for (auto at = all.rbegin(); at != all.rend(); ++at)
        if (std::find(out.begin(), out.end(), *at) == out.end()) out.push_back(*at);
    std::reverse(out.begin(), out.end());
    return out;
}

std::string host_of(const std::string& id) {
    return id + ".example";
}

directory::PinnedCertificate pin(const Certified& certified) {
    return {certified.certificate, {practice_start(), practice_end()}, std::nullopt};
}

} // namespace

Instant practice_now() {
    return moment("2026-03-01T09:30:00Z");
}

Instant practice_start() {
    return moment("2026-01-01T00:00:00Z");
}

Instant practice_end() {
    return moment("2027-01-01T00:00:00Z");
}

Certified certified(
    const std::string& name, crypto::CertificateUse use, Instant from, Instant until) {
    Certified out;
    out.key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = name;
    options.use = use;
    options.not_before = from;
    options.not_after = until;
    if (use == crypto::CertificateUse::tls) options.hosts = {host_of(name)};
    out.certificate = crypto::make_certificate(out.key, options);
    return out;
}

DirectoryWorld::DirectoryWorld(bool full) {
    draft.federation = "practice";
    draft.issued = practice_start();
    draft.expires = practice_end();
    draft.law_pack = text(crypto::sha256("law pack of the practice federation"));
    draft.threshold = 2;
    draft.rules.extraordinary = {practice_start() + std::chrono::days{700}, 20, 90};
    for (const std::string country : {"arcadia", "borealia", "cascadia"}) {
        const std::string code = country == "arcadia" ? "XA" : country == "borealia" ? "XB" : "XC";
        std::vector<std::pair<std::string, std::string>> offices{
            {country + "-police", "issuing-officer"}, {country + "-court", "judge"}};
        if (full) {
            offices.emplace_back(country + "-supervision", "supervising-officer");
            offices.emplace_back(country + "-desk", "duty-officer");
        }
        offices.emplace_back(country + "-central", "central-authority-officer");
        add(country + "-authority", directory::Kind::authority, code, offices);
        draft.participants.back().callback = "Duty desk of " + country + ", +99 555 0100";
        draft.members.emplace_back(country + "-authority");
    }
    add("vault-provider", directory::Kind::provider, "XB", {{"vault-legal", "response-officer"}});
    add("arcadia-oversight", directory::Kind::oversight, "XA",
        {{"arcadia-inspectors", "inspector"}});
    if (!full) return;
    add("dorada-authority", directory::Kind::authority, "XD",
        {{"dorada-central", "central-authority-officer"}});
    for (const std::string country : {"borealia", "cascadia"})
        add(country + "-oversight", directory::Kind::oversight, country == "borealia" ? "XB" : "XC",
            {{country + "-inspectors", "inspector"}});
}

void DirectoryWorld::add(
    const std::string& id, directory::Kind kind, const std::string& country,
    const std::vector<std::pair<std::string, std::string>>& offices) {
    Organisation& own = organisations_[id];
    own.seal = certified(id, crypto::CertificateUse::seal, practice_start(), practice_end());
    own.sealing = certified(id, crypto::CertificateUse::sealing, practice_start(), practice_end());
    own.tls = certified(id, crypto::CertificateUse::tls, practice_start(), practice_end());
    directory::Participant participant;
    participant.id = ParticipantId(id);
    participant.kind = kind;
    participant.country = country;
    if (kind == directory::Kind::oversight) participant.oversees = {country};
    participant.names = {{"en", id}, {"fr", id}};
    participant.host = host_of(id);
    participant.port = 8443;
    participant.seal = {pin(own.seal)};
    participant.sealing = {pin(own.sealing)};
    participant.tls = {pin(own.tls)};
    participant.record = {id + ".example/record", "verifier key of " + id};
    participant.languages = {"en"};
    for (const auto& [office_id, role] : offices)
        participant.offices.push_back(office(id, office_id, role));
    draft.participants.push_back(std::move(participant));
    enrol_people(id, offices);
}

directory::Office DirectoryWorld::office(
    const std::string& id, const std::string& office_id, const std::string& role) {
    auto& sealing = organisation(id).office_sealing[office_id];
    sealing =
        certified(office_id, crypto::CertificateUse::sealing, practice_start(), practice_end());
    directory::Office out;
    out.id = OfficeId(office_id);
    out.names = {{"en", office_id}};
    out.competences = {{role, {practice_start(), practice_end()}}};
    out.sealing = {pin(sealing)};
    return out;
}

void DirectoryWorld::add_office(
    const std::string& id, const std::string& office_id, const std::string& role) {
    participant(id).offices.push_back(office(id, office_id, role));
    enrol_pair(id, office_id, role);
}

// Two founders, and for each office two people whom both founders enrolled: named after their role,
// and the second with `second-` before it.
void DirectoryWorld::enrol_people(
    const std::string& id, const std::vector<std::pair<std::string, std::string>>& offices) {
    auto& people = organisation(id).people;
    for (const std::string name : {"first-founder", "second-founder"}) {
        people[name] =
            found(id, {.person = name, .office = offices.back().first, .roles = {"administrator"}});
        participant(id).founders.push_back(people[name].hash);
    }
    for (const auto& [office, role] : offices)
        enrol_pair(id, office, role);
}

void DirectoryWorld::enrol_pair(
    const std::string& id, const std::string& office, const std::string& role) {
    auto& people = organisation(id).people;
    const std::vector<const Person*> founders{&people["first-founder"], &people["second-founder"]};
    for (const std::string& name : {role, "second-" + role})
        people[name] = enrol(id, {.person = name, .office = office, .roles = {role}}, founders);
}

Organisation& DirectoryWorld::organisation(const std::string& id) {
    return organisations_.at(id);
}

directory::Participant& DirectoryWorld::participant(const std::string& id) {
    const auto at = std::find_if(
        draft.participants.begin(), draft.participants.end(),
        [&](const auto& participant) { return participant.id.str() == id; });
    REQUIRE(at != draft.participants.end());
    return *at;
}

Person& DirectoryWorld::person(const std::string& organisation, const std::string& name) {
    return organisations_.at(organisation).people.at(name);
}

std::string DirectoryWorld::sign_directory(
    BytesView payload, const std::vector<std::string>& members, Instant when) const {
    std::string out;
    for (const auto& member : members) {
        const auto signer = organisations_.at(member).seal.signer();
        if (out.empty()) {
            out = crypto::sign_jws(payload, directory::directory_type, when, signer);
            continue;
        }
        auto more = crypto::add_signature(
            out, directory::directory_type, when, signer, std::size_t{4} * 1024 * 1024);
        REQUIRE(more.has_value());
        out = *more;
    }
    return out;
}

directory::Directory DirectoryWorld::directory_signed(Instant when) const {
    std::vector<std::string> members;
    for (const auto& member : draft.members)
        members.push_back(member.str());
    auto out =
        directory::accept_first(sign_directory(directory::print_directory(draft), members, when));
    REQUIRE_MESSAGE(out, (out ? "" : out.error().facts.text()));
    return *out;
}

Person DirectoryWorld::blank(const std::string& organisation, const Enrolment& enrolment) {
    Person out;
    const std::string host =
        (enrolment.purpose == directory::Purpose::sign ? "sign." : "") + host_of(organisation);
    out.authenticator = crypto::SoftwareAuthenticator::create(host, "https://" + host);
    out.entry.federation = draft.federation;
    out.entry.participant = ParticipantId(organisation);
    out.entry.person = PersonId(enrolment.person);
    out.entry.office = OfficeId(enrolment.office);
    out.entry.roles = enrolment.roles;
    out.entry.purpose = enrolment.purpose;
    out.entry.passkey = out.authenticator.passkey();
    out.entry.valid_from = enrolment.from;
    out.entry.valid_until = enrolment.until;
    out.entry.trained_until = enrolment.trained_until;
    return out;
}

Person DirectoryWorld::enrol(
    const std::string& organisation, const Enrolment& enrolment,
    const std::vector<const Person*>& by) {
    Person out = blank(organisation, enrolment);
    for (const auto* person : by)
        out.entry.enrolled_by.push_back(person->hash);
    reseal(out, organisations_.at(organisation).seal, enrolment.signed_at, by);
    return out;
}

Person DirectoryWorld::found(const std::string& organisation, const Enrolment& enrolment) {
    Person out = blank(organisation, enrolment);
    out.entry.founding = true;
    reseal(out, organisations_.at(organisation).seal, enrolment.signed_at, {});
    return out;
}

void DirectoryWorld::reseal(
    Person& person, const Certified& seal, Instant signed_at,
    const std::vector<const Person*>& by) {
    person.payload = directory::print_roll_entry(person.entry);
    person.hash = directory::roll_entry_hash(person.payload);
    const Digest challenge = directory::enrolment_challenge(person.payload);
    std::vector<crypto::Assertion> approvals;
    for (const auto* enroller : by)
        approvals.push_back(enroller->authenticator.sign(view(challenge)));
    person.text = directory::seal_roll_entry(person.payload, signed_at, seal.signer(), approvals);
    person.chain = chain_of(person.text, by);
}

act::Header DirectoryWorld::header(
    const std::string& organisation, const Person& person, const std::string& role) {
    act::Header out;
    out.federation = draft.federation;
    out.case_id = CaseId(crypto::random_name());
    out.sequence = 1;
    out.act = "request";
    out.procedure = "mla";
    out.law_pack = draft.law_pack;
    out.performer = ParticipantId(organisation);
    out.office = person.entry.office;
    out.side = "requesting";
    out.role = role;
    out.person = person.entry.person;
    out.time = practice_now();
    out.keeper = ParticipantId(organisation);
    out.opening = act::Opening{
        ParticipantId(organisation),
        ParticipantId(
            organisation == "borealia-authority" ? "arcadia-authority" : "borealia-authority"),
        ParticipantId("vault-provider"),
        {},
        "subscriber",
        person.entry.office};
    return out;
}

act::Approval DirectoryWorld::approve(BytesView header_bytes, const Person& person) {
    const Digest challenge = act::approval_challenge(header_bytes);
    return {person.authenticator.sign(view(challenge)), person.chain};
}

std::string DirectoryWorld::seal(const act::Header& header, const Person& person) {
    const Bytes bytes = act::print_header(header);
    return act::seal_act(
        bytes, header.time, organisation(header.performer.str()).seal.signer(),
        approve(bytes, person));
}

} // namespace comity::test
