// The report: what may be told of the sums, and how anybody checks it against the leaves.
#include "base/check.hpp"
#include "base/limits.hpp"
#include "record/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace comity::record {

namespace detail {
crypto::Scalar tally_blinding(BytesView secret, BytesView id, std::string_view attribute);
} // namespace detail

namespace {

using crypto::Point;
using crypto::Scalar;

constexpr std::string_view cell_domain = "comity/tally/cell/v1";
constexpr std::uint64_t hidden_most = report_cell_least - 1;
constexpr std::uint64_t round_base = 5;
constexpr std::uint64_t round_reach = 4;

tl::unexpected<Refusal> wrong(std::string facts) {
    return refuse(
        Code::proof_wrong, std::move(facts),
        "A report tells the sums of all tallies of its class and period, and of no others");
}

std::string text_of(const std::array<std::uint8_t, 32>& bytes) {
    return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::array<std::uint8_t, 32>> read_32(std::string_view text) {
    const auto bytes = from_base64url(text);
    std::array<std::uint8_t, 32> out;
    if (!bytes || bytes->size() != out.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
}

std::uint64_t rounded(std::uint64_t count) {
    return (count + round_base / 2) / round_base * round_base;
}

// The values that a proof leaves open.
struct Range {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

Range range_of_rounded(std::uint64_t published) {
    return {published - round_reach, published + round_reach};
}

std::vector<Point> values(const Range& range, const Point& generator) {
    std::vector<Point> out;
    for (auto n = range.low; n <= range.high; ++n)
        out.push_back(crypto::times(n, generator));
    return out;
}

std::string cell_binding(
    const TallyPlace& place, std::string_view attribute, std::string_view category,
    const Range& range) {
    return fmt::format(
        "{}|{}|{}|{}|{}|{}..{}", place.origin, place.group, place.period, attribute, category,
        range.low, range.high);
}

enum class Telling { exact, hidden, rounded };

// Whether at least three sums of the hidden cells fit what is told, when a cell of `count` is
// rounded to hide them. The reader knows that a rounded cell is not small.
bool hides(std::uint64_t count, std::uint64_t hidden_sum, std::size_t hidden_cells) {
    const Range near = range_of_rounded(rounded(count));
    const std::uint64_t both = hidden_sum + count;
    const std::uint64_t low = both > near.high ? both - near.high : 0;
    const std::uint64_t least = std::max(report_cell_least, near.low);
    if (both < least) return false;
    const std::uint64_t high = std::min<std::uint64_t>(hidden_most * hidden_cells, both - least);
    return high >= low + 2;
}

// How each cell is told; nothing when the attribute cannot be told without giving a small cell
// away. The total is public, so one hidden cell alone would be no secret.
std::optional<std::vector<Telling>> plan(const std::vector<std::uint64_t>& counts) {
    std::vector<Telling> out(counts.size(), Telling::exact);
    std::uint64_t hidden_sum = 0;
    std::size_t hidden = 0;
    for (std::size_t j = 0; j < counts.size(); ++j)
        if (counts[j] < report_cell_least) {
            out[j] = Telling::hidden;
            hidden_sum += counts[j];
            ++hidden;
        }
    // Enough in two cells or more, and not so much that each must be full.
    const bool open =
        hidden >= 2 && hidden_sum >= report_cell_least && hidden_sum + 2 <= hidden_most * hidden;
    if (hidden == 0 || open) return out;
    std::vector<std::size_t> safe;
    for (std::size_t j = 0; j < counts.size(); ++j)
        if (out[j] == Telling::exact) safe.push_back(j);
    std::sort(safe.begin(), safe.end(), [&](auto a, auto b) {
        return std::tie(counts[a], a) < std::tie(counts[b], b);
    });
    for (const auto j : safe)
        if (hides(counts[j], hidden_sum, hidden)) {
            out[j] = Telling::rounded;
            return out;
        }
    return std::nullopt;
}

struct Sums {
    std::vector<std::uint64_t> counts;
    Scalar blinding{};
};

Result<Sums> open_sums(
    BytesView secret, const TallyPlace& place, std::size_t attribute,
    std::span<const Tally> tallies) {
    const auto& generators = tally_generators(attribute, place.schema);
    Sums out{std::vector<std::uint64_t>(generators.size()), {}};
    for (const auto& tally : tallies) {
        const auto blinding = detail::tally_blinding(
            secret, tally.id, tally_attributes(place.schema)[attribute].name);
        const auto at = std::find_if(generators.begin(), generators.end(), [&](const Point& item) {
            return crypto::commit(blinding, item) == tally.commitments[attribute];
        });
        if (at == generators.end()) return wrong("a tally was not made with this record's key");
        ++out.counts[static_cast<std::size_t>(at - generators.begin())];
        out.blinding = crypto::scalar_sum(out.blinding, blinding);
    }
    return out;
}

json::Object print_cell(
    const TallyPlace& place, std::size_t attribute, std::size_t j, std::uint64_t count,
    Telling telling, const Scalar& blinding) {
    const auto& names = tally_attributes(place.schema)[attribute];
    const auto& generator = tally_generators(attribute, place.schema)[j];
    const Point cell = crypto::commit(blinding, crypto::times(count, generator));
    json::Object out{{"category", names.categories[j]}, {"commitment", text_of(cell)}};
    if (telling == Telling::exact) {
        out["count"] = static_cast<std::int64_t>(count);
        out["blinding"] = text_of(blinding);
        return out;
    }
    Range range{0, hidden_most};
    if (telling == Telling::rounded) {
        range = range_of_rounded(rounded(count));
        out["about"] = static_cast<std::int64_t>(rounded(count));
    }
    const auto proof = crypto::prove_choice(
        values(range, generator), count - range.low, cell, blinding,
        {cell_domain, cell_binding(place, names.name, names.categories[j], range)});
    out["proof"] = to_base64url(proof.bytes());
    return out;
}

json::Array print_cells(
    const TallyPlace& place, std::size_t attribute, const Sums& sums,
    const std::vector<Telling>& tellings) {
    json::Array out;
    // The blinding of the sum is shared out at random; the last cell takes what is left.
    Scalar rest = sums.blinding;
    for (std::size_t j = 0; j < tellings.size(); ++j) {
        Scalar own = rest;
        if (j + 1 < tellings.size()) {
            own = crypto::random_scalar();
            rest = crypto::scalar_difference(rest, own);
        }
        out.emplace_back(print_cell(place, attribute, j, sums.counts[j], tellings[j], own));
    }
    return out;
}

struct ReadCell {
    Point commitment{};
    std::string told; ///< "12", "about 10", "under 5"
};

Result<ReadCell> read_cell(
    const json::Value& value, const TallyPlace& place, std::size_t attribute, std::size_t j) {
    const auto& names = tally_attributes(place.schema)[attribute];
    const auto& generator = tally_generators(attribute, place.schema)[j];
    const auto what = fmt::format("{}/{}", names.name, names.categories[j]);
    if (!value.is_object()) return refuse(Code::proof_malformed, what);
    json::Reader in{value.as_object(), "cell"};
    const auto category = in.string("category");
    const auto commitment = read_32(in.string("commitment"));
    const auto count = in.integer_if("count");
    const auto about = in.integer_if("about");
    const auto blinding = in.string_if("blinding");
    const auto proof = in.string_if("proof");
    TRY_VOID(in.done());
    if (category != names.categories[j] || !commitment || !crypto::is_commitment(*commitment) ||
        count.has_value() != blinding.has_value() || count.has_value() == proof.has_value() ||
        (about && !proof) || count.value_or(0) < 0)
        return refuse(Code::proof_malformed, what);
    if (count) {
        const auto opened = read_32(*blinding);
        const auto n = static_cast<std::uint64_t>(*count);
        if (!opened || !crypto::is_canonical(*opened) ||
            crypto::commit(*opened, crypto::times(n, generator)) != *commitment)
            return wrong(fmt::format("{} is not {}", what, n));
        return ReadCell{*commitment, std::to_string(n)};
    }
    Range range{0, hidden_most};
    if (about) {
        if (*about < static_cast<std::int64_t>(round_base) ||
            *about % static_cast<std::int64_t>(round_base) != 0 ||
            *about > static_cast<std::int64_t>(limits::statistics_leaves))
            return refuse(Code::proof_malformed, what);
        range = range_of_rounded(static_cast<std::uint64_t>(*about));
    }
    const auto bytes = from_base64url(*proof);
    const auto read = bytes ? crypto::ChoiceProof::from_bytes(*bytes) : std::nullopt;
    if (!read || !crypto::verify_choice(
                     values(range, generator), *commitment, *read,
                     {cell_domain, cell_binding(place, names.name, names.categories[j], range)}))
        return wrong(fmt::format("{} is not shown to be what it says", what));
    return ReadCell{
        *commitment,
        about ? fmt::format("about {}", *about) : fmt::format("under {}", report_cell_least)};
}

Point sum_of(std::span<const Tally> tallies, std::size_t attribute) {
    Point out = crypto::identity;
    for (const auto& tally : tallies)
        out = crypto::add(out, tally.commitments[attribute]);
    return out;
}

Result<void> check_tallies(const TallyPlace& place, std::span<const Tally> tallies) {
    std::set<Bytes> ids;
    for (const auto& tally : tallies) {
        if (tally.group != place.group || tally.period != place.period ||
            tally.schema != place.schema)
            return wrong("a tally of another class, period or schema is among them");
        if (!ids.insert(tally.id).second) return wrong("a tally stands twice in the record");
        TRY_VOID(verify_tally(tally, place.origin));
    }
    return {};
}

} // namespace

Result<json::Object> make_report(
    BytesView secret, const TallyPlace& place, std::span<const Tally> tallies) {
    TRY_VOID(check_tallies(place, tallies));
    json::Array attributes;
    const auto& names = tally_attributes(place.schema);
    for (std::size_t i = 0; i < names.size(); ++i) {
        json::Object row{{"attribute", names[i].name}};
        TRY(const auto sums, open_sums(secret, place, i, tallies));
        const auto tellings =
            tallies.size() < report_total_least ? std::nullopt : plan(sums.counts);
        if (tellings) row["cells"] = print_cells(place, i, sums, *tellings);
        attributes.emplace_back(std::move(row));
    }
    return json::Object{
        {"comity", "statistics/1"},
        {"record", place.origin},
        {"class", place.group},
        {"period", place.period},
        {"schema", place.schema},
        {"cases", static_cast<std::int64_t>(tallies.size())},
        {"attributes", std::move(attributes)}};
}

Result<std::map<std::string, std::string>> verify_report(
    const json::Object& report, std::string_view origin, std::span<const Tally> tallies) {
    json::Reader in{report, "report"};
    const auto version = in.string("comity");
    const auto record = in.string("record");
    const auto group = in.string("class");
    const auto period = in.string("period");
    const auto schema = in.integer("schema");
    const auto cases = in.integer("cases");
    const auto& attributes = in.array("attributes");
    TRY_VOID(in.done());
    if (version != "statistics/1" || !is_tally_schema(schema))
        return refuse(Code::proof_malformed, "not a report of a known schema");
    const auto& names = tally_attributes(schema);
    if (attributes.size() != names.size())
        return refuse(Code::proof_malformed, "not the attributes of its schema");
    if (record != origin) return wrong(fmt::format("the report is of {}", record));
    const TallyPlace place{origin, group, period, schema};
    TRY_VOID(check_tallies(place, tallies));
    if (cases != static_cast<std::int64_t>(tallies.size()))
        return wrong(
            fmt::format("the report counts {} cases, the record has {}", cases, tallies.size()));
    std::map<std::string, std::string> out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!attributes[i].is_object()) return refuse(Code::proof_malformed, "attributes");
        json::Reader row{attributes[i].as_object(), "attribute"};
        const auto name = row.string("attribute");
        const auto& cells = row.array_if("cells");
        TRY_VOID(row.done());
        if (name != names[i].name) return refuse(Code::proof_malformed, name);
        if (cells.empty()) {
            out[name] = "withheld";
            continue;
        }
        if (cells.size() != names[i].categories.size()) return refuse(Code::proof_malformed, name);
        Point sum = crypto::identity;
        for (std::size_t j = 0; j < cells.size(); ++j) {
            TRY(const auto cell, read_cell(cells[j], place, i, j));
            sum = crypto::add(sum, cell.commitment);
            out[fmt::format("{}/{}", name, names[i].categories[j])] = cell.told;
        }
        if (sum != sum_of(tallies, i))
            return wrong(fmt::format("the cells of {} do not add up to the leaves", name));
    }
    return out;
}

} // namespace comity::record
