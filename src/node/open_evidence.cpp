// The reading side of evidence.
#include "node/open_evidence.hpp"

#include "assess/grid.hpp"
#include "base/limits.hpp"
#include "evidence/sealing.hpp"
#include "node/evidence_files.hpp"
#include "node/gate.hpp"
#include "node/lock_evidence.hpp"
#include "node/produce_evidence.hpp"
#include "node/recover.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t readings_max = 64;

bool names_item(const json::Object& fields, const Digest& sealed) {
    const auto* items = fields.if_contains("items");
    if (!items || !items->is_array()) return false;
    const std::string wanted = text(sealed);
    for (const auto& item : items->as_array())
        if (item.is_string() && std::string_view(item.as_string()) == wanted) return true;
    return false;
}

Result<evidence::Item> find_item(Node& node, const CaseId& id, const Digest& sealed) {
    for (const std::string_view act : {"release", "produce"}) {
        const auto items = case_items(node, id, act);
        if (!items) continue;
        for (const auto& item : *items)
            if (item.sealed == sealed) return item;
    }
    return refuse(
        Code::evidence_unknown, say("no item {} was sent in case {}", text(sealed), id.str()));
}

Result<SealingKey> office_key(Node& node, const CaseId& id) {
    std::optional<casefile::Case> state;
    node.store().read([&](StoreReader& reader) { state = find_case(node, reader, id); });
    if (!state) return refuse(Code::case_unknown, say("case {}", id.str()));
    const auto at = node.keys().offices.find(state->opening.recipient);
    if (at == node.keys().offices.end())
        return refuse(
            Code::recipient_unregistered,
            say("this node holds no key of {}", state->opening.recipient.str()));
    return at->second;
}

bool opening_names(Node& node, const CaseId& id, const Digest& sealed) {
    bool named = false;
    node.store().read([&](StoreReader& reader) {
        for (const auto& act : reader.acts(id, 0, limits::acts_per_case)) {
            if (act.kind != "open" || named) continue;
            const auto fields = readable_fields(node, reader, act);
            named = fields && names_item(*fields, sealed);
        }
    });
    return named;
}

std::optional<assess::Grid> grid_of(const std::optional<json::Object>& fields) {
    const auto* rows = fields ? fields->if_contains("grid") : nullptr;
    if (!rows || !rows->is_array()) return std::nullopt;
    auto grid = assess::read_grid(rows->as_array());
    if (!grid) return std::nullopt; // an act that was admitted has one that reads
    return std::move(*grid);
}

// R1543 Art. 4(5): in an emergency data comes before the judge, who may then grant less than was
// ordered. What answers a row that the authorisation does not hold opens no more. Where the judge
// comes first this was checked of the order already.
Result<void> check_granted(Node& node, const casefile::Case& state, const Digest& sealed) {
    if (!state.latest.contains("authorise")) return {};
    const CaseId& id = state.id;
    std::optional<assess::Grid> ordered;
    std::optional<assess::Grid> granted;
    node.store().read([&](StoreReader& reader) {
        granted = grid_of(readable_fields(node, reader, id, "authorise"));
        ordered = grid_of(readable_fields(node, reader, id, "order"));
    });
    if (!ordered) return {};
    if (!granted)
        return refuse(
            Code::evidence_locked, say("what the judge authorised cannot be read here any more"));
    TRY(const auto item, find_item(node, id, sealed));
    const auto cell = static_cast<std::size_t>(item.cell);
    if (cell < ordered->size() && assess::contains(*granted, (*ordered)[cell])) return {};
    return refuse(
        Code::evidence_locked,
        say("the item answers row {} of the order, which the judge did not authorise", cell + 1));
}

Openings::Grant grant_of(const casefile::Case& state) {
    const auto latest = [&](const char* act) {
        const auto at = state.latest.find(act);
        return at == state.latest.end() ? std::nullopt : std::optional(at->second);
    };
    return {latest("authorise"), latest("order")};
}

// What may change while an item is read. `known` is what the answer rested on when it was asked
// before: that an act of opening names the item does not change, for acts stay, and what is granted
// changes with these acts only.
Result<Openings::Grant> may_read_on(
    Node& node, const CaseId& id, const Digest& sealed, const Openings::Grant* known) {
    std::optional<casefile::Case> state;
    std::optional<EvidenceRow> row;
    bool restored = false;
    node.store().read([&](StoreReader& reader) {
        restored = is_restored(reader);
        state = find_case(node, reader, id);
        row = reader.find_evidence(id, sealed);
    });
    if (!state || !row || row->to != node.self())
        return refuse(Code::evidence_unknown, say("{} in case {}", text(sealed), id.str()));
    if (row->state >= EvidenceRow::State::destroyed)
        return refuse(Code::evidence_deleted, say("{} in case {}", text(sealed), id.str()));
    if (row->state != EvidenceRow::State::complete)
        return refuse(Code::evidence_incomplete, say("{} has not arrived in full", text(sealed)));
    if (!known && !opening_names(node, id, sealed))
        return refuse(Code::evidence_locked, say("no act of opening names the item"));
    if (restored)
        return refuse(
            Code::evidence_locked,
            say("this node came out of a back-up and has not yet learnt what was deleted since"));
    TRY_VOID(check_unlocked(node, *state));
    const auto grant = grant_of(*state);
    if (!known || *known != grant) TRY_VOID(check_granted(node, *state, sealed));
    // Suspended, under challenge, quashed, deleted: then the procedure would not let it be opened
    // again, and what an earlier act opened is closed with it.
    if (const auto can =
            procedure::can(*graph_of(node, *state), state->marking, "open", node.now());
        !can)
        return refuse(Code::evidence_locked, can.error().facts);
    return grant;
}

} // namespace

