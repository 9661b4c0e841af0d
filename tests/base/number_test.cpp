// Whole numbers as people and programs write them into an address.
#include "base/number.hpp"

#include <doctest/doctest.h>

using comity::whole_number;

TEST_CASE("a whole number is digits alone, at least one and no more than were allowed") {
    CHECK(whole_number("0", 1) == 0);
    CHECK(whole_number("007", 3) == 7);
    CHECK(whole_number("99", 3) == 99);
    CHECK(whole_number("999", 3) == 999);
    CHECK_FALSE(whole_number("1000", 3));
    CHECK(whole_number("999999999999999999", 18) == 999'999'999'999'999'999);
    for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "١"}) {
        CAPTURE(text);
        CHECK_FALSE(whole_number(text, 18));
    }
}
