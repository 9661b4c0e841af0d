// A whole refusal as a said text: to keep it, and to tell it in the language of whoever reads.
#pragma once

#include "base/refusal.hpp"

namespace comity {

/// What Refusal::text() gives, in every language: what, the facts, which rule, what to do.
Said sentence_of(const Refusal& refusal);

} // namespace comity
