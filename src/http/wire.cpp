// The strict reader and writer of HTTP/1.1 messages.
#include "http/wire.hpp"

#include "base/ascii.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

namespace comity::http::wire {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t trailer_bytes_max = 4 * 1024;
// Sixteen hexadecimal digits and the line's end: the largest number that is held without overflow.
constexpr std::size_t size_line_bytes_max = 18;

// Fields that mean one thing: a second one could be read by somebody else instead of the first.
constexpr std::array<std::string_view, 8> singletons{
    "Host",   "Content-Length", "Transfer-Encoding", "Content-Type",
    "Expect", "Range",          "Authorization",     "Content-Range"};

// Fields that the writer sets by itself.
constexpr std::array<std::string_view, 6> framing_fields{
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type"};

tl::unexpected<Malformed> malformed(int status, std::string detail) {
    return tl::unexpected<Malformed>(Malformed{status, std::move(detail)});
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// RFC 3986: what may stand unencoded in a path or query.
bool is_target_character(char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("-._~!$&'()*+,;=:@%/?").find(c) != std::string_view::npos;
}

bool is_token_character(char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string_view next_line(std::string_view& rest) {
    const auto end = rest.find(line_end);
    CHECK_THAT(end != std::string_view::npos); // find_head_end saw every line's end
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + line_end.size());
    return line;
}

enum class Plus { is_plus, is_space };

// Percent-decoding; the result is UTF-8 without control characters, or nothing.
std::optional<std::string> decoded(std::string_view text, Plus plus) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plus == Plus::is_space) c = ' ';
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        out += c;
    }
    if (!is_utf8(out)) return std::nullopt;
    return out;
}

// A slash that was encoded would move the borders of the segments, and "." or ".." would leave
// the route that was looked up: none of our paths needs them.
Parsed<std::string> read_path(std::string_view raw) {
    std::string out;
    while (!raw.empty()) {
        raw.remove_prefix(1);
        const auto end = std::min(raw.find('/'), raw.size());
        const auto segment = decoded(raw.substr(0, end), Plus::is_plus);
        if (!segment) return malformed(400, "the path is not percent-encoded UTF-8 text");
        if (segment->find('/') != std::string::npos)
            return malformed(400, "the path holds an encoded slash");
        if (*segment == "." || *segment == "..")
            return malformed(400, "the path holds a segment of dots");
        out += '/';
        out += *segment;
        raw.remove_prefix(end);
    }
    return out;
}

Parsed<std::map<std::string, std::string>> read_query(std::string_view raw) {
    std::map<std::string, std::string> out;
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals), Plus::is_space);
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), Plus::is_space);
        if (!name || !value) return malformed(400, "the query is not percent-encoded UTF-8 text");
        if (!out.emplace(std::move(*name), std::move(*value)).second)
            return malformed(400, "a name occurs twice in the query");
    }
    return out;
}

Parsed<Headers> read_fields(std::string_view rest) {
    Headers out;
    for (auto line = next_line(rest); !line.empty(); line = next_line(rest)) {
        if (out.fields().size() == limits::http_header_fields)
            return malformed(
                431, fmt::format("more than {} header fields", limits::http_header_fields));
        const auto colon = line.find(':');
        // A line that begins with white space (obs-fold), or has some before its colon, has no
        // token for a name.
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return malformed(400, "a header line is not a field name, a colon and a value");
        const auto value = trimmed(line.substr(colon + 1));
        if (!is_field_value(value))
            return malformed(400, "a header value holds a control character");
        out.add(std::string(line.substr(0, colon)), std::string(value));
    }
    if (!rest.empty()) return malformed(400, "bytes after the empty line");
    for (const auto name : singletons)
        if (out.count(name) > 1) return malformed(400, fmt::format("{} occurs twice", name));
    return out;
}

// RFC 9112 section 6.3, without its tolerance: a message with both lengths is refused.
Parsed<Framing> read_framing(const Headers& headers) {
    const auto encoding = headers.find("Transfer-Encoding");
    const auto length = headers.find("Content-Length");
    if (encoding && length)
        return malformed(400, "both Content-Length and Transfer-Encoding: the length is ambiguous");
    if (encoding) {
        if (ascii_lower(*encoding) != "chunked")
            return malformed(501, "the only transfer coding here is chunked");
        return Framing{true, 0};
    }
    if (!length) return Framing{};
    constexpr std::size_t digits_max = 18; // fits 64 bits
    if (length->empty() || length->size() > digits_max || !std::ranges::all_of(*length, is_digit))
        return malformed(400, "Content-Length is not one decimal number");
    Framing framing;
    for (const char c : *length)
        framing.length = framing.length * 10 + static_cast<std::uint64_t>(c - '0');
    return framing;
}

