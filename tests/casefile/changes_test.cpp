// What changed between two texts of one thing.
#include "casefile/difference.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::casefile;

namespace {

json::Object object(std::string_view text) {
    auto parsed = json::parse_object(text, 64 * 1024);
    REQUIRE(parsed.has_value());
    return *parsed;
}

// "pointer kind" for each change.
std::vector<std::string> told(std::string_view before, std::string_view after, bool all = true) {
    const auto a = object(before);
    const auto b = object(after);
    std::vector<std::string> out;
    for (const auto& change : changes(a, b, all))
        out.push_back(
            change.pointer + (!change.before  ? " added"
                              : !change.after ? " removed"
                                              : " changed"));
    return out;
}

using Told = std::vector<std::string>;

} // namespace

TEST_CASE("fields are compared one by one, as deep as they go") {
    CHECK(told(R"({"a":1,"b":{"c":"x"}})", R"({"a":1,"b":{"c":"x"}})").empty());
    CHECK(told(R"({"a":1})", R"({"a":2})") == Told{"/a changed"});
    CHECK(told(R"({"a":1})", R"({"a":"1"})") == Told{"/a changed"});
    CHECK(
        told(R"({"b":{"c":"x","d":1}})", R"({"b":{"c":"y","e":1}})") ==
        Told{"/b/c changed", "/b/d removed", "/b/e added"});
    CHECK(
        told(R"({"a/b":1,"c~d":1})", R"({"a/b":2,"c~d":2})") ==
        Told{"/a~1b changed", "/c~0d changed"});
    CHECK(told(R"({"a":[1,2]})", R"({"a":{"0":1}})") == Told{"/a changed"});
}

TEST_CASE("of two forms only what both have is compared") {
    CHECK(
        told(R"({"a":1,"b":1})", R"({"b":2,"c":3})") ==
        Told{"/a removed", "/b changed", "/c added"});
    CHECK(told(R"({"a":1,"b":1})", R"({"b":2,"c":3})", false) == Told{"/b changed"});
}

TEST_CASE("R4_ a row struck out of a list is one change; a narrowed one is its bounds") {
    const std::string_view three =
        R"({"grid":[{"selector":"a","category":"access","from":"1"},{"selector":"b","category":"access","from":"1"},{"selector":"c","category":"access","from":"1"}]})";
    CHECK(
        told(
            three,
            R"({"grid":[{"selector":"b","category":"access","from":"1"},{"selector":"c","category":"access","from":"1"}]})") ==
        Told{"/grid/0 removed"});
    CHECK(
        told(
            three,
            R"({"grid":[{"selector":"a","category":"access","from":"1"},{"selector":"c","category":"access","from":"2"}]})") ==
        Told{"/grid/1 removed", "/grid/2/from changed"});
    // Another category is another row, also where everything else is the same.
    CHECK(
        told(
            R"({"grid":[{"selector":"a","category":"access"}]})",
            R"({"grid":[{"selector":"a","category":"content"}]})") ==
        Told{"/grid/0 removed", "/grid/0 added"});
    // The order of rows says nothing.
    CHECK(told(
              R"({"grid":[{"selector":"a"},{"selector":"b"}]})",
              R"({"grid":[{"selector":"b"},{"selector":"a"}]})")
              .empty());
}

TEST_CASE("lists of plain values, and of entries without a name") {
    CHECK(told(R"({"l":["x","y","z"]})", R"({"l":["x","z"]})") == Told{"/l/1 removed"});
    CHECK(told(R"({"l":["x"]})", R"({"l":["x","x"]})") == Told{"/l/1 added"});
    CHECK(told(R"({"l":["x"]})", R"({"l":["y"]})") == Told{"/l/0 removed", "/l/0 added"});
    CHECK(told(R"({"l":[{"q":1}]})", R"({"l":[{"q":2}]})") == Told{"/l/0/q changed"});
    CHECK(told(R"({"l":[]})", R"({"l":[]})").empty());
}
