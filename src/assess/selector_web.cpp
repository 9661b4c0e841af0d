// Domain names and web addresses as selectors. A web address names one page or account: not a site,
// not a search, not a place, and in one spelling only.
#include "assess/name_text.hpp"
#include "assess/selector.hpp"
#include "assess/selector_parts.hpp"
#include "base/ascii.hpp"
#include "base/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace comity::assess {

namespace {

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
        return false;
    return all(label, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

// IANA's special-use names: each network has its own, or nobody has. `example` is left in for
// exercises, and `onion` names one service (RFC 7686).
bool is_nobodys(std::string_view top) {
    constexpr std::array<std::string_view, 6> special{"local",   "localhost", "internal",
                                                      "invalid", "test",      "alt"};
    return std::find(special.begin(), special.end(), top) != special.end();
}

Said label_problem(std::string_view label) {
    if (!is_label(label))
        return say(
            "is not a domain name (labels of a-z, 0-9 and inner hyphens; other scripts as xn--)");
    if (label.substr(0, 4).ends_with("--") && label.size() >= 4 && !is_a_label(label))
        return say("has a label that is not the one xn-- form of a name");
    return {};
}

Said host_problem(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']'))
        return ipv6_problem(host.substr(1, host.size() - 2));
    if (!host.empty() && all(host, [](char c) { return is_digit(c) || c == '.'; }))
        return ipv4_problem(host);
    return domain_problem(host);
}

std::optional<unsigned> hex_value(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return std::nullopt;
}

// RFC 3986 sections 2.1, 3.3, 3.4 and 6.2.2, without '*'. What is percent-encoded needs it, and is
// not encoded twice; the rest are unreserved characters, sub-delims and ":@/?".
Said spelling_problem(std::string_view text) {
    constexpr std::string_view marks = "-._~!$&'()+,;=:@/?";
    constexpr std::string_view unreserved_marks = "-._~";
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '*') return say("holds a wildcard; {}", one_only());
        if (c != '%') {
            if (!is_letter_or_digit(c) && marks.find(c) == std::string_view::npos)
                return say("holds a character that a web address writes as %XX");
            decoded += c;
            continue;
        }
        const auto high = i + 1 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
        const auto low = i + 2 < text.size() ? hex_value(text[i + 2]) : std::nullopt;
        if (!high || !low) return say("holds a % without two digits 0-9 or A-F after it");
        const char meant = static_cast<char>(*high << 4U | *low);
        if (is_letter_or_digit(meant) || unreserved_marks.find(meant) != std::string_view::npos)
            return say("encodes a character that needs no encoding, and so has a second spelling");
        if (meant == '*') return say("holds a wildcard; {}", one_only());
        if (meant == '%') return say("encodes a percent sign, and so could be decoded twice");
        decoded += meant;
        i += 2;
    }
    // Old sites encode in other sets than UTF-8; there only control characters can be told.
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    const bool unseen = is_utf8(decoded) ? has_invisible(decoded)
                                         : std::any_of(decoded.begin(), decoded.end(), is_control);
    return unseen ? say("holds a character that cannot be seen") : Said();
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), ascii_lower(word)) != words.end();
}

// Map services write the place looked at as /@52.52,13.40,15z.
bool is_place(std::string_view segment) {
    return segment.size() > 2 && segment[0] == '@' && (is_digit(segment[1]) || segment[1] == '-') &&
           segment.find(',') != std::string_view::npos;
}

// A search is a keyword and a map a place, also when a web address carries them (threat T31).
Said search_problem(std::string_view path, std::string_view query) {
    constexpr std::array<std::string_view, 6> segments{"search", "hashtag", "hashtags",
                                                       "tag",    "tags",    "nearby"};
    constexpr std::array<std::string_view, 17> names{
        "q",     "query",     "search", "keyword", "keywords", "search_query",
        "terms", "tag",       "near",   "lat",     "latitude", "lon",
        "lng",   "longitude", "ll",     "geocode", "bbox"};
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const auto segment = path.substr(0, end);
        if (segment == "." || segment == "..")
            return say("holds a dot segment, and so has a second spelling");
        if (is_place(segment)) return say("is a place; name the page or account that is meant");
        if (holds(segments, segment))
            return say("is a search; name the page or account it should find");
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    while (!query.empty()) {
        const std::size_t end = std::min(query.find_first_of("&;"), query.size());
        const auto part = query.substr(0, end);
        if (holds(names, part.substr(0, part.find('='))))
            return say("is a search; name the page or account it should find");
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

} // namespace

Said domain_problem(std::string_view value) {
    if (auto problem = wildcard_problem(value); !problem.empty()) return problem;
    if (value.size() > 253) return say("is longer than 253 characters");
    if (value.ends_with('.')) return say("ends in a dot; write the domain without it");
    if (std::any_of(value.begin(), value.end(), is_upper)) return say("is not in lower case");
    std::size_t labels = 0;
    std::string_view last;
    for (std::size_t begin = 0; begin <= value.size(); ++labels) {
        const std::size_t end = std::min(value.find('.', begin), value.size());
        last = value.substr(begin, end - begin);
        if (auto problem = label_problem(last); !problem.empty()) return problem;
        begin = end + 1;
    }
    // A top-level domain alone is everybody below it; one of digits is an address (RFC 1123, 2.1).
    if (labels < 2)
        return say("has only one label; name the domain itself, not what it stands under");
    if (all(last, is_digit)) return say("ends in a label of digits only");
    if (last == "arpa") return say("is a reverse look-up; name the address itself");
    if (is_nobodys(last))
        return say("stands under a name that means something else on every network (RFC 6761)");
    return {};
}

Said url_problem(std::string_view value) {
    if (value.size() > 2048) return say("is longer than 2048 characters");
    std::string_view rest = value;
    const bool secure = rest.starts_with("https://");
    if (!secure && !rest.starts_with("http://"))
        return say("does not begin with https:// or http://");
    rest.remove_prefix(secure ? 8 : 7);
    const std::size_t slash = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, slash);
    const std::string_view path = rest.substr(slash);
    if (authority.find('@') != std::string_view::npos) return say("holds a user name");
    if (path.find('#') != std::string_view::npos)
        return say("holds a fragment, which no server sees");
    const std::size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        const std::string_view port = authority.substr(colon + 1);
        if (port.empty() || port.size() > 5 || !all(port, is_digit) || port.front() == '0')
            return say("has a port that is no number");
        const int number = std::stoi(std::string(port));
        if (number > 65'535 || number == (secure ? 443 : 80))
            return say("has a port that is out of range or the usual one");
        authority = authority.substr(0, colon);
    }
    if (auto problem = host_problem(authority); !problem.empty())
        return say("has a host that {}", problem);
    if (!path.starts_with('/') || std::none_of(path.begin(), path.end(), is_letter_or_digit))
        return say("names a whole site; name the page or account");
    if (auto problem = spelling_problem(path); !problem.empty()) return problem;
    const std::size_t mark = std::min(path.find('?'), path.size());
    return search_problem(path.substr(0, mark), path.substr(std::min(mark + 1, path.size())));
}

} // namespace comity::assess
