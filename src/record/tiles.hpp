// The tree as static files, C2SP tlog-tiles: hash tiles, entry bundles, their paths, the writer
// that makes them and a cache that reads them. No file is opened here: files come and go as bytes.
#pragma once

#include "record/tree.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace comity::record {

inline constexpr unsigned tile_width = 256;
inline constexpr unsigned tile_levels = 8; ///< 256^8 entries are beyond tree_size_max

/// Names one file of the log.
struct TileId {
    enum class Kind { hashes, entries };

    Kind kind = Kind::hashes;
    unsigned level = 0; ///< 0 for entries
    std::uint64_t index = 0;
    unsigned width = tile_width; ///< 1 to 256; below 256 the tile is partial

    [[nodiscard]] bool is_full() const { return width == tile_width; }

    /// As in a URL and as in the file system: "tile/0/x001/234.p/5", "tile/entries/000".
    [[nodiscard]] std::string path() const;
    /// Strict: exactly what path() prints (levels up to 63 are read, as the format allows).
    static std::optional<TileId> from_path(std::string_view path);

    bool operator==(const TileId&) const = default;
};

/// The number of full tiles on a level of the tree of this size.
std::uint64_t full_tiles(unsigned level, std::uint64_t size);
/// The width of the partial tile on a level; 0 when there is none.
unsigned partial_width(unsigned level, std::uint64_t size);
/// The tile that holds the hashes of that level's tile `index` in the tree of this size: full if it
/// is, else with the width it has. Nothing when the tree does not reach it.
std::optional<TileId> tile_at(unsigned level, std::uint64_t index, std::uint64_t size);
/// The partial tiles and the partial bundle of the tree of this size, level 0 first, bundle last.
std::vector<TileId> partial_tiles(std::uint64_t size);

/// The hashes in a tile; the bytes must be exactly width * 32. Refuses with proof_malformed.
Result<std::vector<Digest>> hashes_in_tile(BytesView tile, unsigned width);
/// The entries in a bundle, as views into it; exactly `width`, nothing after them.
Result<std::vector<BytesView>> entries_in_bundle(BytesView bundle, unsigned width);

/// Reads a file of the log; a refusal or a Fault passes through to the caller. If a partial tile is
/// gone because the full one exists, the reader may give the beginning of the full one; it then
/// must cut it to the width asked for.
using ReadTile = std::function<Result<Bytes>(const TileId&)>;

struct TileFile {
    TileId id;
    Bytes bytes;
};

/// Makes the files of a log from its entries. It holds the right edge only (under 256 hashes a
/// level and the last bundle), so its size does not grow with the log. Not safe from two threads.
class TileWriter {
public:
    TileWriter() = default;
    /// The writer that has written `size` entries, from the files of that size: reads the partial
    /// tiles and the partial bundle only. Refuses with proof_malformed if a file has another length
    /// or the entries do not have the leaf hashes. The caller compares root() with its checkpoint.
    static Result<TileWriter> recover(std::uint64_t size, const ReadTile& read);

    /// Adds entries in order. All are refused (too_large) if one is longer than 65,535 bytes.
    Result<void> append(std::span<const Bytes> entries);

    /// The files that are new since the last call (or since recovery): the full tiles completed
    /// since, then the partial tiles of the present size. They have to be on disk before a
    /// checkpoint of this size is. Files are immutable: a path never gets other bytes.
    std::vector<TileFile> take_files();

    [[nodiscard]] std::uint64_t size() const { return size_; }

    [[nodiscard]] Digest root() const;

private:
    struct Level {
        std::vector<Digest> hashes;  // of the tile that is not yet full
        std::uint64_t full = 0;      // the number of tiles that are
        std::size_t taken_width = 0; // the width last given out
    };

    void close_bundle();
    void close_tile(unsigned level);

    std::uint64_t size_ = 0;
    std::array<Level, tile_levels> levels_;
    Bytes bundle_;
    std::vector<TileFile> done_;
};

/// A full or partial tile with every complete node above its hashes inside it: a path then is
/// table look-ups and no hashing.
class ExpandedTile {
public:
    /// Refuses with proof_malformed for a wrong length.
    static Result<ExpandedTile> from(BytesView tile, unsigned width);

    [[nodiscard]] unsigned width() const { return width_; }

    /// `height` 0 to 8 above the tile's hashes; the node must be complete within the width.
    [[nodiscard]] const Digest& node(unsigned height, unsigned index) const;

private:
    std::vector<Digest> nodes_;
    std::array<std::uint16_t, 10> begin_{}; // of each height in nodes_
    unsigned width_ = 0;
};

/// Reads nodes through tiles and keeps the tiles used last, expanded (16 KiB each). Safe from
/// many threads if `read` is. It reads the tree of one size; to go on to a larger one, call grow():
/// full tiles stay. Tiles are taken as they are: who does not trust their source verifies the
/// paths made from them.
class TileCache {
public:
    TileCache(ReadTile read, std::uint64_t size, std::size_t tiles_max = 1024);
    TileCache(const TileCache&) = delete;
    TileCache& operator=(const TileCache&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Never shrinks. Readers of paths at the smaller size may go on meanwhile.
    void grow(std::uint64_t size);
    Result<void> nodes(std::span<const NodeId> ids, std::span<Digest> hashes);

    /// For Prover::at and the one-off functions; valid as long as the cache.
    [[nodiscard]] const ReadNodes& reader() const { return reader_; }

    /// The hash of the leaf at that index.
    Result<Digest> leaf_hash(std::uint64_t index);

private:
    struct Slot {
        ExpandedTile tile;
        mutable std::atomic<std::uint64_t> used{0};
    };

    /// Copies from `from` on until a node whose tile is not here; gives its place.
    std::size_t copy_cached(
        std::span<const NodeId> ids, std::span<Digest> hashes, std::size_t from) const;
    Result<void> load(const NodeId& id);

    ReadTile read_;
    ReadNodes reader_;
    std::size_t tiles_max_;
    std::atomic<std::uint64_t> size_;
    std::atomic<std::uint64_t> clock_{0}; // counts loads: the oldest `used` goes first
    mutable std::shared_mutex mutex_;     // guards slots_
    std::unordered_map<std::uint64_t, std::unique_ptr<Slot>> slots_;
};

} // namespace comity::record
