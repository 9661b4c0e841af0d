// In whose hands cases are, as pages show it: with names, and with who stands in for whom today.
#pragma once

#include "api/api.hpp"
#include "api/passkeys.hpp"
#include "node/hands.hpp"

#include <map>
#include <string>
#include <vector>

namespace comity::api {

/// For the rows of one page.
class HandsShown {
public:
    HandsShown(Api& api, const PersonId& me, Instant now)
        : api_(api), names_(api), me_(me), now_(now) {}

    /// ItemHands of the contract, of a case in somebody's hands.
    json::Object of(const node::WorkRow& row);

private:
    Api& api_;
    Names names_;
    PersonId me_;
    Instant now_;
    std::map<PersonId, std::vector<node::StandInRow>> stand_ins_;
};

/// HandsDeed of the contract.
json::Object deed_json(const node::HandsStatement& statement, const Names& names);

/// A statement with whether it verifies now.
struct VerifiedHands {
    node::SignedHands kept;
    bool verified = false;
};

VerifiedHands verified_hands(node::StoreReader& reader, const node::SignedHands& kept);
/// HandStatement of the contract: with what is needed to verify it elsewhere.
json::Object statement_json(const VerifiedHands& statement, const Names& names);
/// StandIn of the contract.
json::Object stand_in_json(const node::StandInRow& row, const Names& names);

} // namespace comity::api
