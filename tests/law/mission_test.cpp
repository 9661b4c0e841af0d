// What nobody can ask for, because no form has a field for it and no procedure an act: the lawful
// path carries stored data of named accounts and nothing else (mission M2, threat T31).
#include "base/limits.hpp"
#include "support/law_files.hpp"

#include <algorithm>
#include <regex>
#include <set>

using namespace comity;
using namespace comity::test;

namespace {

const std::regex& forbidden() {
    static const std::regex words(
        "intercept|wiretap|(^|_)live(_|$)|real_?time|keyword|back_?door|decrypt|locali[sz]|bulk|"
        "geofence|tower|surveil|dragnet|reverse|future|remote_access|exploit|mirror|wildcard|pattern");
    return words;
}

// Names of fields and values that may be chosen, at every depth of a schema.
void collect(const json::Value& value, std::set<std::string>& out) {
    if (value.is_array())
        for (const auto& item : value.as_array())
            collect(item, out);
    if (!value.is_object()) return;
    for (const auto& member : value.as_object()) {
        const std::string key(member.key());
        if (key.starts_with("x-")) continue; // titles, help, sources
        if (key == "properties" && member.value().is_object())
            for (const auto& field : member.value().as_object())
                out.emplace(field.key());
        if (key == "enum" && member.value().is_array())
            for (const auto& item : member.value().as_array())
                if (item.is_string()) out.emplace(item.as_string());
        collect(member.value(), out);
    }
}

json::Object document(const std::string& path) {
    auto object = json::parse_object(law_file(path), limits::law_file_bytes);
    REQUIRE_MESSAGE(object, path);
    return *object;
}

std::vector<std::string> files_of(const std::string& directory) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(law_directory() / directory))
        if (entry.path().extension() == ".json")
            out.push_back(directory + "/" + entry.path().filename().string());
    std::sort(out.begin(), out.end());
    REQUIRE_FALSE(out.empty());
    return out;
}

} // namespace

TEST_CASE(
    "M2_ no form has a field or a choice for interception, back doors, bulk or localised data") {
    std::set<std::string> names;
    for (const auto& path : files_of("forms"))
        collect(document(path), names);
    CHECK(names.size() > 300); // the search finds what there is
    CHECK(names.contains("grid"));
    CHECK(names.contains("granted_in_part"));
    for (const auto& name : names)
        CHECK_FALSE_MESSAGE(std::regex_search(name, forbidden()), name);
    // And it would find it.
    for (const char* bad :
         {"live_intercept", "keyword", "data_localisation", "bulk", "backdoor", "real_time",
          "decryption_capability"})
        CHECK_MESSAGE(std::regex_search(std::string(bad), forbidden()), bad);
}

TEST_CASE("M2_ no procedure has an act for it") {
    std::size_t acts = 0;
    for (const auto& path : files_of("procedures")) {
        const auto procedure = document(path);
        for (const auto& act : procedure.at("acts").as_object()) {
            ++acts;
            CHECK_FALSE_MESSAGE(std::regex_search(std::string(act.key()), forbidden()), path);
        }
    }
    CHECK(acts > 90);
}
