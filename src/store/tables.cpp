// Rows in and out of SQL.
#include "store/tables.hpp"

#include "base/fault.hpp"
#include "base/said_json.hpp"
#include "store/books.hpp"
#include "store/queries.hpp"
#include "store/rows.hpp"

namespace comity::store {

namespace {

using namespace node; // NOLINT(google-build-using-namespace): the rows are this file's subject

// A problem of the outbox: said as JSON. What an older program wrote is its English, as it is.
constexpr std::size_t said_bytes = 256 * 1024;

std::string kept_said(const Said& said) {
    return said.empty() ? std::string() : json::print(said_value(said));
}

Said read_said(std::string text) {
    const auto value = json::parse(text, said_bytes);
    auto told = value ? said_from(*value) : std::nullopt;
    return told ? std::move(*told) : Said::value(std::move(text));
}

// A query for the least name after one, asked until there is none.
template <class... Args>
std::vector<ParticipantId> each_next(
    Connection& connection, const Query& query, const Args&... args) {
    std::vector<ParticipantId> out;
    std::string last;
    for (;;) {
        Cursor cursor = connection.query(query, args..., last);
        if (!cursor.step() || cursor.is_null(0)) return out;
        last = cursor.text(0);
        out.emplace_back(last);
    }
}

} // namespace

template <>
CaseRow row_from(const Cursor& cursor) {
    CaseRow row;
    row.id = CaseId(cursor.text(0));
    row.procedure = cursor.text(1);
    row.state = cursor.text(2);
    row.next_sequence = cursor.integer(3);
    if (!cursor.is_null(4)) row.wakes = cursor.instant(4);
    row.changed = cursor.instant(5);
    return row;
}

template <>
SubmissionRow row_from(const Cursor& cursor) {
    SubmissionRow row;
    row.hash = cursor.digest(0);
    row.case_id = CaseId(cursor.text(1));
    row.kind = cursor.text(2);
    row.seal = cursor.text(3);
    row.state = static_cast<SubmissionRow::State>(cursor.integer(4));
    row.answer = cursor.text(5);
    row.created = cursor.instant(6);
    return row;
}

template <>
OutboxRow row_from(const Cursor& cursor) {
    OutboxRow row;
    row.id = cursor.integer(0);
    row.destination = ParticipantId(cursor.text(1));
    row.kind = static_cast<OutboxRow::Kind>(cursor.integer(2));
    row.case_id = CaseId(cursor.text(3));
    row.act = cursor.digest(4);
    row.attempts = cursor.integer(5);
    row.next_try = cursor.instant(6);
    row.problem = read_said(cursor.text(7));
    row.failed = cursor.integer(8) != 0;
    return row;
}

template <>
EvidenceRow row_from(const Cursor& cursor) {
    EvidenceRow row;
    row.case_id = CaseId(cursor.text(0));
    row.hash = cursor.digest(1);
    row.size = static_cast<std::uint64_t>(cursor.integer(2));
    row.state = static_cast<EvidenceRow::State>(cursor.integer(3));
    row.act = cursor.digest(4);
    row.from = ParticipantId(cursor.text(5));
    row.to = ParticipantId(cursor.text(6));
    return row;
}

template <>
RollRow row_from(const Cursor& cursor) {
    RollRow row;
    row.hash = cursor.digest(0);
    row.person = PersonId(cursor.text(1));
    row.text = cursor.text(2);
    row.ended = cursor.integer(3) != 0;
    return row;
}

template <>
RollNote row_from(const Cursor& cursor) {
    RollNote row;
    row.entry = cursor.digest(0);
    row.name = cursor.text(1);
    row.label = cursor.text(2);
    row.visit = cursor.text(3);
    if (!cursor.is_null(4)) row.used = cursor.instant(4);
    if (!cursor.is_null(5)) row.ended = cursor.instant(5);
    return row;
}

template <>
InvitationRow row_from(const Cursor& cursor) {
    InvitationRow row;
    row.id = cursor.text(0);
    if (!cursor.is_null(1)) row.token = cursor.digest(1);
    row.expires = cursor.instant(2);
    row.text = cursor.text(3);
    return row;
}

template <>
ObligationRow row_from(const Cursor& cursor) {
    ObligationRow row;
    row.case_id = CaseId(cursor.text(0));
    row.act = cursor.text(1);
    row.side = cursor.text(2);
    row.role = cursor.text(3);
    if (!cursor.is_null(4)) row.due = cursor.instant(4);
    if (!cursor.is_null(5)) row.leaf = cursor.integer(5);
    return row;
}

template <>
WitnessRow row_from(const Cursor& cursor) {
    WitnessRow row;
    row.origin = cursor.text(0);
    row.size = cursor.integer(1);
    row.root = cursor.digest(2);
    row.note = cursor.text(3);
    return row;
}

template <>
MarkRow row_from(const Cursor& cursor) {
    MarkRow row;
    row.token = cursor.digest(0);
    row.case_id = CaseId(cursor.text(1));
    row.at = cursor.instant(2);
    row.pending = cursor.integer(3) != 0;
    return row;
}

template <>
HandsRow row_from(const Cursor& cursor) {
    HandsRow row;
    row.case_id = CaseId(cursor.text(0));
    row.at = cursor.instant(1);
    row.from = PersonId(cursor.text(2));
    row.to = PersonId(cursor.text(3));
    if (!cursor.is_null(4)) row.statement = cursor.digest(4);
    return row;
}

template <>
HandStatementRow row_from(const Cursor& cursor) {
    return {cursor.digest(0), cursor.instant(1), cursor.text(2)};
}

template <>
StandInRow row_from(const Cursor& cursor) {
    StandInRow row;
    row.statement = cursor.digest(0);
    row.absent = PersonId(cursor.text(1));
    row.person = PersonId(cursor.text(2));
    row.from = cursor.instant(3);
    row.until = cursor.instant(4);
    if (!cursor.is_null(5)) row.ended = cursor.digest(5);
    const auto cases = cursor.text(6);
    for (std::size_t at = 0; at < cases.size();) {
        const auto end = cases.find(' ', at);
        row.cases.emplace_back(cases.substr(at, end - at));
        at = end + 1;
    }
    return row;
}

template <>
KeptRow row_from(const Cursor& cursor) {
    KeptRow row;
    row.kind = cursor.text(0);
    row.owner = cursor.text(1);
    row.name = cursor.text(2);
    row.version = cursor.integer(3);
    row.updated = cursor.instant(4);
    row.sealed = cursor.blob(5);
    return row;
}

namespace {

template <class... Args>
std::optional<std::string> one_text(
    Connection& connection, const Query& query, const Args&... args) {
    Cursor cursor = connection.query(query, args...);
    if (!cursor.step()) return std::nullopt;
    return cursor.text(0);
}

std::map<std::size_t, Bytes> parts_of(
    Connection& connection, const Query& query, const Digest& hash) {
    std::map<std::size_t, Bytes> result;
    Cursor cursor = connection.query(query, hash);
    while (cursor.step()) {
        if (!cursor.is_null(1))
            result.emplace(static_cast<std::size_t>(cursor.integer(0)), cursor.blob(1));
    }
    return result;
}

} // namespace

template <class Port>
std::optional<CaseRow> Tables<Port>::find_case(const CaseId& id) {
    return one<CaseRow>(connection_, sql::find_case, id);
}

template <class Port>
std::vector<CaseRow> Tables<Port>::cases(std::size_t limit) {
    return many<CaseRow>(connection_, sql::cases, number(limit));
}

template <class Port>
std::vector<CaseRow> Tables<Port>::cases_from(const CaseId& after, std::size_t limit) {
    return many<CaseRow>(connection_, sql::cases_from, after, number(limit));
}

template <class Port>
std::vector<CaseRow> Tables<Port>::waking(Instant now, std::size_t limit) {
    return many<CaseRow>(connection_, sql::waking, now, number(limit));
}

template <class Port>
std::optional<ActRow> Tables<Port>::find_act(const Digest& hash) {
    return one<ActRow>(connection_, sql::find_act, hash);
}

template <class Port>
std::vector<ActRow> Tables<Port>::acts(const CaseId& id, std::int64_t after, std::size_t limit) {
    return many<ActRow>(connection_, sql::acts, id, after, number(limit));
}

template <class Port>
std::optional<ActRow> Tables<Port>::act_at(const CaseId& id, std::int64_t sequence) {
    return one<ActRow>(connection_, sql::act_at, id, sequence);
}

template <class Port>
std::optional<Bytes> Tables<Port>::part(const Digest& act, std::size_t place) {
    Cursor cursor = connection_.query(sql::part, act, number(place));
    if (!cursor.step() || cursor.is_null(0)) return std::nullopt;
    return cursor.blob(0);
}

template <class Port>
std::map<std::size_t, Bytes> Tables<Port>::parts(const Digest& act) {
    return parts_of(connection_, sql::parts, act);
}

template <class Port>
std::optional<SubmissionRow> Tables<Port>::find_submission(const Digest& hash) {
    return one<SubmissionRow>(connection_, sql::find_submission, hash);
}

template <class Port>
std::vector<SubmissionRow> Tables<Port>::submissions(const CaseId& id) {
    return many<SubmissionRow>(connection_, sql::submissions, id);
}

template <class Port>
std::optional<DraftRow> Tables<Port>::find_draft(const Digest& hash) {
    DraftRow row;
    {
        Cursor cursor = connection_.query(sql::find_draft, hash);
        if (!cursor.step()) return std::nullopt;
        row.hash = cursor.digest(0);
        row.header = cursor.blob(1);
        row.created = cursor.instant(2);
        row.person = PersonId(cursor.text(3));
    }
    row.parts = parts_of(connection_, sql::draft_parts, hash);
    return row;
}

template <class Port>
std::vector<ParticipantId> Tables<Port>::outbox_destinations() {
    return each_next(connection_, sql::next_destination);
}

template <class Port>
std::vector<OutboxRow> Tables<Port>::outbox_due(
    const ParticipantId& destination, Instant now, std::size_t limit) {
    return many<OutboxRow>(connection_, sql::outbox_due, destination, now, number(limit));
}

template <class Port>
std::optional<OutboxRow> Tables<Port>::find_outbox(std::int64_t id) {
    return one<OutboxRow>(connection_, sql::find_outbox, id);
}

template <class Port>
std::vector<OutboxRow> Tables<Port>::outbox(std::size_t limit) {
    return many<OutboxRow>(connection_, sql::outbox, number(limit));
}

template <class Port>
std::optional<EvidenceRow> Tables<Port>::find_evidence(const CaseId& id, const Digest& hash) {
    return one<EvidenceRow>(connection_, sql::find_evidence, id, hash);
}

template <class Port>
std::vector<EvidenceRow> Tables<Port>::evidence(const CaseId& id) {
    return many<EvidenceRow>(connection_, sql::evidence, id);
}

template <class Port>
std::vector<ParticipantId> Tables<Port>::evidence_recipients(const ParticipantId& sender) {
    return each_next(connection_, sql::next_recipient, sender);
}

template <class Port>
std::vector<EvidenceRow> Tables<Port>::evidence_to_send(
    const ParticipantId& sender, const ParticipantId& recipient,
    const std::optional<node::EvidencePlace>& after, std::size_t limit) {
    const auto from = after.value_or(node::EvidencePlace{});
    return many<EvidenceRow>(
        connection_, sql::evidence_to_send, sender, recipient, from.case_id, from.hash,
        number(limit));
}

template <class Port>
std::vector<EvidenceRow> Tables<Port>::evidence_to_remove(std::size_t limit) {
    return many<EvidenceRow>(connection_, sql::evidence_to_remove, number(limit));
}

template <class Port>
std::vector<RollRow> Tables<Port>::roll() {
    return many<RollRow>(connection_, sql::roll);
}

template <class Port>
std::vector<RollRow> Tables<Port>::roll_of(const PersonId& person) {
    return many<RollRow>(connection_, sql::roll_of, person);
}

template <class Port>
std::optional<RollRow> Tables<Port>::find_roll(const Digest& hash) {
    return one<RollRow>(connection_, sql::find_roll, hash);
}

template <class Port>
std::int64_t Tables<Port>::roll_end() {
    Cursor cursor = connection_.query(sql::roll_end);
    return cursor.step() ? cursor.integer(0) : 0;
}

template <class Port>
std::vector<RollNote> Tables<Port>::roll_notes() {
    return many<RollNote>(connection_, sql::roll_notes);
}

template <class Port>
std::optional<RollNote> Tables<Port>::find_roll_note(const Digest& entry) {
    return one<RollNote>(connection_, sql::find_roll_note, entry);
}

template <class Port>
std::vector<InvitationRow> Tables<Port>::invitations(std::size_t limit) {
    return many<InvitationRow>(connection_, sql::invitations, number(limit));
}

template <class Port>
std::optional<InvitationRow> Tables<Port>::find_invitation(std::string_view id) {
    return one<InvitationRow>(connection_, sql::find_invitation, id);
}

template <class Port>
std::optional<InvitationRow> Tables<Port>::find_invitation_by(const Digest& token) {
    return one<InvitationRow>(connection_, sql::find_invitation_by, token);
}

template <class Port>
std::optional<std::string> Tables<Port>::directory(std::optional<std::int64_t> version) {
    if (version) return one_text(connection_, sql::directory_at, *version);
    return one_text(connection_, sql::newest_directory);
}

template <class Port>
std::vector<ObligationRow> Tables<Port>::obligations(std::size_t limit) {
    auto rows = many<ObligationRow>(connection_, sql::obligations_due, number(limit));
    auto open =
        many<ObligationRow>(connection_, sql::obligations_open, number(limit - rows.size()));
    rows.insert(
        rows.end(), std::make_move_iterator(open.begin()), std::make_move_iterator(open.end()));
    return rows;
}

template <class Port>
std::vector<ObligationRow> Tables<Port>::obligations_of(const CaseId& id) {
    return many<ObligationRow>(connection_, sql::obligations_of, id);
}

template <class Port>
std::optional<WorkRow> Tables<Port>::find_work(const CaseId& id) {
    return store::find_work(connection_, id);
}

template <class Port>
std::vector<WorkRow> Tables<Port>::work(
    const WorkFilter& filter, const WorkRange& range, const std::optional<WorkPlace>& after,
    std::size_t limit) {
    return store::list_work(connection_, work_memory(), filter, range, after, limit);
}

template <class Port>
std::size_t Tables<Port>::count_work(
    const WorkFilter& filter, const WorkRange& range, std::size_t most) {
    return store::count_work(connection_, work_memory(), filter, range, most);
}

template <class Port>
std::size_t Tables<Port>::count_duties(std::string_view role, Instant after, std::size_t most) {
    return store::count_duties(connection_, role, after, most);
}

template <class Port>
std::vector<WorkRow> Tables<Port>::work_named(const Digest& token, std::size_t limit) {
    return store::work_named(connection_, token, limit);
}

template <class Port>
std::vector<WorkRow> Tables<Port>::work_like(std::string_view beginning, std::size_t limit) {
    return store::work_like(connection_, beginning, limit);
}

template <class Port>
std::vector<CaseId> Tables<Port>::in_hands_of(
    const PersonId& person, const CaseId& after, std::size_t limit) {
    std::vector<CaseId> out;
    Cursor cursor = connection_.query(sql::in_hands_of, person, after, number(limit));
    while (cursor.step())
        out.emplace_back(cursor.text(0));
    return out;
}

template <class Port>
std::vector<std::pair<PersonId, std::int64_t>> Tables<Port>::caseloads(
    const PersonId& after, std::size_t limit) {
    std::vector<std::pair<PersonId, std::int64_t>> out;
    Cursor cursor = connection_.query(sql::caseloads, after, number(limit));
    while (cursor.step())
        out.emplace_back(cursor.text(0), cursor.integer(1));
    return out;
}

template <class Port>
std::int64_t Tables<Port>::caseload(const PersonId& person) {
    Cursor cursor = connection_.query(sql::caseload, person);
    return cursor.step() ? cursor.integer(0) : 0;
}

template <class Port>
std::vector<HandsRow> Tables<Port>::hands_of(const CaseId& id, std::size_t limit) {
    return many<HandsRow>(connection_, sql::hands_of, id, number(limit));
}

template <class Port>
std::optional<HandStatementRow> Tables<Port>::find_hand_statement(const Digest& hash) {
    return one<HandStatementRow>(connection_, sql::find_hand_statement, hash);
}

template <class Port>
std::vector<HandStatementRow> Tables<Port>::hand_statements(
    const std::optional<std::pair<Instant, Digest>>& before, std::size_t limit) {
    // Nothing is as late as the last instant there is.
    const auto& [at, hash] = before.value_or(std::pair(Instant::max(), Digest{}));
    return many<HandStatementRow>(connection_, sql::hand_statements, at, hash, number(limit));
}

template <class Port>
std::optional<StandInRow> Tables<Port>::find_stand_in(const Digest& statement) {
    return one<StandInRow>(connection_, sql::find_stand_in, statement);
}

template <class Port>
std::vector<StandInRow> Tables<Port>::stand_ins_for(
    const PersonId& absent, Instant after, std::size_t limit) {
    return many<StandInRow>(connection_, sql::stand_ins_for, absent, after, number(limit));
}

template <class Port>
std::vector<StandInRow> Tables<Port>::stand_ins_by(
    const PersonId& person, Instant after, std::size_t limit) {
    return many<StandInRow>(connection_, sql::stand_ins_by, person, after, number(limit));
}

template <class Port>
std::vector<StandInRow> Tables<Port>::stand_ins(Instant after, std::size_t limit) {
    return many<StandInRow>(connection_, sql::stand_ins, after, number(limit));
}

template <class Port>
std::optional<KeptRow> Tables<Port>::find_kept(
    std::string_view kind, std::string_view owner, std::string_view name) {
    return one<KeptRow>(connection_, sql::find_kept, kind, owner, name);
}

template <class Port>
std::vector<KeptRow> Tables<Port>::kept(
    std::string_view kind, std::string_view owner, std::string_view after, std::size_t limit) {
    return many<KeptRow>(connection_, sql::kept, kind, owner, after, number(limit));
}

template <class Port>
std::vector<std::pair<std::string, std::int64_t>> Tables<Port>::counters(
    std::string_view beginning, std::string_view after, std::size_t limit) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    // Names are ASCII: none that begins so sorts after this.
    const std::string end = std::string(beginning) + '\x7f';
    Cursor cursor =
        connection_.query(sql::counters, beginning, after, std::string_view(end), number(limit));
    while (cursor.step())
        out.emplace_back(cursor.text(0), cursor.integer(1));
    return out;
}

