// Encrypting what is produced, and re-encrypting what is released.
#include "node/produce_evidence.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/secret.hpp"
#include "evidence/sealing.hpp"
#include "node/evidence_files.hpp"
#include "node/gate.hpp"
#include "node/lock_evidence.hpp"
#include "node/own_books.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t write_bytes = 1024 * 1024;
constexpr std::size_t open_items_max = 64;

// Of the copies: a record is a length (four bytes, big end first) and a sealed chunk.
constexpr std::string_view kept_kind = "staging";
constexpr std::size_t length_bytes = 4;
constexpr std::size_t kept_bytes = 64 * 1024;

std::string copy_file(const CaseId& id, const std::string& token) {
    return "evidence/" + id.str() + "/" + token + ".copy";
}

std::string copy_key_file(const CaseId& id, const std::string& token) {
    return "vault/" + id.str() + "/" + token + ".key";
}

// A chunk opens at its own place of its own item only.
std::string place_of(const std::string& token, std::uint64_t offset) {
    return fmt::format("{}/{}", token, offset);
}

std::size_t sealing_adds() {
    static const std::size_t bytes =
        crypto::seal_secret(Bytes(crypto::secret_key_bytes, '\0'), {}, "").size();
    return bytes;
}

Bytes length_prefix(std::size_t size) {
    Bytes out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(size >> shift & 0xff));
    return out;
}

std::size_t read_length(BytesView prefix) {
    std::size_t out = 0;
    for (const char byte : prefix)
        out = out << 8 | static_cast<unsigned char>(byte);
    return out;
}

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
    if (!state) return refuse(Code::case_unknown, say("case {}", id.str()));
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
            Code::act_side, say("{} is not the provider of case {}", node_.self().str(), id.str()));
    TRY_VOID(check_unlocked(node_, state));
    const auto readers = production_readers(node_, *directory, state, node_.now());
    if (readers.empty())
        return refuse(
            Code::recipient_unregistered, say("the recipient has no sealing certificate in force"));
    auto open = std::make_shared<Open>();
    open->token = crypto::random_name();
    open->case_id = id;
    open->item.name = std::move(name);
    open->item.media_type = std::move(media_type);
    open->item.cell = cell;
    open->stated = size;
    open->file = "evidence/" + id.str() + "/" + open->token + ".staging";
    open->key = crypto::random_bytes(crypto::secret_key_bytes);
    begin_sealing(*open, readers);
    // Who produces and never looks at what is staged leaves lines behind.
    if (full()) forget_produced();
    {
        const std::scoped_lock lock(mutex_);
        std::size_t uploading = 0;
        for (const auto& [token, other] : open_)
            uploading += other->whole ? 0 : 1;
        if (uploading >= open_items_max)
            return refuse(
                Code::rate_exceeded, say("{} items are being uploaded already", uploading));
        if (open_.size() >= limits::evidence_items)
            return refuse(Code::rate_exceeded, say("{} items are staged", open_.size()));
        open->number = ++begun_;
        open_.emplace(open->token, open);
    }
    try {
        node_.files().replace(
            copy_key_file(id, open->token), seal_own(node_, kept_kind, open->key, open->token));
        keep(*open, std::nullopt);
    } catch (...) {
        const std::scoped_lock lock(mutex_);
        open_.erase(open->token);
        throw;
    }
    return open->token;
}

void Staging::begin_sealing(Open& open, const std::vector<crypto::Certificate>& readers) {
    Open* raw = &open;
    open.sealer = std::make_unique<crypto::StreamSealer>(readers, [raw](BytesView block) {
        raw->sealed.update(block);
        raw->pending += block;
    });
}

void Staging::take(Open& open, BytesView plaintext) {
    open.plain.update(plaintext);
    open.sealer->update(plaintext);
    open.item.size += plaintext.size();
    write_pending(open, write_bytes);
}

// ---- what outlives the process

// The row that says that there is such an item; its key is not in it, because the database is
// backed up and what is deleted must not come back.
void Staging::keep(const Open& open, const std::optional<evidence::Item>& whole) {
    json::Object row{
        {"case", open.case_id.str()},
        {"name", open.item.name},
        {"media_type", open.item.media_type},
        {"cell", open.item.cell},
        {"number", static_cast<std::int64_t>(open.number)}};
    if (open.stated) row["stated"] = static_cast<std::int64_t>(*open.stated);
    if (whole) row["item"] = evidence::print_items({*whole}).front();
    KeptRow kept{
        std::string(kept_kind),
        "",
        open.token,
        1,
        node_.now(),
        seal_own(node_, kept_kind, json::print(row), open.token)};
    node_.store().write([&](StoreWriter& writer) { writer.put_kept(kept); });
}

void Staging::end_copy(const Open& open) {
    node_.files().destroy(copy_key_file(open.case_id, open.token));
    node_.files().destroy(copy_file(open.case_id, open.token));
}

