// What was refused at this node's gate, counted by week, participant and refusal: what never
// reached a queue is seen there at least as a number.
#pragma once

#include "base/refusal.hpp"
#include "node/ports.hpp"

#include <map>
#include <mutex>
#include <tuple>

namespace comity::limits {

// Weeks that are kept: two years.
inline constexpr std::chrono::weeks gate_refusal_weeks{104};
// Lines of one week that are looked at: every participant of a federation with some dozen codes.
// There cannot be many more: who sends is in the directory, and codes are as many as there are.
inline constexpr std::size_t gate_refusal_lines = 10'000;

} // namespace comity::limits

namespace comity::node {

class Node;

/// The Monday of an instant's week, 00:00 UTC (ISO 8601).
Instant week_of(Instant at);

/// Counts in memory, so that a flood is no write each; nothing of an act that passes comes here.
/// Safe from many threads.
class GateRefusals {
public:
    void count(Instant now, const ParticipantId& participant, std::string_view code);
    /// What was counted since, for the store.
    std::vector<GateRefusalRow> take();
    /// The store did not take them: for the next time.
    void put_back(const std::vector<GateRefusalRow>& rows);
    /// What of a week is not in the store yet.
    [[nodiscard]] std::vector<GateRefusalRow> waiting(Instant week) const;

private:
    mutable std::mutex mutex_;
    std::map<std::tuple<Instant, ParticipantId, std::string>, std::int64_t> times_;
};

/// Counts an act that the gate refused; `participant` sent it, or is this one for its own people's.
/// What only came too early (an act before it is on its way, a directory is) is tried again by
/// itself and is not counted.
void note_gate_refusal(Node& node, const ParticipantId& participant, const Refusal& refusal);

/// Writes what was counted since, and removes weeks older than limits::gate_refusal_weeks. With the
/// node's beat, and when it stops. Faults when the store does; nothing is lost then.
void write_gate_refusals(Node& node);

/// All of one week, the written and the not yet written, by participant and code.
std::vector<GateRefusalRow> gate_refusals_of(Node& node, Instant week);

} // namespace comity::node
