// A letter as PDF: A4, paginated, tagged, any script, the act's machine-readable form attached. The
// same letter gives the same bytes wherever the same fonts are installed (docs/letters.md).
#pragma once

#include "letters/letter.hpp"

namespace comity::letters {

/// Throws Fault when no font or memory can be had. Safe from several threads at once.
Bytes print_pdf(const Letter& letter);

} // namespace comity::letters
