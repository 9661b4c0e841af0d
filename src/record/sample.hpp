// A random sample of a record's leaves that nobody could foresee and anybody can draw again: the
// seed is made of the roots of checkpoints that were cosigned after the period had ended, of
// several logs, so that none of them alone could try out seeds.
#pragma once

#include "base/time.hpp"
#include "record/policy.hpp"
#include "record/tree.hpp"

#include <span>
#include <vector>

namespace comity::record {

/// Leaves `from` up to (not including) `to` of one log; `count` of them are drawn.
struct SampleFrame {
    std::string origin;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint64_t count = 0;

    bool operator==(const SampleFrame&) const = default;
};

/// Over the checkpoints in the order of their origins.
Digest sample_seed(std::span<const Checkpoint> checkpoints);

/// The `count` leaves whose SHA-256(domain, seed, origin, index) is smallest, in order of index;
/// all of them when the frame has no more.
std::vector<std::uint64_t> draw(const SampleFrame& frame, const Digest& seed);

/// What somebody who drew a sample publishes.
struct Sample {
    SampleFrame frame;
    Instant closed;           ///< the period's end; every seed was cosigned later
    std::vector<Bytes> seeds; ///< cosigned checkpoints, verbatim
    std::vector<std::uint64_t> drawn;

    [[nodiscard]] Bytes print() const; ///< a JSON document
    /// Refuses with proof_malformed.
    static Result<Sample> parse(BytesView bytes);

    bool operator==(const Sample&) const = default;
};

/// The sample of the frame under these checkpoints. Refuses with proof_wrong when the seeds are not
/// good: each must be of a log of the policy with enough cosignatures, each of them later than
/// `closed`, of different logs, and one at least not of the log that is drawn from.
Result<Sample> make_sample(
    const SampleFrame& frame, Instant closed, std::vector<Bytes> seeds, const Policy& policy);

/// Draws again and compares. Refuses with proof_wrong when it is another sample.
Result<void> redraw(const Sample& sample, const Policy& policy);

} // namespace comity::record
