// Webhooks: systems of the participant's own are told that something happened, and nothing of what.
// A message names the kind of event, the time and an opaque reference of the case; it waits in the
// database from the transaction of the act on, is signed with a key of this node in the form of
// "Standard Webhooks" (v1a, Ed25519), and is sent until it is heard or too old.
// docs/operations.md says how a receiver verifies it.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// Systems outside the federation, over the network.
class Systems {
public:
    struct Message {
        std::string url;
        std::vector<std::pair<std::string, std::string>> headers;
        Bytes body; ///< JSON
    };

    virtual ~Systems() = default;
    /// Waits for the answer, within the limits of time and size; follows nothing that it says. Its
    /// status; nothing and a text in `problem` when there was none.
    virtual std::optional<int> post(const Message& message, std::string& problem) = 0;
};

/// The kinds that a system may ask for.
inline constexpr std::array<std::string_view, 4> webhook_kinds{
    "case.opened",  ///< a case has come to this node
    "case.changed", ///< an act was added to it
    "case.owed",    ///< this participant owes in it what it did not owe before
    "case.at-rest", ///< nobody owes anything in it any more
};

/// Notes what the systems are to be told when a case comes to stand so, in the transaction of the
/// act and before the row is put.
void announce(const Node& node, StoreWriter& writer, const WorkRow& row);

struct Told {
    std::size_t heard = 0;
    std::size_t waiting = 0; ///< systems that did not hear
};

/// Sends what waits; called on a beat, and at start-up by the same code. In the order of events for
/// each system; one that does not answer is tried again later and keeps no other waiting.
Told tell_systems(Node& node, Systems& systems);

/// A message of kind `webhook.test` for the administrator. Refuses with not_found.
Result<void> test_webhook(Node& node, std::string_view name);

/// How a system stands, for administrators.
struct WebhookState {
    std::string name;
    std::string url;
    std::int64_t waiting = 0;
    std::int64_t missed = 0;   ///< given up since ever
    std::int64_t attempts = 0; ///< in vain since it last heard
    std::string problem;       ///< of the last attempt; empty when it heard
    std::optional<Instant> heard;
};

std::vector<WebhookState> webhook_states(const Node& node, StoreReader& reader);

/// The public key of the signatures as receivers write it: whpk_ and base64.
std::string webhook_key(const Node& node);

/// What a case is called towards systems: the same each time, and nothing that anybody without this
/// node's keys can tie to the case's id.
std::string case_reference(const Node& node, const CaseId& id);

/// The case of a reference that was told; nothing for what never was.
std::optional<CaseId> case_of_reference(
    const Node& node, StoreReader& reader, std::string_view reference);

} // namespace comity::node
