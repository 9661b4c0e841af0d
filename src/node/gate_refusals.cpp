// Counting refusals without writing each.
#include "node/gate_refusals.hpp"

#include "node/node.hpp"

#include <array>

namespace comity::node {

Instant week_of(Instant at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const auto since =
        std::chrono::weekday{std::chrono::sys_days{day.time_since_epoch()}} - std::chrono::Monday;
    return Instant{day.time_since_epoch() - since};
}

void GateRefusals::count(Instant now, const ParticipantId& participant, std::string_view code) {
    const std::scoped_lock lock(mutex_);
    ++times_[{week_of(now), participant, std::string(code)}];
}

std::vector<GateRefusalRow> GateRefusals::take() {
    const std::scoped_lock lock(mutex_);
    std::vector<GateRefusalRow> out;
    for (const auto& [key, times] : times_)
        out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), times});
    times_.clear();
    return out;
}

void GateRefusals::put_back(const std::vector<GateRefusalRow>& rows) {
    const std::scoped_lock lock(mutex_);
    for (const auto& row : rows)
        times_[{row.week, row.participant, row.code}] += row.times;
}

std::vector<GateRefusalRow> GateRefusals::waiting(Instant week) const {
    const std::scoped_lock lock(mutex_);
    std::vector<GateRefusalRow> out;
    for (const auto& [key, times] : times_)
        if (std::get<0>(key) == week)
            out.push_back({week, std::get<1>(key), std::get<2>(key), times});
    return out;
}

void note_gate_refusal(Node& node, const ParticipantId& participant, const Refusal& refusal) {
    switch (refusal.code) {
    case Code::sequence_ahead:
    case Code::sequence_taken:
    case Code::case_unknown:
    case Code::directory_expired:
    case Code::not_initialised: return;
    default: node.refused().count(node.now(), participant, refusal.name());
    }
}

void write_gate_refusals(Node& node) {
    const auto rows = node.refused().take();
    if (rows.empty()) return;
    try {
        node.store().write([&](StoreWriter& writer) {
            for (const auto& row : rows)
                writer.count_gate_refusals(row);
            writer.forget_gate_refusals(week_of(node.now()) - limits::gate_refusal_weeks);
        });
    } catch (...) {
        node.refused().put_back(rows);
        throw;
    }
}

std::vector<GateRefusalRow> gate_refusals_of(Node& node, Instant week) {
    std::map<std::pair<ParticipantId, std::string>, std::int64_t> all;
    // What is written between the two is counted twice once, and never missing.
    const auto waiting = node.refused().waiting(week);
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.gate_refusals(week, limits::gate_refusal_lines))
            all[{row.participant, row.code}] += row.times;
    });
    for (const auto& row : waiting)
        all[{row.participant, row.code}] += row.times;
    std::vector<GateRefusalRow> out;
    for (const auto& [key, times] : all)
        out.push_back({week, key.first, key.second, times});
    return out;
}

} // namespace comity::node
