// What nodes log in tests: event and fields, a line each.
#pragma once

#include "node/ports.hpp"

#include <fmt/format.h>

#include <mutex>
#include <string>
#include <vector>

namespace comity::test {

/// A log that adds its lines to `lines`, under `guard`; both outlive it.
inline node::Log log_into(std::mutex& guard, std::vector<std::string>& lines) {
    return [&guard, &lines](
               std::string_view event,
               const std::vector<std::pair<std::string, std::string>>& fields) {
        std::string line(event);
        for (const auto& [name, value] : fields)
            line += fmt::format(" {}={}", name, value);
        const std::scoped_lock lock(guard);
        lines.push_back(std::move(line));
    };
}

} // namespace comity::test
