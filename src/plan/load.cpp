// Two sources, one load. Every figure is checked before any is used.
#include "plan/load.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace comity::plan {

namespace {

struct Job {
    Instant arrived;
    double hours = 0;
};

double hours_between(Instant from, Instant to) {
    return std::chrono::duration<double, std::ratio<3600>>(to - from).count();
}

tl::unexpected<Refusal> unusable(std::string facts, std::string remedy) {
    return refuse(
        Code::setting_invalid, std::move(facts),
        "A plan needs the arrival of each case and the work on it",
        "docs/operations.md, How many officers", std::move(remedy));
}

Result<Load> load_of(std::vector<Job> jobs) {
    if (jobs.size() < limits::plan_cases_least)
        return unusable(
            fmt::format(
                "there are {} cases; {} are the least", jobs.size(), limits::plan_cases_least),
            "Take a longer time, or give a table with --table");
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) {
        return std::tie(a.arrived, a.hours) < std::tie(b.arrived, b.hours);
    });
    Load out;
    out.first = jobs.front().arrived;
    out.last = jobs.back().arrived;
    double total = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        out.work.push_back(jobs[i].hours);
        total += jobs[i].hours;
        if (i > 0) out.gaps.push_back(hours_between(jobs[i - 1].arrived, jobs[i].arrived));
    }
    if (out.first == out.last)
        return unusable(
            "all cases came at the same moment, so nothing is known of how often they come",
            "Give the moment at which each case came");
    if (total <= 0) return unusable("no case took any work", "Give the hours that each case took");
    return out;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> out;
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (;;) {
        const auto comma = line.find(',');
        auto cell = line.substr(0, comma);
        while (cell.starts_with(' '))
            cell.remove_prefix(1);
        while (cell.ends_with(' '))
            cell.remove_suffix(1);
        out.push_back(cell);
        if (comma == std::string_view::npos) return out;
        line.remove_prefix(comma + 1);
    }
}

struct Columns {
    std::size_t count = 0;
    std::size_t arrived = 0;
    std::size_t work = 0;
};

Result<Columns> read_columns(std::string_view line) {
    constexpr std::string_view mark = "\xEF\xBB\xBF"; // spreadsheets put a byte-order mark in front
    if (line.starts_with(mark)) line.remove_prefix(mark.size());
    const auto names = cells_of(line);
    const auto place = [&](std::string_view name) -> std::optional<std::size_t> {
        if (std::count(names.begin(), names.end(), name) != 1) return std::nullopt;
        return static_cast<std::size_t>(
            std::find(names.begin(), names.end(), name) - names.begin());
    };
    const auto arrived = place("arrived");
    const auto work = place("work");
    if (!arrived || !work)
        return unusable(
            "line 1 does not name the columns \"arrived\" and \"work\" once each",
            "Begin the table with: arrived,work");
    return Columns{names.size(), *arrived, *work};
}

Result<Job> read_row(std::string_view line, const Columns& columns, std::size_t number) {
    const auto wrong = [&](std::string_view what, std::string remedy) {
        return unusable(fmt::format("line {} {}", number, what), std::move(remedy));
    };
    const auto cells = cells_of(line);
    if (cells.size() != columns.count)
        return wrong(
            fmt::format("has {} cells and not {}", cells.size(), columns.count),
            "Write one case a line, without quotes");
    const auto arrived = instant_from(cells[columns.arrived]);
    if (!arrived)
        return wrong(
            "has no instant with its zone under \"arrived\"", "Write 2026-03-02T09:00:00Z");
    const auto work = period_from(cells[columns.work]);
    // A day of work has eight hours in one office and seven and a half in another.
    if (!work || work->years != 0 || work->months != 0 || work->days != 0)
        return wrong("has no time in hours, minutes and seconds under \"work\"", "Write PT6H30M");
    return Job{*arrived, static_cast<double>(work->seconds) / 3600};
}

} // namespace

Result<Load> read_table(std::string_view text) {
    if (text.size() > limits::plan_table_bytes)
        return unusable(
            fmt::format(
                "the table has {} bytes; {} are the most", text.size(), limits::plan_table_bytes),
            "Leave the oldest cases out");
    std::optional<Columns> columns;
    std::vector<Job> jobs;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!columns) {
            TRY(columns, read_columns(line));
        } else if (!line.empty() && line != "\r") {
            TRY(auto job, read_row(line, *columns, number));
            jobs.push_back(job);
        }
    }
    if (!columns) return unusable("the table is empty", "Begin the table with: arrived,work");
    return load_of(std::move(jobs));
}

Result<Load> read_history(const History& history, std::string_view role) {
    struct Mine {
        std::size_t place; ///< of the case
        const Step* step;
        Instant ready; ///< when it could be done
    };

    std::vector<Mine> mine;
    for (std::size_t place = 0; place < history.size(); ++place)
        for (std::size_t i = 1; i < history[place].size(); ++i) {
            const Step& step = history[place][i];
            // What was done before a case's first act, no record shows.
            if (step.ours && !step.person.empty() && (role.empty() || step.role == role))
                mine.push_back({place, &step, history[place][i - 1].admitted});
        }
    std::sort(mine.begin(), mine.end(), [](const Mine& a, const Mine& b) {
        return std::tie(a.step->admitted, a.place, a.ready) <
               std::tie(b.step->admitted, b.place, b.ready);
    });
    std::map<std::string, Instant> busy_until;
    std::map<std::size_t, Job> jobs;
    for (const Mine& item : mine) {
        auto [job, first] = jobs.try_emplace(item.place, Job{item.ready, 0});
        const auto before = busy_until.find(item.step->person);
        const Instant began =
            before == busy_until.end() ? item.ready : std::max(item.ready, before->second);
        job->second.hours += std::clamp(
            hours_between(began, item.step->admitted), 0.0, limits::plan_step_hours_most);
        busy_until[item.step->person] = item.step->admitted;
    }
    std::vector<Job> list;
    for (const auto& [place, job] : jobs)
        list.push_back(job);
    TRY(auto out, load_of(std::move(list)));
    out.people = busy_until.size();
    return out;
}

} // namespace comity::plan
