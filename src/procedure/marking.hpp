// Where a case stands in its procedure, and the steps it can take. The engine is pure: time is an
// argument, nothing is read or written elsewhere, and a step allocates nothing.
//
// Time. A condition with `after` holds from the instant executed_at + after on, and a delay that
// has begun runs on even if the act that began it is excluded since. Here we are stricter than
// timed DCR graphs, where an excluded act holds nothing: acts that happen once exclude themselves,
// so there `certify` would let the authorisation lapse at once and `acknowledge` would count as
// silence at once. With time taken as free the two readings are the same. Executing an act again
// resets its executed_at. A response sets its deadline anew, earlier or later; what a node does by
// itself at its date is put off by a stated date only (`until`), and brought forward by any act. A
// deadline may pass; the act stays owed until done. While an owed act is held by another one that
// is owed, its deadline stands still (`paused`).
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"
#include "procedure/procedure.hpp"

#include <boost/json/fwd.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comity::procedure {

/// Instants are kept as milliseconds since 1970 in UTC; a slot is 0 when its act is not executed
/// or not pending, so that equal markings are equal bit by bit.
struct Marking {
    Mask executed = 0;
    Mask pending = 0;
    Mask included = 0;
    std::array<std::int64_t, 64> executed_at{};
    std::array<std::int64_t, 64> due{};

    bool operator==(const Marking&) const = default;
};

/// The dates of an act's header by field name, for responses with `until`.
using Dates = std::map<std::string, Instant, std::less<>>;

/// How a case begins: nothing executed, nothing owed, and included what the file does not exclude.
Marking start(const Graph& graph);

/// The acts that can be performed now.
Mask enabled(const Graph& graph, const Marking& marking, Instant now);

/// Whether the act can be performed now. Refuses, in this order, with act_unknown, act_closed (and
/// which act closed it), act_waits_for (and for which), act_too_early (and from when on) or
/// act_held_by (and what is owed since when it is due).
Result<void> can(const Graph& graph, const Marking& marking, std::string_view act, Instant now);
Result<void> can(const Graph& graph, const Marking& marking, std::size_t act, Instant now);

/// The marking after the act. Refuses as `can` does, and with deadline_missing when a date that the
/// act must set is not among `dates`, and deadline_too_far when it is not after `now` or lies more
/// than at_most away. Dates that no relation of this act asks for are left alone.
Result<Marking> execute(
    const Graph& graph, const Marking& marking, std::string_view act, Instant now,
    const Dates& dates);
Result<Marking> execute(
    const Graph& graph, const Marking& marking, std::size_t act, Instant now, const Dates& dates);

struct Owed {
    std::size_t act = 0;
    std::string name;
    Side side = Side::requesting;
    Instant due;

    bool operator==(const Owed&) const = default;
};

/// What is owed, by deadline, then by name. A case is at rest when this is empty.
std::vector<Owed> owed(const Graph& graph, const Marking& marking);

/// The acts that are owed and held by something else that is owed (a milestone): their clocks
/// stand still. `due` then says when they would have been due at the last step; the next step moves
/// it by the time that has passed in between.
Mask paused(const Graph& graph, const Marking& marking);

bool at_rest(const Marking& marking);

struct ClockAct {
    std::size_t act = 0;
    std::string name;
    Instant at;

    bool operator==(const ClockAct&) const = default;
};

/// The acts that nodes perform without a person, earliest first; see next_clock.
std::vector<ClockAct> clock_acts(const Graph& graph, const Marking& marking);

/// The next act that a node performs without a person, and from when on: a clock act that becomes
/// enabled as time passes, or an owed at-deadline act whose deadline comes. Acts that wait for
/// another act (not only for time) are not counted; they come into view when that act is done.
std::optional<ClockAct> next_clock(const Graph& graph, const Marking& marking);

/// The sides among requested, provider and third for which the act opens, requires or permits an
/// act of their own (it is a condition, include or response of one): with the first such act a side
/// joins the case. The requesting side is there from the start, subject and oversight do not join.
std::vector<Side> joins(const Graph& graph, std::string_view act);
std::vector<Side> joins(const Graph& graph, std::size_t act);
/// The same, counting only acts that are included after the act: what is owed and closed asks
/// nothing of anybody, so it brings nobody into the case.
std::vector<Side> joins(const Graph& graph, std::size_t act, Mask included);

/// By act names, so that the text means the same whatever the indices are:
/// {"executed": {"request": 1767225600000}, "pending": {"authorise": 1767830400000},
///  "included": ["authorise", …]}; instants in milliseconds since 1970.
boost::json::value to_json(const Graph& graph, const Marking& marking);
/// Refuses with Code::json_malformed what to_json does not write.
Result<Marking> marking_from_json(const Graph& graph, const boost::json::value& value);

} // namespace comity::procedure
