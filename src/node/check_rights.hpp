// What the gate asks beside form and procedure: rules that need the directory, the clock or the
// whole history of a case. Each function opens with the right it guards.
#pragma once

#include "node/effects.hpp"

namespace comity::node {

struct RightsContext {
    const directory::Directory& directory;
    Instant admitted;
    bool all_fields = false; ///< this node reads every part of the act
};

/// Refuses contact_wrong, four_eyes, facts_repeated, route_paused, route_ended, code_wrong,
/// act_waits_for, act_side or deadline_too_far.
Result<void> check_rights(
    Node& node, StoreReader& reader, const ActInCase& act, const RightsContext& context);

/// Whether a procedure is the extraordinary mechanism (its id is `extraordinary` or begins with
/// `extraordinary-`).
bool is_extraordinary(std::string_view procedure);

/// Counts an opening under the mechanism, in the transaction of the act.
void count_opening(
    StoreWriter& writer, const directory::Directory& directory, const act::Header& header,
    Instant admitted);

/// How much of the ceiling a country has used, as far as this node sees.
struct RouteUse {
    ParticipantId requesting;
    std::int64_t opened = 0;
    std::int64_t ceiling = 0;

    [[nodiscard]] bool paused() const { return opened >= ceiling; }

    /// Members are told from four fifths on.
    [[nodiscard]] bool near() const { return opened * 5 >= ceiling * 4; }
};

std::vector<RouteUse> route_use(Node& node);

} // namespace comity::node
