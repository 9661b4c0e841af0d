// A central authority or provider at a glance: overview, partners, deferrals, statistics.
#include "act/seal.hpp"
#include "api/api.hpp"
#include "api/drafts.hpp"
#include "api/names.hpp"
#include "api/rows.hpp"
#include "api/sightings.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/said_json.hpp"
#include "node/check_rights.hpp"
#include "node/count_cases.hpp"
#include "node/deliver_outbox.hpp"
#include "node/drill.hpp"
#include "node/gate.hpp"
#include "node/gate_refusals.hpp"
#include "node/hands.hpp"
#include "node/oversee.hpp"
#include "node/tell_people.hpp"
#include "node/tell_systems.hpp"
#include "node/try_partner.hpp"
#include "node/worklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace comity::api {

namespace {

using By = node::WorkRange::By;

constexpr std::size_t stuck_shown = 20;
constexpr int months_figured = 3; // about ninety days
constexpr int months_usual = 12;
constexpr int months_most = 120;
constexpr std::size_t accounts_shown = 3;

// ---- months, as 2026-11

Result<std::chrono::year_month> month_from(const std::string& text) {
    const auto day = text.size() == 7 ? day_from(text + "-01") : std::nullopt;
    if (!day) return refuse(Code::json_malformed, say("from and to are months: YYYY-MM"));
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(*day)};
    return std::chrono::year_month{date.year(), date.month()};
}

