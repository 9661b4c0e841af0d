// Acts from peers: open the envelope, choose the way through the gate, answer with the receipt.
#include "node/receive_act.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "node/gate_refusals.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

// A submission comes from its performer; what the keeper admitted comes from a participant of the
// case, with the keeper's receipt, which is what is believed.
Result<void> check_sender(const ParticipantId& from, const act::Envelope& envelope) {
    if (!envelope.receipt.empty()) return {};
    TRY(const auto sealed, act::parse_sealed(envelope.seal));
    if (sealed.header.performer != from)
        return refuse(
            Code::performer_not_signer,
            say("{} submits an act of {}", from.str(), sealed.header.performer.str()));
    return {};
}

Result<bool> draws_us_in(Node& node, const act::Envelope& envelope) {
    TRY(const auto directory, node.directory());
    TRY(const auto sealed, act::parse_sealed(envelope.seal));
    return draws_in(*directory, sealed.header, node.self());
}

// The acts of a case from `after` on, as a participant has them. Nothing when it does not answer.
std::vector<std::string> fetch_acts(
    Node& node, const CaseId& id, const ParticipantId& from, std::int64_t after) {
    Said problem;
    std::vector<std::string> out;
    const auto answer = node.peers().call(
        from,
        {"GET",
         fmt::format("/exchange/v1/cases/{}/acts?after={}", id.str(), after),
         {},
         {},
         "application/json"},
        problem);
    if (!answer || answer->status != 200) return out; // the sender of the act will try again
    const auto list = json::parse_object(answer->body, limits::catch_up_bytes);
    const auto* acts = list ? list->if_contains("acts") : nullptr;
    if (!acts || !acts->is_array()) return out;
    for (const auto& item : acts->as_array())
        if (item.is_string()) out.emplace_back(item.as_string());
    return out;
}

// An act whose seal is good draws us into a case that is not known here: what happened before is
// fetched from who sent it, passes the gate act by act, and then this act does.
Result<Passage> join(Node& node, const ParticipantId& from, const act::Envelope& envelope) {
    TRY(const auto sealed, act::parse_sealed(envelope.seal));
    const auto& header = sealed.header;
    for (;;) {
        std::int64_t after = 0;
        node.store().read([&](StoreReader& reader) {
            if (const auto row = reader.find_case(header.case_id)) after = row->next_sequence - 1;
        });
        if (after + 1 >= header.sequence) return pass_gate(node, envelope, Way::follower);
        bool any = false;
        for (const auto& text : fetch_acts(node, header.case_id, from, after)) {
            TRY(const auto earlier, act::parse_envelope(text));
            TRY(const auto act, act::parse_sealed(earlier.seal));
            if (act.header.case_id != header.case_id || act.header.sequence >= header.sequence)
                break;
            TRY_VOID(pass_gate(node, earlier, Way::follower, true).map([](auto&&) {}));
            any = true;
        }
        if (!any)
            return refuse(
                Code::case_unknown, say("the acts before {} did not come", header.sequence));
    }
}

} // namespace

namespace {

Result<Passage> receive(Node& node, const ParticipantId& from, std::string_view text) {
    TRY(const auto envelope, act::parse_envelope(text));
    TRY_VOID(check_sender(from, envelope));
    const Way way = envelope.receipt.empty() ? Way::keeper : Way::follower;
    auto passage = pass_gate(node, envelope, way);
    const bool unknown = !passage && (passage.error().code == Code::case_unknown ||
                                      passage.error().code == Code::sequence_ahead);
    if (way == Way::follower && unknown && draws_us_in(node, envelope).value_or(false))
        passage = join(node, from, envelope);
    return passage;
}

} // namespace

Result<Passage> receive_act(Node& node, const ParticipantId& from, std::string_view text) {
    auto passage = receive(node, from, text);
    if (!passage) {
        note_gate_refusal(node, from, passage.error());
        node.log(
            "act refused", {{"code", std::string(passage.error().name())}, {"from", from.str()}});
    } else if (!passage->repeated) {
        node.log(
            "act received", {{"act", comity::text(passage->act)},
                             {"case", passage->case_id.str()},
                             {"sequence", std::to_string(passage->sequence)},
                             {"from", from.str()}});
    }
    return passage;
}

Bytes envelope_for(
    StoreReader& reader, const ActRow& row, const ParticipantId& reader_id, bool keeper) {
    const auto sealed = act::parse_sealed(row.seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    act::Envelope envelope{row.seal, {}, row.receipt};
    const auto& parts = sealed->header.parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool reads =
            std::binary_search(parts[i].readers.begin(), parts[i].readers.end(), reader_id);
        if (!reads && !keeper) continue;
        if (auto bytes = reader.part(row.hash, i)) envelope.parts.emplace(i, std::move(*bytes));
    }
    return act::print_envelope(envelope);
}

Result<std::vector<Bytes>> acts_for(
    Node& node, const ParticipantId& asker, const CaseId& id, std::int64_t after,
    std::size_t limit) {
    TRY(const auto directory, node.directory());
    std::vector<Bytes> out;
    bool allowed = false;
    node.store().read([&](StoreReader& reader) {
        const auto state = find_case(node, reader, id);
        if (!state) return;
        const auto list = participants_of(*directory, *state);
        allowed = std::find(list.begin(), list.end(), asker) != list.end();
        if (!allowed) return;
        for (const auto& row : reader.acts(id, after, limit))
            out.push_back(envelope_for(reader, row, asker, false));
    });
    // What does not exist and what is not for the asker look the same.
    if (!allowed) return refuse(Code::not_found, say("case {}", id.str()));
    return out;
}

void catch_up(Node& node, const CaseId& id, const ParticipantId& keeper) {
    std::int64_t after = 0;
    node.store().read([&](StoreReader& reader) {
        if (const auto row = reader.find_case(id)) after = row->next_sequence - 1;
    });
    for (const auto& text : fetch_acts(node, id, keeper, after))
        if (!receive_act(node, keeper, text)) return;
}

} // namespace comity::node
