// Counting signature lines (C2SP signed-note).
#include "api/proof.hpp"

#include <algorithm>

namespace comity::api {

std::int64_t cosignatures(BytesView checkpoint) {
    constexpr std::string_view line = "\n— ";
    std::int64_t lines = 0;
    for (auto at = checkpoint.find(line); at != BytesView::npos; at = checkpoint.find(line, at + 1))
        ++lines;
    return std::max<std::int64_t>(lines - 1, 0);
}

} // namespace comity::api
