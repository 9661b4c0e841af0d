// The program of `[translator]` in a node's settings: which one, between which languages, and how
// it is asked.
#pragma once

#include "api/translate.hpp"
#include "apps/ask_program.hpp"

#include <atomic>
#include <map>

namespace comity::apps {

/// What the settings say; without a command nothing is translated.
struct TranslatorFile {
    std::string tool;                 ///< as readers are told
    std::vector<std::string> command; ///< an absolute path, and arguments with {from}, {to}, {pair}
    /// By pair, what stands for {pair}: names of models differ from tool to tool.
    std::map<api::LanguagePair, std::string> pairs;

    /// Refuses with setting_invalid what is no command, tool or pair: what becomes an argument is
    /// letters, digits, - and _ and begins with a letter, so that it is never an option.
    static Result<TranslatorFile> make(
        std::string tool, std::vector<std::string> command,
        const std::map<std::string, std::string>& pairs);

    /// Why it cannot be run, in English; empty when nothing speaks against it.
    [[nodiscard]] std::string problem() const;
};

class LocalTranslator final : public api::Translator {
public:
    /// `at_once`: more are refused.
    LocalTranslator(
        TranslatorFile file, unsigned at_once,
        RunLimits limits = {limits::translation_time, limits::translation_answer_bytes});

    [[nodiscard]] std::string tool() const override { return file_.tool; }

    [[nodiscard]] std::vector<api::LanguagePair> pairs() const override;
    Result<std::string> translate(const api::LanguagePair& pair, std::string_view text) override;

private:
    TranslatorFile file_;
    unsigned at_once_;
    RunLimits limits_;
    std::atomic<unsigned> running_{0};
};

} // namespace comity::apps
