// Invitations: kept as JSON in the store, changed only as a whole.
#include "node/invite.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/plain_text.hpp"
#include "crypto/hash.hpp"
#include "node/roll_chain.hpp"
#include "node/roll_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace comity::node {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t row_bytes = 256 * 1024;

Digest random_digest() {
    const auto digest = digest_from(crypto::random_bytes(token_bytes));
    CHECK_THAT(digest.has_value());
    return *digest;
}

tl::unexpected<Refusal> unknown_link() {
    return refuse(
        Code::not_found, say("the link"), {}, {}, "Ask an administrator for a new invitation");
}

// ---- as stored

json::Object print_offer(const Invitation::Offer& offer) {
    return {
        {"challenges", json::Array{text(offer.challenges[0]), text(offer.challenges[1])}},
        {"until", to_text(offer.until)}};
}

json::Object print_made(const Invitation::Made& made) {
    return {
        {"at", to_text(made.at)},
        {"label", made.label},
        {"passkeys", json::Array{
                         directory::print_credential(made.passkeys[0]),
                         directory::print_credential(made.passkeys[1])}}};
}

json::Object print_first(const Invitation::First& first) {
    return {
        {"by", first.by.str()},
        {"with", first.with.str()},
        {"entries", json::Array{text(first.entries[0]), text(first.entries[1])}},
        {"assertions", json::Array{
                           act::print_assertion(first.assertions[0]),
                           act::print_assertion(first.assertions[1])}}};
}

std::string print_invitation(const Invitation& invitation) {
    json::Array roles;
    for (const auto& role : invitation.wish.roles)
        roles.emplace_back(role);
    json::Object out{
        {"person", invitation.wish.person.str()},
        {"name", invitation.wish.name},
        {"office", invitation.wish.office.str()},
        {"roles", std::move(roles)},
        {"valid_until", to_text(invitation.wish.valid_until)},
        {"trained_until", to_text(invitation.wish.trained_until)},
        {"invited_by", invitation.invited_by.str()},
        {"enrolled", invitation.enrolled}};
    if (invitation.founding) out["founding"] = true;
    if (invitation.offer) out["offer"] = print_offer(*invitation.offer);
    if (invitation.made) out["made"] = print_made(*invitation.made);
    if (invitation.first) out["first"] = print_first(*invitation.first);
    return json::print(out);
}

Instant instant(json::Reader& in, std::string_view member) {
    const auto at = instant_from(in.string(member));
    if (!at) in.complain(member, say("is not an instant"));
    return at.value_or(Instant{});
}

std::array<Digest, 2> digests(json::Reader& in, std::string_view member) {
    const auto texts = in.strings(member);
    std::array<Digest, 2> out{};
    if (texts.size() != 2) {
        in.complain(member, say("are not two"));
        return out;
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const auto one = digest_from_text(texts[i]);
        if (!one) in.complain(member, say("holds something that is not a hash"));
        out.at(i) = one.value_or(Digest{});
    }
    return out;
}

Result<Invitation::Made> read_made(const json::Object& object) {
    json::Reader in{object, "made"};
    Invitation::Made out;
    out.at = instant(in, "at");
    out.label = in.string("label");
    TRY(const auto passkeys, two_objects(in, "passkeys"));
    TRY_VOID(in.done());
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(out.passkeys.at(i), directory::parse_credential(*passkeys.at(i)));
    }
    return out;
}

Result<Invitation::First> read_first(const json::Object& object) {
    json::Reader in{object, "first"};
    Invitation::First out;
    out.by = PersonId(in.string("by"));
    out.with = PersonId(in.string("with"));
    out.entries = digests(in, "entries");
    TRY(const auto assertions, two_objects(in, "assertions"));
    TRY_VOID(in.done());
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(out.assertions.at(i), act::parse_assertion(*assertions.at(i)));
    }
    return out;
}

