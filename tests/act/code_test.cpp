// The code of a notice: how it is spelt, what is read of a typed one, what it is derived into.
#include "act/code.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace comity;

TEST_CASE("T34 a code is read as it may be typed, and a slip of one letter is noticed") {
    const auto code = act::make_code("XA");
    CHECK(code.size() == 37);
    CHECK(act::code_country(code) == "XA");
    REQUIRE(act::read_code(code));
    CHECK(*act::read_code(code) == code);
    std::string typed;
    for (const char c : code) {
        if (c == '-') continue;
        typed.push_back(c == 'O' ? '0' : c == 'I' ? '1' : c == 'B' ? '8' : c);
        typed.push_back(' ');
    }
    CHECK(act::read_code(typed) == code);
    std::string small = code;
    for (char& c : small)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    CHECK(act::read_code(small) == code);
    std::size_t passed = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '-') continue;
        auto wrong = code;
        wrong[i] = code[i] == 'Q' ? 'R' : 'Q';
        if (act::read_code(wrong)) ++passed;
    }
    CHECK(passed == 0);
    for (const auto* none : {"", "XA", "hello", "XA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "*"})
        CHECK_FALSE(act::read_code(none));
    CHECK_FALSE(act::read_code(code + "A"));
    CHECK_FALSE(act::read_code(code.substr(0, 36)));
}

TEST_CASE("T36 codes are not made twice, and what is derived from one does not show the others") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        CHECK(seen.insert(act::make_code("XB")).second);
    const auto code = act::make_code("XA");
    const auto proof = act::code_proof(code);
    CHECK(act::code_commitment(proof) != proof);
    CHECK(act::code_look_up(code) != proof);
    CHECK(act::code_look_up(code) != act::code_commitment(proof));
    CHECK(act::code_proof(act::make_code("XA")) != proof);
}
