// Drafts of acts, saved as they are typed and shared in an office. A draft is no act: nothing of it
// leaves the node, and it is sealed where it is kept. It ends when the act is performed.
#include "api/api.hpp"
#include "api/drafts.hpp"
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "directory/capability.hpp"
#include "node/own_books.hpp"
#include "node/worklist.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

constexpr std::string_view draft_kind = "draft";
constexpr std::string_view prepared_kind = "draft-of-act";
constexpr std::string_view in_case_kind = "draft-in-case";
constexpr std::size_t forgotten_at_once = 20;

struct Draft {
    std::string form;
    std::string procedure;
    std::string case_id; ///< empty: it opens one
    json::Object opening;
    json::Object fields;
    std::string by;
};

// ---- kept and sealed

std::string draft_place(const node::KeptRow& row) {
    return fmt::format("{} {}", row.owner, row.name);
}

std::optional<Draft> open_draft(const Api& api, const node::KeptRow& row) {
    const auto object = node::open_own_object(
        api.node(), "drafts", row.sealed, draft_place(row), limits::act_part_bytes);
    if (!object) return std::nullopt; // sealed under a key that this node no longer has
    json::Reader in{*object, "draft"};
    Draft out;
    out.form = in.string("form");
    out.procedure = in.string("procedure");
    out.case_id = in.string("case");
    out.opening = in.object("opening");
    out.fields = in.object("fields");
    out.by = in.string("by");
    if (!in.done()) return std::nullopt;
    return out;
}

Result<node::KeptRow> seal_draft(const Api& api, node::KeptRow row, const Draft& draft) {
    const auto plain = json::print(json::Object{
        {"form", draft.form},
        {"procedure", draft.procedure},
        {"case", draft.case_id},
        {"opening", draft.opening},
        {"fields", draft.fields},
        {"by", draft.by}});
    if (plain.size() > limits::draft_bytes)
        return refuse(
            Code::too_large,
            say("the draft has {} bytes; {} are kept", plain.size(), limits::draft_bytes));
    row.kind = draft_kind;
    row.updated = api.node().now();
    row.sealed = node::seal_own(api.node(), "drafts", plain, draft_place(row));
    return row;
}

std::string tag_of(const node::KeptRow& row) {
    return fmt::format("\"{}\"", row.version);
}

json::Object draft_json(const node::KeptRow& row, const Draft& draft) {
    return {
        {"id", row.name},
        {"form", draft.form},
        {"procedure", draft.procedure},
        {"opening", draft.opening},
        {"fields", draft.fields},
        {"updated", to_text(row.updated)},
        {"by", draft.by}};
}

http::Response tagged(const node::KeptRow& row, const Draft& draft, int status) {
    auto response = http::json_response(status, draft_json(row, draft));
    response.headers.set("ETag", tag_of(row));
    response.headers.set("Cache-Control", "no-cache");
    return response;
}

struct Held {
    node::KeptRow row;
    Draft draft;
};

// The draft of an address: another office's is as unknown as one that is not there (T46).
Result<Held> held(Api& api, const Call& call) {
    std::optional<node::KeptRow> row;
    api.node().store().read([&](node::StoreReader& reader) {
        row = reader.find_kept(draft_kind, call.session.office.str(), call.param("id"));
    });
    auto draft = row ? open_draft(api, *row) : std::nullopt;
    if (!draft) return unknown(call);
    return Held{std::move(*row), std::move(*draft)};
}

// ---- what a draft may say

