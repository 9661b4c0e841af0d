// Wiring of the federation in one process.
#include "support/node_federation.hpp"

#include "base/limits.hpp"
#include "base/said_json.hpp"
#include "crypto/hash.hpp"
#include "node/carry_challenge.hpp"
#include "node/enrol.hpp"
#include "node/fetch_directory.hpp"
#include "node/notice.hpp"
#include "node/sightings.hpp"
#include "node/try_partner.hpp"
#include "support/node_log.hpp"

#include <fmt/format.h>

#include <fstream>

namespace comity::test {

namespace {

node::PeerAnswer refused(const Refusal& refusal) {
    return {
        422,
        "application/problem+json",
        json::print(json::Object{
            {"code", refusal.name()},
            {"facts", refusal.facts.text()},
            {"facts_said", said_value(refusal.facts)}}),
        {}};
}

node::PeerAnswer answer(const Result<node::Passage>& passage) {
    if (passage)
        return {
            200,
            "application/json",
            json::print(
                json::Object{{"receipt", passage->receipt}, {"repeated", passage->repeated}}),
            {}};
    return refused(passage.error());
}

} // namespace

std::shared_ptr<const node::Law> practice_law() {
    static const std::shared_ptr<const node::Law> law = [] {
        auto pack = law::Pack::load(COMITY_SOURCE_DIR "/law", crypto::sha256);
        REQUIRE(pack.has_value());
        auto made = node::Law::make(std::make_shared<const law::Pack>(std::move(*pack)));
        REQUIRE(made.has_value());
        return *made;
    }();
    return law;
}

std::optional<node::PeerAnswer> FakePeers::call(
    const ParticipantId& peer, const node::PeerCall& call, Said& problem) {
    if (federation_.away.contains(peer.str()) || !federation_.members.contains(peer.str())) {
        problem = Said::value("away");
        return std::nullopt;
    }
    if (federation_.refuses.contains(peer.str()))
        return refused(
            {Code::act_waits_for,
             say("{} waits for {}", Said::act("order"), Said::act("transmit")),
             {},
             {},
             {}});
    auto& other = federation_.node(peer.str());
    std::optional<node::PeerAnswer> out;
    if (call.target == "/exchange/v1/notices") {
        const auto asked = json::parse_object(call.body, 4096);
        REQUIRE(asked.has_value());
        out = node::PeerAnswer{
            200,
            "application/json",
            node::look_up_here(other, std::string_view(asked->at("code").as_string())),
            {}};
    } else if (call.target == "/exchange/v1/filings") {
        const auto receipt = node::take_filing(other, call.body);
        out = receipt ? node::PeerAnswer{200, "application/json", "{}", {}}
                      : refused(receipt.error());
    } else if (call.target == "/exchange/v1/acts") {
        out = answer(node::receive_act(other, ParticipantId(self_), call.body));
    } else if (call.target == "/exchange/v1/sightings") {
        const auto taken = node::receive_sighting(other, ParticipantId(self_), call.body);
        out = taken ? node::PeerAnswer{200, "application/json", "{}", {}} : refused(taken.error());
    } else if (call.target == "/exchange/v1/ping") {
        const auto directory = other.directory();
        out = node::PeerAnswer{
            200,
            "application/json",
            json::print(json::Object{
                {"participant", other.self().str()},
                {"time", to_text(other.now())},
                {"directory", directory ? (*directory)->version() : 0},
                {"law_pack", other.law().pack().digest()}}),
            {}};
    } else if (call.target == "/exchange/v1/test") {
        const auto receipt = node::answer_test(other, ParticipantId(self_), call.body);
        out =
            receipt
                ? node::
                      PeerAnswer{200, "application/json", json::print(json::Object{{"receipt", *receipt}}), {}}
                : refused(receipt.error());
    } else if (call.target.starts_with("/exchange/v1/directory?after=")) {
        std::optional<std::string> text;
        other.store().read([&](node::StoreReader& reader) {
            text = node::directory_after(
                reader, std::stoll(call.target.substr(call.target.find('=') + 1)));
        });
        out = node::PeerAnswer{text ? 200 : 404, "application/jose+json", text.value_or(""), {}};
    } else if (call.target.find("/leaves?after=") != std::string::npos) {
        const auto begin = call.target.find("cases/") + 6;
        const auto end = call.target.find("/leaves");
        auto places = node::leaves_for(
            other, ParticipantId(self_), CaseId(call.target.substr(begin, end - begin)),
            std::stoll(call.target.substr(call.target.find('=') + 1)));
        if (!places) {
            auto unknown = refused(places.error());
            unknown.status = 404;
            return unknown;
        }
        if (federation_.tells_leaves) federation_.tells_leaves(peer.str(), *places);
        out =
            node::PeerAnswer{200, "application/json", json::print(node::print_places(*places)), {}};
    } else {
        // /exchange/v1/cases/{case}/acts?after=N
        const auto begin = call.target.find("cases/") + 6;
        const auto end = call.target.find("/acts");
        const auto after = std::stoll(call.target.substr(call.target.find('=') + 1));
        const auto acts = node::acts_for(
            other, ParticipantId(self_), CaseId(call.target.substr(begin, end - begin)), after,
            100);
        if (!acts) return node::PeerAnswer{404, "", "{}", {}};
        json::Array list;
        for (const auto& item : *acts)
            list.emplace_back(item);
        out = node::PeerAnswer{
            200, "application/json", json::print(json::Object{{"acts", std::move(list)}}), {}};
    }
    if (federation_.loses_answer.erase(peer.str()) > 0) {
        problem = Said::value("the answer was lost");
        return std::nullopt;
    }
    return out;
}

NodeFederation::NodeFederation(bool full) : world(full) {
    world.draft.law_pack = practice_law()->pack().digest();
    clock.set(moment("2026-03-02T09:00:00Z"));
    std::vector<std::string> ids{
        "arcadia-authority", "borealia-authority", "vault-provider", "arcadia-oversight"};
    if (full)
        ids.insert(
            ids.end(),
            {"borealia-oversight", "cascadia-authority", "cascadia-oversight", "dorada-authority"});
    for (const auto& id : ids) {
        auto member = std::make_unique<Member>();
        member->peers = std::make_unique<FakePeers>(*this, id);
        const auto& own = world.organisation(id);
        node::Keys keys;
        keys.seal = own.seal.key;
        keys.seal_certificate = own.seal.certificate;
        keys.sealing = {own.sealing.key, own.sealing.certificate};
        for (const auto& [office, certified] : own.office_sealing)
            keys.offices[OfficeId(office)] = {certified.key, certified.certificate};
        node::Settings settings;
        settings.participant = ParticipantId(id);
        settings.federation = world.draft.federation;
        member->node = std::make_unique<node::Node>(
            settings, std::move(keys), practice_law(),
            node::Ports{
                member->store, member->files, *member->peers, clock, log_into(log_guard, log)});
        for (const auto& [name, person] : own.people)
            member->store.write([&](node::StoreWriter& writer) {
                writer.put_roll({person.hash, person.entry.person, person.text, false});
            });
        members.emplace(id, std::move(member));
    }
    use_directory();
}

void NodeFederation::use_directory() {
    const auto directory = std::make_shared<const directory::Directory>(world.directory());
    for (auto& [id, member] : members)
        member->node->use_directory(directory);
}

json::Object NodeFederation::fields(const std::string& example) {
    std::ifstream in(COMITY_SOURCE_DIR "/law/examples/" + example + ".json");
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto object = json::parse_object(text, limits::act_part_bytes);
    REQUIRE(object.has_value());
    auto out = object->at("fields").as_object();
    // The office of this world that receives the data; the example's is that of the practice world.
    if (auto* recipient = out.if_contains("recipient");
        recipient && recipient->as_object().contains("office"))
        recipient->as_object()["office"] = "arcadia-police";
    return out;
}

node::Intent NodeFederation::intent(
    const std::string& who, const std::string& person, const std::string& act,
    json::Object given) const {
    const auto& entry = const_cast<DirectoryWorld&>(world).person(who, person).entry;
    node::Intent out;
    out.act = act;
    out.office = entry.office;
    out.role = entry.roles.front();
    out.person = entry.person;
    out.fields = std::move(given);
    if (case_id.empty()) {
        out.procedure = procedure;
        out.opening = act::Opening{
            ParticipantId("arcadia-authority"),
            ParticipantId("borealia-authority"),
            ParticipantId("vault-provider"),
            {},
            category,
            OfficeId("arcadia-police")};
        for (const auto& id : third)
            out.opening->third.emplace_back(id);
    } else {
        out.case_id = case_id;
    }
    return out;
}

Result<node::Performed> NodeFederation::act(
    const std::string& who, const std::string& person, const std::string& act, json::Object given) {
    TRY(const auto prepared,
        node::prepare_act(node(who), intent(who, person, act, std::move(given))));
    auto performed = node::perform_act(
        node(who), prepared.hash,
        world.person(who, person).authenticator.sign(view(prepared.challenge)));
    if (performed && case_id.empty()) {
        case_id = prepared.case_id;
        request_hash = text(prepared.hash);
    }
    return performed;
}

act::Envelope NodeFederation::sealed(
    const std::string& who, const std::string& person, const std::string& act, json::Object given) {
    const auto prepared = node::prepare_act(node(who), intent(who, person, act, std::move(given)));
    REQUIRE_MESSAGE(prepared.has_value(), (prepared ? "" : prepared.error().text()));
    act::Envelope out;
    out.seal = act::seal_act(
        prepared->header, clock.now(), node(who).signer(),
        DirectoryWorld::approve(prepared->header, world.person(who, person)));
    node(who).store().read(
        [&](node::StoreReader& reader) { out.parts = reader.find_draft(prepared->hash)->parts; });
    return out;
}

void NodeFederation::deliver() {
    for (int round = 0; round < 6; ++round) {
        for (auto& [id, member] : members)
            node::deliver_outbox(*member->node);
        clock.pass(std::chrono::seconds{2}); // what has to be tried again comes due
    }
}

std::optional<casefile::Case> NodeFederation::state(const std::string& id) {
    std::optional<casefile::Case> out;
    node(id).store().read(
        [&](node::StoreReader& reader) { out = node::find_case(node(id), reader, case_id); });
    return out;
}

std::int64_t NodeFederation::leaves(const std::string& id) {
    std::int64_t out = 0;
    node(id).store().read([&](node::StoreReader& reader) { out = reader.leaf_count(); });
    return out;
}

std::size_t NodeFederation::acts(const std::string& id) {
    std::size_t out = 0;
    node(id).store().read(
        [&](node::StoreReader& reader) { out = reader.acts(case_id, 0, 100).size(); });
    return out;
}

} // namespace comity::test
