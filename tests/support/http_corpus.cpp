// The corpus of ambiguous requests, after RFC 9112 section 11.2 and the published variants
// (CL.TE, TE.CL, TE.TE, obs-fold, bare LF, chunk extensions, absolute targets).
#include "support/http_corpus.hpp"

#include <fmt/format.h>

namespace comity::http::testing {

namespace {

constexpr const char* chunks = "3\r\nabc\r\n0\r\n\r\n";

Bytes with(std::string_view fields, std::string_view body = "") {
    return fmt::format("POST /any HTTP/1.1\r\nHost: localhost\r\n{}\r\n{}", fields, body);
}

Bytes line(std::string_view request_line) {
    return fmt::format("{}\r\nHost: localhost\r\n\r\n", request_line);
}

Bytes chunked(std::string_view body) {
    return with("Transfer-Encoding: chunked\r\n", body);
}

Bytes nul_in_name() {
    Bytes out = with("X-A: b\r\n");
    out[out.find("X-A") + 1] = '\0';
    return out;
}

std::vector<CorpusRow> lengths() {
    return {
        {"both lengths, CL first",
         with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", chunks)},
        {"both lengths, TE first",
         with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", chunks)},
        {"two equal lengths", with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc")},
        {"two different lengths", with("Content-Length: 3\r\nContent-Length: 0\r\n", "abc")},
        {"a list of lengths", with("Content-Length: 3, 3\r\n", "abc")},
        {"a length with a sign", with("Content-Length: +3\r\n", "abc")},
        {"a negative length", with("Content-Length: -3\r\n", "abc")},
        {"a hexadecimal length", with("Content-Length: 0x3\r\n", "abc")},
        {"an empty length", with("Content-Length:\r\n", "abc")},
        {"a length with inner space", with("Content-Length: 1 0\r\n", "abc")},
        {"a length over 64 bits", with("Content-Length: 18446744073709551619\r\n", "abc")},
        {"white space before the colon", with("Content-Length : 3\r\n", "abc")},
        {"a tab before the colon", with("Transfer-Encoding\t: chunked\r\n", chunks)},
        {"two transfer encodings",
         with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks)},
        {"chunked and another coding", with("Transfer-Encoding: gzip, chunked\r\n", chunks), 501},
        {"chunked twice in a list", with("Transfer-Encoding: chunked, chunked\r\n", chunks), 501},
        {"a misspelt coding", with("Transfer-Encoding: xchunked\r\n", chunks), 501},
        {"a coding with a vertical tab", with(
                                             "Transfer-Encoding: \x0b"
                                             "chunked\r\n",
                                             chunks)},
        {"a quoted coding", with("Transfer-Encoding: \"chunked\"\r\n", chunks), 501},
        {"identity", with("Transfer-Encoding: identity\r\n", "abc"), 501},
        {"an empty coding", with("Transfer-Encoding:\r\n", chunks), 501},
    };
}

std::vector<CorpusRow> lines() {
    return {
        {"a folded header line", with("X-A: b\r\n c\r\n")},
        {"a folded transfer encoding", with("Transfer-Encoding:\r\n chunked\r\n", chunks)},
        {"the first field is folded", "GET /open HTTP/1.1\r\n Host: localhost\r\n\r\n"},
        {"bare LF after the request line", "GET /open HTTP/1.1\nHost: localhost\r\n\r\n"},
        {"bare LF after a field", "GET /open HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n"},
        {"bare LF as the end", "GET /open HTTP/1.1\r\nHost: localhost\r\n\n"},
        {"only LF", "GET /open HTTP/1.1\nHost: localhost\n\n"},
        {"a lone CR in a value", with("X-A: b\rContent-Length: 3\r\n")},
        {"a lone CR before the end of a line", with("X-A: b\r\r\n")},
        {"U+0000 in a name", nul_in_name()},
        {"a control character in a value", with("X-A: b\x01\r\n")},
        {"DEL in a value", with("X-A: b\x7f\r\n")},
        {"a field without colon", with("X-A\r\n")},
        {"an empty name", with(": b\r\n")},
        {"a name with a space", with("X A: b\r\n")},
        {"a name in brackets", with("X[A]: b\r\n")},
        {"an empty line first", "\r\nGET /open HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        {"no field at all", "GET /open HTTP/1.1\r\n\r\n"},
        {"no Host", "GET /open HTTP/1.1\r\nX: y\r\n\r\n"},
        {"two Hosts", "GET /open HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"},
        {"an empty Host", "GET /open HTTP/1.1\r\nHost:\r\n\r\n"},
        {"a Host with a path", "GET /open HTTP/1.1\r\nHost: localhost/a\r\n\r\n"},
        {"a Host with user information", "GET /open HTTP/1.1\r\nHost: a@localhost\r\n\r\n"},
        {"a Host with an unended bracket", "GET /open HTTP/1.1\r\nHost: [::1\r\n\r\n"},
        {"a Host with a port of letters", "GET /open HTTP/1.1\r\nHost: localhost:80a\r\n\r\n"},
        {"a Host with two ports", "GET /open HTTP/1.1\r\nHost: localhost:80:81\r\n\r\n"},
        {"a Host list", "GET /open HTTP/1.1\r\nHost: localhost, other\r\n\r\n"},
        {"an unknown expectation", with("Expect: 200-ok\r\n"), 417},
    };
}

std::vector<CorpusRow> targets() {
    return {
        {"an absolute target", line("GET http://other/open HTTP/1.1")},
        {"an asterisk target", line("OPTIONS * HTTP/1.1")},
        {"an authority target", line("CONNECT localhost:443 HTTP/1.1")},
        {"no target", line("GET  HTTP/1.1")},
        {"two spaces before the target", line("GET  /open HTTP/1.1")},
        {"two spaces after the target", line("GET /open  HTTP/1.1")},
        {"a space in the target", line("GET /op en HTTP/1.1")},
        {"a tab in the request line", line("GET\t/open HTTP/1.1")},
        {"a fragment", line("GET /open#a HTTP/1.1")},
        {"a backslash", line("GET /open\\a HTTP/1.1")},
        {"a byte over 127", line("GET /op\xc3\xa9n HTTP/1.1")},
        {"a segment of two dots", line("GET /a/../open HTTP/1.1")},
        {"a segment of one dot", line("GET /./open HTTP/1.1")},
        {"encoded dots", line("GET /a/%2e%2E/open HTTP/1.1")},
        {"an encoded slash", line("GET /a%2Fopen HTTP/1.1")},
        {"an encoded U+0000", line("GET /open%00 HTTP/1.1")},
        {"an encoded line feed", line("GET /open%0a HTTP/1.1")},
        {"encoded bytes that are not UTF-8", line("GET /open%ff HTTP/1.1")},
        {"an overlong encoded slash", line("GET /a%c0%afopen HTTP/1.1")},
        {"half an escape", line("GET /open%4 HTTP/1.1")},
        {"an escape of other letters", line("GET /open%zz HTTP/1.1")},
        {"a name twice in the query", line("GET /open?a=1&a=2 HTTP/1.1")},
        {"a query that is not UTF-8", line("GET /open?a=%ff HTTP/1.1")},
        {"HTTP/1.0", line("GET /open HTTP/1.0"), 505},
        {"HTTP/2.0", line("GET /open HTTP/2.0"), 505},
        {"HTTP/1.10", line("GET /open HTTP/1.10")},
        {"http in lower case", line("GET /open http/1.1")},
        {"no version", line("GET /open")},
        {"a method with brackets", line("G(T /open HTTP/1.1")},
        {"a method of 17 letters", line("ABCDEFGHIJKLMNOPQ /open HTTP/1.1")},
        {"TLS's first bytes", Bytes("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
    };
}

std::vector<CorpusRow> chunk_rows() {
    return {
        {"a chunk extension", chunked("3;a=b\r\nabc\r\n0\r\n\r\n")},
        {"a chunk size with a space", chunked("3 \r\nabc\r\n0\r\n\r\n")},
        {"a chunk size with 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n")},
        {"a chunk size with a sign", chunked("+3\r\nabc\r\n0\r\n\r\n")},
        {"an empty chunk size", chunked("\r\nabc\r\n0\r\n\r\n")},
        {"a chunk size of 17 digits", chunked("00000000000000003\r\nabc\r\n0\r\n\r\n")},
        {"a chunk size ended by LF", chunked("3\nabc\r\n0\r\n\r\n")},
        {"a chunk size ended by CR", chunked("3\rabc\r\n0\r\n\r\n")},
        {"a chunk longer than its size", chunked("3\r\nabcd\r\n0\r\n\r\n")},
        {"a chunk ended by LF", chunked("3\r\nabc\n0\r\n\r\n")},
        {"a chunk without end", chunked("3\r\nabc0\r\n\r\n")},
        {"the last chunk ended by LF", chunked("3\r\nabc\r\n0\n\n")},
        {"a trailer that is no field", chunked("0\r\nGET /open HTTP/1.1\r\n\r\n")},
        {"a trailer with a lone LF", chunked("0\r\nX: y\n\r\n")},
        {"a folded trailer", chunked("0\r\n X: y\r\n\r\n")},
    };
}

} // namespace

std::vector<CorpusRow> smuggling_corpus() {
    std::vector<CorpusRow> out;
    for (const auto& rows : {lengths(), lines(), targets(), chunk_rows()})
        out.insert(out.end(), rows.begin(), rows.end());
    return out;
}

std::vector<CorpusRow> harmless_corpus() {
    return {
        {"one length", with("Content-Length: 3\r\n", "abc")},
        {"a length of nothing", with("Content-Length: 0\r\n")},
        {"a length with leading zeros", with("Content-Length: 0003\r\n", "abc")},
        {"no length", with("")},
        {"chunks", chunked(chunks)},
        {"a chunk size of 16 digits", chunked("0000000000000003\r\nabc\r\n0\r\n\r\n")},
        {"a trailer", chunked("0\r\nX: y\r\n\r\n")},
        {"another method", line("PURGE /open HTTP/1.1")},
        {"dots in a segment", line("GET /a..b/.c/... HTTP/1.1")},
        {"an encoded letter", line("GET /%6fpen HTTP/1.1")},
        {"a query with a slash and question mark", line("GET /open?a=/?b HTTP/1.1")},
        {"an empty query", line("GET /open? HTTP/1.1")},
        {"an empty value", with("X-A:\r\n")},
        {"a value over 127", with("X-A: \xc3\xa9\r\n")},
        {"a tab within a value", with("X-A: b\tc\r\n")},
        {"the same other field twice", with("X-A: b\r\nX-A: b\r\n")},
        {"a Host with a port", "GET /open HTTP/1.1\r\nHost: localhost:65535\r\n\r\n"},
        {"an IPv6 Host", "GET /open HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"},
        {"an expectation", with("Expect: 100-Continue\r\nContent-Length: 3\r\n", "abc")},
    };
}

} // namespace comity::http::testing
