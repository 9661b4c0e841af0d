// The shared parts of the tests of http.
#include "support/http_world.hpp"

#include "base/fault.hpp"
#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace comity::http::testing {

Identity make_identity(const std::string& name, int from_days, int until_days) {
    const auto key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = name;
    options.hosts = {"localhost"};
    options.use = crypto::CertificateUse::tls;
    const auto today = std::chrono::floor<std::chrono::seconds>(system_now());
    options.not_before = today + std::chrono::hours{24 * from_days};
    options.not_after = today + std::chrono::hours{24 * until_days};
    const auto certificate = crypto::make_certificate(key, options);
    return {certificate.pem(), key.to_pem(), certificate.fingerprint()};
}

const Identity& server_identity() {
    static const Identity identity = make_identity("server");
    return identity;
}

const Identity& peer_identity() {
    static const Identity identity = make_identity("borealis");
    return identity;
}

const Identity& stranger_identity() {
    static const Identity identity = make_identity("stranger");
    return identity;
}

TemporaryDirectory::TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "comity-http-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) throw Fault("no temporary directory");
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Log LogKeeper::log() {
    return [this](std::string_view event, const std::map<std::string, std::string>& fields) {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(event, fields);
    };
}

std::vector<std::map<std::string, std::string>> LogKeeper::lines(std::string_view event) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::map<std::string, std::string>> out;
    for (const auto& [name, fields] : lines_)
        if (name == event) out.push_back(fields);
    return out;
}

namespace {

int connected(int family, const sockaddr* address, socklen_t bytes) {
    const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0 || ::connect(socket, address, bytes) != 0) {
        if (socket >= 0) ::close(socket);
        throw Fault(std::string("a test's connection: ") + std::strerror(errno)); // NOLINT
    }
    return socket;
}

sockaddr_un unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw Fault("path too long");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

} // namespace

RawConnection RawConnection::silent(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    RawConnection out(
        connected(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    out.stream_ = plain_stream(out.socket_);
    return out;
}

RawConnection RawConnection::tls(std::uint16_t port, const Identity* identity) {
    auto out = silent(port);
    const auto& shown = identity ? *identity : stranger_identity();
    out.context_ = std::make_unique<TlsContext>(
        TlsContext::Side::client, TlsSettings{shown.certificate_pem, shown.key_pem, {}});
    out.stream_ = out.context_->stream(out.socket_, "localhost");
    while (out.stream_->handshake() != Step::done)
        if (!out.wait(POLLIN, std::chrono::seconds{20})) throw Fault("no handshake");
    return out;
}

RawConnection RawConnection::local(const std::string& path) {
    const auto address = unix_address(path);
    RawConnection out(
        connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address));
    out.stream_ = plain_stream(out.socket_);
    return out;
}

RawConnection::~RawConnection() {
    stream_.reset();
    if (socket_ >= 0) ::close(socket_);
}

RawConnection::RawConnection(RawConnection&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      context_(std::move(other.context_)),
      stream_(std::move(other.stream_)),
      ended_(other.ended_) {}

bool RawConnection::wait(short events, Milliseconds patience) const {
    pollfd entry{socket_, events, 0};
    return ::poll(&entry, 1, static_cast<int>(patience.count())) > 0;
}

std::size_t RawConnection::send(BytesView bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto moved = stream_->write(bytes.substr(sent));
        if (moved.step == Step::done)
            sent += moved.bytes;
        else if (moved.step != Step::wants_write || !wait(POLLOUT, std::chrono::seconds{20}))
            break;
    }
    return sent;
}

Moved RawConnection::read(std::span<char> into, Milliseconds patience) {
    for (;;) {
        if (!wait(POLLIN, patience)) return {Step::wants_read, 0};
        const auto moved = stream_->read(into);
        if (moved.step == Step::closed || moved.step == Step::failed) ended_ = true;
        if (moved.step != Step::wants_read) return moved;
    }
}

Bytes RawConnection::receive(Milliseconds patience) {
    Bytes out;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto moved = read(buffer, patience);
        if (moved.step != Step::done) return out;
        out.append(buffer.data(), moved.bytes);
    }
}

bool RawConnection::receive_until(std::string_view text, Bytes& into) {
    std::array<char, 16384> buffer{};
    while (into.find(text) == Bytes::npos) {
        const auto moved = read(buffer, std::chrono::seconds{20});
        if (moved.step != Step::done) return false;
        into.append(buffer.data(), moved.bytes);
    }
    return true;
}

