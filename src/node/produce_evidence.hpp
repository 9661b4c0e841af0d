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
/// produces them. A browser that comes back goes on where it was, after a restart of the node too:
/// beside the ciphertext for the readers, which nobody here can open or go on with, each item has a
/// copy of what has come, encrypted under a key of its own in the vault. Both end when the item is
/// whole. Safe from many threads; the chunks of one item come one after another. One for a node.
class Staging {
public:
    /// Takes up what an earlier process left.
    explicit Staging(Node& node);

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
        Bytes key;                       ///< of the copy
        std::uint64_t copied = 0;        ///< bytes of the copy
        crypto::Sha256 plain;
        crypto::Sha256 sealed;
        std::unique_ptr<crypto::StreamSealer> sealer; ///< null until it is wanted again
        std::mutex mutex;
    };

    std::shared_ptr<Open> find(const std::string& token);
    [[nodiscard]] bool produced(StoreReader& reader, const Open& open) const;
    [[nodiscard]] bool full();
    void forget_produced();
    static Staged describe(Open& open);
    void write_pending(Open& open, std::size_t least);
    void take(Open& open, BytesView plaintext);
    void begin_sealing(Open& open, const std::vector<crypto::Certificate>& readers);
    Result<void> go_on(Open& open);
    std::optional<std::pair<Bytes, std::uint64_t>> copied_chunk(
        const Open& open, std::uint64_t at, std::uint64_t offset) const;
    void cut_copy(Open& open, std::uint64_t end);
    void add_to_copy(Open& open, BytesView plaintext);
    void keep(const Open& open, const std::optional<evidence::Item>& whole);
    void end_copy(const Open& open);
    void load();
    std::shared_ptr<Open> parse_kept(const KeptRow& row);

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
