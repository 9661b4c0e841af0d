// Every maximum of the program in one place, each with its reason. What is over a limit is refused
// at the gate with the limit named.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace comity::limits {

// Documents. The header of an act names no content, so it stays small.
inline constexpr std::size_t act_header_bytes = 32 * 1024;
// The seal carries certificate and approval with the roll entries of the person and two enrollers.
inline constexpr std::size_t act_seal_bytes = 128 * 1024;
// One body part, sealed: forms with long facts; attachments travel as evidence-like objects.
inline constexpr std::size_t act_part_bytes = 1024 * 1024;
// Audiences are sets of six sides; more parts than this is not one of our forms.
inline constexpr std::size_t act_parts = 16;
// The whole envelope as it travels.
inline constexpr std::size_t envelope_bytes = 4 * 1024 * 1024;
// Catching up with a case: a page of envelopes.
inline constexpr std::size_t catch_up_bytes = 32 * 1024 * 1024;
inline constexpr std::size_t directory_bytes = 4 * 1024 * 1024;
// Rules of the federation. A partner that calls oftener is told when to come again (threat T54). A
// busy pair of countries exchanges thousands of acts a day, thus a few a minute; one that was cut
// off delivers what waited.
inline constexpr std::int64_t acts_burst = 400;
inline constexpr std::int64_t acts_per_minute = 1'200;
// Chunks of 4 MiB: 16 GiB a minute are more than the line carries.
inline constexpr std::int64_t chunks_burst = 1'000;
inline constexpr std::int64_t chunks_per_minute = 4'000;
// Catching up, the directory, pings; a record's beat asks its witness four times a second.
inline constexpr std::int64_t calls_burst = 600;
inline constexpr std::int64_t calls_per_minute = 2'400;
// A rate above this is none.
inline constexpr std::int64_t rate_most = 1'000'000;
// A sunset further away than five years, or a ceiling above a million cases, is none.
inline constexpr std::int64_t sunset_days = 5 * 366;
inline constexpr std::int64_t ceiling_cases = 1'000'000;
inline constexpr std::int64_t ceiling_days = 366;
inline constexpr std::size_t json_depth = 32;
// Above 10,000 characters the schema validator's regular expressions can exhaust the stack.
inline constexpr std::size_t form_string_bytes = 10'000;
// Its regular expressions recurse once a character, so a field with a pattern is shorter still.
inline constexpr std::size_t form_pattern_characters = 512;
// Comparing each item of a list with each other is quadratic.
inline constexpr std::size_t form_unique_items = 200;
// What a person can mend in one round.
inline constexpr std::size_t form_problems = 20;

// Law pack: the largest file today has 272 kB, the pack 100 files.
inline constexpr std::size_t law_file_bytes = 4 * 1024 * 1024;
inline constexpr std::size_t law_files = 2'000;
inline constexpr std::size_t roll_chain_entries = 16;
inline constexpr std::size_t acts_per_case = 10'000;
// Cases of one country that ask for the same thing, or that the extraordinary mechanism counts.
inline constexpr std::size_t marks_of_one_token = 100'000;
inline constexpr std::size_t participants = 10'000;

// Procedures: a marking fits three machine words.
inline constexpr std::size_t acts_per_procedure = 64;
inline constexpr std::size_t explored_markings = 20'000'000;
// Ten times the longest procedure so far; a file a lawyer can still read.
inline constexpr std::size_t procedure_bytes = 128 * 1024;
inline constexpr std::size_t relations_per_procedure = 1'000;
// A century: longer is a slip of the pen, and calendar arithmetic stays within its range.
inline constexpr std::int64_t procedure_period_days = 36'525;

// Grid of a request: what a judge can read on one page.
inline constexpr std::size_t grid_rows = 200;

// Planning. Below ten cases a ninetieth percentile is nobody's; an office of a thousand is several.
inline constexpr std::size_t plan_cases_least = 10;
inline constexpr std::size_t plan_officers = 1'000;
inline constexpr std::size_t plan_table_bytes = 16 * 1024 * 1024;
// How many cases of a node's history are read: the latest.
inline constexpr std::size_t plan_history_cases = 2'000;
// And of each as much as a case with every act twice has, so that the answer stays within its
// limit.
inline constexpr std::size_t plan_history_acts = 100;
// What took longer than a working day between two acts was not worked on all the time.
inline constexpr double plan_step_hours_most = 8;

