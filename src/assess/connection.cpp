// The connection analysis. Brief, "by examining factors such as the location of the data, of the
// entity that holds it, of the data subject, of the victim or harm"; Regulation (EU) 2023/1543
// Art. 17(6); 18 USC 2703(h)(3).
#include "assess/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace comity::assess {

namespace {

constexpr std::array<Factor, 3> personal{
    Factor::data_subject, Factor::victim_or_harm, Factor::conduct};

Standing of(const Standings& standings, Factor factor) {
    return standings.at(static_cast<std::size_t>(factor));
}

bool known(const Standings& standings, Factor factor) {
    return of(standings, factor) != Standing::unknown;
}

std::size_t known_factors(const Standings& standings) {
    return static_cast<std::size_t>(
        std::count_if(standings.begin(), standings.end(), [](Standing standing) {
            return standing != Standing::unknown;
        }));
}

Said words(Factor factor) {
    switch (factor) {
    case Factor::data_location: return say("place of the data");
    case Factor::holder: return say("holder of the data");
    case Factor::data_subject: return say("person");
    case Factor::victim_or_harm: return say("victim or harm");
    case Factor::conduct: return say("conduct");
    case Factor::nationality: return say("nationality");
    }
    return {};
}

Said listed(const Standings& standings) {
    std::vector<Said> out;
    for (std::size_t i = 0; i < factor_count; ++i)
        if (standings.at(i) != Standing::unknown)
            out.push_back(
                say("{} ({})", words(static_cast<Factor>(i)), say(name(standings.at(i)))));
    return Said::list(std::move(out), ", ");
}

Said reason_of(const CountryRow& row) {
    switch (row.conclusion) {
    case Tie::demonstrated:
        return say(
            "{} has demonstrated a connection: {}; one factor of person, victim or conduct is "
            "documented and a second kind supports it.",
            Said::country(row.country), listed(row.standings));
    case Tie::partial:
        return say(
            "{} has shown a connection in part: {}; it is demonstrated when one factor of person, "
            "victim or conduct is documented and a second kind supports it.",
            Said::country(row.country), listed(row.standings));
    case Tie::not_shown: break;
    }
    const bool places =
        known(row.standings, Factor::data_location) || known(row.standings, Factor::holder);
    if (places)
        return say(
            "{} has shown no connection: {}; where a company keeps data or has its seat says "
            "nothing about the person.",
            Said::country(row.country), listed(row.standings));
    if (known(row.standings, Factor::nationality))
        return say(
            "{} has shown no connection: nationality alone is not enough.",
            Said::country(row.country));
    return say("{} has shown no connection: no factor is known.", Said::country(row.country));
}

CountryRow& row_of(std::vector<CountryRow>& rows, std::string_view country) {
    for (auto& row : rows)
        if (row.country == country) return row;
    rows.emplace_back().country = country;
    return rows.back();
}

std::vector<CountryRow> table_of(const ConnectionQuestion& question) {
    std::vector<CountryRow> rows;
    row_of(rows, question.requesting);
    if (!question.requested.empty()) row_of(rows, question.requested);
    const std::size_t parties = rows.size();
    for (const auto& fact : question.facts) {
        if (fact.country.empty()) continue;
        auto& row = row_of(rows, fact.country);
        const auto index = static_cast<std::size_t>(fact.factor);
        row.cells.at(index).push_back(
            {fact.standing, std::string(fact.evidence), fmt::format("/connection/{}", fact.row)});
        row.standings.at(index) = std::max(row.standings.at(index), fact.standing);
    }
    std::sort(
        rows.begin() + static_cast<std::ptrdiff_t>(parties), rows.end(),
        [](const CountryRow& a, const CountryRow& b) { return a.country < b.country; });
    for (auto& row : rows) {
        row.conclusion = conclude(row.standings);
        row.reason = reason_of(row);
    }
    return rows;
}

// Collects the countries that are to be heard, each with the first reason found for it.
class Hearing {
public:
    explicit Hearing(const ConnectionQuestion& question) : question_(question) {}

    void add(std::string_view country, Said why, bool person) {
        if (country.empty() || country == question_.requesting || country == question_.requested)
            return;
        const auto at = std::find_if(out_.begin(), out_.end(), [&](const Concerned& item) {
            return item.country == country;
        });
        if (at == out_.end())
            out_.push_back({std::string(country), std::move(why), person});
        else
            at->person = at->person || person;
    }

