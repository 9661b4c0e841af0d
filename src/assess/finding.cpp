// The list of tests, and how a finding is put together.
#include "assess/finding.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace comity::assess {

namespace {

constexpr std::array<TestInfo, all_tests> tests{{
    {"F1", "complete", {"law/forms", "UNCAC Art. 46(15)", "profile of the country asked"}},
    {"F2", "instrument", {"the instrument relied on", "Necessary and Proportionate, principle 1"}},
    {"F3", "dual criminality", {"Budapest Convention Art. 25(5)", "R1543 Art. 12(1)(d)"}},
    {"F4", "grounds of refusal", {"Budapest Convention Art. 27(4)", "UNCAC Art. 46(21)"}},
    {"F5", "seriousness", {"R1543 Art. 5(3)-(4)", "law/floor.json"}},
    {"F6", "connection", {"R1543 Art. 17(6)", "docs/law.md, Connection"}},
    {"F7",
     "competent and independent authority",
     {"Necessary and Proportionate, principle 6", "R1543 Art. 4"}},
    {"F8", "specific", {"2AP Art. 7(3)", "R1543 Art. 5(5)", "docs/law.md, Grid"}},
    {"F9", "necessary and proportionate", {"Necessary and Proportionate, principles 1 to 13"}},
    {"F10",
     "notice and remedy",
     {"R1543 Arts. 13, 18", "Necessary and Proportionate, principle 8"}},
    {"F11", "retention and use", {"2AP Art. 14(2), (5)", "Directive (EU) 2016/680 Art. 5"}},
    {"F12", "languages", {"R1543 Art. 27", "profile of the country asked"}},
    {"F13", "recipient", {"Directive (EU) 2016/680 Art. 29", "docs/evidence.md"}},
    {"E1", "listed crime", {"brief, extraordinary mechanism (X3)", "law/offences.json"}},
    {"E2", "urgency", {"brief, extraordinary mechanism (X3)", "2AP Art. 9"}},
    {"E3", "demonstrated interest", {"brief, extraordinary mechanism (X2)"}},
    {"E4", "no third country left out", {"brief (N3)", "Directive 2014/41 Art. 31"}},
    {"E5", "within the ceiling", {"rules of the federation in the directory"}},
}};

const TestInfo& info_of(std::string_view test) {
    const auto* found = std::find_if(
        tests.begin(), tests.end(), [&](const TestInfo& info) { return info.id == test; });
    CHECK_THAT(found != tests.end());
    return *found;
}

// What is kept of a test's own sources, put together once: findings are made for every act.
const std::string& kept_source(const TestInfo& info) {
    static const auto all = [] {
        std::array<std::string, all_tests> out;
        for (std::size_t i = 0; i < tests.size(); ++i)
            for (const auto one : tests[i].sources)
                if (!one.empty()) (out[i] += out[i].empty() ? "" : "; ") += one;
        return out;
    }();
    return all.at(static_cast<std::size_t>(&info - tests.data()));
}

} // namespace

std::string_view name(Outcome outcome) {
    switch (outcome) {
    case Outcome::met: return "met";
    case Outcome::needs_a_person: return "needs_a_person";
    case Outcome::not_met: return "not_met";
    }
    return {};
}

std::span<const TestInfo> test_table() {
    return tests;
}

std::string Source::in(std::string_view language) const {
    if (title.en.empty()) return said.in(language);
    const auto& titled = title.in(language);
    return article.empty() ? titled : say("{} Art. {}", titled, article).in(language);
}

std::string Finding::source_in(std::string_view language) const {
    std::vector<Said> out;
    for (const auto one : info_of(test).sources)
        if (!one.empty()) out.push_back(Said::value(said(one, {}).in(language)));
    for (const auto& one : sources)
        out.push_back(Said::value(one.in(language)));
    return Said::list(std::move(out), "; ").in(language);
}

Making::Making(std::string_view test) {
    const auto& info = info_of(test);
    finding_.test = info.id;
    finding_.source = kept_source(info);
}

void Making::fact(Said text, std::string where) {
    finding_.because.push_back({std::move(text), std::move(where)});
}

void Making::not_met(Said text, std::string where, Said mend) {
    add(Outcome::not_met, std::move(text), std::move(where), std::move(mend));
}

void Making::open(Said text, std::string where, Said mend) {
    add(Outcome::needs_a_person, std::move(text), std::move(where), std::move(mend));
}

void Making::add(Outcome outcome, Said text, std::string where, Said mend) {
    // What decides the outcome stands before what merely supports it.
    const auto at = finding_.outcome < outcome ? finding_.because.begin() : finding_.because.end();
    finding_.because.insert(at, Fact{std::move(text), std::move(where)});
    finding_.outcome = std::max(finding_.outcome, outcome);
    auto& mends = finding_.mends;
    if (std::find(mends.begin(), mends.end(), mend) == mends.end())
        mends.push_back(std::move(mend));
}

void Making::add_source(std::string_view kept, Source source) {
    if (kept.empty() || finding_.source.find(kept) != std::string::npos) return;
    if (!finding_.source.empty()) finding_.source += "; ";
    finding_.source += kept;
    finding_.sources.push_back(std::move(source));
}

void Making::source(const Said& source) {
    add_source(source.text(), {source, {}, {}});
}

void Making::source(const law::Text& title) {
    add_source(title.en, {{}, title, {}});
}

void Making::source(std::string_view id, const law::Text& title, std::string_view article) {
    add_source(say("{} Art. {}", id, article).text(), {{}, title, std::string(article)});
}

} // namespace comity::assess
