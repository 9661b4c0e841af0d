// Saved questions and alarms: pure functions of the headers that an oversight body holds.
#include "base/number.hpp"
#include "node/oversight_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace comity::node {

namespace {

using Duration = std::chrono::seconds;

const SeenAct* latest(const SeenCase& seen, std::string_view kind) {
    for (auto at = seen.acts.rbegin(); at != seen.acts.rend(); ++at)
        if (at->kind == kind) return &*at;
    return nullptr;
}

std::optional<Instant> owed_by(const SeenCase& seen, std::string_view act) {
    for (const auto& item : procedure::owed(*seen.graph, seen.state.marking))
        if (item.name == act) return item.due;
    return std::nullopt;
}

std::string pair_of(const SeenCase& seen) {
    return fmt::format(
        "{} -> {}", seen.state.opening.requesting.str(), seen.state.opening.requested.str());
}

std::string seconds(Duration time) {
    return fmt::format("{} s", time.count());
}

// An emergency whose data was to go before the judge, and where the judge still has to come.
struct Emergency {
    const SeenCase* seen;
    Instant due;
    bool lapsed = false;
    bool produced = false;
    bool reviewed = false; ///< by an oversight body since it lapsed
};

std::vector<Emergency> emergencies(const std::vector<SeenCase>& cases) {
    std::vector<Emergency> out;
    for (const auto& seen : cases) {
        if (!seen.graph->emergency()) continue;
        const bool produced = latest(seen, "produce") != nullptr;
        if (const auto* lapse = latest(seen, "lapse-authorisation")) {
            const auto* review = latest(seen, "review");
            out.push_back(
                {&seen, lapse->admitted, true, produced,
                 review != nullptr && review->sequence > lapse->sequence});
        } else if (const auto due = owed_by(seen, "authorise")) {
            if (latest(seen, "certify") != nullptr)
                out.push_back({&seen, *due, false, produced, false});
        }
    }
    return out;
}

bool refuses(const SeenAct& act) {
    return act.kind == "refuse" || act.kind == "oppose";
}

// The receiving country's first word on a case; null while it has none.
const SeenAct* first_decision(const SeenCase& seen) {
    for (const auto& act : seen.acts)
        if (refuses(act) || act.kind == "accept" || act.kind == "clear" ||
            act.kind == "lapse-clearance")
            return &act;
    return nullptr;
}

struct Decisions {
    std::size_t decided = 0;
    std::size_t refused = 0;
    Instant latest; ///< refusal
};

// By requesting and requested country; a case counts where its first decision falls.
std::map<std::string, Decisions> decisions(const std::vector<SeenCase>& cases, Instant since) {
    std::map<std::string, Decisions> out;
    for (const auto& seen : cases) {
        const auto* decision = first_decision(seen);
        if (!decision || decision->admitted < since) continue;
        auto& row = out[pair_of(seen)];
        ++row.decided;
        if (!refuses(*decision)) continue;
        ++row.refused;
        row.latest = std::max(row.latest, decision->admitted);
    }
    return out;
}

bool approves(std::string_view kind) {
    constexpr std::array<std::string_view, 6> kinds{"certify", "authorise", "decline",
                                                    "accept",  "order",     "clear"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// The time between the act being put before a person and the person's approval, by person.
std::map<std::tuple<std::string, std::string, std::string>, std::vector<Duration>> dwell_times(
    const std::vector<SeenCase>& cases, Instant since) {
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<Duration>> out;
    for (const auto& seen : cases)
        for (const auto& act : seen.acts) {
            if (act.person.empty() || !approves(act.kind) || act.admitted < since) continue;
            out[{act.performer.str(), act.role, act.person.str()}].push_back(
                std::chrono::duration_cast<Duration>(act.sealed - act.prepared));
        }
    for (auto& [who, times] : out)
        std::sort(times.begin(), times.end());
    return out;
}

// The lower of the two in the middle: with few decisions the doubt is not the approver's.
Duration median(const std::vector<Duration>& sorted) {
    return sorted[(sorted.size() - 1) / 2];
}

bool is_extraordinary(const SeenCase& seen) {
    return seen.state.procedure == "extraordinary" ||
           seen.state.procedure.starts_with("extraordinary-");
}

std::map<std::string, std::int64_t> opened_extraordinary(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now) {
    std::map<std::string, std::int64_t> out;
    const auto& rule = directory.rules().extraordinary;
    if (!rule) return out;
    for (const auto& seen : cases) {
        if (!is_extraordinary(seen) || seen.acts.empty()) continue;
        if (seen.acts.front().admitted < rule->counted_from(now)) continue;
        const auto* requesting = directory.find(seen.state.opening.requesting);
        ++out[requesting ? requesting->country : seen.state.opening.requesting.str()];
    }
    return out;
}

void overdue_alarms(const SeenCase& seen, Instant now, std::vector<Alarm>& out) {
    for (const auto& item : procedure::owed(*seen.graph, seen.state.marking)) {
        const bool notice = item.name == "notify";
        if (!notice && item.name != "delete" && item.name != "purge") continue;
        if (item.due >= now) continue;
        const auto who = casefile::participant_of(seen.state, procedure::to_text(item.side)).str();
        out.push_back(
            {notice ? "notice-overdue" : "deletion-overdue", seen.state.id, who, item.due,
             say("{} owed {} since {}", who, Said::act(item.name), item.due)});
    }
}

void add_refusals(
    const std::vector<SeenCase>& cases, Instant now, const AlarmLimits& limits,
    std::vector<Alarm>& out) {
    for (const auto& [pair, row] : decisions(cases, now - limits.refused_within))
        if (row.decided >= limits.enough &&
            row.refused * 100 >= row.decided * static_cast<std::size_t>(limits.refused_percent))
            out.push_back(
                {"refusals", std::nullopt, pair, row.latest,
                 say("{} of {} requests were refused", row.refused, row.decided)});
}

void add_dwell(
    const std::vector<SeenCase>& cases, Instant now, const AlarmLimits& limits,
    std::vector<Alarm>& out) {
    for (const auto& [who, times] : dwell_times(cases, now - limits.refused_within)) {
        if (times.size() < limits.enough || median(times) >= limits.dwell) continue;
        const auto& [participant, role, person] = who;
        Instant last;
        for (const auto& seen : cases)
            for (const auto& act : seen.acts)
                if (approves(act.kind) && act.person.str() == person &&
                    act.performer.str() == participant && act.role == role)
                    last = std::max(last, act.admitted);
        out.push_back(
            {"dwell", std::nullopt, fmt::format("{}, {} ({})", participant, role, person), last,
             say("half of {} decisions took at most {}", times.size(), seconds(median(times)))});
    }
}

void add_ceiling(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const AlarmLimits& limits, std::vector<Alarm>& out) {
    const auto& rule = directory.rules().extraordinary;
    Instant last;
    for (const auto& seen : cases)
        if (is_extraordinary(seen) && !seen.acts.empty())
            last = std::max(last, seen.acts.front().admitted);
    for (const auto& [country, count] : opened_extraordinary(cases, directory, now))
        if (count * 100 >= rule->ceiling_cases * limits.ceiling_percent)
            out.push_back(
                {"ceiling", std::nullopt, country, last,
                 say("{} of {} extraordinary cases in {} days", count, rule->ceiling_cases,
                     rule->ceiling_days)});
}

// ---- answers

json::Array answer_emergencies(const std::vector<SeenCase>& cases, Instant now) {
    json::Array out;
    for (const auto& item : emergencies(cases))
        out.emplace_back(json::Object{
            {"case", item.seen->state.id.str()},
            {"requesting", item.seen->state.opening.requesting.str()},
            {item.lapsed ? "lapsed" : "due", to_text(item.due)},
            {"overdue", item.lapsed || item.due < now},
            {"produced", item.produced},
            {"reviewed", item.reviewed}});
    return out;
}

json::Array answer_notices(const std::vector<SeenCase>& cases, Instant now) {
    json::Array out;
    for (const auto& seen : cases)
        if (const auto due = owed_by(seen, "notify"))
            out.emplace_back(json::Object{
                {"case", seen.state.id.str()},
                {"requesting", seen.state.opening.requesting.str()},
                {"due", to_text(*due)},
                {"overdue", *due < now},
                {"deferrals",
                 std::count_if(seen.acts.begin(), seen.acts.end(), [](const auto& act) {
                     return act.kind == "defer-notice";
                 })}});
    return out;
}

json::Array answer_refusals(const std::vector<SeenCase>& cases, Instant since) {
    json::Array out;
    for (const auto& [pair, row] : decisions(cases, since))
        out.emplace_back(json::Object{
            {"partners", pair},
            {"decided", static_cast<std::int64_t>(row.decided)},
            {"refused", static_cast<std::int64_t>(row.refused)}});
    return out;
}

// Cases in which the person is told later than so many days after the data was produced.
json::Array answer_deferrals(const std::vector<SeenCase>& cases, std::chrono::days over) {
    json::Array out;
    for (const auto& seen : cases) {
        const auto* produced = latest(seen, "produce");
        const auto* given = latest(seen, "notify");
        const auto due = owed_by(seen, "notify");
        if (!produced || (!given && !due)) continue;
        const Instant told = given ? given->admitted : *due;
        if (told - produced->admitted <= over) continue;
        out.emplace_back(json::Object{
            {"case", seen.state.id.str()},
            {"requesting", seen.state.opening.requesting.str()},
            {"produced", to_text(produced->admitted)},
            {given ? "notified" : "due", to_text(told)},
            {"days",
             std::chrono::duration_cast<std::chrono::days>(told - produced->admitted).count()}});
    }
    return out;
}

json::Array answer_dwell(const std::vector<SeenCase>& cases, Instant since) {
    json::Array out;
    for (const auto& [who, times] : dwell_times(cases, since)) {
        const auto& [participant, role, person] = who;
        out.emplace_back(json::Object{
            {"participant", participant},
            {"role", role},
            {"person", person},
            {"decisions", static_cast<std::int64_t>(times.size())},
            {"median_seconds", median(times).count()},
            {"shortest_seconds", times.front().count()}});
    }
    return out;
}

json::Array answer_ceiling(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now) {
    json::Array out;
    const auto& rule = directory.rules().extraordinary;
    for (const auto& [country, count] : opened_extraordinary(cases, directory, now))
        out.emplace_back(json::Object{
            {"country", country},
            {"opened", count},
            {"ceiling", rule->ceiling_cases},
            {"days", rule->ceiling_days},
            {"sunset", to_text(rule->sunset)}});
    return out;
}

json::Array answer_inspections(const std::vector<SeenCase>& cases, Instant since) {
    json::Array out;
    for (const auto& seen : cases)
        for (const auto& act : seen.acts) {
            if (act.kind != "inspect" || act.admitted < since) continue;
            json::Array names;
            for (const auto& hash : act.names)
                for (const auto& other : seen.acts)
                    if (other.hash == hash) names.emplace_back(other.kind);
            out.emplace_back(json::Object{
                {"case", seen.state.id.str()},
                {"body", act.performer.str()},
                {"person", act.person.str()},
                {"at", to_text(act.admitted)},
                {"acts", std::move(names)}});
        }
    return out;
}

// ---- cases for an answer

constexpr std::array<std::string_view, 8> subjects{
    "cases", "emergencies", "notices", "refusals", "deferrals", "dwell", "ceiling", "inspections"};

bool asked_of(const SeenCase& seen, const CaseQuery& query) {
    const auto& opening = seen.state.opening;
    const auto is = [](const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    };
    return is(query.procedure, seen.state.procedure) && is(query.category, opening.category) &&
           is(query.requesting, opening.requesting.str()) &&
           is(query.requested, opening.requested.str());
}

class Search {
public:
    Search(
        const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
        const CaseQuery& query)
        : cases_(cases), directory_(directory), now_(now), query_(query) {}

    std::vector<FoundCase> run() {
        const auto& about = query_.about;
        if (about == "emergencies")
            for_emergencies();
        else if (about == "refusals")
            for_refusals();
        else if (about == "ceiling")
            for_ceiling();
        else
            for (const auto& seen : cases_)
                look_at(seen);
        std::sort(out_.begin(), out_.end(), [](const FoundCase& a, const FoundCase& b) {
            return std::tie(b.at, a.seen->state.id) < std::tie(a.at, b.seen->state.id);
        });
        return std::move(out_);
    }

private:
    [[nodiscard]] Instant since() const { return now_ - std::chrono::days{query_.days}; }

    void found(const SeenCase& seen, Instant at, Said why) {
        if (asked_of(seen, query_)) out_.push_back({&seen, at, std::move(why)});
    }

    void look_at(const SeenCase& seen) {
        if (query_.about == "cases") {
            if (!seen.acts.empty() && seen.acts.front().admitted >= since())
                found(seen, seen.acts.front().admitted, say("opened then"));
        } else if (query_.about == "notices") {
            if (const auto due = owed_by(seen, "notify"))
                found(
                    seen, *due,
                    *due < now_ ? say("the notice is overdue") : say("the notice is owed"));
        } else if (query_.about == "deferrals") {
            for_deferral(seen);
        } else if (query_.about == "dwell") {
            for_dwell(seen);
        } else if (query_.about == "inspections") {
            for (auto at = seen.acts.rbegin(); at != seen.acts.rend(); ++at)
                if (at->kind == "inspect" && at->admitted >= since())
                    return found(
                        seen, at->admitted,
                        say("{} of {} looked", at->person.str(), at->performer.str()));
        }
    }

    void for_emergencies() {
        for (const auto& item : emergencies(cases_))
            found(
                *item.seen, item.due,
                item.lapsed       ? say("no judge decided in time, and the authorisation lapsed")
                : item.due < now_ ? say("the judge's decision is overdue")
                                  : say("the judge's decision is owed"));
    }

    void for_refusals() {
        const auto all = decisions(cases_, since());
        for (const auto& seen : cases_) {
            const auto* decision = first_decision(seen);
            if (!decision || !refuses(*decision) || decision->admitted < since()) continue;
            const auto& row = all.at(pair_of(seen));
            found(
                seen, decision->admitted,
                say("refused; {} of {} of this pair were", row.refused, row.decided));
        }
    }

    void for_deferral(const SeenCase& seen) {
        const auto* produced = latest(seen, "produce");
        const auto* given = latest(seen, "notify");
        const auto due = owed_by(seen, "notify");
        if (!produced || (!given && !due)) return;
        const Instant told = given ? given->admitted : *due;
        if (told - produced->admitted <= std::chrono::days{query_.days}) return;
        const auto days =
            std::chrono::duration_cast<std::chrono::days>(told - produced->admitted).count();
        found(
            seen, told,
            given ? say("told {} days after the data was produced", days)
                  : say("to be told {} days after the data was produced", days));
    }

    void for_dwell(const SeenCase& seen) {
        for (auto at = seen.acts.rbegin(); at != seen.acts.rend(); ++at) {
            if (at->person.empty() || !approves(at->kind) || at->admitted < since()) continue;
            const auto took = std::chrono::duration_cast<Duration>(at->sealed - at->prepared);
            if (took < AlarmLimits{}.dwell)
                return found(
                    seen, at->admitted,
                    say("{} by {} after {}", Said::act(at->kind), at->person.str(), seconds(took)));
        }
    }

    void for_ceiling() {
        const auto& rule = directory_.rules().extraordinary;
        if (!rule) return;
        for (const auto& seen : cases_) {
            if (!is_extraordinary(seen) || seen.acts.empty() ||
                seen.acts.front().admitted < rule->counted_from(now_))
                continue;
            found(
                seen, seen.acts.front().admitted,
                say("counts towards {} in {} days", rule->ceiling_cases, rule->ceiling_days));
        }
    }

    const std::vector<SeenCase>& cases_;
    const directory::Directory& directory_;
    Instant now_;
    const CaseQuery& query_;
    std::vector<FoundCase> out_;
};

} // namespace

Result<CaseQuery> CaseQuery::from(const json::Object& members) {
    CaseQuery out;
    constexpr std::size_t name_most = 64;
    for (const auto& [name, value] : members) {
        if (!value.is_string() || value.as_string().size() > name_most)
            return refuse(Code::json_malformed, say("a question's members are short texts"));
        std::string text(value.as_string());
        if (name == "about") {
            if (std::find(subjects.begin(), subjects.end(), text) == subjects.end())
                return refuse(Code::json_malformed, say("no question is about {}", text));
            out.about = std::move(text);
        } else if (name == "days") {
            const auto days = whole_number(text, 5);
            if (!days) return refuse(Code::json_malformed, say("days is a number of days"));
            out.days = *days;
        } else if (name == "procedure") {
            out.procedure = std::move(text);
        } else if (name == "category") {
            out.category = std::move(text);
        } else if (name == "requesting") {
            out.requesting = std::move(text);
        } else if (name == "requested") {
            out.requested = std::move(text);
        } else {
            return refuse(
                Code::json_malformed,
                say("a question has about, days, procedure, category, requesting and requested"));
        }
    }
    return out;
}

std::vector<FoundCase> find_cases(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const CaseQuery& query) {
    return Search(cases, directory, now, query).run();
}

std::vector<Alarm> alarms(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const AlarmLimits& limits) {
    std::vector<Alarm> out;
    for (const auto& item : emergencies(cases)) {
        if (item.reviewed || (!item.lapsed && item.due >= now)) continue;
        out.push_back(
            {"emergency-without-judge", item.seen->state.id,
             item.seen->state.opening.requesting.str(), item.due,
             item.lapsed ? say("no judge decided in time, and the authorisation lapsed")
                         : say("the judge's decision is overdue")});
    }
    for (const auto& seen : cases)
        overdue_alarms(seen, now, out);
    add_refusals(cases, now, limits, out);
    add_dwell(cases, now, limits, out);
    add_ceiling(cases, directory, now, limits, out);
    std::sort(out.begin(), out.end(), [](const Alarm& a, const Alarm& b) {
        return std::tie(a.kind, a.since, a.case_id, a.about) <
               std::tie(b.kind, b.since, b.case_id, b.about);
    });
    return out;
}

Result<json::Array> ask(
    const std::vector<SeenCase>& cases, const directory::Directory& directory, Instant now,
    const Question& question) {
    const std::chrono::days days{question.days};
    const Instant since = now - days;
    if (question.name == "emergencies") return answer_emergencies(cases, now);
    if (question.name == "notices") return answer_notices(cases, now);
    if (question.name == "refusals") return answer_refusals(cases, since);
    if (question.name == "deferrals") return answer_deferrals(cases, days);
    if (question.name == "dwell") return answer_dwell(cases, since);
    if (question.name == "ceiling") return answer_ceiling(cases, directory, now);
    if (question.name == "inspections") return answer_inspections(cases, since);
    return refuse(
        Code::not_found,
        say("the question {}; there are emergencies, notices, refusals, deferrals, dwell, ceiling "
            "and inspections",
            question.name));
}

} // namespace comity::node
