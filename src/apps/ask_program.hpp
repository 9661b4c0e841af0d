// A program of this machine as a child process, for one question: text in, text out. No shell, no
// environment but a plain path and UTF-8, a process group of its own that is gone when the answer
// is there, and nothing of the node's open files.
#pragma once

#include "base/bytes.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace comity::apps {

struct RunLimits {
    std::chrono::milliseconds time{};
    std::size_t answer_bytes = 0;
};

enum class RunEnd {
    well,        ///< it ended with 0, and `answer` is all it wrote
    not_started, ///< `status` is the error number
    failed,      ///< `status` is its exit code, or minus the signal that ended it
    too_long,    ///< it was ended when its time was over
    too_much,    ///< it was ended when it had written more than it may
};

struct Ran {
    RunEnd end = RunEnd::not_started;
    int status = 0;
    Bytes answer; ///< of RunEnd::well
};

/// `arguments[0]` is an absolute path. Blocks until the program has ended, or was ended with all
/// that it had started in its process group. Its standard error goes nowhere.
Ran ask_program(
    const std::vector<std::string>& arguments, BytesView input, const RunLimits& limits);

} // namespace comity::apps
