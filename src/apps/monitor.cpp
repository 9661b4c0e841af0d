// One visit to each record: its checkpoint, every leaf that is new and every tile over them, what
// the witnesses saw, and what is overdue.
#include "apps/monitor.hpp"

#include "apps/monitor_state.hpp"
#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/tally.hpp"
#include "record/tiles.hpp"
#include "record/witness.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::apps {

namespace {

using record::TileId;

// What a record or a witness wrote must not begin another line of ours.
std::string one_line(std::string text) {
    const bool utf8 = is_utf8(text);
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || (!utf8 && byte >= 0x80)) c = '?';
    }
    return text;
}

class Visit {
public:
    Visit(const MonitorOptions& options, const WatchedRecord& watched, MonitorReport& all)
        : options_(options), watched_(watched), all_(all) {
        out_.name = watched.name;
        out_.country = watched.country;
    }

    RecordReport run() {
        try {
            look();
        } catch (const Fault& fault) {
            problem(fmt::format("cannot be read: {}", fault.what()));
        }
        return std::move(out_);
    }

private:
    struct Seen {
        std::string witness;
        record::Checkpoint checkpoint;
        Bytes note;
    };

    void look() {
        if (!find_keys()) return;
        // The witnesses first: what they have seen then, the record has to show after.
        const auto views = ask_witnesses();
        const auto note = watched_.source->get("checkpoint");
        if (!note) return problem("the checkpoint is missing");
        std::vector<record::VerifierKey> cosigners;
        for (const auto& witness : options_.witnesses)
            cosigners.push_back(witness.key);
        auto opened = record::open_checkpoint(*note, keys_, cosigners);
        if (!opened) return problem(fmt::format("the checkpoint: {}", opened.error().text()));
        note_ = *note;
        checkpoint_ = opened->checkpoint;
        out_.origin = checkpoint_.origin;
        out_.size = checkpoint_.size;
        judge_cosignatures(*opened);
        if (!compare_with_state()) return;
        cache_ = std::make_unique<record::TileCache>(
            [this](const TileId& id) { return read_tile(id); }, checkpoint_.size);
        const std::size_t lies = all_.evidence.size();
        const std::size_t problems = out_.problems.size();
        if (!read_leaves()) return;
        // A leaf that breaks a rule is read and named again at each visit.
        const bool sound = out_.problems.size() == problems;
        for (const auto& view : views)
            compare_with(view);
        out_.overdue = out_.obligations.overdue(options_.date);
        if (options_.state && sound && all_.evidence.size() == lies) keep_state();
    }

    void problem(std::string text) { out_.problems.push_back(one_line(std::move(text))); }

    void lie(
        std::string kind, std::string text, Bytes first, Bytes second,
        std::optional<Digest> prefix_root = std::nullopt, std::vector<Digest> path = {}) {
        problem(text);
        all_.evidence.push_back(
            {std::move(kind), out_.origin, one_line(std::move(text)), std::move(first),
             std::move(second), prefix_root, std::move(path)});
    }

    bool find_keys() {
        keys_ = watched_.keys;
        if (!keys_.empty()) return true;
        auto text = watched_.source->get("vkey");
        if (text && text->ends_with('\n')) text->pop_back();
        const auto key = record::VerifierKey::parse(text.value_or(""));
        if (!key) {
            problem("no key is known for this record, and it shows none");
            return false;
        }
        keys_ = {*key};
        if (options_.state)
            if (const auto kept = read_state(*options_.state, key->name))
                if (kept->vkey != key->text()) {
                    problem("the record shows another key than at first sight");
                    return false;
                }
        out_.remarks.emplace_back("the record's key was taken from the record itself");
        return true;
    }

    std::vector<Seen> ask_witnesses() {
        std::vector<Seen> out;
        for (const auto& witness : options_.witnesses) {
            if (!witness.source) continue;
            std::optional<Bytes> note;
            try {
                note = witness.source->get(
                    record::origin_directory(keys_.front().name) + "/checkpoint");
            } catch (const Fault& fault) {
                problem(fmt::format("the witness {}: {}", witness.key.name, fault.what()));
                continue;
            }
            if (!note) {
                out_.remarks.push_back(
                    fmt::format("the witness {} has not seen it", witness.key.name));
                continue;
            }
            const std::array<record::VerifierKey, 1> one{witness.key};
            auto opened = record::open_checkpoint(*note, keys_, one);
            if (!opened || opened->cosignatures.empty()) {
                problem(fmt::format(
                    "the witness {} shows what is not signed by the record and itself",
                    witness.key.name));
                continue;
            }
            out.push_back({witness.key.name, opened->checkpoint, std::move(*note)});
        }
        return out;
    }

