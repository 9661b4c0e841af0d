// Finding entries of the roll without reading the whole of it: a ministry's has thousands, and each
// is a signed document of some kilobytes.
#pragma once

#include "node/node.hpp"

namespace comity::node {

/// What was indexed is only where to look: each answer is read from the store anew, so that an
/// entry that was ended a moment ago is seen as ended. Entries that came since are indexed first.
/// It reads what is committed: not for use inside a write, whose own entries it would not see.
/// Safe from several threads.
class RollIndex {
public:
    explicit RollIndex(Store& store) : store_(store) {}

    struct Found {
        directory::SealedRollEntry sealed;
        bool ended = false;
    };

    /// The entry with that credential, ended or not: a credential is enrolled once.
    std::optional<Found> with_credential(BytesView credential);
    /// Those of a person in the order of enrolment, the ended ones too. (Inside a write, ask the
    /// writer: StoreReader::roll_of.)
    std::vector<Found> of(const PersonId& person);
    /// Those that name that role, in the order of enrolment, the ended ones too.
    std::vector<Found> with_role(std::string_view role);
    /// Whether somebody has entries that have not ended in both offices.
    bool share_people(const OfficeId& one, const OfficeId& other);

private:
    using Hashes = std::vector<Digest>;

    void catch_up(StoreReader& reader);
    std::vector<Found> read(const std::function<const Hashes*()>& which);

    Store& store_;
    std::mutex mutex_;
    std::int64_t seen_ = 0; ///< the end of the roll when it was indexed
    std::map<Bytes, Digest, std::less<>> by_credential_;
    std::map<std::string, Hashes, std::less<>> by_role_;
    std::map<OfficeId, std::map<PersonId, Hashes>> by_office_;
};

} // namespace comity::node
