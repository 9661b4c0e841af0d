// What the monitor keeps between two visits, and the files of evidence.
#pragma once

#include "apps/monitor.hpp"
#include "record/tree.hpp"

namespace comity::apps {

/// A record as it was at the last visit. Leaves are folded up to where the last full bundle ends;
/// what comes after is read again.
struct TakenState {
    std::string origin;
    std::string vkey;
    Bytes note; ///< the checkpoint, as it was signed
    record::Frontier frontier;
    record::Obligations obligations;
    std::array<std::uint64_t, record::leaf_kinds> leaves{};
};

/// Nothing when the record was never visited. Faults when the file is there and not readable: a
/// monitor that forgets is no monitor.
std::optional<TakenState> read_state(
    const std::filesystem::path& directory, std::string_view origin);
/// Replaces the state whole, and adds a line to the record's history.
void write_state(const std::filesystem::path& directory, const TakenState& state, Instant now);

std::filesystem::path write_evidence(
    const std::filesystem::path& directory, const Evidence& evidence, Instant now);

} // namespace comity::apps
