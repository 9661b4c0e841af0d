// Pushing, taking and destroying ciphertext.
#include "node/transfer_evidence.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/deliver_outbox.hpp"
#include "node/evidence_files.hpp"
#include "node/lock_evidence.hpp"
#include "node/retry.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t rows_at_once = 64;
constexpr std::size_t envelope_bytes_max = 64 * 1024;

Digest hash_of(Files& files, const std::string& name) {
    crypto::Sha256 hash;
    for (std::uint64_t offset = 0;;) {
        const auto block = files.read_range(name, offset, limits::evidence_chunk_bytes);
        if (!block || block->empty()) break;
        hash.update(*block);
        offset += block->size();
    }
    return hash.finish();
}

void set_state(Node& node, EvidenceRow row, EvidenceRow::State state) {
    row.state = state;
    node.store().write([&](StoreWriter& writer) {
        // A deletion may have come meanwhile; it wins.
        const auto now = writer.find_evidence(row.case_id, row.hash);
        if (now && now->state < EvidenceRow::State::destroyed) writer.put_evidence(row);
    });
}

std::optional<Progress> progress_in(BytesView body) {
    const auto object = json::parse_object(body, 4096);
    if (!object) return std::nullopt;
    json::Reader in{*object, "progress"};
    const auto received = in.integer("received");
    const bool complete = in.boolean("complete");
    if (!in.done() || received < 0) return std::nullopt;
    return Progress{static_cast<std::uint64_t>(received), complete};
}

struct Pushed {
    enum class End { arrived, refused, no_answer };

    End end = End::arrived;
    Said problem; ///< of a refusal
};

// One object from here to its receiver.
Pushed push(Node& node, const EvidenceRow& row) {
    using enum Pushed::End;
    const std::string file = object_file(row);
    const std::uint64_t total = node.files().size(file);
    const std::string target =
        fmt::format("/exchange/v1/evidence/{}/{}", row.case_id.str(), text(row.hash));
    std::uint64_t offset = 0;
    Bytes chunk; // the first call asks how much has arrived
    for (;;) {
        const std::string range =
            chunk.empty() ? fmt::format("bytes */{}", total)
                          : fmt::format("bytes {}-{}/{}", offset, offset + chunk.size() - 1, total);
        Said problem;
        const auto answer = node.peers().call(
            row.to, {"PUT", target, {{"Content-Range", range}}, chunk, "application/octet-stream"},
            problem);
        if (!answer) return {no_answer, {}};
        node.reach().answered(row.to);
        if (answer->status != 200 && answer->status != 202) {
            const auto refusal = refusal_in(answer->body);
            // Destroyed there before it arrived: nobody waits for it any more.
            if (refusal && refusal->code == Code::evidence_deleted) return {arrived, {}};
            node.log(
                "evidence refused", {{"to", row.to.str()},
                                     {"hash", text(row.hash)},
                                     {"code", refusal ? std::string(refusal->name())
                                                      : std::to_string(answer->status)}});
            return {
                refused,
                refusal ? refused_there(*refusal) : say("answered with status {}", answer->status)};
        }
        const auto progress = progress_in(answer->body);
        if (!progress) return {refused, say("its answer is not readable")};
        if (progress->complete) return {arrived, {}};
        offset = progress->received;
        if (offset >= total) // by count and not by hash: it begins anew next time
            return {refused, say("all of it was sent, and the other node does not have it")};
        chunk =
            node.files().read_range(file, offset, limits::evidence_chunk_bytes).value_or(Bytes{});
        if (chunk.empty()) return {refused, say("it could not be read from the disk of this node")};
    }
}

// While a case is locked its data stays where it is.
bool moves(Node& node, const CaseId& id) {
    std::optional<casefile::Case> state;
    node.store().read([&](StoreReader& reader) { state = find_case(node, reader, id); });
    return state && check_unlocked(node, *state);
}

// Everything for one receiver, as far as it goes; returns how many objects were completed.
std::size_t push_to(Node& node, const ParticipantId& to) {
    const auto turn = node.reach().turn(Reach::Line::evidence, to, node.now());
    if (!turn) return 0;
    std::size_t count = 0;
    std::map<CaseId, bool> unlocked;
    std::optional<EvidencePlace> after;
    for (;;) {
        std::vector<EvidenceRow> rows;
        node.store().read([&](StoreReader& reader) {
            rows = reader.evidence_to_send(node.self(), to, after, rows_at_once);
        });
        if (rows.empty()) return count;
        for (const auto& row : rows) {
            const auto [known, first] = unlocked.try_emplace(row.case_id);
            if (first) known->second = moves(node, row.case_id);
            if (!known->second || !node.offers().due(row.hash, node.now())) continue;
            auto pushed = push(node, row);
            switch (pushed.end) {
            case Pushed::End::arrived:
                // The receiver has it; the copy here has served its purpose and goes.
                set_state(node, row, EvidenceRow::State::destroyed);
                ++count;
                break;
            case Pushed::End::refused:
                node.offers().refused(row.hash, node.now(), std::move(pushed.problem));
                break;
            case Pushed::End::no_answer: node.reach().no_answer(to, node.now()); return count;
            }
        }
        after = EvidencePlace{rows.back().case_id, rows.back().hash};
    }
}