std::string text_of(std::chrono::year_month month) {
    return fmt::format(
        "{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

std::chrono::year_month month_of(Instant at) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    return {date.year(), date.month()};
}

// ---- overview

json::Value figure(
    std::string_view id, std::int64_t value, std::string_view unit, std::string_view query = {}) {
    json::Object out{{"id", id}, {"value", value}, {"unit", unit}};
    if (!query.empty()) out["query"] = query;
    return out;
}

std::size_t keys_ending_soon(const directory::Directory& directory, Instant now) {
    std::size_t count = 0;
    each_certificate(directory, [&](const auto&, std::string_view, const auto& pinned) {
        const auto end = end_of(pinned);
        if (!pinned.distrusted_from && now < end && now + key_ends_soon >= end) ++count;
    });
    return count;
}

// What the last months' cases came to, all partners together.
void add_course(node::StoreReader& reader, Instant now, json::Array& figures) {
    std::map<std::int64_t, std::int64_t> days;
    std::int64_t in_time = 0;
    std::int64_t late = 0;
    for (int back = 0; back < months_figured; ++back)
        for (const auto& line : node::counts_of_month(
                 reader, text_of(month_of(now) - std::chrono::months{back}), nullptr,
                 limits::work_counted)) {
            for (const auto& [day, count] : line.days)
                days[day] += count;
            in_time += line.in_time;
            late += line.late;
        }
    if (const auto share = node::per_cent_in_time(in_time, late))
        figures.push_back(figure("on-time", *share, "percent"));
    if (const auto median = node::median_days(days))
        figures.push_back(figure("median", *median, "days"));
}

json::Object ages(node::StoreReader& reader, Instant now) {
    const auto between = [&](std::optional<int> oldest, std::optional<int> youngest) {
        node::WorkRange range;
        range.by = By::opened;
        if (oldest) range.from = now - std::chrono::days{*oldest};
        if (youngest) range.before = now - std::chrono::days{*youngest};
        return reader.count_work({}, range, limits::work_counted);
    };
    return {
        {"week", between(7, std::nullopt)},
        {"month", between(30, 7)},
        {"quarter", between(90, 30)},
        {"longer", between(std::nullopt, 90)}};
}

// The exception under which a country goes straight to a provider: how near it is to its ceiling,
// and how many countries stand at theirs, where it pauses by itself (E5).
json::Object extraordinary(Api& api) {
    json::Object out;
    std::int64_t paused = 0;
    std::int64_t near = 0;
    for (const auto& use : node::route_use(api.node())) {
        if (use.paused())
            ++paused;
        else if (use.near())
            ++near;
        if (use.requesting != api.node().self()) continue;
        out["used"] = use.opened;
        out["ceiling"] = use.ceiling;
    }
    if (paused > 0) out["paused"] = paused;
    if (near > 0) out["near"] = near;
    return out;
}

// When a back-up was last restored to see whether it can be.
json::Object drill_json(const std::optional<node::Drill>& drill, Instant now) {
    if (!drill) return {{"due", true}};
    return {
        {"due", now - drill->drilled >= node::drill_beat},
        {"drilled", to_text(drill->drilled)},
        {"backup", to_text(drill->backup)},
        {"took", drill->took.count()},
        {"leaves", static_cast<std::int64_t>(drill->size)},
        {"cases", drill->cases}};
}

// As a machine of the house's own would tell it; the file is sealed, and says all there is.
http::Response take_down_drill(Api& api, const Call& call) {
    const auto body = call.body();
    if (!body) return http::problem(body.error());
    json::Reader in{*body, "drill"};
    const auto sealed = in.string("sealed");
    if (const auto done = in.done(); !done) return http::problem(done.error());
    const auto taken = node::take_down_drill(api.node(), api.services.record, sealed);
    if (!taken) return http::problem(taken.error());
    return answer(drill_json(*taken, api.node().now()));
}

// What the gate refused in a week: by whom it was sent and why.
json::Object refused_in_week(
    Api& api, const directory::Directory& directory, Instant week, std::string_view language) {
    json::Array lines;
    std::int64_t times = 0;
    for (const auto& row : node::gate_refusals_of(api.node(), week)) {
        times += row.times;
        const auto* entry = refusal_entry(row.code);
        lines.emplace_back(json::Object{
            {"participant", row.participant.str()},
            {"participant_name", name_of(directory, row.participant, language)},
            {"code", row.code},
            {"rule", entry ? said(entry->rule, {}).in(language) : row.code},
            {"times", row.times}});
    }
    return {{"from", to_text(week)}, {"times", times}, {"lines", std::move(lines)}};
}

http::Response get_overview(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const Instant now = api.node().now();
    const Instant tomorrow =
        std::chrono::floor<std::chrono::days>(now) + Milliseconds{std::chrono::days{1}};
    json::Array figures;
    json::Object by_age;
    json::Object returned;
    json::Array stuck;
    const auto language = language_of(call.request);
    std::vector<node::WorkRow> rows;
    std::optional<node::Drill> drill;
    api.node().store().read([&](node::StoreReader& reader) {
        drill = node::last_drill(reader);
        const auto count = [&](const node::WorkFilter& filter, const node::WorkRange& range) {
            return static_cast<std::int64_t>(
                reader.count_work(filter, range, limits::work_counted));
        };
        node::WorkFilter open;
        open.state = "open";
        figures.push_back(figure("open", count(open, {}), "count", "state=open"));
        figures.push_back(
            figure("today", count({}, {By::due, now, tomorrow}), "count", "due=today"));
        figures.push_back(figure("late", count({}, {By::due, {}, now}), "count", "due=late"));
        // Where the house says at all whose hands its cases are in.
        if (!reader.caseloads({}, 1).empty())
            figures.push_back(figure(
                "nobodys", static_cast<std::int64_t>(node::open_in_nobodys(reader)), "count",
                "state=open&hands=nobody"));
        add_course(reader, now, figures);
        std::int64_t waiting = 0;
        std::int64_t failed = 0;
        for (const auto& row : reader.outbox(limits::work_counted))
            ++(row.failed ? failed : waiting);
        figures.push_back(figure("waiting", waiting, "count"));
        figures.push_back(figure("failed", failed, "count"));
        const auto systems = node::webhook_states(api.node(), reader);
        const auto unheard = std::count_if(systems.begin(), systems.end(), [](const auto& one) {
            return one.attempts > 0 || one.missed > 0;
        });
        if (!systems.empty()) figures.push_back(figure("unheard", unheard, "count"));
        if (api.node().settings().mail.on)
            figures.push_back(figure(
                "mail", static_cast<std::int64_t>(node::mail_given_up(api.node(), reader)),
                "count"));
        const auto published = static_cast<std::int64_t>(api.services.record.size());
        figures.push_back(
            figure("record", std::max<std::int64_t>(reader.leaf_count() - published, 0), "count"));
        by_age = ages(reader, now);
        for (const auto& [reason, times] : node::returned_in(reader, to_text(now).substr(0, 4)))
            returned[reason] = times;
        rows = reader.work({}, {By::stuck, {}, now + Milliseconds{1}}, {}, stuck_shown);
    });
    figures.push_back(
        figure("keys", static_cast<std::int64_t>(keys_ending_soon(**directory, now)), "count"));
    for (const auto& row : rows)
        stuck.emplace_back(work_item(api, call, row, {**directory, language, now}));
    return answer(json::Object{
        {"figures", std::move(figures)},
        {"by_age", std::move(by_age)},
        {"returned", std::move(returned)},
        {"extraordinary", extraordinary(api)},
        {"drill", drill_json(drill, now)},
        {"refused",
         json::Object{
             {"this_week", refused_in_week(api, **directory, node::week_of(now), language)},
             {"last_week",
              refused_in_week(
                  api, **directory, node::week_of(now) - std::chrono::weeks{1}, language)}}},
        {"stuck", std::move(stuck)}});
}

// ---- partners

// What the last test of a partner came to; in the node's own settings.
std::string tested_setting(const ParticipantId& id) {
    return "tested:" + id.str();
}

struct Tested {
    Instant at;
    Said problem; ///< empty: it answered
};

std::optional<Tested> last_test(node::StoreReader& reader, const ParticipantId& id) {
    const auto stored = reader.setting(tested_setting(id));
    if (!stored) return std::nullopt;
    const auto space = stored->find(' ');
    const auto at = instant_from(stored->substr(0, space));
    if (!at) throw Fault("the result of a partner's test is not readable");
    if (space == std::string::npos) return Tested{*at, {}};
    const auto problem = json::parse(stored->substr(space + 1), limits::act_header_bytes);
    auto told = problem ? said_from(*problem) : std::nullopt;
    // What an older program wrote of it stands as it is.
    return Tested{*at, told ? std::move(*told) : Said::value(stored->substr(space + 1))};
}

http::Response list_partners(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto language = language_of(call.request);

    struct Waiting {
        std::size_t rows = 0;
        Said problem; ///< of the first that was tried in vain
    };

    std::map<ParticipantId, Waiting> waiting;
    std::map<ParticipantId, Tested> tested;
    std::map<ParticipantId, Instant> answered;
    api.node().store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.outbox(limits::work_counted)) {
            auto& there = waiting[row.destination];
            ++there.rows;
            if (there.problem.empty() && !row.failed) there.problem = row.problem;
        }
        for (const auto& participant : (*directory)->participants()) {
            if (auto test = last_test(reader, participant.id))
                tested.emplace(participant.id, std::move(*test));
            if (const auto at = node::last_answered(reader, participant.id))
                answered.emplace(participant.id, *at);
        }
    });
    json::Array items;
    for (const auto& participant : (*directory)->participants()) {
        if (participant.id == api.node().self()) continue;
        const auto& there = waiting[participant.id];
        const auto test = tested.find(participant.id);
        const auto taken = answered.find(participant.id);
        // Whatever came later says more: a test, or that it took what was sent.
        std::optional<Instant> contact;
        if (taken != answered.end()) contact = taken->second;
        Said problem = there.problem;
        if (test != tested.end()) {
            const auto& [at, found] = test->second;
            if (found.empty())
                contact = std::max(contact.value_or(at), at);
            else if (problem.empty() && (!contact || *contact <= at))
                problem = found;
        }
        const auto cause = problem.in(language);
        json::Object item{
            {"id", participant.id.str()},
            {"name", name_in(participant.names, language, participant.id.str())},
            {"kind", kind_name(participant.kind)},
            {"state", !cause.empty() ? "unreachable"
                      : contact      ? "reachable"
                                     : "unknown"},
            {"waiting", there.rows}};
        if (!participant.country.empty()) item["country"] = participant.country;
        if (!cause.empty()) item["cause"] = cause;
        if (contact) item["last_contact"] = to_text(*contact);
        if (!cause.empty() && test != tested.end() && !test->second.problem.empty())
            item["since"] = to_text(test->second.at);
        items.emplace_back(std::move(item));
    }
    return answer(json::Object{{"items", std::move(items)}});
}