template <class Port>
std::optional<WitnessRow> Tables<Port>::witnessed(std::string_view origin) {
    return one<WitnessRow>(connection_, sql::witnessed, origin);
}

template <class Port>
std::optional<MarkRow> Tables<Port>::find_mark(const Digest& token, const CaseId& id) {
    return one<MarkRow>(connection_, sql::find_mark, token, id);
}

template <class Port>
std::int64_t Tables<Port>::marks_before(const MarkRow& own, Instant since, std::size_t limit) {
    Cursor cursor =
        connection_.query(sql::marks_before, own.token, since, own.at, own.case_id, number(limit));
    std::int64_t count = 0;
    while (cursor.step())
        ++count;
    return count;
}

template <class Port>
std::vector<MarkRow> Tables<Port>::marked(const Digest& token, std::size_t limit) {
    return many<MarkRow>(connection_, sql::marked, token, number(limit));
}

template <class Port>
std::vector<Bytes> Tables<Port>::leaves(std::int64_t from, std::size_t limit) {
    std::vector<Bytes> result;
    Cursor cursor = connection_.query(sql::leaves, from, number(limit));
    while (cursor.step())
        result.push_back(cursor.blob(0));
    return result;
}

template <class Port>
std::int64_t Tables<Port>::leaf_count() {
    Cursor cursor = connection_.query(sql::leaf_count);
    return cursor.step() ? cursor.integer(0) : 0;
}

