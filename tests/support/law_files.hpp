// The law pack of this checkout for tests: its path, its files, and the filled-in examples.
#pragma once

#include "base/json.hpp"
#include "base/limits.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace comity::test {

inline std::filesystem::path law_directory() {
    return std::filesystem::path(COMITY_SOURCE_DIR) / "law";
}

inline std::string law_file(const std::string& path) {
    std::ifstream in(law_directory() / path, std::ios::binary);
    REQUIRE_MESSAGE(in.good(), path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Example {
    std::string form;
    json::Object fields;
};

inline Example law_example(const std::string& act) {
    auto object = json::parse_object(law_file("examples/" + act + ".json"), limits::law_file_bytes);
    REQUIRE_MESSAGE(object, act);
    return {std::string(object->at("form").as_string()), object->at("fields").as_object()};
}

} // namespace comity::test
