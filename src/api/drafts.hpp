// What other operations ask of drafts: an act that comes from one ends it.
#pragma once

#include "api/api.hpp"

namespace comity::api {

/// Refuses draft_unknown when the draft is none of the person's office. Empty asks for none.
Result<void> check_draft(Api& api, const Call& call, const std::string& draft);

/// Remembers that this prepared act comes from that draft.
void note_prepared(Api& api, const Call& call, const std::string& draft, const Digest& act);

/// The act was performed: its draft, if it comes from one, ends.
void end_performed(Api& api, const Call& call, const Digest& act);

/// Whether the office has begun this form in a case.
bool has_draft_in_case(
    node::StoreReader& reader, const OfficeId& office, const CaseId& id, std::string_view form);

} // namespace comity::api
