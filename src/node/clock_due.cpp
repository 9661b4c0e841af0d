// Clock acts and acts at their deadline.
#include "node/clock_due.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate.hpp"
#include "node/perform_act.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

// The member of an object, or null.
const json::Value* member(const json::Value* value, std::string_view name) {
    return value && value->is_object() ? value->as_object().if_contains(name) : nullptr;
}

json::Value copy_or(const json::Value* value, json::Value otherwise) {
    return value ? *value : std::move(otherwise);
}

// A purge by the node itself: everything that was held for the case, destroyed with its keys.
json::Object purge_fields(Node& node, StoreReader& reader, const casefile::Case& state) {
    std::int64_t items = 0;
    for (const auto& row : reader.evidence(state.id))
        if (row.size > 0 && row.state < EvidenceRow::State::destroyed) ++items;
    return {
        {"scope", "intermediate_copy"},
        {"items", items},
        {"method", "key_destroyed"},
        {"destroyed_at", to_text(node.now())},
        {"by", fmt::format("The node of {}, at the deadline", node.self().str())},
        {"copies", "The copies on this node; key and ciphertext are destroyed with this act."}};
}

// Groups of four letters of a code that cannot be guessed: 80 random bits.
std::string notice_code() {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    for (const char c : crypto::random_bytes(16)) {
        if (out.size() % 5 == 4) out.push_back('-');
        out.push_back(alphabet[static_cast<unsigned char>(c) % alphabet.size()]);
    }
    return out;
}

json::Array authorities(const directory::Directory& directory, const casefile::Case& state) {
    json::Array out;
    for (const auto& id :
         {state.opening.requesting, state.opening.requested, state.opening.provider}) {
        const auto* participant = directory.find(id);
        const auto name = participant ? participant->names.find("en")
                                      : std::map<std::string, std::string>::const_iterator{};
        out.emplace_back(participant && name != participant->names.end() ? name->second : id.str());
    }
    return out;
}

// A notice that a node sends because everybody forgot: from what the request promised.
json::Object notice_fields(Node& node, StoreReader& reader, const casefile::Case& state) {
    const auto request = readable_fields(node, reader, state.id, "request");
    const auto directory = node.directory();
    if (!request || !directory) return {};
    const auto* plan = request->if_contains("notice_plan");
    const auto* competence = request->if_contains("competence");
    const auto* grid = request->if_contains("grid");
    std::string account = "The person concerned";
    if (grid && grid->is_array() && !grid->as_array().empty())
        if (const auto* value = member(member(&grid->as_array().front(), "selector"), "value");
            value && value->is_string())
            account = value->as_string();
    const auto produced = state.latest.find("produce");
    const auto row =
        produced == state.latest.end() ? std::nullopt : reader.find_act(produced->second);
    return {
        {"recipient",
         json::Object{
             {"name", account},
             {"reach", copy_or(member(plan, "reach"), "By the provider's account channel")}}},
        {"language", copy_or(member(plan, "language"), "en")},
        {"what", fmt::format(
                     "Data of the categories up to \"{}\" was obtained from the provider about {}.",
                     state.opening.category, account)},
        {"why", copy_or(request->if_contains("conduct"), "A criminal investigation.")},
        {"obtained_at", to_text(row ? row->admitted : node.now())},
        {"authorities", authorities(**directory, state)},
        {"legal_basis",
         copy_or(member(member(competence, "law"), "provision"), "See the request.")},
        {"deferrals", json::Array{}},
        {"remedy", copy_or(request->if_contains("remedy"), json::Object{})},
        {"code", notice_code()}};
}

bool wants(const Node& node, const casefile::Case& state, const procedure::Act& act) {
    if (act.side == procedure::Side::clock) return state.keeper == node.self();
    const auto own = casefile::side_of(state, node.self());
    return act.at_deadline && own == procedure::to_text(act.side);
}

bool perform_due(Node& node, const casefile::Case& state) {
    const auto graph = graph_of(node, state);
    const auto due = procedure::next_clock(*graph, state.marking);
    if (!due || due->at > node.now() || !wants(node, state, graph->act(due->act))) return false;
    // One submission at a time: the next look comes when the keeper has answered.
    bool waiting = false;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.submissions(state.id))
            waiting =
                waiting || (row.kind == due->name && row.state == SubmissionRow::State::waiting);
    });
    if (waiting) return false;
    auto fields = fields_at_deadline(node, state, due->name);
    Intent intent;
    intent.case_id = state.id;
    intent.act = due->name;
    if (fields) intent.fields = std::move(*fields);
    const auto performed =
        fields ? perform_by_node(node, intent) : Result<Performed>(tl::unexpected(fields.error()));
    if (!performed) {
        node.log(
            "act at its deadline refused", {{"act", due->name},
                                            {"case", state.id.str()},
                                            {"code", std::string(performed.error().name())}});
        return false;
    }
    node.log("act at its deadline", {{"act", due->name}, {"case", state.id.str()}});
    return true;
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
            out = purge_fields(node, reader, state);
        else if (act == "notify")
            out = notice_fields(node, reader, state);
    });
    if (out.empty())
        return refuse(
            Code::form_invalid, fmt::format("{} cannot be performed without a person", act));
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
