// What a node's own people and programs can ask it: prepare and perform acts, look at cases and
// queues, enrol people, upload and open evidence. Every act still needs its person's passkey.
#include "http/control_routes.hpp"

#include "act/opening.hpp"
#include "base/limits.hpp"
#include "base/number.hpp"
#include "casefile/difference.hpp"
#include "casefile/sentences.hpp"
#include "evidence/custody.hpp"
#include "evidence/manifest.hpp"
#include "node/deliver_outbox.hpp"
#include "node/describe_case.hpp"
#include "node/drill.hpp"
#include "node/enrol.hpp"
#include "node/export_case.hpp"
#include "node/founders.hpp"
#include "node/oversee.hpp"
#include "node/perform_act.hpp"
#include "node/tell_systems.hpp"
#include "node/transfer_evidence.hpp"

#include <fmt/format.h>

namespace comity::http {

namespace {

Response answer(const Result<json::Object>& result) {
    if (!result) return problem(result.error());
    return json_response(200, *result);
}

Result<node::Intent> read_intent(const json::Object& object) {
    json::Reader in{object, "intent"};
    node::Intent out;
    if (const auto id = in.string_if("case")) out.case_id = CaseId(*id);
    out.procedure = in.string_if("procedure").value_or("");
    out.act = in.string("act");
    out.office = OfficeId(in.string("office"));
    out.role = in.string("role");
    out.person = PersonId(in.string("person"));
    out.fields = in.object("fields");
    if (const auto joining = in.string_if("joining")) out.joining = ParticipantId(*joining);
    const json::Object* opening = in.object_if("opening");
    const auto about = in.strings_if("about");
    TRY_VOID(in.done());
    TRY(out.about, node::named_acts(about));
    if (opening) {
        TRY(out.opening, act::read_opening(*opening));
    }
    return out;
}

Result<json::Object> list_webhooks(Services& s, const Request&) {
    std::vector<node::WebhookState> all;
    s.node.store().read(
        [&](node::StoreReader& reader) { all = node::webhook_states(s.node, reader); });
    json::Array items;
    for (const auto& one : all) {
        json::Object item{{"name", one.name},         {"url", one.url},
                          {"waiting", one.waiting},   {"missed", one.missed},
                          {"attempts", one.attempts}, {"problem", one.problem}};
        if (one.heard) item["heard"] = to_text(*one.heard);
        items.emplace_back(std::move(item));
    }
    return json::Object{{"key", node::webhook_key(s.node)}, {"webhooks", std::move(items)}};
}

Result<json::Object> try_webhook(Services& s, const Request& request) {
    TRY_VOID(node::test_webhook(s.node, request.param("name")));
    s.nudge();
    return json::Object{};
}

Result<json::Object> take_down(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_seal_bytes));
    json::Reader in{object, "drill"};
    const auto sealed = in.string("sealed");
    TRY_VOID(in.done());
    TRY(const auto drill, node::take_down_drill(s.node, s.record, sealed));
    return json::Object{
        {"drilled", to_text(drill.drilled)}, {"size", static_cast<std::int64_t>(drill.size)}};
}

Result<json::Object> prepare(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_part_bytes));
    TRY(const auto intent, read_intent(object));
    TRY(const auto prepared, node::prepare_act(s.node, intent));
    return json::Object{
        {"act", text(prepared.hash)},
        {"case", prepared.case_id.str()},
        {"header", to_base64url(prepared.header)},
        {"challenge", text(prepared.challenge)}};
}

Result<json::Object> perform(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_seal_bytes));
    json::Reader in{object, "approval"};
    const auto hash = digest_from_text(in.string("act"));
    const auto& assertion = in.object("assertion");
    TRY_VOID(in.done());
    if (!hash) return refuse(Code::draft_unknown, say("the act is named by its hash"));
    TRY(const auto parsed, act::parse_assertion(assertion));
    TRY(const auto performed, node::perform_act(s.node, *hash, parsed));
    s.nudge();
    return json::Object{
        {"admitted", performed.admitted},
        {"case", performed.passage.case_id.str()},
        {"sequence", performed.passage.sequence},
        {"receipt", performed.passage.receipt}};
}

json::Object describe(const node::ObligationRow& row) {
    json::Object out{
        {"case", row.case_id.str()}, {"act", row.act}, {"side", row.side}, {"role", row.role}};
    if (row.due) out["due"] = to_text(*row.due);
    return out;
}

