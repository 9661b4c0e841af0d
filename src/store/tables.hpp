// The reading and the writing side of one transaction: rows of node/ports.hpp in and out of SQL.
#pragma once

#include "node/ports.hpp"
#include "store/books.hpp"
#include "store/statement.hpp"
#include "store/worklist.hpp"

#include <type_traits>

namespace comity::store {

/// Answers the reading functions on a connection, for readers and for the writer alike.
template <class Port>
class Tables : public Port {
public:
    explicit Tables(Connection& connection) : connection_(connection) {}

    std::optional<node::CaseRow> find_case(const CaseId& id) override;
    std::vector<node::CaseRow> cases(std::size_t limit) override;
    std::vector<node::CaseRow> cases_from(const CaseId& after, std::size_t limit) override;
    std::vector<node::CaseRow> waking(Instant now, std::size_t limit) override;
    std::optional<node::ActRow> find_act(const Digest& hash) override;
    std::vector<node::ActRow> acts(
        const CaseId& id, std::int64_t after, std::size_t limit) override;
    std::optional<node::ActRow> act_at(const CaseId& id, std::int64_t sequence) override;

    std::vector<node::ActRow> acts_sealed_by(
        const Digest& certificate, Instant since, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return store::acts_sealed_by(connection_, certificate, since, before, limit);
    }

    std::vector<node::ActRow> acts_approved_by(
        const Digest& entry, Instant since, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return store::acts_approved_by(connection_, entry, since, before, limit);
    }

    std::vector<node::ActRow> acts_without_keys(std::size_t limit) override {
        return store::acts_without_keys(connection_, limit);
    }

    std::optional<Bytes> part(const Digest& act, std::size_t place) override;
    std::map<std::size_t, Bytes> parts(const Digest& act) override;
    std::optional<node::SubmissionRow> find_submission(const Digest& hash) override;
    std::vector<node::SubmissionRow> submissions(const CaseId& id) override;
    std::optional<node::DraftRow> find_draft(const Digest& hash) override;
    std::vector<ParticipantId> outbox_destinations() override;
    std::vector<node::OutboxRow> outbox_due(
        const ParticipantId& destination, Instant now, std::size_t limit) override;
    std::vector<node::OutboxRow> outbox(std::size_t limit) override;
    std::optional<node::OutboxRow> find_outbox(std::int64_t id) override;
    std::optional<node::EvidenceRow> find_evidence(const CaseId& id, const Digest& hash) override;
    std::vector<node::EvidenceRow> evidence(const CaseId& id) override;
    std::vector<ParticipantId> evidence_recipients(const ParticipantId& sender) override;
    std::vector<node::EvidenceRow> evidence_to_send(
        const ParticipantId& sender, const ParticipantId& recipient,
        const std::optional<node::EvidencePlace>& after, std::size_t limit) override;
    std::vector<node::EvidenceRow> evidence_to_remove(std::size_t limit) override;
    std::vector<node::RollRow> roll() override;
    std::optional<node::RollRow> find_roll(const Digest& hash) override;
    std::vector<node::RollRow> roll_of(const PersonId& person) override;
    std::int64_t roll_end() override;
    std::vector<node::RollNote> roll_notes() override;
    std::optional<node::RollNote> find_roll_note(const Digest& entry) override;
    std::vector<node::InvitationRow> invitations(std::size_t limit) override;
    std::optional<node::InvitationRow> find_invitation(std::string_view id) override;
    std::optional<node::InvitationRow> find_invitation_by(const Digest& token) override;
    std::optional<std::string> directory(std::optional<std::int64_t> version) override;
    std::vector<node::ObligationRow> obligations(std::size_t limit) override;
    std::vector<node::ObligationRow> obligations_of(const CaseId& id) override;
    std::optional<node::WorkRow> find_work(const CaseId& id) override;
    std::vector<node::WorkRow> work(
        const node::WorkFilter& filter, const node::WorkRange& range,
        const std::optional<node::WorkPlace>& after, std::size_t limit) override;
    std::size_t count_work(
        const node::WorkFilter& filter, const node::WorkRange& range, std::size_t most) override;
    std::size_t count_duties(std::string_view role, Instant after, std::size_t most) override;
    std::vector<node::WorkRow> work_named(const Digest& token, std::size_t limit) override;
    std::vector<node::WorkRow> work_like(std::string_view beginning, std::size_t limit) override;
    std::vector<CaseId> in_hands_of(
        const PersonId& person, const CaseId& after, std::size_t limit) override;
    std::vector<std::pair<PersonId, std::int64_t>> caseloads(
        const PersonId& after, std::size_t limit) override;
    std::int64_t caseload(const PersonId& person) override;
    std::vector<node::HandsRow> hands_of(const CaseId& id, std::size_t limit) override;
    std::optional<node::HandStatementRow> find_hand_statement(const Digest& hash) override;
    std::vector<node::HandStatementRow> hand_statements(
        const std::optional<std::pair<Instant, Digest>>& before, std::size_t limit) override;
    std::optional<node::StandInRow> find_stand_in(const Digest& statement) override;
    std::vector<node::StandInRow> stand_ins_for(
        const PersonId& absent, Instant after, std::size_t limit) override;
    std::vector<node::StandInRow> stand_ins_by(
        const PersonId& person, Instant after, std::size_t limit) override;
    std::vector<node::StandInRow> stand_ins(Instant after, std::size_t limit) override;

