// The random part of a run, and bringing it to its end.
#include "support/federation_player.hpp"

#include "node/deliver_outbox.hpp"
#include "node/lock_evidence.hpp"
#include "node/perform_act.hpp"
#include "node/sightings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Acts that end a case early would end nearly all of them; others may be repeated at any time.
int weight_of(std::string_view act) {
    static const std::map<std::string_view, int> rare = {
        {"decline", 1},
        {"refuse", 1},
        {"withdraw", 1},
        {"unable", 1},
        {"quash", 2},
        {"oppose", 1},
        {"oppose-third", 1},
        {"suspend", 1},
        {"inspect", 1},
        {"review", 2},
        {"uphold-objection", 4},
        {"uphold-challenge", 5},
        {"delete", 1},
        {"defer-notice", 5},
        {"retain", 2},
        {"object", 2},
        {"consult", 3},
        {"ask", 4},
        {"freeze", 6},
        {"open", 6},
        {"resume", 6},
        {"notify", 4},
        {"purge", 6}};
    const auto at = rare.find(act);
    return at == rare.end() ? 12 : at->second;
}

// As far as a station's clock is behind at most (federation_station.cpp).
constexpr seconds slowest_clock{30};

// Whether evidence of this case is on its way here: not while it is locked (suspended, to be
// answered first), and not once nobody may ever open it.
bool moves(Station& station, node::StoreReader& reader, const CaseId& id) {
    const auto state = node::find_case(station.node(), reader, id);
    return state && node::check_unlocked(station.node(), *state);
}

// Whether it is still owed to somebody, now or when the lock ends.
bool still_owed(Station& station, node::StoreReader& reader, const CaseId& id) {
    const auto state = node::find_case(station.node(), reader, id);
    return state && !node::locked_for_good(*node::graph_of(station.node(), *state), state->marking);
}

} // namespace

Player::Player(std::uint64_t seed) : federation(seed), forms(federation.dice), seed_(seed) {
    federation.listener = [this](std::string_view bytes, const auto& from, const auto& to) {
        if (bytes.find(Forms::mark) != std::string_view::npos)
            fault(fmt::format("content travelled in the open from {} to {}", from, to));
    };
}

void Player::note(const std::string& line) {
    lines.push_back(fmt::format("{}  {}", to_text(federation.time), line));
}

void Player::fault(const std::string& what) {
    faults.push_back(what);
    note("FAULT: " + what);
}

std::string Player::story() const {
    std::string out;
    for (const auto& line : lines)
        out += line + "\n";
    for (const auto& what : faults)
        out += "fault: " + what + "\n";
    return out;
}

// The first case of a run goes through procedures, categories and wishes in turn, so that of every
// few dozen seeds each combination comes; all else is diced.
void Player::open_case() {
    Plot plot;
    static const std::vector<std::string> procedures = {"mla", "emergency", "extraordinary"};
    static const std::vector<std::string> categories = {
        "subscriber", "access", "traffic", "content"};
    const bool first = plots.empty();
    const auto turn = first ? seed_ : dice().next();
    plot.procedure = procedures[turn % 3];
    plot.category = categories[turn / 3 % 4];
    plot.wish = static_cast<Wish>(turn / 12 % wishes);
    if (!first && dice().chance(500)) plot.wish = Wish::none;
    plot.third = plot.procedure == "extraordinary" && dice().chance(500);
    plot.cut = dice().chance(200);
    // Now and then two cases ask for the same, and the later one has to wait.
    if (!first && dice().chance(900)) plot.account = "second.invoices@nimbus-mail.example";
    plot.retention_end = federation.time + hours{24 * dice().between(20, 150)};
    begin(plot);
    // The first act may itself be lost in a crash; then the case never was.
    if (plots.back().id.empty()) plots.pop_back();
}

bool Player::produced(const Plot& plot) {
    const auto state = federation.at(arcadia).find(plot.id);
    return state && state->latest.contains("produce");
}

