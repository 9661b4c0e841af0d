// Who one can be in the practice world, and what that person's authenticator answers.
#include "api/api.hpp"
#include "api/names.hpp"
#include "api/passkeys.hpp"
#include "api/practice.hpp"
#include "base/limits.hpp"

namespace comity::api {

namespace {

// The entries of the roll that are in force and whose passkey is one of the practice world's.
std::vector<directory::RollEntry> practised(Api& api) {
    std::vector<directory::RollEntry> out;
    for (auto& item : roll_items(api))
        if (!item.ended && api.practice->has(item.entry)) out.push_back(std::move(item.entry));
    return out;
}

http::Response list_practice(Api& api, const Call& call) {
    const auto directory = api.node().directory();
    if (!directory) return http::problem(directory.error());
    const auto language = language_of(call.request);
    const Names names(api);
    json::Array items;
    for (const auto& entry : practised(api)) {
        // Somebody who can sign in; the passkey for acts belongs to the same person.
        if (entry.purpose != directory::Purpose::sign_in) continue;
        items.emplace_back(json::Object{
            {"person", entry.person.str()},
            {"name", names.of(entry.person)},
            {"office_name", office_name(**directory, api.node().self(), entry.office, language)},
            {"roles", role_array(entry.roles)}});
    }
    return answer(json::Object{{"items", std::move(items)}});
}

http::Response practice_assertion(Api& api, const Call& call) {
    const auto body = call.body();
    if (!body) return http::problem(body.error());
    json::Reader in{*body, "assertion"};
    const auto person = in.string("person");
    const auto challenge = digest_from_text(in.string("challenge"));
    const auto rp_id = in.string("rp_id");
    if (!challenge) in.complain("challenge", say("is not 32 bytes in base64url"));
    if (const auto done = in.done(); !done) return http::problem(done.error());
    for (const auto& entry : practised(api)) {
        if (entry.person.str() != person || entry.passkey.rp_id != rp_id) continue;
        return answer(act::print_assertion(*api.practice->answer(entry, view(*challenge))));
    }
    return http::problem(unknown(call).value());
}

} // namespace

Result<PracticeKeys> PracticeKeys::read(std::span<const Bytes> saved) {
    PracticeKeys out;
    for (const auto& text : saved) {
        TRY(auto key, crypto::SoftwareAuthenticator::load(text));
        auto credential = key.passkey().credential_id;
        out.keys_.emplace(std::move(credential), std::move(key));
    }
    return out;
}

std::optional<crypto::Assertion> PracticeKeys::answer(
    const directory::RollEntry& entry, BytesView challenge) const {
    const auto at = keys_.find(entry.passkey.credential_id);
    if (at == keys_.end()) return std::nullopt;
    return at->second.sign(challenge);
}

void add_practice_operations(Handlers& handlers) {
    handlers["listPractice"] = list_practice;
    handlers["practiceAssertion"] = practice_assertion;
}

} // namespace comity::api
