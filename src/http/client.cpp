// The client: blocking calls over non-blocking sockets, with poll() and one deadline per call.
#include "http/client.hpp"

#include "base/fault.hpp"
#include "http/stream.hpp"
#include "http/wire.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <vector>

namespace comity::http {

namespace {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
// A TLS record holds no more than this.
constexpr std::size_t read_bytes = std::size_t{16} * 1024;
constexpr int interim_answers_max = 8;

tl::unexpected<NetworkFailure> failure(Said problem, bool sent) {
    return tl::unexpected<NetworkFailure>(NetworkFailure{std::move(problem), sent});
}

// What the C library, the resolver and OpenSSL say of the failures that an operator meets. These
// have texts in each language; what else they say stays as it is.
constexpr std::array<std::string_view, 18> said_by_libraries{
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Broken pipe",
    "Network is unreachable",
    "Network is down",
    "No route to host",
    "Host is unreachable",
    "Permission denied",
    "No such file or directory",
    "Too many open files",
    "Name or service not known",
    "No address associated with hostname",
    "Temporary failure in name resolution",
    "Non-recoverable failure in name resolution",
    "the connection ended",
    "certificate verify failed: certificate has expired",
    "certificate verify failed: certificate is not yet valid"};

Said library_text(std::string_view text) {
    const bool known = std::find(said_by_libraries.begin(), said_by_libraries.end(), text) !=
                       said_by_libraries.end();
    return known ? said(text, {}) : Said::value(std::string(text));
}

Said system_text(int error) {
    return library_text(std::generic_category().message(error));
}

// True when the socket is ready for `events` (or broken) before the deadline.
bool wait_for(int socket, short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<Milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        pollfd entry{socket, events, 0};
        constexpr std::int64_t longest = 60'000;
        const int result =
            ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left, longest)));
        if (result > 0) return true;
        if (result < 0 && errno != EINTR) return false;
    }
}

bool is_ready(int socket, short events) {
    pollfd entry{socket, events, 0};
    return ::poll(&entry, 1, 0) > 0;
}

class Socket {
public:
    explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}

    ~Socket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

    Socket& operator=(Socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }

    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

struct Link {
    Socket socket;
    std::unique_ptr<Stream> stream;
    bool used = false; ///< has served an earlier request
};

using MaybeSocket = tl::expected<Socket, Said>;

