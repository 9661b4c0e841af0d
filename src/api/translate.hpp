// Machine translation of what a person may read, by a program of this machine: for reading alone.
// What it gives is shown beside the original and marked, is kept nowhere and is no part of any act
// (docs/decisions/043-translation-by-a-local-program.md).
#pragma once

#include "base/refusal.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace comity::limits {

// A field of a form has at most 10,000 characters, which are at most four bytes each.
inline constexpr std::size_t translation_text_bytes = 40'000;
// A translation is rarely twice as long as its original, and an alphabet can take twice the bytes.
inline constexpr std::size_t translation_answer_bytes = 4 * translation_text_bytes;
// What a person waits for; a rule-based translator takes tenths of a second.
inline constexpr std::chrono::seconds translation_time{20};
// More at once would keep a small machine from its work; nor do they take more than half of the
// threads that serve requests.
inline constexpr unsigned translations_at_once = 4;
// Of one person: whoever reads a long request has each of its texts translated, once.
inline constexpr std::int64_t translation_burst = 60;
inline constexpr std::int64_t translation_per_minute = 60;
// Of languages; a machine that has more models has other things to do.
inline constexpr std::size_t translation_pairs = 200;
inline constexpr std::size_t translation_tool_bytes = 100;

} // namespace comity::limits

namespace comity::api {

/// Languages as forms state them (BCP 47), lower case: "en", "fr", "crh".
struct LanguagePair {
    std::string from;
    std::string to;

    bool operator==(const LanguagePair&) const = default;
    auto operator<=>(const LanguagePair&) const = default;
};

/// The local program. Owned by whoever wires the node; safe from many threads.
class Translator {
public:
    Translator() = default;
    Translator(const Translator&) = delete;
    Translator& operator=(const Translator&) = delete;
    virtual ~Translator() = default;

    /// What readers are told made the translation.
    [[nodiscard]] virtual std::string tool() const = 0;

    /// What it translates between, in order, each pair once.
    [[nodiscard]] virtual std::vector<LanguagePair> pairs() const = 0;

    /// The text in the other language, in valid UTF-8, at most limits::translation_answer_bytes.
    /// `pair` is one of pairs(). Refuses with translation_failed, and with rate_exceeded where as
    /// many as may are being made.
    virtual Result<std::string> translate(const LanguagePair& pair, std::string_view text) = 0;
};

/// "en" of "en-GB": a text in a variety is translated as one in its language.
std::string_view language_alone(std::string_view tag);

} // namespace comity::api
