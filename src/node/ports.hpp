// What the deeds need from the outside, and nothing more: a store with one writer, files, peers, a
// clock. The callers own these interfaces; src/store and src/http implement them, and the tests
// bring small real fakes and broken doubles.
#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace comity::node {

/// The time of legal acts. Tests and the practice world give their own.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

/// The state of a case as the fold of its acts left it (casefile/casefile.hpp prints and reads it).
struct CaseRow {
    CaseId id;
    std::string procedure;
    std::string state; ///< JSON
    std::int64_t next_sequence = 1;
    std::optional<Instant> wakes; ///< when a clock act or an act at its deadline may fall due
    Instant changed;
};

/// An admitted act.
struct ActRow {
    Digest hash{};
    CaseId case_id;
    std::int64_t sequence = 0;
    std::string kind;
    std::string seal;      ///< JWS text, exact
    std::string receipt;   ///< the keeper's, JWS text
    Instant admitted;      ///< the keeper's time
    Bytes nonce;           ///< 32 bytes that open this node's record leaf
    std::int64_t leaf = 0; ///< index of that leaf in this node's record
    /// The keys that stand behind it, so that all acts of a lost one are found: the fingerprint of
    /// the certificate in the seal, and the roll entry of the passkey (none: no person acted).
    std::optional<Digest> sealed_by;
    std::optional<Digest> approved_by;
};

/// Where a page of acts, sightings or statements ended: a time, and a hash among equal ones.
using TimePlace = std::pair<Instant, Digest>;

/// An act of ours that waits for another node, the keeper, to admit it.
struct SubmissionRow {
    enum class State { waiting, admitted, refused };
    Digest hash{};
    CaseId case_id;
    std::string kind;
    std::string seal;
    State state = State::waiting;
    std::string answer; ///< when refused: node/describe_case.hpp, kept_answer
    Instant created;
};

/// Something that has to reach a participant. Each destination is served in order of `id`.
struct OutboxRow {
    /// A sighting (node/sightings.hpp) has a line of its own: acts do not wait for it, nor it for
    /// them. `act` is its hash then.
    enum class Kind { submit, admitted, sighting };
    std::int64_t id = 0; ///< given by the store
    ParticipantId destination;
    Kind kind = Kind::admitted;
    CaseId case_id;
    Digest act{};
    std::int64_t attempts = 0;
    Instant next_try;
    Said problem;        ///< why the last try failed; empty before the first
    bool failed = false; ///< refused for good; shown, and can be sent again by hand
};

/// A prepared act that waits for a person's approval.
struct DraftRow {
    Digest hash{};
    Bytes header;                       ///< exact bytes to be approved and sealed
    std::map<std::size_t, Bytes> parts; ///< sealed
    Instant created;
    PersonId person{}; ///< who prepared it and is to approve it
};

/// An item of evidence or its envelope, by the hash of its ciphertext; the bytes are a file.
struct EvidenceRow {
    /// destroyed: ended by a deletion or handed over, its file still to be removed; removed: gone.
    enum class State { expected, complete, destroyed, removed };
    CaseId case_id;
    Digest hash{};          ///< of the ciphertext
    std::uint64_t size = 0; ///< of the ciphertext
    State state = State::expected;
    Digest act{};       ///< the production or release that names it
    ParticipantId from; ///< who sends it
    ParticipantId to;   ///< who receives it; a row of ours with another `to` is outgoing
};

/// An object of evidence, by case and hash; also where a page of them ended.
struct EvidencePlace {
    CaseId case_id;
    Digest hash{};
};

struct RollRow {
    Digest hash{};
    PersonId person;
    std::string text; ///< the sealed entry
    bool ended = false;
};

/// What only this node's own books say of a roll entry: it travels nowhere.
struct RollNote {
    Digest entry{};
    std::string name;  ///< the person's, as the administrators wrote it
    std::string label; ///< the passkey's, as its owner calls it
    std::string visit; ///< the invitation whose visit made it; keys of one visit share a device
    std::optional<Instant> used; ///< last
    std::optional<Instant> ended;

    bool operator==(const RollNote&) const = default;
};

/// An enrolment that is under way, until some time after its end (node/invite.hpp prints and reads
/// it).
struct InvitationRow {
    std::string id;
    std::optional<Digest> token; ///< the hash of the link's; none once the link has served
    Instant expires;
    std::string text; ///< JSON

    bool operator==(const InvitationRow&) const = default;
};

