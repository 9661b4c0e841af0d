// Tiles: paths, file sets of known sizes, recovery at every size, the cache. The writer's files
// are compared with hashes computed by the RFC's definition.
#include "record_support.hpp"

#include <thread>

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

constexpr auto hashes = TileId::Kind::hashes;
constexpr auto bundle = TileId::Kind::entries;

// Writes `size` entries, publishing after each one whose size satisfies `publishes`.
template <class Publishes>
MemoryLog log_of(std::uint64_t size, const Publishes& publishes) {
    MemoryLog log;
    TileWriter writer;
    for (std::uint64_t i = 0; i < size; ++i) {
        const std::vector<Bytes> one{entry(i)};
        REQUIRE(writer.append(one));
        if (publishes(i + 1)) log.add(writer.take_files());
    }
    log.add(writer.take_files());
    return log;
}

void check_recovery(
    const MemoryLog& log, std::uint64_t size, const Digest& root, std::uint64_t more) {
    auto recovered = TileWriter::recover(size, log.reader());
    REQUIRE(recovered.has_value());
    REQUIRE(recovered->size() == size);
    REQUIRE(recovered->root() == root);
    REQUIRE(recovered->take_files().empty()); // all of it is there already
    REQUIRE(recovered->append(entries(size, size + more)));
    const auto files = recovered->take_files();
    REQUIRE_FALSE(files.empty());
    for (const TileFile& file : files) {
        const auto found = log.files_.find(file.id.path());
        REQUIRE_MESSAGE(found != log.files_.end(), file.id.path());
        REQUIRE(found->second == file.bytes);
    }
}

} // namespace

TEST_CASE("paths of tiles are those of the format, both ways") {
    struct Row {
        TileId id;
        const char* path;
    };

    const Row rows[] = {
        {{hashes, 0, 0, 256}, "tile/0/000"},
        {{hashes, 0, 1000, 256}, "tile/0/x001/000"},
        {{hashes, 1, 1234067, 256}, "tile/1/x001/x234/067"},
        {{hashes, 2, 1234067, 8}, "tile/2/x001/x234/067.p/8"},
        {{hashes, 63, 5, 255}, "tile/63/005.p/255"},
        {{bundle, 0, 0, 1}, "tile/entries/000.p/1"},
        {{bundle, 0, 999'999'999, 256}, "tile/entries/x999/x999/999"},
        {{hashes, 0, (std::uint64_t{1} << 54) - 1, 256}, "tile/0/x018/x014/x398/x509/x481/983"},
    };
    for (const Row& row : rows) {
        CHECK(row.id.path() == row.path);
        CHECK(TileId::from_path(row.path) == row.id);
    }
}

TEST_CASE("a second spelling of a tile's path is no path") {
    for (const char* path :
         {"",
          "tile",
          "tile/",
          "tile/0",
          "tile/0/",
          "/tile/0/000",
          "tile/00/000",
          "tile/64/000",
          "tile/-1/000",
          "tile/0/00",
          "tile/0/0000",
          "tile/0/x000/000",
          "tile/0/x001",
          "tile/0/x001/",
          "tile/0/001/000",
          "tile/0/x001/x000",
          "tile/0/000.p",
          "tile/0/000.p/",
          "tile/0/000.p/0",
          "tile/0/000.p/256",
          "tile/0/000.p/01",
          "tile/0/000.p/1/",
          "tile/0/000.p/1.p/1",
          "tile/entries/000.p/300",
          "tile/Entries/000",
          "tile/0/ 00",
          "tile/0/x1/000",
          "tile//000",
          "tile/0/000 ",
          "tile/0/x001/x001/x001/x001/x001/x001/x001/001",
          "tile/0/../checkpoint"})
        CHECK_MESSAGE(!TileId::from_path(path).has_value(), path);
}

