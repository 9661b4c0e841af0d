// What must be true of every run, whatever the dice did.
#include "apps/verify.hpp"
#include "crypto/hash.hpp"
#include "node/export_case.hpp"
#include "node/gate.hpp"
#include "node/open_evidence.hpp"
#include "node/sightings.hpp"
#include "record/leaf.hpp"
#include "record/tree.hpp"
#include "support/federation_player.hpp"
#include "support/memory_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace comity::test {

namespace {

act::Sealed sealed(const node::ActRow& row) {
    auto out = act::parse_sealed(row.seal);
    REQUIRE(out.has_value());
    return std::move(*out);
}

// Everything on the disk, as bytes.
std::string everything(Station& station) {
    const auto state = station.disk.back_up();
    std::string out;
    for (const auto& [id, row] : *state.cases)
        out += row.state + "\n";
    for (const auto& [hash, row] : *state.acts)
        out += row.seal + row.receipt + "\n";
    for (const auto& [key, bytes] : *state.parts)
        if (bytes) out += *bytes + "\n";
    for (const auto& [hash, row] : *state.submissions)
        out += row.seal + row.answer + "\n";
    for (const auto& [hash, row] : *state.drafts)
        out += row.header + "\n";
    for (const auto& [id, row] : *state.outbox)
        out += row.problem.text() + "\n";
    for (const auto& [hash, row] : *state.sightings)
        out += row.person.str() + row.text + "\n";
    for (const auto& leaf : *state.leaves)
        out += *leaf + "\n";
    for (const auto& [name, value] : *state.settings)
        out += value + "\n";
    for (const auto& [name, bytes] : station.files.all())
        out += name + "\n" + bytes + "\n";
    return out + station.log;
}

std::set<std::string> opened_items(Station& station, const CaseId& id) {
    std::set<std::string> out;
    station.disk.read([&](node::StoreReader& reader) {
        for (const auto& row : reader.acts(id, 0, 1000)) {
            if (row.kind != "open") continue;
            const auto fields = node::readable_fields(station.node(), reader, row);
            if (!fields || !fields->contains("items")) continue;
            for (const auto& item : fields->at("items").as_array())
                out.emplace(item.as_string());
        }
    });
    return out;
}

Result<Bytes> read_all(node::Openings& openings, const CaseId& id, const Digest& hash) {
    TRY(const auto opened, openings.open(id, hash));
    Bytes out;
    for (;;) {
        TRY(const auto chunk, openings.next(opened.token));
        if (chunk.empty()) return out;
        out += chunk;
    }
}

} // namespace

History Player::history(const Plot& plot, Station& station) {
    History out;
    out.procedure = plot.procedure;
    out.category = plot.category;
    out.third = plot.third;
    const auto state = station.find(plot.id);
    out.at_rest = state && procedure::at_rest(state->marking);
    for (const auto& row : station.acts(plot.id)) {
        const auto header = sealed(row).header;
        Event event{header.act,          header.side,  header.role, header.performer.str(),
                    header.person.str(), row.admitted, {}};
        event.dates.insert(header.dates.begin(), header.dates.end());
        out.events.push_back(std::move(event));
    }
    return out;
}

void Player::check_case(const Plot& plot) {
    auto& first = federation.at(arcadia);
    const auto state = first.find(plot.id);
    if (!state) return; // the request was never admitted
    auto& keeper = federation.at(state->keeper.str());
    const auto past = history(plot, keeper);
    if (!past.at_rest) fault("a case did not come to rest");
    bool challenged = false;
    bool produced = false;
    for (const auto& event : past.events) {
        // Also which categories ever come to production and who stops it when, or nothing would be
        // said of them.
        static const std::set<std::string> stops = {"refuse", "oppose", "oppose-third"};
        const auto detail = event.act == "produce" ? " of " + (plot.cut ? "less" : plot.category)
                            : stops.contains(event.act)
                                ? std::string(produced ? " after production" : " before production")
                            : event.person.empty() ? std::string(" by itself")
                                                   : std::string();
        ++admitted[plot.procedure + "/" + event.act + detail];
        challenged = challenged || event.act == "challenge";
        produced = produced || event.act == "produce";
    }
    if (plot.challenged && !challenged) fault("a person's challenge came to nothing");
    if (challenged && !plot.filed) fault("a challenge that nobody filed");
    for (const auto& sentence : broken_rights(past))
        fault(sentence);
    check_engine(plot, keeper);
    check_agreement(plot, keeper);
    for (auto& [id, station] : federation.stations)
        if (station->find(plot.id)) check_evidence(plot, *station);
}

