// Evidence at the provider and the receiving authority: items are encrypted as they come in, before
// anything is written; plaintext is never on disk.
#pragma once

#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "node/node.hpp"

#include <list>

namespace comity::node {

/// Items on their way into a production. Held in memory: if the node restarts, the upload of that
/// item begins again. Safe from many threads; the chunks of one item come one after another.
class Staging {
public:
    explicit Staging(Node& node) : node_(node) {}

    /// Begins an item for a case in which this node is the provider. Refuses when the case is not
    /// there, or has no reader for what is produced (recipient_unregistered).
    Result<std::string> begin(
        const CaseId& id, std::string name, std::string media_type, std::int64_t cell);
    /// Appends plaintext at an offset, which must be what has come so far; returns the new length.
    Result<std::uint64_t> append(
        const std::string& token, std::uint64_t offset, BytesView plaintext);
    /// Ends the item: the ciphertext is a file under its hash. Returns its line of the manifest.
    Result<evidence::Item> finish(const std::string& token);

private:
    struct Open {
        std::string token;
        CaseId case_id;
        evidence::Item item;
        std::string file;
        std::uint64_t written = 0;
        Bytes pending; // ciphertext not yet written
        crypto::Sha256 plain;
        crypto::Sha256 sealed;
        std::unique_ptr<crypto::StreamSealer> sealer;
        std::mutex mutex;
    };

    std::shared_ptr<Open> find(const std::string& token);
    void write_pending(Open& open, std::size_t least);

    Node& node_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<Open>> open_;
};

/// Who reads what is produced in this case: the receiving authority, or the requesting office where
/// the procedure has no release. Empty when there is no certificate in force.
std::vector<crypto::Certificate> production_readers(
    const Node& node, const directory::Directory& directory, const casefile::Case& state,
    Instant when);

/// Opens an item of the production with this node's key and seals it anew to the requesting
/// office; the new ciphertext is a file under its hash. Returns its line for `release`.
Result<evidence::Item> reseal_item(Node& node, const CaseId& id, const evidence::Item& item);

/// The items of the case's production (field `manifest`) or release (`passed`) as this node reads
/// them.
Result<std::vector<evidence::Item>> case_items(Node& node, const CaseId& id, std::string_view act);

} // namespace comity::node
