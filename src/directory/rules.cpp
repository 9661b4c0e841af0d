// The federation's rules: reading with validation, and printing.
#include "directory/rules.hpp"

#include "base/limits.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace comity::directory {

namespace {

struct NamedRate {
    std::string_view name;
    Rate Rates::* member;
};

constexpr std::array<NamedRate, 3> rates_by_name = {
    {{"acts", &Rates::acts}, {"evidence", &Rates::evidence}, {"other", &Rates::other}}};

std::int64_t within(
    json::Reader& in, std::string_view name, std::int64_t least, std::int64_t most) {
    const auto value = in.integer(name);
    if (value < least || value > most) in.complain(name, say("is out of range"));
    return value;
}

Result<Rate> parse_rate(const json::Object& object) {
    json::Reader in{object, "rate"};
    // At least one of each: a rate of nothing would shut a partner out by the back door.
    Rate out{
        within(in, "burst", 1, limits::rate_most), within(in, "per_minute", 1, limits::rate_most)};
    TRY_VOID(in.done());
    return out;
}

Result<Extraordinary> parse_extraordinary(const json::Object& object, Instant issued) {
    json::Reader in{object, "extraordinary"};
    Extraordinary out;
    const auto sunset = instant_from(in.string("sunset"));
    if (!sunset)
        in.complain("sunset", say("is not an instant"));
    else if (*sunset > issued + std::chrono::days{limits::sunset_days})
        in.complain("sunset", say("is too far after the directory's issue"));
    out.sunset = sunset.value_or(Instant{});
    json::Reader ceiling{in.object("ceiling"), "ceiling"};
    out.ceiling_cases = within(ceiling, "cases", 0, limits::ceiling_cases);
    out.ceiling_days = within(ceiling, "days", 1, limits::ceiling_days);
    TRY_VOID(ceiling.done());
    TRY_VOID(in.done());
    return out;
}

} // namespace

Rules::Rules() {
    rates.acts = {limits::acts_burst, limits::acts_per_minute};
    rates.evidence = {limits::chunks_burst, limits::chunks_per_minute};
    rates.other = {limits::calls_burst, limits::calls_per_minute};
}

json::Object print_rules(const Rules& rules) {
    json::Object out;
    const Rules usual;
    json::Object rates;
    for (const auto& [name, member] : rates_by_name) {
        const Rate& rate = rules.rates.*member;
        if (rate != usual.rates.*member)
            rates[name] = json::Object{{"burst", rate.burst}, {"per_minute", rate.per_minute}};
    }
    if (!rates.empty()) out["rates"] = std::move(rates);
    if (rules.extraordinary)
        out["extraordinary"] = json::Object{
            {"sunset", to_text(rules.extraordinary->sunset)},
            {"ceiling", json::Object{
                            {"cases", rules.extraordinary->ceiling_cases},
                            {"days", rules.extraordinary->ceiling_days}}}};
    return out;
}

Result<Rules> parse_rules(const json::Object& object, Instant issued) {
    Rules out;
    json::Reader in{object, "rules"};
    if (const auto* rates = in.object_if("rates")) {
        json::Reader named{*rates, "rates"};
        for (const auto& [name, member] : rates_by_name)
            if (const auto* rate = named.object_if(name)) {
                TRY(out.rates.*member, parse_rate(*rate));
            }
        TRY_VOID(named.done());
    }
    if (const auto* extraordinary = in.object_if("extraordinary")) {
        TRY(out.extraordinary, parse_extraordinary(*extraordinary, issued));
    }
    TRY_VOID(in.done());
    return out;
}

} // namespace comity::directory
