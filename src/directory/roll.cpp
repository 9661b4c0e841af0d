// Roll entries: text form, the chain of enrolments, and the approval of an act by a person on it.
#include "directory/roll.hpp"

#include "base/limits.hpp"
#include "base/said_list.hpp"
#include "crypto/hash.hpp"

#include <algorithm>
#include <map>

namespace comity::directory {

json::Object print_credential(const crypto::Passkey& passkey) {
    return {
        {"id", to_base64url(passkey.credential_id)},
        {"point", to_base64url(passkey.key.point())},
        {"rp_id", passkey.rp_id},
        {"origin", passkey.origin}};
}

Result<crypto::Passkey> parse_credential(const json::Object& object) {
    json::Reader in{object, "credential"};
    crypto::Passkey out;
    const auto id = from_base64url(in.string("id"));
    const auto point = from_base64url(in.string("point"));
    out.rp_id = in.string("rp_id");
    out.origin = in.string("origin");
    if (!id || id->size() < 16 || id->size() > 1023)
        in.complain("id", say("is not a credential id"));
    if (!point) in.complain("point", say("is not base64url"));
    TRY_VOID(in.done());
    out.credential_id = *id;
    TRY(out.key, crypto::PublicKey::from_point(*point));
    return out;
}

namespace {

Instant instant(json::Reader& in, std::string_view member) {
    const auto at = instant_from(in.string(member));
    if (!at) in.complain(member, say("is not an instant"));
    return at.value_or(Instant{});
}

using Chain = std::map<Digest, const SealedRollEntry*>;

// One step of the chain: two different people on the roll, administrators at that time, approved
// exactly these bytes.
Result<void> verify_enrolment(
    const Participant& participant, const SealedRollEntry& sealed, BytesView payload,
    const Chain& chain) {
    const auto& by = sealed.entry.enrolled_by;
    if (by.size() != 2 || sealed.approvals.size() != 2)
        return refuse(
            Code::roll_two_people, say("{} people approved the enrolment of {}",
                                       sealed.approvals.size(), sealed.entry.person.str()));
    std::vector<PersonId> people;
    std::vector<Bytes> keys;
    const Digest challenge = enrolment_challenge(payload);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto at = chain.find(by[i]);
        if (at == chain.end())
            return refuse(
                Code::approval_roll_entry, say("the entry of an enrolling person is missing"));
        const RollEntry& enroller = at->second->entry;
        const Instant when = sealed.seal.signed_at;
        if (!enroller.has_role(administrator) || enroller.purpose != Purpose::sign ||
            when < enroller.valid_from || when >= enroller.valid_until)
            return refuse(
                Code::roll_two_people,
                say("{} was no administrator on {}", enroller.person.str(), Said::day(when)));
        if (const auto ended = participant.revoked.find(by[i]);
            ended != participant.revoked.end() && when >= ended->second)
            return refuse(
                Code::approval_revoked, say("{} left the roll at {} and enrolled at {}",
                                            enroller.person.str(), ended->second, when));
        auto verified =
            crypto::verify_assertion(enroller.passkey, sealed.approvals[i], view(challenge));
        if (!verified) return tl::unexpected(verified.error());
        people.push_back(enroller.person);
        keys.push_back(enroller.passkey.key.point());
    }
    if (keys[0] == keys[1])
        return refuse(Code::roll_two_people, say("two people approved with one passkey"));
    if (people[0] == people[1] || people[0] == sealed.entry.person ||
        people[1] == sealed.entry.person)
        return refuse(
            Code::roll_two_people, say("the two people and the one enrolled are not three"));
    return {};
}

Result<void> check_person(const RollEntry& entry, const ApprovalClaim& claim) {
    if (entry.participant != claim.participant || entry.person != claim.person)
        return refuse(
            Code::approval_roll_entry,
            say("the entry is of {} at {}, the act names {} at {}", entry.person.str(),
                entry.participant.str(), claim.person.str(), claim.participant.str()));
    if (claim.when < entry.valid_from || claim.when >= entry.valid_until)
        return refuse(
            Code::approval_roll_entry,
            say("the entry was valid from {} until {}", entry.valid_from, entry.valid_until));
    return {};
}

} // namespace