constexpr std::array<std::string_view, 7> step_names{
    "name", "connect", "certificate", "directory", "law-pack", "clock", "receipt"};

/// The steps of a test: passed up to the one that failed, the rest not tried.
struct Steps {
    std::array<std::string_view, 7> outcome{"skipped", "skipped", "skipped", "skipped",
                                            "skipped", "skipped", "skipped"};
    std::array<Said, 7> detail;
    Said problem;

    void pass_until(std::size_t step) { std::fill_n(outcome.begin(), step, "passed"); }

    void fail(std::size_t step, Said why) {
        outcome.at(step) = "failed";
        detail.at(step) = why;
        if (problem.empty()) problem = std::move(why);
    }
};

// How far a call came, by what the client says of it.
std::size_t reached(std::string_view problem) {
    if (problem.find("the name ") != std::string_view::npos) return 0;
    if (problem.find("certificate") != std::string_view::npos ||
        problem.find("TLS") != std::string_view::npos)
        return 2;
    return 1;
}

// How far it came, and behind it what the client says.
Said unreached(std::size_t step, const Said& problem) {
    if (step == 0) return say("its name was not found: {}", problem);
    if (step == 2) return say("no secure connection was made: {}", problem);
    return say("it did not answer: {}", problem);
}

// What the other node says of itself, beside what stands here.
void compare(Api& api, const ParticipantId& id, const json::Object& ping, Steps& steps) {
    const auto text = [&](std::string_view name) {
        const auto* value = ping.if_contains(name);
        return value && value->is_string() ? std::string(value->as_string()).substr(0, 100)
                                           : std::string();
    };
    const auto* version = ping.if_contains("directory");
    const auto directory = api.node().directory();
    const std::int64_t here = directory ? (*directory)->version() : 0;
    steps.pass_until(3);
    if (text("participant") != id.str()) {
        steps.fail(3, say("it says that it is {}", text("participant")));
        return;
    }
    if (!version || !version->is_int64() || version->as_int64() != here)
        steps.fail(
            3, say("its directory is version {}, here it is {}",
                   version && version->is_int64() ? Said::value(std::to_string(version->as_int64()))
                                                  : say("unknown"),
                   here));
    else
        steps.outcome[3] = "passed";
    if (text("law_pack") == api.node().law().pack().digest())
        steps.outcome[4] = "passed";
    else
        steps.fail(4, say("its law pack is {}", text("law_pack")));
    const auto time = instant_from(text("time"));
    const auto now = api.node().now();
    const auto apart = time ? std::chrono::abs(*time - now) : Milliseconds::max();
    if (apart <= limits::clock_difference)
        steps.outcome[5] = "passed";
    else
        steps.fail(
            5, time ? say("its clock is {} s off", apart.count() / 1000)
                    : say("it does not tell its time"));
}

