// A drill: a back-up restored, looked at, told under the seal that came out of it, and gone again.
#include "apps/backup.hpp"
#include "apps/drill.hpp"
#include "apps/setup.hpp"
#include "record/checkpoint.hpp"
#include "record/tiles.hpp"
#include "store/sqlite_store.hpp"
#include "support/backup_node.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;
namespace fs = std::filesystem;

namespace {

/// A node with a record of some leaves, and a back-up of it.
struct Backed {
    TemporaryDirectory place;
    fs::path root{place.path()};
    fs::path node = root / "node";
    std::string first = recipient(root, "first");
    std::string second = recipient(root, "second");
    record::TileWriter leaves;

    Backed() {
        const auto made = apps::create_node(node, backup_plan(COMITY_SOURCE_DIR "/law"), now());
        REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
        add_leaves(300);
        publish();
    }

    void add_leaves(int count) {
        const auto store = store::SqliteStore::open((node / "comity.db").string());
        REQUIRE(store.has_value());
        std::vector<Bytes> entries;
        (*store)->read([&](node::StoreReader& reader) {
            entries = reader.leaves(static_cast<std::int64_t>(leaves.size()), 1'000);
        });
        (*store)->write([&](node::StoreWriter& writer) {
            for (int i = 0; i < count; ++i)
                writer.add_leaf("leaf " + std::to_string(i));
        });
        for (int i = 0; i < count; ++i)
            entries.push_back("leaf " + std::to_string(i));
        REQUIRE(leaves.append(entries).has_value());
    }

    void publish() {
        const auto seed = from_hex(read_bytes(node / "keys/record.seed")).value();
        write_bytes(
            node / "record/checkpoint",
            record::sign_checkpoint(
                {"arcadia.localhost/record", leaves.size(), leaves.root(), {}},
                crypto::Ed25519Key::from_seed(seed).value())
                .print());
    }

    fs::path back_up(const std::string& name) {
        const auto done = apps::back_up(node, root / name, {first, second});
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
        return root / name;
    }

    Result<std::string> drill(const fs::path& file, const std::string& who = "first") {
        auto out = apps::run_drill(
            file, root / "scratch", (root / (who + ".key")).string(),
            (root / (who + ".cert")).string());
        CHECK_FALSE(fs::exists(root / "scratch")); // whatever came of it
        return out;
    }
};

} // namespace

TEST_CASE(
    "K12_ a drill finds a whole back-up whole, says so under the node's seal, and leaves nothing") {
    Backed node;
    const auto file = node.back_up("one");
    const auto sealed = node.drill(file);
    REQUIRE_MESSAGE(sealed.has_value(), (sealed ? "" : sealed.error().text()));
    const auto jws = crypto::parse_jws(*sealed, 64 * 1024);
    REQUIRE(jws.has_value());
    REQUIRE(jws->signatures.size() == 1);
    CHECK(crypto::verify_jws(jws->signatures.front()).has_value());
    CHECK(jws->signatures.front().type == node::drill_type);
    CHECK(
        jws->signatures.front().certificate.pem() == read_bytes(node.node / "keys/seal.cert.pem"));
    const auto found = json::parse_object(jws->payload, 4'096);
    REQUIRE(found.has_value());
    CHECK(found->at("participant").as_string() == "arcadia-authority");
    CHECK(found->at("size").as_int64() == static_cast<std::int64_t>(node.leaves.size()));
    CHECK(found->at("root").as_string() == text(node.leaves.root()));
    CHECK(found->at("backup").as_string() == to_text(apps::made_at(file).value()));
    // Leaves that came after the checkpoint are no fault.
    node.add_leaves(7);
    CHECK(code(node.drill(node.back_up("two"))) == "accepted");
}

TEST_CASE("K12_ a drill that finds less than was published says what is wrong and nothing else") {
    Backed node;
    const auto whole = node.back_up("whole");
    CHECK(code(node.drill(whole, "second")) == "accepted");
    recipient(node.root, "third");
    CHECK(code(node.drill(whole, "third")) == "backup_malformed");
    CHECK(code(node.drill(node.root / "nowhere")) == "backup_malformed");
    auto cut = read_bytes(whole);
    cut.resize(cut.size() / 2);
    write_bytes(node.root / "cut", cut);
    CHECK(code(node.drill(node.root / "cut")) == "backup_malformed");
    // The store is behind the record that was published.
    REQUIRE(
        node.leaves.append(std::vector<Bytes>{"a leaf that the store does not have"}).has_value());
    node.publish();
    CHECK(code(node.drill(node.back_up("behind"))) == "proof_wrong");
    write_bytes(node.node / "record/checkpoint", "no checkpoint");
    CHECK(code(node.drill(node.back_up("unread"))) == "note_malformed");
    // A directory that is in the way is nobody's to destroy.
    fs::create_directories(node.root / "scratch");
    write_bytes(node.root / "scratch/mine", "mine");
    CHECK(
        code(apps::run_drill(
            whole, node.root / "scratch", (node.root / "first.key").string(),
            (node.root / "first.cert").string())) == "already_exists");
    CHECK(read_bytes(node.root / "scratch/mine") == "mine");
}