// Evidence.
inline constexpr std::size_t evidence_chunk_bytes = 4 * 1024 * 1024;
// AES-GCM seals at most 64 GiB less 32 bytes under one key and nonce (NIST SP 800-38D).
inline constexpr std::uint64_t evidence_item_bytes = (std::uint64_t{1} << 36) - 1024;
inline constexpr std::size_t evidence_items = 10'000;

// Record (C2SP tlog-tiles: entries have a 16-bit length).
inline constexpr std::size_t record_entry_bytes = 65'535;
// C2SP signed-note: at least 16 signatures are accepted, and post-quantum ones take nearly 5 kB.
inline constexpr std::size_t note_bytes = 128 * 1024;
inline constexpr std::size_t note_signatures = 100;
inline constexpr std::size_t proof_hashes = 63; // C2SP tlog-witness; no path is longer
// A log and a witness for each of 10,000 participants still fit.
inline constexpr std::size_t policy_bytes = 4 * 1024 * 1024;

// What a monitor keeps of one record: a line for each open obligation.
inline constexpr std::size_t monitor_state_bytes = 256 * 1024 * 1024;
// Leaves of one class and period in a published report; a country's quarter is far below.
inline constexpr std::size_t statistics_leaves = 10'000'000;
inline constexpr std::size_t statistics_report_bytes = 4 * 1024 * 1024;
// Acts that an oversight body draws for one sample: what people can read.
inline constexpr std::size_t sample_acts = 10'000;

// Storage. A group is what one fsync makes durable; waiting callers beyond the queue are held back.
inline constexpr std::size_t store_group_writes = 512;
inline constexpr std::size_t store_queue_writes = 4'096;
inline constexpr std::size_t store_readers = 4;
inline constexpr std::size_t file_name_bytes = 200;

// Network.
inline constexpr std::size_t http_header_bytes = 16 * 1024;
inline constexpr std::size_t http_connections = 2'000;
inline constexpr std::chrono::seconds http_header_time{30};
inline constexpr std::chrono::seconds http_idle_time{75};
inline constexpr std::chrono::seconds http_request_time{120};
inline constexpr std::size_t http_header_fields = 100;
// One address may not take all connections of a node (threat T54).
inline constexpr std::size_t http_connections_per_address = 500;
// Request bodies held in memory at once, over all connections; beyond it a node answers 503.
inline constexpr std::size_t http_bodies_bytes = 256 * 1024 * 1024;
// A page of acts, or one chunk of evidence, with room for its frame.
inline constexpr std::size_t http_response_bytes = 32 * 1024 * 1024;
// After stop(), requests that are running may finish for so long.
inline constexpr std::chrono::seconds http_stop_time{10};
// Two nodes whose clocks differ more than this refuse each other's acts (threat T18).
inline constexpr std::chrono::minutes clock_difference{2};
// An act signed longer ago than this is refused as stale unless the sender was cut off from us;
// the outbox of an honest node retries for this long.
inline constexpr std::chrono::hours act_age{24 * 30};
// A number, an address and the hours.
inline constexpr std::size_t callback_bytes = 200;
// Answers to a code are padded to multiples of this: a notice with its letter fits into two or
// three.
inline constexpr std::size_t notice_answer_bytes = 16 * 1024;
// Tries at the doors for codes and challenges, over all callers of a node: far more than a
// country's people send, far less than keeps a node from its work (threats T35, T36).
inline constexpr std::int64_t door_burst = 60;
inline constexpr std::int64_t door_per_minute = 120;
// Challenges that wait at a node until they can be carried on.
inline constexpr std::size_t filings_waiting = 10'000;
// A line of a back-up names a file with its size and hash.
inline constexpr std::size_t backup_line_bytes = 4 * 1024;
inline constexpr std::size_t backup_block_bytes = 1024 * 1024;
// Between preparing an act and sealing it a person reads and approves it.
inline constexpr std::chrono::hours draft_age{24};

