// What else can happen to a case between nodes: questions with a clock that stands still, a third
// country consulted, an objection ruled on, preservation that lapses, withdrawal, retention that
// ends by itself, an error that is admitted.
#include "casefile/difference.hpp"
#include "node/lock_evidence.hpp"
#include "node/open_evidence.hpp"
#include "support/node_rights.hpp"

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string cascadia = "cascadia-authority";
const std::string vault = "vault-provider";

std::optional<Instant> due(Rights& world, const std::string& who, const std::string& act) {
    for (const auto& row : world.owed(who))
        if (row.act == act) return row.due;
    return std::nullopt;
}

json::Object preserved_until(Rights& world, const std::string& form, std::chrono::hours time) {
    auto out = world.form(form);
    out["until"] = to_text(world.clock.now() + time);
    return out;
}

} // namespace

TEST_CASE("R7_ a question stops the receiver's clock until it is answered, to the millisecond") {
    Rights world;
    world.road("acknowledge");
    const auto before = due(world, borealia, "accept");
    REQUIRE(before);
    REQUIRE(world.step("ask") == "accepted");
    Instant asked;
    Instant answered;
    const auto at = [&](const std::string& kind) {
        Instant out;
        world.node(borealia).store().read([&](node::StoreReader& reader) {
            out = reader.find_act(world.state(borealia)->latest.at(kind))->admitted;
        });
        return out;
    };
    asked = at("ask");
    CHECK(world.step("accept") == "act_held_by");
    CHECK(
        procedure::paused(
            *node::graph_of(world.node(borealia), *world.state(borealia)),
            world.state(borealia)->marking) != 0);
    world.clock.pass(std::chrono::days{7});
    CHECK(world.step("answer") == "accepted");
    answered = at("answer");
    CHECK(due(world, borealia, "accept") == *before + (answered - asked));
    CHECK(due(world, arcadia, "accept") == due(world, borealia, "accept"));
    CHECK(world.step("accept") == "accepted");
}

TEST_CASE("R7_ each question is answered, and the difference is shown field by field") {
    Rights world;
    world.road("acknowledge");
    auto ask = world.form("ask");
    ask["questions"].as_array().push_back(
        json::Object{{"field", "facts"}, {"code", "missing"}, {"text", "On which day?"}});
    REQUIRE(world.step("ask", ask) == "accepted");
    auto answer = world.form("answer");
    CHECK(world.step("answer", answer) == "finding_not_met");
    answer["answers"].as_array().push_back(json::Object{
        {"field", "facts"},
        {"text", "On 7 January."},
        {"before", "in January"},
        {"after", "on 7 January"}});
    auto more = answer;
    more["answers"].as_array().push_back(json::Object{{"field", "grid"}, {"text", "And this."}});
    CHECK(world.step("answer", more) == "finding_not_met");
    CHECK(world.step("answer", answer) == "accepted");
    const auto asked = world.read(borealia, "ask");
    const auto answered = world.read(borealia, "answer");
    const auto lines = casefile::differences(asked, &answered);
    REQUIRE(lines.size() == 2);
    CHECK(lines[1].field == "facts");
    CHECK(lines[1].before == "in January");
    CHECK(lines[1].after == "on 7 January");
    CHECK(lines[1].changed());
    const auto open = casefile::differences(asked, nullptr);
    REQUIRE(open.size() == 2);
    CHECK(open[1].answer.empty());
    CHECK_FALSE(open[1].changed());
}

TEST_CASE(
    "N3_ a country with a closer connection is consulted: it joins, reads its part and answers") {
    Rights world;
    world.road("acknowledge");
    auto intent =
        world.intent(borealia, "central-authority-officer", "consult", world.form("consult"));
    const auto consult = [&](std::optional<std::string> joining) {
        auto given = intent;
        if (joining) given.joining = ParticipantId(*joining);
        const auto prepared = node::prepare_act(world.node(borealia), given);
        if (!prepared) return std::string(prepared.error().name());
        const auto done = node::perform_act(
            world.node(borealia), prepared->hash,
            world.world.person(borealia, "central-authority-officer")
                .authenticator.sign(view(prepared->challenge)));
        return code(done);
    };
    CHECK(consult(std::nullopt) == "header_malformed");
    CHECK(consult(arcadia) == "header_malformed");
    CHECK_FALSE(world.state(cascadia));
    CHECK(consult(cascadia) == "accepted");
    world.move_all();
    REQUIRE(world.state(cascadia));
    CHECK(world.count("cascadia-oversight", "consult") == 1);
    CHECK_FALSE(world.read(cascadia, "consult").at("summary").as_string().empty());
    CHECK_FALSE(world.read(cascadia, "request").contains("facts"));
    CHECK(world.step("accept") == "act_held_by");
    CHECK(world.step("opine") == "accepted");
    CHECK(world.step("accept") == "accepted");
}

