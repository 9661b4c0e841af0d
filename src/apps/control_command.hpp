// A command of several that belong together; most ask a running node by its control socket.
#pragma once

#include "apps/command_line.hpp"
#include "base/refusal.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>

namespace comity::apps {

/// Adds a command below `parent` that does `work` with what was asked; `run` is set when it is
/// chosen, and answers the exit status. `Asked` is shared by the commands beside it.
template <class Asked>
Command add_command(
    Command parent, std::function<int()>& run, const std::shared_ptr<Asked>& asked,
    const char* name, const char* what, Result<void> (*work)(const Asked&)) {
    auto command = parent.add_subcommand(name, what);
    command.callback([&run, asked, work] {
        run = [asked, work] {
            const auto done = work(*asked);
            if (!done) fmt::print(stderr, "comity: {}\n", done.error().text());
            return done ? 0 : 1;
        };
    });
    return command;
}

/// The same for one that asks a running node by its control socket: it takes --dir, which is
/// `asked->dir`.
template <class Asked>
Command add_control_command(
    Command parent, std::function<int()>& run, const std::shared_ptr<Asked>& asked,
    const char* name, const char* what, Result<void> (*work)(const Asked&)) {
    auto command = add_command(parent, run, asked, name, what, work);
    command.add_option("--dir", asked->dir, "the node's directory; the node is running").required();
    return command;
}

} // namespace comity::apps
