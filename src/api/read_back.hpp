// What a person reads before the passkey signs (threat T06): taken from the header's bytes that are
// signed and from the parts whose hashes stand in it, and from nothing that the page sent.
#pragma once

#include "api/api.hpp"

namespace comity::api {

/// The lines for a draft that was just prepared, in an order that goes from what it is to what it
/// holds. Labels are Text of the contract; values are in the reader's language.
json::Array reads_back(Api& api, const Digest& draft, std::string_view language);

} // namespace comity::api
