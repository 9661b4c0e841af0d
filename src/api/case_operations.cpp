// Cases: where they stand, what has happened, what may happen now; preparing and performing acts.
#include "act/opening.hpp"
#include "api/case_view.hpp"
#include "api/drafts.hpp"
#include "api/names.hpp"
#include "api/read_back.hpp"
#include "base/limits.hpp"
#include "casefile/sentences.hpp"
#include "evidence/manifest.hpp"
#include "node/describe_case.hpp"
#include "node/export_case.hpp"
#include "node/gate.hpp"
#include "node/oversee.hpp"
#include "node/perform_act.hpp"
#include "node/worklist.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

json::Array owed_of(const Seen& seen) {
    json::Array out;
    for (const auto& item : procedure::owed(*seen.graph, seen.state.marking))
        out.emplace_back(json::Object{
            {"act", item.name},
            {"side", procedure::to_text(item.side)},
            {"role", seen.graph->act(item.act).role},
            {"due", to_text(item.due)}});
    return out;
}

// Four eyes: nobody performs two of the acts that approve a request.
bool signed_before(const casefile::Case& state, const std::string& act, const PersonId& person) {
    if (!casefile::needs_other_eyes(act)) return false;
    return std::any_of(
        state.signatories.begin(), state.signatories.end(),
        [&](const auto& signatory) { return signatory.second == person; });
}

// The acts that the procedure allows now, each with whether this person may perform it.
json::Array possible_of(Api& api, const Call& call, const Seen& seen, std::string_view side) {
    json::Array out;
    for (const auto& name :
         seen.graph->names(procedure::enabled(*seen.graph, seen.state.marking, api.node().now()))) {
        const auto& act = seen.graph->act(*seen.graph->find(name));
        if (act.side == procedure::Side::clock) continue;
        const bool ours = procedure::to_text(act.side) == side;
        const bool role = call.has_role(act.role);
        const bool seen_before = signed_before(seen.state, name, call.session.person);
        const bool may = ours && role && !seen_before;
        json::Object item{
            {"act", name},
            {"side", procedure::to_text(act.side)},
            {"role", act.role},
            {"may", may}};
        if (!act.form.empty()) item["form"] = act.form;
        if (!ours)
            item["why_not"] = "not-your-side";
        else if (!role)
            item["why_not"] =
                call.session.trained_until <= api.node().now() ? "training-ended" : "not-your-role";
        else if (seen_before)
            item["why_not"] = "four-eyes";
        out.emplace_back(std::move(item));
    }
    return out;
}

std::string side_for(Api& api, const Seen& seen) {
    const auto side = casefile::side_of(seen.state, api.node().self());
    if (!side.empty()) return side;
    return "oversight"; // who is on no side and has the case oversees it
}

http::Response get_case(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    const auto& state = seen->state;
    const auto language = language_of(call.request);
    const auto named = [&](const ParticipantId& id) {
        return name_of(*seen->directory, id, language);
    };
    const auto side = side_for(api, *seen);
    OpenedActs opened(api, state);
    json::Array submissions;
    json::Array evidence;
    api.node().store().read([&](node::StoreReader& reader) {
        submissions = node::print_submissions(reader.submissions(state.id), language);
        evidence = node::print_evidence(api.node(), reader.evidence(state.id), language);
    });
    json::Array third;
    json::Object names;
    for (const auto& id : node::participants_of(*seen->directory, state))
        names[id.str()] = named(id);
    for (const auto& id : casefile::participants_of_side(state, "third")) {
        third.emplace_back(id.str());
        names[id.str()] = named(id);
    }
    json::Object out{
        {"case", state.id.str()},
        {"reference", reference_of(opened, state.id)},
        {"procedure", state.procedure},
        {"law_pack", state.law_pack},
        {"requesting", state.opening.requesting.str()},
        {"requesting_name", named(state.opening.requesting)},
        {"requested", state.opening.requested.str()},
        {"requested_name", named(state.opening.requested)},
        {"provider", state.opening.provider.str()},
        {"provider_name", named(state.opening.provider)},
        {"third", std::move(third)},
        {"category", state.opening.category},
        {"keeper", state.keeper.str()},
        {"keeper_name", named(state.keeper)},
        {"state", node::work_state(state, *seen->graph, api.node().self())},
        {"side", side},
        {"acts", state.next_sequence - 1},
        {"owed", owed_of(*seen)},
        {"possible", possible_of(api, call, *seen, side)},
        {"submissions", std::move(submissions)},
        {"evidence", std::move(evidence)},
        {"grid", grid_of(opened)},
        {"names", std::move(names)}};
    for (const auto& item : procedure::owed(*seen->graph, state.marking)) {
        if (item.name == "notify") out["notice_due"] = to_text(item.due);
        if (item.name == "delete") out["retention_end"] = to_text(item.due);
    }
    if (const auto ends = node::deferral_end(state, *seen->graph)) out["seal_end"] = to_text(*ends);
    return answer_cached(call, json::Value(std::move(out)));
}

