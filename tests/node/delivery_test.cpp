// What happens between nodes when the network fails: nothing is lost, order is kept, nothing is
// doubled.
#include "base/said_json.hpp"
#include "crypto/hash.hpp"
#include "node/describe_case.hpp"
#include "node/retry.hpp"
#include "support/node_federation.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <thread>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";

struct Transmitted : NodeFederation {
    Transmitted() {
        REQUIRE(code(act(arcadia, "issuing-officer", "request", fields("request"))) == "accepted");
        auto authorisation = fields("authorise");
        authorisation["request"] = request_hash;
        REQUIRE(code(act(arcadia, "judge", "authorise", authorisation)) == "accepted");
        REQUIRE(
            code(act(arcadia, "central-authority-officer", "transmit", fields("transmit"))) ==
            "accepted");
    }

    json::Object reasons() { return fields("withdraw"); }
};

// Submissions that are no acts: whoever gets one refuses it, which is an answer.
void queue(node::Node& sender, const std::string& to, int count) {
    sender.store().write([&](node::StoreWriter& writer) {
        for (int i = 0; i < count; ++i) {
            node::SubmissionRow submission;
            submission.hash = crypto::sha256(to + std::to_string(i));
            submission.case_id = CaseId("case-" + std::to_string(i));
            submission.seal = "{\"number\":" + std::to_string(i) + "}";
            submission.created = sender.now();
            writer.put_submission(submission);
            node::OutboxRow row;
            row.destination = ParticipantId(to);
            row.kind = node::OutboxRow::Kind::submit;
            row.case_id = submission.case_id;
            row.act = submission.hash;
            row.next_try = sender.now();
            writer.add_outbox(row);
        }
    });
}

std::size_t waiting(node::Node& sender, const std::string& to) {
    std::size_t count = 0;
    sender.store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.outbox(10'000))
            count += row.destination == ParticipantId(to) ? 1 : 0;
    });
    return count;
}

/// Refuses everything, counts who is called how often at once, and one of them hangs until it is
/// released.
class CountingPeers final : public node::Peers {
public:
    std::optional<node::PeerAnswer> call(
        const ParticipantId& peer, const node::PeerCall& call, Said& /*problem*/) override {
        std::unique_lock lock(mutex_);
        ++heard[peer.str() + call.body];
        most_at_once = std::max(most_at_once, ++calls_[peer.str()]);
        if (peer.str() == "hanging") released_.wait(lock, [this] { return released.load(); });
        lock.unlock();
        std::this_thread::yield();
        lock.lock();
        --calls_[peer.str()];
        return node::PeerAnswer{409, "application/problem+json", R"({"code":"act_waits_for"})", {}};
    }

    void release() {
        const std::scoped_lock lock(mutex_);
        released = true;
        released_.notify_all();
    }

    std::atomic<bool> released{false};
    int most_at_once = 0;
    std::map<std::string, int> heard;

private:
    std::mutex mutex_;
    std::condition_variable released_;
    std::map<std::string, int> calls_;
};

} // namespace

TEST_CASE("T10 a peer that is away gets everything in order when it is back, once") {
    Transmitted world;
    world.away = {borealia};
    world.deliver();
    CHECK(world.acts(borealia) == 0);
    // An act of ours that the absent keeper has to number waits with the others.
    const auto waits = world.act(arcadia, "central-authority-officer", "withdraw", world.reasons());
    REQUIRE(waits);
    CHECK_FALSE(waits->admitted);
    world.deliver();
    CHECK(world.acts(arcadia) == 3);
    world.away.clear();
    world.clock.pass(std::chrono::minutes{2});
    world.deliver();
    world.deliver();
    CHECK(world.acts(borealia) == 4);
    CHECK(world.acts(arcadia) == 4);
    CHECK(*world.state(arcadia) == *world.state(borealia));
    std::vector<node::OutboxRow> left;
    world.node(arcadia).store().read([&](node::StoreReader& reader) { left = reader.outbox(100); });
    CHECK(left.empty());
}

TEST_CASE("T10 who is away is tried once and keeps nothing back that is for another") {
    Transmitted world;
    auto& sender = world.node(arcadia);
    const auto own = waiting(sender, borealia); // what the case itself has for it
    world.away = {borealia};
    queue(sender, borealia, 500);
    world.clock.pass(std::chrono::seconds{1});
    queue(sender, vault, 100);
    auto told = node::deliver_outbox(sender);
    CHECK(waiting(sender, vault) == 0);
    CHECK(waiting(sender, borealia) == 500 + own);
    CHECK(told.waiting == 1);
    // Nobody tries it again before its time, whichever row is due.
    told = node::deliver_outbox(sender);
    CHECK(told.waiting == 0);
    world.clock.pass(std::chrono::seconds{2});
    told = node::deliver_outbox(sender);
    CHECK(told.waiting == 1);
    // When it is back it gets everything, also what was put off.
    world.away.clear();
    sender.reach().heard(ParticipantId(borealia), world.clock.now());
    world.clock.pass(std::chrono::seconds{3});
    told = node::deliver_outbox(sender);
    CHECK(told.waiting == 0);
    CHECK(waiting(sender, borealia) == 0);
}

