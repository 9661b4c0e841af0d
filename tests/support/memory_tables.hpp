// The tables of the store in memory, and what a transaction sees of them: for memory_store.cpp, and
// for tests that look at everything that is stored. Whoever includes it compiles all of it.
#pragma once

#include "base/fault.hpp"
#include "node/ports.hpp"
#include "node/worklist.hpp"
#include "support/memory_books.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

namespace comity::test {

template <class Port>
class MemoryTables : public MemoryBooks<Port> {
public:
    using MemoryBooks<Port>::MemoryBooks;

    std::optional<node::CaseRow> find_case(const CaseId& id) override {
        return found(*state_.cases, id);
    }

    std::vector<node::CaseRow> cases(std::size_t limit) override {
        auto rows = where(*state_.cases, [&](const auto&) { return true; });
        sort_stably(rows, [](const auto& a, const auto& b) {
            return a.changed != b.changed ? a.changed > b.changed : a.id > b.id;
        });
        return first(std::move(rows), limit);
    }

    std::vector<node::CaseRow> cases_from(const CaseId& after, std::size_t limit) override {
        std::vector<node::CaseRow> rows;
        for (auto place = state_.cases->upper_bound(after);
             place != state_.cases->end() && rows.size() < limit; ++place)
            rows.push_back(place->second);
        return rows;
    }

    std::vector<node::CaseRow> waking(Instant now, std::size_t limit) override {
        auto rows =
            where(*state_.cases, [&](const auto& row) { return row.wakes && *row.wakes <= now; });
        sort_stably(rows, [](const auto& a, const auto& b) { return *a.wakes < *b.wakes; });
        return first(std::move(rows), limit);
    }

    std::optional<node::ActRow> find_act(const Digest& hash) override {
        return found(*state_.acts, hash);
    }

    std::vector<node::ActRow> acts(
        const CaseId& id, std::int64_t after, std::size_t limit) override {
        std::vector<node::ActRow> rows;
        for (auto place = state_.order->upper_bound({id, after});
             place != state_.order->end() && place->first.first == id && rows.size() < limit;
             ++place)
            rows.push_back(state_.acts->at(place->second));
        return rows;
    }

    std::optional<node::ActRow> act_at(const CaseId& id, std::int64_t sequence) override {
        const auto hash = found(*state_.order, std::pair(id, sequence));
        return hash ? find_act(*hash) : std::nullopt;
    }

    std::optional<Bytes> part(const Digest& act, std::size_t place) override {
        const auto sealed = found(*state_.parts, std::pair(act, place));
        return sealed && *sealed ? std::make_optional(**sealed) : std::nullopt;
    }

    std::map<std::size_t, Bytes> parts(const Digest& act) override {
        std::map<std::size_t, Bytes> result;
        for (auto place = state_.parts->lower_bound({act, 0});
             place != state_.parts->end() && place->first.first == act; ++place)
            if (place->second) result.emplace(place->first.second, *place->second);
        return result;
    }

    std::optional<node::SubmissionRow> find_submission(const Digest& hash) override {
        return found(*state_.submissions, hash);
    }

    std::vector<node::SubmissionRow> submissions(const CaseId& id) override {
        auto rows = where(*state_.submissions, [&](const auto& row) { return row.case_id == id; });
        sort_stably(rows, [](const auto& a, const auto& b) { return a.created < b.created; });
        return rows;
    }

    std::optional<node::DraftRow> find_draft(const Digest& hash) override {
        return found(*state_.drafts, hash);
    }

    std::vector<ParticipantId> outbox_destinations() override {
        std::set<ParticipantId> found;
        for (const auto& [id, row] : *state_.outbox)
            found.insert(row.destination);
        return {found.begin(), found.end()};
    }

    std::vector<node::OutboxRow> outbox_due(
        const ParticipantId& destination, Instant now, std::size_t limit) override {
        std::vector<node::OutboxRow> rows;
        std::set<std::pair<CaseId, bool>> seen;
        for (const auto& [id, row] : *state_.outbox) {
            if (row.destination != destination) continue;
            const bool aside = row.kind == node::OutboxRow::Kind::sighting;
            if (!seen.emplace(row.case_id, aside).second) continue;
            if (!row.failed && row.next_try <= now) rows.push_back(row);
        }
        sort_stably(rows, [](const auto& a, const auto& b) { return a.next_try < b.next_try; });
        return first(std::move(rows), limit);
    }

    std::optional<node::OutboxRow> find_outbox(std::int64_t id) override {
        return found(*state_.outbox, id);
    }