    void judge_cosignatures(const record::OpenedCheckpoint& opened) {
        std::optional<record::Seconds> newest;
        for (const auto& line : opened.cosignatures) {
            const auto& key = options_.witnesses[line.key].key;
            out_.cosigned_by.push_back(key.name);
            newest = std::max(newest.value_or(0), line.time);
        }
        if (newest)
            out_.newest_cosignature =
                Instant{std::chrono::seconds{static_cast<std::int64_t>(*newest)}};
        const auto enough = by_policy(opened, Instant::min());
        if (!enough) problem(fmt::format("the policy is not met: {}", enough.error().facts.text()));
        if (!newest) {
            if (!options_.policy || options_.policy->needs_no_witness())
                out_.remarks.emplace_back("no witness says how fresh this is");
            return;
        }
        if (*out_.newest_cosignature > options_.now + limits::clock_difference)
            problem(fmt::format(
                "the newest cosignature is of {}, which has not come yet",
                to_text(*out_.newest_cosignature)));
        const auto hours = std::chrono::duration_cast<std::chrono::hours>(options_.fresh).count();
        const Instant oldest = options_.now - options_.fresh;
        if (*out_.newest_cosignature < oldest)
            return problem(fmt::format(
                "stale: the newest cosignature is of {}, over {} hours ago",
                to_text(*out_.newest_cosignature), hours));
        // One witness that still looks does not stand for those that the policy wants.
        if (const auto lately = by_policy(opened, oldest); enough && !lately)
            problem(fmt::format(
                "stale: of the last {} hours there are not the cosignatures that the policy wants: {}",
                hours, lately.error().facts.text()));
    }

    // Whether those who cosigned from that moment on are enough.
    Result<void> by_policy(const record::OpenedCheckpoint& opened, Instant from) {
        if (!options_.policy) return {};
        std::vector<std::size_t> by;
        const auto& witnesses = options_.policy->witnesses();
        for (std::size_t i = 0; i < witnesses.size(); ++i)
            for (const auto& line : opened.cosignatures)
                if (options_.witnesses[line.key].key == witnesses[i].key &&
                    Instant{std::chrono::seconds{static_cast<std::int64_t>(line.time)}} >= from)
                    by.push_back(i);
        return options_.policy->evaluate(by);
    }

    // False when nothing can be built on what was known.
    bool compare_with_state() {
        if (!options_.state) return true;
        auto kept = read_state(*options_.state, checkpoint_.origin);
        if (!kept) return true;
        TakenState taken = std::move(*kept);
        const auto old = record::open_checkpoint(taken.note, keys_, {});
        if (!old) {
            problem(fmt::format("the last checkpoint kept here: {}", old.error().text()));
            return false;
        }
        out_.known = old->checkpoint.size;
        if (checkpoint_.size < old->checkpoint.size) {
            lie("rolled-back",
                fmt::format(
                    "the record went back from {} leaves to {}", old->checkpoint.size,
                    checkpoint_.size),
                note_, taken.note);
            return false;
        }
        if (checkpoint_.size == old->checkpoint.size && checkpoint_.root != old->checkpoint.root) {
            lie("fork",
                fmt::format(
                    "two checkpoints over {} leaves have different roots", checkpoint_.size),
                taken.note, note_);
            return false;
        }
        old_ = old->checkpoint;
        old_note_ = taken.note;
        if (options_.whole) return true;
        from_ = taken.frontier;
        out_.obligations = std::move(taken.obligations);
        out_.leaves = taken.leaves;
        return true;
    }

    Result<Bytes> read_tile(const TileId& id) {
        TileId wanted = id;
        // A partial tile of another size is the beginning of the one of this size.
        if (id.kind == TileId::Kind::hashes)
            if (const auto now = record::tile_at(id.level, id.index, checkpoint_.size))
                wanted = *now;
        auto bytes = watched_.source->get(wanted.path());
        if (!bytes && !wanted.is_full()) {
            wanted.width = record::tile_width;
            bytes = watched_.source->get(wanted.path());
        }
        if (!bytes) return refuse(Code::proof_malformed, id.path() + " is missing");
        if (id.kind == TileId::Kind::hashes && bytes->size() > id.width * sizeof(Digest))
            bytes->resize(id.width * sizeof(Digest));
        return std::move(*bytes);
    }

