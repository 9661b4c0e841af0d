// What a witness answers, check by check in the order of C2SP tlog-witness, and how a log reads it.
#include "record/witness.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace comity::record {

namespace {

constexpr std::string_view size_type = "text/x.tlog.size";
// "old " with a number of twenty digits, 63 hash lines, an empty line, the note.
constexpr std::size_t body_bytes_max = 32 + limits::proof_hashes * 45 + 1 + limits::note_bytes;

// Takes the first line without its newline off `text`; nothing if there is none.
std::optional<BytesView> take_line(BytesView& text) {
    const std::size_t end = text.find('\n');
    if (end == BytesView::npos) return std::nullopt;
    const BytesView line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

WitnessAnswer answer(int status, std::string text) {
    WitnessAnswer out;
    out.status = status;
    out.body = std::move(text) + "\n";
    return out;
}

WitnessAnswer evidence(int status, std::string text) {
    WitnessAnswer out = answer(status, std::move(text));
    out.is_evidence = true;
    return out;
}

// Whether the log has signed two trees of one size; visible even when the old size is stale.
bool is_fork(const Checkpoint& checkpoint, const WitnessState& last) {
    return last.size != 0 && checkpoint.size == last.size && checkpoint.root != last.root;
}

std::optional<WitnessAnswer> inconsistency(const AddCheckpoint& request, const WitnessState& last) {
    const Checkpoint& checkpoint = request.checkpoint;
    if (checkpoint.size == 0 && checkpoint.root != empty_root())
        return evidence(422, "A tree of size 0 has the root SHA-256 of nothing.");
    if (request.old_size == 0 && !request.proof.empty())
        return answer(422, "With an old size of 0 the proof must be empty.");
    if (request.old_size == 0) return std::nullopt;
    const auto proven = verify_consistency(
        request.old_size, checkpoint.size, request.proof, last.root, checkpoint.root);
    if (proven) return std::nullopt;
    // At the same size only another root accuses the log; a needless proof is the sender's slip.
    const bool accuses = checkpoint.size != last.size || is_fork(checkpoint, last);
    WitnessAnswer out = answer(422, proven.error().text());
    out.is_evidence = accuses;
    return out;
}

} // namespace

Result<AddCheckpoint> AddCheckpoint::parse(BytesView body) {
    const auto malformed = [](std::string facts) {
        return refuse(Code::proof_malformed, std::move(facts));
    };
    if (body.size() > body_bytes_max)
        return malformed("a request of " + std::to_string(body.size()) + " bytes");
    AddCheckpoint request;
    const auto first = take_line(body);
    if (!first || !first->starts_with("old ")) return malformed("the first line is not `old`");
    const auto old_size = decimal_from(first->substr(4));
    if (!old_size || *old_size > tree_size_max) return malformed("the old size is no number");
    request.old_size = *old_size;
    for (;;) {
        const auto line = take_line(body);
        if (!line) return malformed("no empty line after the hashes");
        if (line->empty()) break;
        if (request.proof.size() == limits::proof_hashes) return malformed("over 63 hashes");
        const auto bytes = from_base64(*line);
        const auto hash = bytes ? digest_from(*bytes) : std::nullopt;
        if (!hash) return malformed("a line is not base64 of 32 bytes");
        request.proof.push_back(*hash);
    }
    TRY(request.note, Note::parse(body));
    TRY(request.checkpoint, Checkpoint::parse(request.note.text));
    return request;
}

Bytes add_checkpoint_body(std::uint64_t old_size, std::span<const Digest> proof, BytesView note) {
    CHECK_THAT(proof.size() <= limits::proof_hashes);
    Bytes body = "old " + std::to_string(old_size) + "\n";
    for (const Digest& hash : proof)
        body += to_base64(view(hash)) + "\n";
    body += "\n";
    body += note;
    return body;
}

WitnessAnswer answer_malformed(const Refusal& refusal) {
    return answer(400, refusal.text());
}

WitnessAnswer answer_add_checkpoint(
    const AddCheckpoint& request, const FollowedLog* log, const WitnessState& last,
    std::string_view name, const crypto::Ed25519Key& key, Seconds now) {
    const Checkpoint& checkpoint = request.checkpoint;
    if (request.old_size > checkpoint.size)
        return answer(400, "The old size is larger than the checkpoint's.");
    if (log == nullptr) return answer(404, "This witness does not follow that log.");
    CHECK_THAT(log->origin == checkpoint.origin);
    const auto verified = verify_note(request.note, log->keys);
    if (!verified) return answer(403, verified.error().text());
    if (request.old_size != last.size) {
        WitnessAnswer out = answer(409, std::to_string(last.size));
        out.content_type = size_type;
        out.is_evidence = is_fork(checkpoint, last);
        return out;
    }
    if (auto refused = inconsistency(request, last)) return *refused;

    const NoteSignature line = cosign_note(request.note.text, name, key, now);
    Note kept{request.note.text, {}};
    // All lines of trusted keys are good, or verify_note would have refused.
    for (const NoteSignature& signature : request.note.signatures)
        if (std::ranges::any_of(log->keys, [&](const VerifierKey& trusted) {
                return trusted.is_usable() && signature.name == trusted.name &&
                       signature.id == trusted.id;
            }))
            kept.signatures.push_back(signature);
    kept.signatures.push_back(line);
    WitnessAnswer out;
    out.status = 200;
    out.body = line.line();
    out.next = WitnessState{checkpoint.size, checkpoint.root, kept.print()};
    return out;
}

Result<NoteSignature> read_cosignature(
    BytesView body, BytesView checkpoint_text, const VerifierKey& witness) {
    if (body.size() > limits::note_bytes)
        return refuse(
            Code::note_malformed, "an answer of " + std::to_string(body.size()) + " bytes");
    std::optional<NoteSignature> latest;
    for (std::size_t count = 0; !body.empty(); ++count) {
        const auto text = take_line(body);
        if (!text || count == limits::note_signatures)
            return refuse(Code::note_malformed, "an answer is at most 100 lines with newlines");
        TRY(NoteSignature line, NoteSignature::parse(*text));
        if (line.name != witness.name || line.id != witness.id) continue;
        if (!verify_line(checkpoint_text, line, witness))
            return refuse(Code::note_signature, "the cosignature of " + line.name + " is wrong");
        if (!latest || time_of(*latest, witness) < time_of(line, witness)) latest = std::move(line);
    }
    if (!latest) return refuse(Code::note_signature, "no cosignature by " + witness.name);
    return std::move(*latest);
}

Result<std::uint64_t> read_conflict_size(BytesView body) {
    const auto line = take_line(body);
    const auto size = line ? decimal_from(*line) : std::nullopt;
    if (!size || !body.empty() || *size > tree_size_max)
        return refuse(Code::note_malformed, "the witness's size is not a line with a number");
    return *size;
}

std::string origin_directory(std::string_view origin) {
    return to_hex(view(crypto::sha256(origin)));
}

} // namespace comity::record