bool says_close(const Headers& headers) {
    for (const auto& [name, value] : headers.fields()) {
        if (ascii_lower(name) != "connection") continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(','), rest.size());
            if (ascii_lower(trimmed(rest.substr(0, end))) == "close") return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return false;
}

// The Host field without its port (RFC 9110 section 7.2); lower case, brackets kept.
std::optional<std::string> read_host(std::string_view value) {
    const auto after = value.starts_with('[') ? value.find(']') : std::size_t{0};
    if (after == std::string_view::npos) return std::nullopt;
    const auto colon = value.find(':', after);
    const auto name = value.substr(0, colon);
    const auto allowed = [](char c) {
        return is_letter(c) || is_digit(c) ||
               std::string_view("-._[]:").find(c) != std::string_view::npos;
    };
    if (name.empty() || !std::ranges::all_of(name, allowed)) return std::nullopt;
    if (after == 0 && name.find_first_of("[]:") != std::string_view::npos) return std::nullopt;
    if (after != 0 && after + 1 != name.size()) return std::nullopt;
    if (colon != std::string_view::npos) {
        const auto port = value.substr(colon + 1);
        if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit))
            return std::nullopt;
    }
    return ascii_lower(name);
}

bool is_version(std::string_view text) {
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
           is_digit(text[7]);
}

Parsed<void> read_request_line(std::string_view line, Request& request) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return malformed(400, "the request line is not a method, a target and a version");
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    constexpr std::size_t method_bytes_max = 16;
    if (!is_token(method) || method.size() > method_bytes_max)
        return malformed(400, "the method is not a token");
    if (!is_version(version)) return malformed(400, "the version is not one of HTTP");
    if (version != "HTTP/1.1") return malformed(505, "this server speaks HTTP/1.1");
    // Absolute targets are for proxies, and could name another host than the Host field.
    if (!target.starts_with('/') || !std::ranges::all_of(target, is_target_character))
        return malformed(400, "the target is not a path with an optional query");
    request.method = method;
    request.target = target;
    const auto question = std::min(target.find('?'), target.size());
    auto path = read_path(target.substr(0, question));
    if (!path) return tl::unexpected<Malformed>(std::move(path.error()));
    auto query = read_query(target.substr(std::min(question + 1, target.size())));
    if (!query) return tl::unexpected<Malformed>(std::move(query.error()));
    request.path = std::move(*path);
    request.query = std::move(*query);
    return {};
}

void write_fields(Bytes& out, const Headers& headers) {
    for (const auto& [name, value] : headers.fields()) {
        CHECK_THAT(is_token(name) && is_field_value(value));
        const bool ours = std::ranges::any_of(framing_fields, [&](std::string_view field) {
            return ascii_lower(field) == ascii_lower(name);
        });
        if (!ours) out += fmt::format("{}: {}\r\n", name, value);
    }
}

} // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_field_value(std::string_view text) {
    if (trimmed(text).size() != text.size()) return false;
    return std::ranges::all_of(text, [](char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    });
}

Parsed<std::optional<std::size_t>> find_head_end(BytesView bytes, std::size_t from) {
    // What was looked at before may have ended inside the end mark, so step back over it.
    constexpr std::size_t mark = 4;
    for (std::size_t i = from >= mark ? from - mark : 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\0') return malformed(400, "the header holds U+0000");
        if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] != '\n')
            return malformed(400, "the header holds a lone CR");
        if (c != '\n') continue;
        if (i == 0 || bytes[i - 1] != '\r')
            return malformed(400, "a header line ends in a lone LF");
        if (i >= 3 && bytes.substr(i - 3, mark) == "\r\n\r\n")
            return std::optional<std::size_t>(i + 1);
    }
    return std::optional<std::size_t>();
}

