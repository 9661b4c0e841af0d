// Oversight: what a body that watches a country sees, asks and is told. It holds every act of its
// country's cases; headers are open to it, content only after an inspect act of its own that names
// the act, so that each look stands in the case and in the record like any other act.
#pragma once

#include "base/limits.hpp"
#include "base/said.hpp"
#include "node/node.hpp"
#include "record/sample.hpp"

namespace comity::limits {

// Cases that one question of an oversight body looks at, the latest first.
inline constexpr std::size_t overseen_cases = 20'000;
// An inspect act opens the content of what it names for a day; the next look is another act.
inline constexpr std::chrono::hours inspection_time{24};
// Acts that one inspect act names.
inline constexpr std::size_t inspected_acts = 100;

} // namespace comity::limits

namespace comity::node {

/// Whether the content of this act may be shown on this node. On an oversight body's node an
/// inspect act of its own, at most limits::inspection_time old, must name it: among the acts it
/// builds on, after the one before it. Its own acts are open to it. On other nodes always. Refuses
/// with inspection_missing.
Result<void> may_read(Node& node, StoreReader& reader, const ActRow& act);

/// Acts as an intent names them, by their hashes; at most limits::inspected_acts. Refuses with
/// too_large and builds_on_unknown.
Result<std::vector<Digest>> named_acts(const std::vector<std::string>& hashes);

/// An act by its header, as questions and alarms look at it.
struct SeenAct {
    std::int64_t sequence = 0;
    std::string kind;
    Digest hash{};
    ParticipantId performer;
    std::string role;
    PersonId person;
    Instant prepared;          ///< when it was put before the person
    Instant sealed;            ///< when the person had approved it
    Instant admitted;          ///< the keeper's time
    std::int64_t leaf;         ///< in this node's record
    std::vector<Digest> names; ///< of an inspect act: what it names
};

struct SeenCase {
    casefile::Case state;
    std::shared_ptr<const procedure::Graph> graph;
    std::vector<SeenAct> acts;
};

/// The cases that changed last, at most `limit`, with their acts.
std::vector<SeenCase> seen_cases(Node& node, std::size_t limit = limits::overseen_cases);

/// When an alarm is given; each with its reason.
struct AlarmLimits {
    /// A decision in less time cannot have been read: the shortest request fills a page.
    std::chrono::seconds dwell{60};
    /// Of so many decisions of one person or partner, not fewer: below it chance decides.
    std::size_t enough = 5;
    /// Refused of decided, in percent: every second request should not have been sent.
    int refused_percent = 50;
    std::chrono::days refused_within{90};
    /// Of the ceiling of the extraordinary mechanism, in percent: time to look before it pauses.
    int ceiling_percent = 80;
};

struct Alarm {
    std::string kind; ///< emergency-without-judge, notice-overdue, deletion-overdue, refusals,
                      ///< dwell, ceiling
    std::optional<CaseId> case_id;
    std::string about;            ///< the participant, or person, or pair of participants
    std::optional<Instant> since; ///< when it became due, or the last act that it is about
    Said text;
};

/// Pure: the same cases, rules and time give the same alarms, in one order.
std::vector<Alarm> alarms(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const AlarmLimits& limits = {});

/// A saved question about headers.
struct Question {
    std::string name;
    std::int64_t days = 90;
};

/// emergencies, notices, refusals, deferrals, dwell, ceiling, inspections. The answer is a list of
/// rows; docs/operations.md says what each holds. Refuses with not_found for another name.
Result<json::Array> ask(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const Question& question);

/// A sample of this node's record over a period, by the time of admission: the leaves from the
/// first act in it to the last. `seeds` are checkpoints of the federation's records, cosigned after
/// the period's end.
struct SampleOrder {
    Instant from;
    Instant until;
    std::uint64_t count = 0;
    std::vector<Bytes> seeds;
};

Result<record::Sample> draw_sample(Node& node, const SampleOrder& order);
/// The checkpoints that the other participants show now, as seeds.
std::vector<Bytes> fetch_seeds(Node& node);

/// What was drawn, act by act, and whether it was inspected since. Leaves that are no act are left
/// out.
Result<json::Array> sampled_acts(Node& node, const record::Sample& sample);

} // namespace comity::node
