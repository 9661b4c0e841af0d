// The deed of a witness: decide, store, answer.
#include "node/witness_checkpoint.hpp"

#include <fmt/format.h>

namespace comity::node {

record::WitnessAnswer witness_checkpoint(Node& node, BytesView body) {
    auto request = record::AddCheckpoint::parse(body);
    if (!request) return record::answer_malformed(request.error());
    const auto directory = node.directory();
    if (!node.keys().witness || !directory) {
        record::WitnessAnswer answer;
        answer.status = 404;
        answer.body = "this node is no witness\n";
        return answer;
    }
    record::FollowedLog log;
    const record::FollowedLog* followed = nullptr;
    for (const auto& participant : (*directory)->participants()) {
        if (participant.record.origin != request->checkpoint.origin ||
            participant.record.vkey.empty())
            continue;
        const auto key = record::VerifierKey::parse(participant.record.vkey);
        if (!key) continue;
        log = {participant.record.origin, {*key}};
        followed = &log;
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(node.now().time_since_epoch()).count();
    record::WitnessAnswer answer;
    // Reading what was cosigned last, deciding and storing are one transaction: two requests at
    // once cannot roll the state back.
    node.store().write([&](StoreWriter& writer) {
        record::WitnessState last;
        if (const auto row = writer.witnessed(request->checkpoint.origin))
            last = {static_cast<std::uint64_t>(row->size), row->root, row->note};
        answer = record::answer_add_checkpoint(
            *request, followed, last, node.settings().witness_name, *node.keys().witness,
            static_cast<record::Seconds>(seconds));
        if (answer.next)
            writer.put_witnessed(
                {request->checkpoint.origin, static_cast<std::int64_t>(answer.next->size),
                 answer.next->root, answer.next->note});
    });
    if (answer.is_evidence)
        node.log(
            "record contradicts itself",
            {{"origin", request->checkpoint.origin}, {"request", to_base64(body)}});
    return answer;
}

std::optional<Bytes> witnessed_checkpoint(Node& node, std::string_view wanted) {
    const auto directory = node.directory();
    if (!directory) return std::nullopt;
    for (const auto& participant : (*directory)->participants()) {
        if (record::origin_directory(participant.record.origin) != wanted) continue;
        std::optional<WitnessRow> row;
        node.store().read(
            [&](StoreReader& reader) { row = reader.witnessed(participant.record.origin); });
        if (row) return row->note;
    }
    return std::nullopt;
}

} // namespace comity::node
