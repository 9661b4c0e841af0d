// The law pack as types: loading it whole, asking what binds two countries, the table of all gaps.
#include "bench.hpp"
#include "crypto/hash.hpp"
#include "law/answer.hpp"
#include "law/gaps.hpp"

#include <filesystem>

namespace comity::bench {

namespace {

law::Pack load() {
    const auto directory = std::filesystem::path(COMITY_SOURCE_DIR) / "law";
    return law::Pack::load(directory, [](BytesView bytes) { return crypto::sha256(bytes); })
        .value();
}

// Milliseconds of one round, beside the budget that docs/law.md gives.
void timed(
    const std::string& name, int rounds, double budget, const std::string& note,
    const std::function<void()>& work) {
    const double each = seconds([&] {
                            for (int i = 0; i < rounds; ++i)
                                work();
                        }) /
                        rounds * 1e3;
    report({name, each, "ms", budget, budget / each, note});
}

} // namespace

COMITY_BENCH(law_load) {
    timed("law_load", 10, 150, "files, forms and library; limit: the budget", [] {
        keep(law::Library::make(load()));
    });
}

COMITY_BENCH(law_between) {
    const auto pack = load();
    const auto library = law::Library::make(pack).value();
    const auto day = law::day_of("2026-03-01").value();
    const law::Question question{law::Category::content, "fraud", std::nullopt};
    timed("law_between", 1000, 50, "FR US, content, fraud; limit: the budget of the command", [&] {
        keep(library->between("FR", "US", day, question));
    });
    timed("law_between_answer", 200, 50, "the whole answer as JSON; limit: the same", [&] {
        keep(law::answer(*library, pack, {"FR", "US", day, question}));
    });
}

COMITY_BENCH(law_gaps) {
    const auto library = law::Library::make(load()).value();
    const auto day = law::day_of("2026-03-01").value();
    timed("law_gaps", 5, 1000, "all 19,503 pairs; limit: the budget", [&] {
        keep(law::gaps(*library, day));
    });
}

} // namespace comity::bench
