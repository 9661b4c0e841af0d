// Evidence through the pages: a provider's upload in chunks, the receiving authority's release, the
// office's opening. The deeds of node/ decide; here bytes come and go.
#include "api/api.hpp"
#include "base/limits.hpp"
#include "base/number.hpp"
#include "evidence/manifest.hpp"
#include "node/open_evidence.hpp"
#include "node/produce_evidence.hpp"

#include <fmt/format.h>

namespace comity::api {

namespace {

json::Value item_json(const evidence::Item& item) {
    return evidence::print_items({item}).front();
}

Result<json::Object> begin(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "item"};
    auto name = in.string("name");
    auto media_type = in.string("media_type");
    const auto size = in.integer("size");
    const auto cell = in.integer("cell");
    TRY_VOID(in.done());
    if (size < 0 || static_cast<std::uint64_t>(size) > limits::evidence_item_bytes)
        return refuse(
            Code::too_large,
            say("an item of {} bytes; at most {}", size, limits::evidence_item_bytes));
    TRY(auto token,
        api.services.staging.begin(
            CaseId(call.param("case")), name, media_type, cell, static_cast<std::uint64_t>(size)));
    return json::Object{
        {"token", std::move(token)},
        {"case", call.param("case")},
        {"name", std::move(name)},
        {"media_type", std::move(media_type)},
        {"size", size},
        {"received", 0},
        {"cell", cell}};
}

http::Response begin_item(Api& api, const Call& call) {
    return answer(begin(api, call), 201);
}

json::Object staged_json(const node::Staging::Staged& staged) {
    json::Object out{
        {"token", staged.token},
        {"case", staged.case_id.str()},
        {"name", staged.name},
        {"media_type", staged.media_type},
        {"size", static_cast<std::int64_t>(staged.size)},
        {"received", static_cast<std::int64_t>(staged.received)},
        {"cell", staged.cell}};
    if (staged.item) out["item"] = item_json(*staged.item);
    return out;
}

http::Response list_staged(Api& api, const Call& call) {
    json::Array items;
    for (const auto& staged : api.services.staging.list(CaseId(call.param("case"))))
        items.emplace_back(staged_json(staged));
    return answer(json::Object{
        {"items", std::move(items)},
        {"chunk_bytes", static_cast<std::int64_t>(limits::evidence_chunk_bytes)}});
}

// A browser that was closed asks how much has come, and goes on from there.
http::Response get_staged(Api& api, const Call& call) {
    const auto staged = api.services.staging.look(call.param("token"));
    if (!staged) return http::problem(unknown(call).value());
    return answer(staged_json(*staged));
}

http::Response drop_item(Api& api, const Call& call) {
    if (const auto dropped = api.services.staging.drop(call.param("token")); !dropped)
        return http::problem(unknown(call).value());
    return http::no_content();
}

Result<json::Object> append(Api& api, const Call& call) {
    const auto offset = whole_number(call.request.query_if("offset").value_or("0"), 18);
    if (!offset) return refuse(Code::evidence_incomplete, say("offset is a number of bytes"));
    TRY(const auto size,
        api.services.staging.append(
            call.param("token"), static_cast<std::uint64_t>(*offset), call.request.body));
    return json::Object{{"received", static_cast<std::int64_t>(size)}};
}

http::Response append_item(Api& api, const Call& call) {
    return answer(append(api, call));
}

Result<json::Object> finish(Api& api, const Call& call) {
    TRY(const auto item, api.services.staging.finish(call.param("token")));
    return json::Object{{"item", item_json(item)}};
}

http::Response finish_item(Api& api, const Call& call) {
    return answer(finish(api, call));
}

// The item that the body names, among those of an act that this node reads.
Result<Digest> named_item(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "item"};
    const auto hash = digest_from_text(in.string("item"));
    TRY_VOID(in.done());
    if (!hash)
        return refuse(
            Code::evidence_unknown, say("an item is named by the hash of its ciphertext"));
    return *hash;
}

Result<json::Object> reseal(Api& api, const Call& call) {
    TRY(const auto wanted, named_item(call));
    const CaseId id(call.param("case"));
    TRY(const auto items, node::case_items(api.node(), id, "produce"));
    for (const auto& item : items)
        if (item.sealed == wanted) {
            TRY(const auto out, node::reseal_item(api.node(), id, item));
            return json::Object{{"item", item_json(out)}};
        }
    return refuse(Code::evidence_unknown, text(wanted));
}

http::Response reseal_item(Api& api, const Call& call) {
    return answer(reseal(api, call));
}

Result<json::Object> open(Api& api, const Call& call) {
    TRY(const auto wanted, named_item(call));
    TRY(const auto opened,
        api.services.openings.open(CaseId(call.param("case")), wanted, call.session.person));
    return json::Object{{"token", opened.token}, {"item", item_json(opened.item)}};
}

http::Response open_item(Api& api, const Call& call) {
    return answer(open(api, call));
}

// What a provider delivered is never shown, only saved: an attachment without a type that runs
// (T49).
http::Response read_item(Api& api, const Call& call) {
    const auto from = call.request.query_if("offset");
    const auto offset = from ? whole_number(*from, 18) : std::nullopt;
    if (from && !offset)
        return http::problem(
            Refusal{Code::json_malformed, say("offset is a number of bytes"), {}, {}, {}});
    auto& openings = api.services.openings;
    auto bytes =
        offset ? openings.read(
                     call.param("token"), call.session.person, static_cast<std::uint64_t>(*offset))
               : openings.next(call.param("token"), call.session.person);
    if (!bytes) return http::problem(bytes.error());
    http::Response response;
    response.content_type = "application/octet-stream";
    response.headers.set("Content-Disposition", "attachment");
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Content-Security-Policy", "sandbox; default-src 'none'");
    response.body = std::move(*bytes);
    return response;
}

} // namespace

void add_evidence_operations(Handlers& handlers) {
    handlers["listStaged"] = list_staged;
    handlers["getStaged"] = get_staged;
    handlers["dropItem"] = drop_item;
    handlers["beginItem"] = begin_item;
    handlers["appendItem"] = append_item;
    handlers["finishItem"] = finish_item;
    handlers["resealItem"] = reseal_item;
    handlers["openItem"] = open_item;
    handlers["readItem"] = read_item;
}

} // namespace comity::api
