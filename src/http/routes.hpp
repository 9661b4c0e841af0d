// The route table of a node: what other nodes call (/exchange, /witness), what anybody may read
// (/record, /live, /ready), and what the node's own people and programs call through the control
// socket (/control). Handlers parse and print; the deeds of node/ act.
#pragma once

#include "http/router.hpp"
#include "node/node.hpp"
#include "node/open_evidence.hpp"
#include "node/produce_evidence.hpp"
#include "node/sequence_record.hpp"

#include <functional>

namespace comity::http {

/// A draft as a letter shows it.
struct DraftToPrint {
    std::string form;
    json::Object fields;
    OfficeId office;
    ParticipantId to;
    Instant saved;
};

/// What the routes work on; all of it outlives the server.
struct Services {
    node::Node& node;
    node::Sequencer& record;
    node::Staging& staging;
    node::Openings& openings;
    /// Wakes the background work (outbox, record, evidence) after something was written.
    std::function<void()> nudge;
    /// Whether the node can do its work; a text says what is wrong.
    std::function<std::optional<std::string>()> not_ready;
    /// The lines of /metrics.
    std::function<std::string()> metrics;
    /// A letter as PDF: an act's number, `receipt-N` or `custody`, in two languages.
    std::function<Result<Bytes>(
        const CaseId&, const std::string& which, const std::array<std::string, 2>& languages)>
        letter;
    /// The letter of a draft as it would be sent, in two languages.
    std::function<Result<Bytes>(const DraftToPrint&, const std::array<std::string, 2>& languages)>
        draft_letter;
};

/// For the TLS listener: peers and the public.
Router public_routes(Services& services);

/// For the control socket: everything of the above, and /control.
Router control_routes(Services& services);

} // namespace comity::http