TEST_CASE("N3_ a consultation that is not answered lapses at its time, and the clock stood still") {
    Rights world;
    world.road("acknowledge");
    auto given =
        world.intent(borealia, "central-authority-officer", "consult", world.form("consult"));
    given.joining = ParticipantId(cascadia);
    const auto prepared = node::prepare_act(world.node(borealia), given);
    REQUIRE(prepared.has_value());
    REQUIRE(node::perform_act(
        world.node(borealia), prepared->hash,
        world.world.person(borealia, "central-authority-officer")
            .authenticator.sign(view(prepared->challenge))));
    world.move_all();
    const auto before = due(world, borealia, "accept");
    world.clock.pass(std::chrono::days{10});
    world.beat();
    CHECK(world.count(cascadia, "lapse-consultation") == 1);
    CHECK(*due(world, borealia, "accept") >= *before + std::chrono::days{10});
    CHECK(world.step("opine") == "act_closed");
    CHECK(world.step("accept") == "accepted");
}

TEST_CASE(
    "R2_ a provider objects with a ground: production waits for the judge's ruling, either way") {
    for (const std::string ruling : {"dismiss-objection", "uphold-objection"}) {
        Rights world;
        world.road("order");
        const auto before = due(world, borealia, "produce");
        REQUIRE(world.step("object") == "accepted");
        CHECK(
            code(world.act(vault, "response-officer", "produce", world.form("produce"))) ==
            "act_held_by");
        world.clock.pass(std::chrono::days{3});
        CHECK(world.step(ruling) == "accepted");
        CHECK_FALSE(world.read(vault, ruling).at("to_provider").as_string().empty());
        CHECK_FALSE(world.read(vault, ruling).contains("reasons"));
        if (ruling == "dismiss-objection") {
            CHECK(*due(world, borealia, "produce") >= *before + std::chrono::days{3});
            CHECK(world.step("produce") == "accepted");
        } else {
            CHECK(
                code(world.act(
                    vault, "response-officer", "produce", NodeFederation::fields("produce"))) ==
                "act_closed");
        }
    }
}

TEST_CASE("T30 preservation lapses on its date by itself, is renewed once, and not silently") {
    Rights world;
    world.road("acknowledge");
    const auto days = [](int n) {
        return std::chrono::hours{24 * n};
    };
    auto renewal = preserved_until(world, "freeze", days(60));
    renewal["renewal"] = true;
    CHECK(world.step("freeze", renewal) == "finding_not_met");
    CHECK(world.step("freeze", preserved_until(world, "freeze", days(91))) == "deadline_too_far");
    CHECK(world.step("freeze", preserved_until(world, "freeze", days(60))) == "accepted");
    CHECK(world.step("preserve", preserved_until(world, "preserve", days(60))) == "accepted");
    // The renewal is called one, and there is one.
    CHECK(world.step("freeze", preserved_until(world, "freeze", days(60))) == "finding_not_met");
    renewal = preserved_until(world, "freeze", days(80));
    renewal["renewal"] = true;
    CHECK(world.step("freeze", renewal) == "accepted");
    CHECK(world.step("preserve", preserved_until(world, "preserve", days(80))) == "accepted");
    CHECK(world.step("freeze", renewal) == "deadline_too_far");
    world.clock.pass(days(79));
    world.beat();
    CHECK(world.count(vault, "discard") == 0);
    world.clock.pass(days(1) + std::chrono::hours{1});
    world.beat();
    for (const auto& who : {vault, arcadia, borealia, std::string("arcadia-oversight")})
        CHECK_MESSAGE(world.count(who, "discard") == 1, who);
    CHECK(world.read(arcadia, "discard").at("scope").as_string() == "provider_copy");
}