json::Object describe(const casefile::Case& state, const procedure::Graph& graph, Instant now) {
    json::Array owed;
    const auto paused = procedure::paused(graph, state.marking);
    for (const auto& item : procedure::owed(graph, state.marking)) {
        json::Object line{
            {"act", item.name},
            {"side", procedure::to_text(item.side)},
            {"due", to_text(item.due)}};
        if (paused & procedure::bit(item.act)) {
            // The clock stands still; who is waited for is named.
            json::Array waits;
            for (const auto& name : graph.names(
                     graph.step(item.act).milestones & state.marking.pending &
                     state.marking.included))
                waits.emplace_back(name);
            line["paused_by"] = std::move(waits);
        }
        owed.emplace_back(std::move(line));
    }
    json::Array possible;
    for (const auto& name : graph.names(procedure::enabled(graph, state.marking, now)))
        possible.emplace_back(name);
    return {
        {"case", state.id.str()},
        {"procedure", state.procedure},
        {"requesting", state.opening.requesting.str()},
        {"requested", state.opening.requested.str()},
        {"provider", state.opening.provider.str()},
        {"category", state.opening.category},
        {"keeper", state.keeper.str()},
        {"acts", state.next_sequence - 1},
        {"owed", std::move(owed)},
        {"possible", std::move(possible)}};
}

Result<json::Object> list_cases(Services& s, const Request&) {
    constexpr std::size_t page = 200;
    json::Array out;
    s.node.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.cases(page))
            if (const auto state = node::find_case(s.node, reader, row.id))
                out.emplace_back(describe(*state, *node::graph_of(s.node, *state), s.node.now()));
    });
    return json::Object{{"cases", std::move(out)}};
}

Result<json::Object> show_case(Services& s, const Request& request) {
    const CaseId id(request.param("case"));
    json::Object out;
    s.node.store().read([&](node::StoreReader& reader) {
        const auto state = node::find_case(s.node, reader, id);
        if (!state) return;
        out = describe(*state, *node::graph_of(s.node, *state), s.node.now());
        json::Array acts;
        for (const auto& row : reader.acts(id, 0, limits::acts_per_case)) {
            const auto sealed = act::parse_sealed(row.seal);
            if (!sealed) continue;
            acts.emplace_back(json::Object{
                {"sequence", row.sequence},
                {"act", row.kind},
                {"hash", text(row.hash)},
                {"performer", sealed->header.performer.str()},
                {"admitted", to_text(row.admitted)},
                {"leaf", row.leaf},
                {"sentence", casefile::sentence(row.kind, sealed->header.performer.str(), "en")}});
        }
        out["timeline"] = std::move(acts);
        json::Array clarified;
        std::optional<json::Object> asked;
        for (const auto& row : reader.acts(id, 0, limits::acts_per_case)) {
            if (row.kind == "ask") asked = node::readable_fields(s.node, reader, row);
            if (row.kind != "answer" || !asked) continue;
            const auto answered = node::readable_fields(s.node, reader, row);
            clarified.emplace_back(casefile::print_differences(
                casefile::differences(*asked, answered ? &*answered : nullptr)));
            asked.reset();
        }
        if (asked)
            clarified.emplace_back(
                casefile::print_differences(casefile::differences(*asked, nullptr)));
        out["clarifications"] = std::move(clarified);
        out["submissions"] = node::print_submissions(reader.submissions(id));
        out["evidence"] = node::print_evidence(s.node, reader.evidence(id));
    });
    if (out.empty()) return refuse(Code::not_found, say("case {}", id.str()));
    return out;
}

// An oversight body looks into an act only after it has said so.
Result<void> may_read_latest(Services& s, const CaseId& id, const std::string& act) {
    Result<void> out;
    s.node.store().read([&](node::StoreReader& reader) {
        const auto state = node::find_case(s.node, reader, id);
        if (!state) return;
        const auto latest = state->latest.find(act);
        const auto row =
            latest == state->latest.end() ? std::nullopt : reader.find_act(latest->second);
        if (row) out = node::may_read(s.node, reader, *row);
    });
    return out;
}