    std::optional<node::SightingRow> find_sighting(const Digest& hash) override {
        return store::find_sighting(connection_, hash);
    }

    std::optional<node::SightingRow> own_sighting(
        const CaseId& id, const PersonId& person, Instant day) override {
        return store::own_sighting(connection_, id, person, day);
    }

    std::vector<node::SightingRow> sightings(
        const CaseId& id, const std::optional<node::TimePlace>& before,
        std::size_t limit) override {
        return store::sightings(connection_, id, before, limit);
    }

    std::vector<node::SightingRow> own_sightings(
        const std::optional<node::TimePlace>& before, std::size_t limit) override {
        return store::own_sightings(connection_, before, limit);
    }

    std::size_t count_sightings(const CaseId& id, std::size_t most) override {
        return store::count_sightings(connection_, id, most);
    }

    std::vector<node::GateRefusalRow> gate_refusals(Instant week, std::size_t limit) override {
        return store::gate_refusals(connection_, week, limit);
    }

    std::optional<node::KeptRow> find_kept(
        std::string_view kind, std::string_view owner, std::string_view name) override;
    std::vector<node::KeptRow> kept(
        std::string_view kind, std::string_view owner, std::string_view after,
        std::size_t limit) override;
    std::vector<std::pair<std::string, std::int64_t>> counters(
        std::string_view beginning, std::string_view after, std::size_t limit) override;
    std::optional<node::WitnessRow> witnessed(std::string_view origin) override;
    std::optional<node::MarkRow> find_mark(const Digest& token, const CaseId& id) override;
    std::int64_t marks_before(const node::MarkRow& own, Instant since, std::size_t limit) override;
    std::vector<node::MarkRow> marked(const Digest& token, std::size_t limit) override;
    std::vector<Bytes> leaves(std::int64_t from, std::size_t limit) override;
    std::int64_t leaf_count() override;
    std::optional<std::string> setting(std::string_view name) override;

protected:
    Connection& connection_;

private:
    /// The writer's own puts change the groups, so only a reader's view remembers them.
    WorkMemory& work_memory() {
        if constexpr (!std::is_same_v<Port, node::StoreReader>) work_memory_ = {};
        return work_memory_;
    }

    WorkMemory work_memory_;
};

extern template class Tables<node::StoreReader>;
extern template class Tables<node::StoreWriter>;

using ReadTables = Tables<node::StoreReader>;

class WriteTables : public Tables<node::StoreWriter> {
public:
    using Tables::Tables;

    void put_case(const node::CaseRow& row) override;
    void add_act(const node::ActRow& row) override;
    void put_part(const Digest& act, std::size_t place, BytesView sealed) override;
    void destroy_parts(const Digest& act) override;
    void put_submission(const node::SubmissionRow& row) override;
    void put_draft(const node::DraftRow& row) override;
    void remove_draft(const Digest& hash) override;
    void remove_drafts_of(const PersonId& person) override;
    std::int64_t add_outbox(const node::OutboxRow& row) override;
    void update_outbox(const node::OutboxRow& row) override;
    void remove_outbox(std::int64_t id) override;
    void put_evidence(const node::EvidenceRow& row) override;
    void put_roll(const node::RollRow& row) override;
    void put_roll_note(const node::RollNote& row) override;
    void put_invitation(const node::InvitationRow& row) override;
    void remove_invitation(std::string_view id) override;
    void put_directory(std::int64_t version, std::string_view text) override;
    void put_obligations(const CaseId& id, const std::vector<node::ObligationRow>& rows) override;
    void put_work(const node::WorkRow& row) override;
    void put_hands(const node::HandsRow& row) override;
    void add_hand_statement(const node::HandStatementRow& row) override;
    void put_stand_in(const node::StandInRow& row) override;

    void put_act_keys(
        const Digest& act, const Digest& certificate, const std::optional<Digest>& entry) override {
        store::put_act_keys(connection_, act, certificate, entry);
    }

    void put_sighting(const node::SightingRow& row) override {
        store::put_sighting(connection_, row);
    }

    void count_gate_refusals(const node::GateRefusalRow& row) override {
        store::count_gate_refusals(connection_, row);
    }

    void forget_gate_refusals(Instant before) override {
        store::forget_gate_refusals(connection_, before);
    }

    void put_kept(const node::KeptRow& row) override;
    void remove_kept(std::string_view kind, std::string_view owner, std::string_view name) override;
    void count(std::string_view name, std::int64_t by) override;
    void put_witnessed(const node::WitnessRow& row) override;
    void add_mark(const node::MarkRow& row) override;
    void remove_pending_marks(const CaseId& id) override;
    std::int64_t add_leaf(BytesView entry) override;
    void put_setting(std::string_view name, std::string_view value) override;

    /// True once since bytes were destroyed: they are to leave the write-ahead log too.
    bool take_destroyed() { return std::exchange(destroyed_, false); }

private:
    bool destroyed_ = false;
};

} // namespace comity::store
