// The fold of evidence acts into holdings.
#include "evidence/custody.hpp"

#include <algorithm>

namespace comity::evidence {

namespace {

void end(Holding& holding, const CustodyEvent& event) {
    holding.destroyed = event.admitted;
    holding.destroyed_by = event.hash;
}

void end_holdings(std::vector<Holding>& holdings, const CustodyEvent& event) {
    for (auto& holding : holdings) {
        if (holding.holder != event.performer || holding.destroyed) continue;
        if (std::find(event.destroyed.begin(), event.destroyed.end(), holding.sealed) !=
            event.destroyed.end())
            end(holding, event);
    }
}

// Nobody releases or receives what has not arrived; what has arrived is removed where it came from.
void end_delivered(std::vector<Holding>& holdings, const CustodyEvent& event) {
    for (std::size_t i = 0; i < holdings.size(); ++i) {
        auto& sent = holdings[i];
        if (sent.destroyed || sent.holder == event.performer) continue;
        const bool here = std::any_of(holdings.begin(), holdings.end(), [&](const auto& other) {
            return other.holder == event.performer && other.sealed == sent.sealed &&
                   other.under == sent.under;
        });
        if (here) end(sent, event);
    }
}

} // namespace

bool ends_holdings(std::string_view act) {
    return act == "purge" || act == "delete" || act == "discard";
}

std::vector<Holding> custody(
    const std::vector<CustodyEvent>& events, const CustodyParties& parties,
    bool direct_to_requesting) {
    std::vector<Holding> out;
    for (const auto& event : events) {
        const auto hold = [&](const ParticipantId& holder, const Item& item) {
            out.push_back(
                {holder,
                 item.sealed,
                 item.plain,
                 item.name,
                 event.admitted,
                 event.hash,
                 std::nullopt,
                 {}});
        };
        if (event.act == "release" || event.act == "receive") end_delivered(out, event);
        if (event.act == "produce") {
            for (const auto& item : event.items) {
                hold(direct_to_requesting ? parties.requesting : parties.receiving, item);
                hold(parties.provider, item);
            }
        } else if (event.act == "release") {
            for (const auto& item : event.items)
                hold(parties.requesting, item);
        } else if (ends_holdings(event.act)) {
            end_holdings(out, event);
        }
    }
    return out;
}

json::Array print_custody(const std::vector<Holding>& holdings) {
    json::Array out;
    for (const auto& holding : holdings) {
        json::Object line{
            {"holder", holding.holder.str()},      {"name", holding.name},
            {"plain_sha256", text(holding.plain)}, {"cipher_sha256", text(holding.sealed)},
            {"from", to_text(holding.from)},       {"under", text(holding.under)}};
        if (holding.destroyed) {
            line["destroyed"] = to_text(*holding.destroyed);
            line["destroyed_by"] = text(holding.destroyed_by);
        }
        out.emplace_back(std::move(line));
    }
    return out;
}

} // namespace comity::evidence
