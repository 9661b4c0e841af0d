// The commands of the program and their options, over CLI11. That is a library of headers, of which
// every file that saw them would compile its own copy; only command_line.cpp does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace comity::apps {

/// An option of a command, which owns it. What is said of it here is checked before the command
/// runs: who asks wrongly is told so, and nothing is done (exit status 2).
class Option {
public:
    explicit Option(CLI::Option& option) : option_(&option) {}

    Option required();
    /// A number from `least` to `most`, both included.
    Option between(double least, double most);
    Option between(std::size_t least, std::size_t most);
    Option one_of(const std::vector<int>& values);

private:
    CLI::Option* option_;
};

/// A command, owned by the program's command line. The variable of an option is written when the
/// program's arguments are parsed, and has to live until then.
class Command {
public:
    explicit Command(CLI::App& command) : command_(&command) {}

    Command add_subcommand(const std::string& name, const std::string& what);
    /// One that was added before.
    [[nodiscard]] Command subcommand(const std::string& name) const;
    /// Options that belong together; see require_option.
    Command add_option_group(const std::string& name);

    /// `--name`, or `name` for one that stands in its place without being named.
    Option add_option(const std::string& name, std::string& value, const std::string& what);
    Option add_option(
        const std::string& name, std::vector<std::string>& value, const std::string& what);
    Option add_option(const std::string& name, int& value, const std::string& what);
    Option add_option(const std::string& name, std::int64_t& value, const std::string& what);
    Option add_option(const std::string& name, std::size_t& value, const std::string& what);
    Option add_option(const std::string& name, double& value, const std::string& what);
    Option add_option(
        const std::string& name, std::optional<std::filesystem::path>& value,
        const std::string& what);
    Option add_option(
        const std::string& name, std::optional<std::uint64_t>& value, const std::string& what);
    Option add_flag(const std::string& name, bool& value, const std::string& what);

    /// So many subcommands have to be named.
    void require_subcommand(int count);
    /// So many options have to be given.
    void require_option(int count);
    /// Not listed by --help.
    void hide();
    /// When the command was named, after its options were read.
    void callback(std::function<void()> work);

private:
    CLI::App* command_;
};

/// The command line of the whole program.
class CommandLine {
public:
    CommandLine(const std::string& what, const std::string& version);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// What all other commands are below.
    Command root();
    /// Nothing when a command was named and its callback has run; else the program's exit status,
    /// after help or what was wrong has been printed.
    std::optional<int> parse(int argc, char** argv);

private:
    std::unique_ptr<CLI::App> app_;
};

} // namespace comity::apps
