// The fold of a case, and the checks that only its history can make.
#include "casefile/casefile.hpp"

#include "act/code.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::casefile {

namespace {

constexpr std::array<std::string_view, 4> four_eyes_acts = {
    "request", "certify", "authorise", "transmit"};

void insert_sorted(auto& list, auto value) {
    const auto at = std::lower_bound(list.begin(), list.end(), value);
    if (at == list.end() || *at != value) list.insert(at, std::move(value));
}

json::Array texts(const auto& list) {
    json::Array out;
    for (const auto& item : list) {
        if constexpr (requires { item.str(); })
            out.emplace_back(item.str());
        else
            out.emplace_back(item);
    }
    return out;
}

std::vector<ParticipantId> ids(std::vector<std::string> list) {
    std::vector<ParticipantId> out;
    for (auto& item : list)
        out.emplace_back(std::move(item));
    return out;
}

json::Object print_opening(const act::Opening& opening) {
    return {{"requesting", opening.requesting.str()}, {"requested", opening.requested.str()},
            {"provider", opening.provider.str()},     {"third", texts(opening.third)},
            {"category", opening.category},           {"recipient", opening.recipient.str()}};
}

Result<act::Opening> read_opening(const json::Object& object) {
    json::Reader in{object, "opening"};
    act::Opening out;
    out.requesting = ParticipantId(in.string("requesting"));
    out.requested = ParticipantId(in.string("requested"));
    out.provider = ParticipantId(in.string("provider"));
    out.third = ids(in.strings("third"));
    out.category = in.string("category");
    out.recipient = OfficeId(in.string("recipient"));
    TRY_VOID(in.done());
    return out;
}

// The members of an object of texts; a member of another type is complained about.
std::map<std::string, std::string> read_texts(json::Reader& in, std::string_view name) {
    std::map<std::string, std::string> out;
    for (const auto& member : in.object(name)) {
        if (!member.value().is_string())
            in.complain(name, say("holds something that is not text"));
        else
            out.emplace(std::string(member.key()), std::string(member.value().as_string()));
    }
    return out;
}

bool joins_third(const procedure::Graph& graph, std::string_view act) {
    const auto sides = procedure::joins(graph, act);
    return std::find(sides.begin(), sides.end(), procedure::Side::third) != sides.end();
}

// A consulted country is named by the act that consults it, unless the case named it from the
// start.
Result<void> check_joining(
    const Case& state, const procedure::Graph& graph, const act::Header& header) {
    const bool opens = joins_third(graph, header.act);
    if (header.joining && !opens)
        return refuse(
            Code::header_malformed,
            say("{} brings no third country into the case", Said::act(header.act)));
    if (opens && !header.joining && state.opening.third.empty() && state.consulted.empty() &&
        header.act == "consult")
        return refuse(
            Code::header_malformed, say("consult names the authority that is consulted (joining)"));
    if (const auto side = header.joining ? side_of(state, *header.joining) : std::string();
        side == "requesting" || side == "requested" || side == "provider")
        return refuse(
            Code::header_malformed, say("the authority consulted is a side of the case already"));
    return {};
}

Result<void> check_side(const Case& state, const procedure::Act& act, const Attempt& attempt) {
    const auto& header = attempt.header;
    const auto side = procedure::to_text(act.side);
    if (header.side != side)
        return refuse(
            Code::act_side, say("{} belongs to the side {}, the act names {}",
                                Said::act(header.act), Said::side(side), Said::side(header.side)));
    bool there = false;
    switch (act.side) {
    case procedure::Side::oversight: there = attempt.overseer; break;
    case procedure::Side::clock: there = header.performer == state.keeper; break;
    // The person has no node: the authority that gave the notice carries the challenge, and the
    // proof made of the code stands for the person.
    case procedure::Side::subject: there = header.performer == state.opening.requesting; break;
    case procedure::Side::requesting:
    case procedure::Side::requested:
    case procedure::Side::provider:
    case procedure::Side::third: {
        const auto list = participants_of_side(state, side);
        there = std::find(list.begin(), list.end(), header.performer) != list.end();
        break;
    }
    }
    if (!there)
        return refuse(
            Code::act_side, say("{} does not stand on the side {} of this case",
                                header.performer.str(), Said::side(side)));
    return {};
}

// Acts without a person: the clock's, and at-deadline acts once their deadline has come.
Result<void> check_role(
    const Case& state, const procedure::Graph& graph, const procedure::Act& act,
    const Attempt& attempt) {
    const auto& header = attempt.header;
    if (header.person.empty()) {
        if (act.side == procedure::Side::clock || act.side == procedure::Side::subject) return {};
        if (act.at_deadline)
            for (const auto& owed : procedure::owed(graph, state.marking))
                if (owed.name == header.act && owed.due <= attempt.admitted) return {};
        return refuse(
            Code::act_role,
            say("{} is performed by a person as {}", Said::act(header.act), Said::role(act.role)));
    }
    if (header.role != act.role)
        return refuse(
            Code::act_role,
            say("{} is performed as {}, the act names {}", Said::act(header.act),
                act.role.empty() ? say("nobody") : Said::role(act.role), Said::role(header.role)));
    return {};
}

// A notice gives a code and commits to it; a challenge shows what only its holder can. Nobody else
// of the case learns the code, and everybody can check (threats T34, T35).
Result<void> check_code(const Case& state, const act::Header& header) {
    const bool gives = header.act == "notify";
    const bool shows = header.side == "subject";
    if (header.code.has_value() != (gives || shows))
        return refuse(
            Code::header_malformed,
            gives || shows ? say("{} names no code", Said::act(header.act))
                           : say("{} gives no code and shows none", Said::act(header.act)));
    if (!shows) return {};
    if (!state.code || act::code_commitment(*header.code) != *state.code)
        return refuse(Code::code_wrong, say("the proof does not fit the notice of this case"));
    return {};
}

} // namespace

