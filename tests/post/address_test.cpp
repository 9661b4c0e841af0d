// Which addresses may be called, as a table; and that no spelling of an address gets round it.
#include "post/address.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace comity;
using namespace comity::post;

namespace {

struct Row {
    const char* text;
    bool open; ///< of the open internet
};

// Each block at its first and last address, and just outside where that is public.
constexpr Row rows[] = {
    // IPv4, by the registry
    {"0.0.0.0", false},
    {"0.0.0.1", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.0.0.1", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.100.100.200", false}, // Alibaba's metadata
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.0", false},
    {"127.0.0.1", false},
    {"127.0.0.53", false},
    {"127.1.2.3", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"168.63.129.15", true},
    {"168.63.129.16", false}, // Azure's metadata
    {"168.63.129.17", true},
    {"169.253.255.255", true},
    {"169.254.0.0", false},
    {"169.254.169.254", false}, // most clouds' metadata
    {"169.254.170.2", false},   // that of containers
    {"169.254.255.255", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.17.0.1", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"191.255.255.255", true},
    {"192.0.0.0", false},
    {"192.0.0.8", false},
    {"192.0.0.170", false},
    {"192.0.0.192", false}, // Oracle's metadata
    {"192.0.0.255", false},
    {"192.0.1.0", true},
    {"192.0.1.255", true},
    {"192.0.2.0", false},
    {"192.0.2.255", false},
    {"192.0.3.0", true},
    {"192.31.195.255", true},
    {"192.31.196.1", false},
    {"192.31.197.0", true},
    {"192.52.193.1", false},
    {"192.88.98.255", true},
    {"192.88.99.1", false},
    {"192.88.100.0", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.1.1", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"192.175.48.1", false},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.99.255", true},
    {"198.51.100.0", false},
    {"198.51.100.255", false},
    {"198.51.101.0", true},
    {"203.0.112.255", true},
    {"203.0.113.0", false},
    {"203.0.113.255", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.0", false},
    {"224.0.0.251", false},
    {"239.255.255.250", false},
    {"239.255.255.255", false},
    {"240.0.0.0", false},
    {"255.255.255.254", false},
    {"255.255.255.255", false},
    {"8.8.8.8", true},
    {"193.99.144.80", true},
    // IPv6 outside what is handed out
    {"::", false},
    {"::1", false},
    {"0:0:0:0:0:0:0:1", false},
    {"::2", false},
    {"100::", false},
    {"100::1", false},
    {"100:0:0:1::1", false},
    {"200::1", false},
    {"400::1", false},
    {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"4000::", false},
    {"5f00::1", false},
    {"8000::1", false},
    {"fc00::", false},
    {"fc00::1", false},
    {"fd00::1", false},
    {"fd00:ec2::254", false}, // Amazon's metadata
    {"fd20:ce::254", false},  // Google's metadata
    {"fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"fe00::1", false},
    {"fe80::", false},
    {"fe80::1", false},
    {"fe80::a9fe:a9fe", false},
    {"febf:ffff::1", false},
    {"fec0::1", false},
    {"feff::1", false},
    {"ff00::1", false},
    {"ff02::1", false},
    {"ff02::fb", false},
    {"ff0e::1", false},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    // An IPv4 address inside, whatever it is
    {"::ffff:127.0.0.1", false},
    {"::ffff:7f00:1", false},
    {"0:0:0:0:0:ffff:7f00:0001", false},
    {"::ffff:10.0.0.1", false},
    {"::ffff:169.254.169.254", false},
    {"::ffff:8.8.8.8", false},
    {"::ffff:0:127.0.0.1", false}, // SIIT
    {"::127.0.0.1", false},
    {"::8.8.8.8", false},
    {"64:ff9b::", false},
    {"64:ff9b::127.0.0.1", false},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::10.0.0.1", false},
    {"64:ff9b::169.254.169.254", false},
    {"64:ff9b::a9fe:a9fe", false},
    {"64:ff9b::8.8.8.8", false},
    {"64:ff9b:1::1", false},
    {"64:ff9b:1:ffff:ffff:ffff:ffff:ffff", false},
    {"2002::", false},
    {"2002:7f00:1::", false},
    {"2002:a00:1::1", false},
    {"2002:a9fe:a9fe::1", false},
    {"2002:808:808::1", false},
    {"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"2001:0:4136:e378:8000:63bf:3fff:fdd2", false}, // Teredo
    {"2001::1", false},
    {"2001:10::1", false},
    {"2001:20::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::", true},
    {"2a00:1450:4001:81b:0:5efe:7f00:1", false}, // ISATAP
    {"2a00:1450:4001:81b:200:5efe:a00:1", false},
    // IPv6 that is handed out, and what is reserved in it
    {"2001:db7:ffff::1", true},
    {"2001:db8::", false},
    {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", false},
    {"2001:db9::", true},
    {"2001:4860:4860::8888", true},
    {"2003::1", true},
    {"2400:cb00:2048:1::6814:55", true},
    {"2606:4700:4700::1111", true},
    {"2620:4f:7fff::1", true},
    {"2620:4f:8000::1", false},
    {"2620:4f:8001::1", true},
    {"2a00:1450:4001:81b::200e", true},
    {"2000::1", true},
    {"3ffd::1", true},
    {"3ffe::1", false},
    {"3fff::1", false},
    {"3fff:fff:ffff::1", false},
    {"3fff:1000::1", true},
};

} // namespace

TEST_CASE("T50_ of more than 150 addresses only those of the open internet may be called") {
    CHECK(std::size(rows) >= 150);
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto address = Address::parse(row.text);
        REQUIRE(address);
        CHECK(is_public(*address) == row.open);
        CHECK(may_call(*address, {}) == row.open);
        CHECK(Address::parse(address->text()) == address);
    }
}

TEST_CASE("T50_ a network that the settings name opens itself and no other spelling of it") {
    const auto network = Network::parse("10.20.0.0/16").value();
    const std::vector<Network> named{network, Network::parse("fd12:3456::/33").value()};
    const auto may = [&](const char* text) {
        return may_call(Address::parse(text).value(), named);
    };
    CHECK(may("10.20.0.0"));
    CHECK(may("10.20.255.255"));
    CHECK_FALSE(may("10.19.255.255"));
    CHECK_FALSE(may("10.21.0.0"));
    CHECK_FALSE(may("::ffff:10.20.0.1"));
    CHECK_FALSE(may("64:ff9b::10.20.0.1"));
    CHECK_FALSE(may("2002:a14:1::"));
    CHECK_FALSE(may("::10.20.0.1"));
    CHECK(may("fd12:3456:7fff::1"));
    CHECK_FALSE(may("fd12:3456:8000::1"));
    CHECK_FALSE(may("a14::")); // the same bits in the other family
    CHECK_FALSE(may("127.0.0.1"));
    CHECK(may("8.8.8.8"));
    const auto one = Network::parse("192.168.7.9").value();
    CHECK(one.holds(Address::parse("192.168.7.9").value()));
    CHECK_FALSE(one.holds(Address::parse("192.168.7.8").value()));
    CHECK(Network::parse("0.0.0.0/0").value().holds(Address::parse("10.0.0.1").value()));
}

TEST_CASE("what is no network is refused, and so is one with more than its length says") {
    for (const char* text :
         {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/8/8", "10/8",
          "10.20.0.1/16", "0x0a.0.0.0/8", "010.0.0.0/8", "fd00::/129", "fd00::1/64", "localhost",
          "10.0.0.0/ 8", "fe80::1%eth0", "::ffff:10.0.0.1/95"}) {
        CAPTURE(text);
        const auto read = Network::parse(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Code::setting_invalid);
    }
}

TEST_CASE("what only looks like an address is none") {
    for (const std::string text :
         {"", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "127.0.0.01",
          "127.0.0.1 ", "127.0.0.256", "[::1]", "::1%lo", "1::2::3", "12345::", "localhost"}) {
        CAPTURE(text);
        CHECK_FALSE(Address::parse(text));
    }
    CHECK_FALSE(Address::parse(std::string_view("127.0.0.1\0", 10)));
}
