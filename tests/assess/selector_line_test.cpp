// Lines of selectors as people paste them.
#include "assess/selector_line.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::assess;

namespace {

std::string read(std::string_view line, const LineHints& hints = {}) {
    const auto selector = read_line(line, hints);
    return selector ? text(*selector) : "";
}

std::string refused(std::string_view line, const LineHints& hints = {}) {
    const auto selector = read_line(line, hints);
    REQUIRE_FALSE(selector.has_value());
    CHECK(selector.error().code == Code::finding_not_met);
    CHECK_FALSE(selector.error().remedy.empty());
    return selector.error().facts.text();
}

} // namespace

TEST_CASE("R7_ a pasted line is known by how it looks") {
    CHECK(read("jan@nimbus.example") == "email jan@nimbus.example");
    CHECK(read("  +4915112345678\t") == "phone +4915112345678");
    CHECK(read("nimbus.example") == "domain nimbus.example");
    CHECK(read("https://nimbus.example/a") == "url https://nimbus.example/a");
    const std::string seen = " seen 2026-02-11T14:06:31.000Z";
    CHECK(read("198.51.100.7 2026-02-11T14:06:31Z") == "ipv4 198.51.100.7" + seen);
    CHECK(read("198.51.100.7:443 2026-02-11T14:06:31Z") == "ipv4 198.51.100.7 port 443" + seen);
    CHECK(
        read("198.51.100.7 443 2026-02-11T16:06:31+02:00") == "ipv4 198.51.100.7 port 443" + seen);
    CHECK(
        read("198.51.100.7 2026-02-11 16:06:31+02:00 443") == "ipv4 198.51.100.7 port 443" + seen);
    CHECK(read("2a01:4f8::7 2026-02-11T14:06:31Z") == "ipv6 2a01:4f8::7" + seen);
    CHECK(read("[2a01:4f8::7]:443 2026-02-11T14:06:31Z") == "ipv6 2a01:4f8::7 port 443" + seen);
}

TEST_CASE("an account is named with whose names these are, a kind may be said for all lines") {
    CHECK(read("jan_77", {"", "nimbus.example"}) == "account jan_77 at nimbus.example");
    CHECK(read("@jan_77", {"", "nimbus.example"}) == "account @jan_77 at nimbus.example");
    CHECK(read("490154203237518", {"device", "imei"}) == "device 490154203237518 at imei");
    CHECK(
        read("jan@nimbus.example", {"account", "nimbus.example"}) ==
        "account jan@nimbus.example at nimbus.example");
    CHECK(refused("jan_77").find("not clear") != std::string::npos);
    CHECK(refused("jan_77", {"account", ""}).find("namespace") != std::string::npos);
    CHECK(refused("jan@nimbus.example", {"phone", ""}).find("phone") != std::string::npos);
}

TEST_CASE("T31_ what names no single account is refused on its line, with what is wrong") {
    for (const std::string_view line :
         {"*", "*@nimbus.example", "@nimbus.example", "198.51.100.0/24 2026-02-11T14:06:31Z",
          "198.51.100.1-198.51.100.9", "jan@nimbus.example, eva@nimbus.example", "Port Alder",
          "bomb making", "+49", "nimbus", "", "   "})
        CHECK_FALSE(refused(line).empty());
}

TEST_CASE("an address says when it was seen, in a zone, and its port is a port") {
    CHECK(refused("198.51.100.7").find("time") != std::string::npos);
    CHECK(refused("198.51.100.7 2026-02-11T14:06:31").find("zone") != std::string::npos);
    CHECK(refused("198.51.100.7 yesterday").find("neither") != std::string::npos);
    CHECK(refused("198.51.100.7 0 2026-02-11T14:06:31Z").find("port") != std::string::npos);
    CHECK(refused("198.51.100.7 65536 2026-02-11T14:06:31Z").find("port") != std::string::npos);
    CHECK(read("198.51.100.7 65535 2026-02-11T14:06:31Z").find("65535") != std::string::npos);
    CHECK(refused("198.51.100.7:x 2026-02-11T14:06:31Z").find("port") != std::string::npos);
    CHECK(refused("jan@nimbus.example 443").find("more than one") != std::string::npos);
}

TEST_CASE("a selector that was read prints as a grid row holds it, and reads back the same") {
    for (const std::string_view line :
         {"jan@nimbus.example", "198.51.100.7 443 2026-02-11T14:06:31Z", "nimbus.example"}) {
        const auto selector = read_line(line, {});
        REQUIRE(selector.has_value());
        const auto again = read_selector(print_selector(*selector));
        REQUIRE(again.has_value());
        CHECK(*again == *selector);
    }
    const auto account = read_line("jan_77", {"", "nimbus.example"});
    REQUIRE(account.has_value());
    CHECK(*read_selector(print_selector(*account)) == *account);
}