    bool read_leaves() {
        auto recovered = record::TileWriter::recover(
            from_.size(), [this](const TileId& id) { return read_tile(id); });
        if (!recovered) {
            problem(fmt::format("tiles: {}", recovered.error().facts.text()));
            return false;
        }
        if (recovered->root() != from_.root()) {
            if (!contradicts_old())
                problem(fmt::format(
                    "the tiles over the first {} leaves are not what they were", from_.size()));
            return false;
        }
        writer_ = std::move(*recovered);
        frontier_ = from_;
        compare_with_old();
        for (std::uint64_t index = from_.size() / record::tile_width;
             index * record::tile_width < checkpoint_.size; ++index)
            if (!read_bundle(index)) return false;
        if (!check_partial_tiles() || !check_root()) return false;
        if (const auto whole = out_.obligations.whole(); !whole)
            problem(whole.error().facts.text());
        return true;
    }

    bool read_bundle(std::uint64_t index) {
        const std::uint64_t begin = index * record::tile_width;
        const auto width = static_cast<unsigned>(
            std::min<std::uint64_t>(record::tile_width, checkpoint_.size - begin));
        const TileId id{TileId::Kind::entries, 0, index, width};
        auto bundle = read_tile(id);
        if (!bundle) {
            problem(bundle.error().facts.text());
            return false;
        }
        std::vector<Bytes> entries;
        if (!cut_entries(*bundle, width, entries)) {
            problem(fmt::format("{} does not hold {} entries", id.path(), width));
            return false;
        }
        // What the next visit starts from: the last place where a bundle begins.
        if (frontier_.size() == begin) kept_ = {frontier_, out_.obligations, out_.leaves};
        for (std::size_t i = 0; i < entries.size(); ++i) {
            take_leaf(begin + i, entries[i]);
            frontier_.append(crypto::merkle_leaf(entries[i]));
            compare_with_old();
        }
        if (frontier_.size() % record::tile_width == 0)
            kept_ = {frontier_, out_.obligations, out_.leaves};
        if (const auto appended = writer_.append(entries); !appended) {
            problem(appended.error().facts.text());
            return false;
        }
        for (auto& file : writer_.take_files()) {
            if (file.id.kind != TileId::Kind::hashes) continue;
            if (!file.id.is_full())
                partial_[file.id.level] = std::move(file);
            else if (!check_tile(file))
                return false;
        }
        if (options_.progress) options_.progress(out_.name, frontier_.size(), checkpoint_.size);
        return true;
    }

