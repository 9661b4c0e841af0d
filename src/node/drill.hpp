// A back-up that nobody has restored is a hope. A drill makes a node of one on a spare machine,
// looks at what came out, and says so under the restored node's own seal; the running node takes
// that down where it agrees with its record, and shows when it was.
#pragma once

#include "node/sequence_record.hpp"

namespace comity::node {

inline constexpr std::string_view drill_type = "comity-drill+jws";

/// After so long a drill is due again.
inline constexpr std::chrono::days drill_beat{30};

/// What a drill found.
struct Drill {
    Instant backup;  ///< when the back-up was made
    Instant drilled; ///< when it was restored
    Milliseconds took{0};
    std::uint64_t size = 0; ///< of the record's checkpoint in it
    Digest root{};
    std::int64_t cases = 0;
    std::int64_t acts = 0;

    bool operator==(const Drill&) const = default;
};

/// Seals what was found as that participant.
std::string seal_drill(
    const ParticipantId& participant, const Drill& drill, const crypto::JwsSigner& signer);

/// Takes it down: the seal is this node's own, the times can be, it is later than the one before,
/// and the record that came out is the beginning of this one. Refuses seal_*, drill_malformed,
/// proof_wrong; nothing is kept then.
Result<Drill> take_down_drill(Node& node, const Sequencer& record, std::string_view sealed);

/// The last one that was taken down.
std::optional<Drill> last_drill(StoreReader& reader);

} // namespace comity::node