    std::vector<node::OutboxRow> outbox(std::size_t limit) override {
        return first(where(*state_.outbox, [](const auto&) { return true; }), limit);
    }

    std::optional<node::EvidenceRow> find_evidence(const CaseId& id, const Digest& hash) override {
        return found(*state_.evidence, std::pair(id, hash));
    }

    std::vector<node::EvidenceRow> evidence(const CaseId& id) override {
        return where(*state_.evidence, [&](const auto& row) { return row.case_id == id; });
    }

    std::vector<ParticipantId> evidence_recipients(const ParticipantId& sender) override {
        std::set<ParticipantId> found;
        for (const auto& [key, row] : *state_.evidence)
            if (row.state == node::EvidenceRow::State::expected && row.from == sender)
                found.insert(row.to);
        return {found.begin(), found.end()};
    }

    std::vector<node::EvidenceRow> evidence_to_send(
        const ParticipantId& sender, const ParticipantId& recipient,
        const std::optional<node::EvidencePlace>& after, std::size_t limit) override {
        const auto passed = [&](const auto& row) {
            return after &&
                   std::tie(row.case_id, row.hash) <= std::tie(after->case_id, after->hash);
        };
        const auto to_send = [&](const auto& row) {
            return row.state == node::EvidenceRow::State::expected && row.from == sender &&
                   row.to == recipient && !passed(row);
        };
        return first(where(*state_.evidence, to_send), limit);
    }

    std::vector<node::EvidenceRow> evidence_to_remove(std::size_t limit) override {
        const auto ended = [](const auto& row) {
            return row.state == node::EvidenceRow::State::destroyed;
        };
        return first(where(*state_.evidence, ended), limit);
    }

    std::vector<node::RollRow> roll() override { return *state_.roll; }

    std::vector<node::RollRow> roll_of(const PersonId& person) override {
        std::vector<node::RollRow> rows;
        for (const auto& row : *state_.roll)
            if (row.person == person) rows.push_back(row);
        return rows;
    }

    std::int64_t roll_end() override { return static_cast<std::int64_t>(state_.roll->size()); }

    std::optional<node::RollRow> find_roll(const Digest& hash) override {
        for (const auto& row : *state_.roll)
            if (row.hash == hash) return row;
        return std::nullopt;
    }

    std::vector<node::RollNote> roll_notes() override {
        auto rows = where(*state_.roll_notes, [&](const auto&) { return true; });
        return rows;
    }

    std::optional<node::RollNote> find_roll_note(const Digest& entry) override {
        return found(*state_.roll_notes, entry);
    }

    std::vector<node::InvitationRow> invitations(std::size_t limit) override {
        auto rows = where(*state_.invitations, [&](const auto&) { return true; });
        sort_stably(rows, [](const auto& a, const auto& b) { return a.expires > b.expires; });
        return first(std::move(rows), limit);
    }

    std::optional<node::InvitationRow> find_invitation(std::string_view id) override {
        return found(*state_.invitations, id);
    }

    std::optional<node::InvitationRow> find_invitation_by(const Digest& token) override {
        for (const auto& [id, row] : *state_.invitations)
            if (row.token == token) return row;
        return std::nullopt;
    }

    std::optional<std::string> directory(std::optional<std::int64_t> version) override {
        if (version) return found(*state_.directories, *version);
        if (state_.directories->empty()) return std::nullopt;
        return state_.directories->rbegin()->second;
    }

    std::vector<node::ObligationRow> obligations(std::size_t limit) override {
        std::vector<node::ObligationRow> rows;
        for (const auto& [id, list] : *state_.obligations)
            rows.insert(rows.end(), list.begin(), list.end());
        sort_stably(rows, [](const auto& a, const auto& b) {
            return a.due.has_value() && (!b.due || *a.due < *b.due);
        });
        return first(std::move(rows), limit);
    }

    std::vector<node::ObligationRow> obligations_of(const CaseId& id) override {
        return found(*state_.obligations, id).value_or(std::vector<node::ObligationRow>{});
    }

    std::optional<node::WorkRow> find_work(const CaseId& id) override {
        return found(*state_.work, id);
    }

