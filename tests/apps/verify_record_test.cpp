// The offline check of a published record: a genuine one passes, and no byte of any file can
// change.
#include "apps/verify.hpp"
#include "base/fault.hpp"
#include "crypto/hash.hpp"
#include "record/checkpoint.hpp"
#include "record/leaf.hpp"
#include "record/tiles.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace comity;
namespace fs = std::filesystem;

namespace {

Bytes read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, BytesView bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

Bytes leaf(std::uint64_t index) {
    if (index % 50 == 3)
        return record::change_leaf(
            record::Leaf::Kind::roll, static_cast<std::int64_t>(index) + 1,
            crypto::sha256(std::to_string(index)));
    return record::act_leaf(
        view(crypto::sha256("nonce " + std::to_string(index))), "header " + std::to_string(index));
}

/// A record on disk that grew in steps, with its witnesses' keys in a file beside it.
struct World {
    explicit World(std::vector<std::uint64_t> sizes) {
        record::TileWriter writer;
        for (const auto size : sizes) {
            std::vector<Bytes> entries;
            for (std::uint64_t i = writer.size(); i < size; ++i)
                entries.push_back(leaf(i));
            REQUIRE(writer.append(entries));
            for (const auto& file : writer.take_files())
                write(record / file.id.path(), file.bytes);
        }
        publish({"arcadia.example/record", writer.size(), writer.root(), {}});
        write(record / "vkey", record::log_key("arcadia.example/record", log).text() + "\n");
        write(
            witnesses, record::witness_key("w1.example", first).text() + "\n" +
                           record::witness_key("w2.example", second).text() + "\n");
    }

