// What a test says of a result: the code of its refusal, or that it was accepted. And moments by
// their text, so that a table of cases stays readable.
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace comity::test {

template <class T>
std::string code(const Result<T>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

inline Instant moment(std::string_view text) {
    const auto instant = instant_from(text);
    REQUIRE_MESSAGE(instant.has_value(), std::string(text));
    return *instant;
}

} // namespace comity::test
