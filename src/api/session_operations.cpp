// Signing in and out, one's own passkeys, the node at a glance, the contract itself.
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "base/limits.hpp"
#include "node/enrol.hpp"
#include "node/founders.hpp"

#include <fmt/format.h>

namespace comity::api {

namespace {

constexpr std::string_view cookie = "__Host-comity={}; Path=/; Secure; HttpOnly; SameSite=Strict";

// As the books call who enrolled with this passkey.
std::string name_of(Api& api, const Session& session) {
    std::optional<node::RollNote> note;
    api.node().store().read(
        [&](node::StoreReader& reader) { note = reader.find_roll_note(session.entry); });
    return note && !note->name.empty() ? note->name : session.person.str();
}

Result<json::Object> describe(Api& api, const Call& call, const Session& session) {
    const auto language = language_of(call.request);
    TRY(const auto directory, api.node().directory());
    const auto* self = directory->find(api.node().self());
    if (!self) return refuse(Code::performer_unknown, api.node().self().str());
    // The cases that the worklist shows this person as their own (`mine`): what this participant
    // owes in one of their roles, not what others do in the same.
    node::WorkFilter mine;
    mine.mine = session.roles;
    std::size_t owed = 0;
    api.node().store().read([&](node::StoreReader& reader) {
        owed = reader.count_work(
            mine, {node::WorkRange::By::due, std::nullopt, std::nullopt}, limits::work_counted);
    });
    json::Object out{
        {"person", session.person.str()},
        {"name", name_of(api, session)},
        {"office", session.office.str()},
        {"office_name", office_name(*directory, self->id, session.office, language)},
        {"participant", self->id.str()},
        {"participant_name", name_in(self->names, language, self->id.str())},
        {"kind", kind_name(self->kind)},
        {"roles", role_array(session.roles)},
        {"trained_until", to_text(session.trained_until)},
        {"ends", to_text(session.ends)},
        {"idle_minutes", std::chrono::minutes(limits::session_idle).count()},
        {"unread", static_cast<std::int64_t>(owed)},
        {"practice", api.practice != nullptr}};
    if (!self->country.empty()) out["country"] = self->country;
    return out;
}

http::Response begin_sign_in(Api& api, const Call&) {
    const Digest challenge = api.sessions.challenge();
    // No list of passkeys: who asks is not yet known, and would learn who works here.
    return answer(json::Object{
        {"challenge", text(challenge)},
        {"rp_id", api.settings.host},
        {"allow", json::Array{}},
        {"timeout_ms", std::chrono::duration_cast<Milliseconds>(limits::sign_in_time).count()}});
}

http::Response sign_in(Api& api, const Call& call) {
    const auto body = call.body();
    if (!body) return http::problem(body.error());
    const auto assertion = act::parse_assertion(*body);
    if (!assertion) return http::problem(assertion.error());
    auto opened = api.sessions.open(*assertion);
    if (!opened) {
        api.node().log(
            "sign-in refused",
            {{"code", std::string(opened.error().name())}, {"address", call.request.address}});
        return http::problem(opened.error());
    }
    // The session that this browser had is over: a new one never goes on from an old one (T44).
    if (const auto before = session_token(call.request)) api.sessions.close(*before);
    api.node().log(
        "signed in", {{"person", opened->session.person.str()},
                      {"entry", text(opened->session.entry)},
                      {"address", call.request.address}});
    auto response = answer(describe(api, call, opened->session));
    response.headers.set("Set-Cookie", fmt::format(fmt::runtime(cookie), opened->token));
    return response;
}

http::Response get_session(Api& api, const Call& call) {
    return answer(describe(api, call, call.session));
}

http::Response sign_out(Api& api, const Call& call) {
    // Every session of the person: who signs out at one desk has left the others too.
    api.sessions.close_all(call.session.person);
    api.node().log("signed out", {{"person", call.session.person.str()}});
    auto response = http::no_content();
    response.headers.set(
        "Set-Cookie", "__Host-comity=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    response.headers.set("Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
    return response;
}

http::Response list_own_passkeys(Api& api, const Call& call) {
    json::Array items;
    for (const auto& item : roll_items(api, call.session.person))
        items.emplace_back(passkey_json(item, api.node().now()));
    return answer(json::Object{{"items", std::move(items)}});
}

// A lost passkey ends at once, with the other one of the same visit: they are on one device. So do
// all sessions of the person, whichever passkey opened them.
http::Response end_own_passkey(Api& api, const Call& call) {
    for (const auto& item : roll_items(api, call.session.person)) {
        if (item.ended ||
            to_base64url(item.entry.passkey.credential_id) != call.param("credential"))
            continue;
        if (const auto ended = node::end_device(api.node(), item.hash); !ended)
            return http::problem(ended.error());
        api.sessions.close_all(call.session.person);
        api.services.nudge();
        api.node().log("passkey reported lost", {{"person", call.session.person.str()}});
        return http::no_content();
    }
    return http::problem(unknown(call).value());
}

http::Response get_status(Api& api, const Call& call) {
    auto& node = api.node();
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    std::map<std::string, std::string> names;
    if (self) names = self->names;
    // Before there is a directory the node goes by what it was planned as.
    else
        node.store().read([&](node::StoreReader& reader) {
            if (const auto plan = node::planned_founders(reader)) names = plan->participant_names;
        });
    json::Object out{
        {"participant", node.self().str()},
        {"participant_name", name_in(names, language_of(call.request), node.self().str())},
        {"time", to_text(node.now())},
        {"version", COMITY_VERSION},
        {"law_pack", node.law().pack().digest()},
        {"record_size", static_cast<std::int64_t>(api.services.record.size())},
        {"checkpoint", api.services.record.checkpoint()},
        {"directory", directory ? (*directory)->version() : 0},
        {"people_origin", api.settings.people},
        {"practice", api.practice != nullptr}};
    if (const auto why = api.services.not_ready()) out["not_ready"] = *why;
    return answer(std::move(out));
}

http::Response get_openapi(Api&, const Call& call) {
    // What was built in does not change while the program runs.
    static const json::Value document = [] {
        auto parsed = json::parse_object(openapi_text(), 1024 * 1024);
        CHECK_THAT(parsed.has_value());
        return json::Value(std::move(*parsed));
    }();
    return answer_cached(call, document);
}

} // namespace

void add_session_operations(Handlers& handlers) {
    handlers["beginSignIn"] = begin_sign_in;
    handlers["signIn"] = sign_in;
    handlers["getSession"] = get_session;
    handlers["signOut"] = sign_out;
    handlers["listOwnPasskeys"] = list_own_passkeys;
    handlers["endOwnPasskey"] = end_own_passkey;
    handlers["getStatus"] = get_status;
    handlers["getOpenapi"] = get_openapi;
}

} // namespace comity::api
