// Performing one act as a person at a station does: the form, the evidence that goes with it, the
// passkey; and again when the power was cut in the middle.
#include "act/code.hpp"
#include "evidence/manifest.hpp"
#include "node/carry_challenge.hpp"
#include "node/perform_act.hpp"
#include "node/produce_evidence.hpp"
#include "support/federation_player.hpp"

#include <fmt/format.h>

namespace comity::test {

namespace {

std::string outcome(const Result<node::Performed>& result) {
    if (!result) return std::string(result.error().name());
    return result->admitted ? "admitted" : "sent";
}

} // namespace

Result<void> Player::produce(const Scene& scene, json::Object& fields) {
    auto& staging = *scene.station.run.staging;
    auto order = read_latest(scene.station, scene.plot.id, "order");
    const json::Array* grid = nullptr;
    if (order) grid = &order->at("grid").as_array();
    if (!order) {
        order = read_latest(scene.station, scene.plot.id, "authorise");
        if (order && order->contains("provider_order"))
            grid = &order->at("provider_order").as_object().at("grid").as_array();
    }
    if (!grid) return refuse(Code::evidence_unknown, "no order is readable here");
    json::Array manifest;
    const auto items = dice().between(1, 2);
    for (std::int64_t i = 0; i < items; ++i) {
        const Bytes content = forms.secret_content();
        const auto cell = static_cast<std::int64_t>(dice().below(grid->size()));
        TRY(const auto token,
            staging.begin(scene.plot.id, fmt::format("item-{}.csv", i), "text/csv", cell));
        TRY_VOID(staging.append(token, 0, content).map([](auto&&) {}));
        TRY(const auto item, staging.finish(token));
        const_cast<Plot&>(scene.plot).produced[text(item.plain)] = content;
        manifest.emplace_back(evidence::print_items({item}).front());
    }
    fields["manifest"] = std::move(manifest);
    return {};
}

Result<void> Player::release(const Scene& scene, json::Object& fields) {
    auto& node = scene.station.node();
    TRY(const auto items, node::case_items(node, scene.plot.id, "produce"));
    json::Array passed;
    json::Array held;
    for (const auto& item : items) {
        if (dice().chance(200)) {
            held.emplace_back(json::Object{
                {"name", item.name},
                {"plain_sha256", text(item.plain)},
                {"ground", "outside_grid"},
                {"reasons", "Its entries lie outside the period."}});
            continue;
        }
        TRY(const auto resealed, node::reseal_item(node, scene.plot.id, item));
        passed.emplace_back(evidence::print_items({resealed}).front());
    }
    fields["passed"] = std::move(passed);
    fields["held_back"] = std::move(held);
    return {};
}

Result<void> Player::receive(const Scene& scene, json::Object& fields) {
    const auto graph = node::graph_of(scene.station.node(), *scene.state);
    const auto* source = graph->find("release") ? "release" : "produce";
    TRY(const auto items, node::case_items(scene.station.node(), scene.plot.id, source));
    fields["manifest_hash"] = text(evidence::manifest_hash(items));
    fields["items"] = static_cast<std::int64_t>(items.size());
    return {};
}

Result<void> Player::open(const Scene& scene, json::Object& fields) {
    const auto graph = node::graph_of(scene.station.node(), *scene.state);
    const auto* source = graph->find("release") ? "release" : "produce";
    TRY(const auto items, node::case_items(scene.station.node(), scene.plot.id, source));
    json::Array hashes;
    for (const auto& item : items)
        if (hashes.empty() || dice().chance(700)) hashes.emplace_back(text(item.sealed));
    if (hashes.empty()) return refuse(Code::evidence_unknown, "nothing was passed on");
    fields["items"] = std::move(hashes);
    return {};
}

Result<json::Object> Player::fields_for(const Scene& scene) {
    if (scene.act.form.empty()) return json::Object{};
    TRY(auto fields, forms.fill(scene));
    const auto& name = scene.act.name;
    if (name == "produce") TRY_VOID(produce(scene, fields));
    if (name == "release") TRY_VOID(release(scene, fields));
    if (name == "receive") TRY_VOID(receive(scene, fields));
    if (name == "open") TRY_VOID(open(scene, fields));
    if (name == "delete" || name == "purge") {
        std::int64_t items = 0;
        scene.station.disk.read([&](node::StoreReader& reader) {
            for (const auto& row : reader.evidence(scene.plot.id))
                if (row.size > 0) ++items;
        });
        fields["items"] = items;
    }
    forms.plant(scene, fields);
    return fields;
}

bool Player::perform(Plot& plot, Station& station, const std::string& name) {
    const auto state = plot.id.empty() ? std::nullopt : station.find(plot.id);
    if (!plot.id.empty() && !state) return false;
    const auto graph =
        state ? node::graph_of(station.node(), *state)
              : station.node().law().graph(plot.procedure, casefile::parameters(plot.opening()));
    const auto& act = graph->act(*graph->find(name));
    Scene scene{station, plot, act, state ? &*state : nullptr, std::nullopt};
    if (name == "consult") scene.joining = ParticipantId(cascadia);
    std::string done = "power was cut";
    node::Intent intent;
    federation.on(station, [&](Station& here) {
        auto fields = fields_for(scene);
        if (!fields) {
            done = fields.error().name();
            return;
        }
        const auto who = (dice().chance(500) ? "" : "second-") + act.role;
        const auto& person =
            const_cast<DirectoryWorld&>(practice_cast().world).person(here.id, who);
        intent.act = name;
        intent.office = person.entry.office;
        intent.role = act.role;
        intent.person = person.entry.person;
        intent.fields = std::move(*fields);
        intent.joining = scene.joining;
        if (plot.id.empty()) {
            intent.procedure = plot.procedure;
            intent.opening = plot.opening();
        } else {
            intent.case_id = plot.id;
        }
        done.clear();
    });
    if (done.empty()) done = through(plot, station, intent);
    note(fmt::format("{} {}: {}", station.id, name, done));
    if (done == "admitted" || done == "sent") return true;
    ++refused[done];
    return false;
}

// The person goes to any authority's node with the code from the notice; now and then with a code
// that somebody made up, which has no effect and gets the same answer.
bool Player::challenge(Plot& plot) {
    auto& giver = federation.at(arcadia);
    const auto state = giver.find(plot.id);
    if (!state || !state->latest.contains("notify")) return false;
    const auto notice = read_latest(giver, plot.id, "notify");
    if (!notice) return false;
    std::string code(notice->at("code").as_string());
    const bool made_up = dice().chance(200);
    if (made_up) code = act::make_code(act::code_country(code));
    static const std::vector<std::string> doors = {arcadia, borealia, cascadia};
    auto& door = federation.at(dice().pick(doors));
    const auto graph = node::graph_of(giver.node(), *state);
    const Scene scene{giver, plot, graph->act(*graph->find("challenge")), &*state, std::nullopt};
    std::string done = "power was cut";
    federation.on(door, [&](Station& here) {
        auto fields = forms.fill(scene);
        REQUIRE(fields.has_value());
        (*fields)["code"] = code;
        forms.plant(scene, *fields);
        const auto filed = node::file_challenge(here.node(), *fields);
        done = filed ? (filed->carried ? "carried" : "waits") : std::string(filed.error().name());
    });
    note(
        fmt::format("{} a challenge is filed{}: {}", door.id, made_up ? " by guessing" : "", done));
    const bool taken = done == "carried" || done == "waits";
    plot.filed = plot.filed || !made_up;
    plot.challenged = plot.challenged || (taken && !made_up);
    return taken;
}

std::string Player::through(Plot& plot, Station& station, const node::Intent& intent) {
    std::optional<node::Prepared> prepared;
    std::string done = "power was cut";
    federation.on(station, [&](Station& here) {
        auto result = node::prepare_act(here.node(), intent);
        if (result) {
            prepared = std::move(*result);
        } else {
            done = result.error().name();
            note("  " + result.error().text());
        }
    });
    if (!prepared) return done;
    if (dice().chance(50)) station.start(); // a draft survives
    const auto& person =
        const_cast<DirectoryWorld&>(practice_cast().world).person(station.id, intent.person.str());
    const auto assertion = person.authenticator.sign(view(prepared->challenge));
    // Whoever saw the power go tries again, with the same approval.
    for (int attempt = 0; attempt < 3 && done == "power was cut"; ++attempt)
        federation.on(station, [&](Station& here) {
            done = outcome(node::perform_act(here.node(), prepared->hash, assertion));
        });
    if ((done == "admitted" || done == "sent") && plot.id.empty()) {
        plot.id = prepared->case_id;
        plot.request_hash = text(prepared->hash);
    }
    if (done == "admitted" && dice().chance(50)) {
        // Asked again although it was heard: performed once.
        federation.on(station, [&](Station& here) {
            const auto again = node::perform_act(here.node(), prepared->hash, assertion);
            if (!again || !again->passage.repeated) fault("an act was performed twice");
        });
    }
    return done;
}

} // namespace comity::test
