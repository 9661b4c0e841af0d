// comity release …: releases of the program, their log, and whether one runs.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace comity::apps {

void add_release(CLI::App& app, std::function<int()>& run);

} // namespace comity::apps
