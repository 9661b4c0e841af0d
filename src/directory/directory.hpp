// The directory: who takes part, with which offices, certificates and endpoints; signed by a
// threshold of equal members (the central authorities, one a country), expiring, going forward
// only. Nothing is ever removed: what ended has an end, so "was this office competent on that day"
// has an answer for ever.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"
#include "crypto/certificate.hpp"
#include "crypto/jws.hpp"
#include "directory/rules.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace comity::directory {

inline constexpr std::string_view directory_type = "comity-directory+jws";

/// Valid from (inclusive) until (exclusive); no end is for ever.
struct Validity {
    Instant from;
    std::optional<Instant> until;

    [[nodiscard]] bool at(Instant when) const { return when >= from && (!until || when < *until); }
};

struct PinnedCertificate {
    crypto::Certificate certificate;
    Validity validity;
    /// Acts that the keeper admitted at or after this time do not count (threat T14).
    std::optional<Instant> distrusted_from;
};

struct Competence {
    std::string role;
    Validity validity;
};

struct Office {
    OfficeId id;
    std::map<std::string, std::string> names; ///< language to name
    std::vector<Competence> competences;
    std::vector<PinnedCertificate> sealing; ///< evidence is encrypted to the office
};

enum class Kind { authority, provider, oversight, witness };

struct Record {
    std::string origin; ///< as in its checkpoints
    std::string vkey;   ///< signed-note verifier key
};

struct Participant {
    ParticipantId id;
    Kind kind = Kind::authority;
    std::string country;                      ///< two letters
    std::vector<std::string> oversees;        ///< oversight bodies: the countries they oversee
    std::map<std::string, std::string> names; ///< language to name
    std::string host;
    int port = 0;
    std::vector<Office> offices;
    std::vector<PinnedCertificate> seal;
    std::vector<PinnedCertificate> sealing;
    std::vector<PinnedCertificate> tls;
    Record record;
    std::vector<Digest> founders;       ///< hashes of the two roll entries the roll began with
    std::map<Digest, Instant> revoked;  ///< roll entries that ended early, and from when
    std::vector<std::string> languages; ///< accepted for requests
    std::string
        callback; ///< where an emergency of this authority is confirmed by call; may be empty
    json::Object capabilities; ///< provider: categories, selector types; kept as it is
};

class Directory {
public:
    /// Reads the document inside a signed directory; verifies no signature.
    static Result<Directory> read(BytesView payload);

    [[nodiscard]] const std::string& federation() const { return federation_; }

    [[nodiscard]] std::int64_t version() const { return version_; }

    [[nodiscard]] Instant issued() const { return issued_; }

    [[nodiscard]] Instant expires() const { return expires_; }

    [[nodiscard]] const std::string& law_pack() const { return law_pack_; }

    [[nodiscard]] std::int64_t threshold() const { return threshold_; }

    [[nodiscard]] const std::vector<ParticipantId>& members() const { return members_; }

    [[nodiscard]] const std::vector<Participant>& participants() const { return participants_; }

    [[nodiscard]] const std::string& witness_policy() const { return witness_policy_; }

    /// The federation's rates and how far the extraordinary mechanism goes.
    [[nodiscard]] const Rules& rules() const { return rules_; }

    [[nodiscard]] const Digest& hash() const { return hash_; } ///< of the payload

    [[nodiscard]] const Participant* find(const ParticipantId& id) const;
    /// Whose TLS certificate has this fingerprint at that time.
    [[nodiscard]] const Participant* by_tls(const Digest& fingerprint, Instant when) const;
    /// The central authority of a country, or null.
    [[nodiscard]] const Participant* authority_of(std::string_view country) const;
    /// The bodies that oversee a country.
    [[nodiscard]] std::vector<const Participant*> oversight_of(std::string_view country) const;

private:
    std::string federation_;
    std::int64_t version_ = 0;
    Instant issued_;
    Instant expires_;
    std::string law_pack_;
    std::int64_t threshold_ = 0;
    std::vector<ParticipantId> members_;
    std::vector<Participant> participants_;
    std::map<ParticipantId, std::size_t> index_;
    std::string witness_policy_;
    Rules rules_;
    Digest hash_{};
};

/// The document for a directory that is to be signed; the inverse of Directory::read.
struct Draft {
    std::string federation;
    std::int64_t version = 1;
    Instant issued;
    Instant expires;
    std::string law_pack;
    std::int64_t threshold = 1;
    std::vector<ParticipantId> members;
    std::vector<Participant> participants;
    std::string witness_policy;
    Rules rules;
};

Bytes print_directory(const Draft& draft);
json::Object print_participant(const Participant& participant);
Result<Participant> parse_participant(const json::Object& object);

/// Accepts the first directory of a node (handed over by hand at set-up): it must carry the
/// signatures of the threshold of its own members.
Result<Directory> accept_first(std::string_view jws);

/// Accepts an update: same federation, higher version, and the signatures of the threshold of
/// members of the directory in force. Refuses with directory_malformed, directory_backward or
/// directory_threshold.
Result<Directory> accept_update(const Directory& current, std::string_view jws);

/// The pinned certificate with this fingerprint, if the participant has it in `list`.
const PinnedCertificate* pinned(
    const std::vector<PinnedCertificate>& list, const Digest& fingerprint);

/// The newest certificate of the list that is valid at that time and not distrusted, or null.
const crypto::Certificate* current(const std::vector<PinnedCertificate>& list, Instant when);

const Office* find_office(const Participant& participant, const OfficeId& office);

/// Whether the office holds that role at that time.
bool competent(const Office& office, std::string_view role, Instant when);

/// The gate's second step, after the signature itself: the certificate in the seal is the
/// performer's on that day and not distrusted, and the office (if named) was competent for the
/// role. `decided` is the time of admission, which is what distrust compares with.
struct SealClaim {
    ParticipantId performer;
    OfficeId office;  ///< may be empty: an act that a node performs by itself
    std::string role; ///< empty together with office
    Instant signed_at;
    Instant decided;
};

Result<void> check_seal(
    const Directory& directory, const crypto::Certificate& certificate, const SealClaim& claim);

} // namespace comity::directory