/// What is owed in a case, for worklists; replaced whole at each act of the case.
struct ObligationRow {
    CaseId case_id;
    std::string act;
    std::string side;
    std::string role;
    std::optional<Instant> due;
    /// The index of the open leaf in this node's record, where it owes this in public.
    std::optional<std::int64_t> leaf;
};

/// What this participant owes in a case in one role: of all that the role owes there and that no
/// other act holds up, the earliest.
struct WorkDuty {
    std::string role;
    std::string act;
    std::string side;
    std::optional<Instant> due;
    /// When this node saw that the case owes this act in this role. The store keeps it while the
    /// act is the same, whatever a later row says.
    Instant since;

    bool operator==(const WorkDuty&) const = default;
};

/// A case as the worklist shows it: one row a case, put in the transaction of each of its acts.
struct WorkRow {
    CaseId case_id;
    std::string direction; ///< outgoing, incoming, observed
    ParticipantId partner;
    std::string procedure;
    std::string category;
    std::string state; ///< open, waiting, suspended, at-rest
    ParticipantId holder;
    std::string act; ///< what is owed next; empty at rest
    std::string side;
    std::string role;
    bool ours = false; ///< this participant owes it
    /// What each role of this participant owes, which is not always what is owed next: by role, one
    /// a role.
    std::vector<WorkDuty> duties;
    std::optional<Instant> due;
    std::optional<Instant> stuck; ///< from when on it counts as stuck, if nothing happens before
    std::optional<Instant> seal_end;
    std::int64_t acts = 0;
    Instant opened;
    Instant updated;
    /// The file number, sealed under a key of this node, and a keyed digest of it to find it by.
    /// Both, and `opened`, are kept from the first put of the case.
    Bytes sealed;
    std::optional<Digest> token;
    /// In whose hands it is here; empty: in nobody's. put_hands alone changes it, put_work keeps
    /// it.
    PersonId hands;

    bool operator==(const WorkRow&) const = default;
};

/// Cases by whose hands they are in.
struct WorkHands {
    struct Of {
        PersonId person;
        std::optional<std::vector<CaseId>> cases; ///< only these of theirs

        bool operator==(const Of&) const = default;
    };

    std::vector<Of> of; ///< in those of one of these, each once; empty: in nobody's

    bool operator==(const WorkHands&) const = default;
};

/// Which rows of the worklist; what is empty asks for nothing.
struct WorkFilter {
    std::string direction;
    std::string partner;
    std::string procedure;
    std::string category;
    std::string state;
    std::string holder;
    /// Only cases in which this participant owes something in one of these roles; by deadline, they
    /// then go by the earliest of these.
    std::optional<std::vector<std::string>> mine;
    std::optional<WorkHands> hands;

    bool operator==(const WorkFilter&) const = default;
};

/// A stretch of the worklist by one of its times, from the first instant up to and not including
/// the last: by deadline, what has none at the end; by the latest act, the newest first; by when it
/// became stuck, was opened, or when the deferral of its notice ends: only what has such a time
/// (nothing at rest is stuck, or of an age).
struct WorkRange {
    enum class By { due, updated, stuck, opened, seal_end };
    By by = By::due;
    std::optional<Instant> from;
    std::optional<Instant> before;
};

/// Where a page of the worklist ended.
struct WorkPlace {
    std::optional<Instant> at; ///< nothing: it has no deadline
    CaseId case_id;
};

/// Something that a person, an office or the node itself keeps: a saved view, a draft of a form,
/// an e-mail address, a message to a system that is not there. Sealed under a key of this node, so
/// that the database alone does not tell it.
struct KeptRow {
    std::string kind;
    std::string owner; ///< the person, office or system
    std::string name;
    std::int64_t version = 1; ///< counts the saves
    Instant updated;
    Bytes sealed;

    bool operator==(const KeptRow&) const = default;
};

/// A note in this node's own books about a case, under a keyed digest of what it is about: that the
/// case asks for one thing (pending until it ends), or that it was opened.
struct MarkRow {
    Digest token{};
    CaseId case_id;
    Instant at;
    bool pending = false;

    bool operator==(const MarkRow&) const = default;
};

/// That a case went from hand to hand at this participant.
struct HandsRow {
    CaseId case_id;
    Instant at;
    PersonId from;                   ///< empty: nobody had it
    PersonId to;                     ///< empty: nobody has it
    std::optional<Digest> statement; ///< by which; none when `from` left the roll

