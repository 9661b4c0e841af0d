// A practice federation in memory: three authorities, a provider and an oversight body, with keys,
// certificates, offices, founders and people enrolled by two, and the signed directory over all of
// it. Everything is signed for real; a test makes one thing wrong and sees that it is refused.
#pragma once

#include "act/seal.hpp"
#include "directory/directory.hpp"
#include "directory/roll.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace comity::test {

/// The day on which the people of this world act; all that is valid began before and ends after.
Instant practice_now();
/// From when certificates, competences and roll entries are valid, and until when.
Instant practice_start();
Instant practice_end();

/// A key with its certificate.
struct Certified {
    crypto::PrivateKey key;
    crypto::Certificate certificate;

    [[nodiscard]] crypto::JwsSigner signer() const { return {key, certificate}; }
};

Certified certified(
    const std::string& name, crypto::CertificateUse use, Instant from, Instant until);

/// Somebody on a roll, with the passkey in hand.
struct Person {
    crypto::SoftwareAuthenticator authenticator;
    directory::RollEntry entry;
    Bytes payload;
    Digest hash{};
    std::string text;               ///< the sealed entry
    std::vector<std::string> chain; ///< this entry and those that vouch for it, up to the founders
};

/// What may be chosen when somebody is enrolled; the defaults make a valid entry.
struct Enrolment {
    std::string person;
    std::string office;
    std::vector<std::string> roles;
    directory::Purpose purpose = directory::Purpose::sign;
    Instant from = practice_start();
    Instant until = practice_end();
    Instant trained_until = practice_end();
    Instant signed_at = practice_start();
};

/// One participant with its secrets.
struct Organisation {
    Certified seal;
    Certified sealing;
    Certified tls;
    std::map<std::string, Certified> office_sealing;
    std::map<std::string, Person> people;
};

class DirectoryWorld {
public:
    /// `full` adds what emergencies and oversight on both sides need: supervising and duty
    /// officers with a contact for calling back, and an oversight body for each country.
    explicit DirectoryWorld(bool full = false);

    /// The document to be signed; a test may change it.
    directory::Draft draft;

    Organisation& organisation(const std::string& id);
    directory::Participant& participant(const std::string& id);
    /// A person on the roll of an organisation, for example `officer`, `judge` or `first-founder`.
    Person& person(const std::string& organisation, const std::string& name);

    /// Any payload signed as a directory by these members, each with its seal.
    [[nodiscard]] std::string sign_directory(
        BytesView payload, const std::vector<std::string>& members, Instant when) const;

    /// The draft as a directory in force, signed by all its members.
    [[nodiscard]] directory::Directory directory() const {
        return directory_signed(practice_start());
    }

    /// The same, signed on the day of practice_now().
    [[nodiscard]] directory::Directory directory_signed_later() const {
        return directory_signed(practice_now());
    }

    /// One participant more, with an office for each role and two people in each.
    void add(
        const std::string& id, directory::Kind kind, const std::string& country,
        const std::vector<std::pair<std::string, std::string>>& offices);
    /// One office more of a participant, with two people who are enrolled by its founders.
    void add_office(const std::string& id, const std::string& office, const std::string& role);

    /// An entry with the assertions of the given people, whether that makes it valid or not.
    Person enrol(
        const std::string& organisation, const Enrolment& enrolment,
        const std::vector<const Person*>& by);
    /// An entry that says it is a founder's; the directory names it only if the test says so.
    Person found(const std::string& organisation, const Enrolment& enrolment);
    /// Seals an entry that a test has changed; the approvals are over the changed bytes.
    void reseal(
        Person& person, const Certified& seal, Instant signed_at,
        const std::vector<const Person*>& by);

    /// A header for an act by this person, complete and well-formed.
    act::Header header(
        const std::string& organisation, const Person& person, const std::string& role);
    /// The person's approval over header bytes.
    [[nodiscard]] static act::Approval approve(BytesView header_bytes, const Person& person);
    /// The act as its institution seals it, with the person's approval.
    std::string seal(const act::Header& header, const Person& person);

private:
    [[nodiscard]] directory::Directory directory_signed(Instant when) const;
    directory::Office office(
        const std::string& id, const std::string& office_id, const std::string& role);
    void enrol_people(
        const std::string& id, const std::vector<std::pair<std::string, std::string>>& offices);
    void enrol_pair(const std::string& id, const std::string& office, const std::string& role);
    Person blank(const std::string& organisation, const Enrolment& enrolment);

    std::map<std::string, Organisation> organisations_;
};

} // namespace comity::test
