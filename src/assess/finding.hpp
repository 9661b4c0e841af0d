// A finding: what one test of the law says about a request, on which facts, and what would change
// it. The program never decides a case: it finds facts, applies rules that have one answer, and
// says where a person must decide.
#pragma once

#include "base/said.hpp"
#include "law/form.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

/// The best first: what is combined takes the worse.
enum class Outcome { met, needs_a_person, not_met };

std::string_view name(Outcome outcome);

/// A fact that a finding rests on, and where it was stated: a JSON pointer into the request, a file
/// of the law pack, or the directory. The text may repeat what the form says; `where` never does,
/// so it may stand in a refusal and in a log.
struct Fact {
    Said text;
    std::string where;
};

/// An instrument and its article, or a standard, as each language calls it.
struct Source {
    Said said;       ///< where it has no title
    law::Text title; ///< of the law pack
    std::string article;

    [[nodiscard]] std::string in(std::string_view language) const;
};

struct Finding {
    std::string_view test; ///< stable id: F1 … F13, E1 … E5
    Outcome outcome = Outcome::met;
    std::vector<Fact> because;
    std::string source;          ///< instrument and article, or standard: for records, in English
    std::vector<Source> sources; ///< those beside the test's own, told when somebody reads
    std::vector<Said> mends; ///< what would change it; none when met; nothing of the form's content

    [[nodiscard]] Said mend() const { return Said::list(mends, "; "); }

    /// The sources for a reader, with the titles that the law pack has in that language.
    [[nodiscard]] std::string source_in(std::string_view language) const;
};

/// What a test is about, for tables, refusals and help.
struct TestInfo {
    std::string_view id;
    std::string_view title;
    std::array<std::string_view, 3> sources; ///< each a text of texts/finding.txt, or a file
};

/// All tests in order: F1 … F13, then E1 … E5.
std::span<const TestInfo> test_table();
inline constexpr std::size_t ordinary_tests = 13;
inline constexpr std::size_t all_tests = 18;

/// Puts a finding together: each part can only make the outcome worse.
class Making {
public:
    explicit Making(std::string_view test);

    void fact(Said text, std::string where);
    /// A requirement that is not met, and what would mend it.
    void not_met(Said text, std::string where, Said mend);
    /// Something that a person has to decide, and what that is.
    void open(Said text, std::string where, Said mend);
    /// A source beside the test's own: the instrument or law that the outcome turns on.
    void source(const Said& source);
    /// The same by its title.
    void source(const law::Text& title);
    /// The same by an article of it: in records by the instrument's id, for readers by its title.
    void source(std::string_view id, const law::Text& title, std::string_view article);

    [[nodiscard]] Outcome outcome() const { return finding_.outcome; }

    Finding done() { return std::move(finding_); }

private:
    void add(Outcome outcome, Said text, std::string where, Said mend);
    void add_source(std::string_view kept, Source source);

    Finding finding_;
};

} // namespace comity::assess
