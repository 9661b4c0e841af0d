// The fold over obligation and discharge leaves.
#include "record/obligations.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

namespace comity::record {

namespace {

tl::unexpected<Refusal> broken(Said facts) {
    return refuse(
        Code::leaf_malformed, std::move(facts),
        "Of a case and kind one obligation is open at a time, a discharge closes one that is open, "
        "and an extension is followed at once by the obligation with the new day");
}

tl::unexpected<Refusal> unreadable(Said facts) {
    return refuse(Code::proof_malformed, std::move(facts));
}

std::optional<Duty> duty_from(std::string_view name) {
    for (const Duty duty : {Duty::notice, Duty::deletion, Duty::authorisation})
        if (name_of(duty) == name) return duty;
    return std::nullopt;
}

json::Object describe(const OpenObligation& item) {
    return {
        {"index", static_cast<std::int64_t>(item.index)},
        {"duty", name_of(item.duty)},
        {"day", day_text(item.day)},
        {"case", text(item.handle)},
        {"extensions", static_cast<std::int64_t>(item.extensions)}};
}

Result<OpenObligation> read_open(const json::Object& object) {
    json::Reader in{object, "obligation"};
    const auto index = in.integer("index");
    const auto duty = duty_from(in.string("duty"));
    const auto day = day_from(in.string("day"));
    const auto handle = digest_from_text(in.string("case"));
    const auto extensions = in.integer("extensions");
    TRY_VOID(in.done());
    if (index < 0 || !duty || !day || !handle || extensions < 0 || extensions > UINT32_MAX)
        return unreadable(say("an open obligation of the state"));
    return OpenObligation{
        static_cast<std::uint64_t>(index), *duty, *day, *handle,
        static_cast<std::uint32_t>(extensions)};
}

} // namespace

Result<void> Obligations::add(std::uint64_t index, const Leaf& leaf) {
    if (moving_) {
        if (leaf.kind != Leaf::Kind::obligation || leaf.duty != moving_->duty ||
            leaf.day != moving_->day || leaf.hash != moving_->handle) {
            moving_.reset();
            // What stands in its place is still read, so that one fault is not counted twice.
            static_cast<void>(add(index, leaf));
            return broken(
                say("leaf {} does not take the place of what the leaf before it extended", index));
        }
        const auto extensions = moving_->extensions + 1;
        moving_.reset();
        return take({index, leaf.duty, leaf.day, leaf.hash, extensions});
    }
    if (leaf.kind == Leaf::Kind::obligation)
        return take({index, leaf.duty, leaf.day, leaf.hash, 0});
    if (leaf.kind != Leaf::Kind::discharge) return {};
    const auto at = open_.find(static_cast<std::uint64_t>(leaf.closes));
    if (at == open_.end())
        return broken(
            say("leaf {} closes leaf {}, where no obligation is open", index, leaf.closes));
    ++ended_[static_cast<std::size_t>(at->second.duty)][static_cast<std::size_t>(leaf.ending)];
    if (leaf.ending == Ending::extended) {
        moving_ = at->second;
        moving_->day = leaf.day;
    }
    cases_.erase({at->second.handle, at->second.duty});
    open_.erase(at);
    return {};
}

Result<void> Obligations::take(OpenObligation item) {
    if (!cases_.emplace(item.handle, item.duty).second)
        return broken(
            say("leaf {} owes what an open obligation of the same case owes already", item.index));
    open_.emplace(item.index, item);
    return {};
}

Result<void> Obligations::whole() const {
    if (moving_)
        return broken(
            say("what was owed by leaf {} was extended to {}, and nothing owes it by then",
                moving_->index, Said::day(moving_->day)));
    return {};
}

std::vector<OpenObligation> Obligations::overdue(Instant today) const {
    const Instant day = std::chrono::floor<std::chrono::days>(today);
    std::vector<OpenObligation> out;
    for (const auto& [index, item] : open_)
        if (item.day < day) out.push_back(item);
    return out;
}

Bytes Obligations::print() const {
    json::Array open;
    for (const auto& [index, item] : open_)
        open.emplace_back(describe(item));
    json::Array ended;
    for (const auto& row : ended_)
        for (const auto count : row)
            ended.emplace_back(static_cast<std::int64_t>(count));
    json::Object out{{"open", std::move(open)}, {"ended", std::move(ended)}};
    if (moving_) out["moving"] = describe(*moving_);
    return json::print(out);
}

Result<Obligations> Obligations::parse(BytesView text) {
    const auto object = json::parse_object(text, limits::monitor_state_bytes);
    if (!object) return unreadable(object.error().facts);
    json::Reader in{*object, "obligations"};
    const auto& open = in.array("open");
    const auto& ended = in.array("ended");
    const auto* moving = in.object_if("moving");
    TRY_VOID(in.done());
    Obligations out;
    for (const auto& value : open) {
        if (!value.is_object()) return unreadable(say("an open obligation of the state"));
        TRY(const auto item, read_open(value.as_object()));
        if (out.open_.contains(item.index) || !out.take(item))
            return unreadable(say("an obligation of the state stands twice"));
    }
    if (ended.size() != 12) return unreadable(say("the counts of the state"));
    for (std::size_t i = 0; i < ended.size(); ++i) {
        if (!ended[i].is_int64() || ended[i].as_int64() < 0) return unreadable(say("a count"));
        out.ended_[i / 4][i % 4] = static_cast<std::uint64_t>(ended[i].as_int64());
    }
    if (moving) {
        TRY(const auto item, read_open(*moving));
        out.moving_ = item;
    }
    return out;
}

} // namespace comity::record
