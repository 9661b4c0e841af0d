// What both halves of the checker share: lines of a verdict, and reading files.
#pragma once

#include "apps/verify.hpp"
#include "base/refusal.hpp"
#include "evidence/manifest.hpp"

#include <string>

namespace comity::apps {

/// One line: what comes from the input must not begin another (or move a terminal's cursor).
std::string one_line(std::string text);

/// Adds to a verdict under the name of what is being looked at.
class Findings {
public:
    explicit Findings(Verdict& verdict) : verdict_(verdict) {}

    void fail(std::string_view what, std::string_view problem);

    void prove(std::string line) { verdict_.proved.push_back(one_line(std::move(line))); }

    /// At the end: what is not genuine proves nothing, so that no half of a verdict can be quoted.
    void close() {
        if (failures() > 0) verdict_.proved.clear();
    }

    [[nodiscard]] std::size_t failures() const { return verdict_.failures.size(); }

    /// Whether it holds; a refusal becomes a failure.
    template <class T>
    bool holds(std::string_view what, const Result<T>& result) {
        if (!result) fail_by(what, result.error());
        return result.has_value();
    }

    bool holds(std::string_view what, bool condition, std::string_view problem) {
        if (!condition) fail(what, problem);
        return condition;
    }

private:
    void fail_by(std::string_view what, const Refusal& refusal);

    Verdict& verdict_;
};

/// The whole file. Faults when it cannot be read.
Bytes read_whole(const std::filesystem::path& path);

/// The files of `directory` against the items that the case names.
void verify_evidence(
    Findings& findings, const std::filesystem::path& directory,
    const std::vector<evidence::Item>& items, const std::optional<RecipientKey>& recipient);

} // namespace comity::apps
