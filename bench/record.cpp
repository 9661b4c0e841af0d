// The record: a million leaves to a root, the tile writer, proofs made and checked. Beside each
// figure stands what the same hashes or bytes cost with nothing around them, in the same run.
#include "bench.hpp"
#include "crypto/hash.hpp"
#include "record/tiles.hpp"
#include "record/witness.hpp"

#include <cstring>
#include <random>
#include <thread>

using namespace comity;
using namespace comity::record;

namespace {

constexpr std::size_t million = 1'000'000;
constexpr std::size_t batch = 1000;
constexpr std::size_t proofs = 200'000;

std::vector<Bytes> act_like_entries(std::size_t count) {
    std::vector<Bytes> entries;
    entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        entries.push_back(
            R"({"leaf":"act","v":1,"c":")" + text(crypto::sha256(std::to_string(i))) + R"("})");
    return entries;
}

// Node hashes per second on one core: one chain of dependent hashes, or pairs two at a time.
double node_hashes(bool two_way) {
    std::vector<Digest> row(4096);
    constexpr int rounds = 100;
    const double taken = bench::seconds([&] {
        for (int i = 0; i < rounds; ++i) {
            if (two_way) {
                crypto::merkle_level(row, std::span(row).first(2048));
            } else {
                for (std::size_t k = 1; k <= 2048; ++k)
                    row[0] = crypto::merkle_node(row[k], row[0]);
            }
        }
    });
    bench::keep(row);
    return rounds * 2048 / taken;
}

template <class Work>
double on_two_threads(const Work& work) {
    return bench::seconds([&] {
        std::thread other(work, 2u);
        work(1u);
        other.join();
    });
}

double best_of_three(const std::function<void()>& work) {
    return std::min({bench::seconds(work), bench::seconds(work), bench::seconds(work)});
}

struct TileStore {
    std::unordered_map<std::string, Bytes> files;
    Digest root{};
    std::vector<Digest> leaves;

    [[nodiscard]] ReadTile reader() const {
        return [this](const TileId& id) -> Result<Bytes> {
            return files.at(id.path());
        };
    }
};

TileStore million_in_tiles() {
    TileStore store;
    const auto entries = act_like_entries(million);
    TileWriter writer;
    CHECK_THAT(writer.append(entries).has_value());
    for (TileFile& file : writer.take_files())
        if (file.id.kind == TileId::Kind::hashes)
            store.files.emplace(file.id.path(), std::move(file.bytes));
    store.root = writer.root();
    store.leaves.resize(entries.size());
    crypto::merkle_leaves(entries, store.leaves);
    return store;
}

// Makes and checks `count` proofs, `together` of them checked at a time.
void make_and_check(
    const Prover& prover, const TileStore& store, unsigned seed, std::size_t count,
    std::size_t together) {
    std::mt19937_64 random(seed);
    std::vector<std::vector<Digest>> paths(together);
    std::vector<InclusionClaim> claims(together);
    for (std::size_t done = 0; done < count; done += together) {
        for (std::size_t i = 0; i < together; ++i) {
            const std::uint64_t index = random() % million;
            CHECK_THAT(prover.inclusion(index, paths[i]).has_value());
            claims[i] = {store.leaves[index], index, paths[i]};
        }
        if (together == 1) {
            CHECK_THAT(
                verify_inclusion(
                    claims[0].leaf_hash, claims[0].index, million, claims[0].path, store.root)
                    .has_value());
            continue;
        }
        for (const bool verdict : verify_inclusions(claims, million, store.root))
            CHECK_THAT(verdict);
    }
}

} // namespace

COMITY_BENCH(record_root) {
    std::vector<Digest> leaves(million);
    for (std::size_t i = 0; i < million; ++i)
        std::memcpy(leaves[i].data(), &i, sizeof i);
    const double taken = best_of_three([&] { bench::keep(root_of(leaves)); });
    const double limit = static_cast<double>(million - 1) / node_hashes(true);
    bench::report(
        {"record.root_of_million", taken, "s", limit, limit / taken,
         "limit: as many two-way node hashes on 128 KiB; one thread"});
    Frontier frontier;
    const double appended = bench::seconds([&] {
        for (const Digest& leaf : leaves)
            frontier.append(leaf);
        bench::keep(frontier.root());
    });
    const double chain = static_cast<double>(million - 1) / node_hashes(false);
    bench::report(
        {"record.frontier_of_million", appended, "s", chain, chain / appended,
         "leaf by leaf; limit: as many dependent node hashes"});
}

