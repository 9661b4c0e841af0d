// The back-up as a file: who opens it, what is in it and what is not, and that no byte can change.
#include "apps/backup.hpp"
#include "apps/setup.hpp"
#include "crypto/certificate.hpp"
#include "crypto/keys.hpp"
#include "crypto/webauthn.hpp"
#include "node/recover.hpp"
#include "store/sqlite_store.hpp"
#include "support/outcome.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace comity;
using namespace comity::test;
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

Instant now() {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

std::string recipient(const fs::path& dir, const std::string& name) {
    const auto key = crypto::PrivateKey::generate();
    crypto::CertificateOptions options;
    options.common_name = name;
    options.use = crypto::CertificateUse::sealing;
    options.not_before = now() - std::chrono::minutes{5};
    options.not_after = now() + std::chrono::days{30};
    write(dir / (name + ".key"), key.to_pem());
    write(dir / (name + ".cert"), crypto::make_certificate(key, options).pem());
    return (dir / (name + ".cert")).string();
}

apps::NodePlan plan(const std::string& law) {
    apps::NodePlan out;
    out.participant = "arcadia-authority";
    out.federation = "practice";
    out.country = "XA";
    out.name_en = "Arcadia";
    out.host = "arcadia.localhost";
    out.port = 8443;
    out.law = law;
    out.offices = {{"arcadia-central", "Central", {"central-authority-officer", "administrator"}}};
    for (const std::string person : {"ann", "ben"}) {
        const auto key = crypto::SoftwareAuthenticator::create(
            "sign.arcadia.localhost", "https://sign.arcadia.localhost");
        out.founders.push_back({person, "arcadia-central", {"administrator"}, key.passkey()});
    }
    return out;
}

} // namespace

TEST_CASE(
    "X5_ a back-up opens for each of its recipients and nobody else, and is the node but for evidence") {
    const TemporaryDirectory place;
    const fs::path root(place.path());
    const fs::path node = root / "node";
    const auto made = apps::create_node(node, plan(COMITY_SOURCE_DIR "/law"), now());
    REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().text()));
    write(node / "record/checkpoint", "a checkpoint");
    write(node / "evidence/case/aa", "CANARY-CIPHERTEXT");
    write(node / "vault/case/bb", "CANARY-KEY");
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
    const auto whole = read(file);
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
            CHECK_MESSAGE(read(to / same) == read(node / same), same);
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
        write(root / "changed", changed);
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