// Who takes part: this participant asks, and the others are what they are to be in the directory.
Result<json::Object> check_opening(Api& api, const json::Object& given) {
    TRY(const auto directory, api.node().directory());
    json::Reader in{given, "opening"};
    const auto requesting = in.string("requesting");
    const auto requested = in.string("requested");
    const auto provider = in.string("provider");
    const auto third = in.strings("third");
    const auto category = in.string("category");
    const auto recipient = in.string("recipient");
    TRY_VOID(in.done());
    const auto is = [&](const std::string& id, directory::Kind kind) {
        const auto* participant = directory->find(ParticipantId(id));
        return participant && participant->kind == kind;
    };
    const auto bad = [](Said facts) {
        return refuse(Code::form_invalid, std::move(facts));
    };
    if (!is(requesting, directory::Kind::authority) || !is(requested, directory::Kind::authority) ||
        !is(provider, directory::Kind::provider))
        return bad(say("opening: two authorities and a provider of the directory take part"));
    if (third.size() > limits::grid_rows ||
        !std::all_of(third.begin(), third.end(), [&](const auto& id) {
            return is(id, directory::Kind::authority);
        }))
        return bad(say("opening: a third country is an authority of the directory"));
    constexpr std::array<std::string_view, 4> categories{
        "subscriber", "access", "traffic", "content"};
    if (std::find(categories.begin(), categories.end(), category) == categories.end())
        return bad(say("opening: the category is one of the four"));
    TRY_VOID(directory::check_holds(*directory->find(ParticipantId(provider)), category));
    if (recipient.size() > limits::view_name_bytes)
        return bad(say("opening: the recipient is an office"));
    return given;
}

// What stands in the directory need not be typed. Only what the form has.
json::Object begun(Api& api, const Call& call, const law::Form& form, const json::Object& opening) {
    json::Object out;
    const auto directory = api.node().directory();
    const auto* self = directory ? (*directory)->find(api.node().self()) : nullptr;
    const auto* asked =
        directory
            ? (*directory)->find(ParticipantId(std::string(opening.at("requested").as_string())))
            : nullptr;
    const auto put = [&](std::string_view name, auto value) {
        if (form.field(name)) out[name] = std::move(value);
    };
    if (asked) put("requested_country", asked->country);
    put("status", "new");
    put("recipient", json::Object{{"office", opening.at("recipient")}});
    if (!self) return out;
    const auto* office = directory::find_office(*self, call.session.office);
    json::Array languages;
    for (const auto& tongue : self->languages)
        languages.emplace_back(tongue);
    const auto language = language_of(call.request);
    put("issuing_authority",
        json::Object{
            {"name", office ? name_in(office->names, language, office->id.str())
                            : call.session.office.str()},
            {"country", self->country},
            {"languages", std::move(languages)},
            {"timezone", "Etc/UTC"}});
    return out;
}

// ---- operations

std::string requested_of(const Draft& draft) {
    const auto* id = draft.opening.if_contains("requested");
    return id && id->is_string() ? std::string(id->as_string()) : std::string();
}

http::Response list_drafts(Api& api, const Call& call) {
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto after = call.request.query_if("after").value_or("");
    const auto language = language_of(call.request);
    std::vector<node::KeptRow> rows;
    api.node().store().read([&](node::StoreReader& reader) {
        rows = reader.kept(draft_kind, call.session.office.str(), after, *limit + 1);
    });
    json::Object out;
    if (rows.size() > *limit) {
        rows.resize(*limit);
        out["next"] = rows.back().name;
    }
    json::Array items;
    const Names names(api);
    for (const auto& row : rows) {
        const auto draft = open_draft(api, row);
        if (!draft) continue;
        const auto* form = api.node().law().pack().form(draft->form);
        const auto* number = draft->fields.if_contains("file_number");
        items.emplace_back(json::Object{
            {"id", row.name},
            {"form", draft->form},
            {"procedure", draft->procedure},
            {"requested", requested_of(*draft)},
            {"requested_name", name_of(**directory, ParticipantId(requested_of(*draft)), language)},
            {"title", number && number->is_string() ? std::string(number->as_string()) : ""},
            {"updated", to_text(row.updated)},
            {"by", draft->by},
            {"by_name", names.of(PersonId(draft->by))},
            {"open_findings", form ? form->problems(draft->fields).size() : 0}});
    }
    out["items"] = std::move(items);
    return answer(std::move(out));
}

