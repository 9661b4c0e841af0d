// The reader of HTTP/1.1 messages, without sockets: what is accepted, the corpus of messages that
// could be understood in two ways (T52), and properties over random splits and mutations.
#include "http/client.hpp"
#include "http/wire.hpp"
#include "support/http_corpus.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace comity;
using namespace comity::http;

namespace {

constexpr std::size_t header_max = 16 * 1024;
constexpr std::size_t body_max = 1000;

int status_of_bytes(BytesView bytes) {
    const auto result = wire::read_request(bytes, header_max, body_max);
    if (!result) return result.error().status;
    return *result ? 200 : 0;
}

wire::WholeRequest whole(BytesView bytes) {
    auto result = wire::read_request(bytes, header_max, body_max);
    REQUIRE(result.has_value());
    REQUIRE(result->has_value());
    return std::move(**result);
}

} // namespace

TEST_CASE("a plain request is read with its path, query, fields and body") {
    const Bytes bytes =
        "POST /cases/a%20b/%C3%A9t%C3%A9?after=12&x=a%26b+c&empty HTTP/1.1\r\n"
        "Host: Node.Example:8443\r\nX-One:  \t value \t\r\ncontent-length: 3\r\n\r\nabcGET";
    const auto read = whole(bytes);
    CHECK(read.bytes == bytes.size() - 3);
    CHECK(read.request.method == "POST");
    CHECK(read.request.path == "/cases/a b/été");
    CHECK(read.request.query_if("after") == "12");
    CHECK(read.request.query_if("x") == "a&b c");
    CHECK(read.request.query_if("empty") == "");
    CHECK(!read.request.query_if("missing"));
    CHECK(read.request.headers.find("x-one") == "value");
    CHECK(read.request.body == "abc");
    CHECK(read.request.target.starts_with("/cases/a%20b"));
}

TEST_CASE("a chunked request is read, and its trailer dropped") {
    const auto read = whole("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
                            "5\r\nhello\r\n0A\r\n, world!!!\r\n0\r\nX-Trailer: t\r\n\r\n");
    CHECK(read.request.body == "hello, world!!!");
    CHECK(!read.request.headers.has("X-Trailer"));
}

TEST_CASE("T52 every message that could be understood in two ways is refused") {
    for (const auto& row : testing::smuggling_corpus()) {
        CAPTURE(row.name);
        CHECK(status_of_bytes(row.bytes) == row.status);
    }
}

TEST_CASE("each harmless neighbour of the smuggling corpus is accepted") {
    for (const auto& row : testing::harmless_corpus()) {
        CAPTURE(row.name);
        CHECK(status_of_bytes(row.bytes) == 200);
    }
}

TEST_CASE("a header is refused above its limit of bytes, not at it") {
    const auto with_size = [](std::size_t bytes) {
        const std::string begin = "GET /x HTTP/1.1\r\nHost: h\r\nX: ";
        return begin + std::string(bytes - begin.size() - 4, 'a') + "\r\n\r\n";
    };
    CHECK(status_of_bytes(with_size(header_max - 1)) == 200);
    CHECK(status_of_bytes(with_size(header_max)) == 200);
    CHECK(status_of_bytes(with_size(header_max + 1)) == 431);
    CHECK(status_of_bytes(std::string(header_max - 1, 'a')) == 0);
    CHECK(status_of_bytes(std::string(header_max, 'a')) == 431);
}

TEST_CASE("more header fields than the limit are refused") {
    const auto with_fields = [](std::size_t count) {
        std::string out = "GET /x HTTP/1.1\r\nHost: h\r\n";
        for (std::size_t i = 1; i < count; ++i)
            out += "X: y\r\n";
        return out + "\r\n";
    };
    CHECK(status_of_bytes(with_fields(limits::http_header_fields - 1)) == 200);
    CHECK(status_of_bytes(with_fields(limits::http_header_fields)) == 200);
    CHECK(status_of_bytes(with_fields(limits::http_header_fields + 1)) == 431);
}

