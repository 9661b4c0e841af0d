// Remedy: a challenge filed in the person's own country reaches the court that rules, stops the use
// of the data meanwhile, and a successful one destroys it at every holder.
#include "act/code.hpp"
#include "node/carry_challenge.hpp"
#include "node/notice.hpp"
#include "node/open_evidence.hpp"
#include "support/node_rights.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string cascadia = "cascadia-authority";
const std::string vault = "vault-provider";

struct Notified : Rights {
    explicit Notified(const std::string& procedure = "mla", const std::string& until = "open")
        : Rights(procedure) {
        road(until);
        REQUIRE(step("notify") == "accepted");
        given = std::string(read(arcadia, "notify").at("code").as_string());
    }

    json::Object filing() {
        auto out = fields("challenge");
        out["code"] = given;
        return out;
    }

    node::Filed file(const std::string& where) {
        const auto filed = node::file_challenge(node(where), filing());
        REQUIRE_MESSAGE(filed.has_value(), (filed ? "" : filed.error().text()));
        return *filed;
    }

    std::string opens() {
        node::Openings openings(node(arcadia));
        const auto hash = digest_from_text(
            std::string_view(passed.front().as_object().at("cipher_sha256").as_string()));
        return code(openings.open(case_id, *hash));
    }

    json::Object shown(const std::string& where) {
        const auto answer = node::look_up(node(where), given);
        REQUIRE(answer.has_value());
        return json::parse_object(*answer, 1 << 20).value();
    }

    std::string given;
};

} // namespace

TEST_CASE(
    "R2_ a challenge filed at home is carried to the court's case with a receipt anybody checks") {
    Notified world;
    const auto filed = world.file(cascadia);
    CHECK(filed.carried);
    const auto directory = world.world.directory();
    const auto receipt = node::verify_filing_receipt(directory, filed.receipt, filed.filing);
    REQUIRE_MESSAGE(receipt.has_value(), (receipt ? "" : receipt.error().text()));
    CHECK(receipt->by.str() == cascadia);
    CHECK(receipt->to.str() == arcadia);
    auto other = filed.filing;
    other[other.size() / 2] ^= 1;
    CHECK(code(node::verify_filing_receipt(directory, filed.receipt, other)) == "part_hash");
    auto forged = filed.receipt;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    CHECK(code(node::verify_filing_receipt(directory, forged, filed.filing)) != "accepted");

    world.beat();
    for (const auto& who : {arcadia, borealia, vault, std::string("arcadia-oversight")})
        CHECK_MESSAGE(world.count(who, "challenge") == 1, who);
    CHECK(world.shown(borealia).at("challenge").as_object().at("state").as_string() == "pending");
    CHECK(world.opens() == "evidence_locked");
    CHECK(world.step("open") == "act_held_by");
}

TEST_CASE("R2_ dismissed with reasons: the person reads them with the code, and use goes on") {
    Notified world;
    world.file(borealia);
    world.beat();
    CHECK(world.step("dismiss-challenge") == "accepted");
    const auto state = world.shown(cascadia).at("challenge").as_object();
    CHECK(state.at("state").as_string() == "dismissed");
    CHECK_FALSE(state.at("ruling").as_string().empty());
    CHECK(world.opens() == "accepted");
}

TEST_CASE("R2_ upheld: locked at once, destroyed at every holder, and each says so in the case") {
    for (const std::string procedure : {"mla", "emergency", "extraordinary"}) {
        Notified world(procedure);
        if (procedure == "emergency") REQUIRE(world.step("authorise") == "accepted");
        world.file(cascadia);
        world.beat();
        CHECK(world.step("uphold-challenge") == "accepted");
        CHECK(world.opens() == "evidence_locked");
        CHECK(world.files(arcadia) > 0);
        world.clock.pass(std::chrono::days{11});
        world.beat();
        world.beat();
        CHECK(world.opens() == "evidence_deleted");
        for (const auto& who : {arcadia, borealia, vault})
            CHECK_MESSAGE(world.files(who) == 0, who);
        for (const std::string act : {"delete", "purge", "discard"})
            if (procedure != "extraordinary" || act != "purge")
                CHECK_MESSAGE(world.count(borealia, act) == 1, act);
        const auto shown = world.shown(cascadia);
        CHECK(shown.at("challenge").as_object().at("state").as_string() == "upheld");
        CHECK(shown.at("destroyed").as_array().size() >= 2);
    }
}

