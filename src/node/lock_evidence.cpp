// The lock as a question to the procedure, and what is destroyed twice.
#include "node/lock_evidence.hpp"

#include "node/evidence_files.hpp"

namespace comity::node {

namespace {

// A node has some ten thousand cases with evidence at most before the first are removed.
constexpr std::size_t cases_at_once = 1'000'000;

bool exists(Files& files, const std::string& name) {
    return files.read_range(name, 0, 1).has_value();
}

} // namespace

Result<void> check_unlocked(const procedure::Graph& graph, const procedure::Marking& marking) {
    const auto open = graph.find("open");
    CHECK_THAT(open.has_value()); // every procedure ends in it or before it
    const auto bit = procedure::bit(*open);
    const bool held = (graph.step(*open).milestones & marking.pending & marking.included) != 0;
    if ((marking.included & bit) != 0 && !held) return {};
    const auto can = procedure::can(graph, marking, *open, Instant::max());
    return refuse(
        Code::evidence_locked,
        can ? say("open is held") : say("the data is locked: {}", can.error().facts));
}

Result<void> check_unlocked(Node& node, const casefile::Case& state) {
    return check_unlocked(*graph_of(node, state), state.marking);
}

bool locked_for_good(const procedure::Graph& graph, const procedure::Marking& marking) {
    return (marking.included & graph.mask("open")) == 0;
}

std::size_t destroy_again(Node& node) {
    std::vector<EvidenceRow> gone;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.cases(cases_at_once))
            for (auto& item : reader.evidence(row.id))
                if (item.state >= EvidenceRow::State::destroyed) gone.push_back(std::move(item));
    });
    std::size_t count = 0;
    for (const auto& row : gone)
        for (const auto& name :
             {evidence_file(row.case_id, row.hash), envelope_file(row.case_id, row.hash)})
            if (exists(node.files(), name)) {
                node.files().destroy(name);
                ++count;
            }
    return count;
}

} // namespace comity::node