    std::vector<Concerned> sorted() {
        std::sort(out_.begin(), out_.end(), [](const Concerned& a, const Concerned& b) {
            return a.country < b.country;
        });
        return std::move(out_);
    }

private:
    const ConnectionQuestion& question_;
    std::vector<Concerned> out_;
};

// Where the person lives is known only when it is documented: what the officer merely states must
// not shut out a country that the facts leave open (N3).
bool residence_documented(const std::vector<CountryRow>& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const CountryRow& row) {
        return of(row.standings, Factor::data_subject) == Standing::documented;
    });
}

std::vector<Concerned> concerned_of(
    const ConnectionQuestion& question, const std::vector<CountryRow>& rows) {
    Hearing hearing(question);
    const Tie asking = rows.front().conclusion;
    const bool documented = residence_documented(rows);
    for (const auto& row : rows) {
        if (known(row.standings, Factor::data_subject))
            hearing.add(row.country, say("the person resides or was there"), true);
        else if (!row.cells.at(static_cast<std::size_t>(Factor::data_subject)).empty())
            hearing.add(row.country, say("that the person resides there is not excluded"), true);
        const bool mentioned =
            std::any_of(
                personal.begin(), personal.end(),
                [&](Factor factor) {
                    return !row.cells.at(static_cast<std::size_t>(factor)).empty();
                }) ||
            !row.cells.at(static_cast<std::size_t>(Factor::nationality)).empty();
        if (!documented && mentioned)
            hearing.add(
                row.country,
                say("where the person resides is not documented, and facts point there"), true);
        if (row.conclusion != Tie::not_shown && row.conclusion >= asking)
            hearing.add(row.country, say("its connection is as strong as that of who asks"), false);
    }
    for (const auto& person : question.persons) {
        if (person.role == "suspect")
            hearing.add(person.residence, say("a suspect resides there"), true);
        if (documented || person.role != "suspect") continue;
        for (const auto country : person.nationalities)
            hearing.add(
                country,
                say("where the person resides is not documented, and a suspect is its national"),
                true);
    }
    for (const auto& third : question.third_countries)
        hearing.add(third.country, say("the request says that it is concerned"), true);
    return hearing.sorted();
}

Said sentence_of(
    const ConnectionQuestion& question, const std::vector<CountryRow>& rows,
    const std::vector<Concerned>& concerned) {
    std::vector<Said> out{rows.front().reason};
    const bool two = !question.requested.empty() && question.requested != question.requesting;
    if (two && rows.at(1).conclusion != Tie::not_shown &&
        rows.at(1).conclusion >= rows.front().conclusion)
        out.push_back(
            say("{}, which is asked, is tied to the data no less: {}.",
                Said::country(rows.at(1).country), listed(rows.at(1).standings)));
    if (!concerned.empty()) {
        std::vector<Said> heard;
        for (const auto& item : concerned)
            heard.push_back(say("{} ({})", Said::country(item.country), item.why));
        out.push_back(say("To be heard: {}.", Said::list(std::move(heard), ", ")));
    }
    return Said::list(std::move(out), " ");
}

} // namespace

std::string_view name(Tie tie) {
    switch (tie) {
    case Tie::not_shown: return "not_shown";
    case Tie::partial: return "partial";
    case Tie::demonstrated: return "demonstrated";
    }
    return {};
}

// docs/law.md, Connection. *Demonstrated*: at least one documented factor of person, victim or
// conduct, and at least one further factor of another kind, documented or stated. *Partial*: one
// factor of those three, or several that are only stated, or nationality with one other. Place and
// holder of the data, even together, are never enough.
Tie conclude(const Standings& standings) {
    const bool anchored = std::any_of(personal.begin(), personal.end(), [&](Factor factor) {
        return of(standings, factor) == Standing::documented;
    });
    if (anchored && known_factors(standings) >= 2) return Tie::demonstrated;
    const bool touched = std::any_of(
        personal.begin(), personal.end(), [&](Factor factor) { return known(standings, factor); });
    const bool national = known(standings, Factor::nationality) && known_factors(standings) >= 2;
    return touched || national ? Tie::partial : Tie::not_shown;
}

const CountryRow* Connection::find(std::string_view country) const {
    for (const auto& row : rows)
        if (row.country == country) return &row;
    return nullptr;
}

Connection connect(const ConnectionQuestion& question) {
    Connection out;
    out.rows = table_of(question);
    out.concerned = concerned_of(question, out.rows);
    out.conclusion = out.rows.front().conclusion;
    out.sentence = sentence_of(question, out.rows, out.concerned);
    return out;
}

} // namespace comity::assess