Parsed<RequestHead> read_request_head(BytesView head) {
    RequestHead out;
    std::string_view rest = head;
    auto line = read_request_line(next_line(rest), out.request);
    if (!line) return tl::unexpected<Malformed>(std::move(line.error()));
    if (rest.empty()) return malformed(400, "there is no Host field");
    auto fields = read_fields(rest);
    if (!fields) return tl::unexpected<Malformed>(std::move(fields.error()));
    auto framing = read_framing(*fields);
    if (!framing) return tl::unexpected<Malformed>(std::move(framing.error()));
    auto host = read_host(fields->find("Host").value_or(""));
    if (!host) return malformed(400, "there is no Host field of the form name or name:port");
    if (const auto expect = fields->find("Expect")) {
        if (ascii_lower(*expect) != "100-continue")
            return malformed(417, "the expectation is not known");
        out.expects_continue = true;
    }
    out.host = std::move(*host);
    out.framing = *framing;
    out.keep_alive = !says_close(*fields);
    out.request.headers = std::move(*fields);
    return out;
}

Parsed<ResponseHead> read_response_head(BytesView head, bool to_head) {
    std::string_view rest = head;
    const auto line = next_line(rest);
    constexpr std::size_t status_at = 9;
    const bool formed = line.size() >= status_at + 3 && line.starts_with("HTTP/1.1 ") &&
                        std::ranges::all_of(line.substr(status_at, 3), is_digit) &&
                        (line.size() == status_at + 3 || line[status_at + 3] == ' ');
    if (!formed) return malformed(400, "the answer does not begin with an HTTP/1.1 status line");
    ResponseHead out;
    for (const char c : line.substr(status_at, 3))
        out.status = out.status * 10 + (c - '0');
    if (out.status < 100 || out.status > 599) return malformed(400, "the status is out of range");
    if (rest.empty()) return malformed(400, "the header has no end");
    auto fields = read_fields(rest);
    if (!fields) return tl::unexpected<Malformed>(std::move(fields.error()));
    auto framing = read_framing(*fields);
    if (!framing) return tl::unexpected<Malformed>(std::move(framing.error()));
    const bool bodiless = to_head || out.status < 200 || out.status == 204 || out.status == 304;
    // A body that lasts until the connection closes cannot be told from a broken one.
    if (!bodiless && !framing->chunked && !fields->has("Content-Length"))
        return malformed(400, "the answer does not say how long it is");
    out.framing = bodiless ? Framing{} : *framing;
    out.keep_alive = !says_close(*fields);
    out.headers = std::move(*fields);
    return out;
}

BodyReader::BodyReader(Framing framing, std::size_t bytes_max)
    : chunked_(framing.chunked), left_(framing.length), bytes_max_(bytes_max) {
    if (chunked_)
        phase_ = Phase::chunk_size;
    else if (left_ == 0)
        phase_ = Phase::done;
}

Parsed<std::size_t> BodyReader::feed(BytesView bytes, Bytes& out) {
    BytesView rest = bytes;
    while (phase_ != Phase::done && !rest.empty()) {
        const auto more = step(rest, out);
        if (!more) return tl::unexpected<Malformed>(more.error());
        if (!*more) break;
    }
    return bytes.size() - rest.size();
}

// One phase's share of `rest`; false when it needs more bytes.
Parsed<bool> BodyReader::step(BytesView& rest, Bytes& out) {
    switch (phase_) {
    case Phase::content: {
        if (left_ > bytes_max_ - taken_)
            return malformed(
                413, fmt::format("the body is over the limit of {} bytes", bytes_max_));
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
        out.append(rest.substr(0, size));
        rest.remove_prefix(size);
        left_ -= size;
        taken_ += size;
        if (left_ == 0) phase_ = chunked_ ? Phase::chunk_end : Phase::done;
        return true;
    }
    case Phase::chunk_size: {
        const auto line = take_line(rest, size_line_bytes_max);
        if (!line || !*line) return line;
        return end_of_size_line();
    }
    case Phase::chunk_end: {
        const auto line = take_line(rest, line_end.size());
        if (!line || !*line) return line;
        if (!line_.empty()) return malformed(400, "a chunk is longer than its size says");
        phase_ = Phase::chunk_size;
        return true;
    }
    case Phase::trailer: {
        const auto line = take_line(rest, trailer_bytes_max);
        if (!line || !*line) return line;
        return end_of_trailer_line();
    }
    case Phase::done: return false;
    }
    CHECK_THAT(false);
}