template <class Port>
std::optional<std::string> Tables<Port>::setting(std::string_view name) {
    return one_text(connection_, sql::setting, name);
}

template class Tables<node::StoreReader>;
template class Tables<node::StoreWriter>;

void WriteTables::put_case(const CaseRow& row) {
    connection_.run(
        sql::put_case, row.id, row.procedure, row.state, row.next_sequence, row.wakes, row.changed);
}

void WriteTables::add_act(const ActRow& row) {
    connection_.run(
        sql::add_act, row.hash, row.case_id, row.sequence, row.kind, row.seal, row.receipt,
        row.admitted, Blob{row.nonce}, row.leaf, row.sealed_by, row.approved_by);
}

void WriteTables::put_part(const Digest& act, std::size_t place, BytesView sealed) {
    connection_.run(sql::put_part, act, number(place), Blob{sealed});
}

void WriteTables::destroy_parts(const Digest& act) {
    destroyed_ = true;
    connection_.run(sql::destroy_parts, act);
}

void WriteTables::put_submission(const SubmissionRow& row) {
    connection_.run(
        sql::put_submission, row.hash, row.case_id, row.kind, row.seal,
        static_cast<std::int64_t>(row.state), row.answer, row.created);
}

void WriteTables::put_draft(const DraftRow& row) {
    remove_draft(row.hash);
    connection_.run(sql::add_draft, row.hash, Blob{row.header}, row.created, row.person);
    for (const auto& [place, sealed] : row.parts)
        connection_.run(sql::add_draft_part, row.hash, number(place), Blob{sealed});
}

