// A restored back-up: what was deleted does not come back, by whatever copies were kept, and what
// was sent is not sent twice.
#include "node/evidence_files.hpp"
#include "node/lock_evidence.hpp"
#include "node/open_evidence.hpp"
#include "node/recover.hpp"
#include "support/node_rights.hpp"
#include "support/memory_tables.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";

// A case that is open and read; then its node's store and files are copied, then all is deleted.
struct Deleted : Rights {
    Deleted() {
        road("open");
        store = members.at(arcadia)->store.back_up();
        files = members.at(arcadia)->files.all();
        hash = *digest_from_text(
            std::string_view(passed.front().as_object().at("cipher_sha256").as_string()));
        REQUIRE(opens() == "accepted");
        auto form = this->form("delete");
        REQUIRE(step("delete", form) == "accepted");
        beat();
        REQUIRE(opens() == "evidence_deleted");
        REQUIRE(this->Rights::files(arcadia) == 0);
    }

    std::string opens() {
        node::Openings openings(node(arcadia));
        return code(openings.open(case_id, hash));
    }

    // The node again, on the copies; `without` names what was not copied.
    void restore(std::string_view without) {
        restored_store.restore(store);
        restored_files.restore(files, without);
        restored_store.write([](node::StoreWriter& writer) { node::mark_restored(writer); });
        members.at(arcadia)->node = node_over(arcadia, restored_store, restored_files);
    }

    MemoryState store;
    std::map<std::string, Bytes> files;
    MemoryStore restored_store;
    MemoryFiles restored_files;
    Digest hash{};
};

} // namespace

TEST_CASE("X5_ the back-up's part of a node opens nothing: the keys are not in it") {
    Deleted world;
    world.restore("vault/");
    // Even if nobody asked the others: with the flag gone, the old acts, and the ciphertext there.
    world.restored_store.write(
        [](node::StoreWriter& writer) { writer.put_setting("restored", "no"); });
    CHECK(world.restored_files.read(node::evidence_file(world.case_id, world.hash)).has_value());
    CHECK(world.opens() == "evidence_incomplete");
}

TEST_CASE(
    "X5_ a restored node opens nothing before it has learnt what was deleted, and deletes again") {
    Deleted world;
    // The worst copy: everything, keys and all, against the rules.
    world.restore("~");
    CHECK(world.opens() == "evidence_locked");
    world.away = {borealia, vault, "arcadia-oversight", "borealia-oversight"};
    CHECK_FALSE(node::recover_restored(world.node(arcadia)));
    CHECK(world.opens() == "evidence_locked");
    world.away.clear();
    CHECK(node::recover_restored(world.node(arcadia)));
    CHECK(world.opens() == "evidence_deleted");
    CHECK(world.state(arcadia)->next_sequence == world.state(borealia)->next_sequence);
    for (const auto& [name, bytes] : world.restored_files.all())
        CHECK_FALSE_MESSAGE((name.starts_with("evidence/") || name.starts_with("vault/")), name);
    CHECK(node::recover_restored(world.node(arcadia)));
}

TEST_CASE(
    "X5_ files of deleted data that come back beside a present store are destroyed at the start") {
    Deleted world;
    world.restored_store.restore(world.members.at(arcadia)->store.back_up());
    world.restored_files.restore(world.files);
    world.members.at(arcadia)->node =
        world.node_over(arcadia, world.restored_store, world.restored_files);
    CHECK(node::destroy_again(world.node(arcadia)) > 0);
    CHECK(world.opens() == "evidence_deleted");
    for (const auto& [name, bytes] : world.restored_files.all())
        CHECK_FALSE_MESSAGE((name.starts_with("evidence/") || name.starts_with("vault/")), name);
    CHECK(node::destroy_again(world.node(arcadia)) == 0);
}

TEST_CASE(
    "X5_ a restored node sends nothing twice: the others answer with the receipts they have") {
    Rights world;
    world.road("authorise");
    REQUIRE(world.act(arcadia, "central-authority-officer", "transmit", world.form("transmit")));
    const auto store = world.members.at(arcadia)->store.back_up();
    const auto files = world.members.at(arcadia)->files.all();
    world.move_all();
    const auto there = world.acts(borealia);
    const auto leaves = world.leaves(borealia);
    REQUIRE(there == 3);
    MemoryStore again;
    MemoryFiles again_files;
    again.restore(store);
    again_files.restore(files);
    again.write([](node::StoreWriter& writer) { node::mark_restored(writer); });
    world.members.at(arcadia)->node = world.node_over(arcadia, again, again_files);
    CHECK(world.outbox(arcadia) > 0);
    CHECK(node::recover_restored(world.node(arcadia)));
    world.move_all();
    CHECK(world.outbox(arcadia) == 0);
    CHECK(world.acts(borealia) == there);
    CHECK(world.leaves(borealia) == leaves);
}