MaybeSocket connect_to(const sockaddr* address, socklen_t bytes, Deadline deadline) {
    Socket socket(::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) return tl::unexpected(system_text(errno));
    if (::connect(socket.get(), address, bytes) != 0) {
        if (errno != EINPROGRESS) return tl::unexpected(system_text(errno));
        if (!wait_for(socket.get(), POLLOUT, deadline))
            return tl::unexpected(say("no connection within the time"));
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return tl::unexpected(system_text(error));
    }
    if (address->sa_family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return socket;
}

MaybeSocket connect_tcp(const ClientOptions& options, Deadline deadline) {
    std::string name = options.address.empty() ? options.host : options.address;
    // RFC 6761 section 6.3: names under localhost are this machine, whatever a resolver says.
    if (name == "localhost" || name.ends_with(".localhost")) name = "127.0.0.1";
    if (name.size() > 2 && name.starts_with('[')) name = name.substr(1, name.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const auto port = std::to_string(options.port);
    const int result = ::getaddrinfo(name.c_str(), port.c_str(), &hints, &found);
    if (result != 0)
        return tl::unexpected(say("the name {}: {}", name, library_text(::gai_strerror(result))));
    MaybeSocket socket = tl::unexpected(say("the name has no address"));
    for (const addrinfo* entry = found; entry && !socket; entry = entry->ai_next)
        socket = connect_to(entry->ai_addr, entry->ai_addrlen, deadline);
    ::freeaddrinfo(found);
    return socket;
}

MaybeSocket connect_local(const std::string& path, Deadline deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return tl::unexpected(say("the control socket's path is empty or too long"));
    std::memcpy(address.sun_path, path.data(), path.size());
    auto socket = connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline);
    if (!socket) return tl::unexpected(say("{}: {}", path, socket.error()));
    return socket;
}

bool is_target(std::string_view target) {
    return target.starts_with('/') && std::ranges::all_of(target, [](char c) {
               return c > ' ' && c < 0x7f && c != '#' && c != '"' && c != '<' && c != '>';
           });
}

bool is_sendable(const Headers& headers) {
    return std::ranges::all_of(headers.fields(), [](const auto& field) {
        return wire::is_token(field.first) && wire::is_field_value(field.second);
    });
}

// One request and its answer on one connection.
class Exchange {
public:
    Exchange(Link& link, Deadline deadline, std::size_t response_bytes_max)
        : link_(link), deadline_(deadline), response_bytes_max_(response_bytes_max) {}

    Outcome run(BytesView head, BytesView body, bool to_head) {
        // Small requests go out in one piece.
        Bytes first(head);
        const auto joined = std::min(body.size(), piece_bytes);
        first += body.substr(0, joined);
        if (send(first)) send(body.substr(joined));
        // Even when writing failed or was cut short, an early answer may have come: a server that
        // refuses a request by its header does not read the body.
        if (timed_out_) return failure(say("the request was not taken within the time"), true);
        return receive(to_head);
    }

    [[nodiscard]] bool heard_something() const { return heard_; }

    [[nodiscard]] bool keep_alive() const { return keep_alive_; }

private:
    bool send(BytesView bytes) {
        while (!bytes.empty()) {
            if (is_ready(link_.socket.get(), POLLIN) && !listen_while_sending()) return false;
            const Moved moved = link_.stream->write(bytes.substr(0, piece_bytes));
            if (moved.step == Step::done) {
                bytes.remove_prefix(moved.bytes);
                continue;
            }
            if (moved.step != Step::wants_write && moved.step != Step::wants_read) {
                problem_ = link_.stream->problem();
                complete_ = false;
                return false;
            }
            const short events =
                moved.step == Step::wants_write ? static_cast<short>(POLLOUT | POLLIN) : POLLIN;
            if (wait_for(link_.socket.get(), events, deadline_)) continue;
            timed_out_ = true;
            return false;
        }
        return true;
    }

    // False when an answer, or the end, has come before the request was sent.
    bool listen_while_sending() {
        const Moved moved = link_.stream->read(piece_);
        if (moved.step == Step::wants_read || moved.step == Step::wants_write) return true;
        if (moved.step == Step::done) {
            in_.append(piece_.data(), moved.bytes);
            ::explicit_bzero(piece_.data(), moved.bytes); // T22
            heard_ = true;
        } else {
            ended_ = true;
            problem_ = link_.stream->problem();
        }
        complete_ = false;
        return false;
    }

    // Appends to in_; false when there is nothing more, with the reason in problem_.
    bool fill() {
        while (!ended_) {
            const Moved moved = link_.stream->read(piece_);
            if (moved.step == Step::done) {
                in_.append(piece_.data(), moved.bytes);
                ::explicit_bzero(piece_.data(), moved.bytes); // T22
                heard_ = true;
                return true;
            }
            if (moved.step == Step::closed || moved.step == Step::failed) {
                ended_ = true;
                if (moved.step == Step::failed) problem_ = link_.stream->problem();
                break;
            }
            const short events = moved.step == Step::wants_read ? POLLIN : POLLOUT;
            if (wait_for(link_.socket.get(), events, deadline_)) continue;
            timed_out_ = true;
            break;
        }
        return false;
    }

    [[nodiscard]] tl::unexpected<NetworkFailure> no_answer() const {
        if (timed_out_) return failure(say("no answer within the time"), true);
        return failure(
            problem_.empty() ? say("the connection was closed before the answer was complete")
                             : library_text(problem_),
            true);
    }

    Outcome receive(bool to_head) {
        for (int i = 0; i < interim_answers_max; ++i) {
            auto head = read_head(to_head);
            if (!head) return tl::unexpected<NetworkFailure>(std::move(head.error()));
            if (head->status < 200) continue;
            return read_body(std::move(*head));
        }
        return failure(say("too many interim answers"), true);
    }

    tl::expected<wire::ResponseHead, NetworkFailure> read_head(bool to_head) {
        for (std::size_t looked = 0;;) {
            const auto seen = BytesView(in_).substr(0, limits::http_header_bytes);
            const auto end = wire::find_head_end(seen, looked);
            if (!end) return failure(say("the answer is malformed: {}", end.error().detail), true);
            if (*end) {
                auto head = wire::read_response_head(seen.substr(0, **end), to_head);
                if (!head)
                    return failure(say("the answer is malformed: {}", head.error().detail), true);
                in_.erase(0, **end);
                return std::move(*head);
            }
            if (seen.size() == limits::http_header_bytes)
                return failure(say("the answer's header is too long"), true);
            looked = seen.size();
            if (!fill()) return no_answer();
        }
    }

    Outcome read_body(wire::ResponseHead head) {
        Response response;
        response.status = head.status;
        if (const auto type = head.headers.find("Content-Type")) response.content_type = *type;
        response.headers = std::move(head.headers);
        wire::BodyReader reader(head.framing, response_bytes_max_);
        if (!head.framing.chunked && head.framing.length > response_bytes_max_)
            return failure(say("the answer is over {} bytes", response_bytes_max_), true);
        while (!reader.done()) {
            const auto taken = reader.feed(in_, response.body);
            if (!taken)
                return failure(say("the answer is malformed: {}", taken.error().detail), true);
            in_.erase(0, *taken);
            if (reader.done()) break;
            if (!fill()) return no_answer();
        }
        // Bytes after the answer belong to nothing that was asked.
        keep_alive_ = head.keep_alive && complete_ && in_.empty();
        return response;
    }

    Link& link_;
    Deadline deadline_;
    std::size_t response_bytes_max_;
    std::vector<char> piece_ = std::vector<char>(read_bytes);
    Bytes in_;
    std::string problem_;
    bool complete_ = true; ///< the whole request was sent
    bool heard_ = false;
    bool ended_ = false;
    bool timed_out_ = false;
    bool keep_alive_ = false;
};

} // namespace

