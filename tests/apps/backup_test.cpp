// The back-up as a file: who opens it, what is in it and what is not, and that no byte can change.
#include "apps/backup.hpp"
#include "apps/setup.hpp"
#include "crypto/cms.hpp"
#include "node/recover.hpp"
#include "store/sqlite_store.hpp"
#include "support/backup_node.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;
namespace fs = std::filesystem;

TEST_CASE(
    "X5_ a back-up opens for each of its recipients and nobody else, and is the node but for evidence") {
    const TemporaryDirectory place;
    const fs::path root(place.path());
    const fs::path node = root / "node";
    const auto made = apps::create_node(node, backup_plan(COMITY_SOURCE_DIR "/law"), now());
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
    write_bytes(node / "record/checkpoint", "a checkpoint");
    write_bytes(node / "evidence/case/aa", "CANARY-CIPHERTEXT");
    write_bytes(node / "vault/case/bb", "CANARY-KEY");
    const auto first = recipient(root, "first");
    const auto second = recipient(root, "second");
    const auto third = recipient(root, "third");
    const auto file = root / "node.backup";

    CHECK(code(apps::back_up(node, file, {})) == "setting_invalid");
    CHECK(code(apps::back_up(node, file, {first})) == "setting_invalid");
    CHECK(code(apps::back_up(node, file, {first, first})) == "setting_invalid");
    CHECK(code(apps::back_up(root / "nowhere", file, {first, second})) == "not_initialised");
    CHECK_FALSE(fs::exists(file));
    {
        // The node may be running: its store is open by somebody.
        const auto store = store::SqliteStore::open((node / "comity.db").string());
        REQUIRE(store.has_value());
        const auto done = apps::back_up(node, file, {first, second});
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    }
    CHECK(code(apps::back_up(node, file, {first, second})) == "already_exists");
    const auto whole = read_bytes(file);
    CHECK(whole.find("PRIVATE KEY") == std::string::npos);
    CHECK(whole.find("CANARY") == std::string::npos);
    for (const auto& entry : fs::directory_iterator(node))
        CHECK(entry.path().string().find("copy") == std::string::npos);

    for (const std::string name : {"first", "second"}) {
        const auto to = root / ("restored-" + name);
        const auto done = apps::restore(
            file, to, (root / (name + ".key")).string(), (root / (name + ".cert")).string());
        REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
        for (const std::string same :
             {"node.toml", "participant.json", "keys/seal.key.pem", "keys/record.seed",
              "record/checkpoint"})
            CHECK_MESSAGE(read_bytes(to / same) == read_bytes(node / same), same);
        CHECK(
            (fs::status(to / "keys/seal.key.pem").permissions() & fs::perms::group_all) ==
            fs::perms::none);
        CHECK_FALSE(fs::exists(to / "evidence/case"));
        CHECK_FALSE(fs::exists(to / "vault/case"));
        const auto store = store::SqliteStore::open((to / "comity.db").string());
        REQUIRE(store.has_value());
        (*store)->read([](node::StoreReader& reader) {
            CHECK(node::is_restored(reader));
            CHECK(reader.roll().size() == 2);
        });
        CHECK(
            code(apps::restore(
                file, to, (root / "first.key").string(), (root / "first.cert").string())) ==
            "already_exists");
    }
    const auto none = root / "none";
    CHECK(
        code(apps::restore(
            file, none, (root / "third.key").string(), (root / "third.cert").string())) ==
        "backup_malformed");
    CHECK(
        code(apps::restore(
            file, none, (root / "third.key").string(), (root / "first.cert").string())) ==
        "backup_malformed");
    // Any byte changed, or the file cut anywhere: refused, and nothing is there.
    const auto opens = [&](const Bytes& changed) {
        write_bytes(root / "changed", changed);
        const auto done = apps::restore(
            root / "changed", none, (root / "first.key").string(), (root / "first.cert").string());
        CHECK_FALSE(fs::exists(none));
        CHECK_FALSE(fs::exists(none.string() + ".making"));
        return code(done);
    };
    const auto body = whole.find('\n') + 1;
    for (std::size_t at = body; at < whole.size(); at += whole.size() / 40 + 1) {
        auto changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_MESSAGE(opens(changed) == "backup_malformed", at);
    }
    for (const std::size_t size : {std::size_t{0}, body, whole.size() / 2, whole.size() - 1})
        CHECK_MESSAGE(opens(whole.substr(0, size)) == "backup_malformed", size);
}

TEST_CASE(
    "T51 a back-up that names a file outside of the node's directory makes nothing anywhere") {
    // Who knows a recipient's certificate can encrypt to it: what opens is not yet honest.
    const TemporaryDirectory place;
    const fs::path root(place.path());
    recipient(root, "first");
    recipient(root, "second");
    std::vector<crypto::Certificate> readers;
    for (const std::string name : {"first.cert", "second.cert"})
        readers.push_back(crypto::Certificate::from_pem(read_bytes(root / name)).value());
    const auto restored = [&](const std::string& name, int mode) {
        Bytes file = "{\"comity\":\"backup/1\"}\n";
        crypto::StreamSealer sealer(readers, [&](BytesView block) { file += block; });
        const json::Object line{{"path", name}, {"size", 4}, {"mode", mode}};
        sealer.update(json::print(line) + "\nevil");
        sealer.update("{\"end\":1}\n");
        const Bytes envelope = sealer.finish();
        file += envelope;
        for (int shift = 56; shift >= 0; shift -= 8)
            file.push_back(static_cast<char>(envelope.size() >> shift & 0xFF));
        file += "comity-backup-ends";
        write_bytes(root / "evil", file);
        auto out = code(apps::restore(
            root / "evil", root / "in/node", (root / "first.key").string(),
            (root / "first.cert").string()));
        CHECK_FALSE(fs::exists(root / "in/node"));
        return out;
    };
    fs::create_directories(root / "in");
    const auto before = std::distance(fs::recursive_directory_iterator(root), {});
    for (const std::string& name :
         {std::string("../../escaped"), std::string("keys/../../../escaped"),
          std::string("/tmp/escaped"), std::string(".."), std::string("."), std::string(),
          std::string("a/./b"), std::string("a/..")}) {
        CAPTURE(name);
        CHECK(restored(name, 0600) == "backup_malformed");
    }
    CHECK(restored("keys/seal.key.pem", 04755) == "backup_malformed");
    CHECK_FALSE(fs::exists(root / "escaped"));
    CHECK(
        std::distance(fs::recursive_directory_iterator(root), {}) == before + 1); // the file itself
}
