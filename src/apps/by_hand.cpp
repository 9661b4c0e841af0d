// Command-line forms of what the pages and the practice world do.
#include "apps/by_hand.hpp"

#include "apps/control.hpp"
#include "apps/now.hpp"
#include "apps/setup.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "crypto/webauthn.hpp"

#include <fmt/format.h>

namespace comity::apps {

namespace {

json::Object print_passkey(const crypto::Passkey& passkey) {
    return {
        {"id", to_base64url(passkey.credential_id)},
        {"point", to_base64url(passkey.key.point())},
        {"rp_id", passkey.rp_id},
        {"origin", passkey.origin}};
}

Result<crypto::SoftwareAuthenticator> load_passkey(const std::string& file) {
    TRY(const auto saved, read_file(file));
    return crypto::SoftwareAuthenticator::load(saved);
}

Result<json::Object> read_object(const std::string& file) {
    TRY(const auto text, read_file(file));
    return json::parse_object(text, limits::envelope_bytes);
}

// `name=file`, as options give a person's passkey or a witness's key.
Result<std::pair<std::string, std::string>> named_file(const std::string& option) {
    const auto at = option.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == option.size())
        return refuse(Code::setting_invalid, fmt::format("\"{}\" is not name=file", option));
    return std::pair{option.substr(0, at), option.substr(at + 1)};
}

Result<Digest> challenge_in(const json::Object& prepared) {
    const auto* value = prepared.if_contains("challenge");
    const auto challenge = value && value->is_string()
                               ? digest_from_text(std::string_view(value->as_string()))
                               : std::nullopt;
    if (!challenge) return refuse(Code::draft_unknown, "the node's answer holds no challenge");
    return *challenge;
}

} // namespace

Result<void> create_passkey(const std::string& file, const std::string& host) {
    const std::string rp = "sign." + host;
    const auto passkey = crypto::SoftwareAuthenticator::create(rp, "https://" + rp);
    write_new_file(file, passkey.save(), true);
    fmt::print("{}", json::pretty(print_passkey(passkey.passkey())));
    return {};
}

Result<void> draft_directory(const DirectoryDraft& wanted) {
    TRY(const auto pack,
        law::Pack::load(wanted.law.empty() ? default_law_directory() : wanted.law, crypto::sha256));
    directory::Draft draft;
    draft.federation = wanted.federation;
    draft.version = wanted.version;
    draft.issued = system_now();
    draft.expires = add(draft.issued, Period{.days = wanted.days});
    draft.law_pack = pack.digest();
    draft.threshold = wanted.threshold;
    for (const auto& file : wanted.participants) {
        TRY(const auto object, read_object(file));
        TRY(auto participant, directory::parse_participant(object));
        if (participant.founders.empty())
            return refuse(
                Code::directory_malformed,
                fmt::format("{} has no founders yet", participant.id.str()), {}, {},
                "Put them on its roll first: comity founders confirm");
        if (participant.kind == directory::Kind::authority) draft.members.push_back(participant.id);
        draft.participants.push_back(std::move(participant));
    }
    std::string names;
    for (const auto& option : wanted.witnesses) {
        TRY(const auto named, named_file(option));
        TRY(auto vkey, read_file(named.second));
        while (!vkey.empty() && vkey.back() == '\n')
            vkey.pop_back();
        draft.witness_policy += fmt::format("witness {} {}\n", named.first, vkey);
        names += " " + named.first;
    }
    // More than one witness: most of them have to sign.
    if (names.empty())
        draft.witness_policy = "quorum none\n";
    else
        draft.witness_policy += fmt::format(
            "group all-witnesses {}{}\nquorum all-witnesses\n", wanted.witnesses.size() / 2 + 1,
            names);
    if (!wanted.rules.empty()) {
        TRY(const auto rules, read_object(wanted.rules));
        TRY(draft.rules, directory::parse_rules(rules, draft.issued));
    }
    const Bytes payload = directory::print_directory(draft);
    TRY_VOID(directory::Directory::read(payload).map([](auto&&) {}));
    write_new_file(wanted.out, payload, false);
    return {};
}

