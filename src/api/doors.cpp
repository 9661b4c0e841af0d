// Buckets that fill with time; one that is full again says nothing and is forgotten.
#include "api/doors.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

constexpr std::int64_t one = 1'000;

} // namespace

// per_minute_ calls in 60,000 ms, in thousandths of a call a millisecond.
std::int64_t Doors::gained(Instant since, Instant now) const {
    constexpr std::int64_t minute = 60'000;
    const std::int64_t passed = std::clamp<std::int64_t>((now - since).count(), 0, minute * burst_);
    return passed * per_minute_ * one / minute;
}

void Doors::forget_full(Instant now) {
    std::erase_if(addresses_, [&](const auto& item) {
        return item.second.left + gained(item.second.filled, now) >= burst_ * one;
    });
}

bool Doors::take(const std::string& whose, Instant now) {
    const std::scoped_lock lock(mutex_);
    const std::int64_t most = burst_ * one;
    auto at = addresses_.find(whose);
    if (at == addresses_.end()) {
        if (addresses_.size() >= limits::sign_in_addresses) forget_full(now);
        const bool room = addresses_.size() < limits::sign_in_addresses;
        at = addresses_.try_emplace(room ? whose : "others", Bucket{most, now}).first;
    }
    auto& bucket = at->second;
    bucket.left = std::min(most, bucket.left + gained(bucket.filled, now));
    bucket.filled = std::max(bucket.filled, now);
    if (bucket.left < one) return false;
    bucket.left -= one;
    return true;
}

Result<void> Doors::pass(const std::string& address, Instant now) {
    if (take(address, now)) return {};
    return refuse(
        Code::rate_exceeded,
        say("{} tries at once and {} a minute are answered to one address", burst_, per_minute_));
}

std::size_t Doors::size() const {
    const std::scoped_lock lock(mutex_);
    return addresses_.size();
}

} // namespace comity::api
