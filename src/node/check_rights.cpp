// Emergency, extraordinary mechanism, notice, remedy: what only directory and history can tell.
#include "node/check_rights.hpp"

#include "act/code.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "casefile/difference.hpp"
#include "node/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

std::string text_of(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// Threat T03: the request's own word for how to call back is what an impostor would forge. The
// contact is the directory's, and who answers there is neither who asked nor who certified.
Result<void> check_confirmation(const ActInCase& act, const RightsContext& context) {
    for (const auto& [earlier, person] : act.state.signatories)
        if (person == act.header.person)
            return refuse(
                Code::four_eyes, say("{} performed {} in this case and cannot confirm it",
                                     person.str(), Said::act(earlier)));
    const auto* requesting = context.directory.find(act.state.opening.requesting);
    if (!requesting || requesting->callback.empty())
        return refuse(
            Code::contact_wrong, say("the directory has no contact for calling back {}",
                                     act.state.opening.requesting.str()));
    if (!act.fields.contains("contact")) return {}; // not for this node to read
    if (text_of(act.fields, "contact") != requesting->callback)
        return refuse(
            Code::contact_wrong,
            say("the contact confirmed is not the one of {} in directory version {}",
                requesting->id.str(), context.directory.version()));
    return {};
}

// Letters and digits, small: so that a comma does not make a fact new.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            out.push_back(c);
        else if (c >= 'A' && c <= 'Z')
            out.push_back(static_cast<char>(c - 'A' + 'a'));
    }
    return out;
}

// Threat T33, stories S31 and J9: what was said before does not put the person off again.
Result<void> check_new_facts(Node& node, StoreReader& reader, const ActInCase& act) {
    const auto facts = plain(text_of(act.fields, "new_facts"));
    if (!act.fields.contains("new_facts")) return {};
    for (const auto& row : reader.acts(act.state.id, 0, limits::acts_per_case)) {
        if (row.kind != act.header.act) continue;
        const auto earlier = readable_fields(node, reader, row);
        if (!earlier) continue;
        for (const std::string_view name : {"new_facts", "reasons"})
            if (facts == plain(text_of(*earlier, name)))
                return refuse(
                    Code::facts_repeated, say("new_facts says what {} of {} said",
                                              Said::act(act.header.act), row.admitted));
    }
    return {};
}

// Threat T34: the code belongs to this notice and to the country that gives it, and it can be
// typed.
Result<void> check_notice(const ActInCase& act, const RightsContext& context) {
    const auto code = text_of(act.fields, "code");
    if (code.empty()) return {}; // not for this node to read
    const auto* own = context.directory.find(act.state.opening.requesting);
    if (act::read_code(code) != code || !own || act::code_country(code) != own->country)
        return refuse(Code::code_wrong, say("the code is not one of the giving country"));
    if (!act.header.code || act::code_commitment(act::code_proof(code)) != *act.header.code)
        return refuse(Code::code_wrong, say("the header commits to another code"));
    return {};
}

Result<void> check_challenge(const ActInCase& act) {
    const auto code = text_of(act.fields, "code");
    if (code.empty() || (act.header.code && act::code_proof(code) == *act.header.code)) return {};
    return refuse(Code::code_wrong, say("the header shows the proof of another code"));
}

// Budapest Convention Arts. 16(2) and 29(7), threat T30: ninety days, once renewable, and said so.
Result<void> check_freeze(StoreReader& reader, const ActInCase& act) {
    std::size_t earlier = 0;
    for (const auto& row : reader.acts(act.state.id, 0, limits::acts_per_case))
        if (row.kind == "freeze") ++earlier;
    if (earlier >= 2)
        return refuse(
            Code::deadline_too_far, say("the preservation was renewed once already"),
            "Preservation is renewed once", "Budapest Convention Art. 16(2)",
            "Order the production, or let it lapse");
    const auto* renewal = act.fields.if_contains("renewal");
    if (!renewal || !renewal->is_bool() || renewal->as_bool() == (earlier == 1)) return {};
    return refuse(
        Code::finding_not_met,
        earlier == 1 ? say("an earlier preservation is renewed and renewal says no")
                     : say("nothing was preserved before and renewal says yes"),
        "A renewal is called one", "Budapest Convention Art. 16(2)", "State renewal as it is");
}

// Story S10: sent back once with coded questions, answered question by question.
Result<void> check_answer(Node& node, StoreReader& reader, const ActInCase& act) {
    const auto asked = readable_fields(node, reader, act.state.id, "ask");
    if (!asked || !asked->contains("questions") || !act.fields.contains("answers")) return {};
    return casefile::check_answers(*asked, act.fields);
}

