// Selectors: tables of good and bad ones of each type. F8: one account, address or device, never a
// wildcard, a range, a list, a place or a keyword.
#include "assess/selector.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace comity;
using namespace comity::assess;

namespace {

const std::string long_label(63, 'a');

struct Row {
    const char* type;
    std::string value;
    std::string space = "";
};

const Instant seen = instant_from("2026-02-11T14:06:31Z").value();

std::string problem_of(const Row& row) {
    Selector selector{row.type, row.value, row.space, std::nullopt, std::nullopt};
    if (selector.type == "ipv4" || selector.type == "ipv6") selector.seen_at = seen;
    return problem(selector);
}

} // namespace

TEST_CASE("F8 selectors that name one account, address or device are accepted") {
    const std::vector<Row> good = {
        {"email", "jan@nimbus.example"},
        {"email", "Jan.Novak@nimbus.example"},
        {"email", "a@b.cd"},
        {"email", "o'brien+news@mail.nimbus.example"},
        {"email", "x_y-z=1/2@nimbus.example"},
        {"email", "жанна@nimbus.example"},
        {"email", "jan@xn--mnchen-3ya.example"},
        {"email", std::string(64, 'a') + "@nimbus.example"},
        {"email", "!#$&'+-/=^_`{}~@nimbus.example"},
        {"email", "1234567890@nimbus.example"},
        {"phone", "+4915112345678"},
        {"phone", "+12025550123"},
        {"phone", "+2901234"},
        {"phone", "+123456789012345"},
        {"phone", "+8613800138000"},
        {"phone", "+35312345678"},
        {"account", "harbour.invoices", "nimbus-mail.example"},
        {"account", "@handle", "social.example"},
        {"account", "a", "social.example"},
        {"account", std::string(256, 'a'), "social.example"},
        {"account", "1000123456789", "social.example"},
        {"account", "user#1234", "chat.example"},
        {"account", "user/name:room@host", "chat.example"},
        {"account", "пользователь", "social.example"},
        {"account", "用户", "social.example"},
        {"ipv4", "203.0.113.77"},
        {"ipv4", "1.1.1.1"},
        {"ipv4", "9.255.255.255"},
        {"ipv4", "11.0.0.0"},
        {"ipv4", "172.15.255.255"},
        {"ipv4", "172.32.0.0"},
        {"ipv4", "100.63.255.255"},
        {"ipv4", "100.128.0.0"},
        {"ipv4", "169.253.0.1"},
        {"ipv4", "192.167.1.1"},
        {"ipv4", "223.255.255.255"},
        {"ipv6", "2001:db8::1"},
        {"ipv6", "2001:db8:0:1:1:1:1:1"},
        {"ipv6", "2001:db8::1:0:0:1"},
        {"ipv6", "2a00:1450:4001:82b::200e"},
        {"ipv6", "2001:db8:1:2:3:4:5:6"},
        {"ipv6", "2001:0:0:1::1"},
        {"ipv6", "fbff::1"},
        {"ipv6", "2001:db8::"},
        {"device", "490154203237518", "imei"},
        {"device", "352099001761481", "imei"},
        {"device", "02:00:5e:10:00:00", "mac"},
        {"device", "ff:ff:ff:ff:ff:fe", "mac"},
        {"device", "A1B2-C3D4", "phones.example"},
        {"device", "abcd", "phones.example"},
        {"device", std::string(128, 'f'), "phones.example"},
        {"url", "https://social.example/users/jan"},
        {"url", "http://social.example/p/1?id=7"},
        {"url", "https://203.0.113.7/a"},
        {"url", "https://[2001:db8::1]/a"},
        {"url", "https://[2001:db8::1]:8443/a"},
        {"url", "https://social.example:8443/@jan"},
        {"url", "https://social.example/a%20b"},
        {"url", "https://social.example/" + std::string(2025, 'a')},
        {"url", "http://social.example:443/x"},
        {"domain", "nimbus.example"},
        {"domain", "a.b.c.nimbus.example"},
        {"domain", "xn--bcher-kva.example"},
        {"domain", "1.example"},
        {"domain", "a-b.example"},
        {"domain", long_label + "." + long_label + "." + long_label + "." + std::string(61, 'a')},
    };
    CHECK(good.size() >= 60);
    for (const auto& row : good)
        CHECK_MESSAGE(problem_of(row) == "", row.type, " ", row.value);
}

