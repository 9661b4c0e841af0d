// The tally that a closed case leaves in this node's record, and the report over a quarter.
#pragma once

#include "node/commit_obligations.hpp"
#include "record/tally.hpp"

namespace comity::node {

/// A case is closed for the statistics when an act ended it (declined, refused, opposed, unable,
/// withdrawn, quashed, lapsed) or when its data was received and notice is owed no more. Then, once
/// for each case, a tally is appended by every participant that stands on a side of it, in the
/// transaction of the closing act, whose fields are those that this node reads. A node without a
/// record key counts nothing.
void commit_tally(
    Node& node, StoreWriter& writer, const Settling& settling, const json::Object& fields);

/// What a case counts as beside what its marking says, as categories of the attributes of these
/// names. What a side may not read stays not-read.
struct TallyFacts {
    std::string partner = "other";
    std::string offence = "not-read";
    std::string ground = "none";
};

/// The partner's region; of the offences the first that the request names; the ground on which the
/// act that closes the case refuses it. `act` and `fields` are of that act.
TallyFacts tally_facts(
    Node& node, StoreReader& reader, const casefile::Case& state, std::string_view act,
    const json::Object& fields);

/// The categories of a case, one for each of record::tally_attributes().
std::vector<std::size_t> tally_categories(
    const casefile::Case& state, const procedure::Graph& graph, const TallyFacts& facts = {});

/// The report over this node's tallies of a class (requesting, requested, provider, third) and a
/// quarter (2026-Q1). Refuses before the quarter has ended: two reports of one quarter that differ
/// by a case would tell that case. Of the quarter in which a schema ended there is one for each.
Result<json::Object> make_statistics(
    Node& node, std::string_view group, std::string_view period,
    std::int64_t schema = record::tally_schema);

/// When a quarter has ended: one document over all classes in which this node counted cases, made
/// once, kept for ever, and committed to by a leaf of the record. On a beat and at start-up.
/// Returns how many were made; a node without a record key publishes nothing.
Result<std::size_t> publish_reports(Node& node);

struct PublishedReport {
    std::int64_t number = 0; ///< from 1 on; the version in its leaf
    std::string period;
    Instant issued;
    std::int64_t leaf = 0; ///< in this node's record
    Bytes text;            ///< the document, byte for byte: its SHA-256 is what the leaf holds
};

/// The latest first, at most `limit`, below a number.
std::vector<PublishedReport> published_reports(
    Node& node, std::optional<std::int64_t> before, std::size_t limit);

} // namespace comity::node
