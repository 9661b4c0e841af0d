// Instants and periods of law. The program's own clock is a port (node/ports.hpp); nothing here
// reads one. Instants are UTC, with milliseconds; deadlines are instants.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace comity {

using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Milliseconds>;

/// RFC 3339 in UTC, always with three decimals: 2026-03-01T09:30:00.000Z.
std::string to_text(Instant instant);
/// Accepts RFC 3339 with `Z` or an offset and up to nine decimals (cut to milliseconds); years
/// 1900 to 9999; refuses impossible dates and leap seconds.
std::optional<Instant> instant_from(std::string_view text);

/// The calendar day in UTC: 2026-03-01.
std::string day_text(Instant instant);
/// The first instant of a day written as YYYY-MM-DD.
std::optional<Instant> day_from(std::string_view text);

/// An ISO 8601 duration: years, months and days by the calendar, the rest in seconds. Not negative.
struct Period {
    int years = 0;
    int months = 0;
    int days = 0;
    std::int64_t seconds = 0;

    bool operator==(const Period&) const = default;
};

/// P1Y, P6M, P2W, P10D, PT48H, P1DT12H … At least one part; each part under 100,000.
std::optional<Period> period_from(std::string_view text);
std::string to_text(const Period& period);

/// Calendar arithmetic in UTC: 31 January plus one month is the last day of February; then days,
/// then seconds.
Instant add(Instant start, const Period& period);

} // namespace comity
