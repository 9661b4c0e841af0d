// Leaves, root and report, one after the other.
#include "apps/monitor_stats.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/leaf.hpp"
#include "record/tally.hpp"
#include "record/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace comity::apps {

namespace {

using record::TileId;

Result<std::vector<Bytes>> read_bundle(RecordSource& source, std::uint64_t index, unsigned width) {
    TileId id{TileId::Kind::entries, 0, index, width};
    auto bytes = source.get(id.path());
    if (bytes) {
        TRY(const auto views, record::entries_in_bundle(*bytes, width));
        return std::vector<Bytes>(views.begin(), views.end());
    }
    // The partial bundle may be gone when the full one is there, which begins with it.
    id.width = record::tile_width;
    bytes = source.get(id.path());
    if (!bytes) return refuse(Code::proof_malformed, id.path() + " is missing");
    TRY(const auto views, record::entries_in_bundle(*bytes, record::tile_width));
    return std::vector<Bytes>(views.begin(), views.begin() + width);
}

std::string text_in(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

struct Leaves {
    std::vector<record::Tally> tallies;
    std::vector<Digest> reports;
};

// Every leaf under the checkpoint, and that they give its root.
Result<Leaves> read_leaves(RecordSource& source, const record::Checkpoint& checkpoint) {
    record::Frontier frontier;
    Leaves out;
    for (std::uint64_t index = 0; index * record::tile_width < checkpoint.size; ++index) {
        const auto width = static_cast<unsigned>(std::min<std::uint64_t>(
            record::tile_width, checkpoint.size - index * record::tile_width));
        TRY(const auto entries, read_bundle(source, index, width));
        for (const auto& entry : entries) {
            frontier.append(crypto::merkle_leaf(entry));
            if (entry.starts_with(R"({"leaf":"tally")")) {
                TRY(auto tally, record::Tally::parse(entry));
                out.tallies.push_back(std::move(tally));
            } else if (entry.starts_with(R"({"leaf":"report")")) {
                TRY(const auto leaf, record::Leaf::parse(entry));
                out.reports.push_back(leaf.hash);
            }
        }
    }
    if (frontier.root() != checkpoint.root)
        return refuse(Code::proof_wrong, "the leaves do not have the root that was signed");
    return out;
}

std::int64_t schema_of(const json::Object& report) {
    const auto* value = report.if_contains("schema");
    return value && value->is_int64() ? value->as_int64() : 0;
}

// A quarter's document leaves nothing out: each class of which the record has tallies of that
// quarter has its report, for each schema.
Result<void> check_complete(
    const json::Array& reports, std::string_view period,
    const std::vector<record::Tally>& tallies) {
    std::set<std::pair<std::string, std::int64_t>> there;
    for (const auto& item : reports)
        if (item.is_object() &&
            !there.emplace(text_in(item.as_object(), "class"), schema_of(item.as_object())).second)
            return refuse(Code::proof_wrong, "the document has two reports of one class");
    for (const auto& tally : tallies)
        if (tally.period == period && !there.contains({tally.group, tally.schema}))
            return refuse(
                Code::proof_wrong,
                fmt::format(
                    "the record counts cases as {}, and the document has no report of them",
                    tally.group));
    return {};
}

Result<std::map<std::string, std::string>> check_one(
    const json::Object& report, const std::string& origin,
    const std::vector<record::Tally>& tallies) {
    const auto group = text_in(report, "class");
    const auto period = text_in(report, "period");
    std::vector<record::Tally> own;
    for (const auto& tally : tallies)
        if (tally.group == group && tally.period == period && tally.schema == schema_of(report))
            own.push_back(tally);
    return record::verify_report(report, origin, own);
}

} // namespace

Result<std::map<std::string, std::string>> check_report(
    BytesView report, RecordSource& source, const record::VerifierKey& log) {
    TRY(const auto object, json::parse_object(report, 2 * limits::statistics_report_bytes));
    const auto note = source.get("checkpoint");
    if (!note) return refuse(Code::checkpoint_malformed, "the record shows no checkpoint");
    TRY(const auto opened, record::open_checkpoint(*note, log));
    TRY(const auto leaves, read_leaves(source, opened.checkpoint));
    if (text_in(object, "comity") != "transparency/1")
        return check_one(object, opened.checkpoint.origin, leaves.tallies);
    // The document of a quarter: it must be the one that the record committed to.
    const auto hash = crypto::sha256(report);
    if (std::find(leaves.reports.begin(), leaves.reports.end(), hash) == leaves.reports.end())
        return refuse(Code::proof_wrong, "no leaf of the record holds this document");
    const auto* reports = object.if_contains("reports");
    if (!reports || !reports->is_array())
        return refuse(Code::proof_malformed, "the document has no reports");
    TRY_VOID(check_complete(reports->as_array(), text_in(object, "period"), leaves.tallies));
    std::map<std::string, std::string> out;
    for (const auto& item : reports->as_array()) {
        if (!item.is_object()) return refuse(Code::proof_malformed, "a report of the document");
        const auto& one = item.as_object();
        if (text_in(one, "period") != text_in(object, "period"))
            return refuse(Code::proof_wrong, "a report of another quarter is in the document");
        TRY(const auto told, check_one(one, opened.checkpoint.origin, leaves.tallies));
        const auto group =
            schema_of(one) == record::tally_schema
                ? text_in(one, "class")
                : fmt::format("{}, schema {}", text_in(one, "class"), schema_of(one));
        for (const auto& [what, count] : told)
            out[group + "/" + what] = count;
    }
    return out;
}

} // namespace comity::apps