TEST_CASE("T10 a partner that does not answer holds up one sender, and each has one at a time") {
    NodeFederation world;
    CountingPeers peers;
    auto& member = *world.members.at(arcadia);
    node::Node sender(
        member.node->settings(), member.node->keys(), practice_law(),
        node::Ports{member.store, member.files, peers, world.clock, {}});
    sender.use_directory(*member.node->directory());
    const std::vector<std::string> partners{borealia, vault, "arcadia-oversight", "hanging"};
    for (const auto& to : partners)
        queue(sender, to, 100);
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i)
        senders.emplace_back([&] {
            while (!peers.released || waiting(sender, "hanging") > 0) {
                node::deliver_outbox(sender);
                bool others = false;
                for (const auto& to : partners)
                    others = others || (to != "hanging" && waiting(sender, to) > 0);
                if (!others) peers.release(); // everybody else has everything, and it still hangs
            }
        });
    for (auto& one : senders)
        one.join();
    CHECK(peers.most_at_once == 1);
    CHECK(peers.heard.size() == 400);
    for (const auto& [what, times] : peers.heard)
        CHECK(times == 1);
}

TEST_CASE("T10 an answer that is lost after the act was admitted ends in one act and one receipt") {
    Transmitted world;
    world.deliver();
    REQUIRE(
        code(world.act(arcadia, "central-authority-officer", "withdraw", world.reasons())) ==
        "accepted");
    world.loses_answer = {borealia};
    node::deliver_outbox(world.node(arcadia));
    CHECK(world.acts(borealia) == 4); // heard and done
    CHECK(world.acts(arcadia) == 3);  // and not known here yet
    world.deliver();
    world.deliver();
    CHECK(world.acts(borealia) == 4);
    CHECK(world.acts(arcadia) == 4);
    std::optional<node::ActRow> here;
    std::optional<node::ActRow> there;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { here = reader.act_at(world.case_id, 4); });
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { there = reader.act_at(world.case_id, 4); });
    REQUIRE(here);
    REQUIRE(there);
    CHECK(here->receipt == there->receipt);
}

TEST_CASE("of withdraw and refuse only one wins, and the other is told why") {
    Transmitted world;
    world.deliver();
    REQUIRE(
        code(world.act(
            borealia, "central-authority-officer", "acknowledge",
            NodeFederation::fields("acknowledge"))) == "accepted");
    world.deliver();
    // Both act on the same state of the case; Borealia keeps it and is first.
    const auto withdrawn =
        world.act(arcadia, "central-authority-officer", "withdraw", world.reasons());
    REQUIRE(withdrawn);
    CHECK_FALSE(withdrawn->admitted);
    REQUIRE(
        code(world.act(
            borealia, "central-authority-officer", "refuse", NodeFederation::fields("refuse"))) ==
        "accepted");
    world.deliver();
    world.deliver();
    std::vector<node::SubmissionRow> submissions;
    world.node(arcadia).store().read(
        [&](node::StoreReader& reader) { submissions = reader.submissions(world.case_id); });
    REQUIRE(submissions.size() == 1);
    CHECK(submissions.front().state == node::SubmissionRow::State::refused);
    CHECK(submissions.front().answer.find("sequence_taken") != std::string::npos);
    // The other node's refusal, in the language of who performed the act here.
    const auto entry = refusal_entry(Code::sequence_taken);
    for (const auto language : text_languages) {
        const auto told = node::told_answer(submissions.front(), language);
        CHECK(told.starts_with(said(entry.what, {}).in(language)));
        CHECK(told.find(said(entry.remedy, {}).in(language)) != std::string::npos);
        CHECK((language == "en") == (told.find(entry.rule) != std::string::npos));
    }
    CHECK(
        node::print_submissions(submissions, "fr").at(0).at("answer") ==
        json::Value(node::told_answer(submissions.front(), "fr")));
    // What an older program kept is shown as it is.
    auto old = submissions.front();
    old.answer = R"({"code":"sequence_taken","facts":"f","text":"The act was not taken."})";
    CHECK(node::told_answer(old, "fr") == "The act was not taken.");
    old.answer = "plain";
    CHECK(node::told_answer(old, "fr") == "plain");
    CHECK(world.acts(arcadia) == 5);
    CHECK(*world.state(arcadia) == *world.state(borealia));
}

