// The server: TLS 1.3 with pinned client certificates for other nodes, or a Unix socket for the
// node's own people. Connections are served by one I/O thread; handlers are plain functions on a
// pool of workers.
#pragma once

#include "base/limits.hpp"
#include "base/time.hpp"
#include "http/router.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::http {

/// What is written to the log: a constant event name and fields. Called from any thread.
using Log =
    std::function<void(std::string_view event, const std::map<std::string, std::string>& fields)>;

/// The participant to whom a TLS certificate belongs at this moment, by its SHA-256 fingerprint,
/// or nothing. Asked for every request, so that a new directory counts at once. Called on the I/O
/// thread before the body is read: it must be quick, and must not throw.
using PeerCheck = std::function<std::optional<std::string>(const Digest& fingerprint)>;

/// TLS 1.3 on a TCP address.
struct TlsListener {
    std::string address = "127.0.0.1"; ///< a numeric IPv4 or IPv6 address
    std::uint16_t port = 0;            ///< 0: any free port, see Server::port()
    Bytes certificate_pem;             ///< the leaf first
    Bytes key_pem;
    /// Names under which this server may be called, without port; other names get 421 (threat
    /// T52). May not be empty.
    std::vector<std::string> hosts;
};

/// A Unix socket of mode 0600, for processes of the same user (or root) only.
struct LocalListener {
    std::string path;
};

struct ServerOptions {
    std::optional<TlsListener> tls; ///< exactly one of both
    std::optional<LocalListener> local;
    unsigned workers = 2;
    Log log;
    bool log_requests = false; ///< one line per request: method, pattern, status, peer
    /// For the validity of certificates; empty: the system's clock.
    std::function<Instant()> now;

    std::size_t header_bytes = limits::http_header_bytes;
    std::size_t connections = limits::http_connections;
    std::size_t connections_per_address = limits::http_connections_per_address;
    std::size_t bodies_bytes = limits::http_bodies_bytes;
    Milliseconds header_time = limits::http_header_time;   ///< handshake, then each header
    Milliseconds idle_time = limits::http_idle_time;       ///< between two requests
    Milliseconds request_time = limits::http_request_time; ///< reading a body, writing an answer
    Milliseconds stop_time = limits::http_stop_time;
};

/// Counters since the start, for the metrics page.
struct ServerCounters {
    std::atomic<std::uint64_t> connections_open{0};
    std::atomic<std::uint64_t> connections_accepted{0};
    std::atomic<std::uint64_t> connections_refused{0}; ///< over a limit
    std::atomic<std::uint64_t> handshakes_failed{0};
    std::atomic<std::uint64_t> deadlines_passed{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> answers_4xx{0};
    std::atomic<std::uint64_t> answers_5xx{0};
};

class Server {
public:
    /// `check` may be empty: then no peer is known.
    Server(ServerOptions options, Router router, PeerCheck check);
    ~Server(); ///< stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and begins to serve; once. Faults when the address is taken or the certificate and
    /// key cannot be used.
    void start();
    /// The port that was bound.
    [[nodiscard]] std::uint16_t port() const;
    /// Accepts no more, closes idle connections, lets running requests finish for at most
    /// `stop_time`, closes the rest, and waits for running handlers. May be called twice.
    void stop();
    [[nodiscard]] const ServerCounters& counters() const;
    [[nodiscard]] const Router& router() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace comity::http
