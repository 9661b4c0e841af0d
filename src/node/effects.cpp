// The consequences of an admitted act, written in the act's own transaction.
#include "node/effects.hpp"

#include "base/limits.hpp"
#include "evidence/manifest.hpp"
#include "node/check_rights.hpp"
#include "node/evidence_files.hpp"
#include "node/gate.hpp"
#include "node/lock_evidence.hpp"
#include "node/looks.hpp"
#include "node/notice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

// Which field of a form holds items of evidence.
std::string_view items_field(std::string_view act) {
    if (act == "produce") return "manifest";
    if (act == "release") return "passed";
    return {};
}

Result<std::vector<evidence::Item>> items_of(std::string_view act, const json::Object& fields) {
    const auto* value = fields.if_contains(items_field(act));
    if (!value || !value->is_array()) return std::vector<evidence::Item>{};
    return evidence::parse_items(value->as_array());
}

// To whom an act sends items: a production to the receiving authority, or straight to the
// requesting one where the procedure has no release.
ParticipantId recipient_of(const ActInCase& act) {
    const bool direct = !act.graph.find("release").has_value();
    if (act.header.act == "release" || direct) return act.state.opening.requesting;
    return act.state.opening.requested;
}

Result<void> check_staged(Node& node, const CaseId& id, const std::vector<evidence::Item>& items) {
    for (const auto& item : items) {
        if (node.files().size(evidence_file(id, item.sealed)) != item.size ||
            node.files().size(envelope_file(id, item.envelope)) == 0)
            return refuse(
                Code::evidence_incomplete, say("{} is not staged on this node", item.name));
    }
    return {};
}

Result<void> check_arrived(Node& node, StoreReader& reader, const CaseId& id) {
    for (const auto& row : reader.evidence(id))
        if (row.to == node.self() && row.state == EvidenceRow::State::expected)
            return refuse(
                Code::evidence_incomplete, say("item {} has not arrived in full", text(row.hash)));
    return {};
}

// What was passed on and has not arrived is not destroyed yet, unless nobody may open it any more:
// the other side would wait for it for ever.
Result<void> check_handed_over(Node& node, StoreReader& reader, const ActInCase& act) {
    if (locked_for_good(act.graph, act.state.marking)) return {};
    for (const auto& row : reader.evidence(act.header.case_id))
        if (row.from == node.self() && row.to != node.self() &&
            row.state < EvidenceRow::State::destroyed)
            return refuse(
                Code::evidence_incomplete,
                say("item {} has not been handed over yet", text(row.hash)));
    return {};
}

// The items whose arrival `receive` confirms: those that were sent to its performer, named by the
// hash of their manifest.
Result<std::vector<evidence::Item>> confirmed_items(
    Node& node, StoreReader& reader, const ActInCase& act) {
    const bool direct = !act.graph.find("release").has_value();
    const std::string_view source = direct ? "produce" : "release";
    const auto fields = readable_fields(node, reader, act.header.case_id, source);
    if (!fields)
        return refuse(
            Code::evidence_unknown, say("the case has no {} that is readable here", source));
    TRY(auto items, items_of(source, *fields));
    const auto* stated = act.fields.if_contains("manifest_hash");
    if (!stated || !stated->is_string() ||
        std::string_view(stated->as_string()) != text(evidence::manifest_hash(items)))
        return refuse(
            Code::evidence_unknown,
            say("manifest_hash is not the hash of the items that were sent"));
    return items;
}

void announce(Node& node, StoreWriter& writer, const ActInCase& act, const Digest& hash) {
    const auto items = items_of(act.header.act, act.fields);
    if (!items) return; // checked before: only a node that may not read the manifest comes here
    const auto to = recipient_of(act);
    const bool sends = act.header.performer == node.self();
    if (!sends && to != node.self()) return;
    for (const auto& item : *items) {
        const auto state =
            item.size == 0 ? EvidenceRow::State::complete : EvidenceRow::State::expected;
        writer.put_evidence(
            {act.header.case_id, item.sealed, item.size, state, hash, act.header.performer, to});
        writer.put_evidence(
            {act.header.case_id, item.envelope, 0, EvidenceRow::State::expected, hash,
             act.header.performer, to});
    }
}

void destroy(StoreWriter& writer, EvidenceRow row) {
    if (row.state >= EvidenceRow::State::destroyed) return;
    row.state = EvidenceRow::State::destroyed;
    writer.put_evidence(row);
}

void destroy_all(Node& node, StoreWriter& writer, const ActInCase& act) {
    if (act.header.performer != node.self()) return;
    for (auto& row : writer.evidence(act.header.case_id))
        destroy(writer, std::move(row));
}

// Who sent them and never heard the answer to the last piece learns here that they have arrived:
// they are not offered again, and nothing of them keeps a purge waiting.
void settle_handover(Node& node, StoreWriter& writer, const ActInCase& act) {
    if (act.header.act != "receive" || act.header.performer == node.self()) return;
    const auto items = confirmed_items(node, writer, act);
    if (!items) return; // of another's to check, or readable to others only
    for (const auto& item : *items)
        for (const auto& hash : {item.sealed, item.envelope}) {
            auto row = writer.find_evidence(act.header.case_id, hash);
            if (row && row->from == node.self() && row->to == act.header.performer)
                destroy(writer, std::move(*row));
        }
}

} // namespace

