// Rows of sightings, acts by their keys and refusals in and out of SQL.
#include "store/books.hpp"

#include "store/queries.hpp"

namespace comity::store {

namespace {

using namespace node; // NOLINT(google-build-using-namespace): the rows are this file's subject

std::int64_t day_number(Instant at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

// Nothing is as late as the last instant there is.
TimePlace place_of(const std::optional<TimePlace>& before) {
    return before.value_or(TimePlace(Instant::max(), Digest{}));
}

} // namespace

template <>
SightingRow row_from(const Cursor& cursor) {
    SightingRow row;
    row.hash = cursor.digest(0);
    row.case_id = CaseId(cursor.text(1));
    row.participant = ParticipantId(cursor.text(2));
    row.office = OfficeId(cursor.text(3));
    row.role = cursor.text(4);
    row.at = cursor.instant(5);
    row.text = cursor.text(6);
    row.person = PersonId(cursor.text(7));
    row.last = cursor.instant(8);
    row.nonce = cursor.blob(9);
    row.leaf = cursor.integer(10);
    return row;
}

template <>
GateRefusalRow row_from(const Cursor& cursor) {
    return {cursor.instant(0), ParticipantId(cursor.text(1)), cursor.text(2), cursor.integer(3)};
}

template <>
ActRow row_from(const Cursor& cursor) {
    ActRow row;
    row.hash = cursor.digest(0);
    row.case_id = CaseId(cursor.text(1));
    row.sequence = cursor.integer(2);
    row.kind = cursor.text(3);
    row.seal = cursor.text(4);
    row.receipt = cursor.text(5);
    row.admitted = cursor.instant(6);
    row.nonce = cursor.blob(7);
    row.leaf = cursor.integer(8);
    if (!cursor.is_null(9)) row.sealed_by = cursor.digest(9);
    if (!cursor.is_null(10)) row.approved_by = cursor.digest(10);
    return row;
}

std::vector<ActRow> acts_sealed_by(
    Connection& connection, const Digest& certificate, Instant since,
    const std::optional<TimePlace>& before, std::size_t limit) {
    const auto [at, hash] = place_of(before);
    return many<ActRow>(
        connection, sql::acts_sealed_by, certificate, since, at, hash, number(limit));
}

std::vector<ActRow> acts_approved_by(
    Connection& connection, const Digest& entry, Instant since,
    const std::optional<TimePlace>& before, std::size_t limit) {
    const auto [at, hash] = place_of(before);
    return many<ActRow>(connection, sql::acts_approved_by, entry, since, at, hash, number(limit));
}

std::vector<ActRow> acts_without_keys(Connection& connection, std::size_t limit) {
    return many<ActRow>(connection, sql::acts_without_keys, number(limit));
}

void put_act_keys(
    Connection& connection, const Digest& act, const Digest& certificate,
    const std::optional<Digest>& entry) {
    connection.run(sql::put_act_keys, act, certificate, entry);
}

std::optional<SightingRow> find_sighting(Connection& connection, const Digest& hash) {
    return one<SightingRow>(connection, sql::find_sighting, hash);
}

std::optional<SightingRow> own_sighting(
    Connection& connection, const CaseId& id, const PersonId& person, Instant day) {
    return one<SightingRow>(connection, sql::own_sighting, id, person, day_number(day));
}

std::vector<SightingRow> sightings(
    Connection& connection, const CaseId& id, const std::optional<TimePlace>& before,
    std::size_t limit) {
    const auto [at, hash] = place_of(before);
    return many<SightingRow>(connection, sql::sightings, id, at, hash, number(limit));
}

std::vector<SightingRow> own_sightings(
    Connection& connection, const std::optional<TimePlace>& before, std::size_t limit) {
    const auto [at, hash] = place_of(before);
    return many<SightingRow>(connection, sql::own_sightings, at, hash, number(limit));
}

std::size_t count_sightings(Connection& connection, const CaseId& id, std::size_t most) {
    Cursor cursor = connection.query(sql::count_sightings, id, number(most));
    return cursor.step() ? static_cast<std::size_t>(cursor.integer(0)) : 0;
}

void put_sighting(Connection& connection, const SightingRow& row) {
    connection.run(
        sql::put_sighting, row.hash, row.case_id, row.participant, row.office, row.role, row.at,
        row.text, row.person, day_number(row.at), row.last, Blob{row.nonce}, row.leaf);
}

std::vector<GateRefusalRow> gate_refusals(Connection& connection, Instant week, std::size_t limit) {
    return many<GateRefusalRow>(connection, sql::gate_refusals, week, number(limit));
}

void count_gate_refusals(Connection& connection, const GateRefusalRow& row) {
    connection.run(sql::count_gate_refusals, row.week, row.participant, row.code, row.times);
}

void forget_gate_refusals(Connection& connection, Instant before) {
    connection.run(sql::forget_gate_refusals, before);
}

} // namespace comity::store
