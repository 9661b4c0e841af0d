// Who does what in which procedure, and with which fields.
#include "support/node_rights.hpp"

#include "evidence/manifest.hpp"
#include "node/evidence_files.hpp"
#include "node/produce_evidence.hpp"

namespace comity::test {

namespace {

struct Player {
    std::string who;
    std::string person;
};

Player player(const std::string& act, const procedure::Graph& graph) {
    const auto index = graph.find(act);
    REQUIRE_MESSAGE(index.has_value(), act);
    const auto& found = graph.act(*index);
    const std::string side(procedure::to_text(found.side));
    const std::string who = side == "requesting"  ? "arcadia-authority"
                            : side == "requested" ? "borealia-authority"
                            : side == "provider"  ? "vault-provider"
                            : side == "third"     ? "cascadia-authority"
                                                  : "arcadia-oversight";
    return {who, found.role};
}

std::vector<std::string> road_of(const std::string& procedure) {
    if (procedure == "emergency")
        return {"request", "certify", "transmit", "acknowledge", "confirm", "accept",
                "order",   "produce", "release",  "receive",     "open"};
    if (procedure == "extraordinary")
        return {"request", "authorise",   "transmit", "acknowledge", "preserve",
                "clear",   "clear-third", "produce",  "receive",     "open"};
    return {"request", "authorise", "transmit", "acknowledge", "accept",
            "order",   "produce",   "release",  "receive",     "open"};
}

} // namespace

json::Object Rights::form(const std::string& act) {
    const bool direct = procedure == "extraordinary";
    if (act == "produce") return production();
    std::string example = act;
    if (direct && (act == "request" || act == "authorise")) example = "extraordinary-" + act;
    if (act == "clear" || act == "clear-third" || act == "uphold-objection" || act == "resume" ||
        act == "quash")
        example = "dismiss-objection";
    if (act == "uphold-challenge") example = "dismiss-challenge";
    if (act == "oppose" || act == "oppose-third") example = "refuse";
    auto out = fields(example);
    if (act == "request" && procedure == "emergency") {
        auto& urgency = out["urgency"].as_object();
        urgency["level"] = "emergency";
        urgency["kinds"] = json::Array{"threat_to_life"};
        urgency["reasons"] = "A child is held; the demand runs out on 3 March at noon.";
    }
    if (act == "authorise" || act == "certify" || act == "confirm") out["request"] = request_hash;
    if (act == "confirm") out["contact"] = world.participant("arcadia-authority").callback;
    if (act == "release") {
        passed = {};
        const auto items = node::case_items(node("borealia-authority"), case_id, "produce");
        REQUIRE(items.has_value());
        for (const auto& item : *items) {
            const auto resealed = node::reseal_item(node("borealia-authority"), case_id, item);
            REQUIRE_MESSAGE(resealed.has_value(), (resealed ? "" : resealed.error().text()));
            passed.emplace_back(evidence::print_items({*resealed}).front());
        }
        out["passed"] = passed;
    }
    if (act == "receive") {
        const auto items =
            node::case_items(node("arcadia-authority"), case_id, direct ? "produce" : "release");
        REQUIRE(items.has_value());
        out["manifest_hash"] = text(evidence::manifest_hash(*items));
        out["items"] = static_cast<std::int64_t>(items->size());
        if (direct) passed = evidence::print_items(*items);
    }
    if (act == "open") {
        json::Array hashes;
        for (const auto& item : passed)
            hashes.emplace_back(item.as_object().at("cipher_sha256"));
        out["items"] = hashes;
    }
    return out;
}

std::string Rights::step(const std::string& act) {
    return step(act, form(act));
}

std::string Rights::step(const std::string& name, json::Object given) {
    const auto graph = node("arcadia-authority").law().graph(procedure, {category, !third.empty()});
    REQUIRE(graph != nullptr);
    const auto [who, person] = player(name, *graph);
    const auto done = act(who, person, name, std::move(given));
    if (!done) {
        MESSAGE(done.error().text());
        return std::string(done.error().name());
    }
    move_all();
    return done->admitted ? "accepted" : answer(who);
}

void Rights::road(const std::string& last) {
    for (const auto& act : road_of(procedure)) {
        if (act == "clear-third" && third.empty()) continue;
        const auto outcome = step(act);
        REQUIRE_MESSAGE(outcome == "accepted", act, ": ", outcome);
        if (act == last) return;
    }
    FAIL("there is no such act on this road: ", last);
}

std::string Rights::answer(const std::string& who) {
    const auto rows = submissions(who);
    if (rows.empty()) return "nothing";
    const auto& row = rows.back();
    if (row.state == node::SubmissionRow::State::admitted) return "accepted";
    if (row.state == node::SubmissionRow::State::waiting) return "waiting";
    const auto refusal = json::parse_object(row.answer, 64 * 1024);
    return refusal && refusal->contains("code") ? std::string(refusal->at("code").as_string())
                                                : "refused";
}

std::size_t Rights::count(const std::string& who, const std::string& kind) {
    std::size_t out = 0;
    node(who).store().read([&](node::StoreReader& reader) {
        for (const auto& row : reader.acts(case_id, 0, 100))
            if (row.kind == kind) ++out;
    });
    return out;
}

json::Object Rights::read(const std::string& who, const std::string& kind) {
    json::Object out;
    node(who).store().read([&](node::StoreReader& reader) {
        if (const auto fields = node::readable_fields(node(who), reader, case_id, kind))
            out = *fields;
    });
    return out;
}

std::vector<node::ObligationRow> Rights::owed(const std::string& who) {
    std::vector<node::ObligationRow> out;
    node(who).store().read([&](node::StoreReader& reader) {
        for (auto& row : reader.obligations(1000))
            if (row.case_id == case_id) out.push_back(row);
    });
    return out;
}

std::size_t Rights::files(const std::string& who) {
    std::size_t out = 0;
    for (const auto& row : evidence(who))
        for (const auto& name :
             {node::evidence_file(case_id, row.hash), node::envelope_file(case_id, row.hash)})
            if (node(who).files().read(name)) ++out;
    return out;
}

} // namespace comity::test