TEST_CASE("a body is refused above its limit, by its length and by its chunks") {
    const auto by_length = [](std::size_t bytes) {
        return fmt::format(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", bytes,
            std::string(bytes, 'a'));
    };
    const auto by_chunks = [](std::size_t bytes) {
        std::string out = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (std::size_t left = bytes; left > 0;) {
            const auto size = std::min<std::size_t>(left, 300);
            out += fmt::format("{:x}\r\n{}\r\n", size, std::string(size, 'a'));
            left -= size;
        }
        return out + "0\r\n\r\n";
    };
    for (const std::size_t bytes : {body_max - 1, body_max}) {
        CHECK(status_of_bytes(by_length(bytes)) == 200);
        CHECK(status_of_bytes(by_chunks(bytes)) == 200);
    }
    CHECK(status_of_bytes(by_length(body_max + 1)) == 413);
    CHECK(status_of_bytes(by_chunks(body_max + 1)) == 413);
    // The size alone refuses it: nothing of the chunk needs to come.
    CHECK(
        status_of_bytes("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "ffffffffffffffff\r\n") == 413);
}

TEST_CASE("a trailer has a limit too") {
    std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    for (int i = 0; i < 100; ++i)
        bytes += "X-Trailer: " + std::string(50, 't') + "\r\n";
    CHECK(status_of_bytes(bytes) == 431);
}

TEST_CASE("a request is read alike however its bytes are cut") {
    const std::string head = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string body = "5\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nA: b\r\n\r\n";
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 500; ++round) {
        std::size_t looked = 0;
        std::optional<std::size_t> end;
        for (std::size_t have = 0; !end && have < head.size();) {
            have = std::min<std::size_t>(head.size(), have + 1 + random() % 20);
            const auto found = wire::find_head_end(BytesView(head).substr(0, have), looked);
            REQUIRE(found.has_value());
            end = *found;
            looked = have;
        }
        REQUIRE(end == head.size());
        wire::BodyReader reader({true, 0}, body_max);
        Bytes in;
        Bytes out;
        for (std::size_t have = 0; have < body.size();) {
            const auto size = std::min<std::size_t>(body.size() - have, 1 + random() % 9);
            in += body.substr(have, size);
            have += size;
            const auto taken = reader.feed(in, out);
            REQUIRE(taken.has_value());
            in.erase(0, *taken);
            CHECK(reader.done() == (have == body.size()));
        }
        CHECK(out == "hello0123456789abcdef");
        CHECK(in.empty());
    }
}

TEST_CASE("what is malformed is found at every cut, and no mutation breaks the reader") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::vector<Bytes> seeds;
    for (const auto& row : testing::smuggling_corpus())
        seeds.push_back(row.bytes);
    for (const auto& row : testing::harmless_corpus())
        seeds.push_back(row.bytes);
    constexpr std::string_view spice = "\r\n\t :;,0fF%/?&=\"\\\x00\x7f\xc3";
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        Bytes bytes = seeds[random() % seeds.size()];
        for (auto changes = 1 + random() % 4; changes > 0 && !bytes.empty(); --changes) {
            const auto at = random() % bytes.size();
            const char c = spice[random() % spice.size()];
            if (random() % 3 == 0)
                bytes.erase(at, 1);
            else if (random() % 2 == 0)
                bytes.insert(at, 1, c);
            else
                bytes[at] = c;
        }
        const auto read = wire::read_request(bytes, header_max, body_max);
        if (!read || !*read) continue;
        ++accepted;
        // What was accepted has one length, one host, and a path that means what it says.
        const auto& request = (*read)->request;
        CHECK((*read)->bytes <= bytes.size());
        CHECK(request.headers.count("Host") == 1);
        CHECK(
            request.headers.count("Content-Length") + request.headers.count("Transfer-Encoding") <=
            1);
        CHECK(request.path.starts_with('/'));
        CHECK(is_utf8(request.path));
        CHECK(request.path.find("/../") == std::string::npos);
    }
    CHECK(accepted > 0);
}

TEST_CASE("what the client writes, the server reads") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 500; ++round) {
        std::string segment = "s"; // never a segment of dots
        for (auto left = random() % 12; left > 0; --left) {
            const std::string_view some = "aZ09-._~ %&+=?#@é/";
            segment += some[random() % 16]; // all but é and the slash
        }
        const auto head = wire::write_request_head(
            "GET", "/p/" + encode_segment(segment) + "?q=1", "host:1", {{"X-Field", "some value"}},
            0);
        const auto read = wire::read_request_head(head);
        REQUIRE(read.has_value());
        CHECK(read->request.path == "/p/" + segment);
        CHECK(read->host == "host");
        CHECK(read->request.headers.find("X-Field") == "some value");
    }
}

TEST_CASE("an answer is read with its framing, and refused when its length is unsaid or double") {
    const auto read = [](std::string_view fields, bool to_head = false) {
        return wire::read_response_head(fmt::format("HTTP/1.1 200 OK\r\n{}\r\n", fields), to_head);
    };
    CHECK(read("Content-Length: 5\r\n")->framing.length == 5);
    CHECK(read("Transfer-Encoding: chunked\r\n")->framing.chunked);
    CHECK(read("Content-Length: 5\r\n", true)->framing.length == 0);
    CHECK(!read("Content-Length: 5\r\nConnection: x, Close\r\n")->keep_alive);
    CHECK(!read(""));
    CHECK(!read("Content-Length: 5\r\nContent-Length: 5\r\n"));
    CHECK(!read("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(!read("Content-Length : 5\r\n"));
    for (const std::string_view line :
         {"HTTP/1.0 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 600 X", "HTTP/1.1  200", "HTTP/2 200",
          "HTTP/1.1 2000", "ICY 200 OK"}) {
        CAPTURE(line);
        CHECK(
            !wire::read_response_head(fmt::format("{}\r\nContent-Length: 0\r\n\r\n", line), false));
    }
    CHECK(wire::read_response_head("HTTP/1.1 204\r\nX: y\r\n\r\n", false)->status == 204);
}

TEST_CASE("a response is written with its length, and none where it has no body") {
    Response response = text_response(200, "hello");
    const auto head = wire::write_response_head(response, true, "now");
    CHECK(
        head == "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Length: 5\r\n\r\n");
    CHECK(
        wire::write_response_head(no_content(), false, "") ==
        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    // Framing is the writer's: a handler cannot add a second length.
    response.headers.add("content-length", "9");
    response.headers.add("Transfer-Encoding", "chunked");
    CHECK(wire::write_response_head(response, true, "now") == head);
}

TEST_CASE("dates have the form of RFC 9110") {
    CHECK(wire::date_text(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"); // the RFC's own example
    CHECK(wire::date_text(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(wire::date_text(1709164800) == "Thu, 29 Feb 2024 00:00:00 GMT");
}
