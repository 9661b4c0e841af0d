// The server over real sockets: who is let in, what is refused before a handler runs, limits and
// deadlines, faults, and stopping. Raw connections send what a client of ours never would.
#include "base/fault.hpp"
#include "http/server.hpp"
#include "support/http_corpus.hpp"
#include "support/http_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <latch>
#include <set>
#include <thread>
#include <vector>

using namespace comity;
using namespace comity::http;
using namespace comity::http::testing;

namespace {

constexpr Milliseconds long_time = std::chrono::seconds{30};
constexpr Milliseconds short_time{150};

int status_line(BytesView answer) {
    if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
    return std::stoi(std::string(answer.substr(9, 3)));
}

std::size_t count_of(BytesView text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != BytesView::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

std::string member(const Response& response, std::string_view name) {
    const auto document = json::parse_object(response.body, 1'000'000);
    REQUIRE(document.has_value());
    const auto* value = document->if_contains(name);
    REQUIRE(value != nullptr);
    return value->is_string() ? std::string(value->as_string()) : json::print(*value);
}

// A control socket with the usual routes, for what does not need TLS.
struct LocalWorld {
    explicit LocalWorld(ServerOptions options = {}, Router router = usual_routes()) {
        options.local = LocalListener{path};
        options.log = log.log();
        server = std::make_unique<Server>(std::move(options), std::move(router), usual_check());
        server->start();
    }

    Client client() const { return Client(LocalClientOptions{path}); }

    TemporaryDirectory directory;
    std::string path = directory.file("control.socket");
    LogKeeper log;
    std::unique_ptr<Server> server;
};

struct TlsWorld {
    explicit TlsWorld(
        ServerOptions options = tls_options(), Router router = usual_routes(),
        PeerCheck check = usual_check()) {
        options.log = log.log();
        server = std::make_unique<Server>(std::move(options), std::move(router), std::move(check));
        server->start();
    }

    Client client(const Identity& identity) const {
        return Client(client_options(server->port(), &identity));
    }

    LogKeeper log;
    std::unique_ptr<Server> server;
};

} // namespace

TEST_CASE("a peer of the directory is let in by its certificate, and named to the handler") {
    const TlsWorld world;
    auto client = world.client(peer_identity());
    const auto answer = client.get("/peers/x%20y?a=b", long_time);
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(member(*answer, "peer") == "borealis");
    CHECK(member(*answer, "params") == R"({"name":"x y"})");
    CHECK(member(*answer, "query") == R"({"a":"b"})");
    CHECK(member(*answer, "local") == "false");
}

TEST_CASE("T54 a stranger, or nobody, is refused on a peer's route before its body is read") {
    const TlsWorld world;
    auto client = world.client(stranger_identity());
    const auto answer = client.send("POST", "/peers/x", {}, "body", long_time);
    REQUIRE(answer.has_value());
    CHECK(answer->status == 403);
    CHECK(refusal_from(*answer)->code == Code::not_allowed);
    CHECK(refusal_from(*answer)->facts.text().find("does not name") != std::string::npos);
    // The open route is open to both.
    CHECK(client.get("/open", long_time)->status == 200);
    // The header alone is answered, though the body never comes.
    auto raw = RawConnection::tls(world.server->port(), &stranger_identity());
    raw.send("POST /peers/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    CHECK(status_line(raw.receive()) == 403);
    // Without a certificate: curl, which is not of our making.
    const auto url = fmt::format("https://localhost:{}", world.server->port());
    const std::string curl = "curl -s -k --max-time 20 --tlsv1.3 -w '%{http_code}' -o /dev/null ";
    CHECK(run_command(curl + url + "/open").output == "200");
    CHECK(run_command(curl + url + "/peers/x").output == "403");
}

TEST_CASE("curl with a pinned client certificate is served like our own client") {
    const TlsWorld world;
    const TemporaryDirectory directory;
    std::ofstream(directory.file("c.pem")) << peer_identity().certificate_pem;
    std::ofstream(directory.file("k.pem")) << peer_identity().key_pem;
    const auto ran = run_command(fmt::format(
        "curl -s -k --max-time 20 --cert {} --key {} -H 'Expect: 100-continue' --data-binary hello "
        "https://localhost:{}/peers/x",
        directory.file("c.pem"), directory.file("k.pem"), world.server->port()));
    CAPTURE(ran.output);
    CHECK(ran.output.find("\"peer\":\"borealis\"") != std::string::npos);
    CHECK(ran.output.find("\"bytes\":5") != std::string::npos);
}

TEST_CASE("a peer that leaves the directory is refused at once, on the connection it has") {
    std::atomic<bool> listed{true};
    const TlsWorld world(tls_options(), usual_routes(), [&](const Digest& fingerprint) {
        return listed ? usual_check()(fingerprint) : std::nullopt;
    });
    auto client = world.client(peer_identity());
    CHECK(client.get("/peers/x", long_time)->status == 200);
    listed = false;
    CHECK(client.get("/peers/x", long_time)->status == 403);
    listed = true;
    CHECK(client.get("/peers/x", long_time)->status == 200);
    CHECK(client.connections_opened() == 1);
}

TEST_CASE("a client certificate outside its validity is refused at the handshake") {
    const auto expired = make_identity("expired", -20, -1);
    const auto early = make_identity("early", 1, 20);
    const TlsWorld world(tls_options(), usual_routes(), [](const Digest&) {
        return std::optional<std::string>("borealis");
    });
    for (const auto* identity : {&expired, &early}) {
        auto client = world.client(*identity);
        const auto answer = client.get("/open", long_time);
        CHECK(!answer.has_value());
    }
    world.server->stop(); // the alert reaches the client before the server has counted it
    CHECK(world.server->counters().handshakes_failed == 2);
    CHECK(world.server->counters().requests == 0);
    CHECK(world.log.lines("handshake_failed").size() == 2);
}

TEST_CASE("a client certificate that expires during a connection no longer counts") {
    std::atomic<std::int64_t> days{0};
    auto options = tls_options();
    options.now = [&days] {
        return system_now() + std::chrono::hours{24 * days};
    };
    const TlsWorld world(std::move(options));
    auto client = world.client(peer_identity());
    CHECK(client.get("/peers/x", long_time)->status == 200);
    days = 31;
    const auto answer = client.get("/peers/x", long_time);
    CHECK(answer->status == 403);
    CHECK(client.connections_opened() == 1);
}

TEST_CASE("T12 only TLS 1.3 with its one suite is spoken") {
    const TlsWorld world;
    const auto attempt = [&](const std::string& how) {
        return run_command(fmt::format(
            "printf 'GET /open HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' | "
            "timeout 20 openssl s_client -connect 127.0.0.1:{} -quiet -ign_eof {}",
            world.server->port(), how));
    };
    CHECK(attempt("").output.find("HTTP/1.1 200") != std::string::npos);
    CHECK(attempt("-tls1_3 -alpn http/1.1").output.find("HTTP/1.1 200") != std::string::npos);
    for (const char* how :
         {"-tls1_2", "-tls1_1", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
          "-tls1_3 -sigalgs RSA-PSS+SHA256", "-alpn h2", "-groups P-384"}) {
        CAPTURE(how);
        const auto ran = attempt(how);
        CHECK(ran.output.find("HTTP/1.1") == std::string::npos);
        CHECK(ran.output.find("alert") != std::string::npos);
    }
    CHECK(attempt("").output.find("HTTP/1.1 200") != std::string::npos);
}

TEST_CASE("T52 a request for another host is refused with 421") {
    const TlsWorld world;
    const auto status = [&](std::string_view host) {
        auto raw = RawConnection::tls(world.server->port(), &peer_identity());
        raw.send(fmt::format("GET /open HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host));
        return status_line(raw.receive());
    };
    for (const auto* host : {"localhost", "localhost:1", "LOCALHOST", "node.arcadia.example"})
        CHECK(status(host) == 200);
    for (const auto* host :
         {"evil.example", "127.0.0.1", "localhost.evil.example", "xlocalhost", "localhost.",
          "sub.localhost", "[::1]"}) {
        CAPTURE(host);
        CHECK(status(host) == 421);
    }
    CHECK(status("localhost@evil.example") == 400);
}

TEST_CASE("an unknown path is 404 and another method 405, both as problems") {
    const TlsWorld world;
    auto client = world.client(peer_identity());
    const auto unknown = client.get("/nothing", long_time);
    CHECK(unknown->status == 404);
    CHECK(refusal_from(*unknown)->code == Code::not_found);
    const auto other = client.send("DELETE", "/peers/x", {}, {}, long_time);
    CHECK(other->status == 405);
    CHECK(other->headers.find("Allow") == "GET, HEAD, POST");
    CHECK(other->content_type == "application/problem+json");
    CHECK(client.connections_opened() == 1);
}

TEST_CASE("a local route is unknown from outside and open on the control socket") {
    const TlsWorld outside;
    auto client = outside.client(peer_identity());
    CHECK(client.get("/local", long_time)->status == 404);
    const LocalWorld inside;
    auto own = inside.client();
    const auto answer = own.get("/local", long_time);
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    CHECK(member(*answer, "local") == "true");
    // And the control socket is no peer.
    CHECK(own.get("/peers/x", long_time)->status == 403);
}

TEST_CASE(
    "answers carry the fields that keep a browser careful, and a handler may choose caching") {
    Router router = usual_routes();
    router.add(route("GET", "/cached", Who::anybody, 0, [](const Request&) {
        auto response = text_response(200, "x");
        response.headers.set("cache-control", "max-age=60");
        response.headers.set("X-Content-Type-Options", "sniff");
        return response;
    }));
    const LocalWorld world({}, std::move(router));
    auto client = world.client();
    for (const auto* path : {"/open", "/nothing"}) {
        const auto answer = client.get(path, long_time);
        CHECK(answer->headers.find("X-Content-Type-Options") == "nosniff");
        CHECK(answer->headers.find("Cache-Control") == "no-store");
        CHECK(answer->headers.find("Referrer-Policy") == "no-referrer");
        CHECK(answer->headers.has("Date"));
    }
    const auto cached = client.get("/cached", long_time);
    CHECK(cached->headers.find("Cache-Control") == "max-age=60");
    CHECK(cached->headers.count("Cache-Control") == 1);
    CHECK(cached->headers.find("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("T52 the smuggling corpus gets one refusal each and a closed connection") {
    const LocalWorld world;
    for (const auto& row : smuggling_corpus()) {
        CAPTURE(row.name);
        auto raw = RawConnection::local(world.path);
        raw.send(row.bytes);
        // What a reader in between might take for a second request.
        raw.send("GET /open HTTP/1.1\r\nHost: localhost\r\nX-Second: yes\r\n\r\n");
        const auto answer = raw.receive();
        CHECK(raw.ended());
        CHECK(status_line(answer) == row.status);
        CHECK(count_of(answer, "HTTP/1.1 ") == 1);
    }
}

TEST_CASE("pipelined requests are answered in order, and HEAD without a body") {
    const LocalWorld world;
    auto raw = RawConnection::local(world.path);
    raw.send(
        "GET /open?n=1 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /open?n=2 HTTP/1.1\r\nHost: h\r\n\r\n"
        "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n"
        "POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
        "GET /open?n=3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /open?n=4 HTTP/1.1");
    const auto answer = raw.receive();
    CHECK(raw.ended());
    CHECK(count_of(answer, "HTTP/1.1 200") == 4);
    CHECK(count_of(answer, "HTTP/1.1 404") == 1);
    const auto first = answer.find(R"("n":"1")");
    const auto third = answer.find(R"("n":"3")");
    CHECK(first < third);
    CHECK(third != Bytes::npos);
    CHECK(answer.find(R"("n":"2")") == Bytes::npos);
    CHECK(answer.find(R"("n":"4")") == Bytes::npos);
    // HEAD says the length that GET would have.
    auto client = world.client();
    const auto get = client.get("/open", long_time);
    const auto head = client.send("HEAD", "/open", {}, {}, long_time);
    CHECK(head->status == 200);
    CHECK(head->body.empty());
    CHECK(std::stoul(std::string(*head->headers.find("Content-Length"))) == get->body.size() + 1);
}

TEST_CASE("a body over its route's limit is refused by its length, and while reading by chunks") {
    const LocalWorld world;
    auto client = world.client();
    constexpr std::size_t limit = 8 * 1024 * 1024;
    for (const std::size_t bytes : {limit - 1, limit}) {
        const auto answer = client.send("POST", "/any", {}, Bytes(bytes, 'a'), long_time);
        REQUIRE(answer.has_value());
        CHECK(answer->status == 200);
        CHECK(member(*answer, "bytes") == std::to_string(bytes));
    }
    const auto over = client.send("POST", "/any", {}, Bytes(limit + 1, 'a'), long_time);
    REQUIRE(over.has_value());
    CHECK(over->status == 413);
    CHECK(refusal_from(*over)->code == Code::too_large);
    const auto none = client.send("GET", "/open", {}, "x", long_time);
    CHECK(none->status == 413);

    auto raw = RawConnection::local(world.path);
    raw.send("POST /any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    const Bytes chunk = "100000\r\n" + Bytes(1024 * 1024, 'a') + "\r\n";
    for (int i = 0; i < 9; ++i)
        raw.send(chunk);
    CHECK(status_line(raw.receive()) == 413);
    CHECK(raw.ended());
}

TEST_CASE("a chunked body reaches the handler whole") {
    const LocalWorld world;
    auto raw = RawConnection::local(world.path);
    raw.send(
        "POST /any HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n");
    raw.send("1\r\n!\r\n0\r\n\r\n");
    const auto answer = raw.receive();
    CHECK(status_line(answer) == 200);
    CHECK(answer.find("\"bytes\":6") != Bytes::npos);
}

TEST_CASE("Expect: 100-continue is answered when the body is wanted, and only then") {
    const LocalWorld world;
    const std::string head = "POST /any HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                             "Connection: close\r\nContent-Length: ";
    auto raw = RawConnection::local(world.path);
    raw.send(head + "5\r\n\r\n");
    Bytes answer;
    REQUIRE(raw.receive_until("\r\n\r\n", answer));
    CHECK(answer == "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("hello");
    CHECK(status_line(raw.receive()) == 200);

    auto refused = RawConnection::local(world.path);
    refused.send(head + "99999999\r\n\r\n");
    CHECK(status_line(refused.receive()) == 413);
}

TEST_CASE("T54 a slow header is cut at its deadline, however steadily it drips") {
    ServerOptions options;
    options.header_time = short_time;
    const LocalWorld world(std::move(options));
    auto raw = RawConnection::local(world.path);
    const std::string head = "GET /open HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'a');
    std::size_t at = 0;
    while (!raw.ended() && at < head.size()) {
        raw.send(head.substr(at++, 1));
        raw.receive(Milliseconds{5});
    }
    CHECK(raw.ended());
    CHECK(at < head.size());
    CHECK(world.server->counters().deadlines_passed == 1);
    CHECK(world.server->counters().requests == 0);
}

TEST_CASE("T54 a handshake, a body, an idle connection and an unread answer have deadlines too") {
    SUBCASE("a handshake that never comes") {
        auto options = tls_options();
        options.header_time = short_time;
        const TlsWorld world(std::move(options));
        auto raw = RawConnection::silent(world.server->port());
        CHECK(raw.receive().empty());
        CHECK(raw.ended());
        CHECK(world.server->counters().deadlines_passed == 1);
    }
    SUBCASE("a body that stops") {
        ServerOptions options;
        options.request_time = short_time;
        const LocalWorld world(std::move(options));
        auto raw = RawConnection::local(world.path);
        raw.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
        CHECK(raw.receive().empty());
        CHECK(raw.ended());
        CHECK(world.server->counters().deadlines_passed == 1);
    }
    SUBCASE("a connection that is kept without use") {
        ServerOptions options;
        options.idle_time = short_time;
        const LocalWorld world(std::move(options));
        auto raw = RawConnection::local(world.path);
        raw.send("GET /open HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(status_line(raw.receive()) == 200);
        CHECK(raw.ended());
        CHECK(world.server->counters().deadlines_passed == 1);
    }
    SUBCASE("an answer that nobody reads") {
        ServerOptions options;
        options.request_time = short_time;
        Router router;
        router.add(route("GET", "/big", Who::anybody, 0, [](const Request&) {
            return text_response(200, Bytes(16 * 1024 * 1024, 'a'));
        }));
        const LocalWorld world(std::move(options), std::move(router));
        auto raw = RawConnection::local(world.path);
        raw.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
        const auto start = std::chrono::steady_clock::now();
        while (world.server->counters().deadlines_passed == 0 &&
               std::chrono::steady_clock::now() - start < long_time)
            std::this_thread::yield();
        CHECK(world.server->counters().deadlines_passed == 1);
    }
}

TEST_CASE("T54 a header without end is refused after its limit, and what follows is not kept") {
    const LocalWorld world;
    const std::string letters(1 << 20, 'a');
    for (const auto& flood : {letters, "GET /open HTTP/1.1\r\nHost: h\r\n" + letters}) {
        auto raw = RawConnection::local(world.path);
        std::size_t sent = 0;
        constexpr std::size_t whole = std::size_t{64} << 20;
        while (sent < whole) {
            const auto taken = raw.send(flood);
            sent += taken;
            if (taken < flood.size()) break;
        }
        // The server drops at most eight MiB before it cuts; the rest was in the socket.
        CHECK(sent < whole / 2);
    }
    auto raw = RawConnection::local(world.path);
    raw.send("GET /open HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024, 'a'));
    CHECK(status_line(raw.receive()) == 431);
}

TEST_CASE("T54 connections over the maximum are closed, and there is room again when one ends") {
    for (const bool per_address : {false, true}) {
        ServerOptions options;
        (per_address ? options.connections_per_address : options.connections) = 2;
        const LocalWorld world(std::move(options));
        const std::string ask = "GET /open HTTP/1.1\r\nHost: h\r\n\r\n";
        auto first = std::make_unique<RawConnection>(RawConnection::local(world.path));
        auto second = RawConnection::local(world.path);
        Bytes answer;
        first->send(ask);
        REQUIRE(first->receive_until("\"}", answer));
        second.send(ask);
        answer.clear();
        REQUIRE(second.receive_until("\"}", answer));
        auto third = RawConnection::local(world.path);
        third.send(ask);
        CHECK(third.receive().empty());
        CHECK(third.ended());
        CHECK(world.server->counters().connections_refused == 1);
        first.reset();
        while (world.server->counters().connections_open != 1)
            std::this_thread::yield();
        auto fourth = RawConnection::local(world.path);
        fourth.send("GET /open HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        CHECK(status_line(fourth.receive()) == 200);
    }
}

TEST_CASE("T54 bodies over the memory for all of them are refused with 503, and forgotten after") {
    ServerOptions options;
    options.bodies_bytes = 1000;
    const LocalWorld world(std::move(options));
    auto client = world.client();
    for (int i = 0; i < 3; ++i) {
        CHECK(client.send("POST", "/any", {}, Bytes(1000, 'a'), long_time)->status == 200);
        CHECK(client.send("POST", "/any", {}, Bytes(1001, 'a'), long_time)->status == 503);
    }
    // A connection that dies in the middle of its body gives its share back.
    for (int i = 0; i < 3; ++i) {
        auto raw = RawConnection::local(world.path);
        raw.send("POST /any HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + Bytes(900, 'a'));
    }
    while (world.server->counters().connections_open > 1)
        std::this_thread::yield();
    CHECK(client.send("POST", "/any", {}, Bytes(1000, 'a'), long_time)->status == 200);
}

TEST_CASE("a handler's fault shows only an incident number, whose text is in the log") {
    Router router;
    const std::string secret = "disk /dev/secret is broken";
    router.add(route("GET", "/fault", Who::anybody, 0, [&](const Request&) -> Response {
        throw Fault(secret);
    }));
    router.add(route("GET", "/storage", Who::anybody, 0, [&](const Request&) -> Response {
        throw StorageFault(secret);
    }));
    router.add(route("GET", "/exception", Who::anybody, 0, [&](const Request&) -> Response {
        throw std::out_of_range(secret);
    }));
    router.add(route(
        "GET", "/number", Who::anybody, 0, [](const Request&) -> Response { throw 7; })); // NOLINT
    router.add(route("GET", "/split", Who::anybody, 0, [](const Request&) {
        auto response = text_response(200, "x");
        response.headers.add("X-A", "b\r\nSet-Cookie: c");
        return response;
    }));
    router.add(route(
        "GET", "/status", Who::anybody, 0, [](const Request&) { return text_response(99, "x"); }));
    const LocalWorld world({}, std::move(router));
    auto client = world.client();
    std::set<std::string> incidents;
    for (const auto& [path, status] : std::vector<std::pair<std::string, int>>{
             {"/fault", 500},
             {"/storage", 503},
             {"/exception", 500},
             {"/number", 500},
             {"/split", 500},
             {"/status", 500}}) {
        CAPTURE(path);
        const auto answer = client.get(path, long_time);
        REQUIRE(answer.has_value());
        CHECK(answer->status == status);
        CHECK(answer->body.find("secret") == Bytes::npos);
        CHECK(!answer->headers.has("Set-Cookie"));
        CHECK(!refusal_from(*answer));
        incidents.insert(member(*answer, "incident"));
    }
    CHECK(incidents.size() == 6);
    const auto lines = world.log.lines("fault");
    REQUIRE(lines.size() == 6);
    CHECK(lines[0].at("problem") == secret);
    CHECK(lines[0].at("route") == "/fault");
    for (const auto& line : lines)
        CHECK(incidents.contains(line.at("incident")));
    CHECK(world.server->counters().answers_5xx == 6);
    CHECK(client.connections_opened() == 1);
}

TEST_CASE("a check of peers that throws is an incident, not an open door") {
    const TlsWorld world(
        tls_options(), usual_routes(), [](const Digest&) -> std::optional<std::string> {
            throw Fault("the directory cannot be read");
        });
    auto client = world.client(peer_identity());
    CHECK(client.get("/peers/x", long_time)->status == 500);
    CHECK(world.log.lines("fault").size() == 1);
}

TEST_CASE("requests are logged by pattern, never by path, when that is wanted") {
    auto options = tls_options();
    options.log_requests = true;
    const TlsWorld world(std::move(options));
    auto client = world.client(peer_identity());
    CHECK(client.get("/peers/the-case?q=secret", long_time)->status == 200);
    CHECK(client.get("/nothing-here", long_time)->status == 404);
    const auto lines = world.log.lines("request");
    REQUIRE(lines.size() == 2);
    CHECK(
        lines[0] == std::map<std::string, std::string>{
                        {"method", "GET"},
                        {"route", "/peers/{name}"},
                        {"status", "200"},
                        {"peer", "borealis"}});
    CHECK(lines[1].at("route") == "-");
}

TEST_CASE("stopping lets a running request finish, and accepts no other") {
    std::latch running{1};
    std::latch go_on{1};
    Router router = usual_routes();
    router.add(route("GET", "/slow", Who::anybody, 0, [&](const Request&) {
        running.count_down();
        go_on.wait();
        return text_response(200, "done");
    }));
    TlsWorld world(tls_options(), std::move(router));
    auto idle = world.client(peer_identity());
    CHECK(idle.get("/open", long_time)->status == 200);
    std::optional<Outcome> answer;
    std::thread caller([&] {
        auto client = world.client(peer_identity());
        answer = client.get("/slow", long_time);
    });
    running.wait();
    std::thread stopper([&] { world.server->stop(); });
    // A new connection is refused as soon as the stop has begun.
    for (bool refused = false; !refused;) {
        auto late = world.client(peer_identity());
        refused = !late.get("/open", long_time).has_value();
    }
    go_on.count_down();
    stopper.join();
    caller.join();
    REQUIRE(answer->has_value());
    CHECK((*answer)->status == 200);
    CHECK((*answer)->body == "done");
    CHECK((*answer)->headers.find("Connection") == "close");
    CHECK(!idle.get("/open", long_time).has_value());
    CHECK(world.server->counters().connections_open == 0);
}

TEST_CASE("stopping cuts connections that do not end within the stop time") {
    ServerOptions options;
    options.stop_time = short_time;
    const LocalWorld world(std::move(options));
    auto raw = RawConnection::local(world.path);
    raw.send("POST /any HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    Bytes answer;
    REQUIRE(raw.receive_until("\r\n\r\n", answer));
    world.server->stop();
    world.server->stop(); // a second time changes nothing
    CHECK(raw.receive().empty());
    CHECK(raw.ended());
}

TEST_CASE("servers start and stop many times in one process, on one port and path") {
    TemporaryDirectory directory;
    const auto path = directory.file("s");
    std::uint16_t port = 0;
    for (int i = 0; i < 20; ++i) {
        auto options = tls_options();
        options.tls->port = port;
        Server server(std::move(options), usual_routes(), usual_check());
        server.start();
        if (port == 0) port = server.port();
        CHECK(server.port() == port);
        Server local(local_options(path), usual_routes(), {});
        local.start();
        Client client(client_options(port, &peer_identity()));
        CHECK(client.get("/peers/x", long_time)->status == 200);
        CHECK(Client(LocalClientOptions{path}).get("/local", long_time)->status == 200);
    }
    CHECK(!std::filesystem::exists(path));
}

TEST_CASE("200 requests on 50 connections at once are each answered with their own answer") {
    TlsWorld world;
    auto options = client_options(world.server->port(), &peer_identity());
    options.connections = 50;
    Client client(std::move(options));
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 50; ++i)
        threads.emplace_back([&, i] {
            for (int j = 0; j < 4; ++j) {
                const Bytes body(
                    static_cast<std::size_t>(i * 4 + j) * 100, static_cast<char>('a' + j));
                const auto name = fmt::format("n{}-{}", i, j);
                const auto answer = client.send("POST", "/peers/" + name, {}, body, long_time);
                const auto wanted = fmt::format("\"name\":\"{}\"", name);
                const auto size = fmt::format("\"bytes\":{}", body.size());
                if (answer && answer->status == 200 && answer->body.find(wanted) != Bytes::npos &&
                    answer->body.find(size + ",") != Bytes::npos)
                    ++right;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(right == 200);
    CHECK(world.server->counters().requests == 200);
    CHECK(client.connections_opened() <= 50);
}

TEST_CASE("what cannot be served is a fault at the start") {
    const TlsWorld world;
    const auto starts = [](ServerOptions options) {
        Server server(std::move(options), usual_routes(), usual_check());
        server.start();
    };
    auto options = tls_options();
    options.tls->port = world.server->port();
    CHECK_THROWS_AS(starts(options), Fault); // taken
    options = tls_options();
    options.tls->address = "no address";
    CHECK_THROWS_AS(starts(options), Fault);
    options = tls_options();
    options.tls->key_pem = peer_identity().key_pem;
    CHECK_THROWS_AS(starts(options), Fault); // another key
    options = tls_options();
    options.tls->certificate_pem = "no certificate";
    CHECK_THROWS_AS(starts(options), Fault);
    CHECK_THROWS_AS(starts(local_options(std::string(108, 'a'))), Fault);
    CHECK_THROWS_AS(starts(local_options("")), Fault);
    CHECK_THROWS_AS(starts(local_options("/nonexistent/directory/s")), Fault);
}

TEST_CASE("the control socket has mode 0600, and replaces only a dead socket") {
    const TemporaryDirectory directory;
    const auto path = directory.file("s");
    const auto start = [&] {
        auto server = std::make_unique<Server>(local_options(path), usual_routes(), PeerCheck{});
        server->start();
        return server;
    };
    auto server = start();
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK(S_ISSOCK(status.st_mode));
    CHECK((status.st_mode & 07777U) == 0600U);
    CHECK_THROWS_AS(start(), Fault); // served by a living server
    CHECK(Client(LocalClientOptions{path}).get("/local", long_time)->status == 200);
    // A socket file that a crashed process left behind.
    const auto kept = directory.file("kept");
    std::filesystem::rename(path, kept);
    server.reset();
    std::filesystem::rename(kept, path);
    server = start();
    CHECK(Client(LocalClientOptions{path}).get("/local", long_time)->status == 200);
    server.reset();
    std::ofstream(path) << "a file that somebody needs";
    CHECK_THROWS_AS(start(), Fault);
    CHECK(std::filesystem::file_size(path) == 26);
}