http::Response get_timeline(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto after = call.after("an act", 9);
    if (!after) return http::problem(after.error());
    const auto language = language_of(call.request);
    std::vector<node::ActRow> rows;
    api.node().store().read([&](node::StoreReader& reader) {
        rows = reader.acts(seen->state.id, after->value_or(0), *limit);
    });
    const RecordSeen record(api);
    const Names names(api);
    json::Array items;
    for (const auto& row : rows)
        items.emplace_back(timeline_entry(api, *seen, record, row, names, language));
    json::Object out{{"items", std::move(items)}};
    if (rows.size() == *limit && rows.back().sequence + 1 < seen->state.next_sequence)
        out["next"] = std::to_string(rows.back().sequence);
    return answer(std::move(out));
}

// Whether the latest act of a kind may be shown here: an oversight body says first that it looks.
Result<void> may_read_latest(Api& api, const casefile::Case& state, const std::string& act) {
    Result<void> out;
    const auto latest = state.latest.find(act);
    if (latest == state.latest.end()) return out;
    api.node().store().read([&](node::StoreReader& reader) {
        if (const auto row = reader.find_act(latest->second))
            out = node::may_read(api.node(), reader, *row);
    });
    return out;
}

// For the picture: each act of the graph, and how it stands.
http::Response get_marking(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    const auto& graph = *seen->graph;
    const auto& marking = seen->state.marking;
    const auto enabled = procedure::enabled(graph, marking, api.node().now());
    json::Array acts;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        const auto bit = procedure::bit(i);
        const bool included = (marking.included & bit) != 0;
        const bool done = (marking.executed & bit) != 0;
        const bool owed = included && (marking.pending & bit) != 0;
        const char* state = owed                   ? "owed"
                            : (enabled & bit) != 0 ? "possible"
                            : done                 ? "done"
                            : included             ? "waiting"
                                                   : "closed";
        json::Object item{{"act", graph.act(i).name}, {"state", state}, {"times", done ? 1 : 0}};
        if (done) item["done_at"] = to_text(Instant{Milliseconds{marking.executed_at[i]}});
        if (owed) item["due"] = to_text(Instant{Milliseconds{marking.due[i]}});
        acts.emplace_back(std::move(item));
    }
    return answer(json::Object{
        {"procedure", seen->state.procedure},
        {"category", graph.parameters().category},
        {"third", graph.parameters().third},
        {"acts", std::move(acts)}});
}

