// Sightings, the keys behind acts, and what was refused at the gate, in SQL.
#pragma once

#include "node/ports.hpp"
#include "store/rows.hpp"

namespace comity::store {

/// An act from the columns of sql::find_act.
template <>
node::ActRow row_from(const Cursor& cursor);

std::vector<node::ActRow> acts_sealed_by(
    Connection& connection, const Digest& certificate, Instant since,
    const std::optional<node::TimePlace>& before, std::size_t limit);
std::vector<node::ActRow> acts_approved_by(
    Connection& connection, const Digest& entry, Instant since,
    const std::optional<node::TimePlace>& before, std::size_t limit);
std::vector<node::ActRow> acts_without_keys(Connection& connection, std::size_t limit);
void put_act_keys(
    Connection& connection, const Digest& act, const Digest& certificate,
    const std::optional<Digest>& entry);

std::optional<node::SightingRow> find_sighting(Connection& connection, const Digest& hash);
std::optional<node::SightingRow> own_sighting(
    Connection& connection, const CaseId& id, const PersonId& person, Instant day);
std::vector<node::SightingRow> sightings(
    Connection& connection, const CaseId& id, const std::optional<node::TimePlace>& before,
    std::size_t limit);
std::vector<node::SightingRow> own_sightings(
    Connection& connection, const std::optional<node::TimePlace>& before, std::size_t limit);
std::size_t count_sightings(Connection& connection, const CaseId& id, std::size_t most);
void put_sighting(Connection& connection, const node::SightingRow& row);

std::vector<node::GateRefusalRow> gate_refusals(
    Connection& connection, Instant week, std::size_t limit);
void count_gate_refusals(Connection& connection, const node::GateRefusalRow& row);
void forget_gate_refusals(Connection& connection, Instant before);

} // namespace comity::store