struct Client::State {
    using MaybeLink = tl::expected<Link, NetworkFailure>;

    Outcome send(BytesView head, BytesView body, bool to_head, Deadline deadline);
    bool acquire(Deadline deadline, std::optional<Link>& link);
    void release(std::optional<Link> link);
    MaybeLink connect(Deadline deadline);
    tl::expected<void, NetworkFailure> handshake(Link& link, Deadline deadline) const;
    [[nodiscard]] bool is_still_good(const Link& link) const;
    [[nodiscard]] bool is_meant(const Link& link) const;

    std::optional<ClientOptions> remote;
    std::optional<LocalClientOptions> local;
    std::unique_ptr<TlsContext> tls;
    std::string host_field;
    std::size_t response_bytes_max = 0;
    std::size_t connections_max = 1;

    std::mutex mutex;
    std::condition_variable freed;
    std::vector<Link> kept;
    std::size_t in_use = 0;
    std::atomic<std::uint64_t> opened{0};
};

// Takes one of the places for connections, and a kept connection if there is one.
bool Client::State::acquire(Deadline deadline, std::optional<Link>& link) {
    std::unique_lock lock(mutex);
    if (!freed.wait_until(lock, deadline, [this] { return in_use < connections_max; }))
        return false;
    ++in_use;
    if (!kept.empty()) {
        link = std::move(kept.back());
        kept.pop_back();
    }
    return true;
}

void Client::State::release(std::optional<Link> link) {
    const std::lock_guard lock(mutex);
    --in_use;
    if (link) kept.push_back(std::move(*link));
    freed.notify_one();
}

bool Client::State::is_meant(const Link& link) const {
    const auto& shown = link.stream->peer();
    return shown && shown->valid_at(remote->now()) && remote->accepts_server(shown->fingerprint);
}

// A kept connection on which something has come, if only its end, is of no more use; and one to a
// server that the directory has dropped meanwhile must not be used.
bool Client::State::is_still_good(const Link& link) const {
    return !is_ready(link.socket.get(), POLLIN) && (!remote || is_meant(link));
}

Client::State::MaybeLink Client::State::connect(Deadline deadline) {
    if (remote) deadline = std::min(deadline, Clock::now() + remote->connect_time);
    auto socket = remote ? connect_tcp(*remote, deadline) : connect_local(local->path, deadline);
    if (!socket) return failure(say("no connection: {}", socket.error()), false);
    ++opened;
    Link link;
    link.socket = std::move(*socket);
    link.stream =
        tls ? tls->stream(link.socket.get(), remote->host) : plain_stream(link.socket.get());
    auto ready = handshake(link, deadline);
    if (!ready) return tl::unexpected<NetworkFailure>(std::move(ready.error()));
    return link;
}