    bool operator==(const HandsRow&) const = default;
};

/// A signed statement by which cases changed hands, or somebody stands in for somebody
/// (node/hands.hpp prints and reads it). Kept for good, so that it can be verified later.
struct HandStatementRow {
    Digest hash{};
    Instant at;
    std::string text; ///< JSON

    bool operator==(const HandStatementRow&) const = default;
};

/// That somebody stands in for somebody who is away.
struct StandInRow {
    Digest statement{};
    PersonId absent;
    PersonId person; ///< who stands in
    Instant from;
    Instant until;               ///< not included; earlier than was stated once it was ended
    std::optional<Digest> ended; ///< the statement that ended it before its time
    std::vector<CaseId> cases;   ///< only these of theirs; empty: all

    bool operator==(const StandInRow&) const = default;
};

/// That a person at a provider was shown a case (node/sightings.hpp): one of this node's own
/// people, or what another participant stated of one of its own, without saying whom.
struct SightingRow {
    Digest hash{}; ///< of the statement
    CaseId case_id;
    ParticipantId participant; ///< whose person
    OfficeId office;
    std::string role; ///< empty: none in force
    Instant at;       ///< the first time on that day (UTC)
    std::string text; ///< the sealed statement (JWS)
    PersonId person;  ///< of one's own people alone, as the rest
    Instant last;     ///< on that day, to the minute
    Bytes nonce;      ///< opens the leaf in this node's record
    std::int64_t leaf = 0;

    bool operator==(const SightingRow&) const = default;
};

/// How often acts of a participant were refused at this node's gate in a week, by the refusal.
struct GateRefusalRow {
    Instant week; ///< its Monday, 00:00 UTC (ISO 8601)
    ParticipantId participant;
    std::string code;
    std::int64_t times = 0;

    bool operator==(const GateRefusalRow&) const = default;
};

/// What this node, as a witness, last cosigned for a record.
struct WitnessRow {
    std::string origin;
    std::int64_t size = 0;
    Digest root{};
    std::string note; ///< the cosigned checkpoint
};

