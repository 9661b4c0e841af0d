// Sightings: noted here, told to others, taken from others.
#include "node/sightings.hpp"

#include "act/sighting.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/gate.hpp"
#include "record/leaf.hpp"

#include <algorithm>

namespace comity::node {

namespace {

// The role in which she was there: the first that her office is competent for, as the directory
// says, so that others can check it. Administering is a matter of the house.
std::string role_of(const directory::Participant& self, const Viewer& viewer, Instant now) {
    const auto* office = directory::find_office(self, viewer.office);
    for (const auto& role : viewer.roles)
        if (office && directory::competent(*office, role, now)) return role;
    const bool administers =
        std::find(viewer.roles.begin(), viewer.roles.end(), directory::administrator) !=
        viewer.roles.end();
    return administers ? std::string(directory::administrator) : std::string();
}

bool worth_noting(const std::optional<SightingRow>& there, Instant now) {
    return !there || now - there->last >= std::chrono::minutes{1};
}

void queue(StoreWriter& writer, const SightingRow& row, const std::vector<ParticipantId>& told) {
    for (const auto& id : told) {
        OutboxRow out;
        out.destination = id;
        out.kind = OutboxRow::Kind::sighting;
        out.case_id = row.case_id;
        out.act = row.hash;
        out.next_try = row.at;
        writer.add_outbox(out);
    }
}

/// What the transaction needs and can be worked out before it.
struct Noting {
    const directory::Directory& directory;
    const Viewer& viewer;
    std::string role;
    Instant now;
};

void write_sighting(
    Node& node, StoreWriter& writer, const casefile::Case& state, const Noting& in) {
    SightingRow row;
    row.case_id = state.id;
    row.participant = node.self();
    row.office = in.viewer.office;
    row.role = in.role;
    row.at = in.now;
    row.last = in.now;
    row.person = in.viewer.person;
    row.nonce = crypto::random_bytes(record::act_nonce_bytes);
    const auto text = sighting_text(row);
    // A leaf like an act's: who reads the record does not see which of them are sightings.
    row.leaf = writer.add_leaf(record::act_leaf(row.nonce, text));
    const act::Sighting told{
        in.directory.federation(),
        row.case_id,
        row.participant,
        row.office,
        row.role,
        row.at,
        record::act_commitment(row.nonce, text),
        row.leaf};
    row.hash = act::sighting_hash(act::print_sighting(told));
    row.text = act::sign_sighting(told, node.signer());
    writer.put_sighting(row);
    queue(writer, row, told_of_sightings(in.directory, state));
}

// Whether it was told anew.
bool note(Node& node, StoreWriter& writer, const CaseId& id, const Noting& in) {
    auto there = writer.own_sighting(id, in.viewer.person, in.now);
    if (!worth_noting(there, in.now)) return false;
    if (there) {
        there->last = in.now;
        writer.put_sighting(*there);
        return false;
    }
    const auto state = find_case(node, writer, id);
    if (!state) return false;
    write_sighting(node, writer, *state, in);
    return true;
}

// ---- from others

Result<void> check_time(const act::SealedSighting& sealed, Instant opened, Instant now) {
    const auto slack = limits::clock_difference;
    const Instant at = sealed.sighting.time;
    if (at > now + slack || at + slack < opened || sealed.seal.signed_at > now + slack ||
        sealed.seal.signed_at + slack < at || sealed.seal.signed_at > at + slack)
        return refuse(
            Code::time_unbelievable,
            say("the sighting is dated {} and sealed at {}; the case was opened at {}", at,
                sealed.seal.signed_at, opened));
    return {};
}

// Whose seal, which office. Administering, and having no role in force, are no competence that the
// directory could tell.
Result<void> check_signer(
    const directory::Directory& directory, const act::SealedSighting& sealed, Instant now) {
    const auto& sighting = sealed.sighting;
    const bool competence = !sighting.role.empty() && sighting.role != directory::administrator;
    directory::SealClaim claim{sighting.participant, {}, {}, sealed.seal.signed_at, now};
    if (competence) {
        claim.office = sighting.office;
        claim.role = sighting.role;
    }
    TRY_VOID(directory::check_seal(directory, sealed.seal.certificate, claim));
    if (!directory::find_office(*directory.find(sighting.participant), sighting.office))
        return refuse(
            Code::office_unknown,
            say("{} has no office {}", sighting.participant.str(), sighting.office.str()));
    return {};
}

bool joined_as_provider(const casefile::Case& state, const ParticipantId& id) {
    return state.opening.provider == id &&
           std::find(state.joined.begin(), state.joined.end(), "provider") != state.joined.end();
}

// Under the case as it stands here.
Result<void> check_case(
    Node& node, StoreReader& reader, const directory::Directory& directory,
    const act::SealedSighting& sealed) {
    const auto& sighting = sealed.sighting;
    const auto state = find_case(node, reader, sighting.case_id);
    const auto first = reader.act_at(sighting.case_id, 1);
    if (!state || !first || !joined_as_provider(*state, sighting.participant))
        return refuse(
            Code::case_unknown, say("no case {} of which {} is the provider here",
                                    sighting.case_id.str(), sighting.participant.str()));
    const auto told = told_of_sightings(directory, *state);
    if (!std::binary_search(told.begin(), told.end(), node.self()))
        return refuse(
            Code::not_addressed,
            say("{} is not told of sightings in case {}", node.self().str(), state->id.str()));
    return check_time(sealed, first->admitted, node.now());
}

Result<bool> take(Node& node, const ParticipantId& from, std::string_view text) {
    TRY(const auto sealed, act::parse_sighting(text));
    const auto& sighting = sealed.sighting;
    if (sighting.participant != from)
        return refuse(
            Code::performer_not_signer,
            say("{} tells a sighting of {}", from.str(), sighting.participant.str()));
    TRY_VOID(crypto::verify_jws(sealed.seal));
    TRY(const auto directory, node.directory());
    if (sighting.federation != directory->federation())
        return refuse(
            Code::federation_other, say("the sighting is of {}, this node of {}",
                                        sighting.federation, directory->federation()));
    const Instant now = node.now();
    if (directory->expires() <= now)
        return refuse(
            Code::directory_expired,
            say("directory version {} expired at {}", directory->version(), directory->expires()));
    TRY_VOID(check_signer(*directory, sealed, now));
    Result<bool> out = false;
    SightingRow row;
    row.hash = sealed.hash;
    row.case_id = sighting.case_id;
    row.participant = sighting.participant;
    row.office = sighting.office;
    row.role = sighting.role;
    row.at = sighting.time;
    row.last = sighting.time;
    row.text = text;
    node.store().write([&](StoreWriter& writer) {
        out = false;
        if (auto may = check_case(node, writer, *directory, sealed); !may) {
            out = tl::unexpected(may.error());
            return;
        }
        if (writer.find_sighting(row.hash)) return;
        if (writer.count_sightings(row.case_id, limits::sightings_per_case) >=
            limits::sightings_per_case) {
            out = refuse(
                Code::too_large, say("case {} has {} sightings already", row.case_id.str(),
                                     limits::sightings_per_case));
            return;
        }
        writer.put_sighting(row);
        out = true;
    });
    return out;
}

} // namespace

bool notes_sightings(const Node& node) {
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    return self && self->kind == directory::Kind::provider;
}

Result<bool> note_sightings(Node& node, const std::vector<CaseId>& cases, const Viewer& viewer) {
    TRY(const auto directory, node.directory());
    const auto* self = directory->find(node.self());
    if (!self || self->kind != directory::Kind::provider) return false;
    const Noting in{*directory, viewer, role_of(*self, viewer, node.now()), node.now()};
    // Most calls are repetitions, which ask the writer for nothing.
    std::vector<CaseId> wanted;
    node.store().read([&](StoreReader& reader) {
        for (const auto& id : cases)
            if (worth_noting(reader.own_sighting(id, viewer.person, in.now), in.now))
                wanted.push_back(id);
    });
    bool told = false;
    if (wanted.empty()) return told;
    node.store().write([&](StoreWriter& writer) {
        told = false;
        for (const auto& id : wanted)
            if (note(node, writer, id, in)) told = true;
    });
    return told;
}

Bytes sighting_text(const SightingRow& row) {
    return json::print(json::Object{
        {"case", row.case_id.str()},
        {"person", row.person.str()},
        {"office", row.office.str()},
        {"role", row.role},
        {"time", to_text(row.at)}});
}

std::vector<ParticipantId> told_of_sightings(
    const directory::Directory& directory, const casefile::Case& state) {
    std::vector<std::string> countries;
    for (const auto& id : {state.opening.requesting, state.opening.requested})
        if (const auto* country = directory.find(id)) countries.push_back(country->country);
    std::vector<ParticipantId> out;
    for (const auto& id : participants_of(directory, state)) {
        const auto side = casefile::side_of(state, id);
        const auto* participant = directory.find(id);
        const bool oversees =
            side.empty() && participant &&
            std::find_first_of(
                participant->oversees.begin(), participant->oversees.end(), countries.begin(),
                countries.end()) != participant->oversees.end();
        if (side == "requesting" || side == "requested" || oversees) out.push_back(id);
    }
    return out;
}

Result<bool> receive_sighting(Node& node, const ParticipantId& from, std::string_view text) {
    auto taken = take(node, from, text);
    if (!taken)
        node.log(
            "sighting refused",
            {{"code", std::string(taken.error().name())}, {"from", from.str()}});
    return taken;
}

} // namespace comity::node
