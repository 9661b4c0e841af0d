// Whose hands cases are in: who works on cases and how many they have, handing over, standing in,
// and what was signed about it.
#include "act/seal.hpp"
#include "api/case_view.hpp"
#include "api/hands_view.hpp"
#include "api/names.hpp"
#include "api/rows.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::api {

namespace {

// ---- who has how much

http::Response get_hands(Api& api, const Call&) {
    std::vector<std::pair<PersonId, std::int64_t>> loads;
    std::vector<node::StandInRow> rows;
    std::size_t nobody = 0;
    api.node().store().read([&](node::StoreReader& reader) {
        loads = reader.caseloads({}, limits::caseworkers);
        rows = reader.stand_ins(api.node().now(), limits::stand_ins_shown);
        nobody = node::open_in_nobodys(reader);
    });
    const Names names(api);
    json::Array caseloads;
    for (const auto& [person, cases] : loads) {
        auto one = names.person(person);
        one["cases"] = cases;
        caseloads.emplace_back(std::move(one));
    }
    json::Array stand_ins;
    for (const auto& row : rows)
        stand_ins.emplace_back(stand_in_json(row, names));
    return answer(json::Object{
        {"caseloads", std::move(caseloads)},
        {"nobody", nobody},
        {"stand_ins", std::move(stand_ins)}});
}

// The whole roll is read for it: it is asked for where somebody chooses, and not with every list.
http::Response list_caseworkers(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto language = language_of(call.request);
    const Names names(api);
    json::Array items;
    api.node().store().read([&](node::StoreReader& reader) {
        for (const auto& one : node::caseworkers(api.node(), reader))
            items.emplace_back(json::Object{
                {"person", one.person.str()},
                {"name", names.of(one.person)},
                {"office", one.office.str()},
                {"office_name", office_name(**directory, api.node().self(), one.office, language)},
                {"roles", role_array(one.roles)},
                {"cases", reader.caseload(one.person)}});
    });
    return answer(json::Object{{"items", std::move(items)}});
}

// ---- statements

std::vector<CaseId> case_ids(const std::vector<std::string>& list) {
    std::vector<CaseId> out;
    for (const auto& id : list)
        out.emplace_back(id);
    return out;
}

Result<Instant> instant_of(const std::optional<std::string>& given, std::string_view name) {
    const auto at = given ? instant_from(*given) : std::nullopt;
    if (!at) return refuse(Code::json_malformed, say("{} is not an instant", name));
    return *at;
}

Result<node::HandsWish> read_wish(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "wish"};
    const auto deed = in.string("deed");
    const auto to = in.string_if("to").value_or("");
    const auto all_of = in.string_if("all_of").value_or("");
    const auto absent = in.string_if("absent").value_or("");
    const auto person = in.string_if("person").value_or("");
    const auto from = in.string_if("from");
    const auto until = in.string_if("until");
    const auto statement = in.string_if("statement");
    const auto cases = case_ids(in.strings_if("cases"));
    TRY_VOID(in.done());
    if (deed == "hand-over") {
        if (cases.empty() == all_of.empty())
            return refuse(Code::json_malformed, say("either cases are named or whose all are"));
        return node::HandOverWish{PersonId(to), cases, PersonId(all_of)};
    }
    if (deed == "stand-in") {
        TRY(const auto begins, instant_of(from, "from"));
        TRY(const auto ends, instant_of(until, "until"));
        return node::StandIn{PersonId(absent), PersonId(person), begins, ends, cases};
    }
    if (deed != "stand-in-end")
        return refuse(Code::json_malformed, say("no deed of a statement about hands"));
    const auto hash = digest_from_text(statement.value_or(""));
    if (!hash) return refuse(Code::json_malformed, say("the statement is named by its hash"));
    return node::StandInEnd{*hash};
}

Result<json::Object> prepare(Api& api, const Call& call) {
    TRY(const auto wish, read_wish(call));
    TRY(const auto prepared, node::prepare_hands(api.node(), wish, call.session.person));
    const Names names(api);
    return json::Object{
        {"statement", to_base64url(prepared.bytes)},
        {"what", deed_json(prepared.statement, names)},
        {"left", prepared.left},
        {"passkey", passkey_request(api, call.session.person, prepared.challenge)}};
}

