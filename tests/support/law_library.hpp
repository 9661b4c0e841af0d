// The library of this checkout's law pack, and packs from memory with one thing changed.
#pragma once

#include "crypto/hash.hpp"
#include "law/library.hpp"
#include "support/law_files.hpp"

#include <functional>
#include <map>
#include <string>

namespace comity::test {

using LawFiles = std::map<std::string, Bytes, std::less<>>;

inline LawFiles law_files() {
    static const LawFiles files = law::Pack::load(law_directory(), crypto::sha256).value().files();
    return files;
}

inline Result<std::shared_ptr<const law::Library>> library_of(LawFiles files) {
    TRY(const auto pack, law::Pack::from_files(std::move(files), crypto::sha256));
    return law::Library::make(pack);
}

inline const law::Library& real_library() {
    static const auto library = [] {
        auto made = library_of(law_files());
        REQUIRE_MESSAGE(made, (made ? std::string() : made.error().text()));
        return *made;
    }();
    return *library;
}

/// The pack with one file's JSON changed.
inline LawFiles changed(const std::string& path, const std::function<void(json::Object&)>& change) {
    auto files = law_files();
    auto object = json::parse_object(files.at(path), limits::law_file_bytes).value();
    change(object);
    files[path] = json::print(object);
    return files;
}

/// The record whose member `key` is `value`.
inline json::Object& record_of(json::Object& file, std::string_view key, std::string_view value) {
    for (auto& record : file.at("records").as_array())
        if (std::string_view(record.as_object().at(key).as_string()) == value)
            return record.as_object();
    FAIL("no record with ", std::string(key), " ", std::string(value));
    return file;
}

inline law::Day day(std::string_view text) {
    const auto found = law::day_of(text);
    REQUIRE_MESSAGE(found, std::string(text));
    return *found;
}

} // namespace comity::test
