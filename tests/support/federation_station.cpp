// Stations, their network and their cast.
#include "support/federation_station.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/carry_challenge.hpp"
#include "node/clock_due.hpp"
#include "node/deliver_outbox.hpp"
#include "node/transfer_evidence.hpp"

#include <fmt/format.h>

namespace comity::test {

namespace {

const std::string witness_ids[] = {arcadia_overseer, borealia_overseer};

void give_record_keys(Cast& cast) {
    std::string policy;
    for (auto& participant : cast.world.draft.participants) {
        const auto& id = participant.id.str();
        cast.records.emplace(id, crypto::Ed25519Key::generate());
        participant.record.vkey =
            record::log_key(participant.record.origin, cast.records.at(id)).text();
    }
    for (const auto& id : witness_ids) {
        cast.witnesses.emplace(id, crypto::Ed25519Key::generate());
        policy += fmt::format(
            "witness {} {}\n", id,
            record::witness_key(id + ".example/witness", cast.witnesses.at(id)).text());
    }
    cast.world.draft.witness_policy =
        policy + fmt::format("group both 2 {} {}\nquorum both\n", witness_ids[0], witness_ids[1]);
}

std::unique_ptr<Cast> make_cast() {
    seed_randomness(1);
    auto out = std::make_unique<Cast>();
    auto pack = law::Pack::load(COMITY_SOURCE_DIR "/law", crypto::sha256);
    REQUIRE_MESSAGE(pack.has_value(), (pack ? "" : pack.error().text()));
    auto law = node::Law::make(std::make_shared<const law::Pack>(std::move(*pack)));
    REQUIRE_MESSAGE(law.has_value(), (law ? "" : law.error().text()));
    out->law = *law;
    auto& world = out->world;
    world.draft.law_pack = out->law->pack().digest();
    world.add(
        borealia_overseer, directory::Kind::oversight, "XB",
        {{"borealia-inspectors", "inspector"}});
    for (const std::string country : {"arcadia", "borealia", "cascadia"}) {
        const std::string id = country + "-authority";
        world.add_office(id, country + "-supervisors", "supervising-officer");
        world.add_office(id, country + "-duty-desk", "duty-officer");
    }
    give_record_keys(*out);
    out->directory_text = world.sign_directory(
        directory::print_directory(world.draft), {arcadia, borealia, cascadia}, practice_start());
    auto accepted = directory::accept_first(out->directory_text);
    REQUIRE_MESSAGE(accepted.has_value(), (accepted ? "" : accepted.error().text()));
    out->directory = std::make_shared<const directory::Directory>(std::move(*accepted));
    return out;
}

// The path and the query of a target; what our own nodes ask needs no decoding.
void split_target(http::Request& request) {
    const auto mark = request.target.find('?');
    request.path = request.target.substr(0, mark);
    if (mark == std::string::npos) return;
    const std::string query = request.target.substr(mark + 1);
    const auto equals = query.find('=');
    request.query[query.substr(0, equals)] =
        equals == std::string::npos ? "" : query.substr(equals + 1);
}

} // namespace

const Cast& practice_cast() {
    static const std::unique_ptr<const Cast> cast = make_cast();
    return *cast;
}

Instant StationClock::now() const {
    return federation_.time + wrong;
}

std::optional<node::PeerAnswer> StationPeers::call(
    const ParticipantId& peer, const node::PeerCall& call, Said& problem) {
    return federation_.carry(self_, peer.str(), call, problem);
}

Station::Station(Federation& federation, std::string own_id)
    : id(std::move(own_id)), store(disk), clock(federation), peers(federation, id) {
    const auto& own = const_cast<DirectoryWorld&>(practice_cast().world).organisation(id);
    disk.write([&](node::StoreWriter& writer) {
        writer.put_directory(1, practice_cast().directory_text);
        for (const auto& [name, person] : own.people)
            writer.put_roll({person.hash, person.entry.person, person.text, false});
    });
}

void Station::start() {
    const auto& cast = practice_cast();
    const auto& own = const_cast<DirectoryWorld&>(cast.world).organisation(id);
    store.dead = false;
    store.fuse = 0;
    run = {};
    node::Keys keys;
    keys.seal = own.seal.key;
    keys.seal_certificate = own.seal.certificate;
    keys.sealing = {own.sealing.key, own.sealing.certificate};
    for (const auto& [office, certified] : own.office_sealing)
        keys.offices[OfficeId(office)] = {certified.key, certified.certificate};
    keys.record = cast.records.at(id);
    node::Settings settings;
    settings.participant = ParticipantId(id);
    settings.federation = cast.world.draft.federation;
    if (const auto witness = cast.witnesses.find(id); witness != cast.witnesses.end()) {
        keys.witness = witness->second;
        settings.witness_name = id + ".example/witness";
    }
    run.node = std::make_unique<node::Node>(
        settings, std::move(keys), cast.law,
        node::Ports{
            store, files, peers, clock,
            [this](
                std::string_view event,
                const std::vector<std::pair<std::string, std::string>>& fields) {
                log += event;
                for (const auto& [name, value] : fields)
                    log += " " + name + "=" + value;
                log += "\n";
            }});
    run.node->use_directory(cast.directory);
    run.record = std::make_unique<node::Sequencer>(*run.node);
    run.staging = std::make_unique<node::Staging>(*run.node);
    run.openings = std::make_unique<node::Openings>(*run.node);
    run.services = std::make_unique<http::Services>(http::Services{
        *run.node, *run.record, *run.staging, *run.openings, [] {},
        [] { return std::optional<std::string>(); },
        [] {
            return std::string();
        }});
    run.routes = http::public_routes(*run.services);
}

void Station::work() {
    node::clock_due(node());
    node::carry_filings(node());
    node::deliver_outbox(node());
    node::push_evidence(node());
    node::destroy_evidence(node());
}

void Station::beat() {
    if (!run.recording) {
        const auto started = run.record->start();
        REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().text()));
        run.recording = true;
    }
    const auto beaten = run.record->beat();
    REQUIRE_MESSAGE(beaten.has_value(), (beaten ? "" : beaten.error().text()));
}

