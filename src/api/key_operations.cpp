// What was done with a key: for who has lost one.
#include "act/seal.hpp"
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "api/rows.hpp"
#include "base/fault.hpp"
#include "casefile/sentences.hpp"
#include "node/gate.hpp"

#include <algorithm>

namespace comity::api {

namespace {

/// A passkey by its entry on this node's roll, or a participant's certificate for sealing acts.
enum class KeyUse { approves, seals };

std::optional<KeyUse> use_of(Api& api, const directory::Directory& directory, const Digest& key) {
    bool enrolled = false;
    api.node().store().read(
        [&](node::StoreReader& reader) { enrolled = reader.find_roll(key).has_value(); });
    if (enrolled) return KeyUse::approves;
    for (const auto& participant : directory.participants())
        if (directory::pinned(participant.seal, key)) return KeyUse::seals;
    return std::nullopt;
}

// A day as it is typed; without one, yesterday.
Result<Instant> since_of(Api& api, const Call& call) {
    const auto text = call.request.query_if("since");
    if (!text)
        return Instant{
            std::chrono::floor<std::chrono::days>(api.node().now()) - std::chrono::days{1}};
    const auto day = day_from(*text);
    if (!day) return refuse(Code::json_malformed, say("since is a day: YYYY-MM-DD"));
    return *day;
}

json::Object act_json(
    Api& api, node::StoreReader& reader, const node::ActRow& row,
    const directory::Directory& directory, std::string_view language) {
    const auto sealed = act::parse_sealed(row.seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    const auto& performer = sealed->header.performer;
    const auto name = name_of(directory, performer, language);
    json::Array received;
    if (const auto state = node::find_case(api.node(), reader, row.case_id))
        for (const auto& id : node::participants_of(directory, *state))
            if (id != performer) received.emplace_back(name_of(directory, id, language));
    return {
        {"case", row.case_id.str()},
        {"reference", reference_of(api, reader, row.case_id)},
        {"sequence", row.sequence},
        {"act", row.kind},
        {"hash", text(row.hash)},
        {"admitted", to_text(row.admitted)},
        {"performer_name", name},
        {"sentence", casefile::sentence(row.kind, name, language)},
        {"received_by", std::move(received)}};
}

Result<json::Object> key_acts(Api& api, const Call& call) {
    TRY(const auto directory, api.node().directory());
    const auto key = digest_from_text(call.param("key"));
    const auto use = key ? use_of(api, *directory, *key) : std::nullopt;
    if (!use) return unknown(call);
    TRY(const auto limit, call.limit());
    TRY(const auto since, since_of(api, call));
    TRY(const auto after, read_time_place(call));
    const auto language = language_of(call.request);
    json::Object out{{"since", to_text(since)}};
    json::Array items;
    api.node().store().read([&](node::StoreReader& reader) {
        auto rows = *use == KeyUse::approves
                        ? reader.acts_approved_by(*key, since, after, limit + 1)
                        : reader.acts_sealed_by(*key, since, after, limit + 1);
        if (const auto next = cut_page(rows, limit, &node::ActRow::admitted)) out["next"] = *next;
        for (const auto& row : rows)
            items.emplace_back(act_json(api, reader, row, *directory, language));
    });
    out["items"] = std::move(items);
    return out;
}

http::Response list_key_acts(Api& api, const Call& call) {
    return answer(key_acts(api, call));
}

} // namespace

void add_key_operations(Handlers& handlers) {
    handlers["listKeyActs"] = list_key_acts;
}

} // namespace comity::api
