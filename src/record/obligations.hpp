// What a record says is owed: a fold over its leaves, and nothing else. Anybody who has the leaves
// computes the same. It also holds the rules between leaves: of a case and kind one obligation is
// open at a time, a discharge closes one that is open, and an extension is followed at once by the
// obligation with the new day.
#pragma once

#include "record/leaf.hpp"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace comity::record {

struct OpenObligation {
    std::uint64_t index = 0; ///< of its leaf
    Duty duty = Duty::notice;
    Instant day; ///< the last day in time
    Digest handle{};
    std::uint32_t extensions = 0; ///< how often it was moved so far

    bool operator==(const OpenObligation&) const = default;
};

class Obligations {
public:
    /// The next leaf, in the record's order. Refuses with leaf_malformed when the leaf breaks a
    /// rule; the caller may go on with the next.
    Result<void> add(std::uint64_t index, const Leaf& leaf);
    /// At the end of the leaves that a checkpoint covers: an extension without the obligation that
    /// takes its place is refused.
    [[nodiscard]] Result<void> whole() const;

    [[nodiscard]] const std::map<std::uint64_t, OpenObligation>& open() const { return open_; }

    /// Open obligations whose last day is before `today` (any instant of that day), by index.
    [[nodiscard]] std::vector<OpenObligation> overdue(Instant today) const;

    /// How many obligations of this kind ended in this way, ever.
    [[nodiscard]] std::uint64_t ended(Duty duty, Ending ending) const {
        return ended_[static_cast<std::size_t>(duty)][static_cast<std::size_t>(ending)];
    }

    /// One line of text for a monitor's state, and back. Refuses with proof_malformed.
    [[nodiscard]] Bytes print() const;
    static Result<Obligations> parse(BytesView text);

    bool operator==(const Obligations&) const = default;

private:
    Result<void> take(OpenObligation item);

    std::map<std::uint64_t, OpenObligation> open_;
    std::set<std::pair<Digest, Duty>> cases_; ///< of what is open
    std::optional<OpenObligation> moving_;    ///< closed as extended; its successor has to come now
    std::array<std::array<std::uint64_t, 4>, 3> ended_{};
};

} // namespace comity::record