TEST_CASE("widths follow from the size") {
    CHECK(full_tiles(0, 255) == 0);
    CHECK(partial_width(0, 255) == 255);
    CHECK(full_tiles(0, 256) == 1);
    CHECK(partial_width(0, 256) == 0);
    CHECK(partial_width(1, 255) == 0);
    CHECK(partial_width(1, 256) == 1);
    CHECK(full_tiles(7, tree_size_max) == 0);
    CHECK(partial_width(7, tree_size_max) == 64);
    CHECK(partial_width(8, tree_size_max) == 0);
    CHECK(full_tiles(9, tree_size_max) == 0);
    CHECK(tile_at(0, 0, 255) == TileId{hashes, 0, 0, 255});
    CHECK(tile_at(0, 0, 256) == TileId{hashes, 0, 0, 256});
    CHECK_FALSE(tile_at(0, 1, 256).has_value());
    CHECK_FALSE(tile_at(0, 2, 257).has_value());
    CHECK(partial_tiles(0).empty());
    CHECK(partial_tiles(256) == std::vector<TileId>{{hashes, 1, 0, 1}});
}

TEST_CASE("size 256 is one full tile, its bundle and one hash above") {
    TileWriter writer;
    REQUIRE(writer.append(entries(0, 256)));
    MemoryLog log;
    log.add(writer.take_files());
    CHECK(log.files_.size() == 3);
    CHECK(log.files_.at("tile/0/000").size() == 8192);
    CHECK(log.files_.at("tile/1/000.p/1") == Bytes(view(plain_root(leaf_hashes(256)))));
    CHECK(entries_in_bundle(log.files_.at("tile/entries/000"), 256).value()[255] == entry(255));
    CHECK(writer.root() == plain_root(leaf_hashes(256)));
    CHECK(writer.take_files().empty());
}