std::optional<Instant> date_in_form(std::string_view text) {
    if (text.size() == 10) {
        const auto day = day_from(text);
        if (!day) return std::nullopt;
        return *day + std::chrono::days{1};
    }
    return instant_from(text);
}

Result<void> check_evidence(Node& node, StoreReader& reader, const ActInCase& act) {
    const auto& header = act.header;
    if (!items_field(header.act).empty()) {
        TRY(const auto items, items_of(header.act, act.fields));
        if (header.performer == node.self()) TRY_VOID(check_staged(node, header.case_id, items));
    }
    if (header.performer != node.self()) return {};
    if (header.act == "release" || header.act == "receive")
        TRY_VOID(check_arrived(node, reader, header.case_id));
    if (header.act == "receive") TRY_VOID(confirmed_items(node, reader, act));
    if (header.act == "purge") TRY_VOID(check_handed_over(node, reader, act));
    return {};
}

CaseRow case_row(
    const Node& node, const casefile::Case& next, const procedure::Graph& graph, Instant changed) {
    // Only what this node will do itself wakes it: what another owes must not keep it awake.
    std::optional<procedure::ClockAct> clock;
    for (const auto& item : procedure::clock_acts(graph, next.marking))
        if (!clock && performs_by_itself(node, next, graph.act(item.act))) clock = item;
    return {
        next.id,
        next.procedure,
        json::print(casefile::print_case(next, graph)),
        next.next_sequence,
        clock ? std::optional<Instant>(clock->at) : std::nullopt,
        changed};
}

void queue_for_participants(Node& node, StoreWriter& writer, const Admission& admission) {
    const auto before = admission.before.next_sequence == 1
                            ? std::vector<ParticipantId>{}
                            : participants_of(admission.directory, admission.before);
    for (const auto& id : participants_of(admission.directory, admission.after)) {
        if (id == node.self()) continue;
        OutboxRow row;
        row.destination = id;
        row.kind = OutboxRow::Kind::admitted;
        row.case_id = admission.after.id;
        row.next_try = node.now();
        // Who is drawn in by this very act asks for the acts before it: they did not name it, and
        // are taken only because this one does (receive_act.cpp).
        const bool joins = admission.before.next_sequence > 1 &&
                           std::find(before.begin(), before.end(), id) == before.end() &&
                           !draws_in(admission.directory, admission.header, id);
        if (joins)
            for (const auto& earlier : writer.acts(admission.after.id, 0, limits::acts_per_case)) {
                if (earlier.hash == admission.hash) continue;
                row.act = earlier.hash;
                writer.add_outbox(row);
            }
        if (id == admission.performer && !joins) continue; // it has the receipt
        row.act = admission.hash;
        writer.add_outbox(row);
    }
}

void apply_evidence(
    Node& node, StoreWriter& writer, const ActInCase& act, const casefile::Case& after,
    const Digest& hash) {
    if (!items_field(act.header.act).empty()) announce(node, writer, act, hash);
    settle_handover(node, writer, act);
    if (act.header.act == "purge" || act.header.act == "delete") destroy_all(node, writer, act);
    // A provider lets go of what it preserved when the time is over; what it staged for a case that
    // goes on is still to be delivered.
    if (act.header.act == "discard" && locked_for_good(act.graph, after.marking))
        destroy_all(node, writer, act);
}

void apply_rights(
    Node& node, StoreWriter& writer, const directory::Directory& directory, const ActInCase& act,
    Instant admitted) {
    count_opening(writer, directory, act.header, admitted);
    if (act.header.act == "inspect" && act.header.performer == node.self()) {
        Look look;
        look.at = admitted;
        look.person = act.header.person;
        look.office = act.header.office;
        // What it builds on besides the act before it was named on purpose (node/oversee.hpp).
        look.what = act.header.after.size() > 1 ? "fields" : "case";
        look.case_id = act.state.id;
        if (const auto* purpose = act.fields.if_contains("purpose");
            purpose && purpose->is_string())
            look.purpose = std::string(purpose->as_string());
        note_inspection(node, writer, std::move(look));
    }
    if (act.header.act != "notify" || act.state.opening.requesting != node.self()) return;
    const auto* code = act.fields.if_contains("code");
    if (code && code->is_string())
        remember_code(writer, std::string_view(code->as_string()), act.state.id);
}

bool performs_by_itself(const Node& node, const casefile::Case& state, const procedure::Act& act) {
    if (act.side == procedure::Side::clock) return state.keeper == node.self();
    return act.at_deadline && casefile::side_of(state, node.self()) == procedure::to_text(act.side);
}

void settle_submission(StoreWriter& writer, const Digest& hash) {
    auto row = writer.find_submission(hash);
    if (!row || row->state == SubmissionRow::State::admitted) return;
    row->state = SubmissionRow::State::admitted;
    writer.put_submission(*row);
}

} // namespace comity::node
