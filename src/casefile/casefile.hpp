// A case is the fold of its acts: who takes part, who keeps it, what has happened, what is owed.
// Pure: the same acts with the same admission times give the same case on every node.
#pragma once

#include "act/header.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"
#include "procedure/marking.hpp"
#include "procedure/procedure.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace comity::casefile {

struct Case {
    CaseId id;
    std::string procedure;
    std::string law_pack;
    act::Opening opening;
    std::vector<ParticipantId> consulted; ///< third countries that joined later, sorted
    std::vector<std::string> joined;      ///< sides that take part so far, sorted
    ParticipantId keeper;
    std::int64_t next_sequence = 1;
    Digest last{}; ///< the hash of the act before the next
    Instant last_admitted;
    procedure::Marking marking;
    /// Who performed the acts that four eyes keep apart.
    std::map<std::string, PersonId> signatories;
    /// The latest act of each kind.
    std::map<std::string, Digest> latest;
    /// What the notice committed to: who shows the proof for it may challenge.
    std::optional<Digest> code;

    bool operator==(const Case&) const = default;
};

/// The parameters by which the case's procedure is made concrete.
procedure::Parameters parameters(const act::Opening& opening);

/// The acts that no person performs two of in one case.
bool needs_other_eyes(std::string_view act);

/// The case before its first act.
Case open_case(const act::Header& first, const procedure::Graph& graph);

/// Whether the act may be performed now: number and predecessor, the performer is the
/// participant of the act's side, role, four eyes, and the procedure. Refuses with the first code
/// of the gate's order. `overseer` says whether the performer is an oversight body of a country
/// that takes part.
struct Attempt {
    const act::Header& header;
    Instant admitted;
    bool overseer = false;
};

Result<void> check_four_eyes(const Case& state, const act::Header& header);
Result<void> check_procedure(
    const Case& state, const procedure::Graph& graph, const Attempt& attempt);

/// The case after the act. The act must have been checked.
Result<Case> perform(
    const Case& state, const procedure::Graph& graph, const act::Header& header, const Digest& hash,
    Instant admitted);

/// The participant of a side; empty when the side has none or several.
ParticipantId participant_of(const Case& state, std::string_view side);
/// All participants of a side.
std::vector<ParticipantId> participants_of_side(const Case& state, std::string_view side);
/// The side on which a participant stands; empty for one that stands on none (an oversight body).
std::string side_of(const Case& state, const ParticipantId& participant);
/// Every participant that the case names, joined or not.
bool names(const Case& state, const ParticipantId& participant);

/// For the store: everything but what its columns hold.
json::Object print_case(const Case& state, const procedure::Graph& graph);
/// Reads what print_case wrote; `graph_for` finds the graph by procedure and parameters.
using GraphFor = std::function<std::shared_ptr<const procedure::Graph>(
    std::string_view, const procedure::Parameters&)>;
Result<Case> read_case(const json::Object& object, const GraphFor& graph_for);

} // namespace comity::casefile