Result<Invitation> parse_invitation(const InvitationRow& row) {
    TRY(const auto object, json::parse_object(row.text, row_bytes));
    json::Reader in{object, "invitation"};
    Invitation out;
    out.id = row.id;
    out.expires = row.expires;
    out.wish.person = PersonId(in.string("person"));
    out.wish.name = in.string("name");
    out.wish.office = OfficeId(in.string("office"));
    out.wish.roles = in.strings("roles");
    out.wish.valid_until = instant(in, "valid_until");
    out.wish.trained_until = instant(in, "trained_until");
    out.invited_by = PersonId(in.string("invited_by"));
    out.enrolled = in.boolean("enrolled");
    out.founding = in.boolean_or("founding", false);
    const auto* offer = in.object_if("offer");
    const auto* made = in.object_if("made");
    const auto* first = in.object_if("first");
    TRY_VOID(in.done());
    if (offer) {
        json::Reader inner{*offer, "offer"};
        Invitation::Offer read;
        read.challenges = digests(inner, "challenges");
        read.until = instant(inner, "until");
        TRY_VOID(inner.done());
        out.offer = read;
    }
    if (made) {
        TRY(out.made, read_made(*made));
    }
    if (first) {
        TRY(out.first, read_first(*first));
    }
    return out;
}

// The open invitation of a link, as this transaction sees it.
std::optional<Invitation> open_by(StoreReader& reader, const Digest& token, Instant now) {
    const auto row = reader.find_invitation_by(token);
    if (!row || row->expires <= now) return std::nullopt;
    auto invitation = read_row(*row);
    if (invitation.made) return std::nullopt;
    return invitation;
}

// ---- checks

// Text that a person wrote and others read: no control characters, none that turn the direction
// of what stands beside it.
Result<void> check_text(std::string_view text, std::size_t most, const Said& what) {
    if (text.size() > most)
        return refuse(Code::roll_malformed, say("{} has more than {} bytes", what, most));
    if (!is_plain(text))
        return refuse(Code::roll_malformed, say("{} holds characters that are not text", what));
    return {};
}

Result<void> check_end(Instant end, Instant now, std::chrono::hours most, const Said& what) {
    if (end <= now) return refuse(Code::roll_malformed, say("{} is not in the future", what));
    if (end > now + most)
        return refuse(
            Code::roll_malformed,
            say("{} is later than {}", what, Instant{now + Milliseconds{most}}));
    return {};
}

Result<void> check_roles(
    const directory::Office& office, const std::vector<std::string>& roles, Instant now) {
    if (roles.empty() || roles.size() > limits::person_roles)
        return refuse(Code::roll_malformed, say("one to {} roles are given", limits::person_roles));
    if (std::set<std::string>(roles.begin(), roles.end()).size() != roles.size())
        return refuse(Code::roll_malformed, say("a role is given twice"));
    for (const auto& role : roles) {
        const bool held =
            role == directory::administrator ||
            std::any_of(
                office.competences.begin(), office.competences.end(), [&](const auto& competence) {
                    return competence.role == role && competence.validity.at(now);
                });
        if (!held)
            return refuse(
                Code::office_not_competent,
                say("{} has no competence for the role {}", office.id.str(), Said::role(role)));
    }
    return {};
}

Result<void> check_wish(Node& node, const InvitationWish& wish) {
    const Instant now = node.now();
    if (!is_name(wish.person.str()))
        return refuse(
            Code::roll_malformed,
            say("the short name is not 1 to 64 small letters, digits and inner hyphens"));
    if (wish.name.empty()) return refuse(Code::roll_malformed, say("the name is empty"));
    TRY_VOID(check_text(wish.name, limits::person_name_bytes, say("the name")));
    TRY(const auto directory, node.directory());
    const auto* self = directory->find(node.self());
    if (!self) return refuse(Code::performer_unknown, node.self().str());
    const auto* office = directory::find_office(*self, wish.office);
    if (!office)
        return refuse(
            Code::office_unknown, say("{} has no office {}", node.self().str(), wish.office.str()));
    TRY_VOID(check_roles(*office, wish.roles, now));
    TRY_VOID(
        check_end(wish.valid_until, now, limits::roll_entry_time, say("the end of the entry")));
    TRY_VOID(
        check_end(wish.trained_until, now, limits::training_time, say("the end of the training")));
    return {};
}

// ---- administrators

struct Administrator {
    PersonId person;
    Digest entry{};
    crypto::Passkey passkey;
};

// Who may approve today, each with the passkey that was enrolled last.
std::map<PersonId, Administrator> administrators(Node& node) {
    std::map<PersonId, Administrator> out;
    for (const auto& found : node.roll().with_role(directory::administrator)) {
        const auto& entry = found.sealed.entry;
        if (found.ended || entry.purpose != directory::Purpose::sign) continue;
        if (node.now() >= entry.trained_until || !entry_in_force(node, entry, found.sealed.hash))
            continue;
        out[entry.person] = {entry.person, found.sealed.hash, entry.passkey};
    }
    return out;
}

