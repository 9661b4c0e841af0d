// The rules of grid, dates and names that each act keeps beside the findings (assessment.hpp), and
// the one function the gate calls for them. Pure: the fields of the case's acts as far as this node
// may read them, and an instant; no clock, no I/O.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace comity::assess {

/// What the gate knows when an act asks to be admitted. A null means that this node may not read
/// the field's part, or that the act has not happened: the rules that need it are then left to the
/// nodes that can see it. (The keeper of the case always sees every grid.)
struct Context {
    Instant today{};                       ///< when the act is admitted
    const json::Object* fields = nullptr;  ///< of the act that asks, this node's view
    const json::Object* request = nullptr; ///< of the case's request
    std::string_view request_hash;         ///< the request's act hash in text form; may be empty
    const json::Object* authorisation = nullptr; ///< of the case's authorise act, once there is one
    const json::Object* order = nullptr;         ///< of the case's order act, once there is one
    const json::Object* production = nullptr;    ///< of the case's produce act, once there is one
    /// Whether the case's procedure has an act `order`. Where it has none (the extraordinary
    /// mechanism) the authorisation itself carries the provider's order, field `provider_order`.
    bool has_order = true;
};

/// Whether the findings that this act requires stand. Refuses with finding_not_met, grid_widened,
/// grid_outside, request_not_named, order_expired, evidence_outside_grid or deadline_too_far.
Result<void> admit(std::string_view act, const Context& context);

} // namespace comity::assess