Result<void> Openings::check(Reading& reading) {
    TRY(reading.grant, may_read_on(node_, reading.case_id, reading.item.sealed, &reading.grant));
    return {};
}

Result<Openings::Opened> Openings::open(
    const CaseId& id, const Digest& sealed, const PersonId& reader) {
    TRY(const auto grant, may_read_on(node_, id, sealed, nullptr));
    TRY(const auto item, find_item(node_, id, sealed));
    TRY(const auto key, office_key(node_, id));
    const auto envelope = node_.files().read(envelope_file(id, item.envelope));
    if (!envelope) return refuse(Code::evidence_incomplete, say("the envelope has not arrived"));
    auto& files = node_.files();
    // First the whole of it is verified, and nothing is given out; then it is read again.
    TRY_VOID(evidence::open_stream(
        item, *envelope, {key.key, key.certificate},
        [&](std::uint64_t offset, std::size_t size) {
            return files.read_range(evidence_file(id, item.sealed), offset, size).value_or(Bytes{});
        },
        {}));
    auto reading = std::make_shared<Reading>();
    reading->reader = reader;
    reading->case_id = id;
    reading->item = item;
    reading->grant = grant;
    TRY_VOID(begin(*reading));
    const std::string token = crypto::random_name();
    const std::scoped_lock lock(mutex_);
    if (readings_.size() >= readings_max) readings_.erase(readings_.begin());
    readings_.emplace(token, std::move(reading));
    return Opened{token, item};
}

Result<void> Openings::begin(Reading& reading) {
    const auto envelope = node_.files().read(envelope_file(reading.case_id, reading.item.envelope));
    if (!envelope) return refuse(Code::evidence_incomplete, say("the envelope has not arrived"));
    TRY(const auto key, office_key(node_, reading.case_id));
    reading.offset = 0;
    reading.given = 0;
    reading.pending.clear();
    Reading* raw = &reading;
    TRY(reading.opener,
        crypto::StreamOpener::open(*envelope, key.key, key.certificate, [raw](BytesView block) {
            raw->pending += block;
        }));
    return {};
}

// The file was verified when it was opened; should it have changed since, the tag tells.
Result<void> Openings::finish(Reading& reading) {
    if (reading.offset < reading.item.size || !reading.opener) return {};
    auto finished = reading.opener->finish();
    reading.opener.reset();
    return finished;
}

// The next piece of plaintext that there is.
Result<void> Openings::pull(Reading& reading) {
    reading.pending.clear();
    while (reading.pending.empty() && reading.offset < reading.item.size) {
        const auto block = node_.files().read_range(
            evidence_file(reading.case_id, reading.item.sealed), reading.offset,
            limits::evidence_chunk_bytes);
        if (!block || block->empty()) return refuse(Code::evidence_deleted, reading.item.name);
        reading.opener->update(*block);
        reading.offset += block->size();
    }
    reading.given += reading.pending.size();
    return finish(reading);
}

Result<std::shared_ptr<Openings::Reading>> Openings::find(
    const std::string& token, const PersonId& reader) {
    const std::scoped_lock lock(mutex_);
    const auto at = readings_.find(token);
    if (at == readings_.end() || at->second->reader != reader)
        return refuse(Code::evidence_unknown, say("no such reading; open the item again"));
    return at->second;
}

Result<Bytes> Openings::next(const std::string& token, const PersonId& reader) {
    TRY(const auto reading, find(token, reader));
    const std::scoped_lock lock(reading->mutex);
    TRY_VOID(check(*reading));
    TRY_VOID(pull(*reading));
    if (!reading->pending.empty()) return reading->pending;
    const std::scoped_lock all(mutex_);
    readings_.erase(token);
    return Bytes{};
}

Result<Bytes> Openings::read(
    const std::string& token, const PersonId& reader, std::uint64_t offset) {
    TRY(const auto reading, find(token, reader));
    const std::scoped_lock lock(reading->mutex);
    TRY_VOID(check(*reading));
    if (offset > reading->item.size)
        return refuse(Code::evidence_incomplete, say("the item has {} bytes", reading->item.size));
    if (offset == reading->item.size) return Bytes{};
    if (offset < reading->given - reading->pending.size()) TRY_VOID(begin(*reading));
    while (reading->given <= offset)
        TRY_VOID(pull(*reading));
    return reading->pending.substr(reading->pending.size() - (reading->given - offset));
}

} // namespace comity::node
