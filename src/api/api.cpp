// The guards in front of every operation, in one order: origin, session, role, object, body.
#include "api/api.hpp"

#include "api/names.hpp"
#include "api/sightings.hpp"
#include "base/limits.hpp"
#include "base/number.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::api {

namespace {

constexpr std::string_view cookie_name = "__Host-comity";

// What somebody without a session may try again and again.
bool is_door(const Operation& operation) {
    constexpr std::array<std::string_view, 4> doors = {
        "beginSignIn", "signIn", "enrolmentOptions", "registerPasskey"};
    return std::find(doors.begin(), doors.end(), operation.id) != doors.end();
}

// T43: a change comes from a page of ours, and from the very origin that it is sent to: a page of
// HOST does nothing at sign.HOST, where people are signed in. SameSite=Strict keeps the cookie at
// home; this also stops a page of a sibling origin.
bool from_our_origin(const Api& api, const http::Request& request) {
    const auto origin = request.headers.find("Origin");
    const auto host = request.headers.find("Host");
    if (request.headers.count("Origin") > 1) return false;
    if (!origin) {
        const auto site = request.headers.find("Sec-Fetch-Site");
        return site && *site == "same-origin";
    }
    if (*origin != api.settings.origin && *origin != api.settings.people) return false;
    return !host || *origin == fmt::format("https://{}", *host);
}

// A case is seen by who takes part in it. Drafts, tokens and people are checked by their
// operations.
bool may_see_case(const Api& api, const http::Request& request) {
    const auto at = request.params.find("case");
    if (at == request.params.end()) return true;
    bool found = false;
    api.node().store().read([&](node::StoreReader& reader) {
        found = reader.find_case(CaseId(at->second)).has_value();
    });
    return found;
}

// A refusal in the reader's language, with what else the answer's fields say.
http::Response told_in(http::Response response, std::string_view language) {
    if (!response.refusal) return response;
    auto told = http::problem_in(*response.refusal, language);
    for (const auto& [name, value] : response.headers.fields())
        told.headers.set(name, value);
    return told;
}

http::Response guarded(
    Api& api, const Operation& operation, const Handler& handler, const http::Request& request) {
    if (operation.changes && !from_our_origin(api, request))
        return http::problem(Refusal{
            Code::not_allowed,
            say("the request does not come from a page of this node"),
            {},
            "docs/threats.md, T43",
            "Use the pages of this node, or its control socket"});
    if (is_door(operation))
        if (const auto open = api.doors.pass(request.address, api.node().now()); !open) {
            auto response = http::problem(open.error());
            response.headers.set("Retry-After", "1");
            return response;
        }
    Call call{request, operation, {}};
    if (operation.rule.signed_in) {
        const auto token = session_token(request);
        auto session = token ? api.sessions.find(*token) : std::nullopt;
        if (!session) {
            auto response = http::problem(401, "Sign in first");
            response.headers.set("WWW-Authenticate", "Passkey");
            return response;
        }
        call.session = std::move(*session);
        const auto& roles = operation.rule.roles;
        // What is not for the caller's role looks like what is not there (T46).
        if (!roles.empty() && std::none_of(roles.begin(), roles.end(), [&](const auto& role) {
                return call.has_role(role);
            }))
            return http::problem(unknown(call).value());
        if (operation.rule.object == "case" && !may_see_case(api, request))
            return http::problem(unknown(call).value());
    }
    auto response = handler(api, call);
    // T28: whatever operation shows something of a case, and before it is sent.
    if (call.operation.rule.object == "case" && response.status < 400)
        if (const auto at = request.params.find("case"); at != request.params.end())
            if (const auto noted = note_shown(api, call, {CaseId(at->second)}); !noted)
                return http::problem(noted.error());
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");
    return response;
}

std::size_t body_bytes(const Operation& operation) {
    if (operation.body.empty()) return 0;
    if (operation.body == "application/octet-stream") return limits::evidence_chunk_bytes;
    return limits::act_part_bytes;
}

Handlers collect() {
    Handlers out;
    add_session_operations(out);
    add_case_operations(out);
    add_evidence_operations(out);
    add_desk_operations(out);
    add_law_operations(out);
    add_worklist_operations(out);
    add_draft_operations(out);
    add_office_operations(out);
    add_assess_operations(out);
    add_judge_operations(out);
    add_oversight_operations(out);
    add_public_operations(out);
    add_people_operations(out);
    add_practice_operations(out);
    add_mail_operations(out);
    add_hands_operations(out);
    add_sighting_operations(out);
    add_key_operations(out);
    add_translate_operations(out);
    for (const auto& named : out) {
        const auto same = [&named](const Operation& operation) {
            return operation.id == named.first;
        };
        CHECK_THAT(std::any_of(operations().begin(), operations().end(), same));
    }
    return out;
}

} // namespace

