// Counters with names like cases/2026-11/borealis/mla/access/sent.
#include "node/count_cases.hpp"

#include "base/limits.hpp"
#include "node/worklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace comity::node {

namespace {

constexpr std::string_view cases_name = "cases";
constexpr std::string_view returned_name = "returned";
constexpr std::int64_t days_most = 9'999;
// A year of reasons, and the counters of one line of a month.
constexpr std::size_t counters_at_once = 1'000;

bool refused(const casefile::Case& state) {
    return std::any_of(state.latest.begin(), state.latest.end(), [](const auto& act) {
        return act.first == "refuse" || act.first == "oppose" || act.first == "oppose-third";
    });
}

std::optional<Instant> done_at(
    const casefile::Case& state, const procedure::Graph& graph, std::string_view act) {
    const auto index = graph.find(act);
    if (!index || (state.marking.executed & procedure::bit(*index)) == 0) return std::nullopt;
    return Instant{Milliseconds{state.marking.executed_at[*index]}};
}

std::optional<std::int64_t> days_to_evidence(
    const casefile::Case& state, const procedure::Graph& graph) {
    const auto from = done_at(state, graph, "request");
    const auto to = done_at(state, graph, "produce");
    if (!from || !to) return std::nullopt;
    const auto day = Milliseconds{std::chrono::days{1}};
    const std::int64_t begun = (*to - *from + day - Milliseconds{1}) / day;
    return std::clamp<std::int64_t>(begun, 1, days_most);
}

void count_returned(std::vector<std::string>& out, const Counted& in) {
    const auto* questions = in.fields->if_contains("questions");
    if (!questions || !questions->is_array()) return;
    std::vector<std::string> codes;
    for (const auto& question : questions->as_array()) {
        const auto* code =
            question.is_object() ? question.as_object().if_contains("code") : nullptr;
        if (code && code->is_string()) codes.emplace_back(code->as_string());
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    for (const auto& code : codes)
        out.push_back(fmt::format(
            "{}/{}/{}", returned_name, month_of(in.next.last_admitted).substr(0, 4), code));
}

void count_punctual(
    const Node& node, std::vector<std::string>& out, const Counted& in, const std::string& line) {
    if (!in.header || !in.before || in.header->performer != node.self()) return;
    for (const auto& item : procedure::owed(in.graph, in.before->marking))
        if (item.name == in.header->act)
            out.push_back(line + (in.next.last_admitted <= item.due ? "in-time" : "late"));
}

std::vector<std::string_view> parts_of(std::string_view name) {
    std::vector<std::string_view> out;
    while (true) {
        const auto slash = name.find('/');
        out.push_back(name.substr(0, slash));
        if (slash == std::string_view::npos) return out;
        name.remove_prefix(slash + 1);
    }
}

void take(CaseCounts& line, std::string_view what, std::int64_t value) {
    if (what == "received") line.received += value;
    if (what == "sent") line.sent += value;
    if (what == "refused") line.refused += value;
    if (what == "in-time") line.in_time += value;
    if (what == "late") line.late += value;
    if (!what.starts_with("days-")) return;
    std::int64_t days = 0;
    std::from_chars(what.data() + 5, what.data() + what.size(), days);
    line.days[days] += value;
}

std::string name_of_line(const CaseCounts& line) {
    return fmt::format(
        "{}/{}/{}/{}/{}/", cases_name, line.month, line.partner.str(), line.procedure,
        line.category);
}

} // namespace

std::vector<std::string> counters_of(const Node& node, const WorkRow& row, const Counted& in) {
    std::vector<std::string> out;
    if (row.direction == "observed") return out;
    const auto line = name_of_line(
        {.month = month_of(row.opened),
         .partner = row.partner,
         .procedure = row.procedure,
         .category = row.category,
         .days = {}});
    if (!in.before) out.push_back(line + (row.direction == "outgoing" ? "sent" : "received"));
    if (refused(in.next) && !(in.before && refused(*in.before))) out.push_back(line + "refused");
    const auto days = days_to_evidence(in.next, in.graph);
    if (days && !(in.before && days_to_evidence(*in.before, in.graph)))
        out.push_back(fmt::format("{}days-{:04}", line, *days));
    count_punctual(node, out, in, line);
    if (in.header && in.fields && in.header->act == "ask") count_returned(out, in);
    return out;
}

std::vector<CaseCounts> counts_of_month(
    StoreReader& reader, std::string_view month, const CaseCounts* after, std::size_t limit) {
    std::vector<CaseCounts> out;
    const auto beginning = fmt::format("{}/{}/", cases_name, month);
    std::string place = after ? name_of_line(*after) + '~' : std::string();
    while (true) {
        const auto counters = reader.counters(beginning, place, counters_at_once);
        for (const auto& [name, value] : counters) {
            const auto parts = parts_of(name);
            if (parts.size() != 6) continue;
            const bool same = !out.empty() && out.back().partner.str() == parts[2] &&
                              out.back().procedure == parts[3] && out.back().category == parts[4];
            if (!same) {
                if (out.size() == limit) return out;
                CaseCounts line;
                line.month = parts[1];
                line.partner = ParticipantId(std::string(parts[2]));
                line.procedure = parts[3];
                line.category = parts[4];
                out.push_back(std::move(line));
            }
            take(out.back(), parts[5], value);
        }
        if (counters.size() < counters_at_once) return out;
        place = counters.back().first;
    }
}

std::optional<std::int64_t> median_days(const std::map<std::int64_t, std::int64_t>& days) {
    std::int64_t all = 0;
    for (const auto& [day, count] : days)
        all += count;
    if (all == 0) return std::nullopt;
    const auto at = [&](std::int64_t place) -> std::int64_t {
        for (const auto& [day, count] : days)
            if ((place -= count) < 0) return day;
        return 0;
    };
    return (at((all - 1) / 2) + at(all / 2) + 1) / 2;
}

std::optional<std::int64_t> per_cent_in_time(std::int64_t in_time, std::int64_t late) {
    if (in_time + late == 0) return std::nullopt;
    return 100 * in_time / (in_time + late);
}

std::map<std::string, std::int64_t> returned_in(StoreReader& reader, std::string_view year) {
    std::map<std::string, std::int64_t> out;
    const auto beginning = fmt::format("{}/{}/", returned_name, year);
    for (const auto& [name, value] : reader.counters(beginning, "", counters_at_once))
        out[name.substr(beginning.size())] = value;
    return out;
}

std::string month_of(Instant at) {
    return to_text(at).substr(0, 7);
}

} // namespace comity::node