// Newest first: ids go down as time goes on.
std::string next_id(Instant now) {
    constexpr std::int64_t most = std::int64_t{1} << 52;
    return fmt::format("{:013x}-{}", most - now.time_since_epoch().count(), crypto::random_name());
}

Result<Held> create(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "draft"};
    Draft draft;
    draft.form = in.string("form");
    draft.procedure = in.string("procedure");
    const auto& opening = in.object("opening");
    draft.case_id = in.string_if("case").value_or("");
    TRY_VOID(in.done());
    const auto* form = api.node().law().pack().form(draft.form);
    if (!form) return refuse(Code::form_unknown, say("the law pack has no such form"));
    if (!api.node().law().find(draft.procedure))
        return refuse(Code::procedure_unknown, say("the law pack has no such procedure"));
    TRY(draft.opening, check_opening(api, opening));
    if (!draft.case_id.empty()) {
        bool known = false;
        api.node().store().read([&](node::StoreReader& reader) {
            known = reader.find_case(CaseId(draft.case_id)).has_value();
        });
        if (!known) return unknown(call);
    } else if (draft.opening.at("requesting").as_string() != api.node().self().str()) {
        return refuse(Code::form_invalid, say("opening: this participant asks"));
    }
    draft.fields = draft.case_id.empty() ? begun(api, call, *form, draft.opening) : json::Object{};
    draft.by = call.session.person.str();
    node::KeptRow row;
    row.owner = call.session.office.str();
    row.name = next_id(api.node().now());
    TRY(row, seal_draft(api, std::move(row), draft));
    bool full = false;
    api.node().store().write([&](node::StoreWriter& writer) {
        full = writer.kept(draft_kind, row.owner, "", limits::drafts_kept).size() ==
               limits::drafts_kept;
        if (full) return;
        writer.put_kept(row);
        if (!draft.case_id.empty())
            writer.put_kept(
                {std::string(in_case_kind), row.owner, draft.case_id + " " + draft.form, 1,
                 row.updated, row.name});
    });
    if (full)
        return refuse(
            Code::too_large, say("the office keeps {} drafts", limits::drafts_kept), {}, {},
            "Throw away what is not needed any more");
    return Held{std::move(row), std::move(draft)};
}

http::Response create_draft(Api& api, const Call& call) {
    const auto made = create(api, call);
    if (!made) return http::problem(made.error());
    return tagged(made->row, made->draft, 201);
}

http::Response get_draft(Api& api, const Call& call) {
    const auto found = held(api, call);
    if (!found) return http::problem(found.error());
    const auto known = call.request.headers.find("If-None-Match");
    if (!known || *known != tag_of(found->row)) return tagged(found->row, found->draft, 200);
    http::Response same;
    same.status = 304;
    same.headers.set("ETag", tag_of(found->row));
    same.headers.set("Cache-Control", "no-cache");
    return same;
}

Result<Held> save(Api& api, const Call& call) {
    TRY(auto found, held(api, call));
    TRY(const auto object, call.body());
    json::Reader in{object, "draft"};
    const auto& opening = in.object("opening");
    found.draft.fields = in.object("fields");
    TRY_VOID(in.done());
    TRY(found.draft.opening, check_opening(api, opening));
    found.draft.by = call.session.person.str();
    const std::string match(call.request.headers.find("If-Match").value_or(""));
    TRY(auto row, seal_draft(api, found.row, found.draft));
    std::string there;
    bool gone = false;
    // Compared where it is written: of two who save at once one hears that the other was sooner.
    api.node().store().write([&](node::StoreWriter& writer) {
        const auto now = writer.find_kept(draft_kind, row.owner, row.name);
        gone = !now;
        if (gone) return;
        there = tag_of(*now);
        if (match != there) return;
        row.version = now->version + 1;
        writer.put_kept(row);
    });
    if (gone) return unknown(call);
    if (match != there)
        return refuse(
            Code::changed_meanwhile,
            say("it is at {}, what was typed began at {}", there,
                match.empty() ? say("no version (If-Match is missing)")
                              : Said::value(std::string(match.substr(0, 40)))));
    return Held{std::move(row), std::move(found.draft)};
}

