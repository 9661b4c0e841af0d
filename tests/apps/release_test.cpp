// The log of releases on disk, and what a node says of the program that runs.
#include "apps/release.hpp"
#include "support/backup_node.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;
namespace fs = std::filesystem;

namespace {

record::SigningKey key_in(const fs::path& file) {
    const auto text = read_bytes(file);
    return record::SigningKey::parse(std::string_view(text).substr(0, text.find('\n'))).value();
}

/// Two people, a log, and a program with its law and its pages.
struct House {
    TemporaryDirectory place;
    fs::path root{place.path()};
    std::string policy_text;
    record::SigningKey ada = make("ada");
    record::SigningKey bo = make("bo");
    record::SigningKey log_key = make("log");
    fs::path log = root / "log";
    apps::ReleaseFiles files{{"/proc/self/exe"}, COMITY_SOURCE_DIR "/law", (root / "web").string()};

    House() {
        write_bytes(root / "web/manifest.json", "{}");
        policy_text += "quorum none\n";
        REQUIRE(code(apps::begin_log(log, log_key)) == "accepted");
    }

    record::SigningKey make(const std::string& name) {
        const auto made = apps::make_signing_key(root / (name + ".key"), "house.example/" + name);
        REQUIRE(made.has_value());
        policy_text += (name == "log" ? "log " : "signer ") + made->text() + "\n";
        return key_in(root / (name + ".key"));
    }

    record::ReleasePolicy policy() { return record::ReleasePolicy::parse(policy_text).value(); }

    /// What the files are now.
    record::Release release() {
        const auto out = apps::release_of(files, "0.1.0", std::string(40, 'c'));
        REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().text()));
        return *out;
    }

    Bytes signed_release(const std::string& version = "0.1.0") {
        auto release = this->release();
        release.version = version;
        return signed_of(release);
    }

    Bytes signed_of(const record::Release& release) {
        const auto one = apps::sign_release(release.text(), ada);
        REQUIRE(one.has_value());
        const auto two = apps::sign_release(*one, bo);
        REQUIRE(two.has_value());
        return *two;
    }

    Result<std::uint64_t> add(BytesView note) {
        return apps::add_to_log(log, note, log_key, policy());
    }

    /// A node with these settings.
    record::Running running(const Bytes& proof, const std::string& law) {
        write_bytes(root / "node/comity.release", proof);
        write_bytes(root / "node/policy", policy_text);
        apps::NodeFile file;
        file.pages = files.pages;
        file.release_proof = "comity.release";
        file.release_policy = "policy";
        const auto out = apps::what_runs(file, law, root / "node");
        REQUIRE(out.has_value());
        return *out;
    }
};

} // namespace

TEST_CASE("T55_ a log takes what two people signed, once, and proves each entry, over many tiles") {
    House house;
    CHECK(code(apps::begin_log(house.log, house.log_key)) == "already_exists");
    auto draft = house.release();
    const auto one = apps::sign_release(draft.text(), house.ada);
    REQUIRE(one.has_value());
    CHECK(code(house.add(draft.text())) == "note_malformed");
    CHECK(code(house.add(*one)) == "policy_unmet");
    CHECK(code(apps::sign_release(*one, house.ada)) == "already_exists");
    CHECK(code(apps::sign_release("no release\n", house.ada)) == "release_malformed");

    std::vector<Bytes> notes;
    for (int i = 0; i < 260; ++i) { // beyond a tile
        draft.version = "0." + std::to_string(i);
        notes.push_back(house.signed_of(draft));
        const auto index = house.add(notes.back());
        REQUIRE_MESSAGE(index.has_value(), (index ? "" : index.error().text()));
        CHECK(*index == static_cast<std::uint64_t>(i));
    }
    CHECK(code(house.add(notes[3])) == "already_exists");
    for (const std::size_t i : {0u, 1u, 255u, 256u, 259u}) {
        const auto proof = apps::prove_release(house.log, notes[i]);
        REQUIRE_MESSAGE(proof.has_value(), (proof ? "" : proof.error().text()));
        const auto opened = record::open_logged_release(*proof, house.policy());
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
        CHECK(opened->index == i);
        CHECK(opened->checkpoint.checkpoint.size == 260);
    }
    CHECK(code(apps::prove_release(house.log, *one)) == "not_found");
}

TEST_CASE("T55_ a log whose files are not what its key signed is not gone on with") {
    House house;
    REQUIRE(code(house.add(house.signed_release("1"))) == "accepted");
    const auto next = house.signed_release("2");
    CHECK(
        code(apps::add_to_log(house.log, next, house.ada, house.policy())) ==
        "note_signature"); // not the log's key
    const auto entries = house.log / "tile/entries/000.p/1";
    const auto kept = read_bytes(entries);
    auto changed = kept;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    write_bytes(entries, changed);
    CHECK(code(house.add(next)) != "accepted");
    write_bytes(entries, kept);
    const auto checkpoint = read_bytes(house.log / "checkpoint");
    CHECK(code(house.add(next)) == "accepted");
    // An older checkpoint put back would be a second history; its tiles are there, and it is
    // refused by whoever remembers the newer one. Here it is only seen that nothing is lost.
    CHECK(read_bytes(house.log / "checkpoint") != checkpoint);
    fs::remove(house.log / "checkpoint");
    CHECK(code(house.add(house.signed_release("3"))) == "not_initialised");
}

TEST_CASE("T56_ a node says which release runs, and when it is another program, law or pages") {
    House house;
    const auto note = house.signed_release();
    REQUIRE(code(house.add(note)) == "accepted");
    const auto proof = apps::prove_release(house.log, note).value();
    const auto law = record::Release::parse(record::Note::parse(note).value().text).value().law;

    const auto good = house.running(proof, law);
    CHECK_MESSAGE(!good.problem, (good.problem ? good.problem->text() : ""));
    REQUIRE(good.release.has_value());
    CHECK(good.proof == proof);
    CHECK(good.build.platform == apps::this_platform());

    const auto other_law = house.running(proof, std::string(43, 'x'));
    REQUIRE(other_law.problem.has_value());
    CHECK(other_law.problem->name() == "release_other");
    CHECK(other_law.release.has_value()); // the proof holds, of what does not run

    write_bytes(house.root / "web/manifest.json", "{ }");
    REQUIRE(house.running(proof, law).problem.has_value());
    write_bytes(house.root / "web/manifest.json", "{}");
    CHECK_FALSE(house.running(proof, law).problem.has_value());

    auto forged = proof;
    forged.back() = 'x';
    const auto unproved = house.running(forged, law);
    CHECK(unproved.problem.has_value());
    CHECK_FALSE(unproved.release.has_value());

    // Another program under the same name: here the release of some other file.
    house.files.programs = {"/proc/self/maps"};
    const auto stranger = house.signed_release("0.2.0");
    REQUIRE(code(house.add(stranger)) == "accepted");
    const auto swapped = house.running(apps::prove_release(house.log, stranger).value(), law);
    REQUIRE(swapped.problem.has_value());
    CHECK(swapped.problem->name() == "release_other");

    apps::NodeFile nothing_said;
    const auto unknown = apps::what_runs(nothing_said, law, house.root / "node");
    REQUIRE(unknown.has_value());
    CHECK_FALSE(unknown->problem.has_value());
    CHECK_FALSE(unknown->release.has_value());
    CHECK(unknown->build.pages == Digest{});
}
