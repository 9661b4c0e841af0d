// The checks of each type of selector. F8, and Necessary and Proportionate principles 1 and 5: a
// measure names one account, address or device. A sentence never repeats the value, because a
// refusal may be shown to more readers than the form.
#include "assess/selector.hpp"

#include "assess/name_text.hpp"
#include "assess/selector_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace comity::assess {

namespace {

// What the parts of names may hold beside letters and digits of any script.
bool is_name_character(char c, std::string_view marks) {
    return is_letter_or_digit(c) || (static_cast<unsigned char>(c) & 0x80U) != 0 ||
           marks.find(c) != std::string_view::npos;
}

bool is_name_start(char c) {
    return is_name_character(c, "");
}

bool is_luhn(std::string_view digits) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        unsigned digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
        if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

// A range of numbers written with a hyphen: 1000-1999.
bool is_number_range(std::string_view value) {
    const std::size_t dash = value.find('-');
    if (dash == std::string_view::npos) return false;
    const auto first = value.substr(0, dash);
    const auto last = value.substr(dash + 1);
    return !first.empty() && first.size() == last.size() && all(first, is_digit) &&
           all(last, is_digit) && first < last;
}

// Words that the search fields of mail and social services understand: `subject:x` finds whoever
// wrote x, and is a keyword in the place of a name (threat T31).
bool is_search(std::string_view value) {
    constexpr std::array<std::string_view, 18> words{
        "from",  "to",    "cc",    "bcc",    "subject", "body", "has",  "in",      "is",
        "label", "after", "since", "before", "until",   "near", "lang", "geocode", "site"};
    const std::size_t colon = value.find(':');
    return colon != std::string_view::npos &&
           std::find(words.begin(), words.end(), value.substr(0, colon)) != words.end();
}

// ITU-T E.164 and the list of assigned country codes: each digit string says which first digits of
// a number are assigned. +999 is nobody's and serves exercises.
bool has_country_code(std::string_view digits) {
    constexpr std::string_view two =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
        "65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    constexpr std::string_view three =
        "211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 "
        "238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 "
        "262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 "
        "370 371 372 373 374 375 376 377 378 379 380 381 382 383 385 386 387 389 420 421 423 500 501 "
        "502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 "
        "676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 "
        "870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 "
        "976 977 979 992 993 994 995 996 998 999 ";
    const auto listed = [](std::string_view list, std::string_view code) {
        for (; !list.empty(); list.remove_prefix(code.size() + 1))
            if (list.starts_with(code)) return true;
        return false;
    };
    return digits.starts_with('1') || digits.starts_with('7') || listed(two, digits.substr(0, 2)) ||
           listed(three, digits.substr(0, 3));
}

// The North American plan: area code and exchange begin with 2 to 9 and are no N11 service code.
bool is_north_american(std::string_view digits) {
    const auto group = [](std::string_view three) {
        return three[0] >= '2' && three.substr(1) != "11";
    };
    return digits.size() == 11 && group(digits.substr(1, 3)) && group(digits.substr(4, 3));
}

} // namespace

Said wildcard_problem(std::string_view value) {
    if (value.find_first_of("*?%") != std::string_view::npos)
        return say("holds a wildcard; {}", one_only());
    if (value.find_first_of(" \t\r\n,;|") != std::string_view::npos)
        return say("holds a space or a separator; {}", one_only());
    return {};
}

Said email_problem(std::string_view value) {
    if (auto problem = wildcard_problem(value); !problem.empty()) return problem;
    const std::size_t at = value.rfind('@');
    if (at == std::string_view::npos) return say("has no @; write the whole address");
    const std::string_view local = value.substr(0, at);
    if (local.empty()) return say("has nothing before the @; a whole domain is no selector");
    if (local.size() > 64 || value.size() > 254) return say("is longer than an address can be");
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return say("has a dot where an address has none");
    constexpr std::string_view marks = "!#$&'+-/=^_`{}~.";
    if (!std::all_of(
            local.begin(), local.end(), [&](char c) { return is_name_character(c, marks); }))
        return say("holds a character that an address does not (quoted names are not accepted)");
    if (std::none_of(local.begin(), local.end(), is_name_start))
        return say("has neither letter nor digit before the @");
    if (auto problem = script_problem(local); !problem.empty()) return problem;
    if (auto problem = domain_problem(value.substr(at + 1)); !problem.empty())
        return say("after the @ {}", problem);
    return {};
}

Said phone_problem(std::string_view value) {
    if (!value.starts_with('+')) return say("does not begin with + and the country code");
    value.remove_prefix(1);
    if (value.empty() || !all(value, is_digit))
        return say(
            "holds something that is not a digit; write +, country code and number together");
    if (value.front() == '0') return say("has a country code that begins with 0");
    // E.164 allows 15 digits in all; below 7 no country numbers its subscribers.
    if (value.size() < 7 || value.size() > 15) return say("has not 7 to 15 digits");
    if (!has_country_code(value)) return say("begins with digits that are no country's code");
    if (value.front() == '1' && !is_north_american(value))
        return say("is no number of the North American plan, which +1 stands for");
    return {};
}

