// Maps that are made anew when the roll has grown.
#include "node/roll_index.hpp"

#include "node/roll_chain.hpp"

namespace comity::node {

namespace {

template <class Key, class Map>
const typename Map::mapped_type* found_in(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? nullptr : &at->second;
}

} // namespace

// People are enrolled a few a day and sign in many times: reading the roll once for each enrolment
// is nothing. Whoever holds the lock has its view of the store already, so that nobody waits for a
// view that is held by somebody who waits for the lock. A view may be older than what was indexed:
// what is not in it yet is not found in it.
void RollIndex::catch_up(StoreReader& reader) {
    const auto end = reader.roll_end();
    if (end <= seen_) return;
    by_credential_.clear();
    by_role_.clear();
    by_office_.clear();
    for (const auto& row : reader.roll()) {
        const auto entry = read_entry(row).entry;
        by_credential_.emplace(entry.passkey.credential_id, row.hash);
        for (const auto& role : entry.roles)
            by_role_[role].push_back(row.hash);
        by_office_[entry.office][row.person].push_back(row.hash);
    }
    seen_ = end;
}

std::vector<RollIndex::Found> RollIndex::read(const std::function<const Hashes*()>& which) {
    std::vector<Found> out;
    store_.read([&](StoreReader& reader) {
        const std::scoped_lock lock(mutex_);
        catch_up(reader);
        const auto* hashes = which();
        if (!hashes) return;
        for (const auto& hash : *hashes)
            if (const auto row = reader.find_roll(hash))
                out.push_back({read_entry(*row), row->ended});
    });
    return out;
}

std::optional<RollIndex::Found> RollIndex::with_credential(BytesView credential) {
    Hashes one;
    auto found = read([&]() -> const Hashes* {
        const auto* hash = found_in(by_credential_, credential);
        if (!hash) return nullptr;
        one = {*hash};
        return &one;
    });
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<RollIndex::Found> RollIndex::of(const PersonId& person) {
    std::vector<Found> out;
    store_.read([&](StoreReader& reader) {
        for (const auto& row : reader.roll_of(person))
            out.push_back({read_entry(row), row.ended});
    });
    return out;
}

std::vector<RollIndex::Found> RollIndex::with_role(std::string_view role) {
    return read([&] { return found_in(by_role_, role); });
}

bool RollIndex::share_people(const OfficeId& one, const OfficeId& other) {
    bool shared = false;
    store_.read([&](StoreReader& reader) {
        const std::scoped_lock lock(mutex_);
        catch_up(reader);
        const auto* first = found_in(by_office_, one);
        const auto* second = found_in(by_office_, other);
        if (!first || !second) return;
        const auto counts = [&](const Hashes& hashes) {
            return std::any_of(hashes.begin(), hashes.end(), [&](const Digest& hash) {
                const auto row = reader.find_roll(hash);
                return row && !row->ended;
            });
        };
        shared = std::any_of(first->begin(), first->end(), [&](const auto& person) {
            const auto* there = found_in(*second, person.first);
            return there && counts(person.second) && counts(*there);
        });
    });
    return shared;
}

} // namespace comity::node