void WriteTables::remove_draft(const Digest& hash) {
    connection_.run(sql::remove_draft, hash);
}

void WriteTables::remove_drafts_of(const PersonId& person) {
    connection_.run(sql::remove_drafts_of, person);
}

std::int64_t WriteTables::add_outbox(const OutboxRow& row) {
    connection_.run(
        sql::add_outbox, row.destination, static_cast<std::int64_t>(row.kind), row.case_id, row.act,
        row.attempts, row.next_try, kept_said(row.problem), std::int64_t{row.failed});
    return connection_.last_row();
}

void WriteTables::update_outbox(const OutboxRow& row) {
    connection_.run(
        sql::update_outbox, row.destination, static_cast<std::int64_t>(row.kind), row.case_id,
        row.act, row.attempts, row.next_try, kept_said(row.problem), std::int64_t{row.failed},
        row.id);
}

void WriteTables::remove_outbox(std::int64_t id) {
    connection_.run(sql::remove_outbox, id);
}

void WriteTables::put_evidence(const EvidenceRow& row) {
    connection_.run(
        sql::put_evidence, row.case_id, row.hash, number(row.size),
        static_cast<std::int64_t>(row.state), row.act, row.from, row.to);
}

void WriteTables::put_roll(const RollRow& row) {
    connection_.run(sql::put_roll, row.hash, row.person, row.text, std::int64_t{row.ended});
}

