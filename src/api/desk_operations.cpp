// The desk of a central authority or provider: deliveries that wait, directory, keys.
#include "api/api.hpp"
#include "api/names.hpp"
#include "api/rows.hpp"
#include "base/limits.hpp"
#include "base/number.hpp"
#include "node/deliver_outbox.hpp"

#include <fmt/format.h>

#include <set>

namespace comity::api {

namespace {

http::Response list_outbox(Api& api, const Call& call) {
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto after = call.after("a row", 18);
    if (!after) return http::problem(after.error());
    const std::int64_t from = after->value_or(0);
    const auto language = language_of(call.request);
    std::vector<node::OutboxRow> rows;
    api.node().store().read(
        [&](node::StoreReader& reader) { rows = reader.outbox(limits::acts_per_case); });
    json::Array items;
    json::Object out;
    for (const auto& row : rows) {
        if (row.id <= from) continue;
        if (items.size() == *limit) {
            out["next"] = std::to_string(items.back().at("id").as_int64());
            break;
        }
        items.emplace_back(json::Object{
            {"id", row.id},
            {"to", row.destination.str()},
            {"to_name", name_of(**directory, row.destination, language)},
            {"case", row.case_id.str()},
            {"act", text(row.act)},
            {"attempts", row.attempts},
            {"next_try", to_text(node::next_try(api.node(), row))},
            {"problem", row.problem.in(language)},
            {"failed", row.failed}});
    }
    out["items"] = std::move(items);
    return answer(std::move(out));
}

http::Response resend(Api& api, const Call& call) {
    const auto id = whole_number(call.param("id"), 18);
    if (!id) return http::problem(unknown(call).value());
    if (const auto sent = node::resend(api.node(), *id); !sent) return http::problem(sent.error());
    api.services.nudge();
    return http::no_content();
}

json::Object office_json(const directory::Office& office, std::string_view language, Instant when) {
    json::Array roles;
    json::Array categories;
    std::set<std::string> seen;
    for (const auto& competence : office.competences)
        if (competence.validity.at(when) && seen.insert(competence.role).second)
            roles.emplace_back(competence.role);
    json::Object out{
        {"id", office.id.str()},
        {"name", name_in(office.names, language, office.id.str())},
        {"roles", std::move(roles)},
        {"categories", std::move(categories)}};
    for (const auto& pinned : office.sealing)
        if (pinned.validity.at(when)) out["sealing_key_until"] = to_text(end_of(pinned));
    return out;
}

/// A directory, and the time for which it is read.
struct Standing {
    std::shared_ptr<const directory::Directory> directory;
    Instant when;
};

// The directory that was in force at the end of a day, and who was competent then; or now. History
// is kept for ever.
Result<Standing> directory_on(Api& api, const Call& call) {
    TRY(auto newest, api.node().directory());
    const Instant now = api.node().now();
    const auto on = call.request.query_if("on");
    if (!on) return Standing{newest, now};
    const auto day = day_from(*on);
    if (!day) return refuse(Code::json_malformed, say("on is a day: YYYY-MM-DD"));
    const Instant end = *day + std::chrono::days{1};
    const Instant when = std::min(now, end - Milliseconds{1});
    for (std::int64_t version = newest->version(); version > 0; --version) {
        std::optional<std::string> text;
        api.node().store().read(
            [&](node::StoreReader& reader) { text = reader.directory(version); });
        if (!text) continue;
        TRY(const auto jws, crypto::parse_jws(*text, limits::directory_bytes * 2));
        TRY(auto read, directory::Directory::read(jws.payload));
        if (read.issued() < end)
            return Standing{std::make_shared<const directory::Directory>(std::move(read)), when};
    }
    return unknown(call);
}

http::Response get_directory(Api& api, const Call& call) {
    const auto standing = directory_on(api, call);
    if (!standing) return http::problem(standing.error());
    const auto* directory = &standing->directory;
    const auto language = language_of(call.request);
    json::Array participants;
    for (const auto& participant : (*directory)->participants()) {
        json::Array offices;
        for (const auto& office : participant.offices)
            offices.emplace_back(office_json(office, language, standing->when));
        json::Array languages;
        for (const auto& tongue : participant.languages)
            languages.emplace_back(tongue);
        json::Object item{
            {"id", participant.id.str()},
            {"name", name_in(participant.names, language, participant.id.str())},
            {"kind", kind_name(participant.kind)},
            {"url", fmt::format("https://{}:{}", participant.host, participant.port)},
            {"offices", std::move(offices)},
            {"languages", std::move(languages)},
            {"valid_from", to_text((*directory)->issued())}};
        if (!participant.country.empty()) item["country"] = participant.country;
        if (!participant.callback.empty()) item["callback"] = participant.callback;
        participants.emplace_back(std::move(item));
    }
    json::Array members;
    for (const auto& member : (*directory)->members())
        members.emplace_back(member.str());
    return answer(json::Object{
        {"version", (*directory)->version()},
        {"valid_until", to_text((*directory)->expires())},
        {"signed_by", std::move(members)},
        {"threshold", (*directory)->threshold()},
        {"participants", std::move(participants)}});
}

http::Response list_keys(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto language = language_of(call.request);
    const Instant now = api.node().now();
    json::Array items;
    const auto add = [&](const directory::Participant& owner, std::string_view what,
                         const directory::PinnedCertificate& pinned) {
        const Instant end = end_of(pinned);
        const auto state = pinned.distrusted_from       ? "revoked"
                           : now >= end                 ? "ended"
                           : now + key_ends_soon >= end ? "soon"
                                                        : "good";
        const auto print = text(pinned.certificate.fingerprint());
        items.emplace_back(json::Object{
            {"id", print},
            {"what", what},
            {"owner", owner.id.str()},
            {"owner_name", name_in(owner.names, language, owner.id.str())},
            {"not_after", to_text(end)},
            {"state", state},
            {"fingerprint", print}});
    };
    each_certificate(**directory, add);
    return answer(json::Object{{"items", std::move(items)}});
}

} // namespace

void add_desk_operations(Handlers& handlers) {
    handlers["listOutbox"] = list_outbox;
    handlers["resend"] = resend;
    handlers["getDirectory"] = get_directory;
    handlers["listKeys"] = list_keys;
}

} // namespace comity::api
