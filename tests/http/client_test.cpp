// The client against our server, and against peers that misbehave: silent, broken, too long, gone.
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "http/client.hpp"
#include "support/http_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>

using namespace comity;
using namespace comity::http;
using namespace comity::http::testing;

namespace {

constexpr Milliseconds long_time = std::chrono::seconds{30};
constexpr Milliseconds short_time{200};

RawServer::Reply answer_of(std::string_view fields, std::string_view body) {
    return {fmt::format("HTTP/1.1 200 OK\r\n{}\r\n{}", fields, body), false, false};
}

const RawServer::Reply fine = answer_of("Content-Length: 2\r\n", "ok");

} // namespace

TEST_CASE("a client keeps its connection, and opens another when the server was restarted") {
    auto options = tls_options();
    auto server = std::make_unique<Server>(options, usual_routes(), usual_check());
    server->start();
    const auto port = server->port();
    Client client(client_options(port, &peer_identity()));
    for (int i = 0; i < 5; ++i)
        CHECK(client.get("/peers/x", long_time)->status == 200);
    CHECK(client.connections_opened() == 1);
    server.reset();
    const auto failed = client.get("/peers/x", long_time);
    REQUIRE(!failed.has_value());
    CHECK(!failed.error().sent);
    CHECK(failed.error().problem.text() == "no connection: Connection refused");
    CHECK(failed.error().problem.in("fr") == "pas de connexion : connexion refusée");
    options.tls->port = port;
    server = std::make_unique<Server>(options, usual_routes(), usual_check());
    server->start();
    CHECK(client.get("/peers/x", long_time)->status == 200);
    CHECK(client.connections_opened() == 2);
}

TEST_CASE("nothing is sent to a server whose certificate is not the pinned one") {
    Server server(tls_options(), usual_routes(), usual_check());
    server.start();
    auto options = client_options(server.port(), &peer_identity());
    options.accepts_server = [](const Digest& fingerprint) {
        return fingerprint == stranger_identity().fingerprint;
    };
    Client client(std::move(options));
    const auto answer = client.send("POST", "/peers/x", {}, "secret", long_time);
    REQUIRE(!answer.has_value());
    CHECK(!answer.error().sent);
    CHECK(answer.error().problem.text().find("pinned") != std::string::npos);
    CHECK(server.counters().requests == 0);
}

TEST_CASE("a server that is no longer pinned is not asked again on the connection that is kept") {
    Server server(tls_options(), usual_routes(), usual_check());
    server.start();
    std::atomic<bool> pinned{true};
    auto options = client_options(server.port(), &peer_identity());
    options.accepts_server = [&](const Digest&) {
        return pinned.load();
    };
    Client client(std::move(options));
    CHECK(client.get("/open", long_time)->status == 200);
    pinned = false;
    const auto answer = client.get("/open", long_time);
    REQUIRE(!answer.has_value());
    CHECK(!answer.error().sent);
    CHECK(server.counters().requests == 1);
}

TEST_CASE("a server's certificate outside its validity is refused") {
    const auto expired = make_identity("expired", -20, -1);
    auto options = tls_options();
    options.tls->certificate_pem = expired.certificate_pem;
    options.tls->key_pem = expired.key_pem;
    Server server(std::move(options), usual_routes(), usual_check());
    server.start();
    auto given = client_options(server.port(), &peer_identity());
    given.accepts_server = [](const Digest&) {
        return true;
    };
    Client client(given);
    const auto answer = client.get("/open", long_time);
    REQUIRE(!answer.has_value());
    CHECK(answer.error().problem.text().find("expired") != std::string::npos);
    CHECK(!answer.error().sent);
    // With the clock of that time it is accepted: the period is all that was wrong.
    given.now = [] {
        return system_now() - std::chrono::hours{24 * 10};
    };
    CHECK(Client(given).get("/open", long_time)->status == 200);
}

TEST_CASE("a certificate without its key is a fault at once") {
    auto options = client_options(1, &peer_identity());
    options.key_pem = stranger_identity().key_pem;
    CHECK_THROWS_AS(Client(std::move(options)), Fault);
}

TEST_CASE("a large body goes through TLS both ways, unchanged") {
    Router router;
    router.add(route("POST", "/back", Who::peer, 8 << 20, [](const Request& request) {
        Response response;
        response.content_type = "application/octet-stream";
        response.body = request.body;
        return response;
    }));
    Server server(tls_options(), std::move(router), usual_check());
    server.start();
    Client client(client_options(server.port(), &peer_identity()));
    for (const std::size_t bytes : {0U, 1U, 16'383U, 16'384U, 16'385U, 65'536U, 4U << 20U}) {
        const auto body = crypto::random_bytes(bytes);
        const auto answer = client.send("POST", "/back", {}, body, long_time);
        REQUIRE(answer.has_value());
        CHECK(answer->body == body);
        CHECK(answer->content_type == "application/octet-stream");
    }
    CHECK(client.connections_opened() == 1);
}

