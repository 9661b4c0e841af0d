// Clock acts and acts at their deadline.
#include "node/clock_due.hpp"

#include "base/limits.hpp"
#include "node/effects.hpp"
#include "node/gate.hpp"
#include "node/notice.hpp"
#include "node/perform_act.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::chrono::seconds refused_pause{5};

// A deletion by the node itself: everything that was held for the case, destroyed with its keys.
json::Object deletion_fields(
    Node& node, StoreReader& reader, const casefile::Case& state, std::string_view scope) {
    std::int64_t items = 0;
    for (const auto& row : reader.evidence(state.id))
        if (row.size > 0 && row.state < EvidenceRow::State::destroyed) ++items;
    return {
        {"scope", scope},
        {"items", items},
        {"method", "key_destroyed"},
        {"destroyed_at", to_text(node.now())},
        {"by", fmt::format("The node of {}, at the deadline", node.self().str())},
        {"copies", "The copies on this node; key and ciphertext are destroyed with this act."}};
}

bool perform_one(Node& node, const casefile::Case& state, const std::string& act) {
    // One submission at a time: the next look comes when the keeper has answered, and a refusal is
    // not answered at once with the same again.
    bool waiting = false;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.submissions(state.id))
            waiting = waiting || (row.kind == act && (row.state == SubmissionRow::State::waiting ||
                                                      row.created + refused_pause > node.now()));
    });
    if (waiting) return false;
    auto fields = fields_at_deadline(node, state, act);
    Intent intent;
    intent.case_id = state.id;
    intent.act = act;
    if (fields) intent.fields = std::move(*fields);
    const auto performed =
        fields ? perform_by_node(node, intent) : Result<Performed>(tl::unexpected(fields.error()));
    if (!performed) {
        node.log(
            "act at its deadline refused", {{"act", act},
                                            {"case", state.id.str()},
                                            {"code", std::string(performed.error().name())}});
        return false;
    }
    node.log("act at its deadline", {{"act", act}, {"case", state.id.str()}});
    return true;
}

// The first of the acts that are due and can be done: a notice that cannot be given by itself does
// not keep a deletion waiting.
bool perform_due(Node& node, const casefile::Case& state) {
    const auto graph = graph_of(node, state);
    for (const auto& item : procedure::clock_acts(*graph, state.marking)) {
        const bool ours = performs_by_itself(node, state, graph->act(item.act));
        if (ours && item.at <= node.now() && perform_one(node, state, item.name)) return true;
    }
    return false;
}

} // namespace

Result<json::Object> fields_at_deadline(
    Node& node, const casefile::Case& state, std::string_view act) {
    json::Object out;
    const auto graph = graph_of(node, state);
    const auto index = graph->find(act);
    CHECK_THAT(index.has_value());
    if (graph->act(*index).form.empty()) return out;
    node.store().read([&](StoreReader& reader) {
        if (act == "purge")
            out = deletion_fields(node, reader, state, "intermediate_copy");
        else if (act == "delete")
            out = deletion_fields(node, reader, state, "all");
        else if (act == "discard")
            out = deletion_fields(node, reader, state, "provider_copy");
        else if (act == "notify")
            out = notice_fields(node, reader, state);
    });
    if (out.empty())
        return refuse(
            Code::form_invalid, say("{} cannot be performed without a person", Said::act(act)));
    return out;
}

std::size_t clock_due(Node& node) {
    constexpr std::size_t cases_at_once = 256;
    std::vector<casefile::Case> due;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.waking(node.now(), cases_at_once))
            if (auto state = find_case(node, reader, row.id)) due.push_back(std::move(*state));
    });
    std::size_t count = 0;
    for (const auto& state : due)
        if (perform_due(node, state)) ++count;
    return count;
}

} // namespace comity::node
