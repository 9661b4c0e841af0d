// Wiring of the practice with record, evidence and failures.
#include "support/node_practice.hpp"

#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "node/carry_challenge.hpp"
#include "node/clock_due.hpp"
#include "node/produce_evidence.hpp"
#include "node/transfer_evidence.hpp"
#include "node/witness_checkpoint.hpp"
#include "support/node_log.hpp"

#include <fmt/format.h>

namespace comity::test {

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

// "bytes 0-99/1000" or "bytes */1000".
node::Chunk chunk_of(const node::PeerCall& call) {
    const std::string range = call.headers.at(0).second;
    const std::uint64_t total = std::stoull(range.substr(range.find('/') + 1));
    const std::uint64_t first = range.starts_with("bytes *") ? 0 : std::stoull(range.substr(6));
    return {first, total, call.body};
}

} // namespace

std::optional<node::PeerAnswer> RoutingPeers::put_evidence(
    node::Node& other, const node::PeerCall& call) const {
    const auto slash = call.target.rfind('/');
    const auto begin = std::string_view("/exchange/v1/evidence/").size();
    const auto hash = digest_from_text(call.target.substr(slash + 1));
    REQUIRE(hash.has_value());
    const auto progress = node::take_chunk(
        other, ParticipantId(self_), CaseId(call.target.substr(begin, slash - begin)), *hash,
        chunk_of(call));
    if (progress && progress->complete && practice_.unheard.contains(*hash)) return std::nullopt;
    if (!progress)
        return node::PeerAnswer{
            422,
            "application/problem+json",
            json::print(json::Object{
                {"code", progress.error().name()}, {"facts", progress.error().facts.text()}}),
            {}};
    return node::PeerAnswer{
        progress->complete ? 200 : 202,
        "application/json",
        json::print(json::Object{
            {"received", static_cast<std::int64_t>(progress->received)},
            {"complete", progress->complete}}),
        {}};
}

std::optional<node::PeerAnswer> RoutingPeers::call(
    const ParticipantId& peer, const node::PeerCall& call, Said& problem) {
    try {
        if (call.target.starts_with("/exchange/v1/acts") ||
            call.target.starts_with("/exchange/v1/notices") ||
            call.target.starts_with("/exchange/v1/filings") ||
            call.target == "/exchange/v1/sightings" ||
            call.target.starts_with("/exchange/v1/cases/") || call.target == "/exchange/v1/ping" ||
            call.target == "/exchange/v1/test")
            return practice_.members.at(self_)->peers->call(peer, call, problem);
        if (practice_.away.contains(peer.str())) {
            problem = Said::value("away");
            return std::nullopt;
        }
        if (!practice_.members.contains(peer.str())) { // in the directory, and not in this test
            problem = Said::value("away");
            return std::nullopt;
        }
        auto& other = practice_.node(peer.str());
        if (call.target.starts_with("/exchange/v1/evidence/")) return put_evidence(other, call);
        if (practice_.lying == peer.str())
            return node::PeerAnswer{200, "text/plain", practice_.lie, {}};
        if (call.target == "/witness/v1/add-checkpoint") {
            auto answer = node::witness_checkpoint(other, call.body);
            return node::PeerAnswer{answer.status, answer.content_type, std::move(answer.body), {}};
        }
        if (call.target.starts_with("/record/")) {
            const auto file = other.files().read(call.target.substr(1));
            return file ? node::PeerAnswer{200, "application/octet-stream", *file, {}}
                        : node::PeerAnswer{404, "", "", {}};
        }
        // /witness/v1/{origin}/checkpoint
        const auto origin = call.target.substr(12, call.target.rfind('/') - 12);
        const auto note = node::witnessed_checkpoint(other, origin);
        if (!note) return node::PeerAnswer{404, "", "{}", {}};
        return node::PeerAnswer{200, "text/plain", *note, {}};
    } catch (const Fault&) {
        return node::PeerAnswer{500, "text/plain", "incident", {}};
    }
}

Practice::Practice(bool full) : NodeFederation(full) {
    for (const auto& participant : world.draft.participants) {
        const auto key = crypto::Ed25519Key::generate();
        records_.emplace(participant.id.str(), key);
    }
    for (auto& participant : world.draft.participants)
        participant.record.vkey =
            record::log_key(participant.record.origin, records_.at(participant.id.str())).text();
    world.draft.witness_policy = fmt::format(
        "witness {} {}\nquorum {}\n", overseer,
        record::witness_key("arcadia-oversight.example/witness", witness_).text(), overseer);
    for (auto& [id, member] : members) {
        auto& station =
            *stations_.emplace(id, std::make_unique<Station>(*this, id, *member)).first->second;
        member->node = node_over(id, station.store, station.files);
    }
    use_directory();
}

std::unique_ptr<node::Node> Practice::node_over(
    const std::string& id, node::Store& store, node::Files& files) {
    auto made = node_without_directory(id, store, files);
    if (const auto directory = members.at(id)->node->directory()) made->use_directory(*directory);
    return made;
}

void Practice::settle(const std::string& id, const std::function<void(node::Settings&)>& change) {
    adjust_ = change;
    auto& made = station(id);
    members.at(id)->node = node_over(id, made.store, made.files);
    adjust_ = nullptr;
}