// Whether the people of this case want this act.
bool Player::suits(const Plot& plot, const std::string& act) {
    static const std::set<std::string> stops = {"refuse", "oppose", "oppose-third"};
    static const std::set<std::string> decides = {"clear", "clear-third"};
    static const std::set<std::string> ends = {"decline", "withdraw", "unable",
                                               "quash",   "correct",  "uphold-objection"};
    const bool urgent = plot.procedure == "emergency";
    switch (plot.wish) {
    case Wish::none: return true;
    case Wish::stop_before: return !ends.contains(act) && !(act == "produce");
    case Wish::stop_after: return !ends.contains(act) && (!stops.contains(act) || produced(plot));
    case Wish::silence:
        return !ends.contains(act) && !stops.contains(act) && !decides.contains(act) &&
               act != "opine" && !(urgent && act == "authorise");
    case Wish::uphold:
        return !ends.contains(act) && !stops.contains(act) && act != "dismiss-challenge";
    case Wish::dismiss:
        return !ends.contains(act) && !stops.contains(act) && act != "uphold-challenge";
    case Wish::oversight: return act == "quash" || (!ends.contains(act) && !stops.contains(act));
    case Wish::use: return !ends.contains(act) && !stops.contains(act);
    }
    return true;
}

int Player::weight(const Plot& plot, const std::string& act) {
    static const std::set<std::string> stops = {"refuse", "oppose", "oppose-third"};
    const bool stop = plot.wish == Wish::stop_before || plot.wish == Wish::stop_after;
    if (stop && stops.contains(act)) return 12;
    if (plot.wish == Wish::oversight && (act == "suspend" || act == "quash")) return 6;
    return weight_of(act);
}

Plot& Player::begin(const Plot& plot) {
    plots.reserve(4); // places stay where they are
    plots.push_back(plot);
    perform(plots.back(), federation.at(arcadia), "request");
    return plots.back();
}

void Player::play() {
    const int cases = static_cast<int>(dice().between(1, 2));
    federation.weather = {40, 40, 40, 40, 20};
    if (dice().chance(300)) federation.weather = {};
    open_case();
    const auto steps = dice().between(30, 90);
    for (std::int64_t i = 0; i < steps && faults.empty(); ++i) {
        if (plots.size() < static_cast<std::size_t>(cases) && dice().chance(100)) open_case();
        step();
    }
    if (faults.empty()) settle();
    for (const auto& plot : plots)
        if (faults.empty()) check_case(plot);
    for (auto& [id, station] : federation.stations)
        if (faults.empty()) check_effects(*station);
    if (faults.empty()) check_records();
    if (faults.empty()) check_secrecy();
    if (faults.empty()) check_sightings();
}

void Player::step() {
    const auto roll = dice().below(100);
    if (roll < 50)
        act_somewhere();
    else if (roll < 80)
        move();
    else if (roll < 90)
        let_time_pass();
    else if (roll < 97)
        trouble();
    else
        probe();
}

std::vector<std::string> Player::possible(Plot& plot, Station& station) {
    std::vector<std::string> out;
    const auto state = station.find(plot.id);
    if (!state) return out;
    const auto graph = node::graph_of(station.node(), *state);
    const auto side = casefile::side_of(*state, ParticipantId(station.id));
    const auto* own = practice_cast().directory->find(ParticipantId(station.id));
    const bool overseer = own->kind == directory::Kind::oversight;
    for (const auto& name :
         graph->names(procedure::enabled(*graph, state->marking, station.now()))) {
        const auto acts = procedure::to_text(graph->act(*graph->find(name)).side);
        if ((acts == side || (overseer && acts == "oversight")) && suits(plot, name))
            out.push_back(name);
    }
    return out;
}

