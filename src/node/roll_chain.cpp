// The chain of enrolments, as it travels with an approval.
#include "node/roll_chain.hpp"

#include "base/fault.hpp"
#include "node/roll_index.hpp"

namespace comity::node {

directory::SealedRollEntry read_entry(const RollRow& row) {
    auto sealed = directory::parse_sealed_roll_entry(row.text);
    if (!sealed) throw Fault("a stored roll entry is not readable: " + sealed.error().facts.text());
    return std::move(*sealed);
}

std::function<std::optional<directory::SealedRollEntry>(const Digest&)> entries_of(Node& node) {
    return [&node](const Digest& hash) -> std::optional<directory::SealedRollEntry> {
        std::optional<RollRow> row;
        node.store().read([&](StoreReader& reader) { row = reader.find_roll(hash); });
        if (!row) return std::nullopt;
        return read_entry(*row);
    };
}

Result<std::vector<std::string>> roll_chain(Node& node, const Digest& entry) {
    auto own = entries_of(node)(entry);
    if (!own) return refuse(Code::approval_roll_entry, say("the entry is not on the roll"));
    TRY(const auto chain, directory::chain_of(std::move(*own), entries_of(node)));
    std::vector<std::string> out;
    node.store().read([&](StoreReader& reader) {
        for (const auto& item : chain)
            out.push_back(reader.find_roll(item.hash)->text);
    });
    return out;
}

Result<Digest> signing_entry(Node& node, const PersonId& person, BytesView credential) {
    std::optional<Digest> latest;
    for (const auto& found : node.roll().of(person)) {
        const auto& entry = found.sealed.entry;
        if (found.ended || entry.purpose != directory::Purpose::sign) continue;
        if (entry.passkey.credential_id == credential) return found.sealed.hash;
        latest = found.sealed.hash;
    }
    if (!latest)
        return refuse(Code::approval_roll_entry, say("{} is not on the roll", person.str()));
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
            Code::approval_roll_entry,
            say("the entry is valid from {} until {}", entry.valid_from, entry.valid_until));
    if (revoked_in_directory(node, hash))
        return refuse(Code::approval_revoked, say("{} was revoked", entry.person.str()));
    return {};
}

void note_use(StoreWriter& writer, const Digest& entry, Instant now) {
    RollNote note = writer.find_roll_note(entry).value_or(RollNote{});
    note.entry = entry;
    note.used = now;
    writer.put_roll_note(note);
}

} // namespace comity::node