// N3: where several third countries are concerned, none of them speaks for another. What one clears
// would be cleared for all, so only the full time of silence clears.
Result<void> check_third(const ActInCase& act) {
    if (casefile::participants_of_side(act.state, "third").size() < 2) return {};
    return refuse(
        Code::act_side,
        say("several third countries are concerned; one does not clear for another"),
        "Each third country has the full time to oppose", "docs/mission.md, N3",
        "Wait: without opposition the time clears by itself");
}

// ---- the extraordinary mechanism's end and ceiling

std::string opened_setting(const ParticipantId& requesting) {
    return "opened-extraordinary:" + requesting.str();
}

std::vector<Instant> opened(StoreReader& reader, const ParticipantId& requesting) {
    std::vector<Instant> out;
    const auto stored = reader.setting(opened_setting(requesting));
    if (!stored) return out;
    const auto list = json::parse(*stored, limits::envelope_bytes * 8);
    if (!list || !list->is_array()) throw Fault("the count of openings is not readable");
    for (const auto& item : list->as_array())
        out.emplace_back(Milliseconds{item.as_int64()});
    return out;
}

std::int64_t counted(
    const std::vector<Instant>& list, const directory::Extraordinary& rule, Instant when) {
    return std::count_if(list.begin(), list.end(), [&](Instant at) {
        return at >= rule.counted_from(when) && at <= when;
    });
}

// E5, threat T26: the exception ends unless it is renewed, and pauses by itself at its ceiling.
Result<void> check_route(StoreReader& reader, const ActInCase& act, const RightsContext& context) {
    if (!is_extraordinary(act.state.procedure)) return {};
    const auto& name = act.header.act;
    const bool opens = act.header.sequence == 1;
    if (!opens && name != "authorise" && name != "transmit") return {};
    const auto& rule = context.directory.rules().extraordinary;
    if (!rule)
        return refuse(
            Code::route_ended, say("the members have agreed on no extraordinary mechanism"));
    if (!rule->open_at(context.admitted))
        return refuse(
            Code::route_ended, say("the extraordinary mechanism ended at {}; now it is {}",
                                   rule->sunset, context.admitted));
    if (!opens) return {};
    const auto count =
        counted(opened(reader, act.state.opening.requesting), *rule, context.admitted);
    if (rule->room_beside(count)) return {};
    return refuse(
        Code::route_paused,
        say("{} opened {} cases in {} days; the ceiling is {}", act.state.opening.requesting.str(),
            count, rule->ceiling_days, rule->ceiling_cases));
}

} // namespace

bool is_extraordinary(std::string_view procedure) {
    return procedure == "extraordinary" || procedure.starts_with("extraordinary-");
}

Result<void> check_rights(
    Node& node, StoreReader& reader, const ActInCase& act, const RightsContext& context) {
    TRY_VOID(check_route(reader, act, context));
    const auto& name = act.header.act;
    if (name == "confirm") return check_confirmation(act, context);
    if (name == "defer-notice" || name == "retain") return check_new_facts(node, reader, act);
    if (name == "notify") return check_notice(act, context);
    if (name == "challenge") return check_challenge(act);
    if (name == "freeze") return check_freeze(reader, act);
    if (name == "answer") return check_answer(node, reader, act);
    if (name == "clear-third") return check_third(act);
    return {};
}

void count_opening(
    StoreWriter& writer, const directory::Directory& directory, const act::Header& header,
    Instant admitted) {
    const auto& rule = directory.rules().extraordinary;
    if (header.sequence != 1 || !is_extraordinary(header.procedure) || !rule) return;
    auto list = opened(writer, header.opening->requesting);
    // What cannot count any more is forgotten, so the list is no longer than the ceiling.
    std::erase_if(list, [&](Instant at) { return at < rule->counted_from(admitted); });
    list.push_back(admitted);
    json::Array out;
    for (const auto at : list)
        out.emplace_back(at.time_since_epoch().count());
    writer.put_setting(
        opened_setting(header.opening->requesting), json::print(json::Value(std::move(out))));
}

std::vector<RouteUse> route_use(Node& node) {
    std::vector<RouteUse> out;
    const auto directory = node.directory();
    if (!directory || !(*directory)->rules().extraordinary) return out;
    const auto& rule = *(*directory)->rules().extraordinary;
    node.store().read([&](StoreReader& reader) {
        for (const auto& participant : (*directory)->participants()) {
            if (participant.kind != directory::Kind::authority) continue;
            const auto count = counted(opened(reader, participant.id), rule, node.now());
            if (count > 0) out.push_back({participant.id, count, rule.ceiling_cases});
        }
    });
    return out;
}

} // namespace comity::node
