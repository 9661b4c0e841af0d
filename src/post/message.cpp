// Headers in a fixed order, then the text in base64.
#include "post/message.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::post {

namespace {

constexpr std::size_t base64_line = 76; // RFC 2045 section 6.8
// An encoded word has at most 75 characters (RFC 2047 section 2); the frame takes 12 of them.
constexpr std::size_t word_bytes = 45;

// How many bytes the character at the front has; the text is UTF-8.
std::size_t character_bytes(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        ++size;
    return size;
}

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

} // namespace

std::string mail_date(Instant at) {
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
        months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t size = 0;
        while (size < text.size()) {
            const auto next = character_bytes(text.substr(size));
            if (size + next > word_bytes && size > 0) break;
            size += next;
        }
        out += fmt::format(
            "{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", to_base64(text.substr(0, size)));
        text.remove_prefix(size);
    }
    return out;
}

bool is_plain_address(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.find('@', at + 1) == std::string_view::npos &&
           text.size() <= limits::mail_address_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return c > 0x20 && c < 0x7f &&
                      std::string_view("<>()[]\\\",;:").find(c) == std::string_view::npos;
           });
}

Result<Bytes> compose_mail(const node::Mail& mail, const std::string& from) {
    if (!is_plain_address(mail.to) || !is_plain_address(from) || !is_word(mail.id) ||
        !is_word(mail.language))
        return refuse(Code::setting_invalid, "an address, id or language is no word of a header");
    Bytes out = fmt::format(
        "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n"
        // RFC 3834: nobody's absence is told to a machine.
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Language: {}\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        mail_date(mail.at), from, mail.to, encoded_words(mail.subject), mail.id,
        from.substr(from.find('@') + 1), mail.language);
    Bytes text;
    for (const char c : mail.text)
        text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const auto encoded = to_base64(text);
    for (std::size_t at = 0; at < encoded.size(); at += base64_line)
        out += encoded.substr(at, base64_line) + "\r\n";
    return out;
}

} // namespace comity::post
