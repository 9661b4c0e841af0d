// Whether an answer is what the contract says of its operation: status, media type, and every
// member of the body. Each answer that ApiWorld gives is checked so, in whatever test it comes.
#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace comity::test {

/// What is wrong with the answer, a line each; empty when it is as the contract says. Answers of
/// 400 and above are problem details in every operation.
std::vector<std::string> contract_faults(
    std::string_view operation_id, const http::Response& response);

/// Fails the running test for each of them.
void check_contract(std::string_view operation_id, const http::Response& response);

} // namespace comity::test
