// Leaves, root and report, one after the other.
#include "apps/monitor_stats.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/tally.hpp"
#include "record/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>

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

} // namespace

Result<std::map<std::string, std::string>> check_report(
    BytesView report, RecordSource& source, const record::VerifierKey& log) {
    TRY(const auto object, json::parse_object(report, limits::statistics_report_bytes));
    const auto text_in = [&](std::string_view name) {
        const auto* value = object.if_contains(name);
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    const auto note = source.get("checkpoint");
    if (!note) return refuse(Code::checkpoint_malformed, "the record shows no checkpoint");
    TRY(const auto opened, record::open_checkpoint(*note, log));
    const auto& checkpoint = opened.checkpoint;
    const auto group = text_in("class");
    const auto period = text_in("period");
    record::Frontier frontier;
    std::vector<record::Tally> tallies;
    for (std::uint64_t index = 0; index * record::tile_width < checkpoint.size; ++index) {
        const auto width = static_cast<unsigned>(std::min<std::uint64_t>(
            record::tile_width, checkpoint.size - index * record::tile_width));
        TRY(const auto entries, read_bundle(source, index, width));
        for (const auto& entry : entries) {
            frontier.append(crypto::merkle_leaf(entry));
            if (!entry.starts_with(R"({"leaf":"tally")")) continue;
            TRY(auto tally, record::Tally::parse(entry));
            if (tally.group == group && tally.period == period) tallies.push_back(std::move(tally));
        }
    }
    if (frontier.root() != checkpoint.root)
        return refuse(Code::proof_wrong, "the leaves do not have the root that was signed");
    return record::verify_report(object, checkpoint.origin, tallies);
}

} // namespace comity::apps
