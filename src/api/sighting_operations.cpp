// Who at a provider was shown a case: of one case, for all who have it, and over all cases, for the
// administrators of the provider.
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "api/rows.hpp"
#include "api/sightings.hpp"
#include "node/sightings.hpp"

namespace comity::api {

namespace {

/// What rows are shown with.
struct Telling {
    const directory::Directory& directory;
    std::string language;
    const Names& names;
    bool named; ///< to who may know which of this participant's people it was
};

json::Object sighting_json(const node::SightingRow& row, const Telling& telling) {
    json::Object out{
        {"at", to_text(row.at)},
        {"participant", row.participant.str()},
        {"participant_name", name_of(telling.directory, row.participant, telling.language)},
        {"office", row.office.str()},
        {"office_name",
         office_name(telling.directory, row.participant, row.office, telling.language)}};
    if (!row.role.empty()) out["role"] = row.role;
    if (telling.named && !row.person.empty()) {
        out["person"] = telling.names.person(row.person);
        out["last"] = to_text(row.last);
    }
    return out;
}

/// One page of rows, and where it ended if there are more.
struct Page {
    std::vector<node::SightingRow> rows;
    std::optional<std::string> next;
};

template <class Read>
Result<Page> page_of(Api& api, const Call& call, Read read) {
    TRY(const auto limit, call.limit());
    TRY(const auto after, read_time_place(call));
    Page out;
    api.node().store().read(
        [&](node::StoreReader& reader) { out.rows = read(reader, after, limit + 1); });
    out.next = cut_page(out.rows, limit, &node::SightingRow::at);
    return out;
}

json::Object answer_of(json::Array items, const Page& page) {
    json::Object out{{"items", std::move(items)}};
    if (page.next) out["next"] = *page.next;
    return out;
}

Result<json::Object> of_case(Api& api, const Call& call) {
    TRY(const auto directory, api.node().directory());
    const CaseId id(call.param("case"));
    TRY(const auto page,
        page_of(api, call, [&](node::StoreReader& reader, const auto& after, std::size_t limit) {
            return reader.sightings(id, after, limit);
        }));
    const Names names(api);
    const Telling telling{
        *directory, language_of(call.request), names, call.has_role(directory::administrator)};
    json::Array items;
    for (const auto& row : page.rows)
        items.emplace_back(sighting_json(row, telling));
    return answer_of(std::move(items), page);
}

Result<json::Object> own(Api& api, const Call& call) {
    TRY(const auto directory, api.node().directory());
    TRY(const auto page,
        page_of(api, call, [](node::StoreReader& reader, const auto& after, std::size_t limit) {
            return reader.own_sightings(after, limit);
        }));
    const Names names(api);
    const Telling telling{*directory, language_of(call.request), names, true};
    json::Array items;
    api.node().store().read([&](node::StoreReader& reader) {
        for (const auto& row : page.rows) {
            auto item = sighting_json(row, telling);
            item["case"] = row.case_id.str();
            item["reference"] = reference_of(api, reader, row.case_id);
            items.emplace_back(std::move(item));
        }
    });
    return answer_of(std::move(items), page);
}

http::Response list_sightings(Api& api, const Call& call) {
    return answer(of_case(api, call));
}

http::Response list_own_sightings(Api& api, const Call& call) {
    return answer(own(api, call));
}

} // namespace

Result<void> note_shown(Api& api, const Call& call, const std::vector<CaseId>& cases) {
    if (!node::notes_sightings(api.node())) return {};
    TRY(const bool told,
        node::note_sightings(
            api.node(), cases, {call.session.person, call.session.office, call.session.roles}));
    if (told) api.services.nudge();
    return {};
}

void add_sighting_operations(Handlers& handlers) {
    handlers["listSightings"] = list_sightings;
    handlers["listOwnSightings"] = list_own_sightings;
}

} // namespace comity::api
