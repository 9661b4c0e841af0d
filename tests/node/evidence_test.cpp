// Evidence between nodes, and what ends it: the node's own purge at the deadline, a suspension, a
// deletion.
#include "crypto/hash.hpp"
#include "node/clock_due.hpp"
#include "node/describe_case.hpp"
#include "node/evidence_files.hpp"
#include "node/open_evidence.hpp"
#include "node/produce_evidence.hpp"
#include "node/transfer_evidence.hpp"
#include "support/node_practice.hpp"

#include <algorithm>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";
using State = node::EvidenceRow::State;

Digest sealed_hash(const json::Value& item) {
    const auto hash =
        digest_from_text(std::string_view(item.as_object().at("cipher_sha256").as_string()));
    REQUIRE(hash.has_value());
    return *hash;
}

Result<Bytes> read_all(node::Openings& openings, const std::string& token) {
    Bytes out;
    for (;;) {
        TRY(const auto chunk, openings.next(token));
        if (chunk.empty()) return out;
        out += chunk;
    }
}

bool all_in(const std::vector<node::EvidenceRow>& rows, State state) {
    return std::all_of(
        rows.begin(), rows.end(), [&](const auto& row) { return row.state == state; });
}

} // namespace

TEST_CASE("what the provider produced is what the officer opens, and copies on the way are gone") {
    Practice world;
    world.play_until("open");
    node::Openings openings(world.node(arcadia));
    for (std::size_t i = 0; i < world.passed.size(); ++i) {
        const auto opened = openings.open(world.case_id, sealed_hash(world.passed[i]));
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().text()));
        const auto content = read_all(openings, opened->token);
        REQUIRE(content);
        CHECK(*content == world.produced[i].second);
    }
    for (const auto& row : world.evidence(vault))
        CHECK_FALSE(world.node(vault).files().read(node::evidence_file(world.case_id, row.hash)));
    // The receiving authority cannot open, and no plaintext lies in the files of either.
    node::Openings there(world.node(borealia));
    CHECK(code(there.open(world.case_id, sealed_hash(world.passed[0]))) == "evidence_unknown");
    for (const auto& row : world.evidence(arcadia)) {
        const auto bytes = world.node(arcadia).files().read(node::object_file(row));
        REQUIRE(bytes);
        CHECK(bytes->find("harbour.invoices") == Bytes::npos);
    }
}

TEST_CASE("nothing is opened without an act of opening that names it") {
    Practice world;
    world.play_until("receive");
    node::Openings openings(world.node(arcadia));
    CHECK(code(openings.open(world.case_id, sealed_hash(world.passed[0]))) == "evidence_locked");
    auto form = NodeFederation::fields("open");
    form["items"] = json::Array{world.passed[0].as_object().at("cipher_sha256")};
    REQUIRE(code(world.act(arcadia, "issuing-officer", "open", form)) == "accepted");
    world.move_all();
    CHECK(code(openings.open(world.case_id, sealed_hash(world.passed[0]))) == "accepted");
    CHECK(code(openings.open(world.case_id, sealed_hash(world.passed[1]))) == "evidence_locked");
    CHECK(code(openings.open(world.case_id, crypto::sha256("no item"))) == "evidence_unknown");
}

TEST_CASE("R4_ while a case is suspended nothing is opened, and a reading under way stops") {
    Practice world;
    world.play_until("open");
    node::Openings openings(world.node(arcadia));
    const auto hash = sealed_hash(world.passed[1]);
    const auto reading = openings.open(world.case_id, hash);
    REQUIRE(reading);
    const auto first = openings.next(reading->token);
    REQUIRE(first);
    CHECK_FALSE(first->empty());
    CHECK(first->size() < world.produced[1].second.size());
    REQUIRE(
        code(world.act(overseer, "inspector", "suspend", NodeFederation::fields("suspend"))) ==
        "accepted");
    world.move_all();
    CHECK(code(openings.next(reading->token)) == "evidence_locked");
    CHECK(code(openings.open(world.case_id, hash)) == "evidence_locked");
    REQUIRE(
        code(world.act(overseer, "inspector", "resume", NodeFederation::fields("suspend"))) ==
        "accepted");
    world.move_all();
    CHECK(code(openings.open(world.case_id, hash)) == "accepted");
}

