// How much is asked for, why, and what becomes of it: F8 (specific), F9 (necessary and
// proportionate), F10 (notice and remedy), F11 (retention and use).
#include "assess/findings.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::assess {

namespace {

void check_row(const Matter& matter, std::size_t index, Making& out) {
    const Cell& cell = matter.request.grid[index];
    const std::string where = fmt::format("/grid/{}", index);
    const auto category = law::category_from(cell.category);
    if (!category || *category == Category::preservation)
        return out.not_met(
            say("the category is unknown"), where + "/category",
            say("Choose a category of the form"));
    // R1543 Art. 3(8): data stored when the order is received; nothing is collected for the future.
    if (cell.to && *cell.to > matter.date)
        out.not_met(
            say("the period ends in the future"), where + "/to",
            say("End the period at the day of the request"));
    if (cell.selector.seen_at && *cell.selector.seen_at > matter.date)
        out.not_met(
            say("the selector was seen in the future"), where + "/selector/seen_at",
            say("State when it was seen, with the zone of the clock that saw it"));
    // Whether subscribers share an address nobody can see from it; it is said, not presumed.
    if (cell.selector.type == "ipv4" && !cell.selector.port)
        out.fact(
            say("the address is given without a port; where subscribers share it, it names none of them"),
            where + "/selector/port");
    if (*category == Category::subscriber) return; // who holds the account is no period
    if (!cell.from || !cell.to)
        return out.not_met(
            say("the period has no beginning or no end"), where,
            say("Bound the period on both sides"));
    const auto& most = matter.rules.categories.at(at(*category)).period;
    if (most && *cell.to > add(*cell.from, *most))
        out.not_met(
            say("the period of {} data is longer than {}", say(law::to_text(*category)), *most),
            where + "; " + matter.rules.floor_source, say("Shorten the period"));
}

} // namespace

// 2AP Art. 7(3), R1543 Art. 5(5), 18 USC 2523(b)(4)(D)(ii): an order names a specific person,
// account, address or device. The selectors are typed, so a keyword, a place or a range cannot be
// said (threat T31); here it is asked that each is well-formed, that periods are bounded and within
// the floor, and that nothing lies in the future.
Finding specific(const Matter& matter) {
    Making out("F8");
    const auto& request = matter.request;
    if (!request.grid_problem.empty())
        out.not_met(
            request.grid_problem, "/grid",
            say("Name each account, address or device as its type asks"));
    else if (request.grid.empty())
        out.not_met(say("no data is named"), "/grid", say("Name the data that is asked for"));
    if (request.grid_rows > limits::grid_rows)
        out.not_met(
            say("{} rows; at most {}", request.grid_rows, limits::grid_rows), "/grid",
            say("Ask for less, or in several requests"));
    out.source(Said::value(matter.rules.floor_source));
    for (std::size_t i = 0; i < request.grid.size(); ++i) {
        check_row(matter, i, out);
        for (std::size_t j = 0; j < i; ++j)
            if (request.grid[i] == request.grid[j])
                out.not_met(
                    say("row {} is the same as row {}", i + 1, j + 1), fmt::format("/grid/{}", i),
                    say("Leave one of them out"));
    }
    if (out.outcome() == Outcome::met)
        out.fact(
            say("{} rows, each of one selector and a bounded period", request.grid.size()),
            "/grid");
    return out.done();
}

namespace {

constexpr std::size_t answer_least = 20; // as the form asks

// What is left when blanks and signs are taken away: twenty dots are no answer.
std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= '0' && byte <= '9');
    }));
}

void check_principles(const Request& request, Making& out) {
    for (std::size_t i = 0; i < principle_names.size(); ++i) {
        const std::string where = fmt::format("/principles/{}", principle_names.at(i));
        if (letters(request.principles.at(i)) < answer_least / 2) {
            out.not_met(
                say("principle {} is not answered", i + 1), where,
                say("Answer each of the thirteen principles for this request"));
            continue;
        }
        for (std::size_t j = 0; j < i; ++j)
            if (request.principles.at(i) == request.principles.at(j))
                out.not_met(
                    say("principles {} and {} have the same answer", j + 1, i + 1), where,
                    say("Answer each principle for itself"));
    }
}

std::optional<Category> most_intrusive(const Request& request) {
    std::optional<Category> out;
    for (const auto& cell : request.grid)
        if (const auto category = law::category_from(cell.category))
            out = std::max(out.value_or(Category::subscriber), *category);
    return out;
}

} // namespace