// The engine's own word on each prefix of the case, folded anew.
void Player::check_engine(const Plot& plot, Station& keeper) {
    std::optional<casefile::Case> state;
    std::shared_ptr<const procedure::Graph> graph;
    bool suspended = false;
    bool quashed = false;
    std::set<std::string> done;
    for (const auto& row : keeper.acts(plot.id)) {
        const auto act = sealed(row);
        if (!state) {
            graph = keeper.node().law().graph(
                act.header.procedure, casefile::parameters(*act.header.opening));
            state = casefile::open_case(act.header, *graph);
        }
        const auto next = casefile::perform(*state, *graph, act.header, act.hash, row.admitted);
        if (!next) return fault("the case cannot be folded again: " + next.error().text());
        state = *next;
        const auto& name = act.header.act;
        done.insert(name);
        if (name == "suspend") suspended = true;
        if (name == "resume") suspended = false;
        if (name == "quash") quashed = true;
        const auto can = [&](std::string_view what) {
            return procedure::can(*graph, state->marking, what, row.admitted).has_value();
        };
        const auto where = fmt::format(" (after act {}, {})", row.sequence, name);
        if (!can("inspect")) fault("invariant 7: oversight cannot inspect" + where);
        if (!suspended && !quashed && !can("suspend"))
            fault("invariant 7: oversight cannot suspend" + where);
        if (can("produce") && !can("refuse") && !can("oppose"))
            fault("invariant 2: nobody in the receiving country can stop production" + where);
        std::set<std::string> owed;
        for (const auto& item : procedure::owed(*graph, state->marking))
            owed.insert(item.name);
        if (done.contains("produce") && !done.contains("notify") && !owed.contains("notify"))
            fault("invariant 3: notice is not owed" + where);
        if (done.contains("receive") && !done.contains("delete") && !owed.contains("delete"))
            fault("invariant 6: deletion is not owed" + where);
        if (done.contains("notify") && !done.contains("challenge") && !can("challenge"))
            fault("invariant 4: the person cannot challenge" + where);
    }
    if (state != keeper.find(plot.id)) fault("the stored case is not the fold of its acts");
}

// Everybody who takes part has the same acts with the same receipts; nobody else has the case.
void Player::check_agreement(const Plot& plot, Station& keeper) {
    const auto state = *keeper.find(plot.id);
    const auto acts = keeper.acts(plot.id);
    for (std::size_t i = 0; i < acts.size(); ++i)
        if (acts[i].sequence != static_cast<std::int64_t>(i) + 1) fault("a number is missing");
    const auto list = node::participants_of(*practice_cast().directory, state);
    for (auto& [id, station] : federation.stations) {
        const auto own = station->acts(plot.id);
        if (std::find(list.begin(), list.end(), ParticipantId(id)) == list.end()) {
            if (!own.empty()) fault(id + " has a case in which it takes no part");
            continue;
        }
        bool same = own.size() == acts.size();
        for (std::size_t i = 0; same && i < acts.size(); ++i)
            same = own[i].hash == acts[i].hash && own[i].receipt == acts[i].receipt &&
                   own[i].admitted == acts[i].admitted && own[i].seal == acts[i].seal;
        if (!same)
            fault(fmt::format("{} has {} acts, the keeper {}", id, own.size(), acts.size()));
        else if (station->find(plot.id) != state)
            fault(id + " sees the case in another state");
    }
}

