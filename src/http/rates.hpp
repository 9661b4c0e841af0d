// How often each partner may call (threat T54): a bucket for each partner and kind of call, so that
// who floods a node is told to wait before anything is parsed or verified, and the others notice
// nothing.
#pragma once

#include "directory/rules.hpp"
#include "http/message.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace comity::http {

enum class CallKind { acts, evidence, other };

/// Safe from many threads. It holds as many partners as the directory names, and one bucket for all
/// callers without a certificate together.
class PartnerRates {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Nothing when the call may go on; else after how many seconds the next one may.
    std::optional<std::chrono::seconds> take(
        const std::string& partner, CallKind kind, const directory::Rate& rate, Time now);

private:
    struct Bucket {
        double calls = 0;
        Time filled{};
        bool used = false;
    };

    std::mutex mutex_;
    std::map<std::string, std::array<Bucket, 3>> partners_;
};

using Handler = std::function<Response(const Request&)>;

/// The handler behind the rates: over them the answer is 429 with code rate_exceeded and
/// Retry-After. What comes through the control socket is not counted.
Handler limited(
    std::shared_ptr<PartnerRates> rates, CallKind kind, std::function<directory::Rates()> rules,
    Handler handler);

} // namespace comity::http
