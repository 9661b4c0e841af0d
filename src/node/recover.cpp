// Catching up whole, once, after a restore.
#include "node/recover.hpp"

#include "base/limits.hpp"
#include "node/gate.hpp"
#include "node/lock_evidence.hpp"
#include "node/receive_act.hpp"
#include "node/transfer_evidence.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::string_view restored_setting = "restored";
constexpr std::size_t cases_most = 1'000'000;

// One page after another, until the other side has no more. False when it did not answer.
bool fetch(Node& node, const CaseId& id, const ParticipantId& peer) {
    for (;;) {
        std::int64_t after = 0;
        node.store().read([&](StoreReader& reader) {
            if (const auto row = reader.find_case(id)) after = row->next_sequence - 1;
        });
        Said problem;
        const auto answer = node.peers().call(
            peer,
            {"GET",
             fmt::format("/exchange/v1/cases/{}/acts?after={}", id.str(), after),
             {},
             {},
             "application/json"},
            problem);
        if (!answer || answer->status != 200) return false;
        const auto list = json::parse_object(answer->body, limits::catch_up_bytes);
        const auto* acts = list ? list->if_contains("acts") : nullptr;
        if (!acts || !acts->is_array()) return false;
        if (acts->as_array().empty()) return true;
        for (const auto& item : acts->as_array()) {
            if (!item.is_string()) return false;
            const auto passage = receive_act(node, peer, std::string_view(item.as_string()));
            if (!passage) return false;
        }
    }
}

} // namespace

void mark_restored(StoreWriter& writer) {
    writer.put_setting(restored_setting, "yes");
}

bool is_restored(StoreReader& reader) {
    return reader.setting(restored_setting) == "yes";
}

bool recover_restored(Node& node) {
    bool restored = false;
    std::vector<casefile::Case> cases;
    node.store().read([&](StoreReader& reader) {
        restored = is_restored(reader);
        if (!restored) return;
        for (const auto& row : reader.cases(cases_most))
            if (auto state = find_case(node, reader, row.id)) cases.push_back(std::move(*state));
    });
    if (!restored) return true;
    const auto directory = node.directory();
    if (!directory) return false;
    std::size_t unknown = 0;
    for (const auto& state : cases) {
        bool heard = false;
        bool others = false;
        // Everybody is asked: the one that answers may itself have missed the last act.
        for (const auto& id : participants_of(**directory, state)) {
            if (id == node.self()) continue;
            others = true;
            heard = fetch(node, state.id, id) || heard;
        }
        if (others && !heard) ++unknown;
    }
    destroy_evidence(node);
    const auto again = destroy_again(node);
    node.log(
        "restored", {{"cases", std::to_string(cases.size())},
                     {"not heard about", std::to_string(unknown)},
                     {"files destroyed again", std::to_string(again)}});
    if (unknown > 0) return false;
    node.store().write([](StoreWriter& writer) { writer.put_setting(restored_setting, "no"); });
    return true;
}

} // namespace comity::node