TEST_CASE("size 70,000 is exactly the file set of the format, with the right hashes") {
    const auto leaves = leaf_hashes(70'000);
    TileWriter writer;
    MemoryLog log;
    for (std::uint64_t at = 0; at < 70'000; at += 7'000) {
        REQUIRE(writer.append(entries(at, at + 7'000)));
    }
    log.add(writer.take_files());
    std::map<std::string, std::size_t> want;
    for (std::uint64_t i = 0; i < 273; ++i) {
        want[TileId{hashes, 0, i, 256}.path()] = 8192;
        want[TileId{bundle, 0, i, 256}.path()] = 0;
    }
    want["tile/0/273.p/112"] = 112 * 32;
    want["tile/entries/273.p/112"] = 0;
    want["tile/1/000"] = 8192;
    want["tile/1/001.p/17"] = 17 * 32;
    want["tile/2/000.p/1"] = 32;
    REQUIRE(log.files_.size() == want.size());
    for (const auto& [path, bytes] : log.files_) {
        REQUIRE_MESSAGE(want.contains(path), path);
        const TileId id = TileId::from_path(path).value();
        if (id.kind == bundle) {
            const auto inside = entries_in_bundle(bytes, id.width).value();
            for (unsigned i = 0; i < id.width; ++i)
                REQUIRE(inside[i] == entry(id.index * 256 + i));
            continue;
        }
        REQUIRE(bytes.size() == want[path]);
        const auto inside = hashes_in_tile(bytes, id.width).value();
        const std::uint64_t span = std::uint64_t{1} << 8 * id.level;
        for (unsigned i = 0; i < id.width; ++i)
            REQUIRE(
                inside[i] == plain_root(Leaves(leaves).subspan((id.index * 256 + i) * span, span)));
    }
    CHECK(writer.root() == plain_root(leaves));
}

TEST_CASE("a writer recovered at any size up to 1000 goes on as if it had never stopped") {
    const auto log = log_of(1300, [](std::uint64_t) { return true; });
    const auto leaves = leaf_hashes(1300);
    std::mt19937 random(20260105);
    Frontier frontier;
    for (std::uint64_t size = 0; size <= 1000; ++size) {
        check_recovery(log, size, frontier.root(), 1 + random() % 300);
        frontier.append(leaves[size]);
    }
}

TEST_CASE("a writer recovers across the boundaries of 65,536 and of the next tile") {
    const auto publishes = [](std::uint64_t size) {
        return size >= 65'500 && size <= 65'900;
    };
    const auto log = log_of(65'900, publishes);
    const auto leaves = leaf_hashes(65'900);
    for (const std::uint64_t size :
         {65'500u, 65'534u, 65'535u, 65'536u, 65'537u, 65'791u, 65'792u, 65'793u})
        for (const std::uint64_t more : {1u, 2u, 40u})
            check_recovery(log, size, root_of(Leaves(leaves).first(size)), more);
}

TEST_CASE("recovery refuses files that are missing, cut, or hold other entries") {
    const auto log = log_of(300, [](std::uint64_t) { return false; });
    REQUIRE(TileWriter::recover(300, log.reader()).has_value());
    for (const TileId& id : partial_tiles(300)) {
        MemoryLog broken = log;
        broken.files_.erase(id.path());
        CHECK(code_of(TileWriter::recover(300, broken.reader())) == Code::not_found);
        broken = log;
        broken.files_[id.path()].pop_back();
        CHECK(code_of(TileWriter::recover(300, broken.reader())) == Code::proof_malformed);
        broken = log;
        broken.files_[id.path()] += 'x';
        CHECK(code_of(TileWriter::recover(300, broken.reader())) == Code::proof_malformed);
        broken = log;
        broken.files_[id.path()][20] ^= 1;
        // On level 1 the change is in the root, which the caller compares with its checkpoint.
        const auto recovered = TileWriter::recover(300, broken.reader());
        if (id.level == 1)
            CHECK(recovered->root() != plain_root(leaf_hashes(300)));
        else
            CHECK(code_of(recovered) == Code::proof_malformed);
    }
    CHECK(code_of(TileWriter::recover(tree_size_max + 1, log.reader())) == Code::too_large);
}

TEST_CASE("an entry of 65,535 bytes is taken and one of 65,536 refuses the whole batch") {
    TileWriter writer;
    const std::vector<Bytes> most{Bytes(65'535, 'a'), ""};
    REQUIRE(writer.append(most));
    const std::vector<Bytes> over{"fine", Bytes(65'536, 'a')};
    CHECK(code_of(writer.append(over)) == Code::too_large);
    CHECK(writer.size() == 2);
    const auto files = writer.take_files();
    REQUIRE(files.size() == 2);
    const auto inside = entries_in_bundle(files[0].bytes, 2).value();
    CHECK(inside[0] == most[0]);
    CHECK(inside[1].empty());
}

TEST_CASE("a bundle or tile of another length is refused") {
    const Bytes two(
        "\x00\x01"
        "a\x00\x00",
        5);
    CHECK(entries_in_bundle(two, 2).value() == std::vector<BytesView>{"a", ""});
    CHECK(code_of(entries_in_bundle(two, 1)) == Code::proof_malformed);
    CHECK(code_of(entries_in_bundle(two, 3)) == Code::proof_malformed);
    CHECK(code_of(entries_in_bundle(two.substr(0, 4), 2)) == Code::proof_malformed);
    CHECK(code_of(entries_in_bundle(two.substr(0, 2), 1)) == Code::proof_malformed);
    CHECK(code_of(hashes_in_tile(Bytes(33, 'x'), 1)) == Code::proof_malformed);
    CHECK(code_of(hashes_in_tile(Bytes(32, 'x'), 2)) == Code::proof_malformed);
    CHECK(code_of(ExpandedTile::from(Bytes(64, 'x'), 1)) == Code::proof_malformed);
}

TEST_CASE("an expanded tile has every complete node of its width") {
    const auto leaves = leaf_hashes(256);
    Bytes bytes;
    for (const Digest& leaf : leaves)
        bytes += view(leaf);
    for (unsigned width = 1; width <= 256; ++width) {
        const auto tile = ExpandedTile::from(BytesView(bytes).substr(0, width * 32), width).value();
        for (unsigned height = 0; height <= 8; ++height)
            for (unsigned i = 0; i < width >> height; ++i)
                REQUIRE(
                    tile.node(height, i) ==
                    root_of(Leaves(leaves).subspan(i << height, std::size_t{1} << height)));
    }
}

TEST_CASE(
    "paths through the cache equal the definition, while tiles come and go and the log grows") {
    const auto log = log_of(3000, [](std::uint64_t) { return true; });
    const auto leaves = leaf_hashes(3000);
    std::mt19937 random(20260106);
    for (const std::size_t tiles : {1u, 1000u}) {
        TileCache cache(log.reader(), 0, tiles);
        for (std::uint64_t size = 1; size <= 3000; size += 1 + random() % 40) {
            cache.grow(size);
            const Leaves part = Leaves(leaves).first(size);
            const Prover prover = Prover::at(size, cache.reader()).value();
            REQUIRE(prover.root() == root_of(part));
            const std::uint64_t index = random() % size;
            REQUIRE(cache.leaf_hash(index).value() == leaves[index]);
            REQUIRE(verify_inclusion(
                leaves[index], index, size, prover.inclusion(index).value(), prover.root()));
            const std::uint64_t old = 1 + random() % size;
            REQUIRE(prover.consistency(old).value() == plain_subproof(old, part, true));
        }
        cache.grow(5); // never shrinks
        CHECK(cache.size() > 2900);
    }
}

TEST_CASE("paths in a log of 70,000 verify from tiles read through a small cache") {
    TileWriter writer;
    REQUIRE(writer.append(entries(0, 70'000)));
    MemoryLog log;
    log.add(writer.take_files());
    TileCache cache(log.reader(), 70'000, 16);
    const Prover prover = Prover::at(70'000, cache.reader()).value();
    CHECK(prover.root() == writer.root());
    std::mt19937 random(20260107);
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t index = i == 0 ? 69'999 : random() % 70'000;
        const auto path = prover.inclusion(index).value();
        REQUIRE(verify_inclusion(
            crypto::merkle_leaf(entry(index)), index, 70'000, path, prover.root()));
    }
    const auto beyond = cache.leaf_hash(70'000);
    CHECK(code_of(beyond) == Code::not_found);
}

TEST_CASE("T20 a lying or failing tile source never gives a path that verifies") {
    TileWriter writer;
    REQUIRE(writer.append(entries(0, 1000)));
    MemoryLog log;
    log.add(writer.take_files());
    const Digest root = writer.root();
    log.files_["tile/0/001"][40] ^= 1; // leaf 257
    TileCache cache(log.reader(), 1000);
    const Prover prover = Prover::at(1000, cache.reader()).value();
    CHECK(prover.root() == root);
    CHECK_FALSE(verify_inclusion(
        crypto::merkle_leaf(entry(256)), 256, 1000, prover.inclusion(256).value(), root));
    CHECK_FALSE(verify_inclusion(
        cache.leaf_hash(257).value(), 257, 1000, prover.inclusion(257).value(), root));
    CHECK(verify_inclusion(
        crypto::merkle_leaf(entry(0)), 0, 1000, prover.inclusion(0).value(), root));
    log.files_["tile/0/002"].pop_back();
    CHECK(code_of(prover.inclusion(600)) == Code::proof_malformed);
    log.files_.erase("tile/0/002");
    CHECK(code_of(prover.inclusion(600)) == Code::not_found);
}

TEST_CASE("two threads read through one cache while it grows") {
    const auto log = log_of(2000, [](std::uint64_t) { return true; });
    const auto leaves = leaf_hashes(2000);
    TileCache cache(log.reader(), 500, 16);
    std::atomic<int> good{0};
    const auto work = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int i = 0; i < 300; ++i) {
            const std::uint64_t size = 500 + static_cast<std::uint64_t>(i) * 5;
            cache.grow(size);
            const auto prover = Prover::at(size, cache.reader());
            const std::uint64_t index = random() % size;
            const auto path = prover ? prover->inclusion(index) : Result<std::vector<Digest>>{};
            if (path && verify_inclusion(leaves[index], index, size, *path, prover->root()))
                good.fetch_add(1);
        }
    };
    std::thread other(work, 2);
    work(1);
    other.join();
    CHECK(good == 600);
}
