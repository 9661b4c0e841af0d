// The chain of enrolments, as it travels with an approval.
#include "node/roll_chain.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace comity::node {

Result<std::vector<std::string>> roll_chain(Node& node, const std::vector<Digest>& entries) {
    std::map<Digest, std::string> texts;
    node.store().read([&](StoreReader& reader) {
        for (auto& row : reader.roll())
            texts.emplace(row.hash, std::move(row.text));
    });
    std::set<Digest> seen;
    std::vector<std::string> out; // those who vouch before the one they vouch for
    const std::function<Result<void>(const Digest&)> visit =
        [&](const Digest& hash) -> Result<void> {
        if (!seen.insert(hash).second) return {};
        if (seen.size() > limits::roll_chain_entries)
            return refuse(Code::approval_roll_entry, "too many entries stand behind this one");
        const auto at = texts.find(hash);
        if (at == texts.end())
            return refuse(Code::approval_roll_entry, "the entry of an enrolling person is missing");
        TRY(const auto sealed, directory::parse_sealed_roll_entry(at->second));
        for (const auto& by : sealed.entry.enrolled_by)
            TRY_VOID(visit(by));
        out.push_back(at->second);
        return {};
    };
    for (const auto& entry : entries)
        TRY_VOID(visit(entry));
    std::reverse(out.begin(), out.end());
    return out;
}

Result<Digest> signing_entry(Node& node, const PersonId& person, BytesView credential) {
    std::vector<RollRow> rows;
    node.store().read([&](StoreReader& reader) { rows = reader.roll(); });
    std::optional<Digest> latest;
    for (const auto& row : rows) {
        if (row.person != person || row.ended) continue;
        TRY(const auto sealed, directory::parse_sealed_roll_entry(row.text));
        if (sealed.entry.purpose != directory::Purpose::sign) continue;
        if (sealed.entry.passkey.credential_id == credential) return row.hash;
        latest = row.hash;
    }
    if (!latest)
        return refuse(
            Code::approval_roll_entry, fmt::format("{} is not on the roll", person.str()));
    return *latest;
}

bool revoked_in_directory(Node& node, const Digest& hash) {
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    if (!self) return true; // of a directory that does not know us nobody is in force
    const auto revoked = self->revoked.find(hash);
    return revoked != self->revoked.end() && node.now() >= revoked->second;
}

Result<void> entry_in_force(Node& node, const directory::RollEntry& entry, const Digest& hash) {
    const Instant now = node.now();
    if (now < entry.valid_from || now >= entry.valid_until)
        return refuse(
            Code::approval_roll_entry, fmt::format(
                                           "the entry is valid from {} until {}",
                                           to_text(entry.valid_from), to_text(entry.valid_until)));
    if (revoked_in_directory(node, hash))
        return refuse(Code::approval_revoked, fmt::format("{} was revoked", entry.person.str()));
    return {};
}

void note_use(StoreWriter& writer, const Digest& entry, Instant now) {
    RollNote note = writer.find_roll_note(entry).value_or(RollNote{});
    note.entry = entry;
    note.used = now;
    writer.put_roll_note(note);
}

} // namespace comity::node