Result<json::Object> show_fields(Services& s, const Request& request) {
    const CaseId id(request.param("case"));
    TRY_VOID(may_read_latest(s, id, request.param("act")));
    std::optional<json::Object> fields;
    s.node.store().read([&](node::StoreReader& reader) {
        fields = node::readable_fields(s.node, reader, id, request.param("act"));
    });
    if (!fields) return refuse(Code::not_found, request.path);
    return std::move(*fields);
}

Result<json::Object> worklist(Services& s, const Request&) {
    constexpr std::size_t page = 200;
    json::Array out;
    s.node.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.obligations(page))
            out.emplace_back(describe(row));
    });
    return json::Object{{"obligations", std::move(out)}};
}

Result<json::Object> outbox(Services& s, const Request&) {
    constexpr std::size_t page = 200;
    json::Array out;
    s.node.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.outbox(page))
            out.emplace_back(json::Object{
                {"id", row.id},
                {"to", row.destination.str()},
                {"case", row.case_id.str()},
                {"act", text(row.act)},
                {"attempts", row.attempts},
                {"next_try", to_text(node::next_try(s.node, row))},
                {"problem", row.problem.text()},
                {"failed", row.failed}});
    });
    return json::Object{{"outbox", std::move(out)}};
}

Result<json::Object> resend_row(Services& s, const Request& request) {
    const auto id = whole_number(request.param("id"), 18);
    if (!id) return refuse(Code::not_found, request.path);
    TRY_VOID(node::resend(s.node, *id));
    s.nudge();
    return json::Object{{"id", *id}};
}

// ---- people

Result<Instant> instant_member(json::Reader& in, std::string_view name) {
    const auto at = instant_from(in.string(name));
    if (!at) return refuse(Code::roll_malformed, say("{} is not an instant", name));
    return *at;
}

Result<json::Object> prepare_person(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_seal_bytes));
    json::Reader in{object, "enrolment"};
    node::Enrolment wanted;
    wanted.person = PersonId(in.string("person"));
    wanted.office = OfficeId(in.string("office"));
    wanted.roles = in.strings("roles");
    wanted.purpose =
        in.string("purpose") == "sign-in" ? directory::Purpose::sign_in : directory::Purpose::sign;
    wanted.by_first = PersonId(in.string("by_first"));
    wanted.by_second = PersonId(in.string("by_second"));
    json::Reader passkey{in.object("passkey"), "passkey"};
    const auto id = from_base64url(passkey.string("id"));
    const auto point = from_base64url(passkey.string("point"));
    wanted.passkey.rp_id = passkey.string("rp_id");
    wanted.passkey.origin = passkey.string("origin");
    TRY(wanted.valid_until, instant_member(in, "valid_until"));
    TRY(wanted.trained_until, instant_member(in, "trained_until"));
    TRY_VOID(in.done());
    TRY_VOID(passkey.done());
    if (!id || !point) return refuse(Code::roll_malformed, say("the passkey is not base64url"));
    wanted.passkey.credential_id = *id;
    TRY(wanted.passkey.key, crypto::PublicKey::from_point(*point));
    TRY(const auto prepared, node::prepare_enrolment(s.node, wanted));
    return json::Object{
        {"entry", to_base64url(prepared.payload)}, {"challenge", text(prepared.challenge)}};
}

Result<json::Object> enrol_person(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_seal_bytes));
    json::Reader in{object, "enrolment"};
    const auto payload = from_base64url(in.string("entry"));
    const auto& first = in.object("first");
    const auto& second = in.object("second");
    const auto name = in.string_if("name");
    const auto label = in.string_if("label");
    TRY_VOID(in.done());
    if (!payload) return refuse(Code::roll_malformed, say("the entry is not base64url"));
    TRY(const auto a, act::parse_assertion(first));
    TRY(const auto b, act::parse_assertion(second));
    const std::array entries{node::Approved{*payload, {a, b}}};
    // How the house calls the person and the passkey: in its own books, as an invitation says it.
    const auto note = [&](node::StoreWriter& writer, const std::vector<Digest>& hashes) {
        if (name || label)
            writer.put_roll_note(
                {hashes.front(), name.value_or(""), label.value_or(""), "", std::nullopt,
                 std::nullopt});
        return true;
    };
    TRY(const auto hashes, node::enrol_all(s.node, entries, note));
    s.nudge();
    return json::Object{{"entry", text(hashes.front())}};
}