procedure::Parameters parameters(const act::Opening& opening) {
    return {opening.category, !opening.third.empty()};
}

bool needs_other_eyes(std::string_view act) {
    return std::find(four_eyes_acts.begin(), four_eyes_acts.end(), act) != four_eyes_acts.end();
}

Case open_case(const act::Header& first, const procedure::Graph& graph) {
    CHECK_THAT(first.opening.has_value());
    Case out;
    out.id = first.case_id;
    out.procedure = first.procedure;
    out.law_pack = first.law_pack;
    out.opening = *first.opening;
    out.joined = {"requesting"};
    out.keeper = out.opening.requesting;
    out.marking = procedure::start(graph);
    return out;
}

Result<void> check_four_eyes(const Case& state, const act::Header& header) {
    if (!needs_other_eyes(header.act)) return {};
    for (const auto& [act, person] : state.signatories)
        if (act != header.act && person == header.person)
            return refuse(
                Code::four_eyes, say("{} performed {} in this case and cannot perform {}",
                                     person.str(), Said::act(act), Said::act(header.act)));
    return {};
}

Result<void> check_procedure(
    const Case& state, const procedure::Graph& graph, const Attempt& attempt) {
    const auto& header = attempt.header;
    const auto index = graph.find(header.act);
    if (!index)
        return refuse(
            Code::act_unknown,
            say("{} is no act of {} for this case", Said::act(header.act), state.procedure));
    const auto& act = graph.act(*index);
    TRY_VOID(check_side(state, act, attempt));
    TRY_VOID(check_role(state, graph, act, attempt));
    TRY_VOID(check_joining(state, graph, header));
    TRY_VOID(check_code(state, header));
    const procedure::Dates dates(header.dates.begin(), header.dates.end());
    TRY_VOID(
        procedure::execute(graph, state.marking, *index, attempt.admitted, dates).map([](auto&&) {
        }));
    return {};
}

Result<Case> perform(
    const Case& state, const procedure::Graph& graph, const act::Header& header, const Digest& hash,
    Instant admitted) {
    Case out = state;
    const procedure::Dates dates(header.dates.begin(), header.dates.end());
    TRY(out.marking, procedure::execute(graph, state.marking, header.act, admitted, dates));
    out.next_sequence = header.sequence + 1;
    out.last = hash;
    out.last_admitted = admitted;
    out.latest[header.act] = hash;
    if (header.act == "notify") out.code = header.code;
    for (const auto side : procedure::joins(graph, *graph.find(header.act), out.marking.included))
        insert_sorted(out.joined, std::string(procedure::to_text(side)));
    if (header.joining) insert_sorted(out.consulted, *header.joining);
    if (needs_other_eyes(header.act)) out.signatories[header.act] = header.person;
    // The country whose protection is at stake holds the thread from here on.
    if (header.act == "transmit") out.keeper = state.opening.requested;
    return out;
}

