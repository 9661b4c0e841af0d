// What a closed case counts as.
#include "node/statistics.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

constexpr std::size_t leaves_at_once = 10'000;

bool has(const casefile::Case& state, std::string_view act) {
    return state.latest.contains(std::string(act));
}

bool has_any(const casefile::Case& state, std::initializer_list<std::string_view> acts) {
    return std::any_of(acts.begin(), acts.end(), [&](auto act) { return has(state, act); });
}

bool owes(const casefile::Case& state, const procedure::Graph& graph, std::string_view act) {
    return (graph.mask(act) & state.marking.pending & state.marking.included) != 0;
}

// A later end overrides an earlier: what was refused and then quashed is quashed.
std::string_view outcome(const casefile::Case& state) {
    if (has(state, "quash")) return "quashed";
    if (has(state, "uphold-challenge")) return "contested";
    if (has(state, "lapse-authorisation")) return "lapsed";
    if (has(state, "decline")) return "declined";
    if (has_any(state, {"refuse", "oppose", "oppose-third", "uphold-objection"})) return "refused";
    if (has(state, "unable")) return "unable";
    if (has(state, "withdraw")) return "withdrawn";
    return "delivered";
}

bool is_closed(const casefile::Case& state, const procedure::Graph& graph) {
    if (outcome(state) != "delivered") return true;
    return has(state, "receive") && !owes(state, graph, "notify");
}

std::string_view notice(const casefile::Case& state, const procedure::Graph& graph) {
    if (has(state, "notify")) return has(state, "defer-notice") ? "given-after-deferral" : "given";
    return owes(state, graph, "notify") ? "owed" : "none";
}

// From the request to the production, in days that have begun.
std::string_view days(const casefile::Case& state, const procedure::Graph& graph) {
    const auto request = graph.find("request");
    const auto produce = graph.find("produce");
    if (!request || !produce || !has(state, "produce")) return "none";
    const Milliseconds took{
        state.marking.executed_at[*produce] - state.marking.executed_at[*request]};
    const auto within = [&](int limit) {
        return took <= std::chrono::days{limit};
    };
    for (const auto& [limit, name] : std::initializer_list<std::pair<int, std::string_view>>{
             {1, "1"}, {10, "10"}, {30, "30"}, {90, "90"}, {180, "180"}})
        if (within(limit)) return name;
    return "more";
}

std::string_view emergency(const casefile::Case& state, const procedure::Graph& graph) {
    if (!graph.emergency()) return "none";
    if (has(state, "authorise")) return "validated";
    if (has(state, "decline")) return "declined";
    return has(state, "lapse-authorisation") ? "lapsed" : "open";
}

// The category of that name, else the last one (`other`, where an attribute has it).
std::size_t index_of(std::size_t attribute, std::string_view name) {
    const auto& all = record::tally_attributes().at(attribute).categories;
    const auto at = std::find(all.begin(), all.end(), name);
    return at == all.end() ? all.size() - 1 : static_cast<std::size_t>(at - all.begin());
}

std::string setting_of(const CaseId& id) {
    return "tally/" + id.str();
}

} // namespace

std::vector<std::size_t> tally_categories(
    const casefile::Case& state, const procedure::Graph& graph) {
    // A variant is named after the procedure it varies: extraordinary-2.
    const std::string base = state.procedure.substr(0, state.procedure.find('-'));
    return {
        index_of(0, base),
        index_of(1, state.opening.category),
        index_of(2, outcome(state)),
        index_of(3, notice(state, graph)),
        index_of(4, days(state, graph)),
        index_of(5, emergency(state, graph))};
}

void commit_tally(Node& node, StoreWriter& writer, const Settling& in) {
    const auto side = casefile::side_of(in.next, node.self());
    const auto& key = node.keys().record;
    if (!key || !record::is_tally_class(side) || !is_closed(in.next, in.graph)) return;
    const auto name = setting_of(in.next.id);
    if (writer.setting(name)) return;
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    if (!self) return;
    // By this node's clock and not the keeper's: what comes late falls into the next quarter, so a
    // quarter that has ended stays as it is.
    const std::string period = record::quarter_of(node.now());
    const auto categories = tally_categories(in.next, in.graph);
    const auto tally = record::make_tally(
        key->seed(), {self->record.origin, side, period},
        crypto::random_bytes(record::tally_id_bytes), categories);
    writer.put_setting(name, std::to_string(writer.add_leaf(tally.print())));
}

Result<json::Object> make_statistics(Node& node, std::string_view group, std::string_view period) {
    if (!record::is_tally_class(group) || !record::is_quarter(period))
        return refuse(
            Code::not_found,
            "a report is of a class (requesting, requested, provider, third) and a quarter");
    if (record::quarter_end(period) > node.now())
        return refuse(
            Code::not_found, fmt::format("{} has not ended", period),
            "Two reports of one quarter that differ by a case would tell that case",
            "docs/operations.md, Statistics");
    const auto& key = node.keys().record;
    TRY(const auto directory, node.directory());
    const auto* self = directory->find(node.self());
    if (!key || !self) return refuse(Code::not_initialised, "this node has no record");
    std::vector<record::Tally> tallies;
    for (std::int64_t from = 0;;) {
        std::vector<Bytes> leaves;
        node.store().read(
            [&](StoreReader& reader) { leaves = reader.leaves(from, leaves_at_once); });
        if (leaves.empty()) break;
        from += static_cast<std::int64_t>(leaves.size());
        for (const auto& entry : leaves) {
            if (!entry.starts_with(R"({"leaf":"tally")")) continue;
            TRY(auto tally, record::Tally::parse(entry));
            if (tally.group == group && tally.period == period) tallies.push_back(std::move(tally));
        }
        if (tallies.size() > limits::statistics_leaves)
            return refuse(Code::too_large, "too many cases for one report");
    }
    return record::make_report(key->seed(), {self->record.origin, group, period}, tallies);
}

} // namespace comity::node
