// `comity law`: what can be asked of the law pack without a case. Exit status: 0 answered; 1 the
// pack or a procedure is refused (`diff`: the packs differ); 2 wrong use, such as an unknown
// country.
#pragma once

#include "apps/command_line.hpp"
#include "law/answer.hpp"
#include "law/diff.hpp"
#include "law/gaps.hpp"

#include <functional>
#include <string>
#include <vector>

namespace comity::apps {

struct LawOptions {
    std::string law; ///< directory of the pack; empty: the one that came with the program
    std::string a;
    std::string b;
    std::string category;
    std::string offence;
    std::string territory;
    std::string date; ///< empty: today
    std::string country;
    std::string after; ///< the second pack of diff
    std::size_t most = 50;
    bool by_demand = false;
    bool all = false;
    bool json = false;
};

/// The subcommands; `options` must outlive the app.
void add_law(Command app, LawOptions& options, std::function<int()>& run);

/// What the subcommands print, apart from where it goes (golden tests read these).
Result<law::Asked> asked_of(const law::Library& library, const LawOptions& options, law::Day today);
std::string between_text(const json::Object& answer);
json::Object gaps_json(const law::Gaps& gaps, law::Day day, std::size_t most);
std::string gaps_text(const law::Gaps& gaps, law::Day day, std::size_t most);
json::Object diff_json(const std::vector<law::Change>& changes);
std::string diff_text(const std::vector<law::Change>& changes);
/// Counts, and how much of the data is unknown.
json::Object counts_json(const law::Library& library, const law::Pack& pack);
std::string counts_text(const json::Object& counts);

} // namespace comity::apps
