// The fold of evidence acts into holdings.
#include "evidence/custody.hpp"

#include <algorithm>

namespace comity::evidence {

namespace {

void end_holdings(std::vector<Holding>& holdings, const CustodyEvent& event) {
    for (auto& holding : holdings) {
        if (holding.holder != event.performer || holding.destroyed) continue;
        if (std::find(event.destroyed.begin(), event.destroyed.end(), holding.sealed) ==
            event.destroyed.end())
            continue;
        holding.destroyed = event.admitted;
        holding.destroyed_by = event.hash;
    }
}

} // namespace

std::vector<Holding> custody(
    const std::vector<CustodyEvent>& events, const CustodyParties& parties,
    bool direct_to_requesting) {
    std::vector<Holding> out;
    for (const auto& event : events) {
        if (event.act == "produce" || event.act == "release") {
            const bool to_receiving = event.act == "produce" && !direct_to_requesting;
            for (const auto& item : event.items)
                out.push_back(
                    {to_receiving ? parties.receiving : parties.requesting,
                     item.sealed,
                     item.plain,
                     item.name,
                     event.admitted,
                     event.hash,
                     std::nullopt,
                     {}});
        } else if (event.act == "purge" || event.act == "delete") {
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
