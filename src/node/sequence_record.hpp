// The record's sequencer: integrates queued leaves on a beat, writes the tiles, signs and publishes
// the checkpoint, asks the witnesses. Runs in one thread of one process; the store's lock keeps a
// second process out.
#pragma once

#include "node/node.hpp"
#include "record/checkpoint.hpp"
#include "record/proof.hpp"
#include "record/tiles.hpp"

#include <memory>
#include <mutex>

namespace comity::node {

/// A quarter of the day after which a monitor calls a record stale: three tries may fail.
inline constexpr std::chrono::hours cosignature_age{6};

class Sequencer {
public:
    explicit Sequencer(Node& node);

    /// Reads the published record and compares it with the store and with what the witnesses last
    /// cosigned. Refuses with proof_wrong when a witness has cosigned more than is here: the node
    /// was restored from an old back-up and would fork its own history.
    Result<void> start();

    /// One beat. Returns whether a checkpoint over new leaves was published. A record to which
    /// nothing comes is cosigned anew when its cosignatures are older than cosignature_age, so that
    /// whoever reads it knows that it is still the whole. Faults when files cannot be written; then
    /// nothing was published.
    Result<bool> beat();

    /// The published checkpoint with the cosignatures it has, as in the file `record/checkpoint`.
    [[nodiscard]] Bytes checkpoint() const;
    [[nodiscard]] std::uint64_t size() const;

    /// An offline proof for the leaf at `index` under the published checkpoint. Refuses with
    /// proof_wrong while the leaf has not been integrated.
    Result<record::TlogProof> prove(std::uint64_t index) const;

    /// What the root was when the record had so many leaves. Refuses with proof_wrong for more than
    /// are published.
    Result<Digest> root_at(std::uint64_t size) const;

private:
    /// Whether the note has the witness's new line.
    Result<bool> ask_witness(
        const record::Policy::Witness& witness, record::Note& note,
        const record::Checkpoint& checkpoint);
    Result<void> cosign(const record::Checkpoint& checkpoint);
    Result<void> cosign_check(const directory::Directory& directory);
    void publish(const Bytes& note);

    Node& node_;
    record::TileWriter writer_;
    std::unique_ptr<record::TileCache> cache_;
    std::map<std::string, std::uint64_t> witnessed_; // by witness key name: the size it cosigned
    mutable std::mutex mutex_;
    Bytes checkpoint_;
    std::uint64_t size_ = 0;
    bool all_cosigned_ = false;
    Instant cosigned_; // by this node's clock: when all witnesses had signed what is published
};

/// The policy by which records of this federation are judged: every participant's record key, and
/// the witnesses and quorum of the directory, where a witness bears its participant's name.
Result<record::Policy> witness_policy(const directory::Directory& directory);

} // namespace comity::node
