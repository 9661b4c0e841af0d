// What the law says of a case's request when an act asks to be admitted, from what this node may
// read and knows: the request, the directory, the roll entries that came with the acts, and this
// node's own cases. The same function at the prepare step and at the gate.
#pragma once

#include "assess/assessment.hpp"
#include "node/node.hpp"

#include <optional>

namespace comity::limits {

// Cases that ask for the same thing, as people are shown them: with more, one is enough to stop.
inline constexpr std::size_t duplicates_shown = 20;

} // namespace comity::limits

namespace comity::node {

/// An act that asks for the findings it requires.
struct ActToAssess {
    const directory::Directory& directory;
    const casefile::Case& state; ///< before the act
    const act::Header& header;
    const json::Object& fields; ///< of the act, as far as this node may read them
    Instant admitted;
    /// Whether this node decides: then its own cases count too (duplicates, ceiling). A follower
    /// leaves those to who decided; its view of other cases may lag behind.
    bool decides = true;
    /// The case's request, where it has been opened already; else it is opened here.
    const json::Object* request = nullptr;
    /// What `fields` ask for, where the act is the request and they have been read already.
    const assess::Request* asked = nullptr;
};

/// All findings of the case's request on the day of the act, whether the act requires any or not;
/// nothing where this node is on neither side or may not read the whole request. Of the act, the
/// header's name, performer, office, role and person are looked at, and the fields where it is the
/// request itself.
std::optional<assess::Assessment> assessment_of(
    Node& node, StoreReader& reader, const ActToAssess& act);

/// What the findings rest on besides, for people to see.
struct Assessed {
    assess::Assessment assessment;
    std::vector<std::string> instruments; ///< that bind both countries, and the one relied on
    /// Cases of this node that ask for the same thing and are still pending, in order.
    std::vector<CaseId> duplicates;
    std::vector<law::Form::Problem> problems; ///< what the schema says of the form
};

/// The findings of a case's request as the next act would meet them, with what they rest on. Of the
/// act, only the header counts; nothing as for assessment_of.
std::optional<Assessed> assessed_case(Node& node, StoreReader& reader, const ActToAssess& act);

/// A request that is still being written, by somebody of this node.
struct DraftToAssess {
    const directory::Directory& directory;
    std::string procedure;
    std::string form; ///< must be that of the procedure's request
    act::Opening opening;
    const json::Object& fields; ///< as far as they are filled in
    Instant date;
    Instant trained_until; ///< of who writes it
};

/// Refuses with procedure_unknown, or form_unknown where the form is not the procedure's.
Result<Assessed> assess_draft(Node& node, StoreReader& reader, const DraftToAssess& draft);

/// The same, for the act `request` (of its own fields: it requires none, its drafter is told)
/// and for acts that require some; nothing where none is required, or this node may not read the
/// whole request. Refuses with finding_not_met or finding_open when one that is required does not
/// stand.
Result<std::optional<assess::Assessment>> assess_act(
    Node& node, StoreReader& reader, const ActToAssess& act);

/// What the act leaves in this node's books: a request its marks (what is asked for, and that a
/// case of the extraordinary mechanism was opened), an end the removal of the pending ones. Written
/// inside the transaction, after the case was put.
struct Marks {
    std::vector<MarkRow> made;
    bool ended = false;
};

Marks marks_of(const Node& node, const ActToAssess& act);

} // namespace comity::node
