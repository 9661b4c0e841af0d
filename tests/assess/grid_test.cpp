// Grids: reading, and the order "is within" on cells and grids, by example and by property.
#include "assess/grid.hpp"
#include "base/limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

using namespace comity;
using namespace comity::assess;

namespace {

std::optional<Instant> at(const char* text) {
    return text ? std::optional(instant_from(text).value()) : std::nullopt;
}

Cell cell(
    const char* category, const char* from, const char* to,
    const char* value = "jan@nimbus.example") {
    return {{"email", value, "", std::nullopt, std::nullopt}, category, at(from), at(to)};
}

json::Array rows(std::string_view text) {
    return json::parse(text, 1 << 20).value().as_array();
}

using Index = std::optional<std::size_t>;

constexpr const char* january = "2026-01-01T00:00:00Z";
constexpr const char* february = "2026-02-01T00:00:00Z";
constexpr const char* march = "2026-03-01T00:00:00Z";

} // namespace

TEST_CASE("F8 a period within is contained at its bounds and not one millisecond beyond") {
    const Cell outer = cell("access", january, march);
    CHECK(contains(outer, outer));
    CHECK(contains(outer, cell("access", february, march)));
    CHECK(contains(outer, cell("access", "2026-01-01T01:00:00+01:00", march))); // the same instant
    CHECK_FALSE(contains(outer, cell("access", "2025-12-31T23:59:59.999Z", march)));
    CHECK_FALSE(contains(outer, cell("access", january, "2026-03-01T00:00:00.001Z")));
    CHECK_FALSE(contains(outer, cell("access", nullptr, march)));
    CHECK_FALSE(contains(outer, cell("access", january, nullptr)));
    CHECK_FALSE(contains(outer, cell("traffic", february, march)));
    CHECK_FALSE(contains(outer, cell("access", february, march, "ann@nimbus.example")));
    const Cell open = cell("subscriber", nullptr, nullptr);
    CHECK(contains(open, open));
    CHECK(contains(open, cell("subscriber", january, february)));
    CHECK_FALSE(contains(cell("subscriber", january, march), open));
}

TEST_CASE("a category never contains another, in no direction") {
    const char* categories[] = {"subscriber", "access", "traffic", "content"};
    for (const char* outer : categories)
        for (const char* inner : categories)
            CHECK(
                contains(cell(outer, january, march), cell(inner, january, march)) ==
                (std::string(outer) == inner));
}

TEST_CASE("port, namespace and time seen are part of the selector") {
    Cell outer = cell("access", january, march);
    outer.selector = {"ipv4", "203.0.113.7", "", 51'822, at(february)};
    Cell inner = outer;
    CHECK(contains(outer, inner));
    inner.selector.port = 51'823;
    CHECK_FALSE(contains(outer, inner));
    inner.selector.port = std::nullopt;
    CHECK_FALSE(contains(outer, inner));
    inner = outer;
    inner.selector.seen_at = at("2026-02-01T00:00:00.001Z");
    CHECK_FALSE(contains(outer, inner));
    outer = cell("access", january, march);
    outer.selector = {"account", "jan", "social.example", std::nullopt, std::nullopt};
    inner = outer;
    CHECK(contains(outer, inner));
    inner.selector.space = "chat.example";
    CHECK_FALSE(contains(outer, inner));
}

TEST_CASE("two rows that only together cover a period do not contain it") {
    const Grid outer{cell("access", january, february), cell("access", february, march)};
    CHECK((first_outside(outer, {cell("access", january, march)}) == Index(0)));
    CHECK(
        (first_outside(
             outer, {cell("access", january, february), cell("access", february, march)}) ==
         Index()));
    CHECK(
        (first_outside(
             outer, {cell("access", january, february), cell("content", january, february)}) ==
         Index(1)));
    CHECK((first_outside({}, {cell("access", january, february)}) == Index(0)));
    CHECK((first_outside(outer, {}) == Index()));
}

TEST_CASE("reading a grid refuses each fault with its row") {
    const std::string mail = R"("selector":{"type":"email","value":"jan@nimbus.example"})";
    const std::string period = R"("from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z")";
    const auto refused = [](const std::string& text, std::string_view part) {
        const auto grid = read_grid(rows(text));
        REQUIRE_FALSE_MESSAGE(grid, text);
        CHECK(grid.error().code == Code::finding_not_met);
        CHECK_MESSAGE(
            grid.error().facts.text().find(part) != std::string::npos, grid.error().facts.text());
    };
    const std::string good = "{" + mail + ",\"category\":\"access\"," + period + "}";
    CHECK(read_grid(rows("[" + good + "]")));
    CHECK(read_grid(rows("[{" + mail + ",\"category\":\"subscriber\"}]")));
    refused("[]", "the grid has 0 rows");
    refused("[" + good + ",7]", "row 2 of the grid is not a row");
    refused("[" + good + ",{" + mail + "}]", "row 2 of the grid: row: \"category\" is missing");
    refused(
        "[{" + mail + R"(,"category":"all"}])", "is none of subscriber, access, traffic, content");
    refused("[{\"category\":\"access\"," + period + "}]", "\"selector\" is missing");
    refused(
        "[{" + mail + ",\"category\":\"access\",\"place\":\"x\"," + period + "}]",
        "\"place\" is not known");
    refused(
        "[{" + mail + R"(,"category":"access","from":"soon","to":"later"}])", "is not an instant");
    refused(
        R"([{"selector":{"type":"email","value":"*@nimbus.example"},"category":"subscriber"}])",
        "the email selector holds a wildcard");
    for (const char* category : {"access", "traffic", "content"}) {
        const std::string begin = "[{" + mail + ",\"category\":\"" + category + "\"";
        refused(begin + "}]", "lacks the beginning or the end of its period");
        refused(begin + R"(,"from":"2026-01-01T00:00:00Z"}])", "lacks the beginning or the end");
        refused(begin + R"(,"to":"2026-01-01T00:00:00Z"}])", "lacks the beginning or the end");
        refused(
            begin + R"(,"from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:00Z"}])",
            "ends before it begins");
        refused(
            begin + R"(,"from":"2026-01-01T00:00:00.001Z","to":"2026-01-01T00:00:00Z"}])",
            "ends before it begins");
        CHECK(read_grid(
            rows(begin + R"(,"from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:00.001Z"}])")));
    }
    json::Array many;
    for (std::size_t i = 0; i < limits::grid_rows; ++i)
        many.push_back(json::Object{
            {"selector",
             json::Object{
                 {"type", "email"}, {"value", "a" + std::to_string(i) + "@nimbus.example"}}},
            {"category", "subscriber"}});
    CHECK(read_grid(many));
    many.push_back(json::Value(many[0]));
    CHECK_FALSE(read_grid(many));
}

TEST_CASE("T31 a domain stands for whoever registered it and for nothing else") {
    const auto read = [](const std::string& category) {
        return read_grid(rows(
            R"([{"selector":{"type":"domain","value":"nimbus.example"},"category":")" + category +
            R"(","from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z"}])"));
    };
    CHECK(read("subscriber"));
    for (const char* category : {"access", "traffic", "content"}) {
        const auto grid = read(category);
        REQUIRE_FALSE_MESSAGE(grid, category);
        CHECK(grid.error().facts.text().find("everybody under it") != std::string::npos);
    }
}