std::unique_ptr<node::Node> Practice::node_without_directory(
    const std::string& id, node::Store& store, node::Files& files) {
    const auto& old = members.at(id)->node;
    node::Settings settings = old->settings();
    if (adjust_) adjust_(settings);
    node::Keys keys = old->keys();
    keys.record = records_.at(id);
    if (id == overseer) {
        keys.witness = witness_;
        settings.witness_name = "arcadia-oversight.example/witness";
    }
    return std::make_unique<node::Node>(
        settings, std::move(keys), practice_law(),
        node::Ports{store, files, station(id).peers, clock, log_into(log_guard, log)});
}

void Practice::move_all() {
    for (int round = 0; round < 3; ++round) {
        deliver();
        for (auto& [id, member] : members)
            node::push_evidence(*member->node);
    }
}

void Practice::beat() {
    // Several nodes may have something due at once: one of them gets the number, the others come
    // again after the pause that follows a refusal.
    for (int round = 0; round < 6; ++round) {
        std::size_t done = 0;
        for (auto& [id, member] : members) {
            done += node::clock_due(*member->node);
            node::carry_filings(*member->node);
        }
        move_all();
        if (done == 0) break;
        clock.pass(std::chrono::seconds{6});
    }
    for (auto& [id, member] : members)
        node::destroy_evidence(*member->node);
}

json::Object Practice::production() {
    node::Staging staging(node(vault));
    json::Array manifest;
    for (const auto& [name, cell, content] :
         std::vector<std::tuple<std::string, std::int64_t, Bytes>>{
             {"subscriber.json", 0, R"({"account":"harbour.invoices@nimbus-mail.example"})"},
             {"logins.csv", 1, Bytes(5'000'000, 'x')}}) {
        const auto token = staging.begin(case_id, name, "text/plain", cell);
        REQUIRE(token.has_value());
        const BytesView all(content);
        for (std::size_t at = 0; at < all.size(); at += 1'000'000)
            REQUIRE(staging.append(*token, at, all.substr(at, 1'000'000)).has_value());
        const auto item = staging.finish(*token);
        REQUIRE(item.has_value());
        auto printed = evidence::print_items({*item}).front().as_object();
        manifest.emplace_back(printed);
        produced.emplace_back(std::move(printed), content);
    }
    auto form = fields("produce");
    form["manifest"] = manifest;
    return form;
}

void Practice::produce() {
    CHECK(code(act(vault, "response-officer", "produce", production())) == "accepted");
}

void Practice::release() {
    const auto items = node::case_items(node(borealia), case_id, "produce");
    REQUIRE(items.has_value());
    for (const auto& item : *items) {
        const auto resealed = node::reseal_item(node(borealia), case_id, item);
        REQUIRE_MESSAGE(resealed.has_value(), (resealed ? "" : resealed.error().text()));
        passed.emplace_back(evidence::print_items({*resealed}).front());
    }
    auto form = fields("release");
    form["passed"] = passed;
    CHECK(code(act(borealia, "central-authority-officer", "release", form)) == "accepted");
}

void Practice::play(const std::string& name) {
    auto form = fields(name);
    if (name == "produce") return produce();
    if (name == "release") return release();
    if (name == "authorise") form["request"] = request_hash;
    if (name == "receive") {
        const auto items = node::case_items(node(arcadia), case_id, "release");
        REQUIRE(items.has_value());
        form["manifest_hash"] = text(evidence::manifest_hash(*items));
        form["items"] = static_cast<std::int64_t>(items->size());
    }
    if (name == "open") {
        json::Array hashes;
        for (const auto& item : passed)
            hashes.emplace_back(item.as_object().at("cipher_sha256"));
        form["items"] = hashes;
    }
    const bool requested = name == "acknowledge" || name == "accept" || name == "order";
    const std::string person = name == "authorise" || name == "order" ? "judge"
                               : name == "transmit" || name == "acknowledge" || name == "accept"
                                   ? "central-authority-officer"
                                   : "issuing-officer";
    const auto done = act(requested ? borealia : arcadia, person, name, form);
    REQUIRE_MESSAGE(done.has_value(), name, ": ", (done ? "" : done.error().text()));
}

void Practice::play_until(const std::string& last) {
    for (const std::string name :
         {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
          "release", "receive", "open"}) {
        play(name);
        move_all();
        if (name == last) return;
    }
    FAIL("there is no such act in this story: ", last);
}

std::vector<node::EvidenceRow> Practice::evidence(const std::string& id) {
    std::vector<node::EvidenceRow> out;
    node(id).store().read([&](node::StoreReader& reader) { out = reader.evidence(case_id); });
    return out;
}

std::vector<node::SubmissionRow> Practice::submissions(const std::string& id) {
    std::vector<node::SubmissionRow> out;
    node(id).store().read([&](node::StoreReader& reader) { out = reader.submissions(case_id); });
    return out;
}

std::size_t Practice::outbox(const std::string& id) {
    std::size_t out = 0;
    node(id).store().read([&](node::StoreReader& reader) { out = reader.outbox(1000).size(); });
    return out;
}

} // namespace comity::test
