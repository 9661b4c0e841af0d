// The notice to the person: what a node puts into it, how it is printed as a letter, and how it is
// found again with the code that came with it, at any authority's node.
#pragma once

#include "node/node.hpp"

#include <functional>
#include <mutex>

namespace comity::node {

/// The fields of a notice that a node sends because the time has come: from what the request
/// promised (its notice plan and remedy), with every deferral.
json::Object notice_fields(Node& node, StoreReader& reader, const casefile::Case& state);

/// What nobody chooses: a fresh code, and the text for the provider's account channel if none was
/// written. Replaces a code that stands there.
void complete_notice(
    const directory::Directory& directory, const casefile::Case& state, json::Object& fields);

/// The notice as a letter, paragraph by paragraph, in its language where we speak it (en, fr).
json::Array letter(const json::Object& notice);

/// Remembers under which case a code is looked up. Called in the transaction of the notice.
void remember_code(StoreWriter& writer, std::string_view code, const CaseId& id);
/// The case of a code that was given by this node; nothing for any other.
std::optional<CaseId> case_of_code(StoreReader& reader, std::string_view code);

/// What somebody with this code is shown: the notice, how a challenge stands, what was destroyed;
/// or that there is nothing. Codes that are wrong, unknown, or of a case whose notice is not given
/// yet (there is none then) go the same way and get the same bytes. Padded to a multiple of
/// limits::notice_answer_bytes, so that its length tells nothing. Asks the authority of the code's
/// country where that is another; refuses with peer_away when it does not answer, which
/// depends on the country alone.
Result<Bytes> look_up(Node& node, std::string_view typed);
/// The same for a code of this country, as another node asks it.
Bytes look_up_here(Node& node, std::string_view typed);

/// The case whose notice this code is of, where this node gave it; the same way and time for any
/// other code.
std::optional<CaseId> noticed_case(Node& node, std::string_view typed);

/// The bundle that goes with a notice (export_notice), from the authority that gave it: nothing for
/// every code that look_up shows nothing for. Refuses with peer_away as look_up does.
using ExportHere = std::function<std::optional<Bytes>(std::string_view typed)>;
Result<std::optional<Bytes>> fetch_notice(
    Node& node, std::string_view typed, const ExportHere& here);

/// So many tries a minute, over all who try: the code is out of reach of guessing, and the door is
/// no way to keep the node busy.
class Door {
public:
    Door(std::int64_t burst, std::int64_t per_minute);
    /// Refuses with rate_exceeded.
    Result<void> pass(Instant now);

private:
    const std::int64_t burst_;
    const std::int64_t per_minute_;
    std::mutex mutex_;
    std::int64_t left_; ///< in thousandths
    Instant last_;
};

} // namespace comity::node
