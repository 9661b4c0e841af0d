// Buckets that fill with time.
#include "http/rates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace comity::http {

namespace {

const directory::Rate& rate_of(const directory::Rates& rates, CallKind kind) {
    switch (kind) {
    case CallKind::acts: return rates.acts;
    case CallKind::evidence: return rates.evidence;
    case CallKind::other: break;
    }
    return rates.other;
}

} // namespace

std::optional<std::chrono::seconds> PartnerRates::take(
    const std::string& partner, CallKind kind, const directory::Rate& rate, Time now) {
    const auto most = static_cast<double>(rate.burst);
    const double a_second = static_cast<double>(rate.per_minute) / 60;
    const std::scoped_lock lock(mutex_);
    Bucket& bucket = partners_[partner][static_cast<std::size_t>(kind)];
    if (!bucket.used) {
        bucket = {most, now, true};
    } else if (now > bucket.filled) {
        const double passed = std::chrono::duration<double>(now - bucket.filled).count();
        bucket.calls = std::min(most, bucket.calls + passed * a_second);
        bucket.filled = now;
    }
    if (bucket.calls >= 1) {
        bucket.calls -= 1;
        return std::nullopt;
    }
    return std::chrono::seconds{
        std::max<std::int64_t>(1, std::llround(std::ceil((1 - bucket.calls) / a_second)))};
}

Handler limited(
    std::shared_ptr<PartnerRates> rates, CallKind kind, std::function<directory::Rates()> rules,
    Handler handler) {
    return [rates = std::move(rates), kind, rules = std::move(rules),
            handler = std::move(handler)](const Request& request) {
        if (request.local) return handler(request);
        const std::string partner = request.peer.value_or("");
        const auto all = rules();
        const auto& rate = rate_of(all, kind);
        const auto wait = rates->take(partner, kind, rate, std::chrono::steady_clock::now());
        if (!wait) return handler(request);
        auto response = problem(Refusal{
            Code::rate_exceeded,
            say("{} may make {} calls of this kind at once and {} a minute; again in {} s",
                partner.empty() ? say("who has no certificate") : Said::value(partner), rate.burst,
                rate.per_minute, wait->count()),
            {},
            {},
            {}});
        response.headers.set("Retry-After", std::to_string(wait->count()));
        return response;
    };
}

} // namespace comity::http