// Whether the first approval still stands: both entries that it names are in force.
bool stands(
    const std::optional<Invitation::First>& first,
    const std::map<PersonId, Administrator>& people) {
    if (!first) return false;
    const auto by = people.find(first->by);
    const auto with = people.find(first->with);
    return by != people.end() && with != people.end() && by->second.entry == first->entries[0] &&
           with->second.entry == first->entries[1];
}

Result<PreparedEnrolment> new_entry(
    Node& node, const Invitation& invitation, std::size_t which,
    const std::array<Digest, 2>& enrollers) {
    TRY(const auto directory, node.directory());
    auto entry = wished_entry(node, directory->federation(), invitation, which);
    entry.enrolled_by = {enrollers[0], enrollers[1]};
    Bytes payload = directory::print_roll_entry(entry);
    TRY_VOID(directory::parse_roll_entry(payload).map([](auto&&) {}));
    const Digest challenge = directory::enrolment_challenge(payload);
    return PreparedEnrolment{std::move(payload), challenge};
}

Result<Invitation> find_open(Node& node, const std::string& id) {
    std::optional<InvitationRow> row;
    node.store().read([&](StoreReader& reader) { row = reader.find_invitation(id); });
    if (!row) return refuse(Code::not_found, say("the invitation"));
    auto invitation = read_row(*row);
    // A founder's is confirmed at the node itself; nobody on a roll approves it.
    if (invitation.founding || !invitation.made || invitation.enrolled ||
        invitation.expires <= node.now())
        return refuse(
            Code::not_allowed, say("there is nothing to approve in this invitation"), {}, {},
            "Wait until the person has made the passkeys, or invite again");
    return invitation;
}

// The two of a first approval: who asks, and whom they name, or whoever is there.
Result<void> choose_other(
    ApprovalPrepared& out, const std::map<PersonId, Administrator>& people, const PersonId& me,
    const std::optional<PersonId>& with) {
    for (const auto& [person, _] : people)
        if (person != me && person != out.invitation.wish.person) out.others.push_back(person);
    if (out.others.empty())
        return refuse(
            Code::roll_two_people, say("no other administrator is on the roll besides the person"));
    const auto is_other = [&](const PersonId& person) {
        return std::find(out.others.begin(), out.others.end(), person) != out.others.end();
    };
    if (with && !is_other(*with))
        return refuse(
            Code::roll_two_people, say("{} is no other administrator on the roll", with->str()));
    const auto& inviter = out.invitation.invited_by;
    out.with = with ? *with : is_other(inviter) ? inviter : out.others.front();
    return {};
}

} // namespace

directory::RollEntry wished_entry(
    const Node& node, const std::string& federation, const Invitation& invitation,
    std::size_t which) {
    directory::RollEntry entry;
    entry.federation = federation;
    entry.participant = node.self();
    entry.person = invitation.wish.person;
    entry.office = invitation.wish.office;
    entry.roles = invitation.wish.roles;
    entry.purpose = purposes.at(which);
    entry.passkey = invitation.made->passkeys.at(which);
    // Both approvals are of the same bytes, so the entry's time is one that does not move.
    entry.valid_from = invitation.made->at;
    entry.valid_until = invitation.wish.valid_until;
    entry.trained_until = invitation.wish.trained_until;
    return entry;
}

Digest token_hash(std::string_view token) {
    return crypto::tagged_hash("comity/invitation/v1", {token});
}

InvitationRow row_of(const Invitation& invitation, const std::optional<Digest>& token) {
    return {invitation.id, token, invitation.expires, print_invitation(invitation)};
}

// What we wrote ourselves and cannot read any more is a fault of the disk, not of the caller.
Invitation read_row(const InvitationRow& row) {
    auto invitation = parse_invitation(row);
    if (!invitation)
        throw Fault("a stored invitation is not readable: " + invitation.error().facts.text());
    return std::move(*invitation);
}

Invited new_invitation(const InvitationWish& wish, Instant expires) {
    Invited out;
    out.token = to_base64url(crypto::random_bytes(token_bytes));
    out.invitation.id = crypto::random_name();
    out.invitation.wish = wish;
    out.invitation.expires = expires;
    return out;
}

std::vector<Invitation> invitations(Node& node) {
    std::vector<Invitation> out;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.invitations(limits::invitations))
            out.push_back(read_row(row));
    });
    return out;
}

