// The contract of the pages' interface, web/api/openapi.json, as the program holds it. The document
// is the table: a route exists because an operation stands in it, and its `x-authorisation` is what
// is enforced, so no endpoint can be without a rule and no rule can drift from what is published.
#pragma once

#include "base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace comity::api {

/// Who may call an operation, from its `x-authorisation`.
struct Rule {
    bool signed_in = false;         ///< who: person
    std::vector<std::string> roles; ///< one of them; empty: any person on the roll
    std::string object;             ///< own, office, participant, case, none
};

struct Operation {
    std::string id; ///< operationId
    std::string method;
    std::string path; ///< below /api/v1, with {parameters}
    std::string summary;
    Rule rule;
    bool changes = false;  ///< any method but GET: the origin is checked
    std::string body;      ///< media type of the request's body; empty for none
    bool practice = false; ///< tagged so: only a node of the practice world has it
};

/// The document, as it stands in web/api/openapi.json.
std::string_view openapi_text();

/// All its operations in order. The document was checked when it was built in: one without an
/// authorisation rule, or with an unknown one, is a bug.
const std::vector<Operation>& operations();

} // namespace comity::api