http::Response prepare_hands(Api& api, const Call& call) {
    return answer(prepare(api, call));
}

Result<json::Object> take(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "signed statement"};
    const auto bytes = from_base64url(in.string("statement"));
    const auto& given = in.object("assertion");
    TRY_VOID(in.done());
    if (!bytes) return refuse(Code::json_malformed, say("it is not base64url"));
    TRY(const auto assertion, act::parse_assertion(given));
    TRY(const auto done, node::sign_hands(api.node(), *bytes, assertion, call.session.person));
    api.node().log(
        "hands changed", {{"statement", text(done.hash)}, {"by", call.session.person.str()}});
    std::optional<VerifiedHands> kept;
    api.node().store().read(
        [&](node::StoreReader& reader) { kept = verified_hands(reader, done); });
    const Names names(api);
    return statement_json(*kept, names);
}

http::Response sign_hands(Api& api, const Call& call) {
    return answer(take(api, call));
}

http::Response list_statements(Api& api, const Call& call) {
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto after = read_time_place(call);
    if (!after) return http::problem(after.error());
    std::vector<VerifiedHands> statements;
    std::optional<std::string> next;
    api.node().store().read([&](node::StoreReader& reader) {
        auto rows = reader.hand_statements(*after, *limit + 1);
        next = cut_page(rows, *limit, &node::HandStatementRow::at);
        for (const auto& row : rows)
            statements.push_back(verified_hands(reader, node::read_row(row)));
    });
    const Names names(api);
    json::Array items;
    for (const auto& one : statements)
        items.emplace_back(statement_json(one, names));
    json::Object out{{"items", std::move(items)}};
    if (next) out["next"] = *next;
    return answer(std::move(out));
}

// ---- of one case

struct Change {
    node::HandsRow row;
    std::optional<VerifiedHands> statement;
};

struct CaseHands {
    PersonId person;
    std::vector<node::StandInRow> stand_ins; ///< that cover it, now or later
    std::vector<Change> history;
};

CaseHands read_hands(node::StoreReader& reader, const CaseId& id, Instant now) {
    CaseHands out;
    if (const auto row = reader.find_work(id)) out.person = row->hands;
    if (!out.person.empty())
        for (auto& one : reader.stand_ins_for(out.person, now, limits::stand_ins))
            if (node::covers(one, id, std::max(now, one.from)))
                out.stand_ins.push_back(std::move(one));
    for (auto& row : reader.hands_of(id, limits::hands_shown)) {
        Change change{std::move(row), std::nullopt};
        if (change.row.statement)
            if (const auto kept = reader.find_hand_statement(*change.row.statement))
                change.statement = verified_hands(reader, node::read_row(*kept));
        out.history.push_back(std::move(change));
    }
    return out;
}

json::Object change_json(const Change& change, const Names& names) {
    const auto& row = change.row;
    json::Object out{{"at", to_text(row.at)}};
    if (!row.from.empty()) out["from"] = names.person(row.from);
    if (!row.to.empty()) out["to"] = names.person(row.to);
    if (!change.statement) return out;
    out["statement"] = text(change.statement->kept.hash);
    out["by"] = names.person(change.statement->kept.statement.by);
    out["verified"] = change.statement->verified;
    return out;
}

http::Response get_case_hands(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    CaseHands hands;
    api.node().store().read([&](node::StoreReader& reader) {
        hands = read_hands(reader, seen->state.id, api.node().now());
    });
    const Names names(api);
    json::Array history;
    for (const auto& change : hands.history)
        history.emplace_back(change_json(change, names));
    json::Array stand_ins;
    for (const auto& one : hands.stand_ins)
        stand_ins.emplace_back(stand_in_json(one, names));
    json::Object out;
    if (!hands.person.empty()) out["hands"] = names.person(hands.person);
    out["stand_ins"] = std::move(stand_ins);
    out["history"] = std::move(history);
    return answer(std::move(out));
}

} // namespace

void add_hands_operations(Handlers& handlers) {
    handlers["getHands"] = get_hands;
    handlers["listCaseworkers"] = list_caseworkers;
    handlers["prepareHands"] = prepare_hands;
    handlers["signHands"] = sign_hands;
    handlers["listHandStatements"] = list_statements;
    handlers["getCaseHands"] = get_case_hands;
}

} // namespace comity::api
