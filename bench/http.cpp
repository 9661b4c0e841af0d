// Requests between two nodes on loopback, beside the bytes that the same TLS connection can carry
// without HTTP: what is measured is the cost of the server, its workers and the client together.
#include "bench.hpp"
#include "crypto/certificate.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "http/stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using namespace comity;
using namespace comity::http;

constexpr std::chrono::seconds patience{30};
constexpr int callers = 16;
constexpr int calls_each = 1500;
constexpr std::size_t question_bytes = 8 * 1024;
constexpr std::size_t answer_bytes = 60;

struct Identity {
    Bytes certificate;
    Bytes key;
    Digest fingerprint{};
};

Identity make_identity(const std::string& name) {
    const auto key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = name;
    options.use = crypto::CertificateUse::tls;
    options.not_before = system_now() - std::chrono::hours{1};
    options.not_after = system_now() + std::chrono::hours{1};
    const auto certificate = crypto::make_certificate(key, options);
    return {certificate.pem(), key.to_pem(), certificate.fingerprint()};
}

double calls_per_second(Client& client, int threads, int calls) {
    const Bytes question(question_bytes, 'q');
    std::atomic<int> failed{0};
    const double taken = bench::seconds([&] {
        std::vector<std::thread> all;
        for (int i = 0; i < threads; ++i)
            all.emplace_back([&] {
                for (int j = 0; j < calls; ++j) {
                    const auto answer = client.post_json("/answer", question, patience);
                    if (!answer || answer->status != 200) ++failed;
                }
            });
        for (auto& thread : all)
            thread.join();
    });
    if (failed != 0) throw std::runtime_error("a call of the benchmark failed");
    return threads * calls / taken;
}

// One side of a TLS connection in its thread: reads `in` bytes, writes `out`, so many times.
void echo(Stream& stream, int socket, bool begins, int rounds, std::size_t out, std::size_t in) {
    const auto wait = [&](Step step) {
        pollfd entry{socket, static_cast<short>(step == Step::wants_read ? POLLIN : POLLOUT), 0};
        ::poll(&entry, 1, -1);
    };
    for (Step step = stream.handshake(); step != Step::done; step = stream.handshake())
        wait(step);
    const Bytes bytes(out, 'q');
    std::vector<char> buffer(std::size_t{64} * 1024);
    const auto write = [&] {
        for (BytesView rest = bytes; !rest.empty();) {
            const auto moved = stream.write(rest);
            if (moved.step == Step::done)
                rest.remove_prefix(moved.bytes);
            else
                wait(moved.step);
        }
    };
    const auto read = [&] {
        for (std::size_t got = 0; got < in;) {
            const auto moved = stream.read(buffer);
            if (moved.step == Step::done)
                got += moved.bytes;
            else if (moved.step == Step::closed || moved.step == Step::failed)
                return;
            else
                wait(moved.step);
        }
    };
    for (int i = 0; i < rounds; ++i) {
        if (begins) write();
        read();
        if (!begins) write();
    }
}

// The limit: the same bytes over the same TLS, two threads a connection, no HTTP and no workers.
double raw_exchanges_per_second(const Identity& server, const Identity& client) {
    const TlsContext ours(TlsContext::Side::server, {server.certificate, server.key, {}});
    const TlsContext theirs(TlsContext::Side::client, {client.certificate, client.key, {}});
    const double taken = bench::seconds([&] {
        std::vector<std::thread> all;
        std::vector<int> sockets;
        for (int i = 0; i < callers; ++i) {
            std::array<int, 2> pair{};
            if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()) != 0)
                throw std::runtime_error("no sockets");
            sockets.insert(sockets.end(), pair.begin(), pair.end());
            all.emplace_back([&ours, socket = pair[0]] {
                const auto stream = ours.stream(socket, {});
                echo(*stream, socket, false, calls_each, answer_bytes, question_bytes);
            });
            all.emplace_back([&theirs, socket = pair[1]] {
                const auto stream = theirs.stream(socket, {});
                echo(*stream, socket, true, calls_each, question_bytes, answer_bytes);
            });
        }
        for (auto& thread : all)
            thread.join();
        for (const int socket : sockets)
            ::close(socket);
    });
    return callers * calls_each / taken;
}

} // namespace

COMITY_BENCH(http) {
    const auto ours = make_identity("server");
    const auto theirs = make_identity("client");
    Router router;
    router.add(
        {"POST", "/answer", Who::peer, question_bytes, "The benchmark's route",
         [](const Request& request) {
             return text_response(200, Bytes(answer_bytes, request.body.front()));
         }});
    ServerOptions options;
    options.tls = TlsListener{};
    options.tls->certificate_pem = ours.certificate;
    options.tls->key_pem = ours.key;
    options.tls->hosts = {"localhost"};
    Server server(std::move(options), std::move(router), [&](const Digest& fingerprint) {
        return fingerprint == theirs.fingerprint ? std::optional<std::string>("peer")
                                                 : std::nullopt;
    });
    server.start();
    const auto client_with = [&](std::size_t connections) {
        ClientOptions client;
        client.host = "localhost";
        client.port = server.port();
        client.certificate_pem = theirs.certificate;
        client.key_pem = theirs.key;
        client.accepts_server = [&](const Digest& fingerprint) {
            return fingerprint == ours.fingerprint;
        };
        client.connections = connections;
        return client;
    };

    Client many(client_with(callers));
    calls_per_second(many, callers, 20);
    const double raw = raw_exchanges_per_second(ours, theirs);
    const double calls = calls_per_second(many, callers, calls_each);
    bench::report(
        {"http.requests_16", calls, "/s", raw, calls / raw,
         "8 KiB POST, 60 bytes back, mutual TLS, 16 connections, client and server on this "
         "machine; limit: the same bytes over TLS without HTTP"});
    Client one(client_with(1));
    const double alone = calls_per_second(one, 1, calls_each);
    bench::report(
        {"http.round_trip", 1e6 / alone, "us", 0, 0, "one connection, one caller at a time"});
    constexpr int handshakes = 200;
    const double taken = bench::seconds([&] {
        for (int i = 0; i < handshakes; ++i) {
            Client fresh(client_with(1));
            if (!fresh.post_json("/answer", "q", patience))
                throw std::runtime_error("a call failed");
        }
    });
    bench::report(
        {"http.handshakes", handshakes / taken, "/s", 0, 0,
         "new mutual TLS connection, key loading and one request, one after the other"});
}
