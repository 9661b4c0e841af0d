// What the tests of http share: identities with certificates, a raw connection that sends any
// bytes, a raw server that plays any peer, and a server with a few routes.
#pragma once

#include "base/time.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/stream.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace comity::http::testing {

struct Identity {
    Bytes certificate_pem;
    Bytes key_pem;
    Digest fingerprint{};
};

/// A fresh key and a self-signed certificate, valid from `from` to `until` days from now.
Identity make_identity(const std::string& name, int from_days = -1, int until_days = 30);
/// The server, a peer that the directory names, and a stranger; made once.
const Identity& server_identity();
const Identity& peer_identity();
const Identity& stranger_identity();

/// A directory that is removed at the end.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const {
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

/// The lines of a server's log, from many threads.
class LogKeeper {
public:
    Log log();
    [[nodiscard]] std::vector<std::map<std::string, std::string>> lines(
        std::string_view event) const;

private:
    mutable std::mutex mutex_;
    std::vector<std::pair<std::string, std::map<std::string, std::string>>> lines_;
};

/// A connection on which a test writes what it likes.
class RawConnection {
public:
    static RawConnection tls(std::uint16_t port, const Identity* identity);
    static RawConnection local(const std::string& path);
    /// To the TLS port, without a handshake.
    static RawConnection silent(std::uint16_t port);

    /// How much was taken before the other side closed.
    std::size_t send(BytesView bytes);
    /// Up to the end of the stream, or until nothing came for `patience`.
    Bytes receive(Milliseconds patience = std::chrono::seconds{20});
    /// Until `text` has come (true) or the stream has ended.
    bool receive_until(std::string_view text, Bytes& into);

    [[nodiscard]] bool ended() const { return ended_; }

    void end();
    ~RawConnection();
    RawConnection(RawConnection&& other) noexcept;
    RawConnection& operator=(RawConnection&&) = delete;

private:
    explicit RawConnection(int socket) : socket_(socket) {}

    bool wait(short events, Milliseconds patience) const;
    Moved read(std::span<char> into, Milliseconds patience);

    int socket_ = -1;
    std::unique_ptr<TlsContext> context_;
    std::unique_ptr<Stream> stream_;
    bool ended_ = false;
};

/// A Unix socket server in a thread that serves one connection after the other: at the end of each
/// request's header `play` says what to send. Requests have no body.
class RawServer {
public:
    struct Reply {
        Bytes bytes;
        bool close_after = false;
        bool hang = false; ///< say nothing, and keep the connection open
    };

    using Play = std::function<Reply(int connection, int request)>;

    RawServer(const std::string& path, Play play);
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] int connections() const { return connections_; }

    [[nodiscard]] int requests() const { return requests_; }

private:
    static int listen_on_path(const std::string& path);
    void run();
    bool serve(int socket, int number);

    int listener_ = -1;
    Play play_;
    std::atomic<bool> stop_{false};
    std::atomic<int> connections_{0};
    std::atomic<int> requests_{0};
    std::thread thread_;
};

/// Runs a command, and gives its output (both streams) and exit status.
struct Ran {
    int status = -1;
    std::string output;
};

Ran run_command(const std::string& command);

ServerOptions tls_options();
ServerOptions local_options(const std::string& path);
ClientOptions client_options(std::uint16_t port, const Identity* identity);
/// Knows peer_identity() as "borealis".
PeerCheck usual_check();
Response echo(const Request& request);
Route route(
    std::string method, std::string pattern, Who who, std::size_t body_bytes_max,
    std::function<Response(const Request&)> handler);
/// GET /open (anybody), GET and POST /peers/{name} (peer, 1 MiB), GET /local (local),
/// POST /any (anybody, 8 MiB): all echo.
Router usual_routes();

} // namespace comity::http::testing
