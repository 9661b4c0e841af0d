// Mail as it goes over the line: nothing that somebody chose becomes a header or a command.
#include "post/message.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::post;

namespace {

node::Mail mail() {
    return {"00ff",          "ada@ministry.example", "en",
            "Something new", "One\nTwo\n",           *instant_from("2026-03-01T09:05:07.123Z")};
}

std::string body_of(const Bytes& text) {
    std::string joined;
    for (const char c : text.substr(text.find("\r\n\r\n") + 4))
        if (c != '\r' && c != '\n') joined += c;
    return from_base64(joined).value();
}

} // namespace

TEST_CASE("a mail has its date, its addresses, one subject and one text") {
    const auto text = compose_mail(mail(), "comity@ministry.example").value();
    CHECK(
        text.substr(0, text.find("\r\n\r\n") + 2) == "Date: Sun, 01 Mar 2026 09:05:07 +0000\r\n"
                                                     "From: <comity@ministry.example>\r\n"
                                                     "To: <ada@ministry.example>\r\n"
                                                     "Subject: =?UTF-8?B?U29tZXRoaW5nIG5ldw==?=\r\n"
                                                     "Message-ID: <00ff@ministry.example>\r\n"
                                                     "Auto-Submitted: auto-generated\r\n"
                                                     "MIME-Version: 1.0\r\n"
                                                     "Content-Type: text/plain; charset=utf-8\r\n"
                                                     "Content-Language: en\r\n"
                                                     "Content-Transfer-Encoding: base64\r\n");
    CHECK(body_of(text) == "One\r\nTwo\r\n");
    std::size_t at = 0;
    for (std::size_t end = text.find("\r\n"); end != std::string::npos;
         at = end + 2, end = text.find("\r\n", at))
        CHECK(end - at <= 78);
}

TEST_CASE("T50_ a subject, a text and an address that would begin a header begin none") {
    for (const std::string evil :
         {"x\r\nBcc: all@evil.example", "x\nBcc: all@evil.example", "x\r\n\r\n.\r\nQUIT",
          "x\r\n.\r\nMAIL FROM:<a@b.example>", "?=\r\nBcc: all@evil.example"}) {
        CAPTURE(evil);
        auto one = mail();
        one.subject = evil;
        one.text = evil;
        const auto text = compose_mail(one, "comity@ministry.example").value();
        CHECK(text.find("Bcc") == std::string::npos);
        CHECK(text.find("QUIT") == std::string::npos);
        CHECK(text.find("MAIL FROM") == std::string::npos);
        // Ten headers, each on one line of its own but for what the subject is folded into.
        std::size_t headers = 0;
        for (const auto* name :
             {"Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
              "Content-Type", "Content-Language", "Content-Transfer-Encoding"})
            if (("\r\n" + text).find(std::string("\r\n") + name + ": ") != std::string::npos)
                ++headers;
        CHECK(headers == 10);
        for (auto* field : {&one.to, &one.id, &one.language}) {
            auto other = mail();
            if (field == &one.to) other.to = "ada@ministry.example" + evil;
            if (field == &one.id) other.id = evil;
            if (field == &one.language) other.language = evil;
            CHECK_FALSE(compose_mail(other, "comity@ministry.example"));
        }
        CHECK_FALSE(compose_mail(mail(), "comity@ministry.example" + evil));
    }
}

TEST_CASE("an address in a command is one address of ASCII") {
    CHECK(is_plain_address("ada@ministry.example"));
    CHECK(is_plain_address("a.b+c=d'e@x.example"));
    for (const std::string text :
         {"", "@", "a@", "@b", "ada", "a@b@c", "a b@c.example", "<a@b.example>", "a@b.example>",
          "a,b@c.example", "\"a\"@b.example", "a@[127.0.0.1]", "a\\b@c.example", "(x)a@b.example",
          "a@b.example\r", "a@b.example\nx", "\xc3\xa9@b.example", "a:b@c.example",
          "a;b@c.example"}) {
        CAPTURE(text);
        CHECK_FALSE(is_plain_address(text));
    }
    CHECK_FALSE(is_plain_address(std::string("a\0b@c.example", 13)));
    CHECK_FALSE(is_plain_address(std::string(250, 'a') + "@b.example"));
}

TEST_CASE("a subject in any script is folded between characters, each word short enough") {
    std::string subject;
    for (int i = 0; i < 40; ++i)
        subject += i % 3 == 0 ? "é" : i % 3 == 1 ? "ج" : "𐍈";
    const auto words = encoded_words(subject);
    std::string decoded;
    std::size_t at = 0;
    while (at < words.size()) {
        if (at > 0) {
            REQUIRE(words.substr(at, 3) == "\r\n ");
            at += 3;
        }
        REQUIRE(words.substr(at, 10) == "=?UTF-8?B?");
        const auto end = words.find("?=", at + 10);
        REQUIRE(end != std::string::npos);
        CHECK(end + 2 - at <= 75);
        const auto part = from_base64(words.substr(at + 10, end - at - 10)).value();
        CHECK(is_utf8(part));
        decoded += part;
        at = end + 2;
    }
    CHECK(decoded == subject);
}