void Player::act_somewhere() {
    if (plots.empty()) return open_case();
    auto& plot = dice().pick(plots);
    if (dice().chance(60) && challenge(plot)) return;
    std::vector<Station*> all;
    for (auto& [id, station] : federation.stations)
        all.push_back(station.get());
    for (int attempt = 0; attempt < 8; ++attempt) {
        auto& station = *dice().pick(all);
        const bool overseer = station.id == arcadia_overseer || station.id == borealia_overseer;
        if (overseer && dice().chance(700)) continue;
        const auto acts = possible(plot, station);
        int total = 0;
        for (const auto& act : acts)
            total += weight(plot, act);
        if (total == 0) continue;
        auto roll = dice().between(0, total - 1);
        for (const auto& act : acts) {
            roll -= weight(plot, act);
            if (roll >= 0) continue;
            perform(plot, station, act);
            return;
        }
    }
}

void Player::move() {
    std::vector<Station*> all;
    for (auto& [id, station] : federation.stations)
        all.push_back(station.get());
    for (std::size_t i = all.size(); i-- > 1;)
        std::swap(all[i], all[dice().below(i + 1)]);
    for (auto* station : all) {
        federation.on(*station, [](Station& one) { one.work(); });
        if (dice().chance(300)) federation.on(*station, [](Station& one) { one.beat(); });
    }
    federation.pass(seconds{dice().between(1, 90)});
}

bool Player::quiet() {
    for (int round = 0; round < 30; ++round) {
        for (auto& [id, station] : federation.stations)
            federation.on(*station, [](Station& one) { one.work(); });
        bool waits = false;
        for (auto& [id, station] : federation.stations)
            station->disk.read([&](node::StoreReader& reader) {
                for (const auto& row : reader.outbox(1000))
                    waits = waits || !row.failed;
                waits = waits || std::any_of(plots.begin(), plots.end(), [&](const Plot& plot) {
                            const auto rows = moves(*station, reader, plot.id)
                                                  ? reader.evidence(plot.id)
                                                  : std::vector<node::EvidenceRow>();
                            const auto filed = reader.submissions(plot.id);
                            return std::any_of(
                                       rows.begin(), rows.end(),
                                       [](const auto& row) {
                                           return row.state == node::EvidenceRow::State::expected;
                                       }) ||
                                   std::any_of(filed.begin(), filed.end(), [](const auto& row) {
                                       return row.kind == "filing" &&
                                              row.state == node::SubmissionRow::State::waiting;
                                   });
                        });
            });
        if (!waits) return true;
        federation.pass(seconds{80}); // the longest wait between two tries
    }
    return false;
}

// What has not arrived yet, in words.
std::string Player::waiting() {
    std::string out;
    for (auto& [id, station] : federation.stations)
        station->disk.read([&](node::StoreReader& reader) {
            for (const auto& row : reader.outbox(1000))
                if (row.failed || !row.problem.empty() || out.empty())
                    out += fmt::format(
                        "{} to {}: {}; ", id, row.destination.str(), row.problem.text());
        });
    return out + owed_evidence();
}

// Evidence that somebody may still open and does not have, in words.
std::string Player::owed_evidence() {
    std::string out;
    for (auto& [id, station] : federation.stations)
        station->disk.read([&](node::StoreReader& reader) {
            for (const auto& plot : plots)
                for (const auto& row : reader.evidence(plot.id))
                    if (row.state == node::EvidenceRow::State::expected &&
                        still_owed(*station, reader, plot.id))
                        out += fmt::format(
                            "evidence from {} to {} at {}; ", row.from.str(), row.to.str(), id);
        });
    return out;
}

std::optional<Instant> Player::next_event() {
    std::optional<Instant> out;
    // A deadline is over when the slowest clock has seen it.
    const Instant seen = federation.time - slowest_clock;
    const auto consider = [&](Instant at) {
        if (at > seen && (!out || at < *out)) out = at;
    };
    for (const auto& one : plots) {
        for (auto& [id, station] : federation.stations) {
            const auto state = station->find(one.id);
            if (!state) continue;
            const auto graph = node::graph_of(station->node(), *state);
            for (const auto& owed : procedure::owed(*graph, state->marking))
                consider(owed.due);
            if (const auto clock = procedure::next_clock(*graph, state->marking))
                consider(clock->at);
        }
    }
    return out;
}