/// A consistent view for reading. Valid only inside the call that handed it out.
class StoreReader {
public:
    virtual ~StoreReader() = default;
    virtual std::optional<CaseRow> find_case(const CaseId& id) = 0;
    /// Newest change first; at most `limit`.
    virtual std::vector<CaseRow> cases(std::size_t limit) = 0;
    /// In the order of their ids, with an id above `after`.
    virtual std::vector<CaseRow> cases_from(const CaseId& after, std::size_t limit) = 0;
    /// Cases whose `wakes` is at or before `now`, earliest first.
    virtual std::vector<CaseRow> waking(Instant now, std::size_t limit) = 0;
    virtual std::optional<ActRow> find_act(const Digest& hash) = 0;
    /// Acts of a case in order, with sequence above `after`.
    virtual std::vector<ActRow> acts(const CaseId& id, std::int64_t after, std::size_t limit) = 0;
    virtual std::optional<ActRow> act_at(const CaseId& id, std::int64_t sequence) = 0;
    /// The acts sealed under a certificate, or approved with the passkey of a roll entry, admitted
    /// at or after `since`: the latest first (by time, then hash), before that place.
    virtual std::vector<ActRow> acts_sealed_by(
        const Digest& certificate, Instant since, const std::optional<TimePlace>& before,
        std::size_t limit) = 0;
    virtual std::vector<ActRow> acts_approved_by(
        const Digest& entry, Instant since, const std::optional<TimePlace>& before,
        std::size_t limit) = 0;
    /// Acts of before their keys were noted, in no order.
    virtual std::vector<ActRow> acts_without_keys(std::size_t limit) = 0;
    /// The sealed bytes of a part, if this node holds them.
    virtual std::optional<Bytes> part(const Digest& act, std::size_t place) = 0;
    virtual std::map<std::size_t, Bytes> parts(const Digest& act) = 0;
    virtual std::optional<SubmissionRow> find_submission(const Digest& hash) = 0;
    virtual std::vector<SubmissionRow> submissions(const CaseId& id) = 0;
    virtual std::optional<DraftRow> find_draft(const Digest& hash) = 0;
    /// For whom anything is in the outbox, by name.
    virtual std::vector<ParticipantId> outbox_destinations() = 0;
    /// The first act of each case for this destination, and the first sighting, if it has not
    /// failed and its next_try is at or before `now`: those of one case go in order, and cases do
    /// not wait for one another.
    virtual std::vector<OutboxRow> outbox_due(
        const ParticipantId& destination, Instant now, std::size_t limit) = 0;
    virtual std::vector<OutboxRow> outbox(std::size_t limit) = 0;
    virtual std::optional<OutboxRow> find_outbox(std::int64_t id) = 0;
    virtual std::optional<EvidenceRow> find_evidence(const CaseId& id, const Digest& hash) = 0;
    virtual std::vector<EvidenceRow> evidence(const CaseId& id) = 0;
    /// To whom this sender still has evidence to send (state `expected`), by name.
    virtual std::vector<ParticipantId> evidence_recipients(const ParticipantId& sender) = 0;
    /// What it still has to send to one of them, by case and hash, after the place where the page
    /// before it ended.
    virtual std::vector<EvidenceRow> evidence_to_send(
        const ParticipantId& sender, const ParticipantId& recipient,
        const std::optional<EvidencePlace>& after, std::size_t limit) = 0;
    /// What is `destroyed` and has its file still to be removed.
    virtual std::vector<EvidenceRow> evidence_to_remove(std::size_t limit) = 0;
    virtual std::vector<RollRow> roll() = 0;
    /// Those of one person, in the order in which they were put.
    virtual std::vector<RollRow> roll_of(const PersonId& person) = 0;
    virtual std::optional<RollRow> find_roll(const Digest& hash) = 0;
    /// Grows with each row that is put for the first time; rows are changed and never removed.
    virtual std::int64_t roll_end() = 0;
    virtual std::vector<RollNote> roll_notes() = 0;
    virtual std::optional<RollNote> find_roll_note(const Digest& entry) = 0;
    /// The latest to expire first.
    virtual std::vector<InvitationRow> invitations(std::size_t limit) = 0;
    virtual std::optional<InvitationRow> find_invitation(std::string_view id) = 0;
    virtual std::optional<InvitationRow> find_invitation_by(const Digest& token) = 0;
    /// The newest directory (JWS text), or an older one.
    virtual std::optional<std::string> directory(std::optional<std::int64_t> version) = 0;
    virtual std::vector<ObligationRow> obligations(std::size_t limit) = 0;
    /// Those of one case, in the order in which they were put.
    virtual std::vector<ObligationRow> obligations_of(const CaseId& id) = 0;
    virtual std::optional<WorkRow> find_work(const CaseId& id) = 0;
    /// One page of the worklist, after the place where the page before it ended.
    virtual std::vector<WorkRow> work(
        const WorkFilter& filter, const WorkRange& range, const std::optional<WorkPlace>& after,
        std::size_t limit) = 0;
    /// How many rows there are, counted up to `most`.
    virtual std::size_t count_work(
        const WorkFilter& filter, const WorkRange& range, std::size_t most) = 0;
    /// Those with that file number, by id.
    virtual std::vector<WorkRow> work_named(const Digest& token, std::size_t limit) = 0;
    /// Those whose id begins so, by id.
    virtual std::vector<WorkRow> work_like(std::string_view beginning, std::size_t limit) = 0;
    /// How many cases came to owe something in this role after an instant, and still do (WorkDuty),
    /// counted up to `most`.
    virtual std::size_t count_duties(std::string_view role, Instant after, std::size_t most) = 0;
    /// Cases in this person's hands, by id, with an id above `after`.
    virtual std::vector<CaseId> in_hands_of(
        const PersonId& person, const CaseId& after, std::size_t limit) = 0;
    /// How many cases everybody has who has any, by person, with one above `after`.
    virtual std::vector<std::pair<PersonId, std::int64_t>> caseloads(
        const PersonId& after, std::size_t limit) = 0;
    virtual std::int64_t caseload(const PersonId& person) = 0;
    /// Through whose hands a case went, the latest first.
    virtual std::vector<HandsRow> hands_of(const CaseId& id, std::size_t limit) = 0;
    virtual std::optional<HandStatementRow> find_hand_statement(const Digest& hash) = 0;
    /// The latest first (by time, then hash), before that place.
    virtual std::vector<HandStatementRow> hand_statements(
        const std::optional<std::pair<Instant, Digest>>& before, std::size_t limit) = 0;
    virtual std::optional<StandInRow> find_stand_in(const Digest& statement) = 0;
    /// Those that end after an instant, the earliest to end first: for one person, by one, all.
    virtual std::vector<StandInRow> stand_ins_for(
        const PersonId& absent, Instant after, std::size_t limit) = 0;
    virtual std::vector<StandInRow> stand_ins_by(
        const PersonId& person, Instant after, std::size_t limit) = 0;
    virtual std::vector<StandInRow> stand_ins(Instant after, std::size_t limit) = 0;
    virtual std::optional<KeptRow> find_kept(
        std::string_view kind, std::string_view owner, std::string_view name) = 0;
    /// By name, with a name above `after`.
    virtual std::vector<KeptRow> kept(
        std::string_view kind, std::string_view owner, std::string_view after,
        std::size_t limit) = 0;
    /// Counters whose name is above `after` and begins with `beginning`, by name.
    virtual std::vector<std::pair<std::string, std::int64_t>> counters(
        std::string_view beginning, std::string_view after, std::size_t limit) = 0;
    virtual std::optional<SightingRow> find_sighting(const Digest& hash) = 0;
    /// That of one of this node's own people on a day, named by its first instant (UTC).
    virtual std::optional<SightingRow> own_sighting(
        const CaseId& id, const PersonId& person, Instant day) = 0;
    /// Those of a case, the latest first (by time, then hash), before that place.
    virtual std::vector<SightingRow> sightings(
        const CaseId& id, const std::optional<TimePlace>& before, std::size_t limit) = 0;
    /// Those of this node's own people in all cases, in the same order.
    virtual std::vector<SightingRow> own_sightings(
        const std::optional<TimePlace>& before, std::size_t limit) = 0;
    /// How many of a case there are, counted up to `most`.
    virtual std::size_t count_sightings(const CaseId& id, std::size_t most) = 0;
    /// Those of one week, by participant and code.
    virtual std::vector<GateRefusalRow> gate_refusals(Instant week, std::size_t limit) = 0;
    virtual std::optional<WitnessRow> witnessed(std::string_view origin) = 0;
    virtual std::optional<MarkRow> find_mark(const Digest& token, const CaseId& id) = 0;
    /// How many marks under `own.token`, made at or after `since`, come before `own` in the order
    /// of (at, case); counted to at most `limit`.
    virtual std::int64_t marks_before(const MarkRow& own, Instant since, std::size_t limit) = 0;
    /// The first marks under a token, earliest first: for people to see which cases they are.
    virtual std::vector<MarkRow> marked(const Digest& token, std::size_t limit) = 0;
    /// Leaves of this node's record, from an index on.
    virtual std::vector<Bytes> leaves(std::int64_t from, std::size_t limit) = 0;
    virtual std::int64_t leaf_count() = 0;
    virtual std::optional<std::string> setting(std::string_view name) = 0;
};

