// A node: one participant's keys, directory, law pack and ports. The deeds (perform_act,
// receive_act, deliver_outbox, …) are functions over it. Everything here is safe from many threads:
// what changes is swapped whole behind a lock.
#pragma once

#include "act/seal.hpp"
#include "assess/rules.hpp"
#include "base/id.hpp"
#include "casefile/casefile.hpp"
#include "crypto/certificate.hpp"
#include "crypto/keys.hpp"
#include "directory/directory.hpp"
#include "directory/roll.hpp"
#include "law/library.hpp"
#include "law/pack.hpp"
#include "node/ports.hpp"
#include "procedure/marking.hpp"
#include "procedure/procedure.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace comity::node {

struct SealingKey {
    crypto::PrivateKey key;
    crypto::Certificate certificate;
};

/// Private keys of a node, read from files of mode 0600 at start.
struct Keys {
    crypto::PrivateKey seal;
    crypto::Certificate seal_certificate;
    SealingKey sealing;                     ///< body parts are encrypted to the participant
    std::map<OfficeId, SealingKey> offices; ///< evidence is encrypted to an office
    std::optional<crypto::Ed25519Key> record;
    std::optional<crypto::Ed25519Key> witness; ///< only where the node is a witness
};

/// A system of the participant's own that is told that something happened (node/tell_systems.hpp).
struct Webhook {
    std::string name;
    std::string url;                ///< https://…, checked when the settings are read
    std::vector<std::string> kinds; ///< of events; empty: all
};

/// E-mail to people of the roll who wish for it (node/tell_people.hpp).
struct MailRules {
    bool on = false;
    std::vector<std::string> domains;             ///< to which addresses may belong
    Milliseconds pause{std::chrono::minutes{15}}; ///< at least so long between two to one person
    std::string link;                             ///< where one signs in: https://sign.…/
};

struct Settings {
    ParticipantId participant;
    std::string federation;
    Milliseconds record_beat{250}; ///< leaves are integrated and checkpoints signed this often
    Milliseconds record_promise{10'000}; ///< a receipt promises inclusion within this time
    Milliseconds retry_first{500};
    Milliseconds retry_most{60'000};
    std::string witness_name; ///< key name of this node's cosignatures
    std::vector<Webhook> webhooks;
    MailRules mail;
};

/// The law pack with its library made, its procedures read and their graphs at hand.
class Law {
public:
    /// Refuses a pack in which anything is broken or would lower the floor: no node starts on it.
    static Result<std::shared_ptr<const Law>> make(std::shared_ptr<const law::Pack> pack);

    [[nodiscard]] const law::Pack& pack() const { return *pack_; }

    /// Countries, instruments, floor and profiles, as types.
    [[nodiscard]] const law::Library& library() const { return *library_; }

    /// The law that a request meets on a day (assess::rules_of), kept for the next one like it.
    [[nodiscard]] std::shared_ptr<const assess::Rules> rules(
        const assess::RulesQuestion& question) const {
        return rules_.of(*library_, question);
    }

    [[nodiscard]] const procedure::Procedure* find(std::string_view id) const;
    /// The procedure made concrete for a case; kept for the next case of the same kind.
    [[nodiscard]] std::shared_ptr<const procedure::Graph> graph(
        std::string_view procedure, const procedure::Parameters& parameters) const;

private:
    std::shared_ptr<const law::Pack> pack_;
    std::shared_ptr<const law::Library> library_;
    std::map<std::string, procedure::Procedure, std::less<>> procedures_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const procedure::Graph>> graphs_;
    mutable assess::RulesMemory rules_;
};

struct Ports {
    Store& store;
    Files& files;
    Peers& peers;
    const Clock& clock;
    Log log;
};

class GateRefusals;
class Offers;
class Reach;
class RollIndex;

class Node {
public:
    Node(Settings settings, Keys keys, std::shared_ptr<const Law> law, Ports ports);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    [[nodiscard]] const Settings& settings() const { return settings_; }

    [[nodiscard]] const Keys& keys() const { return keys_; }

    [[nodiscard]] const Law& law() const { return *law_; }

    [[nodiscard]] Store& store() const { return ports_.store; }

    [[nodiscard]] Files& files() const { return ports_.files; }

    [[nodiscard]] Peers& peers() const { return ports_.peers; }

    [[nodiscard]] Instant now() const { return ports_.clock.now(); }

    void log(std::string_view event, const std::vector<std::pair<std::string, std::string>>& fields)
        const;

    [[nodiscard]] const ParticipantId& self() const { return settings_.participant; }

    /// The directory in force here. Refuses with not_initialised before the first was installed.
    [[nodiscard]] Result<std::shared_ptr<const directory::Directory>> directory() const;
    void use_directory(std::shared_ptr<const directory::Directory> directory);

    /// Roll chains that were verified under the directory in force.
    [[nodiscard]] directory::ChainMemory chain_memory() const;

    /// This node's own roll, by whoever is looked for (node/roll_index.hpp).
    [[nodiscard]] RollIndex& roll() const { return *roll_; }

    /// What its gate refused since that was last written (node/gate_refusals.hpp).
    [[nodiscard]] GateRefusals& refused() const { return *refused_; }

    /// Which partners do not answer (node/retry.hpp).
    [[nodiscard]] Reach& reach() const { return *reach_; }

    /// Which items of evidence were refused by their receivers (node/retry.hpp).
    [[nodiscard]] Offers& offers() const { return *offers_; }

    /// Keys the digests of this node's own notes (MarkRow); made from the seal key, so that it is
    /// never beside them in the database.
    [[nodiscard]] const Bytes& mark_key() const { return mark_key_; }

    [[nodiscard]] crypto::JwsSigner signer() const { return {keys_.seal, keys_.seal_certificate}; }

private:
    Settings settings_;
    Keys keys_;
    std::shared_ptr<const Law> law_;
    Ports ports_;
    Bytes mark_key_;
    std::unique_ptr<RollIndex> roll_;
    std::unique_ptr<GateRefusals> refused_;
    std::unique_ptr<Reach> reach_;
    std::unique_ptr<Offers> offers_;
    mutable std::mutex mutex_;
    std::shared_ptr<const directory::Directory> directory_;
    mutable std::map<Digest, std::shared_ptr<const directory::SealedRollEntry>> known_chains_;
};

/// Reads the directory that the store holds, for the start of a node. Refuses when it is none.
Result<void> load_directory(Node& node);

/// The case as this node holds it; nothing when it does not know it.
std::optional<casefile::Case> find_case(Node& node, StoreReader& reader, const CaseId& id);

/// The graph of a case, by its procedure and parameters.
std::shared_ptr<const procedure::Graph> graph_of(const Node& node, const casefile::Case& state);

} // namespace comity::node
