// A published record, checked in full: the checkpoint's signatures, every entry, every tile and the
// root (C2SP tlog-tiles, tlog-checkpoint, tlog-cosignature). Reads one entry bundle at a time.
#include "apps/verify_files.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/obligations.hpp"
#include "record/tally.hpp"
#include "record/tiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace comity::apps {

namespace {

namespace fs = std::filesystem;
using record::TileId;

// The largest file of a record: 256 entries with their lengths.
constexpr std::uint64_t file_bytes_max = record::tile_width * (limits::record_entry_bytes + 2);

class RecordCheck {
public:
    RecordCheck(Findings& findings, const fs::path& directory, const RecordOptions& options)
        : findings_(findings), directory_(directory), options_(options) {}

    void run() {
        list_files();
        const auto log = read_key();
        auto witnesses = read_witnesses();
        if (!log || !witnesses || !check_checkpoint(*log, *witnesses)) return;
        if (check_entries()) check_root();
        check_rest();
    }

private:
    void list_files() {
        if (!fs::is_directory(directory_))
            throw Fault(fmt::format("{} is not a directory", directory_.string()));
        for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
            if (entry.is_directory() && !entry.is_symlink()) continue;
            left_.insert(entry.path().lexically_relative(directory_).generic_string());
        }
    }

    // The file's bytes, or nothing if there is none. What was read is not among those left over.
    std::optional<Bytes> take(const std::string& name) {
        const auto found = left_.find(name);
        if (found == left_.end()) return std::nullopt;
        left_.erase(found);
        const fs::path path = directory_ / name;
        if (!fs::is_regular_file(fs::symlink_status(path)) ||
            fs::file_size(path) > file_bytes_max) {
            findings_.fail(name, "is no file of a record: not a regular file, or too large");
            return std::nullopt;
        }
        return read_whole(path);
    }

    std::optional<record::VerifierKey> read_key() {
        auto text = take("vkey");
        if (options_.vkey && text && *text != *options_.vkey + "\n" && *text != *options_.vkey)
            findings_.fail("vkey", "is not the verifier key that was given");
        if (options_.vkey) text = options_.vkey;
        if (!text) {
            findings_.fail("vkey", "the file is missing, and no verifier key was given");
            return std::nullopt;
        }
        if (text->ends_with('\n')) text->pop_back();
        auto key = record::VerifierKey::parse(*text);
        if (!findings_.holds("vkey", key)) return std::nullopt;
        return std::move(*key);
    }

