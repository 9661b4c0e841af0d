// Gathering the facts that the tests of the law take as values, and asking them.
#include "node/assess_act.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate.hpp"
#include "node/roll_index.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace comity::node {

namespace {

using assess::Validity;

std::string country_of(const directory::Directory& directory, const ParticipantId& id) {
    const auto* participant = directory.find(id);
    return participant ? participant->country : std::string();
}

assess::Parties parties_of(const ActToAssess& act) {
    assess::Parties out;
    const auto& opening = act.state.opening;
    out.requesting = country_of(act.directory, opening.requesting);
    out.requested = country_of(act.directory, opening.requested);
    for (const auto& id : opening.third)
        out.third.push_back(country_of(act.directory, id));
    for (const auto& id : act.state.consulted)
        out.third.push_back(country_of(act.directory, id));
    return out;
}

std::optional<act::Sealed> act_of(
    StoreReader& reader, const casefile::Case& state, std::string_view kind) {
    const auto at = state.latest.find(std::string(kind));
    if (at == state.latest.end()) return std::nullopt;
    const auto row = reader.find_act(at->second);
    if (!row) return std::nullopt;
    auto sealed = act::parse_sealed(row->seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    return std::move(*sealed);
}

// F13: the office named when the case was opened, with a sealing key in force.
Validity key_of(const ActToAssess& act) {
    const auto* requesting = act.directory.find(act.state.opening.requesting);
    const auto* office =
        requesting ? directory::find_office(*requesting, act.state.opening.recipient) : nullptr;
    if (!office || office->sealing.empty()) return Validity::missing;
    return directory::current(office->sealing, act.admitted) ? Validity::valid : Validity::expired;
}

// F13: the training of the officer who signed the request, from the roll entry that came with it:
// the one thing both sides have. Whoever opens the data is asked again at that act.
Validity training_of(const act::Sealed& request, Instant when) {
    if (!request.approval) return Validity::missing;
    for (const auto& text : request.approval->roll) {
        const auto entry = directory::parse_sealed_roll_entry(text);
        if (!entry || entry->entry.person != request.header.person) continue;
        return when < entry->entry.trained_until ? Validity::valid : Validity::expired;
    }
    return Validity::missing;
}

std::optional<assess::Authoriser> authoriser_of(
    Node& node, StoreReader& reader, const ActToAssess& act, const act::Header& request) {
    const auto by = [&](const act::Header& header, std::string kind) {
        assess::Authoriser out{std::move(kind), true, true};
        out.other_office = header.office != request.office;
        out.other_people = header.person != request.person;
        // F7: nobody stands in both offices. The roll of the performer is on its own node alone:
        // there the whole office is compared.
        if (header.performer == node.self() && out.other_office)
            out.other_people =
                out.other_people && !node.roll().share_people(header.office, request.office);
        return out;
    };
    if (act.header.act == "authorise") return by(act.header, act.header.role);
    if (const auto judge = act_of(reader, act.state, "authorise"))
        return by(judge->header, judge->header.role);
    if (act.header.act == "certify") return by(act.header, "supervisor");
    if (const auto supervisor = act_of(reader, act.state, "certify"))
        return by(supervisor->header, "supervisor");
    return std::nullopt;
}

// ---- this node's own books

// A mark is a keyed digest, so a stolen database does not say whose account was asked about
// (threat T38). The country that asks is part of it: two countries may ask about the same account.
Digest pending_token(const Node& node, std::string_view requesting, const assess::Cell& cell) {
    const auto when = [](const std::optional<Instant>& at) {
        return at ? json::Value(to_text(*at)) : json::Value(nullptr);
    };
    const json::Array said{
        "pending",
        requesting,
        cell.selector.type,
        cell.selector.value,
        cell.selector.space,
        cell.selector.port ? json::Value(*cell.selector.port) : json::Value(nullptr),
        when(cell.selector.seen_at),
        cell.category,
        when(cell.from),
        when(cell.to)};
    return crypto::hmac_sha256(node.mark_key(), json::print(said));
}

Digest opened_token(const Node& node, std::string_view requesting) {
    return crypto::hmac_sha256(
        node.mark_key(), json::print(json::Array{"extraordinary", requesting}));
}

// Of two cases that ask for the same, the earlier one stands. A request that is only being made has
// no mark yet and is behind nobody: who writes it is told by asking_the_same.
bool duplicate_pending(
    Node& node, StoreReader& reader, const ActToAssess& act, const assess::Request& request,
    const std::string& requesting) {
    if (act.header.act == "request") return false;
    for (const auto& cell : request.grid) {
        const auto own = reader.find_mark(pending_token(node, requesting, cell), act.state.id);
        if (own && reader.marks_before(*own, Instant{}, 1) > 0) return true;
    }
    return false;
}

// The other cases that ask for something that this request asks for, earlier or later, and are
// pending; some of them where there are many.
std::vector<CaseId> asking_the_same(
    Node& node, StoreReader& reader, const CaseId& own, const assess::Request& request,
    const std::string& requesting) {
    std::set<CaseId> out;
    for (const auto& cell : request.grid)
        for (const auto& row :
             reader.marked(pending_token(node, requesting, cell), limits::duplicates_shown + 1))
            if (row.pending && row.case_id != own && out.size() < limits::duplicates_shown)
                out.insert(row.case_id);
    return {out.begin(), out.end()};
}

assess::Facts::Ceiling ceiling_of(
    Node& node, StoreReader& reader, const ActToAssess& act, const std::string& requesting) {
    const auto& rule = act.directory.rules().extraordinary;
    if (!rule) return {};
    assess::Facts::Ceiling out{0, rule->ceiling_cases, rule->sunset};
    if (!act.decides) return out;
    const auto token = opened_token(node, requesting);
    const auto own = reader.find_mark(token, act.state.id)
                         .value_or(MarkRow{token, act.state.id, act.admitted, false});
    out.used = reader.marks_before(own, rule->counted_from(own.at), limits::marks_of_one_token);
    return out;
}

assess::Facts facts_of(
    Node& node, StoreReader& reader, const ActToAssess& act, const assess::Request& request,
    const std::string& requesting) {
    assess::Facts out;
    out.recipient_key = key_of(act);
    out.recipient_office = act.state.opening.recipient.str();
    if (const auto first = act_of(reader, act.state, "request")) {
        out.training = training_of(*first, act.admitted);
        out.authoriser = authoriser_of(node, reader, act, first->header);
    }
    out.members.emplace();
    for (const auto& participant : act.directory.participants())
        if (participant.kind == directory::Kind::authority)
            out.members->push_back(participant.country);
    if (act.decides)
        out.duplicate_pending = duplicate_pending(node, reader, act, request, requesting);
    if (act.state.procedure == assess::name(assess::Route::extraordinary))
        out.ceiling = ceiling_of(node, reader, act, requesting);
    return out;
}

// Every field that the form requires: then this node reads the whole.
bool is_whole(const law::Form& form, const json::Object& fields) {
    return std::all_of(form.fields().begin(), form.fields().end(), [&](const law::Field& field) {
        return !field.required || fields.contains(field.name);
    });
}

const law::Form* request_form(Node& node, const casefile::Case& state) {
    const auto graph = graph_of(node, state);
    const auto index = graph ? graph->find("request") : std::nullopt;
    return index ? node.law().pack().form(graph->act(*index).form) : nullptr;
}

bool takes_part(const ActToAssess& act, const ParticipantId& self) {
    const auto side = casefile::side_of(act.state, self);
    return side == "requesting" || side == "requested";
}

std::vector<std::string> binding(const assess::Rules& rules) {
    if (rules.relied) return {rules.relied->id};
    std::vector<std::string> out;
    for (const auto& one : rules.binding)
        out.push_back(one.id);
    return out;
}

// Nothing where this node is on neither side, or may not read the whole request. What is only for
// people to see is gathered where it is asked for: the gate does without.
std::optional<Assessed> assess_whole(
    Node& node, StoreReader& reader, const ActToAssess& act, bool for_people) {
    const auto route = assess::route_from(act.state.procedure);
    if (!route || !takes_part(act, node.self())) return std::nullopt;
    const bool drafts = act.header.act == "request";
    const auto* form = request_form(node, act.state);
    std::optional<json::Object> stored;
    if (!drafts && !act.request) stored = readable_fields(node, reader, act.state.id, "request");
    const json::Object* fields = drafts        ? &act.fields
                                 : act.request ? act.request
                                 : stored      ? &*stored
                                               : nullptr;
    if (!form || !fields || !is_whole(*form, *fields)) return std::nullopt;
    std::optional<assess::Request> read;
    if (!drafts || !act.asked) read = assess::read_request(*fields);
    const auto& request = read ? *read : *act.asked;
    const auto parties = parties_of(act);
    const auto rules =
        node.law().rules({request, *route, parties.requesting, parties.requested, act.admitted});
    const auto facts = facts_of(node, reader, act, request, parties.requesting);
    Assessed out;
    // The form's own step came before, under the same law pack: it has no problem left.
    out.assessment = assess::assess({request, *route, parties, *rules, facts, act.admitted, {}});
    if (!for_people) return out;
    out.instruments = binding(*rules);
    out.duplicates = asking_the_same(node, reader, act.state.id, request, parties.requesting);
    return out;
}

// The acts after which the case no longer asks: ended, answered or barred.
constexpr std::array<std::string_view, 9> ends{"decline", "withdraw",     "refuse",
                                               "oppose",  "oppose-third", "unable",
                                               "quash",   "receive",      "lapse-authorisation"};

} // namespace

std::optional<assess::Assessment> assessment_of(
    Node& node, StoreReader& reader, const ActToAssess& act) {
    auto whole = assess_whole(node, reader, act, false);
    if (!whole) return std::nullopt;
    return std::move(whole->assessment);
}

std::optional<Assessed> assessed_case(Node& node, StoreReader& reader, const ActToAssess& act) {
    return assess_whole(node, reader, act, true);
}

Result<Assessed> assess_draft(Node& node, StoreReader& reader, const DraftToAssess& draft) {
    const auto route = assess::route_from(draft.procedure);
    if (!route || !node.law().find(draft.procedure))
        return refuse(Code::procedure_unknown, draft.procedure);
    casefile::Case state;
    state.procedure = draft.procedure;
    state.opening = draft.opening;
    const auto* form = request_form(node, state);
    if (!form || form->id() != draft.form) return refuse(Code::form_unknown, draft.form);
    act::Header header;
    header.act = "request";
    const ActToAssess act{draft.directory, state, header, draft.fields, draft.date};
    const auto parties = parties_of(act);
    const auto request = assess::read_request(draft.fields);
    const auto rules =
        node.law().rules({request, *route, parties.requesting, parties.requested, draft.date});
    Assessed out;
    out.duplicates = asking_the_same(node, reader, state.id, request, parties.requesting);
    auto facts = facts_of(node, reader, act, request, parties.requesting);
    // Nobody has signed yet: who writes it may, while trained.
    facts.training = draft.date < draft.trained_until ? Validity::valid : Validity::expired;
    facts.duplicate_pending = !out.duplicates.empty();
    out.problems = form->problems(draft.fields);
    out.instruments = binding(*rules);
    out.assessment =
        assess::assess({request, *route, parties, *rules, facts, draft.date, out.problems});
    return out;
}

Result<std::optional<assess::Assessment>> assess_act(
    Node& node, StoreReader& reader, const ActToAssess& act) {
    using Answer = std::optional<assess::Assessment>;
    const auto route = assess::route_from(act.state.procedure);
    const bool asked =
        route && (act.header.act == "request" || assess::requires_findings(*route, act.header.act));
    if (!asked) return Answer{};
    auto assessment = assessment_of(node, reader, act);
    if (assessment)
        TRY_VOID(assess::admissible(act.header.act, *assessment, assess::read_answers(act.fields)));
    return assessment;
}

Marks marks_of(const Node& node, const ActToAssess& act) {
    Marks out;
    if (!takes_part(act, node.self())) return out;
    const auto& kind = act.header.act;
    out.ended = std::find(ends.begin(), ends.end(), kind) != ends.end();
    if (kind != "request") return out;
    const auto requesting = country_of(act.directory, act.state.opening.requesting);
    std::optional<assess::Request> read;
    if (!act.asked) read = assess::read_request(act.fields);
    std::set<Digest> tokens;
    for (const auto& cell : (read ? *read : *act.asked).grid)
        tokens.insert(pending_token(node, requesting, cell));
    for (const auto& token : tokens)
        out.made.push_back({token, act.state.id, act.admitted, true});
    if (act.state.procedure == assess::name(assess::Route::extraordinary))
        out.made.push_back({opened_token(node, requesting), act.state.id, act.admitted, false});
    return out;
}

} // namespace comity::node
