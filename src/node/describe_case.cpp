// Printing what a case has on its way.
#include "node/describe_case.hpp"

#include <array>

namespace comity::node {

json::Array print_submissions(const std::vector<SubmissionRow>& rows) {
    json::Array out;
    for (const auto& row : rows)
        if (row.state != SubmissionRow::State::admitted)
            out.emplace_back(json::Object{
                {"act", row.kind},
                {"hash", text(row.hash)},
                {"state", row.state == SubmissionRow::State::waiting ? "waiting" : "refused"},
                {"answer", row.answer}});
    return out;
}

json::Array print_evidence(const std::vector<EvidenceRow>& rows) {
    constexpr std::array<std::string_view, 4> states = {
        "expected", "complete", "destroyed", "removed"};
    json::Array out;
    for (const auto& row : rows)
        out.emplace_back(json::Object{
            {"hash", text(row.hash)},
            {"state", states.at(static_cast<std::size_t>(row.state))},
            {"from", row.from.str()},
            {"to", row.to.str()}});
    return out;
}

} // namespace comity::node
