// Reading, checking and updating the directory; competence on a day.
#include "directory/directory.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "directory/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace comity::directory {

namespace {

constexpr std::array<std::string_view, 4> kinds = {"authority", "provider", "oversight", "witness"};

json::Object print_validity(const Validity& validity, json::Object out = {}) {
    out["from"] = to_text(validity.from);
    if (validity.until) out["until"] = to_text(*validity.until);
    return out;
}

Validity read_validity(json::Reader& in) {
    Validity validity;
    const auto from = instant_from(in.string("from"));
    if (!from) in.complain("from", say("is not an instant"));
    validity.from = from.value_or(Instant{});
    if (const auto until = in.string_if("until")) {
        validity.until = instant_from(*until);
        if (!validity.until) in.complain("until", say("is not an instant"));
    }
    return validity;
}

json::Array print_certificates(const std::vector<PinnedCertificate>& list) {
    json::Array out;
    for (const auto& item : list) {
        auto object = print_validity(item.validity, {{"der", to_base64(item.certificate.der())}});
        if (item.distrusted_from) object["distrusted_from"] = to_text(*item.distrusted_from);
        out.emplace_back(std::move(object));
    }
    return out;
}

Result<std::vector<PinnedCertificate>> parse_certificates(const json::Array& list) {
    std::vector<PinnedCertificate> out;
    for (const auto& item : list) {
        if (!item.is_object())
            return refuse(Code::directory_malformed, say("a certificate is not an object"));
        json::Reader in{item.as_object(), "certificate"};
        PinnedCertificate pin;
        const auto der = from_base64(in.string("der"));
        if (!der) in.complain("der", say("is not base64"));
        pin.validity = read_validity(in);
        if (const auto text = in.string_if("distrusted_from")) {
            pin.distrusted_from = instant_from(*text);
            if (!pin.distrusted_from) in.complain("distrusted_from", say("is not an instant"));
        }
        TRY_VOID(in.done());
        TRY(pin.certificate, crypto::Certificate::from_der(*der));
        out.push_back(std::move(pin));
    }
    return out;
}

std::map<std::string, std::string> read_names(json::Reader& in) {
    std::map<std::string, std::string> out;
    for (const auto& member : in.object("names")) {
        if (!member.value().is_string())
            in.complain("names", say("holds something that is not text"));
        else
            out.emplace(std::string(member.key()), std::string(member.value().as_string()));
    }
    return out;
}

json::Array print_texts(const std::vector<std::string>& list) {
    json::Array out;
    for (const auto& item : list)
        out.emplace_back(item);
    return out;
}

Result<Office> parse_office(const json::Value& value) {
    if (!value.is_object())
        return refuse(Code::directory_malformed, say("an office is not an object"));
    json::Reader in{value.as_object(), "office"};
    Office office;
    office.id = OfficeId(in.string("id"));
    if (!is_name(office.id.str())) in.complain("id", say("is not a name"));
    office.names = read_names(in);
    for (const auto& item : in.array("competences")) {
        if (!item.is_object())
            return refuse(Code::directory_malformed, say("a competence is not an object"));
        json::Reader entry{item.as_object(), "competence"};
        Competence competence;
        competence.role = entry.string("role");
        if (!is_name(competence.role)) entry.complain("role", say("is not a name"));
        competence.validity = read_validity(entry);
        TRY_VOID(entry.done());
        office.competences.push_back(std::move(competence));
    }
    const auto& sealing = in.array("sealing");
    TRY_VOID(in.done());
    TRY(office.sealing, parse_certificates(sealing));
    return office;
}

Result<void> read_roll(json::Reader& in, Participant& out) {
    for (const auto& founder : in.strings("founders")) {
        const auto hash = digest_from_text(founder);
        if (!hash) in.complain("founders", say("holds something that is not a hash"));
        out.founders.push_back(hash.value_or(Digest{}));
    }
    for (const auto& member : in.object("revoked")) {
        const auto hash = digest_from_text(std::string_view(member.key()));
        const auto from = member.value().is_string()
                              ? instant_from(std::string_view(member.value().as_string()))
                              : std::nullopt;
        if (!hash || !from)
            in.complain("revoked", say("holds something other than hash and instant"));
        else
            out.revoked.emplace(*hash, *from);
    }
    return {};
}

// The signatures on a directory that count: by distinct members of `authority`, each with a seal
// certificate that `authority` pins for it.
Result<std::set<ParticipantId>> signers(const Directory& authority, const crypto::Jws& jws) {
    std::set<ParticipantId> out;
    for (const auto& signature : jws.signatures) {
        if (signature.type != directory_type) continue;
        for (const auto& member : authority.members()) {
            const auto* participant = authority.find(member);
            if (!participant) continue;
            const auto* pin = pinned(participant->seal, signature.certificate.fingerprint());
            if (!pin || !pin->validity.at(signature.signed_at)) continue;
            // Whoever holds a stolen key can write an earlier time, and an update has no keeper's
            // receipt that would tell, so a key that is distrusted signs no directory (threat T14).
            if (pin->distrusted_from) continue;
            TRY_VOID(crypto::verify_jws(signature));
            out.insert(member);
        }
    }
    return out;
}

// One key speaks for one participant: with the same seal key under two members, one signature would
// count for both; with the same TLS key, nobody could say who calls (threat T07).
bool keys_of_one_participant_each(const std::vector<Participant>& participants) {
    for (const auto list : {&Participant::seal, &Participant::tls}) {
        std::map<Bytes, const Participant*> owners;
        for (const auto& participant : participants)
            for (const auto& pin : participant.*list)
                if (owners.emplace(pin.certificate.public_key().point(), &participant)
                        .first->second != &participant)
                    return false;
    }
    return true;
}

Result<Directory> read_as_directory(BytesView payload) {
    auto directory = Directory::read(payload);
    if (!directory && directory.error().code == Code::json_malformed)
        directory.error().code = Code::directory_malformed;
    return directory;
}

} // namespace