void WriteTables::put_roll_note(const RollNote& row) {
    connection_.run(
        sql::put_roll_note, row.entry, row.name, row.label, row.visit, row.used, row.ended);
}

void WriteTables::put_invitation(const InvitationRow& row) {
    connection_.run(sql::put_invitation, row.id, row.token, row.expires, row.text);
}

void WriteTables::remove_invitation(std::string_view id) {
    connection_.run(sql::remove_invitation, id);
}

void WriteTables::put_directory(std::int64_t version, std::string_view text) {
    connection_.run(sql::put_directory, version, text);
}

void WriteTables::put_obligations(const CaseId& id, const std::vector<ObligationRow>& rows) {
    connection_.run(sql::remove_obligations, id);
    std::int64_t place = 0;
    for (const auto& row : rows)
        connection_.run(
            sql::add_obligation, id, place++, row.act, row.side, row.role, row.due, row.leaf);
}

void WriteTables::put_work(const WorkRow& row) {
    store::put_work(connection_, row);
}

void WriteTables::put_hands(const HandsRow& row) {
    store::put_hands(connection_, row);
}

void WriteTables::add_hand_statement(const HandStatementRow& row) {
    connection_.run(sql::add_hand_statement, row.hash, row.at, row.text);
}

void WriteTables::put_stand_in(const StandInRow& row) {
    std::string cases;
    for (const auto& id : row.cases)
        cases += id.str() + ' ';
    connection_.run(
        sql::put_stand_in, row.statement, row.absent, row.person, row.from, row.until, row.ended,
        cases);
}

void WriteTables::put_kept(const KeptRow& row) {
    connection_.run(
        sql::put_kept, row.kind, row.owner, row.name, row.version, row.updated, Blob{row.sealed});
}

void WriteTables::remove_kept(
    std::string_view kind, std::string_view owner, std::string_view name) {
    connection_.run(sql::remove_kept, kind, owner, name);
}

void WriteTables::count(std::string_view name, std::int64_t by) {
    connection_.run(sql::count, name, by);
}

void WriteTables::put_witnessed(const WitnessRow& row) {
    connection_.run(sql::put_witnessed, row.origin, row.size, row.root, row.note);
}

void WriteTables::add_mark(const MarkRow& row) {
    connection_.run(sql::add_mark, row.token, row.case_id, row.at, row.pending ? 1 : 0);
}

void WriteTables::remove_pending_marks(const CaseId& id) {
    connection_.run(sql::remove_pending_marks, id);
}

std::int64_t WriteTables::add_leaf(BytesView entry) {
    connection_.run(sql::add_leaf, Blob{entry});
    return connection_.last_row();
}

void WriteTables::put_setting(std::string_view name, std::string_view value) {
    connection_.run(sql::put_setting, name, value);
}

} // namespace comity::store
