// Paths, contents, writer and cache of the log's static files (C2SP tlog-tiles).
#include "record/tiles.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/note.hpp"

#include <algorithm>
#include <bit>

namespace comity::record {

namespace {

constexpr unsigned tile_height = 8; // 2^8 = tile_width

std::string index_text(std::uint64_t index) {
    const auto three = [](std::uint64_t group) {
        const std::string digits = std::to_string(group);
        return std::string(3 - digits.size(), '0') + digits;
    };
    std::string text = three(index % 1000);
    while ((index /= 1000) != 0)
        text = "x" + three(index % 1000) + "/" + text;
    return text;
}

std::optional<std::uint64_t> index_from(std::string_view text) {
    // Six groups reach 10^18, past the last tile of the largest tree.
    std::uint64_t index = 0;
    for (int group = 0; group < 6; ++group) {
        const bool is_last = !text.starts_with('x');
        if (!is_last) text.remove_prefix(1);
        if (text.size() < 3) return std::nullopt;
        for (const char c : text.substr(0, 3)) {
            if (c < '0' || c > '9') return std::nullopt;
            index = index * 10 + static_cast<std::uint64_t>(c - '0');
        }
        text.remove_prefix(3);
        if (is_last) return text.empty() ? std::optional(index) : std::nullopt;
        if (!text.starts_with('/')) return std::nullopt;
        text.remove_prefix(1);
    }
    return std::nullopt;
}

// Where a complete node lies: the tile, and the place in it.
struct Place {
    unsigned level = 0;
    std::uint64_t index = 0; // of the tile
    unsigned height = 0;     // above the tile's hashes
    unsigned within = 0;     // on that height

    [[nodiscard]] std::uint64_t key() const { return std::uint64_t{level} << 56 | index; }