// Sealed and receipted as acts are, and no act: an act in the record is for good.
Result<void> exchange_test(Api& api, const ParticipantId& id) {
    TRY(const auto message, node::make_test(api.node(), id));
    Said problem;
    const auto got = api.node().peers().call(
        id, {"POST", "/exchange/v1/test", {}, message, "application/jose+json"}, problem);
    if (!got) return refuse(Code::peer_away, unreached(reached(problem.text()), problem));
    const auto body = json::parse_object(got->body, limits::act_seal_bytes * 2);
    const auto member = [&](std::string_view name) {
        const auto* value = body ? body->if_contains(name) : nullptr;
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    if (got->status != 200)
        return refuse(
            Code::not_allowed,
            say("it answered with status {} {}", got->status, member("code").substr(0, 100)));
    return node::check_test_receipt(api.node(), id, message, member("receipt"));
}

// A call to the node that the directory names, over the connection that acts take; to nowhere else.
http::Response test_partner(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const ParticipantId id(call.param("participant"));
    if (id == api.node().self() || !(*directory)->find(id))
        return http::problem(unknown(call).value());
    Steps steps;
    Said problem;
    const auto got = api.node().peers().call(id, {"GET", "/exchange/v1/ping", {}, {}, {}}, problem);
    if (!got) {
        const auto step = reached(problem.text());
        steps.pass_until(step);
        steps.fail(step, unreached(step, problem));
    } else {
        const auto ping = got->status == 200
                              ? json::parse_object(got->body, limits::act_header_bytes)
                              : Result<json::Object>(refuse(Code::not_found, ""));
        if (ping) {
            compare(api, id, *ping, steps);
            // Whoever says that it is somebody else is told no more.
            if (steps.outcome[5] != "skipped") {
                if (const auto done = exchange_test(api, id); done)
                    steps.outcome[6] = "passed";
                else
                    steps.fail(6, done.error().facts);
            }
        } else {
            steps.pass_until(3);
            steps.fail(3, say("it answered with status {}", got->status));
        }
    }
    const Instant now = api.node().now();
    api.node().store().write([&](node::StoreWriter& writer) {
        writer.put_setting(
            tested_setting(id),
            to_text(now) +
                (steps.problem.empty() ? "" : " " + json::print(said_value(steps.problem))));
    });
    api.node().log(
        "partner tested", {{"partner", id.str()},
                           {"person", call.session.person.str()},
                           {"passed", steps.problem.empty() ? "yes" : "no"}});
    json::Array list;
    for (std::size_t i = 0; i < step_names.size(); ++i)
        list.emplace_back(json::Object{
            {"step", step_names.at(i)},
            {"outcome", steps.outcome.at(i)},
            {"detail", steps.detail.at(i).in(language_of(call.request))}});
    return answer(json::Object{
        {"partner", id.str()},
        {"at", to_text(now)},
        {"passed", steps.problem.empty()},
        {"steps", std::move(list)}});
}

// ---- deferrals

std::string accounts_of(Api& api, node::StoreReader& reader, const casefile::Case& state) {
    for (const auto act : {"order", "authorise", "request"}) {
        const auto latest = state.latest.find(act);
        const auto row =
            latest == state.latest.end() ? std::nullopt : reader.find_act(latest->second);
        if (!row || !node::may_read(api.node(), reader, *row)) continue;
        const auto fields = node::readable_fields(api.node(), reader, *row);
        const auto* grid = fields ? fields->if_contains("grid") : nullptr;
        if (!grid || !grid->is_array()) continue;
        std::vector<std::string> accounts;
        for (const auto& line : grid->as_array()) {
            const auto* selector =
                line.is_object() ? line.as_object().if_contains("selector") : nullptr;
            const auto* value = selector && selector->is_object()
                                    ? selector->as_object().if_contains("value")
                                    : nullptr;
            if (!value || !value->is_string()) continue;
            std::string text(value->as_string());
            if (std::find(accounts.begin(), accounts.end(), text) == accounts.end())
                accounts.push_back(std::move(text));
        }
        const bool more = accounts.size() > accounts_shown;
        if (more) accounts.resize(accounts_shown);
        return fmt::format("{}{}", fmt::join(accounts, ", "), more ? ", …" : "");
    }
    return {};
}

// Who put the notice off: the court, by its name in the directory.
std::string court_of(
    const directory::Directory& directory, node::StoreReader& reader, const casefile::Case& state,
    std::string_view language) {
    const auto latest = state.latest.find("defer-notice");
    const auto row = latest == state.latest.end() ? std::nullopt : reader.find_act(latest->second);
    const auto sealed =
        row ? act::parse_sealed(row->seal) : Result<act::Sealed>(refuse(Code::not_found, ""));
    if (!sealed) return {};
    const auto* performer = directory.find(sealed->header.performer);
    const auto* office =
        performer ? directory::find_office(*performer, sealed->header.office) : nullptr;
    return office ? name_in(office->names, language, office->id.str())
                  : name_of(directory, sealed->header.performer, language);
}

http::Response list_deferrals(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    node::WorkRange range;
    range.by = By::seal_end;
    if (const auto until = call.request.query_if("until")) {
        const auto day = day_from(*until);
        if (!day)
            return http::problem(
                Refusal{Code::json_malformed, say("until is a day: YYYY-MM-DD"), {}, {}, {}});
        range.before = *day + std::chrono::days{1};
    }
    std::optional<node::WorkPlace> after;
    if (const auto text = call.request.query_if("after")) {
        auto place = read_place(*text);
        if (!place) return http::problem(place.error());
        after = std::move(*place);
    }
    const auto language = language_of(call.request);
    json::Array items;
    json::Object out;
    std::vector<CaseId> shown;
    api.node().store().read([&](node::StoreReader& reader) {
        auto rows = reader.work({}, range, after, *limit + 1);
        if (rows.size() > *limit) {
            rows.resize(*limit);
            out["next"] = print_place({rows.back().seal_end, rows.back().case_id});
        }
        for (const auto& row : rows) {
            const auto state = node::find_case(api.node(), reader, row.case_id);
            if (!state) continue;
            shown.push_back(row.case_id);
            const bool begun =
                has_draft_in_case(reader, call.session.office, row.case_id, "notify") ||
                has_draft_in_case(reader, call.session.office, row.case_id, "relay-notice");
            items.emplace_back(json::Object{
                {"case", row.case_id.str()},
                {"reference", node::reference_of(api.node(), row)},
                {"account", accounts_of(api, reader, *state)},
                {"ends", to_text(*row.seal_end)},
                {"by", court_of(**directory, reader, *state, language)},
                {"text_ready", begun}});
        }
    });
    // The accounts are what the cases are about.
    if (const auto noted = note_shown(api, call, shown); !noted)
        return http::problem(noted.error());
    out["items"] = std::move(items);
    return answer(std::move(out));
}

// ---- statistics

// The line after which a page goes on: month/partner/procedure/category.
Result<node::CaseCounts> read_line(const std::string& text) {
    node::CaseCounts out;
    std::array<std::string, 4> parts;
    std::size_t count = 0;
    for (const char c : text.substr(0, 400)) {
        if (c == '/')
            ++count;
        else if (count < parts.size())
            parts.at(count).push_back(c);
    }
    if (count != 3 || !month_from(parts[0]))
        return refuse(Code::json_malformed, say("after is what `next` of a page said"));
    out.month = parts[0];
    out.partner = ParticipantId(parts[1]);
    out.procedure = parts[2];
    out.category = parts[3];
    return out;
}

Result<json::Object> statistics(Api& api, const Call& call) {
    TRY(const auto directory, api.node().directory());
    TRY(const auto limit, call.limit());
    auto to = month_of(api.node().now());
    if (const auto text = call.request.query_if("to")) {
        TRY(to, month_from(*text));
    }
    auto from = to - std::chrono::months{months_usual - 1};
    if (const auto text = call.request.query_if("from")) {
        TRY(from, month_from(*text));
    }
    if (to - from >= std::chrono::months{months_most})
        return refuse(Code::too_large, say("statistics are of {} months at most", months_most));
    std::optional<node::CaseCounts> after;
    if (const auto text = call.request.query_if("after")) {
        TRY(after, read_line(*text));
        TRY(const auto month, month_from(after->month));
        to = std::min(to, month);
    }
    const auto language = language_of(call.request);
    std::vector<node::CaseCounts> lines;
    api.node().store().read([&](node::StoreReader& reader) {
        for (auto month = to; month >= from && lines.size() <= limit;
             month -= std::chrono::months{1}) {
            const auto name = text_of(month);
            const auto* place = after && after->month == name ? &*after : nullptr;
            for (auto& line : node::counts_of_month(reader, name, place, limit + 1 - lines.size()))
                lines.push_back(std::move(line));
        }
    });
    json::Object out;
    if (lines.size() > limit) {
        lines.resize(limit);
        const auto& last = lines.back();
        out["next"] = fmt::format(
            "{}/{}/{}/{}", last.month, last.partner.str(), last.procedure, last.category);
    }
    json::Array rows;
    for (const auto& line : lines) {
        json::Object row{
            {"month", line.month},
            {"partner", line.partner.str()},
            {"partner_name", name_of(*directory, line.partner, language)},
            {"procedure", line.procedure},
            {"category", line.category},
            {"received", line.received},
            {"sent", line.sent},
            {"refused", line.refused}};
        if (const auto median = node::median_days(line.days)) row["median_days"] = *median;
        if (const auto share = node::per_cent_in_time(line.in_time, line.late))
            row["on_time"] = *share;
        rows.emplace_back(std::move(row));
    }
    out["rows"] = std::move(rows);
    return out;
}

http::Response get_statistics(Api& api, const Call& call) {
    return answer(statistics(api, call));
}

} // namespace

void add_office_operations(Handlers& handlers) {
    handlers["getOverview"] = get_overview;
    handlers["takeDownDrill"] = take_down_drill;
    handlers["listPartners"] = list_partners;
    handlers["testPartner"] = test_partner;
    handlers["listDeferrals"] = list_deferrals;
    handlers["getStatistics"] = get_statistics;
}

} // namespace comity::api
