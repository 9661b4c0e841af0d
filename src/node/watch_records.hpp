// Every node reads the public records of all others, as anybody can, and keeps what they owe: so
// that it can say in public, by country, which notices, deletions and judges' decisions are
// overdue, and notices when a record was rewritten. It trusts nobody's sum: the leaves are read and
// hashed, and must give the root that the record's own key signed.
#pragma once

#include "node/node.hpp"
#include "record/checkpoint.hpp"
#include "record/obligations.hpp"

namespace comity::limits {

// Bundles of 256 leaves that one visit reads of one record: a million leaves, in some seconds.
inline constexpr std::size_t watched_bundles = 4'096;

} // namespace comity::limits

namespace comity::node {

/// How often the records are read: what is overdue is counted in days.
inline constexpr std::chrono::minutes watch_beat{10};

/// What one record was when it was last read whole.
struct RecordView {
    enum class State {
        good,
        away,  ///< nobody answered
        wrong, ///< what it showed does not follow from what it showed before, or is not signed
    };

    ParticipantId participant;
    std::string country;
    record::Checkpoint checkpoint; ///< over the leaves that are counted; size 0: none yet
    Bytes note;                ///< the same as it was signed; evidence if it contradicts another
    Instant read;              ///< when
    State state = State::good; ///< of the last visit
    Said problem;              ///< what was wrong with it
    Bytes other;               ///< the signed checkpoint that does not fit, if there is one
    Instant since;             ///< since when the state is as it is
    /// How many obligations are open, by kind and last day.
    std::map<std::pair<record::Duty, Instant>, std::uint64_t> open;
};

/// Reads what is new in the record of every participant of the directory, this node's own too.
/// Returns how many leaves were read.
std::size_t watch_records(Node& node);

/// The same of one participant's record, when somebody waits for it.
std::size_t watch_record(Node& node, const ParticipantId& participant);

/// What is known of each record of the directory that was ever read, by participant.
std::vector<RecordView> watched_records(Node& node);

/// What is owed in a country and was not done in time.
struct Overdue {
    std::string country;
    record::Duty duty = record::Duty::notice;
    std::uint64_t count = 0;
    Instant oldest;      ///< the earliest last day
    Digest commitment{}; ///< SHA-256 over the checkpoints of the country's records, in their order
};

/// By country and duty. Pure.
std::vector<Overdue> overdue(const std::vector<RecordView>& views, Instant today);

} // namespace comity::node
