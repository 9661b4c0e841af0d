// One rule for who has no name in a language.
#include "directory/names.hpp"

namespace comity::directory {

std::string name_in(
    const std::map<std::string, std::string>& names, std::string_view language,
    std::string_view otherwise) {
    for (const std::string_view tongue :
         {language, language.substr(0, language.find('-')), std::string_view("en"),
          std::string_view("fr")})
        if (const auto at = names.find(std::string(tongue)); at != names.end()) return at->second;
    return std::string(otherwise);
}

json::Object print_names(const std::map<std::string, std::string>& names) {
    json::Object out;
    for (const auto& [language, name] : names)
        out[language] = name;
    return out;
}

std::string name_of(
    const Directory& directory, const ParticipantId& id, std::string_view language) {
    const auto* participant = directory.find(id);
    return participant ? name_in(participant->names, language, id.str()) : id.str();
}

std::string office_name(
    const Directory& directory, const ParticipantId& participant, const OfficeId& office,
    std::string_view language) {
    const auto* owner = directory.find(participant);
    const auto* found = owner ? find_office(*owner, office) : nullptr;
    return found ? name_in(found->names, language, office.str()) : office.str();
}

} // namespace comity::directory
