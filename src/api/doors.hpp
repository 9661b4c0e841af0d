// How often one address may knock where anybody may: at signing in and at enrolment.
#pragma once

#include "base/refusal.hpp"
#include "base/time.hpp"

#include <map>
#include <mutex>
#include <string>

namespace comity::api {

/// A bucket for each address, and one for all addresses that are too many to be told apart. Safe
/// from several threads.
class Doors {
public:
    /// Refuses with rate_exceeded.
    Result<void> pass(const std::string& address, Instant now);

    [[nodiscard]] std::size_t size() const;

private:
    struct Bucket {
        std::int64_t left = 0; ///< in thousandths
        Instant filled;
    };

    void forget_full(Instant now);

    mutable std::mutex mutex_;
    std::map<std::string, Bucket> addresses_;
};

} // namespace comity::api