// Evidence opens where, when and as far as the acts say, and is what was produced.
void Player::check_evidence(const Plot& plot, Station& station) {
    const auto past = history(plot, station);
    const auto named = opened_items(station, plot.id);
    std::vector<node::EvidenceRow> rows;
    station.disk.read([&](node::StoreReader& reader) { rows = reader.evidence(plot.id); });
    for (const auto& row : rows) {
        if (row.size == 0) continue; // an envelope
        const auto content = read_all(*station.run.openings, plot.id, row.hash);
        const bool may = station.id == arcadia && row.to.str() == arcadia && may_be_open(past) &&
                         named.contains(text(row.hash)) &&
                         row.state == node::EvidenceRow::State::complete;
        if (content.has_value() != may)
            fault(fmt::format(
                "{}: evidence {} although the acts say {}", station.id,
                content ? "opens" : "does not open (" + content.error().text() + ")",
                may ? "it may be opened" : "it may not"));
        if (!content) continue;
        const auto original = plot.produced.find(text(crypto::sha256(*content)));
        if (original == plot.produced.end() || original->second != *content)
            fault("what was opened is not what was produced");
    }
}

// Each act left exactly one leaf, and every submission has its answer.
void Player::check_effects(Station& station) {
    const auto state = station.disk.back_up();
    std::size_t act_leaves = 0;
    for (const auto& entry : *state.leaves)
        if (const auto leaf = record::Leaf::parse(*entry);
            leaf && leaf->kind == record::Leaf::Kind::act)
            ++act_leaves;
    // A look at a provider leaves one like an act's.
    std::size_t looks = 0;
    for (const auto& [hash, row] : *state.sightings)
        looks += row.person.empty() ? 0 : 1;
    if (act_leaves != state.acts->size() + looks)
        fault(fmt::format(
            "{} has {} acts, {} looks and {} leaves of acts", station.id, state.acts->size(), looks,
            act_leaves));
    // In the record too, the acts of a case stand in their order.
    std::map<CaseId, std::map<std::int64_t, std::int64_t>> order;
    for (const auto& [hash, row] : *state.acts)
        order[row.case_id][row.sequence] = row.leaf;
    for (const auto& [id, places] : order) {
        std::int64_t last = -1;
        for (const auto& [sequence, leaf] : places) {
            if (leaf <= last) fault(station.id + " recorded acts in another order");
            last = leaf;
        }
    }
    std::set<std::int64_t> leaves;
    for (const auto& [hash, row] : *state.acts) {
        const auto& entry = *(*state.leaves)[static_cast<std::size_t>(row.leaf)];
        if (!record::verify_act_leaf(entry, row.nonce, sealed(row).header_bytes))
            fault(station.id + " has an act without its leaf");
        if (!leaves.insert(row.leaf).second) fault("two acts have one leaf");
    }
    for (const auto& [hash, row] : *state.submissions) {
        if (row.state == node::SubmissionRow::State::waiting)
            fault(fmt::format("{} waits for an answer to {} for ever", station.id, row.kind));
        if (row.kind.starts_with("filing")) continue; // a person's, and no act
        const bool there = state.acts->contains(hash);
        if (there != (row.state == node::SubmissionRow::State::admitted))
            fault(fmt::format("{} believes something wrong of its {}", station.id, row.kind));
        if (row.state == node::SubmissionRow::State::refused)
            if (const auto answer = json::parse_object(row.answer, 10'000))
                ++refused["keeper: " + std::string(answer->at("code").as_string())];
    }
    for (const auto& [id, row] : *state.outbox)
        fault(fmt::format(
            "{} still has something for {}: {}", station.id, row.destination.str(),
            row.problem.text()));
}

// Each canary is seen by its readers' nodes only, and nothing lies in the open anywhere.
void Player::check_secrecy() {
    std::size_t seen = 0;
    for (auto& [id, station] : federation.stations) {
        if (everything(*station).find(Forms::mark) != std::string::npos)
            fault("content lies in the open at " + id);
        std::string view;
        station->disk.read([&](node::StoreReader& reader) {
            for (const auto& row : reader.cases(100))
                for (const auto& act : reader.acts(row.id, 0, 1000))
                    if (const auto fields = node::readable_fields(station->node(), reader, act))
                        view += json::print(*fields);
        });
        for (const auto& canary : forms.canaries()) {
            const bool sees = view.find(canary.word) != std::string::npos;
            seen += sees ? 1 : 0;
            if (sees && !canary.readers.contains(id))
                fault(fmt::format("{} can read a part of {} that is not for it", id, canary.act));
        }
        for (const auto& word : forms.secrets())
            if (view.find(word) != std::string::npos) fault("evidence stands in a form at " + id);
    }
    if (seen == 0 && !plots.empty()) fault("no canary was ever seen: the search finds nothing");
}

void Player::check_sightings() {
    std::map<CaseId, std::set<Digest>> own;
    const auto at_provider = federation.at(vault).disk.back_up();
    for (const auto& [hash, row] : *at_provider.sightings) {
        own[row.case_id].insert(hash);
        const auto& entry = *(*at_provider.leaves)[static_cast<std::size_t>(row.leaf)];
        if (row.person.str() != insider ||
            !record::verify_act_leaf(entry, row.nonce, node::sighting_text(row)))
            fault("a sighting is not what its leaf commits to");
    }
    for (auto& [id, station] : federation.stations) {
        if (id == vault) continue;
        std::map<CaseId, std::set<Digest>> told;
        const auto state = station->disk.back_up();
        for (const auto& [hash, row] : *state.sightings)
            told[row.case_id].insert(hash);
        for (const auto& [case_id, hashes] : told)
            if (!std::includes(
                    own[case_id].begin(), own[case_id].end(), hashes.begin(), hashes.end()))
                fault(id + " was told of what nobody saw");
        // Who asks takes part from the beginning and is told of everything, once.
        if (id == arcadia && told != own) fault("who asks was not told of every sighting");
        if (id == cascadia && !told.empty()) fault("who is not concerned was told of a sighting");
        if (everything(*station).find(insider) != std::string::npos)
            fault("who looked at the provider is known at " + id);
    }
}

// What the person concerned is given with the notice is genuine, and holds what is for that person
// and nothing else.
void Player::check_notice(const Plot& plot, Station& station) {
    if (station.id != arcadia || !station.find(plot.id)->latest.contains("notify")) return;
    const auto bundle = node::export_notice(station.node(), *station.run.record, plot.id);
    if (!bundle) return fault("the notice cannot be exported: " + bundle.error().text());
    for (const auto& failure : apps::verify_bundle(*bundle, {}).failures)
        fault("the export of a notice: " + failure);
    if (bundle->find(Forms::mark) != Bytes::npos)
        fault("content lies in the open in the export of a notice");
    const auto read =
        json::parse_object(BytesView(*bundle).substr(0, bundle->find('\n')), bundle->size());
    REQUIRE(read.has_value());
    Bytes opened;
    for (const auto& act : read->at("acts").as_array())
        for (const auto& part : act.at("parts").as_array())
            if (const auto* text = part.as_object().if_contains("opened"))
                opened += from_base64url(std::string_view(text->as_string())).value();
    if (opened.empty()) fault("the export of a notice shows nothing");
    // The notice itself repeats what the request says of the conduct and the remedy.
    for (const auto& canary : forms.canaries())
        if (canary.act != "request" && !canary.for_subject &&
            opened.find(canary.word) != Bytes::npos)
            fault("the export of a notice shows a part of " + canary.act);
}

// Every record is whole, published and cosigned; every export of a case is genuine.
void Player::check_records() {
    for (int i = 0; i < 2; ++i)
        for (auto& [id, station] : federation.stations)
            federation.on(*station, [](Station& one) { one.beat(); });
    const auto policy = node::witness_policy(*practice_cast().directory);
    REQUIRE(policy.has_value());
    for (auto& [id, station] : federation.stations) {
        const auto state = station->disk.back_up();
        std::vector<Digest> hashes;
        for (const auto& leaf : *state.leaves)
            hashes.push_back(crypto::merkle_leaf(*leaf));
        const auto opened = policy->open(station->run.record->checkpoint());
        if (!opened) {
            if (!hashes.empty())
                fault(fmt::format("the record of {}: {}", id, opened.error().text()));
            continue;
        }
        if (opened->checkpoint.size != hashes.size() ||
            opened->checkpoint.root != record::root_of(hashes))
            fault("the record of " + id + " is not that of its leaves");
        for (const auto& plot : plots) {
            if (!station->find(plot.id)) continue;
            const auto bundle = node::export_case(station->node(), *station->run.record, plot.id);
            if (!bundle) {
                fault(fmt::format("{} cannot export: {}", id, bundle.error().text()));
                continue;
            }
            for (const auto& failure : apps::verify_bundle(*bundle, {}).failures)
                fault(fmt::format("the export of {}: {}", id, failure));
            check_notice(plot, *station);
        }
    }
}

} // namespace comity::test
