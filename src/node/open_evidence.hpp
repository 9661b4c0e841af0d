// Opening evidence: only under an `open` act that names the item, only while the procedure lets it
// be opened, only after the whole ciphertext has been verified; plaintext goes to the reader in
// chunks and is never written here.
#pragma once

#include "crypto/cms.hpp"
#include "evidence/manifest.hpp"
#include "node/node.hpp"

namespace comity::node {

class Openings {
public:
    explicit Openings(Node& node) : node_(node) {}

    struct Opened {
        std::string token;
        evidence::Item item;
    };

    /// Verifies the item whole (hashes and tag), then readies it for reading. Refuses with
    /// evidence_locked, evidence_deleted, evidence_unknown or evidence_corrupt. `sealed` names the
    /// item by the hash of its ciphertext. The reading is `reader`'s: another's token is unknown.
    Result<Opened> open(const CaseId& id, const Digest& sealed, const PersonId& reader = {});
    /// The next chunk of plaintext; empty at the end. Asks anew whether the case still lets it
    /// open.
    Result<Bytes> next(const std::string& token, const PersonId& reader = {});
    /// The plaintext from an offset on, a chunk at most; empty at the end. The reading stays, so
    /// that whoever was cut off reads on where they were; going back reads the ciphertext from its
    /// beginning. Refuses with evidence_incomplete beyond the end.
    Result<Bytes> read(const std::string& token, const PersonId& reader, std::uint64_t offset);

    /// The acts by which an item is granted; what follows from them holds while they are the
    /// latest.
    struct Grant {
        std::optional<Digest> authorise;
        std::optional<Digest> order;

        bool operator==(const Grant&) const = default;
    };

private:
    struct Reading {
        PersonId reader;
        CaseId case_id;
        evidence::Item item;
        Grant grant;
        std::uint64_t offset = 0; ///< in the ciphertext
        std::uint64_t given = 0;  ///< in the plaintext: where `pending` ends
        Bytes pending;
        std::optional<crypto::StreamOpener> opener;
        std::mutex mutex;
    };

    Result<void> begin(Reading& reading);
    Result<void> pull(Reading& reading);
    Result<void> finish(Reading& reading);
    Result<std::shared_ptr<Reading>> find(const std::string& token, const PersonId& reader);
    Result<void> check(Reading& reading);

    Node& node_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Reading>> readings_;
};

} // namespace comity::node