// International Principles on the Application of Human Rights to Communications Surveillance
// (2014). Principle 3: "the least intrusive means"; the category asked is the least intrusive one,
// or it is said which others were considered and why they do not serve (Directive 2014/41 Art.
// 10(3)).
Finding necessary(const Matter& matter) {
    Making out("F9");
    const auto& request = matter.request;
    check_principles(request, out);
    const auto most = most_intrusive(request);
    const bool weighed = std::any_of(
        request.less_intrusive.begin(), request.less_intrusive.end(),
        [](const LessIntrusive& item) {
            return letters(item.means) > 0 && letters(item.why_not) > 0;
        });
    if (most && *most != Category::subscriber && !weighed)
        out.not_met(
            say("{} data is asked for and no less intrusive means was considered",
                say(law::to_text(*most))),
            "/less_intrusive",
            say("Say which less intrusive means was considered, and why it does not serve"));
    if (letters(request.nexus) < answer_least / 2)
        out.not_met(
            say("how the selectors are tied to the offence is not said"), "/nexus",
            say("Say of each selector how it is tied to the offence"));
    if (matter.facts.duplicate_pending)
        out.not_met(
            say("the same selector and period is asked for in another case that is still pending"),
            "the node's own cases", say("Wait for that case, or withdraw one of the two"));
    if (out.outcome() == Outcome::met) {
        out.fact(say("the thirteen principles are answered, each for itself"), "/principles");
        out.fact(
            most == Category::subscriber ? say("the least intrusive category is asked for")
                                         : say("less intrusive means were considered"),
            "/less_intrusive");
    }
    return out.done();
}

// R1543 Arts. 13 and 18, Directive (EU) 2016/680 Art. 13, principle 8: the person is told without
// undue delay, and can contest before a court. Empty is not met.
Finding notice_and_remedy(const Matter& matter) {
    Making out("F10");
    const auto& request = matter.request;
    const auto& rules = matter.rules;
    if (!request.notice_due_by)
        out.not_met(
            say("no date of notice is stated"), "/notice_plan/due_by",
            say("State by when the person is told"));
    else if (*request.notice_due_by <= matter.date)
        out.not_met(
            say("the date of notice is past"), "/notice_plan/due_by",
            say("State a date that is still ahead"));
    else if (rules.deferral && *request.notice_due_by > add(matter.date, *rules.deferral))
        out.not_met(
            say("notice is planned later than {} from now", *rules.deferral),
            "/notice_plan/due_by; " + rules.floor_source,
            say("Plan notice sooner; only a judge defers it, each time to a date"));
    if (request.notice_deferred && !request.notice_deferred_until)
        out.not_met(
            say("the deferral of notice has no end"), "/notice_plan/deferral/until",
            say("State until when notice is to be deferred"));
    else if (
        request.notice_deferred_until && rules.deferral &&
        *request.notice_deferred_until > add(matter.date, *rules.deferral))
        out.not_met(
            say("deferral beyond {} from now", *rules.deferral),
            "/notice_plan/deferral/until; " + rules.floor_source,
            say("Ask for a shorter deferral; a judge may renew it"));
    if (letters(request.notice_reach) == 0)
        out.not_met(
            say("how the person is reached is not said"), "/notice_plan/reach",
            say("Say how the notice reaches the person"));
    if (letters(request.remedy_court) == 0 || letters(request.remedy_address) == 0)
        out.not_met(
            say("no court with an address is named"), "/remedy",
            say("Name the court and the address at which a challenge is filed"));
    const auto limit = period_from(request.remedy_time_limit);
    if (!limit || *limit == Period{})
        out.not_met(
            say("no time limit for a challenge is stated"), "/remedy/time_limit",
            say("State the time limit, at least a day"));
    if (request.remedy_languages.empty())
        out.not_met(
            say("no language of the remedy is stated"), "/remedy/languages",
            say("Name the languages in which a challenge can be filed"));
    out.source(Said::value(rules.floor_source));
    if (out.outcome() == Outcome::met)
        out.fact(
            say("notice by {}, a court, an address and a time limit are stated",
                Said::day(*request.notice_due_by)),
            "/notice_plan");
    return out.done();
}

// 2AP Art. 14(2) and (5), Directive (EU) 2016/680 Arts. 4 and 5: a purpose, a time limit for
// erasure, and who may open.
Finding retention_and_use(const Matter& matter) {
    Making out("F11");
    const auto& request = matter.request;
    const auto& most = matter.rules.retention;
    out.source(Said::value(matter.rules.floor_source));
    if (!request.retention_end)
        out.not_met(
            say("no end of retention is stated"), "/retention_end",
            say("State when the data is destroyed"));
    else if (*request.retention_end <= matter.date)
        out.not_met(
            say("the end of retention is past"), "/retention_end",
            say("State a date that is still ahead"));
    else if (most && *request.retention_end > add(matter.date, *most))
        out.not_met(
            say("kept longer than {} from now", *most),
            "/retention_end; " + matter.rules.floor_source,
            say("State an earlier end; a judge may extend it later"));
    if (letters(request.purpose) < answer_least / 2)
        out.not_met(
            say("no purpose is stated"), "/use/purpose", say("State what the data is used for"));
    const auto named =
        std::count_if(request.openers.begin(), request.openers.end(), [](std::string_view opener) {
            return letters(opener) > 0;
        });
    if (named == 0 || static_cast<std::size_t>(named) != request.openers.size())
        out.not_met(
            say("who may open the data is not named"), "/use/openers",
            say("Name the posts that may open it"));
    if (!request.this_proceeding_only || !request.no_onward_transfer)
        out.not_met(
            say("an undertaking is missing"), "/undertakings",
            say("Undertake that the data serves this proceeding only and goes nowhere else"));
    if (out.outcome() == Outcome::met)
        out.fact(
            say("destroyed by {}, for one purpose", Said::day(*request.retention_end)),
            "/retention_end");
    return out.done();
}

} // namespace comity::assess
