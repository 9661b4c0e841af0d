// Rows that several operations show alike.
#pragma once

#include "api/api.hpp"

namespace comity::api {

class HandsShown;

/// What a row is shown with.
struct Showing {
    const directory::Directory& directory;
    std::string_view language;
    Instant now;
    bool own_first = false;      ///< `next` is what the person who asks owes
    HandsShown* hands = nullptr; ///< for who has it; null: it is not shown
};

/// A WorklistItem of the contract, for the person who asks.
json::Object work_item(
    Api& api, const Call& call, const node::WorkRow& row, const Showing& showing);

/// Where a page of the worklist ended, as `next` says it and `after` says it back.
std::string print_place(const node::WorkPlace& place);
Result<node::WorkPlace> read_place(std::string_view text);

/// Where a page by time ended, as `next` says it; and what `after` of a call says back, if it says
/// anything. Refuses with json_malformed.
std::string print_time_place(const node::TimePlace& place);
Result<std::optional<node::TimePlace>> read_time_place(const Call& call);

/// Of rows that were asked for one beyond the page: cuts that one, and says where the page ended.
/// Nothing where there is no more. `at` is the member with a row's time.
template <class Row>
std::optional<std::string> cut_page(std::vector<Row>& rows, std::size_t limit, Instant Row::* at) {
    if (rows.size() <= limit) return std::nullopt;
    rows.pop_back();
    return print_time_place({rows.back().*at, rows.back().hash});
}

/// What the house calls a case in a list that opens nothing: its file number from the worklist,
/// else the beginning of its id.
std::string reference_of(Api& api, node::StoreReader& reader, const CaseId& id);

/// How long before its end a key is called to mind.
inline constexpr std::chrono::days key_ends_soon{30};
/// A certificate ends with its own validity or with what the directory gives it, whichever is
/// sooner.
Instant end_of(const directory::PinnedCertificate& pinned);
/// Every certificate of the directory with its owner and what it is for: seal, tls or sealing.
void each_certificate(
    const directory::Directory& directory,
    const std::function<void(
        const directory::Participant& owner, std::string_view what,
        const directory::PinnedCertificate& pinned)>& look);

/// Whether a text that a person chose shows as what it is: UTF-8 without the characters that turn
/// the direction of what stands around them (Unicode TR 36 section 3.2) or do not show at all.
bool is_plain_text(std::string_view text);

} // namespace comity::api