Result<void> sign_directory(const std::string& dir, const std::string& in, const std::string& out) {
    TRY(const auto file, read_settings(dir));
    TRY(const auto keys, read_keys(dir, file));
    TRY(const auto text, read_file(in));
    const crypto::JwsSigner signer{keys.seal, keys.seal_certificate};
    // A draft is the bare document; afterwards it travels as a JWS that each member adds to.
    if (directory::Directory::read(text)) {
        write_new_file(
            out, crypto::sign_jws(text, directory::directory_type, system_now(), signer), false);
        return {};
    }
    TRY(const auto more,
        crypto::add_signature(
            text, directory::directory_type, system_now(), signer, limits::directory_bytes * 2));
    write_new_file(out, more, false);
    return {};
}

Result<void> install_directory_file(const std::string& dir, const std::string& file) {
    TRY(const auto text, read_file(file));
    TRY_VOID(Control(dir).raw("POST", "/directory", text).map([](auto&&) {}));
    return {};
}

Result<void> enrol_by_hand(const Enrolling& wanted) {
    if (wanted.by.size() != 2)
        return refuse(Code::roll_two_people, fmt::format("{} people were named", wanted.by.size()));
    TRY(const auto passkey, load_passkey(wanted.passkey));
    std::vector<std::pair<std::string, crypto::SoftwareAuthenticator>> by;
    for (const auto& option : wanted.by) {
        TRY(const auto named, named_file(option));
        TRY(auto key, load_passkey(named.second));
        by.emplace_back(named.first, std::move(key));
    }
    json::Array roles;
    for (const auto& role : wanted.roles)
        roles.emplace_back(role);
    const std::string until = to_text(add(system_now(), Period{.days = wanted.days}));
    Control control(wanted.dir);
    TRY(const auto prepared, control.post(
                                 "/roll/prepare", {{"person", wanted.person},
                                                   {"office", wanted.office},
                                                   {"roles", std::move(roles)},
                                                   {"purpose", "sign"},
                                                   {"by_first", by[0].first},
                                                   {"by_second", by[1].first},
                                                   {"passkey", print_passkey(passkey.passkey())},
                                                   {"valid_until", until},
                                                   {"trained_until", until}}));
    TRY(const auto challenge, challenge_in(prepared));
    TRY(const auto enrolled,
        control.post(
            "/roll/enrol", {{"entry", prepared.at("entry")},
                            {"first", act::print_assertion(by[0].second.sign(view(challenge)))},
                            {"second", act::print_assertion(by[1].second.sign(view(challenge)))}}));
    fmt::print("{}", json::pretty(enrolled));
    return {};
}

Result<void> act_by_hand(const Acting& wanted) {
    TRY(const auto passkey, load_passkey(wanted.passkey));
    TRY(auto fields, read_object(wanted.fields));
    if (const auto* inner = fields.if_contains("fields");
        inner && inner->is_object() && fields.contains("form"))
        fields = json::Object(inner->as_object());
    json::Object intent{
        {"act", wanted.act},
        {"office", wanted.office},
        {"role", wanted.role},
        {"person", wanted.person},
        {"fields", std::move(fields)}};
    if (!wanted.case_id.empty())
        intent["case"] = wanted.case_id;
    else
        intent["procedure"] = wanted.procedure;
    if (!wanted.joining.empty()) intent["joining"] = wanted.joining;
    if (!wanted.about.empty()) {
        json::Array about;
        for (const auto& hash : wanted.about)
            about.emplace_back(hash);
        intent["about"] = std::move(about);
    }
    if (!wanted.opening.empty()) {
        TRY(auto opening, read_object(wanted.opening));
        intent["opening"] = std::move(opening);
    }
    Control control(wanted.dir);
    TRY(const auto prepared, control.post("/acts/prepare", intent));
    TRY(const auto challenge, challenge_in(prepared));
    TRY(const auto performed,
        control.post(
            "/acts/perform", {{"act", prepared.at("act")},
                              {"assertion", act::print_assertion(passkey.sign(view(challenge)))}}));
    fmt::print(
        "{}", json::pretty(json::Object{
                  {"case", prepared.at("case")},
                  {"act", prepared.at("act")},
                  {"admitted", performed.at("admitted")}}));
    return {};
}

} // namespace comity::apps
