// People of the participant: the roll, invitations, enrolment of passkeys, their end.
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/founders.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

std::int64_t milliseconds(Milliseconds time) {
    return time.count();
}

// The name of an office of ours.
class Offices {
public:
    Offices(Api& api, const Call& call) : language_(language_of(call.request)) {
        if (auto directory = api.node().directory()) directory_ = *directory;
        self_ = api.node().self();
        // The founders come before any directory.
        if (!directory_)
            api.node().store().read(
                [&](node::StoreReader& reader) { plan_ = node::planned_founders(reader); });
    }

    [[nodiscard]] std::string name(const OfficeId& id) const {
        if (directory_) return office_name(*directory_, self_, id, language_);
        return plan_ && plan_->office_names.contains(id)
                   ? name_in(plan_->office_names.at(id), language_, id.str())
                   : id.str();
    }

    [[nodiscard]] std::string own_name() const {
        if (directory_) return name_of(*directory_, self_, language_);
        return plan_ ? name_in(plan_->participant_names, language_, self_.str()) : self_.str();
    }

private:
    std::string language_;
    std::shared_ptr<const directory::Directory> directory_;
    std::optional<node::FoundersPlan> plan_;
    ParticipantId self_;
};

// ---- the roll

// One line for each person, office and set of roles: passkeys that were enrolled for the same are
// shown together. Entries that ended stay visible: who could act when is part of the roll.
struct Line {
    std::vector<RollItem> items;

    [[nodiscard]] bool ended() const {
        return std::all_of(items.begin(), items.end(), [](const auto& item) { return item.ended; });
    }
};

std::string line_key(const directory::RollEntry& entry) {
    auto roles = entry.roles;
    std::sort(roles.begin(), roles.end());
    return fmt::format("{} {} {}", entry.person.str(), entry.office.str(), fmt::join(roles, ","));
}

json::Object line_json(const Line& line, const Names& names, const Offices& offices, Instant now) {
    const bool ended = line.ended();
    const RollItem* latest = nullptr; // of those in force, if there is one
    json::Array passkeys;
    for (const auto& item : line.items) {
        passkeys.emplace_back(passkey_json(item, now));
        if (ended || !item.ended) latest = &item;
    }
    const auto& entry = latest->entry;
    return {
        {"entry", text(latest->hash)},
        {"person", entry.person.str()},
        {"name", names.of(entry.person)},
        {"office", entry.office.str()},
        {"office_name", offices.name(entry.office)},
        {"roles", role_array(entry.roles)},
        {"valid_until", to_text(entry.valid_until)},
        {"trained_until", to_text(entry.trained_until)},
        {"passkeys", std::move(passkeys)},
        {"ended", ended}};
}

http::Response list_people(Api& api, const Call& call) {
    const auto limit = call.limit();
    if (!limit) return http::problem(limit.error());
    const auto office = call.request.query_if("office");
    const auto role = call.request.query_if("role");
    const auto after = call.request.query_if("after").value_or("");
    std::map<std::string, Line> lines;
    for (auto& item : roll_items(api)) {
        if (office && item.entry.office.str() != *office) continue;
        if (role && !item.entry.has_role(*role)) continue;
        const auto key = line_key(item.entry);
        if (key > after) lines[key].items.push_back(std::move(item));
    }
    const Names names(api);
    const Offices offices(api, call);
    json::Array items;
    std::string last;
    for (const auto& [key, line] : lines) {
        if (items.size() == *limit) break;
        items.emplace_back(line_json(line, names, offices, api.node().now()));
        last = key;
    }
    json::Object out;
    if (items.size() < lines.size()) out["next"] = last;
    out["items"] = std::move(items);
    return answer(std::move(out));
}

std::optional<node::RollRow> row_of(Api& api, const Call& call) {
    const auto hash = digest_from_text(call.param("entry"));
    std::optional<node::RollRow> row;
    if (hash)
        api.node().store().read([&](node::StoreReader& reader) { row = reader.find_roll(*hash); });
    return row;
}

// After an end: nobody is signed in as this person any more, in no window.
http::Response ended(Api& api, const Call& call, const PersonId& person) {
    api.sessions.close_all(person);
    api.services.nudge();
    api.node().log(
        "roll entry ended", {{"person", person.str()}, {"by", call.session.person.str()}});
    return http::no_content();
}

http::Response end_person(Api& api, const Call& call) {
    const auto row = row_of(api, call);
    if (!row) return http::problem(unknown(call).value());
    if (const auto done = node::end_person(api.node(), row->person); !done)
        return http::problem(done.error());
    return ended(api, call, row->person);
}

