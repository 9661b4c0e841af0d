// Manifests are read strictly; custody is the fold of what touched the evidence.
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "evidence/custody.hpp"
#include "evidence/manifest.hpp"
#include "support/outcome.hpp"

#include <fmt/format.h>

using namespace comity;
using namespace comity::evidence;
using comity::test::code;
using comity::test::moment;

namespace {

Item item(const std::string& name) {
    return {
        name,
        12,
        "application/json",
        crypto::sha256("plain " + name),
        crypto::sha256("sealed " + name),
        crypto::sha256("envelope " + name),
        0};
}

std::string named(const std::string& name) {
    Item one = item("x");
    one.name = name;
    return code(parse_items(print_items({one})));
}

} // namespace

TEST_CASE("N1_ a manifest that was printed reads back as it was, and its hash names it") {
    std::vector<Item> items = {
        item("mailbox.mbox"), item("journal d'accès – été.csv"), item("../../etc/passwd")};
    items[1].cell = 199;
    items[2].size = 0;
    const auto back = parse_items(print_items(items));
    REQUIRE_MESSAGE(back, (back ? "" : back.error().facts.text()));
    CHECK(*back == items);
    auto other = items;
    std::swap(other[0], other[1]);
    CHECK(manifest_hash(other) != manifest_hash(items));
    other = items;
    other[0].size += 1;
    CHECK(manifest_hash(other) != manifest_hash(items));
    CHECK(parse_items({})->empty());
}

TEST_CASE("T08 a name that a page cannot show as it is is refused") {
    CHECK(named("a") == "accepted");
    CHECK(named("naïve 日本 ملف") == "accepted");
    CHECK(named("\u00a0") == "accepted");
    CHECK(named("") == "form_invalid");
    for (int c = 1; c < 0x20; ++c)
        CHECK(named("a" + std::string(1, static_cast<char>(c)) + "b") == "form_invalid");
    CHECK(named("a\x7f") == "form_invalid");
    for (int c = 0x80; c < 0xa0; ++c)
        CHECK(named("a\xc2" + std::string(1, static_cast<char>(c))) == "form_invalid");
    for (const std::string hidden :
         {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
          "\u200e", "\u200f", "\u061c", "\u2028", "\u2029"})
        CHECK(named("invoice" + hidden + "fdp.exe") == "form_invalid");
    CHECK(named("a\xff") == "form_invalid");
    CHECK(named("a\xc2") == "form_invalid");
    CHECK(named(std::string(254, 'n')) == "accepted");
    CHECK(named(std::string(255, 'n')) == "accepted");
    CHECK(named(std::string(256, 'n')) == "form_invalid");
}

TEST_CASE("T08 each member of an item is refused when it is missing, unknown or of another form") {
    const auto good = print_items({item("x")})[0].as_object();
    const auto read = [](const json::Object& object) {
        return code(parse_items(json::Array{object}));
    };
    CHECK(read(good) == "accepted");
    for (const auto& member : good) {
        INFO(std::string(member.key()));
        auto changed = good;
        changed.erase(member.key());
        CHECK(read(changed) == "form_invalid");
        changed[member.key()] = json::Array{};
        CHECK(read(changed) == "form_invalid");
        changed = good;
        changed[std::string(member.key()) + "x"] = member.value();
        CHECK(read(changed) == "form_invalid");
    }
    for (const std::string_view hash : {"plain_sha256", "cipher_sha256", "envelope_sha256"}) {
        auto changed = good;
        changed[hash] = text(crypto::sha256("x")).substr(1);
        CHECK(read(changed) == "form_invalid");
        changed[hash] = to_hex(view(crypto::sha256("x")));
        CHECK(read(changed) == "form_invalid");
    }
    CHECK(code(parse_items(json::Array{"x"})) == "form_invalid");
}