TEST_CASE("T31 selectors that are wildcards, ranges, lists, places or ill-formed are refused") {
    const std::vector<Row> bad = {
        {"email", ""},
        {"email", "jan"},
        {"email", "@nimbus.example"},
        {"email", "*@nimbus.example"},
        {"email", "jan*@nimbus.example"},
        {"email", "%@nimbus.example"},
        {"email", "j?n@nimbus.example"},
        {"email", "jan@*.example"},
        {"email", "jan@example"},
        {"email", "jan@nimbus.example,ann@nimbus.example"},
        {"email", "jan@nimbus.example; ann@nimbus.example"},
        {"email", "jan @nimbus.example"},
        {"email", ".jan@nimbus.example"},
        {"email", "jan.@nimbus.example"},
        {"email", "ja..n@nimbus.example"},
        {"email", "\"jan\"@nimbus.example"},
        {"email", "ann@jan@nimbus.example"},
        {"email", "jan@Nimbus.example"},
        {"email", "jan@nimbus..example"},
        {"email", "jan@-nimbus.example"},
        {"email", "jan@[203.0.113.7]"},
        {"email", "jan@203.0.113.7"},
        {"email", "jan@münchen.example"},
        {"email", "Jan <jan@nimbus.example>"},
        {"email", "ja\u200bn@nimbus.example"},
        {"email", std::string(65, 'a') + "@nimbus.example"},
        {"email",
         "a@" + long_label + "." + long_label + "." + long_label + "." + std::string(61, 'a')},
        {"phone", ""},
        {"phone", "+"},
        {"phone", "4915112345678"},
        {"phone", "004915112345678"},
        {"phone", "+015112345678"},
        {"phone", "+49 151 12345678"},
        {"phone", "+49-151-12345678"},
        {"phone", "+49151*"},
        {"phone", "+4915112345678-99"},
        {"phone", "+123456"},
        {"phone", "+1234567890123456"},
        {"phone", "+4915112345678,+4915112345679"},
        {"phone", "+٤٩١٥١١٢٣"},
        {"account", "jan"},
        {"account", "", "social.example"},
        {"account", "jan*", "social.example"},
        {"account", "%", "social.example"},
        {"account", "jan, ann", "social.example"},
        {"account", "jan|ann", "social.example"},
        {"account", "jan novak", "social.example"},
        {"account", "jan", "Social.example"},
        {"account", "jan", "social"},
        {"account", "jan", "*.example"},
        {"account", "<script>", "social.example"},
        {"account", "ja\u202en", "social.example"},
        {"account", "jan\u00a0", "social.example"},
        {"account", "jan\n", "social.example"},
        {"account", std::string(257, 'a'), "social.example"},
        {"ipv4", ""},
        {"ipv4", "203.0.113"},
        {"ipv4", "203.0.113.7.1"},
        {"ipv4", "203.0.113.256"},
        {"ipv4", "203.0.113.07"},
        {"ipv4", "203.0.113.0/24"},
        {"ipv4", "203.0.113.1-203.0.113.9"},
        {"ipv4", "203.0.113.*"},
        {"ipv4", "3405803853"},
        {"ipv4", "0xcb.0.113.7"},
        {"ipv4", "203.0.113.7 "},
        {"ipv4", "0.0.0.0"},
        {"ipv4", "10.0.0.1"},
        {"ipv4", "10.255.255.255"},
        {"ipv4", "127.0.0.1"},
        {"ipv4", "172.16.0.0"},
        {"ipv4", "172.31.255.255"},
        {"ipv4", "192.168.1.1"},
        {"ipv4", "169.254.1.1"},
        {"ipv4", "100.64.0.0"},
        {"ipv4", "100.127.255.255"},
        {"ipv4", "224.0.0.1"},
        {"ipv4", "255.255.255.255"},
        {"ipv4", "2001:db8::1"},
        {"ipv6", ""},
        {"ipv6", "::"},
        {"ipv6", "::1"},
        {"ipv6", ":"},
        {"ipv6", ":::"},
        {"ipv6", "2001:db8::/32"},
        {"ipv6", "2001:DB8::1"},
        {"ipv6", "2001:0db8::1"},
        {"ipv6", "2001:db8:0:0:0:0:0:1"},
        {"ipv6", "2001:db8:0:0:1::1"},
        {"ipv6", "2001:db8::1:1:1:1:1"},
        {"ipv6", "2001:db8::1::1"},
        {"ipv6", "2001:db8:1:2:3:4:5"},
        {"ipv6", "2001:db8:1:2:3:4:5:6:7"},
        {"ipv6", "2001:db8:1:2:3:4:5:6::"},
        {"ipv6", "2001:db8:1:2:3:4:5:"},
        {"ipv6", "12001:db8::1"},
        {"ipv6", "2001:db8::g"},
        {"ipv6", "::ffff:203.0.113.7"},
        {"ipv6", "::ffff:cb00:7107"},
        {"ipv6", "::cb00:7107"},
        {"ipv6", "fe80::1"},
        {"ipv6", "fe80::1%eth0"},
        {"ipv6", "febf::1"},
        {"ipv6", "fc00::1"},
        {"ipv6", "fdff::1"},
        {"ipv6", "ff02::1"},
        {"ipv6", "203.0.113.7"},
        {"device", "490154203237518"},
        {"device", "490154203237519", "imei"},
        {"device", "49015420323751", "imei"},
        {"device", "4901542032375180", "imei"},
        {"device", "49015420323751*", "imei"},
        {"device", "02:00:5E:10:00:00", "mac"},
        {"device", "02-00-5e-10-00-00", "mac"},
        {"device", "12:34:5e:10:00", "mac"},
        {"device", "02:00:5e:10:00:0g", "mac"},
        {"device", "abc", "phones.example"},
        {"device", std::string(129, 'f'), "phones.example"},
        {"device", "A1B2 C3D4", "phones.example"},
        {"device", "A1B2*", "phones.example"},
        {"device", "A1B2C3", "serial"},
        {"url", ""},
        {"url", "social.example/jan"},
        {"url", "ftp://social.example/jan"},
        {"url", "HTTPS://social.example/jan"},
        {"url", "https://social.example"},
        {"url", "https://social.example/"},
        {"url", "https://social.example?q=x"},
        {"url", "https://*.example/jan"},
        {"url", "https://social.example/*"},
        {"url", "https://Social.example/jan"},
        {"url", "https://jan@social.example/jan"},
        {"url", "https://jan:pw@social.example/jan"},
        {"url", "https://social.example/jan#top"},
        {"url", "https://social.example/ja n"},
        {"url", "https://social.example/jän"},
        {"url", "https://social.example/a%2"},
        {"url", "https://social.example/a%zz"},
        {"url", "https://social.example/a%2f"},
        {"url", "https://social.example:443/jan"},
        {"url", "http://social.example:80/jan"},
        {"url", "https://social.example:0/jan"},
        {"url", "https://social.example:65536/jan"},
        {"url", "https://social.example:/jan"},
        {"url", "https://127.0.0.1/jan"},
        {"url", "https://[::1]/jan"},
        {"url", "https://social/jan"},
        {"url", "https:///jan"},
        {"url", "https://social.example/" + std::string(2026, 'a')},
        {"domain", ""},
        {"domain", "example"},
        {"domain", "*.nimbus.example"},
        {"domain", "nimbus.example."},
        {"domain", ".nimbus.example"},
        {"domain", "Nimbus.example"},
        {"domain", "nim_bus.example"},
        {"domain", "nimbus..example"},
        {"domain", "-a.example"},
        {"domain", "a-.example"},
        {"domain", "ab--cd.example"},
        {"domain", "bücher.example"},
        {"domain", "nimbus.123"},
        {"domain", long_label + "a.example"},
        {"domain", long_label + "." + long_label + "." + long_label + "." + std::string(62, 'a')},
        {"keyword", "bomb"},
        {"area", "52.5200,13.4050"},
        {"cell_tower", "262-01-1234-5678"},
        {"", "jan@nimbus.example"},
        {"email", "jan@nimbus.example", "nimbus.example"},
        {"domain", "nimbus.example", "nimbus.example"},
    };
    CHECK(bad.size() >= 60);
    for (const auto& row : bad) {
        const auto said = problem_of(row);
        CHECK_MESSAGE(said != "", row.type, " ", row.value, " ", row.space);
        CHECK_MESSAGE((row.value.size() < 8 || said.find(row.value) == std::string::npos), said);
    }
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
    for (const char* bad :
         {"{}", R"({"type":"email"})", R"({"value":"jan@nimbus.example"})",
          R"({"type":"email","value":7})",
          R"({"type":"email","value":"jan@nimbus.example","also":"x"})",
          R"({"type":"ipv4","value":"203.0.113.7","seen_at":"yesterday"})",
          R"({"type":"ipv4","value":"203.0.113.7","port":"80","seen_at":"2026-02-11T15:06:31Z"})",
          R"({"type":"email","value":"*@nimbus.example"})"}) {
        const auto result = read(bad);
        REQUIRE_FALSE_MESSAGE(result, bad);
        CHECK(result.error().code == Code::finding_not_met);
    }
}
