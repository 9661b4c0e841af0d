// Encrypting what is produced, and re-encrypting what is released.
#include "node/produce_evidence.hpp"

#include "base/limits.hpp"
#include "evidence/sealing.hpp"
#include "node/evidence_files.hpp"
#include "node/gate.hpp"
#include "node/lock_evidence.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t write_bytes = 1024 * 1024;
constexpr std::size_t open_items_max = 64;

std::vector<crypto::Certificate> office_readers(
    const directory::Directory& directory, const casefile::Case& state, Instant when) {
    const auto* requesting = directory.find(state.opening.requesting);
    const auto* office =
        requesting ? directory::find_office(*requesting, state.opening.recipient) : nullptr;
    const auto* certificate = office ? directory::current(office->sealing, when) : nullptr;
    if (!certificate) return {};
    return {*certificate};
}

Result<casefile::Case> case_of(Node& node, const CaseId& id) {
    std::optional<casefile::Case> state;
    node.store().read([&](StoreReader& reader) { state = find_case(node, reader, id); });
    if (!state) return refuse(Code::case_unknown, fmt::format("case {}", id.str()));
    return std::move(*state);
}

} // namespace

std::vector<crypto::Certificate> production_readers(
    const Node& node, const directory::Directory& directory, const casefile::Case& state,
    Instant when) {
    if (!graph_of(node, state)->find("release")) return office_readers(directory, state, when);
    const auto* receiving = directory.find(state.opening.requested);
    const auto* certificate = receiving ? directory::current(receiving->sealing, when) : nullptr;
    if (!certificate) return {};
    return {*certificate};
}

Result<std::string> Staging::begin(
    const CaseId& id, std::string name, std::string media_type, std::int64_t cell,
    std::optional<std::uint64_t> size) {
    TRY(const auto state, case_of(node_, id));
    TRY(const auto directory, node_.directory());
    if (state.opening.provider != node_.self())
        return refuse(
            Code::act_side,
            fmt::format("{} is not the provider of case {}", node_.self().str(), id.str()));
    TRY_VOID(check_unlocked(node_, state));
    const auto readers = production_readers(node_, *directory, state, node_.now());
    if (readers.empty())
        return refuse(
            Code::recipient_unregistered, "the recipient has no sealing certificate in force");
    auto open = std::make_shared<Open>();
    open->token = crypto::random_name();
    open->case_id = id;
    open->item.name = std::move(name);
    open->item.media_type = std::move(media_type);
    open->item.cell = cell;
    open->stated = size;
    open->file = "evidence/" + id.str() + "/" + open->token + ".staging";
    Open* raw = open.get();
    open->sealer = std::make_unique<crypto::StreamSealer>(readers, [raw](BytesView block) {
        raw->sealed.update(block);
        raw->pending += block;
    });
    // Who produces and never looks at what is staged leaves lines behind.
    if (full()) forget_produced();
    const std::scoped_lock lock(mutex_);
    std::size_t uploading = 0;
    for (const auto& [token, other] : open_)
        uploading += other->whole ? 0 : 1;
    if (uploading >= open_items_max)
        return refuse(
            Code::rate_exceeded, fmt::format("{} items are being uploaded already", uploading));
    if (open_.size() >= limits::evidence_items)
        return refuse(Code::rate_exceeded, fmt::format("{} items are staged", open_.size()));
    open->number = ++begun_;
    open_.emplace(open->token, open);
    return open->token;
}

std::shared_ptr<Staging::Open> Staging::find(const std::string& token) {
    const std::scoped_lock lock(mutex_);
    const auto at = open_.find(token);
    return at == open_.end() ? nullptr : at->second;
}

void Staging::write_pending(Open& open, std::size_t least) {
    if (open.pending.size() < least || open.pending.empty()) return;
    open.written = node_.files().append(open.file, open.written, open.pending);
    open.pending.clear();
}

Result<std::uint64_t> Staging::append(
    const std::string& token, std::uint64_t offset, BytesView plaintext) {
    const auto open = find(token);
    if (!open) return refuse(Code::evidence_unknown, "no such upload; begin the item again");
    const std::scoped_lock lock(open->mutex);
    if (open->whole) return refuse(Code::evidence_unknown, "the item is whole");
    if (offset != open->item.size)
        return refuse(
            Code::evidence_incomplete,
            fmt::format("{} bytes have come, the chunk begins at {}", open->item.size, offset));
    if (open->item.size + plaintext.size() > limits::evidence_item_bytes)
        return refuse(Code::too_large, "the item is over the limit for one item");
    if (open->stated && open->item.size + plaintext.size() > *open->stated)
        return refuse(
            Code::too_large,
            fmt::format("the item was begun with {} bytes, and more have come", *open->stated));
    open->plain.update(plaintext);
    open->sealer->update(plaintext);
    open->item.size += plaintext.size();
    write_pending(*open, write_bytes);
    return open->item.size;
}

Result<evidence::Item> Staging::finish(const std::string& token) {
    const auto open = find(token);
    if (!open) return refuse(Code::evidence_unknown, "no such upload; begin the item again");
    const std::scoped_lock lock(open->mutex);
    if (open->whole) return open->item; // the answer was lost
    if (open->stated && open->item.size != *open->stated)
        return refuse(
            Code::evidence_incomplete,
            fmt::format("{} of {} bytes have come", open->item.size, *open->stated));
    const Bytes envelope = open->sealer->finish();
    write_pending(*open, 0);
    if (open->item.size == 0) node_.files().append(open->file, 0, {});
    open->item.plain = open->plain.finish();
    open->item.sealed = open->sealed.finish();
    open->item.envelope = crypto::sha256(envelope);
    node_.files().flush(open->file);
    node_.files().replace(envelope_file(open->case_id, open->item.envelope), envelope);
    node_.files().rename(open->file, evidence_file(open->case_id, open->item.sealed));
    open->sealer.reset();
    open->whole = true;
    return open->item;
}

