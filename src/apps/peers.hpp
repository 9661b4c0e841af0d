// The port Peers over HTTP: each participant's node at its endpoint in the directory, its TLS
// certificate pinned there.
#pragma once

#include "http/client.hpp"
#include "node/node.hpp"

namespace comity::apps {

class DirectoryPeers final : public node::Peers {
public:
    DirectoryPeers(Bytes certificate_pem, Bytes key_pem);

    /// Endpoints and certificates come from this node's directory, at each call.
    void use(const node::Node& node) { node_ = &node; }

    std::optional<node::PeerAnswer> call(
        const ParticipantId& peer, const node::PeerCall& call, Said& problem) override;

private:
    std::shared_ptr<http::Client> client_for(const directory::Participant& participant);

    Bytes certificate_pem_;
    Bytes key_pem_;
    const node::Node* node_ = nullptr;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<http::Client>> clients_; // by participant and endpoint
};

} // namespace comity::apps
