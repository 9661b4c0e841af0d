// Finding an entry of the roll by its passkey or its person without reading the whole roll: a
// ministry's has thousands of entries, and each is a signed document of some kilobytes.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// What was indexed is only where to look: each answer is read from the store anew, so that an
/// entry that was ended a moment ago is seen as ended. Entries that came since are indexed first.
/// Safe from several threads.
class RollIndex {
public:
    explicit RollIndex(Node& node) : node_(node) {}

    struct Found {
        directory::SealedRollEntry sealed;
        bool ended = false;
    };

    /// The entry with that credential, ended or not: a credential is enrolled once.
    std::optional<Found> with_credential(BytesView credential);
    /// Those of a person in the order of enrolment, the ended ones too.
    std::vector<Found> of(const PersonId& person);

private:
    void catch_up(StoreReader& reader);

    Node& node_;
    std::mutex mutex_;
    std::int64_t seen_ = 0; ///< the end of the roll when it was indexed
    std::map<Bytes, Digest, std::less<>> by_credential_;
    std::map<PersonId, std::vector<Digest>> by_person_;
};

} // namespace comity::node
