// Drawing a sample, and drawing it again.
#include "record/sample.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

namespace comity::record {

namespace {

constexpr std::size_t seeds_max = 64;
constexpr std::string_view seed_domain = "comity/record/sample/seed/v1";
constexpr std::string_view draw_domain = "comity/record/sample/v1";

Bytes be64(std::uint64_t value) {
    Bytes out;
    put_be64(out, value);
    return out;
}

// Origins have no newline (they are a line of the checkpoint), so it can end them here.
Digest lot(const Digest& seed, std::string_view origin, std::uint64_t index) {
    return crypto::tagged_hash(draw_domain, {view(seed), origin, "\n", be64(index)});
}

Result<Checkpoint> open_seed(const Bytes& note, Instant closed, const Policy& policy) {
    TRY(const auto opened, policy.open(note));
    // The earliest cosignature that counts would be enough; all are asked for, which is simpler
    // and harder to get around.
    for (const auto& line : opened.cosignatures)
        if (Instant{std::chrono::seconds{static_cast<std::int64_t>(line.time)}} <= closed)
            return refuse(
                Code::proof_wrong,
                say("the checkpoint of {} was cosigned before the period ended",
                    opened.checkpoint.origin),
                "The seed of a sample is not known before the period has ended");
    if (opened.cosignatures.empty())
        return refuse(
            Code::proof_wrong, say("nobody says when {} had this root", opened.checkpoint.origin));
    return opened.checkpoint;
}

Result<Digest> seed_of(
    const SampleFrame& frame, Instant closed, const std::vector<Bytes>& seeds,
    const Policy& policy) {
    std::vector<Checkpoint> checkpoints;
    for (const auto& note : seeds) {
        TRY(auto checkpoint, open_seed(note, closed, policy));
        checkpoints.push_back(std::move(checkpoint));
    }
    std::sort(checkpoints.begin(), checkpoints.end(), [](const auto& a, const auto& b) {
        return a.origin < b.origin;
    });
    const auto same = [](const Checkpoint& a, const Checkpoint& b) {
        return a.origin == b.origin;
    };
    if (std::adjacent_find(checkpoints.begin(), checkpoints.end(), same) != checkpoints.end())
        return refuse(Code::proof_wrong, say("two seeds are of one log"));
    if (std::all_of(checkpoints.begin(), checkpoints.end(), [&](const auto& item) {
            return item.origin == frame.origin;
        }))
        return refuse(
            Code::proof_wrong, say("no seed is of another log than the one that is drawn from"),
            "Whoever keeps a record must not be able to try out seeds for it");
    return sample_seed(checkpoints);
}

Result<void> check_frame(const SampleFrame& frame) {
    if (frame.from >= frame.to || frame.to >= tree_size_max || frame.count == 0 ||
        frame.count > limits::sample_acts || frame.origin.empty() ||
        frame.origin.find('\n') != std::string::npos)
        return refuse(Code::proof_malformed, say("a sample is of one leaf at least of one record"));
    return {};
}

} // namespace

Digest sample_seed(std::span<const Checkpoint> checkpoints) {
    Bytes all;
    for (const auto& item : checkpoints) {
        all += item.text(); // ends with a newline; has the size and the root
        all += '\n';
    }
    return crypto::tagged_hash(seed_domain, {all});
}

std::vector<std::uint64_t> draw(const SampleFrame& frame, const Digest& seed) {
    // The smallest so far, the largest of them on top.
    std::priority_queue<std::pair<Digest, std::uint64_t>> best;
    for (std::uint64_t index = frame.from; index < frame.to; ++index) {
        const auto value = lot(seed, frame.origin, index);
        if (best.size() < frame.count)
            best.emplace(value, index);
        else if (value < best.top().first) {
            best.pop();
            best.emplace(value, index);
        }
    }
    std::vector<std::uint64_t> out;
    for (; !best.empty(); best.pop())
        out.push_back(best.top().second);
    std::sort(out.begin(), out.end());
    return out;
}

Bytes Sample::print() const {
    json::Array notes;
    for (const auto& note : seeds)
        notes.emplace_back(note);
    json::Array leaves;
    for (const auto index : drawn)
        leaves.emplace_back(static_cast<std::int64_t>(index));
    return json::pretty(json::Object{
        {"comity", "sample/1"},
        {"record", frame.origin},
        {"from", static_cast<std::int64_t>(frame.from)},
        {"to", static_cast<std::int64_t>(frame.to)},
        {"count", static_cast<std::int64_t>(frame.count)},
        {"closed", to_text(closed)},
        {"seeds", std::move(notes)},
        {"drawn", std::move(leaves)}});
}

Result<Sample> Sample::parse(BytesView bytes) {
    constexpr std::size_t bytes_max = seeds_max * limits::note_bytes;
    const auto bad = [](Said facts) {
        return refuse(Code::proof_malformed, std::move(facts));
    };
    TRY(const auto object, json::parse_object(bytes, bytes_max));
    json::Reader in{object, "sample"};
    Sample out;
    const auto version = in.string("comity");
    out.frame.origin = in.string("record");
    const auto from = in.integer("from");
    const auto to = in.integer("to");
    const auto count = in.integer("count");
    const auto closed = instant_from(in.string("closed"));
    const auto seeds = in.strings("seeds");
    const auto& drawn = in.array("drawn");
    TRY_VOID(in.done());
    if (version != "sample/1" || from < 0 || to < 0 || count < 0 || !closed ||
        seeds.size() > seeds_max || drawn.size() > limits::sample_acts)
        return bad(say("not a sample"));
    out.frame.from = static_cast<std::uint64_t>(from);
    out.frame.to = static_cast<std::uint64_t>(to);
    out.frame.count = static_cast<std::uint64_t>(count);
    TRY_VOID(check_frame(out.frame));
    out.closed = *closed;
    out.seeds = seeds;
    for (const auto& item : drawn) {
        if (!item.is_int64() || item.as_int64() < 0) return bad(say("a leaf that was drawn"));
        out.drawn.push_back(static_cast<std::uint64_t>(item.as_int64()));
    }
    return out;
}

Result<Sample> make_sample(
    const SampleFrame& frame, Instant closed, std::vector<Bytes> seeds, const Policy& policy) {
    TRY_VOID(check_frame(frame));
    if (seeds.empty() || seeds.size() > seeds_max)
        return refuse(Code::proof_malformed, say("{} seeds", seeds.size()));
    TRY(const auto seed, seed_of(frame, closed, seeds, policy));
    return Sample{frame, closed, std::move(seeds), draw(frame, seed)};
}

Result<void> redraw(const Sample& sample, const Policy& policy) {
    TRY(const auto again, make_sample(sample.frame, sample.closed, sample.seeds, policy));
    if (again.drawn != sample.drawn)
        return refuse(
            Code::proof_wrong, say("the leaves that are named are not those that the seed draws"));
    return {};
}

} // namespace comity::record
