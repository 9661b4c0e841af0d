// The clock of the practice world: the system's, and on top of it the days that its stories have
// let pass. It lies in a file that the practice world alone writes; only a node that was started as
// a part of one reads it (`read_practice_clock` refuses every other).
#pragma once

#include "base/refusal.hpp"
#include "node/ports.hpp"

#include <filesystem>
#include <memory>

namespace comity::apps {

/// The time of a node outside practice.
class SystemClock final : public node::Clock {
public:
    [[nodiscard]] Instant now() const override;
};

/// The practice world's side: creates the file, and moves the time of all its nodes at once.
class PracticeTime {
public:
    /// `dir` is the practice world's directory.
    explicit PracticeTime(const std::filesystem::path& dir);
    ~PracticeTime();
    PracticeTime(const PracticeTime&) = delete;
    PracticeTime& operator=(const PracticeTime&) = delete;

    [[nodiscard]] Instant now() const;
    void pass(Milliseconds span);

private:
    void* page_;
};

/// The clock of a node of a practice world. Refuses (not_allowed) unless the node stands in the
/// directory of one and belongs to the federation `practice`.
Result<std::unique_ptr<node::Clock>> read_practice_clock(
    const std::filesystem::path& node_dir, std::string_view federation);

/// Marks a directory as a practice world's.
inline constexpr std::string_view practice_mark = ".comity-demo";
inline constexpr std::string_view practice_federation = "practice";

/// Where a practice world keeps the passkeys of its people.
inline std::filesystem::path practice_people(const std::filesystem::path& world) {
    return world / "demo-keys/people";
}

} // namespace comity::apps
