// Evidence files against the manifests of a case: every file is one that a sealed act names, and
// every file has the hash and the size that the act states.
#include "apps/verify_files.hpp"
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "evidence/sealing.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

namespace comity::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = 256 * 1024;
// An envelope holds one wrapped key for each reader; it never comes near this.
constexpr std::uint64_t envelope_bytes_max = 1024 * 1024;

/// One file, read in blocks: evidence may be larger than memory.
class BlockFile {
public:
    explicit BlockFile(const fs::path& path) : name_(path.string()), in_(path, std::ios::binary) {
        if (!in_) throw Fault(fmt::format("cannot read {}", name_));
    }

    Bytes read(std::uint64_t offset, std::size_t size) {
        in_.clear();
        in_.seekg(static_cast<std::streamoff>(offset));
        Bytes block(size, '\0');
        in_.read(block.data(), static_cast<std::streamsize>(size));
        if (in_.bad()) throw Fault(fmt::format("cannot read {}", name_));
        block.resize(static_cast<std::size_t>(std::max<std::streamsize>(in_.gcount(), 0)));
        return block;
    }

private:
    std::string name_;
    std::ifstream in_;
};

struct Measured {
    std::uint64_t size = 0;
    Digest hash{};
};

Measured measure(const fs::path& path) {
    BlockFile file(path);
    crypto::Sha256 hash;
    Measured out;
    for (;;) {
        const Bytes block = file.read(out.size, block_bytes);
        if (block.empty()) break;
        hash.update(block);
        out.size += block.size();
    }
    out.hash = hash.finish();
    return out;
}

std::string file_name(const Digest& hash) {
    return to_hex(view(hash));
}

/// The reader's key, once read.
struct Reader {
    crypto::PrivateKey key;
    crypto::Certificate certificate;
};

std::optional<Reader> read_key(Findings& findings, const RecipientKey& pem) {
    auto key = crypto::PrivateKey::from_pem(pem.key);
    auto certificate = crypto::Certificate::from_pem(pem.certificate);
    if (!findings.holds("the recipient's key", key) ||
        !findings.holds("the recipient's certificate", certificate))
        return std::nullopt;
    if (!findings.holds(
            "the recipient's key", key->public_key() == certificate->public_key(),
            "is not the key of the certificate"))
        return std::nullopt;
    return Reader{std::move(*key), std::move(*certificate)};
}

class EvidenceCheck {
public:
    EvidenceCheck(Findings& findings, const fs::path& directory, std::optional<Reader> reader)
        : findings_(findings), directory_(directory), reader_(std::move(reader)) {}

    void check(const evidence::Item& item) {
        const std::string what = fmt::format("evidence {} ({})", file_name(item.sealed), item.name);
        const fs::path path = directory_ / file_name(item.sealed);
        if (!fs::exists(path)) {
            ++absent_;
            return;
        }
        ++present_;
        const Measured found = measure(path);
        const bool right_size = findings_.holds(
            what, found.size == item.size,
            fmt::format("has {} bytes, the sealed manifest says {}", found.size, item.size));
        const bool right_hash = findings_.holds(
            what, found.hash == item.sealed, "does not have the SHA-256 in the sealed manifest");
        const fs::path envelope_path = directory_ / file_name(item.envelope);
        if (!findings_.holds(
                what, fs::exists(envelope_path),
                fmt::format("its envelope {} is missing", file_name(item.envelope))))
            return;
        if (!findings_.holds(
                what, fs::file_size(envelope_path) <= envelope_bytes_max,
                "its envelope is too large"))
            return;
        const Bytes envelope = read_whole(envelope_path);
        if (!findings_.holds(
                what, crypto::sha256(envelope) == item.envelope,
                "its envelope does not have the SHA-256 in the sealed manifest"))
            return;
        if (right_size && right_hash && reader_) open(item, what, envelope, path);
    }

    void conclude() {
        findings_.prove(fmt::format(
            "evidence: {} of {} items are here, with the hash and size their sealed manifest "
            "states; {} are not in the directory",
            present_, present_ + absent_, absent_));
        if (!reader_) return;
        findings_.holds(
            "the recipient's key", opened_ > 0 || present_ == 0,
            "opens none of the items that are here");
        findings_.prove(fmt::format(
            "evidence: {} items opened with the key given, and their plaintext has the hash "
            "in the sealed manifest; {} are addressed to others",
            opened_, others_));
    }

private:
    void open(
        const evidence::Item& item, std::string_view what, const Bytes& envelope,
        const fs::path& path) {
        // The envelope has the hash that was sealed, so if the key does not fit it is not for it;
        // but one that names this certificate alone has to open.
        const auto named = crypto::recipients_match(envelope, std::span(&reader_->certificate, 1));
        const bool must = named && named->front();
        const auto fits = crypto::StreamOpener::open(
            envelope, reader_->key, reader_->certificate, [](BytesView) {});
        if (!fits && !must) {
            ++others_;
            return;
        }
        BlockFile file(path);
        const auto source = [&](std::uint64_t offset, std::size_t size) {
            return file.read(offset, size);
        };
        if (findings_.holds(
                what, evidence::open_stream(
                          item, envelope, {reader_->key, reader_->certificate}, source, {})))
            ++opened_;
    }

    Findings& findings_;
    const fs::path& directory_;
    std::optional<Reader> reader_;
    std::size_t present_ = 0;
    std::size_t absent_ = 0;
    std::size_t opened_ = 0;
    std::size_t others_ = 0;
};

void check_names(
    Findings& findings, const fs::path& directory, const std::vector<evidence::Item>& items) {
    std::set<std::string> named;
    for (const auto& item : items) {
        named.insert(file_name(item.sealed));
        named.insert(file_name(item.envelope));
    }
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory))
        found.insert(entry.path().filename().string());
    for (const auto& name : found)
        findings.holds(
            "evidence " + name, named.contains(name),
            "no readable manifest of the case names this file");
    // An envelope without its ciphertext is checked too, by its name.
    for (const auto& item : items) {
        const auto envelope = file_name(item.envelope);
        if (!found.contains(envelope) || found.contains(file_name(item.sealed))) continue;
        findings.holds(
            "evidence " + envelope, measure(directory / envelope).hash == item.envelope,
            "the envelope does not have the SHA-256 in the sealed manifest");
    }
}

} // namespace

void verify_evidence(
    Findings& findings, const fs::path& directory, const std::vector<evidence::Item>& items,
    const std::optional<RecipientKey>& recipient) {
    try {
        std::optional<Reader> reader;
        if (recipient) reader = read_key(findings, *recipient);
        check_names(findings, directory, items);
        EvidenceCheck check(findings, directory, std::move(reader));
        std::set<Digest> seen; // a manifest that was sent again names the same files
        for (const auto& item : items)
            if (seen.insert(item.sealed).second) check.check(item);
        check.conclude();
    } catch (const fs::filesystem_error& error) {
        throw Fault(error.what());
    }
}

} // namespace comity::apps
