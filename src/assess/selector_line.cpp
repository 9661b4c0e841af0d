// Telling apart what a pasted line names.
#include "assess/selector_line.hpp"

#include "assess/selector_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace comity::assess {

namespace {

constexpr const char* rule = "Every selector names one account, address or device";
constexpr const char* source = "docs/law.md, Grid (F8)";

tl::unexpected<Refusal> unclear(Said facts, const char* remedy) {
    return refuse(Code::finding_not_met, std::move(facts), rule, source, remedy);
}

std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::string_view blanks = " \t\r";
    std::vector<std::string_view> out;
    for (auto at = line.find_first_not_of(blanks); at != std::string_view::npos;
         at = line.find_first_not_of(blanks, at)) {
        const auto end = std::min(line.find_first_of(blanks, at), line.size());
        out.push_back(line.substr(at, end - at));
        at = end;
    }
    return out;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 5 && all(text, is_digit);
}

bool looks_like_ipv4(std::string_view value) {
    return std::count(value.begin(), value.end(), '.') == 3 && !value.empty() &&
           value.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool looks_like_ipv6(std::string_view value) {
    return std::count(value.begin(), value.end(), ':') >= 2 &&
           value.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

// A port behind the address, as a log or a URL writes it (RFC 3986, section 3.2.3).
std::string_view split_port(std::string_view& value) {
    std::string_view port;
    if (value.starts_with('[')) {
        const auto end = value.find(']');
        if (end == std::string_view::npos) return {};
        if (value.substr(end + 1).starts_with(':')) port = value.substr(end + 2);
        value = value.substr(1, end - 1);
        return port;
    }
    const auto colon = value.find(':');
    if (colon == std::string_view::npos || value.find(':', colon + 1) != std::string_view::npos ||
        !looks_like_ipv4(value.substr(0, colon)))
        return {};
    port = value.substr(colon + 1);
    value = value.substr(0, colon);
    return port;
}

std::string kind_of(std::string_view value, const LineHints& hints) {
    if (!hints.type.empty()) return hints.type;
    if (looks_like_ipv4(value)) return "ipv4";
    if (looks_like_ipv6(value)) return "ipv6";
    if (value.starts_with('+')) return "phone";
    if (value.starts_with("http://") || value.starts_with("https://")) return "url";
    if (value.find('@') != std::string_view::npos && !value.starts_with('@')) return "email";
    if (!hints.space.empty()) return "account";
    if (value.find('.') != std::string_view::npos && domain_problem(value).empty()) return "domain";
    return {};
}

// Port and time behind an address.
Result<void> read_rest(Selector& out, std::string_view port, std::vector<std::string_view> rest) {
    std::string time;
    if (!rest.empty() && port.empty()) {
        const auto number = std::find_if(rest.begin(), rest.end(), is_number);
        if (number != rest.end()) {
            port = *number;
            rest.erase(number);
        }
    }
    for (const auto word : rest)
        time += (time.empty() ? "" : "T") + std::string(word);
    if (!port.empty()) {
        std::int64_t number = 0;
        const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
        if (read.ec != std::errc() || read.ptr != port.data() + port.size())
            return unclear(say("the port is no number"), "Write the port as a number, 1 to 65535");
        out.port = number;
    }
    if (time.empty()) return {};
    out.seen_at = instant_from(time);
    if (out.seen_at) return {};
    if (instant_from(time + "Z"))
        return unclear(say("the time has no zone"), "Add Z, or an offset such as +02:00");
    return unclear(
        say("what follows the address is neither a port nor a time with its zone"),
        "Write it as 2026-02-11T16:06:31+02:00");
}

} // namespace

Result<Selector> read_line(std::string_view line, const LineHints& hints) {
    auto words = words_of(line);
    if (words.empty()) return unclear(say("the line is empty"), "Write one selector a line");
    auto value = words.front();
    words.erase(words.begin());
    Selector out;
    // Only addresses have a port; an account's name may look like anything.
    const bool may_be_address = hints.type.empty() || hints.type == "ipv4" || hints.type == "ipv6";
    const auto port = may_be_address ? split_port(value) : std::string_view();
    out.type = kind_of(value, hints);
    out.value = value;
    if (const auto wrong = wildcard_problem(value); out.type.empty() && !wrong.empty())
        return unclear(say("the selector {}", wrong), "Name each account on its own line");
    if (out.type.empty())
        return unclear(
            say("it is not clear what this names"),
            "Give an e-mail address, a number with +, an address with its time, a domain or a web "
            "address; for an account's name, say first whose names these are");
    if (out.type == "account" || out.type == "device") out.space = hints.space;
    if (out.type == "ipv4" || out.type == "ipv6")
        TRY_VOID(read_rest(out, port, std::move(words)));
    else if (!words.empty())
        return unclear(say("more than one thing stands on the line"), "Write one selector a line");
    return checked(std::move(out));
}

} // namespace comity::assess