Result<json::Object> end_person(Services& s, const Request& request) {
    const auto hash = digest_from_text(request.param("entry"));
    if (!hash) return refuse(Code::not_found, request.path);
    TRY_VOID(node::end_entry(s.node, *hash));
    s.nudge();
    return json::Object{{"entry", request.param("entry")}};
}

Result<json::Object> list_roll(Services& s, const Request&) {
    json::Array out;
    s.node.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.roll())
            out.emplace_back(json::Object{
                {"entry", text(row.hash)}, {"person", row.person.str()}, {"ended", row.ended}});
    });
    return json::Object{{"roll", std::move(out)}};
}

std::string_view step_name(node::FounderState::Step step) {
    using Step = node::FounderState::Step;
    switch (step) {
    case Step::not_invited: return "not-invited";
    case Step::invited: return "invited";
    case Step::key_registered: return "key-registered";
    case Step::on_roll: return "on-roll";
    }
    return {};
}

Result<json::Object> list_founders(Services& s, const Request&) {
    json::Array out;
    for (const auto& state : node::founders(s.node)) {
        json::Object item{
            {"person", state.founder.person.str()},
            {"name", state.founder.name},
            {"state", step_name(state.step)},
            {"label", state.label}};
        if (state.expires) item["expires"] = to_text(*state.expires);
        out.emplace_back(std::move(item));
    }
    return json::Object{{"founders", std::move(out)}};
}

// The token goes to whoever holds the socket, once, and stands in no log.
Result<json::Object> invite_founders(Services& s, const Request& request) {
    // Who names nobody means all.
    const std::string_view body = request.body.empty() ? std::string_view("{}") : request.body;
    TRY(const auto object, json::parse_object(body, limits::act_header_bytes));
    json::Reader in{object, "founders"};
    const auto person = in.string_if("person");
    TRY_VOID(in.done());
    TRY(const auto invited,
        node::invite_founders(s.node, person ? std::optional(PersonId(*person)) : std::nullopt));
    json::Array out;
    for (const auto& one : invited) {
        const auto& founder = one.invitation.wish.person.str();
        s.node.log("founder invited", {{"person", founder}});
        out.emplace_back(json::Object{
            {"person", founder},
            {"token", one.token},
            {"expires", to_text(one.invitation.expires)}});
    }
    return json::Object{{"invited", std::move(out)}};
}

Result<json::Object> confirm_founders(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "confirmation"};
    std::map<PersonId, std::string> codes;
    for (const auto& item : in.object("codes"))
        if (item.value().is_string())
            codes[PersonId(std::string(item.key()))] = std::string(item.value().as_string());
    TRY_VOID(in.done());
    TRY(const auto entries, node::confirm_founders(s.node, codes));
    json::Array out;
    for (const auto& entry : entries)
        out.emplace_back(text(entry));
    s.node.log("founders confirmed", {{"entries", std::to_string(entries.size())}});
    return json::Object{{"entries", std::move(out)}};
}

Result<json::Object> take_directory(Services& s, const Request& request) {
    TRY_VOID(node::install_directory(s.node, request.body));
    TRY(const auto directory, s.node.directory());
    s.nudge();
    return json::Object{{"version", directory->version()}};
}

// ---- evidence

Result<json::Object> begin_item(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "item"};
    const CaseId id(in.string("case"));
    auto name = in.string("name");
    auto media_type = in.string("media_type");
    const auto cell = in.integer("cell");
    TRY_VOID(in.done());
    TRY(auto token, s.staging.begin(id, std::move(name), std::move(media_type), cell));
    return json::Object{{"token", std::move(token)}};
}

Result<json::Object> append_item(Services& s, const Request& request) {
    const auto offset = whole_number(request.query_if("offset").value_or("0"), 18);
    if (!offset) return refuse(Code::evidence_incomplete, say("offset is a number of bytes"));
    TRY(const auto size,
        s.staging.append(
            request.param("token"), static_cast<std::uint64_t>(*offset), request.body));
    return json::Object{{"received", static_cast<std::int64_t>(size)}};
}

Result<json::Object> finish_item(Services& s, const Request& request) {
    TRY(const auto item, s.staging.finish(request.param("token")));
    return json::Object{{"item", evidence::print_items({item}).front()}};
}

