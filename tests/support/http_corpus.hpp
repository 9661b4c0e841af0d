// Requests that two readers could understand differently (threat T52), with the status that
// refuses each, and their harmless neighbours.
#pragma once

#include "base/bytes.hpp"

#include <string>
#include <vector>

namespace comity::http::testing {

struct CorpusRow {
    std::string name;
    Bytes bytes;
    int status = 400;
};

std::vector<CorpusRow> smuggling_corpus();
std::vector<CorpusRow> harmless_corpus();

} // namespace comity::http::testing
