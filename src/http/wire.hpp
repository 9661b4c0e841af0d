// HTTP/1.1 as bytes (RFC 9112), read strictly and without a socket: what could be understood in two
// ways is refused, so nobody in between can be made to see another request than we do (threat T52).
// Internal to the room, and to the fuzz target.
#pragma once

#include "http/message.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace comity::http::wire {

/// What came is not a message: the status to answer with, and what was wrong.
struct Malformed {
    int status = 400;
    std::string detail;
};

template <class T>
using Parsed = tl::expected<T, Malformed>;

/// How long the body is.
struct Framing {
    bool chunked = false;
    std::uint64_t length = 0; ///< when not chunked

    [[nodiscard]] bool has_body() const { return chunked || length > 0; }
};

struct RequestHead {
    Request request;  ///< without body, params and peer
    std::string host; ///< of the Host field, lower case, without the port
    Framing framing;
    bool keep_alive = true;
    bool expects_continue = false;
};

struct ResponseHead {
    int status = 0;
    Headers headers;
    Framing framing;
    bool keep_alive = true;
};

/// Looks for the empty line that ends a head. `from` is how far an earlier call has looked; begin
/// with 0. Yields the size of the head including that line, or nothing when more is needed. A line
/// that does not end in CR LF is malformed, as is a CR anywhere else, or U+0000.
Parsed<std::optional<std::size_t>> find_head_end(BytesView bytes, std::size_t from);

/// One complete head, as find_head_end measured it.
Parsed<RequestHead> read_request_head(BytesView head);
/// `to_head`: the answer to HEAD, which has no body whatever its fields say.
Parsed<ResponseHead> read_response_head(BytesView head, bool to_head);

/// Reads a body piece by piece. Chunk extensions are refused, trailers are read and dropped.
class BodyReader {
public:
    BodyReader(Framing framing, std::size_t bytes_max);

    /// Takes what belongs to the body from the front of `bytes`, and says how much that was;
    /// appends content to `out`.
    Parsed<std::size_t> feed(BytesView bytes, Bytes& out);

    [[nodiscard]] bool done() const { return phase_ == Phase::done; }

private:
    enum class Phase { content, chunk_size, chunk_end, trailer, done };

    Parsed<bool> step(BytesView& rest, Bytes& out);
    Parsed<bool> take_line(BytesView& rest, std::size_t bytes_max);
    Parsed<bool> end_of_size_line();
    Parsed<bool> end_of_trailer_line();

    Phase phase_ = Phase::content;
    bool chunked_ = false;
    std::uint64_t left_ = 0; ///< of the content or the chunk
    std::size_t bytes_max_ = 0;
    std::size_t taken_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::string line_;
};

/// A whole request from bytes, and how many of them it took; for tests and fuzzing. Nothing when
/// the bytes end too early.
struct WholeRequest {
    Request request;
    std::size_t bytes = 0;
};

Parsed<std::optional<WholeRequest>> read_request(
    BytesView bytes, std::size_t header_bytes_max, std::size_t body_bytes_max);

/// The head and, unless `without_body`, the body of an answer. Bug when a field of ours could
/// split the head: callers test with is_field_value first.
Bytes write_response_head(const Response& response, bool keep_alive, std::string_view date);
Bytes write_request_head(
    std::string_view method, std::string_view target, std::string_view host, const Headers& headers,
    std::optional<std::size_t> body_bytes);

bool is_token(std::string_view text);
/// No control characters but the tab, no white space at either end.
bool is_field_value(std::string_view text);
/// The date form of HTTP (RFC 9110 section 5.6.7) for seconds since 1970.
std::string date_text(std::int64_t seconds);

} // namespace comity::http::wire