COMITY_BENCH(record_writer) {
    const auto entries = act_like_entries(million);
    std::size_t bytes = 0;
    const double taken = best_of_three([&] {
        TileWriter writer;
        bytes = 0;
        for (std::size_t at = 0; at < million; at += batch) {
            CHECK_THAT(writer.append(std::span(entries).subspan(at, batch)).has_value());
            for (const TileFile& file : writer.take_files())
                bytes += file.bytes.size();
            bench::keep(writer.root());
        }
    });
    std::vector<Digest> hashes(batch);
    const double hashing = best_of_three([&] {
        for (std::size_t at = 0; at < million; at += batch)
            crypto::merkle_leaves(std::span(entries).subspan(at, batch), hashes);
    });
    const double limit = hashing + static_cast<double>(million) / node_hashes(true);
    bench::report(
        {"record.writer_appends", million / taken, "/s", million / limit, limit / taken,
         "batches of 1000 with files and root; limit: leaf and node hashing alone; MiB out: " +
             std::to_string(bytes >> 20)});
}

COMITY_BENCH(record_proofs) {
    const TileStore store = million_in_tiles();
    TileCache cache(store.reader(), million, 8192);
    const Prover prover = Prover::at(million, cache.reader()).value();
    const double cold = bench::seconds([&] {
        for (std::uint64_t i = 0; i < million; i += tile_width)
            bench::keep(prover.inclusion(i).value());
    });
    bench::report(
        {"record.tile_expansion", million / tile_width / cold, "/s", node_hashes(true) / 255,
         million / tile_width / cold * 255 / node_hashes(true),
         "first read of each tile; limit: its 255 node hashes"});
    const double made = bench::seconds([&] {
        std::mt19937_64 random(3);
        for (std::size_t i = 0; i < proofs; ++i)
            bench::keep(prover.inclusion(random() % million).value());
    });
    bench::report({"record.inclusion_made", proofs / made, "/s", 0, 0, "cached tiles, one thread"});

    struct Row {
        const char* name;
        std::size_t together;
        bool two_way;
    };

    for (const Row& row :
         {Row{"record.inclusion_made_and_checked", 1, false},
          Row{"record.inclusion_made_and_checked_by_64", 64, true}}) {
        const double limit = node_hashes(row.two_way) / 20; // a path has up to 20 hashes
        const std::size_t count = proofs / row.together * row.together;
        const double one =
            bench::seconds([&] { make_and_check(prover, store, 1, count, row.together); });
        bench::report(
            {row.name, static_cast<double>(count) / one, "/s", limit,
             static_cast<double>(count) / one / limit, "one thread; limit: 20 node hashes alone"});
        const double two = on_two_threads(
            [&](unsigned seed) { make_and_check(prover, store, seed, count, row.together); });
        bench::report(
            {std::string(row.name) + "_two_threads", 2 * static_cast<double>(count) / two, "/s",
             2 * limit, static_cast<double>(count) / two / limit, "two threads, one cache"});
    }
    std::mt19937_64 random(4);
    const double consistency = bench::seconds([&] {
        for (std::size_t i = 0; i < proofs; ++i)
            bench::keep(prover.consistency(1 + random() % million).value());
    });
    bench::report(
        {"record.consistency_made", proofs / consistency, "/s", 0, 0, "cached tiles, one thread"});
}

COMITY_BENCH(record_witness) {
    const auto log = crypto::Ed25519Key::from_seed(Bytes(32, 'l')).value();
    const auto key = crypto::Ed25519Key::from_seed(Bytes(32, 'w')).value();
    const FollowedLog followed{"log.example", {log_key("log.example", log)}};
    const Bytes body =
        add_checkpoint_body(0, {}, sign_checkpoint({"log.example", 1, Digest{}, {}}, log).print());
    constexpr int count = 2000;
    const double taken = bench::seconds([&] {
        for (int i = 0; i < count; ++i) {
            const auto request = AddCheckpoint::parse(body);
            CHECK_THAT(
                answer_add_checkpoint(*request, &followed, {}, "w.example", key, 1).status == 200);
        }
    });
    const Bytes text = "text\n";
    const Bytes signature = log.sign(text);
    const double limit = bench::seconds([&] {
        for (int i = 0; i < count; ++i) {
            bench::keep(key.sign(text));
            bench::keep(crypto::verify_ed25519(log.public_key(), text, signature));
        }
    });
    bench::report(
        {"record.witness_answers", count / taken, "/s", count / limit, limit / taken,
         "limit: one Ed25519 check and one signature; without storing"});
}
