// The federation of node_federation.hpp with what the record, evidence and failures need besides:
// record and witness keys, a store and files that fail on request, and peers for every kind of
// call.
#pragma once

#include "node/sequence_record.hpp"
#include "support/broken_store.hpp"
#include "support/node_federation.hpp"

namespace comity::test {

/// Files that fail on request: one write of several from now on is lost.
class BrokenFiles final : public node::Files {
public:
    explicit BrokenFiles(node::Files& files) : files_(files) {}

    /// The n-th replacement from now on fails before anything is written (1 is the next).
    void break_replace(int nth) { left_ = nth; }

    void replace(const std::string& name, BytesView bytes) override {
        fail_if_due();
        files_.replace(name, bytes);
    }

    void replace_all(const std::vector<std::pair<std::string, Bytes>>& files) override {
        fail_if_due();
        files_.replace_all(files);
    }

    std::optional<Bytes> read(const std::string& name) override { return files_.read(name); }

    std::optional<Bytes> read_range(
        const std::string& name, std::uint64_t offset, std::size_t size) override {
        return files_.read_range(name, offset, size);
    }

    std::uint64_t append(const std::string& name, std::uint64_t offset, BytesView bytes) override {
        return files_.append(name, offset, bytes);
    }

    std::uint64_t size(const std::string& name) override { return files_.size(name); }

    void flush(const std::string& name) override { files_.flush(name); }

    void rename(const std::string& from, const std::string& to) override {
        files_.rename(from, to);
    }

    void destroy(const std::string& name) override { files_.destroy(name); }

private:
    void fail_if_due() {
        if (left_ > 0 && --left_ == 0) throw StorageFault("The disk was made to fail a file");
    }

    node::Files& files_;
    int left_ = 0;
};

class Practice;

/// Acts go through the federation's own peers; evidence and checkpoints are routed here, as the
/// exchange's routes do. A fault on the other side is a status of 500 on this one.
class RoutingPeers final : public node::Peers {
public:
    RoutingPeers(Practice& practice, std::string self)
        : practice_(practice), self_(std::move(self)) {}

    std::optional<node::PeerAnswer> call(
        const ParticipantId& peer, const node::PeerCall& call, Said& problem) override;

private:
    std::optional<node::PeerAnswer> put_evidence(
        node::Node& other, const node::PeerCall& call) const;

    Practice& practice_;
    std::string self_;
};

class Practice : public NodeFederation {
public:
    explicit Practice(bool full = false);

    struct Station {
        Station(Practice& practice, const std::string& id, Member& member)
            : store(member.store), files(member.files), peers(practice, id) {}

        BrokenStore store;
        BrokenFiles files;
        RoutingPeers peers;
    };

    /// The parts of a node that can be made to fail.
    Station& station(const std::string& id) { return *stations_.at(id); }

    /// The same participant with other storage, as after restoring a back-up.
    std::unique_ptr<node::Node> node_over(
        const std::string& id, node::Store& store, node::Files& files);

    /// The participant's node started again with other settings; what was made over the one of
    /// before is not to be used any more.
    void settle(const std::string& id, const std::function<void(node::Settings&)>& change);

    /// And as a new node is, before it was given a directory.
    std::unique_ptr<node::Node> node_without_directory(
        const std::string& id, node::Store& store, node::Files& files);

    /// The opening of a case up to and including this act, delivered to everybody.
    void play_until(const std::string& last);
    /// One act of that story, by who performs it there; delivers nothing.
    void play(const std::string& act);
    /// Acts and evidence, until nothing moves.
    void move_all();
    /// What every node does by itself now, and then acts and evidence.
    void beat();

    std::set<Digest> unheard; ///< items that arrive, and whose sender never hears so
    std::string lying;        ///< a witness that answers every call with `lie` and status 200
    Bytes lie;

    /// A sealed item of evidence and its plaintext.
    std::vector<std::pair<json::Object, Bytes>> produced;
    json::Array passed;

    /// Stages two items at the provider and fills the form of `produce`.
    json::Object production();

    std::vector<node::EvidenceRow> evidence(const std::string& id);
    std::vector<node::SubmissionRow> submissions(const std::string& id);
    std::size_t outbox(const std::string& id);

private:
    void produce();
    void release();

    std::map<std::string, crypto::Ed25519Key> records_;
    std::function<void(node::Settings&)> adjust_;
    crypto::Ed25519Key witness_ = crypto::Ed25519Key::generate();
    std::map<std::string, std::unique_ptr<Station>> stations_;
};

} // namespace comity::test
