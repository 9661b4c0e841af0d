// Samples that an inspector asks for and the node draws by itself as soon as nobody can foresee
// them any more: from the checkpoints that others cosign after it was asked for. Each begins where
// the one before it ended, so that no leaf is ever left out.
#pragma once

#include "node/oversee.hpp"

namespace comity::node {

struct AskedSample {
    std::int64_t number = 0; ///< from 1 on
    std::uint64_t size = 0;  ///< how many leaves
    std::string purpose;
    PersonId person;
    OfficeId office;
    Instant asked; ///< the end of its period: every seed is cosigned later
    std::uint64_t from = 0;
    std::uint64_t to = 0; ///< the frame, fixed when it was asked for
    std::optional<Instant> drawn;
    Bytes document;            ///< record::Sample, once drawn
    std::vector<CaseId> cases; ///< of the acts that were drawn, in the order of their leaves
};

/// Asks for one over everything that came into this node's record since the last one; the look is
/// recorded. Refuses with not_found when nothing came since.
Result<AskedSample> ask_sample(Node& node, AskedSample asked);

/// Draws what waits, as far as the seeds are there. On a beat and at start-up. Returns how many.
std::size_t draw_samples(Node& node);

/// The latest first, at most `limit`.
std::vector<AskedSample> asked_samples(Node& node, std::size_t limit);

} // namespace comity::node
