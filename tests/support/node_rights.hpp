// The practice with everybody in it, played through each procedure: for tests of what a person, a
// third country or oversight is promised.
#pragma once

#include "support/node_practice.hpp"

namespace comity::test {

class Rights : public Practice {
public:
    explicit Rights(const std::string& procedure = "mla", const std::string& category = "access")
        : Practice(true) {
        this->procedure = procedure;
        this->category = category;
        third = procedure == "extraordinary" ? std::vector<std::string>{"cascadia-authority"}
                                             : std::vector<std::string>{};
    }

    /// One act by the usual person with the fields of its example; everything is delivered. The
    /// outcome's code, `accepted` when it was admitted at once or by the keeper.
    std::string step(const std::string& act);
    std::string step(const std::string& act, json::Object fields);
    /// The road of the procedure up to and including this act.
    void road(const std::string& last);
    /// The fields of the act as they would be admitted now.
    json::Object form(const std::string& act);

    /// What the last act that this participant submitted was answered with.
    std::string answer(const std::string& who);
    /// How many acts of a kind a participant holds.
    std::size_t count(const std::string& who, const std::string& kind);
    /// The fields that a participant reads of the latest act of a kind.
    json::Object read(const std::string& who, const std::string& kind);
    /// What somebody owes in the case, by a participant's store.
    std::vector<node::ObligationRow> owed(const std::string& who);
    /// Files of evidence and envelopes that lie at a participant.
    std::size_t files(const std::string& who);
};

} // namespace comity::test
