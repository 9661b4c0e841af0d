// Checking the settings of the translator, and asking it.
#include "apps/local_translator.hpp"

#include "base/check.hpp"
#include "base/plain_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace comity::apps {

namespace {

constexpr std::size_t words_most = 20;
constexpr std::size_t word_bytes = 1'000;
constexpr std::size_t model_bytes = 60;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A language without its variety: two or three letters (ISO 639).
bool is_language(std::string_view text) {
    return (text.size() == 2 || text.size() == 3) &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_model(std::string_view text) {
    return !text.empty() && text.size() <= model_bytes && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
}

std::string filled(std::string word, const api::LanguagePair& pair, const std::string& model) {
    const std::array<std::pair<std::string_view, std::string_view>, 3> places{
        {{"{from}", pair.from}, {"{to}", pair.to}, {"{pair}", model}}};
    for (const auto& [place, value] : places)
        for (auto at = word.find(place); at != std::string::npos;
             at = word.find(place, at + value.size()))
            word.replace(at, place.size(), value);
    return word;
}

// Lines and tabs are a text's; other control characters are not, and what turns the direction of
// writing would reach beyond the place where the translation stands.
bool is_readable(std::string_view text) {
    if (!is_utf8(text)) return false;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto end = std::min(rest.find_first_of("\n\t"), rest.size());
        if (!is_plain(rest.substr(0, end))) return false;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text.find_first_not_of(" \n\t") != std::string_view::npos;
}

Result<std::string> said_by(const std::string& tool, Ran ran, const RunLimits& limits) {
    switch (ran.end) {
    case RunEnd::well: break;
    case RunEnd::not_started:
        return refuse(Code::translation_failed, say("{} could not be started", tool));
    case RunEnd::failed:
        return refuse(Code::translation_failed, say("{} ended with an error", tool));
    case RunEnd::too_long:
        return refuse(
            Code::translation_failed,
            say("{} took longer than {} seconds", tool,
                std::chrono::duration_cast<std::chrono::seconds>(limits.time).count()));
    case RunEnd::too_much:
        return refuse(
            Code::translation_failed,
            say("{} answered with more than {} bytes", tool, limits.answer_bytes));
    }
    auto& text = ran.answer;
    std::erase(text, '\r');
    while (text.ends_with('\n'))
        text.pop_back();
    if (!is_readable(text))
        return refuse(Code::translation_failed, say("{} did not answer with a text", tool));
    return std::move(text);
}

} // namespace

Result<TranslatorFile> TranslatorFile::make(
    std::string tool, std::vector<std::string> command,
    const std::map<std::string, std::string>& pairs) {
    TranslatorFile out{std::move(tool), std::move(command), {}};
    if (out.command.empty() || out.command.size() > words_most ||
        !out.command.front().starts_with('/'))
        return refuse(
            Code::setting_invalid,
            "[translator]: command is a list; the first is the program, by its whole path");
    for (const auto& word : out.command)
        if (word.empty() || word.size() > word_bytes || word.find('\0') != std::string::npos)
            return refuse(Code::setting_invalid, "[translator]: command holds an empty argument");
    if (out.tool.empty() || out.tool.size() > limits::translation_tool_bytes || !is_plain(out.tool))
        return refuse(
            Code::setting_invalid,
            "[translator]: name says what readers are told made the translation");
    if (pairs.empty() || pairs.size() > limits::translation_pairs)
        return refuse(
            Code::setting_invalid,
            fmt::format(
                "[translator]: pairs names 1 to {} pairs of languages, such as en-fr = \"en-fr\"",
                limits::translation_pairs));
    for (const auto& [name, model] : pairs) {
        const auto dash = name.find('-');
        const api::LanguagePair pair{
            name.substr(0, dash), dash == std::string::npos ? "" : name.substr(dash + 1)};
        if (!is_language(pair.from) || !is_language(pair.to) || pair.from == pair.to)
            return refuse(
                Code::setting_invalid,
                fmt::format("[translator]: \"{}\" is no pair of languages such as en-fr", name));
        if (!is_model(model))
            return refuse(
                Code::setting_invalid,
                fmt::format("[translator]: what stands for {} is letters, digits, - and _", name));
        out.pairs.emplace(pair, model);
    }
    return out;
}

std::string TranslatorFile::problem() const {
    if (command.empty()) return {};
    if (::access(command.front().c_str(), X_OK) != 0)
        return fmt::format("{} is not there, or may not be run", command.front());
    return {};
}

LocalTranslator::LocalTranslator(TranslatorFile file, unsigned at_once, RunLimits limits)
    : file_(std::move(file)), at_once_(at_once), limits_(limits) {}

std::vector<api::LanguagePair> LocalTranslator::pairs() const {
    std::vector<api::LanguagePair> out;
    for (const auto& [pair, model] : file_.pairs)
        out.push_back(pair);
    return out;
}

Result<std::string> LocalTranslator::translate(
    const api::LanguagePair& pair, std::string_view text) {
    const auto model = file_.pairs.find(pair);
    CHECK_THAT(model != file_.pairs.end());

    struct Turn {
        std::atomic<unsigned>& running;
        unsigned before;

        explicit Turn(std::atomic<unsigned>& all) : running(all), before(all.fetch_add(1)) {}

        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        ~Turn() { --running; }
    } const turn(running_);

    if (turn.before >= at_once_)
        return refuse(
            Code::rate_exceeded,
            say("{} translations are being made, as many as may be", at_once_));
    std::vector<std::string> arguments{file_.command.front()};
    for (std::size_t i = 1; i < file_.command.size(); ++i)
        arguments.push_back(filled(file_.command[i], pair, model->second));
    return said_by(file_.tool, ask_program(arguments, text, limits_), limits_);
}

} // namespace comity::apps
