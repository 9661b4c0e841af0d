// What the server does on its connections: coroutines on one I/O thread. Arguments of co_await are
// named, because g++ 12 destroys temporaries in such expressions twice.
#include "http/server.hpp"

#include "base/fault.hpp"
#include "http/connection.hpp"
#include "http/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <random>
#include <set>
#include <thread>

namespace comity::http {

namespace {

using boost::system::error_code;

constexpr std::size_t scratch_bytes = std::size_t{64} * 1024;
// Answers up to this size go out in one piece with their header.
constexpr std::size_t joined_bytes = std::size_t{16} * 1024;
constexpr std::chrono::milliseconds accept_pause{100};
constexpr unsigned connection_logs_per_second = 10;

std::string incident_number() {
    std::random_device device;
    return fmt::format("{:08x}{:08x}", device(), device());
}

// A response that would not be written as it stands is a failure of the handler.
void check_writable(const Response& response) {
    const bool formed =
        response.status >= 200 && response.status <= 599 &&
        wire::is_field_value(response.content_type) &&
        std::ranges::all_of(response.headers.fields(), [](const auto& field) {
            return wire::is_token(field.first) && wire::is_field_value(field.second);
        });
    if (!formed) throw Fault("the handler's response has a malformed status or header field");
}

void set_default(Headers& headers, const char* name, const char* value) {
    if (!headers.has(name)) headers.add(name, value);
}

// Nothing of ours is guessed at, cached, framed or leaked by a referrer unless a handler says so.
void add_security_fields(Headers& headers) {
    headers.set("X-Content-Type-Options", "nosniff");
    set_default(headers, "Cache-Control", "no-store");
    set_default(headers, "Referrer-Policy", "no-referrer");
    set_default(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

Response method_problem(const std::vector<std::string>& allowed) {
    std::string list;
    for (const auto& method : allowed)
        list += (list.empty() ? "" : ", ") + method;
    auto response = problem(405, "This path has the methods " + list);
    response.headers.set("Allow", list);
    return response;
}

Response refused(Code code, Said facts) {
    return problem(Refusal{code, std::move(facts), {}, {}, {}});
}

using Link = std::shared_ptr<Connection>;

} // namespace

struct Server::State {
    State(ServerOptions given, Router table, PeerCheck peer_check)
        : options(std::move(given)),
          router(std::move(table)),
          check(std::move(peer_check)),
          workers(std::max(1U, options.workers)),
          listener(io),
          stop_timer(io),
          scratch(scratch_bytes) {}

    void start();
    void stop();
    void begin_stop();
    void run();
    void log(std::string_view event, const std::map<std::string, std::string>& fields) const;
    void log_connection(std::string_view event, const Connection& connection, std::string problem);

    asio::awaitable<void> accept_all();
    bool accept_waiting();
    void take(const Accepted& accepted);
    void finish(const Link& link);
    asio::awaitable<void> serve(Link link);
    asio::awaitable<bool> handshake(Connection& connection);

    using MaybeHead = std::optional<wire::Parsed<wire::RequestHead>>;
    asio::awaitable<MaybeHead> read_head(Connection& connection);
    asio::awaitable<bool> serve_request(Connection& connection);
    asio::awaitable<bool> refuse_request(
        Connection& connection, const wire::RequestHead& head, Response response);
    std::optional<Response> admit(
        const Connection& connection, wire::RequestHead& head, const Route*& route);
    std::optional<Response> admit_checked(
        const Connection& connection, wire::RequestHead& head, const Route*& route);
    asio::awaitable<std::optional<Response>> read_body(
        Connection& connection, wire::RequestHead& head, std::size_t bytes_max);
    std::optional<Response> count_body(Connection& connection, std::size_t bytes);
    asio::awaitable<Response> run_handler(const Route& route, const Request& request);
    [[nodiscard]] Response answer(const Route& route, const Request& request) const;
    Response failed(
        const std::exception* error, int status, std::string_view method,
        std::string_view pattern) const;
    asio::awaitable<bool> respond(
        Connection& connection, Response response, bool keep_alive, bool to_head);
    void count_answer(const Request& request, const Route* route, const Response& response);
    std::string_view date();

    ServerOptions options;
    Router router;
    PeerCheck check;
    ServerCounters counters;
    std::unique_ptr<TlsContext> tls;

    asio::io_context io{1};
    asio::thread_pool workers;
    asio::posix::stream_descriptor listener;
    asio::steady_timer stop_timer;
    std::thread thread;
    std::uint16_t port = 0;
    bool started = false;

    // Of the I/O thread only.
    std::set<Link> links;
    std::map<std::string, std::size_t> per_address;
    std::size_t bodies_bytes = 0;
    bool stopping = false;
    std::vector<char> scratch; ///< each read goes through it; connections that wait hold no buffer
    std::int64_t date_second = 0;
    std::string date_line;
    std::int64_t log_second = 0;
    unsigned logs_in_second = 0;
};

// Starting and stopping.

void Server::State::start() {
    CHECK_THAT(!started);
    CHECK_THAT(options.tls.has_value() != options.local.has_value());
    if (!options.now) options.now = system_now;
    if (options.tls) {
        CHECK_THAT(!options.tls->hosts.empty());
        for (auto& host : options.tls->hosts)
            std::ranges::transform(host, host.begin(), [](unsigned char c) {
                return static_cast<char>(std::tolower(c));
            });
        TlsSettings settings{options.tls->certificate_pem, options.tls->key_pem, options.now};
        tls = std::make_unique<TlsContext>(TlsContext::Side::server, std::move(settings));
    }
    const int socket = options.tls ? listen_on(*options.tls) : listen_on(*options.local);
    listener.assign(socket);
    port = port_of(socket);
    asio::co_spawn(io, accept_all(), asio::detached);
    started = true;
    thread = std::thread([this] { run(); });
}

void Server::State::run() {
    for (;;) {
        try {
            io.run();
            return;
        } catch (const std::exception& error) {
            log("io_problem", {{"problem", error.what()}});
        }
    }
}

void Server::State::stop() {
    if (!thread.joinable()) return;
    asio::post(io, [this] { begin_stop(); });
    thread.join(); // ends when the last connection and the last running handler have ended
    workers.join();
    if (options.local) ::unlink(options.local->path.c_str());
}

void Server::State::begin_stop() {
    stopping = true;
    error_code ignored;
    listener.close(ignored);
    for (const auto& link : links)
        if (link->idle) link->close();
    if (links.empty()) return;
    stop_timer.expires_after(options.stop_time);
    stop_timer.async_wait([this](error_code error) {
        if (error) return;
        for (const auto& link : links)
            link->close();
    });
}

void Server::State::log(
    std::string_view event, const std::map<std::string, std::string>& fields) const {
    if (!options.log) return;
    try {
        options.log(event, fields);
    } catch (const std::exception&) {
        // A log that fails must not take the request with it; the answer still says what happened.
        return;
    }
}

// Strangers can cause these lines, so they must not be able to fill a disk with them.
void Server::State::log_connection(
    std::string_view event, const Connection& connection, std::string problem) {
    const auto second = static_cast<std::int64_t>(std::time(nullptr));
    if (second != log_second) logs_in_second = 0;
    log_second = second;
    if (++logs_in_second > connection_logs_per_second) return;
    log(event, {{"address", connection.address}, {"problem", std::move(problem)}});
}

// Connections.

asio::awaitable<void> Server::State::accept_all() {
    asio::steady_timer pause(io);
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    while (!stopping) {
        co_await listener.async_wait(asio::posix::stream_descriptor::wait_read, token);
        if (error || stopping) co_return;
        if (accept_waiting()) continue;
        pause.expires_after(accept_pause);
        co_await pause.async_wait(token);
    }
}

// False when the system has no descriptor left, so that trying again at once would be in vain.
bool Server::State::accept_waiting() {
    constexpr int at_once = 64; // then the connections that we have get their turn
    for (int i = 0; i < at_once; ++i) {
        const auto accepted = accept_from(listener.native_handle());
        if (accepted) {
            take(*accepted);
            continue;
        }
        if (accepted.error() == AcceptProblem::none_waiting) return true;
        ++counters.connections_refused;
        if (accepted.error() == AcceptProblem::no_descriptors) return false;
    }
    return true;
}

void Server::State::take(const Accepted& accepted) {
    auto& from_there = per_address[accepted.address]; // finish() erases it at 0
    if (links.size() >= options.connections || from_there >= options.connections_per_address) {
        ++counters.connections_refused;
        ::close(accepted.socket);
        if (from_there == 0) per_address.erase(accepted.address);
        return;
    }
    const int socket = accepted.socket;
    Link link;
    try {
        link = std::make_shared<Connection>(io, accepted, counters);
    } catch (const std::exception& error) {
        ::close(socket);
        log("connection_problem", {{"address", accepted.address}, {"problem", error.what()}});
        return;
    }
    ++from_there;
    ++counters.connections_accepted;
    ++counters.connections_open;
    links.insert(link);
    asio::co_spawn(io, serve(std::move(link)), asio::detached);
}

void Server::State::finish(const Link& link) {
    link->close();
    bodies_bytes -= std::exchange(link->body_bytes, 0);
    if (--per_address[link->address] == 0) per_address.erase(link->address);
    --counters.connections_open;
    links.erase(link);
    if (stopping && links.empty()) stop_timer.cancel();
}

asio::awaitable<void> Server::State::serve(Link link) {
    try {
        const int socket = link->socket.native_handle();
        link->stream = tls ? tls->stream(socket, {}) : plain_stream(socket);
        bool more = co_await handshake(*link);
        while (more && !stopping)
            more = co_await serve_request(*link);
        if (link->socket.is_open()) link->stream->end();
    } catch (const std::exception& error) {
        log_connection("connection_problem", *link, error.what());
    }
    finish(link);
}

asio::awaitable<bool> Server::State::handshake(Connection& connection) {
    connection.expires_after(options.header_time);
    for (;;) {
        const Step step = connection.stream->handshake();
        if (step == Step::done) co_return true;
        if (step != Step::wants_read && step != Step::wants_write) break;
        const bool ready = co_await connection.wait(step);
        if (!ready) co_return false;
    }
    ++counters.handshakes_failed;
    log_connection("handshake_failed", connection, connection.stream->problem());
    co_return false;
}

// Requests.

// Nothing when the connection is over.
asio::awaitable<Server::State::MaybeHead> Server::State::read_head(Connection& connection) {
    auto& in = connection.in;
    if (in.empty()) {
        connection.idle = true;
        if (!connection.first) connection.expires_after(options.idle_time);
        const bool more = co_await connection.fill(scratch);
        if (!more) co_return std::nullopt;
    }
    connection.idle = false;
    if (!connection.first) connection.expires_after(options.header_time);
    connection.first = false;
    for (std::size_t looked = 0;;) {
        const auto seen = BytesView(in).substr(0, options.header_bytes);
        const auto end = wire::find_head_end(seen, looked);
        if (!end) co_return wire::Parsed<wire::RequestHead>(tl::unexpect, end.error());
        if (*end) {
            auto head = wire::read_request_head(seen.substr(0, **end));
            in.erase(0, **end);
            co_return head;
        }
        if (seen.size() == options.header_bytes) {
            const wire::Malformed over{
                431, fmt::format("the header is over {} bytes", seen.size())};
            co_return wire::Parsed<wire::RequestHead>(tl::unexpect, over);
        }
        looked = seen.size();
        const bool more = co_await connection.fill(scratch);
        if (!more) co_return std::nullopt;
    }
}

// True when another request may follow on this connection.
asio::awaitable<bool> Server::State::serve_request(Connection& connection) {
    MaybeHead parsed = co_await read_head(connection);
    if (!parsed) co_return false;
    ++counters.requests;
    if (!*parsed) {
        auto response = problem(parsed->error().status, parsed->error().detail);
        count_answer({}, nullptr, response);
        const bool written = co_await respond(connection, std::move(response), false, false);
        if (written) co_await connection.linger(scratch);
        co_return false;
    }
    auto& head = **parsed;
    const Route* route = nullptr;
    auto refusal = admit_checked(connection, head, route);
    if (refusal) {
        const bool more = co_await refuse_request(connection, head, std::move(*refusal));
        co_return more;
    }
    refusal = co_await read_body(connection, head, route->body_bytes_max);
    if (refusal) {
        head.keep_alive = false;
        const bool more = co_await refuse_request(connection, head, std::move(*refusal));
        co_return more;
    }
    if (!connection.socket.is_open()) co_return false;
    connection.never_expires();
    Response response = co_await run_handler(*route, head.request);
    bodies_bytes -= std::exchange(connection.body_bytes, 0);
    count_answer(head.request, route, response);
    const bool keep = head.keep_alive && !stopping;
    const bool to_head = head.request.method == "HEAD";
    const bool written = co_await respond(connection, std::move(response), keep, to_head);
    co_return written&& keep;
}

// Answers without a handler. A body that was not read makes the rest of the stream unusable.
asio::awaitable<bool> Server::State::refuse_request(
    Connection& connection, const wire::RequestHead& head, Response response) {
    const bool keep = head.keep_alive && !head.framing.has_body() && !stopping;
    count_answer(head.request, nullptr, response);
    const bool to_head = head.request.method == "HEAD";
    const bool written = co_await respond(connection, std::move(response), keep, to_head);
    if (!written) co_return false;
    if (!keep) co_await connection.linger(scratch);
    // No worker was asked, so without this a stream of refused requests would keep the I/O thread
    // to itself.
    co_await asio::post(io, asio::use_awaitable);
    co_return keep;
}

std::optional<Response> Server::State::admit_checked(
    const Connection& connection, wire::RequestHead& head, const Route*& route) {
    try {
        return admit(connection, head, route);
    } catch (const std::exception& error) {
        return failed(&error, 500, head.request.method, "");
    }
}

// Who may ask this, and how much may come with it: all that the header alone decides.
std::optional<Response> Server::State::admit(
    const Connection& connection, wire::RequestHead& head, const Route*& route) {
    auto& request = head.request;
    request.local = options.local.has_value();
    request.address = connection.address;
    if (options.tls && std::ranges::find(options.tls->hosts, head.host) == options.tls->hosts.end())
        return problem(421, "This server is not known under the name in the Host field");
    const auto& shown = connection.stream->peer();
    if (shown && shown->valid_at(options.now())) {
        request.peer_certificate = shown->fingerprint;
        if (check) request.peer = check(shown->fingerprint);
    }
    auto match = router.find(request.method, request.path, request.local);
    if (!match.route && match.allowed.empty())
        return refused(Code::not_found, say("there is nothing under this path"));
    if (!match.route) return method_problem(match.allowed);
    if (match.route->who == Who::peer && !request.peer)
        return refused(
            Code::not_allowed,
            request.peer_certificate
                ? say("the directory does not name the certificate that was shown")
                : say("no certificate was shown"));
    const auto bytes_max = match.route->body_bytes_max;
    if (head.framing.length > bytes_max || (head.framing.chunked && bytes_max == 0))
        return refused(Code::too_large, say("the body is over {} bytes", bytes_max));
    request.params = std::move(match.params);
    route = match.route;
    return std::nullopt;
}

// Nothing when the body is complete, or the connection is over (its socket is closed then).
asio::awaitable<std::optional<Response>> Server::State::read_body(
    Connection& connection, wire::RequestHead& head, std::size_t bytes_max) {
    wire::BodyReader reader(head.framing, bytes_max);
    if (reader.done()) co_return std::nullopt;
    connection.expires_after(options.request_time);
    if (head.expects_continue && connection.in.empty()) {
        const std::string line = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool written = co_await connection.write(line);
        if (!written) connection.close();
    }
    auto& body = head.request.body;
    for (;;) {
        const auto taken = reader.feed(connection.in, body);
        if (!taken && taken.error().status == 413)
            co_return refused(Code::too_large, Said::value(taken.error().detail));
        if (!taken) co_return problem(taken.error().status, taken.error().detail);
        connection.in.erase(0, *taken);
        auto over = count_body(connection, body.size());
        if (over) co_return over;
        if (reader.done()) co_return std::nullopt;
        const bool more = co_await connection.fill(scratch);
        if (!more) {
            connection.close();
            co_return std::nullopt;
        }
    }
}

std::optional<Response> Server::State::count_body(Connection& connection, std::size_t bytes) {
    bodies_bytes += bytes - connection.body_bytes;
    connection.body_bytes = bytes;
    if (bodies_bytes <= options.bodies_bytes) return std::nullopt;
    bodies_bytes -= std::exchange(connection.body_bytes, 0);
    auto response = problem(503, "This node holds as many request bodies as it can");
    response.headers.set("Retry-After", "5");
    return response;
}

// Handlers.

// Runs the handler on a worker, and comes back to the I/O thread with its response. Not cancelled
// by anything: `route` and `request` stay alive in the caller's frame until then.
asio::awaitable<Response> Server::State::run_handler(const Route& route, const Request& request) {
    auto initiate = [this, &route, &request](auto handler) {
        // The work guard keeps the I/O thread until the response has come back.
        auto back = std::make_shared<decltype(handler)>(std::move(handler));
        auto task = [this, &route, &request, back, guard = asio::make_work_guard(io)] {
            auto response = std::make_shared<Response>(answer(route, request));
            asio::post(io, [back, response] { (*back)(std::move(*response)); });
        };
        asio::post(workers, std::move(task));
    };
    using Token = asio::use_awaitable_t<>;
    Token token;
    co_return co_await asio::async_initiate<Token, void(Response)>(std::move(initiate), token);
}

// The one place where faults of a request are caught.
Response Server::State::answer(const Route& route, const Request& request) const {
    try {
        Response response = route.handler(request);
        check_writable(response);
        return response;
    } catch (const StorageFault& error) {
        return failed(&error, 503, route.method, route.pattern);
    } catch (const std::exception& error) {
        return failed(&error, 500, route.method, route.pattern);
    } catch (...) {
        return failed(nullptr, 500, route.method, route.pattern);
    }
}

Response Server::State::failed(
    const std::exception* error, int status, std::string_view method,
    std::string_view pattern) const {
    const auto incident = incident_number();
    log("fault", {{"incident", incident},
                  {"problem", error ? error->what() : "something was thrown that is no exception"},
                  {"method", std::string(method)},
                  {"route", std::string(pattern)}});
    return incident_problem(status, incident);
}

asio::awaitable<bool> Server::State::respond(
    Connection& connection, Response response, bool keep_alive, bool to_head) {
    connection.expires_after(options.request_time);
    add_security_fields(response.headers);
    Bytes bytes = wire::write_response_head(response, keep_alive, date());
    const bool bodiless = to_head || response.status == 204 || response.status == 304;
    if (bodiless) response.body.clear();
    const bool joined = response.body.size() <= joined_bytes;
    if (joined) bytes += response.body;
    bool written = co_await connection.write(bytes);
    if (written && !joined) written = co_await connection.write(response.body);
    co_return written;
}

void Server::State::count_answer(
    const Request& request, const Route* route, const Response& response) {
    if (response.status >= 500)
        ++counters.answers_5xx;
    else if (response.status >= 400)
        ++counters.answers_4xx;
    if (!options.log_requests) return;
    // The pattern, not the path: a path names a case.
    log("request", {{"method", route ? request.method : "-"},
                    {"route", route ? route->pattern : "-"},
                    {"status", std::to_string(response.status)},
                    {"peer", request.peer.value_or("-")}});
}

std::string_view Server::State::date() {
    const auto second = static_cast<std::int64_t>(std::time(nullptr));
    if (second != date_second) {
        date_second = second;
        date_line = wire::date_text(second);
    }
    return date_line;
}

Server::Server(ServerOptions options, Router router, PeerCheck check)
    : state_(std::make_unique<State>(std::move(options), std::move(router), std::move(check))) {}

Server::~Server() {
    stop();
}

void Server::start() {
    state_->start();
}

std::uint16_t Server::port() const {
    return state_->port;
}

void Server::stop() {
    state_->stop();
}

const ServerCounters& Server::counters() const {
    return state_->counters;
}

const Router& Server::router() const {
    return state_->router;
}

} // namespace comity::http