void RawConnection::end() {
    stream_->end();
}

RawServer::RawServer(const std::string& path, Play play) : play_(std::move(play)) {
    listener_ = listen_on_path(path);
    thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
}

int RawServer::listen_on_path(const std::string& path) {
    const auto address = unix_address(path);
    ::unlink(path.c_str());
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0 ||
        ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket, 16) != 0)
        throw Fault("a test's listening socket");
    return socket;
}

void RawServer::run() {
    std::vector<int> open;
    while (!stop_) {
        pollfd entry{listener_, POLLIN, 0};
        if (::poll(&entry, 1, 20) <= 0) continue;
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket < 0) continue;
        if (serve(socket, connections_++))
            ::close(socket);
        else
            open.push_back(socket);
    }
    for (const int socket : open)
        ::close(socket);
}

// True when the connection is to be closed, false when it hangs.
bool RawServer::serve(int socket, int number) {
    Bytes in;
    for (int request = 0; !stop_;) {
        const auto end = in.find("\r\n\r\n");
        if (end == Bytes::npos) {
            pollfd entry{socket, POLLIN, 0};
            if (::poll(&entry, 1, 20) <= 0) continue;
            std::array<char, 65536> buffer{};
            const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
            if (got <= 0) return true;
            in.append(buffer.data(), static_cast<std::size_t>(got));
            continue;
        }
        in.erase(0, end + 4);
        ++requests_;
        const auto reply = play_(number, request++);
        if (reply.hang) return false;
        BytesView rest = reply.bytes;
        while (!rest.empty()) {
            const auto sent = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
            if (sent <= 0) return true;
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
        if (reply.close_after) return true;
    }
    return true;
}

Ran run_command(const std::string& command) {
    Ran out;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r"); // NOLINT: the commands are our own
    if (!pipe) throw Fault("popen");
    std::array<char, 4096> buffer{};
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        out.output.append(buffer.data(), got);
    const int status = ::pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
}

ServerOptions tls_options() {
    ServerOptions options;
    options.tls = TlsListener{};
    options.tls->certificate_pem = server_identity().certificate_pem;
    options.tls->key_pem = server_identity().key_pem;
    options.tls->hosts = {"localhost", "Node.Arcadia.Example"};
    return options;
}

ServerOptions local_options(const std::string& path) {
    ServerOptions options;
    options.local = LocalListener{path};
    return options;
}

ClientOptions client_options(std::uint16_t port, const Identity* identity) {
    const auto& shown = identity ? *identity : stranger_identity();
    ClientOptions options;
    options.host = "localhost";
    options.port = port;
    options.certificate_pem = shown.certificate_pem;
    options.key_pem = shown.key_pem;
    options.accepts_server = [](const Digest& fingerprint) {
        return fingerprint == server_identity().fingerprint;
    };
    return options;
}

PeerCheck usual_check() {
    return [](const Digest& fingerprint) -> std::optional<std::string> {
        if (fingerprint == peer_identity().fingerprint) return "borealis";
        return std::nullopt;
    };
}

Response echo(const Request& request) {
    json::Object params;
    for (const auto& [name, value] : request.params)
        params[name] = value;
    json::Object query;
    for (const auto& [name, value] : request.query)
        query[name] = value;
    return json_response(
        200, json::Object{
                 {"method", request.method},
                 {"path", request.path},
                 {"params", std::move(params)},
                 {"query", std::move(query)},
                 {"peer", request.peer.value_or("")},
                 {"local", request.local},
                 {"bytes", static_cast<std::int64_t>(request.body.size())},
                 {"sha256", text(crypto::sha256(request.body))}});
}

Route route(
    std::string method, std::string pattern, Who who, std::size_t body_bytes_max,
    std::function<Response(const Request&)> handler) {
    return {std::move(method), std::move(pattern),  who,
            body_bytes_max,    "A route of a test", std::move(handler)};
}

Router usual_routes() {
    constexpr std::size_t mebibyte = 1024 * 1024;
    Router router;
    router.add(route("GET", "/open", Who::anybody, 0, echo));
    router.add(route("POST", "/any", Who::anybody, 8 * mebibyte, echo));
    router.add(route("GET", "/peers/{name}", Who::peer, 0, echo));
    router.add(route("POST", "/peers/{name}", Who::peer, mebibyte, echo));
    router.add(route("GET", "/local", Who::local, 0, echo));
    return router;
}

} // namespace comity::http::testing
