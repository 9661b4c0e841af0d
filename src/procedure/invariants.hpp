// What every procedure must keep, as functions over one marking (or over the graph alone). Internal
// to this room: the explorer calls them on every reachable marking.
#pragma once

#include "procedure/explorer.hpp"
#include "procedure/procedure.hpp"

#include <optional>
#include <span>
#include <string>

namespace comity::procedure {

/// The acts that the invariants speak of; the names are fixed by the design. An act that a
/// procedure (or a case's parameters) leaves out has no bit: it is never done, never possible,
/// never owed.
struct Named {
    explicit Named(const Graph& graph);

    Mask request, certify, authorise, decline, lapse_authorisation, transmit, withdraw;
    Mask acknowledge, ask, answer, consult, opine, freeze, preserve, confirm, accept, refuse;
    Mask clear, lapse_clearance, oppose, clear_third, lapse_third, oppose_third;
    Mask order, object, uphold_objection, dismiss_objection, unable, produce;
    Mask release, receive, open, retain, destroy, purge; // destroy: the act `delete`
    Mask discard, correct, relay_notice;
    Mask notify, defer_notice, challenge, uphold_challenge, dismiss_challenge;
    Mask inspect, suspend, resume, quash, review;

    bool emergency;
    Mask first_approval; ///< authorise; in an emergency certify, the second pair of eyes
    Mask country_stops;  ///< the receiving country's own: refuse, oppose
    Mask delivered;      ///< with this act data may be at the requesting office
    Mask fallen;         ///< after these nothing opens and data is owed deletion (invariant 5)
    Mask ended;          ///< after these the request goes no further
    Mask delete_soon;    ///< the acts that owe a deletion within a period, not at a chosen date
    Mask road;           ///< the steps by which a request moves and data moves
    Mask once;           ///< the steps that are taken once
    /// The acts that a check asks `has` about. Of the others, unless something waits for them, the
    /// explorer forgets that they happened: markings that differ in nothing else behave alike.
    Mask remembered;
    Mask others; ///< acts of the receiving country, the provider and the third country
};

/// One marking, and what is enabled in it with time taken as free.
struct View {
    const Named& act;
    Mask executed;
    Mask pending;
    Mask included;
    Mask enabled;

    [[nodiscard]] bool has(Mask acts) const { return (executed & acts) != 0; }

    [[nodiscard]] bool can(Mask acts) const { return (enabled & acts) != 0; }

    [[nodiscard]] bool due(Mask acts) const { return (pending & included & acts) != 0; }

    [[nodiscard]] bool open(Mask acts) const { return (included & acts) != 0; }
};

struct MarkingCheck {
    int number;
    std::string_view sentence;
    bool (*broken)(const View&);
};

/// What needs no run: roles, sides, clocks. Says what is wrong, or nothing.
struct GraphCheck {
    int number;
    std::string_view sentence;
    std::optional<std::string> (*wrong)(const Graph&);
};

std::span<const MarkingCheck> marking_checks();
std::span<const GraphCheck> graph_checks();

inline constexpr std::string_view rest_stays_reachable =
    "From every reachable marking a marking at rest can be reached";
inline constexpr std::string_view every_act_can_happen =
    "Every act of the file can happen in some run";
inline constexpr std::string_view no_country_named = "No country is named anywhere in the file";

} // namespace comity::procedure
