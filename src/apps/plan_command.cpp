// Reads the load, simulates the numbers of officers that are of interest, and prints them.
#include "apps/plan_command.hpp"

#include "apps/control.hpp"
#include "apps/setup.hpp"
#include "base/limits.hpp"
#include "plan/queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>
#include <vector>

namespace comity::apps {

namespace {

tl::unexpected<Refusal> wrong(std::string facts, std::string remedy) {
    return refuse(
        Code::setting_invalid, std::move(facts), "A plan is asked for with values that it can have",
        "docs/operations.md, How many officers", std::move(remedy));
}

Result<plan::Load> history_of(const PlanOptions& options) {
    TRY(const auto answer, Control(options.dir).get("/history"));
    plan::History history;
    for (const auto& item : answer.at("cases").as_array()) {
        std::vector<plan::Step> steps;
        for (const auto& value : item.as_array()) {
            const auto& act = value.as_object();
            const auto admitted = instant_from(std::string_view(act.at("admitted").as_string()));
            if (!admitted) continue;
            steps.push_back(
                {std::string(act.at("person").as_string()), std::string(act.at("role").as_string()),
                 act.at("ours").as_bool(), *admitted});
        }
        history.push_back(std::move(steps));
    }
    return plan::read_history(history, options.role);
}

Result<plan::Load> load_of(const PlanOptions& options) {
    if (options.table.empty()) return history_of(options);
    TRY(const auto bytes, read_file(options.table));
    return plan::read_table({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<std::optional<double>> target_hours(const PlanOptions& options) {
    if (options.target.empty()) return std::optional<double>();
    const auto period = period_from(options.target);
    if (!period || period->years != 0 || period->months != 0 ||
        (period->days == 0 && period->seconds == 0))
        return wrong("the target is no time in days or hours", "Write --target P60D or PT48H");
    return std::optional<double>(24.0 * period->days + static_cast<double>(period->seconds) / 3600);
}

struct Row {
    std::size_t officers;
    plan::Delay delay;
};

struct Plan {
    plan::Load load;
    std::optional<double> target;
    std::optional<std::size_t> least;
    std::optional<std::size_t> needed;
    std::vector<Row> rows;
};

// The numbers that a reader compares: the fewest that can do the work and the next ones, those
// around the number asked about, and those around the answer.
std::set<std::size_t> of_interest(const PlanOptions& options, const Plan& plan) {
    std::set<std::size_t> out;
    const auto around = [&](std::size_t middle, std::size_t below, std::size_t above) {
        for (std::size_t n = middle - std::min(middle - 1, below);
             n <= std::min(middle + above, limits::plan_officers); ++n)
            out.insert(n);
    };
    if (plan.least) around(*plan.least, 1, options.officers == 0 ? 4 : 1);
    if (options.officers != 0) around(options.officers, 1, 1);
    if (plan.needed) around(*plan.needed, 1, 1);
    return out;
}

Result<Plan> make_plan(const PlanOptions& options) {
    Plan out;
    TRY(out.target, target_hours(options));
    TRY(out.load, load_of(options));
    out.least = plan::officers_least(out.load, options.week);
    plan::Settings settings;
    settings.seed = options.seed;
    settings.week_hours = options.week;
    if (out.target)
        out.needed = plan::officers_needed(
            out.load, settings,
            options.percentile == 90 ? plan::Measure::late : plan::Measure::median, *out.target);
    for (const std::size_t officers : of_interest(options, out)) {
        settings.officers = officers;
        out.rows.push_back({officers, plan::simulate(out.load, settings)});
    }
    return out;
}

std::string in_words(double hours) {
    if (std::isinf(hours)) return "no end";
    if (hours < 1) return fmt::format("{:.0f} min", hours * 60);
    if (hours < 48) return fmt::format("{:.1f} h", hours);
    return fmt::format("{:.1f} d", hours / 24);
}

std::string in_words(const plan::Estimate& estimate) {
    return fmt::format(
        "{:>8} ({} to {})", in_words(estimate.value), in_words(estimate.low),
        in_words(estimate.high));
}

double sum(const std::vector<double>& values) {
    double out = 0;
    for (const double value : values)
        out += value;
    return out;
}

void print_table(const PlanOptions& options, const Plan& plan) {
    const double span = sum(plan.load.gaps);
    fmt::print(
        "{} cases in {}, {} of work each on average{}.\n", plan.load.work.size(), in_words(span),
        in_words(sum(plan.load.work) / static_cast<double>(plan.load.work.size())),
        plan.load.people == 0 ? std::string()
                              : fmt::format(", done by {} people", plan.load.people));
    fmt::print("An officer works {:g} hours a week. Seed {}.\n\n", options.week, options.seed);
    fmt::print(
        "{:>8}  {:>6}  {:<30}  {}\n", "officers", "busy", "  median delay", "  nine in ten within");
    for (const auto& [officers, delay] : plan.rows)
        if (delay.grows())
            fmt::print(
                "{:>8}  {:>4.0f} %  the queue grows without end\n", officers, delay.busy * 100);
        else
            fmt::print(
                "{:>8}  {:>4.0f} %  {:<30}  {}\n", officers, delay.busy * 100,
                in_words(delay.median), in_words(delay.late));
    fmt::print("\nIn brackets: between these lie 95 of 100 runs, each with cases drawn anew.\n");
    if (!plan.least)
        fmt::print(
            "Not even {} officers can do this work: the queue grows without end.\n",
            limits::plan_officers);
    if (!plan.target) return;
    const std::string_view done =
        options.percentile == 90 ? "nine cases in ten are done" : "half of the cases are done";
    const std::string target = in_words(*plan.target);
    if (plan.needed)
        fmt::print(
            "With {} officer{}, {} within {}, with 95 % confidence.\n", *plan.needed,
            *plan.needed == 1 ? "" : "s", done, target);
    else
        fmt::print(
            "With no number of officers up to {}, {} within {}:\n"
            "the work itself takes longer, or too little is known of it.\n",
            limits::plan_officers, done, target);
}

json::Value number(double hours) {
    // JSON as this program reads it has no fractions: minutes, and null for no end.
    if (std::isinf(hours)) return nullptr;
    return static_cast<std::int64_t>(std::llround(hours * 60));
}

json::Object object(const plan::Estimate& estimate) {
    return {
        {"minutes", number(estimate.value)},
        {"low", number(estimate.low)},
        {"high", number(estimate.high)}};
}

json::Object object(const PlanOptions& options, const Plan& plan) {
    json::Array rows;
    for (const auto& [officers, delay] : plan.rows)
        rows.emplace_back(json::Object{
            {"officers", officers},
            {"busy_per_mille", std::llround(delay.busy * 1000)},
            {"grows_without_end", delay.grows()},
            {"wait_mean", object(delay.mean_wait)},
            {"wait_p90", object(delay.wait_90)},
            {"delay_median", object(delay.median)},
            {"delay_p90", object(delay.late)}});
    json::Object out{
        {"cases", plan.load.work.size()},
        {"people", plan.load.people},
        {"first", to_text(plan.load.first)},
        {"last", to_text(plan.load.last)},
        {"work_minutes", number(sum(plan.load.work) / static_cast<double>(plan.load.work.size()))},
        {"seed", options.seed},
        {"confidence_percent", 95},
        {"rows", std::move(rows)}};
    if (plan.least) out["officers_least"] = *plan.least;
    if (plan.target) {
        out["target_minutes"] = number(*plan.target);
        out["target_percentile"] = options.percentile;
        out["officers_needed"] = plan.needed ? json::Value(*plan.needed) : json::Value(nullptr);
    }
    return out;
}

} // namespace

int plan(const PlanOptions& options) {
    const auto made = make_plan(options);
    if (!made) {
        fmt::print(stderr, "comity: {}\n", made.error().text());
        return 1;
    }
    if (options.json)
        fmt::print("{}", json::pretty(object(options, *made)));
    else
        print_table(options, *made);
    return made->target && !made->needed ? 1 : 0;
}

void add_plan(Command app, PlanOptions& options, std::function<int()>& run) {
    auto command = app.add_subcommand(
        "plan", "How many officers bring the delay under a target: a simulated queue");
    auto source = command.add_option_group("source");
    source.add_option("--dir", options.dir, "a running node, whose history is read");
    source.add_option("--table", options.table, "or a CSV file with the columns arrived,work");
    source.require_option(1);
    command.add_option("--role", options.role, "of a history, only what this role did");
    command.add_option("--officers", options.officers, "show this number, too")
        .between(std::size_t{1}, limits::plan_officers);
    command.add_option("--target", options.target, "P60D, PT48H: find how many keep it");
    command.add_option("--percentile", options.percentile, "that the target is for: 50 or 90")
        .one_of({50, 90});
    command.add_option("--week", options.week, "hours an officer works in a week (40)")
        .between(1.0, 168.0);
    command.add_option("--seed", options.seed, "of the simulation (1)");
    command.add_flag("--json", options.json, "print JSON");
    command.callback([&] {
        run = [&options] {
            return plan(options);
        };
    });
}

} // namespace comity::apps
