// A program of this machine that translates: as it is started, fed, heard and ended; what settings
// may say of it. Each test runs a real child process.
#include "apps/local_translator.hpp"
#include "apps/setup.hpp"
#include "support/outcome.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

using namespace comity;
using namespace comity::apps;
using namespace comity::test;
using namespace std::chrono_literals;

namespace {

const std::string script = COMITY_SOURCE_DIR "/tests/support/translator.sh";
const api::LanguagePair en_fr{"en", "fr"};

LocalTranslator translator(
    const std::vector<std::string>& how, unsigned at_once = 1, RunLimits limits = {20s, 1'000}) {
    std::vector<std::string> command{script};
    command.insert(command.end(), how.begin(), how.end());
    return {TranslatorFile::make("Tool", command, {{"en-fr", "eng-fra"}}).value(), at_once, limits};
}

struct Outcome {
    Code code;
    std::string facts;
};

Outcome refused(LocalTranslator& tool, std::string_view text = "text") {
    const auto said = tool.translate(en_fr, text);
    REQUIRE_FALSE(said.has_value());
    return {said.error().code, said.error().facts.text()};
}

bool runs(pid_t pid) {
    if (::kill(pid, 0) != 0) return false;
    // One that is dead and waits to be reaped runs no more.
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(file, stat);
    return !stat.empty() && stat[stat.rfind(')') + 2] != 'Z';
}

} // namespace

TEST_CASE("a text goes to the program as it is, with the languages as its arguments") {
    auto tool = translator({"mark", "{pair}", "{from}/{to}"});
    CHECK(tool.tool() == "Tool");
    CHECK(tool.pairs() == std::vector{en_fr});
    // No shell reads it: what would be a command to one is a text.
    const std::string text = "$(touch /tmp/x); `id` 'a' \"b\" --help\nsecond line\\n é ع";
    CHECK(tool.translate(en_fr, text).value() == "<eng-fra en/fr> " + text);
}

TEST_CASE("a text larger than any pipe goes through whole") {
    const std::string text(limits::translation_text_bytes, 'x');
    auto tool = translator({"mark"}, 1, {20s, limits::translation_answer_bytes});
    CHECK(tool.translate(en_fr, text).value() == "<> " + text);
}

TEST_CASE("the program sees nothing of the node's environment, files and folder") {
    ::setenv("COMITY_SECRET_OF_THE_NODE", "x", 1);
    auto tool = translator({"shown", "{from}"});
    const auto said = tool.translate(en_fr, "text").value();
    ::unsetenv("COMITY_SECRET_OF_THE_NODE");
    CAPTURE(said);
    CHECK(said.find("SECRET") == std::string::npos);
    CHECK(said.find("LC_ALL=C.UTF-8\n") != std::string::npos);
    CHECK(said.find("\n/\n") != std::string::npos);
    CHECK(said.find("a group of its own") != std::string::npos);
    // Input, output and error, and the one with which `ls` reads the folder.
    CHECK(said.find("\n4\n") != std::string::npos);
}

TEST_CASE("what a program does beyond its time and room is a refusal, and says which") {
    struct Row {
        std::vector<std::string> how;
        std::string facts;
    };

    for (const auto& row : std::vector<Row>{
             {{"fail"}, "Tool ended with an error"},
             {{"die"}, "Tool ended with an error"},
             {{"endless"}, "Tool answered with more than 1000 bytes"},
             {{"bytes"}, "Tool did not answer with a text"},
             {{"control"}, "Tool did not answer with a text"},
             {{"turned"}, "Tool did not answer with a text"},
             {{"empty"}, "Tool did not answer with a text"}}) {
        CAPTURE(row.how.front());
        auto tool = translator(row.how);
        const auto outcome = refused(tool);
        CHECK(outcome.code == Code::translation_failed);
        CHECK(outcome.facts == row.facts);
    }
    // Whoever does not read to the end may still have answered.
    auto deaf = translator({"deaf"});
    CHECK(
        deaf.translate(en_fr, std::string(limits::translation_text_bytes, 'x')).value() ==
        "heard nothing");
}

TEST_CASE("a program that takes too long is ended with all that it started") {
    const TemporaryDirectory folder;
    const auto file = folder / "child";
    auto slow = translator({"sleep", file}, 1, {1s, 1'000});
    CHECK(refused(slow).facts == "Tool took longer than 1 seconds");
    pid_t child = 0;
    std::ifstream(file) >> child;
    REQUIRE(child > 0);
    for (int i = 0; i < 200 && runs(child); ++i)
        std::this_thread::sleep_for(10ms);
    CHECK_FALSE(runs(child));
    // One that has said all it will and does not end is no answer either.
    auto lingering = translator({"close"}, 1, {1s, 1'000});
    CHECK(refused(lingering).facts == "Tool took longer than 1 seconds");
}

TEST_CASE("only so many run at once, and the next waits for none of them") {
    const TemporaryDirectory folder;
    const auto file = folder / "child";
    auto tool = translator({"sleep", file}, 1, {3s, 1'000});
    auto first = std::async(std::launch::async, [&] { return refused(tool); });
    while (!std::filesystem::exists(file))
        std::this_thread::sleep_for(5ms);
    const auto second = refused(tool);
    CHECK(second.code == Code::rate_exceeded);
    CHECK(second.facts == "1 translations are being made, as many as may be");
    CHECK(first.get().code == Code::translation_failed);
    CHECK(refused(tool).code == Code::translation_failed); // there is room again
}

TEST_CASE("a program that is not there is a refusal, and `comity check` has its reason") {
    const auto file = TranslatorFile::make("Tool", {"/nowhere/tool"}, {{"en-fr", "en-fr"}}).value();
    CHECK(file.problem() == "/nowhere/tool is not there, or may not be run");
    LocalTranslator tool(file, 1);
    CHECK(refused(tool).facts == "Tool could not be started");
    CHECK(TranslatorFile::make("Tool", {script}, {{"en-fr", "x"}}).value().problem().empty());
}

TEST_CASE("settings of the translator: what becomes an argument is never an option") {
    using Pairs = std::map<std::string, std::string>;

    struct Row {
        std::string tool;
        std::vector<std::string> command;
        Pairs pairs;
    };

    const Pairs good{{"en-fr", "eng-fra"}, {"crh-en", "crh_en1"}};
    CHECK(TranslatorFile::make("Apertium 3.8", {"/usr/bin/apertium", "{pair}"}, good).has_value());
    for (const auto& row : std::vector<Row>{
             {"", {"/bin/t"}, good},
             {"two\nlines", {"/bin/t"}, good},
             {std::string(limits::translation_tool_bytes + 1, 'x'), {"/bin/t"}, good},
             {"Tool", {}, good},
             {"Tool", {"t"}, good},
             {"Tool", {"../t"}, good},
             {"Tool", {"/bin/t", ""}, good},
             {"Tool", {"/bin/t", std::string("a\0b", 3)}, good},
             {"Tool", {"/bin/t"}, {}},
             {"Tool", {"/bin/t"}, {{"en", "x"}}},
             {"Tool", {"/bin/t"}, {{"en-", "x"}}},
             {"Tool", {"/bin/t"}, {{"en-en", "x"}}},
             {"Tool", {"/bin/t"}, {{"EN-fr", "x"}}},
             {"Tool", {"/bin/t"}, {{"engl-fr", "x"}}},
             {"Tool", {"/bin/t"}, {{"--fr", "x"}}},
             {"Tool", {"/bin/t"}, {{"en-fr-ca", "x"}}},
             {"Tool", {"/bin/t"}, {{"en-fr", ""}}},
             {"Tool", {"/bin/t"}, {{"en-fr", "-x"}}},
             {"Tool", {"/bin/t"}, {{"en-fr", "a b"}}},
             {"Tool", {"/bin/t"}, {{"en-fr", "../a"}}},
             {"Tool", {"/bin/t"}, {{"en-fr", std::string(61, 'a')}}}}) {
        CAPTURE(row.tool);
        CAPTURE(row.pairs.size());
        CHECK(code(TranslatorFile::make(row.tool, row.command, row.pairs)) == "setting_invalid");
    }
}

TEST_CASE("a node's settings name a translator, or none; what they misspell is refused") {
    const TemporaryDirectory folder;
    const std::filesystem::path dir = folder / "node";
    std::filesystem::create_directories(dir);
    const auto with = [&](const std::string& more) {
        std::ofstream(dir / "node.toml", std::ios::trunc)
            << "participant = \"xa-authority\"\nfederation = \"practice\"\nhost = \"xa.localhost\"\n"
               "port = 8443\n"
            << more;
        return read_settings(dir);
    };
    CHECK(with("").value().translator.command.empty());
    const auto file =
        with("[translator]\nname = \"Apertium\"\ncommand = [\"/usr/bin/apertium\", \"{pair}\"]\n"
             "pairs = { es-fr = \"es-fr\", fr-es = \"fra-spa\" }\n");
    REQUIRE(file.has_value());
    CHECK(file->translator.tool == "Apertium");
    CHECK(file->translator.command == std::vector<std::string>{"/usr/bin/apertium", "{pair}"});
    CHECK(file->translator.pairs.at({"fr", "es"}) == "fra-spa");
    for (
        const std::string wrong :
        {"translator = 1\n", "[translator]\n",
         "[translator]\nname = \"A\"\ncommand = \"/bin/a\"\npairs = { en-fr = \"x\" }\n",
         "[translator]\nname = \"A\"\ncommand = [\"/bin/a\"]\npairs = { en-fr = 1 }\n",
         "[translator]\nname = \"A\"\ncommand = [\"/bin/a\"]\npairs = [\"en-fr\"]\n",
         "[translator]\nname = \"A\"\ncommand = [\"/bin/a\"]\nurl = \"x\"\npairs = { en-fr = \"x\" }\n"}) {
        CAPTURE(wrong);
        CHECK(code(with(wrong)) == "setting_invalid");
    }
}