    std::vector<node::WorkRow> work(
        const node::WorkFilter& filter, const node::WorkRange& range,
        const std::optional<node::WorkPlace>& after, std::size_t limit) override {
        const bool down = range.by == node::WorkRange::By::updated;
        const auto place = [&](const node::WorkRow& row) {
            return std::pair(work_time(row, filter, range.by), row.case_id);
        };
        const auto before = [&](const auto& a, const auto& b) {
            return down ? b < a : a < b;
        };
        std::vector<node::WorkRow> rows;
        for (const auto& [id, row] : *state_.work) {
            if (!work_matches(row, filter, range)) continue;
            if (after &&
                !before(std::pair(after->at.value_or(Instant::max()), after->case_id), place(row)))
                continue;
            rows.push_back(row);
        }
        std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
            return before(place(a), place(b));
        });
        return first(std::move(rows), limit);
    }

    std::size_t count_work(
        const node::WorkFilter& filter, const node::WorkRange& range, std::size_t most) override {
        std::size_t count = 0;
        for (const auto& [id, row] : *state_.work)
            if (work_matches(row, filter, range)) ++count;
        return std::min(count, most);
    }

    std::size_t count_duties(std::string_view role, Instant after, std::size_t most) override {
        std::size_t count = 0;
        for (const auto& [id, row] : *state_.work)
            for (const auto& duty : row.duties)
                if (duty.role == role && duty.since > after) ++count;
        return std::min(count, most);
    }

    std::vector<node::WorkRow> work_named(const Digest& token, std::size_t limit) override {
        auto rows = where(*state_.work, [&](const auto& row) { return row.token == token; });
        return first(std::move(rows), limit);
    }

    std::vector<node::WorkRow> work_like(std::string_view beginning, std::size_t limit) override {
        std::vector<node::WorkRow> rows;
        for (const auto& [id, row] : *state_.work)
            if (id.str().starts_with(beginning)) rows.push_back(row);
        return first(std::move(rows), limit);
    }

    std::optional<node::KeptRow> find_kept(
        std::string_view kind, std::string_view owner, std::string_view name) override {
        return found(*state_.kept, kept_key(kind, owner, name));
    }

    std::vector<node::KeptRow> kept(
        std::string_view kind, std::string_view owner, std::string_view after,
        std::size_t limit) override {
        auto rows = where(*state_.kept, [&](const auto& row) {
            return row.kind == kind && row.owner == owner && row.name > after;
        });
        return first(std::move(rows), limit);
    }

    std::vector<std::pair<std::string, std::int64_t>> counters(
        std::string_view beginning, std::string_view after, std::size_t limit) override {
        std::vector<std::pair<std::string, std::int64_t>> out;
        for (const auto& [name, value] : *state_.counters)
            if (name.starts_with(beginning) && name > after && out.size() < limit)
                out.emplace_back(name, value);
        return out;
    }

    std::optional<node::WitnessRow> witnessed(std::string_view origin) override {
        return found(*state_.witnessed, origin);
    }

    std::optional<node::MarkRow> find_mark(const Digest& token, const CaseId& id) override {
        return found(*state_.marks, std::pair(token, id));
    }

    std::int64_t marks_before(const node::MarkRow& own, Instant since, std::size_t limit) override {
        std::size_t count = 0;
        for (const auto& [key, row] : *state_.marks)
            if (key.first == own.token && row.at >= since &&
                std::pair(row.at, row.case_id) < std::pair(own.at, own.case_id))
                ++count;
        return static_cast<std::int64_t>(std::min(count, limit));
    }

    std::vector<node::MarkRow> marked(const Digest& token, std::size_t limit) override {
        std::vector<node::MarkRow> rows;
        for (const auto& [key, row] : *state_.marks)
            if (key.first == token) rows.push_back(row);
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return std::pair(a.at, a.case_id) < std::pair(b.at, b.case_id);
        });
        return first(std::move(rows), limit);
    }

    std::vector<Bytes> leaves(std::int64_t from, std::size_t limit) override {
        std::vector<Bytes> result;
        for (auto i = static_cast<std::size_t>(std::max<std::int64_t>(from, 0));
             i < state_.leaves->size() && result.size() < limit; ++i)
            result.push_back(*(*state_.leaves)[i]);
        return result;
    }

    std::int64_t leaf_count() override { return static_cast<std::int64_t>(state_.leaves->size()); }

    std::optional<std::string> setting(std::string_view name) override {
        return found(*state_.settings, name);
    }