ParticipantId participant_of(const Case& state, std::string_view side) {
    const auto list = participants_of_side(state, side);
    return list.size() == 1 ? list.front() : ParticipantId{};
}

std::vector<ParticipantId> participants_of_side(const Case& state, std::string_view side) {
    if (side == "requesting") return {state.opening.requesting};
    if (side == "requested") return {state.opening.requested};
    if (side == "provider") return {state.opening.provider};
    if (side == "third") {
        auto out = state.opening.third;
        for (const auto& id : state.consulted)
            insert_sorted(out, id);
        return out;
    }
    return {};
}

std::string side_of(const Case& state, const ParticipantId& participant) {
    for (const std::string_view side : {"requesting", "requested", "provider", "third"}) {
        const auto list = participants_of_side(state, side);
        if (std::find(list.begin(), list.end(), participant) != list.end())
            return std::string(side);
    }
    return {};
}

bool names(const Case& state, const ParticipantId& participant) {
    return !side_of(state, participant).empty();
}

json::Object print_case(const Case& state, const procedure::Graph& graph) {
    json::Object signatories;
    for (const auto& [act, person] : state.signatories)
        signatories[act] = person.str();
    json::Object latest;
    for (const auto& [act, hash] : state.latest)
        latest[act] = text(hash);
    json::Object out{
        {"case", state.id.str()},
        {"procedure", state.procedure},
        {"law_pack", state.law_pack},
        {"opening", print_opening(state.opening)},
        {"consulted", texts(state.consulted)},
        {"joined", texts(state.joined)},
        {"keeper", state.keeper.str()},
        {"next_sequence", state.next_sequence},
        {"last", text(state.last)},
        {"last_admitted", to_text(state.last_admitted)},
        {"marking", procedure::to_json(graph, state.marking)},
        {"signatories", std::move(signatories)},
        {"latest", std::move(latest)}};
    if (state.code) out["code"] = text(*state.code);
    return out;
}

Result<Case> read_case(const json::Object& object, const GraphFor& graph_for) {
    json::Reader in{object, "case"};
    Case out;
    out.id = CaseId(in.string("case"));
    out.procedure = in.string("procedure");
    out.law_pack = in.string("law_pack");
    const auto& opening = in.object("opening");
    out.consulted = ids(in.strings("consulted"));
    out.joined = in.strings("joined");
    out.keeper = ParticipantId(in.string("keeper"));
    out.next_sequence = in.integer("next_sequence");
    const auto last = digest_from_text(in.string("last"));
    const auto admitted = instant_from(in.string("last_admitted"));
    const auto* marking = in.any_if("marking");
    for (auto& [act, person] : read_texts(in, "signatories"))
        out.signatories.emplace(act, PersonId(person));
    for (const auto& [act, hash] : read_texts(in, "latest")) {
        const auto digest = digest_from_text(hash);
        if (!digest) in.complain("latest", say("holds something that is not a hash"));
        out.latest.emplace(act, digest.value_or(Digest{}));
    }
    if (const auto code = in.string_if("code")) {
        out.code = digest_from_text(*code);
        if (!out.code) in.complain("code", say("is not a hash in base64url"));
    }
    TRY_VOID(in.done());
    if (!last || !admitted || !marking)
        return refuse(Code::json_malformed, say("case: hash, time or marking is not of its form"));
    TRY(out.opening, read_opening(opening));
    out.last = *last;
    out.last_admitted = *admitted;
    const auto graph = graph_for(out.procedure, parameters(out.opening));
    if (!graph) return refuse(Code::procedure_unknown, out.procedure);
    TRY(out.marking, procedure::marking_from_json(*graph, *marking));
    return out;
}

} // namespace comity::casefile
