// Two maps that are made anew when the roll has grown.
#include "node/roll_index.hpp"

#include "node/roll_chain.hpp"

namespace comity::node {

// People are enrolled a few a day and sign in many times: reading the roll once for each enrolment
// is nothing.
void RollIndex::catch_up(StoreReader& reader) {
    const auto end = reader.roll_end();
    if (end == seen_) return;
    by_credential_.clear();
    by_person_.clear();
    for (const auto& row : reader.roll()) {
        by_credential_.emplace(read_entry(row).entry.passkey.credential_id, row.hash);
        by_person_[row.person].push_back(row.hash);
    }
    seen_ = end;
}

std::optional<RollIndex::Found> RollIndex::with_credential(BytesView credential) {
    std::optional<Found> out;
    const std::scoped_lock lock(mutex_);
    node_.store().read([&](StoreReader& reader) {
        catch_up(reader);
        const auto at = by_credential_.find(credential);
        const auto row = at == by_credential_.end() ? std::nullopt : reader.find_roll(at->second);
        if (row) out = Found{read_entry(*row), row->ended};
    });
    return out;
}

std::vector<RollIndex::Found> RollIndex::of(const PersonId& person) {
    std::vector<Found> out;
    const std::scoped_lock lock(mutex_);
    node_.store().read([&](StoreReader& reader) {
        catch_up(reader);
        const auto at = by_person_.find(person);
        if (at == by_person_.end()) return;
        for (const auto& hash : at->second)
            if (const auto row = reader.find_roll(hash))
                out.push_back({read_entry(*row), row->ended});
    });
    return out;
}

} // namespace comity::node