    void publish(const record::Checkpoint& checkpoint) {
        auto note = record::sign_checkpoint(checkpoint, log);
        note.signatures.push_back(
            record::cosign_note(note.text, "w1.example", first, 1'800'000'000));
        note.signatures.push_back(
            record::cosign_note(note.text, "w2.example", second, 1'800'000'001));
        write(record / "checkpoint", note.print());
    }

    [[nodiscard]] apps::Verdict check() const {
        return apps::verify_record(record, {std::nullopt, witnesses});
    }

    [[nodiscard]] std::vector<fs::path> files() const {
        std::vector<fs::path> out{witnesses};
        for (const auto& entry : fs::recursive_directory_iterator(record))
            if (entry.is_regular_file()) out.push_back(entry.path());
        std::sort(out.begin(), out.end());
        return out;
    }

    test::TemporaryDirectory directory;
    fs::path record = directory / "record";
    fs::path witnesses = directory / "witnesses";
    crypto::Ed25519Key log = crypto::Ed25519Key::generate();
    crypto::Ed25519Key first = crypto::Ed25519Key::generate();
    crypto::Ed25519Key second = crypto::Ed25519Key::generate();
};

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    return out;
}

bool one_of_them_names(const apps::Verdict& verdict, std::string_view what) {
    return joined(verdict.failures).find(what) != std::string::npos;
}

} // namespace

TEST_CASE("a genuine record of any size is proved, with the partial files of earlier sizes") {
    for (const auto& sizes : std::vector<std::vector<std::uint64_t>>{
             {0},
             {1},
             {2},
             {255},
             {256},
             {257},
             {1, 7, 300},
             {100, 255, 256, 512},
             {300, 600, 1000},
             {70'000}}) {
        const World world(sizes);
        const auto verdict = world.check();
        CHECK_MESSAGE(verdict.failures.empty(), sizes.back(), " ", joined(verdict.failures));
        CHECK(joined(verdict.proved).find("2 of 2 witnesses") != std::string::npos);
        CHECK(
            joined(verdict.proved).find("all " + std::to_string(sizes.back()) + " entries") !=
            std::string::npos);
    }
}

TEST_CASE("T30 every byte of a small record counts: whichever changes, the record is not genuine") {
    const World world({1, 3, 5});
    std::size_t changes = 0;
    for (const auto& path : world.files()) {
        const Bytes genuine = read(path);
        for (std::size_t at = 0; at < genuine.size(); ++at)
            for (const int mask : {0x01, 0x20, 0x80}) {
                Bytes changed = genuine;
                changed[at] = static_cast<char>(changed[at] ^ mask);
                write(path, changed);
                const auto verdict = world.check();
                ++changes;
                CHECK_MESSAGE(!verdict.failures.empty(), path.string(), " at ", at, " mask ", mask);
                CHECK(verdict.proved.empty());
                for (const auto& line : verdict.failures)
                    CHECK(line.find('\n') == std::string::npos);
            }
        write(path, genuine);
    }
    CHECK(changes > 1000);
    CHECK(world.check().failures.empty());
}

TEST_CASE("a random byte of a record with several tiles and levels counts too") {
    const World world({200, 300, 700});
    const unsigned seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    for (const auto& path : world.files()) {
        const Bytes genuine = read(path);
        REQUIRE(!genuine.empty());
        for (int round = 0; round < 3; ++round) {
            Bytes changed = genuine;
            const std::size_t at = random() % changed.size();
            changed[at] =
                static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1 + random() % 255));
            write(path, changed);
            CHECK_MESSAGE(!world.check().failures.empty(), path.string(), " at ", at);
        }
        write(path, genuine);
    }
    CHECK(world.check().failures.empty());
}

TEST_CASE("a file that is missing, cut off, too long or does not belong is named") {
    const World world({200, 300});
    for (const auto& path : world.files()) {
        const std::string name = path.lexically_relative(world.record).generic_string();
        // A partial file of an earlier size may be gone; every other is needed.
        const bool is_earlier = name.find("000.p/200") != std::string::npos;
        const Bytes genuine = read(path);
        if (path != world.witnesses) {
            fs::remove(path);
            CHECK_MESSAGE(world.check().failures.empty() == is_earlier, name);
        }
        write(path, genuine.substr(0, genuine.size() - 1));
        // A verifier key may stand without the end of its line.
        if (name != "vkey") CHECK_MESSAGE(!world.check().failures.empty(), name);
        write(path, genuine + "x");
        CHECK_MESSAGE(!world.check().failures.empty(), name);
        write(path, genuine);
    }
    write(world.record / "tile/0/000.bak", "x");
    CHECK(one_of_them_names(world.check(), "tile/0/000.bak: is no file of a record"));
    fs::remove(world.record / "tile/0/000.bak");
    fs::create_symlink(world.record / "checkpoint", world.record / "tile/0/000.p/9");
    CHECK(one_of_them_names(world.check(), "tile/0/000.p/9"));
}

TEST_CASE(
    "tiles beyond the checkpoint are a node's next step and no failure, and the verdict says so") {
    World world({300});
    record::Frontier frontier;
    for (std::uint64_t i = 0; i < 260; ++i)
        frontier.append(crypto::merkle_leaf(leaf(i)));
    // The checkpoint of 260 entries, while the tiles of 300 are there already.
    world.publish({"arcadia.example/record", 260, frontier.root(), {}});
    const auto short_by = world.check();
    CHECK(one_of_them_names(short_by, "tile/entries/001.p/4: the file is missing"));
    // Where the full tiles have taken the place of the partial ones, their beginning is enough.
    World grown({260, 512});
    fs::remove_all(grown.record / "tile/0/001.p");
    fs::remove_all(grown.record / "tile/entries/001.p");
    grown.publish({"arcadia.example/record", 260, frontier.root(), {}});
    const auto verdict = grown.check();
    CHECK_MESSAGE(verdict.failures.empty(), joined(verdict.failures));
    CHECK(joined(verdict.proved).find("1 files reach beyond the checkpoint") != std::string::npos);
}

TEST_CASE("a checkpoint with another root, another log's key, or an unknown line is not genuine") {
    World world({40});
    const Bytes genuine = read(world.record / "checkpoint");
    world.publish({"arcadia.example/record", 40, crypto::sha256("other"), {}});
    CHECK(one_of_them_names(world.check(), "the entries do not have the root that was signed"));
    write(world.record / "checkpoint", genuine);

    const auto stranger = crypto::Ed25519Key::generate();
    const auto other = record::log_key("arcadia.example/record", stranger).text();
    CHECK(!apps::verify_record(world.record, {other, std::nullopt}).failures.empty());

    auto note = record::Note::parse(genuine).value();
    note.signatures.push_back(record::cosign_note(note.text, "w3.example", stranger, 1));
    write(world.record / "checkpoint", note.print());
    CHECK(one_of_them_names(
        world.check(), "the line of w3.example is by none of the witnesses given"));
    const auto unchecked = apps::verify_record(world.record, {});
    CHECK(unchecked.failures.empty());
    CHECK(joined(unchecked.proved).find("3 cosignatures were not checked") != std::string::npos);
}

TEST_CASE("an entry that is no leaf is not genuine, even where tiles and root agree with it") {
    World world({3});
    record::TileWriter writer;
    const std::vector<Bytes> entries{leaf(0), "free text\nwith a second line", leaf(2)};
    REQUIRE(writer.append(entries));
    fs::remove_all(world.record / "tile");
    for (const auto& file : writer.take_files())
        write(world.record / file.id.path(), file.bytes);
    world.publish({"arcadia.example/record", 3, writer.root(), {}});
    const auto verdict = world.check();
    REQUIRE(verdict.failures.size() == 1);
    CHECK(verdict.failures[0].starts_with("entry 1: leaf_"));
}

TEST_CASE("a record that cannot be read is a fault and no verdict") {
    const test::TemporaryDirectory empty;
    CHECK_THROWS_AS((void)apps::verify_record(empty / "nowhere", {}), Fault);
    CHECK(!apps::verify_record(empty.path(), {}).failures.empty());
}
