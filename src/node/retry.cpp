// Waits between tries.
#include "node/retry.hpp"

#include "crypto/hash.hpp"
#include "node/node.hpp"

#include <algorithm>

namespace comity::node {

namespace {

constexpr Milliseconds heard_again{2'000};

} // namespace

Milliseconds growing_wait(Milliseconds first, Milliseconds most, std::int64_t attempts) {
    auto wait = first;
    for (std::int64_t i = 1; i < attempts && wait < most; ++i)
        wait *= 2;
    return std::min(wait, most);
}

Milliseconds retry_wait(const Settings& settings, std::int64_t attempts) {
    const auto wait = growing_wait(settings.retry_first, settings.retry_most, attempts);
    const auto random = static_cast<unsigned char>(crypto::random_bytes(1).front());
    return wait + wait * random / 1024;
}

Reach::Turn::Turn(Reach& reach, Line line, ParticipantId to, Instant due)
    : reach_(&reach), line_(line), to_(std::move(to)), due_(due) {}

Reach::Turn::Turn(Turn&& other) noexcept
    : reach_(std::exchange(other.reach_, nullptr)),
      line_(other.line_),
      to_(std::move(other.to_)),
      due_(other.due_) {}

Reach::Turn::~Turn() {
    if (!reach_) return;
    const std::scoped_lock lock(reach_->mutex_);
    reach_->taken_.erase({line_, to_});
}

std::optional<Reach::Turn> Reach::turn(Line line, const ParticipantId& to, Instant now) {
    const std::scoped_lock lock(mutex_);
    const auto [at, unknown] = partners_.try_emplace(to);
    auto& partner = at->second;
    // What an earlier process put off is due as well.
    if (unknown) partner.put_off = now + settings_.retry_most + settings_.retry_most / 4;
    // A clock that was set back must not make the wait longer.
    if (partner.attempts > 0 && now < partner.wake && now >= partner.last) return std::nullopt;
    if (!taken_.emplace(line, to).second) return std::nullopt;
    return Turn(*this, line, to, std::max(now, partner.put_off));
}

Instant Reach::no_answer(const ParticipantId& from, Instant now) {
    const std::scoped_lock lock(mutex_);
    auto& partner = partners_[from];
    partner.last = now;
    partner.wake = now + retry_wait(settings_, ++partner.attempts);
    partner.put_off = std::max(partner.put_off, partner.wake);
    return partner.wake;
}

void Reach::answered(const ParticipantId& from) {
    const std::scoped_lock lock(mutex_);
    partners_[from].attempts = 0;
}

void Reach::caught_up(const ParticipantId& with) {
    const std::scoped_lock lock(mutex_);
    partners_[with].put_off = {};
}

void Reach::heard(const ParticipantId& from, Instant now) {
    const std::scoped_lock lock(mutex_);
    const auto at = partners_.find(from);
    if (at == partners_.end()) return;
    auto& partner = at->second;
    partner.wake = std::min(partner.wake, std::max(now, partner.last + heard_again));
}

std::optional<Instant> Reach::next_try(const ParticipantId& to) const {
    const std::scoped_lock lock(mutex_);
    const auto at = partners_.find(to);
    if (at == partners_.end() || at->second.attempts == 0) return std::nullopt;
    return at->second.wake;
}

bool Offers::due(const Digest& item, Instant now) const {
    const std::scoped_lock lock(mutex_);
    const auto at = waits_.find(item);
    return at == waits_.end() || now >= at->second.until;
}

void Offers::refused(const Digest& item, Instant now, Said problem) {
    const std::scoped_lock lock(mutex_);
    auto& wait = waits_.try_emplace(item, Wait{0, now, now, {}}).first->second;
    wait.until = now + retry_wait(settings_, ++wait.attempts);
    wait.problem = std::move(problem);
}

void Offers::settled(const Digest& item) {
    const std::scoped_lock lock(mutex_);
    waits_.erase(item);
}

std::optional<Offers::Wait> Offers::waits(const Digest& item) const {
    const std::scoped_lock lock(mutex_);
    const auto at = waits_.find(item);
    if (at == waits_.end()) return std::nullopt;
    return at->second;
}

} // namespace comity::node