Result<json::Object> act_fields(Api& api, const Call& call) {
    TRY(const auto found, see_act(api, call, call.param("hash")));
    TRY(auto fields, readable(api, call, found.row));
    const auto index = found.seen.graph->find(found.row.kind);
    const auto form_id = index ? found.seen.graph->act(*index).form : std::string();
    json::Array hidden;
    if (const auto* form = api.node().law().pack().form(form_id))
        for (const auto& field : form->fields())
            if (field.required && !fields.contains(field.name)) hidden.emplace_back(field.name);
    return json::Object{
        {"act", found.row.kind},
        {"hash", text(found.row.hash)},
        {"form", form_id},
        {"fields", std::move(fields)},
        {"hidden", std::move(hidden)}};
}

http::Response get_act_fields(Api& api, const Call& call) {
    auto fields = act_fields(api, call);
    if (fields) note_body_read(api, call, call.param("hash"), "fields");
    return answer(fields);
}

http::Response printed(
    Api& api, const Call& call, const Seen& seen, const std::string& which,
    const std::string& name) {
    // Those who take part beside this node are the ones that read it, or wrote it.
    std::vector<std::string> accepted;
    for (const auto& id : node::participants_of(*seen.directory, seen.state))
        if (const auto* other = seen.directory->find(id); other && id != api.node().self())
            accepted.insert(accepted.end(), other->languages.begin(), other->languages.end());
    const auto languages = letter_languages(call.request, accepted);
    if (!languages) return http::problem(languages.error());
    auto pdf = api.services.letter(seen.state.id, which, *languages);
    if (!pdf) return http::problem(pdf.error());
    http::Response response;
    response.content_type = "application/pdf";
    response.headers.set(
        "Content-Disposition", fmt::format("attachment; filename=\"{}.pdf\"", name));
    response.body = std::move(*pdf);
    return response;
}

http::Response get_letter(Api& api, const Call& call) {
    const auto found = see_act(api, call, call.param("hash"));
    if (!found) return http::problem(found.error());
    auto letter =
        printed(api, call, found->seen, std::to_string(found->row.sequence), found->row.kind);
    // It says what the act says: whoever has it has read the act.
    if (letter.status == 200) note_body_read(api, call, call.param("hash"), "letter");
    return letter;
}

http::Response get_receipt(Api& api, const Call& call) {
    const auto found = see_act(api, call, call.param("hash"));
    if (!found) return http::problem(found.error());
    return printed(
        api, call, found->seen, fmt::format("receipt-{}", found->row.sequence), "receipt");
}

http::Response get_custody_letter(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    return printed(api, call, *seen, "custody", "custody");
}

http::Response get_manifest(Api& api, const Call& call) {
    const auto seen = see(api, call);
    if (!seen) return http::problem(seen.error());
    if (const auto may = may_read_latest(api, seen->state, call.param("act")); !may)
        return http::problem(may.error());
    const auto items = node::case_items(api.node(), seen->state.id, call.param("act"));
    if (!items) return http::problem(items.error());
    return answer(json::Object{
        {"items", evidence::print_items(*items)},
        {"manifest_hash", text(evidence::manifest_hash(*items))}});
}

http::Response get_custody(Api& api, const Call& call) {
    auto custody = node::custody_certificate(api.node(), CaseId(call.param("case")));
    if (custody) custody->erase("comity");
    return answer(custody);
}

http::Response get_bundle(Api& api, const Call& call) {
    auto bundle = node::export_case(api.node(), api.services.record, CaseId(call.param("case")));
    if (!bundle) return http::problem(bundle.error());
    http::Response response;
    response.content_type = "application/vnd.comity.bundle";
    response.headers.set(
        "Content-Disposition",
        fmt::format("attachment; filename=\"{}.bundle\"", call.param("case")));
    response.body = std::move(*bundle);
    return response;
}

// ---- acts

struct Wanted {
    node::Intent intent;
    std::string draft; ///< what it comes from; empty for none
};