protected:
    static std::array<std::string, 3> kept_key(
        std::string_view kind, std::string_view owner, std::string_view name) {
        return {std::string(kind), std::string(owner), std::string(name)};
    }

    /// The time by which a range orders; what is neither due, stuck nor open comes last.
    static Instant work_time(
        const node::WorkRow& row, const node::WorkFilter& filter, node::WorkRange::By by) {
        switch (by) {
        case node::WorkRange::By::due:
            if (filter.mine) {
                const auto* duty = node::own_duty(row, *filter.mine);
                return duty ? duty->due.value_or(Instant::max()) : Instant::max();
            }
            return row.due.value_or(Instant::max());
        case node::WorkRange::By::updated: return row.updated;
        case node::WorkRange::By::stuck: return row.stuck.value_or(Instant::max());
        case node::WorkRange::By::opened: return row.opened;
        case node::WorkRange::By::seal_end: return row.seal_end.value_or(Instant::max());
        }
        return Instant::max();
    }

    static bool work_matches(
        const node::WorkRow& row, const node::WorkFilter& filter, const node::WorkRange& range) {
        const auto is = [](const std::string& wanted, const std::string& there) {
            return wanted.empty() || wanted == there;
        };
        if (range.by == node::WorkRange::By::stuck && !row.stuck) return false;
        if (range.by == node::WorkRange::By::opened && row.act.empty()) return false;
        if (range.by == node::WorkRange::By::seal_end && !row.seal_end) return false;
        const auto at = work_time(row, filter, range.by);
        if (range.from && at < *range.from) return false;
        if (range.before && at >= *range.before) return false;
        const auto& mine = filter.mine;
        return is(filter.direction, row.direction) && is(filter.partner, row.partner.str()) &&
               is(filter.procedure, row.procedure) && is(filter.category, row.category) &&
               is(filter.state, row.state) && is(filter.holder, row.holder.str()) &&
               (!mine || node::own_duty(row, *mine)) && node::in_hands(row, filter);
    }

    using MemoryBooks<Port>::state_;
};

class MemoryWriter final : public MemoryTables<node::StoreWriter> {
public:
    using MemoryTables::MemoryTables;

    void put_case(const node::CaseRow& row) override {
        state_.cases.edit().insert_or_assign(row.id, row);
    }

    void add_act(const node::ActRow& row) override {
        demand_case(row.case_id);
        if (state_.acts->contains(row.hash)) throw Fault("The act is there already");
        if (state_.order->contains({row.case_id, row.sequence})) throw Fault("The place is taken");
        state_.order.edit().emplace(std::pair(row.case_id, row.sequence), row.hash);
        state_.acts.edit().emplace(row.hash, row);
    }

    void put_part(const Digest& act, std::size_t place, BytesView sealed) override {
        state_.parts.edit().insert_or_assign({act, place}, std::make_shared<const Bytes>(sealed));
    }

    void destroy_parts(const Digest& act) override {
        auto& parts = state_.parts.edit();
        for (auto place = parts.lower_bound({act, 0});
             place != parts.end() && place->first.first == act; ++place)
            place->second = nullptr;
    }

    void put_submission(const node::SubmissionRow& row) override {
        state_.submissions.edit().insert_or_assign(row.hash, row);
    }

    void put_draft(const node::DraftRow& row) override {
        state_.drafts.edit().insert_or_assign(row.hash, row);
    }

    void remove_draft(const Digest& hash) override { state_.drafts.edit().erase(hash); }

    void remove_drafts_of(const PersonId& person) override {
        std::erase_if(
            state_.drafts.edit(), [&](const auto& item) { return item.second.person == person; });
    }

    std::int64_t add_outbox(const node::OutboxRow& row) override {
        auto copy = row;
        copy.id = state_.next_outbox++;
        state_.outbox.edit().emplace(copy.id, copy);
        return copy.id;
    }

    void update_outbox(const node::OutboxRow& row) override {
        auto& rows = state_.outbox.edit();
        if (const auto place = rows.find(row.id); place != rows.end()) place->second = row;
    }

    void remove_outbox(std::int64_t id) override { state_.outbox.edit().erase(id); }

    void put_evidence(const node::EvidenceRow& row) override {
        demand_case(row.case_id);
        state_.evidence.edit().insert_or_assign({row.case_id, row.hash}, row);
    }

    void put_roll(const node::RollRow& row) override {
        auto& rows = state_.roll.edit();
        const auto same = std::find_if(
            rows.begin(), rows.end(), [&](const auto& old) { return old.hash == row.hash; });
        if (same != rows.end())
            *same = row;
        else
            rows.push_back(row);
    }

    void put_roll_note(const node::RollNote& row) override {
        state_.roll_notes.edit().insert_or_assign(row.entry, row);
    }