    std::optional<std::vector<record::VerifierKey>> read_witnesses() {
        std::vector<record::VerifierKey> out;
        if (!options_.witnesses) return out;
        const Bytes text = read_whole(*options_.witnesses);
        const std::size_t before = findings_.failures();
        findings_.holds("witnesses", text.ends_with('\n'), "the last line has no end");
        std::size_t number = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string what = fmt::format("witnesses, line {}", ++number);
            auto key = record::VerifierKey::parse(std::string_view(text).substr(at, end - at));
            if (findings_.holds(what, key)) {
                findings_.holds(
                    what, std::find(out.begin(), out.end(), *key) == out.end(),
                    "the key stands twice");
                findings_.holds(
                    what, key->type == record::KeyType::cosignature_v1,
                    "is not the key of a witness");
                out.push_back(std::move(*key));
            }
            at = end;
        }
        if (findings_.failures() != before) return std::nullopt;
        return out;
    }

    bool check_checkpoint(
        const record::VerifierKey& log, const std::vector<record::VerifierKey>& witnesses) {
        const auto bytes = take("checkpoint");
        if (!bytes) {
            findings_.fail("checkpoint", "the file is missing");
            return false;
        }
        auto opened = record::open_checkpoint(*bytes, log, witnesses);
        if (!findings_.holds("checkpoint", opened)) return false;
        checkpoint_ = opened->checkpoint;
        std::size_t unchecked = 0;
        for (const auto& line : opened->note.signatures) {
            const auto is_line_of = [&](const auto& key) {
                return line.name == key.name && line.id == key.id;
            };
            if (is_line_of(log) || std::any_of(witnesses.begin(), witnesses.end(), is_line_of))
                continue;
            ++unchecked;
            if (options_.witnesses)
                findings_.fail(
                    "checkpoint",
                    fmt::format("the line of {} is by none of the witnesses given", line.name));
        }
        findings_.prove(fmt::format(
            "the checkpoint of {} over {} entries, root {}, is signed by the log's key",
            checkpoint_.origin, checkpoint_.size, text(checkpoint_.root)));
        if (options_.witnesses)
            findings_.prove(fmt::format(
                "{} of {} witnesses have cosigned it", opened->cosignatures.size(),
                witnesses.size()));
        else if (unchecked > 0)
            findings_.prove(fmt::format(
                "{} cosignatures were not checked: no witnesses were given", unchecked));
        return true;
    }

    // Partial files may be gone when the full one exists, which then begins with them.
    std::optional<Bytes> entries_of(std::uint64_t index, unsigned width) {
        const TileId id{TileId::Kind::entries, 0, index, width};
        if (auto bytes = take(id.path())) return bytes;
        const TileId full{TileId::Kind::entries, 0, index, record::tile_width};
        if (width == record::tile_width) return std::nullopt;
        auto bytes = take(full.path());
        if (!bytes) return std::nullopt;
        const auto length = length_of(*bytes, width);
        return length ? std::optional(bytes->substr(0, *length)) : std::nullopt;
    }

    // The bytes that the first `width` entries of a bundle take.
    static std::optional<std::size_t> length_of(BytesView bundle, unsigned width) {
        std::size_t at = 0;
        for (unsigned i = 0; i < width; ++i) {
            if (bundle.size() - at < 2) return std::nullopt;
            const std::size_t size =
                static_cast<std::size_t>(static_cast<unsigned char>(bundle[at])) << 8 |
                static_cast<unsigned char>(bundle[at + 1]);
            if (bundle.size() - at - 2 < size) return std::nullopt;
            at += 2 + size;
        }
        return at;
    }

    // Reads all entries in order, makes every file again and compares. False when the entries end
    // before the checkpoint does, because nothing after that place can be computed.
    bool check_entries() {
        const std::uint64_t size = checkpoint_.size;
        for (std::uint64_t index = 0; index * record::tile_width < size; ++index) {
            const auto width = static_cast<unsigned>(
                std::min<std::uint64_t>(record::tile_width, size - index * record::tile_width));
            const std::string name = TileId{TileId::Kind::entries, 0, index, width}.path();
            const auto bundle = entries_of(index, width);
            if (!findings_.holds(name, bundle.has_value(), "the file is missing or is cut off"))
                return false;
            const auto views = record::entries_in_bundle(*bundle, width);
            if (!findings_.holds(name, views)) return false;
            std::vector<Bytes> entries(views->begin(), views->end());
            for (std::size_t i = 0; i < entries.size(); ++i)
                check_leaf(index * record::tile_width + i, entries[i]);
            if (!findings_.holds(name, writer_.append(entries))) return false;
            // A partial tile that has not grown since is not given again: the last of each level
            // counts.
            for (auto& file : writer_.take_files()) {
                if (file.id.is_full())
                    check_file(file);
                else
                    partial_[{file.id.kind, file.id.level}] = std::move(file);
            }
        }
        const auto last = record::partial_tiles(size);
        for (const auto& [place, file] : partial_)
            if (std::find(last.begin(), last.end(), file.id) != last.end()) check_file(file);
        return true;
    }

    void check_leaf(std::uint64_t index, const Bytes& entry) {
        roots_.append(crypto::merkle_leaf(entry));
        const auto leaf = record::Leaf::parse(entry);
        const std::string what = fmt::format("entry {}", index);
        if (!findings_.holds(what, leaf)) return;
        ++kinds_[static_cast<std::size_t>(leaf->kind)];
        findings_.holds(what, owed_.add(index, *leaf));
        if (leaf->kind != record::Leaf::Kind::tally) return;
        const auto tally = record::Tally::parse(leaf->tally);
        if (!findings_.holds(what, tally)) return;
        findings_.holds(what, record::verify_tally(*tally, checkpoint_.origin));
        findings_.holds(what, tallied_.insert(tally->id).second, "the tally stands twice");
    }

    // The file itself, unless it is the bundle just read, and the partial ones of earlier sizes.
    void check_file(const record::TileFile& file) {
        const bool is_hashes = file.id.kind == TileId::Kind::hashes;
        if (is_hashes) {
            auto found = take(file.id.path());
            if (!found && !file.id.is_full()) {
                TileId full = file.id;
                full.width = record::tile_width;
                if (auto longer = take(full.path())) found = longer->substr(0, file.bytes.size());
            }
            if (findings_.holds(file.id.path(), found.has_value(), "the file is missing"))
                findings_.holds(
                    file.id.path(), *found == file.bytes,
                    "does not hold the hashes of the entries below it");
        }
        for (unsigned width = 1; width < file.id.width; ++width) {
            TileId part = file.id;
            part.width = width;
            if (!left_.contains(part.path())) continue;
            const auto length = is_hashes ? std::optional<std::size_t>(width * sizeof(Digest))
                                          : length_of(file.bytes, width);
            const auto found = take(part.path());
            findings_.holds(
                part.path(), found && length && *found == BytesView(file.bytes).substr(0, *length),
                "is not the beginning of what followed it");
        }
    }

    void check_root() {
        // Computed twice: by the compact range over the leaves, and through the tiles.
        findings_.holds(
            "checkpoint", roots_.root() == checkpoint_.root,
            "the entries do not have the root that was signed");
        findings_.holds(
            "checkpoint", writer_.root() == checkpoint_.root,
            "the tiles do not have the root that was signed");
        findings_.prove(fmt::format(
            "all {} entries, every tile and the root agree: {} acts (or fillers), {} changes of a "
            "roll, {} of the directory, {} of a key",
            roots_.size(), kinds_[0], kinds_[1], kinds_[2], kinds_[3]));
        if (kinds_[6] > 0)
            findings_.prove(fmt::format(
                "{} tallies, each with the proof that it counts one case once", kinds_[6]));
        if (findings_.holds("obligations", owed_.whole()) && kinds_[4] > 0)
            findings_.prove(fmt::format(
                "{} obligations, of which {} are discharged and {} open", kinds_[4], kinds_[5],
                owed_.open().size()));
    }

    // A node writes tiles before the checkpoint that covers them, so files beyond it are not wrong;
    // anything else does not belong here.
    void check_rest() {
        std::size_t beyond = 0;
        for (const auto& name : left_) {
            const auto id = TileId::from_path(name);
            if (findings_.holds(name, id.has_value(), "is no file of a record") && is_beyond(*id))
                ++beyond;
            else if (id && findings_.failures() == 0)
                findings_.fail(name, "was not compared with the entries");
        }
        if (beyond > 0)
            findings_.prove(
                fmt::format("{} files reach beyond the checkpoint and were not checked", beyond));
    }

    [[nodiscard]] bool is_beyond(const TileId& id) const {
        if (id.level >= record::tile_levels) return true;
        const unsigned shift = 8 * id.level;
        return id.index * record::tile_width + id.width > checkpoint_.size >> shift;
    }

    Findings& findings_;
    const fs::path& directory_;
    const RecordOptions& options_;
    std::set<std::string> left_; ///< files that nothing has looked at yet
    record::Checkpoint checkpoint_;
    record::TileWriter writer_;
    std::map<std::pair<TileId::Kind, unsigned>, record::TileFile> partial_;
    record::Frontier roots_;
    record::Obligations owed_;
    std::set<Bytes> tallied_;
    std::array<std::uint64_t, record::leaf_kinds> kinds_{};
};

} // namespace

Verdict verify_record(const fs::path& directory, const RecordOptions& options) {
    Verdict verdict;
    Findings findings(verdict);
    try {
        RecordCheck(findings, directory, options).run();
    } catch (const fs::filesystem_error& error) {
        throw Fault(error.what());
    }
    findings.close();
    return verdict;
}

} // namespace comity::apps