Result<json::Object> reseal(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "release"};
    const CaseId id(in.string("case"));
    const auto sealed = digest_from_text(in.string("item"));
    TRY_VOID(in.done());
    TRY(const auto items, node::case_items(s.node, id, "produce"));
    for (const auto& item : items)
        if (sealed && item.sealed == *sealed) {
            TRY(const auto out, node::reseal_item(s.node, id, item));
            return json::Object{{"item", evidence::print_items({out}).front()}};
        }
    return refuse(Code::evidence_unknown, say("the production has no such item"));
}

Result<json::Object> manifest(Services& s, const Request& request) {
    const CaseId id(request.param("case"));
    TRY_VOID(may_read_latest(s, id, request.param("act")));
    TRY(const auto items, node::case_items(s.node, id, request.param("act")));
    return json::Object{
        {"items", evidence::print_items(items)},
        {"manifest_hash", text(evidence::manifest_hash(items))}};
}

Result<json::Object> open_item(Services& s, const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "opening"};
    const CaseId id(in.string("case"));
    const auto sealed = digest_from_text(in.string("item"));
    TRY_VOID(in.done());
    if (!sealed)
        return refuse(
            Code::evidence_unknown, say("an item is named by the hash of its ciphertext"));
    TRY(const auto opened, s.openings.open(id, *sealed));
    return json::Object{
        {"token", opened.token}, {"item", evidence::print_items({opened.item}).front()}};
}

Response read_item(Services& s, const Request& request) {
    auto bytes = s.openings.next(request.param("token"));
    if (!bytes) return problem(bytes.error());
    Response response;
    response.content_type = "application/octet-stream";
    response.headers.set("Content-Disposition", "attachment");
    response.body = std::move(*bytes);
    return response;
}

Response export_bundle(Services& s, const Request& request) {
    auto bundle = node::export_case(s.node, s.record, CaseId(request.param("case")));
    if (!bundle) return problem(bundle.error());
    Response response;
    response.content_type = "application/vnd.comity.bundle";
    response.body = std::move(*bundle);
    return response;
}

// Two language tags of BCP 47, with a comma: the writer's and the reader's.
Result<std::array<std::string, 2>> languages_of(const std::string& text) {
    const auto comma = text.find(',');
    std::array<std::string, 2> out{
        text.substr(0, comma), comma == std::string::npos ? "" : text.substr(comma + 1)};
    for (const auto& tag : out)
        if (!casefile::is_language_tag(tag))
            return refuse(
                Code::json_malformed,
                say("languages: two language tags with a comma, for example en,fr"));
    return out;
}

Response print_letter(Services& s, const Request& request) {
    const auto languages = languages_of(request.query_if("languages").value_or("en,fr"));
    if (!languages) return problem(languages.error());
    auto pdf = s.letter(CaseId(request.param("case")), request.param("which"), *languages);
    if (!pdf) return problem(pdf.error());
    Response response;
    response.content_type = "application/pdf";
    response.headers.set("Content-Disposition", "attachment; filename=\"letter.pdf\"");
    response.body = std::move(*pdf);
    return response;
}

Result<json::Object> show_custody(Services& s, const Request& request) {
    return node::custody_certificate(s.node, CaseId(request.param("case")));
}

// Who did what when, in the latest cases: for planning (docs/operations.md, How many officers).
Result<json::Object> history(Services& s, const Request&) {
    json::Array cases;
    s.node.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.cases(limits::plan_history_cases)) {
            json::Array acts;
            for (const auto& act : reader.acts(row.id, 0, limits::plan_history_acts)) {
                const auto sealed = act::parse_sealed(act.seal);
                if (!sealed) continue;
                acts.emplace_back(json::Object{
                    {"person", sealed->header.person.str()},
                    {"role", sealed->header.role},
                    {"ours", sealed->header.performer == s.node.self()},
                    {"admitted", to_text(act.admitted)}});
            }
            cases.emplace_back(std::move(acts));
        }
    });
    return json::Object{{"cases", std::move(cases)}};
}

Result<json::Object> status(Services& s, const Request&) {
    const auto directory = s.node.directory();
    json::Object out{
        {"participant", s.node.self().str()},
        {"time", to_text(s.node.now())},
        {"law_pack", s.node.law().pack().digest()},
        {"record_size", static_cast<std::int64_t>(s.record.size())},
        {"checkpoint", s.record.checkpoint()},
        {"directory", directory ? (*directory)->version() : 0}};
    if (const auto why = s.not_ready()) out["not_ready"] = *why;
    return out;
}

} // namespace

