// The routes of the control socket for oversight bodies.
#include "base/limits.hpp"
#include "base/number.hpp"
#include "http/control_routes.hpp"
#include "node/compare_records.hpp"
#include "node/oversee.hpp"
#include "node/statistics.hpp"

#include <fmt/format.h>

namespace comity::http {

namespace {

Response answer(const Result<json::Object>& result) {
    if (!result) return problem(result.error());
    return json_response(200, *result);
}

json::Object describe(const node::Alarm& alarm) {
    json::Object out{{"kind", alarm.kind}, {"about", alarm.about}, {"text", alarm.text.text()}};
    if (alarm.case_id) out["case"] = alarm.case_id->str();
    if (alarm.since) out["since"] = to_text(*alarm.since);
    return out;
}

Result<json::Object> list_alarms(Services& s, const Request&) {
    TRY(const auto directory, s.node.directory());
    json::Array out;
    for (const auto& alarm : node::alarms(node::seen_cases(s.node), *directory, s.node.now()))
        out.emplace_back(describe(alarm));
    return json::Object{{"alarms", std::move(out)}};
}

Result<json::Object> ask_question(Services& s, const Request& request) {
    TRY(const auto directory, s.node.directory());
    node::Question question;
    question.name = request.param("question");
    const auto days = whole_number(request.query_if("days").value_or("90"), 5);
    if (!days) return refuse(Code::not_found, say("days is a number of days"));
    question.days = *days;
    TRY(auto rows, node::ask(node::seen_cases(s.node), *directory, s.node.now(), question));
    return json::Object{
        {"question", question.name}, {"days", question.days}, {"rows", std::move(rows)}};
}

Result<Instant> day_member(json::Reader& in, std::string_view name) {
    const auto day = day_from(in.string(name));
    if (!day) return refuse(Code::proof_malformed, say("{} is not a day", name));
    return *day;
}

// {"from", "until", "count", "seeds"}: the days from the first on and before the second. Without
// seeds the checkpoints that the others show now are asked for.
Result<json::Object> draw_sample(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::catch_up_bytes));
    json::Reader in{object, "sample"};
    node::SampleOrder order;
    TRY(order.from, day_member(in, "from"));
    TRY(order.until, day_member(in, "until"));
    const auto count = in.integer("count");
    order.seeds = in.strings_if("seeds");
    TRY_VOID(in.done());
    if (count < 1) return refuse(Code::proof_malformed, say("count is a number from 1 on"));
    order.count = static_cast<std::uint64_t>(count);
    if (order.seeds.empty()) order.seeds = node::fetch_seeds(s.node);
    TRY(const auto sample, node::draw_sample(s.node, order));
    return json::parse_object(sample.print(), limits::catch_up_bytes);
}

Result<json::Object> show_sampled(Services& s, const Request& request) {
    TRY(const auto sample, record::Sample::parse(request.body));
    TRY(auto acts, node::sampled_acts(s.node, sample));
    return json::Object{{"acts", std::move(acts)}};
}

// {"first", "second", "from", "until"}: two participants, and days as for a sample.
Result<json::Object> compare(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "comparison"};
    node::ComparisonOrder order;
    order.first = ParticipantId(in.string("first"));
    order.second = ParticipantId(in.string("second"));
    TRY(order.from, day_member(in, "from"));
    TRY(order.until, day_member(in, "until"));
    TRY_VOID(in.done());
    TRY(const auto comparison, node::compare_records(s.node, order));
    return node::print_comparison(comparison, "en");
}

// The report of a class and a quarter that has ended, from this node's record.
Result<json::Object> report(Services& s, const Request& request) {
    return node::make_statistics(
        s.node, request.query_if("class").value_or(""), request.query_if("period").value_or(""));
}

} // namespace

void add_oversight(Router& router, Services& s) {
    using Handler = Result<json::Object> (*)(Services&, const Request&);
    const auto add = [&](std::string method, std::string pattern, std::size_t body,
                         std::string summary, Handler handler) {
        router.add(
            {std::move(method), "/control/v1/oversight" + std::move(pattern), Who::local, body,
             std::move(summary), [&s, handler](const Request& request) {
                 return answer(handler(s, request));
             }});
    };
    router.add(
        {"GET", "/control/v1/statistics", Who::local, 0,
         "A quarter's report that anybody can check", [&s](const Request& request) {
             return answer(report(s, request));
         }});
    add("GET", "/alarms", 0, "What an oversight body has to look at", list_alarms);
    add("GET", "/questions/{question}", 0, "A saved question over the headers of all cases",
        ask_question);
    add("POST", "/samples", limits::catch_up_bytes, "Draw a sample of this node's record",
        draw_sample);
    add("POST", "/comparisons", limits::act_header_bytes,
        "What the records of two participants hold of their common cases", compare);
    add("POST", "/samples/acts", limits::catch_up_bytes, "The acts that a sample drew",
        show_sampled);
}

} // namespace comity::http