http::Response end_passkey(Api& api, const Call& call) {
    const auto row = row_of(api, call);
    if (!row) return http::problem(unknown(call).value());
    for (const auto& item : roll_items(api, row->person)) {
        if (item.ended ||
            to_base64url(item.entry.passkey.credential_id) != call.param("credential"))
            continue;
        if (const auto done = node::end_device(api.node(), item.hash); !done)
            return http::problem(done.error());
        return ended(api, call, row->person);
    }
    return http::problem(unknown(call).value());
}

// ---- invitations

std::string_view state_of(const node::Invitation& invitation, Instant now) {
    if (invitation.enrolled) return "enrolled";
    if (invitation.expires <= now) return "expired";
    if (invitation.first) return "approved-once";
    return invitation.made ? "key-registered" : "invited";
}

json::Object invitation_json(
    const node::Invitation& invitation, const Names& names, const Offices& offices, Instant now) {
    const auto& wish = invitation.wish;
    json::Object out{
        {"id", invitation.id},
        {"person", wish.person.str()},
        {"name", wish.name},
        {"office", wish.office.str()},
        {"office_name", offices.name(wish.office)},
        {"roles", role_array(wish.roles)},
        {"valid_until", to_text(wish.valid_until)},
        {"trained_until", to_text(wish.trained_until)},
        {"state", state_of(invitation, now)},
        {"invited_by", names.person(invitation.invited_by)},
        {"expires", to_text(invitation.expires)}};
    if (invitation.first) {
        out["approved_by"] = names.person(invitation.first->by);
        if (!invitation.enrolled) out["waits_for"] = names.person(invitation.first->with);
    }
    return out;
}

json::Object shown(Api& api, const Call& call, const node::Invitation& invitation) {
    return invitation_json(invitation, Names(api), Offices(api, call), api.node().now());
}

http::Response list_invitations(Api& api, const Call& call) {
    const Names names(api);
    const Offices offices(api, call);
    json::Array items;
    for (const auto& invitation : node::invitations(api.node()))
        items.emplace_back(invitation_json(invitation, names, offices, api.node().now()));
    return answer(json::Object{{"items", std::move(items)}});
}

Instant instant(json::Reader& in, std::string_view member) {
    const auto at = instant_from(in.string(member));
    if (!at) in.complain(member, say("is not an instant"));
    return at.value_or(Instant{});
}

Result<node::InvitationWish> read_wish(const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "invitation"};
    node::InvitationWish out;
    out.person = PersonId(in.string("person"));
    out.name = in.string("name");
    out.office = OfficeId(in.string("office"));
    out.roles = in.strings("roles");
    out.valid_until = instant(in, "valid_until");
    out.trained_until = instant(in, "trained_until");
    TRY_VOID(in.done());
    return out;
}

// The token stands in the fragment, which a browser sends to no server.
http::Response invite(Api& api, const Call& call) {
    const auto wish = read_wish(call);
    if (!wish) return http::problem(wish.error());
    const auto invited = node::invite(api.node(), *wish, call.session.person);
    if (!invited) return http::problem(invited.error());
    api.node().log(
        "invited", {{"invitation", invited->invitation.id},
                    {"person", wish->person.str()},
                    {"by", call.session.person.str()}});
    auto out = shown(api, call, invited->invitation);
    out["link"] = fmt::format("{}/enrol#{}", api.settings.people, invited->token);
    return answer(std::move(out), 201);
}

http::Response withdraw(Api& api, const Call& call) {
    if (const auto done = node::withdraw_invitation(api.node(), call.param("id")); !done)
        return http::problem(done.error());
    api.node().log(
        "invitation withdrawn",
        {{"invitation", call.param("id")}, {"by", call.session.person.str()}});
    return http::no_content();
}

// ---- the visit of whoever holds the link

node::RelyingParty relying_party(const Api& api) {
    return {{api.settings.host, "sign." + api.settings.host}, api.settings.people};
}

Result<json::Object> options(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "link"};
    const auto token = in.string("token");
    TRY_VOID(in.done());
    TRY(const auto visit, node::begin_visit(api.node(), token));
    const auto& wish = visit.invitation.wish;
    const Offices offices(api, call);
    const auto party = relying_party(api);
    json::Array keys;
    for (std::size_t i = 0; i < node::purposes.size(); ++i) {
        json::Array exclude;
        for (const auto& credential : visit.known.at(i))
            exclude.emplace_back(to_base64url(credential));
        keys.emplace_back(json::Object{
            {"purpose", purpose_name(node::purposes.at(i))},
            {"rp_id", party.ids.at(i)},
            {"challenge", text(visit.invitation.offer->challenges.at(i))},
            {"exclude", std::move(exclude)}});
    }
    // The same handle for all passkeys of a person, and none that names them (WebAuthn 14.6.1).
    const Digest user = crypto::tagged_hash(
        "comity/enrolment/user/v1", {api.node().self().str(), wish.person.str()});
    return json::Object{
        {"person", wish.person.str()},
        {"name", wish.name},
        {"office_name", offices.name(wish.office)},
        {"roles", role_array(wish.roles)},
        {"expires", to_text(visit.invitation.expires)},
        {"rp_name", offices.own_name()},
        {"user", text(user)},
        {"keys", std::move(keys)},
        {"timeout_ms", milliseconds(limits::enrolment_time)}};
}

