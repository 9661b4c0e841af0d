// What cairo cannot write into a PDF: its language, that it is tagged, and attachments.
#pragma once

#include "letters/letter.hpp"

namespace comity::letters {

Bytes attach(BytesView pdf, const Letter& letter);

} // namespace comity::letters
