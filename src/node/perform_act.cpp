// From an intent to an admitted or submitted act.
#include "node/perform_act.hpp"

#include "act/code.hpp"
#include "base/limits.hpp"
#include "base/said_list.hpp"
#include "crypto/hash.hpp"
#include "node/assess_act.hpp"
#include "node/effects.hpp"
#include "node/gate_refusals.hpp"
#include "node/notice.hpp"
#include "node/roll_chain.hpp"

namespace comity::node {

namespace {

struct Frame {
    std::shared_ptr<const directory::Directory> directory;
    casefile::Case state;
    std::shared_ptr<const procedure::Graph> graph;
    act::Header header;
};

// The header without parts, and the case it stands in.
Result<Frame> frame(Node& node, const Intent& intent) {
    Frame out;
    TRY(out.directory, node.directory());
    auto& header = out.header;
    header.federation = out.directory->federation();
    header.act = intent.act;
    header.performer = node.self();
    header.office = intent.office;
    header.role = intent.role;
    header.person = intent.person;
    header.time = node.now();
    header.joining = intent.joining;
    header.law_pack = node.law().pack().digest();
    if (!intent.case_id) {
        if (!intent.opening)
            return refuse(
                Code::header_malformed, say("the first act of a case names its parties (opening)"));
        header.case_id = CaseId(crypto::random_name(header.time));
        header.sequence = 1;
        header.procedure = intent.procedure;
        header.opening = intent.opening;
        out.graph = node.law().graph(intent.procedure, casefile::parameters(*intent.opening));
        if (!out.graph) return refuse(Code::procedure_unknown, intent.procedure);
        out.state = casefile::open_case(header, *out.graph);
    } else {
        std::optional<casefile::Case> state;
        node.store().read(
            [&](StoreReader& reader) { state = find_case(node, reader, *intent.case_id); });
        if (!state) return refuse(Code::case_unknown, say("case {}", intent.case_id->str()));
        out.state = std::move(*state);
        out.graph = graph_of(node, out.state);
        header.case_id = out.state.id;
        header.sequence = out.state.next_sequence;
        header.procedure = out.state.procedure;
        header.after = {out.state.last};
        header.after.insert(header.after.end(), intent.about.begin(), intent.about.end());
    }
    header.keeper = out.state.keeper;
    const auto index = out.graph->find(intent.act);
    if (!index)
        return refuse(
            Code::act_unknown,
            say("{} is no act of {} for this case", Said::act(intent.act), header.procedure));
    header.side = procedure::to_text(out.graph->act(*index).side);
    return out;
}

// Dates that set a deadline stand in the header too, so that every node can fold the case.
Result<void> copy_dates(Frame& frame, const json::Object& fields) {
    for (const auto& debt : frame.graph->debts(*frame.graph->find(frame.header.act))) {
        if (debt.until.empty()) continue;
        const auto* value = fields.if_contains(debt.until);
        if (!value || !value->is_string())
            return refuse(
                Code::deadline_missing, say("{} sets a deadline and is not stated", debt.until));
        const auto at = date_in_form(std::string_view(value->as_string()));
        if (!at) return refuse(Code::form_invalid, say("/{}: is not a date", debt.until));
        frame.header.dates[debt.until] = *at;
    }
    return {};
}

Result<std::map<std::size_t, Bytes>> seal_body(
    const Node& node, Frame& frame, const json::Object& fields) {
    std::map<std::size_t, Bytes> out;
    const auto& act = frame.graph->act(*frame.graph->find(frame.header.act));
    if (act.form.empty()) {
        if (!fields.empty())
            return refuse(Code::form_unknown, say("{} has no form", Said::act(act.name)));
        return out;
    }
    const law::Form* form = node.law().pack().form(act.form);
    CHECK_THAT(form != nullptr); // checked when the pack was loaded
    TRY_VOID(form->validate(fields));
    // A country that joins with this act reads its part already.
    auto parties = frame.state;
    if (frame.header.joining) parties.consulted.push_back(*frame.header.joining);
    for (auto& plan : law::split(*form, fields)) {
        const auto readers = readers_of(
            *frame.directory, parties, plan.audience, frame.header.performer, frame.header.time);
        auto sealed =
            act::seal_part({act.name, form->id(), plan.audience, std::move(plan.fields)}, readers);
        if (sealed.sealed.size() > limits::act_part_bytes)
            return refuse(
                Code::too_large, say("the part for {} has {} bytes sealed; at most {} are accepted",
                                     listed_names("side", plan.audience), sealed.sealed.size(),
                                     limits::act_part_bytes));
        out.emplace(frame.header.parts.size(), std::move(sealed.sealed));
        frame.header.parts.push_back(std::move(sealed.ref));
    }
    return out;
}

struct Built {
    Bytes header;
    std::map<std::size_t, Bytes> parts;
    CaseId case_id;
    std::optional<assess::Assessment> assessment;
};

// A notice's code is made here, and the header of a challenge shows the proof of the code it has.
void put_code(Frame& frame, json::Object& fields) {
    if (frame.header.act == "notify") complete_notice(*frame.directory, frame.state, fields);
    const bool gives = frame.header.act == "notify";
    const bool shows = frame.header.side == "subject";
    const auto* code = fields.if_contains("code");
    if ((!gives && !shows) || !code || !code->is_string()) return;
    const auto proof = act::code_proof(std::string_view(code->as_string()));
    frame.header.code = gives ? act::code_commitment(proof) : proof;
}

Result<Built> build(Node& node, const Intent& intent) {
    TRY(auto out, frame(node, intent));
    json::Object fields = intent.fields;
    put_code(out, fields);
    TRY_VOID(copy_dates(out, fields));
    TRY(auto parts, seal_body(node, out, fields));
    // What the procedure or four eyes would refuse is said before anybody is asked to approve it.
    const bool overseer = out.header.side == "oversight";
    TRY_VOID(casefile::check_four_eyes(out.state, out.header));
    TRY_VOID(
        casefile::check_procedure(out.state, *out.graph, {out.header, out.header.time, overseer}));
    // So is what the law says: the same findings as at the gate, here and on the other side.
    Result<std::optional<assess::Assessment>> found = std::nullopt;
    node.store().read([&](StoreReader& reader) {
        found = assess_act(
            node, reader,
            {*out.directory, out.state, out.header, intent.fields, out.header.time, true});
    });
    TRY(auto assessment, std::move(found));
    return Built{
        act::print_header(out.header), std::move(parts), out.header.case_id, std::move(assessment)};
}

// `approved` is the entry whose passkey approved it; none for what the node does by itself.
void store_submission(
    Node& node, const act::Header& header, const Digest& hash, const act::Envelope& envelope,
    const std::optional<Digest>& approved) {
    node.store().write([&](StoreWriter& writer) {
        if (approved) note_use(writer, *approved, node.now());
        writer.put_submission(
            {hash, header.case_id, header.act, envelope.seal, SubmissionRow::State::waiting, "",
             node.now()});
        for (const auto& [place, sealed] : envelope.parts)
            writer.put_part(hash, place, sealed);
        OutboxRow row;
        row.destination = header.keeper;
        row.kind = OutboxRow::Kind::submit;
        row.case_id = header.case_id;
        row.act = hash;
        row.next_try = node.now();
        writer.add_outbox(row);
        writer.remove_draft(hash);
    });
}

Result<Performed> send_through(
    Node& node, const Bytes& header_bytes, act::Envelope envelope,
    const std::optional<Digest>& approved) {
    TRY(const auto header, act::parse_header(header_bytes));
    const Digest hash = act::act_hash(header_bytes);
    const bool keeps = header.keeper == node.self();
    auto passed = pass_gate(node, envelope, keeps ? Way::keeper : Way::rehearsal);
    if (!passed) {
        note_gate_refusal(node, node.self(), passed.error());
        return tl::unexpected(std::move(passed.error()));
    }
    Passage& passage = *passed;
    if (keeps || passage.repeated) {
        node.store().write([&](StoreWriter& writer) {
            writer.remove_draft(hash);
            if (approved) note_use(writer, *approved, node.now());
        });
        return Performed{true, std::move(passage)};
    }
    store_submission(node, header, hash, envelope, approved);
    return Performed{false, std::move(passage)};
}

} // namespace

Result<Prepared> prepare_act(Node& node, const Intent& intent) {
    TRY(auto built, build(node, intent));
    const Digest hash = act::act_hash(built.header);
    node.store().write([&](StoreWriter& writer) {
        writer.put_draft({hash, built.header, built.parts, node.now(), intent.person});
    });
    return Prepared{
        hash, built.case_id, built.header, act::approval_challenge(built.header),
        std::move(built.assessment)};
}

Result<Performed> perform_act(Node& node, const Digest& draft, const crypto::Assertion& assertion) {
    std::optional<DraftRow> row;
    std::optional<ActRow> done;
    std::optional<SubmissionRow> sent;
    node.store().read([&](StoreReader& reader) {
        row = reader.find_draft(draft);
        done = reader.find_act(draft);
        sent = reader.find_submission(draft);
    });
    // Asked again after the answer was lost: the act is performed once.
    if (done) return Performed{true, {done->receipt, true, draft, done->case_id, done->sequence}};
    if (sent && sent->state == SubmissionRow::State::waiting)
        return Performed{false, {"", true, draft, sent->case_id, 0}};
    if (!row || row->created + limits::draft_age < node.now())
        return refuse(Code::draft_unknown, say("no draft {}", text(draft)));
    TRY(const auto header, act::parse_header(row->header));
    act::Approval approval{assertion, {}};
    TRY(const auto entry, signing_entry(node, header.person, assertion.credential_id));
    TRY(approval.roll, roll_chain(node, entry));
    return send_through(
        node, row->header,
        {act::seal_act(row->header, node.now(), node.signer(), approval), row->parts, ""}, entry);
}

Result<Performed> perform_by_node(Node& node, const Intent& intent) {
    TRY(auto built, build(node, intent));
    return send_through(
        node, built.header,
        {act::seal_act(built.header, node.now(), node.signer(), std::nullopt), built.parts, ""},
        std::nullopt);
}

} // namespace comity::node