// RFC 6265 section 4.2.1. A cookie that comes twice is none: somebody else set one of them.
std::optional<std::string> session_token(const http::Request& request) {
    if (request.headers.count("Cookie") != 1) return std::nullopt;
    std::string_view rest = *request.headers.find("Cookie");
    std::optional<std::string> out;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("; "), rest.size());
        const auto pair = rest.substr(0, end);
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == cookie_name) {
            if (out) return std::nullopt;
            out = std::string(pair.substr(equals + 1));
        }
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return out;
}

Settings Settings::of(const std::string& host, int port) {
    const auto named = [port](const std::string& name) {
        return port == 443 ? "https://" + name : fmt::format("https://{}:{}", name, port);
    };
    return {host, named(host), named("sign." + host)};
}

bool Call::has_role(std::string_view role) const {
    return std::find(session.roles.begin(), session.roles.end(), role) != session.roles.end();
}

Result<json::Object> Call::body() const {
    return json::parse_object(request.body, limits::act_part_bytes);
}

Result<std::size_t> Call::limit() const {
    const auto text = request.query_if("limit");
    if (!text) return limits::page_rows_usual;
    const auto rows = whole_number(*text, 4);
    if (!rows) return refuse(Code::json_malformed, say("limit is a number of rows"));
    if (*rows < 1 || static_cast<std::size_t>(*rows) > limits::page_rows)
        return refuse(Code::json_malformed, say("limit is 1 to {}", limits::page_rows));
    return static_cast<std::size_t>(*rows);
}

Result<std::optional<std::int64_t>> Call::after(std::string_view what, std::size_t digits) const {
    const auto text = request.query_if("after");
    if (!text) return std::optional<std::int64_t>();
    const auto number = whole_number(*text, digits);
    if (!number) return refuse(Code::json_malformed, say("after is the number of {}", what));
    return number;
}

const Handlers& handlers() {
    static const Handlers all = collect();
    return all;
}

void add_routes(http::Router& router, Api& api) {
    for (const auto& operation : operations()) {
        const auto at = handlers().find(operation.id);
        if (at == handlers().end()) continue;
        if (operation.practice && !api.practice) continue;
        router.add(
            {operation.method, "/api/v1" + operation.path, http::Who::anybody,
             body_bytes(operation), operation.summary,
             [&api, &operation, &handler = at->second](const http::Request& request) {
                 return told_in(guarded(api, operation, handler, request), language_of(request));
             }});
    }
}

http::Response answer(const Result<json::Object>& result, int status) {
    if (!result) return http::problem(result.error());
    return http::json_response(status, *result);
}

http::Response answer_cached(const Call& call, const json::Value& value) {
    auto response = http::json_response(200, value);
    const std::string tag =
        fmt::format("\"{}\"", text(crypto::sha256(response.body)).substr(0, 22));
    const auto known = call.request.headers.find("If-None-Match");
    if (known && *known == tag) {
        http::Response same;
        same.status = 304;
        same.headers.set("ETag", tag);
        same.headers.set("Cache-Control", "no-cache");
        return same;
    }
    response.headers.set("ETag", tag);
    response.headers.set("Cache-Control", "no-cache");
    return response;
}

tl::unexpected<Refusal> unknown(const Call& call) {
    return refuse(Code::not_found, call.operation.path);
}

} // namespace comity::api