json::Object print_participant(const Participant& participant) {
    json::Object out;
    out["id"] = participant.id.str();
    out["kind"] = kinds[static_cast<std::size_t>(participant.kind)];
    out["country"] = participant.country;
    out["oversees"] = print_texts(participant.oversees);
    out["names"] = print_names(participant.names);
    out["endpoint"] = json::Object{{"host", participant.host}, {"port", participant.port}};
    json::Array offices;
    for (const auto& office : participant.offices) {
        json::Array competences;
        for (const auto& competence : office.competences)
            competences.emplace_back(
                print_validity(competence.validity, {{"role", competence.role}}));
        offices.emplace_back(json::Object{
            {"id", office.id.str()},
            {"names", print_names(office.names)},
            {"competences", std::move(competences)},
            {"sealing", print_certificates(office.sealing)}});
    }
    out["offices"] = std::move(offices);
    out["seal"] = print_certificates(participant.seal);
    out["sealing"] = print_certificates(participant.sealing);
    out["tls"] = print_certificates(participant.tls);
    out["record"] =
        json::Object{{"origin", participant.record.origin}, {"vkey", participant.record.vkey}};
    json::Array founders;
    for (const auto& founder : participant.founders)
        founders.emplace_back(text(founder));
    out["founders"] = std::move(founders);
    json::Object revoked;
    for (const auto& [hash, from] : participant.revoked)
        revoked[text(hash)] = to_text(from);
    out["revoked"] = std::move(revoked);
    out["languages"] = print_texts(participant.languages);
    if (!participant.callback.empty()) out["callback"] = participant.callback;
    out["capabilities"] = participant.capabilities;
    return out;
}