http::Response enrolment_options(Api& api, const Call& call) {
    return answer(options(api, call));
}

Result<crypto::Registration> read_registration(const json::Object& object) {
    json::Reader in{object, "attestation"};
    const auto client_data = from_base64url(in.string("client_data"));
    const auto attestation = from_base64url(in.string("attestation_object"));
    TRY_VOID(in.done());
    if (!client_data || !attestation)
        return refuse(Code::approval_malformed, say("the attestation is not base64url"));
    return crypto::Registration{*attestation, *client_data};
}

Result<json::Object> take_passkeys(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "registration"};
    const auto token = in.string("token");
    const auto label = in.string("label");
    TRY(const auto attestations, node::two_objects(in, "attestations"));
    TRY_VOID(in.done());
    std::array<crypto::Registration, 2> registrations;
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(registrations.at(i), read_registration(*attestations.at(i)));
    }
    TRY(const auto invitation,
        node::register_passkeys(api.node(), token, label, registrations, relying_party(api)));
    api.node().log("passkeys registered", {{"invitation", invitation.id}});
    return json::Object{
        {"key_code", node::key_code(*invitation.made)}, {"founding", invitation.founding}};
}

http::Response register_passkey(Api& api, const Call& call) {
    return answer(take_passkeys(api, call));
}

// ---- the two approvals

Result<json::Object> prepared(Api& api, const Call& call) {
    const auto with = call.request.query_if("with");
    TRY(const auto ready, node::prepare_approval(
                              api.node(), call.param("id"), call.session.person,
                              with ? std::optional(PersonId(*with)) : std::nullopt));
    const Names names(api);
    json::Array others;
    for (const auto& other : ready.others)
        others.emplace_back(names.person(other));
    json::Array entries;
    for (std::size_t i = 0; i < node::purposes.size(); ++i)
        entries.emplace_back(json::Object{
            {"purpose", purpose_name(node::purposes.at(i))},
            {"entry", to_base64url(ready.wanted.at(i).payload)},
            {"passkey", json::Object{
                            {"challenge", text(ready.wanted.at(i).challenge)},
                            {"rp_id", ready.passkey.rp_id},
                            {"allow", json::Array{to_base64url(ready.passkey.credential_id)}},
                            {"timeout_ms", milliseconds(limits::sign_in_time)}}}});
    return json::Object{
        {"invitation",
         invitation_json(ready.invitation, names, Offices(api, call), api.node().now())},
        {"label", ready.invitation.made->label},
        {"key_code", node::key_code(*ready.invitation.made)},
        {"second", ready.second},
        {"with", names.person(ready.with)},
        {"others", std::move(others)},
        {"entries", std::move(entries)}};
}

http::Response prepare_approval(Api& api, const Call& call) {
    return answer(prepared(api, call));
}

Result<json::Object> approved(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "approval"};
    const PersonId with(in.string("with"));
    TRY(const auto pair, node::two_objects(in, "assertions"));
    TRY_VOID(in.done());
    std::array<crypto::Assertion, 2> assertions;
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(assertions.at(i), act::parse_assertion(*pair.at(i)));
    }
    TRY(const auto invitation,
        node::approve_invitation(
            api.node(), call.param("id"), call.session.person, with, assertions));
    api.node().log(
        invitation.enrolled ? "enrolled" : "enrolment approved once",
        {{"invitation", invitation.id},
         {"person", invitation.wish.person.str()},
         {"by", call.session.person.str()}});
    if (invitation.enrolled) api.services.nudge();
    return shown(api, call, invitation);
}

http::Response approve(Api& api, const Call& call) {
    return answer(approved(api, call));
}

} // namespace

void add_people_operations(Handlers& handlers) {
    handlers["listPeople"] = list_people;
    handlers["endPerson"] = end_person;
    handlers["endPasskey"] = end_passkey;
    handlers["listInvitations"] = list_invitations;
    handlers["invite"] = invite;
    handlers["withdrawInvitation"] = withdraw;
    handlers["prepareApproval"] = prepare_approval;
    handlers["approve"] = approve;
    handlers["enrolmentOptions"] = enrolment_options;
    handlers["registerPasskey"] = register_passkey;
}

} // namespace comity::api
