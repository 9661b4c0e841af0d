// How people and their passkeys are shown: what the roll says, with the notes of this node's books.
#pragma once

#include "api/api.hpp"
#include "directory/roll.hpp"

#include <map>
#include <string>
#include <vector>

namespace comity::api {

/// An entry of this node's roll with its note; an entry that has none has an empty one.
struct RollItem {
    Digest hash{};
    directory::RollEntry entry;
    bool ended = false;
    node::RollNote note;
};

/// All of them, in the order in which they were enrolled; those that ended stay.
std::vector<RollItem> roll_items(Api& api);
/// Of one person.
std::vector<RollItem> roll_items(Api& api, const PersonId& person);

std::string_view purpose_name(directory::Purpose purpose);
json::Array role_array(const std::vector<std::string>& roles);
json::Object passkey_json(const RollItem& item, Instant now);

/// PasskeyRequest of the contract: any passkey by which this person approves, over a challenge.
json::Object passkey_request(Api& api, const PersonId& person, const Digest& challenge);

/// What people are called here; a pseudonym where the books know no name. Each is looked up once;
/// for one answer, in one thread.
class Names {
public:
    explicit Names(Api& api) : api_(api) {}

    [[nodiscard]] std::string of(const PersonId& person) const;
    /// PersonName of the contract.
    [[nodiscard]] json::Object person(const PersonId& person) const;

private:
    Api& api_;
    mutable std::map<PersonId, std::string> known_;
};

} // namespace comity::api