TEST_CASE("T46 acts of a case are given to its participants and to nobody else") {
    Transmitted world;
    world.deliver();
    CHECK(
        node::acts_for(world.node(borealia), ParticipantId(arcadia), world.case_id, 0, 100)
            ->size() == 3);
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId("vault-provider"), world.case_id, 0, 100)) ==
        "not_found");
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId("cascadia-authority"), world.case_id, 0, 100)) ==
        "not_found");
    CHECK(
        code(node::acts_for(
            world.node(borealia), ParticipantId(arcadia), CaseId("unknown"), 0, 100)) ==
        "not_found");
}

TEST_CASE("a submission that its performer did not send is refused") {
    Transmitted world;
    world.deliver();
    const auto envelope =
        world.sealed(arcadia, "central-authority-officer", "withdraw", world.reasons());
    const auto text = act::print_envelope(envelope);
    CHECK(
        code(node::receive_act(world.node(borealia), ParticipantId("vault-provider"), text)) ==
        "performer_not_signer");
    CHECK(
        code(node::receive_act(world.node(borealia), ParticipantId(arcadia), text)) == "accepted");
}

TEST_CASE("what another node refuses is told by its pattern, and quoted where it is not ours") {
    const auto body = [](json::Object members) {
        members["code"] = "act_waits_for";
        return json::print(members);
    };
    const auto facts = say("{} waits for {}", Said::act("order"), Said::act("transmit"));
    const auto known =
        node::refusal_in(body({{"facts", facts.text()}, {"facts_said", said_value(facts)}}));
    REQUIRE(known.has_value());
    CHECK(known->code == Code::act_waits_for);
    CHECK(known->facts.in("fr") == facts.in("fr"));
    CHECK(known->facts.text() == facts.text());
    // An older node, a newer one, one that lies: its own words, and said to be its own.
    const auto quoted = quoted_from_peer(facts.text());
    for (const json::Value& sent : std::vector<json::Value>{
             nullptr, 7, "order waits for transmit", json::Object{},
             json::Object{{"key", "fact.of-tomorrow"}, {"with", json::Array{}}},
             json::Object{{"key", "fact.waits"}, {"with", json::Array{"one"}}}}) {
        const auto other = node::refusal_in(body({{"facts", facts.text()}, {"facts_said", sent}}));
        REQUIRE(other.has_value());
        CHECK(other->facts.in("fr") == quoted.in("fr"));
    }
    CHECK(node::refusal_in(body({{"facts", "f"}}))->facts.text() == quoted_from_peer("f").text());
    CHECK(node::refusal_in(body({}))->facts.empty());
    CHECK(
        node::refusal_in(body({{"facts", "x"}, {"facts_said", "xa-police"}}))->facts.in("ar") ==
        "xa-police");
    // A rule is ours or the table's.
    CHECK(node::refusal_in(body({{"rule", "Send it to us in the clear"}}))->rule.empty());
    CHECK(
        node::refusal_in(body({{"rule", refusal_entry(Code::act_held_by).rule}}))->rule ==
        refusal_entry(Code::act_held_by).rule);
    CHECK_FALSE(node::refusal_in(R"({"code":"none_such"})").has_value());
    CHECK_FALSE(node::refusal_in("<html>").has_value());
    CHECK_FALSE(node::refusal_in(body({{"facts", std::string(65'536, 'x')}})).has_value());
}

TEST_CASE("why a delivery waits or failed is kept and told in the reader's language") {
    Transmitted world;
    world.away = {borealia};
    world.deliver();
    const auto first = [&] {
        std::vector<node::OutboxRow> rows;
        world.node(arcadia).store().read(
            [&](node::StoreReader& reader) { rows = reader.outbox(100); });
        REQUIRE_FALSE(rows.empty());
        return rows.front();
    };
    CHECK(first().problem.text() == "away");
    CHECK_FALSE(first().failed);
    world.away.clear();
    world.refuses = {borealia};
    world.clock.pass(std::chrono::minutes{2});
    world.deliver();
    const auto failed = first();
    CHECK(failed.failed);
    CHECK(failed.problem.text().starts_with("the other node refused it: The act was not"));
    CHECK(failed.problem.in("fr").starts_with("l’autre nœud l’a refusé : "));
    CHECK(failed.problem.in("fr").find("« Commander »") == std::string::npos);
    const auto facts = say("{} waits for {}", Said::act("order"), Said::act("transmit"));
    for (const auto language : text_languages)
        CHECK(failed.problem.in(language).find(facts.in(language)) != std::string::npos);
}