void Staging::add_to_copy(Open& open, BytesView plaintext) {
    std::uint64_t offset = open.item.size;
    while (!plaintext.empty()) {
        const auto piece = plaintext.substr(0, limits::evidence_chunk_bytes);
        const Bytes sealed = crypto::seal_secret(open.key, piece, place_of(open.token, offset));
        open.copied = node_.files().append(
            copy_file(open.case_id, open.token), open.copied,
            length_prefix(sealed.size()) + sealed);
        offset += piece.size();
        plaintext.remove_prefix(piece.size());
    }
}

// The chunk that stands at a place of the copy, and where the next one begins. Nothing at the end,
// and where the process ended in the middle of writing.
std::optional<std::pair<Bytes, std::uint64_t>> Staging::copied_chunk(
    const Open& open, std::uint64_t at, std::uint64_t offset) const {
    const auto file = copy_file(open.case_id, open.token);
    const auto prefix = node_.files().read_range(file, at, length_bytes);
    if (!prefix || prefix->size() != length_bytes) return std::nullopt;
    const std::size_t size = read_length(*prefix);
    if (size > limits::evidence_chunk_bytes + sealing_adds()) return std::nullopt;
    const auto sealed = node_.files().read_range(file, at + length_bytes, size);
    if (!sealed || sealed->size() != size) return std::nullopt;
    auto chunk = crypto::open_secret(open.key, *sealed, place_of(open.token, offset));
    if (!chunk) return std::nullopt;
    return std::pair{std::move(*chunk), at + length_bytes + size};
}

// What a write that was cut off left behind is taken away: a file is only ever added to at its end.
void Staging::cut_copy(Open& open, std::uint64_t end) {
    auto& files = node_.files();
    const auto file = copy_file(open.case_id, open.token);
    if (files.size(file) == end) return;
    const auto next = file + ".new";
    files.destroy(next);
    for (std::uint64_t at = 0; at < end;) {
        const auto block = files.read_range(
            file, at, static_cast<std::size_t>(std::min<std::uint64_t>(write_bytes, end - at)));
        if (!block || block->empty()) throw StorageFault("a copy of an upload became shorter");
        at = files.append(next, at, *block);
    }
    files.destroy(file);
    if (end > 0) files.rename(next, file);
}

// Seals again what has come, with a new key for the readers, and goes on from there.
Result<void> Staging::go_on(Open& open) {
    if (open.whole || open.sealer) return {};
    TRY(const auto state, case_of(node_, open.case_id));
    TRY(const auto directory, node_.directory());
    const auto readers = production_readers(node_, *directory, state, node_.now());
    if (readers.empty())
        return refuse(
            Code::recipient_unregistered, say("the recipient has no sealing certificate in force"));
    node_.files().destroy(open.file);
    open.item.size = 0;
    open.written = 0;
    open.pending.clear();
    open.plain = {};
    open.sealed = {};
    begin_sealing(open, readers);
    std::uint64_t at = 0;
    while (auto chunk = copied_chunk(open, at, open.item.size)) {
        take(open, chunk->first);
        at = chunk->second;
    }
    cut_copy(open, at);
    open.copied = at;
    return {};
}

std::shared_ptr<Staging::Open> Staging::parse_kept(const KeptRow& row) {
    const auto object = open_own_object(node_, kept_kind, row.sealed, row.name, kept_bytes);
    if (!object) return nullptr; // under another seal key: nothing of it can be read
    json::Reader in{*object, "upload"};
    auto open = std::make_shared<Open>();
    open->token = row.name;
    open->case_id = CaseId(in.string("case"));
    open->item.name = in.string("name");
    open->item.media_type = in.string("media_type");
    open->item.cell = in.integer("cell");
    open->number = static_cast<std::uint64_t>(in.integer("number"));
    const auto stated = in.integer_if("stated");
    const auto* item = in.object_if("item");
    if (!in.done()) return nullptr;
    if (stated) open->stated = static_cast<std::uint64_t>(*stated);
    open->file = "evidence/" + open->case_id.str() + "/" + open->token + ".staging";
    auto& files = node_.files();
    if (item) {
        auto items = evidence::parse_items({json::Value(*item)});
        if (!items) return nullptr;
        // What was produced is being handed over, piece by piece: its files are the delivery's.
        bool handed_on = false;
        node_.store().read([&](StoreReader& reader) {
            handed_on = reader.find_evidence(open->case_id, items->front().sealed).has_value();
        });
        if (handed_on) return nullptr;
        // The row is written before the files have their names.
        if (files.read(envelope_file(open->case_id, items->front().envelope)) &&
            files.read_range(evidence_file(open->case_id, items->front().sealed), 0, 1)) {
            open->item = items->front();
            open->whole = true;
            end_copy(*open);
            return open;
        }
        files.destroy(envelope_file(open->case_id, items->front().envelope));
    }
    const auto key = files.read(copy_key_file(open->case_id, open->token));
    const auto opened = key ? open_own(node_, kept_kind, *key, open->token) : std::nullopt;
    if (!opened) return nullptr;
    open->key = *opened;
    // How much has come, by the lengths; sealed again when somebody goes on.
    const auto copy = copy_file(open->case_id, open->token);
    for (std::uint64_t at = 0;;) {
        const auto prefix = files.read_range(copy, at, length_bytes);
        if (!prefix || prefix->size() != length_bytes) break;
        const std::size_t size = read_length(*prefix);
        at += length_bytes + size;
        if (size < sealing_adds() || at > files.size(copy)) break;
        open->item.size += size - sealing_adds();
    }
    return open;
}

