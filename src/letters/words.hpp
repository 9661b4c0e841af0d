// The letter's own few words, in every language of the pages.
#pragma once

#include "letters/letter.hpp"

#include <string_view>

namespace comity::letters {

enum class Word {
    from,
    to,
    date,
    case_,
    act,
    seal,
    approved_by,
    verification,
    verify_how,
    page,
    yes,
    no,
    not_stated,
    accessible,
    attached,
    custody,
    receipt,
    holder,
    item,
    since,
    until_,
    under,
    destroyed,
    number,
    record,
    keeper,
    held,
    custody_of,
    received_with,
    no_form,
};

/// In that language; English where the language is not one of ours.
std::string_view word(Word word, std::string_view language);

Both both(Word word, const std::array<std::string, 2>& languages);

/// Whether a language is written from right to left.
bool right_to_left(std::string_view language);

} // namespace comity::letters