void add_control(Router& router, Services& s) {
    using Handler = Result<json::Object> (*)(Services&, const Request&);
    const auto add = [&](std::string method, std::string pattern, std::size_t body,
                         std::string summary, Handler handler) {
        router.add(
            {std::move(method), "/control/v1" + std::move(pattern), Who::local, body,
             std::move(summary), [&s, handler](const Request& request) {
                 return answer(handler(s, request));
             }});
    };
    add("GET", "/status", 0, "The node at a glance", status);
    add("POST", "/acts/prepare", limits::act_part_bytes, "Prepare an act for approval", prepare);
    add("POST", "/acts/perform", limits::act_seal_bytes, "Perform a prepared act with its approval",
        perform);
    add("GET", "/cases", 0, "Cases, the latest first", list_cases);
    add("GET", "/cases/{case}", 0, "A case with its timeline", show_case);
    add("GET", "/cases/{case}/fields/{act}", 0, "What this node may read of an act", show_fields);
    add("GET", "/cases/{case}/manifest/{act}", 0, "Items of a production or release", manifest);
    add("GET", "/cases/{case}/custody", 0, "Who held what, when, under which act", show_custody);
    router.add(
        {"GET", "/control/v1/cases/{case}/bundle", Who::local, 0, "The whole case with its proofs",
         [&s](const Request& request) {
             return export_bundle(s, request);
         }});
    router.add(
        {"GET", "/control/v1/cases/{case}/letters/{which}", Who::local, 0,
         "A letter as PDF: an act, its receipt or the custody", [&s](const Request& request) {
             return print_letter(s, request);
         }});
    add("GET", "/history", 0, "Who did what when, in the latest cases", history);
    add_oversight(router, s);
    add("GET", "/worklist", 0, "What is owed, by deadline", worklist);
    add("GET", "/outbox", 0, "What waits for other nodes", outbox);
    add("POST", "/outbox/{id}/resend", 0, "Send a failed delivery again", resend_row);
    add("GET", "/webhooks", 0, "Systems that are told, and the key of what they are sent",
        list_webhooks);
    add("POST", "/webhooks/{name}/test", 0, "Send a test message to a system", try_webhook);
    add("GET", "/roll", 0, "People on the roll", list_roll);
    add("POST", "/roll/prepare", limits::act_seal_bytes, "Prepare an enrolment", prepare_person);
    add("POST", "/roll/enrol", limits::act_seal_bytes, "Enrol with two approvals", enrol_person);
    add("POST", "/roll/{entry}/end", 0, "End a roll entry at once", end_person);
    add("GET", "/founders", 0, "How far the first two people are", list_founders);
    add("POST", "/founders/invite", limits::act_header_bytes, "A link for each of the first two",
        invite_founders);
    add("POST", "/founders/confirm", limits::act_header_bytes,
        "Put them on the roll with the codes that they read", confirm_founders);
    add("POST", "/drill", limits::act_seal_bytes * 2, "What a drill found", take_down);
    add("POST", "/directory", limits::directory_bytes * 2, "Install a directory", take_directory);
    add("POST", "/evidence/begin", limits::act_header_bytes, "Begin an item of a production",
        begin_item);
    add("PUT", "/evidence/staging/{token}", limits::evidence_chunk_bytes,
        "Plaintext of an item, encrypted as it comes", append_item);
    add("POST", "/evidence/staging/{token}/finish", 0, "End an item", finish_item);
    add("POST", "/evidence/release", limits::act_header_bytes,
        "Re-encrypt an item to the requesting office", reseal);
    add("POST", "/evidence/open", limits::act_header_bytes,
        "Verify an item and ready it for reading", open_item);
    router.add(
        {"GET", "/control/v1/evidence/opened/{token}", Who::local, 0,
         "The next chunk of an opened item", [&s](const Request& request) {
             return read_item(s, request);
         }});
    router.add(
        {"GET", "/metrics", Who::local, 0, "Counters in Prometheus text form",
         [&s](const Request&) {
             return text_response(200, s.metrics());
         }});
}

} // namespace comity::http
