// Makes a procedure concrete for one case: acts that do not match the parameters fall away with
// their relations, and what is left becomes masks.
#include "base/check.hpp"
#include "procedure/procedure.hpp"

#include <algorithm>

namespace comity::procedure {

Graph Graph::make(const Procedure& procedure, const Parameters& parameters) {
    Graph graph;
    graph.procedure_id_ = procedure.id();
    graph.parameters_ = parameters;
    graph.emergency_ = procedure.emergency();
    for (const auto& act : procedure.acts())
        if (act.when.matches(parameters)) graph.acts_.push_back(act);
    std::sort(graph.acts_.begin(), graph.acts_.end(), [](const Act& a, const Act& b) {
        return a.name < b.name;
    });
    const auto count = graph.acts_.size();
    CHECK_THAT(count <= 64);
    graph.steps_.resize(count);
    graph.included_at_start_ = count == 64 ? ~Mask{0} : bit(count) - 1;
    for (const auto& name : procedure.excluded_at_start())
        graph.included_at_start_ &= ~graph.mask(name);
    graph.connect(procedure);
    return graph;
}

void Graph::connect(const Procedure& procedure) {
    std::vector<std::vector<Delay>> delays(acts_.size());
    std::vector<std::vector<Debt>> debts(acts_.size());
    const auto draw = [&](const Relation& relation, std::size_t from, std::size_t to) {
        switch (relation.kind) {
        case RelationKind::condition:
            steps_[to].conditions |= bit(from);
            if (relation.after) delays[to].push_back({from, *relation.after});
            break;
        case RelationKind::response:
            steps_[from].responses |= bit(to);
            debts[from].push_back(
                {to,
                 relation.within ? *relation.within : *relation.at_most,
                 relation.until,
                 {},
                 0});
            if (const auto since = find(relation.since)) {
                debts[from].back().in_all = relation.in_all;
                debts[from].back().since = *since;
            }
            break;
        case RelationKind::milestone: steps_[to].milestones |= bit(from); break;
        case RelationKind::include: steps_[from].includes |= bit(to); break;
        case RelationKind::exclude: steps_[from].excludes |= bit(to); break;
        }
    };
    for (const auto& relation : procedure.relations()) {
        if (!relation.when.matches(parameters_)) continue;
        const auto targets = procedure.expand(relation.to);
        for (const auto& from_name : procedure.expand(relation.from)) {
            for (const auto& to_name : targets) {
                const auto from = find(from_name);
                const auto to = find(to_name);
                if (from && to) draw(relation, *from, *to);
            }
        }
    }
    lay_out(delays, debts);
}

// All delays and debts lie in one row each, so that a step reads memory in order.
void Graph::lay_out(
    const std::vector<std::vector<Delay>>& delays, const std::vector<std::vector<Debt>>& debts) {
    for (std::size_t i = 0; i < acts_.size(); ++i) {
        auto& step = steps_[i];
        step.delays_begin = static_cast<std::uint16_t>(delays_.size());
        delays_.insert(delays_.end(), delays[i].begin(), delays[i].end());
        step.delays_end = static_cast<std::uint16_t>(delays_.size());
        step.debts_begin = static_cast<std::uint16_t>(debts_.size());
        debts_.insert(debts_.end(), debts[i].begin(), debts[i].end());
        step.debts_end = static_cast<std::uint16_t>(debts_.size());
    }
}

std::optional<std::size_t> Graph::find(std::string_view name) const {
    const auto at =
        std::lower_bound(acts_.begin(), acts_.end(), name, [](const Act& act, std::string_view n) {
            return act.name < n;
        });
    if (at == acts_.end() || at->name != name) return std::nullopt;
    return static_cast<std::size_t>(at - acts_.begin());
}

Mask Graph::mask(std::string_view name) const {
    const auto at = find(name);
    return at ? bit(*at) : 0;
}

std::vector<std::string> Graph::names(Mask mask) const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < acts_.size(); ++i)
        if (mask & bit(i)) out.push_back(acts_[i].name);
    return out;
}

} // namespace comity::procedure
