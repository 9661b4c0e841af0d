// The client for calls to one endpoint: another node over TLS 1.3 with pinned certificates, or the
// control socket of one's own node. Synchronous; connections are kept and reused.
#pragma once

#include "base/limits.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace comity::http {

/// The call brought no answer. That is an ordinary outcome for an outbox, so it is a value.
struct NetworkFailure {
    Said problem; ///< why; with what the system or the TLS library says inside it
    /// True when the request, or a part of it, may have reached the other side: it may have acted.
    bool sent = false;
};

/// The answer, of whatever status, or a network failure.
class [[nodiscard]] Outcome : public tl::expected<Response, NetworkFailure> {
public:
    using tl::expected<Response, NetworkFailure>::expected;
};

struct ClientOptions {
    /// The name for the Host field and SNI.
    std::string host;
    std::uint16_t port = 443;
    /// Where to connect; empty: `host` is looked up (names under .localhost are 127.0.0.1).
    std::string address;
    Bytes certificate_pem; ///< our own certificate and key
    Bytes key_pem;
    /// Whether a server with this certificate (SHA-256 of its DER) is the one we mean. It is the
    /// only thing that vouches for the server, so it may not be empty.
    std::function<bool(const Digest&)> accepts_server;
    /// For the validity of certificates; empty: the system's clock.
    std::function<Instant()> now;
    std::size_t response_bytes_max = limits::http_response_bytes;
    std::size_t connections = 4; ///< at once; more callers wait
    Milliseconds connect_time = std::chrono::seconds{10};
};

struct LocalClientOptions {
    std::string path; ///< of the Unix socket
    std::size_t response_bytes_max = limits::http_response_bytes;
    std::size_t connections = 4;
};

/// Safe from many threads.
class Client {
public:
    /// Faults when certificate and key cannot be used.
    explicit Client(ClientOptions options);
    explicit Client(LocalClientOptions options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends one request and waits for its answer. Redirects are answers like any other. When a
    /// kept connection turns out to be closed before any byte of an answer came, the request is
    /// sent once more on a new one: every request of ours is idempotent.
    Outcome send(
        const std::string& method, const std::string& target, const Headers& headers,
        BytesView body, Milliseconds timeout);
    Outcome get(const std::string& target, Milliseconds timeout);
    Outcome post_json(const std::string& target, BytesView body, Milliseconds timeout);

    /// Connections opened so far (for tests and metrics).
    [[nodiscard]] std::uint64_t connections_opened() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A segment for a target: everything but unreserved characters is percent-encoded.
std::string encode_segment(std::string_view text);

} // namespace comity::http
