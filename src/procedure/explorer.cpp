// Breadth first over all markings, so the run that first meets a fault is a shortest one. A marking
// is three words; predecessors and successors are indices. Time is free: a delay may have passed,
// a deadline may pass or not.
#include "procedure/explorer.hpp"

#include "base/limits.hpp"
#include "procedure/invariants.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace comity::procedure {

namespace {

using Index = std::uint32_t;
constexpr Index no_index = UINT32_MAX;

struct Key {
    Mask executed = 0;
    Mask pending = 0;
    Mask included = 0;

    bool operator==(const Key&) const = default;
};

std::uint64_t hash(const Key& key) {
    // Multiply and fold; the constants are odd and spread their bits (golden ratio, SplitMix64).
    std::uint64_t h = key.executed * 0x9e3779b97f4a7c15U;
    h = (h ^ (h >> 29)) + key.pending * 0xbf58476d1ce4e5b9U;
    h = (h ^ (h >> 32)) + key.included * 0x94d049bb133111ebU;
    h *= 0xd6e8feb86659fd93U;
    return h ^ (h >> 32);
}

// The set of markings seen: open addressing over their indices, never more than half full.
class Seen {
public:
    Seen() : slots_(std::size_t{1} << 12, no_index) {}

    // The index of the key, which is added if it is new.
    Index put(const Key& key) {
        if (keys_.size() * 2 >= slots_.size()) grow();
        const auto at = place(key);
        if (slots_[at] == no_index) {
            slots_[at] = static_cast<Index>(keys_.size());
            keys_.push_back(key);
        }
        return slots_[at];
    }

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

    [[nodiscard]] const Key& operator[](std::size_t index) const { return keys_[index]; }

private:
    [[nodiscard]] std::size_t place(const Key& key) const {
        const auto last = slots_.size() - 1;
        auto at = static_cast<std::size_t>(hash(key)) & last;
        while (slots_[at] != no_index && !(keys_[slots_[at]] == key))
            at = (at + 1) & last;
        return at;
    }

    void grow() {
        slots_.assign(slots_.size() * 4, no_index);
        for (std::size_t i = 0; i < keys_.size(); ++i)
            slots_[place(keys_[i])] = static_cast<Index>(i);
    }

    std::vector<Key> keys_;
    std::vector<Index> slots_;
};

class Explorer {
public:
    Explorer(const Graph& graph, const ExploreOptions& options)
        : graph_(graph), options_(options), named_(graph), found_(marking_checks().size(), false) {
        out_.procedure = graph.procedure_id();
        out_.parameters = graph.parameters();
        out_.acts = graph.size();
        remembered_ = named_.remembered;
        for (std::size_t i = 0; i < graph.size(); ++i)
            remembered_ |= graph.step(i).conditions;
    }

    Result<Exploration> run() {
        check_graph();
        if (!done()) TRY_VOID(walk());
        if (!done()) check_every_act_happens();
        if (!done()) check_rest_stays_reachable();
        out_.markings = seen_.size();
        out_.stopped = done();
        return std::move(out_);
    }

private:
    [[nodiscard]] bool done() const { return options_.stop_at_first && !out_.broken.empty(); }

    void check_graph() {
        for (const auto& check : graph_checks())
            if (auto wrong = check.wrong(graph_))
                out_.broken.push_back(
                    {std::string(check.sentence), check.number, {}, std::move(*wrong)});
    }

    [[nodiscard]] Mask enabled(const Key& key) const {
        Mask out = 0;
        for (Mask rest = key.included; rest != 0; rest &= rest - 1) {
            const auto act = static_cast<std::size_t>(std::countr_zero(rest));
            const auto& step = graph_.step(act);
            const auto waits = (step.conditions & ~key.executed) | (step.milestones & key.pending);
            if ((waits & key.included) == 0) out |= bit(act);
        }
        return out;
    }

    [[nodiscard]] Key fire(const Key& key, std::size_t act) const {
        const auto& step = graph_.step(act);
        return {
            key.executed | (bit(act) & remembered_), (key.pending & ~bit(act)) | step.responses,
            (key.included & ~step.excludes) | step.includes};
    }

    void add(const Key& key, Index from, std::size_t act) {
        const auto before = seen_.size();
        const auto index = seen_.put(key);
        if (seen_.size() != before) {
            before_.push_back(from);
            by_.push_back(static_cast<std::uint8_t>(act));
        }
        if (index != from && from != no_index) successors_.push_back(index);
    }

    Result<void> walk() {
        add({0, 0, graph_.included_at_start()}, no_index, 0);
        for (std::size_t i = 0; i < seen_.size() && !done(); ++i) {
            const Key key = seen_[i];
            const auto possible = enabled(key);
            if ((key.pending & key.included) == 0) ++out_.accepting;
            check_marking(i, key, possible);
            happened_ |= possible;
            for (Mask rest = possible; rest != 0; rest &= rest - 1) {
                const auto act = static_cast<std::size_t>(std::countr_zero(rest));
                add(fire(key, act), static_cast<Index>(i), act);
            }
            successors_end_.push_back(successors_.size());
            if (seen_.size() > limits::explored_markings)
                return refuse(
                    Code::too_large, fmt::format(
                                         "{} has more than {} markings", graph_.procedure_id(),
                                         limits::explored_markings));
        }
        return {};
    }

