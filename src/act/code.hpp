// The code that a person gets with the notice. It is long enough that nobody guesses one, it names
// the country whose authority gave the notice, and its last group catches misspellings. Everybody
// in the case can check that a challenge comes from who holds it, without learning it: the notice's
// header commits to a proof made of the code, and the challenge's header shows that proof.
#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace comity::act {

/// A fresh code: `XA-` and seven groups of four letters; the first six are 120 random bits.
std::string make_code(std::string_view country);

/// The code in its one spelling, from what a person typed: small letters, blanks or no hyphens, and
/// the digits 0, 1 and 8 for the letters O, I and B. Nothing when the last group does not fit the
/// rest, which anybody can see and so tells nothing about any case.
std::optional<std::string> read_code(std::string_view typed);

/// The country in a code's spelling.
std::string code_country(std::string_view code);

/// What the challenge's header shows, what the notice's header commits to, and under what name the
/// giving authority finds the notice again. None of them leads back to the code.
Digest code_proof(std::string_view code);
Digest code_commitment(const Digest& proof);
Digest code_look_up(std::string_view code);

} // namespace comity::act