TEST_CASE("an early refusal of a large body is heard, over TLS too") {
    Server server(tls_options(), usual_routes(), usual_check());
    server.start();
    Client client(client_options(server.port(), &peer_identity()));
    for (int i = 0; i < 5; ++i) {
        const auto answer = client.send("POST", "/peers/x", {}, Bytes(6 << 20, 'a'), long_time);
        REQUIRE(answer.has_value());
        CHECK(answer->status == 413);
    }
    CHECK(client.get("/peers/x", long_time)->status == 200);
}

TEST_CASE("redirects are answers, and are not followed") {
    TemporaryDirectory directory;
    const RawServer server(directory.file("s"), [](int, int) {
        return RawServer::Reply{
            "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"};
    });
    Client client(LocalClientOptions{directory.file("s")});
    const auto answer = client.get("/x", long_time);
    CHECK(answer->status == 302);
    CHECK(server.requests() == 1);
}

TEST_CASE(
    "a kept connection that closes before any answer is replaced once, and the request repeated") {
    TemporaryDirectory directory;
    const auto path = directory.file("s");
    SUBCASE("the second connection answers") {
        const RawServer server(path, [](int connection, int request) {
            if (connection == 0 && request == 1) return RawServer::Reply{"", true, false};
            return fine;
        });
        Client client(LocalClientOptions{path});
        CHECK(client.get("/a", long_time).has_value());
        CHECK(client.get("/b", long_time).has_value());
        CHECK(client.connections_opened() == 2);
        CHECK(server.requests() == 3);
    }
    SUBCASE("the second connection closes too: that is the outcome") {
        const RawServer server(path, [](int connection, int request) {
            if (connection == 0 && request == 0) return fine;
            return RawServer::Reply{"", true, false};
        });
        Client client(LocalClientOptions{path});
        CHECK(client.get("/a", long_time).has_value());
        const auto answer = client.get("/b", long_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
        CHECK(server.requests() == 3);
    }
    SUBCASE("a part of an answer had come: the request is not repeated") {
        const RawServer server(path, [](int, int request) {
            if (request == 0) return fine;
            return RawServer::Reply{"HTTP/1.1 200 OK\r\nContent-Le", true, false};
        });
        Client client(LocalClientOptions{path});
        CHECK(client.get("/a", long_time).has_value());
        const auto answer = client.get("/b", long_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
        CHECK(server.requests() == 2);
    }
    SUBCASE("a new connection that closes is not tried again") {
        const RawServer server(path, [](int, int) { return RawServer::Reply{"", true, false}; });
        Client client(LocalClientOptions{path});
        CHECK(!client.get("/a", long_time).has_value());
        CHECK(server.requests() == 1);
    }
}

TEST_CASE("a peer that accepts and never answers is given up at the deadline") {
    TemporaryDirectory directory;
    SUBCASE("after the request") {
        const RawServer server(
            directory.file("s"), [](int, int) { return RawServer::Reply{"", false, true}; });
        Client client(LocalClientOptions{directory.file("s")});
        const auto answer = client.get("/x", short_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
        CHECK(answer.error().problem.text().find("within the time") != std::string::npos);
    }
    SUBCASE("in the middle of its answer") {
        const RawServer server(directory.file("s"), [](int, int request) {
            if (request == 0) return answer_of("Content-Length: 10\r\n", "half");
            return RawServer::Reply{};
        });
        Client client(LocalClientOptions{directory.file("s")});
        const auto answer = client.get("/x", short_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
    }
    SUBCASE("while a handler works for too long, the server lives on") {
        std::atomic<bool> go_on{false};
        Router router = usual_routes();
        router.add(route("GET", "/slow", Who::anybody, 0, [&](const Request&) {
            while (!go_on)
                std::this_thread::yield();
            return no_content();
        }));
        Server server(tls_options(), std::move(router), usual_check());
        server.start();
        Client client(client_options(server.port(), &peer_identity()));
        const auto answer = client.get("/slow", short_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
        CHECK(client.get("/open", long_time)->status == 200);
        go_on = true;
    }
    SUBCASE("nobody listens") {
        Client client(LocalClientOptions{directory.file("nobody")});
        const auto answer = client.get("/x", short_time);
        REQUIRE(!answer.has_value());
        CHECK(!answer.error().sent);
        std::uint16_t port = 0;
        {
            Server server(tls_options(), usual_routes(), usual_check());
            server.start();
            port = server.port();
        }
        const auto refused = Client(client_options(port, &peer_identity())).get("/open", long_time);
        REQUIRE(!refused.has_value());
        CHECK(!refused.error().sent);
    }
}

TEST_CASE("an answer over the limit is refused, by its length, its chunks and its header") {
    TemporaryDirectory directory;
    const auto ask = [&](const RawServer::Reply& reply) {
        const RawServer server(directory.file("s"), [&](int, int) { return reply; });
        LocalClientOptions options{directory.file("s")};
        options.response_bytes_max = 1000;
        return Client(std::move(options)).get("/x", long_time);
    };
    const auto chunked = [](std::size_t bytes) {
        return answer_of(
            "Transfer-Encoding: chunked\r\n",
            fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", bytes, Bytes(bytes, 'a')));
    };
    CHECK(ask(answer_of("Content-Length: 1000\r\n", Bytes(1000, 'a')))->body.size() == 1000);
    CHECK(ask(chunked(1000))->body.size() == 1000);
    CHECK(!ask(answer_of("Content-Length: 1001\r\n", Bytes(1001, 'a'))));
    CHECK(!ask(answer_of("Content-Length: 999999999999999999\r\n", "")));
    CHECK(!ask(chunked(1001)));
    CHECK(!ask(answer_of("X: " + Bytes(20'000, 'a') + "\r\nContent-Length: 0\r\n", "")));
}

TEST_CASE("an answer that could be understood in two ways is refused") {
    TemporaryDirectory directory;
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
          "HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "SSH-2.0-OpenSSH_9\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n folded\r\n\r\nok"}) {
        CAPTURE(bytes);
        const RawServer server(directory.file("s"), [&](int, int) {
            return RawServer::Reply{Bytes(bytes), true, false};
        });
        const auto answer = Client(LocalClientOptions{directory.file("s")}).get("/x", long_time);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().sent);
        CHECK(answer.error().problem.text().find("malformed") != std::string::npos);
    }
}

TEST_CASE("interim answers are passed over, but not without end") {
    TemporaryDirectory directory;
    const Bytes interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
    for (const int count : {1, 7, 8}) {
        const RawServer server(directory.file("s"), [&](int, int) {
            RawServer::Reply reply;
            for (int i = 0; i < count; ++i)
                reply.bytes += interim;
            reply.bytes += fine.bytes;
            return reply;
        });
        const auto answer = Client(LocalClientOptions{directory.file("s")}).get("/x", long_time);
        CHECK(answer.has_value() == (count < 8));
    }
}

TEST_CASE("bytes after an answer, and Connection: close, end the use of a connection") {
    TemporaryDirectory directory;
    for (const auto& reply :
         {answer_of("Content-Length: 2\r\n", "okHTTP/1.1 200 OK\r\n"),
          answer_of("Content-Length: 2\r\nConnection: close\r\n", "ok")}) {
        const RawServer server(directory.file("s"), [&](int, int) { return reply; });
        Client client(LocalClientOptions{directory.file("s")});
        CHECK(client.get("/x", long_time)->body == "ok");
        CHECK(client.get("/x", long_time)->body == "ok");
        CHECK(client.connections_opened() == 2);
    }
}

TEST_CASE("what would not be one request is not sent") {
    TemporaryDirectory directory;
    const RawServer server(directory.file("s"), [](int, int) { return fine; });
    Client client(LocalClientOptions{directory.file("s")});
    for (const auto* target : {"", "x", "http://h/x", "/a b", "/a\r\nX: y", "/a#b", "/\xc3\xa9"}) {
        CAPTURE(target);
        const auto answer = client.get(target, long_time);
        REQUIRE(!answer.has_value());
        CHECK(!answer.error().sent);
    }
    CHECK(!client.send("GET /x", "/x", {}, {}, long_time));
    CHECK(!client.send("GET", "/x", {{"X", "a\r\nY: b"}}, {}, long_time));
    CHECK(!client.send("GET", "/x", {{"X Y", "a"}}, {}, long_time));
    CHECK(server.requests() == 0);
    CHECK(client.get("/x", long_time)->body == "ok");
}

TEST_CASE(
    "callers beyond the connections of a client wait for one, and give up at their deadline") {
    TemporaryDirectory directory;
    std::atomic<bool> go_on{false};
    std::atomic<int> running{0};
    Router router;
    router.add(route("GET", "/slow", Who::local, 0, [&](const Request&) {
        ++running;
        while (!go_on)
            std::this_thread::yield();
        return no_content();
    }));
    Server server(local_options(directory.file("s")), std::move(router), {});
    server.start();
    LocalClientOptions options{directory.file("s")};
    options.connections = 1;
    Client client(std::move(options));
    std::thread first([&] { CHECK(client.get("/slow", long_time)->status == 204); });
    while (running == 0)
        std::this_thread::yield();
    const auto answer = client.get("/slow", short_time);
    REQUIRE(!answer.has_value());
    CHECK(!answer.error().sent);
    go_on = true;
    first.join();
    CHECK(client.get("/slow", long_time)->status == 204);
    CHECK(client.connections_opened() == 1);
}