Said account_problem(std::string_view value, std::string_view space) {
    if (space.empty())
        return say("has no namespace: whose account is it? Give the provider's domain");
    if (auto problem = domain_problem(space); !problem.empty())
        return say("has a namespace that {}", problem);
    if (value.empty() || value.size() > 256) return say("has not 1 to 256 characters");
    if (auto problem = wildcard_problem(value); !problem.empty()) return problem;
    constexpr std::string_view marks = "._@+:#/=~-";
    if (!std::all_of(
            value.begin(), value.end(), [&](char c) { return is_name_character(c, marks); }))
        return say("holds a character that account names do not");
    if (std::none_of(value.begin(), value.end(), is_name_start))
        return say("has neither letter nor digit");
    if (value.front() == '#')
        return say("is a topic or a room, which many people use; name one account");
    if (is_search(value)) return say("is a search; name the account it should find");
    if (is_number_range(value) || value.find("..") != std::string_view::npos)
        return say("is a range or a path; {}", one_only());
    return script_problem(value);
}

Said device_problem(std::string_view value, std::string_view space) {
    if (space == "imei") {
        if (value.size() != 15 || !all(value, is_digit)) return say("is not an IMEI of 15 digits");
        if (!is_luhn(value)) return say("has a wrong check digit (IMEI, 3GPP TS 23.003)");
        // Reporting body 00 marks test equipment; copied phones carry such numbers by the thousand.
        if (value.starts_with("00")) return say("is a test number, which many devices carry");
        return {};
    }
    if (space == "mac") {
        bool good = value.size() == 17;
        for (std::size_t i = 0; good && i < 17; ++i)
            good = i % 3 == 2 ? value[i] == ':'
                              : is_digit(value[i]) || (value[i] >= 'a' && value[i] <= 'f');
        if (!good) return say("is not a MAC address written as 02:00:5e:10:00:00");
        // IEEE 802: the lowest bit of the first octet makes it the address of a group.
        const char low = value[1];
        if (((is_digit(low) ? low - '0' : low - 'a' + 10) & 1) != 0)
            return say("is the address of a group of devices");
        if (value == "00:00:00:00:00:00") return say("is the address of no device");
        return {};
    }
    if (space.empty()) return say("has no namespace: imei, mac, or the provider's domain");
    if (auto problem = domain_problem(space); !problem.empty())
        return say("has a namespace that is neither imei nor mac and {}", problem);
    if (value.size() < 4 || value.size() > 128) return say("has not 4 to 128 characters");
    constexpr std::string_view marks = "._:-";
    if (!std::all_of(value.begin(), value.end(), [&](char c) {
            return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
        }))
        return say("holds a character that device numbers do not; {}", one_only());
    // What a device answers that keeps its number to itself: the same for all of them.
    if (std::none_of(
            value.begin(), value.end(), [](char c) { return is_letter_or_digit(c) && c != '0'; }))
        return say("is all zeros, which is every device's that hides its number");
    if (is_number_range(value) || value.find("..") != std::string_view::npos)
        return say("is a range; {}", one_only());
    return {};
}

Said problem(const Selector& selector) {
    const bool address = selector.type == "ipv4" || selector.type == "ipv6";
    const bool spaced = selector.type == "account" || selector.type == "device";
    if (!spaced && !selector.space.empty())
        return say("has a namespace, which only accounts and devices have");
    if (!address && selector.port) return say("has a port, which only addresses have");
    if (selector.port && (*selector.port < 1 || *selector.port > 65'535))
        return say("has a port that is not from 1 to 65535");
    // An address is one subscriber's for a time only (R1543 Art. 3(10); Budapest T-CY template).
    if (address && !selector.seen_at) return say("lacks the time at which the address was seen");
    if (selector.type == "email") return email_problem(selector.value);
    if (selector.type == "phone") return phone_problem(selector.value);
    if (selector.type == "ipv4") return ipv4_problem(selector.value);
    if (selector.type == "ipv6") return ipv6_problem(selector.value);
    if (selector.type == "domain") return domain_problem(selector.value);
    if (selector.type == "url") return url_problem(selector.value);
    if (selector.type == "account") return account_problem(selector.value, selector.space);
    if (selector.type == "device") return device_problem(selector.value, selector.space);
    // Keyword, place, tower and reverse selectors have no type to be written in (threat T31).
    return say("is of no type that names an account, an address or a device");
}

Result<Selector> checked(Selector selector) {
    if (const auto wrong = problem(selector); !wrong.empty())
        return refuse(
            Code::finding_not_met, say("the {} selector {}", selector.type, wrong),
            "Every selector names one account, address or device", "docs/law.md, Grid (F8)",
            "Name the one account, address or device that is meant");
    return selector;
}

Result<Selector> read_selector(const json::Object& object) {
    json::Reader in(object, "selector");
    Selector out;
    out.type = in.string("type");
    out.value = in.string("value");
    out.space = in.string_if("namespace").value_or("");
    out.port = in.integer_if("port");
    if (const auto seen = in.string_if("seen_at")) {
        out.seen_at = instant_from(*seen);
        if (!out.seen_at) in.complain("seen_at", say("is not an instant with its zone"));
    }
    if (auto done = in.done(); !done) return refuse(Code::finding_not_met, done.error().facts);
    return checked(std::move(out));
}

json::Object print_selector(const Selector& selector) {
    json::Object out{{"type", selector.type}, {"value", selector.value}};
    if (!selector.space.empty()) out["namespace"] = selector.space;
    if (selector.port) out["port"] = *selector.port;
    if (selector.seen_at) out["seen_at"] = to_text(*selector.seen_at);
    return out;
}

std::string text(const Selector& selector) {
    std::string out = selector.type + " " + selector.value;
    if (!selector.space.empty()) out += " at " + selector.space;
    if (selector.port) out += fmt::format(" port {}", *selector.port);
    if (selector.seen_at) out += " seen " + to_text(*selector.seen_at);
    return out;
}

} // namespace comity::assess