// The person is the one who is signed in, whatever the body might say: it cannot say it.
Result<Wanted> read_intent(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "intent"};
    node::Intent out;
    if (const auto id = in.string_if("case")) out.case_id = CaseId(*id);
    out.procedure = in.string_if("procedure").value_or("");
    out.act = in.string("act");
    out.office = OfficeId(in.string("office"));
    out.role = in.string("role");
    out.fields = in.object("fields");
    if (const auto joining = in.string_if("joining")) out.joining = ParticipantId(*joining);
    const json::Object* opening = in.object_if("opening");
    const auto about = in.strings_if("about");
    auto draft = in.string_if("draft").value_or("");
    TRY_VOID(in.done());
    TRY(out.about, node::named_acts(about));
    if (opening) {
        TRY(out.opening, act::read_opening(*opening));
    }
    if (out.office != call.session.office || !call.has_role(out.role))
        return refuse(
            Code::approval_not_competent,
            say("{} does not hold the role {} at {}", call.session.person.str(),
                Said::role(out.role), out.office.str()));
    out.person = call.session.person;
    return Wanted{std::move(out), std::move(draft)};
}

http::Response prepare_act(Api& api, const Call& call) {
    const auto wanted = read_intent(call);
    if (!wanted) return http::problem(wanted.error());
    if (const auto there = check_draft(api, call, wanted->draft); !there)
        return http::problem(there.error());
    const auto prepared = node::prepare_act(api.node(), wanted->intent);
    if (!prepared) return http::problem(prepared.error());
    if (!wanted->draft.empty()) note_prepared(api, call, wanted->draft, prepared->hash);
    return answer(json::Object{
        {"act", text(prepared->hash)},
        {"case", prepared->case_id.str()},
        {"header", to_base64url(prepared->header)},
        {"challenge", text(prepared->challenge)},
        {"passkey", passkey_request(api, call.session.person, prepared->challenge)},
        {"reads_back", reads_back(api, prepared->hash, language_of(call.request))},
        {"expires", to_text(api.node().now() + limits::draft_age)}});
}

Result<json::Object> perform(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "approval"};
    const auto hash = digest_from_text(in.string("act"));
    const auto& assertion = in.object("assertion");
    TRY_VOID(in.done());
    if (!hash) return refuse(Code::draft_unknown, say("the act is named by its hash"));
    // Only who prepared it: another person's draft is unknown here.
    std::optional<node::DraftRow> draft;
    std::optional<node::ActRow> done;
    api.node().store().read([&](node::StoreReader& reader) {
        draft = reader.find_draft(*hash);
        done = reader.find_act(*hash);
    });
    if (draft) {
        TRY(const auto header, act::parse_header(draft->header));
        if (header.person != call.session.person)
            return refuse(Code::draft_unknown, say("no draft {}", text(*hash)));
    } else if (done) {
        TRY(const auto sealed, act::parse_sealed(done->seal));
        if (sealed.header.person != call.session.person)
            return refuse(Code::draft_unknown, say("no draft {}", text(*hash)));
    }
    TRY(const auto parsed, act::parse_assertion(assertion));
    TRY(const auto performed, node::perform_act(api.node(), *hash, parsed));
    end_performed(api, call, *hash);
    api.services.nudge();
    return json::Object{
        {"admitted", performed.admitted},
        {"case", performed.passage.case_id.str()},
        {"sequence", performed.passage.sequence},
        {"receipt", performed.passage.receipt}};
}

http::Response perform_act(Api& api, const Call& call) {
    return answer(perform(api, call));
}

} // namespace

void add_case_operations(Handlers& handlers) {
    handlers["getCase"] = get_case;
    handlers["getTimeline"] = get_timeline;
    handlers["getMarking"] = get_marking;
    handlers["getActFields"] = get_act_fields;
    handlers["getLetter"] = get_letter;
    handlers["getManifest"] = get_manifest;
    handlers["getReceipt"] = get_receipt;
    handlers["getCustody"] = get_custody;
    handlers["getCustodyLetter"] = get_custody_letter;
    handlers["getBundle"] = get_bundle;
    handlers["prepareAct"] = prepare_act;
    handlers["performAct"] = perform_act;
}

} // namespace comity::api
