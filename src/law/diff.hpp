// What changed between two packs: files, records by their ids, and fields with both values.
#pragma once

#include "law/pack.hpp"

#include <string>
#include <vector>

namespace comity::law {

enum class ChangeKind { added, removed, changed };

struct Change {
    ChangeKind kind = ChangeKind::changed;
    std::string file;
    std::string record; ///< its id; empty for a file as a whole or one that has no records
    std::string field;  ///< a path such as provides/minimum_penalty/months or parties[FR]; empty
                        ///< for a record as a whole
    std::string before; ///< as JSON; empty when it was not there
    std::string after;  ///< as JSON; empty when it is not there any more
};

/// In the order of files and records. Empty exactly when the digests are equal, save for what is no
/// difference in JSON, such as the order of members.
std::vector<Change> diff(const Pack& before, const Pack& after);

} // namespace comity::law