bool RollEntry::has_role(std::string_view role) const {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Bytes print_roll_entry(const RollEntry& entry) {
    json::Object out;
    out["comity"] = "roll/1";
    out["federation"] = entry.federation;
    out["participant"] = entry.participant.str();
    out["person"] = entry.person.str();
    out["office"] = entry.office.str();
    json::Array roles;
    for (const auto& role : entry.roles)
        roles.emplace_back(role);
    out["roles"] = std::move(roles);
    out["purpose"] = entry.purpose == Purpose::sign ? "sign" : "sign-in";
    out["credential"] = print_credential(entry.passkey);
    out["valid_from"] = to_text(entry.valid_from);
    out["valid_until"] = to_text(entry.valid_until);
    out["trained_until"] = to_text(entry.trained_until);
    out["founding"] = entry.founding;
    json::Array by;
    for (const auto& hash : entry.enrolled_by)
        by.emplace_back(text(hash));
    out["enrolled_by"] = std::move(by);
    return json::print(out);
}

Result<RollEntry> parse_roll_entry(BytesView payload) {
    TRY(const auto object, json::parse_object(payload, limits::act_header_bytes));
    json::Reader in{object, "roll entry"};
    RollEntry out;
    if (in.string("comity") != "roll/1") in.complain("comity", say("is not roll/1"));
    out.federation = in.string("federation");
    out.participant = ParticipantId(in.string("participant"));
    out.person = PersonId(in.string("person"));
    out.office = OfficeId(in.string("office"));
    out.roles = in.strings("roles");
    const auto purpose = in.string("purpose");
    if (purpose != "sign" && purpose != "sign-in")
        in.complain("purpose", say("is not sign or sign-in"));
    out.purpose = purpose == "sign" ? Purpose::sign : Purpose::sign_in;
    const auto& credential = in.object("credential");
    out.valid_from = instant(in, "valid_from");
    out.valid_until = instant(in, "valid_until");
    out.trained_until = instant(in, "trained_until");
    out.founding = in.boolean("founding");
    for (const auto& item : in.strings("enrolled_by")) {
        const auto hash = digest_from_text(item);
        if (!hash) in.complain("enrolled_by", say("holds something that is not a hash"));
        out.enrolled_by.push_back(hash.value_or(Digest{}));
    }
    for (const auto& name : {out.participant.str(), out.person.str(), out.office.str()})
        if (!is_name(name))
            in.complain("person", say("or its participant or office is not a name"));
    if (out.enrolled_by.size() != (out.founding ? 0u : 2u))
        in.complain("enrolled_by", say("names two entries, or none for a founder"));
    TRY_VOID(in.done());
    TRY(out.passkey, parse_credential(credential));
    return out;
}

Digest roll_entry_hash(BytesView payload) {
    return crypto::tagged_hash("comity/roll/v1", {payload});
}

Digest enrolment_challenge(BytesView payload) {
    return crypto::tagged_hash("comity/roll/approval/v1", {payload});
}

std::string seal_roll_entry(
    BytesView payload, Instant signed_at, const crypto::JwsSigner& signer,
    std::span<const crypto::Assertion> approvals) {
    json::Array list;
    for (const auto& approval : approvals)
        list.emplace_back(act::print_assertion(approval));
    json::Object unprotected;
    if (!list.empty()) unprotected["approvals"] = std::move(list);
    return crypto::sign_jws(payload, roll_type, signed_at, signer, unprotected);
}

Result<SealedRollEntry> parse_sealed_roll_entry(std::string_view text) {
    TRY(auto jws, crypto::parse_jws(text, limits::act_seal_bytes));
    if (jws.signatures.size() != 1 || jws.signatures.front().type != roll_type)
        return refuse(
            Code::roll_malformed, say("a roll entry has exactly one seal, of its own type"));
    auto entry = parse_roll_entry(jws.payload);
    if (!entry) return refuse(Code::roll_malformed, entry.error().facts);
    SealedRollEntry out{
        std::move(*entry), roll_entry_hash(jws.payload), std::move(jws.signatures.front()), {}};
    if (!out.seal.unprotected.empty()) {
        json::Reader in{out.seal.unprotected, "unprotected header"};
        for (const auto& item : in.array("approvals")) {
            if (!item.is_object())
                return refuse(Code::roll_malformed, say("an approval is not an object"));
            TRY(auto assertion, act::parse_assertion(item.as_object()));
            out.approvals.push_back(std::move(assertion));
        }
        if (auto done = in.done(); !done) return refuse(Code::roll_malformed, done.error().facts);
    }
    return out;
}

Result<void> verify_chain(const Directory& directory, std::span<const SealedRollEntry> chain) {
    if (chain.empty() || chain.size() > limits::roll_chain_entries)
        return refuse(
            Code::approval_roll_entry, say("the chain of roll entries is empty or too long"));
    const auto* participant = directory.find(chain.front().entry.participant);
    if (!participant) return refuse(Code::performer_unknown, chain.front().entry.participant.str());
    // An entry may be vouched for only by entries after it, so the chain cannot run in a circle.
    Chain later;
    for (std::size_t i = chain.size(); i-- > 0;) {
        const auto& sealed = chain[i];
        if (sealed.entry.participant != participant->id ||
            sealed.entry.federation != directory.federation())
            return refuse(
                Code::approval_roll_entry, say("an entry is of another participant or federation"));
        TRY_VOID(check_seal(
            directory, sealed.seal.certificate,
            {participant->id, {}, {}, sealed.seal.signed_at, sealed.seal.signed_at}));
        TRY_VOID(crypto::verify_jws(sealed.seal));
        if (sealed.entry.founding) {
            if (std::find(
                    participant->founders.begin(), participant->founders.end(), sealed.hash) ==
                participant->founders.end())
                return refuse(
                    Code::approval_roll_entry,
                    say("the directory does not name {} as a founder", sealed.entry.person.str()));
        } else {
            const auto dot = sealed.seal.signing_input.find('.');
            const auto payload =
                from_base64url(std::string_view(sealed.seal.signing_input).substr(dot + 1));
            CHECK_THAT(payload.has_value());
            TRY_VOID(verify_enrolment(*participant, sealed, *payload, later));
        }
        later.emplace(sealed.hash, &sealed);
    }
    return {};
}

namespace {

// Depth first, so that the last to be finished is the entry itself: backwards that is the order.
Result<void> collect_chain(
    SealedRollEntry entry, const std::function<std::optional<SealedRollEntry>(const Digest&)>& find,
    std::vector<SealedRollEntry>& finished, std::size_t depth) {
    const auto there = [&finished](const Digest& hash) {
        return std::any_of(
            finished.begin(), finished.end(), [&](const auto& item) { return item.hash == hash; });
    };
    for (const auto& by : entry.entry.enrolled_by) {
        if (there(by)) continue;
        auto next = find(by);
        if (!next)
            return refuse(
                Code::approval_roll_entry, say("the entry of an enrolling person is missing"));
        if (depth + finished.size() >= limits::roll_chain_entries)
            return refuse(Code::approval_roll_entry, say("the chain of roll entries is too long"));
        TRY_VOID(collect_chain(std::move(*next), find, finished, depth + 1));
    }
    finished.push_back(std::move(entry));
    return {};
}

} // namespace

Result<std::vector<SealedRollEntry>> chain_of(
    SealedRollEntry entry,
    const std::function<std::optional<SealedRollEntry>(const Digest&)>& find) {
    std::vector<SealedRollEntry> out;
    TRY_VOID(collect_chain(std::move(entry), find, out, 1));
    std::reverse(out.begin(), out.end());
    return out;
}

namespace {

Result<std::shared_ptr<const SealedRollEntry>> verified_entry(
    const Directory& directory, const act::Approval& approval, const ChainMemory& memory) {
    const Digest key = crypto::tagged_hash(
        "comity/roll/memory/v1", {approval.roll.front(), view(directory.hash())});
    if (memory.known)
        if (auto entry = memory.known(key)) return entry;
    std::vector<SealedRollEntry> chain;
    for (const auto& text : approval.roll) {
        TRY(auto entry, parse_sealed_roll_entry(text));
        chain.push_back(std::move(entry));
    }
    TRY_VOID(verify_chain(directory, chain));
    auto entry = std::make_shared<const SealedRollEntry>(std::move(chain.front()));
    if (memory.learned) memory.learned(key, entry);
    return entry;
}

} // namespace

Result<std::shared_ptr<const SealedRollEntry>> check_approval(
    const Directory& directory, const act::Approval& approval, const ApprovalClaim& claim,
    const ChainMemory& memory) {
    if (approval.roll.empty()) return refuse(Code::approval_malformed, say("no roll entry"));
    TRY(auto person_ptr, verified_entry(directory, approval, memory));
    const SealedRollEntry& person = *person_ptr;
    const RollEntry& entry = person.entry;
    TRY_VOID(check_person(entry, claim));
    const auto* participant = directory.find(claim.participant);
    CHECK_THAT(participant != nullptr);
    if (const auto ended = participant->revoked.find(person.hash);
        ended != participant->revoked.end() && claim.when >= ended->second)
        return refuse(
            Code::approval_revoked,
            say("{} left the roll at {}", entry.person.str(), ended->second));
    if (entry.office != claim.office || !entry.has_role(claim.role))
        return refuse(
            Code::approval_not_competent, say("{} is {} of {}, not {} of {}", entry.person.str(),
                                              listed_names("role", entry.roles), entry.office.str(),
                                              Said::role(claim.role), claim.office.str()));
    if (claim.when >= entry.trained_until)
        return refuse(
            Code::approval_training,
            say("the training of {} ran out at {}", entry.person.str(), entry.trained_until));
    if (entry.purpose != Purpose::sign)
        return refuse(Code::approval_purpose, say("the credential is one for signing in"));
    auto counter =
        crypto::verify_assertion(entry.passkey, approval.assertion, view(claim.challenge));
    if (!counter) return tl::unexpected(counter.error());
    return person_ptr;
}

} // namespace comity::directory
