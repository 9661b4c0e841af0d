// Every statement of the store, named, in one place. A test asks SQLite for the plan of each and
// refuses a scan of a table or a sort, so that a million cases stay as quick as ten.
#pragma once

#include "store/statement.hpp"

#include <array>

namespace comity::store::sql {

// Transactions.
inline constexpr Query begin_read{"begin_read", "BEGIN DEFERRED"};
inline constexpr Query begin_write{"begin_write", "BEGIN IMMEDIATE"};
inline constexpr Query commit{"commit", "COMMIT"};
inline constexpr Query rollback{"rollback", "ROLLBACK"};
inline constexpr Query savepoint{"savepoint", "SAVEPOINT one"};
inline constexpr Query release{"release", "RELEASE one"};
inline constexpr Query rollback_one{"rollback_one", "ROLLBACK TO one"};

// Cases.
inline constexpr Query find_case{
    "find_case",
    "SELECT id, procedure, state, next_sequence, wakes, changed FROM cases WHERE id = ?"};
inline constexpr Query cases{
    "cases", "SELECT id, procedure, state, next_sequence, wakes, changed FROM cases "
             "ORDER BY changed DESC, id DESC LIMIT ?"};
inline constexpr Query cases_from{
    "cases_from", "SELECT id, procedure, state, next_sequence, wakes, changed FROM cases "
                  "WHERE id > ? ORDER BY id LIMIT ?"};
inline constexpr Query waking{
    "waking", "SELECT id, procedure, state, next_sequence, wakes, changed FROM cases "
              "WHERE wakes <= ? ORDER BY wakes, id LIMIT ?"};
inline constexpr Query put_case{
    "put_case",
    "INSERT INTO cases (id, procedure, state, next_sequence, wakes, changed) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET procedure = excluded.procedure, "
    "state = excluded.state, next_sequence = excluded.next_sequence, wakes = excluded.wakes, "
    "changed = excluded.changed"};

// Acts and their parts.
inline constexpr Query find_act{
    "find_act",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts "
    "WHERE hash = ?"};
inline constexpr Query acts{
    "acts",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts "
    "WHERE case_id = ? AND sequence > ? ORDER BY sequence LIMIT ?"};
inline constexpr Query act_at{
    "act_at",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts "
    "WHERE case_id = ? AND sequence = ?"};
inline constexpr Query add_act{
    "add_act",
    "INSERT INTO acts (hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, "
    "sealed_by, approved_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query acts_sealed_by{
    "acts_sealed_by",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts WHERE sealed_by = ? AND admitted >= ? AND (admitted, hash) < (?, ?) "
    "ORDER BY admitted DESC, hash DESC LIMIT ?"};
inline constexpr Query acts_approved_by{
    "acts_approved_by",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts WHERE approved_by = ? AND admitted >= ? AND (admitted, hash) < (?, ?) "
    "ORDER BY admitted DESC, hash DESC LIMIT ?"};
inline constexpr Query acts_without_keys{
    "acts_without_keys",
    "SELECT hash, case_id, sequence, kind, seal, receipt, admitted, nonce, leaf, sealed_by, "
    "approved_by FROM acts INDEXED BY acts_without_keys WHERE sealed_by IS NULL LIMIT ?"};
inline constexpr Query put_act_keys{
    "put_act_keys", "UPDATE acts SET sealed_by = ?2, approved_by = ?3 WHERE hash = ?1"};
inline constexpr Query part{"part", "SELECT sealed FROM parts WHERE act = ? AND place = ?"};
inline constexpr Query parts{
    "parts", "SELECT place, sealed FROM parts WHERE act = ? ORDER BY place"};
inline constexpr Query put_part{
    "put_part", "INSERT INTO parts (act, place, sealed) VALUES (?, ?, ?) "
                "ON CONFLICT (act, place) DO UPDATE SET sealed = excluded.sealed"};
inline constexpr Query destroy_parts{
    "destroy_parts", "UPDATE parts SET sealed = NULL WHERE act = ?"};

// Submissions and drafts.
inline constexpr Query find_submission{
    "find_submission",
    "SELECT hash, case_id, kind, seal, state, answer, created FROM submissions WHERE hash = ?"};
inline constexpr Query submissions{
    "submissions", "SELECT hash, case_id, kind, seal, state, answer, created FROM submissions "
                   "WHERE case_id = ? ORDER BY created, hash"};
inline constexpr Query put_submission{
    "put_submission",
    "INSERT INTO submissions (hash, case_id, kind, seal, state, answer, created) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET case_id = excluded.case_id, "
    "kind = excluded.kind, seal = excluded.seal, state = excluded.state, "
    "answer = excluded.answer, created = excluded.created"};
inline constexpr Query find_draft{
    "find_draft", "SELECT hash, header, created, person FROM drafts WHERE hash = ?"};
inline constexpr Query draft_parts{
    "draft_parts", "SELECT place, sealed FROM draft_parts WHERE draft = ? ORDER BY place"};
inline constexpr Query add_draft{
    "add_draft", "INSERT INTO drafts (hash, header, created, person) VALUES (?, ?, ?, ?)"};
inline constexpr Query add_draft_part{
    "add_draft_part", "INSERT INTO draft_parts (draft, place, sealed) VALUES (?, ?, ?)"};
inline constexpr Query remove_draft{"remove_draft", "DELETE FROM drafts WHERE hash = ?"};
inline constexpr Query remove_drafts_of{"remove_drafts_of", "DELETE FROM drafts WHERE person = ?"};

// The outbox.
// Asked again and again, each past all rows of the last.
inline constexpr Query next_destination{
    "next_destination", "SELECT MIN(destination) FROM outbox WHERE destination > ?"};
inline constexpr Query outbox_due{
    "outbox_due", "SELECT id, destination, kind, case_id, act, attempts, next_try, problem, failed "
                  "FROM outbox AS row WHERE destination = ? AND failed = 0 AND next_try <= ? "
                  "AND NOT EXISTS ("
                  "SELECT 1 FROM outbox AS earlier WHERE earlier.destination = row.destination "
                  "AND earlier.case_id = row.case_id AND earlier.id < row.id "
                  "AND (earlier.kind = 2) = (row.kind = 2)) ORDER BY next_try, id LIMIT ?"};
inline constexpr Query find_outbox{
    "find_outbox", "SELECT id, destination, kind, case_id, act, attempts, next_try, problem, "
                   "failed FROM outbox WHERE id = ?"};
inline constexpr Query outbox{
    "outbox", "SELECT id, destination, kind, case_id, act, attempts, next_try, problem, failed "
              "FROM outbox ORDER BY id LIMIT ?"};
inline constexpr Query add_outbox{
    "add_outbox",
    "INSERT INTO outbox (destination, kind, case_id, act, attempts, next_try, problem, failed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query update_outbox{
    "update_outbox",
    "UPDATE outbox SET destination = ?, kind = ?, case_id = ?, act = ?, attempts = ?, "
    "next_try = ?, problem = ?, failed = ? WHERE id = ?"};
inline constexpr Query remove_outbox{"remove_outbox", "DELETE FROM outbox WHERE id = ?"};

// Evidence.
inline constexpr Query find_evidence{
    "find_evidence", "SELECT case_id, hash, size, state, act, sender, recipient FROM evidence "
                     "WHERE case_id = ? AND hash = ?"};
inline constexpr Query evidence{
    "evidence", "SELECT case_id, hash, size, state, act, sender, recipient FROM evidence "
                "WHERE case_id = ? ORDER BY hash"};
inline constexpr Query next_recipient{
    "next_recipient",
    "SELECT MIN(recipient) FROM evidence WHERE state = 0 AND sender = ? AND recipient > ?"};
inline constexpr Query evidence_to_send{
    "evidence_to_send", "SELECT case_id, hash, size, state, act, sender, recipient FROM evidence "
                        "WHERE state = 0 AND sender = ? AND recipient = ? AND "
                        "(case_id, hash) > (?, ?) ORDER BY case_id, hash LIMIT ?"};
inline constexpr Query evidence_to_remove{
    "evidence_to_remove", "SELECT case_id, hash, size, state, act, sender, recipient FROM evidence "
                          "WHERE state = 2 ORDER BY case_id, hash LIMIT ?"};
inline constexpr Query put_evidence{
    "put_evidence", "INSERT INTO evidence (case_id, hash, size, state, act, sender, recipient) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, hash) DO UPDATE SET "
                    "size = excluded.size, state = excluded.state, act = excluded.act, "
                    "sender = excluded.sender, recipient = excluded.recipient"};

// Roll and directory.
inline constexpr Query roll{"roll", "SELECT hash, person, text, ended FROM roll ORDER BY place"};
inline constexpr Query roll_of{
    "roll_of", "SELECT hash, person, text, ended FROM roll WHERE person = ? ORDER BY place"};
inline constexpr Query find_roll{
    "find_roll", "SELECT hash, person, text, ended FROM roll WHERE hash = ?"};
inline constexpr Query roll_end{"roll_end", "SELECT coalesce(max(place), 0) FROM roll"};
inline constexpr Query put_roll{
    "put_roll",
    "INSERT INTO roll (hash, person, text, ended) VALUES (?, ?, ?, ?) ON CONFLICT (hash) "
    "DO UPDATE SET person = excluded.person, text = excluded.text, ended = excluded.ended"};
inline constexpr Query roll_notes{
    "roll_notes", "SELECT entry, name, label, visit, used, ended FROM roll_notes ORDER BY entry"};
inline constexpr Query find_roll_note{
    "find_roll_note",
    "SELECT entry, name, label, visit, used, ended FROM roll_notes WHERE entry = ?"};
inline constexpr Query put_roll_note{
    "put_roll_note",
    "INSERT INTO roll_notes (entry, name, label, visit, used, ended) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (entry) DO UPDATE SET name = excluded.name, label = excluded.label, "
    "visit = excluded.visit, used = excluded.used, ended = excluded.ended"};
inline constexpr Query invitations{
    "invitations",
    "SELECT id, token, expires, text FROM invitations ORDER BY expires DESC, id LIMIT ?"};
inline constexpr Query find_invitation{
    "find_invitation", "SELECT id, token, expires, text FROM invitations WHERE id = ?"};
inline constexpr Query find_invitation_by{
    "find_invitation_by", "SELECT id, token, expires, text FROM invitations WHERE token = ?"};
inline constexpr Query put_invitation{
    "put_invitation",
    "INSERT INTO invitations (id, token, expires, text) VALUES (?, ?, ?, ?) ON CONFLICT (id) "
    "DO UPDATE SET token = excluded.token, expires = excluded.expires, text = excluded.text"};
inline constexpr Query remove_invitation{
    "remove_invitation", "DELETE FROM invitations WHERE id = ?"};
inline constexpr Query newest_directory{
    "newest_directory", "SELECT text FROM directories ORDER BY version DESC LIMIT 1"};
inline constexpr Query directory_at{
    "directory_at", "SELECT text FROM directories WHERE version = ?"};
inline constexpr Query put_directory{
    "put_directory", "INSERT INTO directories (version, text) VALUES (?, ?) "
                     "ON CONFLICT (version) DO UPDATE SET text = excluded.text"};

// Marks.
inline constexpr Query find_mark{
    "find_mark", "SELECT token, case_id, at, pending FROM marks WHERE token = ? AND case_id = ?"};
inline constexpr Query marks_before{
    "marks_before", "SELECT 1 FROM marks WHERE token = ? AND at >= ? "
                    "AND (at, case_id) < (?, ?) LIMIT ?"};
inline constexpr Query marked{
    "marked", "SELECT token, case_id, at, pending FROM marks WHERE token = ? "
              "ORDER BY at, case_id LIMIT ?"};
inline constexpr Query add_mark{
    "add_mark", "INSERT INTO marks (token, case_id, at, pending) VALUES (?, ?, ?, ?)"};
inline constexpr Query remove_pending_marks{
    "remove_pending_marks", "DELETE FROM marks WHERE case_id = ? AND pending = 1"};

// Obligations. Two halves, because what has no due day comes last and NULL sorts first.
inline constexpr Query obligations_due{
    "obligations_due",
    "SELECT case_id, act, side, role, due, leaf FROM obligations WHERE due IS NOT NULL "
    "ORDER BY due, case_id, place LIMIT ?"};
inline constexpr Query obligations_open{
    "obligations_open",
    "SELECT case_id, act, side, role, due, leaf FROM obligations WHERE due IS NULL "
    "ORDER BY case_id, place LIMIT ?"};
inline constexpr Query obligations_of{
    "obligations_of", "SELECT case_id, act, side, role, due, leaf FROM obligations "
                      "WHERE case_id = ? ORDER BY place"};
inline constexpr Query remove_obligations{
    "remove_obligations", "DELETE FROM obligations WHERE case_id = ?"};
inline constexpr Query add_obligation{
    "add_obligation", "INSERT INTO obligations (case_id, place, act, side, role, due, leaf) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?)"};

// The worklist (worklist.cpp). Times first, then the id, then the group, as the indexes have them.
inline constexpr Query find_work{
    "find_work",
    "SELECT w.case_id, g.direction, g.partner, g.procedure, g.category, g.state, g.holder, w.role, "
    "w.ours, w.act, w.side, w.due, w.stuck, w.seal_end, w.acts, w.opened, w.updated, w.sealed, "
    "w.token, w.hands FROM work AS w CROSS JOIN work_groups AS g ON g.id = w.grp WHERE w.case_id = ?"};
inline constexpr Query work_named{
    "work_named",
    "SELECT w.case_id, g.direction, g.partner, g.procedure, g.category, g.state, g.holder, w.role, "
    "w.ours, w.act, w.side, w.due, w.stuck, w.seal_end, w.acts, w.opened, w.updated, w.sealed, "
    "w.token, w.hands FROM work AS w CROSS JOIN work_groups AS g ON g.id = w.grp WHERE w.token = ? ORDER BY w.case_id LIMIT ?"};
inline constexpr Query work_like{
    "work_like",
    "SELECT w.case_id, g.direction, g.partner, g.procedure, g.category, g.state, g.holder, w.role, "
    "w.ours, w.act, w.side, w.due, w.stuck, w.seal_end, w.acts, w.opened, w.updated, w.sealed, "
    "w.token, w.hands FROM work AS w CROSS JOIN work_groups AS g ON g.id = w.grp WHERE w.case_id >= ? AND w.case_id < ? ORDER BY w.case_id LIMIT ?"};
inline constexpr Query work_groups{
    "work_groups",
    "SELECT id, cases, roles FROM work_groups WHERE cases > 0 AND (?1 = '' OR direction = ?1) AND "
    "(?2 = '' OR partner = ?2) AND (?3 = '' OR procedure = ?3) AND (?4 = '' OR category = ?4) AND "
    "(?5 = '' OR state = ?5) AND (?6 = '' OR holder = ?6) AND (?7 = 0 OR roles <> '') AND "
    "(?8 = -1 OR held = ?8) ORDER BY id"};
inline constexpr Query work_by_due{
    "work_by_due", "SELECT due, case_id, grp FROM work WHERE (due, case_id) > (?, ?) AND due <= ? "
                   "ORDER BY due, case_id"};
inline constexpr Query work_by_update{
    "work_by_update",
    "SELECT updated, case_id, grp FROM work WHERE (updated, case_id) < (?, ?) AND updated >= ? "
    "ORDER BY updated DESC, case_id DESC"};
inline constexpr Query work_by_stuck{
    "work_by_stuck",
    "SELECT stuck, case_id, grp FROM work WHERE stuck IS NOT NULL AND (stuck, case_id) > (?, ?) "
    "AND stuck <= ? ORDER BY stuck, case_id"};
inline constexpr Query work_by_opening{
    "work_by_opening",
    "SELECT opened, case_id, grp FROM work WHERE act <> '' AND (opened, case_id) > (?, ?) AND "
    "opened <= ? ORDER BY opened, case_id"};
inline constexpr Query work_by_seal_end{
    "work_by_seal_end",
    "SELECT seal_end, case_id, grp FROM work WHERE seal_end IS NOT NULL AND "
    "(seal_end, case_id) > (?, ?) AND seal_end <= ? ORDER BY seal_end, case_id"};
inline constexpr Query work_of_group{
    "work_of_group",
    "SELECT due, case_id FROM work WHERE grp = ? AND (due, case_id) > (?, ?) AND due <= ? "
    "ORDER BY due, case_id LIMIT ?"};
// In the order of WorkRange::By; then the id and whether anything is owed.
inline constexpr Query work_keys_of_group{
    "work_keys_of_group",
    "SELECT due, updated, stuck, opened, seal_end, case_id, act FROM work WHERE grp = ?"};
inline constexpr Query count_by_due{
    "count_by_due", "SELECT count(*) FROM "
                    "(SELECT 1 FROM work WHERE due >= ? AND due <= ? LIMIT ?)"};
inline constexpr Query count_by_update{
    "count_by_update", "SELECT count(*) FROM "
                       "(SELECT 1 FROM work WHERE updated >= ? AND updated <= ? LIMIT ?)"};
inline constexpr Query count_by_stuck{
    "count_by_stuck",
    "SELECT count(*) FROM "
    "(SELECT 1 FROM work WHERE stuck IS NOT NULL AND stuck >= ? AND stuck <= ? LIMIT ?)"};
inline constexpr Query count_by_opening{
    "count_by_opening",
    "SELECT count(*) FROM "
    "(SELECT 1 FROM work WHERE act <> '' AND opened >= ? AND opened <= ? LIMIT ?)"};
inline constexpr Query count_by_seal_end{
    "count_by_seal_end",
    "SELECT count(*) FROM "
    "(SELECT 1 FROM work WHERE seal_end IS NOT NULL AND seal_end >= ? AND seal_end <= ? LIMIT ?)"};
inline constexpr Query count_of_group{
    "count_of_group", "SELECT count(*) FROM "
                      "(SELECT 1 FROM work WHERE grp = ? AND due >= ? AND due <= ? LIMIT ?)"};
inline constexpr Query find_work_group{
    "find_work_group",
    "SELECT id FROM work_groups WHERE direction = ? AND partner = ? AND procedure = ? AND "
    "category = ? AND state = ? AND holder = ? AND roles = ? AND held = ?"};
inline constexpr Query add_work_group{
    "add_work_group",
    "INSERT INTO work_groups (direction, partner, procedure, category, state, holder, roles, "
    "held, cases) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)"};
inline constexpr Query change_work_group{
    "change_work_group", "UPDATE work_groups SET cases = cases + ? WHERE id = ?"};
inline constexpr Query work_group_of{
    "work_group_of", "SELECT grp, hands FROM work WHERE case_id = ?"};
inline constexpr Query change_work{
    "change_work", "UPDATE work SET grp = ?, act = ?, side = ?, role = ?, ours = ?, due = ?, "
                   "stuck = ?, seal_end = ?, acts = ?, updated = ? WHERE case_id = ?"};
inline constexpr Query add_work{
    "add_work", "INSERT INTO work (case_id, grp, act, side, role, ours, due, stuck, seal_end, "
                "acts, opened, updated, sealed, token) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query duties_of_case{
    "duties_of_case",
    "SELECT role, act, side, due, since, grp FROM work_duties WHERE case_id = ? ORDER BY role"};
inline constexpr Query duties_by_due{
    "duties_by_due",
    "SELECT due, case_id, grp FROM work_duties WHERE role = ? AND (due, case_id) > (?, ?) AND "
    "due <= ? ORDER BY due, case_id"};
inline constexpr Query duties_of_group{
    "duties_of_group",
    "SELECT due, case_id FROM work_duties WHERE grp = ? AND role = ? AND (due, case_id) > (?, ?) "
    "AND due <= ? ORDER BY due, case_id"};
inline constexpr Query count_duties_of_group{
    "count_duties_of_group",
    "SELECT count(*) FROM (SELECT 1 FROM work_duties WHERE grp = ? AND role = ? AND due >= ? AND "
    "due <= ? LIMIT ?)"};
inline constexpr Query count_duties{
    "count_duties",
    "SELECT count(*) FROM (SELECT 1 FROM work_duties WHERE role = ? AND since > ? LIMIT ?)"};
inline constexpr Query add_duty{
    "add_duty", "INSERT INTO work_duties (act, side, due, since, grp, case_id, role) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)"};
inline constexpr Query change_duty{
    "change_duty", "UPDATE work_duties SET act = ?, side = ?, due = ?, since = ?, grp = ? "
                   "WHERE case_id = ? AND role = ?"};
inline constexpr Query remove_duty{
    "remove_duty", "DELETE FROM work_duties WHERE case_id = ? AND role = ?"};

// Whose hands cases are in. The columns are those of work_keys_of_group, then the group.
inline constexpr Query work_in_hands{
    "work_in_hands", "SELECT due, updated, stuck, opened, seal_end, case_id, act, grp FROM work "
                     "WHERE hands = ? AND hands <> ''"};
inline constexpr Query work_one_in_hands{
    "work_one_in_hands",
    "SELECT due, updated, stuck, opened, seal_end, case_id, act, grp FROM work "
    "WHERE hands = ? AND hands <> '' AND case_id = ?"};
inline constexpr Query in_hands_of{
    "in_hands_of", "SELECT case_id FROM work WHERE hands = ? AND hands <> '' AND case_id > ? "
                   "ORDER BY case_id LIMIT ?"};
inline constexpr Query change_hands{
    "change_hands", "UPDATE work SET hands = ?, grp = ? WHERE case_id = ?"};
inline constexpr Query change_duties_group{
    "change_duties_group", "UPDATE work_duties SET grp = ? WHERE case_id = ?"};
inline constexpr Query caseloads{
    "caseloads",
    "SELECT person, cases FROM caseloads WHERE person > ? AND cases > 0 ORDER BY person LIMIT ?"};
inline constexpr Query caseload{"caseload", "SELECT cases FROM caseloads WHERE person = ?"};
inline constexpr Query change_caseload{
    "change_caseload", "INSERT INTO caseloads (person, cases) VALUES (?1, max(?2, 0)) "
                       "ON CONFLICT (person) DO UPDATE SET cases = cases + ?2"};
inline constexpr Query hands_of{
    "hands_of", "SELECT case_id, at, giver, taker, statement FROM hands WHERE case_id = ? "
                "ORDER BY number DESC LIMIT ?"};
inline constexpr Query add_hands{
    "add_hands",
    "INSERT INTO hands (case_id, number, at, giver, taker, statement) VALUES (?1, "
    "(SELECT coalesce(max(number) + 1, 1) FROM hands WHERE case_id = ?1), ?2, ?3, ?4, ?5)"};
inline constexpr Query find_hand_statement{
    "find_hand_statement", "SELECT hash, at, text FROM hand_statements WHERE hash = ?"};
inline constexpr Query hand_statements{
    "hand_statements", "SELECT hash, at, text FROM hand_statements WHERE (at, hash) < (?, ?) "
                       "ORDER BY at DESC, hash DESC LIMIT ?"};
inline constexpr Query add_hand_statement{
    "add_hand_statement", "INSERT INTO hand_statements (hash, at, text) VALUES (?, ?, ?)"};
inline constexpr Query find_stand_in{
    "find_stand_in", "SELECT statement, absent, person, begins, ends, ended, cases FROM stand_ins "
                     "WHERE statement = ?"};
inline constexpr Query stand_ins_for{
    "stand_ins_for", "SELECT statement, absent, person, begins, ends, ended, cases FROM stand_ins "
                     "WHERE absent = ? AND ends > ? ORDER BY ends, statement LIMIT ?"};
inline constexpr Query stand_ins_by{
    "stand_ins_by", "SELECT statement, absent, person, begins, ends, ended, cases FROM stand_ins "
                    "WHERE person = ? AND ends > ? ORDER BY ends, statement LIMIT ?"};
inline constexpr Query stand_ins{
    "stand_ins", "SELECT statement, absent, person, begins, ends, ended, cases FROM stand_ins "
                 "WHERE ends > ? ORDER BY ends, statement LIMIT ?"};
inline constexpr Query put_stand_in{
    "put_stand_in",
    "INSERT INTO stand_ins (statement, absent, person, begins, ends, ended, cases) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (statement) DO UPDATE SET absent = excluded.absent, "
    "person = excluded.person, begins = excluded.begins, ends = excluded.ends, "
    "ended = excluded.ended, cases = excluded.cases"};

// Sightings. A person's is named by the day, counted from 1970.
inline constexpr Query find_sighting{
    "find_sighting", "SELECT hash, case_id, participant, office, role, at, text, person, last, "
                     "nonce, leaf FROM sightings WHERE hash = ?"};
inline constexpr Query own_sighting{
    "own_sighting",
    "SELECT hash, case_id, participant, office, role, at, text, person, last, nonce, leaf "
    "FROM sightings WHERE person <> '' AND case_id = ? AND person = ? AND day = ?"};
inline constexpr Query sightings{
    "sightings",
    "SELECT hash, case_id, participant, office, role, at, text, person, last, nonce, leaf "
    "FROM sightings WHERE case_id = ? AND (at, hash) < (?, ?) ORDER BY at DESC, hash DESC LIMIT ?"};
inline constexpr Query own_sightings{
    "own_sightings",
    "SELECT hash, case_id, participant, office, role, at, text, person, last, nonce, leaf "
    "FROM sightings WHERE person <> '' AND (at, hash) < (?, ?) "
    "ORDER BY at DESC, hash DESC LIMIT ?"};
inline constexpr Query count_sightings{
    "count_sightings", "SELECT count(*) FROM (SELECT 1 FROM sightings WHERE case_id = ? LIMIT ?)"};
inline constexpr Query put_sighting{
    "put_sighting",
    "INSERT INTO sightings (hash, case_id, participant, office, role, at, text, person, day, last, "
    "nonce, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (hash) DO UPDATE SET last = excluded.last"};

// What was refused at the gate.
inline constexpr Query gate_refusals{
    "gate_refusals", "SELECT week, participant, code, times FROM gate_refusals WHERE week = ? "
                     "ORDER BY participant, code LIMIT ?"};
inline constexpr Query count_gate_refusals{
    "count_gate_refusals",
    "INSERT INTO gate_refusals (week, participant, code, times) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (week, participant, code) DO UPDATE SET times = times + excluded.times"};
inline constexpr Query forget_gate_refusals{
    "forget_gate_refusals", "DELETE FROM gate_refusals WHERE week < ?"};

// What people and offices keep.
inline constexpr Query find_kept{
    "find_kept", "SELECT kind, owner, name, version, updated, sealed FROM kept "
                 "WHERE kind = ? AND owner = ? AND name = ?"};
inline constexpr Query kept{
    "kept", "SELECT kind, owner, name, version, updated, sealed FROM kept "
            "WHERE kind = ? AND owner = ? AND name > ? ORDER BY name LIMIT ?"};
inline constexpr Query put_kept{
    "put_kept", "INSERT INTO kept (kind, owner, name, version, updated, sealed) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, owner, name) DO UPDATE SET "
                "version = excluded.version, updated = excluded.updated, "
                "sealed = excluded.sealed"};
inline constexpr Query remove_kept{
    "remove_kept", "DELETE FROM kept WHERE kind = ? AND owner = ? AND name = ?"};

// Counters.
inline constexpr Query counters{
    "counters", "SELECT name, value FROM counters WHERE name >= max(?1, ?2) AND name > ?2 AND "
                "name < ?3 ORDER BY name LIMIT ?4"};
inline constexpr Query count{
    "count", "INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
             "value = value + excluded.value"};

// The record, ours and those we witness.
inline constexpr Query witnessed{
    "witnessed", "SELECT origin, size, root, note FROM witnessed WHERE origin = ?"};
inline constexpr Query put_witnessed{
    "put_witnessed",
    "INSERT INTO witnessed (origin, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT (origin) "
    "DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note"};
inline constexpr Query leaves{
    "leaves", "SELECT entry FROM leaves WHERE place >= ? ORDER BY place LIMIT ?"};
// Places have no gaps (add_leaf), so the last one tells the count without counting.
inline constexpr Query leaf_count{
    "leaf_count", "SELECT place + 1 FROM leaves ORDER BY place DESC LIMIT 1"};
inline constexpr Query add_leaf{
    "add_leaf", "INSERT INTO leaves (place, entry) "
                "VALUES ((SELECT coalesce(max(place) + 1, 0) FROM leaves), ?)"};

// Settings.
inline constexpr Query setting{"setting", "SELECT value FROM settings WHERE name = ?"};
inline constexpr Query put_setting{
    "put_setting", "INSERT INTO settings (name, value) VALUES (?, ?) "
                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value"};

/// All that touch tables, for the test of plans.
inline constexpr std::array all{
    &find_case,
    &cases,
    &cases_from,
    &waking,
    &put_case,
    &find_act,
    &acts,
    &act_at,
    &add_act,
    &acts_sealed_by,
    &acts_approved_by,
    &acts_without_keys,
    &put_act_keys,
    &part,
    &parts,
    &put_part,
    &destroy_parts,
    &find_submission,
    &submissions,
    &put_submission,
    &find_draft,
    &draft_parts,
    &add_draft,
    &add_draft_part,
    &remove_draft,
    &remove_drafts_of,
    &next_destination,
    &outbox_due,
    &outbox,
    &find_outbox,
    &add_outbox,
    &update_outbox,
    &remove_outbox,
    &find_evidence,
    &evidence,
    &next_recipient,
    &evidence_to_send,
    &evidence_to_remove,
    &put_evidence,
    &roll,
    &find_roll,
    &roll_of,
    &roll_end,
    &put_roll,
    &roll_notes,
    &find_roll_note,
    &put_roll_note,
    &invitations,
    &find_invitation,
    &find_invitation_by,
    &put_invitation,
    &remove_invitation,
    &newest_directory,
    &directory_at,
    &put_directory,
    &find_mark,
    &marks_before,
    &marked,
    &add_mark,
    &remove_pending_marks,
    &obligations_due,
    &obligations_open,
    &obligations_of,
    &remove_obligations,
    &add_obligation,
    &find_work,
    &work_named,
    &work_like,
    &work_groups,
    &work_by_due,
    &work_by_update,
    &work_by_stuck,
    &work_by_opening,
    &work_by_seal_end,
    &work_of_group,
    &work_keys_of_group,
    &count_by_due,
    &count_by_update,
    &count_by_stuck,
    &count_by_opening,
    &count_by_seal_end,
    &count_of_group,
    &find_work_group,
    &add_work_group,
    &change_work_group,
    &work_group_of,
    &change_work,
    &add_work,
    &duties_of_case,
    &duties_by_due,
    &duties_of_group,
    &count_duties_of_group,
    &count_duties,
    &add_duty,
    &change_duty,
    &remove_duty,
    &work_in_hands,
    &work_one_in_hands,
    &in_hands_of,
    &change_hands,
    &change_duties_group,
    &caseloads,
    &caseload,
    &change_caseload,
    &hands_of,
    &add_hands,
    &find_hand_statement,
    &hand_statements,
    &add_hand_statement,
    &find_stand_in,
    &stand_ins_for,
    &stand_ins_by,
    &stand_ins,
    &put_stand_in,
    &find_sighting,
    &own_sighting,
    &sightings,
    &own_sightings,
    &count_sightings,
    &put_sighting,
    &gate_refusals,
    &count_gate_refusals,
    &forget_gate_refusals,
    &find_kept,
    &kept,
    &put_kept,
    &remove_kept,
    &counters,
    &count,
    &witnessed,
    &put_witnessed,
    &leaves,
    &leaf_count,
    &add_leaf,
    &setting,
    &put_setting,
};

} // namespace comity::store::sql
