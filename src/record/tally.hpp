// Statistics that can be checked: a closed case leaves a tally in the record, one commitment for
// each attribute with the proof that it holds exactly one category. A report opens sums only, and
// anybody adds the leaves up again.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"
#include "crypto/pedersen.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::record {

/// Attributes and categories of a schema. Frozen: other categories are another schema.
struct TallyAttribute {
    std::string_view name;
    std::vector<std::string_view> categories;
};

/// The one by which cases are counted now. Leaves of earlier ones stay and are read for ever.
inline constexpr std::int64_t tally_schema = 2;
bool is_tally_schema(std::int64_t schema);
/// The schema must be one.
const std::vector<TallyAttribute>& tally_attributes(std::int64_t schema = tally_schema);
/// The generators of an attribute's categories; nobody knows a relation between them.
const std::vector<crypto::Point>& tally_generators(
    std::size_t attribute, std::int64_t schema = tally_schema);

/// A quarter: "2026-Q1". Counted by the day of admission in UTC.
std::string quarter_of(Instant when);
bool is_quarter(std::string_view text);
/// The first instant after it.
Instant quarter_end(std::string_view quarter);

/// Sides of a case; a record counts its cases by the side on which its participant stands.
bool is_tally_class(std::string_view text);

inline constexpr std::size_t tally_id_bytes = 16;

struct Tally {
    std::string group;  ///< the class
    std::string period; ///< a quarter
    std::int64_t schema = tally_schema;
    Bytes id; ///< 16 random bytes, once in a record
    std::vector<crypto::Point> commitments;
    std::vector<crypto::ChoiceProof> proofs;

    /// The leaf:
    /// {"leaf":"tally","v":1,"class":"…","period":"…","schema":2,"id":"…","c":[…],"p":[…]}.
    [[nodiscard]] Bytes print() const;
    /// Strict about form and spelling; verifies no proof. Refuses with leaf_malformed, and with
    /// leaf_unknown for another schema.
    static Result<Tally> parse(BytesView entry);

    bool operator==(const Tally&) const = default;
};

/// Where a tally stands.
struct TallyPlace {
    std::string_view origin; ///< of the record
    std::string_view group;
    std::string_view period;
    std::int64_t schema = tally_schema;
};

/// `categories` has one index for each attribute of the place's schema. The blindings follow from
/// secret and id, so that they survive the loss of everything but the secret.
Tally make_tally(
    BytesView secret, const TallyPlace& place, BytesView id,
    std::span<const std::size_t> categories);
/// Refuses with proof_wrong and names the attribute.
Result<void> verify_tally(const Tally& tally, std::string_view origin);

/// Below it nothing at all is opened, and a cell below the other is not told.
inline constexpr std::uint64_t report_total_least = 10;
inline constexpr std::uint64_t report_cell_least = 5;

/// The report over all tallies of a class, period and schema, as a JSON document: for each
/// attribute its cells, each told, rounded to a multiple of five with the proof that it is near, or
/// hidden with the proof that it is below five. Of so few that a hidden cell could be computed the
/// attribute is withheld. Refuses with proof_wrong when a tally was not made with this secret.
Result<json::Object> make_report(
    BytesView secret, const TallyPlace& place, std::span<const Tally> tallies);

/// Whether the report is that of exactly these tallies (all of its class, period and schema in the
/// record), each of which must verify. Gives the counts that it tells, by "attribute/category".
/// Refuses with proof_malformed or proof_wrong.
Result<std::map<std::string, std::string>> verify_report(
    const json::Object& report, std::string_view origin, std::span<const Tally> tallies);

} // namespace comity::record
