// Several nodes in one process over the practice directory: real gates, stores in memory, a clock
// that the test sets, and peers that can be away or lose an answer after the call was heard.
#pragma once

#include "node/compare_records.hpp"
#include "node/deliver_outbox.hpp"
#include "node/gate.hpp"
#include "node/perform_act.hpp"
#include "node/receive_act.hpp"
#include "support/directory_world.hpp"
#include "support/memory_store.hpp"
#include "support/outcome.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace comity::test {

/// The law pack of this project, read once.
std::shared_ptr<const node::Law> practice_law();

class SetClock final : public node::Clock {
public:
    [[nodiscard]] Instant now() const override { return now_; }

    void set(Instant now) { now_ = now; }

    void pass(Milliseconds time) { now_ += time; }

private:
    Instant now_ = practice_now();
};

class NodeFederation;

class FakePeers final : public node::Peers {
public:
    FakePeers(NodeFederation& federation, std::string self)
        : federation_(federation), self_(std::move(self)) {}

    std::optional<node::PeerAnswer> call(
        const ParticipantId& peer, const node::PeerCall& call, Said& problem) override;

private:
    NodeFederation& federation_;
    std::string self_;
};

struct Member {
    MemoryStore store;
    MemoryFiles files;
    std::unique_ptr<FakePeers> peers;
    std::unique_ptr<node::Node> node;
};

class NodeFederation {
public:
    /// `full`: every participant of the full directory world has a node.
    explicit NodeFederation(bool full = false);

    DirectoryWorld world;
    SetClock clock;
    std::set<std::string> away;         ///< who does not answer
    std::set<std::string> loses_answer; ///< who hears, acts, and whose next answer is lost
    std::set<std::string> refuses;      ///< who refuses every act it is sent
    /// What a node says of its record to an oversight body, before it is sent.
    std::function<void(const std::string& who, std::vector<node::ActPlace>& places)> tells_leaves;
    std::mutex log_guard;
    std::vector<std::string> log; ///< what all nodes logged: event and fields, a line each
    std::map<std::string, std::unique_ptr<Member>> members;

    node::Node& node(const std::string& id) { return *members.at(id)->node; }

    void use_directory();

    /// Fields of an example act, with the dates they have in law/examples.
    static json::Object fields(const std::string& example);
    [[nodiscard]] node::Intent intent(
        const std::string& who, const std::string& person, const std::string& act,
        json::Object fields) const;
    /// Prepares, approves with the person's passkey, performs.
    Result<node::Performed> act(
        const std::string& who, const std::string& person, const std::string& act,
        json::Object fields);
    /// A sealed act of a prepared draft, not yet taken through a gate.
    act::Envelope sealed(
        const std::string& who, const std::string& person, const std::string& act,
        json::Object fields);
    /// Everybody's outbox until nothing moves.
    void deliver();

    /// What a case opens with that is not the usual one.
    std::string procedure = "mla";
    std::string category = "access";
    std::vector<std::string> third;

    CaseId case_id;
    std::string request_hash;
    std::optional<casefile::Case> state(const std::string& id);
    std::int64_t leaves(const std::string& id);
    std::size_t acts(const std::string& id);
};

} // namespace comity::test
