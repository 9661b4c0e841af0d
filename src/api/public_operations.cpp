// For anybody, without an account: notices by their code, challenges, what is overdue, and the
// reports of closed quarters. Nothing here tells whether a code is anybody's.
#include "act/code.hpp"
#include "act/seal.hpp"
#include "api/api.hpp"
#include "api/names.hpp"
#include "api/proof.hpp"
#include "base/limits.hpp"
#include "base/refusal_said.hpp"
#include "crypto/hash.hpp"
#include "node/carry_challenge.hpp"
#include "node/export_case.hpp"
#include "node/sequence_record.hpp"
#include "node/statistics.hpp"
#include "node/watch_records.hpp"
#include "record/checkpoint.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

// Whitespace after JSON means nothing to its reader, and its length nothing to who counts bytes: an
// answer to a code is as long whether it shows something or not (T36).
http::Response padded(http::Response response) {
    const std::size_t over = response.body.size() % limits::notice_answer_bytes;
    if (over != 0) response.body.append(limits::notice_answer_bytes - over, ' ');
    return response;
}

http::Response nothing(const Call& call) {
    // In the reader's language at once: what is told anew later would lose its length.
    return padded(http::problem_in(unknown(call).value(), language_of(call.request)));
}

Result<std::string> code_in(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "code"};
    auto code = in.string("code");
    static_cast<void>(in.string_if("language"));
    TRY_VOID(in.done());
    return code;
}

/// What the code shows; nothing for every code that shows nothing.
Result<std::optional<json::Object>> look(Api& api, const std::string& code) {
    TRY(const auto answer, node::look_up(api.node(), code));
    TRY(auto object, json::parse_object(answer, limits::act_part_bytes * 2));
    const auto* found = object.if_contains("found");
    if (!found || !found->is_bool() || !found->as_bool()) return std::optional<json::Object>();
    return std::optional<json::Object>(std::move(object));
}

// Of an act that is here: it passed the gate before it was kept.
json::Object proof_of(Api& api, const node::ActRow& row) {
    const auto sealed = act::parse_sealed(row.seal);
    const auto size = api.services.record.size();
    json::Object out{
        {"seal", "checked"},
        {"approval", sealed && sealed->header.person.empty() ? "none" : "checked"},
        {"record", "pending"},
        {"witnesses", 0}};
    if (static_cast<std::uint64_t>(row.leaf) >= size) return out;
    out["record"] = "included";
    out["witnesses"] = cosignatures(api.services.record.checkpoint());
    out["checkpoint_size"] = size;
    return out;
}

// Only of what this node gave itself it says that it was checked; of another's notice the bundle
// is there to be checked.
json::Object proof_of(Api& api, const std::string& code) {
    json::Object out{
        {"seal", "unchecked"}, {"approval", "unchecked"}, {"record", "pending"}, {"witnesses", 0}};
    const auto id = node::noticed_case(api.node(), code);
    if (!id) return out;
    std::optional<node::ActRow> row;
    api.node().store().read([&](node::StoreReader& reader) {
        const auto state = node::find_case(api.node(), reader, *id);
        if (!state) return;
        const auto at = state->latest.find("notify");
        if (at != state->latest.end()) row = reader.find_act(at->second);
    });
    return row ? proof_of(api, *row) : out;
}

// The code at the end of a letter, by whoever holds the letter: what stands in its frame, and
// nothing of its form. Nobody guesses a hash; a wrong one and an unknown one are answered alike.
http::Response look_up_act(Api& api, const Call& call) {
    if (auto open = api.doors.pass(call.request.address, api.node().now()); !open)
        return http::problem(open.error());
    const auto body = call.body();
    if (!body) return http::problem(body.error());
    json::Reader in{*body, "code"};
    const auto digest = digest_from_text(in.string("hash"));
    if (const auto done = in.done(); !done) return http::problem(done.error());
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    std::optional<node::ActRow> row;
    if (digest)
        api.node().store().read([&](node::StoreReader& reader) { row = reader.find_act(*digest); });
    const auto sealed = row ? act::parse_sealed(row->seal) : unknown(call);
    if (!row || !sealed) return http::problem(unknown(call).value());
    const auto& header = sealed->header;
    return answer(json::Object{
        {"case", row->case_id.str()},
        {"sequence", row->sequence},
        {"act", row->kind},
        {"hash", text(row->hash)},
        {"performer", header.performer.str()},
        {"performer_name", name_of(**directory, header.performer, language_of(call.request))},
        {"admitted", to_text(row->admitted)},
        {"proof", proof_of(api, *row)}});
}