Result<Invited> invite(Node& node, const InvitationWish& wish, const PersonId& by) {
    TRY_VOID(check_wish(node, wish));
    auto out = new_invitation(wish, node.now() + limits::invitation_time);
    out.invitation.invited_by = by;
    bool full = false;
    node.store().write([&](StoreWriter& writer) {
        std::size_t kept = 0;
        for (const auto& row : writer.invitations(limits::invitations)) {
            if (row.expires + limits::invitation_kept <= node.now())
                writer.remove_invitation(row.id);
            else
                ++kept;
        }
        full = kept >= limits::invitations;
        if (!full) writer.put_invitation(row_of(out.invitation, token_hash(out.token)));
    });
    if (full)
        return refuse(
            Code::rate_exceeded,
            say("{} enrolments are under way or were lately", limits::invitations));
    return out;
}

Result<void> withdraw_invitation(Node& node, const std::string& id) {
    bool there = false;
    node.store().write([&](StoreWriter& writer) {
        const auto row = writer.find_invitation(id);
        there = row && !read_row(*row).enrolled;
        if (there) writer.remove_invitation(id);
    });
    if (!there) return refuse(Code::not_found, say("the invitation"));
    return {};
}

Result<Visit> begin_visit(Node& node, const std::string& token) {
    const Digest hash = token_hash(token);
    std::optional<Visit> out;
    node.store().write([&](StoreWriter& writer) {
        out.reset();
        auto invitation = open_by(writer, hash, node.now());
        if (!invitation) return;
        invitation->offer = Invitation::Offer{
            {random_digest(), random_digest()}, node.now() + limits::enrolment_time};
        writer.put_invitation(row_of(*invitation, hash));
        out = Visit{std::move(*invitation), {}};
    });
    if (!out) return unknown_link();
    for (const auto& found : node.roll().of(out->invitation.wish.person)) {
        if (found.ended) continue;
        const std::size_t which = found.sealed.entry.purpose == purposes[0] ? 0 : 1;
        out->known.at(which).push_back(found.sealed.entry.passkey.credential_id);
    }
    return std::move(*out);
}

Result<Invitation> register_passkeys(
    Node& node, const std::string& token, const std::string& label,
    const std::array<crypto::Registration, 2>& registrations, const RelyingParty& party) {
    TRY_VOID(check_text(label, limits::passkey_label_bytes, say("the passkey's name")));
    const Digest hash = token_hash(token);
    const Instant now = node.now();
    std::optional<Invitation> invitation;
    std::optional<Invitation::Offer> offer;
    node.store().write([&](StoreWriter& writer) {
        offer.reset();
        invitation = open_by(writer, hash, now);
        if (!invitation) return;
        // Taken whatever follows: a challenge is answered once.
        offer = std::exchange(invitation->offer, std::nullopt);
        if (offer) writer.put_invitation(row_of(*invitation, hash));
    });
    if (!invitation) return unknown_link();
    if (!offer || offer->until <= now)
        return refuse(
            Code::approval_challenge, say("the challenge was not given here, was used, or is old"));
    Invitation::Made made{now, label, {}};
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(made.passkeys.at(i),
            crypto::verify_registration(
                registrations.at(i), party.ids.at(i), party.origin, view(offer->challenges.at(i))));
    }
    if (made.passkeys[0].credential_id == made.passkeys[1].credential_id ||
        made.passkeys[0].key.point() == made.passkeys[1].key.point())
        return refuse(Code::roll_exists, say("the two passkeys are one"));
    bool open = false;
    node.store().write([&](StoreWriter& writer) {
        auto current = open_by(writer, hash, now);
        open = current.has_value();
        if (!open) return; // withdrawn meanwhile, or another page was quicker
        current->offer.reset();
        current->made = made;
        current->expires = now + limits::approval_time;
        writer.put_invitation(row_of(*current, std::nullopt));
        invitation = std::move(current);
    });
    if (!open) return unknown_link();
    return std::move(*invitation);
}

Result<std::array<const json::Object*, 2>> two_objects(json::Reader& in, std::string_view member) {
    const auto& array = in.array(member);
    if (array.size() != 2 || !array[0].is_object() || !array[1].is_object())
        return refuse(Code::json_malformed, say("{} are two objects", member));
    return std::array{&array[0].as_object(), &array[1].as_object()};
}

