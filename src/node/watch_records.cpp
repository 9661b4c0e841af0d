// One visit to each record: the checkpoint, then each leaf that is new, then the root.
#include "node/watch_records.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/said_json.hpp"
#include "crypto/hash.hpp"
#include "record/leaf.hpp"
#include "record/tiles.hpp"
#include "record/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

using record::TileId;

constexpr std::array<std::string_view, 3> state_words{"good", "away", "wrong"};
constexpr std::array<record::Duty, 3> duties{
    record::Duty::notice, record::Duty::deletion, record::Duty::authorisation};

std::string view_setting(const ParticipantId& id) {
    return "watch-view/" + id.str();
}

std::string state_setting(const ParticipantId& id) {
    return "watch-state/" + id.str();
}

// ---- what is kept

json::Object print_view(const RecordView& view) {
    json::Array open;
    for (const auto& [what, count] : view.open)
        open.emplace_back(
            json::Array{std::string(record::name_of(what.first)), day_text(what.second), count});
    return {
        {"note", view.note},
        {"read", to_text(view.read)},
        {"state", state_words.at(static_cast<std::size_t>(view.state))},
        {"problem", said_value(view.problem)},
        {"other", view.other},
        {"since", to_text(view.since)},
        {"open", std::move(open)}};
}

RecordView read_view(
    const directory::Participant& participant, const std::string& stored,
    const record::VerifierKey& key) {
    RecordView out;
    out.participant = participant.id;
    out.country = participant.country;
    const auto object = json::parse_object(stored, limits::monitor_state_bytes);
    if (!object) throw Fault("what is kept of a record is not readable");
    const auto member = [&](std::string_view name) {
        return std::string(object->at(name).as_string());
    };
    out.note = member("note");
    out.read = instant_from(member("read")).value_or(Instant{});
    for (std::size_t i = 0; i < state_words.size(); ++i)
        if (state_words[i] == member("state")) out.state = static_cast<RecordView::State>(i);
    // Of an older program's words, or a newer one's key, nothing can be told in other languages.
    if (auto problem = said_from(object->at("problem"))) out.problem = std::move(*problem);
    out.other = member("other");
    out.since = instant_from(member("since")).value_or(Instant{});
    // After a change of key what was counted under the old one is read anew.
    if (const auto opened = record::open_checkpoint(out.note, key)) {
        out.checkpoint = opened->checkpoint;
        for (const auto& item : object->at("open").as_array()) {
            const auto& row = item.as_array();
            const auto day = day_from(row.at(1).as_string());
            for (const auto duty : duties)
                if (day && record::name_of(duty) == std::string_view(row.at(0).as_string()))
                    out.open[{duty, *day}] = row.at(2).to_number<std::uint64_t>();
        }
    } else {
        out.note.clear();
    }
    return out;
}

struct Progress {
    record::Frontier frontier;
    record::Obligations obligations;
};

std::optional<Progress> read_progress(const std::optional<std::string>& stored) {
    if (!stored || stored->empty()) return std::nullopt;
    const auto object = json::parse_object(*stored, limits::monitor_state_bytes);
    if (!object) throw Fault("what is kept of a record is not readable");
    const auto bytes = from_base64url(std::string_view(object->at("frontier").as_string()));
    const auto frontier = record::Frontier::from_bytes(bytes.value_or(Bytes()));
    const auto obligations =
        record::Obligations::parse(std::string_view(object->at("obligations").as_string()));
    if (!frontier || !obligations) throw Fault("what is kept of a record is not readable");
    return Progress{*frontier, *obligations};
}

Bytes print_progress(const Progress& progress) {
    return json::print(json::Object{
        {"frontier", to_base64url(progress.frontier.to_bytes())},
        {"obligations", progress.obligations.print()}});
}

// ---- one visit

class Visit {
public:
    Visit(Node& node, const directory::Participant& participant, record::VerifierKey key)
        : node_(node), participant_(participant), key_(std::move(key)) {
        std::optional<std::string> stored;
        std::optional<std::string> kept;
        node_.store().read([&](StoreReader& reader) {
            stored = reader.setting(view_setting(participant_.id));
            kept = reader.setting(state_setting(participant_.id));
        });
        if (stored) {
            view_ = read_view(participant_, *stored, key_);
            if (auto progress = read_progress(kept); progress && !view_.note.empty())
                progress_ = std::move(*progress);
        } else {
            view_.participant = participant_.id;
            view_.country = participant_.country;
        }
        known_ = stored.has_value();
    }

