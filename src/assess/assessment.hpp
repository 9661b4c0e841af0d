// The whole assessment: all findings of a route with the table of countries, which act requires
// which of them, and whether an act may go on. The same functions for the drafter, at the gate of
// both sides, on the command line and on the pages.
#pragma once

#include "assess/finding.hpp"
#include "assess/matter.hpp"
#include "base/refusal.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

struct Question {
    const Request& request;
    Route route = Route::mla;
    const Parties& parties;
    const Rules& rules;
    const Facts& facts;
    Instant date;
    std::span<const law::Form::Problem> form_problems;
};

struct Assessment {
    Route route = Route::mla;
    std::vector<Finding> findings; ///< F1 … F13; in the extraordinary mechanism E1 … E5 too
    Connection connection;

    [[nodiscard]] const Finding* find(std::string_view test) const;
};

Assessment assess(const Question& question);

/// What an act asks of a finding.
enum class Demand {
    nothing,
    answer, ///< met, or left to a person who answers it in the act's form with reasons
    met,
};

/// docs/law.md, Findings: the table.
Demand demand(Route route, std::string_view act, std::string_view test);
/// Whether the act asks anything of any finding.
bool requires_findings(Route route, std::string_view act);

/// A finding that a person decided in the form of the act.
struct Answer {
    std::string_view test;
    std::string_view reasons;
};

/// The member `findings` of a form.
std::vector<Answer> read_answers(const json::Object& fields);

/// Whether the act may go on. Refuses with finding_not_met (nobody can act against it) or
/// finding_open (a person has to decide it, or has to be asked). The refusal names the finding, its
/// source, where its facts were stated and what to do; nothing of the form's content.
Result<void> admissible(
    std::string_view act, const Assessment& assessment, std::span<const Answer> answers);

/// For pages and commands: findings and table.
json::Object print_assessment(const Assessment& assessment);

} // namespace comity::assess