std::string_view challenge_state(const json::Object& shown) {
    const auto state = shown.at("challenge").as_object().at("state").as_string();
    if (state == "none") return "possible";
    return state == "pending" ? "pending" : "decided";
}

// The members of the contract's Notice; of the notice's fields what it lacks stays out.
json::Object notice_json(Api& api, const std::string& code, const json::Object& shown) {
    const auto& fields = shown.at("notice").as_object();
    json::Object out;
    for (const std::string_view name :
         {"what", "why", "obtained_at", "authorities", "legal_basis", "deferrals", "remedy",
          "language"})
        if (const auto* value = fields.if_contains(name)) out[name] = *value;
    out["given"] = shown.at("given");
    out["challenge"] = challenge_state(shown);
    if (const auto& ruling = shown.at("challenge").as_object().at("ruling").as_string();
        !ruling.empty())
        out["ruling"] = ruling;
    out["destroyed"] = shown.at("destroyed");
    out["proof"] = proof_of(api, code);
    return out;
}

http::Response look_up_notice(Api& api, const Call& call) {
    if (auto open = api.door.pass(api.node().now()); !open) return http::problem(open.error());
    const auto code = code_in(call);
    if (!code) return http::problem(code.error());
    const auto shown = look(api, *code);
    if (!shown) return http::problem(shown.error());
    if (!*shown) return nothing(call);
    return padded(http::json_response(200, notice_json(api, *code, **shown)));
}

http::Response download_notice(Api& api, const Call& call) {
    if (auto open = api.door.pass(api.node().now()); !open) return http::problem(open.error());
    const auto code = code_in(call);
    if (!code) return http::problem(code.error());
    // That the notice's leaf is not yet published passes; to be asked again is better than nothing.
    Result<void> soon;
    const auto here = [&](std::string_view typed) -> std::optional<Bytes> {
        const auto id = node::noticed_case(api.node(), typed);
        if (!id) return std::nullopt;
        auto made = node::export_notice(api.node(), api.services.record, *id);
        if (made) return std::move(*made);
        soon = tl::unexpected(made.error());
        return std::nullopt;
    };
    auto bundle = node::fetch_notice(api.node(), *code, here);
    if (!bundle) return http::problem(bundle.error());
    if (!soon) return http::problem(soon.error());
    if (!*bundle) return nothing(call);
    http::Response response;
    response.content_type = "application/vnd.comity.bundle";
    response.headers.set("Content-Disposition", "attachment; filename=\"notice.bundle\"");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.body = std::move(**bundle);
    return response;
}

// The court that the notice names. For a code that shows nothing, or nothing now, the authority
// that would carry it there: the same for each of them.
std::string court_of(Api& api, const Call& call, const std::string& code) {
    if (const auto shown = look(api, code); shown && *shown)
        if (const auto* remedy = (*shown)->at("notice").as_object().if_contains("remedy");
            remedy && remedy->is_object())
            if (const auto* court = remedy->as_object().if_contains("court");
                court && court->is_string())
                return std::string(court->as_string());
    const auto country = act::code_country(code);
    const auto directory = api.node().directory();
    const auto* authority = directory ? (*directory)->authority_of(country) : nullptr;
    return authority ? name_of(**directory, authority->id, language_of(call.request)) : country;
}

Result<json::Object> file(Api& api, const Call& call) {
    TRY(const auto fields, call.body());
    TRY(const auto filed, node::file_challenge(api.node(), fields));
    api.services.nudge();
    const auto now = api.node().now();
    // It was read once already, and is well-formed.
    const auto code = act::read_code(std::string_view(fields.at("code").as_string()));
    CHECK_THAT(code.has_value());
    return json::Object{
        {"received", to_text(now)},
        {"court", court_of(api, call, *code)},
        {"number", "CH-" + text(crypto::sha256(filed.filing)).substr(0, 12)},
        {"ruling_due", to_text(node::ruling_due(api.node(), now))},
        {"receipt", filed.receipt},
        {"filing", filed.filing},
        {"carried", filed.carried}};
}