TEST_CASE("the node purges its copies by itself at the deadline, and their files are gone") {
    Practice world;
    world.play_until("receive");
    CHECK(node::clock_due(world.node(borealia)) == 0); // not before
    std::vector<std::string> files;
    for (const auto& row : world.evidence(borealia))
        if (row.state == State::complete) files.push_back(node::object_file(row));
    REQUIRE(
        files.size() == 4); // two items with their envelopes; what was passed on has gone already
    for (const auto& file : files)
        CHECK(world.node(borealia).files().read(file));

    world.clock.pass(std::chrono::hours{25});
    CHECK(node::clock_due(world.node(arcadia)) == 0); // not its act
    CHECK(node::clock_due(world.node(borealia)) == 1);
    CHECK(node::clock_due(world.node(borealia)) == 0); // once
    for (const auto& row : world.evidence(borealia))
        CHECK(row.state >= State::destroyed);
    CHECK(node::destroy_evidence(world.node(borealia)) == 4);
    for (const auto& file : files)
        CHECK_FALSE(world.node(borealia).files().read(file));
    CHECK(all_in(world.evidence(borealia), State::removed));
    CHECK(node::destroy_evidence(world.node(borealia)) == 0);

    // Everybody learns of it, by an act of no person; Arcadia's copies are untouched.
    world.move_all();
    CHECK(world.acts(arcadia) == world.acts(borealia));
    std::optional<node::ActRow> row;
    world.node(arcadia).store().read([&](node::StoreReader& reader) {
        row = reader.act_at(
            world.case_id, static_cast<std::int64_t>(reader.acts(world.case_id, 0, 100).size()));
    });
    REQUIRE(row);
    CHECK(row->kind == "purge");
    const auto sealed = act::parse_sealed(row->seal);
    REQUIRE(sealed.has_value());
    CHECK(sealed->header.performer.str() == borealia);
    CHECK(sealed->header.person.empty());
    CHECK_FALSE(sealed->approval);
    CHECK(all_in(world.evidence(arcadia), State::complete));
}

TEST_CASE("a purge that comes due while the store fails is done later, once") {
    Practice world;
    world.play_until("receive");
    world.clock.pass(std::chrono::hours{25});
    const auto before = world.acts(borealia);
    const auto held = [&] {
        const auto rows = world.evidence(borealia);
        return std::count_if(
            rows.begin(), rows.end(), [](const auto& row) { return row.state == State::complete; });
    };
    for (const auto how : {Break::unrun, Break::undone}) {
        world.station(borealia).store.break_write(1, how);
        CHECK_THROWS_AS((void)node::clock_due(world.node(borealia)), StorageFault);
        CHECK(world.acts(borealia) == before);
        CHECK(held() == 4); // nothing is destroyed by an act that is not there
    }
    world.station(borealia).store.break_write(1, Break::unheard);
    CHECK_THROWS_AS((void)node::clock_due(world.node(borealia)), StorageFault);
    CHECK(node::clock_due(world.node(borealia)) == 0);
    CHECK(world.acts(borealia) == before + 1);
    CHECK(held() == 0);
}

TEST_CASE("after a deletion nothing is opened any more") {
    Practice world;
    world.play_until("open");
    auto form = NodeFederation::fields("delete");
    form["items"] = 2;
    form.erase("manifest_hash");
    const auto done = world.act(arcadia, "issuing-officer", "delete", form);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text()));
    world.move_all();
    node::Openings openings(world.node(arcadia));
    CHECK(code(openings.open(world.case_id, sealed_hash(world.passed[0]))) == "evidence_deleted");
    CHECK(node::destroy_evidence(world.node(arcadia)) == 4);
    CHECK(all_in(world.evidence(arcadia), State::removed));
}