TEST_CASE("F8 an address is asked about for the time it was seen, and for a week at most") {
    const auto read = [](const std::string& from, const std::string& to, const char* type = "ipv4",
                         const char* value = "203.0.113.7") {
        return read_grid(rows(fmt::format(
            R"([{{"selector":{{"type":"{}","value":"{}","seen_at":"2026-02-11T14:06:31Z"}},)"
            R"("category":"access","from":"{}","to":"{}"}}])",
            type, value, from, to)));
    };
    const auto says = [](const Result<Grid>& grid, std::string_view part) {
        REQUIRE_FALSE(grid);
        CHECK_MESSAGE(
            grid.error().facts.text().find(part) != std::string::npos, grid.error().facts.text());
    };
    CHECK(read("2026-02-11T14:06:31Z", "2026-02-11T14:06:31.001Z"));
    says(read("2026-02-11T14:06:31.001Z", "2026-02-12T00:00:00Z"), "another time");
    says(
        read("2026-02-11T00:00:00Z", "2026-02-11T14:06:31Z"), "another time"); // the end is outside
    says(
        read("2026-02-12T00:00:00Z", "2026-02-13T00:00:00Z", "ipv6", "2001:db8::1"),
        "another time");
    CHECK(read("2026-02-08T00:00:00Z", "2026-02-15T00:00:00Z"));
    says(read("2026-02-08T00:00:00Z", "2026-02-15T00:00:00.001Z"), "longer than 7 days");
    // Other selectors are asked about for as long as the case needs.
    CHECK(read_grid(rows(
        R"([{"selector":{"type":"phone","value":"+4915112345678","seen_at":"2026-02-11T14:06:31Z"},
             "category":"access","from":"2026-01-01T00:00:00Z","to":"2026-02-01T00:00:00Z"}])")));
    // Who the subscriber is needs no period.
    CHECK(read_grid(rows(
        R"([{"selector":{"type":"ipv4","value":"203.0.113.7","seen_at":"2026-02-11T14:06:31Z"},
             "category":"subscriber"}])")));
}

TEST_CASE("containment is reflexive, transitive and, on cells, antisymmetric") {
    const unsigned seed = 99;
    MESSAGE("seed ", seed);
    std::mt19937_64 random(seed);
    const auto any = [&] {
        const char* values[] = {"a@nimbus.example", "b@nimbus.example"};
        const char* categories[] = {"subscriber", "access"};
        Cell out = cell(categories[random() % 2], nullptr, nullptr, values[random() % 2]);
        if (random() % 3) out.from = Instant(Milliseconds(static_cast<std::int64_t>(random() % 4)));
        if (random() % 3)
            out.to = Instant(Milliseconds(static_cast<std::int64_t>(4 + random() % 4)));
        return out;
    };
    std::size_t chains = 0;
    for (int i = 0; i < 60'000; ++i) {
        const Cell a = any();
        const Cell b = any();
        const Cell c = any();
        REQUIRE(contains(a, a));
        if (contains(a, b) && contains(b, a)) REQUIRE((a == b));
        if (contains(a, b) && contains(b, c)) {
            REQUIRE(contains(a, c));
            ++chains;
        }
        // A grid contains each of its own rows, and having more rows never makes it contain less.
        const Grid large{a, b};
        REQUIRE((first_outside(large, {b, a}) == Index()));
        if (contains(Grid{a}, c)) REQUIRE(contains(large, c));
    }
    CHECK(chains > 100);
}