TEST_CASE("sizes and cells of a manifest below, at and above their limits") {
    const auto with = [](std::string_view member, std::int64_t value) {
        auto object = print_items({item("x")})[0].as_object();
        object[member] = value;
        return code(parse_items(json::Array{object}));
    };
    const auto most = static_cast<std::int64_t>(limits::evidence_item_bytes);
    CHECK(with("size", -1) == "form_invalid");
    CHECK(with("size", 0) == "accepted");
    CHECK(with("size", most - 1) == "accepted");
    CHECK(with("size", most) == "accepted");
    CHECK(with("size", most + 1) == "form_invalid");
    CHECK(with("cell", -1) == "form_invalid");
    CHECK(with("cell", 0) == "accepted");
    const auto count = [](std::size_t n) {
        std::vector<Item> items(n, item("x"));
        for (std::size_t i = 0; i < n; ++i)
            items[i].sealed = crypto::sha256(fmt::format("item {}", i));
        return code(parse_items(print_items(items)));
    };
    CHECK(count(limits::evidence_items) == "accepted");
    CHECK(count(limits::evidence_items + 1) == "form_invalid");
}

TEST_CASE("T08 one ciphertext stands in a manifest once") {
    auto twice = item("second");
    twice.sealed = item("first").sealed;
    CHECK(code(parse_items(print_items({item("first"), twice}))) == "form_invalid");
    CHECK(code(parse_items(print_items({item("first"), item("second")}))) == "accepted");
}

namespace {

const ParticipantId vault("vault-provider");
const ParticipantId borealia("borealia-authority");
const ParticipantId arcadia("arcadia-authority");
const CustodyParties parties{vault, borealia, arcadia};

CustodyEvent event(const std::string& act, const ParticipantId& performer, std::int64_t sequence) {
    CustodyEvent out;
    out.act = act;
    out.hash = crypto::sha256(fmt::format("{} {}", act, sequence));
    out.sequence = sequence;
    out.performer = performer;
    out.admitted = moment("2026-03-01T00:00:00Z") + std::chrono::hours(sequence);
    return out;
}

CustodyEvent bringing(
    const std::string& act, const ParticipantId& by, std::int64_t sequence,
    std::vector<Item> items) {
    auto out = event(act, by, sequence);
    out.items = std::move(items);
    return out;
}

CustodyEvent destroying(
    const std::string& act, const ParticipantId& by, std::int64_t sequence,
    std::vector<Digest> sealed) {
    auto out = event(act, by, sequence);
    out.destroyed = std::move(sealed);
    return out;
}

} // namespace

TEST_CASE(
    "R3_ custody of an ordinary case: produced, released, received, opened, purged, deleted") {
    const Item produced = item("mailbox");
    Item released = produced;
    released.sealed = crypto::sha256("sealed again");
    const std::vector<CustodyEvent> events = {
        bringing("produce", vault, 1, {produced}),
        bringing("release", borealia, 2, {released}),
        event("receive", arcadia, 3),
        event("open", arcadia, 4),
        destroying("purge", borealia, 5, {produced.sealed}),
        destroying("delete", arcadia, 6, {released.sealed}),
    };

    struct Row {
        std::size_t events;
        std::vector<std::string> holders; // with a cross when destroyed
    };

    const Row table[] = {
        {0, {}},
        {1, {"borealia-authority", "vault-provider"}},
        {2, {"borealia-authority", "vault-provider x", "arcadia-authority"}},
        {3, {"borealia-authority", "vault-provider x", "arcadia-authority"}},
        {4, {"borealia-authority", "vault-provider x", "arcadia-authority"}},
        {5, {"borealia-authority x", "vault-provider x", "arcadia-authority"}},
        {6, {"borealia-authority x", "vault-provider x", "arcadia-authority x"}},
    };
    for (const auto& row : table) {
        const auto holdings = custody(
            {events.begin(), events.begin() + static_cast<std::ptrdiff_t>(row.events)}, parties,
            false);
        std::vector<std::string> holders;
        for (const auto& holding : holdings)
            holders.push_back(holding.holder.str() + (holding.destroyed ? " x" : ""));
        CHECK(holders == row.holders);
    }
    const auto all = custody(events, parties, false);
    CHECK(all[0].plain == all[2].plain);
    CHECK(all[0].sealed == produced.sealed);
    CHECK(all[1].sealed == produced.sealed);
    CHECK(all[1].destroyed_by == events[1].hash); // it had arrived
    CHECK(all[2].sealed == released.sealed);
    CHECK(all[0].from == events[0].admitted);
    CHECK(all[0].under == events[0].hash);
    CHECK(all[0].destroyed == events[4].admitted);
    CHECK(all[0].destroyed_by == events[4].hash);
    const auto printed = print_custody(all);
    REQUIRE(printed.size() == 3);
    CHECK(printed[0].at("holder").as_string() == "borealia-authority");
    CHECK(printed[2].at("destroyed").as_string() == to_text(events[5].admitted));
    CHECK(
        print_custody(custody({events[0]}, parties, false))[0].as_object().contains("destroyed") ==
        false);
}

