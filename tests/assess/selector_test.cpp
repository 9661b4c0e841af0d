// Selectors: files of good and bad ones of each type, one a line with its reason, and what a line
// cannot say: lengths at and above each limit, and text that is no UTF-8. F8: one account, address
// or device, never a wildcard, a range, a list, a place or a keyword.
#include "assess/name_text.hpp"
#include "assess/selector.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace comity;
using namespace comity::assess;

namespace {

const Instant seen = instant_from("2026-02-11T14:06:31Z").value();

struct Line {
    std::string place; ///< file and line, for whoever mends it
    json::Object selector;
    std::string why;  ///< for people
    std::string says; ///< of a bad one: a part of the sentence that refuses it
};

std::string taken(json::Object& object, const char* name) {
    if (!object.contains(name)) return {};
    std::string out(object.at(name).as_string());
    object.erase(name);
    return out;
}

std::vector<Line> lines_of(const std::string& name) {
    std::ifstream in(std::string(COMITY_VECTORS "/") + name);
    REQUIRE_MESSAGE(in.good(), name);
    std::vector<Line> out;
    for (std::string text; std::getline(in, text);) {
        const auto place = fmt::format("{}:{}", name, out.size() + 1);
        auto object = json::parse_object(text, 10'000);
        REQUIRE_MESSAGE(object, place);
        Line line{place, std::move(*object), {}, {}};
        line.why = taken(line.selector, "why");
        line.says = taken(line.selector, "says");
        CHECK_MESSAGE(!line.why.empty(), place, " gives no reason");
        out.push_back(std::move(line));
    }
    return out;
}

std::string type_of(const Line& line) {
    const auto* type = line.selector.if_contains("type");
    return type ? std::string(type->as_string()) : std::string();
}

const std::set<std::string> types = {"email", "phone",  "account", "ipv4",
                                     "ipv6",  "device", "url",     "domain"};

} // namespace

TEST_CASE("F8 two hundred good selectors of all types are accepted, each with its reason") {
    const auto good = lines_of("selectors-good.jsonl");
    CHECK(good.size() >= 200);
    std::map<std::string, std::size_t> count;
    std::set<std::string> texts;
    for (const auto& line : good) {
        const auto read = read_selector(line.selector);
        CHECK_MESSAGE(
            read, line.place, " (", line.why, "): ", read ? "" : read.error().facts.text());
        ++count[type_of(line)];
        // Equal exactly when their texts are: no two lines are the same selector.
        if (read) CHECK_MESSAGE(texts.insert(text(*read)).second, line.place, " stands twice");
    }
    for (const auto& type : types)
        CHECK_MESSAGE(count[type] >= 15, type);
}

TEST_CASE("T31 two hundred bad selectors are refused, each for its own reason") {
    const auto bad = lines_of("selectors-bad.jsonl");
    CHECK(bad.size() >= 200);
    std::map<std::string, std::size_t> count;
    for (const auto& line : bad) {
        const auto read = read_selector(line.selector);
        ++count[type_of(line)];
        CHECK_MESSAGE(!read, line.place, " is accepted (", line.why, ")");
        REQUIRE_MESSAGE(!line.says.empty(), line.place);
        if (read) continue;
        const auto& facts = read.error().facts.text();
        CHECK(read.error().code == Code::finding_not_met);
        CHECK_MESSAGE(facts.find(line.says) != std::string::npos, line.place, ": ", facts);
        // A refusal may be shown to more readers than the form: it never repeats the value.
        const auto* value = line.selector.if_contains("value");
        if (value && value->is_string() && value->as_string().size() >= 8)
            CHECK_MESSAGE(facts.find(value->as_string()) == std::string::npos, line.place);
    }
    for (const auto& type : types)
        CHECK_MESSAGE(count[type] >= 15, type);
}

TEST_CASE("a selector is as long as its standard allows and not one character longer") {
    const std::string label(63, 'a');
    const std::string labels = label + "." + label + "." + label + ".";
    CHECK(email_problem(std::string(64, 'a') + "@nimbus.example").empty());
    CHECK(email_problem(std::string(65, 'a') + "@nimbus.example") != "");
    CHECK(email_problem("a@" + labels + std::string(60, 'a')).empty()); // 254 in all
    CHECK(email_problem("a@" + labels + std::string(61, 'a')) != "");
    CHECK(domain_problem(labels + std::string(61, 'a')).empty()); // 253
    CHECK(domain_problem(labels + std::string(62, 'a')) != "");
    CHECK(domain_problem(label + ".example").empty());
    CHECK(domain_problem(label + "a.example") != "");
    CHECK(account_problem(std::string(256, 'a'), "social.example").empty());
    CHECK(account_problem(std::string(257, 'a'), "social.example") != "");
    CHECK(device_problem(std::string(128, 'f'), "phones.example").empty());
    CHECK(device_problem(std::string(129, 'f'), "phones.example") != "");
    const std::string page = "https://social.example/";
    CHECK(url_problem(page + std::string(2048 - page.size(), 'a')).empty());
    CHECK(url_problem(page + std::string(2049 - page.size(), 'a')) != "");
}

TEST_CASE("text that is not UTF-8 in its shortest form names nobody") {
    for (const char* text :
         {"\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\x80", "\xC3", "\xE2\x82", "a\xC3(",
          "\xF0\x9F\x98"}) {
        CHECK(account_problem(std::string("jan") + text, "social.example") != "");
        CHECK(email_problem(std::string("jan") + text + "@nimbus.example") != "");
        CHECK(has_invisible(text));
    }
}

TEST_CASE("an xn-- label is accepted exactly when it is the Punycode of a name that needs it") {
    // RFC 3492 section 7.1, without the mixed-case annotations.
    for (const char* good :
         {"egbpdaj6bu4bxfgehfvwxn", "ihqwcrb4cv8a8dqg056pqjye", "ihqwctvzc91f659drss3x8bo0yb",
          "4dbcagdahymbxekheh6e0a7fei0b", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
          "porqueno puedensimplementehablarenespaol-fmd56a", "3b-ww4c5e180e575a65lsy2b",
          "bcher-kva", "mnchen-3ya", "fiqs8s"})
        CHECK_MESSAGE(is_a_label(std::string("xn--") + good), good);
    for (const char* bad :
         {"", "-", "a", "zz", "nimbus-", "a-", "-kva", "bcher-kvA", "bcher-kv", "bcher-kva!",
          "99999999", "999999999999", "bcher-\xC3\xBC", "0"})
        CHECK_MESSAGE(!is_a_label(std::string("xn--") + bad), bad);
    CHECK_FALSE(is_a_label("bcher-kva"));
}

TEST_CASE("an address needs the time it was seen; ports are 1 to 65535 and for addresses only") {
    Selector address{"ipv4", "203.0.113.7", "", std::nullopt, std::nullopt};
    CHECK(problem(address) == "lacks the time at which the address was seen");
    address.seen_at = seen;
    CHECK(problem(address) == "");
    for (const std::int64_t good : {1, 80, 65'535}) {
        address.port = good;
        CHECK(problem(address) == "");
    }
    for (const std::int64_t bad : {-1, 0, 65'536}) {
        address.port = bad;
        CHECK(problem(address) == "has a port that is not from 1 to 65535");
    }
    const Selector mail{"email", "jan@nimbus.example", "", 80, std::nullopt};
    CHECK(problem(mail) == "has a port, which only addresses have");
}

TEST_CASE("a selector is read with all its members and nothing else") {
    const auto read = [](std::string_view text) {
        return read_selector(json::parse_object(text, 10'000).value());
    };
    const auto good = read(
        R"({"type":"ipv4","value":"203.0.113.7","port":51822,"seen_at":"2026-02-11T15:06:31+01:00"})");
    REQUIRE(good);
    CHECK((good->seen_at == seen));
    CHECK(text(*good) == "ipv4 203.0.113.7 port 51822 seen 2026-02-11T14:06:31.000Z");
    CHECK_FALSE(read("{}"));
}