TEST_CASE("T30 preserved data that is let go does not touch what is on its way") {
    Rights world;
    world.road("acknowledge");
    REQUIRE(
        world.step("freeze", preserved_until(world, "freeze", std::chrono::hours{20})) ==
        "accepted");
    REQUIRE(
        world.step("preserve", preserved_until(world, "preserve", std::chrono::hours{20})) ==
        "accepted");
    REQUIRE(world.step("accept") == "accepted");
    REQUIRE(world.step("order") == "accepted");
    // Produced, and the receiver's node takes no data before the preservation ends.
    const auto form = world.production();
    REQUIRE(world.act(vault, "response-officer", "produce", form));
    world.deliver();
    world.clock.pass(std::chrono::hours{21});
    world.beat();
    CHECK(world.count(vault, "discard") == 1);
    CHECK(world.step("release") == "accepted");
}

TEST_CASE(
    "M1_ a request is withdrawn at any time before receipt, and the provider delivers nothing") {
    for (const std::string after :
         {"request", "authorise", "transmit", "accept", "order", "produce", "release"}) {
        Rights world;
        world.road(after);
        CHECK_MESSAGE(world.step("withdraw") == "accepted", after);
        const bool knows = after == "order" || after == "produce" || after == "release";
        CHECK(world.state(vault).has_value() == knows);
        if (after == "order")
            CHECK(
                code(world.act(
                    vault, "response-officer", "produce", NodeFederation::fields("produce"))) ==
                "act_closed");
        world.clock.pass(std::chrono::hours{25});
        world.beat();
        world.beat();
        for (const auto& who : {arcadia, borealia, vault})
            CHECK_MESSAGE(world.files(who) == 0, after, " ", who);
    }
    Rights world;
    world.road("receive");
    CHECK(world.step("withdraw") == "act_closed");
}

TEST_CASE(
    "X5_ when retention ends the data is deleted by itself; a judge's extension moves the date") {
    Rights world;
    world.road("release");
    auto form = world.form("receive");
    form["retention_end"] = to_text(world.clock.now() + std::chrono::days{40});
    REQUIRE(world.step("receive", form) == "accepted");
    const auto end = due(world, arcadia, "delete");
    REQUIRE(end);
    auto extension = world.form("retain");
    extension["until"] = to_text(*end + std::chrono::days{20});
    REQUIRE(world.step("retain", extension) == "accepted");
    CHECK(due(world, arcadia, "delete") == *end + std::chrono::days{20});
    CHECK(world.step("retain", extension) == "facts_repeated");
    world.clock.set(*end + std::chrono::days{20} - std::chrono::minutes{5});
    world.beat();
    CHECK(world.count(arcadia, "delete") == 0);
    CHECK(world.files(arcadia) > 0);
    world.clock.set(*end + std::chrono::days{20} + std::chrono::minutes{1});
    world.beat();
    CHECK(world.count(arcadia, "delete") == 1);
    CHECK(world.files(arcadia) == 0);
    CHECK(world.read(borealia, "delete").at("scope").as_string() == "all");
}

TEST_CASE(
    "R1_ an error is admitted as one: locked, deleted everywhere, the person told, reviewed") {
    Rights world;
    world.road("open");
    REQUIRE(world.step("defer-notice") == "accepted");
    CHECK(world.step("correct") == "accepted");
    node::Openings openings(world.node(arcadia));
    const auto hash = digest_from_text(
        std::string_view(world.passed.front().as_object().at("cipher_sha256").as_string()));
    CHECK(code(openings.open(world.case_id, *hash)) == "evidence_locked");
    CHECK(world.step("defer-notice") == "act_closed");
    CHECK(due(world, "arcadia-oversight", "review").has_value());
    world.clock.pass(std::chrono::hours{25});
    world.beat();
    world.beat();
    for (const auto& act : {"delete", "purge", "discard"})
        CHECK_MESSAGE(world.count(vault, act) == 1, act);
    for (const auto& who : {arcadia, borealia, vault})
        CHECK(world.files(who) == 0);
    CHECK(world.count(arcadia, "notify") == 0);
    world.clock.pass(std::chrono::days{7});
    world.beat();
    CHECK(world.count(arcadia, "notify") == 1);
    // Before data was produced there is nothing to correct but the request: that is withdrawn.
    Rights early;
    early.road("order");
    CHECK(early.step("correct") == "act_closed");
}

TEST_CASE(
    "R4_ what oversight quashes before it was sent is told to nobody who did not know of it") {
    Rights world;
    world.road("authorise");
    REQUIRE(world.step("suspend") == "accepted");
    REQUIRE(world.step("quash") == "accepted");
    CHECK_FALSE(world.state(borealia));
    CHECK_FALSE(world.state(vault));
}