http::Response Station::answer(const std::string& caller, const node::PeerCall& call) {
    http::Request request;
    request.method = call.method;
    request.target = call.target;
    split_target(request);
    for (const auto& [name, value] : call.headers)
        request.headers.add(name, value);
    request.body = call.body;
    request.peer = caller;
    const auto match = run.routes.find(request.method, request.path, false);
    if (!match.route) return http::problem(404, "no such route");
    if (request.body.size() > match.route->body_bytes_max) return http::problem(413, "too large");
    request.params = match.params;
    try {
        return match.route->handler(request);
    } catch (const Fault& fault) {
        log += std::string("fault ") + fault.what() + "\n";
        return http::incident_problem(500, "1");
    }
}

std::optional<casefile::Case> Station::find(const CaseId& case_id) {
    std::optional<casefile::Case> out;
    disk.read([&](node::StoreReader& reader) { out = node::find_case(node(), reader, case_id); });
    return out;
}

std::vector<node::ActRow> Station::acts(const CaseId& case_id) {
    std::vector<node::ActRow> out;
    disk.read(
        [&](node::StoreReader& reader) { out = reader.acts(case_id, 0, limits::acts_per_case); });
    return out;
}

Federation::Federation(std::uint64_t seed) : time(moment("2026-03-02T09:00:00Z")), dice(seed) {
    const auto& cast = practice_cast(); // before the bytes follow this seed
    seed_randomness(seed);
    for (const auto& participant : cast.world.draft.participants) {
        const auto& id = participant.id.str();
        auto& station = *stations.emplace(id, std::make_unique<Station>(*this, id)).first->second;
        station.clock.wrong = std::chrono::milliseconds{dice.between(-20'000, 20'000)};
        station.start();
    }
}

bool Federation::restart_dead() {
    bool any = false;
    for (auto& [id, station] : stations) {
        if (!station->store.dead) continue;
        station->start();
        any = true;
    }
    return any;
}

std::optional<node::PeerAnswer> Federation::hear(const Late& call) {
    auto& other = at(call.to);
    if (other.store.dead) return std::nullopt;
    try {
        auto response = other.answer(call.from, call.call);
        std::map<std::string, std::string> headers;
        return node::PeerAnswer{
            response.status, response.content_type, std::move(response.body), headers};
    } catch (const Crash&) {
        ++crashes;
        return std::nullopt; // whoever runs the stations starts it again
    }
}

std::optional<node::PeerAnswer> Federation::carry(
    const std::string& from, const std::string& to, const node::PeerCall& call, Said& problem) {
    ++calls;
    if (weather.delay_most > 0)
        pass(std::chrono::milliseconds{dice.between(1, weather.delay_most * 1000)});
    if (cut.contains({from, to}) || dice.chance(weather.lose_request) || !stations.contains(to)) {
        ++lost;
        problem = Said::value("no connection");
        return std::nullopt;
    }
    if (listener) listener(call.body, from, to);
    const Late copy{from, to, call};
    if (dice.chance(weather.late)) late_.push_back(copy);
    auto answer = hear(copy);
    if (dice.chance(weather.repeat)) {
        ++repeats;
        answer = hear(copy);
    }
    if (answer && listener) listener(answer->body, to, from);
    if (!answer || dice.chance(weather.lose_answer)) {
        ++lost;
        problem = Said::value("no answer");
        return std::nullopt;
    }
    return answer;
}

void Federation::arrive_late() {
    if (late_.empty()) return;
    const auto place = static_cast<std::ptrdiff_t>(dice.below(late_.size()));
    const Late call = late_[static_cast<std::size_t>(place)];
    late_.erase(late_.begin() + place);
    ++repeats;
    (void)hear(call);
    restart_dead();
}

} // namespace comity::test