void Staging::load() {
    std::vector<KeptRow> rows;
    node_.store().read([&](StoreReader& reader) {
        rows = reader.kept(kept_kind, "", "", limits::evidence_items);
    });
    std::vector<std::string> lost;
    for (const auto& row : rows) {
        auto open = parse_kept(row);
        if (!open) {
            lost.push_back(row.name);
            continue;
        }
        begun_ = std::max(begun_, open->number);
        open_.emplace(open->token, std::move(open));
    }
    if (lost.empty()) return;
    node_.store().write([&](StoreWriter& writer) {
        for (const auto& token : lost)
            writer.remove_kept(kept_kind, "", token);
    });
}

Staging::Staging(Node& node) : node_(node) {
    load();
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
    if (!open) return refuse(Code::evidence_unknown, say("no such upload; begin the item again"));
    const std::scoped_lock lock(open->mutex);
    if (open->whole) return refuse(Code::evidence_unknown, say("the item is whole"));
    TRY_VOID(go_on(*open));
    if (offset != open->item.size)
        return refuse(
            Code::evidence_incomplete,
            say("{} bytes have come, the chunk begins at {}", open->item.size, offset));
    if (open->item.size + plaintext.size() > limits::evidence_item_bytes)
        return refuse(Code::too_large, say("the item is over the limit for one item"));
    if (open->stated && open->item.size + plaintext.size() > *open->stated)
        return refuse(
            Code::too_large,
            say("the item was begun with {} bytes, and more have come", *open->stated));
    try {
        // The copy first: what is told to have come is there after a restart.
        add_to_copy(*open, plaintext);
        take(*open, plaintext);
    } catch (...) {
        // What is whole in the copy is what has come.
        open->sealer.reset();
        throw;
    }
    return open->item.size;
}

Result<evidence::Item> Staging::finish(const std::string& token) {
    const auto open = find(token);
    if (!open) return refuse(Code::evidence_unknown, say("no such upload; begin the item again"));
    const std::scoped_lock lock(open->mutex);
    if (open->whole) return open->item; // the answer was lost
    TRY_VOID(go_on(*open));
    if (open->stated && open->item.size != *open->stated)
        return refuse(
            Code::evidence_incomplete,
            say("{} of {} bytes have come", open->item.size, *open->stated));
    try {
        const Bytes envelope = open->sealer->finish();
        write_pending(*open, 0);
        if (open->item.size == 0) node_.files().append(open->file, 0, {});
        open->item.plain = open->plain.finish();
        open->item.sealed = open->sealed.finish();
        open->item.envelope = crypto::sha256(envelope);
        node_.files().flush(open->file);
        // Once the row says that it is whole, its envelope is known and is destroyed with it.
        keep(*open, open->item);
        node_.files().replace(envelope_file(open->case_id, open->item.envelope), envelope);
        node_.files().rename(open->file, evidence_file(open->case_id, open->item.sealed));
    } catch (...) {
        open->sealer.reset(); // what ended is sealed again, from the copy
        throw;
    }
    open->sealer.reset();
    open->whole = true;
    end_copy(*open);
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
    if (whole.empty()) return;
    node_.store().write([&](StoreWriter& writer) {
        for (const auto& open : whole)
            writer.remove_kept(kept_kind, "", open->token);
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
            if (!done) writer.remove_kept(kept_kind, "", token);
            // Done again, it is aside already.
            if (!done && open->whole &&
                node_.files().size(evidence_file(open->case_id, open->item.sealed)) > 0)
                node_.files().rename(evidence_file(open->case_id, open->item.sealed), open->file);
        });
        if (!done) {
            end_copy(*open);
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
    if (done) return refuse(Code::evidence_unknown, say("no such upload"));
    return {};
}

Result<std::vector<evidence::Item>> case_items(Node& node, const CaseId& id, std::string_view act) {
    std::optional<json::Object> fields;
    node.store().read(
        [&](StoreReader& reader) { fields = readable_fields(node, reader, id, act); });
    if (!fields)
        return refuse(Code::evidence_unknown, say("the case has no {} that is readable here", act));
    const auto* list = fields->if_contains(act == "release" ? "passed" : "manifest");
    if (!list || !list->is_array())
        return refuse(Code::evidence_unknown, say("{} names no items", act));
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
            say("the requesting office has no sealing certificate in force"));
    std::optional<EvidenceRow> row;
    node.store().read([&](StoreReader& reader) { row = reader.find_evidence(id, item.sealed); });
    if (!row || row->state != EvidenceRow::State::complete)
        return refuse(Code::evidence_incomplete, say("{} has not arrived in full", item.name));
    const auto envelope = node.files().read(envelope_file(id, item.envelope));
    if (!envelope)
        return refuse(
            Code::evidence_incomplete, say("the envelope of {} has not arrived", item.name));
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
