// The part of the store in memory that holds sightings, acts by their keys and refusals.
#pragma once

#include "base/fault.hpp"
#include "support/memory_hands.hpp"

namespace comity::test {

/// The latest first (by time, then hash), before a place.
template <class Row, class Time>
std::vector<Row> latest(
    std::vector<Row> rows, Time time, const std::optional<node::TimePlace>& before,
    std::size_t limit) {
    const auto place = [&](const Row& row) {
        return node::TimePlace(time(row), row.hash);
    };
    std::erase_if(rows, [&](const Row& row) { return before && !(place(row) < *before); });
    std::sort(
        rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return place(b) < place(a); });
    return first(std::move(rows), limit);
}

template <class Port>
class MemoryBooks : public MemoryHands<Port> {
public:
    using MemoryHands<Port>::MemoryHands;

    std::vector<node::ActRow> acts_sealed_by(
        const Digest& certificate, Instant since, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return acts_where(
            [&](const auto& row) { return row.sealed_by == certificate && row.admitted >= since; },
            before, limit);
    }

    std::vector<node::ActRow> acts_approved_by(
        const Digest& entry, Instant since, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return acts_where(
            [&](const auto& row) { return row.approved_by == entry && row.admitted >= since; },
            before, limit);
    }

    std::vector<node::ActRow> acts_without_keys(std::size_t limit) override {
        return acts_where([](const auto& row) { return !row.sealed_by; }, {}, limit);
    }

    std::optional<node::SightingRow> find_sighting(const Digest& hash) override {
        return found(*state_.sightings, hash);
    }

    std::optional<node::SightingRow> own_sighting(
        const CaseId& id, const PersonId& person, Instant day) override {
        const auto day_of = [](Instant at) {
            return std::chrono::floor<std::chrono::days>(at);
        };
        for (const auto& [hash, row] : *state_.sightings)
            if (!person.empty() && row.case_id == id && row.person == person &&
                day_of(row.at) == day_of(day))
                return row;
        return std::nullopt;
    }

    std::vector<node::SightingRow> sightings(
        const CaseId& id, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return sightings_where([&](const auto& row) { return row.case_id == id; }, before, limit);
    }

    std::vector<node::SightingRow> own_sightings(
        const std::optional<node::TimePlace>& before, std::size_t limit) override {
        return sightings_where([](const auto& row) { return !row.person.empty(); }, before, limit);
    }

    std::size_t count_sightings(const CaseId& id, std::size_t most) override {
        return sightings(id, {}, most).size();
    }

    std::vector<node::GateRefusalRow> gate_refusals(Instant week, std::size_t limit) override {
        std::vector<node::GateRefusalRow> rows;
        for (const auto& [key, times] : *state_.gate_refusals)
            if (std::get<0>(key) == week)
                rows.push_back({week, std::get<1>(key), std::get<2>(key), times});
        return first(std::move(rows), limit);
    }

protected:
    void put_sighting_here(const node::SightingRow& row) {
        if (!state_.cases->contains(row.case_id)) throw Fault("There is no such case");
        auto& rows = state_.sightings.edit();
        if (const auto old = rows.find(row.hash); old != rows.end()) {
            old->second.last = row.last;
            return;
        }
        if (own_sighting(row.case_id, row.person, row.at))
            throw Fault("a person, case and day twice");
        rows.emplace(row.hash, row);
    }

    using MemoryHands<Port>::state_;

private:
    template <class Wanted>
    std::vector<node::ActRow> acts_where(
        Wanted wanted, const std::optional<node::TimePlace>& before, std::size_t limit) {
        std::vector<node::ActRow> rows;
        for (const auto& [hash, row] : *state_.acts)
            if (wanted(row)) rows.push_back(row);
        return latest(std::move(rows), [](const auto& row) { return row.admitted; }, before, limit);
    }

    template <class Wanted>
    std::vector<node::SightingRow> sightings_where(
        Wanted wanted, const std::optional<node::TimePlace>& before, std::size_t limit) {
        std::vector<node::SightingRow> rows;
        for (const auto& [hash, row] : *state_.sightings)
            if (wanted(row)) rows.push_back(row);
        return latest(std::move(rows), [](const auto& row) { return row.at; }, before, limit);
    }
};

} // namespace comity::test
