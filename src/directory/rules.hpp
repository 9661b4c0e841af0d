// The federation's rules, as its members signed them in the directory: how often a partner may
// call, and how far the extraordinary mechanism goes. Every rule holds for all alike: none can name
// a country or a participant (X1).
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace comity::directory {

/// How often one partner may call: so many at once, and so many a minute in the long run.
struct Rate {
    std::int64_t burst = 0;
    std::int64_t per_minute = 0;

    bool operator==(const Rate&) const = default;
};

/// For each kind of call a rate of its own, so that one cannot use up another (threat T54). Rates
/// that the directory does not state are those of base/limits.hpp.
struct Rates {
    Rate acts;     ///< acts submitted and delivered
    Rate evidence; ///< chunks of evidence, each way
    Rate other;    ///< catching up, the directory, pings, checkpoints

    bool operator==(const Rates&) const = default;
};

/// How far the extraordinary mechanism goes (E5, threat T26).
struct Extraordinary {
    /// At and after this time no case opens under the mechanism: it ends by itself unless the
    /// members renew it with their threshold.
    Instant sunset;
    /// So many cases under the mechanism may one requesting country open within `ceiling_days`
    /// (counted back from the opening of the new one). The same for every country; 0 is none.
    std::int64_t ceiling_cases = 0;
    std::int64_t ceiling_days = 0;

    /// Whether the mechanism has not ended at that time.
    [[nodiscard]] bool open_at(Instant when) const { return when < sunset; }

    /// From when on a case of that country counts against the ceiling for one that opens at `when`.
    [[nodiscard]] Instant counted_from(Instant when) const {
        return when - std::chrono::days{ceiling_days};
    }

    /// Whether one more may open beside the `opened` that the country opened in that time.
    [[nodiscard]] bool room_beside(std::int64_t opened) const { return opened < ceiling_cases; }

    bool operator==(const Extraordinary&) const = default;
};

struct Rules {
    Rates rates;
    /// Nothing where the members agreed on none: then no case opens under the mechanism at all.
    std::optional<Extraordinary> extraordinary;

    Rules(); ///< the rates of base/limits.hpp and no extraordinary mechanism

    bool operator==(const Rules&) const = default;
};

json::Object print_rules(const Rules& rules);

/// Reads the directory's `rules`, strictly. `issued` is the directory's: a sunset lies within
/// limits::sunset_days of it, else it would be none. Refuses with json_malformed, which the
/// directory's reader turns into directory_malformed.
Result<Rules> parse_rules(const json::Object& object, Instant issued);

} // namespace comity::directory