TEST_CASE("T29 evidence is taken only from who announced it, whole and with its hash") {
    Practice world;
    world.play_until("order");
    world.play("produce");
    world.deliver(); // the act of production, not the ciphertext
    std::optional<node::EvidenceRow> item;
    for (const auto& row : world.evidence(borealia))
        if (row.size > 0 && row.size < 1000) item = row;
    REQUIRE(item);
    const auto bytes =
        world.node(vault).files().read(node::evidence_file(world.case_id, item->hash));
    REQUIRE(bytes);
    auto& keeper = world.node(borealia);
    const auto take = [&](const std::string& from, const Digest& hash, const node::Chunk& chunk) {
        return node::take_chunk(keeper, ParticipantId(from), world.case_id, hash, chunk);
    };
    const BytesView all(*bytes);
    CHECK(code(take(arcadia, item->hash, {0, all.size(), all})) == "evidence_unknown");
    CHECK(code(take(vault, crypto::sha256("other"), {0, all.size(), all})) == "evidence_unknown");
    CHECK(
        code(take(vault, item->hash, {0, all.size() + 1, all})) ==
        "evidence_corrupt"); // another size than announced
    // Half, then a chunk at a wrong place: it is told where to go on.
    const auto half = take(vault, item->hash, {0, all.size(), all.substr(0, 10)});
    REQUIRE(half);
    CHECK(half->received == 10);
    const auto again = take(vault, item->hash, {0, all.size(), all.substr(0, 10)});
    REQUIRE(again);
    CHECK(again->received == 10);
    CHECK_FALSE(again->complete);
    // The rest with one bit turned: thrown away, and it begins anew.
    Bytes wrong(all.substr(10));
    wrong[0] = static_cast<char>(wrong[0] ^ 1);
    CHECK(code(take(vault, item->hash, {10, all.size(), wrong})) == "evidence_corrupt");
    const auto begins = take(vault, item->hash, {0, all.size(), {}});
    REQUIRE(begins);
    CHECK(begins->received == 0);
    CHECK_FALSE(keeper.files().read(node::evidence_file(world.case_id, item->hash)));
    const auto whole = take(vault, item->hash, {0, all.size(), all});
    REQUIRE(whole);
    CHECK(whole->complete);
}