std::string key_code(const Invitation::Made& made) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    constexpr std::size_t groups = 3; // of four letters: sixty bits are out of reach of trying
    const Bytes first = made.passkeys[0].key.point();
    const Bytes second = made.passkeys[1].key.point();
    const Digest hash = crypto::tagged_hash("comity/enrolment/code/v1", {first, second});
    std::string out;
    for (std::size_t i = 0; i < groups * 4; ++i) {
        if (i > 0 && i % 4 == 0) out.push_back('-');
        out.push_back(letters[hash.at(i) % letters.size()]);
    }
    return out;
}

Result<ApprovalPrepared> prepare_approval(
    Node& node, const std::string& id, const PersonId& administrator,
    const std::optional<PersonId>& with) {
    ApprovalPrepared out;
    TRY(out.invitation, find_open(node, id));
    const auto people = administrators(node);
    const auto me = people.find(administrator);
    if (me == people.end())
        return refuse(
            Code::roll_two_people,
            say("{} has no passkey for approving as an administrator", administrator.str()));
    if (administrator == out.invitation.wish.person)
        return refuse(Code::roll_two_people, say("nobody approves their own entry"));
    out.passkey = me->second.passkey;
    // Another pair is begun only by naming its other half.
    const auto& first = out.invitation.first;
    const bool anew = first && with && administrator != first->with &&
                      (administrator != first->by || *with != first->with);
    if (stands(first, people) && !anew) {
        if (first->by == administrator)
            return refuse(
                Code::roll_two_people,
                say("{} has approved; {} has not yet", first->by.str(), first->with.str()));
        if (first->with != administrator)
            return refuse(
                Code::roll_two_people,
                say("{} approved it together with {}", first->by.str(), first->with.str()));
        out.second = true;
        out.with = first->by;
        out.entries = first->entries;
    } else {
        TRY_VOID(choose_other(out, people, administrator, with));
        out.entries = {me->second.entry, people.at(out.with).entry};
    }
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(out.wanted.at(i), new_entry(node, out.invitation, i, out.entries));
    }
    return out;
}

Result<Invitation> approve_invitation(
    Node& node, const std::string& id, const PersonId& administrator,
    const std::optional<PersonId>& with, const std::array<crypto::Assertion, 2>& assertions) {
    TRY(auto prepared, prepare_approval(node, id, administrator, with));
    for (std::size_t i = 0; i < 2; ++i) {
        const auto verified = crypto::verify_assertion(
            prepared.passkey, assertions.at(i), view(prepared.wanted.at(i).challenge));
        if (!verified) return tl::unexpected(verified.error());
    }
    auto& invitation = prepared.invitation;
    const std::string before = print_invitation(invitation);
    const auto moved_on = [&](StoreReader& reader) {
        const auto row = reader.find_invitation(id);
        return !row || row->text != before;
    };
    if (!prepared.second) {
        invitation.first =
            Invitation::First{administrator, prepared.with, prepared.entries, assertions};
        bool changed = false;
        node.store().write([&](StoreWriter& writer) {
            changed = moved_on(writer);
            if (!changed) writer.put_invitation(row_of(invitation, std::nullopt));
        });
        if (changed)
            return refuse(
                Code::draft_changed, say("the enrolment has changed meanwhile"), {}, {},
                "Look at it again");
        return std::move(invitation);
    }
    std::array<Approved, 2> entries;
    for (std::size_t i = 0; i < 2; ++i)
        entries.at(i) = {
            prepared.wanted.at(i).payload, {invitation.first->assertions.at(i), assertions.at(i)}};
    invitation.enrolled = true;
    TRY(const auto enrolled,
        enrol_all(node, entries, [&](StoreWriter& writer, const std::vector<Digest>& hashes) {
            if (moved_on(writer)) return false;
            for (const auto& hash : hashes)
                writer.put_roll_note(
                    {hash, invitation.wish.name, invitation.made->label, invitation.id,
                     std::nullopt, std::nullopt});
            writer.put_invitation(row_of(invitation, std::nullopt));
            return true;
        }));
    return std::move(invitation);
}

void withdraw_invitations_of(StoreWriter& writer, const PersonId& person) {
    for (const auto& row : writer.invitations(limits::invitations)) {
        const auto invitation = read_row(row);
        if (!invitation.enrolled &&
            (invitation.wish.person == person || invitation.invited_by == person))
            writer.remove_invitation(row.id);
    }
}

} // namespace comity::node
