// The answer to M3 in sentences, for the public page: the same facts as law/answer.hpp, question by
// question, each with its source and how sure it is. What is not known is not said.
#pragma once

#include "law/answer.hpp"

namespace comity::law {

/// How data of one category is treated (asked.question.category must be set). The members are those
/// of the contract's Treatment. `language` is en, fr or ar. What a source says in its own words,
/// and what the pack calls countries, instruments and offences, stands as it is there.
json::Object treatment(
    const Library& library, const Pack& pack, const Asked& asked, std::string_view language);

} // namespace comity::law