    void put_invitation(const node::InvitationRow& row) override {
        for (const auto& [id, other] : *state_.invitations)
            if (row.token && id != row.id && other.token == row.token)
                throw Fault("The token is taken");
        state_.invitations.edit().insert_or_assign(row.id, row);
    }

    void remove_invitation(std::string_view id) override {
        state_.invitations.edit().erase(std::string(id));
    }

    void put_directory(std::int64_t version, std::string_view text) override {
        state_.directories.edit().insert_or_assign(version, std::string(text));
    }

    void put_obligations(const CaseId& id, const std::vector<node::ObligationRow>& rows) override {
        if (!rows.empty()) demand_case(id);
        auto copy = rows;
        for (auto& row : copy)
            row.case_id = id;
        state_.obligations.edit().insert_or_assign(id, std::move(copy));
    }

    void put_work(const node::WorkRow& row) override {
        demand_case(row.case_id);
        auto& rows = state_.work.edit();
        const auto [place, fresh] = rows.emplace(row.case_id, row);
        if (fresh) {
            place->second.hands = {};
            return;
        }
        auto copy = row;
        copy.hands = place->second.hands;
        copy.opened = place->second.opened;
        copy.sealed = place->second.sealed;
        copy.token = place->second.token;
        for (auto& duty : copy.duties)
            for (const auto& old : place->second.duties)
                if (old.role == duty.role && old.act == duty.act) duty.since = old.since;
        place->second = std::move(copy);
    }

    void put_hands(const node::HandsRow& row) override {
        if (!state_.work->contains(row.case_id)) throw Fault("There is no such row");
        demand_statement(row.statement);
        auto& work = state_.work.edit().at(row.case_id);
        auto copy = row;
        copy.from = work.hands;
        work.hands = row.to;
        state_.hands.edit()[row.case_id].push_back(std::move(copy));
    }

    void add_hand_statement(const node::HandStatementRow& row) override {
        if (!state_.hand_statements.edit().emplace(row.hash, row).second)
            throw Fault("a statement twice");
    }

    void put_stand_in(const node::StandInRow& row) override {
        demand_statement(row.statement);
        demand_statement(row.ended);
        state_.stand_ins.edit().insert_or_assign(row.statement, row);
    }

    void put_act_keys(
        const Digest& act, const Digest& certificate, const std::optional<Digest>& entry) override {
        auto& rows = state_.acts.edit();
        if (const auto place = rows.find(act); place != rows.end()) {
            place->second.sealed_by = certificate;
            place->second.approved_by = entry;
        }
    }

    void put_sighting(const node::SightingRow& row) override { put_sighting_here(row); }

    void count_gate_refusals(const node::GateRefusalRow& row) override {
        state_.gate_refusals.edit()[{row.week, row.participant, row.code}] += row.times;
    }

    void forget_gate_refusals(Instant before) override {
        std::erase_if(state_.gate_refusals.edit(), [&](const auto& item) {
            return std::get<0>(item.first) < before;
        });
    }

    void put_kept(const node::KeptRow& row) override {
        state_.kept.edit().insert_or_assign(kept_key(row.kind, row.owner, row.name), row);
    }

    void remove_kept(
        std::string_view kind, std::string_view owner, std::string_view name) override {
        state_.kept.edit().erase(kept_key(kind, owner, name));
    }

    void count(std::string_view name, std::int64_t by) override {
        state_.counters.edit()[std::string(name)] += by;
    }

    void put_witnessed(const node::WitnessRow& row) override {
        state_.witnessed.edit().insert_or_assign(row.origin, row);
    }

    void add_mark(const node::MarkRow& row) override {
        demand_case(row.case_id);
        if (!state_.marks.edit().emplace(std::pair(row.token, row.case_id), row).second)
            throw Fault("a mark twice");
    }

    void remove_pending_marks(const CaseId& id) override {
        std::erase_if(state_.marks.edit(), [&](const auto& item) {
            return item.second.case_id == id && item.second.pending;
        });
    }

    std::int64_t add_leaf(BytesView entry) override {
        state_.leaves.edit().push_back(std::make_shared<const Bytes>(entry));
        return leaf_count() - 1;
    }

    void put_setting(std::string_view name, std::string_view value) override {
        state_.settings.edit().insert_or_assign(std::string(name), std::string(value));
    }

private:
    void demand_statement(const std::optional<Digest>& hash) {
        if (hash && !state_.hand_statements->contains(*hash)) throw Fault("There is no statement");
    }

    void demand_case(const CaseId& id) {
        if (!state_.cases->contains(id)) throw Fault("There is no such case");
    }
};

} // namespace comity::test