Result<Participant> parse_participant(const json::Object& object) {
    json::Reader in{object, "participant"};
    Participant out;
    out.id = ParticipantId(in.string("id"));
    if (!is_name(out.id.str())) in.complain("id", say("is not a name"));
    const std::string kind = in.string("kind");
    const auto place = std::find(kinds.begin(), kinds.end(), kind);
    if (place == kinds.end())
        in.complain("kind", say("is not authority, provider, oversight or witness"));
    else
        out.kind = static_cast<Kind>(place - kinds.begin());
    out.country = in.string("country");
    if (out.country.size() != 2) in.complain("country", say("is not two letters"));
    out.oversees = in.strings("oversees");
    if (out.oversees.empty() != (out.kind != Kind::oversight))
        in.complain("oversees", say("stands with oversight bodies and with no other kind"));
    out.names = read_names(in);
    json::Reader endpoint{in.object("endpoint"), "endpoint"};
    out.host = endpoint.string("host");
    const auto port = endpoint.integer("port");
    if (port < 1 || port > 65'535) endpoint.complain("port", say("is not a port"));
    out.port = static_cast<int>(port);
    json::Reader record{in.object("record"), "record"};
    out.record = {record.string("origin"), record.string("vkey")};
    for (const auto& item : in.array("offices")) {
        TRY(auto office, parse_office(item));
        if (find_office(out, office.id)) in.complain("offices", say("names one twice"));
        out.offices.push_back(std::move(office));
    }
    TRY(out.seal, parse_certificates(in.array("seal")));
    TRY(out.sealing, parse_certificates(in.array("sealing")));
    TRY(out.tls, parse_certificates(in.array("tls")));
    TRY_VOID(read_roll(in, out));
    out.languages = in.strings("languages");
    out.callback = in.string_if("callback").value_or("");
    if (out.callback.size() > limits::callback_bytes) in.complain("callback", say("is too long"));
    out.capabilities = in.object("capabilities");
    TRY_VOID(in.done());
    TRY_VOID(endpoint.done());
    TRY_VOID(record.done());
    return out;
}

Bytes print_directory(const Draft& draft) {
    json::Object out;
    out["comity"] = "directory/1";
    out["federation"] = draft.federation;
    out["version"] = draft.version;
    out["issued"] = to_text(draft.issued);
    out["expires"] = to_text(draft.expires);
    out["law_pack"] = draft.law_pack;
    out["threshold"] = draft.threshold;
    json::Array members;
    for (const auto& member : draft.members)
        members.emplace_back(member.str());
    out["members"] = std::move(members);
    json::Array participants;
    for (const auto& participant : draft.participants)
        participants.emplace_back(print_participant(participant));
    out["participants"] = std::move(participants);
    out["witness_policy"] = draft.witness_policy;
    out["rules"] = print_rules(draft.rules);
    return json::print(out);
}

Result<Directory> Directory::read(BytesView payload) {
    TRY(const auto object, json::parse_object(payload, limits::directory_bytes));
    json::Reader in{object, "directory"};
    Directory out;
    if (in.string("comity") != "directory/1") in.complain("comity", say("is not directory/1"));
    out.federation_ = in.string("federation");
    if (!is_name(out.federation_)) in.complain("federation", say("is not a name"));
    out.version_ = in.integer("version");
    const auto issued = instant_from(in.string("issued"));
    const auto expires = instant_from(in.string("expires"));
    if (!issued || !expires || *expires <= *issued)
        in.complain("expires", say("does not follow issued"));
    out.issued_ = issued.value_or(Instant{});
    out.expires_ = expires.value_or(Instant{});
    out.law_pack_ = in.string("law_pack");
    out.threshold_ = in.integer("threshold");
    for (auto& member : in.strings("members"))
        out.members_.emplace_back(std::move(member));
    const auto& participants = in.array("participants");
    if (participants.size() > limits::participants)
        in.complain("participants", say("are too many"));
    for (const auto& item : participants) {
        if (!item.is_object())
            return refuse(Code::directory_malformed, say("a participant is not an object"));
        TRY(auto participant, parse_participant(item.as_object()));
        if (!out.index_.emplace(participant.id, out.participants_.size()).second)
            in.complain("participants", say("names one twice"));
        out.participants_.push_back(std::move(participant));
    }
    out.witness_policy_ = in.string("witness_policy");
    const json::Object& rules = in.object("rules");
    std::set<std::string> countries;
    for (const auto& member : out.members_) {
        const auto* participant = out.find(member);
        if (!participant || participant->kind != Kind::authority)
            in.complain("members", say("names something other than an authority of the directory"));
        else if (!countries.insert(participant->country).second)
            in.complain("members", say("has two authorities of one country"));
    }
    if (!keys_of_one_participant_each(out.participants_))
        in.complain("participants", say("has two with one seal or TLS key"));
    if (out.version_ < 1) in.complain("version", say("is below 1"));
    if (out.threshold_ < 1 || out.threshold_ > static_cast<std::int64_t>(out.members_.size()))
        in.complain("threshold", say("is not between 1 and the number of members"));
    TRY_VOID(in.done());
    TRY(out.rules_, parse_rules(rules, out.issued_));
    out.hash_ = crypto::sha256(payload);
    return out;
}

const Participant* Directory::find(const ParticipantId& id) const {
    const auto at = index_.find(id);
    return at == index_.end() ? nullptr : &participants_[at->second];
}

const Participant* Directory::by_tls(const Digest& fingerprint, Instant when) const {
    for (const auto& participant : participants_) {
        const auto* pin = pinned(participant.tls, fingerprint);
        if (pin && pin->validity.at(when) &&
            !(pin->distrusted_from && when >= *pin->distrusted_from))
            return &participant;
    }
    return nullptr;
}

const Participant* Directory::authority_of(std::string_view country) const {
    for (const auto& participant : participants_)
        if (participant.kind == Kind::authority && participant.country == country)
            return &participant;
    return nullptr;
}

std::vector<const Participant*> Directory::oversight_of(std::string_view country) const {
    std::vector<const Participant*> out;
    for (const auto& participant : participants_)
        if (participant.kind == Kind::oversight &&
            std::find(participant.oversees.begin(), participant.oversees.end(), country) !=
                participant.oversees.end())
            out.push_back(&participant);
    return out;
}

Result<Directory> accept_first(std::string_view jws_text) {
    TRY(const auto jws, crypto::parse_jws(jws_text, limits::directory_bytes * 2));
    TRY(auto directory, read_as_directory(jws.payload));
    TRY(const auto by, signers(directory, jws));
    if (static_cast<std::int64_t>(by.size()) < directory.threshold())
        return refuse(
            Code::directory_threshold,
            say("{} of {} needed members have signed", by.size(), directory.threshold()));
    return directory;
}

Result<Directory> accept_update(const Directory& current, std::string_view jws_text) {
    TRY(const auto jws, crypto::parse_jws(jws_text, limits::directory_bytes * 2));
    TRY(auto directory, read_as_directory(jws.payload));
    if (directory.federation() != current.federation())
        return refuse(
            Code::federation_other, say("the directory is of {}, this node of {}",
                                        directory.federation(), current.federation()));
    if (directory.version() <= current.version())
        return refuse(
            Code::directory_backward,
            say("version {} does not follow version {}", directory.version(), current.version()));
    TRY(const auto by, signers(current, jws));
    if (static_cast<std::int64_t>(by.size()) < current.threshold())
        return refuse(
            Code::directory_threshold,
            say("{} of {} needed members have signed", by.size(), current.threshold()));
    return directory;
}

const PinnedCertificate* pinned(
    const std::vector<PinnedCertificate>& list, const Digest& fingerprint) {
    for (const auto& item : list)
        if (item.certificate.fingerprint() == fingerprint) return &item;
    return nullptr;
}

const crypto::Certificate* current(const std::vector<PinnedCertificate>& list, Instant when) {
    const PinnedCertificate* best = nullptr;
    for (const auto& item : list) {
        if (!item.validity.at(when) || !item.certificate.valid_at(when)) continue;
        if (item.distrusted_from && when >= *item.distrusted_from) continue;
        if (!best || item.validity.from > best->validity.from) best = &item;
    }
    return best ? &best->certificate : nullptr;
}

const Office* find_office(const Participant& participant, const OfficeId& office) {
    for (const auto& item : participant.offices)
        if (item.id == office) return &item;
    return nullptr;
}

bool competent(const Office& office, std::string_view role, Instant when) {
    return std::any_of(office.competences.begin(), office.competences.end(), [&](const auto& item) {
        return item.role == role && item.validity.at(when);
    });
}

Result<void> check_seal(
    const Directory& directory, const crypto::Certificate& certificate, const SealClaim& claim) {
    const auto* performer = directory.find(claim.performer);
    if (!performer)
        return refuse(
            Code::performer_unknown,
            say("{} is not in directory version {}", claim.performer.str(), directory.version()));
    const auto* pin = pinned(performer->seal, certificate.fingerprint());
    if (!pin) {
        for (const auto& other : directory.participants())
            if (pinned(other.seal, certificate.fingerprint()))
                return refuse(
                    Code::performer_not_signer, say("the act names {} and is sealed by {}",
                                                    claim.performer.str(), other.id.str()));
        return refuse(
            Code::seal_certificate,
            say("the directory does not name certificate {}", text(certificate.fingerprint())));
    }
    if (!pin->validity.at(claim.signed_at) || !certificate.valid_at(claim.signed_at))
        return refuse(
            Code::seal_certificate, say("the certificate was not in force at {}", claim.signed_at));
    if (pin->distrusted_from && claim.decided >= *pin->distrusted_from)
        return refuse(
            Code::seal_distrusted, say("the key is distrusted from {}", *pin->distrusted_from));
    if (claim.office.empty()) return {};
    const auto* office = find_office(*performer, claim.office);
    if (!office)
        return refuse(
            Code::office_unknown,
            say("{} has no office {}", claim.performer.str(), claim.office.str()));
    if (!competent(*office, claim.role, claim.signed_at))
        return refuse(
            Code::office_not_competent, say("{} was not competent as {} on {}", claim.office.str(),
                                            Said::role(claim.role), Said::day(claim.signed_at)));
    return {};
}

} // namespace comity::directory