// To the next deadline of a case, a little before, at it or after it; nobody is cut off meanwhile,
// so that what nodes owe by themselves at the deadline cannot be excused.
bool Player::jump() {
    federation.cut.clear();
    const auto calm = federation.weather;
    federation.weather = {};
    quiet();
    const auto at = next_event();
    if (at && *at < last_day() + hours{24 * 15}) {
        static const std::vector<int> around = {-30, -1, 0, 1, 30};
        federation.time =
            std::max(federation.time, *at + seconds{dice().pick(around)}) + seconds{1};
        note("time passes");
        quiet();
        // Clocks that run slow see the deadline later.
        federation.pass(2 * slowest_clock);
        quiet();
    }
    federation.weather = calm;
    return at.has_value();
}

void Player::let_time_pass() {
    if (dice().chance(450)) {
        federation.pass(minutes{dice().between(1, 50)});
        return;
    }
    jump();
}

void Player::trouble() {
    std::vector<Station*> all;
    for (auto& [id, station] : federation.stations)
        all.push_back(station.get());
    auto& station = *dice().pick(all);
    const auto roll = dice().below(10);
    if (roll < 3) {
        note(station.id + " is restarted");
        station.start();
    } else if (roll < 6) {
        station.store.fuse = static_cast<int>(dice().between(1, 6));
        station.store.after_write = dice().chance(500);
        note(fmt::format("{} will lose power in a write", station.id));
    } else if (roll < 8) {
        const auto& other = *dice().pick(all);
        federation.cut.emplace(station.id, other.id);
        federation.cut.emplace(other.id, station.id);
        note(fmt::format("{} and {} are cut off from one another", station.id, other.id));
    } else if (roll < 9) {
        federation.cut.clear();
    } else {
        federation.arrive_late();
    }
}

void Player::probe() {
    if (plots.empty()) return;
    const auto& plot = dice().pick(plots);
    for (auto& [id, station] : federation.stations)
        if (station->find(plot.id))
            federation.on(*station, [&](Station& one) { check_evidence(plot, one); });
    look_at_provider(plot);
}

// Somebody of the provider's opens the case; what cannot be written is not shown, and no fault.
void Player::look_at_provider(const Plot& plot) {
    federation.on(federation.at(vault), [&](Station& one) {
        const auto told = node::note_sightings(
            one.node(), {plot.id},
            {PersonId(std::string(insider)), OfficeId("vault-legal"), {"response-officer"}});
        if (!told) fault("a sighting is refused: " + told.error().text());
    });
}

// ---- to the end

void Player::settle() {
    note("the network is mended; every case goes to its end");
    federation.weather = {};
    federation.cut.clear();
    for (auto& [id, station] : federation.stations)
        station->store.fuse = 0;
    for (int round = 0; round < 120 && faults.empty(); ++round)
        if (!settle_once(round)) break;
    for (int i = 0; i < 5; ++i)
        federation.arrive_late();
    if (!quiet() || !owed_evidence().empty()) fault("deliveries never end: " + waiting());
}

// One round; false when every case is at rest.
bool Player::settle_once(int round) {
    if (!quiet()) {
        fault("deliveries never end: " + waiting());
        return false;
    }
    bool rest = true;
    for (auto& plot : plots) {
        auto& first = federation.at(arcadia);
        const auto state = first.find(plot.id);
        if (!state) continue;
        if (procedure::at_rest(state->marking)) continue;
        rest = false;
        const bool contests =
            !plot.challenged && (plot.wish == Wish::uphold || plot.wish == Wish::dismiss);
        if (dice().chance(contests ? 900 : 120) && challenge(plot)) continue;
        if (stop_it(plot) || use_it(plot)) continue;
        if (perform_owed(plot)) continue;
        if (dice().chance(300) && escape(plot)) continue;
        if (!jump() && !escape(plot)) {
            fault("case " + plot.id.str() + " cannot come to an end");
            return false;
        }
    }
    if (!rest && round == 119) fault("no end after 120 rounds");
    return !rest;
}