TEST_CASE("T29 an item that its receiver refuses keeps no other item back") {
    Practice world;
    world.play_until("order");
    world.play("produce");
    world.deliver(); // the act of production, not the ciphertext
    auto& sender = world.node(vault);
    std::vector<node::EvidenceRow> items;
    for (const auto& row : world.evidence(vault))
        if (row.size > 0) items.push_back(row);
    REQUIRE(items.size() == 2);
    // The first of them by its place was damaged on the provider's disk.
    std::sort(
        items.begin(), items.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
    const auto name = node::evidence_file(world.case_id, items.front().hash);
    const Bytes whole = *sender.files().read(name);
    Bytes damaged = whole;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
    sender.files().replace(name, damaged);
    CHECK(node::push_evidence(sender) == world.evidence(vault).size() - 1);
    const auto state = [&](const Digest& hash) {
        std::optional<node::EvidenceRow> row;
        world.node(borealia).store().read(
            [&](node::StoreReader& reader) { row = reader.find_evidence(world.case_id, hash); });
        return row->state;
    };
    CHECK(state(items.front().hash) == State::expected);
    CHECK(state(items.back().hash) == State::complete);
    // Who looks at the case there is told of the one, and of no other.
    const auto refused = [&](std::string_view language) {
        std::vector<std::string> out;
        for (const auto& item : node::print_evidence(sender, world.evidence(vault), language))
            if (const auto* why = item.as_object().if_contains("refused"))
                out.emplace_back(why->as_object().at("problem").as_string());
        return out;
    };
    REQUIRE(refused("en").size() == 1);
    CHECK(refused("en").front().find("with another hash") != std::string::npos);
    REQUIRE(refused("ar").size() == 1);
    CHECK(refused("ar").front().starts_with("رفضته العقدة الأخرى"));
    // It is offered again later, and not at each beat.
    sender.files().replace(name, whole);
    CHECK(node::push_evidence(sender) == 0);
    world.clock.pass(std::chrono::seconds{1});
    CHECK(node::push_evidence(sender) == 1);
    CHECK(state(items.front().hash) == State::complete);
    CHECK(refused("en").empty());
}

TEST_CASE("T10 what others have not sent keeps nothing back that is to be sent from here") {
    Practice world;
    world.play_until("order");
    world.play("produce");
    world.deliver();
    auto& sender = world.node(vault);
    // A hundred items that are to come from elsewhere, all before ours.
    sender.store().write([&](node::StoreWriter& writer) {
        for (unsigned i = 0; i < 100; ++i) {
            node::EvidenceRow row;
            row.case_id = world.case_id;
            row.hash.back() = static_cast<std::uint8_t>(i);
            row.size = 10;
            row.from = ParticipantId(arcadia);
            row.to = ParticipantId(vault);
            writer.put_evidence(row);
        }
    });
    CHECK(node::push_evidence(sender) == 4);
}

TEST_CASE(
    "X5_ what its receiver has confirmed keeps no purge waiting, though its answer was lost") {
    Practice world;
    world.play_until("produce");
    world.play("release");
    auto& sender = world.node(borealia);
    Digest last{};
    for (const auto& row : world.evidence(borealia))
        if (row.to == ParticipantId(arcadia)) last = std::max(last, row.hash);
    world.unheard = {last};
    world.move_all();
    CHECK(all_in(world.evidence(arcadia), State::complete));
    const auto waiting = [&] {
        const auto rows = world.evidence(borealia);
        return std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
            return row.to == ParticipantId(arcadia) && row.state < State::destroyed;
        });
    };
    CHECK(waiting() == 1);
    const auto purge = [&] {
        return code(world.act(
            borealia, "central-authority-officer", "purge", NodeFederation::fields("purge")));
    };
    CHECK(purge() == "evidence_incomplete");
    world.play("receive");
    world.deliver(); // the act, and no answer to the item
    CHECK(waiting() == 0);
    CHECK(purge() == "accepted");
    world.move_all();
    node::destroy_evidence(sender);
    for (const auto& row : world.evidence(borealia)) {
        CHECK(row.state == State::removed);
        CHECK_FALSE(sender.files().read(node::object_file(row)));
    }
    CHECK(all_in(world.evidence(arcadia), State::complete));
}

TEST_CASE(
    "T10 a provider that starts again keeps the key of an item that it has handed over in part") {
    Practice world;
    world.play_until("order");
    world.play("produce");
    world.deliver(); // the act, not the evidence
    auto& sender = world.node(vault);
    // The ciphertext has arrived and is gone here; then the process ended, before the envelopes.
    std::vector<Digest> envelopes;
    for (auto row : world.evidence(vault)) {
        if (row.size == 0) {
            envelopes.push_back(row.hash);
            continue;
        }
        const auto bytes = *sender.files().read(node::object_file(row));
        const auto taken = node::take_chunk(
            world.node(borealia), ParticipantId(vault), world.case_id, row.hash,
            {0, bytes.size(), bytes});
        REQUIRE(taken);
        REQUIRE(taken->complete);
        row.state = State::destroyed;
        sender.store().write([&](node::StoreWriter& writer) { writer.put_evidence(row); });
    }
    REQUIRE(envelopes.size() == 2);
    node::destroy_evidence(sender);
    node::Staging after_the_start(sender);
    CHECK(after_the_start.list(world.case_id).empty());
    for (const auto& hash : envelopes)
        CHECK(sender.files().read(node::envelope_file(world.case_id, hash)));
    CHECK(node::push_evidence(sender) == 2);
    CHECK(all_in(world.evidence(borealia), State::complete));
}
