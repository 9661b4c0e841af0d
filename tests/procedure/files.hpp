// The procedure files and small procedures written for one test.
#pragma once

#include "procedure/procedure.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace comity::procedure::test {

inline std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in, path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

inline std::string source(const std::string& path) {
    return std::string(COMITY_SOURCE_DIR) + "/" + path;
}

inline Procedure law(const std::string& id) {
    auto procedure = Procedure::read(slurp(source("law/procedures/" + id + ".json")), id + ".json");
    REQUIRE_MESSAGE(procedure, (procedure ? "" : procedure.error().facts.text()));
    return *procedure;
}

/// A file with the acts a, b and c, the group `all`, and what the test puts in.
inline std::string small_text(const std::string& relations, const std::string& excluded = "") {
    return R"({"id": "small", "title": {"en": "Small", "fr": "Petit"}, "acts": {
        "a": {"side": "requesting", "role": "officer", "form": "a"},
        "b": {"side": "requested", "role": "officer", "form": "b"},
        "c": {"side": "provider", "role": "officer", "form": "c"}},
        "groups": {"all": ["a", "b", "c"]},
        "start": {"excluded": [)" +
           excluded + R"(]}, "relations": [)" + relations + "]}";
}

inline Graph small_graph(const std::string& relations, const std::string& excluded = "") {
    auto procedure = Procedure::read(small_text(relations, excluded), "small.json");
    REQUIRE_MESSAGE(procedure, (procedure ? "" : procedure.error().facts.text()));
    return Graph::make(*procedure, {});
}

} // namespace comity::procedure::test
