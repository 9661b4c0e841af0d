// Duties in the worklist and in the public record. Which node: that of the side that owes the act,
// because it alone can perform it, and its record is where the public looks for its arrears.
#include "node/commit_obligations.hpp"

#include "crypto/hash.hpp"
#include "record/leaf.hpp"

#include <algorithm>

namespace comity::node {

namespace {

// The authorisation is owed in public where data may move before it, that is, in an emergency;
// elsewhere nothing happens without it and nobody is harmed by waiting for it.
std::optional<record::Duty> duty_of(const procedure::Graph& graph, std::string_view act) {
    if (act == "notify") return record::Duty::notice;
    if (act == "delete" || act == "purge" || act == "discard") return record::Duty::deletion;
    if (act == "authorise" && graph.emergency()) return record::Duty::authorisation;
    return std::nullopt;
}

bool stands_on(const casefile::Case& state, std::string_view side, const ParticipantId& self) {
    const auto all = casefile::participants_of_side(state, side);
    return std::find(all.begin(), all.end(), self) != all.end();
}

// The judge who declines has decided, which is what was owed.
record::Ending ending_of(const Settling& in, std::string_view owed) {
    if (in.act == owed || (owed == "authorise" && in.act == "decline")) return record::Ending::done;
    const auto performed = in.graph.find(in.act);
    if (performed && in.graph.act(*performed).side == procedure::Side::clock)
        return record::Ending::lapsed;
    return record::Ending::lifted;
}

Digest handle_of(const Node& node, const CaseId& id) {
    // A node without a record key publishes no record; its leaves are for nobody.
    const auto& key = node.keys().record;
    return record::case_handle(key ? BytesView(key->seed()) : BytesView{}, id.str());
}

} // namespace

void commit_obligations(Node& node, StoreWriter& writer, const Settling& in) {
    const auto before = writer.obligations_of(in.next.id);
    std::vector<ObligationRow> after;
    for (const auto& item : procedure::owed(in.graph, in.next.marking))
        after.push_back(
            {in.next.id, item.name, std::string(procedure::to_text(item.side)),
             in.graph.act(item.act).role, item.due, std::nullopt});
    const Digest reason = record::reason_commitment(in.nonce, in.header);
    const auto find = [&after](const std::string& act) {
        return std::find_if(
            after.begin(), after.end(), [&](const auto& row) { return row.act == act; });
    };
    for (const auto& old : before) {
        if (!old.leaf) continue;
        const auto now = find(old.act);
        if (now == after.end()) {
            writer.add_leaf(record::discharge_leaf(*old.leaf, ending_of(in, old.act), {}, reason));
            continue;
        }
        const Instant day = record::last_day(*now->due);
        if (day == record::last_day(*old.due)) {
            now->leaf = old.leaf;
            continue;
        }
        // The two leaves stand side by side, so that no extension goes nowhere.
        writer.add_leaf(record::discharge_leaf(*old.leaf, record::Ending::extended, day, reason));
        now->leaf = writer.add_leaf(
            record::obligation_leaf(*duty_of(in.graph, old.act), day, handle_of(node, in.next.id)));
    }
    for (auto& row : after) {
        const auto duty = duty_of(in.graph, row.act);
        if (row.leaf || !duty || !stands_on(in.next, row.side, node.self())) continue;
        row.leaf = writer.add_leaf(record::obligation_leaf(
            *duty, record::last_day(*row.due), handle_of(node, in.next.id)));
    }
    writer.put_obligations(in.next.id, after);
}

} // namespace comity::node