http::Response challenge(Api& api, const Call& call) {
    if (auto open = api.door.pass(api.node().now()); !open) return http::problem(open.error());
    return answer(file(api, call), 201);
}

std::string country_name(const Api& api, const std::string& code, std::string_view language) {
    const auto* country = api.node().law().library().country(code);
    if (!country) return code;
    return country->name.in(language);
}

// Sums over the public records of all participants, as this node has read and hashed them itself
// (node/watch_records.hpp). Small: at most a row for each country and duty.
http::Response list_overdue(Api& api, const Call& call) {
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto after = call.request.query_if("after").value_or("");
    const auto language = language_of(call.request);
    const auto views = node::watched_records(api.node());
    std::uint64_t size = 0;
    // As of the reading that lies back furthest.
    Instant at = api.node().now();
    for (const auto& view : views) {
        size += view.checkpoint.size;
        if (view.checkpoint.size > 0) at = std::min(at, view.read);
    }
    json::Array items;
    std::string last;
    bool more = false;
    for (const auto& row : node::overdue(views, api.node().now())) {
        const std::string key = fmt::format("{}-{}", row.country, static_cast<int>(row.duty));
        if (key <= after) continue;
        if (items.size() == *limit) {
            more = true;
            break;
        }
        last = key;
        items.emplace_back(json::Object{
            {"country", row.country},
            {"country_name", country_name(api, row.country, language)},
            {"duty", record::name_of(row.duty)},
            {"count", row.count},
            {"oldest", day_text(row.oldest)},
            {"commitment", text(row.commitment)}});
    }
    json::Object out{{"checkpoint_size", size}, {"at", to_text(at)}, {"items", std::move(items)}};
    if (more) out["next"] = last;
    return answer(std::move(out));
}

// ---- reports

/// A report's document holds the openings and proofs of every cell: some tens of kilobytes.
constexpr std::size_t reports_a_page = 12;

// "12", "about 10" and "under 5" of record::make_report as a cell of a chart. The browser makes the
// same of the document whose digest it has checked (web/src/lib/transparency.ts).
json::Object cell_json(const json::Object& cell) {
    json::Object out{{"dimension", cell.at("category")}};
    if (const auto* count = cell.if_contains("count")) {
        out["value"] = *count;
    } else if (const auto* about = cell.if_contains("about")) {
        // A rounded cell is near, and is not small.
        constexpr std::int64_t reach = 4;
        const auto least = static_cast<std::int64_t>(record::report_cell_least);
        out["value"] = std::max(least, about->as_int64() - reach);
        out["to"] = about->as_int64() + reach;
    } else {
        out["value"] = 0;
        out["to"] = static_cast<std::int64_t>(record::report_cell_least) - 1;
    }
    return out;
}

json::Object series_json(
    const std::string& group, const std::string& attribute, json::Array cells) {
    return {
        {"id", group + "." + attribute},
        {"title", json::Object{{"en", group + ": " + attribute}}},
        {"unit", "count"},
        {"cells", std::move(cells)}};
}

// What is withheld, because it would give a single case away, has no series.
json::Array series_of(const json::Object& document) {
    json::Array out;
    for (const auto& item : document.at("reports").as_array()) {
        const auto& report = item.as_object();
        const std::string group(report.at("class").as_string());
        out.emplace_back(series_json(
            group, "cases",
            json::Array{json::Object{{"dimension", "all"}, {"value", report.at("cases")}}}));
        for (const auto& row : report.at("attributes").as_array()) {
            const auto* cells = row.as_object().if_contains("cells");
            if (!cells) continue;
            json::Array told;
            for (const auto& cell : cells->as_array())
                told.emplace_back(cell_json(cell.as_object()));
            out.emplace_back(
                series_json(group, std::string(row.at("attribute").as_string()), std::move(told)));
        }
    }
    return out;
}

