// Statements and stand-ins as JSON of the contract.
#include "api/hands_view.hpp"

#include "act/seal.hpp"
#include "base/limits.hpp"

#include <algorithm>

namespace comity::api {

namespace {

using node::case_array;

void add_deed(json::Object& out, const node::HandOver& deed, const Names& names) {
    if (!deed.to.empty()) out["to"] = names.person(deed.to);
    json::Array moves;
    for (const auto& move : deed.moves) {
        json::Object item{{"cases", case_array(move.cases)}};
        if (!move.from.empty()) item["from"] = names.person(move.from);
        moves.emplace_back(std::move(item));
    }
    out["moves"] = std::move(moves);
}

void add_deed(json::Object& out, const node::StandIn& deed, const Names& names) {
    out["absent"] = names.person(deed.absent);
    out["person"] = names.person(deed.person);
    out["from"] = to_text(deed.from);
    out["until"] = to_text(deed.until);
    out["cases"] = case_array(deed.cases);
}

void add_deed(json::Object& out, const node::StandInEnd& deed, const Names&) {
    out["ends"] = text(deed.statement);
}

} // namespace

json::Object HandsShown::of(const node::WorkRow& row) {
    auto at = stand_ins_.find(row.hands);
    if (at == stand_ins_.end()) {
        std::vector<node::StandInRow> rows;
        api_.node().store().read([&](node::StoreReader& reader) {
            rows = reader.stand_ins_for(row.hands, now_, limits::stand_ins);
        });
        at = stand_ins_.emplace(row.hands, std::move(rows)).first;
    }
    auto out = names_.person(row.hands);
    out["mine"] = row.hands == me_;
    // Who asks comes first among several who stand in; then whoever does for longest.
    const node::StandInRow* found = nullptr;
    for (const auto& one : at->second) // the earliest to end first
        if (node::covers(one, row.case_id, now_) &&
            (!found || found->person != me_ || one.person == me_))
            found = &one;
    if (found) {
        out["stand_in"] = names_.person(found->person);
        out["until"] = to_text(found->until);
        if (found->person == me_) out["mine"] = true;
    }
    return out;
}

json::Object deed_json(const node::HandsStatement& statement, const Names& names) {
    json::Object out{
        {"deed", node::deed_name(statement)},
        {"by", names.person(statement.by)},
        {"at", to_text(statement.at)}};
    std::visit([&](const auto& deed) { add_deed(out, deed, names); }, statement.deed);
    return out;
}

VerifiedHands verified_hands(node::StoreReader& reader, const node::SignedHands& kept) {
    return {kept, node::verifies(reader, kept)};
}

json::Object statement_json(const VerifiedHands& statement, const Names& names) {
    const auto& kept = statement.kept;
    return {
        {"hash", text(kept.hash)},
        {"what", deed_json(kept.statement, names)},
        {"statement", to_base64url(kept.bytes)},
        {"entry", text(kept.entry)},
        {"assertion", act::print_assertion(kept.assertion)},
        {"verified", statement.verified}};
}

json::Object stand_in_json(const node::StandInRow& row, const Names& names) {
    return {{"statement", text(row.statement)},   {"absent", names.person(row.absent)},
            {"person", names.person(row.person)}, {"from", to_text(row.from)},
            {"until", to_text(row.until)},        {"cases", case_array(row.cases)}};
}

} // namespace comity::api
