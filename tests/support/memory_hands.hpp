// What the store in memory holds, and the part of it that says in whose hands cases are.
#pragma once

#include "node/ports.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace comity::test {

/// A table that copies share until one of them edits it.
template <class Table>
class Shared {
public:
    const Table& operator*() const { return *table_; }

    const Table* operator->() const { return table_.get(); }

    Table& edit() {
        if (table_.use_count() > 1) table_ = std::make_shared<Table>(*table_);
        return *table_;
    }

private:
    std::shared_ptr<Table> table_ = std::make_shared<Table>();
};

struct MemoryState {
    using Sealed = std::shared_ptr<const Bytes>; ///< null: destroyed

    Shared<std::map<CaseId, node::CaseRow>> cases;
    Shared<std::map<Digest, node::ActRow>> acts;
    Shared<std::map<std::pair<CaseId, std::int64_t>, Digest>> order;
    Shared<std::map<std::pair<Digest, std::size_t>, Sealed>> parts;
    Shared<std::map<Digest, node::SubmissionRow>> submissions;
    Shared<std::map<Digest, node::DraftRow>> drafts;
    Shared<std::map<std::int64_t, node::OutboxRow>> outbox;
    std::int64_t next_outbox = 1;
    Shared<std::map<std::pair<CaseId, Digest>, node::EvidenceRow>> evidence;
    Shared<std::vector<node::RollRow>> roll;
    Shared<std::map<Digest, node::RollNote>> roll_notes;
    Shared<std::map<std::string, node::InvitationRow, std::less<>>> invitations;
    Shared<std::map<std::int64_t, std::string>> directories;
    Shared<std::map<CaseId, std::vector<node::ObligationRow>>> obligations;
    Shared<std::map<CaseId, node::WorkRow>> work;
    Shared<std::map<CaseId, std::vector<node::HandsRow>>> hands; ///< the latest last
    Shared<std::map<Digest, node::HandStatementRow>> hand_statements;
    Shared<std::map<Digest, node::StandInRow>> stand_ins;
    Shared<std::map<Digest, node::SightingRow>> sightings;
    Shared<std::map<std::tuple<Instant, ParticipantId, std::string>, std::int64_t>> gate_refusals;
    Shared<std::map<std::array<std::string, 3>, node::KeptRow>> kept;
    Shared<std::map<std::string, std::int64_t>> counters;
    Shared<std::map<std::string, node::WitnessRow, std::less<>>> witnessed;
    Shared<std::map<std::pair<Digest, CaseId>, node::MarkRow>> marks;
    Shared<std::vector<std::shared_ptr<const Bytes>>> leaves;
    Shared<std::map<std::string, std::string, std::less<>>> settings;
};

template <class Map, class Key>
auto found(const Map& map, const Key& key) {
    const auto place = map.find(key);
    return place == map.end() ? std::nullopt : std::make_optional(place->second);
}

/// The rows of a table that a question is for, in its order.
template <class Table, class Question>
auto where(const Table& table, const Question& question) {
    std::vector<typename Table::mapped_type> rows;
    for (const auto& [key, row] : table)
        if (question(row)) rows.push_back(row);
    return rows;
}

template <class Row>
std::vector<Row> first(std::vector<Row> rows, std::size_t limit) {
    if (rows.size() > limit) rows.resize(limit);
    return rows;
}

/// By `before`, and as they stood where it does not say.
template <class Row, class Before>
void sort_stably(std::vector<Row>& rows, Before before) {
    std::vector<std::size_t> order(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (before(rows[a], rows[b])) return true;
        return !before(rows[b], rows[a]) && a < b;
    });
    std::vector<Row> sorted;
    for (const std::size_t i : order)
        sorted.push_back(std::move(rows[i]));
    rows = std::move(sorted);
}

template <class Port>
class MemoryHands : public Port {
public:
    explicit MemoryHands(MemoryState& state) : state_(state) {}

    std::vector<CaseId> in_hands_of(
        const PersonId& person, const CaseId& after, std::size_t limit) override {
        std::vector<CaseId> out;
        for (auto at = state_.work->upper_bound(after);
             at != state_.work->end() && out.size() < limit; ++at)
            if (!person.empty() && at->second.hands == person) out.push_back(at->first);
        return out;
    }

    std::vector<std::pair<PersonId, std::int64_t>> caseloads(
        const PersonId& after, std::size_t limit) override {
        std::map<PersonId, std::int64_t> counts;
        for (const auto& [id, row] : *state_.work)
            if (row.hands > after) ++counts[row.hands];
        return first(
            std::vector<std::pair<PersonId, std::int64_t>>(counts.begin(), counts.end()), limit);
    }

    std::int64_t caseload(const PersonId& person) override {
        return static_cast<std::int64_t>(in_hands_of(person, {}, state_.work->size()).size());
    }

    std::vector<node::HandsRow> hands_of(const CaseId& id, std::size_t limit) override {
        auto rows = found(*state_.hands, id).value_or(std::vector<node::HandsRow>{});
        std::reverse(rows.begin(), rows.end());
        return first(std::move(rows), limit);
    }

    std::optional<node::HandStatementRow> find_hand_statement(const Digest& hash) override {
        return found(*state_.hand_statements, hash);
    }

    std::vector<node::HandStatementRow> hand_statements(
        const std::optional<std::pair<Instant, Digest>>& before, std::size_t limit) override {
        std::vector<node::HandStatementRow> rows;
        for (const auto& [hash, row] : *state_.hand_statements)
            if (!before || std::pair(row.at, hash) < *before) rows.push_back(row);
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return std::pair(b.at, b.hash) < std::pair(a.at, a.hash);
        });
        return first(std::move(rows), limit);
    }

    std::optional<node::StandInRow> find_stand_in(const Digest& statement) override {
        return found(*state_.stand_ins, statement);
    }

    std::vector<node::StandInRow> stand_ins_for(
        const PersonId& absent, Instant after, std::size_t limit) override {
        return stand_ins_where(after, limit, [&](const auto& row) { return row.absent == absent; });
    }

    std::vector<node::StandInRow> stand_ins_by(
        const PersonId& person, Instant after, std::size_t limit) override {
        return stand_ins_where(after, limit, [&](const auto& row) { return row.person == person; });
    }

    std::vector<node::StandInRow> stand_ins(Instant after, std::size_t limit) override {
        return stand_ins_where(after, limit, [](const auto&) { return true; });
    }

protected:
    MemoryState& state_;

private:
    template <class Wanted>
    std::vector<node::StandInRow> stand_ins_where(Instant after, std::size_t limit, Wanted wanted) {
        std::vector<node::StandInRow> rows;
        for (const auto& [statement, row] : *state_.stand_ins)
            if (row.until > after && wanted(row)) rows.push_back(row);
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return std::pair(a.until, a.statement) < std::pair(b.until, b.statement);
        });
        return first(std::move(rows), limit);
    }
};

} // namespace comity::test