/// The writing side of one transaction. Everything written here becomes durable together, or
/// nothing does. An act, evidence and obligations need their case: it is put before them. What
/// breaks such a rule (a hash or a place of an act twice, no case) is a Fault.
class StoreWriter : public StoreReader {
public:
    virtual void put_case(const CaseRow& row) = 0;
    virtual void add_act(const ActRow& row) = 0;
    /// Notes the keys of an act that is here without them.
    virtual void put_act_keys(
        const Digest& act, const Digest& certificate, const std::optional<Digest>& entry) = 0;
    virtual void put_part(const Digest& act, std::size_t place, BytesView sealed) = 0;
    /// Destroys the sealed bytes of a part; that it existed stays known.
    virtual void destroy_parts(const Digest& act) = 0;
    virtual void put_submission(const SubmissionRow& row) = 0;
    virtual void put_draft(const DraftRow& row) = 0;
    virtual void remove_draft(const Digest& hash) = 0;
    virtual void remove_drafts_of(const PersonId& person) = 0;
    /// Returns the row's id.
    virtual std::int64_t add_outbox(const OutboxRow& row) = 0;
    virtual void update_outbox(const OutboxRow& row) = 0;
    virtual void remove_outbox(std::int64_t id) = 0;
    virtual void put_evidence(const EvidenceRow& row) = 0;
    virtual void put_roll(const RollRow& row) = 0;
    virtual void put_roll_note(const RollNote& row) = 0;
    virtual void put_invitation(const InvitationRow& row) = 0;
    virtual void remove_invitation(std::string_view id) = 0;
    virtual void put_directory(std::int64_t version, std::string_view text) = 0;
    virtual void put_obligations(const CaseId& id, const std::vector<ObligationRow>& rows) = 0;
    /// Its case must have been put.
    virtual void put_work(const WorkRow& row) = 0;
    /// Puts a case into somebody's hands, or nobody's, and notes it in the case's history with what
    /// was before (`from` as the store has it). Its worklist row must have been put.
    virtual void put_hands(const HandsRow& row) = 0;
    virtual void add_hand_statement(const HandStatementRow& row) = 0;
    virtual void put_stand_in(const StandInRow& row) = 0;
    /// A new one, or, of one's own people, a later `last` of one that is there. Its case must have
    /// been put; a second one of a person, case and day is a Fault.
    virtual void put_sighting(const SightingRow& row) = 0;
    /// Adds `times` to what is there.
    virtual void count_gate_refusals(const GateRefusalRow& row) = 0;
    /// Removes the weeks that began before.
    virtual void forget_gate_refusals(Instant before) = 0;
    virtual void put_kept(const KeptRow& row) = 0;
    virtual void remove_kept(
        std::string_view kind, std::string_view owner, std::string_view name) = 0;
    /// A counter that is not there yet stands at 0. Names are ASCII.
    virtual void count(std::string_view name, std::int64_t by) = 0;
    virtual void put_witnessed(const WitnessRow& row) = 0;
    /// Once for each token and case; its case must have been put.
    virtual void add_mark(const MarkRow& row) = 0;
    virtual void remove_pending_marks(const CaseId& id) = 0;
    /// Appends a leaf to this node's record and returns its index, counted from 0 without gaps.
    virtual std::int64_t add_leaf(BytesView entry) = 0;
    virtual void put_setting(std::string_view name, std::string_view value) = 0;
};