    std::size_t run() {
        const auto before = view_.state;
        view_.state = RecordView::State::good;
        view_.problem = {};
        view_.other.clear();
        look();
        if (!known_ || view_.state != before) view_.since = node_.now();
        node_.store().write([&](StoreWriter& writer) {
            writer.put_setting(view_setting(participant_.id), json::print(print_view(view_)));
            if (moved_)
                writer.put_setting(state_setting(participant_.id), print_progress(progress_));
        });
        if (view_.state != RecordView::State::good && view_.state != before)
            node_.log(
                "record of a participant",
                {{"participant", participant_.id.str()},
                 {"state", std::string(state_words.at(static_cast<std::size_t>(view_.state)))},
                 {"problem", view_.problem.text()}});
        return read_;
    }

private:
    void end(RecordView::State state, Said problem, Bytes other = {}) {
        view_.state = state;
        view_.problem = std::move(problem);
        view_.other = std::move(other);
    }

    // A file of the record; nothing when it is not there or nobody answers.
    std::optional<Bytes> get(const std::string& path, std::size_t most) {
        if (participant_.id == node_.self()) return node_.files().read("record/" + path);
        Said problem;
        auto answer =
            node_.peers().call(participant_.id, {"GET", "/record/" + path, {}, {}, ""}, problem);
        if (!answer || answer->status != 200 || answer->body.size() > most) return std::nullopt;
        return std::move(answer->body);
    }

    void look() {
        const auto note = get("checkpoint", limits::note_bytes);
        if (!note) return end(RecordView::State::away, say("it does not show its checkpoint"));
        const auto opened = record::open_checkpoint(*note, key_);
        if (!opened)
            return end(RecordView::State::wrong, say("its checkpoint: {}", opened.error().facts));
        const auto& now = opened->checkpoint;
        const auto& old = view_.checkpoint;
        if (now.size < old.size)
            return end(
                RecordView::State::wrong,
                say("it went back from {} leaves to {}", old.size, now.size), *note);
        if (now.size == old.size && !view_.note.empty()) {
            if (now.root != old.root)
                return end(
                    RecordView::State::wrong,
                    say("two checkpoints over {} leaves have different roots", now.size), *note);
            view_.read = node_.now();
            return;
        }
        if (!read_to(now, *note)) return;
        if (progress_.frontier.size() < now.size) return; // the next visit goes on
        if (progress_.frontier.root() != now.root) {
            begin_again();
            return end(
                RecordView::State::wrong,
                say("its {} leaves do not give the root that it signed", now.size), *note);
        }
        view_.checkpoint = now;
        view_.note = *note;
        view_.read = node_.now();
        view_.open.clear();
        for (const auto& [index, item] : progress_.obligations.open())
            ++view_.open[{item.duty, item.day}];
        if (!fault_.empty()) end(RecordView::State::wrong, fault_);
    }

    // From the first leaf the next time: it may have been a file that was cut short. That the
    // leaves give the root known before is asked again then.
    void begin_again() {
        progress_ = {};
        moved_ = true;
    }

    // False when a file is missing, and what was read so far stays; or when the leaves are others
    // than those that were read before.
    bool read_to(const record::Checkpoint& now, const Bytes& note) {
        for (std::size_t bundles = 0;
             progress_.frontier.size() < now.size && bundles < limits::watched_bundles; ++bundles) {
            const std::uint64_t index = progress_.frontier.size() / record::tile_width;
            const std::uint64_t begin = index * record::tile_width;
            const auto width = static_cast<unsigned>(
                std::min<std::uint64_t>(record::tile_width, now.size - begin));
            TileId id{TileId::Kind::entries, 0, index, width};
            constexpr std::size_t most = record::tile_width * (limits::record_entry_bytes + 2);
            auto bundle = get(id.path(), most);
            if (!bundle && !id.is_full()) {
                id.width = record::tile_width; // the partial one may be gone when it is full
                bundle = get(id.path(), most);
            }
            if (!bundle) {
                end(RecordView::State::away, say("it does not show {}", id.path()));
                return false;
            }
            if (!take(*bundle, begin, width)) {
                end(RecordView::State::wrong, say("{} does not hold {} entries", id.path(), width));
                return false;
            }
            if (rewritten_) {
                begin_again();
                end(RecordView::State::wrong,
                    say("its first {} leaves are not what they were", view_.checkpoint.size), note);
                return false;
            }
        }
        return true;
    }