http::Response save_draft(Api& api, const Call& call) {
    const auto saved = save(api, call);
    if (!saved) return http::problem(saved.error());
    return tagged(saved->row, saved->draft, 200);
}

void remove(node::StoreWriter& writer, const node::KeptRow& row, const Draft& draft) {
    writer.remove_kept(draft_kind, row.owner, row.name);
    if (!draft.case_id.empty())
        writer.remove_kept(in_case_kind, row.owner, draft.case_id + " " + draft.form);
}

http::Response delete_draft(Api& api, const Call& call) {
    const auto found = held(api, call);
    if (!found) return http::problem(found.error());
    api.node().store().write(
        [&](node::StoreWriter& writer) { remove(writer, found->row, found->draft); });
    return http::no_content();
}

http::Response draft_letter(Api& api, const Call& call) {
    const auto found = held(api, call);
    if (!found) return http::problem(found.error());
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto* reader = (*directory)->find(ParticipantId(requested_of(found->draft)));
    const auto languages =
        letter_languages(call.request, reader ? reader->languages : std::vector<std::string>());
    if (!languages) return http::problem(languages.error());
    auto pdf = api.services.draft_letter(
        {found->draft.form, found->draft.fields, call.session.office,
         ParticipantId(requested_of(found->draft)), found->row.updated},
        *languages);
    if (!pdf) return http::problem(pdf.error());
    http::Response response;
    response.content_type = "application/pdf";
    response.headers.set("Content-Disposition", "attachment; filename=\"draft.pdf\"");
    response.body = std::move(*pdf);
    return response;
}

} // namespace

Result<void> check_draft(Api& api, const Call& call, const std::string& draft) {
    if (draft.empty()) return {};
    bool there = false;
    api.node().store().read([&](node::StoreReader& reader) {
        there = reader.find_kept(draft_kind, call.session.office.str(), draft).has_value();
    });
    if (!there) return refuse(Code::draft_unknown, say("the office has no such draft"));
    return {};
}

void note_prepared(Api& api, const Call& call, const std::string& draft, const Digest& act) {
    const auto& owner = call.session.office.str();
    api.node().store().write([&](node::StoreWriter& writer) {
        // What was prepared and not approved in time is forgotten.
        for (const auto& old : writer.kept(prepared_kind, owner, "", forgotten_at_once))
            if (old.updated + limits::draft_age < api.node().now())
                writer.remove_kept(prepared_kind, owner, old.name);
        writer.put_kept({std::string(prepared_kind), owner, text(act), 1, api.node().now(), draft});
    });
}

void end_performed(Api& api, const Call& call, const Digest& act) {
    const auto& owner = call.session.office.str();
    bool any = false;
    api.node().store().read([&](node::StoreReader& reader) {
        any = reader.find_kept(prepared_kind, owner, text(act)).has_value();
    });
    if (!any) return;
    api.node().store().write([&](node::StoreWriter& writer) {
        const auto note = writer.find_kept(prepared_kind, owner, text(act));
        if (!note) return;
        const auto row = writer.find_kept(draft_kind, owner, note->sealed);
        const auto draft = row ? open_draft(api, *row) : std::nullopt;
        if (draft) remove(writer, *row, *draft);
        writer.remove_kept(prepared_kind, owner, text(act));
    });
}

bool has_draft_in_case(
    node::StoreReader& reader, const OfficeId& office, const CaseId& id, std::string_view form) {
    return reader.find_kept(in_case_kind, office.str(), fmt::format("{} {}", id.str(), form))
        .has_value();
}

void add_draft_operations(Handlers& handlers) {
    handlers["listDrafts"] = list_drafts;
    handlers["createDraft"] = create_draft;
    handlers["getDraft"] = get_draft;
    handlers["saveDraft"] = save_draft;
    handlers["deleteDraft"] = delete_draft;
    handlers["draftLetter"] = draft_letter;
}

} // namespace comity::api
