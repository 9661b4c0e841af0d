// The outbox: what has to reach other nodes, written in the transaction of the act itself. The
// same function sends at start-up and in steady state; nothing is dropped, and a row goes only
// after the other side has processed it.
#pragma once

#include "node/node.hpp"

namespace comity::node {

struct Delivery {
    std::size_t delivered = 0;
    std::size_t waiting = 0; ///< tried, and to be tried again
    std::size_t failed = 0;  ///< refused for good: shown, and can be sent again by hand
};

/// Sends every row that is due, partner by partner, each case's rows in order. Several threads may
/// call it: each serves other partners, so that one that is slow to answer keeps no other back.
Delivery deliver_outbox(Node& node);

/// When a row is tried again: its own time, or that of its partner while that does not answer.
Instant next_try(const Node& node, const OutboxRow& row);

/// When this participant last took what was sent to it, to the minute; nothing while it never has.
std::optional<Instant> last_answered(StoreReader& reader, const ParticipantId& id);

/// Puts a row back in line, to be sent with the next beat: one that failed, or one that waits.
Result<void> resend(Node& node, std::int64_t row);

/// The refusal in a peer's problem document (RFC 9457), if its code is one of ours. Its facts are
/// told in every language where they came by a pattern of ours, else quoted in the peer's English.
std::optional<Refusal> refusal_in(std::string_view body);
/// Why something is still here, as people are told.
Said refused_there(const Refusal& refusal);

} // namespace comity::node
