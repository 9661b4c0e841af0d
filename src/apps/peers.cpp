// Calls to other nodes.
#include "apps/peers.hpp"

#include <fmt/format.h>

namespace comity::apps {

DirectoryPeers::DirectoryPeers(Bytes certificate_pem, Bytes key_pem)
    : certificate_pem_(std::move(certificate_pem)), key_pem_(std::move(key_pem)) {}

std::shared_ptr<http::Client> DirectoryPeers::client_for(
    const directory::Participant& participant) {
    const std::string key =
        fmt::format("{} {} {}", participant.id.str(), participant.host, participant.port);
    const std::scoped_lock lock(mutex_);
    auto& client = clients_[key];
    if (client) return client;
    http::ClientOptions options;
    options.host = participant.host;
    options.port = static_cast<std::uint16_t>(participant.port);
    options.certificate_pem = certificate_pem_;
    options.key_pem = key_pem_;
    options.accepts_server = [this, id = participant.id](const Digest& fingerprint) {
        const auto directory = node_->directory();
        const auto* owner = directory ? (*directory)->by_tls(fingerprint, node_->now()) : nullptr;
        return owner && owner->id == id;
    };
    client = std::make_shared<http::Client>(std::move(options));
    return client;
}

std::optional<node::PeerAnswer> DirectoryPeers::call(
    const ParticipantId& peer, const node::PeerCall& call, Said& problem) {
    constexpr Milliseconds patience = std::chrono::seconds{30};
    const auto directory = node_->directory();
    const auto* participant = directory ? (*directory)->find(peer) : nullptr;
    if (!participant) {
        problem = say("{} is not in the directory", peer.str());
        return std::nullopt;
    }
    http::Headers headers;
    for (const auto& [name, value] : call.headers)
        headers.add(name, value);
    if (!call.body.empty() || call.method != "GET") headers.set("Content-Type", call.content_type);
    auto outcome =
        client_for(*participant)->send(call.method, call.target, headers, call.body, patience);
    if (!outcome) {
        problem = outcome.error().problem;
        return std::nullopt;
    }
    return node::PeerAnswer{outcome->status, outcome->content_type, std::move(outcome->body), {}};
}

} // namespace comity::apps