tl::expected<void, NetworkFailure> Client::State::handshake(Link& link, Deadline deadline) const {
    for (;;) {
        const Step step = link.stream->handshake();
        if (step == Step::done) break;
        if (step != Step::wants_read && step != Step::wants_write)
            return failure(
                say("the TLS handshake failed: {}", library_text(link.stream->problem())), false);
        if (!wait_for(link.socket.get(), step == Step::wants_read ? POLLIN : POLLOUT, deadline))
            return failure(say("the TLS handshake was not done within the time"), false);
    }
    // Nothing is sent to a server that shows another certificate than the directory's.
    if (remote && !is_meant(link))
        return failure(say("the server's certificate is not one that is pinned for it"), false);
    return {};
}

Outcome Client::State::send(BytesView head, BytesView body, bool to_head, Deadline deadline) {
    std::optional<Link> link;
    if (!acquire(deadline, link))
        return failure(say("all connections to this peer are busy"), false);

    // Gives the place back however this call ends.
    struct Place {
        State& state;
        std::optional<Link>& link;
        bool keep = false;

        ~Place() {
            if (!keep) link.reset();
            state.release(std::move(link));
        }
    } place{*this, link};

    if (link && !is_still_good(*link)) link.reset();
    for (;;) {
        if (!link) {
            auto made = connect(deadline);
            if (!made) return tl::unexpected<NetworkFailure>(std::move(made.error()));
            link = std::move(*made);
        }
        Exchange exchange(*link, deadline, response_bytes_max);
        auto outcome = exchange.run(head, body, to_head);
        if (!outcome && link->used && !exchange.heard_something() && Clock::now() < deadline) {
            link.reset(); // the kept connection was closed meanwhile; a new one is not `used`
            continue;
        }
        place.keep = outcome.has_value() && exchange.keep_alive();
        link->used = true;
        return outcome;
    }
}

Client::Client(ClientOptions options) : state_(std::make_unique<State>()) {
    CHECK_THAT(options.accepts_server != nullptr);
    if (!options.now) options.now = system_now;
    state_->response_bytes_max = options.response_bytes_max;
    state_->connections_max = std::max<std::size_t>(1, options.connections);
    constexpr std::uint16_t https_port = 443;
    state_->host_field = options.port == https_port
                             ? options.host
                             : fmt::format("{}:{}", options.host, options.port);
    if (!wire::is_field_value(state_->host_field))
        throw Fault("the host name holds control characters");
    TlsSettings settings{options.certificate_pem, options.key_pem, options.now};
    state_->tls = std::make_unique<TlsContext>(TlsContext::Side::client, std::move(settings));
    state_->remote = std::move(options);
}

Client::Client(LocalClientOptions options) : state_(std::make_unique<State>()) {
    state_->response_bytes_max = options.response_bytes_max;
    state_->connections_max = std::max<std::size_t>(1, options.connections);
    state_->host_field = "localhost";
    state_->local = std::move(options);
}

Client::~Client() = default;

Outcome Client::send(
    const std::string& method, const std::string& target, const Headers& headers, BytesView body,
    Milliseconds timeout) {
    if (!wire::is_token(method) || !is_target(target) || !is_sendable(headers))
        return failure(say("the request's method, target or header cannot be sent"), false);
    const bool has_body = !body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
    const auto size = has_body ? std::optional<std::size_t>(body.size()) : std::nullopt;
    const auto head = wire::write_request_head(method, target, state_->host_field, headers, size);
    return state_->send(head, body, method == "HEAD", Clock::now() + timeout);
}

Outcome Client::get(const std::string& target, Milliseconds timeout) {
    return send("GET", target, {}, {}, timeout);
}

Outcome Client::post_json(const std::string& target, BytesView body, Milliseconds timeout) {
    return send("POST", target, {{"Content-Type", "application/json"}}, body, timeout);
}

std::uint64_t Client::connections_opened() const {
    return state_->opened;
}

std::string encode_segment(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || unreserved.find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

} // namespace comity::http