    [[nodiscard]] unsigned width_needed() const { return (within + 1) << height; }
};

Place place_of(const NodeId& id) {
    const unsigned height = id.level % tile_height;
    const unsigned across = tile_height - height; // 2^across nodes of that height in a tile
    return {
        id.level / tile_height, id.index >> across, height,
        static_cast<unsigned>(id.index & ((std::uint64_t{1} << across) - 1))};
}

bool is_complete(const NodeId& id, std::uint64_t size) {
    return id.level < 62 && id.index < size >> id.level;
}

Bytes bytes_of(std::span<const Digest> hashes) {
    Bytes bytes;
    bytes.reserve(hashes.size() * sizeof(Digest));
    for (const Digest& hash : hashes)
        bytes += view(hash);
    return bytes;
}

void raise(std::atomic<std::uint64_t>& value, std::uint64_t to) {
    std::uint64_t seen = value.load();
    while (seen < to && !value.compare_exchange_weak(seen, to)) {
    }
}

} // namespace

std::string TileId::path() const {
    std::string text = "tile/";
    text += kind == Kind::entries ? std::string("entries") : std::to_string(level);
    text += "/" + index_text(index);
    if (!is_full()) text += ".p/" + std::to_string(width);
    return text;
}

std::optional<TileId> TileId::from_path(std::string_view path) {
    TileId id;
    if (!path.starts_with("tile/")) return std::nullopt;
    std::string_view rest = path.substr(5);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    if (rest.substr(0, slash) == "entries") {
        id.kind = Kind::entries;
    } else {
        const auto level = decimal_from(rest.substr(0, slash));
        if (!level || *level > 63) return std::nullopt;
        id.level = static_cast<unsigned>(*level);
    }
    rest.remove_prefix(slash + 1);
    if (const std::size_t dot = rest.find(".p/"); dot != std::string_view::npos) {
        const auto width = decimal_from(rest.substr(dot + 3));
        if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
        id.width = static_cast<unsigned>(*width);
        rest = rest.substr(0, dot);
    }
    const auto index = index_from(rest);
    if (!index) return std::nullopt;
    id.index = *index;
    // A group of zeros in front would be a second name for the same file.
    return id.path() == path ? std::optional(id) : std::nullopt;
}

std::uint64_t full_tiles(unsigned level, std::uint64_t size) {
    const unsigned shift = tile_height * (level + 1);
    return shift >= 64 ? 0 : size >> shift;
}

unsigned partial_width(unsigned level, std::uint64_t size) {
    const unsigned shift = tile_height * level;
    return shift >= 64 ? 0 : static_cast<unsigned>(size >> shift & (tile_width - 1));
}

std::optional<TileId> tile_at(unsigned level, std::uint64_t index, std::uint64_t size) {
    const std::uint64_t full = full_tiles(level, size);
    if (index < full) return TileId{TileId::Kind::hashes, level, index, tile_width};
    const unsigned width = partial_width(level, size);
    if (index > full || width == 0) return std::nullopt;
    return TileId{TileId::Kind::hashes, level, index, width};
}

std::vector<TileId> partial_tiles(std::uint64_t size) {
    std::vector<TileId> tiles;
    for (unsigned level = 0; level < tile_levels; ++level)
        if (const unsigned width = partial_width(level, size); width != 0)
            tiles.push_back({TileId::Kind::hashes, level, full_tiles(level, size), width});
    if (const unsigned width = partial_width(0, size); width != 0)
        tiles.push_back({TileId::Kind::entries, 0, full_tiles(0, size), width});
    return tiles;
}

Result<std::vector<Digest>> hashes_in_tile(BytesView tile, unsigned width) {
    CHECK_THAT(width >= 1 && width <= tile_width);
    if (tile.size() != width * sizeof(Digest))
        return refuse(
            Code::proof_malformed, "a tile of width " + std::to_string(width) + " with " +
                                       std::to_string(tile.size()) + " bytes");
    std::vector<Digest> hashes(width);
    for (unsigned i = 0; i < width; ++i)
        hashes[i] = *digest_from(tile.substr(i * sizeof(Digest), sizeof(Digest)));
    return hashes;
}

Result<std::vector<BytesView>> entries_in_bundle(BytesView bundle, unsigned width) {
    CHECK_THAT(width >= 1 && width <= tile_width);
    const auto malformed = [&](const char* what) {
        return refuse(
            Code::proof_malformed, "a bundle of " + std::to_string(width) + " entries " + what);
    };
    std::vector<BytesView> entries;
    entries.reserve(width);
    for (unsigned i = 0; i < width; ++i) {
        if (bundle.size() < 2) return malformed("ends before its last entry");
        const std::size_t length = std::size_t{static_cast<unsigned char>(bundle[0])} << 8 |
                                   std::size_t{static_cast<unsigned char>(bundle[1])};
        bundle.remove_prefix(2);
        if (bundle.size() < length) return malformed("ends inside an entry");
        entries.push_back(bundle.substr(0, length));
        bundle.remove_prefix(length);
    }
    if (!bundle.empty()) return malformed("goes on after its last entry");
    return entries;
}

Result<TileWriter> TileWriter::recover(std::uint64_t size, const ReadTile& read) {
    if (size > tree_size_max)
        return refuse(Code::too_large, "a log of size " + std::to_string(size));
    TileWriter writer;
    writer.size_ = size;
    for (unsigned level = 0; level < tile_levels; ++level)
        writer.levels_[level].full = full_tiles(level, size);
    for (const TileId& id : partial_tiles(size)) {
        TRY(Bytes bytes, read(id));
        if (id.kind == TileId::Kind::hashes) {
            Level& level = writer.levels_[id.level];
            TRY(level.hashes, hashes_in_tile(bytes, id.width));
            level.taken_width = id.width;
            continue;
        }
        TRY(const std::vector<BytesView> entries, entries_in_bundle(bytes, id.width));
        for (unsigned i = 0; i < id.width; ++i)
            if (crypto::merkle_leaf(entries[i]) != writer.levels_[0].hashes[i])
                return refuse(
                    Code::proof_malformed, "entry " + std::to_string(id.index * tile_width + i) +
                                               " does not have the hash in the tile");
        writer.bundle_ = std::move(bytes);
    }
    return writer;
}

Result<void> TileWriter::append(std::span<const Bytes> entries) {
    for (const Bytes& entry : entries)
        if (entry.size() > limits::record_entry_bytes)
            return refuse(
                Code::too_large,
                "an entry of the record with " + std::to_string(entry.size()) + " bytes");
    CHECK_THAT(size_ + entries.size() <= tree_size_max);
    std::vector<Digest> hashes(entries.size());
    crypto::merkle_leaves(entries, hashes);
    Level& leaves = levels_[0];
    for (std::size_t i = 0; i < entries.size(); ++i) {
        put_be16(bundle_, static_cast<std::uint16_t>(entries[i].size()));
        bundle_ += entries[i];
        leaves.hashes.push_back(hashes[i]);
        ++size_;
        if (leaves.hashes.size() == tile_width) {
            close_bundle();
            for (unsigned level = 0;
                 level < tile_levels && levels_[level].hashes.size() == tile_width; ++level)
                close_tile(level);
        }
    }
    return {};
}

void TileWriter::close_bundle() {
    const std::size_t bytes = bundle_.size();
    done_.push_back({{TileId::Kind::entries, 0, levels_[0].full, tile_width}, std::move(bundle_)});
    bundle_ = Bytes();
    bundle_.reserve(bytes + bytes / 8); // the next one is likely of the same size
}

void TileWriter::close_tile(unsigned level) {
    Level& closing = levels_[level];
    done_.push_back(
        {{TileId::Kind::hashes, level, closing.full, tile_width}, bytes_of(closing.hashes)});
    CHECK_THAT(level + 1 < tile_levels);
    levels_[level + 1].hashes.push_back(root_of(closing.hashes));
    closing.hashes.clear();
    closing.taken_width = 0;
    ++closing.full;
}

std::vector<TileFile> TileWriter::take_files() {
    std::vector<TileFile> files = std::exchange(done_, {});
    for (unsigned number = 0; number < tile_levels; ++number) {
        Level& level = levels_[number];
        const std::size_t width = level.hashes.size();
        if (width == level.taken_width) continue;
        const auto narrow = static_cast<unsigned>(width);
        if (number == 0) files.push_back({{TileId::Kind::entries, 0, level.full, narrow}, bundle_});
        files.push_back(
            {{TileId::Kind::hashes, number, level.full, narrow}, bytes_of(level.hashes)});
        level.taken_width = width;
    }
    return files;
}

Digest TileWriter::root() const {
    // Each level's hashes, with the root of everything to their right as one more: RFC 6962 splits
    // at the largest power of two, so the incomplete subtree is always the last.
    std::optional<Digest> right;
    std::vector<Digest> row;
    for (const Level& level : levels_) {
        row = level.hashes;
        if (right) row.push_back(*right);
        if (!row.empty()) right = root_of(row);
    }
    return right.value_or(empty_root());
}

Result<ExpandedTile> ExpandedTile::from(BytesView tile, unsigned width) {
    ExpandedTile expanded;
    TRY(expanded.nodes_, hashes_in_tile(tile, width));
    expanded.width_ = width;
    std::size_t total = 0;
    for (unsigned height = 0; height <= tile_height; ++height) {
        expanded.begin_[height] = static_cast<std::uint16_t>(total);
        total += width >> height;
    }
    expanded.nodes_.resize(total);
    const std::span<Digest> nodes(expanded.nodes_);
    for (unsigned height = 1; height <= tile_height; ++height) {
        const std::size_t count = width >> height;
        if (count == 0) break;
        crypto::merkle_level(
            nodes.subspan(expanded.begin_[height - 1], count * 2),
            nodes.subspan(expanded.begin_[height], count));
    }
    return expanded;
}

const Digest& ExpandedTile::node(unsigned height, unsigned index) const {
    CHECK_THAT(height <= tile_height && index < width_ >> height);
    return nodes_[begin_[height] + index];
}

TileCache::TileCache(ReadTile read, std::uint64_t size, std::size_t tiles_max)
    : read_(std::move(read)),
      reader_([this](std::span<const NodeId> ids, std::span<Digest> hashes) {
          return nodes(ids, hashes);
      }),
      // A path needs a tile of each level, and the right edge another of each.
      tiles_max_(std::max<std::size_t>(tiles_max, std::size_t{2} * tile_levels)),
      size_(size) {}

void TileCache::grow(std::uint64_t size) {
    raise(size_, size);
}

std::size_t TileCache::copy_cached(
    std::span<const NodeId> ids, std::span<Digest> hashes, std::size_t from) const {
    const std::shared_lock lock(mutex_);
    const std::uint64_t now = clock_.load(std::memory_order_relaxed);
    std::uint64_t last_key = 0;
    const Slot* slot = nullptr;
    for (std::size_t i = from; i < ids.size(); ++i) {
        const Place place = place_of(ids[i]);
        // Neighbours in a path mostly lie in one tile.
        if (slot == nullptr || place.key() != last_key) {
            const auto found = slots_.find(place.key());
            if (found == slots_.end()) return i;
            slot = found->second.get();
            last_key = place.key();
            if (slot->used.load(std::memory_order_relaxed) != now)
                slot->used.store(now, std::memory_order_relaxed);
        }
        if (slot->tile.width() < place.width_needed()) return i; // the tile has grown since
        hashes[i] = slot->tile.node(place.height, place.within);
    }
    return ids.size();
}

Result<void> TileCache::load(const NodeId& id) {
    const std::uint64_t size = size_.load();
    if (!is_complete(id, size))
        return refuse(
            Code::not_found, "node " + std::to_string(id.index) + " on level " +
                                 std::to_string(id.level) + " in the tree of size " +
                                 std::to_string(size));
    const Place place = place_of(id);
    const auto tile = tile_at(place.level, place.index, size);
    CHECK_THAT(tile.has_value());
    TRY(const Bytes bytes, read_(*tile));
    TRY(ExpandedTile expanded, ExpandedTile::from(bytes, tile->width));
    auto slot = std::make_unique<Slot>();
    slot->tile = std::move(expanded);

    const std::unique_lock lock(mutex_);
    slot->used.store(clock_.fetch_add(1) + 1);
    auto& kept = slots_[place.key()];
    // Another thread may have loaded a wider one meanwhile.
    if (kept == nullptr || kept->tile.width() < slot->tile.width()) kept = std::move(slot);
    if (slots_.size() > tiles_max_) {
        const auto oldest = std::ranges::min_element(slots_, {}, [](const auto& entry) {
            return entry.second->used.load(std::memory_order_relaxed);
        });
        slots_.erase(oldest);
    }
    return {};
}

Result<void> TileCache::nodes(std::span<const NodeId> ids, std::span<Digest> hashes) {
    CHECK_THAT(ids.size() == hashes.size());
    std::size_t done = 0;
    while ((done = copy_cached(ids, hashes, done)) < ids.size())
        TRY_VOID(load(ids[done]));
    return {};
}

Result<Digest> TileCache::leaf_hash(std::uint64_t index) {
    const NodeId id{0, index};
    Digest hash;
    TRY_VOID(nodes(std::span(&id, 1), std::span(&hash, 1)));
    return hash;
}

} // namespace comity::record