    void check_marking(std::size_t index, const Key& key, Mask possible) {
        const View view{named_, key.executed, key.pending, key.included, possible};
        const auto checks = marking_checks();
        for (std::size_t i = 0; i < checks.size(); ++i) {
            if (found_[i] || !checks[i].broken(view)) continue;
            found_[i] = true;
            out_.broken.push_back(
                {std::string(checks[i].sentence), checks[i].number, run_to(index), {}});
        }
    }

    void check_every_act_happens() {
        const auto all = graph_.size() == 64 ? ~Mask{0} : bit(graph_.size()) - 1;
        const auto never = all & ~happened_;
        if (never == 0) return;
        out_.broken.push_back(
            {std::string(every_act_can_happen),
             8,
             {},
             fmt::format("never: {}", fmt::join(graph_.names(never), ", "))});
    }

    // Backwards in the order of discovery until nothing changes: most acts only lead forward, so a
    // few passes do, and no list of predecessors is needed.
    void check_rest_stays_reachable() {
        std::vector<std::uint8_t> live(seen_.size());
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t i = seen_.size(); i-- > 0;) {
                if (live[i]) continue;
                live[i] = (seen_[i].pending & seen_[i].included) == 0 || leads_to(live, i);
                changed = changed || live[i];
            }
        }
        const auto dead = std::find(live.begin(), live.end(), 0);
        if (dead == live.end()) return;
        out_.broken.push_back(
            {std::string(rest_stays_reachable),
             8,
             run_to(static_cast<std::size_t>(dead - live.begin())),
             {}});
    }

    [[nodiscard]] bool leads_to(const std::vector<std::uint8_t>& live, std::size_t index) const {
        const auto begin = index == 0 ? 0 : successors_end_[index - 1];
        for (auto i = begin; i < successors_end_[index]; ++i)
            if (live[successors_[i]]) return true;
        return false;
    }

    [[nodiscard]] std::vector<std::string> run_to(std::size_t index) const {
        std::vector<std::string> run;
        for (; before_[index] != no_index; index = before_[index])
            run.push_back(graph_.act(by_[index]).name);
        std::reverse(run.begin(), run.end());
        return run;
    }

    const Graph& graph_;
    ExploreOptions options_;
    Named named_;
    std::vector<bool> found_;
    Exploration out_;
    Seen seen_;
    std::vector<Index> before_;
    std::vector<std::uint8_t> by_;
    std::vector<Index> successors_;
    std::vector<std::size_t> successors_end_;
    Mask happened_ = 0;
    Mask remembered_ = 0;
};

} // namespace

std::vector<Invariant> invariants() {
    std::vector<Invariant> out;
    for (int number = 1; number <= 9; ++number) {
        const auto note = [&](int of, std::string_view sentence) {
            if (of == number) out.push_back({of, sentence});
        };
        for (const auto& check : marking_checks())
            note(check.number, check.sentence);
        for (const auto& check : graph_checks())
            note(check.number, check.sentence);
        note(8, rest_stays_reachable);
        note(8, every_act_can_happen);
        note(9, no_country_named);
    }
    return out;
}

Result<Exploration> explore(const Graph& graph, const ExploreOptions& options) {
    return Explorer(graph, options).run();
}

Result<std::vector<Exploration>> explore_all(
    const Procedure& procedure, std::span<const std::string> country_words,
    const ExploreOptions& options) {
    std::vector<Exploration> out;
    const auto country = procedure.country_named(country_words);
    for (const auto& parameters : procedure.combinations()) {
        TRY(auto exploration, explore(Graph::make(procedure, parameters), options));
        if (country) exploration.broken.push_back({std::string(no_country_named), 9, {}, *country});
        out.push_back(std::move(exploration));
        if (options.stop_at_first && !out.back().broken.empty()) break;
    }
    return out;
}

Result<void> check_all(const Procedure& procedure, std::span<const std::string> country_words) {
    TRY(const auto explorations, explore_all(procedure, country_words, {.stop_at_first = true}));
    for (const auto& exploration : explorations)
        if (!exploration.broken.empty())
            return refuse(Code::invariant_broken, to_text(exploration));
    return {};
}

std::string to_text(const Exploration& exploration) {
    auto out = fmt::format(
        "{} ({}): {} acts, {} markings{}, {} at rest; ", exploration.procedure,
        to_text(exploration.parameters), exploration.acts, exploration.markings,
        exploration.stopped ? " so far" : "", exploration.accepting);
    if (exploration.broken.empty()) return out + "all invariants hold";
    out += fmt::format("{} broken", exploration.broken.size());
    for (const auto& broken : exploration.broken) {
        out += fmt::format("\n  invariant {}: {}\n    ", broken.number, broken.invariant);
        if (!broken.where.empty())
            out += broken.where;
        else if (broken.run.empty())
            out += "already at the start";
        else
            out += fmt::format("after: {}", fmt::join(broken.run, " "));
    }
    return out;
}

} // namespace comity::procedure