Station* Player::station_for(const Plot& plot, const procedure::Act& act) {
    const auto state = federation.at(arcadia).find(plot.id);
    const auto side = procedure::to_text(act.side);
    for (auto& [id, station] : federation.stations) {
        if (side == "oversight" && (id == arcadia_overseer || id == borealia_overseer))
            if (station->find(plot.id)) return station.get();
        if (state && casefile::side_of(*state, ParticipantId(id)) == side) return station.get();
    }
    return nullptr;
}

// Somebody does what is owed; what is far away waits for its day, sometimes.
bool Player::perform_owed(Plot& plot) {
    const auto state = federation.at(arcadia).find(plot.id);
    const auto graph = node::graph_of(federation.at(arcadia).node(), *state);
    for (const auto& owed : procedure::owed(*graph, state->marking)) {
        const auto& act = graph->act(owed.act);
        const bool far = owed.due > federation.time + hours{24};
        if (far && dice().chance(700)) continue;
        // The node does these by itself: mostly it is left to.
        if (act.at_deadline && dice().chance(700)) continue;
        auto* station = station_for(plot, act);
        if (!station) continue;
        if (!procedure::can(*graph, state->marking, owed.act, station->now())) continue;
        // A court that owes a ruling may also find for the person.
        const bool upholds =
            owed.name == "dismiss-challenge" &&
            (plot.wish == Wish::uphold || (plot.wish != Wish::dismiss && dice().chance(500)));
        if (!upholds && !suits(plot, owed.name)) continue;
        if (perform(plot, *station, upholds ? "uphold-challenge" : owed.name)) return true;
    }
    return false;
}

// Whoever wanted to stop the case and has not yet.
bool Player::stop_it(Plot& plot) {
    const bool late = plot.wish == Wish::stop_after && produced(plot);
    if (!late && plot.wish != Wish::stop_before) return false;
    std::vector<std::string> acts = {"refuse", "oppose", "oppose-third"};
    std::swap(acts[1], acts[1 + dice().below(2)]);
    return perform_one(plot, acts);
}

// Who wanted the evidence works with it; whoever finds that the case was an error says so.
bool Player::use_it(Plot& plot) {
    if (plot.wish != Wish::use || plot.used == 3 || !produced(plot) || dice().chance(300))
        return false;
    std::vector<std::string> acts = {"open", "retain"};
    std::swap(acts[0], acts[dice().below(2)]);
    if (dice().chance(200)) acts.insert(acts.begin(), "correct");
    if (!perform_one(plot, acts)) return false;
    ++plot.used;
    return true;
}

// The first of these acts that somebody can perform now.
bool Player::perform_one(Plot& plot, const std::vector<std::string>& acts) {
    const auto state = federation.at(arcadia).find(plot.id);
    const auto graph = node::graph_of(federation.at(arcadia).node(), *state);
    for (const auto& act : acts) {
        const auto index = graph->find(act);
        auto* station = index ? station_for(plot, graph->act(*index)) : nullptr;
        if (station && procedure::can(*graph, state->marking, *index, station->now()) &&
            perform(plot, *station, act))
            return true;
    }
    return false;
}

// Where what is owed cannot be done any more (an order has expired), somebody ends the matter.
bool Player::escape(Plot& plot) {
    return perform_one(
        plot, {"unable", "refuse", "withdraw", "decline", "oppose", "uphold-objection", "quash"});
}

} // namespace comity::test