bool Staging::produced(StoreReader& reader, const Open& open) const {
    return open.whole && reader.find_evidence(open.case_id, open.item.sealed).has_value();
}

Staging::Staged Staging::describe(Open& open) {
    const std::scoped_lock lock(open.mutex);
    Staged out{open.token,     open.case_id,
               open.item.name, open.item.media_type,
               open.item.cell, open.stated.value_or(open.item.size),
               open.item.size, {}};
    if (open.whole) out.item = open.item;
    return out;
}

bool Staging::full() {
    const std::scoped_lock lock(mutex_);
    return open_.size() >= limits::evidence_items;
}

void Staging::forget_produced() {
    std::vector<std::shared_ptr<Open>> whole;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [token, open] : open_)
            if (open->whole) whole.push_back(open);
    }
    node_.store().read([&](StoreReader& reader) {
        std::erase_if(whole, [&](const auto& open) { return !produced(reader, *open); });
    });
    const std::scoped_lock lock(mutex_);
    for (const auto& open : whole)
        open_.erase(open->token);
}

std::vector<Staging::Staged> Staging::list(const CaseId& id) {
    forget_produced();
    std::vector<std::shared_ptr<Open>> found;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [token, open] : open_)
            if (open->case_id == id) found.push_back(open);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return a->number < b->number;
    });
    std::vector<Staged> out;
    for (const auto& open : found)
        out.push_back(describe(*open));
    return out;
}

std::optional<Staging::Staged> Staging::look(const std::string& token) {
    const auto open = find(token);
    if (!open) return std::nullopt;
    return describe(*open);
}

Result<void> Staging::drop(const std::string& token) {
    const auto open = find(token);
    bool done = !open;
    if (open) {
        const std::scoped_lock lock(open->mutex);
        // Put aside on the writer, so that no act produces the item between the look and that; an
        // act prepared before finds it gone and is refused. Overwriting may take long, and is done
        // after.
        node_.store().write([&](StoreWriter& writer) {
            done = produced(writer, *open);
            if (!done && open->whole)
                node_.files().rename(evidence_file(open->case_id, open->item.sealed), open->file);
        });
        if (!done) {
            node_.files().destroy(open->file);
            if (open->whole)
                node_.files().destroy(envelope_file(open->case_id, open->item.envelope));
        }
        open->whole = true; // nothing more is appended by who still holds it
        open->sealer.reset();
    }
    {
        const std::scoped_lock lock(mutex_);
        open_.erase(token);
    }
    if (done) return refuse(Code::evidence_unknown, "no such upload");
    return {};
}

Result<std::vector<evidence::Item>> case_items(Node& node, const CaseId& id, std::string_view act) {
    std::optional<json::Object> fields;
    node.store().read(
        [&](StoreReader& reader) { fields = readable_fields(node, reader, id, act); });
    if (!fields)
        return refuse(
            Code::evidence_unknown, fmt::format("the case has no {} that is readable here", act));
    const auto* list = fields->if_contains(act == "release" ? "passed" : "manifest");
    if (!list || !list->is_array())
        return refuse(Code::evidence_unknown, fmt::format("{} names no items", act));
    return evidence::parse_items(list->as_array());
}

Result<evidence::Item> reseal_item(Node& node, const CaseId& id, const evidence::Item& item) {
    TRY(const auto state, case_of(node, id));
    TRY_VOID(check_unlocked(node, state));
    TRY(const auto directory, node.directory());
    const auto readers = office_readers(*directory, state, node.now());
    if (readers.empty())
        return refuse(
            Code::recipient_unregistered,
            "the requesting office has no sealing certificate in force");
    std::optional<EvidenceRow> row;
    node.store().read([&](StoreReader& reader) { row = reader.find_evidence(id, item.sealed); });
    if (!row || row->state != EvidenceRow::State::complete)
        return refuse(
            Code::evidence_incomplete, fmt::format("{} has not arrived in full", item.name));
    const auto envelope = node.files().read(envelope_file(id, item.envelope));
    if (!envelope)
        return refuse(
            Code::evidence_incomplete,
            fmt::format("the envelope of {} has not arrived", item.name));
    auto& files = node.files();
    const std::string staging = "evidence/" + id.str() + "/" + crypto::random_name() + ".staging";
    std::uint64_t written = 0;
    Bytes pending;
    const auto flush = [&] {
        written = files.append(staging, written, pending);
        pending.clear();
    };
    auto sealed = evidence::reseal_stream(
        item, *envelope, {node.keys().sealing.key, node.keys().sealing.certificate},
        [&](std::uint64_t offset, std::size_t size) {
            return files.read_range(evidence_file(id, item.sealed), offset, size).value_or(Bytes{});
        },
        readers,
        [&](BytesView block) {
            pending += block;
            if (pending.size() >= write_bytes) flush();
        });
    if (!sealed) {
        files.destroy(staging);
        return tl::unexpected(sealed.error());
    }
    flush();
    files.flush(staging);
    evidence::Item out = item;
    out.sealed = sealed->sealed;
    out.envelope = crypto::sha256(sealed->envelope);
    files.replace(envelope_file(id, out.envelope), sealed->envelope);
    files.rename(staging, evidence_file(id, out.sealed));
    return out;
}

} // namespace comity::node
