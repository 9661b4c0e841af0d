// Checkpoints: origin, size and root, a line each.
#include "record/checkpoint.hpp"

#include "record/tree.hpp"

namespace comity::record {

namespace {

tl::unexpected<Refusal> malformed(Said facts) {
    return refuse(Code::checkpoint_malformed, std::move(facts));
}

} // namespace

Result<Checkpoint> Checkpoint::parse(BytesView text) {
    std::vector<BytesView> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == BytesView::npos) return malformed(say("no newline at the end"));
        if (end == 0) return malformed(say("an empty line"));
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    if (lines.size() < 3) return malformed(say("fewer than three lines"));
    const auto size = decimal_from(lines[1]);
    if (!size || *size > tree_size_max) return malformed(say("the size is not a decimal number"));
    const auto root_bytes = from_base64(lines[2]);
    const auto root = root_bytes ? digest_from(*root_bytes) : std::nullopt;
    if (!root) return malformed(say("the root is not base64 of 32 bytes"));
    return Checkpoint{
        std::string(lines[0]), *size, *root,
        std::vector<std::string>(lines.begin() + 3, lines.end())};
}

Bytes Checkpoint::text() const {
    Bytes out = origin + "\n" + std::to_string(size) + "\n" + to_base64(view(root)) + "\n";
    for (const std::string& extension : extensions)
        out += extension + "\n";
    return out;
}

Note sign_checkpoint(const Checkpoint& checkpoint, const crypto::Ed25519Key& key) {
    Note note{checkpoint.text(), {}};
    note.signatures.push_back(sign_note(note.text, checkpoint.origin, key));
    return note;
}

Result<OpenedCheckpoint> open_checkpoint(
    BytesView bytes, const VerifierKey& log, std::span<const VerifierKey> cosigners) {
    return open_checkpoint(bytes, std::span(&log, 1), cosigners);
}

Result<OpenedCheckpoint> open_checkpoint(
    BytesView bytes, std::span<const VerifierKey> log, std::span<const VerifierKey> cosigners) {
    TRY(Note note, Note::parse(bytes));
    std::vector<VerifierKey> keys(log.begin(), log.end());
    keys.insert(keys.end(), cosigners.begin(), cosigners.end());
    TRY(const std::vector<Verified> verified, verify_note(note, keys));
    OpenedCheckpoint opened;
    const VerifierKey* signer = nullptr;
    for (const Verified& one : verified) {
        if (one.key < log.size())
            signer = &log[one.key];
        else
            opened.cosignatures.push_back({one.key - log.size(), one.time});
    }
    if (signer == nullptr)
        return refuse(Code::note_signature, say("the log itself has not signed"));
    TRY(opened.checkpoint, Checkpoint::parse(note.text));
    // A key speaks for its own log only, whatever else it signs.
    if (opened.checkpoint.origin != signer->name)
        return malformed(say("the origin is not that of the log {}", signer->name));
    if (opened.checkpoint.size == 0 && opened.checkpoint.root != empty_root())
        return malformed(say("size 0 with the root of another tree"));
    opened.note = std::move(note);
    return opened;
}

} // namespace comity::record
