// What the directory calls participants and their offices, in the language of whoever reads.
#pragma once

#include "directory/directory.hpp"

#include <map>
#include <string>
#include <string_view>

namespace comity::directory {

/// The name in that language (a tag of BCP 47: ar-EG is read as ar where it has no own), else in
/// English, else in French, else `otherwise`.
std::string name_in(
    const std::map<std::string, std::string>& names, std::string_view language,
    std::string_view otherwise);

/// By language, as the directory and what a node keeps of its plans have them.
json::Object print_names(const std::map<std::string, std::string>& names);

/// The participant's name; its id where it is not in the directory.
std::string name_of(const Directory& directory, const ParticipantId& id, std::string_view language);
/// The same for an office of that participant.
std::string office_name(
    const Directory& directory, const ParticipantId& participant, const OfficeId& office,
    std::string_view language);

} // namespace comity::directory
