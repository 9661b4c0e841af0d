// Sign-in and the life of a session.
#include "api/sessions.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/roll_chain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t client_data_bytes = 4096; // as the verifier's own bound

Digest token_hash(std::string_view token) {
    return crypto::tagged_hash("comity/session/v1", {token});
}

// The challenge that the client data answers; whether it does so rightly the verifier checks.
std::optional<Digest> answered(const crypto::Assertion& assertion) {
    const auto object = json::parse_object(assertion.client_data, client_data_bytes);
    if (!object) return std::nullopt;
    const auto* value = object->if_contains("challenge");
    if (!value || !value->is_string()) return std::nullopt;
    return digest_from_text(std::string_view(value->as_string()));
}

struct Entry {
    directory::RollEntry entry;
    Digest hash{};
};

// The entry in force with that credential, for signing in. One for approving acts is none (T11).
Result<Entry> entry_of(node::RollIndex& roll, BytesView credential) {
    auto found = roll.with_credential(credential);
    if (!found)
        return refuse(Code::approval_roll_entry, say("no entry of the roll has this passkey"));
    auto& entry = found->sealed.entry;
    if (found->ended)
        return refuse(Code::approval_revoked, say("{} has left the roll", entry.person.str()));
    if (entry.purpose != directory::Purpose::sign_in)
        return refuse(
            Code::approval_purpose, say("this passkey approves acts and signs nobody in"));
    return Entry{std::move(entry), found->sealed.hash};
}

Session session_of(const Entry& found, Instant now) {
    Session out;
    out.person = found.entry.person;
    out.office = found.entry.office;
    if (now < found.entry.trained_until) out.roles = found.entry.roles;
    out.entry = found.hash;
    out.trained_until = found.entry.trained_until;
    out.ends = std::min(now + limits::session_time, found.entry.valid_until);
    return out;
}

} // namespace

void Sessions::forget_old(Instant now) {
    std::erase_if(challenges_, [&](const auto& item) { return item.second <= now; });
    std::erase_if(held_, [&](const auto& item) {
        return item.second.session.ends <= now || item.second.used + limits::session_idle <= now;
    });
}

Digest Sessions::challenge() {
    const auto digest = digest_from(crypto::random_bytes(token_bytes));
    CHECK_THAT(digest.has_value());
    const Instant now = node_.now();
    const std::scoped_lock lock(mutex_);
    forget_old(now);
    // A flood of beginnings drops the oldest: who really signs in does so within seconds (T54).
    if (challenges_.size() >= limits::sign_in_challenges)
        challenges_.erase(std::min_element(
            challenges_.begin(), challenges_.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; }));
    challenges_.emplace(*digest, now + limits::sign_in_time);
    return *digest;
}

Result<Sessions::Opened> Sessions::open(const crypto::Assertion& assertion) {
    const Instant now = node_.now();
    const auto challenge = answered(assertion);
    if (!challenge)
        return refuse(Code::approval_malformed, say("the client data names no challenge"));
    {
        const std::scoped_lock lock(mutex_);
        forget_old(now);
        // Taken whatever follows: an answer is tried once.
        if (challenges_.erase(*challenge) == 0)
            return refuse(
                Code::approval_challenge,
                say("the challenge was not given here, was used, or is old"));
    }
    TRY(const auto found, entry_of(node_.roll(), assertion.credential_id));
    TRY_VOID(node::entry_in_force(node_, found.entry, found.hash));
    TRY_VOID(crypto::verify_assertion(found.entry.passkey, assertion, view(*challenge)));
    Opened out{to_base64url(crypto::random_bytes(token_bytes)), session_of(found, now)};
    node_.store().write(
        [&](node::StoreWriter& writer) { node::note_use(writer, found.hash, now); });
    const std::scoped_lock lock(mutex_);
    if (held_.size() >= limits::sessions)
        return refuse(Code::rate_exceeded, say("{} people are signed in", held_.size()));
    held_.emplace(token_hash(out.token), Held{out.session, now});
    return out;
}

std::optional<Session> Sessions::find(std::string_view token) {
    const Instant now = node_.now();
    const Digest key = token_hash(token);
    Session session;
    {
        const std::scoped_lock lock(mutex_);
        forget_old(now);
        const auto at = held_.find(key);
        if (at == held_.end()) return std::nullopt;
        at->second.used = now;
        session = at->second.session;
    }
    // Who leaves the roll is out with the next request, whoever ended the entry and how (T13, T44).
    std::optional<node::RollRow> row;
    node_.store().read([&](node::StoreReader& reader) { row = reader.find_roll(session.entry); });
    if (!row || row->ended || node::revoked_in_directory(node_, session.entry)) {
        close_all(session.person);
        return std::nullopt;
    }
    if (now >= session.trained_until) session.roles.clear();
    return session;
}

void Sessions::close(std::string_view token) {
    const std::scoped_lock lock(mutex_);
    held_.erase(token_hash(token));
}

void Sessions::close_all(const PersonId& person) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(held_, [&](const auto& item) { return item.second.session.person == person; });
}

std::size_t Sessions::size() const {
    const std::scoped_lock lock(mutex_);
    return held_.size();
}

} // namespace comity::api
