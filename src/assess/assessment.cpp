// All tests in their order, and the table of which act requires which.
#include "assess/assessment.hpp"

#include "assess/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

using TestFunction = Finding (*)(const Matter&);

// In the order of test_table().
constexpr std::array<TestFunction, all_tests> functions{
    complete,
    instrument,
    dual_criminality,
    grounds_of_refusal,
    seriousness,
    connection,
    competent_authority,
    specific,
    necessary,
    notice_and_remedy,
    retention_and_use,
    languages,
    recipient,
    listed_crime,
    urgency,
    demonstrated_interest,
    no_third_left_out,
    within_ceiling};

constexpr std::array<std::string_view, 8> authorise_met{"F1", "F2", "F5",  "F7",
                                                        "F8", "F9", "F10", "F11"};
constexpr std::array<std::string_view, 4> authorise_answer{"F3", "F4", "F6", "F12"};
constexpr std::array<std::string_view, 10> transmit_met{"F1", "F2", "F3",  "F5",  "F7",
                                                        "F8", "F9", "F10", "F11", "F13"};
constexpr std::array<std::string_view, 3> transmit_answer{"F4", "F6", "F12"};

template <std::size_t N>
bool in(const std::array<std::string_view, N>& list, std::string_view test) {
    return std::find(list.begin(), list.end(), test) != list.end();
}

bool is_transmission(Route route, std::string_view act) {
    if (act == "transmit" || act == "accept" || act == "clear") return true;
    return act == "certify" && route == Route::emergency;
}

std::string places(const Finding& finding) {
    std::string out;
    for (const auto& fact : finding.because) {
        if (out.find(fact.where) != std::string::npos) continue;
        out += (out.empty() ? "" : "; ") + fact.where;
    }
    return out;
}

const TestInfo& info_of(std::string_view test) {
    const auto table = test_table();
    return *std::find_if(
        table.begin(), table.end(), [&](const TestInfo& info) { return info.id == test; });
}

tl::unexpected<Refusal> refuse_for(Code code, std::string_view pattern, const Finding& finding) {
    const auto& info = info_of(finding.test);
    return refuse(
        code,
        said(
            pattern,
            {Said::value(std::string(info.id)), say(info.title), Said::value(places(finding))}),
        {}, finding.source, finding.mend().text());
}

json::Object print_finding(const Finding& finding) {
    json::Array because;
    for (const auto& fact : finding.because)
        because.emplace_back(json::Object{{"fact", fact.text.text()}, {"where", fact.where}});
    return {
        {"test", finding.test},
        {"title", info_of(finding.test).title},
        {"outcome", name(finding.outcome)},
        {"because", std::move(because)},
        {"source", finding.source},
        {"mend", finding.mend().text()}};
}

json::Object print_row(const CountryRow& row) {
    json::Object factors;
    for (std::size_t i = 0; i < factor_count; ++i) {
        json::Array evidence;
        for (const auto& item : row.cells.at(i))
            evidence.emplace_back(json::Object{
                {"standing", name(item.standing)}, {"evidence", item.text}, {"where", item.where}});
        if (!evidence.empty()) factors[name(static_cast<Factor>(i))] = std::move(evidence);
    }
    return {
        {"country", row.country},
        {"conclusion", name(row.conclusion)},
        {"factors", std::move(factors)},
        {"reason", row.reason.text()}};
}

} // namespace

const Finding* Assessment::find(std::string_view test) const {
    for (const auto& finding : findings)
        if (finding.test == test) return &finding;
    return nullptr;
}

Assessment assess(const Question& question) {
    Assessment out;
    out.route = question.route;
    const auto& request = question.request;
    out.connection = connect(
        {request.connection, request.persons, request.third_countries, question.parties.requesting,
         question.parties.requested});
    const Matter matter{request,        question.route, question.parties,       question.rules,
                        question.facts, question.date,  question.form_problems, out.connection};
    const std::size_t count = question.route == Route::extraordinary ? all_tests : ordinary_tests;
    out.findings.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        out.findings.push_back(functions.at(i)(matter));
    return out;
}

Demand demand(Route route, std::string_view act, std::string_view test) {
    const bool transmission = is_transmission(route, act);
    if (act != "authorise" && !transmission) return Demand::nothing;
    // The extraordinary mechanism leaves nothing open: what a person would have to weigh first goes
    // by the ordinary route (X2, X3).
    const bool nothing_open = route == Route::extraordinary;
    if (test.front() == 'E') return nothing_open ? Demand::met : Demand::nothing;
    const auto of = [&](const auto& met, const auto& answer) {
        if (in(met, test)) return Demand::met;
        if (!in(answer, test)) return Demand::nothing;
        return nothing_open ? Demand::met : Demand::answer;
    };
    return transmission ? of(transmit_met, transmit_answer) : of(authorise_met, authorise_answer);
}

bool requires_findings(Route route, std::string_view act) {
    return demand(route, act, "F1") != Demand::nothing;
}

std::vector<Answer> read_answers(const json::Object& fields) {
    std::vector<Answer> out;
    const auto* list = fields.if_contains("findings");
    if (!list || !list->is_array()) return out;
    for (const auto& item : list->as_array()) {
        if (!item.is_object()) continue;
        const auto* test = item.as_object().if_contains("test");
        const auto* reasons = item.as_object().if_contains("reasons");
        if (test && test->is_string() && reasons && reasons->is_string())
            out.push_back({test->as_string(), reasons->as_string()});
    }
    return out;
}

Result<void> admissible(
    std::string_view act, const Assessment& assessment, std::span<const Answer> answers) {
    for (const auto& finding : assessment.findings) {
        const Demand asked = demand(assessment.route, act, finding.test);
        if (asked == Demand::nothing || finding.outcome == Outcome::met) continue;
        if (finding.outcome == Outcome::not_met)
            return refuse_for(Code::finding_not_met, "{} ({}) is not met; it rests on {}", finding);
        if (asked == Demand::met)
            return refuse_for(
                Code::finding_open, "{} ({}) is open, and no form can answer it; it rests on {}",
                finding);
        const bool answered =
            std::any_of(answers.begin(), answers.end(), [&](const Answer& answer) {
                return answer.test == finding.test && !answer.reasons.empty();
            });
        if (!answered)
            return refuse_for(
                Code::finding_open,
                "{} ({}) needs a person, and the form does not answer it with reasons (/findings); "
                "it rests on {}",
                finding);
    }
    return {};
}

json::Object print_assessment(const Assessment& assessment) {
    json::Array findings;
    for (const auto& finding : assessment.findings)
        findings.emplace_back(print_finding(finding));
    json::Array rows;
    for (const auto& row : assessment.connection.rows)
        rows.emplace_back(print_row(row));
    json::Array concerned;
    for (const auto& item : assessment.connection.concerned)
        concerned.emplace_back(json::Object{
            {"country", item.country}, {"why", item.why.text()}, {"tied_to_person", item.person}});
    return {
        {"route", name(assessment.route)},
        {"findings", std::move(findings)},
        {"connection", json::Object{
                           {"conclusion", name(assessment.connection.conclusion)},
                           {"sentence", assessment.connection.sentence.text()},
                           {"countries", std::move(rows)},
                           {"to_be_heard", std::move(concerned)}}}};
}

} // namespace comity::assess