// Sessions of the pages: a working day at most, half an hour unused. A challenge waits for the
// person to reach for the passkey.
inline constexpr std::chrono::hours session_time{10};
inline constexpr std::chrono::minutes session_idle{30};
inline constexpr std::chrono::minutes sign_in_time{5};
inline constexpr std::size_t sign_in_challenges = 4'096;
inline constexpr std::size_t sessions = 20'000;
// What anybody may try at the doors of people who sign in or enrol, from one address: a ministry
// behind one address in the morning, and far below what would push out the challenges of others
// (threat T54). More addresses at once than are counted share one count.
inline constexpr std::int64_t sign_in_burst = 240;
inline constexpr std::int64_t sign_in_per_minute = 240;
inline constexpr std::size_t sign_in_addresses = 10'000;
// Enrolment. The link of an invitation is handed over in person; the two approvals follow within
// two weeks. Making two passkeys takes a person minutes.
inline constexpr std::chrono::hours invitation_time{72};
inline constexpr std::chrono::minutes enrolment_time{10};
inline constexpr std::chrono::hours approval_time{24 * 14};
// How long an enrolment that is over stays in the list.
inline constexpr std::chrono::hours invitation_kept{24 * 30};
// A participant's people in a year; more at once is somebody filling the disk.
inline constexpr std::size_t invitations = 1'000;
// An entry of the roll lasts five years at most, a training three (R8).
inline constexpr std::chrono::hours roll_entry_time{24 * 366 * 5};
inline constexpr std::chrono::hours training_time{24 * 366 * 3};
inline constexpr std::size_t person_name_bytes = 200;
inline constexpr std::size_t passkey_label_bytes = 100;
inline constexpr std::size_t person_roles = 9; // as many as there are
// A page of a list (keyset paging), and what a filter may hold.
inline constexpr std::size_t page_rows = 200;
inline constexpr std::size_t page_rows_usual = 50;
// Rows of the worklist are counted so far; more is "many".
inline constexpr std::size_t work_counted = 10'000;
// What a search for a number looks through.
inline constexpr std::size_t work_found = 1'000;
// What is late and without an act for so long is called stuck.
inline constexpr std::chrono::days work_stuck{14};
// What people and offices keep at the node.
inline constexpr std::size_t views_kept = 50;
inline constexpr std::size_t view_name_bytes = 200;
inline constexpr std::size_t view_query_bytes = 2'000;
inline constexpr std::size_t drafts_kept = 1'000;
inline constexpr std::size_t draft_bytes = 512 * 1024;

// In whose hands cases are. One statement names what its signer can look through before signing; a
// person with more cases than one list can show has none of them in hand.
inline constexpr std::size_t hand_over_cases = 500;
inline constexpr std::size_t cases_in_hand = 3'000;
// The names of so many cases, each with its quotes.
inline constexpr std::size_t hand_statement_bytes = 64 * 1024;
// Between reading a statement and signing it.
inline constexpr std::chrono::minutes hand_statement_time{15};
// Who is away for longer than half a year hands over; who plans further than a year guesses.
inline constexpr std::chrono::days stand_in_time{184};
inline constexpr std::chrono::days stand_in_ahead{366};
// Of one person, and by one: with chosen cases, a few colleagues share what an absence leaves.
inline constexpr std::size_t stand_ins = 20;
// Of a participant, as one list shows them.
inline constexpr std::size_t stand_ins_shown = 500;
// People of a participant that a list to choose from holds.
inline constexpr std::size_t caseworkers = 5'000;
// Through how many hands a case is shown to have gone: the latest.
inline constexpr std::size_t hands_shown = 100;

// What goes out to systems of the participant's own and to people's mailboxes. An answer to a
// webhook is looked at for its status alone.
inline constexpr std::size_t webhooks = 16;
inline constexpr std::size_t webhook_answer_bytes = 16 * 1024;
inline constexpr std::size_t url_bytes = 2'000;
inline constexpr std::chrono::seconds outside_connect_time{5};
inline constexpr std::chrono::seconds outside_time{20};
// A system that is away for a long weekend misses nothing; one that never comes back does not fill
// the disk.
inline constexpr std::chrono::hours webhook_kept{96};
inline constexpr std::size_t webhook_waiting = 20'000;
inline constexpr std::size_t webhook_at_once = 200;
// A mailbox that refuses for so long is told of nothing more until its owner says so again.
inline constexpr std::int64_t mail_attempts = 12;
inline constexpr std::size_t mail_address_bytes = 254; // RFC 5321 section 4.5.3.1.3
inline constexpr std::size_t mail_wishes = 10'000;
// Whether something new waits is asked by counting so far.
inline constexpr std::size_t mail_counted = 100;

} // namespace comity::limits
