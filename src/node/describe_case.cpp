// Printing what a case has on its way.
#include "node/describe_case.hpp"

#include "base/limits.hpp"
#include "base/refusal_said.hpp"
#include "base/said_json.hpp"
#include "node/retry.hpp"

#include <array>

namespace comity::node {

std::string kept_answer(const Refusal& refusal) {
    return json::print(json::Object{
        {"code", refusal.name()},
        {"facts", refusal.facts.text()},
        {"text", refusal.text()},
        {"said", said_value(sentence_of(refusal))}});
}

std::string told_answer(const SubmissionRow& row, std::string_view language) {
    const auto object = json::parse_object(row.answer, limits::act_header_bytes);
    if (!object) return row.answer; // what an older program wrote
    if (const auto* kept = object->if_contains("said"))
        if (const auto told = said_from(*kept)) return told->in(language);
    const auto* text = object->if_contains("text");
    return text && text->is_string() ? std::string(text->as_string()) : row.answer;
}

json::Array print_submissions(
    const std::vector<SubmissionRow>& rows, std::optional<std::string_view> language) {
    json::Array out;
    for (const auto& row : rows)
        if (row.state != SubmissionRow::State::admitted)
            out.emplace_back(json::Object{
                {"act", row.kind},
                {"hash", text(row.hash)},
                {"state", row.state == SubmissionRow::State::waiting ? "waiting" : "refused"},
                {"answer", language ? told_answer(row, *language) : row.answer}});
    return out;
}

json::Array print_evidence(
    const Node& node, const std::vector<EvidenceRow>& rows,
    std::optional<std::string_view> language) {
    constexpr std::array<std::string_view, 4> states = {
        "expected", "complete", "destroyed", "removed"};
    json::Array out;
    for (const auto& row : rows) {
        json::Object item{
            {"hash", text(row.hash)},
            {"state", states.at(static_cast<std::size_t>(row.state))},
            {"from", row.from.str()},
            {"to", row.to.str()}};
        if (const auto waits = node.offers().waits(row.hash);
            waits && row.state < EvidenceRow::State::destroyed)
            item["refused"] = json::Object{
                {"problem", waits->problem.in(language.value_or("en"))},
                {"since", to_text(waits->since)},
                {"next_try", to_text(waits->until)}};
        out.emplace_back(std::move(item));
    }
    return out;
}

} // namespace comity::node
