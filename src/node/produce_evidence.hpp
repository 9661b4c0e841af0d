// Evidence at the provider and the receiving authority: items are encrypted as they come in, before
// anything is written; plaintext is never on disk.
#pragma once

#include "crypto/cms.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "node/node.hpp"

#include <atomic>

namespace comity::node {

/// Items on their way into a production, and those that are whole and wait for the act that
/// produces them. Held in memory: a browser that comes back goes on where it was, and if the node
/// restarts, the upload begins again. Safe from many threads; the chunks of one item come one after
/// another.
class Staging {
public:
    explicit Staging(Node& node) : node_(node) {}

    /// Begins an item for a case in which this node is the provider. Refuses when the case is not
    /// there, or has no reader for what is produced (recipient_unregistered). Where a size is
    /// stated, the item is finished at that size and no other.
    Result<std::string> begin(
        const CaseId& id, std::string name, std::string media_type, std::int64_t cell,
        std::optional<std::uint64_t> size = std::nullopt);
    /// Appends plaintext at an offset, which must be what has come so far; returns the new length.
    Result<std::uint64_t> append(
        const std::string& token, std::uint64_t offset, BytesView plaintext);
    /// Ends the item: the ciphertext is a file under its hash. Returns its line of the manifest.
    Result<evidence::Item> finish(const std::string& token);

    struct Staged {
        std::string token;
        CaseId case_id;
        std::string name;
        std::string media_type;
        std::int64_t cell = 0;
        std::uint64_t size = 0;             ///< as stated at the beginning; else what has come
        std::uint64_t received = 0;         ///< plaintext
        std::optional<evidence::Item> item; ///< once it is whole
    };

    /// Those of a case, in the order in which they were begun; what was produced is none any more.
    std::vector<Staged> list(const CaseId& id);
    std::optional<Staged> look(const std::string& token);
    /// Forgets the item and destroys what is stored of it. Refuses with evidence_unknown, also
    /// when it has been produced.
    Result<void> drop(const std::string& token);

private:
    struct Open {
        std::string token;
        CaseId case_id;
        evidence::Item item;
        std::string file;
        std::uint64_t number = 0; ///< in the order of beginnings
        std::optional<std::uint64_t> stated;
        std::uint64_t written = 0;
        std::atomic<bool> whole = false; ///< read without the item's mutex
        Bytes pending;                   // ciphertext not yet written
        crypto::Sha256 plain;
        crypto::Sha256 sealed;
        std::unique_ptr<crypto::StreamSealer> sealer;
        std::mutex mutex;
    };

    std::shared_ptr<Open> find(const std::string& token);
    [[nodiscard]] bool produced(StoreReader& reader, const Open& open) const;
    [[nodiscard]] bool full();
    void forget_produced();
    static Staged describe(Open& open);
    void write_pending(Open& open, std::size_t least);

    Node& node_;
    std::mutex mutex_;
    std::uint64_t begun_ = 0;
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