    // A bundle may be longer than asked for: the beginning counts.
    static bool cut_entries(BytesView bundle, unsigned width, std::vector<Bytes>& out) {
        while (out.size() < width) {
            if (bundle.size() < 2) return false;
            const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0])) << 8 |
                              static_cast<unsigned char>(bundle[1]);
            if (bundle.size() - 2 < size) return false;
            out.emplace_back(bundle.substr(2, size));
            bundle.remove_prefix(2 + size);
        }
        return true;
    }

    void take_leaf(std::uint64_t index, const Bytes& entry) {
        const auto leaf = record::Leaf::parse(entry);
        if (!leaf) {
            if (leaf.error().code == Code::leaf_unknown)
                out_.remarks.push_back(one_line(
                    fmt::format("leaf {} was skipped: {}", index, leaf.error().facts.text())));
            else
                problem(fmt::format("leaf {}: {}", index, leaf.error().facts.text()));
            return;
        }
        ++out_.leaves[static_cast<std::size_t>(leaf->kind)];
        if (const auto added = out_.obligations.add(index, *leaf); !added)
            problem(added.error().facts.text());
        if (leaf->kind != record::Leaf::Kind::tally) return;
        const auto tally = record::Tally::parse(leaf->tally);
        const auto shown = tally ? record::verify_tally(*tally, checkpoint_.origin)
                                 : Result<void>(tl::unexpected(tally.error()));
        if (!shown) problem(fmt::format("leaf {}: {}", index, shown.error().facts.text()));
    }

    bool check_tile(const record::TileFile& file) {
        const auto found = read_tile(file.id);
        if (found && *found == file.bytes) return true;
        problem(fmt::format(
            "{} {}", file.id.path(),
            found ? "does not hold the hashes of the entries below it" : "is missing"));
        return false;
    }

    bool check_partial_tiles() {
        for (const auto& id : record::partial_tiles(checkpoint_.size)) {
            if (id.kind != TileId::Kind::hashes) continue;
            const auto made = partial_.find(id.level);
            // A level that has not grown since was compared when the tree was recovered.
            if (made == partial_.end() || made->second.id != id) continue;
            if (!check_tile(made->second)) return false;
        }
        return true;
    }

    bool check_root() {
        if (frontier_.root() == checkpoint_.root && writer_.root() == checkpoint_.root) return true;
        if (rewritten_ || contradicts_old()) return false;
        lie("root",
            fmt::format(
                "the {} entries that are served have the root {}, not the one that was signed",
                checkpoint_.size, text(frontier_.root())),
            note_, {});
        return false;
    }

    void compare_with_old() {
        if (!old_ || frontier_.size() != old_->size || frontier_.root() == old_->root) return;
        rewritten_ = true;
        prove_other_prefix("rewritten", rewritten_text(), *old_, old_note_);
    }

    // Whether the present checkpoint is signed over another beginning than the last one.
    bool contradicts_old() {
        if (!old_ || old_->size == 0 || old_->size > checkpoint_.size) return false;
        const auto path = record::consistency_path(old_->size, checkpoint_.size, cache_->reader());
        if (!path || record::verify_consistency(
                         old_->size, checkpoint_.size, *path, old_->root, checkpoint_.root))
            return false;
        rewritten_ = true;
        prove_other_prefix("rewritten", rewritten_text(), *old_, old_note_);
        return true;
    }

    [[nodiscard]] std::string rewritten_text() const {
        return fmt::format(
            "the first {} leaves are not those of the checkpoint that was signed over them",
            old_->size);
    }

    // The path shows to anybody that the tree of the present checkpoint has another beginning.
    void prove_other_prefix(
        const std::string& kind, const std::string& text, const record::Checkpoint& earlier,
        const Bytes& earlier_note) {
        auto prefix = record::Prover::at(earlier.size, cache_->reader());
        auto path = record::consistency_path(earlier.size, checkpoint_.size, cache_->reader());
        if (!prefix || !path ||
            !record::verify_consistency(
                earlier.size, checkpoint_.size, *path, prefix->root(), checkpoint_.root))
            return lie(kind, text, earlier_note, note_);
        lie(kind, text, earlier_note, note_, prefix->root(), std::move(*path));
    }

    void compare_with(const Seen& view) {
        const auto& seen = view.checkpoint;
        if (seen.size > checkpoint_.size)
            return lie(
                "hidden",
                fmt::format(
                    "the witness {} has cosigned {} leaves, of which the record shows {}",
                    view.witness, seen.size, checkpoint_.size),
                note_, view.note);
        if (seen.size == checkpoint_.size) {
            if (seen.root == checkpoint_.root) return;
            return lie(
                "fork",
                fmt::format(
                    "a split view: the witness {} has another root over {} leaves", view.witness,
                    seen.size),
                view.note, note_);
        }
        if (seen.size == 0) return;
        const auto path = record::consistency_path(seen.size, checkpoint_.size, cache_->reader());
        if (path && record::verify_consistency(
                        seen.size, checkpoint_.size, *path, seen.root, checkpoint_.root))
            return;
        prove_other_prefix(
            "fork",
            fmt::format(
                "a split view: what the witness {} cosigned over {} leaves is not the beginning "
                "of this record",
                view.witness, seen.size),
            seen, view.note);
    }

    void keep_state() {
        TakenState state;
        state.origin = checkpoint_.origin;
        state.vkey = keys_.front().text();
        state.note = note_;
        state.frontier = kept_ ? kept_->frontier : frontier_;
        state.obligations = kept_ ? kept_->obligations : out_.obligations;
        state.leaves = kept_ ? kept_->leaves : out_.leaves;
        write_state(*options_.state, state, options_.now);
    }

    struct Kept {
        record::Frontier frontier;
        record::Obligations obligations;
        std::array<std::uint64_t, record::leaf_kinds> leaves{};
    };

    const MonitorOptions& options_;
    const WatchedRecord& watched_;
    MonitorReport& all_;
    RecordReport out_;
    std::vector<record::VerifierKey> keys_;
    Bytes note_;
    record::Checkpoint checkpoint_;
    std::optional<record::Checkpoint> old_; ///< of the last visit
    Bytes old_note_;
    bool rewritten_ = false;
    record::Frontier from_; ///< where this visit begins to read
    record::Frontier frontier_;
    record::TileWriter writer_;
    std::map<unsigned, record::TileFile> partial_;
    std::unique_ptr<record::TileCache> cache_;
    std::optional<Kept> kept_;
};

} // namespace

bool MonitorReport::is_clean() const {
    return overdue.empty() && evidence.empty() &&
           std::all_of(records.begin(), records.end(), [](const auto& record) {
               return record.problems.empty();
           });
}

MonitorReport monitor(const MonitorOptions& options) {
    MonitorReport out;
    for (const auto& watched : options.records)
        out.records.push_back(Visit(options, watched, out).run());
    for (const auto& record : out.records)
        for (const auto& item : record.overdue)
            ++out.overdue[record.country.empty() ? record.name : record.country]
                         [static_cast<std::size_t>(item.duty)];
    if (options.state)
        for (const auto& item : out.evidence)
            out.evidence_files.push_back(write_evidence(*options.state, item, options.now));
    return out;
}

} // namespace comity::apps
