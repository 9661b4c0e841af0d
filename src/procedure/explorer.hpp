// Explores every reachable marking of a procedure, with time taken as free (every order that clocks
// could produce), and checks the nine invariants that every procedure must keep. A node does not
// start on a law pack whose procedures break one.
#pragma once

#include "base/refusal.hpp"
#include "procedure/procedure.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace comity::procedure {

/// One check of an invariant. The number is that of the list in docs/procedures.md; several checks
/// together make up one invariant.
struct Invariant {
    int number = 0;
    std::string_view sentence;
};

/// Every check that the explorer makes, in the order of its numbers.
std::vector<Invariant> invariants();

struct Broken {
    std::string invariant; ///< the sentence
    int number = 0;
    /// The acts of a shortest run to a marking that breaks it. Where no marking is at fault but the
    /// file itself, empty, and `where` says what.
    std::vector<std::string> run;
    std::string where;
};

struct Exploration {
    std::string procedure;
    Parameters parameters;
    std::size_t acts = 0;
    std::size_t markings = 0;
    std::size_t accepting = 0; ///< markings at rest
    std::vector<Broken> broken;
    bool stopped = false; ///< at the first fault, so the counts are not complete
};

struct ExploreOptions {
    bool stop_at_first = false;
};

/// Refuses with Code::too_large above limits::explored_markings.
Result<Exploration> explore(const Graph& graph, const ExploreOptions& options = {});

/// Explores the procedure under all its combinations of parameters.
Result<std::vector<Exploration>> explore_all(
    const Procedure& procedure, std::span<const std::string> country_words = {},
    const ExploreOptions& options = {});

/// Refuses with Code::invariant_broken, the sentence and the shortest run.
Result<void> check_all(const Procedure& procedure, std::span<const std::string> country_words = {});

/// For people: a line of counts, and per broken invariant its sentence and the shortest run.
std::string to_text(const Exploration& exploration);

} // namespace comity::procedure
