// Parsing and printing of instants and ISO 8601 durations, by the civil calendar of <chrono>.
#include "base/time.hpp"

#include <fmt/format.h>

namespace comity {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

struct Reader {
    std::string_view rest;
    bool ok = true;

    int digits(std::size_t count) {
        if (rest.size() < count) return fail();
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (rest[i] < '0' || rest[i] > '9') return fail();
            value = value * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(count);
        return value;
    }

    void literal(char c) {
        if (rest.empty() || rest.front() != c) {
            fail();
            return;
        }
        rest.remove_prefix(1);
    }

    [[nodiscard]] bool at(char c) const { return !rest.empty() && rest.front() == c; }

    int fail() {
        ok = false;
        return 0;
    }
};

std::optional<sys_days> read_day(Reader& in) {
    const int y = in.digits(4);
    in.literal('-');
    const int m = in.digits(2);
    in.literal('-');
    const int d = in.digits(2);
    const year_month_day date{
        year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
    if (!in.ok || !date.ok() || y < 1900) return std::nullopt;
    return sys_days{date};
}

int read_milliseconds(Reader& in) {
    if (!in.at('.')) return 0;
    in.literal('.');
    int value = 0;
    int count = 0;
    for (; !in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9'; ++count) {
        if (count < 3) value = value * 10 + (in.rest.front() - '0');
        in.rest.remove_prefix(1);
    }
    if (count == 0 || count > 9) return in.fail();
    for (; count < 3; ++count)
        value *= 10;
    return value;
}

int read_offset_minutes(Reader& in) {
    if (in.at('Z')) {
        in.literal('Z');
        return 0;
    }
    const bool behind = in.at('-');
    in.literal(behind ? '-' : '+');
    const int hours = in.digits(2);
    in.literal(':');
    const int minutes = in.digits(2);
    if (hours > 23 || minutes > 59) return in.fail();
    return (behind ? -1 : 1) * (hours * 60 + minutes);
}

} // namespace

std::string to_text(Instant instant) {
    const auto midnight = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::hh_mm_ss<Milliseconds> clock{instant - midnight};
    return fmt::format(
        "{}T{:02}:{:02}:{:02}.{:03}Z", day_text(instant), clock.hours().count(),
        clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Instant> instant_from(std::string_view text) {
    Reader in{text};
    const auto date = read_day(in);
    if (!date) return std::nullopt;
    in.literal('T');
    const int hours = in.digits(2);
    in.literal(':');
    const int minutes = in.digits(2);
    in.literal(':');
    const int seconds = in.digits(2);
    const int milliseconds = read_milliseconds(in);
    const int offset = read_offset_minutes(in);
    if (!in.ok || !in.rest.empty() || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    return Instant{*date} + std::chrono::hours{hours} + std::chrono::minutes{minutes - offset} +
           std::chrono::seconds{seconds} + Milliseconds{milliseconds};
}

std::string day_text(Instant instant) {
    const year_month_day date{std::chrono::floor<std::chrono::days>(instant)};
    return fmt::format(
        "{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
}

std::optional<Instant> day_from(std::string_view text) {
    Reader in{text};
    const auto date = read_day(in);
    if (!date || !in.rest.empty()) return std::nullopt;
    return Instant{*date};
}

std::optional<Period> period_from(std::string_view text) {
    Period period;
    if (!text.starts_with('P')) return std::nullopt;
    text.remove_prefix(1);
    bool in_time = false;
    int last_rank = -1; // units must come in order, each at most once
    bool any = false;
    while (!text.empty()) {
        if (text.front() == 'T') {
            if (in_time) return std::nullopt;
            in_time = true;
            text.remove_prefix(1);
            if (text.empty()) return std::nullopt;
            continue;
        }
        int value = 0;
        std::size_t count = 0;
        while (count < text.size() && text[count] >= '0' && text[count] <= '9' && count < 6)
            value = value * 10 + (text[count++] - '0');
        if (count == 0 || count > 5 || count >= text.size()) return std::nullopt;
        const char unit = text[count];
        text.remove_prefix(count + 1);
        const std::string_view order = in_time ? "HMS" : "YMWD";
        const auto place = order.find(unit);
        if (place == std::string_view::npos) return std::nullopt;
        const int rank = static_cast<int>(place) + (in_time ? 4 : 0);
        if (rank <= last_rank) return std::nullopt;
        last_rank = rank;
        any = true;
        switch (rank) {
        case 0: period.years = value; break;
        case 1: period.months = value; break;
        case 2: period.days += value * 7; break;
        case 3: period.days += value; break;
        case 4: period.seconds += std::int64_t{value} * 3600; break;
        case 5: period.seconds += std::int64_t{value} * 60; break;
        case 6: period.seconds += value; break;
        default: return std::nullopt;
        }
    }
    if (!any) return std::nullopt;
    return period;
}

std::string to_text(const Period& period) {
    std::string out = "P";
    if (period.years) out += fmt::format("{}Y", period.years);
    if (period.months) out += fmt::format("{}M", period.months);
    if (period.days) out += fmt::format("{}D", period.days);
    if (period.seconds) {
        const auto hours = period.seconds / 3600;
        const auto minutes = period.seconds / 60 % 60;
        const auto seconds = period.seconds % 60;
        out += "T";
        if (hours) out += fmt::format("{}H", hours);
        if (minutes) out += fmt::format("{}M", minutes);
        if (seconds) out += fmt::format("{}S", seconds);
    }
    return out == "P" ? "PT0S" : out;
}

Instant add(Instant start, const Period& period) {
    const auto midnight = std::chrono::floor<std::chrono::days>(start);
    year_month_day date{midnight};
    date += std::chrono::years{period.years};
    date += std::chrono::months{period.months};
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return Instant{sys_days{date}} + std::chrono::days{period.days} + (start - midnight) +
           std::chrono::seconds{period.seconds};
}

} // namespace comity
