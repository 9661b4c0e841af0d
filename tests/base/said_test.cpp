// Every text that the program says to people is there in English, French and Arabic, once; what the
// sources say stands in texts/*.txt, and nothing stands there that no source says. The sources are
// read as text: each literal, with the literals beside it joined as the compiler joins them.
#include "base/refusal.hpp"
#include "base/said.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

using namespace comity;

namespace {

namespace fs = std::filesystem;

/// A literal of a source, and whether it is the pattern of say(…).
struct Literal {
    std::string text;
    bool said = false;
};

void skip_blanks(std::string_view source, std::size_t& at) {
    while (at < source.size() && (source[at] == ' ' || source[at] == '\n'))
        ++at;
}

// The literal that begins at `at`, with those that follow it.
std::optional<std::string> literal_at(std::string_view source, std::size_t& at) {
    std::string out;
    bool any = false;
    for (std::size_t next = at; next < source.size() && source[next] == '"';) {
        ++next;
        while (next < source.size() && source[next] != '"') {
            if (source[next] == '\\') ++next;
            if (next < source.size()) out += source[next++];
        }
        at = ++next;
        any = true;
        skip_blanks(source, next);
    }
    if (!any) return std::nullopt;
    return out;
}

std::vector<Literal> literals_of(std::string_view source) {
    std::vector<Literal> out;
    for (std::size_t at = 0; at < source.size();) {
        if (source.substr(at).starts_with("//")) {
            at = std::min(source.find('\n', at), source.size());
            continue;
        }
        if (source[at] == '\'' && at + 2 < source.size()) {
            const std::size_t width = source[at + 1] == '\\' ? 4 : 3;
            at += at + width <= source.size() && source[at + width - 1] == '\'' ? width : 1;
            continue;
        }
        if (source[at] != '"') {
            ++at;
            continue;
        }
        const auto before = source.substr(0, at);
        auto end = before.find_last_not_of(" \n");
        const bool said =
            end != std::string_view::npos && before.substr(0, end + 1).ends_with("say(");
        if (auto text = literal_at(source, at)) out.push_back({std::move(*text), said});
    }
    return out;
}

const std::map<std::string, std::vector<Literal>>& sources() {
    static const auto all = [] {
        std::map<std::string, std::vector<Literal>> out;
        for (const auto& entry : fs::recursive_directory_iterator(COMITY_SOURCE_DIR "/src")) {
            const auto kind = entry.path().extension();
            if (kind != ".cpp" && kind != ".hpp") continue;
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string text(std::istreambuf_iterator<char>(in), {});
            out[entry.path().string()] = literals_of(text);
        }
        return out;
    }();
    return all;
}

std::size_t places(std::string_view text) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        out += text[i] == '{' ? 1u : 0u;
    return out;
}

std::set<std::string, std::less<>> english() {
    std::set<std::string, std::less<>> out;
    for (const auto& row : text_rows())
        out.emplace(row.texts[0]);
    return out;
}

} // namespace

TEST_CASE("a text in one language is a text in three, under a key of its own") {
    CHECK(text_rows().size() > 500);
    std::set<std::string_view> keys;
    std::set<std::string_view> texts;
    for (const auto& row : text_rows()) {
        CAPTURE(std::string(row.key));
        CHECK(keys.insert(row.key).second);
        CHECK(texts.insert(row.texts[0]).second);
        CHECK(row.key.find('.') != std::string_view::npos);
        for (const auto text : row.texts) {
            CHECK(!text.empty());
            CHECK(text.find(" | ") == std::string_view::npos);
            CHECK(places(text) == places(row.texts[0]));
        }
        // The parameters are taken, in any order, and nothing else stands in braces.
        std::vector<Said> parameters;
        for (std::size_t i = 0; i < places(row.texts[0]); ++i)
            parameters.push_back(Said::value("<" + std::to_string(i) + ">"));
        for (const auto language : text_languages) {
            const auto told = said(row.texts[0], parameters).in(language);
            for (const auto& parameter : parameters)
                CHECK(told.find(parameter.text()) != std::string::npos);
            CHECK(told.find('{') == std::string::npos);
        }
        // Arabic is written in Arabic letters, unless there are no words in it.
        const bool words = std::any_of(row.texts[0].begin(), row.texts[0].end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
        const bool arabic = std::any_of(row.texts[2].begin(), row.texts[2].end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte >= 0xd8 && byte <= 0xdb;
        });
        CHECK(words == arabic);
    }
}

TEST_CASE("what the sources say has its text, and no text is left that none says") {
    const auto known = english();
    std::set<std::string> written;
    std::size_t said = 0;
    for (const auto& [file, literals] : sources())
        for (const auto& literal : literals) {
            written.insert(literal.text);
            if (!literal.said || file.ends_with("said.hpp")) continue;
            ++said;
            CHECK_MESSAGE(known.contains(literal.text), file, " says: ", literal.text);
        }
    CHECK(said > 300);
    for (const auto& row : text_rows())
        CHECK_MESSAGE(
            written.contains(std::string(row.texts[0])), row.file, ": nobody says ", row.key);
}

TEST_CASE("every refusal is told in three languages: what was refused, the rule and the remedy") {
    const auto known = english();
    for (const auto& entry : refusal_table())
        for (const auto text : {entry.what, entry.rule, entry.remedy})
            CHECK_MESSAGE(known.contains(text), entry.name, ": ", text);
}

TEST_CASE("parameters stand where each language has them, and other texts may be parameters") {
    const auto inner = say("these do: {}", "a, b");
    const auto outer = say("instruments bind both countries; {}", inner);
    CHECK(outer.text() == "instruments bind both countries; these do: a, b");
    CHECK(outer.in("fr") == "des instruments lient les deux pays ; ceux-ci le font : a, b");
    CHECK(outer.in("ar").find("\u2068a, b\u2069") != std::string::npos);
    CHECK(outer.in("de") == outer.text());
    CHECK(outer.key() == "finding.instruments-bind-both-countries");
    CHECK(outer.parameters().size() == 1);
    // What a person wrote is a value, whatever it looks like.
    const auto braces = say("these do: {}", "{}{0}%s {");
    for (const auto language : text_languages)
        CHECK(braces.in(language).find("{}{0}%s {") != std::string::npos);
    CHECK(Said::value("{}").in("ar") == "{}");
    CHECK(Said().empty());
    const auto list = Said::list({say("none does"), say("no offence is named")}, "; ");
    CHECK(list.text() == "none does; no offence is named");
    CHECK(list.in("ar").find("؛ ") != std::string::npos);
    // A text that is not there yet is told in English.
    CHECK(said("something new {}", {Said::value("x")}).in("ar") == "something new x");
}
