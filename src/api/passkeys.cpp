// Reading the roll with its notes.
#include "api/passkeys.hpp"

#include "base/limits.hpp"
#include "node/roll_chain.hpp"
#include "node/roll_index.hpp"

#include <algorithm>

namespace comity::api {

namespace {

std::vector<RollItem> read_items(Api& api) {
    std::vector<node::RollRow> rows;
    std::map<Digest, node::RollNote> notes;
    api.node().store().read([&](node::StoreReader& reader) {
        rows = reader.roll();
        for (auto& note : reader.roll_notes())
            notes.emplace(note.entry, std::move(note));
    });
    std::vector<RollItem> out;
    for (const auto& row : rows) {
        const auto note = notes.find(row.hash);
        out.push_back(
            {row.hash, node::read_entry(row).entry, row.ended,
             note == notes.end() ? node::RollNote{} : note->second});
    }
    return out;
}

} // namespace

std::vector<RollItem> roll_items(Api& api) {
    return read_items(api);
}

std::vector<RollItem> roll_items(Api& api, const PersonId& person) {
    std::vector<RollItem> out;
    for (auto& found : api.node().roll().of(person)) {
        std::optional<node::RollNote> note;
        api.node().store().read(
            [&](node::StoreReader& reader) { note = reader.find_roll_note(found.sealed.hash); });
        out.push_back(
            {found.sealed.hash, std::move(found.sealed.entry), found.ended,
             note.value_or(node::RollNote{})});
    }
    return out;
}

std::string_view purpose_name(directory::Purpose purpose) {
    return purpose == directory::Purpose::sign ? "sign" : "sign-in";
}

json::Array role_array(const std::vector<std::string>& roles) {
    json::Array out;
    for (const auto& role : roles)
        out.emplace_back(role);
    return out;
}

json::Object passkey_json(const RollItem& item, Instant now) {
    const auto& passkey = item.entry.passkey;
    json::Object out{
        {"credential", to_base64url(passkey.credential_id)},
        {"entry", text(item.hash)},
        {"label", item.note.label.empty() ? passkey.rp_id : item.note.label},
        {"created", to_text(item.entry.valid_from)},
        {"purpose", purpose_name(item.entry.purpose)}};
    if (item.note.used) out["last_used"] = to_text(*item.note.used);
    // When it ended is in the books; what ended without a note, ended at the latest now.
    if (item.ended) out["ended"] = to_text(item.note.ended.value_or(now));
    return out;
}

json::Object passkey_request(Api& api, const PersonId& person, const Digest& challenge) {
    json::Array allow;
    std::string rp;
    for (const auto& found : api.node().roll().of(person)) {
        const auto& entry = found.sealed.entry;
        if (found.ended || entry.purpose != directory::Purpose::sign) continue;
        allow.emplace_back(to_base64url(entry.passkey.credential_id));
        rp = entry.passkey.rp_id;
    }
    return {
        {"challenge", text(challenge)},
        {"rp_id", rp.empty() ? "sign." + api.settings.host : rp},
        {"allow", std::move(allow)},
        {"timeout_ms", std::chrono::duration_cast<Milliseconds>(limits::sign_in_time).count()}};
}

std::string Names::of(const PersonId& person) const {
    auto at = known_.find(person);
    if (at != known_.end()) return at->second;
    auto name = person.str();
    api_.node().store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.roll_of(person)) {
            const auto note = reader.find_roll_note(row.hash);
            if (note && !note->name.empty())
                name = note->name; // the latest entry's is the person's
        }
    });
    return known_.emplace(person, std::move(name)).first->second;
}

json::Object Names::person(const PersonId& person) const {
    return {{"person", person.str()}, {"name", of(person)}};
}

} // namespace comity::api