// Collects one line into line_, without its end; true when it is complete.
Parsed<bool> BodyReader::take_line(BytesView& rest, std::size_t bytes_max) {
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        const bool after_cr = line_.ends_with('\r');
        if (after_cr != (c == '\n'))
            return malformed(400, "a line of the chunked body has no CR LF");
        line_ += c;
        if (line_.size() > bytes_max)
            return malformed(400, "a line of the chunked body is too long");
        if (c == '\n') {
            line_.resize(line_.size() - line_end.size());
            return true;
        }
    }
    return false;
}

Parsed<bool> BodyReader::end_of_size_line() {
    if (line_.empty()) return malformed(400, "a chunk has no size");
    std::uint64_t size = 0;
    for (const char c : line_) {
        const int value = hex_value(c);
        if (value < 0) return malformed(400, "a chunk size is not a hexadecimal number");
        size = size * 16 + static_cast<std::uint64_t>(value);
    }
    line_.clear();
    if (size > bytes_max_ - taken_)
        return malformed(413, fmt::format("the body is over the limit of {} bytes", bytes_max_));
    left_ = size;
    phase_ = size == 0 ? Phase::trailer : Phase::content;
    return true;
}

Parsed<bool> BodyReader::end_of_trailer_line() {
    if (line_.empty()) {
        phase_ = Phase::done;
        return true;
    }
    trailer_bytes_ += line_.size();
    if (trailer_bytes_ > trailer_bytes_max) return malformed(431, "the trailer is too long");
    const auto colon = line_.find(':');
    if (colon == std::string::npos || !is_token(std::string_view(line_).substr(0, colon)) ||
        !is_field_value(trimmed(std::string_view(line_).substr(colon + 1))))
        return malformed(400, "a trailer line is not a field name, a colon and a value");
    line_.clear();
    return true;
}

Parsed<std::optional<WholeRequest>> read_request(
    BytesView bytes, std::size_t header_bytes_max, std::size_t body_bytes_max) {
    const auto end = find_head_end(bytes.substr(0, header_bytes_max), 0);
    if (!end) return tl::unexpected<Malformed>(end.error());
    if (!*end && bytes.size() >= header_bytes_max) return malformed(431, "the header is too long");
    if (!*end) return std::optional<WholeRequest>();
    auto head = read_request_head(bytes.substr(0, **end));
    if (!head) return tl::unexpected<Malformed>(std::move(head.error()));
    WholeRequest out{std::move(head->request), **end};
    BodyReader body(head->framing, body_bytes_max);
    const auto taken = body.feed(bytes.substr(out.bytes), out.request.body);
    if (!taken) return tl::unexpected<Malformed>(taken.error());
    if (!body.done()) return std::optional<WholeRequest>();
    out.bytes += *taken;
    return std::optional<WholeRequest>(std::move(out));
}

Bytes write_response_head(const Response& response, bool keep_alive, std::string_view date) {
    CHECK_THAT(is_field_value(response.content_type));
    Bytes out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_phrase(response.status));
    if (!date.empty()) out += fmt::format("Date: {}\r\n", date);
    const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;
    if (!response.content_type.empty() && !bodiless)
        out += fmt::format("Content-Type: {}\r\n", response.content_type);
    if (!bodiless) out += fmt::format("Content-Length: {}\r\n", response.body.size());
    if (!keep_alive) out += "Connection: close\r\n";
    write_fields(out, response.headers);
    out += line_end;
    return out;
}

Bytes write_request_head(
    std::string_view method, std::string_view target, std::string_view host, const Headers& headers,
    std::optional<std::size_t> body_bytes) {
    Bytes out = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", method, target, host);
    if (body_bytes) out += fmt::format("Content-Length: {}\r\n", *body_bytes);
    if (const auto type = headers.find("Content-Type")) {
        CHECK_THAT(is_field_value(*type));
        out += fmt::format("Content-Type: {}\r\n", *type);
    }
    write_fields(out, headers);
    out += line_end;
    return out;
}

std::string date_text(std::int64_t seconds) {
    using namespace std::chrono;
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_seconds time{std::chrono::seconds{seconds}};
    const auto day = floor<std::chrono::days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days.at(weekday{day}.c_encoding()),
        static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
        static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
        clock.seconds().count());
}

} // namespace comity::http::wire
