// Names of participants, offices and acts in the reader's language.
#pragma once

#include "api/api.hpp"
#include "base/said.hpp"
#include "directory/names.hpp"

#include <array>

namespace comity::api {

/// en, fr or ar, from Accept-Language (RFC 9110 section 12.5.4); en where none of them is accepted.
std::string language_of(const http::Request& request);

/// The two languages of a letter: those that the query asks for; else the reader's own, and beside
/// it the first of `accepted` that letters speak. Refuses with json_malformed what is no language
/// tag.
Result<std::array<std::string, 2>> letter_languages(
    const http::Request& request, const std::vector<std::string>& accepted);

/// authority, provider, oversight, witness: as the directory spells them.
std::string_view kind_name(directory::Kind kind);

using directory::name_in;
using directory::name_of;
using directory::office_name;

/// Said of the contract: the key that does not change with the wording, the parameters, and the
/// text in that language.
json::Object said_json(const Said& said, std::string_view language);

} // namespace comity::api