// Who has nothing to do with an item learns nothing of it, also not that it has been deleted (T46).
Result<EvidenceRow> expected_row(
    Node& node, const CaseId& id, const Digest& hash,
    const std::function<bool(const EvidenceRow&)>& concerns) {
    std::optional<EvidenceRow> row;
    std::optional<casefile::Case> state;
    node.store().read([&](StoreReader& reader) {
        row = reader.find_evidence(id, hash);
        if (row) state = find_case(node, reader, id);
    });
    if (!row || !concerns(*row))
        return refuse(Code::evidence_unknown, say("{} in case {}", text(hash), id.str()));
    if (row->state >= EvidenceRow::State::destroyed)
        return refuse(Code::evidence_deleted, say("{} in case {}", text(hash), id.str()));
    CHECK_THAT(state.has_value()); // evidence stands in a case
    TRY_VOID(check_unlocked(node, *state));
    return std::move(*row);
}

Result<Progress> complete_object(Node& node, const EvidenceRow& row, const std::string& part) {
    auto& files = node.files();
    files.flush(part);
    if (hash_of(files, part) != row.hash) {
        files.destroy(part);
        return refuse(
            Code::evidence_corrupt,
            say("{} arrived with another hash and was thrown away", text(row.hash)));
    }
    files.rename(part, object_file(row));
    set_state(node, row, EvidenceRow::State::complete);
    return Progress{files.size(object_file(row)), true};
}

} // namespace

std::size_t push_evidence(Node& node) {
    std::vector<ParticipantId> receivers;
    node.store().read(
        [&](StoreReader& reader) { receivers = reader.evidence_recipients(node.self()); });
    std::size_t count = 0;
    for (const auto& to : receivers)
        count += push_to(node, to);
    if (count > 0) destroy_evidence(node);
    return count;
}

Result<Progress> take_chunk(
    Node& node, const ParticipantId& from, const CaseId& id, const Digest& hash,
    const Chunk& chunk) {
    TRY(const auto row, expected_row(node, id, hash, [&](const EvidenceRow& one) {
            return one.from == from && one.to == node.self();
        }));
    if (row.state == EvidenceRow::State::complete) return Progress{chunk.total, true};
    const bool right_size = row.size > 0 ? chunk.total == row.size
                                         : chunk.total > 0 && chunk.total <= envelope_bytes_max;
    if (!right_size)
        return refuse(
            Code::evidence_corrupt,
            say("{} bytes were announced and {} are sent", row.size, chunk.total));
    const std::string part = object_part_file(row);
    const std::uint64_t have = node.files().size(part);
    if (have == chunk.total && chunk.bytes.empty()) return complete_object(node, row, part);
    if (chunk.bytes.empty() || chunk.offset != have) return Progress{have, false};
    if (chunk.bytes.size() > chunk.total - have)
        return refuse(Code::evidence_corrupt, say("the chunk reaches beyond the end"));
    const std::uint64_t now = node.files().append(part, have, chunk.bytes);
    if (now < chunk.total) return Progress{now, false};
    return complete_object(node, row, part);
}

Result<Bytes> give_range(
    Node& node, const ParticipantId& to, const CaseId& id, const Digest& hash, std::uint64_t offset,
    std::size_t size) {
    TRY(const auto row,
        expected_row(node, id, hash, [&](const EvidenceRow& one) { return one.to == to; }));
    auto bytes = node.files().read_range(
        object_file(row), offset, std::min(size, limits::evidence_chunk_bytes));
    if (!bytes) return refuse(Code::evidence_incomplete, say("{} is not here in full", text(hash)));
    return std::move(*bytes);
}

std::size_t destroy_evidence(Node& node) {
    std::vector<EvidenceRow> rows;
    node.store().read([&](StoreReader& reader) { rows = reader.evidence_to_remove(rows_at_once); });
    for (auto& row : rows) {
        // The envelope first: it is the key.
        node.files().destroy(envelope_file(row.case_id, row.hash));
        node.files().destroy(evidence_file(row.case_id, row.hash));
        node.files().destroy(object_part_file(row));
        row.state = EvidenceRow::State::removed;
        node.offers().settled(row.hash);
        node.store().write([&](StoreWriter& writer) { writer.put_evidence(row); });
    }
    return rows.size();
}

} // namespace comity::node
