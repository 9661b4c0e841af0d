// The names of the bundle's format, shared by who writes and who verifies it.
#pragma once

#include <string_view>

namespace comity::node {

inline constexpr std::string_view bundle_format = "bundle/1";
inline constexpr std::string_view bundle_type = "comity-bundle+jws";

} // namespace comity::node