Result<json::Object> report_json(Api& api, const node::PublishedReport& report) {
    TRY(const auto document, json::parse_object(report.text, 2 * limits::statistics_report_bytes));
    json::Object out{
        {"period", report.period},
        {"participant", api.node().self().str()},
        {"issued", to_text(report.issued)},
        {"digest", text(crypto::sha256(report.text))},
        {"canonical", to_base64url(report.text)},
        {"series", series_of(document)}};
    const auto proof = api.services.record.prove(static_cast<std::uint64_t>(report.leaf));
    if (!proof) return out; // its leaf is not published yet
    std::optional<Bytes> entry;
    api.node().store().read([&](node::StoreReader& reader) {
        const auto leaves = reader.leaves(report.leaf, 1);
        if (!leaves.empty()) entry = leaves.front();
    });
    TRY(const auto note, record::Note::parse(proof->checkpoint));
    TRY(const auto checkpoint, record::Checkpoint::parse(note.text));
    json::Array path;
    for (const auto& hash : proof->path)
        path.emplace_back(text(hash));
    out["leaf"] = report.leaf;
    out["entry"] = to_base64url(entry.value_or(Bytes()));
    out["proof"] = std::move(path);
    out["checkpoint_root"] = text(checkpoint.root);
    out["checkpoint_size"] = checkpoint.size;
    out["checkpoint"] = proof->checkpoint;
    // Whose signatures the visitor's browser looks for; that they are the federation's is seen in
    // the signed directory, which every node shows.
    if (const auto directory = api.node().directory()) {
        out["record_key"] = (*directory)->find(api.node().self())->record.vkey;
        json::Array witnesses;
        if (const auto policy = node::witness_policy(**directory))
            for (const auto& witness : policy->witnesses())
                witnesses.emplace_back(witness.key.text());
        out["witness_keys"] = std::move(witnesses);
    }
    return out;
}

Result<json::Object> reports(Api& api, const Call& call) {
    TRY(const auto asked, call.limit());
    const auto limit = std::min(asked, reports_a_page);
    TRY(const auto before, call.after("a report", 9));
    json::Array items;
    const auto found = node::published_reports(api.node(), before, limit + 1);
    for (const auto& report : found) {
        if (items.size() == limit) break;
        TRY(auto item, report_json(api, report));
        items.emplace_back(std::move(item));
    }
    json::Object out{{"items", std::move(items)}};
    if (found.size() > limit) out["next"] = std::to_string(found[limit - 1].number);
    return out;
}

http::Response list_reports(Api& api, const Call& call) {
    return answer(reports(api, call));
}

// Which program runs here, by its own account, and the proof that it is everybody's.
http::Response get_build(Api& api, const Call& call) {
    const auto running = api.running.valid() ? api.running.get() : record::Running{};
    const auto& build = running.build;
    json::Object out{
        {"version", build.version},
        {"platform", build.platform},
        {"program", to_hex(view(build.program))},
        {"law", build.law},
        {"state", running.problem   ? "other"
                  : running.release ? "released"
                                    : "unknown"}};
    if (build.pages != Digest{}) out["pages"] = to_hex(view(build.pages));
    if (running.problem)
        out["problem"] = said_json(sentence_of(*running.problem), language_of(call.request));
    if (const auto& logged = running.release) {
        const auto& checkpoint = logged->checkpoint;
        json::Array signers;
        for (const auto& name : logged->signed_release.signers)
            signers.emplace_back(name);
        out["release"] = json::Object{
            {"version", logged->signed_release.release.version},
            {"source", logged->signed_release.release.source},
            {"signers", std::move(signers)},
            {"log", checkpoint.checkpoint.origin},
            {"index", static_cast<std::int64_t>(logged->index)},
            {"size", static_cast<std::int64_t>(checkpoint.checkpoint.size)},
            {"witnesses", static_cast<std::int64_t>(checkpoint.cosignatures.size())},
            {"proof", running.proof}};
    }
    return answer(std::move(out));
}

} // namespace

void add_public_operations(Handlers& handlers) {
    handlers["lookUpAct"] = look_up_act;
    handlers["lookUpNotice"] = look_up_notice;
    handlers["downloadNotice"] = download_notice;
    handlers["challenge"] = challenge;
    handlers["listOverdue"] = list_overdue;
    handlers["listReports"] = list_reports;
    handlers["getBuild"] = get_build;
}

} // namespace comity::api
