// The assessment beside a form as it grows, the check of selectors, and the findings of a case.
#include "act/opening.hpp"
#include "api/assessed.hpp"
#include "api/case_view.hpp"
#include "api/names.hpp"
#include "assess/selector_line.hpp"
#include "base/limits.hpp"
#include "law/terms.hpp"

#include <fmt/format.h>

namespace comity::limits {

// Lines of one paste: ten times what a grid holds, so that a list can be pasted before it is cut.
inline constexpr std::size_t pasted_lines = 2'000;
inline constexpr std::size_t pasted_line_bytes = 2'048;

} // namespace comity::limits

namespace comity::api {

namespace {

Result<json::Object> assess(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "assessment"};
    const auto form = in.string("form");
    const auto procedure = in.string("procedure");
    const auto& opening_object = in.object("opening");
    const auto& fields = in.object("fields");
    const auto on = in.string_if("date");
    TRY_VOID(in.done());
    TRY(auto opening, act::read_opening(opening_object));
    if (!law::category_from(opening.category))
        return refuse(
            Code::json_malformed, say("opening: category is none of the data categories"));
    Instant date = api.node().now();
    if (on) {
        const auto day = day_from(*on);
        if (!day) return refuse(Code::json_malformed, say("date is a day: YYYY-MM-DD"));
        date = *day;
    }
    TRY(const auto directory, api.node().directory());
    Result<node::Assessed> assessed = refuse(Code::form_unknown, form);
    api.node().store().read([&](node::StoreReader& reader) {
        assessed = node::assess_draft(
            api.node(), reader,
            {*directory, procedure, form, std::move(opening), fields, date,
             call.session.trained_until});
    });
    TRY(const auto whole, std::move(assessed));
    return print_assessed(whole, api.node().law().pack().digest(), date, language_of(call.request));
}

http::Response assess_draft(Api& api, const Call& call) {
    return answer(assess(api, call));
}

// As the refusal would travel by itself: the line's own problem details.
json::Object problem_of(const Refusal& refusal, std::string_view language) {
    auto parsed =
        json::parse_object(http::problem_in(refusal, language).body, limits::act_header_bytes);
    CHECK_THAT(parsed.has_value());
    return std::move(*parsed);
}

json::Object check_line(
    std::string_view line, std::size_t number, const assess::LineHints& hints,
    std::string_view language) {
    json::Object out{{"line", static_cast<std::int64_t>(number)}, {"text", line}};
    if (line.size() > limits::pasted_line_bytes) {
        out["text"] = "";
        out["problem"] = problem_of(
            {Code::too_large, say("the line has {} bytes", line.size()), {}, {}, {}}, language);
        return out;
    }
    const auto selector = assess::read_line(line, hints);
    if (selector)
        out["selector"] = assess::print_selector(*selector);
    else
        out["problem"] = problem_of(selector.error(), language);
    return out;
}

// Each line answers for itself; empty ones are passed over, and keep their number.
Result<json::Object> check_lines(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "selectors"};
    const auto text = in.string("text");
    const assess::LineHints hints{
        in.string_if("type").value_or(""), in.string_if("namespace").value_or("")};
    TRY_VOID(in.done());
    json::Array lines;
    std::size_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
            line.remove_prefix(1);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
            line.remove_suffix(1);
        if (line.empty()) continue;
        if (lines.size() == limits::pasted_lines)
            return refuse(Code::too_large, say("more than {} lines", limits::pasted_lines));
        lines.emplace_back(check_line(line, number, hints, language_of(call.request)));
    }
    return json::Object{{"lines", std::move(lines)}};
}

http::Response check_selectors(Api&, const Call& call) {
    return answer(check_lines(call));
}

// Whoever may not read the whole request, as a provider, gets no findings on it: they would tell
// what the parts that were kept from him say (X6).
Result<json::Object> case_assessment(Api& api, const Call& call) {
    TRY(const auto seen, see(api, call));
    const auto assessed = assess_for(api.node(), *seen.directory, seen.state, {});
    if (!assessed) return unknown(call);
    return print_assessed(
        *assessed, api.node().law().pack().digest(), api.node().now(), language_of(call.request));
}

http::Response get_case_assessment(Api& api, const Call& call) {
    return answer(case_assessment(api, call));
}

} // namespace

void add_assess_operations(Handlers& handlers) {
    handlers["assess"] = assess_draft;
    handlers["checkSelectors"] = check_selectors;
    handlers["getCaseAssessment"] = get_case_assessment;
}

} // namespace comity::api