TEST_CASE("R3_ a production straight to the requesting authority goes by nobody else") {
    const auto produced = bringing("produce", vault, 1, {item("a"), item("b")});
    const auto holdings = custody({produced}, parties, true);
    REQUIRE(holdings.size() == 4);
    CHECK(holdings[0].holder == arcadia);
    CHECK(holdings[1].holder == vault);
    CHECK(holdings[2].name == "b");
    const auto received = custody({produced, event("receive", arcadia, 2)}, parties, true);
    CHECK_FALSE(received[0].destroyed);
    CHECK(received[1].destroyed_by == crypto::sha256("receive 2"));
    CHECK(received[3].destroyed);
}

TEST_CASE("R3_ a provider's discard ends the sealed copy that never left, and no other's") {
    const Item one = item("one");
    const auto produced = bringing("produce", vault, 1, {one});
    const auto held = custody({produced}, parties, false);
    REQUIRE(held.size() == 2);
    CHECK_FALSE(held[1].destroyed);
    const auto discarded =
        custody({produced, destroying("discard", vault, 2, {one.sealed})}, parties, false);
    CHECK_FALSE(discarded[0].destroyed);
    CHECK(discarded[1].holder == vault);
    CHECK(discarded[1].destroyed == moment("2026-03-01T02:00:00Z"));
    CHECK(discarded[1].destroyed_by == crypto::sha256("discard 2"));
    // What had arrived before was removed then, and not by the discard that came later.
    const auto late = custody(
        {produced, event("release", borealia, 2), destroying("discard", vault, 3, {one.sealed})},
        parties, false);
    CHECK(late[1].destroyed_by == crypto::sha256("release 2"));
    for (const auto& [act, ends] : std::vector<std::pair<std::string, bool>>{
             {"purge", true}, {"delete", true}, {"discard", true}, {"open", false}, {"", false}})
        CHECK(ends_holdings(act) == ends);
}

TEST_CASE("T08 nobody ends a holding of another, of another ciphertext, or twice") {
    const Item one = item("one");
    const auto produced = bringing("produce", vault, 1, {one});
    CHECK_FALSE(
        custody({produced, destroying("purge", arcadia, 2, {one.sealed})}, parties, false)[0]
            .destroyed);
    CHECK_FALSE(
        custody({produced, destroying("purge", borealia, 2, {one.plain})}, parties, false)[0]
            .destroyed);
    CHECK_FALSE(
        custody({produced, destroying("open", borealia, 2, {one.sealed})}, parties, false)[0]
            .destroyed);
    const auto twice = custody(
        {produced, destroying("purge", borealia, 2, {one.sealed}),
         destroying("purge", borealia, 3, {one.sealed})},
        parties, false);
    CHECK(twice[0].destroyed == moment("2026-03-01T02:00:00Z"));
}
