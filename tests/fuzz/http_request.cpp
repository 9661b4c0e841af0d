// Fuzzing the reader of HTTP/1.1 requests: whatever comes, it is refused or has one meaning.
#include "base/check.hpp"
#include "http/wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace comity;
using namespace comity::http;

namespace {

constexpr std::size_t header_max = 4096;
constexpr std::size_t body_max = 8192;

// The body in pieces of one byte must be the body in one piece.
void check_cuts(BytesView bytes, const wire::WholeRequest& whole) {
    const auto end = wire::find_head_end(bytes, 0);
    CHECK_THAT(end && *end);
    const auto head = wire::read_request_head(bytes.substr(0, **end));
    CHECK_THAT(head.has_value());
    wire::BodyReader reader(head->framing, body_max);
    Bytes body;
    std::size_t at = **end;
    for (; !reader.done(); ++at) {
        const auto taken = reader.feed(bytes.substr(at, 1), body);
        CHECK_THAT(taken && *taken == 1);
    }
    CHECK_THAT(at == whole.bytes && body == whole.request.body);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    const auto read = wire::read_request(bytes, header_max, body_max);
    if (read && *read) {
        const auto& request = (*read)->request;
        CHECK_THAT((*read)->bytes <= size && request.body.size() <= body_max);
        CHECK_THAT(request.headers.count("Host") == 1);
        CHECK_THAT(
            request.headers.count("Content-Length") + request.headers.count("Transfer-Encoding") <=
            1);
        CHECK_THAT(request.path.starts_with('/') && is_utf8(request.path));
        CHECK_THAT(request.path.find("/../") == std::string::npos);
        check_cuts(bytes, **read);
    }
    // The client's side reads heads with the same parts.
    const auto end = wire::find_head_end(bytes.substr(0, header_max), 0);
    if (end && *end)
        static_cast<void>(wire::read_response_head(bytes.substr(0, **end), size % 2 == 0));
    return 0;
}
