// What one participant says it sent, against what another says it got: an oversight body asks both
// where each act of their common cases stands in their own records, and believes neither. A place
// counts when the leaf there is the commitment to the very act that the body holds and the leaf
// stands under the checkpoint that it follows (node/watch_records.hpp;
// docs/decisions/044-two-records-compared.md).
#pragma once

#include "node/node.hpp"

#include <map>
#include <vector>

namespace comity::limits {

// Cases of two participants that one comparison asks about, and acts that it shows one by one: what
// an inspector works through in a week. A longer time is compared in parts.
inline constexpr std::size_t compared_cases = 500;
inline constexpr std::size_t compared_shown = 500;
inline constexpr std::chrono::days compared_time{366};
// Places of acts in one answer.
inline constexpr std::size_t leaves_at_once = 1'000;
// A follower has no promise to keep but what its own receipts promise for its own acts: an act that
// it was sent stands in its record within this time, or it was cut off.
inline constexpr std::chrono::hours inclusion_time{1};

} // namespace comity::limits

namespace comity::node {

/// Where an act stands in this node's record, and what opens its leaf.
struct ActPlace {
    std::int64_t sequence = 0;
    Digest hash{};
    std::int64_t leaf = 0;
    Bytes nonce;
};

/// For an oversight body that takes part in the case: the places of its acts after that number, at
/// most limits::leaves_at_once. Refuses with not_found for anybody else and for what is unknown.
Result<std::vector<ActPlace>> leaves_for(
    Node& node, const ParticipantId& asker, const CaseId& id, std::int64_t after);

json::Object print_places(const std::vector<ActPlace>& places);

struct ComparisonOrder {
    ParticipantId first;
    ParticipantId second;
    Instant from;
    Instant until; ///< acts that were admitted from `from` on and before it
};

/// How an act stands in one record.
enum class Standing {
    stands,  ///< its leaf was opened and proved under the checkpoint that is followed
    not_yet, ///< not there, and the time to have it there is not over
    missing, ///< not there
    unknown, ///< the node does not answer, or its record is not to be relied on
};

std::string_view name_of(Standing standing);

struct ComparedAct {
    CaseId case_id;
    std::int64_t sequence = 0;
    std::string kind; ///< empty for an act that this node does not hold
    Digest hash{};
    ParticipantId performer;
    Instant admitted;
    Standing first = Standing::unknown;
    Standing second = Standing::unknown;
};

/// A record as it was compared.
struct ComparedRecord {
    ParticipantId participant;
    std::uint64_t size = 0; ///< of the checkpoint that is followed
    Instant read;           ///< when it was last read whole
    Said problem;           ///< why nothing of it can be said; empty when it can
};

struct ComparedCount {
    std::size_t both = 0;
    std::size_t first_only = 0;
    std::size_t second_only = 0;
    std::size_t not_yet = 0; ///< in one of them or in both
    std::size_t neither = 0;
    std::size_t unknown = 0;

    bool operator==(const ComparedCount&) const = default;
};

/// A case that was taken back: its acts stand in both records all the same.
struct CancelledCase {
    CaseId case_id;
    ParticipantId by;
    Instant at;
};

struct Comparison {
    ComparisonOrder order;
    Instant asked;
    ComparedRecord first;
    ComparedRecord second;
    std::size_t cases = 0;
    std::map<std::string, ComparedCount> counts; ///< by kind of act
    /// Acts that do not stand in both, in the order of their admission; at most
    /// limits::compared_shown, `more` says how many are not shown.
    std::vector<ComparedAct> differences;
    std::size_t more = 0;
    /// Acts that one of them names in a common case and this node does not hold.
    std::vector<ComparedAct> strangers;
    std::vector<CancelledCase> cancelled;

    /// Every act of the period stands in both records, and none is named that is not held here.
    [[nodiscard]] bool equal() const;
};

/// What compare_records refuses before it asks anybody: with not_allowed on a node that is no
/// oversight body's, with not_found for a participant that is unknown, is this node's own or is
/// named twice, and with json_malformed for a period that is none.
Result<void> check_order(
    const Node& node, const directory::Directory& directory, const ComparisonOrder& order);

/// Reads both records as far as they show now, asks both nodes, and compares. It waits for them.
/// Refuses as check_order does, and with too_large where they had more cases together.
Result<Comparison> compare_records(Node& node, const ComparisonOrder& order);

/// With ids and codes; said in that language.
json::Object print_comparison(const Comparison& comparison, std::string_view language);

} // namespace comity::node