    bool take(BytesView bundle, std::uint64_t begin, unsigned width) {
        for (unsigned i = 0; i < width; ++i) {
            if (bundle.size() < 2) return false;
            const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0])) << 8 |
                              static_cast<unsigned char>(bundle[1]);
            if (bundle.size() - 2 < size) return false;
            const auto entry = bundle.substr(2, size);
            bundle.remove_prefix(2 + size);
            if (begin + i < progress_.frontier.size()) continue;
            fold(begin + i, entry);
            progress_.frontier.append(crypto::merkle_leaf(entry));
            if (!view_.note.empty() && progress_.frontier.size() == view_.checkpoint.size &&
                progress_.frontier.root() != view_.checkpoint.root)
                rewritten_ = true;
            moved_ = true;
            ++read_;
        }
        return true;
    }

    // A leaf of a kind that this program does not know is for a newer one; one that breaks a rule
    // is a fault of the record, and is said.
    void fold(std::uint64_t index, BytesView entry) {
        const auto leaf = record::Leaf::parse(entry);
        if (!leaf) {
            if (leaf.error().code != Code::leaf_unknown && fault_.empty())
                fault_ = say("leaf {}: {}", index, leaf.error().facts);
            return;
        }
        if (const auto added = progress_.obligations.add(index, *leaf); !added && fault_.empty())
            fault_ = added.error().facts;
    }

    Node& node_;
    const directory::Participant& participant_;
    record::VerifierKey key_;
    RecordView view_;
    Progress progress_;
    bool known_ = false;
    bool moved_ = false;
    bool rewritten_ = false;
    Said fault_;
    std::size_t read_ = 0;
};

} // namespace

std::size_t watch_records(Node& node) {
    const auto directory = node.directory();
    if (!directory) return 0;
    std::size_t out = 0;
    for (const auto& participant : (*directory)->participants())
        if (auto key = record::VerifierKey::parse(participant.record.vkey))
            out += Visit(node, participant, std::move(*key)).run();
    return out;
}

std::size_t watch_record(Node& node, const ParticipantId& id) {
    const auto directory = node.directory();
    const auto* participant = directory ? (*directory)->find(id) : nullptr;
    if (!participant) return 0;
    auto key = record::VerifierKey::parse(participant->record.vkey);
    return key ? Visit(node, *participant, std::move(*key)).run() : 0;
}

std::vector<RecordView> watched_records(Node& node) {
    std::vector<RecordView> out;
    const auto directory = node.directory();
    if (!directory) return out;
    node.store().read([&](StoreReader& reader) {
        for (const auto& participant : (*directory)->participants()) {
            const auto key = record::VerifierKey::parse(participant.record.vkey);
            const auto stored = reader.setting(view_setting(participant.id));
            if (key && stored) out.push_back(read_view(participant, *stored, *key));
        }
    });
    return out;
}

std::vector<Overdue> overdue(const std::vector<RecordView>& views, Instant today) {
    const Instant day = std::chrono::floor<std::chrono::days>(today);
    std::map<std::pair<std::string, record::Duty>, Overdue> found;
    std::map<std::string, std::map<std::string, Bytes>> checkpoints; // by country and origin
    for (const auto& view : views) {
        if (view.note.empty()) continue;
        checkpoints[view.country][view.checkpoint.origin] = view.checkpoint.text();
        for (const auto& [what, count] : view.open) {
            const auto& [duty, last] = what;
            if (last >= day) continue;
            auto& row = found[{view.country, duty}];
            if (row.count == 0 || last < row.oldest) row.oldest = last;
            row.count += count;
        }
    }
    std::vector<Overdue> out;
    for (auto& [what, row] : found) {
        row.country = what.first;
        row.duty = what.second;
        Bytes all;
        for (const auto& [origin, text] : checkpoints.at(row.country))
            all += text;
        row.commitment = crypto::sha256(all);
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace comity::node