TEST_CASE(
    "R2_ while the other country is away a challenge waits, says so, and goes when it is back") {
    Notified world;
    world.away.insert(arcadia);
    const auto filed = world.file(cascadia);
    CHECK_FALSE(filed.carried);
    CHECK(node::verify_filing_receipt(world.world.directory(), filed.receipt, filed.filing));
    world.beat();
    CHECK(world.count(borealia, "challenge") == 0);
    world.away.clear();
    world.clock.pass(std::chrono::minutes{3});
    world.beat();
    world.beat();
    CHECK(world.count(borealia, "challenge") == 1);
    CHECK(world.outbox(cascadia) == 0);
}

TEST_CASE("R2_ while the case's keeper is away a challenge waits where the notice was given") {
    Notified world;
    world.away.insert(borealia);
    CHECK(world.file(cascadia).carried);
    world.beat();
    CHECK(world.count(arcadia, "challenge") == 0);
    world.away.clear();
    world.clock.pass(std::chrono::minutes{3});
    world.beat();
    world.beat();
    CHECK(world.count(arcadia, "challenge") == 1);
}

TEST_CASE(
    "T34_ nobody challenges without the code: neither another country nor the case's own sides") {
    Notified world;
    auto wrong = world.filing();
    wrong["code"] = act::make_code("XA");
    // It is taken like any other, and comes to nothing.
    const auto filed = node::file_challenge(world.node(cascadia), wrong);
    REQUIRE(filed.has_value());
    CHECK(filed->carried);
    world.beat();
    CHECK(world.count(borealia, "challenge") == 0);
    // The carrier itself, with a code it made up; the keeper refuses too.
    node::Intent intent;
    intent.case_id = world.case_id;
    intent.act = "challenge";
    intent.fields = wrong;
    for (const auto& who : {arcadia, borealia, vault}) {
        const auto done = node::perform_by_node(world.node(who), intent);
        REQUIRE_FALSE(done);
        CHECK_MESSAGE(
            (done.error().code == Code::code_wrong || done.error().code == Code::act_side), who);
    }
    // Who has the code and is no carrier of the case.
    intent.fields = world.filing();
    const auto other = node::perform_by_node(world.node(borealia), intent);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Code::act_side);
}

TEST_CASE("T35 false filings come to nothing and a genuine one among them is carried") {
    Notified world;
    for (int i = 0; i < 300; ++i) {
        auto wrong = world.filing();
        wrong["code"] = act::make_code("XA");
        REQUIRE(node::file_challenge(world.node(i % 2 == 0 ? cascadia : arcadia), wrong));
    }
    world.file(cascadia);
    world.file(cascadia); // twice by the person: one challenge
    world.beat();
    CHECK(world.count(borealia, "challenge") == 1);
    CHECK(world.submissions(arcadia).size() < 10);
    auto typo = world.filing();
    typo["code"] = "XA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA";
    CHECK(code(node::file_challenge(world.node(cascadia), typo)) == "code_wrong");
    auto form = world.filing();
    form["grounds"] = "";
    CHECK(code(node::file_challenge(world.node(cascadia), form)) == "form_invalid");
}

TEST_CASE("T22 what a person files lies sealed in every store, and goes when the case has it") {
    Notified world;
    const std::string grounds(world.filing().at("grounds").as_string());
    const auto open_at = [&](const std::string& who) {
        const auto rows = world.submissions(who);
        return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
            return row.seal.find(grounds) != std::string::npos ||
                   row.seal.find(world.given) != std::string::npos;
        });
    };
    world.away.insert(borealia); // so that it has to wait where the notice was given
    world.file(cascadia);
    world.file(arcadia);
    CHECK_FALSE(world.submissions(arcadia).empty());
    for (const auto& who : {arcadia, cascadia})
        CHECK_FALSE(open_at(who));
    world.away.clear();
    world.clock.pass(std::chrono::minutes{3});
    for (int i = 0; i < 3; ++i)
        world.beat();
    CHECK(world.count(arcadia, "challenge") == 1);
    for (const auto& row : world.submissions(arcadia))
        CHECK((row.kind != "filing" || row.seal.empty()));
}

TEST_CASE("R2_ a case that has no notice takes no challenge") {
    Rights world;
    world.road("produce");
    node::Intent intent;
    intent.case_id = world.case_id;
    intent.act = "challenge";
    intent.fields = NodeFederation::fields("challenge");
    CHECK_FALSE(node::perform_by_node(world.node(arcadia), intent));
}
