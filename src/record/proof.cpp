// The text form of an offline proof, and its verification.
#include "record/proof.hpp"

#include "base/limits.hpp"

namespace comity::record {

namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
// A note, 63 hash lines and as much again of extra data.
constexpr std::size_t proof_bytes_max = 2 * limits::note_bytes + 4096;

} // namespace

Result<TlogProof> TlogProof::parse(BytesView bytes) {
    const auto malformed = [](std::string facts) {
        return refuse(Code::proof_malformed, std::move(facts));
    };
    if (bytes.size() > proof_bytes_max)
        return malformed("a proof of " + std::to_string(bytes.size()) + " bytes");
    if (!bytes.starts_with(first_line)) return malformed("the first line is of no known version");
    bytes.remove_prefix(first_line.size());
    const auto take_line = [&]() -> std::optional<BytesView> {
        const std::size_t end = bytes.find('\n');
        if (end == BytesView::npos) return std::nullopt;
        const BytesView line = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        return line;
    };
    TlogProof proof;
    auto line = take_line();
    if (line && line->starts_with("extra ")) {
        proof.extra = from_base64(line->substr(6));
        if (!proof.extra) return malformed("the extra data are not base64");
        line = take_line();
    }
    const auto index =
        line && line->starts_with("index ") ? decimal_from(line->substr(6)) : std::nullopt;
    if (!index) return malformed("no line with the index");
    proof.index = *index;
    while ((line = take_line()) && !line->empty()) {
        if (proof.path.size() == limits::proof_hashes) return malformed("over 63 hashes");
        const auto hash_bytes = from_base64(*line);
        const auto hash = hash_bytes ? digest_from(*hash_bytes) : std::nullopt;
        if (!hash) return malformed("a line is not base64 of 32 bytes");
        proof.path.push_back(*hash);
    }
    if (!line) return malformed("no empty line before the checkpoint");
    proof.checkpoint = bytes;
    return proof;
}

Bytes TlogProof::print() const {
    Bytes out(first_line);
    if (extra) out += "extra " + to_base64(*extra) + "\n";
    out += "index " + std::to_string(index) + "\n";
    for (const Digest& hash : path)
        out += to_base64(view(hash)) + "\n";
    out += "\n";
    out += checkpoint;
    return out;
}

Result<OpenedCheckpoint> verify_proof(
    const TlogProof& proof, const Digest& leaf_hash, const Policy& policy) {
    TRY(OpenedCheckpoint opened, policy.open(proof.checkpoint));
    TRY_VOID(verify_inclusion(
        leaf_hash, proof.index, opened.checkpoint.size, proof.path, opened.checkpoint.root));
    return opened;
}

} // namespace comity::record
