// How often one address may knock where anybody may, at signing in and at enrolment; and how often
// one person may ask for what costs the machine work.
#pragma once

#include "base/limits.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <map>
#include <mutex>
#include <string>

namespace comity::api {

/// A bucket for each address or person, and one for all that are too many to be told apart. Safe
/// from several threads.
class Doors {
public:
    /// So many at once, and so many a minute; at most limits::rate_most each.
    explicit Doors(
        std::int64_t burst = limits::sign_in_burst,
        std::int64_t per_minute = limits::sign_in_per_minute)
        : burst_(burst), per_minute_(per_minute) {}

    /// Whether one more may pass; it then has.
    bool take(const std::string& whose, Instant now);
    /// Refuses with rate_exceeded.
    Result<void> pass(const std::string& address, Instant now);

    [[nodiscard]] std::size_t size() const;

private:
    struct Bucket {
        std::int64_t left = 0; ///< in thousandths
        Instant filled;
    };

    [[nodiscard]] std::int64_t gained(Instant since, Instant now) const;
    void forget_full(Instant now);

    std::int64_t burst_;
    std::int64_t per_minute_;
    mutable std::mutex mutex_;
    std::map<std::string, Bucket> addresses_;
};

} // namespace comity::api
