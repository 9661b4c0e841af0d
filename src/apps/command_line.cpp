// The one file that compiles CLI11.
#include "apps/command_line.hpp"

#include <CLI/CLI.hpp>

#include <set>

namespace comity::apps {

Option Option::required() {
    option_->required();
    return *this;
}

Option Option::between(double least, double most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

Option Option::between(std::size_t least, std::size_t most) {
    option_->check(CLI::Range(least, most));
    return *this;
}

Option Option::one_of(const std::vector<int>& values) {
    option_->check(CLI::IsMember(std::set<int>(values.begin(), values.end())));
    return *this;
}

Command Command::add_subcommand(const std::string& name, const std::string& what) {
    return Command(*command_->add_subcommand(name, what));
}

Command Command::subcommand(const std::string& name) const {
    return Command(*command_->get_subcommand(name));
}

Command Command::add_option_group(const std::string& name) {
    return Command(*command_->add_option_group(name));
}

Option Command::add_option(const std::string& name, std::string& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(
    const std::string& name, std::vector<std::string>& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(const std::string& name, int& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(const std::string& name, std::int64_t& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(const std::string& name, std::size_t& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(const std::string& name, double& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(
    const std::string& name, std::optional<std::filesystem::path>& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_option(
    const std::string& name, std::optional<std::uint64_t>& value, const std::string& what) {
    return Option(*command_->add_option(name, value, what));
}

Option Command::add_flag(const std::string& name, bool& value, const std::string& what) {
    return Option(*command_->add_flag(name, value, what));
}

void Command::require_subcommand(int count) {
    command_->require_subcommand(count);
}

void Command::require_option(int count) {
    command_->require_option(count);
}

void Command::hide() {
    command_->group("");
}

void Command::callback(std::function<void()> work) {
    command_->callback(std::move(work));
}

CommandLine::CommandLine(const std::string& what, const std::string& version)
    : app_(std::make_unique<CLI::App>(what)) {
    app_->set_version_flag("--version", version);
    app_->require_subcommand(1);
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() {
    return Command(*app_);
}

std::optional<int> CommandLine::parse(int argc, char** argv) {
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app_->exit(error) == 0 ? 0 : 2;
    }
    return std::nullopt;
}

} // namespace comity::apps
