// The oversight body's own view of its node: what may be read, and the sample.
#include "node/oversee.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "node/sequence_record.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

act::Sealed parsed(const ActRow& row) {
    auto sealed = act::parse_sealed(row.seal);
    if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
    return std::move(*sealed);
}

bool is_oversight(const Node& node) {
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    return self && self->kind == directory::Kind::oversight;
}

// The first act that a header builds on is the one before it, which it cannot leave out. What
// stands after that was named on purpose.
std::vector<Digest> named_by(act::Header header) {
    if (!header.after.empty()) header.after.erase(header.after.begin());
    return std::move(header.after);
}

bool names(const act::Header& header, const Digest& hash) {
    const auto all = named_by(header);
    return std::find(all.begin(), all.end(), hash) != all.end();
}

} // namespace

Result<void> may_read(Node& node, StoreReader& reader, const ActRow& act) {
    if (!is_oversight(node)) return {};
    if (parsed(act).header.performer == node.self()) return {};
    for (const auto& row : reader.acts(act.case_id, act.sequence, limits::acts_per_case)) {
        if (row.kind != "inspect" || row.admitted + limits::inspection_time <= node.now()) continue;
        const auto header = parsed(row).header;
        if (header.performer == node.self() && names(header, act.hash)) return {};
    }
    return refuse(
        Code::inspection_missing,
        say("act {} of case {} ({})", act.sequence, act.case_id.str(), Said::act(act.kind)));
}

Result<std::vector<Digest>> named_acts(const std::vector<std::string>& hashes) {
    if (hashes.size() > limits::inspected_acts)
        return refuse(Code::too_large, say("{} acts are named", hashes.size()));
    std::vector<Digest> out;
    for (const auto& hash : hashes) {
        const auto digest = digest_from_text(hash);
        if (!digest) return refuse(Code::builds_on_unknown, say("an act is named by its hash"));
        out.push_back(*digest);
    }
    return out;
}

std::vector<SeenCase> seen_cases(Node& node, std::size_t limit) {
    std::vector<SeenCase> out;
    node.store().read([&](StoreReader& reader) {
        for (const auto& row : reader.cases(limit)) {
            auto state = find_case(node, reader, row.id);
            if (!state) continue;
            SeenCase seen;
            seen.graph = graph_of(node, *state);
            seen.state = std::move(*state);
            for (const auto& act : reader.acts(row.id, 0, limits::acts_per_case)) {
                auto sealed = parsed(act);
                auto& header = sealed.header;
                seen.acts.push_back(
                    {act.sequence, act.kind, act.hash, header.performer, header.role, header.person,
                     header.time, sealed.seal.signed_at, act.admitted, act.leaf,
                     act.kind == "inspect" ? named_by(header) : std::vector<Digest>{}});
            }
            out.push_back(std::move(seen));
        }
    });
    return out;
}

Result<record::Sample> draw_sample(Node& node, const SampleOrder& order) {
    TRY(const auto directory, node.directory());
    if (order.until > node.now() || order.from >= order.until)
        return refuse(
            Code::proof_malformed,
            say("a period that has ended: {} to {}", order.from, order.until));
    TRY(const auto policy, witness_policy(*directory));
    record::SampleFrame frame;
    frame.origin = directory->find(node.self())->record.origin;
    frame.count = order.count;
    frame.from = UINT64_MAX;
    for (const auto& seen : seen_cases(node))
        for (const auto& act : seen.acts) {
            if (act.admitted < order.from || act.admitted >= order.until) continue;
            const auto leaf = static_cast<std::uint64_t>(act.leaf);
            frame.from = std::min(frame.from, leaf);
            frame.to = std::max(frame.to, leaf + 1);
        }
    if (frame.to == 0)
        return refuse(Code::not_found, say("no act of this period stands in this node's record"));
    return record::make_sample(frame, order.until, order.seeds, policy);
}

std::vector<Bytes> fetch_seeds(Node& node) {
    std::vector<Bytes> out;
    const auto directory = node.directory();
    if (!directory) return out;
    for (const auto& participant : (*directory)->participants()) {
        if (participant.id == node.self() || participant.record.vkey.empty()) continue;
        Said problem;
        const auto answer =
            node.peers().call(participant.id, {"GET", "/record/checkpoint", {}, {}, ""}, problem);
        if (answer && answer->status == 200 && answer->body.size() <= limits::note_bytes)
            out.push_back(answer->body);
    }
    return out;
}

Result<json::Array> sampled_acts(Node& node, const record::Sample& sample) {
    TRY(const auto directory, node.directory());
    if (directory->find(node.self())->record.origin != sample.frame.origin)
        return refuse(
            Code::not_found,
            say("the sample is of {}; its acts are known there", sample.frame.origin));
    json::Array out;
    for (const auto& seen : seen_cases(node)) {
        std::vector<Digest> inspected;
        for (const auto& act : seen.acts)
            if (act.kind == "inspect" && act.performer == node.self())
                inspected.insert(inspected.end(), act.names.begin(), act.names.end());
        for (const auto& act : seen.acts) {
            const auto leaf = static_cast<std::uint64_t>(act.leaf);
            if (!std::binary_search(sample.drawn.begin(), sample.drawn.end(), leaf)) continue;
            out.emplace_back(json::Object{
                {"leaf", act.leaf},
                {"case", seen.state.id.str()},
                {"sequence", act.sequence},
                {"act", act.kind},
                {"hash", text(act.hash)},
                {"performer", act.performer.str()},
                {"inspected",
                 std::find(inspected.begin(), inspected.end(), act.hash) != inspected.end()}});
        }
    }
    std::sort(out.begin(), out.end(), [](const json::Value& a, const json::Value& b) {
        return a.at("leaf").as_int64() < b.at("leaf").as_int64();
    });
    return out;
}

} // namespace comity::node