/// Durable storage. One writer thread commits in groups: many calls of write, one fsync. All
/// functions are safe from any thread; readers never wait for the writer.
class Store {
public:
    virtual ~Store() = default;
    virtual void read(const std::function<void(StoreReader&)>& work) = 0;
    /// Runs `work` on the writer's thread, alone, in the order of calls; durable when it returns.
    /// It may run again after what it wrote was undone: what it leaves elsewhere it sets anew. If
    /// it throws, nothing is written and that comes out here (StorageFault: full or read-only).
    virtual void write(const std::function<void(StoreWriter&)>& work) = 0;
};

/// Files under the node's data directory: evidence ciphertext, record tiles. Names are made by us
/// from hashes and numbers, never from what somebody sent.
class Files {
public:
    virtual ~Files() = default;
    /// Replaces the file: temporary file, fsync, rename, fsync of the directory.
    virtual void replace(const std::string& name, BytesView bytes) = 0;
    /// Many files, one flush: for record tiles.
    virtual void replace_all(const std::vector<std::pair<std::string, Bytes>>& files) = 0;
    virtual std::optional<Bytes> read(const std::string& name) = 0;
    /// Bytes [offset, offset + size) or fewer at the end; nothing when there is no such file.
    virtual std::optional<Bytes> read_range(
        const std::string& name, std::uint64_t offset, std::size_t size) = 0;
    /// Writes at an offset that must be the present size (0 creates); returns the new size.
    virtual std::uint64_t append(
        const std::string& name, std::uint64_t offset, BytesView bytes) = 0;
    virtual std::uint64_t size(const std::string& name) = 0; ///< 0 when there is no such file
    virtual void flush(const std::string& name) = 0;
    virtual void rename(const std::string& from, const std::string& to) = 0;
    /// Overwrites where the medium allows it, then unlinks. No error when there is none.
    virtual void destroy(const std::string& name) = 0;
};

struct PeerCall {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    Bytes body;
    std::string content_type = "application/json";
};

struct PeerAnswer {
    int status = 0;
    std::string content_type;
    Bytes body;
    std::map<std::string, std::string> headers; ///< names in lower case
};

/// Other participants' nodes, by their endpoint in the directory, with certificates pinned there.
class Peers {
public:
    virtual ~Peers() = default;
    /// Waits for the answer, within the limits of time and size. Nothing and a text in `problem`
    /// when the network failed: the call may then have been heard or not.
    virtual std::optional<PeerAnswer> call(
        const ParticipantId& peer, const PeerCall& call, Said& problem) = 0;
};

/// A line for the log: constant text plus fields; never a secret, never a body.
using Log = std::function<void(
    std::string_view event, const std::vector<std::pair<std::string, std::string>>& fields)>;

} // namespace comity::node
