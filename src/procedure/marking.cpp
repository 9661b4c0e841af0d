// The steps of a case: what is enabled, why an act is not, and what an act changes.
#include "procedure/marking.hpp"

#include "base/check.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <bit>

namespace comity::procedure {

// Beside this room's own text forms.
using comity::to_text;

namespace {

Instant instant(std::int64_t milliseconds) {
    return Instant{Milliseconds{milliseconds}};
}

std::int64_t number(Instant at) {
    return at.time_since_epoch().count();
}

// Periods without years and months need no calendar: a day in UTC has 86,400 seconds.
std::int64_t later(std::int64_t from, const Period& period) {
    if (period.years != 0 || period.months != 0) return number(add(instant(from), period));
    return from + (std::int64_t{period.days} * 86'400 + period.seconds) * 1000;
}

// Calls `use` with each index of the mask, lowest first.
template <class Use>
void each(Mask mask, Use use) {
    for (; mask != 0; mask &= mask - 1)
        use(static_cast<std::size_t>(std::countr_zero(mask)));
}

// Whether the act only waits for time, if for anything.
bool open_but_for_time(const Graph& graph, const Marking& marking, std::size_t act) {
    const auto& step = graph.step(act);
    const auto in = marking.included;
    return (in & bit(act)) != 0 && (step.conditions & in & ~marking.executed) == 0 &&
           (step.milestones & in & marking.pending) == 0;
}

// The earliest instant that the delays leave to an act whose conditions have all happened. A delay
// runs on when the act that began it is excluded (most acts exclude themselves; see the header).
std::int64_t delayed_until(const Graph& graph, const Marking& marking, std::size_t act) {
    std::int64_t at = INT64_MIN;
    for (const auto& delay : graph.delays(act))
        if (marking.executed & bit(delay.from))
            at = std::max(at, later(marking.executed_at[delay.from], delay.after));
    return at;
}

Said list(const Graph& graph, Mask mask) {
    std::vector<Said> out;
    for (const auto& name : graph.names(mask))
        out.push_back(Said::act(name));
    return Said::list(std::move(out), ", ");
}

// Of the executed acts that close this one the latest did it, unless nothing has: then the act is
// closed from the start and waits for an act that opens it.
tl::unexpected<Refusal> refuse_closed(const Graph& graph, const Marking& marking, std::size_t act) {
    std::optional<std::size_t> closer;
    Mask openers = 0;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        if (graph.step(i).includes & bit(act)) openers |= bit(i);
        if ((graph.step(i).excludes & bit(act)) == 0 || (marking.executed & bit(i)) == 0) continue;
        if (!closer || marking.executed_at[i] > marking.executed_at[*closer]) closer = i;
    }
    const auto& name = graph.act(act).name;
    if (closer)
        return refuse(
            Code::act_closed,
            say("{} is closed by {} of {}", Said::act(name), Said::act(graph.act(*closer).name),
                instant(marking.executed_at[*closer])));
    if (openers)
        return refuse(
            Code::act_closed,
            say("{} is not open yet; it is opened by {}", Said::act(name), list(graph, openers)));
    return refuse(Code::act_closed, say("{} is closed from the start", Said::act(name)));
}

tl::unexpected<Refusal> refuse_held(
    const Graph& graph, const Marking& marking, std::size_t act, Mask owed_acts) {
    std::vector<Said> owed;
    each(owed_acts, [&](std::size_t i) {
        owed.push_back(say("{} (due {})", Said::act(graph.act(i).name), instant(marking.due[i])));
    });
    return refuse(
        Code::act_held_by, say("{} waits while these are owed: {}", Said::act(graph.act(act).name),
                               Said::list(std::move(owed), ", ")));
}

// Time has the last word: a delayed condition is looked at once everything else holds.
bool is_enabled(const Graph& graph, const Marking& marking, std::size_t act, std::int64_t now) {
    if (!open_but_for_time(graph, marking, act)) return false;
    const auto& step = graph.step(act);
    return step.delays_begin == step.delays_end || delayed_until(graph, marking, act) <= now;
}

Result<void> check_dates(
    const Graph& graph, const Marking& marking, std::size_t act, Instant now, const Dates& dates) {
    for (const auto& debt : graph.debts(act)) {
        if (debt.until.empty()) continue;
        const auto& name = graph.act(act).name;
        const auto date = dates.find(debt.until);
        if (date == dates.end())
            return refuse(
                Code::deadline_missing,
                say("{} must state \"{}\", the date until which {} is owed", Said::act(name),
                    debt.until, Said::act(graph.act(debt.to).name)));
        const auto last = add(now, debt.period);
        if (date->second <= now)
            return refuse(
                Code::deadline_too_far,
                say("\"{}\" of {} is {}, which is not after {}", debt.until, Said::act(name),
                    date->second, now),
                {}, {}, "State a date in the future");
        if (date->second > last)
            return refuse(
                Code::deadline_too_far,
                say("\"{}\" of {} is {}; at most {} is allowed, which is {}", debt.until,
                    Said::act(name), date->second, debt.period, last));
        if (!debt.in_all || !(marking.executed & bit(debt.since))) continue;
        const auto end = add(instant(marking.executed_at[debt.since]), *debt.in_all);
        if (date->second > end)
            return refuse(
                Code::deadline_too_far,
                say("\"{}\" of {} is {}; in all {} after {} are allowed, which is {}", debt.until,
                    Said::act(name), date->second, *debt.in_all,
                    Said::act(graph.act(debt.since).name), end));
    }
    return {};
}

// What is owed and held by something else that is owed does not run: its deadline moves by the time
// since the last step, for which it was held. So a question stops the clock until it is answered,
// a suspension until it is lifted, and who is waited for pays for the waiting.
void pause_clocks(const Graph& graph, const Marking& before, std::int64_t now, Marking& out) {
    const auto held = paused(graph, before);
    if (held == 0) return;
    std::int64_t last = 0;
    each(before.executed, [&](std::size_t i) { last = std::max(last, before.executed_at[i]); });
    if (now > last) each(held, [&](std::size_t i) { out.due[i] += now - last; });
}

// A notice or a deletion that is owed already and that the node of its side performs at its date if
// nobody has: a later act may bring it forward, and only a stated date puts it off.
bool kept_by_node(const Graph& graph, const Marking& marking, std::size_t act) {
    return graph.act(act).at_deadline && (marking.pending & marking.included & bit(act)) != 0;
}

Result<std::size_t> index_of(const Graph& graph, std::string_view act) {
    const auto at = graph.find(act);
    if (!at)
        return refuse(
            Code::act_unknown, say("\"{}\" is not an act of {} for {}", act.substr(0, 64),
                                   graph.procedure_id(), to_text(graph.parameters())));
    return *at;
}

} // namespace

Marking start(const Graph& graph) {
    Marking marking;
    marking.included = graph.included_at_start();
    return marking;
}

Mask enabled(const Graph& graph, const Marking& marking, Instant now) {
    Mask out = 0;
    each(marking.included, [&](std::size_t act) {
        if (is_enabled(graph, marking, act, number(now))) out |= bit(act);
    });
    return out;
}

Result<void> can(const Graph& graph, const Marking& marking, std::size_t act, Instant now) {
    if (act >= graph.size())
        return refuse(
            Code::act_unknown, say("{} has no act of number {}", graph.procedure_id(), act));
    const auto& step = graph.step(act);
    const auto& name = graph.act(act).name;
    if ((marking.included & bit(act)) == 0) return refuse_closed(graph, marking, act);
    if (const auto missing = step.conditions & marking.included & ~marking.executed)
        return refuse(
            Code::act_waits_for, say("{} waits for {}", Said::act(name), list(graph, missing)));
    if (const auto from = delayed_until(graph, marking, act); from > number(now))
        return refuse(
            Code::act_too_early,
            say("{} may happen from {} on; it is {}", Said::act(name), instant(from), now));
    if (const auto held = step.milestones & marking.included & marking.pending)
        return refuse_held(graph, marking, act, held);
    return {};
}

Result<void> can(const Graph& graph, const Marking& marking, std::string_view act, Instant now) {
    TRY(const auto index, index_of(graph, act));
    return can(graph, marking, index, now);
}

Result<Marking> execute(
    const Graph& graph, const Marking& marking, std::size_t act, Instant now, const Dates& dates) {
    if (act >= graph.size() || !is_enabled(graph, marking, act, number(now)))
        return tl::unexpected(can(graph, marking, act, now).error());
    TRY_VOID(check_dates(graph, marking, act, now, dates));
    const auto& step = graph.step(act);
    Result<Marking> result{marking};
    Marking& out = *result;
    pause_clocks(graph, marking, number(now), out);
    out.executed |= bit(act);
    out.executed_at[act] = number(now);
    out.pending &= ~bit(act);
    out.due[act] = 0;
    for (const auto& debt : graph.debts(act)) {
        const auto due = debt.until.empty() ? later(number(now), debt.period)
                                            : number(dates.find(debt.until)->second);
        const bool kept = debt.until.empty() && kept_by_node(graph, out, debt.to);
        out.pending |= bit(debt.to);
        out.due[debt.to] = kept ? std::min(out.due[debt.to], due) : due;
    }
    out.included = (out.included & ~step.excludes) | step.includes;
    return result;
}

Result<Marking> execute(
    const Graph& graph, const Marking& marking, std::string_view act, Instant now,
    const Dates& dates) {
    TRY(const auto index, index_of(graph, act));
    return execute(graph, marking, index, now, dates);
}

Mask paused(const Graph& graph, const Marking& marking) {
    const auto owed_now = marking.pending & marking.included;
    Mask out = 0;
    each(owed_now, [&](std::size_t i) {
        if ((graph.step(i).milestones & owed_now) != 0) out |= bit(i);
    });
    return out;
}

bool at_rest(const Marking& marking) {
    return (marking.pending & marking.included) == 0;
}

std::vector<Owed> owed(const Graph& graph, const Marking& marking) {
    std::vector<Owed> out;
    each(marking.pending & marking.included, [&](std::size_t i) {
        out.push_back({i, graph.act(i).name, graph.act(i).side, instant(marking.due[i])});
    });
    // Indices follow the names.
    std::sort(out.begin(), out.end(), [](const Owed& a, const Owed& b) {
        return a.due != b.due ? a.due < b.due : a.act < b.act;
    });
    return out;
}

std::vector<ClockAct> clock_acts(const Graph& graph, const Marking& marking) {
    std::vector<ClockAct> out;
    each(marking.included, [&](std::size_t i) {
        const auto& act = graph.act(i);
        const bool by_clock = act.side == Side::clock;
        const bool by_deadline = act.at_deadline && (marking.pending & bit(i)) != 0;
        if ((!by_clock && !by_deadline) || !open_but_for_time(graph, marking, i)) return;
        // Without a delay the act has been possible since the last of its conditions.
        std::int64_t at = by_deadline ? marking.due[i] : 0;
        each(graph.step(i).conditions & marking.executed, [&](std::size_t from) {
            at = std::max(at, marking.executed_at[from]);
        });
        at = std::max(at, delayed_until(graph, marking, i));
        out.push_back({i, act.name, instant(at)});
    });
    std::sort(out.begin(), out.end(), [](const ClockAct& a, const ClockAct& b) {
        return a.at != b.at ? a.at < b.at : a.act < b.act;
    });
    return out;
}

std::optional<ClockAct> next_clock(const Graph& graph, const Marking& marking) {
    const auto all = clock_acts(graph, marking);
    if (all.empty()) return std::nullopt;
    return all.front();
}

std::vector<Side> joins(const Graph& graph, std::size_t act, Mask included) {
    const auto& step = graph.step(act);
    std::vector<Side> out;
    for (const auto side : {Side::requested, Side::provider, Side::third}) {
        for (std::size_t i = 0; i < graph.size(); ++i) {
            const bool drawn_in = ((step.includes | step.responses) & bit(i)) != 0 ||
                                  (graph.step(i).conditions & bit(act)) != 0;
            if (!drawn_in || graph.act(i).side != side || !(included & bit(i))) continue;
            out.push_back(side);
            break;
        }
    }
    return out;
}

std::vector<Side> joins(const Graph& graph, std::size_t act) {
    return joins(graph, act, ~Mask{0});
}

std::vector<Side> joins(const Graph& graph, std::string_view act) {
    const auto at = graph.find(act);
    return at ? joins(graph, *at) : std::vector<Side>{};
}

boost::json::value to_json(const Graph& graph, const Marking& marking) {
    json::Object executed;
    json::Object pending;
    json::Array included;
    each(marking.executed, [&](std::size_t i) {
        executed[graph.act(i).name] = marking.executed_at[i];
    });
    each(marking.pending, [&](std::size_t i) { pending[graph.act(i).name] = marking.due[i]; });
    each(marking.included, [&](std::size_t i) { included.emplace_back(graph.act(i).name); });
    return json::Object{
        {"executed", std::move(executed)},
        {"pending", std::move(pending)},
        {"included", std::move(included)}};
}

namespace {

Result<void> read_times(
    const Graph& graph, const json::Object& object, Mask& mask,
    std::array<std::int64_t, 64>& times) {
    for (const auto& member : object) {
        const auto at = graph.find(member.key());
        if (!at || !member.value().is_int64())
            return refuse(
                Code::json_malformed,
                say("marking: \"{}\" is not an act of {} with its instant",
                    std::string_view(member.key()).substr(0, 64), graph.procedure_id()));
        mask |= bit(*at);
        times[*at] = member.value().as_int64();
    }
    return {};
}

} // namespace

Result<Marking> marking_from_json(const Graph& graph, const boost::json::value& value) {
    if (!value.is_object()) return refuse(Code::json_malformed, say("marking: is not an object"));
    json::Reader in{value.as_object(), "marking"};
    const auto& executed = in.object("executed");
    const auto& pending = in.object("pending");
    const auto included = in.strings("included");
    TRY_VOID(in.done());
    Marking marking;
    TRY_VOID(read_times(graph, executed, marking.executed, marking.executed_at));
    TRY_VOID(read_times(graph, pending, marking.pending, marking.due));
    for (const auto& name : included) {
        const auto at = graph.find(name);
        if (!at || (marking.included & bit(*at)))
            return refuse(
                Code::json_malformed,
                say("marking: \"{}\" is not an act of {}, or stands there twice",
                    name.substr(0, 64), graph.procedure_id()));
        marking.included |= bit(*at);
    }
    return marking;
}

} // namespace comity::procedure
