// When the next leaf of padding is due stands in the store, so that a restart neither skips nor
// repeats it.
#include "node/pad_record.hpp"

#include "base/check.hpp"
#include "record/padding.hpp"

namespace comity::node {

namespace {

constexpr std::string_view due_setting = "padding-due";

std::optional<Instant> due_at(StoreReader& reader) {
    const auto stored = reader.setting(due_setting);
    return stored ? instant_from(std::string_view(*stored)) : std::nullopt;
}

Milliseconds pause(Milliseconds mean, std::uint64_t random) {
    // The remainder favours no millisecond by more than one in 10^11.
    return mean / 2 + Milliseconds{static_cast<std::int64_t>(
                          random % (static_cast<std::uint64_t>(mean.count()) + 1))};
}

} // namespace

bool pad_record(Node& node, Milliseconds mean, std::uint64_t random) {
    CHECK_THAT(mean >= padding_least && mean <= padding_most);
    const auto& key = node.keys().record;
    if (!key) return false;
    const Instant now = node.now();
    const auto waits = [&](const std::optional<Instant>& due) {
        // Further away than any pause: the clock was set back, or the setting shortened.
        return due && *due > now && *due <= now + mean + mean / 2;
    };
    bool waiting = false;
    node.store().read([&](StoreReader& reader) { waiting = waits(due_at(reader)); });
    if (waiting) return false;
    bool added = false;
    node.store().write([&](StoreWriter& writer) {
        added = false;
        const auto due = due_at(writer);
        if (waits(due)) return;
        // At the first start, and after a clock was set back, only the time is decided.
        added = due && *due <= now;
        if (added) writer.add_leaf(record::padding_leaf(key->seed(), writer.leaf_count()));
        writer.put_setting(due_setting, to_text(now + pause(mean, random)));
    });
    return added;
}

} // namespace comity::node
